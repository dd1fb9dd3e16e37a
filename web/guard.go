package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// asker is who asks, and how their page should look.
type asker struct {
	signedIn bool
	person   review.Person
	session  review.Session
	base     string // secret that form tokens are made from, "" when there is none
	words    *words
	theme    string       // "", "light" or "dark"
	keys     string       // "on", "alt" or "off"
	size     string       // "", "large" or "larger"
	digits   string       // "latin", else as they are printed
	why      string       // "open" where reasons are shown at once
	order    review.Order // of queues, "" for the usual
	nonce    string
	id       string // of the request, shown on error pages
}

// Names under which echo's context carries what prepare made.
const (
	atNonce = "nonce"
	atID    = "id"
)

// prepare gives every answer, also errors, its id, its nonce and the security
// headers (RELIABILITY.md 4.8 W2 and W9).
func (s *Server) prepare(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		nonce, id := randomText(16), randomText(9)
		c.Set(atNonce, nonce)
		c.Set(atID, id)
		s.secureHeaders(c.Response().Header(), nonce, id)
		return next(c)
	}
}

// contentPolicy is the policy of every page; %s is the nonce, twice.
const contentPolicy = "default-src 'none'; script-src 'nonce-%s' 'strict-dynamic'; style-src 'nonce-%s'; img-src 'self'; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// secureHeaders sets the headers that every answer carries.
func (s *Server) secureHeaders(h http.Header, nonce, id string) {
	h.Set("Content-Security-Policy", fmt.Sprintf(contentPolicy, nonce, nonce))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Request-Id", id)
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// recovered turns a panic into an error, so that one bad request harms nobody
// else; the log has the panic, the page has its id.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler {
					panic(r)
				}
				err = fmt.Errorf("panic while answering %s %s: %v", c.Request().Method, c.Path(), r)
			}
		}()
		return next(c)
	}
}

// guarded is a route's handler behind everything that must be true before it
// runs: the body within its limit, no foreign site behind a change, somebody
// the policy allows, and for a change the form's token.
func (s *Server) guarded(r route) echo.HandlerFunc {
	limit := r.limit
	if limit == 0 {
		limit = formBytes
	}
	return func(c echo.Context) error {
		req := c.Request()
		req.Body = http.MaxBytesReader(c.Response(), req.Body, limit)
		if r.api {
			return r.handle(c, asker{})
		}
		if r.data != nil && s.records != nil {
			c.Response().Header().Add("Vary", "Accept")
			if asksData(req) {
				return c.Redirect(http.StatusSeeOther, r.data(c))
			}
		}
		a, err := s.asker(c)
		if err != nil {
			return err
		}
		if r.files { // what is sent may be large, so it is taken from those alone who may
			if !r.policy.allows(a) {
				return s.refused(c, a)
			}
			if lacks, err := s.lacksSecond(req.Context(), a); err != nil {
				return err
			} else if lacks {
				return c.Redirect(http.StatusSeeOther, "/profile?notice=second-needed#second")
			}
			if err := s.cross.Check(req); err != nil {
				return fmt.Errorf("%w: %w", errForeign, err)
			}
			if err := spool(c); err != nil {
				return fmt.Errorf("take the files: %w", err)
			}
			defer dropFiles(req)
		}
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			if err := s.ours(c, a); err != nil {
				if k, ok := s.lost(c, r); ok && errors.Is(err, errToken) && !a.signedIn {
					if wantsJSON(req) { // the script sends the form itself then
						return errSignedOut
					}
					return s.signInAgain(c, a, signInPage{Next: "/", Kept: &k}, http.StatusUnauthorized)
				}
				return err
			}
		}
		if !r.policy.allows(a) {
			return s.refused(c, a)
		}
		if !r.openWithout() {
			if lacks, err := s.lacksSecond(req.Context(), a); err != nil {
				return err
			} else if lacks {
				return c.Redirect(http.StatusSeeOther, "/profile?notice=second-needed#second")
			}
		}
		return r.handle(c, a)
	}
}

// ours checks that a change comes from one of our own forms: no other site
// (http.CrossOriginProtection), and the token of this browser.
func (s *Server) ours(c echo.Context, a asker) error {
	if err := s.cross.Check(c.Request()); err != nil {
		return fmt.Errorf("%w: %w", errForeign, err)
	}
	if err := c.Request().ParseForm(); err != nil {
		return fmt.Errorf("read the form: %w", badForm(err))
	}
	if !tokenMatches(a.base, c.Request().PostForm.Get("token")) {
		return errToken
	}
	return nil
}

// dropFiles removes the temporary files of a form.
func dropFiles(req *http.Request) {
	if req.MultipartForm != nil {
		_ = req.MultipartForm.RemoveAll()
	}
}

// badForm keeps "too large" and calls everything else not valid.
func badForm(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return fmt.Errorf("%w: %w", corpus.ErrInvalid, err)
}

// refused answers somebody whom a policy does not allow: the sign-in page for
// a stranger, who comes back afterwards; an error for anybody else.
func (s *Server) refused(c echo.Context, a asker) error {
	if a.signedIn {
		return corpus.Refuse(corpus.ErrForbidden, "role", "your role does not allow this")
	}
	req := c.Request()
	if wantsJSON(req) {
		return errSignedOut
	}
	target := "/sign-in"
	if req.Method == http.MethodGet && req.URL.Path != "/" {
		target += "?next=" + url.QueryEscape(req.URL.RequestURI())
	}
	return c.Redirect(http.StatusSeeOther, target)
}

// asker finds out who asks. An ended session is somebody who is not signed in;
// only a failure of the records is an error.
func (s *Server) asker(c echo.Context) (asker, error) {
	a := asker{theme: s.cookie(c, cookieTheme), keys: s.cookie(c, cookieKeys), size: s.cookie(c, cookieSize), digits: s.cookie(c, cookieDigits),
		why: s.cookie(c, cookieWhy), order: review.Order(s.cookie(c, cookieOrder))}
	if !slices.Contains(orders, a.order) {
		a.order = orders[0]
	}
	a.nonce, _ = c.Get(atNonce).(string)
	a.id, _ = c.Get(atID).(string)
	a.words = s.speak.choose(s.cookie(c, cookieLanguage), c.Request().Header.Get("Accept-Language"), s.words)
	if tags := s.offered(s.settings(c.Request().Context())); !slices.Contains(tags, a.words.tag) {
		a.words = s.words[tags[0]]
	}
	secret := s.cookie(c, cookieSession)
	if secret == "" {
		a.base = s.cookie(c, cookieVisitor)
		return a, nil
	}
	session, person, err := s.store.Session(c.Request().Context(), review.HashSecret(secret), s.now())
	switch {
	case errors.Is(err, corpus.ErrNotFound), err == nil && person.Disabled:
		a.base = s.cookie(c, cookieVisitor)
		return a, nil
	case err != nil:
		return a, fmt.Errorf("find the session: %w", err)
	}
	a.signedIn, a.session, a.person, a.base = true, session, person, secret
	return a, nil
}

// The cookies. In secure mode their names get the __Host- prefix, so that no
// other host and no other path can set them.
const (
	cookieSession  = "concord"
	cookieVisitor  = "concord-visitor"
	cookieLanguage = "concord-language"
	cookieTheme    = "concord-theme"
	cookieKeys     = "concord-keys"
	cookieSize     = "concord-size"
	cookieDigits   = "concord-digits"
	cookieWhy      = "concord-why"
	cookieOrder    = "concord-order"
)

// cookie is a cookie's value, "" when there is none.
func (s *Server) cookie(c echo.Context, name string) string {
	got, err := c.Cookie(s.cookieName(name))
	if err != nil || len(got.Value) > 200 {
		return ""
	}
	return got.Value
}

func (s *Server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

// setCookie sets one of our cookies for seconds; a negative age removes it, 0
// keeps it until the browser closes.
func (s *Server) setCookie(c echo.Context, name, value string, seconds int) {
	c.SetCookie(&http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: seconds,
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// formToken makes a token for the forms of one page. It is salted anew each
// time, so that a compressed answer does not give it away bit by bit.
func formToken(base string, person uuid.UUID) string {
	if base == "" {
		return ""
	}
	salt := randomText(9)
	if person != uuid.Nil {
		salt += "~" + authorTag(base, person)
	}
	return salt + "." + tokenSum(base, salt)
}

// tokenMatches checks a token from a form.
func tokenMatches(base, token string) bool {
	salt, sum, found := strings.Cut(token, ".")
	if base == "" || !found {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(sum), []byte(tokenSum(base, salt))) == 1
}

func tokenSum(base, salt string) string {
	sum := sha256.Sum256([]byte("concord form\x00" + salt + "\x00" + base))
	return hex.EncodeToString(sum[:])
}

// visitor makes sure that somebody who is not signed in has a secret for the
// tokens of forms; it sets a cookie and touches no record.
func (s *Server) visitor(c echo.Context, a *asker) {
	if a.base != "" {
		return
	}
	a.base = randomText(24)
	s.setCookie(c, cookieVisitor, a.base, 0)
}

// randomText is n random bytes, safe in URLs and headers.
func randomText(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// wantsJSON tells whether the caller is a script of ours or an integrator.
func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// pathID reads an id of a record from the path; what is no id is not found.
func pathID(c echo.Context) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return id, fmt.Errorf("no record has the id %q: %w", c.Param("id"), corpus.ErrNotFound)
	}
	return id, nil
}

// pathPart is a part of the path, unescaped once: the router sees the escaped
// path only where escaping matters. What is no text names nothing.
func pathPart(c echo.Context, name string) string {
	part := c.Param(name)
	if c.Request().URL.RawPath != "" {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return ""
		}
		part = plain
	}
	if !utf8.ValidString(part) {
		return ""
	}
	return part
}
