package review

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// The share of control items that a dossier may ask for, in percent (UX.md 7.2
// names the usual one; the highest is our own).
const (
	UsualControls = 2
	MaxControls   = 5
)

// Control is an agreed match that is given to somebody who had no part in it, in
// their queue of first opinions, as if nobody had answered it. What they answer
// says how carefully they read, and changes nothing about the match. It has an id
// of its own, and its person meets it under that id alone.
//
// There are none among second opinions: an answer there shows at once what the
// other side said, and that would have to be made up.
type Control struct {
	ID      uuid.UUID
	Person  uuid.UUID
	Dossier uuid.UUID
	Match   uuid.UUID
	Turn    int
	Drawn   time.Time
}

// Known tells whether the answer on a match is known well enough to hold others
// against it: a single clause for a single one, agreed on the present texts, the
// same answer given by two people or more, and none of them an adjudicator.
// Digests must be set.
func (m Match) Known() bool {
	return m.Agreed() && m.State != StateAbsent && len(m.Sources) == 1 && len(m.Targets) == 1 &&
		len(m.Outcome.By) >= 2 && m.adjudication(m.version(nil)) == nil
}

// MayControl tells whether a match may be a control of a person: its answer is
// known, and the person had no part in it at any time.
func MayControl(m Match, d Dossier, p Person) bool {
	return d.Controls > 0 && !d.Closed && d.TakesPart(p.Party) && p.May(ActionReview) && m.Known() &&
		!slices.ContainsFunc(m.Decisions, func(x Decision) bool { return x.Person == p.ID })
}

// Posed is the match as the person of a control meets it: nobody's answers but
// those the person gave on the control, and a version as a match has that was
// proposed as often and answered by nobody else.
func (c Control) Posed(m Match, d Dossier, own []Decision) Match {
	out := m
	out.ID, out.Control, out.Decisions = c.ID, true, own
	out.Misreadings = slices.Clone(m.Misreadings)
	for i, r := range out.Misreadings {
		if r.Match == m.ID && r.Person == c.Person {
			out.Misreadings[i].Match = c.ID // made here, so that the row asks for no reason
		}
	}
	out.Version = max(1, m.Version-len(m.Decisions)) + len(own)
	if seconds, nanos := m.ID.Time().UnixTime(); m.ID.Version() == 7 {
		out.Updated = time.Unix(seconds, nanos).UTC()
	}
	if len(own) > 0 {
		out.Updated = own[len(own)-1].At
	}
	Derive(&out, d)
	return out
}

// Judge holds an answer on a control against the match: right when relation and
// both directions of recognition are those that were agreed. ok is false where
// there is nothing to say: for unsure and for an undo, and where the text changed
// or the agreement ended since the control was drawn, so that nothing is known.
func Judge(m Match, dec Decision) (right, ok bool) {
	if dec.Kind != KindOpinion || dec.Verdict == VerdictUnsure || !m.Known() {
		return false, false
	}
	for _, s := range dec.Seen {
		if m.Digests[s.Clause] != s.Digest {
			return false, false
		}
	}
	return dec.Verdict == m.Outcome.Verdict && dec.AToB.Answer == m.Outcome.AToB.Answer && dec.BToA.Answer == m.Outcome.BToA.Answer, true
}

// Turns says after which of a person's answers a control is due: once in every
// block of answers, at a place that nobody can foresee who does not know the salt.
type Turns struct {
	Salt    string
	Person  uuid.UUID
	Dossier uuid.UUID
	Share   int // percent, as in Dossier.Controls
}

// block is how many matches are answered for each control: at 2 %, 49 of 50.
func (t Turns) block() int { return 100/t.Share - 1 }

// By is how many controls are due by the time when n matches are answered.
func (t Turns) By(n int) int {
	if t.Share <= 0 || n <= 0 {
		return 0
	}
	whole := n / t.block()
	if n%t.block() > t.place(whole) {
		return whole + 1
	}
	return whole
}

// place is where in a block the control falls due, from 0.
func (t Turns) place(block int) int {
	h := hmac.New(sha256.New, []byte(t.Salt))
	h.Write(t.Person[:])
	h.Write(t.Dossier[:])
	var b [9]byte
	b[0] = byte(t.Share)
	binary.BigEndian.PutUint64(b[1:], uint64(block))
	h.Write(b[:])
	return int(binary.BigEndian.Uint32(h.Sum(nil)) % uint32(t.block()))
}

// ControlResult is how many of a person's answers on controls were right.
type ControlResult struct{ Right, N int }

// checkControls says what is wrong with a dossier's share of controls, or nil.
func (d Dossier) checkControls() error {
	if d.Controls < 0 || d.Controls > MaxControls {
		return corpus.Refuse(corpus.ErrInvalid, "controls-share", "between 0 and {most} percent of a queue are control items", "most", MaxControls)
	}
	if d.Controls > 0 && d.Policy == PolicyOneReviewer {
		return corpus.Refuse(corpus.ErrInvalid, "controls-policy", "control items need answers that two people agree on, so the policy needs two")
	}
	return nil
}
