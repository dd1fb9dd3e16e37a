package termbase

// Change is what somebody wants to do to the termbase: entries that are added or
// take the place of those with their ids, and ids that go out of use.
type Change struct {
	Put      []Entry
	Withdraw []string
}

// After is the entries in use once a change is made.
func (c Change) After(kept []Kept) []Entry {
	put := make(map[string]bool, len(c.Put)+len(c.Withdraw))
	for _, e := range c.Put {
		put[e.ID] = true
	}
	for _, id := range c.Withdraw {
		put[id] = true
	}
	var out []Entry
	for _, k := range kept {
		if !k.Withdrawn && !put[k.ID] {
			out = append(out, k.Entry)
		}
	}
	return sortedEntries(append(out, c.Put...))
}

// InUse is the entries that are not withdrawn.
func InUse(kept []Kept) []Entry { return Change{}.After(kept) }

// Effect is what a change of the termbase would do to what is kept. No match
// turns suspect by it: a decision is bound to the texts that were read, and those
// stay. Agreed matches whose proposal changes are worth another look.
type Effect struct {
	Clauses   int  `json:"clauses"`   // that were read
	Reread    int  `json:"reread"`    // clauses whose reading changes
	Matches   int  `json:"matches"`   // matches on such clauses
	Reranked  int  `json:"reranked"`  // matches whose proposal would be another one
	Agreed    int  `json:"agreed"`    // of these, those that people have settled
	Truncated bool `json:"truncated"` // too many matches to compare all: the counts are at least so many
}
