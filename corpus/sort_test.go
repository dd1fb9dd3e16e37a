package corpus

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// Sort gives what slices.SortStableFunc gives.
func TestSort(t *testing.T) {
	type pair struct{ key, at int }
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		list := make([]pair, n)
		for i := range list {
			list[i] = pair{r.IntN(1 + n/3), i}
		}
		want := slices.Clone(list)
		by := func(a, b pair) int { return cmp.Compare(a.key, b.key) }
		slices.SortStableFunc(want, by)
		if Sort(list, by); !slices.Equal(list, want) {
			t.Fatalf("%d: %v, want %v", n, list, want)
		}
	}
	Sort(nil, func(a, b int) int { t.Error("nothing is compared"); return 0 })
}
