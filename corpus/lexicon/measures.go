package lexicon

import (
	"cmp"
	"io/fs"
	"slices"
	"sort"
	"strings"

	"concord/corpus"
)

// maxLook is how many mentions away a quantity looks for what it measures.
const maxLook = 64

// dimensionPersons is the dimension of counts of people. Its unit says already
// what is counted, so such a quantity is about people and about nothing else
// that happens to stand near.
const dimensionPersons = "persons"

// CountOfPersons is what a count of people measures whose text does not say who
// they are.
const CountOfPersons ConceptID = "number-of-persons"

// What the table of measured concepts says beside the names of dimensions.
const (
	measuredAny   = "any"   // whatever a thing can have
	measuredCount = "count" // it can be counted, and nothing else
)

// loadMeasured reads which dimensions a concept can be measured in. A term of a
// field without a row may be measured in any but persons. A word of the general
// vocabulary without one is never measured: most are actions, qualities, degrees
// and orders, such as necessary, minimum and next, so those that are measured are
// listed.
func (lex *Lexicon) loadMeasured(fsys fs.FS) error {
	t, err := readTable(fsys, "data/measured.tsv", "concept", "dimensions", "source")
	if err != nil {
		return err
	}
	lex.measured = make(map[ConceptID][]string, len(t.rows))
	for _, r := range t.rows {
		id := ConceptID(r.cells[0])
		if _, known := lex.concepts[id]; !known || lex.measured[id] != nil {
			return r.bad("write a concept of the term tables, once", "the concept %q is not known or has a row already", id)
		}
		for _, name := range strings.Split(r.cells[1], "|") {
			if name != measuredAny && name != measuredCount && !lex.units.named(name) {
				return r.bad("use a dimension of dimensions.tsv, any or count", "the dimension %q is not known", name)
			}
			lex.measured[id] = append(lex.measured[id], name)
		}
	}
	for id, c := range lex.concepts {
		if c.Domain == "general" && lex.measured[id] == nil {
			lex.measured[id] = []string{}
		}
	}
	return nil
}

// Fits tells whether a concept can be what a quantity of a dimension measures: a
// width is no number of persons, and a door is none either; what can be measured
// at all can be counted and have a part, and "necessary" can not.
func (lex *Lexicon) Fits(id ConceptID, dimension string) bool {
	dims := lex.measured[id]
	switch {
	case dims != nil && len(dims) == 0:
		return false
	case dimension == "count":
		return true
	case dimension == "ratio":
		return len(dims) == 0 || dims[0] != measuredCount
	case dims != nil && dims[0] != measuredAny:
		return slices.Contains(dims, dimension)
	}
	return dimension != dimensionPersons
}

// Names tells whether a concept names a quantity of a dimension: a width is a
// length, and a door, which may have one, is none.
func (lex *Lexicon) Names(id ConceptID, dimension string) bool {
	return slices.Contains(lex.measured[id], dimension)
}

// firstThatFits is the first of the mentions on the span of one that fits: an
// ambiguous term has several.
func (m *measuring) firstThatFits(mentions []Mention, i int, dimension string) *Mention {
	best := i
	for i > 0 && mentions[i-1].Span == mentions[i].Span && !mentions[i-1].Nested {
		if i--; m.lex.Fits(mentions[i].Concept, dimension) {
			best = i
		}
	}
	return &mentions[best]
}

// counted is how many bytes behind a bare number the thing it counts may begin.
const counted = 12

// measures is the concept a quantity is about: the nearest one before it in the
// same sentence, else the nearest after it; a bare number counts what follows
// it closely ("two exits"). Concepts inside the words of a bound, nested ones
// while another is there, and those that cannot be measured in the dimension do
// not count (own rule).
func (m *measuring) measures(a amount, span Span, dimension string, mentions []Mention) ConceptID {
	if a.first > a.last || a.first >= len(m.t.tokens) {
		return ""
	}
	s := m.t.sentences[m.t.tokens[a.first].sentence]
	sentence := m.t.folded.Span(s.Start, s.End)
	at := sort.Search(len(mentions), func(i int) bool { return mentions[i].Span.Start >= span.Start })
	var before, after *Mention
	for i := at - 1; i >= max(0, at-maxLook) && before == nil; i-- {
		if c := &mentions[i]; !c.Nested && c.Span.Start >= sentence.Start && c.Span.End <= span.Start && m.lex.Fits(c.Concept, dimension) && !m.inBound(c.Span) {
			before = m.firstThatFits(mentions, i, dimension)
		}
	}
	for i := at; i < min(len(mentions), at+maxLook) && after == nil; i++ {
		if c := &mentions[i]; !c.Nested && c.Span.Start >= span.End && c.Span.End <= sentence.End && m.lex.Fits(c.Concept, dimension) && !m.inBound(c.Span) {
			after = c
		}
	}
	switch {
	case after != nil && !a.hasUnit && after.Span.Start-span.End <= counted:
		return after.Concept
	case before != nil:
		return before.Concept
	case after != nil:
		return after.Concept
	case dimension == dimensionPersons:
		return CountOfPersons
	}
	return ""
}

// inBound tells whether a span lies in the words of a bound.
func (m *measuring) inBound(s Span) bool {
	at := sort.Search(len(m.worded), func(i int) bool { return m.worded[i].Start > s.Start })
	for i := at - 1; i >= max(0, at-16); i-- {
		if s.End <= m.worded[i].End {
			return true
		}
	}
	return false
}

// boundWords are the spans of all comparisons, negations and the like, where other
// words stand between them those of the first and the last; mere
// fillers say nothing.
func (m *measuring) boundWords() []Span {
	var out []Span
	tokens := m.t.tokens
	for _, h := range m.t.hits {
		for _, r := range h.refs {
			if r.kind != phraseBound || m.lex.bounds[r.row].place == placeFiller || m.lex.bounds[r.row].place == placeBetween {
				continue
			}
			first := h.last
			if m.lex.bounds[r.row].gapped {
				first = h.first
				out = append(out, m.t.folded.Span(tokens[h.last].start, tokens[h.last].end))
			}
			out = append(out, m.t.folded.Span(tokens[h.first].start, tokens[first].end))
			break
		}
	}
	corpus.SortRows(out, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	return out
}
