package web

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"concord/corpus"
	"concord/review"
)

// OIDC says how people sign in with an account of their own organisation (OpenID
// Connect Core 1.0, authorization code flow).
type OIDC struct {
	Issuer   string // address of the provider, as in its tokens
	ClientID string
	Secret   string // "" for a public client
	Name     string // on the button: "Ministry account"
	// Create makes a reader of somebody whom nobody has bound to a person.
	Create bool
}

// flow is a sign-in that has gone to the provider and not come back.
type flow struct {
	state, nonce, verifier, next string
}

// elsewhere is the door to a provider. It is asked for its addresses when first
// used, so that the program starts while the provider is down.
type elsewhere struct {
	config OIDC
	back   string // redirect address, exact
	client *http.Client

	mu       sync.Mutex
	provider *oidc.Provider
	flows    pending[flow]
	kept     pending[keptForm] // forms whose authors sign in elsewhere
}

// The limits of a sign-in elsewhere (our own).
const (
	flowLife        = 10 * time.Minute
	providerTimeout = 10 * time.Second
	cookieFlow      = "concord-flow"
	cookieKept      = "concord-kept"
	keptElsewhere   = 200 // forms of at most keptBytes each: 8 MB
	flowBack        = "/sign-in/elsewhere/back"
)

// errProvider says that the provider does not answer as it should.
var errProvider = errors.New("the sign-in service of your organisation does not answer")

// newElsewhere makes the door, or nil when nothing is configured.
func newElsewhere(cfg *OIDC, base string) (*elsewhere, error) {
	if cfg == nil || cfg.Issuer == "" {
		return nil, nil
	}
	if cfg.ClientID == "" {
		return nil, fmt.Errorf("sign-in with %s needs a client id: %w", cfg.Issuer, corpus.ErrInvalid)
	}
	if _, err := baseURL(strings.TrimRight(cfg.Issuer, "/")); err != nil && !strings.HasPrefix(cfg.Issuer, "https://") {
		return nil, fmt.Errorf("the sign-in service: %w", err)
	}
	e := &elsewhere{config: *cfg, back: base + flowBack, client: &http.Client{Timeout: providerTimeout}, kept: pending[keptForm]{most: keptElsewhere}}
	if e.config.Name == "" {
		e.config.Name = strings.TrimPrefix(strings.TrimPrefix(cfg.Issuer, "https://"), "http://")
	}
	return e, nil
}

// ask finds out about the provider, once it has answered never again.
func (e *elsewhere) ask(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	e.mu.Lock()
	p := e.provider
	e.mu.Unlock()
	if p == nil {
		// the keys are fetched later with this context: it must not end with the request
		var err error
		p, err = oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), e.client), e.config.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", errProvider, err)
		}
		e.mu.Lock()
		e.provider = p
		e.mu.Unlock()
	}
	return p, &oauth2.Config{ClientID: e.config.ClientID, ClientSecret: e.config.Secret, Endpoint: p.Endpoint(), RedirectURL: e.back,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}, nil
}

// goElsewhere sends the browser to the provider. It changes no record.
func (s *Server) goElsewhere(c echo.Context, a asker) error {
	next := ownPath(c.QueryParam("next"))
	if a.signedIn {
		return c.Redirect(http.StatusSeeOther, next)
	}
	if s.elsewhere == nil {
		return fmt.Errorf("no sign-in service is configured: %w", corpus.ErrNotFound)
	}
	_, cfg, err := s.elsewhere.ask(c.Request().Context())
	if err != nil {
		return s.elsewhereFailed(c, a, "elsewhere.down", http.StatusServiceUnavailable, err)
	}
	secret := randomText(24)
	f, now := flow{randomText(24), randomText(24), oauth2.GenerateVerifier(), next}, s.now()
	s.elsewhere.flows.keep(review.HashSecret(secret), f, now.Add(flowLife), now)
	s.setCookie(c, cookieFlow, secret, int(flowLife/time.Second))
	return c.Redirect(http.StatusSeeOther, cfg.AuthCodeURL(f.state, oidc.Nonce(f.nonce), oauth2.S256ChallengeOption(f.verifier)))
}

// awayPage leads on to the provider.
type awayPage struct {
	Shell
	Name, Next string
}

// keepElsewhere keeps a form while its author signs in elsewhere, and leads there.
// It cannot travel in pages, for the provider's lie between; so it waits in memory
// under a secret that this browser alone has. The next step is a link, because the
// policy of our pages lets no form lead to another site, not even by a redirect.
func (s *Server) keepElsewhere(c echo.Context, a asker) error {
	if s.elsewhere == nil {
		return fmt.Errorf("no sign-in service is configured: %w", corpus.ErrNotFound)
	}
	next := ownPath(c.FormValue("next"))
	if wait, ok := s.signIns.allow(c.RealIP()); !ok {
		return s.signInAgain(c, a, signInPage{Next: next, Wait: seconds(wait)}, http.StatusTooManyRequests)
	}
	if k := s.keptIn(c); k != nil {
		secret, now := randomText(24), s.now()
		s.elsewhere.kept.keep(review.HashSecret(secret), *k, now.Add(flowLife), now)
		s.setCookie(c, cookieKept, secret, int(flowLife/time.Second))
	}
	p := awayPage{Name: s.elsewhere.config.Name, Next: next}
	p.Shell = s.shell(c, a, a.words.say("signin.title"))
	return s.show(c, a, http.StatusOK, "away", &p)
}

// takeKept gives back the form that waits for this browser, once; nil for none.
func (s *Server) takeKept(c echo.Context) *keptForm {
	secret := s.cookie(c, cookieKept)
	if secret == "" || s.elsewhere == nil {
		return nil
	}
	s.setCookie(c, cookieKept, "", -1)
	k, ok := s.elsewhere.kept.take(review.HashSecret(secret), s.now())
	if !ok {
		return nil
	}
	return &k
}

// elsewhereFailed shows the sign-in page with what went wrong; the password works
// as ever.
func (s *Server) elsewhereFailed(c echo.Context, a asker, problem string, status int, err error) error {
	s.log.LogAttrs(c.Request().Context(), slog.LevelWarn, "sign-in elsewhere refused", slog.String("address", c.RealIP()), slog.String("request", a.id), slog.Any("cause", err))
	return s.signInAgain(c, a, signInPage{Next: "/", Problem: problem, Kept: s.takeKept(c)}, status)
}

// backPage asks to go on, because signing in changes records and a GET must not.
type backPage struct {
	Shell
	Code, State, Name string
}

// backForm is where the provider sends the browser.
func (s *Server) backForm(c echo.Context, a asker) error {
	if s.elsewhere == nil {
		return fmt.Errorf("no sign-in service is configured: %w", corpus.ErrNotFound)
	}
	p := backPage{Code: clip(c.QueryParam("code"), 4000), State: clip(c.QueryParam("state"), 200), Name: s.elsewhere.config.Name}
	if p.Code == "" {
		return s.elsewhereFailed(c, a, "elsewhere.refused", http.StatusUnauthorized, fmt.Errorf("the provider says %q", clip(c.QueryParam("error"), 100)))
	}
	p.Shell = s.shell(c, a, a.words.say("signin.title"))
	return s.show(c, a, http.StatusOK, "back", &p)
}

// claims are what is read of an ID token.
type claims struct {
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
	Name     string `json:"name"`
}

// comeBack changes the code for a token, checks it and signs in.
func (s *Server) comeBack(c echo.Context, a asker) error {
	if s.elsewhere == nil {
		return fmt.Errorf("no sign-in service is configured: %w", corpus.ErrNotFound)
	}
	if wait, ok := s.signIns.allow(c.RealIP()); !ok {
		return s.signInAgain(c, a, signInPage{Next: "/", Wait: seconds(wait)}, http.StatusTooManyRequests)
	}
	if k := s.takeKept(c); k != nil {
		k.putInto(c.Request().PostForm) // from here on it travels as after a password
	}
	secret := s.cookie(c, cookieFlow)
	s.setCookie(c, cookieFlow, "", -1)
	f, ok := s.elsewhere.flows.take(review.HashSecret(secret), s.now())
	if secret == "" || !ok || subtle.ConstantTimeCompare([]byte(f.state), []byte(c.FormValue("state"))) != 1 {
		return s.elsewhereFailed(c, a, "second.late", http.StatusUnauthorized, errors.New("no sign-in waits under this state"))
	}
	ctx := c.Request().Context()
	token, said, err := s.elsewhere.redeem(ctx, c.FormValue("code"), f, s.now)
	if errors.Is(err, errProvider) {
		return s.elsewhereFailed(c, a, "elsewhere.down", http.StatusServiceUnavailable, err)
	}
	if err != nil {
		return s.elsewhereFailed(c, a, "elsewhere.refused", http.StatusUnauthorized, err)
	}
	person, err := s.personElsewhere(ctx, token, said)
	if errors.Is(err, corpus.ErrNotFound) || errors.Is(err, corpus.ErrConflict) || err == nil && person.Disabled {
		return s.elsewhereFailed(c, a, "elsewhere.unknown", http.StatusForbidden, fmt.Errorf("nobody is bound to the subject %s: %w", clip(token.Subject, 100), corpus.ErrNotFound))
	}
	if err != nil {
		return fmt.Errorf("find who signs in: %w", err)
	}
	_, hash, err := s.store.PersonByLogin(ctx, person.Login)
	if err != nil {
		return fmt.Errorf("find the account: %w", err)
	}
	return s.admit(c, a, person.ID, hash, f.next)
}

// redeem changes a code for an ID token and checks its signature, issuer,
// audience, times and nonce (OpenID Connect Core 1.0, 3.1.3.7).
func (e *elsewhere) redeem(ctx context.Context, code string, f flow, now func() time.Time) (*oidc.IDToken, claims, error) {
	var said claims
	provider, cfg, err := e.ask(ctx)
	if err != nil {
		return nil, said, err
	}
	ctx = oidc.ClientContext(ctx, e.client)
	answer, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(f.verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < 500:
		return nil, said, fmt.Errorf("the provider does not take the code: %w", err)
	case err != nil:
		return nil, said, fmt.Errorf("%w: %w", errProvider, err)
	}
	raw, ok := answer.Extra("id_token").(string)
	if !ok {
		return nil, said, errors.New("the provider sent no ID token")
	}
	token, err := provider.Verifier(&oidc.Config{ClientID: e.config.ClientID, Now: now}).Verify(ctx, raw)
	if err != nil {
		return nil, said, fmt.Errorf("check the ID token: %w", err)
	}
	if f.nonce == "" || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(f.nonce)) != 1 {
		return nil, said, errors.New("the ID token is for another sign-in: its nonce differs")
	}
	return token, said, token.Claims(&said)
}

// personElsewhere finds whose account it is. An address that the provider has not
// verified counts for nothing.
func (s *Server) personElsewhere(ctx context.Context, token *oidc.IDToken, said claims) (review.Person, error) {
	email := ""
	if said.Verified {
		email = clip(said.Email, 200)
	}
	person, err := s.store.PersonByIdentity(ctx, token.Issuer, token.Subject, email)
	if !errors.Is(err, corpus.ErrNotFound) || !s.elsewhere.config.Create || email == "" || strings.ContainsAny(email, " \t\r\n") {
		return person, err
	}
	person = review.Person{Login: email, Name: clip(strings.TrimSpace(said.Name), 300), Role: review.RoleReader, Created: s.now().UTC()}
	if person.ID, err = uuid.NewV7(); err != nil {
		return person, fmt.Errorf("make a person's id: %w", err)
	}
	if person.Name == "" {
		person.Name = email
	}
	if err := s.freeLogin(ctx, person); err != nil {
		return person, err
	}
	if err := s.store.SavePerson(ctx, person, "oidc"); err != nil {
		return person, err
	}
	if err := s.store.BindIdentity(ctx, person.ID, email, "oidc"); err != nil {
		return person, err
	}
	return s.store.PersonByIdentity(ctx, token.Issuer, token.Subject, email)
}
