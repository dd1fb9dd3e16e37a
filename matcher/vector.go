package matcher

import (
	"math"
	"strconv"

	"concord/corpus/lexicon"
)

// statistics tell how rare a term is. The rarity is that of the pair of
// standards at hand, because "application" says nothing between two standards
// about applications; without standards at hand every term is as rare as any.
type statistics struct {
	in      map[termID]int32 // clauses that have the term, of both standards
	whole   *vocabulary      // instead of in, of a whole corpus
	clauses int
	neutral bool
}

// neutralIDF is the worth of a term when nothing is known about its rarity:
// that of a term in one clause of twenty.
const neutralIDF = 3.0

// idf is the inverse document frequency of a term in the clauses of both
// standards taken together.
func (s *statistics) idf(id termID) float32 {
	if s == nil || s.neutral {
		return neutralIDF
	}
	if s.whole != nil {
		return s.whole.idf(id)
	}
	return max(0.05, idfOf(s.in[id], s.clauses))
}

// idfOf is ln(1 + (N-n+0.5)/(n+0.5)).
func idfOf(n int32, all int) float32 {
	return float32(math.Log(1 + (float64(all)-float64(n)+0.5)/(float64(n)+0.5)))
}

// countTerms counts in how many of the clauses each term occurs.
func countTerms(all []*facts) *statistics {
	s := &statistics{in: make(map[termID]int32), clauses: len(all)}
	for _, f := range all {
		for _, b := range f.bags() {
			for _, e := range b {
				s.in[e.id]++
			}
		}
	}
	return s
}

// bags lists the bags whose terms have a rarity. Heads share the terms of words
// and concepts and are therefore not counted again.
func (f *facts) bags() []bag {
	return []bag{f.wordBag, f.conceptBag, f.tokenBag, f.gramBag, f.phraseBag}
}

// weighted is a term with its weight, and how rare it is.
type weighted struct {
	id     termID
	w, idf float32
}

// vector is a bag with weights, in order of id, with its length.
type vector struct {
	terms []weighted
	norm  float64 // root of the sum of squares
	mass  float64 // sum of weights
}

// newVector weights a bag: rarity times dampened frequency.
func newVector(b bag, stats *statistics) vector {
	v := vector{terms: make([]weighted, len(b))}
	for i, e := range b {
		idf := stats.idf(e.id)
		w := damp(e.n) * idf
		v.terms[i] = weighted{e.id, w, idf}
		v.norm += float64(w) * float64(w)
		v.mass += float64(w)
	}
	v.norm = math.Sqrt(v.norm)
	return v
}

// weight is that of a term, 0 for one that is not there.
func (v vector) weight(id termID) float32 {
	if at, found := v.find(id); found {
		return v.terms[at].w
	}
	return 0
}

// damp makes the second occurrence of a term count less than the first.
func damp(n float32) float32 {
	if n <= 1 {
		return n
	}
	return 1 + float32(math.Log(float64(n)))
}

// overlap is what two vectors share.
type overlap struct {
	cosine   float64
	ofSource float64 // share of the source's mass that the target has too
	ofTarget float64
}

// compare walks two vectors together.
func compare(a, b vector) overlap {
	if len(a.terms) == 0 || len(b.terms) == 0 {
		return overlap{}
	}
	var dot, source, target float64
	for i, j := 0, 0; i < len(a.terms) && j < len(b.terms); {
		x, y := a.terms[i], b.terms[j]
		switch {
		case x.id < y.id:
			i++
		case x.id > y.id:
			j++
		default:
			dot += float64(x.w) * float64(y.w)
			source += float64(min(x.w, y.w))
			target += float64(min(x.w, y.w))
			i++
			j++
		}
	}
	return overlap{ratio(dot, a.norm*b.norm), ratio(source, a.mass), ratio(target, b.mass)}
}

// ratio divides, nothing by nothing being nothing.
func ratio(x, y float64) float64 {
	if y <= 0 {
		return 0
	}
	return min(1, x/y)
}

// ratioOf divides by a count, nothing by nothing being nothing.
func ratioOf(sum float64, n int) float64 {
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// view is a clause's facts with the weights of the standards at hand.
type view struct {
	*facts
	words, concepts, tokens, grams, heads, phrases vector
	local                                          []int32 // of words' terms: numbers in the learned table, -1 when unknown there
}

// newView weights a clause's facts.
func newView(f *facts, stats *statistics) *view {
	v := newViewBeside(f, stats, false)
	v.grams = newVector(f.gramBag, stats)
	return v
}

// newViewBeside weights what newComparison looks at beside a clause in the same language
// or, across, in another one, where no words were learned.
func newViewBeside(f *facts, stats *statistics, across bool) *view {
	v := &view{facts: f, concepts: newVector(f.conceptBag, stats), tokens: newVector(f.tokenBag, stats), heads: newVector(f.headBag, stats)}
	if across {
		v.grams = newVector(f.gramBag, stats)
	} else {
		v.words, v.phrases = newVector(f.wordBag, stats), newVector(f.phraseBag, stats)
	}
	return v
}

// quantityKey names a quantity so that equal ones meet in any language and
// unit: dimension and value in SI units, to four digits.
func quantityKey(q lexicon.Quantity) string {
	key := q.Dimension + " " + strconv.FormatFloat(q.Low, 'g', 4, 64)
	if q.High != q.Low {
		key += ".." + strconv.FormatFloat(q.High, 'g', 4, 64)
	}
	return key
}
