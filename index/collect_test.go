package index

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"concord/corpus"
)

// mixed is a shelf of clauses in two languages and three jurisdictions, with
// headings, numbers, equal texts and, once followed twice, deleted clauses.
func mixed(rnd *rand.Rand, s *shelf, n int) {
	things := []string{"door", "guardrail", "fire door", "stair", "escape route", "handrail", "personal data"}
	for i := range n {
		standard := []corpus.Standard{english, russian, chinese}[rnd.IntN(3)]
		words := make([]string, 1+rnd.IntN(6))
		for k := range words {
			words[k] = things[rnd.IntN(len(things))]
		}
		text := strings.Join(words, " and ") + fmt.Sprintf(" shall be at least %d mm", 100*rnd.IntN(20))
		switch {
		case rnd.IntN(9) == 0:
			text = ""
		case standard.ID == russian.ID:
			text = []string{"Двери эвакуационных выходов", "Высота ограждения лестницы", "Персональные данные"}[rnd.IntN(3)] + fmt.Sprintf(" не менее %d мм", 100*rnd.IntN(20))
		}
		s.put(standard, fmt.Sprintf("%d.%d", len(s.changes), i), []string{"", "Doors", "Height of the guardrail"}[rnd.IntN(3)], text)
		if text == "" {
			s.changes[len(s.changes)-1].Clause.Kind = corpus.KindHeading
		}
	}
}

var collected = []string{"door", "fire door", "height of the guardrail", "guardrail height >= 1000 mm", "escape route width", `"fire door"`, "guard*", "door -stair", "gaurdrail",
	"личные данные", "высота ограждения", "personal data breach", "jurisdiction:gb", "jurisdiction:gb lang:en door", "1000 mm", "nothing of this", "door door"}

// What is found, in which order, by what and how often is what a plain walk over
// all hits of Bleve's own collector gives: whether lists are made, kept or were
// forgotten, over several states with deleted clauses, and on every page.
func TestCollectIsWhatBleveFinds(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 11))
	s := &shelf{}
	mixed(rnd, s, 2500)
	ix := open(t, t.TempDir(), s)
	hits := 0
	for round := range 3 {
		for _, text := range slices.Concat(collected, collected) {
			for _, page := range []Query{{Text: text, Limit: 7}, {Text: text, From: 5, Limit: 12}} {
				got, err := ix.Search(context.Background(), page)
				if err != nil {
					t.Fatal(err)
				}
				want := walked(t, ix, page, got.Fuzzy)
				if got.Total != want.Total || !slices.EqualFunc(got.Hits, want.Hits, sameHit) {
					t.Fatalf("round %d, %q from %d: %d hits\n%v\nwant %d\n%v", round, text, page.From, got.Total, got.Hits, want.Total, want.Hits)
				}
				hits += len(got.Hits)
			}
		}
		mixed(rnd, s, 200)
		for _, gone := range s.changes[:100*(round+1)] {
			gone.Mark, gone.Removed = int64(len(s.changes)+1), true
			s.changes = append(s.changes, gone)
		}
		if _, err := ix.Follow(context.Background(), s, nil); err != nil {
			t.Fatal(err)
		}
	}
	if hits < 800 {
		t.Errorf("only %d hits were compared", hits)
	}
}

func sameHit(a, b Hit) bool {
	return a.Clause == b.Clause && max(a.Score-b.Score, b.Score-a.Score) < 1e-5*max(1, a.Score) && slices.Equal(a.By, b.By)
}

// walked answers a query with Bleve's collector and with evidence looked up
// clause by clause.
func walked(t *testing.T, ix *Index, q Query, fuzzy bool) Results {
	t.Helper()
	p, err := ix.plan(q)
	if err != nil {
		t.Fatal(err)
	}
	p.fuzzy = fuzzy
	main, asks, err := ix.build(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if !asks && !p.query.filtered() {
		return Results{}
	}
	res := Results{}
	for _, name := range ix.gen.names() {
		if len(p.query.Jurisdictions) > 0 && !slices.Contains(p.query.Jurisdictions, corpus.Jurisdiction(strings.ToUpper(name))) {
			continue
		}
		part := ix.gen.parts[name]
		for _, h := range everyHit(t, part, main) {
			res.Hits = append(res.Hits, Hit{Clause: corpus.ClauseID(h.ID), Score: h.Score})
		}
		if ranked, only := main.(*rankQuery); only {
			checkScores(t, part, ranked, res.Hits)
		}
	}
	slices.SortFunc(res.Hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Clause, b.Clause))
	})
	res.Total = len(res.Hits)
	if p.looksAgain() {
		res.Hits = lookedAgain(t, ix, p, res.Hits)
	}
	res.Hits = res.Hits[min(p.query.From, res.Total):min(p.query.From+q.Limit, res.Total)]
	for i, h := range res.Hits {
		for _, way := range ix.ways(p) {
			if way.otherwise && res.Hits[i].By != nil {
				continue
			}
			only := bleve.NewConjunctionQuery(bleve.NewDocIDQuery([]string{string(h.Clause)}), bleve.NewDisjunctionQuery(way.any...))
			answer, err := aliased(ix).Search(bleve.NewSearchRequest(only))
			if err != nil {
				t.Fatal(err)
			}
			if answer.Total > 0 {
				res.Hits[i].By = append(res.Hits[i].By, way.name)
			}
		}
	}
	return res
}

// lookedAgain gives the best hits to the second look with what Bleve has stored of
// each.
func lookedAgain(t *testing.T, ix *Index, p plan, hits []Hit) []Hit {
	t.Helper()
	first := hits[:min(secondLook, len(hits))]
	ids := make([]string, len(first))
	for i, h := range first {
		ids[i] = string(h.Clause)
	}
	req := bleve.NewSearchRequestOptions(bleve.NewDocIDQuery(ids), len(ids), 0, false)
	req.Fields = []string{fieldSaid}
	answer, err := aliased(ix).Search(req)
	if err != nil || len(answer.Hits) != len(ids) {
		t.Fatal(err, len(answer.Hits))
	}
	stored := map[string]map[string]any{}
	for _, h := range answer.Hits {
		stored[h.ID] = h.Fields
	}
	again, says := make([]found, len(first)), make([]string, len(first))
	for i, h := range first {
		again[i] = found{id: ids[i], score: h.Score}
		says[i], _ = stored[ids[i]][fieldSaid].(string)
	}
	p.lookAgain(again, says)
	for i, h := range again {
		first[i] = Hit{Clause: corpus.ClauseID(h.id), Score: h.score}
	}
	return hits
}

// everyHit is all that Bleve finds in one part.
func everyHit(t *testing.T, part bleve.Index, q query.Query) search.DocumentMatchCollection {
	t.Helper()
	answer, err := part.Search(bleve.NewSearchRequestOptions(q, 10_000, 0, false))
	if err != nil {
		t.Fatal(err)
	}
	return answer.Hits
}

// checkScores works out the score of every clause of a part anew, from one
// search for each piece of evidence, and holds the hits against it.
func checkScores(t *testing.T, part bleve.Index, q *rankQuery, hits []Hit) {
	t.Helper()
	best, heads := map[string][]float64{}, map[string]bool{}
	for _, e := range q.evidence {
		for _, h := range everyHit(t, part, e.query) {
			if e.slot == slotHeading {
				heads[h.ID] = true
				continue
			}
			if best[h.ID] == nil {
				best[h.ID] = make([]float64, q.slots)
			}
			best[h.ID][e.slot] = max(best[h.ID][e.slot], e.factor) // presence; density is less than a quarter
		}
	}
	has := map[string]float64{}
	for _, h := range hits {
		has[string(h.Clause)] = h.Score
	}
	for id, row := range best {
		s := rankSearcher{asked: q.asked, least: q.least, best: row, title: 1}
		if heads[id] {
			s.title = worthTitle
		}
		most, _ := s.score()
		got, found := has[id]
		for slot := range row {
			row[slot] *= presence
		}
		least, surely := s.score()
		switch {
		case surely && !found:
			t.Fatalf("%s has enough and was not found", id)
		case found && (got > most+1e-9 || got < least-1e-9):
			t.Fatalf("%s has %g, not %g to %g", id, got, least, most)
		}
	}
}

// What is kept stays within its bound, and what was dropped is made again.
func TestListsStayWithinTheirBound(t *testing.T) {
	ls := &lists{}
	each := &list{docs: make([]uint32, 1<<19)}
	for i := range 100 {
		ls.put(listKey{query: fmt.Sprint(i)}, each, each.bytes(), maxListBytes)
		if ls.taken > maxListBytes || ls.taken != len(ls.values)*each.bytes() {
			t.Fatalf("%d lists take %d bytes", len(ls.values), ls.taken)
		}
	}
	if len(ls.values) < 10 {
		t.Errorf("only %d lists are kept", len(ls.values))
	}
	large := &list{docs: make([]uint32, maxListBytes/32)}
	if ls.put(listKey{query: "large"}, large, large.bytes(), maxListBytes); ls.values[listKey{query: "large"}].value != nil {
		t.Error("a list that fills a quarter is kept")
	}
	if ls.forget(); ls.taken != 0 || len(ls.values) != 0 {
		t.Error("lists were not forgotten")
	}
}

// Advance gives the first clause that Next would give from there on, however far
// it jumps.
func TestRankAdvances(t *testing.T) {
	rnd := rand.New(rand.NewPCG(12, 12))
	s := &shelf{}
	mixed(rnd, s, 9000)
	ix := open(t, t.TempDir(), s)
	p, err := ix.plan(Query{Text: "fire door stair"})
	if err != nil {
		t.Fatal(err)
	}
	main, _, err := ix.build(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	states, release, err := ix.states([]corpus.Jurisdiction{"GB"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = release() }()
	begin := func() (search.Searcher, *search.SearchContext) {
		sr, err := main.Searcher(context.Background(), states[0].reader, states[0].mapping, search.SearcherOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return sr, searchContext(states[0].reader, sr)
	}
	value := func(h *search.DocumentMatch, err error) (uint64, bool) {
		if err != nil {
			t.Fatal(err)
		}
		if h == nil {
			return 0, false
		}
		return h.IndexInternalID.Value(), true
	}
	var all []uint64
	sr, sc := begin()
	for {
		v, more := value(sr.Next(sc))
		if !more {
			break
		}
		all = append(all, v)
	}
	if len(all) < 500 || all[len(all)-1] < 2*blockDocs {
		t.Fatalf("%d hits, too few to tell", len(all))
	}
	for _, stride := range []uint64{3, 40, 700, 1500} {
		sr, sc := begin()
		for at := uint64(0); ; at += 1 + rnd.Uint64N(stride) {
			i, _ := slices.BinarySearch(all, at)
			got, more := value(sr.Advance(sc, index.NewIndexInternalID(nil, at)))
			if more != (i < len(all)) || more && got != all[i] {
				t.Fatalf("from %d by %d: %d, %t", at, stride, got, more)
			}
			if !more {
				break
			}
			at = got
			if next, more := value(sr.Next(sc)); more != (i+1 < len(all)) || more && next != all[i+1] {
				t.Fatalf("after %d: %d, %t", got, next, more)
			} else if more {
				at = next
			}
		}
	}
}
