package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// peoplePage lists the people.
type peoplePage struct {
	Shell
	List    listing
	Rows    []personRow
	Form    personForm
	Problem said
	Matrix  []permissionRow
}

// personRow is a person of the list.
type personRow struct {
	review.Person
	LastSeen time.Time // of the last sign-in
}

// permissionRow is one line of the table of rights, made from the rule itself.
type permissionRow struct {
	Action review.Action
	May    []bool // in the order of review.Roles
}

// actions are the actions in the order of the table.
var actions = []review.Action{review.ActionRead, review.ActionReview, review.ActionAdjudicate, review.ActionPosition, review.ActionSign, review.ActionTemplate, review.ActionImport, review.ActionManage}

// personForm is a person as a form shows them.
type personForm struct {
	Login, Name string
	Role        review.Role
	Roles       []review.Role
	Party       string
	Languages   string // tags with blanks between
}

// permissions is the table of who may do what.
func permissions() []permissionRow {
	var out []permissionRow
	for _, action := range actions {
		row := permissionRow{Action: action}
		for _, role := range review.Roles {
			row.May = append(row.May, role.May(action))
		}
		out = append(out, row)
	}
	return out
}

// people lists everybody.
func (s *Server) people(c echo.Context, a asker) error {
	return s.showPeople(c, a, http.StatusOK, peoplePage{Form: personForm{Role: review.RoleReviewer}})
}

func (s *Server) showPeople(c echo.Context, a asker, status int, p peoplePage) error {
	list, rows, err := s.peopleList(c, a)
	if err != nil {
		return err
	}
	seen, err := s.store.SignIns(c.Request().Context())
	if err != nil {
		return fmt.Errorf("list the last sign-ins: %w", err)
	}
	for _, one := range pageOf(s, &list, rows) {
		p.Rows = append(p.Rows, personRow{one, seen[one.ID]})
	}
	p.Form.Roles, p.Matrix, p.List = review.Roles, permissions(), list
	p.Shell = s.shell(c, a, a.words.say("people.title"))
	return s.show(c, a, status, "people", &p)
}

// readPerson reads a person from a form into who they were before.
func readPerson(v url.Values, p review.Person) (review.Person, personForm, error) {
	f := personForm{
		Login: strings.TrimSpace(v.Get("login")), Name: strings.TrimSpace(v.Get("name")), Role: review.Role(v.Get("role")),
		Roles: review.Roles, Party: strings.ToUpper(strings.TrimSpace(v.Get("party"))), Languages: strings.TrimSpace(v.Get("languages")),
	}
	p.Login, p.Name, p.Role, p.Party = f.Login, f.Name, f.Role, review.Party(f.Party)
	p.Languages = nil
	for _, tag := range strings.FieldsFunc(f.Languages, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		p.Languages = append(p.Languages, corpus.Language(tag))
	}
	switch {
	case p.Login == "" || len(p.Login) > 100 || strings.ContainsAny(p.Login, " \t\r\n"):
		return p, f, corpus.Refuse(corpus.ErrInvalid, "login", "a login has 1 to 100 letters and no blanks")
	case p.Name == "" || len(p.Name) > 300:
		return p, f, corpus.Refuse(corpus.ErrInvalid, "person-name", "a person needs a name")
	case !slices.Contains(review.Roles, p.Role):
		return p, f, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a role", "value", clip(string(p.Role), 40))
	case len(p.Party) > 40 || len(p.Languages) > 20 || len(f.Languages) > 200:
		return p, f, corpus.Refuse(corpus.ErrInvalid, "person-long", "party or languages are too long")
	case p.Role.NeedsParty() && p.Party == "":
		return p, f, corpus.Refuse(corpus.ErrInvalid, "person-party", "who reviews, adjudicates or negotiates belongs to a party")
	}
	return p, f, nil
}

// addPerson makes a person and shows their one-time link.
func (s *Server) addPerson(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make a person's id: %w", err)
	}
	p, f, err := readPerson(c.Request().PostForm, review.Person{ID: id, Created: s.now().UTC()})
	if err == nil {
		err = s.freeLogin(ctx, p)
	}
	if err == nil {
		err = s.store.SavePerson(ctx, p, a.person.ID.String())
	}
	if errors.Is(err, corpus.ErrInvalid) || errors.Is(err, corpus.ErrConflict) {
		return s.showPeople(c, a, http.StatusUnprocessableEntity, peoplePage{Form: f, Problem: a.words.refusal(err)})
	}
	if err != nil {
		return fmt.Errorf("save the person: %w", err)
	}
	return s.showInvite(c, a, p)
}

// freeLogin refuses a login that somebody else has.
func (s *Server) freeLogin(ctx context.Context, p review.Person) error {
	other, _, err := s.store.PersonByLogin(ctx, p.Login)
	switch {
	case errors.Is(err, corpus.ErrNotFound), err == nil && other.ID == p.ID:
		return nil
	case err != nil:
		return fmt.Errorf("look for the login: %w", err)
	}
	return corpus.Refuse(corpus.ErrConflict, "login-taken", "somebody else has the login \"{login}\"", "login", p.Login)
}

// personEdit is one person's page.
type personEdit struct {
	Shell
	Of       review.Person // whose page it is; Shell.Person looks at it
	Form     personForm
	Sessions []review.Session
	Invite   string // one-time link, shown once
	Until    string
	Saved    bool
	Problem  said
	Self     bool
	// Second is the person's second factor.
	Second        review.SecondFactor
	SecondProblem said
	// Reset is what one administrator asked for, AskedBy their name; Confirms says that
	// who looks may confirm it.
	Reset    review.SecondReset
	Waits    bool
	AskedBy  string
	Confirms bool
	// Standing is what hangs on the account, CloseProblem why it was not closed.
	Standing     review.Standing
	CloseProblem said
	// Elsewhere is the name of the organisation's sign-in, Email the account there.
	Elsewhere, Email string
}

// personPage shows one person.
func (s *Server) personPage(c echo.Context, a asker) error {
	p, err := s.pathPerson(c)
	if err != nil {
		return err
	}
	return s.showPerson(c, a, http.StatusOK, personEdit{Of: p, Form: formOf(p), Saved: c.QueryParam("saved") != ""})
}

// pathPerson is the person named in the path.
func (s *Server) pathPerson(c echo.Context) (review.Person, error) {
	id, err := pathID(c)
	if err != nil {
		return review.Person{}, err
	}
	p, err := s.store.Person(c.Request().Context(), id)
	if err != nil {
		return p, fmt.Errorf("find the person: %w", err)
	}
	return p, nil
}

// formOf is a person as a form.
func formOf(p review.Person) personForm {
	return personForm{
		Login: p.Login, Name: p.Name, Role: p.Role, Party: string(p.Party), Languages: strings.Join(asText(p.Languages), " "),
	}
}

func (s *Server) showPerson(c echo.Context, a asker, status int, p personEdit) error {
	sessions, err := s.store.Sessions(c.Request().Context(), p.Of.ID)
	if err != nil {
		return fmt.Errorf("list the sessions: %w", err)
	}
	if p.Second, err = s.store.SecondFactor(c.Request().Context(), p.Of.ID); err != nil {
		return fmt.Errorf("find the second factor: %w", err)
	}
	if err := s.completeAccount(c.Request().Context(), a, &p); err != nil {
		return err
	}
	if s.elsewhere != nil {
		p.Elsewhere = s.elsewhere.config.Name
	}
	if p.Email, err = s.store.Identity(c.Request().Context(), p.Of.ID); err != nil {
		return fmt.Errorf("find the account elsewhere: %w", err)
	}
	p.Sessions, p.Form.Roles, p.Self = sessions, review.Roles, p.Of.ID == a.person.ID
	p.Shell = s.shell(c, a, p.Of.Name+" – "+a.words.say("people.title"))
	return s.show(c, a, status, "person", &p)
}

// changePerson saves a person. A new role or party asks for one's own password and
// ends their sessions; nobody can lock themselves out.
func (s *Server) changePerson(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	before, err := s.pathPerson(c)
	if err != nil {
		return err
	}
	id := before.ID
	p, f, err := readPerson(c.Request().PostForm, before)
	if err == nil && id == a.person.ID && p.Role != before.Role {
		err = corpus.Refuse(corpus.ErrInvalid, "own-rights", "nobody takes away their own rights, ask another admin")
	}
	if err == nil {
		err = s.freeLogin(ctx, p)
	}
	if err == nil && (p.Role != before.Role || p.Party != before.Party) {
		why, failed := s.ownPassword(c, a)
		if failed != nil {
			return failed
		}
		if why.Text != "" {
			return s.showPerson(c, a, http.StatusUnprocessableEntity, personEdit{Of: before, Form: f, Problem: why})
		}
	}
	if err == nil {
		err = s.store.SavePerson(ctx, p, a.person.ID.String())
	}
	if errors.Is(err, corpus.ErrInvalid) || errors.Is(err, corpus.ErrConflict) {
		return s.showPerson(c, a, http.StatusUnprocessableEntity, personEdit{Of: before, Form: f, Problem: a.words.refusal(err)})
	}
	if err != nil {
		return fmt.Errorf("save the person: %w", err)
	}
	if p.Role != before.Role || p.Party != before.Party {
		if err := s.store.EndSessions(ctx, id); err != nil {
			return fmt.Errorf("end the person's sessions: %w", err)
		}
		s.leases.leave(id)
	}
	return c.Redirect(http.StatusSeeOther, "/admin/people/"+id.String()+"?saved=1")
}

// bindIdentity says which account at the provider is a person's.
func (s *Server) bindIdentity(c echo.Context, a asker) error {
	p, err := s.pathPerson(c)
	if err != nil {
		return err
	}
	id := p.ID
	email := strings.TrimSpace(c.FormValue("email"))
	if len(email) > 200 || email != "" && (!strings.Contains(email, "@") || strings.ContainsAny(email, " \t\r\n")) {
		err = corpus.Refuse(corpus.ErrInvalid, "identity", "\"{email}\" is no e-mail address", "email", clip(email, 60))
	} else {
		err = s.store.BindIdentity(c.Request().Context(), id, email, a.person.ID.String())
	}
	if errors.Is(err, corpus.ErrInvalid) || errors.Is(err, corpus.ErrConflict) {
		return s.showPerson(c, a, http.StatusUnprocessableEntity, personEdit{Of: p, Form: formOf(p), Problem: a.words.refusal(err)})
	}
	if err != nil {
		return fmt.Errorf("bind the account: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/admin/people/"+id.String()+"?saved=1")
}

// invite makes a new one-time link for a person.
func (s *Server) invite(c echo.Context, a asker) error {
	p, err := s.pathPerson(c)
	if err != nil {
		return err
	}
	return s.showInvite(c, a, p)
}

// showInvite makes a link and shows it, once: only its hash is kept.
func (s *Server) showInvite(c echo.Context, a asker, p review.Person) error {
	token, err := s.newInvite(c.Request().Context(), p.ID)
	if err != nil {
		return err
	}
	page := personEdit{Of: p, Form: formOf(p), Invite: s.base.String() + "/welcome/" + token, Until: moment(s.now().Add(review.InviteLife))}
	return s.showPerson(c, a, http.StatusOK, page)
}
