package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"

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
// that says "data" and "breach" apart has most of "data breach". A term has
// other parts in another language, so there may be several ways to say it.
type asked struct {
	weight float64
	slot   int
	said   [][]part
}

// part is a concept inside a term, with its share of the weight of all of them.
type part struct {
	share float64
	slot  int
}

// say adds a way of saying the unit by parts, whose shares are weights until then.
func (a *asked) say(parts []part) {
	all := 0.0
	for _, p := range parts {
		all += p.share
	}
	for i := range parts {
		if all > 0 {
			parts[i].share /= all
		}
	}
	if !slices.ContainsFunc(a.said, func(other []part) bool { return slices.Equal(other, parts) }) {
		a.said = append(a.said, parts)
	}
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
	lists    *lists
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
func (q *rankQuery) Searcher(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, _ search.SearcherOptions) (search.Searcher, error) {
	s := &rankSearcher{asked: q.asked, least: q.least, slots: q.slots}
	for _, e := range q.evidence {
		l, err := q.lists.of(ctx, i, m, e.query)
		if err != nil {
			return nil, err
		}
		if len(l.docs) > 0 {
			s.cursors = append(s.cursors, &cursor{list: l, slot: e.slot, factor: e.factor})
		}
	}
	s.essential = s.split()
	if spare := spareRows.Get().(*[]float64); len(*spare) >= blockDocs*s.slots {
		s.rows = *spare
	} else {
		s.rows = make([]float64, blockDocs*s.slots)
	}
	return s, nil
}

// spareRows are the rows of searches that have ended, all zero.
var spareRows = sync.Pool{New: func() any { return new([]float64) }}

// cursor is a list of evidence with how far it has been read.
type cursor struct {
	*list
	at     int
	slot   int
	factor float64
}

// blockDocs is how many clauses are looked at together.
const blockDocs = 1024

// rankSearcher walks all evidence in the order of the clauses, block by block:
// what each list says of a block's clauses is noted in their rows, then the rows
// are added up.
type rankSearcher struct {
	asked   []asked
	least   float64
	cursors []*cursor // all; those before essential first
	slots   int
	// essential is how many cursors a clause must be in one of to have enough.
	essential int
	base      uint32                 // first clause of the block
	rows      []float64              // best evidence by slot, of each clause of the block
	met       [blockDocs / 64]uint64 // clauses of the block with evidence that were not given yet
	heads     [blockDocs / 64]uint64 // clauses of the block that are headings
	title     float64                // worthTitle when the clause at hand is a heading
	best      []float64              // by slot, of the clause at hand
}

// Next implements search.Searcher.
func (s *rankSearcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	for {
		row, there := s.first()
		if !there {
			if !s.fill() {
				return nil, nil
			}
			continue
		}
		s.met[row/64] &^= 1 << (row % 64)
		s.best, s.title = s.rows[row*s.slots:(row+1)*s.slots], 1
		if s.heads[row/64]&(1<<(row%64)) != 0 {
			s.title = worthTitle
		}
		score, enough := s.score()
		clear(s.best)
		if enough {
			hit := ctx.DocumentMatchPool.Get()
			hit.IndexInternalID = index.NewIndexInternalID(hit.IndexInternalID, uint64(s.base)+uint64(row))
			hit.Score = score
			return hit, nil
		}
	}
}

// first is the row of the block's first clause that was not given yet.
func (s *rankSearcher) first() (int, bool) {
	for i, word := range s.met {
		if word != 0 {
			return i*64 + bits.TrailingZeros64(word), true
		}
	}
	return 0, false
}

// fill notes the evidence of the next block that has any; false at the end.
func (s *rankSearcher) fill() bool {
	next, any := uint32(math.MaxUint32), false
	for _, c := range s.cursors[:s.essential] {
		if c.at < len(c.docs) {
			next, any = min(next, c.docs[c.at]), true
		}
	}
	if !any {
		return false
	}
	s.base, s.heads = next&^(blockDocs-1), [blockDocs / 64]uint64{}
	for n, c := range s.cursors {
		if n >= s.essential {
			c.skip(s.base)
		}
		for ; c.at < len(c.docs) && c.docs[c.at]-s.base < blockDocs; c.at++ {
			row := int(c.docs[c.at] - s.base)
			word, bit := row/64, uint64(1)<<(row%64)
			switch {
			case c.slot == slotHeading:
				s.heads[word] |= bit
				continue
			case n < s.essential:
				s.met[word] |= bit
			case s.met[word]&bit == 0:
				continue
			}
			s.best = s.rows[row*s.slots : (row+1)*s.slots]
			s.note(c)
		}
	}
	return true
}

// split puts the cursors of common things last: those that together are never enough,
// so that a clause which is in none of the others need not be looked at (the idea of
// MaxScore, Turtle and Flood 1995). It returns how many the others are. The longest
// lists go first among those passed over.
func (s *rankSearcher) split() int {
	most, length := make([]float64, s.slots), make([]int, s.slots)
	for _, c := range s.cursors {
		if c.slot != slotHeading {
			most[c.slot], length[c.slot] = max(most[c.slot], c.factor), length[c.slot]+len(c.docs)
		}
	}
	order := make([]int, s.slots)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(length[b]-length[a], a-b) })
	s.best = make([]float64, s.slots)
	passed := make([]bool, s.slots)
	for _, slot := range order {
		s.best[slot] = most[slot]
		if _, has := s.sums(); has < s.least-1e-9 {
			passed[slot] = true
			continue
		}
		s.best[slot] = 0
	}
	s.best = nil
	passes := func(c *cursor) bool { return c.slot == slotHeading || passed[c.slot] }
	common := slices.DeleteFunc(slices.Clone(s.cursors), func(c *cursor) bool { return !passes(c) })
	s.cursors = slices.DeleteFunc(s.cursors, passes)
	n := len(s.cursors)
	s.cursors = append(s.cursors, common...)
	return n
}

// Advance implements search.Searcher.
func (s *rankSearcher) Advance(ctx *search.SearchContext, id index.IndexInternalID) (*search.DocumentMatch, error) {
	to := uint32(id.Value())
	for row, there := s.first(); there && s.base+uint32(row) < to; row, there = s.first() {
		s.met[row/64] &^= 1 << (row % 64)
		clear(s.rows[row*s.slots : (row+1)*s.slots])
	}
	for _, c := range s.cursors {
		c.skip(to)
	}
	return s.Next(ctx)
}

// skip passes over what is before a clause.
func (c *cursor) skip(to uint32) {
	if c.at < len(c.docs) && c.docs[c.at] < to {
		past, _ := slices.BinarySearch(c.docs[c.at:], to)
		c.at += past
	}
}

// How a clause's evidence counts (own choices on general grounds).
const (
	presence     = 0.85     // the share that presence alone gives, beside frequency by length
	usualDensity = 1.0 / 40 // one in as many words as an ordinary clause has
	worthParts   = 0.8      // all concepts inside a term, without the term
	worthImplied = 0.8      // a term, for a concept that is named inside it
	worthTitle   = 0.6      // a heading without text, which answers nothing itself
)

// note takes in the evidence of a cursor for the clause at hand.
func (s *rankSearcher) note(c *cursor) {
	density := float64(c.scores[c.at]) * float64(c.scores[c.at]) // Bleve gives root of frequency by root of length
	s.best[c.slot] = max(s.best[c.slot], c.factor*(presence+(1-presence)*density/(density+usualDensity)))
}

// score adds up the best evidence of each unit, and tells whether it is enough.
func (s *rankSearcher) score() (float64, bool) {
	sum, has := s.sums()
	return s.title * sum, has >= s.least && has > 0
}

// sums are what the evidence is worth, and how much of the query it shows.
func (s *rankSearcher) sums() (sum, has float64) {
	for i := range s.asked {
		a := &s.asked[i]
		b := s.best[a.slot]
		if b < worthParts && len(a.said) > 0 {
			b = max(b, worthParts*s.parts(a))
		}
		sum += a.weight * b
		has += a.weight * min(1, 2*b)
	}
	return sum, has
}

// parts is the share of a term's parts that a clause has, by weight, of the way
// of saying it that the clause has most of.
func (s *rankSearcher) parts(a *asked) float64 {
	most := 0.0
	for _, way := range a.said {
		has := 0.0
		for _, p := range way {
			has += p.share * s.best[p.slot]
		}
		most = max(most, has)
	}
	return most
}

// Close implements search.Searcher.
func (s *rankSearcher) Close() error {
	rows := s.rows
	s.rows, s.best, s.cursors = nil, nil, nil // a second call gives nothing back twice
	clear(rows)
	if rows != nil {
		spareRows.Put(&rows)
	}
	return nil
}

// Weight implements search.Searcher.
func (s *rankSearcher) Weight() float64 { return 1 }

// SetQueryNorm implements search.Searcher: the scores are final.
func (s *rankSearcher) SetQueryNorm(float64) {}

// Count implements search.Searcher, as the most there may be.
func (s *rankSearcher) Count() uint64 {
	n := 0
	for _, c := range s.cursors {
		n += len(c.docs)
	}
	return uint64(n)
}

// Min implements search.Searcher.
func (s *rankSearcher) Min() int { return 0 }

// Size implements search.Searcher.
func (s *rankSearcher) Size() int { return 8 * len(s.rows) }

// DocumentMatchPoolSize implements search.Searcher.
func (s *rankSearcher) DocumentMatchPoolSize() int { return 1 }

// rarity is the weight of something that n of all clauses have (Robertson and
// Spärck Jones, as BM25 writes it).
func rarity(n, all uint64) float64 {
	return math.Log(1 + (float64(all)-float64(min(n, all))+0.5)/(float64(n)+0.5))
}

// counter counts how many clauses of the whole index have a term.
type counter struct {
	ctx    context.Context
	lists  *lists
	states []state
	close  func() error // lets go of the states
	all    uint64
	err    error
}

// counter opens the state of every part; close must be called.
func (ix *Index) counter(ctx context.Context) (*counter, error) {
	states, release, err := ix.states(nil)
	if err != nil {
		return nil, err
	}
	c := &counter{ctx: ctx, lists: &ix.lists, states: states, close: release}
	for _, s := range states {
		n, err := s.reader.DocCount()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("search: %w", err), c.close())
		}
		c.all += n
	}
	return c, nil
}

// of counts the clauses with a term; the first failure stays in err.
func (c *counter) of(field, term string) uint64 {
	q := query.NewTermQuery(term)
	q.SetField(field)
	sum := 0
	for _, s := range c.states {
		l, err := c.lists.of(c.ctx, s.reader, s.mapping, q)
		if err != nil {
			c.err = errors.Join(c.err, fmt.Errorf("search: %w", err))
			return uint64(sum)
		}
		sum += len(l.docs)
	}
	return uint64(sum)
}
