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
	"concord/matcher"
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
func spooled(key string) string { return "\x00" + key + "\x00" }

// spool keeps the rows of tables in files: some of a table, since its first part may
// grow after the next has begun.
type spool struct {
	folder string
	files  map[string]*spoolFile
}

type spoolFile struct {
	*os.File
	to   *bufio.Writer
	rows int
}

// part is the file of a part of a table.
func (p *spool) part(key string, n int) (*spoolFile, error) {
	if f := p.there(key, n); f != nil {
		return f, nil
	}
	f, err := os.CreateTemp(p.folder, "rows")
	if err != nil {
		return nil, err
	}
	made := &spoolFile{f, bufio.NewWriter(f), 0}
	p.files[partName(key, n)] = made
	return made, nil
}

// there is the file of a part of a table, nil where nothing was written.
func (p *spool) there(key string, n int) *spoolFile { return p.files[partName(key, n)] }

func partName(key string, n int) string { return fmt.Sprintf("%s.%d", key, n) }

// parts is how many parts a table may have: the record lists pairs, then the gaps of
// each side.
const parts = 3

// write writes a document around the rows, each table's in its place.
func (p *spool) write(w io.Writer, document string) error {
	for n, piece := range strings.Split(document, "\x00") {
		if n%2 == 0 {
			if _, err := io.WriteString(w, piece); err != nil {
				return err
			}
			continue
		}
		err := p.read(piece, func(f *spoolFile) error {
			_, err := io.Copy(w, f)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// read hands over the parts of a table, each from its beginning.
func (p *spool) read(key string, each func(*spoolFile) error) error {
	for k := range parts {
		f := p.there(key, k)
		if f == nil {
			continue
		}
		if err := f.to.Flush(); err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := each(f); err != nil {
			return err
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
		if f := p.there(t.key, k); f != nil {
			n += f.rows
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
	return p.read(t.key, func(f *spoolFile) error {
		in := json.NewDecoder(f)
		for range f.rows {
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

// close drops the files.
func (p *spool) close() {
	for _, f := range p.files {
		_ = f.Close() // nothing in it is wanted any more
	}
	_ = os.RemoveAll(p.folder)
}

// gone goes once through the rows of a Set: each page of them is made into a report
// whose rows are written by a function. It returns the report of what stands around
// them, and the files, which the caller closes.
func (s Set) gone(d Document, made func(Set) report, rows Rows, write func(w io.Writer, r report, t table) error) (report, *spool, error) {
	folder, err := os.MkdirTemp("", "concord-export-")
	if err != nil {
		return report{}, nil, err
	}
	p := &spool{folder, map[string]*spoolFile{}}
	part := s
	part.Items, part.Waiting, part.Reserved, part.kept = nil, nil, nil, nil
	var all tally
	flush := func() error {
		part.before = all
		if err := part.spoolInto(p, part.arranged(d, made(part)), write); err != nil {
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
	s.Items, s.Waiting, s.counted, s.kept = nil, nil, &all, p.files
	return s.arranged(d, made(s)), p, nil
}

// spoolInto writes the rows of a page into their files.
func (s Set) spoolInto(p *spool, r report, write func(io.Writer, report, table) error) error {
	n := s.tallied()
	for _, t := range r.tables {
		ends := []int{len(t.rows)}
		switch t.key {
		case "about", "open":
			continue // of the whole
		case "record":
			ends = []int{n.pairs + n.waiting, n.pairs + n.waiting + n.gapsA, len(t.rows)}
		}
		from := 0
		for k, to := range ends {
			if from == to {
				continue
			}
			f, err := p.part(t.key, k)
			if err != nil {
				return err
			}
			some := t
			some.rows = t.rows[from:to]
			f.rows += len(some.rows)
			if err := write(f.to, r, some); err != nil {
				return err
			}
			from = to
		}
	}
	return nil
}

// holds tells whether rows of a table are in files.
func (s Set) holds(key string) bool {
	for k := range parts {
		if s.kept[partName(key, k)] != nil {
			return true
		}
	}
	return false
}

// htmlLines is HTML of items that come one by one.
func htmlLines(w io.Writer, s Set, rows Rows) error {
	parsed, err := htmlTemplate()
	if err != nil {
		return err
	}
	r, p, err := s.gone(DocumentReport, Set.document, rows, func(w io.Writer, r report, t table) error {
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

// docxLines is DOCX of items that come one by one. Into a letterhead, which is a
// document of somebody else with places to fill, all of them are put at once.
func docxLines(w io.Writer, s Set, rows Rows) error {
	if t := s.Options.Template; t != nil && t.letterhead != nil {
		err := rows(func(i Item) error {
			s.put(i)
			return nil
		})
		if err != nil {
			return err
		}
		return DOCX(w, s)
	}
	r, p, err := s.gone(DocumentReport, Set.document, rows, func(w io.Writer, r report, t table) error {
		d := docx{report: r, width: lineWidth}
		d.rows(t)
		_, err := io.WriteString(w, d.b.String())
		return err
	})
	if err != nil {
		return err
	}
	defer p.close()
	return packDOCX(w, r, p.write)
}

// leanly writes a format that orders all items anew, of items that come one by one. It
// holds what they relate and who decided, and none of their texts but headings.
func leanly(write func(io.Writer, Set) error) func(io.Writer, Set, Rows) error {
	return func(w io.Writer, s Set, rows Rows) error {
		err := rows(func(i Item) error {
			for _, side := range [][]corpus.Clause{i.Sources, i.Targets} {
				for n, c := range side {
					side[n] = corpus.Clause{ID: c.ID, Standard: c.Standard, Label: strings.Clone(c.Label), Heading: strings.Clone(c.Heading), Language: c.Language}
				}
			}
			if i.Differences != nil { // that they were compared is counted
				i.Differences = []matcher.Difference{}
			}
			s.Items = append(s.Items, i)
			return nil
		})
		if err != nil {
			return err
		}
		return write(w, s)
	}
}
