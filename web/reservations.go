package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

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
	Holds   bool // the person may write drafts of their party
	Drafts  []draftRow
	Party   review.Party
	MaxText int
}

// reservationRow is one reservation, withdrawn or not.
type reservationRow struct {
	review.Reservation
	Who      string
	Withdraw bool // the person may
}

// draftRow is a draft of one's own party with the form that changes it.
type draftRow struct {
	review.ReservationDraft
	Who  string
	Form draftForm
}

// draftForm is the form of a draft: a new one where it has no version.
type draftForm struct {
	review.ReservationDraft
	Token   string
	MaxText int
}

// New is the form of another draft.
func (b *reservationsBox) New() draftForm {
	return draftForm{review.ReservationDraft{Dossier: b.Dossier, Match: b.Match}, b.Token, b.MaxText}
}

// Shown tells whether the box has anything for the person.
func (b *reservationsBox) Shown() bool { return b.May || b.Holds || len(b.Rows)+len(b.Drafts) > 0 }

// Whole tells whether the box is about everything that is agreed.
func (b *reservationsBox) Whole() bool { return b.Match == uuid.Nil }

// reservationsOn gathers the box of a match, or with nil of the whole. Everybody who
// reads the dossier sees it.
func (s *Server) reservationsOn(ctx context.Context, d review.Dossier, m *review.Match, a asker, token string) (*reservationsBox, error) {
	list, err := s.store.Reservations(ctx, d.ID)
	if err != nil {
		return nil, fmt.Errorf("list the reservations: %w", err)
	}
	speaks := !d.Closed && review.MayFreeze(d, a.person) == nil
	b := &reservationsBox{Token: token, Dossier: d.ID, May: speaks && (m == nil || m.Agreed()), Party: a.person.Party, MaxText: review.MaxNoteRunes}
	if m != nil {
		b.Match = m.ID
	}
	b.Holds = !d.Closed && review.MayHold(d, a.person) == nil
	drafts, err := s.store.DraftsOn(ctx, d.ID, b.Match, a.person)
	if err != nil {
		return nil, fmt.Errorf("list the drafts of reservations: %w", err)
	}
	n, err := s.namesFor(ctx, len(list)+len(drafts))
	if err != nil {
		return nil, err
	}
	for _, x := range drafts {
		b.Drafts = append(b.Drafts, draftRow{x, n.of(x.Person), draftForm{x, token, b.MaxText}})
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
	match, err := matchField(c)
	if err != nil {
		return err
	}
	r, err := s.store.Reserve(c.Request().Context(), id, match, c.FormValue("text"), a.person)
	if err != nil {
		return fmt.Errorf("declare the reservation: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, reservationAddress(r))
}

// matchField is the match that a form names, uuid.Nil for none.
func matchField(c echo.Context) (match uuid.UUID, err error) {
	if text := c.FormValue("match"); text != "" {
		if match, err = uuid.Parse(text); err != nil {
			return match, fmt.Errorf("no match has the id %q: %w", clip(text, 60), corpus.ErrNotFound)
		}
	}
	return match, nil
}

// draftPage gives back what somebody wrote that could not be kept.
type draftPage struct {
	Shell
	Form    draftForm
	Now     string // what is kept, where somebody was faster
	Problem said
}

// saveDraft keeps a draft of a reservation, or drops it, for one's own party alone.
func (s *Server) saveDraft(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	d, err := s.held(c, a)
	if err != nil {
		return err
	}
	ask := review.ReservationDraft{Dossier: d.ID, Text: c.FormValue("text")}
	if ask.Match, err = matchField(c); err != nil {
		return err
	}
	if id := c.FormValue("draft"); id != "" {
		if ask.ID, err = uuid.Parse(id); err != nil {
			return fmt.Errorf("no draft has the id %q: %w", clip(id, 60), corpus.ErrNotFound)
		}
	}
	ask.Version, _ = strconv.Atoi(c.FormValue("version")) // anything else replaces nothing
	if c.FormValue("drop") != "" {
		ask.Text = ""
	}
	_, err = s.store.SaveDraft(ctx, ask, a.person)
	if _, refused := corpus.RefusalOf(err); refused && !errors.Is(err, corpus.ErrForbidden) {
		return s.draftAgain(c, a, ask, err)
	}
	if err != nil {
		return fmt.Errorf("keep the draft: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, reservationAddress(review.Reservation{Dossier: d.ID, Match: ask.Match}))
}

// draftAgain shows what was written and why it is not kept; sending it again replaces
// what is kept now.
func (s *Server) draftAgain(c echo.Context, a asker, ask review.ReservationDraft, why error) error {
	p := &draftPage{Problem: a.words.refusal(why)}
	status := http.StatusUnprocessableEntity
	if errors.Is(why, corpus.ErrConflict) {
		status = http.StatusConflict
		list, err := s.store.DraftsOn(c.Request().Context(), ask.Dossier, ask.Match, a.person)
		if err != nil {
			return fmt.Errorf("list the drafts of reservations: %w", err)
		}
		was := ask.ID
		ask.ID, ask.Version = uuid.Nil, 0 // one that ended is begun anew
		for _, x := range list {
			if x.ID == was {
				ask.ID, ask.Version, p.Now = x.ID, x.Version, x.Text
			}
		}
	}
	p.Shell = s.shell(c, a, a.words.say("draft.one"))
	p.Form = draftForm{ask, p.Token, review.MaxNoteRunes}
	return s.show(c, a, status, "draft", p)
}

// declareDraft declares one for both sides to see.
func (s *Server) declareDraft(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.FormValue("version")) // anything else is no version
	r, err := s.store.DeclareDraft(c.Request().Context(), id, version, a.person)
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
