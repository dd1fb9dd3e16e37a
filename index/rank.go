package index

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// evidence is one way a clause can show that it has what a unit of the query
// asks for: a word in a field, a concept, a number.
type evidence struct {
	query  query.Query
	slot   int
	factor float64 // 1 is as good as the thing itself
}

// slotHeading is the slot of what tells that a clause is a mere heading.
const slotHeading = -1

// asked is a unit of the query with its weight, the slot of its own evidence,
// and the slots of the concepts inside its term, with their weights: a clause
// that says "data" and "breach" apart has most of "data breach".
type asked struct {
	weight float64
	slot   int
	parts  []part
}

// part is a concept inside a term.
type part struct {
	weight float64
	slot   int
}

// rankQuery finds the clauses that have enough of a query's units and orders
// them by how much they have.
//
// A clause is worth the sum, over the units, of the unit's weight times its best
// evidence. Best and not sum, since a clause in the query's own language has
// words and concepts to show and one in another language concepts alone: Bleve's
// disjunction multiplies by the share of ways that matched, which put the same
// rule in another language far behind. Weights are of the whole index and not of
// the part that is searched, so that parts can be compared.
type rankQuery struct {
	evidence []evidence
	asked    []asked
	slots    int
	least    float64 // weight that a clause must have
}

// slot makes a new slot.
func (q *rankQuery) slot() int {
	q.slots++
	return q.slots - 1
}

// Searcher implements query.Query.
func (q *rankQuery) Searcher(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, options search.SearcherOptions) (search.Searcher, error) {
	s := &rankSearcher{asked: q.asked, least: q.least, best: make([]float64, q.slots)}
	for _, e := range q.evidence {
		child, err := e.query.Searcher(ctx, i, m, options)
		if err != nil {
			_ = s.Close()
			return nil, err
		}
		if child.Count() == 0 {
			if err := child.Close(); err != nil {
				_ = s.Close()
				return nil, err
			}
			continue
		}
		child.SetQueryNorm(1 / max(child.Weight(), 1e-9)) // takes out the part's own rarity: what is left is frequency by length
		s.cursors = append(s.cursors, &cursor{searcher: child, slot: e.slot, factor: e.factor})
	}
	return s, nil
}

// cursor is a searcher at one of its hits.
type cursor struct {
	searcher search.Searcher
	at       *search.DocumentMatch
	slot     int
	factor   float64
}

// rankSearcher walks all evidence in the order of the clauses.
type rankSearcher struct {
	asked   []asked
	least   float64
	cursors []*cursor // all
	heap    cursorHeap
	title   float64   // worthTitle when the clause at hand is a heading
	best    []float64 // by slot, of the clause at hand
	begun   bool
}

// Next implements search.Searcher.
func (s *rankSearcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	if err := s.begin(ctx, nil); err != nil {
		return nil, err
	}
	hit := ctx.DocumentMatchPool.Get()
	for len(s.heap) > 0 {
		hit.IndexInternalID = index.NewIndexInternalIDFrom(hit.IndexInternalID, s.heap[0].at.IndexInternalID)
		clear(s.best)
		s.title = 1
		for len(s.heap) > 0 && s.heap[0].at.IndexInternalID.Equals(hit.IndexInternalID) {
			s.note(s.heap[0])
			if err := s.step(ctx, nil); err != nil {
				return nil, err
			}
		}
		score, enough := s.score()
		if enough {
			hit.Score = score
			return hit, nil
		}
	}
	ctx.DocumentMatchPool.Put(hit)
	return nil, nil
}

// Advance implements search.Searcher.
func (s *rankSearcher) Advance(ctx *search.SearchContext, id index.IndexInternalID) (*search.DocumentMatch, error) {
	if err := s.begin(ctx, id); err != nil {
		return nil, err
	}
	for len(s.heap) > 0 && s.heap[0].at.IndexInternalID.Compare(id) < 0 {
		if err := s.step(ctx, id); err != nil {
			return nil, err
		}
	}
	return s.Next(ctx)
}

// begin brings every cursor to its first hit, not before a clause if one is
// given.
func (s *rankSearcher) begin(ctx *search.SearchContext, from index.IndexInternalID) error {
	if s.begun {
		return nil
	}
	s.begun = true
	for _, c := range s.cursors {
		if err := c.move(ctx, from); err != nil {
			return err
		}
		if c.at != nil {
			s.heap = append(s.heap, c)
		}
	}
	heap.Init(&s.heap)
	return nil
}

// step moves the first cursor on and puts it back in its place.
func (s *rankSearcher) step(ctx *search.SearchContext, to index.IndexInternalID) error {
	c := s.heap[0]
	ctx.DocumentMatchPool.Put(c.at)
	if err := c.move(ctx, to); err != nil {
		return err
	}
	if c.at == nil {
		heap.Pop(&s.heap)
		return nil
	}
	heap.Fix(&s.heap, 0)
	return nil
}

// move brings a cursor to its next hit, or to the first from a clause on; at is
// nil when there is none.
func (c *cursor) move(ctx *search.SearchContext, to index.IndexInternalID) (err error) {
	if to != nil {
		c.at, err = c.searcher.Advance(ctx, to)
		return err
	}
	c.at, err = c.searcher.Next(ctx)
	return err
}

// How a clause's evidence counts (own choices on general grounds).
const (
	presence     = 0.75     // the share that presence alone gives, beside frequency by length
	usualDensity = 1.0 / 40 // one in as many words as an ordinary clause has
	worthParts   = 0.8      // all concepts inside a term, without the term
	worthTitle   = 0.6      // a heading without text, which answers nothing itself
)

// note takes in the evidence of a cursor for the clause at hand.
func (s *rankSearcher) note(c *cursor) {
	if c.slot == slotHeading {
		s.title = worthTitle
		return
	}
	density := c.at.Score * c.at.Score // Bleve gives root of frequency by root of length
	s.best[c.slot] = max(s.best[c.slot], c.factor*(presence+(1-presence)*density/(density+usualDensity)))
}

// score adds up the best evidence of each unit, and tells whether it is enough.
func (s *rankSearcher) score() (float64, bool) {
	sum, has := 0.0, 0.0
	for _, a := range s.asked {
		b := max(s.best[a.slot], worthParts*s.parts(a))
		sum += a.weight * b
		has += a.weight * min(1, 2*b)
	}
	return s.title * sum, has >= s.least && has > 0
}

// parts is the share of a term's parts that a clause has, by weight.
func (s *rankSearcher) parts(a asked) float64 {
	all, has := 0.0, 0.0
	for _, p := range a.parts {
		all += p.weight
		has += p.weight * s.best[p.slot]
	}
	if all == 0 {
		return 0
	}
	return has / all
}

// Close implements search.Searcher.
func (s *rankSearcher) Close() error {
	var first error
	for _, c := range s.cursors {
		if err := c.searcher.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Weight implements search.Searcher.
func (s *rankSearcher) Weight() float64 { return 1 }

// SetQueryNorm implements search.Searcher: the scores are final.
func (s *rankSearcher) SetQueryNorm(float64) {}

// Count implements search.Searcher, as the most there may be.
func (s *rankSearcher) Count() uint64 {
	n := uint64(0)
	for _, c := range s.cursors {
		n += c.searcher.Count()
	}
	return n
}

// Min implements search.Searcher.
func (s *rankSearcher) Min() int { return 0 }

// Size implements search.Searcher.
func (s *rankSearcher) Size() int {
	n := 0
	for _, c := range s.cursors {
		n += c.searcher.Size()
	}
	return n
}

// DocumentMatchPoolSize implements search.Searcher.
func (s *rankSearcher) DocumentMatchPoolSize() int {
	n := len(s.cursors) + 1
	for _, c := range s.cursors {
		n += c.searcher.DocumentMatchPoolSize()
	}
	return n
}

// cursorHeap has the cursor on the first clause on top.
type cursorHeap []*cursor

func (h cursorHeap) Len() int { return len(h) }
func (h cursorHeap) Less(i, j int) bool {
	return h[i].at.IndexInternalID.Compare(h[j].at.IndexInternalID) < 0
}
func (h cursorHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *cursorHeap) Push(x any) { *h = append(*h, x.(*cursor)) }

// Pop implements heap.Interface.
func (h *cursorHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// rarity is the weight of something that n of all clauses have (Robertson and
// Spärck Jones, as BM25 writes it).
func rarity(n, all uint64) float64 {
	return math.Log(1 + (float64(all)-float64(min(n, all))+0.5)/(float64(n)+0.5))
}

// counter counts how many clauses of the whole index have a term.
type counter struct {
	ctx     context.Context
	readers []index.IndexReader
	all     uint64
	err     error
}

// counter opens the state of every part; close must be called.
func (ix *Index) counter(ctx context.Context) (*counter, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.gen == nil {
		return nil, ErrClosed
	}
	c := &counter{ctx: ctx}
	for _, name := range ix.gen.names() {
		advanced, err := ix.gen.parts[name].Advanced()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("search: %w", err), c.close())
		}
		reader, err := advanced.Reader()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("search: %w", err), c.close())
		}
		c.readers = append(c.readers, reader)
		n, err := reader.DocCount()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("search: %w", err), c.close())
		}
		c.all += n
	}
	return c, nil
}

// of counts the clauses with a term; the first failure stays in err.
func (c *counter) of(field, term string) uint64 {
	var sum uint64
	for _, r := range c.readers {
		t, err := r.TermFieldReader(c.ctx, []byte(term), field, false, false, false)
		if err != nil {
			c.err = errors.Join(c.err, fmt.Errorf("search: %w", err))
			return sum
		}
		sum += t.Count()
		c.err = errors.Join(c.err, t.Close())
	}
	return sum
}

// close lets go of the states.
func (c *counter) close() error {
	var errs []error
	for _, r := range c.readers {
		errs = append(errs, r.Close())
	}
	return errors.Join(errs...)
}
