package corpus

import "sort"

// Sort orders a list by a comparison, equal ones as they stood. It does what
// slices.SortStableFunc does with less of the program: that one is written out for
// every type anew, 12 KB each, this one once. For the lists of pages and files; where
// hundreds of thousands are ordered, slices is faster.
func Sort[T any](list []T, compare func(a, b T) int) {
	sort.Stable(sorting{len(list), func(i, j int) bool { return compare(list[i], list[j]) < 0 }, func(i, j int) { list[i], list[j] = list[j], list[i] }})
}

// sorting is a list as package sort knows it, whatever it is of.
type sorting struct {
	n    int
	less func(i, j int) bool
	swap func(i, j int)
}

func (s sorting) Len() int           { return s.n }
func (s sorting) Less(i, j int) bool { return s.less(i, j) }
func (s sorting) Swap(i, j int)      { s.swap(i, j) }
