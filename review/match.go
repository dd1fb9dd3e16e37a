package review

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
)

// State is where a match stands. It is derived from the decisions.
type State string

// The states of a match.
const (
	StateProposed  State = "proposed"       // nobody has answered
	StateOpinion   State = "opinion"        // answered, more answers needed
	StateConfirmed State = "confirmed"      // agreed under the policy, related
	StateRejected  State = "rejected"       // agreed under the policy: no relation
	StateAbsent    State = "no-counterpart" // agreed: searched, and there is none
	StateDisputed  State = "disputed"       // answers differ, or one side alone rejects
)

// States lists every state in the order pages show them.
var States = []State{StateProposed, StateOpinion, StateConfirmed, StateDisputed, StateRejected, StateAbsent}

// Telling ranks states by how much they say about a clause, best first: of several
// matches of a clause the first of these is where the clause stands, on every page and
// in the coverage. That there is no counterpart stands behind what people say of a
// counterpart (UX.md 5), even while they do not agree on it: absence must not be quoted
// from a clause on which a dispute is open. A rejected pair is the least, because the
// clause's other proposals are still open.
var Telling = []State{StateConfirmed, StateDisputed, StateOpinion, StateAbsent, StateProposed, StateRejected}

// Answered are the states of a match that somebody has answered.
var Answered = States[1:]

// Settled tells whether a match in this state is agreed.
func (s State) Settled() bool {
	return s == StateConfirmed || s == StateRejected || s == StateAbsent
}

// Verdict is what a reviewer answers: a relation, "no-counterpart" or "unsure".
type Verdict string

// The verdicts that are not relations.
const (
	VerdictNoCounterpart Verdict = "no-counterpart"
	VerdictUnsure        Verdict = "unsure"
)

// Verdicts lists every verdict in the order of the workbench's keys.
var Verdicts = []Verdict{
	Verdict(corpus.RelationIdentical), Verdict(corpus.RelationEquivalent), Verdict(corpus.RelationSuperset),
	Verdict(corpus.RelationSubset), Verdict(corpus.RelationOverlap), Verdict(corpus.RelationNone),
	VerdictNoCounterpart, VerdictUnsure,
}

// Relation is the relation a verdict states, and whether it states one.
func (v Verdict) Relation() (corpus.Relation, bool) {
	r := corpus.Relation(v)
	return r, slices.Contains(corpus.Relations, r)
}

// Rejects tells whether the verdict denies a relation.
func (v Verdict) Rejects() bool {
	return v == Verdict(corpus.RelationNone) || v == VerdictNoCounterpart
}

// Reason codes that a reviewer can give for a verdict that a computed
// difference seems to contradict (UX.md 7.1).
var ReasonCodes = []string{"limit-stricter", "scope", "test-method", "obligation", "extraction-error", "covered-elsewhere", "other"}

// Seen is one text a decision was made on: the clause, its digest then, and the
// changes by amendments that were known of it, and what the termbase made of it then,
// "" as at the first (see Match.Terms).
type Seen struct {
	Clause  corpus.ClauseID    `json:"clause"`
	Digest  corpus.Digest      `json:"digest"`
	Amended []corpus.Amendment `json:"amended,omitempty"`
	Terms   corpus.Digest      `json:"terms,omitempty"`
}

// DecisionKind tells an opinion from what else is added to a match.
type DecisionKind string

// The kinds of decision.
const (
	KindOpinion      DecisionKind = "opinion"
	KindAdjudication DecisionKind = "adjudication"
	KindWithdrawal   DecisionKind = "withdrawal" // undoes Withdraws
)

// Decision is one answer, bound to what was read. It is never changed.
type Decision struct {
	ID        uuid.UUID          `json:"id"`
	Seq       int64              `json:"seq"` // order over the whole database, given by the store
	Match     uuid.UUID          `json:"match"`
	Kind      DecisionKind       `json:"kind"`
	Person    uuid.UUID          `json:"person"`
	Party     Party              `json:"party"`
	Verdict   Verdict            `json:"verdict,omitempty"`
	AToB      corpus.Recognition `json:"aToB"`
	BToA      corpus.Recognition `json:"bToA"`
	Reasons   []string           `json:"reasons,omitempty"` // of ReasonCodes
	Note      string             `json:"note,omitempty"`
	Search    string             `json:"search,omitempty"` // for no-counterpart: the search that was done
	Withdraws uuid.UUID          `json:"withdraws,omitempty,omitzero"`
	Seen      []Seen             `json:"seen"`
	Model     string             `json:"model,omitempty"` // of the proposal that was shown
	At        time.Time          `json:"at"`
	// Idempotency is the client's key: the same person sending the same key
	// again gets the first answer and no second decision.
	Idempotency string `json:"-"`
}

// Outcome is what was agreed.
type Outcome struct {
	Verdict Verdict            `json:"verdict"`
	AToB    corpus.Recognition `json:"aToB"`
	BToA    corpus.Recognition `json:"bToA"`
	By      []uuid.UUID        `json:"by"` // the decisions that agreed
}

// Match relates a set of source clauses to a set of target clauses within a
// dossier. A match without targets is a question whether the sources have a
// counterpart in the standard Against.
type Match struct {
	ID        uuid.UUID         `json:"id"`
	Dossier   uuid.UUID         `json:"dossier"`
	Sources   []corpus.ClauseID `json:"sources"`
	Targets   []corpus.ClauseID `json:"targets"`
	Against   corpus.StandardID `json:"against"` // the targets' standard
	Version   int               `json:"version"` // grows with every change; 1 when proposed
	Proposal  *matcher.Proposal `json:"proposal,omitempty"`
	Decisions []Decision        `json:"decisions"` // in order of Seq

	// Derived by Derive; the store keeps copies in columns to filter by.
	State   State    `json:"state"`
	Outcome *Outcome `json:"outcome,omitempty"`
	Suspect bool     `json:"suspect"` // decided on a text that changed, was amended or is read by other terms since
	// Amended are the changes that amendments make to the clauses now, set by whoever
	// loads the match; a round freezes them. Clauses without one are left out.
	Amended map[corpus.ClauseID][]corpus.Amendment `json:"amended,omitempty"`
	// Terms name what the termbase makes of the clauses now, set by whoever loads the
	// match; a round freezes them. Clauses that no change of the terms has touched are
	// left out.
	Terms map[corpus.ClauseID]corpus.Digest `json:"terms,omitempty"`
	// Digests are the present digests of all clauses, set by whoever loads the match.
	Digests map[corpus.ClauseID]corpus.Digest `json:"-"`
	// Misreadings are the marks on the clauses' present texts that nobody took
	// back, of this match and of others, set by whoever loads the match.
	Misreadings []Misreading `json:"-"`
	// Reserved are the reservations that stand against the match, not those against
	// the whole; set by whoever loads the match.
	Reserved []Reservation `json:"-"`
	Updated  time.Time     `json:"updated"`
	// Control tells that this is a control as its person meets it (Control.Posed).
	// No page, address or answer may differ by it.
	Control bool `json:"-"`
}

// Clauses lists the ids of both sides, sources first.
func (m Match) Clauses() []corpus.ClauseID {
	return append(slices.Clone(m.Sources), m.Targets...)
}

// IsSet tells whether the match has several clauses on a side, so that a person
// put it together: the program proposes one clause for another.
func (m Match) IsSet() bool { return len(m.Sources) > 1 || len(m.Targets) > 1 }

// Compared tells whether the kept comparison is of all the clauses and of their
// present texts. Digests must be set.
func (m Match) Compared() bool {
	if m.Proposal == nil {
		return false
	}
	source, target := m.Proposal.Sides()
	return slices.Equal(matcher.ClausesOf(source), m.Sources) && slices.Equal(matcher.ClausesOf(target), m.Targets) && m.Proposal.Reads(m.digest)
}

// digest is the present digest of a clause, "" for one that is gone.
func (m Match) digest(id corpus.ClauseID) corpus.Digest { return m.Digests[id] }

// Opinions lists the opinions that count now: the latest of each person that
// nothing undid, given on the present texts, in the order in which the people
// first answered; unsure does not count. Digests must be set.
func (m Match) Opinions() []Decision { return m.opinions() }

// Gone tells whether one of the clauses is not in its standard any more: such a
// match cannot be answered. Digests must be set.
func (m Match) Gone() bool {
	for _, id := range m.Clauses() {
		if _, there := m.Digests[id]; !there {
			return true
		}
	}
	return false
}
