package review

import (
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

// Speed is how much a first answer weighs. The two are never mixed in one sitting: the
// obvious is cleared fast, what binds is read slowly (UX.md 0.1).
type Speed string

// The speeds.
const (
	SpeedAny     Speed = ""
	SpeedTriage  Speed = "triage"  // one answer settles the match
	SpeedBinding Speed = "binding" // somebody else answers too
)

// Speeds lists every speed.
var Speeds = []Speed{SpeedTriage, SpeedBinding}

// Speed is that of the answers under a policy.
func (p Policy) Speed() Speed {
	if p == PolicyOneReviewer {
		return SpeedTriage
	}
	return SpeedBinding
}

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
	// Controls is the share of control items in queues, in percent; 0 for none.
	Controls int `json:"controls,omitempty"`
	// Explain says when reviewers see why a match is suggested.
	Explain Explanation `json:"explain,omitempty"`
	// Nameless hides who answered from everybody else until a dispute is decided.
	Nameless bool `json:"nameless,omitempty"`
	// TalkDays is how long both sides of a dispute may talk or change their answers
	// before an adjudicator decides; 0 for at once.
	TalkDays int `json:"talkDays,omitempty"`
}

// Check says what is wrong with a dossier in one sentence, or nil.
func (d Dossier) Check() error {
	if d.Name == "" {
		return corpus.Refuse(corpus.ErrInvalid, "dossier-name", "a dossier needs a name")
	}
	if !slices.Contains(Policies, d.Policy) {
		return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a policy", "value", d.Policy)
	}
	if len(d.Sides) < 2 {
		return corpus.Refuse(corpus.ErrInvalid, "dossier-sides", "a dossier needs two sides")
	}
	seen := map[corpus.StandardID]bool{}
	parties := map[Party]bool{}
	for _, s := range d.Sides {
		if s.Party == "" || len(s.Standards) == 0 {
			return corpus.Refuse(corpus.ErrInvalid, "dossier-side", "each side needs a party and at least one standard")
		}
		for _, id := range s.Standards {
			if seen[id] {
				return corpus.Refuse(corpus.ErrInvalid, "dossier-twice", "standard {standard} stands twice in the dossier", "standard", id)
			}
			seen[id] = true
		}
		parties[s.Party] = true
	}
	if d.Policy == PolicyBothParties && len(parties) < 2 {
		return corpus.Refuse(corpus.ErrInvalid, "policy-parties", "the policy \"{policy}\" needs two parties", "policy", d.Policy)
	}
	if err := d.checkTalk(); err != nil {
		return err
	}
	return d.checkControls()
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
