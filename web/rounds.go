package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

// roundsView is the page of a dossier's rounds: what was frozen, what would be
// now, and what changed between two of them.
type roundsView struct {
	Shell
	Dossier   review.Dossier
	Rounds    []roundRow // newest first
	Formats   []string
	Templates []exportTemplate
	Draft     review.Round
	Open      int // matches that would be left out
	May       bool
	Done      bool // something was just frozen or signed
	Changes   *roundChanges
	Reserved  *reservationsBox // against the whole
}

// Disputed is how many matches are disputed while a round is about to be frozen.
func (p *roundsView) Disputed() int { return p.Draft.LeftOut[review.StateDisputed] }

// roundRow is one frozen round.
type roundRow struct {
	review.Frozen
	Unsigned []review.Party
	Moved    int  // texts that are others now
	Sign     bool // the person may sign it for their party, which has not
}

// roundChanges is what became different from one round to another, or to now.
type roundChanges struct {
	From, To int // To is 0 for now
	List     []review.Change
	// Declared and Ended are reservations against the whole.
	Declared, Ended []review.Reservation
	// Opened and Closed are clauses of which nothing is agreed any more, and of which
	// something is.
	Opened, Closed []review.Unmatched
}

// roundsPage answers the page of rounds. Only agreed matches stand in rounds,
// which everybody who reads the dossier may see; texts are not shown here.
func (s *Server) roundsPage(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	rounds, err := s.store.Rounds(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("read the rounds: %w", err)
	}
	p := &roundsView{Dossier: d, Formats: export.Names(), May: review.MayFreeze(d, a.person) == nil, Done: c.QueryParam("done") != ""}
	if p.Draft, err = s.store.DraftRound(ctx, d.ID); err != nil {
		return fmt.Errorf("draft a round: %w", err)
	}
	p.Open = p.Draft.Open() + p.Draft.Suspect
	for i := len(rounds) - 1; i >= 0; i-- {
		row, err := s.newRoundRow(c, a, rounds[i], p.May)
		if err != nil {
			return err
		}
		p.Rounds = append(p.Rounds, row)
	}
	if p.Changes, err = changesAsked(c.QueryParam("from"), c.QueryParam("to"), rounds, p.Draft); err != nil {
		return err
	}
	if p.Changes != nil && p.Changes.To == 0 {
		if err := s.sayWhyWithdrawn(ctx, p.Changes.List); err != nil {
			return err
		}
	}
	if p.Templates, err = s.exportTemplates(ctx, d.ID); err != nil {
		return err
	}
	p.Shell = s.shell(c, a, a.words.say("round.title")+" – "+d.Name)
	if p.Reserved, err = s.reservationsOn(ctx, d, nil, a, p.Token); err != nil {
		return err
	}
	return s.show(c, a, http.StatusOK, "rounds", p)
}

// sayWhyWithdrawn adds to what is agreed no more that a text has changed, where that is
// why: nobody took anything back, the match waits to be looked at again.
func (s *Server) sayWhyWithdrawn(ctx context.Context, list []review.Change) error {
	for i, c := range list {
		if c.After != nil {
			continue
		}
		m, _, err := s.store.Match(ctx, c.Before.ID)
		if err != nil {
			return fmt.Errorf("read a match that is agreed no more: %w", err)
		}
		if m.Suspect {
			list[i].Kinds = append(list[i].Kinds, review.ChangeText)
		}
	}
	return nil
}

// newRoundRow adds to a round what is true of it now.
func (s *Server) newRoundRow(c echo.Context, a asker, f review.Frozen, may bool) (roundRow, error) {
	moved, err := export.Moved(c.Request().Context(), s.store, f.Round)
	if err != nil {
		return roundRow{}, fmt.Errorf("compare the texts of the round: %w", err)
	}
	row := roundRow{Frozen: f, Unsigned: review.Unsigned(f.Round.Dossier, f.Signatures), Moved: len(moved)}
	for _, party := range row.Unsigned {
		row.Sign = row.Sign || may && party == a.person.Party
	}
	return row, nil
}

// changesAsked compares the rounds that the address names; nil where it names none.
func changesAsked(from, to string, rounds []review.Frozen, draft review.Round) (*roundChanges, error) {
	if from == "" {
		return nil, nil
	}
	numbered := func(s string) (review.Round, int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > len(rounds) {
			return review.Round{}, 0, corpus.Refuse(corpus.ErrInvalid, "round-missing", "there is no round {number}, the last is {last}", "number", s, "last", len(rounds))
		}
		return rounds[n-1].Round, n, nil
	}
	a, n, err := numbered(from)
	if err != nil {
		return nil, err
	}
	out := &roundChanges{From: n}
	b := draft
	if to != "" && to != "0" {
		if b, out.To, err = numbered(to); err != nil {
			return nil, err
		}
	}
	out.List = a.Compare(b)
	ofMatch := func(r review.Reservation) bool { return !r.Whole() }
	declared, ended := a.ReservedDiffer(b)
	out.Opened, out.Closed = a.UnmatchedDiffer(b)
	out.Declared, out.Ended = slices.DeleteFunc(declared, ofMatch), slices.DeleteFunc(ended, ofMatch)
	return out, nil
}

// freezeRound freezes what is agreed now under a name.
func (s *Server) freezeRound(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if _, err := s.store.FreezeRound(c.Request().Context(), id, c.FormValue("name"), a.person); err != nil {
		return fmt.Errorf("freeze the round: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+id.String()+"/rounds?done=1")
}

// signRound puts the person's name under a round they have read.
func (s *Server) signRound(c echo.Context, a asker) error {
	id, number, err := roundPath(c)
	if err != nil {
		return err
	}
	if _, err := s.store.SignRound(c.Request().Context(), id, number, c.FormValue("checksum"), a.person); err != nil {
		return fmt.Errorf("sign the round: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+id.String()+"/rounds?done=1")
}

// downloadRound sends a round in one format.
func (s *Server) downloadRound(c echo.Context, a asker) error {
	id, number, err := roundPath(c)
	if err != nil {
		return err
	}
	ask, err := askOf(c, a, id)
	if err != nil {
		return err
	}
	ask.Round, ask.OneSided = number, false
	return s.sendExport(c, a, ask, "")
}

// roundPath reads the dossier and the number of an address.
func roundPath(c echo.Context) (uuid.UUID, int, error) {
	id, err := pathID(c)
	if err != nil {
		return uuid.Nil, 0, err
	}
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil || number < 1 {
		return uuid.Nil, 0, fmt.Errorf("round %q: %w", c.Param("number"), corpus.ErrNotFound)
	}
	return id, number, nil
}
