package web

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// runCard is the part of a dossier's page that has it matched.
type runCard struct {
	review.Run
	Any   bool // there was a run since the program started
	Going bool
	May   bool // the person may start and stop
}

// runCard says how matching a dossier stands, for those who may start it, and for
// everybody while it goes.
func (s *Server) runCard(d review.Dossier, a asker) *runCard {
	if s.runs == nil {
		return nil
	}
	run, any := s.runs.Run(d.ID)
	card := &runCard{Run: run, Any: any, Going: any && !run.State.Ended(), May: a.person.May(review.ActionManage) && !d.Closed}
	if !card.May && !card.Going {
		return nil
	}
	return card
}

// errNoRuns says that this server does not match.
var errNoRuns = fmt.Errorf("this server does not match dossiers: %w", corpus.ErrNotFound)

// startRun has a dossier matched in the background.
func (s *Server) startRun(c echo.Context, _ asker) error {
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	if s.runs == nil {
		return errNoRuns
	}
	if err := s.runs.StartRun(d); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+d.ID.String()+"#run")
}

// stopRun ends it.
func (s *Server) stopRun(c echo.Context, _ asker) error {
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	if s.runs == nil {
		return errNoRuns
	}
	s.runs.StopRun(d.ID)
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+d.ID.String()+"#run")
}

// runState tells the page's script how far a run is, once or as events.
func (s *Server) runState(c echo.Context, a asker) error {
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	if s.runs == nil {
		return errNoRuns
	}
	run, found := s.runs.Run(d.ID)
	if !found {
		return fmt.Errorf("this dossier has not been matched since the program started: %w", corpus.ErrNotFound)
	}
	if wantsStream(c.Request()) {
		return s.stream(c, a, func() (any, bool) {
			run, _ := s.runs.Run(d.ID)
			return shownRun(run), run.State.Ended()
		})
	}
	return c.JSON(http.StatusOK, shownRun(run))
}

// shownRun is a run as everybody may see it: what went wrong is said in words of
// the program, for those who may see the page of it.
func shownRun(r review.Run) review.Run {
	r.Problem = ""
	return r
}
