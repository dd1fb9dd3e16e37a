package review

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// Reservation is a party's declared caveat against an agreed match, or against what
// is agreed as a whole. Everybody who reads the dossier sees it, documents print it
// as that party's, and a round freezes it; the match stays agreed. It is declared
// once and withdrawn once.
type Reservation struct {
	ID        uuid.UUID `json:"id"`
	Dossier   uuid.UUID `json:"dossier"`
	Match     uuid.UUID `json:"match"` // uuid.Nil: against the whole
	Party     Party     `json:"party"`
	Text      string    `json:"text"`
	Person    uuid.UUID `json:"person"`
	At        time.Time `json:"at"`
	Withdrawn time.Time `json:"withdrawn,omitzero"` // zero while it stands
}

// MaxReservations is how many a dossier may have, withdrawn ones too (our own).
const MaxReservations = 2000

// Whole tells whether it is against everything that is agreed.
func (r Reservation) Whole() bool { return r.Match == uuid.Nil }

// Reserve makes the reservation that a person declares for their party; m is the
// match, nil for the whole. Errors: corpus.ErrForbidden, corpus.ErrInvalid for no
// text or a match that is not agreed, corpus.ErrLimit.
func Reserve(d Dossier, m *Match, text string, p Person, now time.Time) (Reservation, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	r := Reservation{Dossier: d.ID, Party: p.Party, Text: text, Person: p.ID, At: now}
	if err := mayReserve(d, p); err != nil {
		return r, err
	}
	switch {
	case text == "":
		return r, corpus.Refuse(corpus.ErrInvalid, "reservation-text", "write what your party reserves")
	case utf8.RuneCountInString(text) > MaxNoteRunes:
		return r, corpus.Refuse(corpus.ErrLimit, "text-long", "a text has more than {most} characters", "most", MaxNoteRunes)
	case m == nil:
		return r, nil
	case !m.Agreed():
		return r, corpus.Refuse(corpus.ErrInvalid, "reservation-open", "a reservation is declared against an agreed match; on an open one give your answer")
	}
	r.Match = m.ID
	return r, nil
}

// mayReserve says why a person may not declare or withdraw reservations, or nil: it
// takes who may freeze and sign rounds, in a dossier that is open.
func mayReserve(d Dossier, p Person) error {
	if d.Closed {
		return corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
	}
	return MayFreeze(d, p)
}

// Withdraw takes a reservation back for anybody who may declare one for its party.
// Errors: corpus.ErrForbidden, corpus.ErrConflict when it is withdrawn already.
func (r Reservation) Withdraw(d Dossier, p Person, now time.Time) (Reservation, error) {
	if err := mayReserve(d, p); err != nil {
		return r, err
	}
	if r.Party != p.Party {
		return r, corpus.Refuse(corpus.ErrForbidden, "reservation-theirs", "this is a reservation of {party}", "party", r.Party)
	}
	if !r.Withdrawn.IsZero() {
		return r, corpus.Refuse(corpus.ErrConflict, "reservation-gone", "this reservation is withdrawn already")
	}
	r.Withdrawn = now
	return r, nil
}

// Reserved are the reservations of a list that stand, in its order, against the whole
// or against one of the matches.
func Reserved(list []Reservation, matches []Match) []Reservation {
	var out []Reservation
	for _, r := range list {
		against := func(m Match) bool { return m.ID == r.Match }
		if r.Withdrawn.IsZero() && (r.Whole() || slices.ContainsFunc(matches, against)) {
			out = append(out, r)
		}
	}
	return out
}

// Against are the reservations of a list that stand against one match alone.
func Against(list []Reservation, match uuid.UUID) []Reservation {
	var out []Reservation
	for _, r := range list {
		if r.Withdrawn.IsZero() && !r.Whole() && r.Match == match {
			out = append(out, r)
		}
	}
	return out
}

// ReservedDiffer lists the reservations that stand in a later round and not in this
// one, and those that stood in this one and do so no more.
func (r Round) ReservedDiffer(later Round) (declared, ended []Reservation) {
	without := func(list, other []Reservation) []Reservation {
		return slices.DeleteFunc(slices.Clone(list), func(x Reservation) bool {
			return slices.ContainsFunc(other, func(y Reservation) bool { return y.ID == x.ID })
		})
	}
	return without(later.Reservations, r.Reservations), without(r.Reservations, later.Reservations)
}
