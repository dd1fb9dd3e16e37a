package index

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// list is the clauses of one state of one part that a query finds, by their
// numbers in that state in ascending order, each with Bleve's score for it
// without the part's own rarity: root of frequency by root of length.
type list struct {
	docs   []uint32
	scores []float32
}

// has tells whether a clause is in the list.
func (l *list) has(doc uint32) bool {
	_, found := slices.BinarySearch(l.docs, doc)
	return found
}

// bytes is about how much memory the list takes in lists.
func (l *list) bytes() int { return 8*cap(l.docs) + listOverhead }

// lists keeps the lists that were asked for last, so that ranking walks arrays:
// unpacking them from Bleve's files clause by clause, anew for each search, was
// half of a search's time. A list is of one state, which never changes, so it
// cannot be stale; nothing in it depends on who asks.
type lists struct{ kept[listKey, *list] }

// listKey names a query in a state.
type listKey struct {
	state index.IndexReader
	query string
}

// Bounds of what is kept: 1,000,000 clauses with 8 bytes each for ordinary
// queries of some ten words.
const (
	maxListBytes = 96 << 20
	listOverhead = 200
)

// of is the list of a query in a state, made when it is not kept.
func (ls *lists) of(ctx context.Context, state index.IndexReader, m mapping.IndexMapping, q query.Query) (*list, error) {
	key := listKey{state, listName(q)}
	if key.query == "" {
		return readList(ctx, state, m, q)
	}
	if have, there := ls.get(key); there {
		return have, nil
	}
	made, err := readList(ctx, state, m, q)
	if err == nil {
		ls.put(key, made, made.bytes(), maxListBytes)
	}
	return made, err
}

// listName names the queries whose lists are kept: single words, tokens and
// beginnings of words. "" for all others, and for those with a boost.
func listName(q query.Query) string {
	switch q := q.(type) {
	case *query.TermQuery:
		if q.BoostVal == nil {
			return "term\x00" + q.FieldVal + "\x00" + q.Term
		}
	case *query.PrefixQuery:
		if q.BoostVal == nil {
			return "prefix\x00" + q.FieldVal + "\x00" + q.Prefix
		}
	case *query.MatchQuery:
		if q.BoostVal == nil && q.Analyzer == "" {
			return "match " + strconv.Itoa(int(q.Operator)) + " " + strconv.Itoa(q.Fuzziness) + " " + strconv.Itoa(q.Prefix) + "\x00" + q.FieldVal + "\x00" + q.Match
		}
	}
	return ""
}

// checkEvery is after how many clauses the end of a search's time is looked for.
const checkEvery = 1024

// readList asks Bleve for every clause of a query.
func readList(ctx context.Context, state index.IndexReader, m mapping.IndexMapping, q query.Query) (_ *list, err error) {
	s, err := q.Searcher(ctx, state, m, search.SearcherOptions{})
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := s.Close(); err == nil {
			err = e
		}
	}()
	out := &list{}
	if s.Count() == 0 {
		return out, nil
	}
	s.SetQueryNorm(1 / max(s.Weight(), 1e-9)) // takes out the part's own rarity
	if _, single := q.(*query.TermQuery); single {
		out.docs, out.scores = make([]uint32, 0, s.Count()), make([]float32, 0, s.Count())
	}
	sc := searchContext(state, s)
	for n := 0; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		hit, err := s.Next(sc)
		if err != nil {
			return nil, err
		}
		if hit == nil {
			out.docs, out.scores = slices.Clip(out.docs), slices.Clip(out.scores)
			return out, nil
		}
		out.docs = append(out.docs, uint32(hit.IndexInternalID.Value()))
		out.scores = append(out.scores, float32(hit.Score))
		sc.DocumentMatchPool.Put(hit)
	}
}

// searchContext is what a searcher takes its hits from.
func searchContext(state index.IndexReader, s search.Searcher) *search.SearchContext {
	return &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: state}
}

// mark notes for each of the clauses, which are in ascending order, whether a
// query finds it. Lists that are not kept are not made: Bleve is asked for these
// clauses alone.
func (ls *lists) mark(ctx context.Context, s state, q query.Query, docs []uint32, found []bool) error {
	if listName(q) != "" {
		l, err := ls.of(ctx, s.reader, s.mapping, q)
		if err != nil {
			return err
		}
		for i, doc := range docs {
			found[i] = found[i] || l.has(doc)
		}
		return nil
	}
	asked, err := q.Searcher(ctx, s.reader, s.mapping, search.SearcherOptions{})
	if err != nil {
		return err
	}
	sc := searchContext(s.reader, asked)
	at := -1 // the clause the searcher stands on
	for i, doc := range docs {
		if at < int(doc) {
			hit, err := asked.Advance(sc, index.NewIndexInternalID(nil, uint64(doc)))
			if err != nil || hit == nil {
				return closing(asked, err)
			}
			at = int(hit.IndexInternalID.Value())
			sc.DocumentMatchPool.Put(hit)
		}
		found[i] = found[i] || at == int(doc)
	}
	return closing(asked, nil)
}

// closing closes a searcher and returns the first failure.
func closing(s search.Searcher, err error) error {
	if e := s.Close(); err == nil && e != nil {
		return fmt.Errorf("close a search: %w", e)
	}
	return err
}
