package matcher

import (
	"slices"

	"concord/corpus/lexicon"
)

// sharedSpans finds the spots of both sides whose term the other side has too, by the
// terms of its spots.
func sharedSpans(a, b []spot, inA, inB bag) (source, target []lexicon.Span) {
	pick := func(spots []spot, other bag) (out []lexicon.Span) {
		for _, s := range spots {
			if other.has(s.id) {
				out = append(out, s.span())
			}
		}
		return joinSpans(out)
	}
	return pick(a, inB), pick(b, inA)
}

// joinSpans sorts spans and merges those that touch or overlap.
func joinSpans(spans []lexicon.Span) []lexicon.Span {
	slices.SortFunc(spans, func(a, b lexicon.Span) int { return a.Start - b.Start })
	var out []lexicon.Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

func sharedWords(c *comparison) (source, target []lexicon.Span) {
	return sharedSpans(c.a.facts.words, c.b.facts.words, c.a.wordBag, c.b.wordBag)
}

func sharedConcepts(c *comparison) (source, target []lexicon.Span) {
	return sharedSpans(c.a.facts.mentions, c.b.facts.mentions, newBag(c.a.facts.mentions), newBag(c.b.facts.mentions))
}

func sharedTokens(c *comparison) (source, target []lexicon.Span) {
	return sharedSpans(c.a.facts.tokens, c.b.facts.tokens, c.a.tokenBag, c.b.tokenBag)
}

// shownAssociation is the least strength at which a learned word pair is shown.
const shownAssociation = 0.15

// renderedWords finds the words tied by the learned table.
func renderedWords(c *comparison) (source, target []lexicon.Span) {
	if c.pair == nil {
		return nil, nil
	}
	return rendered(c.a, c.b, c.pair.table.forward), rendered(c.b, c.a, c.pair.table.backward)
}

// rendered lists the places of a's words that some word of b renders.
func rendered(a, b *view, table [][]association) []lexicon.Span {
	there := make(map[int32]bool, len(b.local))
	for _, n := range b.local {
		there[n] = true
	}
	shown := make(map[termID]bool)
	for i, n := range a.local {
		if n < 0 {
			continue
		}
		for _, as := range table[n] {
			if as.strength >= shownAssociation && there[as.other] {
				shown[a.words.terms[i].id] = true
			}
		}
	}
	var out []lexicon.Span
	for _, s := range a.facts.words {
		if shown[s.id] {
			out = append(out, s.span())
		}
	}
	return joinSpans(out)
}

// quantitiesValue compares the quantities: shared ones speak for the pair,
// quantities of the same kind that differ speak against it a little, since a
// corresponding clause often sets another limit.
func quantitiesValue(c *comparison) float64 {
	a, b := c.a.reading.Quantities, c.b.reading.Quantities
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	equal, kind := 0, 0
	for _, x := range a {
		best := 0
		for _, y := range b {
			best = max(best, likeness(x, y))
		}
		switch best {
		case 2:
			equal++
		case 1:
			kind++
		}
	}
	n := float64(max(len(a), len(b)))
	return (float64(equal) + 0.3*float64(kind)) / n
}

func quantitySpans(c *comparison) (source, target []lexicon.Span) {
	for _, x := range c.a.reading.Quantities {
		for _, y := range c.b.reading.Quantities {
			if likeness(x, y) > 0 {
				source, target = append(source, x.Span), append(target, y.Span)
			}
		}
	}
	return joinSpans(source), joinSpans(target)
}

// obligationValue is 1 for the same strongest degree of obligation, one half for
// degrees of the same direction, less what the source has in common with the
// targets in general: among clauses that all oblige, obliging says nothing, and a
// permission a lot. A side without a word of obligation is no evidence.
func obligationValue(c *comparison) float64 {
	a, b := c.a.degree, c.b.degree
	if a == "" || b == "" {
		return 0
	}
	if c.pair == nil {
		return degreesAlike(a, b)
	}
	return degreesAlike(a, b) - c.pair.usualDegree[a]
}

// degreesAlike compares two degrees of obligation.
func degreesAlike(a, b lexicon.Degree) float64 {
	switch {
	case a == b:
		return 1
	case binding(a) && binding(b):
		return 0.5
	}
	return 0
}

// usualDegree is, by degree of a source, what it has in common with the targets
// that have a word of obligation, in the mean.
func usualDegree(targets []*view) map[lexicon.Degree]float64 {
	have, all := make(map[lexicon.Degree]int), 0
	for _, v := range targets {
		if v.degree != "" {
			have[v.degree]++
			all++
		}
	}
	out := make(map[lexicon.Degree]float64)
	for a := range ranks {
		sum := 0.0
		for _, b := range sortedKeys(have) {
			sum += float64(have[b]) * degreesAlike(a, b)
		}
		out[a] = ratioOf(sum, all)
	}
	return out
}

// binding tells whether a degree binds, one way or the other.
func binding(d lexicon.Degree) bool {
	return d == lexicon.DegreeRequire || d == lexicon.DegreeProhibit
}

func obligationSpans(c *comparison) (source, target []lexicon.Span) {
	pick := func(v *view) (out []lexicon.Span) {
		for _, o := range v.reading.Obligations {
			if o.Degree == v.degree {
				out = append(out, o.Span)
			}
		}
		return joinSpans(out)
	}
	if obligationValue(c) == 0 {
		return nil, nil
	}
	return pick(c.a), pick(c.b)
}

// citationsValue is the share of cited standards that both sides cite.
func citationsValue(c *comparison) float64 {
	a, b := citedBy(c.a), citedBy(c.b)
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	shared := 0
	for d := range a {
		if b[d] {
			shared++
		}
	}
	return float64(shared) / float64(len(a)+len(b)-shared)
}

func citedBy(v *view) map[string]bool {
	out := make(map[string]bool)
	for _, c := range v.reading.Citations {
		if c.Designation != "" {
			out[c.Designation] = true
		}
	}
	return out
}

func citationSpans(c *comparison) (source, target []lexicon.Span) {
	pick := func(v *view, other map[string]bool) (out []lexicon.Span) {
		for _, c := range v.reading.Citations {
			if other[c.Designation] {
				out = append(out, c.Span)
			}
		}
		return joinSpans(out)
	}
	return pick(c.a, citedBy(c.b)), pick(c.b, citedBy(c.a))
}
