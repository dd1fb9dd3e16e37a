package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// signInPage is the page where people sign in.
type signInPage struct {
	Shell
	Login  string
	Next   string
	Wrong  bool // the last try was refused
	Wait   int  // seconds to wait after too many tries, 0 for none
	Notice string
	// Elsewhere is the name of the organisation's sign-in, "" for none.
	Elsewhere string
	Problem   string    // key of what went wrong there
	Said      said      // what administrators put there
	Kept      *keptForm // a form whose session had ended
}

// signInForm shows the form, or goes on for somebody who is signed in.
func (s *Server) signInForm(c echo.Context, a asker) error {
	next := ownPath(c.QueryParam("next"))
	if a.signedIn {
		return c.Redirect(http.StatusSeeOther, next)
	}
	p := signInPage{Next: next}
	if notice := c.QueryParam("notice"); notice == "ended" || notice == "set" || notice == "late" {
		p.Notice = notice
	}
	return s.showSignIn(c, a, http.StatusOK, p)
}

// ownPath keeps a path on this site and nothing else.
func ownPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsAny(next, "\\\r\n\t") || len(next) > 2000 {
		return "/"
	}
	return next
}

// signIn checks login and password. Whatever is wrong, the answer is the same
// and takes the same time.
func (s *Server) signIn(c echo.Context, a asker) error {
	login := strings.TrimSpace(c.FormValue("login"))
	next := ownPath(c.FormValue("next"))
	if wait, ok := s.mayTry(c.RealIP(), login); !ok {
		return s.signInAgain(c, a, signInPage{Login: login, Next: next, Wait: seconds(wait)}, http.StatusTooManyRequests)
	}
	ctx := c.Request().Context()
	person, hash, ok, err := s.checkPasswordHash(ctx, login, c.FormValue("password"))
	if err != nil {
		return err
	}
	if !ok {
		s.log.LogAttrs(ctx, slog.LevelWarn, "sign-in refused", slog.String("address", c.RealIP()), slog.String("request", a.id))
		return s.signInAgain(c, a, signInPage{Login: login, Next: next, Wrong: true}, http.StatusUnauthorized)
	}
	return s.admit(c, a, person.ID, hash, next)
}

// mayTry counts a try against the address and the account.
func (s *Server) mayTry(address, login string) (time.Duration, bool) {
	if wait, ok := s.signIns.allow(address); !ok {
		return wait, false
	}
	return s.accounts.allow(strings.ToLower(clip(login, 200)))
}

// clip cuts a text to so many bytes on a character's edge.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// signInAgain shows the form with what went wrong.
func (s *Server) signInAgain(c echo.Context, a asker, p signInPage, status int) error {
	if p.Wait > 0 {
		c.Response().Header().Set("Retry-After", fmt.Sprint(p.Wait))
	}
	p.Login = clip(p.Login, 200)
	return s.showSignIn(c, a, status, p)
}

func (s *Server) showSignIn(c echo.Context, a asker, status int, p signInPage) error {
	if p.Kept == nil && c.Request().Method == http.MethodPost {
		p.Kept = s.keptIn(c)
	}
	if s.elsewhere != nil {
		p.Elsewhere = s.elsewhere.config.Name
	}
	p.Said = s.note(s.settings(c.Request().Context()).Notice, a.words.tag)
	p.Shell = s.shell(c, a, a.words.say("signin.title"))
	return s.show(c, a, status, "signin", &p)
}

// checkPassword finds the person a login and password belong to. An unknown
// login costs a password check, too; a disabled person is refused after one.
func (s *Server) checkPassword(ctx context.Context, login, password string) (review.Person, bool, error) {
	person, _, ok, err := s.checkPasswordHash(ctx, login, password)
	return person, ok, err
}

// checkPasswordHash is checkPassword and gives the hash that was kept.
func (s *Server) checkPasswordHash(ctx context.Context, login, password string) (review.Person, string, bool, error) {
	person, hash, err := s.store.PersonByLogin(ctx, clip(login, 200))
	if err != nil && !errors.Is(err, corpus.ErrNotFound) {
		return person, "", false, fmt.Errorf("find the account: %w", err)
	}
	known := err == nil && !person.Disabled
	if err != nil {
		hash = ""
	}
	matches, err := s.matches(ctx, hash, password)
	return person, hash, matches && known, err
}

// matches compares a password, at most two at a time: each takes 46 MiB.
func (s *Server) matches(ctx context.Context, hash, password string) (bool, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		return review.PasswordMatches(hash, password), nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// hashed hashes a person's new password under the same bound.
func (s *Server) hashed(ctx context.Context, p review.Person, password string) (string, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		return review.HashPassword(p.Login, password, p.Name)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// begin opens a session with a new secret and ends the one there was, so that
// nobody can plant a secret before a sign-in. It returns the secret.
func (s *Server) begin(c echo.Context, a asker, person uuid.UUID) (string, error) {
	ctx := c.Request().Context()
	secret, err := review.NewSecret()
	if err != nil {
		return "", err
	}
	now := s.now().UTC()
	session := review.Session{
		Hash: review.HashSecret(secret), Person: person, Created: now, LastSeen: now,
		Expires: now.Add(review.SessionAbsolute), Agent: clip(c.Request().UserAgent(), 120),
	}
	if err := s.store.NewSession(ctx, session); err != nil {
		return "", fmt.Errorf("begin a session: %w", err)
	}
	if a.signedIn {
		if err := s.store.EndSession(ctx, a.session.Hash); err != nil {
			return "", fmt.Errorf("end the session before: %w", err)
		}
	}
	// the cookie outlives the session by an hour: by it a form that came too late is
	// known as this browser's own
	s.setCookie(c, cookieSession, secret, int((review.SessionAbsolute+time.Hour)/time.Second))
	s.setCookie(c, cookieVisitor, "", -1)
	return secret, nil
}

// signOut ends the session.
func (s *Server) signOut(c echo.Context, a asker) error {
	if err := s.store.EndSession(c.Request().Context(), a.session.Hash); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	s.leases.leave(a.person.ID)
	s.setCookie(c, cookieSession, "", -1)
	return c.Redirect(http.StatusSeeOther, "/sign-in?notice=ended")
}

// welcomePage is the page behind a one-time link, where a password is set.
type welcomePage struct {
	Shell
	Action  string
	Login   string
	Name    string
	Problem string // key of what is wrong with the password
	Wrong   bool   // the link is not good
	Least   int
}

// welcomeForm shows the form when the link is good; looking does not spend it.
func (s *Server) welcomeForm(c echo.Context, a asker) error {
	p := welcomePage{Action: c.Request().URL.Path}
	person, err := s.store.Invite(c.Request().Context(), review.HashSecret(c.Param("token")), s.now())
	if errors.Is(err, corpus.ErrNotFound) {
		p.Wrong = true
		return s.showWelcome(c, a, http.StatusNotFound, p)
	}
	if err != nil {
		return fmt.Errorf("look at the one-time link: %w", err)
	}
	p.Login, p.Name = person.Login, person.Name
	return s.showWelcome(c, a, http.StatusOK, p)
}

func (s *Server) showWelcome(c echo.Context, a asker, status int, p welcomePage) error {
	p.Least = review.MinPasswordRunes
	p.Shell = s.shell(c, a, a.words.say("welcome.title"))
	return s.show(c, a, status, "welcome", &p)
}

// welcome sets the password and signs in. The password is checked before the
// link is spent, because it works once.
func (s *Server) welcome(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	password, token := c.FormValue("password"), review.HashSecret(c.Param("token"))
	p := welcomePage{Action: c.Request().URL.Path}
	if wait, ok := s.signIns.allow(c.RealIP()); !ok {
		return waitError{wait}
	}
	person, err := s.store.Invite(ctx, token, s.now())
	if errors.Is(err, corpus.ErrNotFound) {
		p.Wrong = true
		return s.showWelcome(c, a, http.StatusNotFound, p)
	}
	if err != nil {
		return fmt.Errorf("look at the one-time link: %w", err)
	}
	p.Login, p.Name = person.Login, person.Name
	if password != c.FormValue("again") {
		p.Problem = "password.differ"
		return s.showWelcome(c, a, http.StatusUnprocessableEntity, p)
	}
	hash, err := s.hashed(ctx, person, password)
	if errors.Is(err, corpus.ErrInvalid) {
		p.Problem = "password.weak"
		return s.showWelcome(c, a, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if person, err = s.store.UseInvite(ctx, token, s.now()); err != nil {
		return fmt.Errorf("use the one-time link: %w", err)
	}
	if err := s.store.SetPassword(ctx, person.ID, hash, person.ID.String()); err != nil {
		return fmt.Errorf("set the password: %w", err)
	}
	return s.admit(c, a, person.ID, hash, "/")
}

// newInvite makes a one-time link's token for a person.
func (s *Server) newInvite(ctx context.Context, person uuid.UUID) (string, error) {
	token, err := review.NewSecret()
	if err != nil {
		return "", err
	}
	if err := s.store.NewInvite(ctx, person, review.HashSecret(token), s.now().Add(review.InviteLife)); err != nil {
		return "", fmt.Errorf("make a one-time link: %w", err)
	}
	return token, nil
}

// Preferences are cookies, so that they work before sign-in and need no record.
const preferenceAge = 365 * 24 * 60 * 60

// preferences are what people choose for themselves, but for the language.
var preferences = []struct {
	field, cookie string
	allowed       []string
}{
	{"theme", cookieTheme, []string{"system", "light", "dark"}}, {"keys", cookieKeys, []string{"on", "alt", "off"}},
	{"size", cookieSize, []string{"usual", "large", "larger"}}, {"digits", cookieDigits, []string{"printed", "latin"}},
	{"why", cookieWhy, []string{"closed", "open"}}, {"order", cookieOrder, []string{string(review.OrderChapter), string(review.OrderConfidence), string(review.OrderUncertain), string(review.OrderEffect)}},
}

// setPreferences keeps language, theme and what else is sent.
func (s *Server) setPreferences(c echo.Context, _ asker) error {
	form := c.Request().PostForm
	if form.Has("language") {
		if s.words[form.Get("language")] == nil {
			return corpus.Refuse(corpus.ErrInvalid, "no-language", "there are no pages in the language \"{value}\"", "value", clip(form.Get("language"), 20))
		}
		s.setCookie(c, cookieLanguage, form.Get("language"), preferenceAge)
	}
	for _, one := range preferences {
		if err := s.keepOne(c, one.cookie, one.field, one.allowed...); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, ownPath(form.Get("back")))
}

// keepOne keeps a preference that is one of a few words.
func (s *Server) keepOne(c echo.Context, cookie, field string, allowed ...string) error {
	form := c.Request().PostForm
	if !form.Has(field) {
		return nil
	}
	for _, word := range allowed {
		if form.Get(field) == word {
			s.setCookie(c, cookie, word, preferenceAge)
			return nil
		}
	}
	return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a choice for {field}", "value", clip(form.Get(field), 20), "field", field)
}
