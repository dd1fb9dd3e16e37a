package review

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
)

// MisreadingKind says what is wrong with a reading.
type MisreadingKind string

// The kinds of misreading (UX.md 7.2).
const (
	MisreadNoLimit MisreadingKind = "not-limit"   // no limit at all: a number of a figure, a date
	MisreadUnit    MisreadingKind = "wrong-unit"  // right number, wrong unit
	MisreadValue   MisreadingKind = "wrong-value" // wrong number, bound or range
	MisreadOther   MisreadingKind = "other"
)

// MisreadingKinds lists every kind in the order pages show them.
var MisreadingKinds = []MisreadingKind{MisreadNoLimit, MisreadUnit, MisreadValue, MisreadOther}

// reasonMisread is the code of ReasonCodes that a decision carries when it was
// made while a mark stood on its match.
const reasonMisread = "extraction-error"

// Misreading is somebody's mark that the program read a place of a clause wrongly:
// work for who mends the reading, and on the match it was made on no reason to ask
// for one. It is bound to the wording by its digest, so that a new text drops it.
type Misreading struct {
	ID        uuid.UUID       `json:"id"`
	Kind      MisreadingKind  `json:"kind"`
	Match     uuid.UUID       `json:"match"` // where it was seen
	Clause    corpus.ClauseID `json:"clause"`
	Digest    corpus.Digest   `json:"digest"`
	Aspect    matcher.Aspect  `json:"aspect"`
	Start     int             `json:"start"` // bytes of the clause's wording
	End       int             `json:"end"`
	Read      string          `json:"read"` // what the program made of the place
	Person    uuid.UUID       `json:"person"`
	At        time.Time       `json:"at"`
	Withdrawn time.Time       `json:"withdrawn,omitzero"`
	Standing  bool            `json:"-"` // neither taken back nor of an earlier text, set by whoever loads it
	Language  corpus.Language `json:"-"` // of the clause, set by whoever lists it
}

// MisreadingFilter selects standing and dropped marks, the latest first; empty
// fields select everything that was not taken back.
type MisreadingFilter struct {
	Standard corpus.StandardID
	Kind     MisreadingKind
	Before   uuid.UUID // the last one of the page before
	Limit    int       // 1 to MaxMisreadings; 0 means that many
}

// MaxMisreadings is how many marks one call lists at most.
const MaxMisreadings = 1000

// Misread makes a mark of what a person says of a place, or says why it may not
// be made. on is the comparison of the present texts that the person saw; the
// place must be the first of one of its rows on the side of the clause. Of ask the
// kind, clause, digest, aspect and span count. Errors: corpus.ErrForbidden,
// corpus.ErrInvalid, ErrStale, and corpus.ErrConflict when the place is marked.
func Misread(m Match, d Dossier, p Person, on *matcher.Proposal, ask Misreading) (Misreading, error) {
	switch {
	case d.Closed:
		return ask, corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
	case !p.May(ActionReview):
		return ask, corpus.Refuse(corpus.ErrForbidden, "role-review", "your role does not review")
	case !d.TakesPart(p.Party) && !p.May(ActionAdjudicate):
		return ask, corpus.Refuse(corpus.ErrForbidden, "party-outside", "your party \"{party}\" takes no part in the dossier {dossier}", "party", p.Party, "dossier", d.Name)
	case !slices.Contains(MisreadingKinds, ask.Kind):
		return ask, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a kind of misreading", "value", string(ask.Kind))
	case !slices.Contains(m.Clauses(), ask.Clause):
		return ask, corpus.Refuse(corpus.ErrInvalid, "misread-place", "this is no place of the comparison of these texts")
	case m.Digests[ask.Clause] != ask.Digest:
		return ask, corpus.Refuse(ErrStale, "stale-clause", "clause {clause} changed since you read it", "clause", ask.Clause)
	}
	row, isA, found := ask.row(on)
	if !found {
		return ask, corpus.Refuse(corpus.ErrInvalid, "misread-place", "this is no place of the comparison of these texts")
	}
	ask.Match, ask.Person, ask.Read = m.ID, p.ID, row.B
	if isA {
		ask.Read = row.A
	}
	for _, have := range m.Misread(row, on) {
		if have.Match == m.ID && have.Clause == ask.Clause {
			return ask, corpus.Refuse(corpus.ErrConflict, "misread-again", "this place is marked already")
		}
	}
	return ask, nil
}

// row finds the row of a comparison that a mark is about, and its side.
func (r Misreading) row(on *matcher.Proposal) (row matcher.Difference, isA, found bool) {
	if on == nil || r.Aspect == matcher.AspectTerm {
		return row, false, false
	}
	for _, d := range on.Differences {
		if onA, onB := r.on(d, on); onA || onB {
			return d, onA, true
		}
	}
	return row, false, false
}

// on tells whether a mark is about a row, on the source's side or on the target's.
func (r Misreading) on(d matcher.Difference, p *matcher.Proposal) (a, b bool) {
	if r.Aspect != d.Aspect {
		return false, false
	}
	source, target := p.Sides()
	if len(d.SpansA) > 0 {
		part, at, within := matcher.PartAt(source, d.SpansA[0])
		a = within && r.marks(part) && r.Start == at.Start && r.End == at.End
	}
	if len(d.SpansB) > 0 {
		part, at, within := matcher.PartAt(target, d.SpansB[0])
		b = within && r.marks(part) && r.Start == at.Start && r.End == at.End
	}
	return a, b
}

// marks tells whether a mark is about a clause as a comparison read it.
func (r Misreading) marks(part matcher.Part) bool {
	return r.Clause == part.Clause && r.Digest == part.Digest
}

// Misread lists the standing marks about one row of a comparison: those made on
// this match, and those that other matches of the same clause gave rise to.
func (m Match) Misread(row matcher.Difference, on *matcher.Proposal) []Misreading {
	var out []Misreading
	for _, r := range m.Misreadings {
		if a, b := r.on(row, on); (a || b) && r.Standing {
			out = append(out, r)
		}
	}
	return out
}

// struck tells whether a row was marked as misread on this match.
func (m Match) struck(row matcher.Difference) bool {
	return slices.ContainsFunc(m.Misread(row, m.Proposal), func(r Misreading) bool { return r.Match == m.ID })
}

// Contradiction is the first computed difference that speaks against a verdict,
// without those that somebody marked as misread on this match. A mark made on
// another match does not take the guard of this one away.
func (m Match) Contradiction(v Verdict) (matcher.Difference, bool) {
	if m.Proposal == nil || len(m.Misreadings) == 0 {
		return Contradiction(m.Proposal, v)
	}
	left := *m.Proposal
	left.Differences = slices.DeleteFunc(slices.Clone(left.Differences), m.struck)
	return Contradiction(&left, v)
}

// misread tells whether a mark stands on this match, whatever row it is about.
func (m Match) misread() bool {
	return slices.ContainsFunc(m.Misreadings, func(r Misreading) bool { return r.Match == m.ID && r.Standing })
}

// noted are the reasons of a decision with the code that says that a mark stood
// when it was made.
func (m Match) noted(dec Decision) []string {
	_, isRelation := dec.Verdict.Relation()
	if dec.Kind == KindWithdrawal || !isRelation || !m.misread() || slices.Contains(dec.Reasons, reasonMisread) {
		return dec.Reasons
	}
	return append(slices.Clone(dec.Reasons), reasonMisread)
}

// Withdraw takes a mark back. Errors: corpus.ErrForbidden for anybody but its
// author, corpus.ErrConflict when that was done before.
func (r Misreading) Withdraw(p Person, at time.Time) (Misreading, error) {
	switch {
	case r.Person != p.ID || p.Disabled:
		return r, corpus.Refuse(corpus.ErrForbidden, "misread-own", "only your own mark can be taken back")
	case !r.Withdrawn.IsZero():
		return r, corpus.Refuse(corpus.ErrConflict, "misread-withdrawn", "this mark was taken back before")
	}
	r.Withdrawn, r.Standing = at, false
	return r, nil
}
