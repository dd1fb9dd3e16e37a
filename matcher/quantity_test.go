package matcher

import (
	"testing"

	"concord/corpus/lexicon"
)

// things is a limit on a number of things.
func things(b lexicon.Bound, n float64) lexicon.Quantity {
	return lexicon.Quantity{Dimension: "count", Bound: b, Low: n, High: n, Numbers: [2]float64{n, n}}
}

func TestWholeThings(t *testing.T) {
	for _, tc := range []struct {
		name string
		a, b lexicon.Quantity
		want Finding
	}{
		{"more than 10 is at least 11", things(lexicon.BoundMoreThan, 10), things(lexicon.BoundAtLeast, 11), FindingEqual},
		{"fewer than 5 is at most 4", things(lexicon.BoundLessThan, 5), things(lexicon.BoundAtMost, 4), FindingEqual},
		{"at least 10 is less than more than 10", things(lexicon.BoundAtLeast, 10), things(lexicon.BoundMoreThan, 10), FindingBStricter},
		{"metres are not whole", lexicon.Quantity{Dimension: "length", Bound: lexicon.BoundMoreThan, Low: 10, High: 10}, lexicon.Quantity{Dimension: "length", Bound: lexicon.BoundAtLeast, Low: 11, High: 11}, FindingBStricter},
	} {
		if got := quantityFinding(whole(tc.a), whole(tc.b)); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

// The same value goes before the same name of what is measured: two limits of a
// text must not be compared crosswise.
func TestSameValueGoesFirst(t *testing.T) {
	area := func(n float64, measures lexicon.ConceptID) lexicon.Quantity {
		return lexicon.Quantity{Dimension: "area", Bound: lexicon.BoundAtLeast, Low: n, High: n, Measures: measures}
	}
	a := []lexicon.Quantity{area(1000, "floor-area"), area(3000, "")}
	b := []lexicon.Quantity{area(1000, ""), area(3000, "floor-area")}
	kin := func(x, y lexicon.ConceptID) kinship {
		if x == y && x != "" {
			return kinSame
		}
		return kinUnknown
	}
	if got := pairQuantities(a, b, kin); got[0] != 0 || got[1] != 1 {
		t.Errorf("paired %v, want 1000 with 1000 and 3000 with 3000", got)
	}
	b = []lexicon.Quantity{area(1200, ""), area(3100, "floor-area")} // control: without equal values the name decides
	if got := pairQuantities(a, b, kin); got[0] != 1 {
		t.Errorf("paired %v, want the floor areas together", got)
	}
}

func TestPrintedNumber(t *testing.T) {
	f := &facts{}
	f.reading.Numbers = []float64{20, 64}
	minutes := func(n float64) lexicon.Quantity {
		return lexicon.Quantity{Dimension: "time", Low: 60 * n, High: 60 * n, Numbers: [2]float64{n, n}}
	}
	for _, tc := range []struct {
		name  string
		q     lexicon.Quantity
		alone []lexicon.Quantity
		want  bool
	}{
		{"a number with a unit that was not read", minutes(64), nil, true},
		{"a number in a quantity without partner", minutes(30), []lexicon.Quantity{{Dimension: "angle", Numbers: [2]float64{30, 30}}}, true},
		{"one of a unit, said without a number", minutes(1), nil, true},
		{"no such number", minutes(90), nil, false},
		{"a number that stands everywhere", minutes(2), []lexicon.Quantity{{Numbers: [2]float64{2, 2}}}, false},
		{"one end of a range only", lexicon.Quantity{Dimension: "time", Numbers: [2]float64{20, 30}}, nil, false},
	} {
		if got := f.prints(tc.q, tc.alone); got != tc.want {
			t.Errorf("%s: got %v", tc.name, got)
		}
	}
}
