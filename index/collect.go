package index

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"concord/corpus"
)

// state is one part as it is at one moment.
type state struct {
	reader  index.IndexReader
	mapping mapping.IndexMapping
}

// states opens what answers for the given jurisdictions (all when none) as it is
// now; release must be called when done. While it is held the generation is not
// closed.
func (ix *Index) states(only []corpus.Jurisdiction) (_ []state, release func() error, err error) {
	ix.mu.RLock()
	var out []state
	release = func() error {
		defer ix.mu.RUnlock()
		var errs []error
		for _, s := range out {
			errs = append(errs, s.reader.Close())
		}
		return errors.Join(errs...)
	}
	if ix.gen == nil {
		return nil, nil, errors.Join(ErrClosed, release())
	}
	for _, name := range ix.gen.names() {
		if len(only) > 0 && !slices.Contains(only, corpus.Jurisdiction(strings.ToUpper(name))) {
			continue
		}
		advanced, err := ix.gen.parts[name].Advanced()
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("search: %w", err), release())
		}
		reader, err := advanced.Reader()
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("search: %w", err), release())
		}
		out = append(out, state{reader, ix.gen.parts[name].Mapping()})
	}
	return out, release, nil
}

// found is a hit with the place it was found at.
type found struct {
	id    string
	score float64
	state int    // which of the states
	doc   uint32 // its number in it
}

// ahead orders hits: the better score first, then by id.
func (a found) ahead(b found) int {
	return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.id, b.id))
}

// collect runs a query over states and returns its best hits in order, at most
// as many as are wanted, and the counts of all. Bleve's own collector reads the
// id of every hit, which took as long as finding it; here only those are read
// that may be among the best.
func (ix *Index) collect(ctx context.Context, states []state, main query.Query, q Query, wanted int) ([]found, *tally, error) {
	counts := &tally{counts: map[string]int{}, states: map[string]int{}}
	best := make([]topHits, len(states))
	errs := make([]error, len(states))
	var all sync.WaitGroup
	for i, s := range states {
		all.Go(func() {
			best[i] = topHits{wanted: wanted, asked: q, state: i, reader: s.reader}
			errs[i] = best[i].fill(ctx, s, main, &ix.columns, counts)
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	var out []found
	for _, b := range best {
		out = append(out, b.hits...)
	}
	slices.SortFunc(out, found.ahead)
	return out[:min(len(out), wanted)], counts, nil
}

// topHits keeps the best hits of one state, the last of them on top.
type topHits struct {
	wanted int
	asked  Query
	state  int
	reader index.IndexReader
	hits   []found
}

// fill takes in every hit of a query and counts them.
func (t *topHits) fill(ctx context.Context, s state, q query.Query, cs *columns, total *tally) error {
	searcher, err := q.Searcher(ctx, s.reader, s.mapping, search.SearcherOptions{})
	if err != nil {
		return err
	}
	sc := searchContext(s.reader, searcher)
	var column *column
	var counts []int
	var states *standings
	var byState []int // by number in states
	taken := 0
	for n := 0; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return closing(searcher, ctx.Err())
		}
		hit, err := searcher.Next(sc)
		if err != nil || hit == nil {
			if column != nil {
				total.add(column, counts, states.named(byState), taken)
			}
			return closing(searcher, err)
		}
		if column == nil {
			if column, err = cs.of(s.reader, t.asked.StateOf != nil); err != nil {
				return closing(searcher, err)
			}
			counts = make([]int, len(column.values))
			states = column.statesBy(t.asked)
		}
		doc := hit.IndexInternalID.Value()
		if states != nil && doc < uint64(len(column.ids)) {
			code := states.of(doc, column.ids[doc])
			if len(t.asked.States) > 0 && !slices.Contains(t.asked.States, states.name(code)) {
				sc.DocumentMatchPool.Put(hit)
				continue
			}
			for len(byState) <= code {
				byState = append(byState, 0)
			}
			byState[code]++
		}
		taken++
		if doc < uint64(len(column.of)) {
			counts[column.of[doc]]++
		}
		if t.asked.Order == OrderStandard {
			hit.Score = 0 // then ids decide
		}
		if err := t.offer(hit, column); err != nil {
			return closing(searcher, err)
		}
		sc.DocumentMatchPool.Put(hit)
	}
}

// offer takes a hit in when it is among the best so far. Its id stands in the column
// where that has ids, which is quicker than asking the reader.
func (t *topHits) offer(hit *search.DocumentMatch, column *column) error {
	full := len(t.hits) == t.wanted
	if full && (t.wanted == 0 || hit.Score < t.hits[0].score) {
		return nil
	}
	var id string
	if doc := hit.IndexInternalID.Value(); doc < uint64(len(column.ids)) {
		id = string(column.ids[doc])
	}
	if id == "" {
		var err error
		if id, err = t.reader.ExternalID(hit.IndexInternalID); err != nil {
			return err
		}
	}
	f := found{id, hit.Score, t.state, uint32(hit.IndexInternalID.Value())}
	switch {
	case !full:
		heap.Push(t, f)
	case f.ahead(t.hits[0]) < 0:
		t.hits[0] = f
		heap.Fix(t, 0)
	}
	return nil
}

// Len implements heap.Interface.
func (t *topHits) Len() int { return len(t.hits) }

// Less implements heap.Interface.
func (t *topHits) Less(i, j int) bool { return t.hits[i].ahead(t.hits[j]) > 0 }

// Swap implements heap.Interface.
func (t *topHits) Swap(i, j int) { t.hits[i], t.hits[j] = t.hits[j], t.hits[i] }

// Push implements heap.Interface.
func (t *topHits) Push(x any) { t.hits = append(t.hits, x.(found)) }

// Pop implements heap.Interface.
func (t *topHits) Pop() any {
	last := t.hits[len(t.hits)-1]
	t.hits = t.hits[:len(t.hits)-1]
	return last
}
