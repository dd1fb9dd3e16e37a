package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"concord/review"
)

func TestEveryRouteHasAPolicy(t *testing.T) {
	s := newSite(t)
	for _, r := range s.server.routes() {
		if !r.policy.declared() {
			t.Errorf("%s %s has no policy", r.method, r.path)
		}
	}
	if (policy{}).declared() {
		t.Error("the check finds nothing: an empty policy counts as declared")
	}
	// what echo answers is the table and nothing else
	e := s.server.router()
	for _, r := range s.server.routes() {
		e.Add(r.method, r.path, func(echo.Context) error { return nil })
	}
	if len(e.Routes()) != len(s.server.routes()) {
		t.Errorf("%d routes, %d in the table", len(e.Routes()), len(s.server.routes()))
	}
}

// concrete fills the parameters of a path with records that are there.
func (s *site) concrete(path string) string {
	id := s.matches[0].ID.String()
	switch {
	case strings.HasPrefix(path, "/dossiers/"):
		id = s.dossier.ID.String()
	case strings.HasPrefix(path, "/templates/"):
		id = s.template.String()
	case strings.HasPrefix(path, "/mappings/"):
		id = s.imported.String()
	case strings.HasPrefix(path, "/imports/"):
		id = s.staged.ID.String()
	case strings.HasPrefix(path, "/admin/people/"):
		id = s.people["reader"].ID.String()
	case strings.HasPrefix(path, "/standards/"):
		id = "gb-1-2020"
	}
	return strings.NewReplacer(":id", id, ":key", "5.1", ":token", "no-such-link", ":name", "concord.css", ":number", "1", ":format", "csv").Replace(path)
}

// TestMatrix asks every page as everybody; what is expected comes from the
// table of policies and the table of roles.
func TestMatrix(t *testing.T) {
	s := newSite(t)
	who := []string{"", "reader", "lina", "judge", "speaker", "carrier", "admin"}
	for _, role := range review.Roles {
		if !slices.ContainsFunc(who, func(login string) bool { return s.people[login].Role == role }) {
			t.Errorf("nobody asks as %s", role)
		}
	}
	for _, login := range who {
		a := asker{}
		b := s.browser()
		if login != "" {
			a = asker{signedIn: true, person: s.people[login]}
			b = s.signedIn(login)
		}
		for _, r := range s.server.pageRoutes() {
			if r.method == http.MethodPost && r.path == "/sign-out" {
				continue // would end the session of the test
			}
			name := fmt.Sprintf("%s/%s %s", login, r.method, r.path)
			path := s.concrete(r.path)
			var got answer
			if r.method == http.MethodGet {
				got = b.get(path)
			} else {
				got = b.submit("/help", path, url.Values{})
			}
			allowed := r.policy.allows(a)
			// a party that is no party to the record is refused by its rules, not by the policy
			refused := got.status == http.StatusForbidden && !strings.Contains(got.body, "takes no part in the dossier") || got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/sign-in")
			switch {
			case allowed && refused && !strings.HasPrefix(r.path, "/sign-in"):
				t.Errorf("%s: refused with %d although the policy allows it", name, got.status)
			case !allowed && !refused:
				t.Errorf("%s: answered %d although the policy refuses it", name, got.status)
			case got.status >= 500:
				t.Errorf("%s: %d\n%.300s", name, got.status, got.body)
			}
		}
	}
}

// TestNoGetChangesAnything opens every page as everybody and crawls every link
// an admin and a reviewer see; the database must stay as it is.
func TestNoGetChangesAnything(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	b := map[string]*browser{"admin": s.signedIn("admin"), "lina": s.signedIn("lina"), "": s.browser()}
	before := s.fingerprint(ctx)
	for who, browser := range b {
		todo, opened := []string{"/"}, 0
		for _, r := range s.server.pageRoutes() {
			if r.method == http.MethodGet {
				todo = append(todo, s.concrete(r.path))
			}
		}
		browser.crawl(todo, 400, func(path string, got answer) {
			opened++
			if got.status >= 500 {
				t.Errorf("%s GET %s: %d", who, path, got.status)
			}
		})
		if after := s.fingerprint(ctx); after != before {
			t.Fatalf("reading as %q changed the records:\n%s\n%s", who, before, after)
		}
		t.Logf("%q opened %d pages", who, opened)
	}
	if _, _, err := s.db.Propose(ctx, s.dossier.ID, nil); err != nil {
		t.Fatal(err)
	}
	b["lina"].decideOn(s.matches[1], "", url.Values{"verdict": {"equivalent"}})
	if s.fingerprint(ctx) == before {
		t.Error("the check finds nothing: a decision left the fingerprint as it was")
	}
}

// fingerprint counts every table and names the last audit row.
func (s *site) fingerprint(ctx context.Context) string {
	counts, err := s.db.Counts(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	seq, hash, err := s.db.AuditHead(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(counts, seq, hash)
}

// TestForeignPosts sends every change without what our own forms have.
func TestForeignPosts(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	good := token(t, b.get("/help").body)
	other := token(t, s.signedIn("lina").get("/help").body)
	cases := []struct {
		name   string
		token  string
		header []string
	}{
		{"no token", "", nil},
		{"a wrong token", "AAAA.0000", nil},
		{"somebody else's token", other, nil},
		{"a foreign origin", good, []string{"Origin", "https://evil.example"}},
		{"a cross-site fetch", good, []string{"Sec-Fetch-Site", "cross-site"}},
		{"a same-site fetch of another host", good, []string{"Sec-Fetch-Site", "same-site"}},
		{"a token in JSON", good, []string{"Content-Type", "text/plain"}},
	}
	before := s.fingerprint(context.Background())
	for _, r := range s.server.pageRoutes() {
		if r.method != http.MethodPost {
			continue
		}
		for _, c := range cases {
			form := url.Values{"language": {"zh"}, "name": {"x"}, "login": {"new"}}
			if c.token != "" {
				form.Set("token", c.token)
			}
			if got := b.post(s.concrete(r.path), form, c.header...); got.status != http.StatusForbidden {
				t.Errorf("%s with %s: %d", r.path, c.name, got.status)
			}
		}
	}
	if s.fingerprint(context.Background()) != before {
		t.Error("a refused post changed the records")
	}
	if got := b.post("/preferences", url.Values{"token": {good}, "theme": {"dark"}}, "Sec-Fetch-Site", "same-origin"); got.status != http.StatusSeeOther {
		t.Errorf("the check finds nothing: our own form is refused, too (%d)", got.status)
	}
}

func TestHeaders(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	nonces := map[string]bool{}
	for _, path := range []string{"/", "/sign-in", "/nowhere", "/admin/people", "/static/concord.css", "/matches/x"} {
		got := b.get(path)
		csp := got.header.Get("Content-Security-Policy")
		m := regexp.MustCompile(`^default-src 'none'; script-src 'nonce-([^']+)' 'strict-dynamic'; style-src 'nonce-([^']+)'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'$`).FindStringSubmatch(csp)
		if m == nil || m[1] != m[2] || nonces[m[1]] {
			t.Errorf("%s: policy %q", path, csp)
			continue
		}
		nonces[m[1]] = true
		if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") && !strings.Contains(got.body, `nonce="`+m[1]+`"`) {
			t.Errorf("%s: the page does not carry the nonce", path)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "same-origin"} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.header.Get(name))
			}
		}
	}
	if got := b.get("/", "Accept-Encoding", "gzip"); got.header.Get("Content-Encoding") != "gzip" {
		t.Error("pages are not compressed")
	}
}

// TestNoStyleAttributes holds what the content policy asks of every page.
func TestNoStyleAttributes(t *testing.T) {
	s := newSite(t)
	bad := regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+="|javascript:`)
	b := s.signedIn("lina")
	for _, path := range []string{"/", "/standards", "/standards/sp-1-2020", "/standards/sp-1-2020/clauses/5.4", "/search?q=x", "/matches/" + s.matches[3].ID.String(), "/help", "/profile"} {
		if m := bad.FindString(b.get(path).body); m != "" {
			t.Errorf("%s has %q", path, m)
		}
	}
	if bad.FindString(`<p style="x">`) == "" {
		t.Error("the check finds nothing")
	}
}

func TestTextIsNeverMarkup(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	for _, path := range []string{"/standards/sp-1-2020", "/standards/sp-1-2020/clauses/5.4", "/search?q=%3Cscript%3Ealert(1)", "/matches/" + s.matches[3].ID.String()} {
		body := b.get(path).body
		if strings.Contains(body, "<script>alert") {
			t.Errorf("%s: a clause's text became markup", path)
		}
		if !strings.Contains(body, "alert(1)") {
			t.Errorf("%s: the check finds nothing, the text is not there", path)
		}
	}
	if body := b.get("/standards/sp-1-2020/clauses/5.4").body; !strings.Contains(body, `<span class="ghost">RLO</span>`) || strings.Contains(body, "\u202e") {
		t.Error("a hidden character is not shown as a mark")
	}
}

func TestBodyLimit(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	form := url.Values{"token": {token(t, b.get("/sign-in").body)}, "login": {"x"}, "password": {strings.Repeat("p", formBytes)}}
	if got := b.post("/sign-in", form); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a form over the limit: %d", got.status)
	}
	form.Set("password", strings.Repeat("p", formBytes-500))
	if got := b.post("/sign-in", form); got.status != http.StatusUnauthorized {
		t.Errorf("a form under the limit: %d", got.status)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/nowhere", 404}, {"GET", "/matches/not-an-id", 404}, {"GET", "/matches/0190a5f0-0000-7000-8000-000000000000", 404},
		{"GET", "/standards/none", 404}, {"GET", "/standards/gb-1-2020/clauses/9.9", 404}, {"GET", "/static/../server.go", 404},
		{"GET", "/static/", 404}, {"DELETE", "/dossiers", 405}, {"TRACE", "/", 405}, {"OPTIONS", "/dossiers", 405}, {"GET", "/dossiers/x", 404},
	} {
		req, err := http.NewRequest(c.method, s.http.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := b.do(req)
		if got.status != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, got.status, c.status)
		}
		if strings.Contains(got.body, "goroutine") || strings.Contains(got.body, ".go:") {
			t.Errorf("%s %s shows its inside", c.method, c.path)
		}
	}
}

func TestForwardedAddressIsNotBelieved(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	tok := token(t, b.get("/sign-in").body)
	last := 0
	for i := range 7 {
		form := url.Values{"token": {tok}, "login": {fmt.Sprintf("nobody%d", i)}, "password": {"x"}}
		last = b.post("/sign-in", form, "X-Forwarded-For", fmt.Sprintf("10.0.0.%d", i), "X-Real-IP", fmt.Sprintf("10.0.1.%d", i)).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("a forged address gets round the limit: %d", last)
	}
}

func TestLimiter(t *testing.T) {
	c := &clock{at: time.Unix(1_000_000, 0)}
	l := newLimiter(5, time.Minute, c.now)
	for i := range 5 {
		if _, ok := l.allow("a"); !ok {
			t.Fatalf("try %d is refused", i+1)
		}
		c.move(time.Second)
	}
	wait, ok := l.allow("a")
	if ok || wait != 55*time.Second {
		t.Errorf("the sixth: %v, wait %v", ok, wait)
	}
	if _, ok := l.allow("b"); !ok {
		t.Error("another key is refused")
	}
	c.move(55*time.Second - time.Nanosecond)
	if _, ok := l.allow("a"); ok {
		t.Error("allowed a moment too early")
	}
	c.move(time.Nanosecond)
	if _, ok := l.allow("a"); !ok {
		t.Error("refused after the window")
	}
}

func TestLimiterForgets(t *testing.T) {
	c := &clock{at: time.Unix(1_000_000, 0)}
	l := newLimiter(5, time.Minute, c.now)
	for i := range maxKeys + 10 {
		l.allow(fmt.Sprint(i))
	}
	if len(l.events) > maxKeys {
		t.Errorf("%d keys are remembered", len(l.events))
	}
}

func TestGate(t *testing.T) {
	g := newGate(1, 1)
	leave, err := g.enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	waited := make(chan error)
	go func() { _, err := g.enter(ctx); waited <- err }()
	for len(g.waiting) < 2 {
		time.Sleep(time.Millisecond)
	}
	if _, err := g.enter(context.Background()); err != errBusy {
		t.Errorf("the third is not told that it is busy: %v", err)
	}
	cancel()
	if err := <-waited; err != context.Canceled {
		t.Errorf("who waits does not hear the end: %v", err)
	}
	leave()
	if _, err := g.enter(context.Background()); err != nil {
		t.Errorf("the place is not free again: %v", err)
	}
}

func TestBaseURL(t *testing.T) {
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{"", true}, {"http://localhost:8080", true}, {"http://127.0.0.1:1", true}, {"http://[::1]:1", true}, {"https://concord.example", true}, {"https://concord.example/", true},
		{"http://concord.example", false}, {"http://192.168.1.4", false}, {"ftp://localhost", false}, {"localhost:8080", false}, {"https://a.example/path", false},
	} {
		if _, err := baseURL(c.text); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

func TestSecureCookies(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BaseURL = "https://concord.example" })
	rec := httptest.NewRecorder()
	s.server.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "https://concord.example/sign-in", nil))
	cookies := rec.Result().Cookies()
	if len(cookies) == 0 {
		t.Fatal("no cookie")
	}
	for _, c := range cookies {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %v", c)
		}
	}
	if rec.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over https")
	}
}

func TestServerTimeouts(t *testing.T) {
	s := newSite(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	listener := httptest.NewUnstartedServer(nil).Listener
	go func() { done <- s.server.serveOn(ctx, listener) }()
	res, err := http.Get("http://" + listener.Addr().String() + "/healthz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", res, err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("an orderly end is an error: %v", err)
	}
	if readHeaderTimeout != 5*time.Second {
		t.Error("slow headers hold a connection for longer than 5 seconds")
	}
}

func TestRolesOnPolicies(t *testing.T) {
	disabled := asker{signedIn: true, person: review.Person{Role: review.RoleAdmin, Disabled: true}}
	for _, r := range []policy{signedIn, may(review.ActionRead), may(review.ActionManage)} {
		if r.allows(disabled) {
			t.Errorf("%+v allows a disabled person", r)
		}
		if r.allows(asker{}) {
			t.Errorf("%+v allows a stranger", r)
		}
	}
	if !slices.ContainsFunc(review.Roles, func(role review.Role) bool {
		return may(review.ActionManage).allows(asker{signedIn: true, person: review.Person{Role: role}})
	}) {
		t.Error("nobody may manage")
	}
}

// HEAD answers what GET would, without a body, and refuses where GET refuses.
func TestHead(t *testing.T) {
	server := httptest.NewServer(newSite(t).server.Handler())
	defer server.Close()
	for path, want := range map[string]int{"/sign-in": 200, "/healthz": 200, "/nowhere": 404} {
		res, err := http.Head(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != want || len(body) != 0 {
			t.Errorf("HEAD %s: status %d with %d bytes, want %d without", path, res.StatusCode, len(body), want)
		}
	}
	res, err := http.Head(server.URL + "/sign-out")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD of what only takes POST: status %d", res.StatusCode)
	}
}
