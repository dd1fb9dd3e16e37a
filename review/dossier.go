package review

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// Policy says when a match of a dossier is agreed.
type Policy string

// The policies.
const (
	PolicyOneReviewer  Policy = "one-reviewer"  // one opinion is enough
	PolicyTwoReviewers Policy = "two-reviewers" // two people, blind to each other
	PolicyBothParties  Policy = "both-parties"  // one person of each of two parties, blind to each other
)

// Policies lists every policy.
var Policies = []Policy{PolicyOneReviewer, PolicyTwoReviewers, PolicyBothParties}

// Side is one party of a dossier with the standards it brings.
type Side struct {
	Party     Party               `json:"party"`
	Standards []corpus.StandardID `json:"standards"`
}

// Dossier is one negotiation: its sides, the standards in scope and the policy.
type Dossier struct {
	ID      uuid.UUID     `json:"id"`
	Name    string        `json:"name"`
	Domain  corpus.Domain `json:"domain,omitempty"`
	Sides   []Side        `json:"sides"` // the first side's clauses are the sources of matches
	Policy  Policy        `json:"policy"`
	Created time.Time     `json:"created"`
	Closed  bool          `json:"closed,omitempty"`
}

// Check says what is wrong with a dossier in one sentence, or nil.
func (d Dossier) Check() error {
	if d.Name == "" {
		return fmt.Errorf("a dossier needs a name: %w", corpus.ErrInvalid)
	}
	if !slices.Contains(Policies, d.Policy) {
		return fmt.Errorf("%q is not a policy: %w", d.Policy, corpus.ErrInvalid)
	}
	if len(d.Sides) < 2 {
		return fmt.Errorf("a dossier needs two sides: %w", corpus.ErrInvalid)
	}
	seen := map[corpus.StandardID]bool{}
	parties := map[Party]bool{}
	for _, s := range d.Sides {
		if s.Party == "" || len(s.Standards) == 0 {
			return fmt.Errorf("each side needs a party and at least one standard: %w", corpus.ErrInvalid)
		}
		for _, id := range s.Standards {
			if seen[id] {
				return fmt.Errorf("standard %s stands twice in the dossier: %w", id, corpus.ErrInvalid)
			}
			seen[id] = true
		}
		parties[s.Party] = true
	}
	if d.Policy == PolicyBothParties && len(parties) < 2 {
		return fmt.Errorf("the policy %q needs two parties: %w", d.Policy, corpus.ErrInvalid)
	}
	return nil
}

// Parties lists the dossier's parties in the order of its sides, once each.
func (d Dossier) Parties() []Party {
	var out []Party
	for _, s := range d.Sides {
		if !slices.Contains(out, s.Party) {
			out = append(out, s.Party)
		}
	}
	return out
}

// TakesPart tells whether a party belongs to the dossier.
func (d Dossier) TakesPart(p Party) bool { return slices.Contains(d.Parties(), p) }
