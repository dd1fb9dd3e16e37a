package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
)

// MaxRoundName is the longest name of a round, in characters.
const MaxRoundName = 200

// Checkpoint is a row of the audit chain: everything up to it is fixed by its hash.
type Checkpoint struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// Round is what was agreed in a dossier at one time, frozen: numbered from 1,
// named, and read-only. It holds the texts that were agreed on, so that documents
// made from it stay the same when the texts change.
type Round struct {
	Dossier   Dossier           `json:"dossier"`
	Number    int               `json:"number"` // 0 while it is only a draft
	Name      string            `json:"name"`
	Person    uuid.UUID         `json:"person"` // who froze it
	Signer    string            `json:"signer"` // their name then
	Party     Party             `json:"party"`
	At        time.Time         `json:"at"`
	Audit     Checkpoint        `json:"audit"`   // the chain's head before the round
	LeftOut   map[State]int     `json:"leftOut"` // matches that are not agreed
	Suspect   int               `json:"suspect"` // agreed, but on a text that has changed: left out too
	Standards []corpus.Standard `json:"standards"`
	Coverage  []Coverage        `json:"coverage"`
	Clauses   []corpus.Clause   `json:"clauses"` // texts of the matches, by id
	Matches   []Match           `json:"matches"` // by source standard and place
	// Reservations are those that stand against the matches or the whole. Rounds from
	// before there were any have none, and keep their checksum.
	Reservations []Reservation `json:"reservations,omitempty"`
	// Unmatched are the clauses of which nothing was agreed. Rounds from before they were
	// noted have nil, and keep their checksum.
	Unmatched []Unmatched `json:"unmatched,omitzero"`
}

// Open counts the matches that are left out because they are not agreed.
func (r Round) Open() int {
	n := 0
	for _, k := range r.LeftOut {
		n += k
	}
	return n
}

// Signature is one person's name under a round's checksum, for a party.
type Signature struct {
	Person uuid.UUID `json:"person"`
	Name   string    `json:"name"`
	Party  Party     `json:"party"`
	At     time.Time `json:"at"`
}

// Frozen is a round as it is kept: with the checksum over its canonical bytes and
// the signatures under it.
type Frozen struct {
	Round      Round
	Checksum   string // hex SHA-256
	Signatures []Signature
}

// MayFreeze says why a person may not freeze or sign rounds of a dossier, or nil:
// it takes somebody who speaks for a party that takes part.
func MayFreeze(d Dossier, p Person) error {
	if !p.May(ActionSign) {
		return corpus.Refuse(corpus.ErrForbidden, "round-role", "your role does not freeze or sign rounds")
	}
	if !d.TakesPart(p.Party) {
		return corpus.Refuse(corpus.ErrForbidden, "round-party", "your party {party} takes no part in the dossier {dossier}", "party", p.Party, "dossier", d.Name)
	}
	return nil
}

// Unsigned lists the parties whose signature a round still needs: one of any party
// is enough, except where both parties must agree.
func Unsigned(d Dossier, given []Signature) []Party {
	signed := func(p Party) bool {
		return slices.ContainsFunc(given, func(s Signature) bool { return s.Party == p })
	}
	if d.Policy != PolicyBothParties && slices.ContainsFunc(d.Parties(), signed) {
		return nil
	}
	var out []Party
	for _, p := range d.Parties() {
		if !signed(p) {
			out = append(out, p)
		}
	}
	return out
}

// Agreed tells whether a match can stand in a round or be drawn for an audit:
// settled, on texts that are still what was read.
func (m Match) Agreed() bool {
	return m.State.Settled() && !m.Suspect && !m.Gone() && m.Outcome != nil
}

// Draft sorts the matches of a dossier into a round that is not frozen yet:
// nothing undecided is in it, no opinion that is not everybody's to read, and of
// the proposals only what was compared. Digests of the matches must be set.
func Draft(d Dossier, all []Match) Round {
	r := Round{Dossier: d, LeftOut: map[State]int{}, Matches: []Match{}, Clauses: []corpus.Clause{}}
	for _, m := range all {
		switch {
		case m.Agreed():
			shown := Shown(m, Person{})
			shown.Proposal = compared(m.Proposal)
			r.Matches = append(r.Matches, shown)
		case m.State.Settled():
			r.Suspect++
		default:
			r.LeftOut[m.State]++
		}
	}
	return r
}

// compared is what documents print of a proposal: figures and citations.
func compared(p *matcher.Proposal) *matcher.Proposal {
	if p == nil {
		return nil
	}
	return &matcher.Proposal{Source: p.Source, Target: p.Target, SourceDigest: p.SourceDigest, TargetDigest: p.TargetDigest,
		SourceParts: p.SourceParts, TargetParts: p.TargetParts, Differences: p.Differences, Model: p.Model}
}

// Freeze names a draft and puts a person's name under it. Errors:
// corpus.ErrForbidden when the person may not, corpus.ErrInvalid when there is
// no name or nothing is agreed, corpus.ErrLimit when the name is too long.
func Freeze(draft Round, number int, name string, p Person, at time.Time, head Checkpoint) (Round, error) {
	name = RoundName(name)
	switch {
	case MayFreeze(draft.Dossier, p) != nil:
		return Round{}, MayFreeze(draft.Dossier, p)
	case name == "":
		return Round{}, corpus.Refuse(corpus.ErrInvalid, "round-nameless", "a round needs a name")
	case len([]rune(name)) > MaxRoundName:
		return Round{}, fmt.Errorf("the name of a round has at most %d characters: %w", MaxRoundName, corpus.ErrLimit)
	case len(draft.Matches) == 0:
		return Round{}, corpus.Refuse(corpus.ErrInvalid, "round-empty", "nothing is agreed in the dossier {dossier}, there is nothing to freeze", "dossier", draft.Dossier.Name)
	}
	for _, m := range draft.Matches {
		if !m.State.Settled() || m.Suspect || m.Outcome == nil {
			return Round{}, fmt.Errorf("match %s is not agreed, it cannot stand in a round: %w", m.ID, corpus.ErrInvalid)
		}
	}
	r := draft
	r.Number, r.Name, r.Person, r.Signer, r.Party, r.Audit = number, name, p.ID, p.Name, p.Party, head
	r.At = at.UTC().Truncate(time.Microsecond)
	return r, nil
}

// RoundName is a name as it is kept: valid text on one line.
func RoundName(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
}

// Canonical is the round as the bytes its checksum is made of: JSON in the order
// of the type's fields, with the keys of maps sorted.
func (r Round) Canonical() ([]byte, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write round %d: %w", r.Number, err)
	}
	return body, nil
}

// Checksum is the hex SHA-256 of a round's canonical bytes.
func Checksum(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// Content is the fingerprint of what was agreed alone, without name, signer,
// time and counts of the rest: two rounds with the same content say the same.
func (r Round) Content() (string, error) {
	return PayloadHash(struct {
		Clauses []corpus.Clause
		Matches []Match
		// left out where there is none, as in the fingerprints of older rounds
		Reservations []Reservation `json:",omitempty"`
	}{r.Clauses, r.Matches, r.Reservations})
}

// ReadRound reads canonical bytes back, with the digests of the frozen texts
// and the frozen reservations at their matches. It
// refuses bytes that do not fit the checksum.
func ReadRound(canonical []byte, checksum string) (Round, error) {
	var r Round
	if got := Checksum(canonical); got != checksum {
		return r, fmt.Errorf("the round was changed after it was frozen: its checksum is %s, not %s", got, checksum)
	}
	if err := json.Unmarshal(canonical, &r); err != nil {
		return r, fmt.Errorf("read a round: %w", err)
	}
	digests := r.Digests()
	for i := range r.Matches {
		m := &r.Matches[i]
		m.Digests = map[corpus.ClauseID]corpus.Digest{}
		for _, id := range m.Clauses() {
			m.Digests[id] = digests[id]
		}
		m.Reserved = Against(r.Reservations, m.ID)
	}
	return r, nil
}

// Digests are the digests of the frozen texts.
func (r Round) Digests() map[corpus.ClauseID]corpus.Digest {
	out := make(map[corpus.ClauseID]corpus.Digest, len(r.Clauses))
	for _, c := range r.Clauses {
		out[c.ID] = c.Digest()
	}
	return out
}

// Moved lists the clauses of a round whose texts are not what they were, or that
// amendments change otherwise, given the present digests and amendments; a clause
// without a digest has left its standard.
func (r Round) Moved(present map[corpus.ClauseID]corpus.Digest, amended map[corpus.ClauseID][]corpus.Amendment) []corpus.ClauseID {
	known := map[corpus.ClauseID][]corpus.Amendment{}
	for _, m := range r.Matches {
		maps.Copy(known, m.Amended)
	}
	var out []corpus.ClauseID
	for _, c := range r.Clauses {
		if present[c.ID] != c.Digest() || amendmentsKey(known[c.ID]) != amendmentsKey(amended[c.ID]) {
			out = append(out, c.ID)
		}
	}
	return out
}

// ChangeKind is what became of a match between two rounds.
type ChangeKind string

// The kinds of change, in the order they are listed. A match can have several.
const (
	ChangeAdded       ChangeKind = "added"
	ChangeRelation    ChangeKind = "relation"
	ChangeRecognition ChangeKind = "recognition"
	ChangeText        ChangeKind = "text"
	ChangeReservation ChangeKind = "reservation"
	ChangeWithdrawn   ChangeKind = "withdrawn"
)

// Change is one match that differs between two rounds; Before is nil for one that
// was added, After for one that was withdrawn.
type Change struct {
	Kinds         []ChangeKind `json:"kinds"`
	Before, After *Match       `json:"-"`
}

// Match is the match as it is later, or was before it was withdrawn.
func (c Change) Match() *Match {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// Compare lists what changed from an earlier round to a later one or a draft,
// in the order of the later, then what was withdrawn.
func (r Round) Compare(later Round) []Change {
	before := map[uuid.UUID]*Match{}
	for i := range r.Matches {
		before[r.Matches[i].ID] = &r.Matches[i]
	}
	textsA, textsB := r.Digests(), later.Digests()
	declared, ended := r.ReservedDiffer(later)
	reserved := append(declared, ended...)
	var out []Change
	for i := range later.Matches {
		m := &later.Matches[i]
		old := before[m.ID]
		delete(before, m.ID)
		if old == nil {
			out = append(out, Change{Kinds: []ChangeKind{ChangeAdded}, After: m})
			continue
		}
		kinds := changed(old, m, textsA, textsB)
		if slices.ContainsFunc(reserved, func(x Reservation) bool { return x.Match == m.ID }) {
			kinds = append(kinds, ChangeReservation)
		}
		if len(kinds) > 0 {
			out = append(out, Change{Kinds: kinds, Before: old, After: m})
		}
	}
	for i := range r.Matches {
		if m := before[r.Matches[i].ID]; m != nil {
			out = append(out, Change{Kinds: []ChangeKind{ChangeWithdrawn}, Before: m})
		}
	}
	return out
}

// changed says in what ways a match that stands in both differs.
func changed(a, b *Match, textsA, textsB map[corpus.ClauseID]corpus.Digest) []ChangeKind {
	var kinds []ChangeKind
	if a.Outcome.Verdict != b.Outcome.Verdict {
		kinds = append(kinds, ChangeRelation)
	}
	if !sameRecognition(a.Outcome.AToB, b.Outcome.AToB) || !sameRecognition(a.Outcome.BToA, b.Outcome.BToA) {
		kinds = append(kinds, ChangeRecognition)
	}
	if slices.ContainsFunc(b.Clauses(), func(id corpus.ClauseID) bool {
		return textsA[id] != textsB[id] || amendmentsKey(a.Amended[id]) != amendmentsKey(b.Amended[id])
	}) {
		kinds = append(kinds, ChangeText)
	}
	return kinds
}

func sameRecognition(a, b corpus.Recognition) bool {
	return a.Answer == b.Answer && slices.Equal(a.Conditions, b.Conditions)
}
