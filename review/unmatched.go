package review

import (
	"slices"

	"concord/corpus"
)

// Unmatched is a normative clause of which nothing was agreed towards a standard of
// another side: neither a counterpart nor that there is none. It says nothing about
// whether there is one.
type Unmatched struct {
	Clause  corpus.ClauseID   `json:"clause"`
	Label   string            `json:"label,omitempty"`
	Against corpus.StandardID `json:"against"`
}

// UnmatchedIn lists the clauses of which nothing is agreed, for each standard that their
// own faces in the dossier: of the normative clauses given in reading order, those that no
// agreed match names. A pair agreed to be unrelated leaves both of its clauses open.
func UnmatchedIn(d Dossier, normative []corpus.Clause, agreed []Match) []Unmatched {
	settled := map[Unmatched]bool{}
	for _, m := range agreed {
		if m.State == StateRejected {
			continue
		}
		for _, id := range m.Sources {
			settled[Unmatched{Clause: id, Against: m.Against}] = true
		}
		for _, id := range m.Targets {
			settled[Unmatched{Clause: id, Against: m.Sources[0].Standard()}] = true
		}
	}
	out := []Unmatched{}
	for n, side := range d.Sides {
		for _, from := range side.Standards {
			for k, other := range d.Sides {
				if k == n {
					continue
				}
				for _, against := range other.Standards {
					for _, c := range normative {
						if c.Standard == from && !settled[Unmatched{Clause: c.ID, Against: against}] {
							out = append(out, Unmatched{c.ID, c.Label, against})
						}
					}
				}
			}
		}
	}
	return out
}

// UnmatchedDiffer lists of what nothing is agreed any more from an earlier round to a
// later one, and of what something is agreed since, in reading order. Where a round is
// from before they were noted, both are nil: nobody knows.
func (r Round) UnmatchedDiffer(later Round) (opened, closed []Unmatched) {
	if r.Unmatched == nil || later.Unmatched == nil {
		return nil, nil
	}
	return without(later.Unmatched, r.Unmatched), without(r.Unmatched, later.Unmatched)
}

func without(list, those []Unmatched) []Unmatched {
	known := make(map[Unmatched]bool, len(those))
	for _, u := range those {
		u.Label = "" // a clause is the same under another label
		known[u] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(u Unmatched) bool {
		u.Label = ""
		return known[u]
	})
}
