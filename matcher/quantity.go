package matcher

import (
	"cmp"
	"math"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// quantityRows pairs the quantities of both sides and compares each pair.
func (c *comparison) quantityRows() []Difference {
	a, b := c.a.reading.Quantities, c.b.reading.Quantities
	partner := pairQuantities(a, b, c.kin())
	var onlyA, onlyB []lexicon.Quantity
	taken := make([]bool, len(b))
	for i, x := range a {
		if j := partner[i]; j >= 0 {
			taken[j] = true
		} else {
			onlyA = append(onlyA, x)
		}
	}
	for j, y := range b {
		if !taken[j] {
			onlyB = append(onlyB, y)
		}
	}
	var out []Difference
	for i, x := range a {
		if j := partner[i]; j >= 0 {
			d := c.compareQuantities(x, b[j])
			d.unread = says(b, x) && says(a, b[j])
			out = append(out, d)
		} else if limits(x) && !c.a.spoken(x) {
			out = append(out, Difference{Aspect: AspectQuantity, Concept: x.Measures, A: printed(x), Finding: FindingOnlyA, SpansA: []lexicon.Span{x.Span}, Threshold: c.a.threshold(x), count: counted(x), unread: says(b, x) || c.b.prints(x, onlyB)})
		}
	}
	for _, y := range onlyB {
		if limits(y) && !c.b.spoken(y) {
			out = append(out, Difference{Aspect: AspectQuantity, Concept: y.Measures, B: printed(y), Finding: FindingOnlyB, SpansB: []lexicon.Span{y.Span}, Threshold: c.b.threshold(y), count: counted(y), unread: says(a, y) || c.a.prints(y, onlyA)})
		}
	}
	return out
}

// says tells whether a side gives the values of a quantity anywhere, whatever their
// bounds and whatever they were paired with: a range may be said by its two ends.
func says(list []lexicon.Quantity, q lexicon.Quantity) bool {
	end := func(v float64) bool {
		return slices.ContainsFunc(list, func(x lexicon.Quantity) bool {
			return x.Dimension == q.Dimension && (close(x.Low, v) || close(x.High, v))
		})
	}
	return end(q.Low) && end(q.High)
}

// whole writes the limit of whole things with a closed bound: more than 10
// storeys are at least 11, 十一層以上.
func whole(q lexicon.Quantity) lexicon.Quantity {
	if !counted(q) || q.Low != q.High || q.Low != math.Trunc(q.Low) {
		return q
	}
	switch q.Bound {
	case lexicon.BoundMoreThan:
		q.Bound, q.Low, q.High = lexicon.BoundAtLeast, q.Low+1, q.High+1
	case lexicon.BoundLessThan:
		q.Bound, q.Low, q.High = lexicon.BoundAtMost, q.Low-1, q.High-1
	}
	return q
}

// counted tells whether a quantity counts things or people.
func counted(q lexicon.Quantity) bool { return q.Dimension == "count" || q.Dimension == "persons" }

// prints tells whether a text has the numbers of a quantity that was not found
// there: as numbers that were read as no quantity, or in a quantity of its own
// that has no partner either. Then a unit is likelier unread than a limit missing.
// One of a unit is often said without a number ("within a month").
func (f *facts) prints(q lexicon.Quantity, alone []lexicon.Quantity) bool {
	if q.Numbers == [2]float64{1, 1} {
		return true
	}
	for _, n := range q.Numbers {
		_, loose := slices.BinarySearch(f.reading.Numbers, n)
		if n <= lexicon.MaxCommon || !loose && !slices.ContainsFunc(alone, func(x lexicon.Quantity) bool { return x.Numbers[0] == n || x.Numbers[1] == n }) {
			return false
		}
	}
	return true
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
			if p := partnership(whole(x), whole(y), kin(x.Measures, y.Measures), sole(a, x) && sole(b, y)); p > 0 {
				options = append(options, option{i, j, p})
			}
		}
	}
	corpus.SortRows(options, func(x, y option) int { return cmp.Compare(y.points, x.points) })
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
		case x == "" || y == "", x == lexicon.CountOfPersons && y == x:
			return kinUnknown // counts of people that name nobody may be of different people
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
	case like == 1 && kin < kinSame && farApart(x, y):
		return 0
	}
	points := 1 + 2*int(kin)
	if like == 2 {
		points += 5 // the same value is worth more than the same name for what is measured
	}
	if dx == dy {
		points++
	}
	return points
}

// maxTimes is how many times greater one limit of a thing may be than another
// country's limit of the same thing; a span in metres and a crack in tenths of
// a millimetre are two things (own choice).
const maxTimes = 100

// farApart tells whether two quantities of one dimension are too different in
// size to be about one thing.
func farApart(x, y lexicon.Quantity) bool {
	if x.Low <= 0 || y.Low <= 0 || x.Dimension == "temperature" {
		return false
	}
	return y.Low > x.High*maxTimes || x.Low > y.High*maxTimes
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
		Finding: quantityFinding(whole(x), whole(y)), Threshold: c.thresholds(x, y), SpansA: []lexicon.Span{x.Span}, SpansB: []lexicon.Span{y.Span},
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
	"data": "By", "data-rate": "By/s", "sound-level": "dB", "areal-density": "kg/m2", "persons": "{person}", "heat-flux": "W/m2", "thermal-transmittance": "W/(m2.K)", "flow": "m3/s", "density": "kg/m3", "ratio": "1",
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

// likeness of two quantities: 2 for equal ones, 1 for the same kind, else 0.
func likeness(x, y lexicon.Quantity) int {
	switch {
	case x.Dimension != y.Dimension:
		if persons := x.Dimension == "persons" && y.Dimension == "count" || x.Dimension == "count" && y.Dimension == "persons"; persons && x.Low == y.Low && x.High == y.High && direction(x.Bound) == direction(y.Bound) && direction(x.Bound) != 0 {
			return 2 // 五十人 and "50 labourers": who is counted is a word no table of units has
		}
		return 0
	case close(x.Low, y.Low) && close(x.High, y.High):
		return 2
	case x.Dimension == "count" && (direction(x.Bound) == 0 || direction(x.Bound) != direction(y.Bound)):
		return 0 // bare numbers count all sorts of things
	}
	return 1
}

// close forgives rounding between unit systems: one part in two hundred.
func close(x, y float64) bool {
	d := x - y
	return d*d <= (x*x+y*y)/2*(0.005*0.005)
}
