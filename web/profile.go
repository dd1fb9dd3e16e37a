package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// profilePage is one's own account.
type profilePage struct {
	Shell
	Sessions []sessionRow
	Problem  string
	Notice   string
	Least    int
	KeySets  []string
	Looks    []lookRow
	// Second is one's own second factor, MustSecond whether the role needs one.
	Second        review.SecondFactor
	MustSecond    bool
	SecondProblem string
}

// lookRow is one choice of how pages look.
type lookRow struct {
	Name, Field, Now string
	Options          []string
}

// looks are the choices with what is chosen now.
func looks(sh Shell) []lookRow {
	now := map[string]string{"theme": either(sh.Theme, "system"), "size": sh.Letters, "digits": sh.Digits, "why": sh.Why, "order": string(sh.Order)}
	names := map[string]string{"theme": "shell.theme", "size": "profile.size", "digits": "profile.digits", "why": "profile.why", "order": "review.order"}
	var out []lookRow
	for _, p := range preferences {
		if names[p.field] != "" {
			out = append(out, lookRow{names[p.field], p.field, now[p.field], p.allowed})
		}
	}
	return out
}

// look names an option of a choice.
func (w *words) look(field, option string) string {
	switch field {
	case "theme":
		return w.say("theme." + option)
	case "order":
		return w.say("order." + option)
	}
	return w.say("look." + field + "." + option)
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
	p.Looks = looks(p.Shell)
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
