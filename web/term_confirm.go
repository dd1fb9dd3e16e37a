package web

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/termbase"
)

// waitingTerm is a term that somebody proposed as preferred.
type waitingTerm struct {
	termbase.Proposal
	Name string // who proposed it
	May  bool   // the person may confirm it
}

// waitingTerms are those that termsNow read last.
func (s *Server) waitingTerms() []termbase.Proposal {
	s.terms.mu.Lock()
	defer s.terms.mu.Unlock()
	return s.terms.waiting
}

// confirmTerm says as a second person that a term is preferred.
func (s *Server) confirmTerm(c echo.Context, a asker) error {
	id := c.FormValue("id")
	if err := s.store.ConfirmTerm(c.Request().Context(), id, corpus.Language(c.FormValue("lang")), c.FormValue("term"), a.person); err != nil {
		return fmt.Errorf("confirm a term: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, termURL(id)+"&confirmed=1")
}
