package review

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// DraftState is where a draft of a reservation stands.
type DraftState string

// The states of a draft. The last two end it.
const (
	DraftKept     DraftState = "kept"
	DraftDropped  DraftState = "dropped"
	DraftDeclared DraftState = "declared"
)

// ReservationDraft is a reservation that a party has not declared: its negotiators
// and reviewers alone see it, through DraftShown, and no rule, document or round
// reads it. Every change is another version.
type ReservationDraft struct {
	ID      uuid.UUID
	Dossier uuid.UUID
	Match   uuid.UUID // uuid.Nil: against the whole
	Party   Party
	Version int // from 1; as an argument the version it replaces, 0 for none
	Text    string
	State   DraftState
	Person  uuid.UUID
	At      time.Time
}

// DraftShown tells whether a person may see a draft of a dossier, as PositionsShown
// does of positions: what their own party keeps on it. It is the only gate of drafts.
func DraftShown(x ReservationDraft, d Dossier, p Person) bool {
	return MayHold(d, p) == nil && x.Party == p.Party && x.Dossier == d.ID
}

// NextDraft is the version that follows the one that is kept (the zero value for
// none) when a person writes ask; without a text it drops the draft. Of ask the text
// and the version it replaces count, and of a new one what it is against. Errors:
// corpus.ErrForbidden, corpus.ErrInvalid, corpus.ErrLimit, and corpus.ErrConflict when
// somebody of the party was faster.
func NextDraft(d Dossier, kept, ask ReservationDraft, p Person, now time.Time) (ReservationDraft, error) {
	next := kept
	if kept.Version == 0 {
		next = ReservationDraft{ID: ask.ID, Dossier: d.ID, Match: ask.Match, Party: p.Party}
	}
	next.Text, next.State = strings.TrimSpace(strings.ToValidUTF8(ask.Text, "\uFFFD")), DraftKept
	if err := mayChange(d, kept, ask.Version, p); err != nil {
		return kept, err
	}
	switch {
	case utf8.RuneCountInString(next.Text) > MaxNoteRunes:
		return kept, corpus.Refuse(corpus.ErrLimit, "text-long", "a text has more than {most} characters", "most", MaxNoteRunes)
	case next.Text == "" && kept.Version == 0:
		return kept, corpus.Refuse(corpus.ErrInvalid, "reservation-text", "write what your party reserves")
	case next.Text == "":
		next.State = DraftDropped
	}
	next.Version, next.Person, next.At = kept.Version+1, p.ID, now
	return next, nil
}

// DeclareDraft makes a reservation of the version of a draft that a person read, and
// the version that ends it; m is its match, nil for the whole. The reservation has an id, a
// date and an author of its own, so that it does not tell when the party wrote it.
// Errors as of Reserve and NextDraft.
func DeclareDraft(x ReservationDraft, d Dossier, m *Match, version int, p Person, now time.Time) (ReservationDraft, Reservation, error) {
	if err := mayChange(d, x, version, p); err != nil {
		return x, Reservation{}, err
	}
	r, err := Reserve(d, m, x.Text, p, now)
	if err != nil {
		return x, r, err
	}
	x.Version, x.State, x.Person, x.At = x.Version+1, DraftDeclared, p.ID, now
	return x, r, nil
}

// mayChange says why a person may not change or end a version of a draft, or nil.
func mayChange(d Dossier, kept ReservationDraft, version int, p Person) error {
	if err := MayHold(d, p); err != nil {
		return err
	}
	switch {
	case d.Closed:
		return corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
	case kept.Version != version || kept.Version > 0 && kept.State != DraftKept:
		return corpus.Refuse(corpus.ErrConflict, "draft-stale", "somebody of your party changed, dropped or declared this draft since you read it")
	}
	return nil
}
