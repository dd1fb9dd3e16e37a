package index

import (
	"math"
	"slices"
	"strings"

	"concord/corpus/lexicon"
)

// secondLook is how many of the best hits are looked at again; what is behind
// them stays where it is.
const secondLook = 100

// tokenBinding tells that a clause asks for something, allows it or forbids it.
const tokenBinding = "o:binds"

// What the second look adds to a hit's score, as shares of it (own choices on
// general grounds; concord evaluate --search tells what each is worth).
const (
	worthLikeness  = 2.0 // says the same as the best hits do
	worthDimension = 0.6 // has a value of the dimension that is asked for: "height" wants a length
	worthAskedFor  = 0.6 // that value measures what the query names
	worthBinding   = 0.6 // binds somebody: who compares rules asks what is asked for, not what a word means
)

// The best hits that the others are compared with, and how fast their weight
// falls from one to the next (pseudo relevance feedback, Rocchio 1971: what the
// best hits say beside the query's words is what the query is about, and in
// concepts it is said in every language).
const (
	likenessHits = 4
	likenessFall = 0.6
)

// A standard's second hit counts this much of its score, the third this much of
// that and so on, down to worthLeast: people compare countries, and ten clauses
// of one standard hide the others.
const (
	worthNext  = 0.85
	worthLeast = 0.6
)

// seldom is the least number of hits with a concept that counts: a concept of one
// hit alone, which may be a misreading, is no rarer than one of so many.
const seldom = 3

// said is what the second look needs to know of a clause, as it is stored: the
// concepts with their frequency, the dimensions of its values, what they measure.
func said(r lexicon.Reading) string {
	var out []string
	if lexicon.Strongest(r.Obligations) != lexicon.DegreeStatement {
		out = append(out, tokenBinding)
	}
	for _, m := range r.Concepts {
		out = append(out, tokenConcept+string(m.Concept))
	}
	for _, q := range r.Quantities {
		out = append(out, tokenDimension+q.Dimension)
		if q.Measures != "" {
			out = append(out, measuredToken(q.Dimension, q.Measures))
		}
	}
	return strings.Join(out, " ")
}

// candidate is a hit with what it says.
type candidate struct {
	found
	counts []count
	length float64 // of the vector of its concepts' weights
}

// count is how often a clause says a token, and what its concept weighs there; 0
// when it is none.
type count struct {
	token, n int
	weight   float64
}

// sayings numbers the tokens of the hits in the order they come up, so that the
// same hits always give the same numbers.
type sayings struct {
	number map[string]int
	names  []string
	having []uint64 // hits with the token
}

// of is the number of a token, -1 for one that no hit says.
func (s *sayings) of(token string) int {
	if n, known := s.number[token]; known {
		return n
	}
	return -1
}

// read counts the tokens of a hit.
func (s *sayings) read(h found, says string) candidate {
	c := candidate{found: h}
	place := map[int]int{}
	for token := range strings.FieldsSeq(says) {
		n, known := s.number[token]
		if !known {
			n = len(s.names)
			s.number[token] = n
			s.names = append(s.names, token)
			s.having = append(s.having, 0)
		}
		at, again := place[n]
		if !again {
			at = len(c.counts)
			place[n] = at
			c.counts = append(c.counts, count{token: n})
			s.having[n]++
		}
		c.counts[at].n++
	}
	return c
}

// lookAgain orders hits, which come best first, by what their clauses say as a
// whole. Scores only grow, so that hits behind them stay behind.
func (p plan) lookAgain(hits []found, says []string) {
	if len(hits) < 2 {
		return
	}
	s := &sayings{number: map[string]int{}}
	all := make([]candidate, len(hits))
	for i, h := range hits {
		all[i] = s.read(h, says[i])
	}
	p.weigh(s, all)
	model := likeness(s, all)
	dimensions, measured := p.wanted(s)
	var binding []int
	if !p.asksMeaning() {
		binding = append(binding, s.of(tokenBinding))
	}
	for i, c := range all {
		more := worthLikeness * c.along(model)
		if c.saysAny(dimensions) {
			more += worthDimension
		}
		if c.saysAny(measured) {
			more += worthAskedFor
		}
		if c.saysAny(binding) {
			more += worthBinding
		}
		hits[i].score *= (1 + more) / worthLeast
	}
	slices.SortFunc(hits, found.ahead)
	seen := map[string]float64{}
	for i := range hits {
		standard, _, _ := strings.Cut(hits[i].id, "/")
		hits[i].score *= max(worthLeast, math.Pow(worthNext, seen[standard]))
		seen[standard]++
	}
	slices.SortFunc(hits, found.ahead)
}

// weigh gives each concept of a hit its weight: how often the hit names it, and
// how few of the hits do. Of that the root is taken, since a hundred hits tell
// roughly how rare a concept is: one that a single hit names would rule the rest.
func (p plan) weigh(s *sayings, all []candidate) {
	weights := make([]float64, len(s.names))
	for n, token := range s.names {
		id, isConcept := strings.CutPrefix(token, tokenConcept)
		if !isConcept {
			continue
		}
		weights[n] = math.Sqrt(rarity(max(s.having[n], seldom), uint64(len(all))))
		if c, _ := p.lex.Concept(lexicon.ConceptID(id)); c.Domain == "general" {
			weights[n] *= worthCommon
		}
	}
	for i := range all {
		sum := 0.0
		for k := range all[i].counts {
			c := &all[i].counts[k]
			c.weight = (1 + math.Log(float64(c.n))) * weights[c.token]
			sum += c.weight * c.weight
		}
		all[i].length = math.Sqrt(sum)
	}
}

// likeness adds up what the best hits say, each by the square of its score and
// by its place, as a vector of length 1 by token.
func likeness(s *sayings, all []candidate) []float64 {
	model := make([]float64, len(s.names))
	for i, c := range all[:min(likenessHits, len(all))] {
		if c.length == 0 {
			continue
		}
		share := c.score / all[0].score
		weight := share * share / (1 + likenessFall*float64(i)) / c.length
		for _, x := range c.counts {
			model[x.token] += weight * x.weight
		}
	}
	sum := 0.0
	for _, x := range model {
		sum += x * x
	}
	if sum > 0 {
		for i := range model {
			model[i] /= math.Sqrt(sum)
		}
	}
	return model
}

// along is the cosine between a hit and the model.
func (c candidate) along(model []float64) float64 {
	if c.length == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range c.counts {
		sum += x.weight * model[x.token]
	}
	return sum / c.length
}

// saysAny tells whether a clause says one of the tokens.
func (c candidate) saysAny(tokens []int) bool {
	return slices.ContainsFunc(c.counts, func(x count) bool { return slices.Contains(tokens, x.token) })
}

// asksMeaning tells whether a query asks what a word means.
func (p plan) asksMeaning() bool {
	return slices.ContainsFunc(p.units, func(u unit) bool {
		return slices.Contains(u.concepts, "definition") || slices.Contains(u.concepts, "term")
	})
}

// wanted are the tokens of the dimensions that the query's concepts are measured
// in, and of values of these that measure one of the query's concepts. A query
// that gives a range itself has none: every hit has the value then.
func (p plan) wanted(s *sayings) (dimensions, measured []int) {
	if len(p.asked) > 0 {
		return nil, nil
	}
	var concepts []lexicon.ConceptID
	for _, u := range p.units {
		concepts = append(concepts, u.concepts...)
	}
	for _, d := range valueDimensions {
		if !slices.ContainsFunc(concepts, func(id lexicon.ConceptID) bool { return p.lex.Names(id, d) }) {
			continue
		}
		dimensions = append(dimensions, s.of(tokenDimension+d))
		for _, id := range concepts {
			measured = append(measured, s.of(measuredToken(d, id)))
		}
	}
	return dimensions, measured
}
