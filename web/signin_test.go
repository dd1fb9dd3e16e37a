package web

import (
	"context"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/review"
)

func (b *browser) signIn(login, pass, next string) answer {
	b.t.Helper()
	return b.submit("/sign-in?next="+url.QueryEscape(next), "/sign-in", url.Values{"login": {login}, "password": {pass}, "next": {next}})
}

func TestSignIn(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	if got := b.get("/standards?q=x"); got.status != http.StatusSeeOther || got.header.Get("Location") != "/sign-in?next=%2Fstandards%3Fq%3Dx" {
		t.Fatalf("a stranger is not sent to the sign-in: %d %s", got.status, got.header.Get("Location"))
	}
	got := b.signIn("lina", password, "/standards?q=x")
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/standards?q=x" {
		t.Fatalf("sign-in: %d %s", got.status, got.header.Get("Location"))
	}
	if got := b.get("/"); got.status != http.StatusOK || !strings.Contains(got.body, "Li Na") {
		t.Errorf("signed in, but: %d", got.status)
	}
	sessions, err := s.db.Sessions(context.Background(), s.people["lina"].ID)
	if err != nil || len(sessions) != 1 {
		t.Fatalf("%v %v", sessions, err)
	}
	u, _ := url.Parse(s.http.URL)
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Value == sessions[0].Hash {
			t.Error("the secret itself is kept")
		}
	}
}

func TestSignInRefusals(t *testing.T) {
	s := newSite(t)
	gone := s.people["reader"]
	gone.Disabled = true
	if err := s.db.SavePerson(context.Background(), gone, "cli"); err != nil {
		t.Fatal(err)
	}
	var first answer
	for i, c := range []struct{ name, login, pass string }{
		{"an unknown login", "nobody", password}, {"a wrong password", "lina", "wrong horse battery"},
		{"a disabled person", "reader", password}, {"an empty password", "lina", ""},
	} {
		s.clock.move(time.Hour)
		got := s.browser().signIn(c.login, c.pass, "/")
		if got.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", c.name, got.status)
		}
		body := hiddenField.ReplaceAllString(got.body, "")
		for _, varying := range []string{c.login, got.header.Get("X-Request-Id")} {
			body = strings.ReplaceAll(body, `value="`+varying+`"`, "")
		}
		body = stripNonce(body)
		if i == 0 {
			first = answer{body: body}
		} else if body != first.body {
			t.Errorf("%s: the page differs from the one for an unknown login", c.name)
		}
	}
}

func stripNonce(body string) string {
	for {
		before, rest, found := strings.Cut(body, ` nonce="`)
		if !found {
			return body
		}
		_, after, _ := strings.Cut(rest, `"`)
		body = before + after
	}
}

// TestSignInWork compares the work for unknown logins with that for wrong
// passwords, which the time follows: without the same work they would differ a
// thousandfold. Hashing takes its memory anew each time, so memory tells.
func TestSignInWork(t *testing.T) {
	s := newSite(t)
	took := func(login string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, ok, err := s.server.checkPassword(context.Background(), login, "wrong horse"); ok || err != nil {
			t.Fatal(ok, err)
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) >> 20
	}
	known, unknown := took("lina"), took("nobody")
	if known < 40 || unknown+2 < known || known+2 < unknown {
		t.Errorf("a known login takes %d MiB, an unknown one %d MiB", known, unknown)
	}
}

// BenchmarkSignIn measures what TestSignInWork infers.
func BenchmarkSignIn(b *testing.B) {
	s := newSite(b)
	for _, login := range []string{"lina", "nobody"} {
		b.Run(login, func(b *testing.B) {
			for b.Loop() {
				if _, ok, err := s.server.checkPassword(b.Context(), login, "wrong horse"); ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

func TestSignInLimits(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	for i := range 5 {
		if got := b.signIn("lina", "wrong", "/"); got.status != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i+1, got.status)
		}
	}
	got := b.signIn("lina", password, "/")
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" {
		t.Errorf("the sixth try of an address: %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
	// the account has a limit of its own over a longer time
	for range 5 {
		s.clock.move(time.Minute + time.Second)
		b.signIn("lina", "wrong", "/")
	}
	s.clock.move(time.Minute + time.Second)
	if got := b.signIn("lina", password, "/"); got.status != http.StatusTooManyRequests {
		t.Errorf("the eleventh try for an account: %d", got.status)
	}
	if got := b.signIn("ivan", password, "/"); got.status != http.StatusSeeOther {
		t.Errorf("another account: %d", got.status)
	}
}

func TestSessionLimits(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps []time.Duration
		alive bool
	}{
		{"idle for 29 minutes", []time.Duration{29 * time.Minute}, true},
		{"idle for 31 minutes", []time.Duration{31 * time.Minute}, false},
		{"busy for 11 hours", slices.Repeat([]time.Duration{20 * time.Minute}, 33), true},
		{"busy for over 12 hours", slices.Repeat([]time.Duration{20 * time.Minute}, 37), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signedIn("lina")
			var got answer
			for _, step := range c.steps {
				s.clock.move(step)
				got = b.get("/help")
			}
			if got = b.get("/"); (got.status == http.StatusOK) != c.alive {
				t.Errorf("status %d", got.status)
			}
		})
	}
}

func TestSignOut(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	if !strings.Contains(b.get("/standards").body, `action="/sign-out"`) {
		t.Error("sign out is not on the page")
	}
	if got := b.submit("/", "/sign-out", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatalf("%d", got.status)
	}
	if got := b.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("still signed in: %d", got.status)
	}
	if sessions, _ := s.db.Sessions(context.Background(), s.people["lina"].ID); len(sessions) != 0 {
		t.Error("the session is still kept")
	}
}

func TestSignInChangesTheSession(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	before, _ := s.db.Sessions(context.Background(), s.people["lina"].ID)
	form := url.Values{"token": {token(t, b.get("/help").body)}, "login": {"lina"}, "password": {password}}
	if got := b.post("/sign-in", form); got.status != http.StatusSeeOther {
		t.Fatalf("%d", got.status)
	}
	after, _ := s.db.Sessions(context.Background(), s.people["lina"].ID)
	if len(after) != 1 || after[0].Hash == before[0].Hash {
		t.Errorf("the session before a sign-in stays: %v %v", before, after)
	}
}

func TestOwnPath(t *testing.T) {
	for in, want := range map[string]string{
		"/standards?q=1": "/standards?q=1", "": "/", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/", "javascript:alert(1)": "/",
		"/a\r\nSet-Cookie: x": "/", "standards": "/", "/" + strings.Repeat("a", 3000): "/", "/%2F/evil": "/%2F/evil", "\t//evil": "/",
	} {
		if got := ownPath(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWelcome(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	secret, err := review.NewSecret()
	if err != nil {
		t.Fatal(err)
	}
	ivan := s.people["ivan"]
	if err := s.db.NewInvite(ctx, ivan.ID, review.HashSecret(secret), s.clock.now().Add(review.InviteLife)); err != nil {
		t.Fatal(err)
	}
	old := s.signedIn("ivan")
	link := "/welcome/" + secret
	b := s.browser()
	for range 3 { // looking does not spend it
		if got := b.get(link); got.status != http.StatusOK || !strings.Contains(got.body, ivan.Name) {
			t.Fatalf("the link does not open: %d", got.status)
		}
	}
	for name, form := range map[string]url.Values{
		"two that differ": {"password": {"a good long password"}, "again": {"another long password"}},
		"too short":       {"password": {"short"}, "again": {"short"}},
		"with the login":  {"password": {"my name is ivan, hello"}, "again": {"my name is ivan, hello"}},
	} {
		if got := b.submit(link, link, form); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `role="alert"`) {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	good := url.Values{"password": {"a good long passphrase"}, "again": {"a good long passphrase"}}
	if got := b.submit(link, link, good); got.status != http.StatusSeeOther {
		t.Fatalf("the link does not work: %d", got.status)
	}
	if got := b.get("/"); got.status != http.StatusOK {
		t.Errorf("not signed in afterwards: %d", got.status)
	}
	if got := old.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("a session from before the new password lives on: %d", got.status)
	}
	s.clock.move(time.Minute * 2)
	if got := s.browser().get(link); got.status != http.StatusNotFound {
		t.Errorf("the link opens twice: %d", got.status)
	}
	fresh := s.browser()
	good.Set("token", token(t, fresh.get("/sign-in").body))
	if got := fresh.post(link, good); got.status != http.StatusNotFound {
		t.Errorf("the link works twice: %d", got.status)
	}
}

func TestWelcomeTooLate(t *testing.T) {
	s := newSite(t)
	secret, _ := review.NewSecret()
	if err := s.db.NewInvite(context.Background(), s.people["ivan"].ID, review.HashSecret(secret), s.clock.now().Add(review.InviteLife)); err != nil {
		t.Fatal(err)
	}
	s.clock.move(review.InviteLife + time.Second)
	if got := s.browser().get("/welcome/" + secret); got.status != http.StatusNotFound {
		t.Errorf("a link of the day before yesterday: %d", got.status)
	}
}

func TestPreferences(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	if got := b.get("/sign-in", "Accept-Language", "ru-RU,ru;q=0.9,en;q=0.5"); !strings.Contains(got.body, `<html lang="ru"`) {
		t.Error("the browser's language is not taken")
	}
	got := b.submit("/sign-in", "/preferences", url.Values{"language": {"zh"}, "theme": {"dark"}, "keys": {"off"}, "back": {"/sign-in?x=1"}})
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/sign-in?x=1" {
		t.Fatalf("%d %s", got.status, got.header.Get("Location"))
	}
	if body := b.get("/sign-in", "Accept-Language", "ru").body; !strings.Contains(body, `<html lang="zh" dir="ltr" data-theme="dark" data-keys="off">`) {
		t.Errorf("preferences are not kept: %.120s", body)
	}
	for _, bad := range []url.Values{{"language": {"xx"}}, {"theme": {"pink"}}, {"size": {"huge"}}, {"digits": {"roman"}}, {"why": {"x"}}, {"order": {"random"}}, {"keys": {"<b>"}}} {
		if got := b.submit("/sign-in", "/preferences", bad); got.status != http.StatusBadRequest {
			t.Errorf("%v: %d", bad, got.status)
		}
	}
	if got := b.submit("/sign-in", "/preferences", url.Values{"theme": {"light"}, "back": {"https://evil.example"}}); got.header.Get("Location") != "/" {
		t.Errorf("led to %q", got.header.Get("Location"))
	}
}

func TestProfile(t *testing.T) {
	s := newSite(t)
	b, other := s.signedIn("lina"), s.signedIn("lina")
	if body := b.get("/profile").body; strings.Count(body, "<td>test") != 2 {
		t.Error("both sessions should be listed")
	}
	if got := b.submit("/profile", "/profile/sessions/end", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	if other.get("/").status == http.StatusOK || b.get("/").status != http.StatusOK {
		t.Error("ending the other sessions ends the wrong ones")
	}
	change := func(old, first, again string) answer {
		s.clock.move(2 * time.Minute)
		return b.submit("/profile", "/profile/password", url.Values{"old": {old}, "password": {first}, "again": {again}})
	}
	for name, got := range map[string]answer{
		"a wrong old password": change("wrong", "a good long passphrase", "a good long passphrase"),
		"two that differ":      change(password, "a good long passphrase", "another"),
		"a weak one":           change(password, "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa"),
	} {
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := change(password, "a good long passphrase", "a good long passphrase"); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	if got := b.get("/"); got.status != http.StatusOK {
		t.Errorf("this browser lost its session: %d", got.status)
	}
}
