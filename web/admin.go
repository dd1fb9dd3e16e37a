package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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
var actions = []review.Action{review.ActionRead, review.ActionReview, review.ActionAdjudicate, review.ActionPosition, review.ActionSign, review.ActionImport, review.ActionManage}

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
	all, err := s.store.People(c.Request().Context())
	if err != nil {
		return fmt.Errorf("list the people: %w", err)
	}
	seen, err := s.store.SignIns(c.Request().Context())
	if err != nil {
		return fmt.Errorf("list the last sign-ins: %w", err)
	}
	for _, one := range all {
		p.Rows = append(p.Rows, personRow{one, seen[one.ID]})
	}
	p.Form.Roles, p.Matrix = review.Roles, permissions()
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

// changePerson saves a person. A new role or party ends their sessions; nobody can
// lock themselves out.
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

// keysPage lists integrators' keys.
type keysPage struct {
	Shell
	Rows    []keyRow
	Scopes  []scopeOption
	Name    string
	Days    int
	Made    string // a new key, shown once
	Problem string
}

type keyRow struct {
	review.Key
	Works bool
	Maker string
}

type scopeOption struct {
	Scope  review.Scope
	Chosen bool
}

// keys lists the keys.
func (s *Server) keys(c echo.Context, a asker) error {
	return s.showKeys(c, a, http.StatusOK, keysPage{Days: 90}, []review.Scope{review.ScopeSearch, review.ScopeRead})
}

func (s *Server) showKeys(c echo.Context, a asker, status int, p keysPage, chosen []review.Scope) error {
	ctx := c.Request().Context()
	all, err := s.store.Keys(ctx)
	if err != nil {
		return fmt.Errorf("list the keys: %w", err)
	}
	n, err := s.names(ctx)
	if err != nil {
		return err
	}
	for _, k := range all {
		p.Rows = append(p.Rows, keyRow{k, k.Ended.IsZero() && s.now().Before(k.Expires), n.of(k.By)})
	}
	for _, scope := range review.Scopes {
		p.Scopes = append(p.Scopes, scopeOption{scope, slices.Contains(chosen, scope)})
	}
	p.Shell = s.shell(c, a, a.words.say("keys.title"))
	return s.show(c, a, status, "keys", &p)
}

// addKey makes a key cnk_<id>_<secret> and shows it, once.
func (s *Server) addKey(c echo.Context, a asker) error {
	form := c.Request().PostForm
	p := keysPage{Name: clip(strings.TrimSpace(form.Get("name")), 200)}
	p.Days, _ = strconv.Atoi(form.Get("days")) // anything else is refused below
	scopes := slices.DeleteFunc(list[review.Scope](form, "scope"), func(x review.Scope) bool { return !slices.Contains(review.Scopes, x) })
	switch {
	case p.Name == "":
		p.Problem = "name"
	case p.Days < 1 || p.Days > int(review.KeyLife/(24*time.Hour)):
		p.Problem = "days"
	case len(scopes) == 0:
		p.Problem = "scopes"
	}
	if p.Problem != "" {
		return s.showKeys(c, a, http.StatusUnprocessableEntity, p, scopes)
	}
	secret, err := review.NewSecret()
	if err != nil {
		return err
	}
	id := strings.ToLower(strings.NewReplacer("-", "x", "_", "y").Replace(randomText(9)))
	whole := "cnk_" + id + "_" + secret
	now := s.now().UTC()
	key := review.Key{
		ID: id, Name: p.Name, Hash: review.HashSecret(whole), Scopes: scopes, Created: now,
		Expires: now.Add(time.Duration(p.Days) * 24 * time.Hour), By: a.person.ID,
	}
	if err := s.store.NewKey(c.Request().Context(), key, a.person.ID.String()); err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	return s.showKeys(c, a, http.StatusOK, keysPage{Made: whole, Days: 90}, nil)
}

// endKey ends a key for good.
func (s *Server) endKey(c echo.Context, a asker) error {
	if err := s.store.EndKey(c.Request().Context(), c.Param("id"), a.person.ID.String()); err != nil {
		return fmt.Errorf("end the key: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/admin/keys")
}

// profilePage is one's own account.
type profilePage struct {
	Shell
	Sessions []sessionRow
	Problem  string
	Notice   string
	Least    int
	KeySets  []string
	// Second is one's own second factor, MustSecond whether the role needs one.
	Second        review.SecondFactor
	MustSecond    bool
	SecondProblem string
}

type sessionRow struct {
	review.Session
	This bool
	Ref  string // names the session in the form, without its hash
}

// sessionRef names a session on its owner's page. The hash stays on the server.
func sessionRef(hash string) string {
	sum := sha256.Sum256([]byte("concord session row\x00" + hash))
	return hex.EncodeToString(sum[:8])
}

// profile shows one's own account.
func (s *Server) profile(c echo.Context, a asker) error {
	p := profilePage{}
	if notice := c.QueryParam("notice"); slices.Contains([]string{"ended", "second-reset", "second-needed", "second-off"}, notice) {
		p.Notice = notice
	}
	return s.showProfile(c, a, http.StatusOK, p)
}

func (s *Server) showProfile(c echo.Context, a asker, status int, p profilePage) error {
	sessions, err := s.store.Sessions(c.Request().Context(), a.person.ID)
	if err != nil {
		return fmt.Errorf("list your sessions: %w", err)
	}
	for _, se := range sessions {
		p.Sessions = append(p.Sessions, sessionRow{se, se.Hash == a.session.Hash, sessionRef(se.Hash)})
	}
	if p.Second, err = s.store.SecondFactor(c.Request().Context(), a.person.ID); err != nil {
		return fmt.Errorf("find the second factor: %w", err)
	}
	p.MustSecond = slices.Contains(s.requireSecond, a.person.Role)
	p.Least, p.KeySets = review.MinPasswordRunes, []string{"on", "alt", "off"}
	p.Shell = s.shell(c, a, a.words.say("profile.title"))
	return s.show(c, a, status, "profile", &p)
}

// changePassword sets a new password after the old one was given; all sessions
// end and this browser gets a new one.
func (s *Server) changePassword(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	if wait, ok := s.mayTry(c.RealIP(), a.person.Login); !ok {
		return waitError{wait}
	}
	_, ok, err := s.checkPassword(ctx, a.person.Login, c.FormValue("old"))
	if err != nil {
		return err
	}
	var hash string
	problem := ""
	switch {
	case !ok:
		problem = "password.wrong"
	case c.FormValue("password") != c.FormValue("again"):
		problem = "password.differ"
	default:
		if hash, err = s.hashed(ctx, a.person, c.FormValue("password")); errors.Is(err, corpus.ErrInvalid) {
			problem = "password.weak"
		} else if err != nil {
			return err
		}
	}
	if problem != "" {
		return s.showProfile(c, a, http.StatusUnprocessableEntity, profilePage{Problem: problem})
	}
	if err := s.store.SetPassword(ctx, a.person.ID, hash, a.person.ID.String()); err != nil {
		return fmt.Errorf("set the password: %w", err)
	}
	a.signedIn = false // the session has ended with the old password
	if _, err := s.begin(c, a, a.person.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/profile?notice=ended")
}

// endSessions ends the session that the form names, else every session of the
// person but this one.
func (s *Server) endSessions(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	sessions, err := s.store.Sessions(ctx, a.person.ID)
	if err != nil {
		return fmt.Errorf("list your sessions: %w", err)
	}
	only := c.FormValue("session")
	for _, se := range sessions {
		if only == "" && se.Hash == a.session.Hash || only != "" && sessionRef(se.Hash) != only {
			continue
		}
		if err := s.store.EndSession(ctx, se.Hash); err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
	}
	return c.Redirect(http.StatusSeeOther, "/profile?notice=ended")
}

// helpPage explains marks, keys and limits.
type helpPage struct {
	Shell
	States    []review.State
	Relations []corpus.Relation
	Bound     bound
}

// help shows what marks and keys mean.
func (s *Server) help(c echo.Context, a asker) error {
	p := helpPage{States: review.States, Relations: corpus.Relations}
	var err error
	if p.Bound, err = s.bound(c, a); err != nil {
		return err
	}
	p.Shell = s.shell(c, a, a.words.say("help.title"))
	return s.show(c, a, http.StatusOK, "help", &p)
}
