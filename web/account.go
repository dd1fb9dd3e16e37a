package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"concord/corpus"
)

// completeAccount says on a person's page what hangs on the account and what waits
// for it.
func (s *Server) completeAccount(ctx context.Context, a asker, p *personEdit) error {
	var err error
	if p.Standing, err = s.store.Standing(ctx, p.Of.ID, s.now()); err != nil {
		return fmt.Errorf("count what hangs on the account: %w", err)
	}
	if p.Reset, err = s.store.SecondReset(ctx, p.Of.ID); err != nil {
		return fmt.Errorf("find the reset: %w", err)
	}
	if p.Waits = p.Reset.Open(s.now()); !p.Waits {
		return nil
	}
	n, err := s.names(ctx)
	if err != nil {
		return err
	}
	p.AskedBy, p.Confirms = n.of(p.Reset.AskedBy), p.Reset.Confirm(a.person, s.now()) == nil
	return nil
}

// ownPassword checks the password again before something that cannot be taken back
// lightly, and says what is wrong with it.
func (s *Server) ownPassword(c echo.Context, a asker) (said, error) {
	problem, err := s.passwordAgain(c, a)
	if err != nil || problem == "" {
		return said{}, err
	}
	return said{Text: a.words.say(problem)}, nil
}

// resetSecond takes somebody's second factor away in two steps, each after one's own
// password: one administrator asks, another confirms or drops it.
func (s *Server) resetSecond(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	p, err := s.pathPerson(c)
	if err != nil {
		return err
	}
	refuse := func(why said) error {
		return s.showPerson(c, a, http.StatusUnprocessableEntity, personEdit{Of: p, Form: formOf(p), SecondProblem: why})
	}
	why, err := s.ownPassword(c, a)
	if err != nil {
		return err
	}
	if why.Text != "" {
		return refuse(why)
	}
	switch c.FormValue("do") {
	case "confirm":
		err = s.store.ConfirmReset(ctx, p.ID, a.person, s.now())
	case "drop":
		err = s.store.DropReset(ctx, p.ID, a.person.ID.String())
	default:
		err = s.store.AskReset(ctx, p.ID, a.person, s.now())
	}
	if _, refused := corpus.RefusalOf(err); refused {
		return refuse(a.words.refusal(err))
	}
	if err != nil {
		return fmt.Errorf("reset the second factor: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/admin/people/"+p.ID.String()+"?saved=1")
}

// closePerson closes an account or opens it again, after one's own password. Closing
// ends the sessions; decisions stay.
func (s *Server) closePerson(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	p, err := s.pathPerson(c)
	if err != nil {
		return err
	}
	why, err := s.ownPassword(c, a)
	if err != nil {
		return err
	}
	if why.Text == "" && p.ID == a.person.ID {
		why = a.words.refusal(corpus.Refuse(corpus.ErrInvalid, "own-rights", "nobody takes away their own rights, ask another admin"))
	}
	if why.Text != "" {
		return s.showPerson(c, a, http.StatusUnprocessableEntity, personEdit{Of: p, Form: formOf(p), CloseProblem: why})
	}
	p.Disabled = c.FormValue("do") != "open"
	if err := s.store.SavePerson(ctx, p, a.person.ID.String()); err != nil {
		return fmt.Errorf("save the person: %w", err)
	}
	s.leases.leave(p.ID)
	return c.Redirect(http.StatusSeeOther, "/admin/people/"+p.ID.String()+"?saved=1")
}

// stay lengthens the session of who is still there: any request does. The answer
// says in how many seconds it ends now.
func (s *Server) stay(c echo.Context, a asker) error {
	if wantsJSON(c.Request()) {
		return c.JSON(http.StatusOK, map[string]int{"in": seconds(a.session.Ends().Sub(s.now()))})
	}
	return c.Redirect(http.StatusSeeOther, ownPath(c.FormValue("back")))
}
