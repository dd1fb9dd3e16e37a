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
	thresholds := out
	out = append(out, c.obligationRows()...)
	out = append(out, c.conditionRows(thresholds)...)
	out = append(out, c.citationRows()...)
	out = append(out, c.termRows(c.a, c.b, FindingOnlyA)...)
	return append(out, c.termRows(c.b, c.a, FindingOnlyB)...)
}

// quantityRows pairs the quantities of both sides and compares each pair.
func (c *comparison) quantityRows() []Difference {
	a, b := c.a.reading.Quantities, c.b.reading.Quantities
	partner := pairQuantities(a, b, c.kin())
	taken := make([]bool, len(b))
	var out []Difference
	for i, x := range a {
		if j := partner[i]; j >= 0 {
			taken[j] = true
			out = append(out, c.compareQuantities(x, b[j]))
		} else if limits(x) && !c.a.spoken(x) {
			out = append(out, Difference{Aspect: AspectQuantity, Concept: x.Measures, A: printed(x), Finding: FindingOnlyA, SpansA: []lexicon.Span{x.Span}, Threshold: c.a.threshold(x)})
		}
	}
	for j, y := range b {
		if !taken[j] && limits(y) && !c.b.spoken(y) {
			out = append(out, Difference{Aspect: AspectQuantity, Concept: y.Measures, B: printed(y), Finding: FindingOnlyB, SpansB: []lexicon.Span{y.Span}, Threshold: c.b.threshold(y)})
		}
	}
	return out
}

// threshold tells whether a quantity says when the clause binds and not what it
// asks: an open lower bound ("over 24 m", "more than 60 persons"), which
// requirements hardly use, or an open upper bound or bare number in a condition.
// Closed bounds inside a condition stay limits, since conditions often run on
// into the sentence they open.
func (f *facts) threshold(q lexicon.Quantity) bool {
	switch q.Bound {
	case lexicon.BoundMoreThan:
		return true
	case lexicon.BoundLessThan, lexicon.BoundNone:
		return f.conditional(q)
	}
	return false
}

// conditional tells whether a quantity stands in a condition, whose row speaks
// of it.
func (f *facts) conditional(q lexicon.Quantity) bool {
	for _, c := range f.reading.Conditions {
		if q.Span.Start >= c.Span.Start && q.Span.End <= c.Span.End {
			return true
		}
	}
	return false
}

// spoken tells whether a quantity that has no partner is spoken of by the row
// of its condition.
func (f *facts) spoken(q lexicon.Quantity) bool { return f.threshold(q) && f.conditional(q) }

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
// best pairs first, each used once. kin says how the things they measure are
// related.
func pairQuantities(a, b []lexicon.Quantity, kin func(x, y lexicon.ConceptID) kinship) []int {
	type option struct{ i, j, points int }
	var options []option
	for i, x := range a {
		for j, y := range b {
			if p := partnership(x, y, kin(x.Measures, y.Measures), sole(a, x) && sole(b, y)); p > 0 {
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

// kinship is how the concepts that two quantities measure are related.
type kinship int

// From "each is named on the other side too, so they are two things" to "the
// same concept".
const (
	kinApart kinship = iota
	kinUnknown
	kinBroader
	kinSame
)

// kin compares measured concepts within this pair of texts. The measured
// concept is the nearest one and may be missed on one side: two different ones
// are two things only where both texts name both, or where both are names of
// quantities, such as width and height.
func (c *comparison) kin() func(x, y lexicon.ConceptID) kinship {
	inA, inB := c.a.named(), c.b.named()
	return func(x, y lexicon.ConceptID) kinship {
		switch {
		case x == "" || y == "":
			return kinUnknown
		case x == y:
			return kinSame
		case c.a.known.broader[x] == y || c.b.known.broader[y] == x || c.a.known.broader[x] != "" && c.a.known.broader[x] == c.b.known.broader[y]:
			return kinBroader
		case inB[x] && inA[y], quantityNames[x] && quantityNames[y]:
			return kinApart
		}
		return kinUnknown
	}
}

// quantityNames are the concepts that name a quantity of a dimension shared with
// other such names, so that two of them are never one thing.
var quantityNames = map[lexicon.ConceptID]bool{
	"height": true, "width": true, "length": true, "depth": true, "thickness": true, "diameter": true, "distance": true,
	"area": true, "volume": true, "radius": true, "gap": true, "cover-depth": true, "travel-distance": true, "clear-height": true,
	"clear-width": true, "floor-area": true, "weight": true, "capacity": true, "frequency": true, "fire-resistance": true,
	"speed": true, "flow-rate": true, "concentration": true, "pressure": true, "temperature": true,
}

// named lists the concepts the wording names.
func (f *facts) named() map[lexicon.ConceptID]bool {
	out := make(map[lexicon.ConceptID]bool, len(f.reading.Concepts))
	for _, m := range f.reading.Concepts {
		out[m.Concept] = true
	}
	return out
}

// sole tells whether q is the only quantity of its dimension.
func sole(all []lexicon.Quantity, q lexicon.Quantity) bool {
	n := 0
	for _, x := range all {
		if x.Dimension == q.Dimension {
			n++
		}
	}
	return n == 1
}

// partnership is how well two quantities go together; 0 means not at all.
// Different values of things not known to be the same go together only when
// both are limited in the same direction, or when each is the only one of its
// dimension (sole) and the directions are not opposite.
func partnership(x, y lexicon.Quantity, kin kinship, sole bool) int {
	like := likeness(x, y)
	dx, dy := direction(x.Bound), direction(y.Bound)
	switch {
	case like == 0, like == 1 && kin == kinApart:
		return 0
	case like == 1 && kin == kinUnknown && dx != dy && !(sole && dx*dy == 0):
		return 0
	}
	points := 1 + 2*int(kin)
	if like == 2 {
		points += 3
	}
	if dx == dy {
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
func (c *comparison) compareQuantities(x, y lexicon.Quantity) Difference {
	d := Difference{
		Aspect: AspectQuantity, Concept: c.measured(x.Measures, y.Measures), A: printed(x), B: printed(y),
		Finding: quantityFinding(x, y), Threshold: c.thresholds(x, y), SpansA: []lexicon.Span{x.Span}, SpansB: []lexicon.Span{y.Span},
	}
	if d.Threshold {
		d.Finding = d.Finding.inverse()
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

// thresholds tells whether a pair of quantities says when the clauses bind: one
// of them surely does, and the other is limited the same way or not at all.
func (c *comparison) thresholds(x, y lexicon.Quantity) bool {
	a, b := c.a.threshold(x), c.b.threshold(y)
	return a && b || (a || b) && direction(x.Bound)*direction(y.Bound) >= 0
}

// inverse is the finding with the sides changed over.
func (f Finding) inverse() Finding {
	switch f {
	case FindingAStricter:
		return FindingBStricter
	case FindingBStricter:
		return FindingAStricter
	case FindingOnlyA:
		return FindingOnlyB
	case FindingOnlyB:
		return FindingOnlyA
	}
	return f
}

// measured picks the concept to name for a pair of quantities: that of the
// source, unless it is a word of general language and the target's is not.
func (c *comparison) measured(x, y lexicon.ConceptID) lexicon.ConceptID {
	if x == "" || c.a.known.general[x] && y != "" && !c.b.known.general[y] {
		return y
	}
	return x
}

// siUnit is the UCUM code of the unit that the values of a dimension are kept
// in; dimensions without a row print no unit.
var siUnit = map[string]string{
	"length": "m", "area": "m2", "volume": "m3", "time": "s", "mass": "kg", "temperature": "K", "pressure": "Pa", "force": "N",
	"energy": "J", "power": "W", "speed": "m/s", "angle": "rad", "frequency": "Hz", "voltage": "V", "current": "A", "illuminance": "lx",
	"data": "By", "flow": "m3/s", "density": "kg/m3", "ratio": "1",
}

// quantityFinding asks the lexicon which quantity admits less. Values that are
// one but for rounding between unit systems are compared by their bounds alone;
// the same value with a bound on one side only is taken for the same limit,
// since the bound may be said in words that no table has.
func quantityFinding(x, y lexicon.Quantity) Finding {
	if close(x.Low, y.Low) && close(x.High, y.High) {
		switch {
		case direction(x.Bound) == direction(y.Bound):
			return strictBound(x.Bound, y.Bound)
		case x.Bound == lexicon.BoundNone || y.Bound == lexicon.BoundNone:
			return FindingEqual
		}
	}
	switch lexicon.Compare(x, y).Outcome {
	case lexicon.OutcomeEqual:
		return FindingEqual
	case lexicon.OutcomeAStricter:
		return FindingAStricter
	case lexicon.OutcomeBStricter:
		return FindingBStricter
	}
	return FindingNotComparable
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
	there := other.named()
	for _, m := range other.reading.Concepts {
		there[other.known.broader[m.Concept]] = true
	}
	delete(there, "")
	shared := of.spansOf(func(m lexicon.Mention) bool { return there[m.Concept] || there[of.known.broader[m.Concept]] })
	rows := make(map[termID]*Difference)
	var order []termID
	taken := of.saidElsewhere()
	for _, i := range of.byWeight() {
		m := of.reading.Concepts[i]
		id := of.facts.mentions[i].id
		row := rows[id]
		switch {
		case m.Nested || there[m.Concept] || there[of.known.broader[m.Concept]] || touches(shared, m.Span):
			continue
		case row == nil && touches(taken, m.Span):
			continue // another reading of the same words
		case row == nil:
			row = &Difference{Aspect: AspectTerm, Concept: m.Concept, Finding: finding}
			rows[id] = row
			order = append(order, id)
		}
		taken = append(taken, m.Span)
		if finding == FindingOnlyA {
			row.A, row.SpansA = cmp.Or(row.A, of.cut(m.Span)), append(row.SpansA, m.Span)
		} else {
			row.B, row.SpansB = cmp.Or(row.B, of.cut(m.Span)), append(row.SpansB, m.Span)
		}
	}
	var out []Difference
	for _, id := range order[:min(len(order), maxTermRows)] {
		out = append(out, *rows[id])
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

// spansOf lists the places of the mentions that are wanted.
func (f *facts) spansOf(wanted func(lexicon.Mention) bool) []lexicon.Span {
	var out []lexicon.Span
	for _, m := range f.reading.Concepts {
		if wanted(m) {
			out = append(out, m.Span)
		}
	}
	return out
}

// generalShare is what a concept of general language weighs in the table of
// terms beside one of a field.
const generalShare = 0.3

// byWeight lists the mentions, the weightiest concepts first, then as they
// stand.
func (v *view) byWeight() []int {
	weight := make(map[termID]float32)
	for _, t := range v.concepts.terms {
		weight[t.id] = t.w
	}
	order := make([]int, len(v.reading.Concepts))
	weights := make([]float32, len(order))
	for i := range order {
		order[i], weights[i] = i, weight[v.facts.mentions[i].id]
		if v.known.general[v.reading.Concepts[i].Concept] {
			weights[i] *= generalShare
		}
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(weights[y], weights[x]) })
	return order
}
