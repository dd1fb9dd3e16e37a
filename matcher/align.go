package matcher

import (
	"cmp"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// The kinds of alignment.
const (
	AlignConcept  = "concept"
	AlignWord     = "word"
	AlignCitation = "citation"
)

// maxAlignments is how many places are paired: more cannot be told apart on a
// page.
const maxAlignments = 60

// alignments pairs places of both texts that say the same: concepts first, then
// citations, then words and names outside of them. The first occurrence of a
// thing goes with the first on the other side, the second with the second. They
// are numbered by where they stand in the source.
func (c *comparison) alignments() []Alignment {
	var used covered
	var out []Alignment
	for i, m := range c.a.reading.Concepts {
		if m.Nested {
			continue
		}
		if j := c.freeConcept(&used, i); j >= 0 {
			out = append(out, used.take(AlignConcept, m.Concept, m.Span, c.b.reading.Concepts[j].Span))
		}
	}
	for _, x := range c.a.reading.Citations {
		for _, y := range c.b.reading.Citations {
			if x.Designation != "" && x.Designation == y.Designation && used.free(x.Span, y.Span) {
				out = append(out, used.take(AlignCitation, "", x.Span, y.Span))
			}
		}
	}
	for _, spots := range [][2][]spot{{c.a.facts.tokens, c.b.facts.tokens}, {c.a.facts.words, c.b.facts.words}} {
		for _, x := range spots[0] {
			for _, y := range spots[1] {
				if x.id == y.id && used.free(x.span(), y.span()) {
					out = append(out, used.take(AlignWord, "", x.span(), y.span()))
					break
				}
			}
		}
	}
	corpus.SortRows(out, func(x, y Alignment) int {
		return cmp.Or(cmp.Compare(x.Source.Start, y.Source.Start), cmp.Compare(x.Target.Start, y.Target.Start))
	})
	return out[:min(len(out), maxAlignments)]
}

// freeConcept finds the first mention on the target's side of the concept that
// the source mentions at i, with both places free; -1 for none.
func (c *comparison) freeConcept(used *covered, i int) int {
	for j, m := range c.b.reading.Concepts {
		if !m.Nested && c.a.facts.mentions[i].id == c.b.facts.mentions[j].id && used.free(c.a.reading.Concepts[i].Span, m.Span) {
			return j
		}
	}
	return -1
}

// covered remembers which places are paired already.
type covered struct{ source, target []lexicon.Span }

func (u *covered) free(source, target lexicon.Span) bool {
	return !touches(u.source, source) && !touches(u.target, target)
}

func touches(all []lexicon.Span, s lexicon.Span) bool {
	for _, x := range all {
		if s.Start < x.End && x.Start < s.End {
			return true
		}
	}
	return false
}

func (u *covered) take(kind string, concept lexicon.ConceptID, source, target lexicon.Span) Alignment {
	u.source, u.target = append(u.source, source), append(u.target, target)
	return Alignment{Kind: kind, Concept: concept, Source: source, Target: target}
}
