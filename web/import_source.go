package web

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
)

// sourceView is the source of an import beside its clauses: the sheet that was asked
// for with those around it.
type sourceView struct {
	Form     corpus.SourceForm
	Language corpus.Language
	Cut      bool
	Sheets   []sourceSheet
	Prev     string // address of the sheets before, "" for none
	Next     string
	Nowhere  bool      // the clause that is open stands nowhere
	ID       uuid.UUID // of the import
	Token    string
	Pictured bool   // pages are shown as pictures
	Draw     []int  // pages of which pictures can be asked for
	Back     string // address of this place, to come back to
	Other    string // address of this place as pictures, or as text; "" where there is no choice
}

// sourceSheet is a printed page, or some lines.
type sourceSheet struct {
	Page          int // printed, 0 for lines
	Width, Height float64
	Picture       string // address, "" where the text is shown
	Lines         []sourceLine
}

// sourceLine is one line with what stands on it.
type sourceLine struct {
	corpus.SourceLine
	N      int  // in the source, from 1
	First  bool // opens its part
	Pieces []Piece
	Link   string // to the clause on it, or to itself
	Class  string // here, lost, known or ""
	Dir    string
	Start  float64 // of its text on a page, for its direction
	Top    float64 // of its box
	High   float64
}

// sourceAround is how many sheets before and after are shown with one.
const sourceAround = 1

// sourceOf lays out the source around a line; nil where none is kept.
func (s *Server) sourceOf(ctx context.Context, i staging.Import, sheet *staging.Sheet, at int, here corpus.SourceSpan) (*sourceView, error) {
	if i.Document.Source == nil || i.State != staging.Staged {
		return nil, nil
	}
	sheets, err := s.store.StagedSource(ctx, i.ID, at, sourceAround)
	if err != nil {
		return nil, fmt.Errorf("read the source: %w", err)
	}
	if len(sheets) == 0 {
		return nil, nil
	}
	source := i.Document.Source
	v := &sourceView{ID: i.ID, Form: source.Form, Language: sheet.Standard.Language, Cut: source.Cut}
	first, last := sheets[0].First, 0
	for _, sh := range sheets {
		last = sh.First + len(sh.Lines) - 1
	}
	if first > 1 {
		v.Prev = sourceLink(i.ID, first-1, "source")
	}
	if last < source.Count {
		v.Next = sourceLink(i.ID, last+1, "source")
	}
	marks := newSourceMarks(sheet, first, last)
	part := ""
	for _, sh := range sheets {
		out := sourceSheet{Page: sh.Lines[0].Box.Page, Width: sh.Lines[0].Box.Width, Height: sh.Lines[0].Box.Height}
		for n, l := range sh.Lines {
			row := marks.line(i.ID, sh.First+n, l, here.Holds(sh.First+n))
			row.First = l.Part != part
			part = l.Part
			out.Lines = append(out.Lines, row)
		}
		v.Sheets = append(v.Sheets, out)
	}
	return v, nil
}

// sourceLink is the address of the screen at a line of the source.
func sourceLink(id uuid.UUID, line int, anchor string) string {
	return fmt.Sprintf("/imports/%s?at=%d#%s", id, line, anchor)
}

// sourceMarks says which clause stands on each line of a window, and which became
// none.
type sourceMarks struct {
	first int
	key   []string
	lost  []bool
}

func newSourceMarks(sheet *staging.Sheet, first, last int) sourceMarks {
	m := sourceMarks{first, make([]string, last-first+1), make([]bool, last-first+1)}
	for _, r := range sheet.Rows {
		p := sheet.Place(r)
		for n := max(p.From, first); !p.IsZero() && n <= min(p.To, last); n++ {
			if m.key[n-first] == "" || n == p.From {
				m.key[n-first] = r.ID.Key()
			}
		}
	}
	for _, p := range sheet.Document().Problems {
		for n := max(p.Source.From, first); p.Kind == corpus.ProblemNotRead && !p.Source.IsZero() && n <= min(p.Source.To, last); n++ {
			m.lost[n-first] = true
		}
	}
	return m
}

// line lays out one line.
func (m sourceMarks) line(id uuid.UUID, n int, l corpus.SourceLine, here bool) sourceLine {
	out := sourceLine{SourceLine: l, N: n, Pieces: plain(l.Text), Dir: "auto", Link: sourceLink(id, n, "s-"+strconv.Itoa(n))}
	if key := m.key[n-m.first]; key != "" {
		out.Link = fmt.Sprintf("/imports/%s?clause=%s&at=%d#edit", id, url.QueryEscape(key), n)
	}
	switch {
	case l.Known:
		out.Class = "known"
	case m.lost[n-m.first]:
		out.Class = "lost"
	}
	if here {
		out.Class += " here"
	}
	b := l.Box
	out.Start, out.Top, out.High = b.X, b.Y-b.Size, b.Size*1.3
	if out.Dir = textDirection(l.Text); out.Dir == "rtl" {
		out.Start += b.Long
	}
	return out
}

// textDirection is the direction of the first letter that has one.
func textDirection(text string) string {
	for _, r := range text {
		switch {
		case r >= 0x590 && r < 0x900 || r >= 0xfb1d && r < 0xff00:
			return "rtl"
		case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0xbf:
			return "ltr"
		}
	}
	return "ltr"
}

// Printed tells whether the sheets are pages.
func (v *sourceView) Printed() bool { return v.Form == corpus.SourcePages }
