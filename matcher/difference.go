package matcher

import (
	"cmp"
	"slices"
	"strings"

	"concord/corpus/lexicon"
)

// maxTermRows is how many terms of each side the difference table lists: the
// rarest, since a table of everything says nothing.
const maxTermRows = 6

// differences is the difference table: quantities, obligation, conditions,
// citations, terms, each in the order of the source's text.
func (c *comparison) differences() []Difference {
	out := c.quantityRows()
	out = append(out, c.obligationRows()...)
	out = append(out, c.conditionRows()...)
	out = append(out, c.citationRows()...)
	out = append(out, c.termRows(c.a, c.b, FindingOnlyA)...)
	return append(out, c.termRows(c.b, c.a, FindingOnlyB)...)
}

// quantityRows pairs the quantities of both sides and compares each pair.
func (c *comparison) quantityRows() []Difference {
	a, b := c.a.reading.Quantities, c.b.reading.Quantities
	partner := pairQuantities(a, b)
	taken := make([]bool, len(b))
	var out []Difference
	for i, x := range a {
		if j := partner[i]; j >= 0 {
			taken[j] = true
			out = append(out, compareQuantities(x, b[j]))
		} else if limits(x) {
			out = append(out, Difference{Aspect: AspectQuantity, Concept: x.Measures, A: printed(x), Finding: FindingOnlyA, SpansA: []lexicon.Span{x.Span}})
		}
	}
	for j, y := range b {
		if !taken[j] && limits(y) {
			out = append(out, Difference{Aspect: AspectQuantity, Concept: y.Measures, B: printed(y), Finding: FindingOnlyB, SpansB: []lexicon.Span{y.Span}})
		}
	}
	return out
}

// limits tells whether a quantity that only one side has is worth a row: bare
// counts without a bound are list sizes and the like.
func limits(q lexicon.Quantity) bool {
	return q.Dimension != "count" || q.Bound != lexicon.BoundNone
}

// printed is a quantity with its bound, as the tables show it.
func printed(q lexicon.Quantity) string {
	switch q.Bound {
	case lexicon.BoundAtLeast, lexicon.BoundAtMost, lexicon.BoundMoreThan, lexicon.BoundLessThan, lexicon.BoundExact:
		return string(q.Bound) + " " + q.Printed
	}
	return q.Printed
}

// pairQuantities gives each quantity of a its partner in b, -1 for none: the
// best pairs first, each used once. Partners have the same dimension and, when
// both measure a known concept, the same concept.
func pairQuantities(a, b []lexicon.Quantity) []int {
	type option struct{ i, j, points int }
	var options []option
	for i, x := range a {
		for j, y := range b {
			if p := kinship(x, y); p > 0 {
				options = append(options, option{i, j, p})
			}
		}
	}
	slices.SortStableFunc(options, func(x, y option) int { return cmp.Compare(y.points, x.points) })
	partner, taken := make([]int, len(a)), make([]bool, len(b))
	for i := range partner {
		partner[i] = -1
	}
	for _, o := range options {
		if partner[o.i] < 0 && !taken[o.j] {
			partner[o.i], taken[o.j] = o.j, true
		}
	}
	return partner
}

// kinship is how well two quantities go together; 0 means not at all.
func kinship(x, y lexicon.Quantity) int {
	like := likeness(x, y)
	if like == 0 {
		return 0
	}
	points := 1
	switch {
	case x.Measures != "" && x.Measures == y.Measures:
		points += 4
	case x.Measures != "" && y.Measures != "" && like != 2:
		return 0
	}
	if like == 2 {
		points += 3
	}
	if direction(x.Bound) == direction(y.Bound) {
		points++
	}
	return points
}

// direction is 1 for lower bounds (at least), -1 for upper bounds, 0 for others.
func direction(b lexicon.Bound) int {
	switch b {
	case lexicon.BoundAtLeast, lexicon.BoundMoreThan:
		return 1
	case lexicon.BoundAtMost, lexicon.BoundLessThan:
		return -1
	}
	return 0
}

// compareQuantities says which of two quantities about the same thing limits
// more: of lower bounds the greater, of upper bounds the smaller, of ranges the
// narrower one inside the other.
func compareQuantities(x, y lexicon.Quantity) Difference {
	d := Difference{
		Aspect: AspectQuantity, Concept: cmp.Or(x.Measures, y.Measures), A: printed(x), B: printed(y),
		Finding: quantityFinding(x, y), SpansA: []lexicon.Span{x.Span}, SpansB: []lexicon.Span{y.Span},
	}
	if x.Low == x.High && y.Low == y.High {
		if x.Low != 0 {
			d.Factor = y.Low / x.Low
		}
		d.Delta, d.Unit = y.Low-x.Low, siUnit[x.Dimension]
		if close(x.Low, y.Low) {
			d.Factor, d.Delta = 1, 0
		}
	}
	return d
}

// siUnit is the UCUM code of the unit that the values of a dimension are kept
// in; dimensions without a row print no unit.
var siUnit = map[string]string{
	"length": "m", "area": "m2", "volume": "m3", "time": "s", "mass": "kg", "temperature": "K", "pressure": "Pa", "force": "N",
	"energy": "J", "power": "W", "speed": "m/s", "angle": "rad", "frequency": "Hz", "voltage": "V", "current": "A", "illuminance": "lx",
	"data": "By", "flow": "m3/s", "density": "kg/m3", "ratio": "1",
}

func quantityFinding(x, y lexicon.Quantity) Finding {
	same := close(x.Low, y.Low) && close(x.High, y.High)
	dx, dy := direction(x.Bound), direction(y.Bound)
	switch {
	case x.Bound == lexicon.BoundRange && y.Bound == lexicon.BoundRange && !same:
		return insideFinding(x, y)
	case same && dx == dy:
		return strictBound(x.Bound, y.Bound)
	case dx != dy || dx == 0:
		return FindingNotComparable
	case (x.Low > y.Low) == (dx > 0):
		return FindingAStricter
	}
	return FindingBStricter
}

// strictBound compares bounds at one value: "more than" limits a little more
// than "at least".
func strictBound(a, b lexicon.Bound) Finding {
	open := func(x lexicon.Bound) bool { return x == lexicon.BoundMoreThan || x == lexicon.BoundLessThan }
	switch {
	case open(a) && !open(b) && direction(b) != 0:
		return FindingAStricter
	case open(b) && !open(a) && direction(a) != 0:
		return FindingBStricter
	}
	return FindingEqual
}

// insideFinding compares two different ranges.
func insideFinding(x, y lexicon.Quantity) Finding {
	switch {
	case x.Low >= y.Low && x.High <= y.High:
		return FindingAStricter
	case y.Low >= x.Low && y.High <= x.High:
		return FindingBStricter
	}
	return FindingNotComparable
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
// conditions correspond when they share a concept, a quantity or half of their
// words.
func (c *comparison) conditionRows() []Difference {
	var out []Difference
	for _, x := range c.a.reading.Conditions {
		if !c.matched(c.a, x, c.b) {
			out = append(out, Difference{Aspect: AspectCondition, A: c.a.cut(x.Span), Finding: FindingOnlyA, SpansA: []lexicon.Span{x.Span}})
		}
	}
	for _, y := range c.b.reading.Conditions {
		if !c.matched(c.b, y, c.a) {
			out = append(out, Difference{Aspect: AspectCondition, B: c.b.cut(y.Span), Finding: FindingOnlyB, SpansB: []lexicon.Span{y.Span}})
		}
	}
	return out
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
	for _, spots := range [][]spot{f.concepts, f.words, f.tokens} {
		for _, x := range spots {
			if x.span.Start >= s.Start && x.span.End <= s.End {
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

// termRows lists the rarest concepts that only one side names.
func (c *comparison) termRows(of, other *view, finding Finding) []Difference {
	there := make(map[termID]bool)
	for _, e := range other.conceptBag {
		there[e.id] = true
	}
	weight := make(map[termID]float32)
	for _, t := range of.concepts.terms {
		weight[t.id] = t.w
	}
	rows := make(map[termID]*Difference)
	var order []termID
	for i, m := range of.reading.Concepts {
		id := of.facts.concepts[i].id
		if m.Nested || there[id] {
			continue
		}
		row := rows[id]
		if row == nil {
			row = &Difference{Aspect: AspectTerm, Concept: m.Concept, Finding: finding}
			rows[id] = row
			order = append(order, id)
		}
		if finding == FindingOnlyA {
			row.A, row.SpansA = cmp.Or(row.A, of.cut(m.Span)), append(row.SpansA, m.Span)
		} else {
			row.B, row.SpansB = cmp.Or(row.B, of.cut(m.Span)), append(row.SpansB, m.Span)
		}
	}
	slices.SortStableFunc(order, func(x, y termID) int { return cmp.Compare(weight[y], weight[x]) })
	var out []Difference
	for _, id := range order[:min(len(order), maxTermRows)] {
		out = append(out, *rows[id])
	}
	return out
}
