package corpus

import "sort"

// SortBy sorts a list in place as slices.SortStableFunc does. It is for short
// lists of large values, those of pages and of printed tables: the standard
// library's generic sorting is compiled anew for every type, at up to 25 KB each,
// and this at less than one.
func SortBy[T any](list []T, compare func(a, b T) int) {
	sort.Stable(compared[T]{list, compare})
}

// compared is a list with what orders it.
type compared[T any] struct {
	list    []T
	compare func(a, b T) int
}

func (c compared[T]) Len() int           { return len(c.list) }
func (c compared[T]) Less(i, j int) bool { return c.compare(c.list[i], c.list[j]) < 0 }
func (c compared[T]) Swap(i, j int)      { c.list[i], c.list[j] = c.list[j], c.list[i] }
