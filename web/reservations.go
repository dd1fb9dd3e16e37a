package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// reservationsBox is what is reserved against one match, or against the whole.
type reservationsBox struct {
	Token   string
	Dossier uuid.UUID
	Match   uuid.UUID // uuid.Nil for the whole
	Rows    []reservationRow
	May     bool // the person may declare one for their party
	Party   review.Party
	MaxText int
}

// reservationRow is one reservation, withdrawn or not.
type reservationRow struct {
	review.Reservation
	Who      string
	Withdraw bool // the person may
}

// Whole tells whether the box is about everything that is agreed.
func (b *reservationsBox) Whole() bool { return b.Match == uuid.Nil }

// reservationsOn gathers the box of a match, or with nil of the whole. Everybody who
// reads the dossier sees it.
func (s *Server) reservationsOn(ctx context.Context, d review.Dossier, m *review.Match, a asker, token string) (*reservationsBox, error) {
	list, err := s.store.Reservations(ctx, d.ID)
	if err != nil {
		return nil, fmt.Errorf("list the reservations: %w", err)
	}
	n, err := s.namesFor(ctx, len(list))
	if err != nil {
		return nil, err
	}
	speaks := !d.Closed && review.MayFreeze(d, a.person) == nil
	b := &reservationsBox{Token: token, Dossier: d.ID, May: speaks && (m == nil || m.Agreed()), Party: a.person.Party, MaxText: review.MaxNoteRunes}
	if m != nil {
		b.Match = m.ID
	}
	for _, r := range list {
		if r.Match == b.Match {
			b.Rows = append(b.Rows, reservationRow{r, n.of(r.Person), speaks && r.Party == a.person.Party && r.Withdrawn.IsZero()})
		}
	}
	return b, nil
}

// reserve declares a reservation of one's party.
func (s *Server) reserve(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	match := uuid.Nil
	if text := c.FormValue("match"); text != "" {
		if match, err = uuid.Parse(text); err != nil {
			return fmt.Errorf("no match has the id %q: %w", clip(text, 60), corpus.ErrNotFound)
		}
	}
	r, err := s.store.Reserve(c.Request().Context(), id, match, c.FormValue("text"), a.person)
	if err != nil {
		return fmt.Errorf("declare the reservation: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, reservationAddress(r))
}

// withdrawReservation takes one of one's party back.
func (s *Server) withdrawReservation(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	r, err := s.store.WithdrawReservation(c.Request().Context(), id, a.person)
	if err != nil {
		return fmt.Errorf("withdraw the reservation: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, reservationAddress(r))
}

// reservationAddress is where a reservation is seen.
func reservationAddress(r review.Reservation) string {
	if r.Whole() {
		return "/dossiers/" + r.Dossier.String() + "/rounds#reservations"
	}
	return "/matches/" + r.Match.String() + "#reservations"
}
