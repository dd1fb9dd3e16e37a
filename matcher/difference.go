package matcher

import (
	"cmp"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// maxTermRows is how many terms of each side the difference table lists: the
// rarest, since a table of everything says nothing.
const maxTermRows = 6

// differences is the difference table: quantities, obligation, conditions,
// citations, terms, each in the order of the source's text.
func (c *comparison) differences() []Difference {
	out := c.quantityRows()
	thresholds := out
	out = append(out, c.obligationRows()...)
	out = append(out, c.conditionRows(thresholds)...)
	out = append(out, c.citationRows()...)
	out = append(out, c.termRows(c.a, c.b, FindingOnlyA)...)
	return append(out, c.termRows(c.b, c.a, FindingOnlyB)...)
}

// obligationRows compares the strongest degrees of obligation.
func (c *comparison) obligationRows() []Difference {
	a, b := c.a.degree, c.b.degree
	if a == "" && b == "" {
		return nil
	}
	d := Difference{Aspect: AspectObligation, Finding: obligationFinding(a, b)}
	d.A, d.SpansA = c.a.obligationWord()
	d.B, d.SpansB = c.b.obligationWord()
	return []Difference{d}
}

// obligationFinding compares two degrees. A prohibition and a requirement bind
// alike, and which of them asks more cannot be told from the words.
func obligationFinding(a, b lexicon.Degree) Finding {
	switch {
	case a == b || binding(a) && binding(b):
		return FindingEqual
	case a == "" || b == "":
		return FindingNotComparable
	case ranks[a] > ranks[b]:
		return FindingAStricter
	}
	return FindingBStricter
}

// obligationWord is the printed word that carries the strongest degree.
func (v *view) obligationWord() (string, []lexicon.Span) {
	for _, o := range v.reading.Obligations {
		if o.Degree == v.degree {
			return v.cut(o.Span), []lexicon.Span{o.Span}
		}
	}
	return "", nil
}

// cut is the wording in a span, "" when the span is not inside.
func (f *facts) cut(s lexicon.Span) string {
	w := f.clause.Wording()
	if s.Start < 0 || s.End > len(w) || s.Start >= s.End {
		return ""
	}
	return strings.TrimSpace(w[s.Start:s.End])
}

// conditionRows lists conditions and exceptions that only one side has. Two
// conditions correspond when they share a third of their terms; one whose
// threshold is compared in a row of the quantities needs no row of its own.
func (c *comparison) conditionRows(quantities []Difference) []Difference {
	var out []Difference
	for _, x := range c.a.reading.Conditions {
		if !c.matched(c.a, x, c.b) && !compared(quantities, x.Span, func(d Difference) []lexicon.Span { return d.SpansA }) {
			out = append(out, Difference{Aspect: AspectCondition, A: c.a.cut(x.Span), Finding: FindingOnlyA, Exception: x.Exception, SpansA: []lexicon.Span{x.Span}})
		}
	}
	for _, y := range c.b.reading.Conditions {
		if !c.matched(c.b, y, c.a) && !compared(quantities, y.Span, func(d Difference) []lexicon.Span { return d.SpansB }) {
			out = append(out, Difference{Aspect: AspectCondition, B: c.b.cut(y.Span), Finding: FindingOnlyB, Exception: y.Exception, SpansB: []lexicon.Span{y.Span}})
		}
	}
	return out
}

// compared tells whether a threshold inside the condition is compared with one
// of the other side.
func compared(rows []Difference, condition lexicon.Span, spans func(Difference) []lexicon.Span) bool {
	for _, d := range rows {
		if d.Threshold && len(d.SpansA) > 0 && len(d.SpansB) > 0 && touches(spans(d), condition) {
			return true
		}
	}
	return false
}

// matched tells whether a condition of one side has a like one on the other.
func (c *comparison) matched(of *view, cond lexicon.Condition, other *view) bool {
	mine := of.termsIn(cond.Span)
	for _, o := range other.reading.Conditions {
		if o.Exception == cond.Exception && alike(mine, other.termsIn(o.Span)) {
			return true
		}
	}
	return false
}

// termsIn collects the concepts, quantities and tokens inside a span.
func (f *facts) termsIn(s lexicon.Span) map[termID]bool {
	out := make(map[termID]bool)
	for _, spots := range [][]spot{f.mentions, f.words, f.tokens} {
		for _, x := range spots {
			if int(x.start) >= s.Start && int(x.end) <= s.End {
				out[x.id] = true
			}
		}
	}
	return out
}

// alike tells whether two sets share a third of the smaller one.
func alike(a, b map[termID]bool) bool {
	n := 0
	for id := range a {
		if b[id] {
			n++
		}
	}
	return n > 0 && 3*n >= min(len(a), len(b))
}

// citationRows lists cited standards: those of both sides, then those of one.
func (c *comparison) citationRows() []Difference {
	a, b := c.a.reading.Citations, c.b.reading.Citations
	var out []Difference
	seen := make(map[string]bool)
	spansOf := func(all []lexicon.Citation, designation string) (out []lexicon.Span) {
		for _, x := range all {
			if x.Designation == designation {
				out = append(out, x.Span)
			}
		}
		return out
	}
	for _, x := range append(slices.Clone(a), b...) {
		if x.Designation == "" || seen[x.Designation] {
			continue
		}
		seen[x.Designation] = true
		d := Difference{Aspect: AspectCitation, Finding: FindingEqual, SpansA: spansOf(a, x.Designation), SpansB: spansOf(b, x.Designation)}
		if len(d.SpansA) > 0 {
			d.A = x.Designation
		}
		if len(d.SpansB) > 0 {
			d.B = x.Designation
		}
		switch {
		case d.B == "":
			d.Finding = FindingOnlyA
		case d.A == "":
			d.Finding = FindingOnlyB
		}
		out = append(out, d)
	}
	return out
}

// termRows lists the rarest concepts that only one side names, those of a
// field before those of general language. A concept is not missing when the
// other side names a broader or narrower one, nor when its words were read as
// something that both sides name.
func (c *comparison) termRows(of, other *view, finding Finding) []Difference {
	var shared []lexicon.Span
	var only []weightedMention
	for i := range of.reading.Concepts {
		m := &of.reading.Concepts[i]
		term := of.known.terms[m.Concept]
		switch {
		case other.conceptBag.has(term.id) || term.broader != 0 && other.conceptBag.has(term.broader):
			shared = append(shared, m.Span)
		case !m.Nested:
			w := of.concepts.weight(term.id)
			if term.general {
				w *= generalShare
			}
			only = append(only, weightedMention{m, w})
		}
	}
	corpus.SortRows(only, func(x, y weightedMention) int { return cmp.Compare(y.weight, x.weight) })
	var rows []*Difference
	taken := of.saidElsewhere()
	for _, m := range only {
		if touches(shared, m.Span) {
			continue
		}
		var row *Difference
		if at := slices.IndexFunc(rows, func(d *Difference) bool { return d.Concept == m.Concept }); at >= 0 {
			row = rows[at]
		} else if touches(taken, m.Span) {
			continue // another reading of the same words
		} else {
			row = &Difference{Aspect: AspectTerm, Concept: m.Concept, Finding: finding}
			rows = append(rows, row)
		}
		taken = append(taken, m.Span)
		if finding == FindingOnlyA {
			row.SpansA = append(row.SpansA, m.Span)
		} else {
			row.SpansB = append(row.SpansB, m.Span)
		}
	}
	var out []Difference
	for _, row := range rows[:min(len(rows), maxTermRows)] {
		if finding == FindingOnlyA {
			row.A = of.cut(row.SpansA[0])
		} else {
			row.B = of.cut(row.SpansB[0])
		}
		out = append(out, *row)
	}
	return out
}

// saidElsewhere lists the places that the rows above the terms speak of: units
// and obligation words are no missing terms.
func (f *facts) saidElsewhere() []lexicon.Span {
	var out []lexicon.Span
	for _, q := range f.reading.Quantities {
		out = append(out, q.Span)
	}
	for _, o := range f.reading.Obligations {
		out = append(out, o.Span)
	}
	return out
}

// generalShare is what a concept of general language weighs in the table of
// terms beside one of a field.
const generalShare = 0.3

// weightedMention is a mention with what it weighs in the table of terms.
type weightedMention struct {
	*lexicon.Mention
	weight float32
}
