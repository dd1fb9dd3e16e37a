package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
	"concord/store"
)

// TestScopes asks every operation with every kind of key.
func TestScopes(t *testing.T) {
	w := sharedAPIWorld(t)
	ids := `{"clauses":["cn-a-2020/5.1"]}`
	random := strings.Repeat("A", 43)
	foreign := w.keys["all"][:15] + random // an id that is known with another secret
	for _, o := range operations {
		id := "cn-a-2020"
		switch {
		case strings.Contains(o.path, "/matches/"):
			id = w.matches["confirmed"].String()
		case strings.Contains(o.path, "/dossiers/"):
			id = w.open.ID.String()
		}
		path := strings.NewReplacer(":id", id, ":number", "1", ":key", "5.1").Replace(o.path)
		for name, want := range map[string]string{
			"": "no-key", "expired": "bad-key", "ended": "bad-key", "none": "forbidden", "all": "", "search": "", "read": "", "export": "",
			"made up": "bad-key", "other secret": "bad-key", "no key at all": "bad-key", "long": "bad-key",
		} {
			q := apiAsk{method: o.method, path: path, key: w.keys[name]}
			if o.method == http.MethodPost {
				q.body = ids
			}
			if strings.HasSuffix(o.path, "/exports") {
				q.body = `{"dossier":"` + w.open.ID.String() + `"}`
			}
			switch name {
			case "made up":
				q.key = "cnk_aaaaaaaaaa_" + random
			case "other secret":
				q.key = foreign
			case "no key at all":
				q.key = "hello"
			case "long":
				q.key = w.keys["all"] + strings.Repeat("A", 5000)
			case "search", "read", "export":
				if name != string(o.scope) {
					want = "forbidden"
				}
			}
			if strings.Contains(o.path, "/exports/") && want == "" {
				want = "not-found" // they are of the key that asked
			}
			rec := w.ask(t, q)
			got := ""
			if rec.Code >= http.StatusMultipleChoices {
				got = problemOf(t, rec).Code
			}
			if got != want {
				t.Errorf("%s %s with the key %q: %d %q, want %q", o.method, path, name, rec.Code, got, want)
			}
		}
	}
}

// TestKeysEndAtTheirTime moves the clock to a key's last moment.
func TestKeysEndAtTheirTime(t *testing.T) {
	w := newAPIWorld(t)
	id, _ := review.KeyID(w.keys["read"])
	key, err := w.db.KeyByID(t.Context(), id)
	apiMust(t, err)
	w.clock.move(key.Expires.Sub(w.clock.now()) - time.Second)
	if rec := w.askNow(t, apiAsk{path: "/api/v1/standards", key: w.keys["read"]}); rec.Code != http.StatusOK {
		t.Errorf("a second before its end: %d %s", rec.Code, rec.Body)
	}
	w.clock.move(time.Second)
	if rec := w.askNow(t, apiAsk{path: "/api/v1/standards", key: w.keys["read"]}); rec.Code != http.StatusUnauthorized {
		t.Errorf("at its end: %d", rec.Code)
	}
}

// TestKeyUseIsNoted checks that the last use is kept, once a minute.
func TestKeyUseIsNoted(t *testing.T) {
	w := newAPIWorld(t)
	used := func() time.Time {
		id, _ := review.KeyID(w.keys["read"])
		key, err := w.db.KeyByID(t.Context(), id)
		apiMust(t, err)
		return key.LastUsed
	}
	ask := func() { w.askNow(t, apiAsk{path: "/api/v1/standards", key: w.keys["read"]}) }
	ask()
	first := used()
	if !first.Equal(w.clock.now()) {
		t.Fatalf("noted %v at %v", first, w.clock.now())
	}
	w.clock.move(59 * time.Second)
	if ask(); !used().Equal(first) {
		t.Error("noted again within a minute")
	}
	w.clock.move(time.Second)
	if ask(); used().Equal(first) {
		t.Error("not noted again after a minute")
	}
}

// unnoted is records that can be read and not written.
type unnoted struct{ Records }

func (unnoted) TouchKey(context.Context, string, time.Time) error { return store.ErrReadOnly }

// TestReadingWithoutNoting reads while the use of a key cannot be noted.
func TestReadingWithoutNoting(t *testing.T) {
	w := *sharedAPIWorld(t)
	var err error
	w.server, err = New(Config{Store: w.db, Records: unnoted{w.db}, Now: w.clock.now, Unavailable: []error{store.ErrReadOnly}})
	apiMust(t, err)
	w.get(t, "/api/v1/standards")
	if rec := w.ask(t, apiAsk{path: "/api/v1/standards", key: w.keys["expired"]}); rec.Code != http.StatusUnauthorized {
		t.Errorf("a key past its date: %d", rec.Code)
	}
}

// TestSchemes asks with what may stand before a key.
func TestSchemes(t *testing.T) {
	w := sharedAPIWorld(t)
	for scheme, want := range map[string]int{"Bearer ": 200, "bearer ": 200, "BEARER ": 200, "Basic ": 401, "Bearer": 401, "": 401, "Bearer  ": 401, "Bearer\t": 401} {
		rec := w.ask(t, apiAsk{path: "/api/v1/standards", header: map[string]string{"Authorization": scheme + w.keys["read"]}})
		if rec.Code != want {
			t.Errorf("%q: %d, want %d", scheme, rec.Code, want)
		}
		if want == http.StatusUnauthorized && rec.Header().Get("WWW-Authenticate") != `Bearer realm="concord"` {
			t.Errorf("%q: WWW-Authenticate is %q", scheme, rec.Header().Get("WWW-Authenticate"))
		}
	}
}

// TestSessionsAreNoKeys sends the cookie of an administrator's session to every
// operation, and a key to a page.
func TestSessionsAreNoKeys(t *testing.T) {
	w := newAPIWorld(t)
	secret, err := review.NewSecret()
	apiMust(t, err)
	now := w.clock.now()
	apiMust(t, w.db.NewSession(t.Context(), review.Session{Hash: review.HashSecret(secret), Person: w.cn.ID, Created: now, LastSeen: now, Expires: now.Add(time.Hour)}))
	cookie := map[string]string{"Cookie": w.server.cookieName(cookieSession) + "=" + secret}
	for _, o := range operations {
		path := strings.NewReplacer(":id", "cn-a-2020", ":number", "1", ":key", "5.1").Replace(o.path)
		if rec := w.ask(t, apiAsk{method: o.method, path: path, header: cookie}); rec.Code != http.StatusUnauthorized || rec.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s %s with a session: %d, cookie %q", o.method, path, rec.Code, rec.Header().Get("Set-Cookie"))
		}
	}
	page := func(header map[string]string) int {
		req := httptest.NewRequest(http.MethodGet, "/standards", nil)
		for name, value := range header {
			req.Header.Set(name, value)
		}
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, req)
		return rec.Code
	}
	if code := page(cookie); code != http.StatusOK {
		t.Errorf("the session does not work at all: %d", code)
	}
	if code := page(map[string]string{"Authorization": "Bearer " + w.keys["all"]}); code != http.StatusSeeOther {
		t.Errorf("a key opens a page: %d", code)
	}
}

// TestRateLimits asks up to each limit and once more.
func TestRateLimits(t *testing.T) {
	w := sharedAPIWorld(t)
	export := "/api/v1/dossiers/" + w.open.ID.String() + "/export"
	for name, c := range map[string]struct {
		path string
		most int
	}{"reading": {"/api/v1/standards", apiSearches}, "exports": {export, apiExports}} {
		t.Run(name, func(t *testing.T) {
			w.clock.move(time.Minute)
			for i := range c.most {
				if rec := w.askNow(t, apiAsk{path: c.path, key: w.keys["all"]}); rec.Code != http.StatusOK {
					t.Fatalf("request %d: %d", i+1, rec.Code)
				}
			}
			rec := w.askNow(t, apiAsk{path: c.path, key: w.keys["all"], header: map[string]string{"X-Forwarded-For": "10.0.0.1"}})
			if p := problemOf(t, rec); rec.Code != http.StatusTooManyRequests || p.Code != "too-often" || rec.Header().Get("Retry-After") != "4" {
				t.Fatalf("request %d: %d %+v, Retry-After %q", c.most+1, rec.Code, p, rec.Header().Get("Retry-After"))
			}
			if rec := w.askNow(t, apiAsk{path: "/api/v1/standards", key: w.keys["read"]}); rec.Code != http.StatusOK {
				t.Errorf("another key: %d", rec.Code)
			}
			w.clock.move(apiWindow)
			if rec := w.askNow(t, apiAsk{path: c.path, key: w.keys["all"]}); rec.Code != http.StatusOK {
				t.Errorf("after waiting: %d", rec.Code)
			}
		})
	}
}

// TestKeysAreNeverLogged looks for the keys in the log of a run with failures.
func TestKeysAreNeverLogged(t *testing.T) {
	w := newAPIWorld(t)
	w.crawl(t)
	w.ask(t, apiAsk{path: "/api/v1/search?key=" + w.keys["all"], key: w.keys["all"]})
	apiMust(t, w.db.Close())
	for _, o := range operations {
		path := strings.NewReplacer(":id", "cn-a-2020", ":number", "1", ":key", "5.1").Replace(o.path)
		for name, secret := range w.keys {
			rec := w.ask(t, apiAsk{method: o.method, path: path + "?key=" + secret, key: secret})
			if p := problemOf(t, rec); rec.Code != http.StatusInternalServerError || p.Code != "failure" || p.Detail != "" {
				t.Errorf("%s with the key %s and no records: %d %+v", path, name, rec.Code, p)
			}
		}
	}
	text := w.log.String()
	if !strings.Contains(text, "request failed") {
		t.Fatal("the failures are not in the log, so this test proves nothing")
	}
	for name, secret := range w.keys {
		if strings.Contains(text, secret) || strings.Contains(text, secret[15:]) || strings.Contains(text, review.HashSecret(secret)) {
			t.Errorf("the key %s is in the log", name)
		}
	}
}

// madeOnPage makes a key on the page of keys.
func (w *apiWorld) madeOnPage(t *testing.T, form url.Values) (string, string) {
	t.Helper()
	admin := review.Person{ID: uuid.Must(uuid.NewV7()), Login: uuid.NewString(), Name: "Admin", Role: review.RoleAdmin, Created: w.clock.now()}
	apiMust(t, w.db.SavePerson(t.Context(), admin, "cli"))
	secret, err := review.NewSecret()
	apiMust(t, err)
	apiMust(t, w.db.NewSession(t.Context(), review.Session{Hash: review.HashSecret(secret), Person: admin.ID, Created: w.clock.now(), LastSeen: w.clock.now(), Expires: w.clock.now().Add(time.Hour)}))
	send := func(method string, body url.Values) string {
		req := httptest.NewRequest(method, "/admin/keys", strings.NewReader(body.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.AddCookie(&http.Cookie{Name: w.server.cookieName(cookieSession), Value: secret})
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, req)
		return rec.Body.String()
	}
	form.Set("token", token(t, send(http.MethodGet, nil)))
	page := send(http.MethodPost, form)
	_, rest, _ := strings.Cut(page, `<code translate="no">`)
	made, _, _ := strings.Cut(rest, "<")
	return made, page
}

// TestKeyMadeOnThePage uses a key as it was shown; afterwards the list tells it by its
// end alone.
func TestKeyMadeOnThePage(t *testing.T) {
	w := newAPIWorld(t)
	made, _ := w.madeOnPage(t, url.Values{"name": {"portal"}, "days": {"30"}, "scope": {"read"}})
	if rec := w.ask(t, apiAsk{path: "/api/v1/standards", key: made}); rec.Code != http.StatusOK {
		t.Fatalf("the key of the page does not work: %d %s", rec.Code, rec.Body)
	}
	_, page := w.madeOnPage(t, url.Values{"name": {""}, "days": {"30"}, "scope": {"read"}})
	if end := "…" + made[len(made)-4:]; !strings.Contains(page, end) || strings.Contains(page, made) || !strings.Contains(page, "A key needs a name.") {
		t.Errorf("the list does not tell the key by %s, or tells all of it", end)
	}
}

// TestKeysAreBound asks with keys bound to networks, directly and through a proxy.
func TestKeysAreBound(t *testing.T) {
	w := newAPIWorld(t)
	direct := w.server.address
	trusted, err := addresses([]string{"127.0.0.1", "10.0.0.0/8"})
	apiMust(t, err)
	for _, c := range []struct {
		name, networks, remote, forwarded string
		proxied                           bool
		want                              int
	}{
		{"any", "", "198.51.100.7:1", "", false, http.StatusOK},
		{"inside", "192.0.2.0/24, 2001:db8::/32", "192.0.2.9:1", "", false, http.StatusOK},
		{"inside, six", "192.0.2.0/24 2001:db8::/32", "[2001:db8::5]:1", "", false, http.StatusOK},
		{"four in six", "192.0.2.0/24", "[::ffff:192.0.2.9]:1", "", false, http.StatusOK},
		{"one address", "192.0.2.9", "192.0.2.9:1", "", false, http.StatusOK},
		{"beside the address", "192.0.2.9", "192.0.2.10:1", "", false, http.StatusForbidden},
		{"outside", "192.0.2.0/24", "192.0.3.1:1", "", false, http.StatusForbidden},
		{"forged", "192.0.2.0/24", "198.51.100.7:1", "192.0.2.9", false, http.StatusForbidden},
		{"by the proxy", "192.0.2.0/24", "127.0.0.1:1", "192.0.2.9", true, http.StatusOK},
		{"forged before the proxy", "192.0.2.0/24", "127.0.0.1:1", "192.0.2.9, 198.51.100.7", true, http.StatusForbidden},
		{"past the proxy", "192.0.2.0/24", "198.51.100.7:1", "192.0.2.9", true, http.StatusForbidden},
	} {
		secret, key, err := review.NewKey(c.name, []review.Scope{review.ScopeRead}, w.clock.now(), time.Hour)
		apiMust(t, err)
		key, err = key.Bounded(c.networks, "")
		apiMust(t, err)
		apiMust(t, w.db.NewKey(t.Context(), key, "cli"))
		w.server.address = direct
		if c.proxied {
			w.server.address = trusted
		}
		req := httptest.NewRequest(http.MethodGet, "/api/v1/standards", nil)
		req.RemoteAddr = c.remote
		req.Header.Set("Authorization", "Bearer "+secret)
		if c.forwarded != "" {
			req.Header.Set("X-Forwarded-For", c.forwarded)
		}
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, req)
		if rec.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", c.name, rec.Code, c.want, rec.Body)
		}
	}
	for _, bad := range [][2]string{{"here", ""}, {"192.0.2.0/33", ""}, {"fe80::1%eth0", ""}, {strings.Repeat("192.0.2.1 ", 21), ""}, {"", "0"}, {"", "-1"}, {"", "6001"}, {"", "many"}} {
		if _, err := (review.Key{}).Bounded(bad[0], bad[1]); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	if _, err := addresses([]string{"proxy.example"}); err == nil {
		t.Error("a name is accepted as a trusted proxy")
	}
}

// TestKeysOfTheirOwnRate goes up to the limit of a key and one over it, while another
// key goes on.
func TestKeysOfTheirOwnRate(t *testing.T) {
	w := newAPIWorld(t)
	slow, page := w.madeOnPage(t, url.Values{"name": {"slow"}, "days": {"30"}, "scope": {"read"}, "rate": {"3"}, "networks": {"192.0.2.0/24"}})
	if !strings.Contains(page, ">3</td>") || !strings.Contains(page, "192.0.2.0/24") {
		t.Error("the list says neither rate nor networks")
	}
	for i, want := range []int{200, 200, 200, 429} {
		rec := w.ask(t, apiAsk{path: "/api/v1/standards", key: slow})
		if rec.Code != want || want == 429 && rec.Header().Get("Retry-After") == "" {
			t.Errorf("request %d: %d, retry after %q", i+1, rec.Code, rec.Header().Get("Retry-After"))
		}
	}
	if rec := w.ask(t, apiAsk{path: "/api/v1/standards", key: w.keys["all"]}); rec.Code != http.StatusOK {
		t.Errorf("another key: %d", rec.Code)
	}
	w.clock.move(time.Minute)
	if rec := w.ask(t, apiAsk{path: "/api/v1/standards", key: slow}); rec.Code != http.StatusOK {
		t.Errorf("a minute later: %d", rec.Code)
	}
}
