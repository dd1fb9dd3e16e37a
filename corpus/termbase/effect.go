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

// Effect is what a change of the termbase would do to what is kept. A decided match
// turns suspect where the texts of its clauses would name other concepts than when
// it was decided.
type Effect struct {
	Clauses   int      `json:"clauses"`           // that were looked at
	Reread    int      `json:"reread"`            // clauses whose reading changes
	Matches   int      `json:"matches"`           // matches on such clauses
	Open      int      `json:"open"`              // of these, proposals that nobody has answered
	Reranked  int      `json:"reranked"`          // matches whose proposal would be another one
	Agreed    int      `json:"agreed"`            // of these, those that people have settled
	Truncated bool     `json:"truncated"`         // too many matches to compare all: the counts of proposals are at least so many
	Suspect   int      `json:"suspect"`           // answered matches that become suspect
	Restored  int      `json:"restored"`          // suspect ones whose answers hold again
	Decided   []string `json:"decided,omitempty"` // ids of the first of those that become suspect
}

// MaxDecided is how many matches an effect names.
const MaxDecided = 50
