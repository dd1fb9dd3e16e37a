package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"concord/corpus"
)

// A document for people has several tables of the same items. It is written in one
// going through them, so that all tables tell one state: the rows of each table wait in
// a file of their own until what stands around them is known, and no more of them is
// held than a page.

// spoolPage is how many items are made into rows at once.
const spoolPage = 100

// tally counts what a document says of all its items.
type tally struct{ pairs, waiting, gapsA, gapsB, unrelated, uncompared int }

// tallied counts the items that are held, or is what was counted of those that are not.
func (s Set) tallied() tally {
	if s.counted != nil {
		return *s.counted
	}
	return tally{len(s.pairs()), len(s.Waiting), len(s.gaps(false)), len(s.gaps(true)), s.unrelated(), s.uncompared()}
}

// and adds the counts of more items.
func (t tally) and(o tally) tally {
	return tally{t.pairs + o.pairs, t.waiting + o.waiting, t.gapsA + o.gapsA, t.gapsB + o.gapsB, t.unrelated + o.unrelated, t.uncompared + o.uncompared}
}

// gaps are those asked from one side.
func (t tally) gaps(fromB bool) int {
	if fromB {
		return t.gapsB
	}
	return t.gapsA
}

// spooled is the sign in a table's place that its rows are in files; no text of a
// document holds such a character (clean).
func spooled(place string) string { return "\x00" + place + "\x00" }

// spool keeps what is written of tables in one file, each part of them in pieces: the
// first part of a table may grow after the next has begun.
type spool struct {
	file  *os.File
	to    *bufio.Writer
	size  int64
	parts map[string]*spoolPart
}

// spoolPart is a part of a table: where its pieces begin and end, and its rows.
type spoolPart struct {
	pieces [][2]int64
	rows   int
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "concord-export-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // it stays until it is closed; where that is not so, close drops it
	return &spool{file: f, to: bufio.NewWriterSize(f, 64<<10), parts: map[string]*spoolPart{}}, nil
}

// Write adds to the piece that is being written.
func (p *spool) Write(b []byte) (int, error) {
	p.size += int64(len(b))
	return p.to.Write(b)
}

// add writes a piece of so many rows to the n-th part of a table.
func (p *spool) add(place string, n, rows int, write func(io.Writer) error) error {
	from := p.size
	if err := write(p); err != nil {
		return err
	}
	name := partName(place, n)
	part := p.parts[name]
	if part == nil {
		part = &spoolPart{}
		p.parts[name] = part
	}
	part.rows += rows
	if last := len(part.pieces) - 1; last >= 0 && part.pieces[last][1] == from {
		part.pieces[last][1] = p.size
	} else {
		part.pieces = append(part.pieces, [2]int64{from, p.size})
	}
	return nil
}

func partName(place string, n int) string { return fmt.Sprintf("%s.%d", place, n) }

// parts is how many parts a table may have: the record lists pairs, then the gaps of
// each side.
const parts = 3

// write writes a document around the rows, each table's in its place.
func (p *spool) write(w io.Writer, document string) error {
	for n, piece := range strings.Split(document, "\x00") {
		if n%2 == 0 {
			if err := writeString(w, piece); err != nil {
				return err
			}
			continue
		}
		err := p.read(piece, func(r io.Reader) error {
			_, err := io.Copy(w, r)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// read hands over the pieces of a table in the order of its parts.
func (p *spool) read(place string, each func(io.Reader) error) error {
	if err := p.to.Flush(); err != nil {
		return err
	}
	for k := range parts {
		part := p.parts[partName(place, k)]
		if part == nil {
			continue
		}
		for _, piece := range part.pieces {
			if err := each(io.NewSectionReader(p.file, piece[0], piece[1]-piece[0])); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepRows writes rows as they are read back by each: a line of JSON for a row, a cell
// its number, or its language and text.
func keepRows(w io.Writer, _ report, t table) error {
	out := json.NewEncoder(w)
	for _, row := range t.rows {
		cells := make([][]string, len(row))
		for n, c := range row {
			switch {
			case c.number != nil:
				cells[n] = []string{strconv.FormatFloat(*c.number, 'g', -1, 64)}
			case len(c.texts) > 0:
				cells[n] = []string{string(c.texts[0].lang), c.String()}
			}
		}
		if err := out.Encode(cells); err != nil {
			return err
		}
	}
	return nil
}

// count is how many rows a table has, in files too; a spool of nil has none.
func (p *spool) count(t table) int {
	n := len(t.rows)
	if p == nil || !t.spooled {
		return n
	}
	for k := range parts {
		if part := p.parts[partName(t.place(), k)]; part != nil {
			n += part.rows
		}
	}
	return n
}

// each hands over the rows of a table, then those that keepRows wrote.
func (p *spool) each(t table, each func([]cell) error) error {
	for _, row := range t.rows {
		if err := each(row); err != nil {
			return err
		}
	}
	if !t.spooled {
		return nil
	}
	return p.read(t.place(), func(r io.Reader) error {
		in := json.NewDecoder(r)
		for in.More() {
			var cells [][]string
			if err := in.Decode(&cells); err != nil {
				return err
			}
			row := make([]cell, len(cells))
			for n, c := range cells {
				switch len(c) {
				case 1:
					v, err := strconv.ParseFloat(c[0], 64)
					if err != nil {
						return err
					}
					row[n].number = &v
				case 2:
					row[n].texts = []text{{s: c[1], lang: corpus.Language(c[0])}}
				}
			}
			if err := each(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// close drops the file.
func (p *spool) close() {
	_ = p.file.Close() // nothing in it is wanted any more
	_ = os.Remove(p.file.Name())
}

// gone goes once through the rows of a Set: each page of them is made into a report
// whose rows are written by a function. It returns the report of what stands around
// them, and the files, which the caller closes.
func (s Set) gone(d Document, made func(Set) report, rows Rows, write func(w io.Writer, r report, t table) error) (report, *spool, error) {
	p, err := newSpool()
	if err != nil {
		return report{}, nil, err
	}
	s.sums = newSums(p)
	part := s
	part.Items, part.Waiting, part.Reserved, part.kept, part.paging = nil, nil, nil, nil, true
	var all tally
	flush := func() error {
		part.before = all
		if err := p.addTables(part.arranged(d, made(part)), write); err != nil {
			return err
		}
		all = all.and(part.tallied())
		part.Items, part.Waiting = part.Items[:0], part.Waiting[:0]
		return nil
	}
	err = rows(func(i Item) error {
		part.put(i)
		if len(part.Items)+len(part.Waiting) < spoolPage {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		p.close()
		return report{}, nil, err
	}
	s.Items, s.Waiting, s.counted, s.kept = nil, nil, &all, p
	r := s.arranged(d, made(s))
	for n := range r.tables {
		t := &r.tables[n]
		if err := p.addLater(*t, r, write); err != nil {
			p.close()
			return report{}, nil, err
		}
		if t.spooled = s.holds(t.place()); t.spooled || len(t.rows) <= spoolPage {
			continue
		}
		if err := p.addRows(*t, 0, 0, len(t.rows), r, write); err != nil {
			p.close()
			return report{}, nil, err
		}
		t.rows, t.spooled = nil, true
	}
	return r, p, nil
}

// addTables writes the rows of a page of items.
func (p *spool) addTables(r report, write func(io.Writer, report, table) error) error {
	for _, t := range r.tables {
		if t.whole {
			continue
		}
		from := 0
		for k, to := range append(t.ends[:len(t.ends):len(t.ends)], len(t.rows)) {
			if err := p.addRows(t, k, from, to, r, write); err != nil {
				return err
			}
			from = to
		}
	}
	return nil
}

// addLater writes the rows of a table that are made one by one.
func (p *spool) addLater(t table, r report, write func(io.Writer, report, table) error) error {
	for n := 0; t.later != nil && n < t.latest; {
		t.rows = t.rows[:0]
		for ; n < t.latest && len(t.rows) < spoolPage; n++ {
			row, err := t.later(n)
			if err != nil {
				return err
			}
			t.rows = append(t.rows, t.ordered(row))
		}
		if err := p.addRows(t, 0, 0, len(t.rows), r, write); err != nil {
			return err
		}
	}
	return nil
}

// addRows writes some rows of a table to its n-th part, a page at a time.
func (p *spool) addRows(t table, n, from, to int, r report, write func(io.Writer, report, table) error) error {
	for ; from < to; from += spoolPage {
		some := t
		some.rows = t.rows[from:min(from+spoolPage, to)]
		err := p.add(t.place(), n, len(some.rows), func(w io.Writer) error { return write(w, r, some) })
		if err != nil {
			return err
		}
	}
	return nil
}

// holds tells whether rows of a table are in files.
func (s Set) holds(place string) bool {
	for k := range parts {
		if s.kept != nil && s.kept.parts[partName(place, k)] != nil {
			return true
		}
	}
	return false
}

// pageLines writes a document as a page for browsers, of items that come one by one.
func pageLines(d Document, made func(Set) report) func(io.Writer, Set, Rows) error {
	return func(w io.Writer, s Set, rows Rows) error {
		parsed, err := htmlTemplate()
		if err != nil {
			return err
		}
		r, p, err := s.gone(d, made, rows, func(w io.Writer, r report, t table) error {
			return parsed.ExecuteTemplate(w, "rows", r.htmlTable(t))
		})
		if err != nil {
			return err
		}
		defer p.close()
		var frame bytes.Buffer
		if err := writeHTML(&frame, r); err != nil {
			return err
		}
		if err := p.write(w, frame.String()); err != nil {
			return fmt.Errorf("write HTML: %w", err)
		}
		return nil
	}
}

// wordLines writes a document for word processors, of items that come one by one.
func wordLines(d Document, made func(Set) report) func(io.Writer, Set, Rows) error {
	return func(w io.Writer, s Set, rows Rows) error {
		r, p, err := s.gone(d, made, rows, func(w io.Writer, r report, t table) error {
			d := r.docx()
			d.rows(t)
			return writeString(w, d.b.String())
		})
		if err != nil {
			return err
		}
		defer p.close()
		return packDOCX(w, r, p.write)
	}
}
