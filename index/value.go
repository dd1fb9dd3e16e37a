package index

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// valueDimensions are the dimensions whose values can be searched by range
// ("guardrail height >= 1000 mm"). Each has two numeric fields in SI units.
var valueDimensions = []string{
	"length", "area", "volume", "time", "working-time", "mass", "force", "pressure", "energy", "power", "voltage", "current", "resistance",
	"frequency", "temperature", "angle", "ratio", "sound-level", "illuminance", "luminous-flux", "data", "data-rate", "speed", "acceleration",
	"flow", "mass-flow", "density", "areal-density", "linear-density", "line-load", "heat-flux", "thermal-transmittance", "thermal-resistance",
	"thermal-conductivity", "concentration", "specific-energy", "persons", "area-per-person", "length-per-person", "persons-per-area",
	"flow-per-person", "mass-per-person",
}

// Dimensions are those that Query.Quantities may name: all whose values can be
// searched.
func Dimensions() []string { return slices.Clone(valueDimensions) }

// floorField holds what a clause asks for at least or exactly, ceilingField what
// it asks for at most or exactly.
func floorField(dimension string) string   { return "floor_" + dimension }
func ceilingField(dimension string) string { return "ceiling_" + dimension }

// Asked is a range of values that a query asks for, and what should have it.
type Asked struct {
	Span      lexicon.Span // in Query.Text, from the comparison on
	Dimension string
	Bound     lexicon.Bound
	Low, High float64 // in the SI unit of the dimension
	Printed   string
	Measures  []lexicon.ConceptID // what should have the value, one of them
	// Filter says that it is the range of Query.Least and Query.Most: a value of a
	// clause lies in it whichever way it binds, and Span is of nothing.
	Filter bool
}

// Met is a quantity of a clause that has a value which was asked for.
type Met struct {
	Span      lexicon.Span // in the clause's wording
	Bound     lexicon.Bound
	Low, High float64 // in the unit that was asked in
	Unit      string  // as asked
}

// comparisons are the signs that may stand before a value in a query.
const comparisons = "<>=≥≤≧≦⩾⩽≮≯"

// unitSigns are units that are no letters and that many write behind a blank: "5 %".
const unitSigns = "%‰٪°"

// askedFor reads a quantity of a query as a range, false when it has no bound
// and is looked for as it stands.
func (ix *Index) askedFor(plain string, q lexicon.Quantity, r lexicon.Reading) (Asked, bool) {
	a := Asked{Span: q.Span, Dimension: q.Dimension, Bound: q.Bound, Low: q.Low, High: q.High, Printed: q.Printed}
	before := strings.TrimRightFunc(plain[:q.Span.Start], unicode.IsSpace)
	signs := strings.TrimRight(before, comparisons)
	switch {
	case before[len(signs):] == "=":
		a.Bound = lexicon.BoundExact
	case q.Bound == lexicon.BoundExact:
		a.Bound = lexicon.BoundNone
	}
	if limit, limited := limitBefore(plain, q, r); limited && a.Bound == lexicon.BoundNone && slices.Contains(valueDimensions, a.Dimension) {
		a.Bound, a.Span.Start = lexicon.BoundAtMost, limit
		return a, true
	}
	if a.Bound == lexicon.BoundNone || !slices.Contains(valueDimensions, a.Dimension) {
		return a, false
	}
	if len(signs) < len(before) {
		a.Span.Start = len(signs)
		return a, true
	}
	a.Span = ix.boundSpan(plain, q, r.Language)
	return a, true
}

// limiting are the concepts whose words, right before a value and with nothing but
// function words between, say that it is the most there may be: "limite de 85 dB(A)".
// In a text they may be a limit that something else is compared with, which is why the
// lexicon reads no bound there.
var limiting = []lexicon.ConceptID{"restrict", "boundary", "limit-value"}

// lowest begin words before a limit that make it one from below (own list of six
// languages); 下 stands inside 下限, which no limiting concept names.
var lowest = []string{"lower", "bottom", "minimum", "нижн", "минимальн", "inférieur", "inferieur", "minimal", "inferior", "mínim", "minim", "أدنى", "الأدنى", "أدني", "الأدني", "最小", "最低"}

// limitBefore is where a word begins that makes a value without a bound a limit; not of
// one inside a longer term ("limit switch 85 dB").
func limitBefore(plain string, q lexicon.Quantity, r lexicon.Reading) (int, bool) {
	start, found := q.Span.Start, false
	for _, m := range r.Concepts {
		between := func(w lexicon.Word) bool { return w.Span.Start >= m.Span.End && w.Span.End <= q.Span.Start }
		if slices.Contains(limiting, m.Concept) && m.Span.End <= q.Span.Start && q.Span.Start-m.Span.End < maxBoundBytes && !slices.ContainsFunc(r.Words, between) {
			start, found = min(start, m.Span.Start), true
		}
	}
	if !found {
		return start, false
	}
	for _, w := range r.Words {
		printed := strings.ToLower(plain[w.Span.Start:w.Span.End])
		if w.Span.Start < q.Span.Start && slices.ContainsFunc(lowest, func(s string) bool { return strings.HasPrefix(printed, s) }) {
			return start, false
		}
	}
	longer := func(m lexicon.Mention) bool {
		return m.Span.Start < start && m.Span.End > start && !slices.Contains(limiting, m.Concept)
	}
	return start, !slices.ContainsFunc(r.Concepts, longer)
}

// termsWithin are the terms that stand between the words of a bound and its number
// ("anchura mínima de pasillo 1 m") and are none of them: without them the value
// reads the same.
func (ix *Index) termsWithin(plain string, within lexicon.Span, q lexicon.Quantity, r lexicon.Reading) []lexicon.Span {
	if q.Bound == lexicon.BoundNone {
		return nil
	}
	var out []lexicon.Span
	for _, m := range r.Concepts {
		s := m.Span
		if s.Start < within.Start || s.End > within.End || s.Start < q.Span.End && q.Span.Start < s.End {
			continue
		}
		without := plain[within.Start:s.Start] + strings.Repeat(" ", s.End-s.Start) + plain[s.End:within.End]
		same := func(a lexicon.Quantity) bool { return a.Bound == q.Bound && a.Low == q.Low && a.High == q.High }
		if slices.ContainsFunc(ix.lex.ReadText(without, r.Language).Quantities, same) {
			out = append(out, s)
		}
	}
	return out
}

// maxBoundBytes is how far from its number the words of a bound may begin or
// end in a query.
const maxBoundBytes = 60

// boundSpan is the least stretch of a query around a quantity that is still read
// with its bound: the words of the bound ask for nothing themselves.
func (ix *Index) boundSpan(plain string, q lexicon.Quantity, l corpus.Language) lexicon.Span {
	same := func(from, to int) bool {
		for _, again := range ix.lex.ReadText(plain[from:to], l).Quantities {
			return again.Bound == q.Bound && again.Low == q.Low && again.High == q.High
		}
		return false
	}
	end := min(len(plain), q.Span.End+maxBoundBytes)
	for end < len(plain) && !utf8.RuneStart(plain[end]) {
		end++
	}
	start := q.Span.Start
	for start > 0 && q.Span.Start-start < maxBoundBytes && !same(start, end) {
		start--
		for start > 0 && (!utf8.RuneStart(plain[start]) || insideWord(plain, start)) {
			start--
		}
	}
	if !same(start, end) {
		return q.Span
	}
	stop := q.Span.End
	for stop < end && !same(start, stop) {
		stop++
		for stop < end && (!utf8.RuneStart(plain[stop]) || insideWord(plain, stop)) {
			stop++
		}
	}
	return lexicon.Span{Start: start, End: stop}
}

// insideWord tells whether an offset lies inside a word of a script with blanks.
func insideWord(s string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	after, _ := utf8.DecodeRuneInString(s[at:])
	word := func(r rune) bool { return (unicode.IsLetter(r) || unicode.IsMark(r)) && !unicode.Is(unicode.Han, r) }
	return word(before) && word(after)
}

// slack is what conversion between units may lose.
const slack = 1e-6

// within is the interval that was asked for; its ends belong to it.
func (a Asked) within() (low, high float64) {
	give := slack * math.Max(math.Abs(a.Low), math.Abs(a.High))
	switch a.Bound {
	case lexicon.BoundAtLeast:
		return a.Low - give, math.MaxFloat64
	case lexicon.BoundMoreThan:
		return a.Low + give, math.MaxFloat64
	case lexicon.BoundAtMost:
		return -math.MaxFloat64, a.High + give
	case lexicon.BoundLessThan:
		return -math.MaxFloat64, a.High - give
	}
	return a.Low - give, a.High + give
}

// sides tells which values of a clause count: what is asked for from below is
// answered by what a clause wants at least or exactly, and not by its "at most".
func (a Asked) sides() (floor, ceiling bool) {
	if a.Filter {
		return true, true
	}
	switch a.Bound {
	case lexicon.BoundAtLeast, lexicon.BoundMoreThan:
		return true, false
	case lexicon.BoundAtMost, lexicon.BoundLessThan:
		return false, true
	}
	return true, true
}

// floors and ceilings are the values of a quantity that bound from below and
// from above; an exact value does both.
func floors(q lexicon.Quantity) []float64 {
	switch q.Bound {
	case lexicon.BoundAtMost, lexicon.BoundLessThan:
		return nil
	}
	return []float64{q.Low}
}

func ceilings(q lexicon.Quantity) []float64 {
	switch q.Bound {
	case lexicon.BoundAtLeast, lexicon.BoundMoreThan:
		return nil
	}
	return []float64{q.High}
}

// meets tells whether a quantity has a value that was asked for.
func (a Asked) meets(q lexicon.Quantity) bool {
	if q.Dimension != a.Dimension {
		return false
	}
	low, high := a.within()
	in := func(v float64) bool { return v >= low && v <= high }
	floor, ceiling := a.sides()
	return floor && slices.ContainsFunc(floors(q), in) || ceiling && slices.ContainsFunc(ceilings(q), in)
}

// query looks for clauses that have a value that was asked for.
func (a Asked) query() query.Query {
	low, high := a.within()
	yes := true
	var any []query.Query
	add := func(field string) {
		q := bleve.NewNumericRangeInclusiveQuery(&low, &high, &yes, &yes)
		q.SetField(field)
		q.SetBoost(0)
		any = append(any, q)
	}
	floor, ceiling := a.sides()
	if floor {
		add(floorField(a.Dimension))
	}
	if ceiling {
		add(ceilingField(a.Dimension))
	}
	d := bleve.NewDisjunctionQuery(any...)
	d.SetBoost(0)
	return d
}

// addValues puts a reading's values into the numeric fields of a document, and returns
// their dimensions, sorted, once each.
func addValues(fields map[string]any, r lexicon.Reading) []string {
	values := map[string][]float64{}
	var dimensions []string
	for _, q := range r.Quantities {
		if slices.Contains(valueDimensions, q.Dimension) {
			dimensions = append(dimensions, q.Dimension)
			values[floorField(q.Dimension)] = append(values[floorField(q.Dimension)], floors(q)...)
			values[ceilingField(q.Dimension)] = append(values[ceilingField(q.Dimension)], ceilings(q)...)
		}
	}
	for field, list := range values {
		if len(list) > 0 {
			slices.Sort(list)
			fields[field] = slices.Compact(list)
		}
	}
	slices.Sort(dimensions)
	return slices.Compact(dimensions)
}

// measuredToken is the neutral token of what a quantity measures.
func measuredToken(dimension string, id lexicon.ConceptID) string {
	return tokenMeasured + dimension + ":" + string(id)
}

// Met lists the quantities of a clause that have a value the query asks for, in
// the unit of the query; those that measure the same thing alone when there are
// some. A query that Search refuses has none.
func (ix *Index) Met(q Query, r lexicon.Reading) []Met {
	p, err := ix.plan(q)
	if err != nil {
		return nil
	}
	var out []Met
	for _, a := range p.values() {
		var same, other []Met
		unit := unitOf(a.Printed)
		for _, has := range r.Quantities {
			if !a.meets(has) {
				continue
			}
			m := Met{Span: has.Span, Bound: has.Bound, Low: ix.convert(has.Low, unit, a.Dimension), High: ix.convert(has.High, unit, a.Dimension), Unit: unit}
			if slices.Contains(a.Measures, has.Measures) {
				same = append(same, m)
			} else {
				other = append(other, m)
			}
		}
		if len(same) == 0 {
			same = other
		}
		out = append(out, same...)
	}
	return out
}

// unitOf is the unit of a printed quantity, as printed behind its last number.
func unitOf(printed string) string {
	last := strings.LastIndexFunc(strings.TrimRight(printed, "²³"), func(r rune) bool { return unicode.Is(unicode.Nd, r) })
	if last < 0 {
		return ""
	}
	return strings.TrimSpace(strings.TrimLeftFunc(printed[last:], func(r rune) bool { return unicode.IsNumber(r) || unicode.IsSpace(r) }))
}

// convert writes an SI value in a unit as the lexicon reads it, by its zero and
// its hundred (degrees Celsius have a zero of their own).
func (ix *Index) convert(v float64, unit, dimension string) float64 {
	at := func(number string) (float64, bool) {
		for _, q := range ix.lex.ReadText(number+" "+unit, "").Quantities {
			return q.Low, q.Dimension == dimension
		}
		return 0, false
	}
	zero, ok := at("0")
	hundred, too := at("100")
	if !ok || !too || hundred == zero {
		return v
	}
	return tidy((v - zero) / (hundred - zero) * 100)
}

// tidy takes out what binary fractions add behind nine digits.
func tidy(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	scale := math.Pow(10, 9-math.Ceil(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
