package export

// sums are what tables of the whole say of all items. They grow page by page, since the
// items are not kept.
type sums struct {
	cited      map[string][2][]string   // clauses of each side that cite a standard, by its designation
	answers    map[facingPair][2][5]int // of both directions, see Set.answers
	provisions []provision              // in the order they were met
	lines      map[provision][]int      // that a provision binds
}

// provision is a condition of one direction.
type provision struct {
	forth     bool
	condition text
}

// summing are the sums of the pages before, or new ones where all items are held.
func (s Set) summing() *sums {
	if s.sums != nil {
		return s.sums
	}
	return newSums()
}

func newSums() *sums {
	return &sums{cited: map[string][2][]string{}, answers: map[facingPair][2][5]int{}, lines: map[provision][]int{}}
}
