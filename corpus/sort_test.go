package corpus_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"concord/corpus"
)

// TestSortBy holds the sorting against the standard library's, order of equals
// included.
func TestSortBy(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	type pair struct{ key, place int }
	for n := range 60 {
		list := make([]pair, n)
		for i := range list {
			list[i] = pair{rnd.IntN(8), i}
		}
		want := slices.Clone(list)
		byKey := func(a, b pair) int { return cmp.Compare(a.key, b.key) }
		slices.SortStableFunc(want, byKey)
		if corpus.SortRows(list, byKey); !slices.Equal(list, want) {
			t.Fatalf("%v instead of %v", list, want)
		}
	}
}
