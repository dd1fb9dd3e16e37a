package staging

import "concord/corpus"

// SourceSheet is a part of a source that is shown at once: a printed page, or some
// lines.
type SourceSheet struct {
	First int // line of the source, from 1
	Lines []corpus.SourceLine
}

// sheetLines is how many lines a sheet has where there are no pages (our own choice:
// some screens).
const sheetLines = 120

// SourceSheets cuts a source into sheets.
func SourceSheets(s *corpus.Source) []SourceSheet {
	var out []SourceSheet
	for i, l := range s.Lines {
		n := len(out)
		if n == 0 || l.Box.Page != s.Lines[i-1].Box.Page || l.Box.Page == 0 && len(out[n-1].Lines) == sheetLines {
			out = append(out, SourceSheet{First: i + 1})
			n++
		}
		out[n-1].Lines = append(out[n-1].Lines, l)
	}
	return out
}

// Place is where a clause stands in the source; the zero value is nowhere. A clause
// that a correction made stands where those stand that it was made of.
func (s *Sheet) Place(r Row) corpus.SourceSpan { return s.places[r.Read] }

// At finds the clauses that stand on a line of the source.
func (s *Sheet) At(line int) []Row {
	var out []Row
	for _, r := range s.Rows {
		if s.Place(r).Holds(line) {
			out = append(out, r)
		}
	}
	return out
}

// joined is what a merged clause was read as: the first of the two, which then stands
// where both do.
func (s *Sheet) joined(first, second string) string {
	a, b := s.places[first], s.places[second]
	if b.IsZero() || a == b {
		return first
	}
	if a.IsZero() {
		a = b
	}
	key := first + "+" + second // no key of a reader's: of the places alone
	s.places[key] = corpus.SourceSpan{From: min(a.From, b.From), To: max(a.To, b.To)}
	return key
}

// SourceBytes is about how much room a source takes.
func SourceBytes(s *corpus.Source) int {
	n := 0
	if s != nil {
		for _, l := range s.Lines {
			n += len(l.Text) + 60
		}
	}
	return n
}

// Kept is what is kept of the file that an import was read from.
type Kept struct {
	Bytes int   // of the file, 0 where it is not kept
	Pages []int // with a picture, from 1
}
