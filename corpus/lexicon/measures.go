package lexicon

import (
	"sort"
)

// maxLook is how many mentions away a quantity looks for what it measures.
const maxLook = 64

// firstOfSpan is the first of the mentions on one span: an ambiguous term has
// several.
func firstOfSpan(mentions []Mention, i int) *Mention {
	for i > 0 && mentions[i-1].Span == mentions[i].Span && !mentions[i-1].Nested {
		i--
	}
	return &mentions[i]
}

// counted is how many bytes behind a bare number the thing it counts may begin.
const counted = 12

// measures is the concept a quantity is about: the nearest one before it in the
// same sentence, else the nearest after it; a bare number counts what follows
// it closely ("two exits"). Concepts inside the words of a
// bound, and nested ones while another is there, do not count (own rule).
func (m *measuring) measures(a amount, span Span, mentions []Mention) ConceptID {
	if a.first > a.last || a.first >= len(m.t.tokens) {
		return ""
	}
	s := m.t.sentences[m.t.tokens[a.first].sentence]
	sentence := m.t.folded.Span(s.Start, s.End)
	at := sort.Search(len(mentions), func(i int) bool { return mentions[i].Span.Start >= span.Start })
	var before, after *Mention
	for i := at - 1; i >= max(0, at-maxLook) && before == nil; i-- {
		if c := &mentions[i]; !c.Nested && c.Span.Start >= sentence.Start && c.Span.End <= span.Start && !m.inBound(c.Span) {
			before = firstOfSpan(mentions, i)
		}
	}
	for i := at; i < min(len(mentions), at+maxLook) && after == nil; i++ {
		if c := &mentions[i]; !c.Nested && c.Span.Start >= span.End && c.Span.End <= sentence.End && !m.inBound(c.Span) {
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

// boundWords are the spans of all comparisons, negations and the like; mere
// fillers say nothing.
func (m *measuring) boundWords() []Span {
	var out []Span
	for _, h := range m.t.hits {
		for _, r := range h.refs {
			if r.kind == phraseBound && m.lex.bounds[r.row].place != placeFiller && m.lex.bounds[r.row].place != placeBetween {
				out = append(out, m.t.folded.Span(m.t.tokens[h.first].start, m.t.tokens[h.last].end))
				break
			}
		}
	}
	return out
}
