package lexicon

import "math"

// Outcome says which of two quantities demands more.
type Outcome string

// The outcomes of Compare.
const (
	OutcomeEqual        Outcome = "equal"        // the same bound of the same value
	OutcomeAStricter    Outcome = "a-stricter"   // what meets A meets B, and not the reverse
	OutcomeBStricter    Outcome = "b-stricter"   // what meets B meets A, and not the reverse
	OutcomeDifferent    Outcome = "different"    // neither follows from the other
	OutcomeIncomparable Outcome = "incomparable" // other dimensions
)

// Comparison is how two quantities relate.
type Comparison struct {
	Outcome    Outcome
	Factor     float64 // A's limit divided by B's; 0 when that has no meaning
	Difference float64 // A's limit minus B's, in the SI unit of the dimension
}

// sameValue is the tolerance below which two values are one: conversion and nothing else (1e-6
// of the greater). Rounded conversions in the text, as 36 inches for 915 mm,
// stay different.
const sameValue = 1e-6

// Compare tells which of two quantities is stricter, by the sets of values they
// admit: a number without a bound admits itself alone.
func Compare(a, b Quantity) Comparison {
	if a.Dimension != b.Dimension {
		return Comparison{Outcome: OutcomeIncomparable}
	}
	x, y := admitted(a), admitted(b)
	c := Comparison{Outcome: OutcomeDifferent}
	la, lb := limit(a), limit(b)
	c.Difference = tidy(la - lb)
	if lb != 0 {
		c.Factor = tidy(la / lb)
	}
	inB, inA := x.within(y), y.within(x)
	switch {
	case inB && inA:
		c.Outcome = OutcomeEqual
	case inB:
		c.Outcome = OutcomeAStricter
	case inA:
		c.Outcome = OutcomeBStricter
	}
	return c
}

// limit is the value that a bound names: the upper end of a range.
func limit(q Quantity) float64 { return q.High }

// interval is the set of values a quantity admits.
type interval struct {
	low, high         float64
	lowOpen, highOpen bool
}

func admitted(q Quantity) interval {
	switch q.Bound {
	case BoundAtLeast:
		return interval{low: q.Low, high: math.Inf(1)}
	case BoundMoreThan:
		return interval{low: q.Low, high: math.Inf(1), lowOpen: true}
	case BoundAtMost:
		return interval{low: math.Inf(-1), high: q.High}
	case BoundLessThan:
		return interval{low: math.Inf(-1), high: q.High, highOpen: true}
	}
	return interval{low: q.Low, high: q.High}
}

// within tells whether every value of i is one of o.
func (i interval) within(o interval) bool {
	low := i.low > o.low || same(i.low, o.low)
	if same(i.low, o.low) && o.lowOpen && !i.lowOpen {
		low = false
	}
	high := i.high < o.high || same(i.high, o.high)
	if same(i.high, o.high) && o.highOpen && !i.highOpen {
		high = false
	}
	return low && high
}

func same(a, b float64) bool {
	if a == b || math.IsInf(a, 0) || math.IsInf(b, 0) {
		return a == b
	}
	return math.Abs(a-b) <= sameValue*math.Max(math.Abs(a), math.Abs(b))
}
