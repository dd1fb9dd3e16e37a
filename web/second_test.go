package web

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"concord/review"
)

// codeNow is the code an app shows for a secret.
func (s *site) codeNow(secret string) string {
	s.t.Helper()
	code, err := review.TOTPCode(secret, s.clock.now().Unix()/30)
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

var (
	shownSecret = regexp.MustCompile(`class="secret"><code dir="ltr" translate="no">([A-Z2-7 ]+)</code>`)
	shownCode   = regexp.MustCompile(`<li><code dir="ltr">([a-z2-7-]{29})</code></li>`)
)

// setUp sets a second factor up on the pages and returns secret and recovery
// codes.
func (b *browser) setUp() (string, []string) {
	b.t.Helper()
	got := b.submit("/profile", "/profile/second", url.Values{"old": {password}})
	m := shownSecret.FindStringSubmatch(got.body)
	if got.status != http.StatusOK || m == nil || !strings.Contains(got.body, `<svg class="qr"`) {
		b.t.Fatalf("no secret is shown: %d\n%.500s", got.status, got.body)
	}
	secret := strings.ReplaceAll(m[1], " ", "")
	wrong := b.post("/profile/second/confirm", url.Values{"token": {token(b.t, got.body)}, "code": {"12345"}})
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, m[1]) {
		b.t.Fatalf("a wrong first code: %d", wrong.status)
	}
	done := b.post("/profile/second/confirm", url.Values{"token": {token(b.t, wrong.body)}, "code": {b.site.codeNow(secret)}})
	var codes []string
	for _, m := range shownCode.FindAllStringSubmatch(done.body, -1) {
		codes = append(codes, m[1])
	}
	if done.status != http.StatusOK || len(codes) != review.RecoveryCodes {
		b.t.Fatalf("%d recovery codes are shown: %d", len(codes), done.status)
	}
	b.site.clock.move(2 * time.Minute)
	return secret, codes
}

func TestSecondFactorAtSignIn(t *testing.T) {
	s := newSite(t)
	b, before := s.signedIn("lina"), s.signedIn("lina")
	if got := b.submit("/profile", "/profile/second", url.Values{"old": {"wrong"}}); got.status != http.StatusUnprocessableEntity || shownSecret.MatchString(got.body) {
		t.Errorf("set up without the password: %d", got.status)
	}
	secret, codes := b.setUp()
	if got := before.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("a session from before the second factor lives on: %d", got.status)
	}
	if body := b.get("/profile").body; strings.Contains(body, secret) || shownSecret.MatchString(body) {
		t.Error("the secret is shown again")
	}
	if got := b.post("/profile/second/confirm", url.Values{"token": {token(t, b.get("/profile").body)}, "code": {"1"}}); got.status != http.StatusSeeOther {
		t.Errorf("the form sent twice: %d", got.status)
	}

	half := s.browser()
	got := half.signIn("lina", password, "/standards?q=x")
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/sign-in/code" {
		t.Fatalf("the code is not asked for: %d %s", got.status, got.header.Get("Location"))
	}
	for _, r := range s.server.pageRoutes() { // half signed in opens what a stranger opens
		if r.policy.anyone || r.method != http.MethodGet {
			continue
		}
		if got := half.get(s.concrete(r.path)); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/sign-in") {
			t.Errorf("half signed in opens %s: %d", r.path, got.status)
		}
	}
	if got := half.submit("/sign-in/code", "/sign-in/code", url.Values{"code": {"000000"}}); got.status != http.StatusUnauthorized {
		t.Errorf("a wrong code: %d", got.status)
	}
	code := s.codeNow(secret)
	if got := half.submit("/sign-in/code", "/sign-in/code", url.Values{"code": {code}}); got.status != http.StatusSeeOther || got.header.Get("Location") != "/standards?q=x" {
		t.Fatalf("the right code: %d %s", got.status, got.header.Get("Location"))
	}
	if got := half.get("/"); got.status != http.StatusOK {
		t.Errorf("not signed in with the code: %d", got.status)
	}
	if got := half.get("/sign-in/code"); got.header.Get("Location") != "/sign-in?notice=late" {
		t.Errorf("the step is not over: %d", got.status)
	}

	twice := s.browser()
	twice.signIn("lina", password, "/")
	if got := twice.submit("/sign-in/code", "/sign-in/code", url.Values{"code": {code}}); got.status != http.StatusUnauthorized {
		t.Errorf("a code works twice: %d", got.status)
	}
	if got := twice.submit("/sign-in/code", "/sign-in/code", url.Values{"code": {strings.ToUpper(codes[0])}}); got.status != http.StatusSeeOther {
		t.Errorf("a recovery code: %d", got.status)
	}
	late := s.browser()
	late.signIn("lina", password, "/")
	page := late.get("/sign-in/code").body
	s.clock.move(halfwayLife)
	if got := late.post("/sign-in/code", url.Values{"token": {token(t, page)}, "code": {s.codeNow(secret)}}); got.header.Get("Location") != "/sign-in?notice=late" || late.get("/").status == http.StatusOK {
		t.Errorf("a code after the step's end: %d", got.status)
	}
	// a new password ends the step
	old := s.browser()
	old.signIn("lina", password, "/")
	page = old.get("/sign-in/code").body
	if err := s.db.SetPassword(context.Background(), s.people["lina"].ID, hashOf(t, "ivan"), "cli"); err != nil {
		t.Fatal(err)
	}
	if got := old.post("/sign-in/code", url.Values{"token": {token(t, page)}, "code": {s.codeNow(secret)}}); got.header.Get("Location") != "/sign-in?notice=late" {
		t.Errorf("a step that began with the password of before: %d", got.status)
	}
}

// TestSecondFactorLimit tries codes; the right one does not help after the limit.
func TestSecondFactorLimit(t *testing.T) {
	s := newSite(t)
	secret, _ := s.signedIn("lina").setUp()
	s.clock.move(time.Hour)
	b := s.browser()
	b.signIn("lina", password, "/")
	last := 0
	for range 10 {
		last = b.submit("/sign-in/code", "/sign-in/code", url.Values{"code": {"000000"}}).status
	}
	if last != http.StatusUnauthorized {
		t.Fatalf("the tenth try: %d", last)
	}
	if got := b.submit("/sign-in/code", "/sign-in/code", url.Values{"code": {s.codeNow(secret)}}); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("the eleventh try: %d", got.status)
	}
}

// TestWelcomeAsksForTheCode: a one-time link is no way round the second factor.
func TestWelcomeAsksForTheCode(t *testing.T) {
	s := newSite(t)
	s.signedIn("lina").setUp()
	secret, err := review.NewSecret()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.NewInvite(context.Background(), s.people["lina"].ID, review.HashSecret(secret), s.clock.now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	b, link := s.browser(), "/welcome/"+secret
	got := b.submit(link, link, url.Values{"password": {"a good long passphrase"}, "again": {"a good long passphrase"}})
	if got.header.Get("Location") != "/sign-in/code" || b.get("/").status == http.StatusOK {
		t.Errorf("%d %s", got.status, got.header.Get("Location"))
	}
	if got := b.get("/sign-in/code"); got.status != http.StatusOK {
		t.Errorf("the code is not asked for: %d", got.status)
	}
}

func TestSecondFactorChanges(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	secret, codes := b.setUp()
	change := func(what, pass, code string) answer {
		s.clock.move(2 * time.Minute)
		return b.submit("/profile", "/profile/second/change", url.Values{"do": {what}, "old": {pass}, "code": {code}})
	}
	got := change("codes", password, codes[0])
	if got.status != http.StatusOK || len(shownCode.FindAllString(got.body, -1)) != review.RecoveryCodes || strings.Contains(got.body, codes[1]) {
		t.Errorf("new recovery codes: %d", got.status)
	}
	for name, got := range map[string]answer{
		"a wrong password": change("off", "wrong", s.codeNow(secret)), "a wrong code": change("off", password, "000000"), "a code of before": change("off", password, codes[1]),
	} {
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("off with %s: %d", name, got.status)
		}
	}
	s.clock.move(2 * time.Minute)
	page := b.get("/profile").body
	if got := b.post("/profile/second/change", url.Values{"token": {token(t, page)}, "do": {"off"}, "old": {password}, "code": {s.codeNow(secret)}}); got.status != http.StatusSeeOther {
		t.Fatalf("off with password and code: %d", got.status)
	}
	if got := s.browser().signIn("lina", password, "/"); got.header.Get("Location") != "/" {
		t.Errorf("still asked for a code: %s", got.header.Get("Location"))
	}
}

// signIn2 signs in with the form's token from a page that is open to all.
func (b *browser) signIn2(login, pass, next string) answer {
	b.t.Helper()
	return b.submit("/help", "/sign-in", url.Values{"login": {login}, "password": {pass}, "next": {next}})
}

func TestRequiredSecondFactor(t *testing.T) {
	s := newSite(t, func(c *Config) { c.RequireSecondFactor = []review.Role{review.RoleAdmin} })
	b := s.signedIn("admin")
	for _, r := range s.server.pageRoutes() {
		if r.policy.anyone || r.path == "/sign-out" || strings.HasPrefix(r.path, "/profile") || !r.policy.allows(asker{signedIn: true, person: s.people["admin"]}) {
			continue
		}
		var got answer
		if r.method == http.MethodGet {
			got = b.get(s.concrete(r.path))
		} else {
			got = b.submit("/profile", s.concrete(r.path), url.Values{})
		}
		if got.status != http.StatusSeeOther || got.header.Get("Location") != "/profile?notice=second-needed#second" {
			t.Errorf("%s %s opens without a second factor: %d", r.method, r.path, got.status)
		}
	}
	if got := s.signedIn("lina").get("/"); got.status != http.StatusOK {
		t.Errorf("another role is asked, too: %d", got.status)
	}
	b.setUp()
	if got := b.get("/admin/people"); got.status != http.StatusOK {
		t.Errorf("with a second factor: %d", got.status)
	}
}

// TestQRCode reads the path back: module by module it is what the encoder made,
// with the quiet border around it.
func TestQRCode(t *testing.T) {
	picture, err := qrPicture("otpauth://totp/x", `a "name"`)
	if err != nil {
		t.Fatal(err)
	}
	text := string(picture)
	if !strings.Contains(text, `aria-label="a &#34;name&#34;"`) || strings.Contains(text, "style") {
		t.Errorf("%.200s", text)
	}
	// version 2 has 25 modules; the finder's upper row is the first run
	if !strings.Contains(text, `viewBox="0 0 33 33"`) || !strings.Contains(text, `d="M4 4h7v1h-7z`) {
		t.Errorf("%.300s", text)
	}
}

// TestPersonPageIsSeenByWhoLooks: the menu and the name above are those of the
// administrator, not of the person whose page it is.
func TestPersonPageIsSeenByWhoLooks(t *testing.T) {
	s := newSite(t)
	body := s.signedIn("admin").get("/admin/people/" + s.people["lina"].ID.String()).body
	if !strings.Contains(body, "<h1>Li Na</h1>") || !strings.Contains(body, `href="/imports"`) || strings.Contains(body, `href="/review"`) {
		t.Error("the menu is that of the person looked at")
	}
}

// TestSecondFactorWithoutItsKey: the page says what one can do, a recovery code
// signs in, and an administrator resets.
func TestSecondFactorWithoutItsKey(t *testing.T) {
	s := newSite(t)
	secret, codes := s.signedIn("lina").setUp()
	if err := os.Rename(s.secondKey, s.secondKey+".away"); err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.signIn("lina", password, "/")
	got := b.submit("/sign-in/code", "/sign-in/code", url.Values{"code": {s.codeNow(secret)}})
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "Codes of the app cannot be checked here now") || strings.Contains(got.body, s.secondKey) {
		t.Errorf("%d\n%.600s", got.status, got.body)
	}
	if got := b.submit("/sign-in/code", "/sign-in/code", url.Values{"code": {codes[0]}}); got.status != http.StatusSeeOther {
		t.Errorf("a recovery code: %d", got.status)
	}
	page := "/admin/people/" + s.people["lina"].ID.String()
	s.addAdmin("other")
	s.clock.move(time.Minute)
	for _, step := range [][2]string{{"admin", "ask"}, {"other", "confirm"}} {
		if got := s.signedIn(step[0]).submit(page, page+"/second/reset", url.Values{"old": {password}, "do": {step[1]}}); got.status != http.StatusSeeOther {
			t.Errorf("%s: %d", step[1], got.status)
		}
	}
	if got := s.browser().signIn("lina", password, "/"); got.header.Get("Location") == "/sign-in/code" {
		t.Error("a code is asked for after the reset")
	}
	s.clock.move(time.Minute)
	s.signedIn("lina").setUp() // with a key made anew
}
