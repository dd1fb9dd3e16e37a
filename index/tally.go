package index

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	index "github.com/blevesearch/bleve_index_api"

	"concord/corpus"
)

// column is the facet values of the clauses of one state of one part: which
// combination each has, by its number in that state.
type column struct {
	of     []uint32
	values []string          // combinations, as in fieldCounted; the first is of no clause
	ids    []corpus.ClauseID // by number, once somebody has asked for them

	mu     sync.Mutex
	states *standings // as they were asked for last
}

// standings are what Query.StateOf says of the clauses of a state, remembered by
// number as long as it says the same: most of a search's hits have been asked for.
type standings struct {
	at    uint64
	ask   func(corpus.ClauseID) string
	codes []atomic.Uint32 // number in names from 1; 0 was not asked for

	mu    sync.Mutex
	names atomic.Pointer[[]string]
}

// statesBy is what is remembered for a query; nothing where it knows no states.
func (c *column) statesBy(q Query) *standings {
	if q.StateOf == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.states; s != nil && s.at == q.StatesAt && q.StatesAt != 0 {
		return s
	}
	s := &standings{at: q.StatesAt, ask: q.StateOf, codes: make([]atomic.Uint32, len(c.ids))}
	s.names.Store(new([]string))
	c.states = s
	return s
}

// of is the number of a clause's value.
func (s *standings) of(number uint64, id corpus.ClauseID) int {
	code := s.codes[number].Load()
	if code == 0 {
		code = s.code(s.ask(id))
		s.codes[number].Store(code)
	}
	return int(code)
}

// name is the value of a number.
func (s *standings) name(code int) string { return (*s.names.Load())[code-1] }

// named are counts by number as counts by value.
func (s *standings) named(counts []int) map[string]int {
	out := map[string]int{}
	for code, n := range counts {
		if n > 0 {
			out[s.name(code)] = n
		}
	}
	return out
}

// code gives a value its number.
func (s *standings) code(value string) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := *s.names.Load()
	i := slices.Index(names, value)
	if i < 0 {
		i = len(names)
		names = append(slices.Clip(names), value)
		s.names.Store(&names)
	}
	return uint32(i + 1)
}

// columns keeps the columns of the states that were searched last, so that a hit
// is counted by looking into an array. Bleve's own facets unpack a value of each
// hit anew, which was a third of a search's time.
type columns struct {
	mu     sync.Mutex
	states map[index.IndexReader]*column
}

// maxColumns bounds how many states are kept: far more than there are
// jurisdictions; old states stay behind when a part changes, so all are
// forgotten when the bound is reached.
const maxColumns = 512

// of is the column of a state, read when it is new, with the ids of its clauses
// where they are wanted.
func (c *columns) of(state index.IndexReader, named bool) (*column, error) {
	c.mu.Lock()
	have := c.states[state]
	c.mu.Unlock()
	if have != nil && (have.ids != nil || !named) {
		return have, nil
	}
	made, err := readColumn(state, named)
	if err != nil {
		return nil, fmt.Errorf("read the facets: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.states == nil || len(c.states) >= maxColumns {
		c.states = map[index.IndexReader]*column{}
	}
	c.states[state] = made
	return made, nil
}

// readColumn reads the facet values of every clause of a state.
func readColumn(state index.IndexReader, named bool) (*column, error) {
	values, err := state.DocValueReader([]string{fieldCounted})
	if err != nil {
		return nil, err
	}
	ids, err := state.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	defer ids.Close()
	made := &column{values: []string{""}}
	if named {
		made.ids = []corpus.ClauseID{}
	}
	number := map[string]uint32{}
	for {
		id, err := ids.Next()
		if err != nil {
			return nil, err
		}
		if id == nil {
			return made, nil
		}
		err = values.VisitDocValues(id, func(_ string, value []byte) {
			n, known := number[string(value)]
			if !known {
				n = uint32(len(made.values))
				number[string(value)] = n
				made.values = append(made.values, string(value))
			}
			made.put(id.Value(), n)
		})
		if err == nil && named {
			err = made.name(state, id)
		}
		if err != nil {
			return nil, err
		}
	}
}

// name notes the id of a clause.
func (c *column) name(state index.IndexReader, id index.IndexInternalID) error {
	text, err := state.ExternalID(id)
	for uint64(len(c.ids)) <= id.Value() {
		c.ids = append(c.ids, "")
	}
	c.ids[id.Value()] = corpus.ClauseID(text)
	return err
}

// put notes the combination of a clause.
func (c *column) put(clause uint64, n uint32) {
	for uint64(len(c.of)) <= clause {
		c.of = append(c.of, 0)
	}
	c.of[clause] = n
}

// tally counts the hits of one search over all parts by their combination.
type tally struct {
	mu     sync.Mutex
	total  int
	counts map[string]int
	states map[string]int // by Query.StateOf
}

// add takes in the counts of one part, which has so many hits.
func (t *tally) add(c *column, counts []int, states map[string]int, hits int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total += hits
	for state, n := range states {
		t.states[state] += n
	}
	for i, n := range counts {
		if n > 0 {
			t.counts[c.values[i]] += n
		}
	}
}

// facets are the counts by field, largest first, ties by value, at most
// MaxFacetSize of each, added up from the counts of the combinations.
func (t *tally) facets() map[string][]Count {
	sums := make([]map[string]int, len(facetFields))
	for i := range sums {
		sums[i] = map[string]int{}
	}
	quantities := map[string]int{}
	for combination, n := range t.counts {
		for i, value := range strings.SplitN(combination, facetSign, len(facetFields)+1) {
			if i < len(facetFields) {
				sums[i][value] += n
				continue
			}
			for _, dimension := range strings.Split(value, quantitySign) {
				quantities[dimension] += n
			}
		}
	}
	out := map[string][]Count{FacetQuantity: largest(quantities)}
	if len(t.states) > 0 {
		out[FacetState] = largest(t.states)
	}
	for i, name := range facetFields {
		out[name] = largest(sums[i])
	}
	return out
}
