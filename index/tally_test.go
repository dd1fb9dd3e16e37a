package index

import (
	"context"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"

	"concord/corpus"
)

// The counts beside an answer are those that Bleve's own facets give, over
// several parts, in every state of the index, also behind deleted clauses.
func TestTallyIsWhatBleveCounts(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	s := &shelf{}
	add := func(n int) {
		for i := range n {
			standard := english
			standard.ID = corpus.StandardID(rune('a'+rnd.IntN(6))) + "-x"
			standard.Jurisdiction = corpus.Jurisdiction([]string{"A", "B", "C"}[rnd.IntN(3)])
			standard.Domain = []corpus.Domain{corpus.DomainEngineering, corpus.DomainPark}[rnd.IntN(2)]
			verb := []string{"shall", "should", "may"}[rnd.IntN(3)]
			s.put(standard, "1."+string(rune('a'+i%26))+strings.Repeat("x", rnd.IntN(40)), "", "The "+[]string{"door", "guardrail", "stair"}[rnd.IntN(3)]+" "+verb+" be safe.")
		}
	}
	add(300)
	ix := open(t, t.TempDir(), s)
	for round := range 3 {
		for _, text := range []string{"door", "guardrail stair", "safe", "nothing", "safe -door"} {
			got, err := ix.Search(context.Background(), Query{Text: text, Language: "en"})
			if err != nil {
				t.Fatal(err)
			}
			want, total := bleveFacets(t, ix, Query{Text: text, Language: "en", Limit: 20})
			if got.Total != total || total > 0 && !reflect.DeepEqual(got.Facets, want) {
				t.Fatalf("round %d, %q: %d hits with %v, Bleve has %d with %v", round, text, got.Total, got.Facets, total, want)
			}
			if total > 0 && len(got.Facets["obligation"]) == 0 {
				t.Fatalf("%q: no obligation is counted", text)
			}
		}
		add(50)
		for _, gone := range s.changes[:100*round] {
			gone.Mark, gone.Removed = int64(len(s.changes)+1), true
			s.changes = append(s.changes, gone)
		}
		if _, err := ix.Follow(context.Background(), s, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// bleveFacets asks Bleve for the counts of a query in each facet field.
func bleveFacets(t *testing.T, ix *Index, q Query) (map[string][]Count, int) {
	p, err := ix.plan(q)
	if err != nil {
		t.Fatal(err)
	}
	main, _, err := ix.build(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	req := bleve.NewSearchRequest(main)
	req.AddFacet(fieldCounted, bleve.NewFacetRequest(fieldCounted, 10_000))
	answer, err := aliased(ix).Search(req)
	if err != nil {
		t.Fatal(err)
	}
	sum := tally{counts: map[string]int{}}
	for _, term := range answer.Facets[fieldCounted].Terms.Terms() {
		sum.counts[term.Term] += term.Count
	}
	return sum.facets(), int(answer.Total)
}

// aliased is Bleve's own search over all parts.
func aliased(ix *Index) bleve.Index {
	var parts []bleve.Index
	for _, name := range ix.gen.names() {
		parts = append(parts, ix.gen.parts[name])
	}
	return bleve.NewIndexAlias(parts...)
}

// States that are no longer searched do not pile up.
func TestColumnsAreForgotten(t *testing.T) {
	s := &shelf{}
	s.put(english, "1", "", "The door shall be safe.")
	ix := open(t, t.TempDir(), s)
	for range maxColumns + 10 {
		s.put(english, "2", "", "The stair shall be safe.")
		if _, err := ix.Follow(context.Background(), s, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := ix.Search(context.Background(), Query{Text: "door"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(ix.columns.states); n > maxColumns {
		t.Errorf("%d states are kept, at most %d may be", n, maxColumns)
	}
}
