package matcher

import (
	"cmp"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"concord/corpus"
	"concord/matcher/sparse"
)

// collection is a corpus in memory: facts of every clause and postings for each
// ranking. It is built once and only read afterwards; a change of the corpus
// builds another one and swaps it in.
type collection struct {
	facts      []*facts // by standard, then digest of wording, then id
	place      map[corpus.ClauseID]int
	standards  map[corpus.StandardID][2]int // first place and the one after the last
	traditions map[corpus.StandardID]corpus.Tradition
	stats      *statistics
	number     map[termID]uint32 // of the postings
	rankings   []*sparse.Index   // as in rankings
	embedded   *embedded         // nil without embeddings

	mu       sync.Mutex
	pairings map[string]*preparing // by source and targets, see pairing
	recent   []string              // keys, oldest first
	kept     int                   // clauses in the pairings
}

// ranking is one way of finding candidates: clauses that share terms of a bag,
// by cosine. Weights come from the signal of the same name.
type ranking struct {
	signal string
	bag    func(*facts) bag
}

// rankings lists the ways of finding; another way is another line here.
var rankings = []ranking{
	{"words", func(f *facts) bag { return f.wordBag }},
	{"concepts", func(f *facts) bag { return f.conceptBag }},
	{"names", func(f *facts) bag { return f.tokenBag }},
	{"cognates", func(f *facts) bag { return f.gramBag }},
	{"headings", func(f *facts) bag { return f.headBag }},
}

// wordRanking is the ranking over which translated words are looked up.
const wordRanking = 0

// newCollection reads all clauses, on every core, and builds the postings.
func (m *Matcher) newCollection(standards []corpus.Standard, clauses []corpus.Clause) (*collection, error) {
	traditions := make(map[corpus.StandardID]corpus.Tradition, len(standards))
	for _, s := range standards {
		traditions[s.ID] = s.Tradition
	}
	kept := make([]corpus.Clause, 0, len(clauses))
	for _, c := range clauses {
		if c.Kind == "" || c.Kind.Normative() {
			kept = append(kept, c)
		}
	}
	col := &collection{
		facts: make([]*facts, len(kept)), place: make(map[corpus.ClauseID]int, len(kept)),
		standards: make(map[corpus.StandardID][2]int), traditions: traditions, pairings: make(map[string]*preparing),
	}
	parallel(len(kept), func(i int) { col.facts[i] = m.factsOf(kept[i], traditions[kept[i].Standard]) })
	corpus.SortRows(col.facts, func(a, b *facts) int {
		return cmp.Or(cmp.Compare(a.clause.Standard, b.clause.Standard), cmp.Compare(a.digest, b.digest), cmp.Compare(a.clause.ID, b.clause.ID))
	})
	for i, f := range col.facts {
		if at, twice := col.place[f.clause.ID]; twice {
			return nil, fmt.Errorf("build the matcher's corpus: %w: clause %s is given twice (as %q and %q)", corpus.ErrInvalid, f.clause.ID, col.facts[at].clause.Label, f.clause.Label)
		}
		col.place[f.clause.ID] = i
		span, seen := col.standards[f.clause.Standard]
		if !seen {
			span[0] = i
		}
		span[1] = i + 1
		col.standards[f.clause.Standard] = span
	}
	col.embedded = m.newEmbedded(col.facts)
	return col, col.index()
}

// index numbers the terms and builds one index for each ranking.
func (col *collection) index() error {
	col.stats = countTerms(col.facts)
	col.number = make(map[termID]uint32, len(col.stats.in))
	for _, f := range col.facts {
		for _, r := range rankings {
			for _, e := range r.bag(f) {
				if _, ok := col.number[e.id]; !ok {
					col.number[e.id] = uint32(len(col.number))
				}
			}
		}
	}
	col.rankings = make([]*sparse.Index, len(rankings))
	errs := make([]error, len(rankings))
	parallel(len(rankings), func(i int) {
		var b sparse.Builder
		for _, f := range col.facts {
			b.Add(string(f.clause.Standard), col.terms(newVector(rankings[i].bag(f), col.stats)))
		}
		col.rankings[i], errs[i] = b.Build()
	})
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("build the matcher's corpus: %w", err)
		}
	}
	return nil
}

// terms turns a vector into numbered terms of length one; unknown ones go.
func (col *collection) terms(v vector) []sparse.Term {
	out := make([]sparse.Term, 0, len(v.terms))
	for _, t := range v.terms {
		if n, ok := col.number[t.id]; ok {
			out = append(out, sparse.Term{ID: n, Weight: float32(float64(t.w) / v.norm)})
		}
	}
	return out
}

// parallel runs do for 0 to n-1 on every core. The work must not depend on the
// order it is done in.
func parallel(n int, do func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	chunk := max(1, min(16, n/(4*workers)))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				start := int(next.Add(int64(chunk))) - chunk
				if start >= n {
					return
				}
				for i := start; i < min(start+chunk, n); i++ {
					do(i)
				}
			}
		})
	}
	wg.Wait()
}
