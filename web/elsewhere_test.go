package web

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"concord/review"
)

// provider is an OpenID Connect provider of our own: it gives a code to whoever
// comes, keeps to PKCE, and signs what a test tells it to say.
type provider struct {
	t      *testing.T
	http   *httptest.Server
	key    *rsa.PrivateKey
	clock  *clock
	spoil  func(claims map[string]any) // changes the token before it is signed
	sign   *rsa.PrivateKey             // signs instead of key
	asked  url.Values                  // of the last authorization request
	failed bool                        // the token endpoint answers 500
}

func newProvider(t *testing.T) *provider {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key, sign: key}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		u := p.http.URL
		answer(w, map[string]any{"issuer": u, "authorization_endpoint": u + "/authorize", "token_endpoint": u + "/token", "jwks_uri": u + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	enc := base64.RawURLEncoding
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": enc.EncodeToString(key.N.Bytes()), "e": enc.EncodeToString(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		switch {
		case p.failed:
			w.WriteHeader(http.StatusInternalServerError)
			return
		case r.FormValue("code") != "good" || enc.EncodeToString(sum[:]) != p.asked.Get("code_challenge") || r.FormValue("redirect_uri") != p.asked.Get("redirect_uri"):
			w.WriteHeader(http.StatusBadRequest)
			answer(w, map[string]any{"error": "invalid_grant"})
			return
		}
		said := map[string]any{"iss": p.http.URL, "aud": "concord", "sub": "subject-1", "email": "li.na@ministry.example", "email_verified": true, "name": "Li Na",
			"nonce": p.asked.Get("nonce"), "iat": p.clock.now().Unix(), "exp": p.clock.now().Add(time.Minute).Unix()}
		if p.spoil != nil {
			p.spoil(said)
		}
		body, _ := json.Marshal(said)
		text := enc.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + enc.EncodeToString(body)
		digest := sha256.Sum256([]byte(text))
		signature, err := rsa.SignPKCS1v15(rand.Reader, p.sign, crypto.SHA256, digest[:])
		if err != nil {
			t.Error(err)
		}
		answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": text + "." + enc.EncodeToString(signature)})
	})
	p.http = httptest.NewServer(mux)
	t.Cleanup(p.http.Close)
	return p
}

// elsewhereSite is a site with a provider; lina is bound to her address there.
func elsewhereSite(t *testing.T, create bool) (*site, *provider) {
	p := newProvider(t)
	s := newSite(t, func(c *Config) {
		c.OIDC = &OIDC{Issuer: p.http.URL, ClientID: "concord", Secret: "secret", Name: "Ministry account", Create: create}
	})
	p.clock = s.clock
	if err := s.db.BindIdentity(context.Background(), s.people["lina"].ID, "Li.Na@Ministry.example", "cli"); err != nil {
		t.Fatal(err)
	}
	return s, p
}

// away goes to the provider and returns the state it was given.
func (b *browser) away(p *provider) string {
	b.t.Helper()
	got := b.get("/sign-in/elsewhere?next=%2Fstandards")
	u, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != http.StatusSeeOther || !strings.HasPrefix(u.String(), p.http.URL+"/authorize?") {
		b.t.Fatalf("not sent to the provider: %d %s", got.status, got.header.Get("Location"))
	}
	p.asked = u.Query()
	return p.asked.Get("state")
}

// back comes back with a code and a state.
func (b *browser) back(code, state string) answer {
	b.t.Helper()
	b.site.clock.move(30 * time.Second)
	page := b.get("/sign-in/elsewhere/back?" + url.Values{"code": {code}, "state": {state}}.Encode())
	if page.status != http.StatusOK {
		b.t.Fatalf("back: %d\n%.400s", page.status, page.body)
	}
	return b.post("/sign-in/elsewhere/back", formFields(b.t, page.body, "/sign-in/elsewhere/back"))
}

func TestElsewhere(t *testing.T) {
	s, p := elsewhereSite(t, false)
	b := s.browser()
	if body := b.get("/sign-in?next=/standards").body; !strings.Contains(body, "Ministry account") || !strings.Contains(body, "/sign-in/elsewhere?next=%2Fstandards") {
		t.Error("the sign-in page does not offer it")
	}
	state := b.away(p)
	for name, want := range map[string]string{"response_type": "code", "client_id": "concord", "code_challenge_method": "S256", "redirect_uri": "http://localhost:8080/sign-in/elsewhere/back"} {
		if p.asked.Get(name) != want {
			t.Errorf("%s is %q", name, p.asked.Get(name))
		}
	}
	if p.asked.Get("nonce") == "" || p.asked.Get("nonce") == state {
		t.Error("no nonce of its own")
	}
	got := b.back("good", state)
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/standards" {
		t.Fatalf("%d %s\n%.500s", got.status, got.header.Get("Location"), got.body)
	}
	if got := b.get("/"); got.status != http.StatusOK || !strings.Contains(got.body, "Li Na") {
		t.Errorf("not signed in: %d", got.status)
	}
	if got := b.submit("/", "/sign-out", url.Values{}); got.status != http.StatusSeeOther || b.get("/").status == http.StatusOK {
		t.Error("not signed out")
	}
	// from now on the subject counts, not the address
	p.spoil = func(c map[string]any) { c["email"], c["email_verified"] = "new@ministry.example", false }
	if got := b.back("good", b.away(p)); got.status != http.StatusSeeOther {
		t.Errorf("the same subject with another address: %d", got.status)
	}
	p.spoil = func(c map[string]any) { c["sub"] = "subject-2" }
	fresh := s.browser()
	if got := fresh.back("good", fresh.away(p)); got.status != http.StatusForbidden {
		t.Errorf("another subject with the address of before: %d", got.status)
	}
}

// TestElsewhereRefusals spoils one thing at a time.
func TestElsewhereRefusals(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		spoil  func(p *provider, claims map[string]any)
		code   string
		state  string
		before func(s *site, p *provider)
		status int
	}{
		{name: "nothing spoilt", status: http.StatusSeeOther},
		{name: "a wrong nonce", spoil: func(_ *provider, c map[string]any) { c["nonce"] = "other" }, status: http.StatusUnauthorized},
		{name: "no nonce", spoil: func(_ *provider, c map[string]any) { delete(c, "nonce") }, status: http.StatusUnauthorized},
		{name: "another audience", spoil: func(_ *provider, c map[string]any) { c["aud"] = "other" }, status: http.StatusUnauthorized},
		{name: "another issuer", spoil: func(_ *provider, c map[string]any) { c["iss"] = "https://evil.example" }, status: http.StatusUnauthorized},
		{name: "an expired token", spoil: func(p *provider, c map[string]any) { c["exp"] = p.clock.now().Add(-time.Second).Unix() }, status: http.StatusUnauthorized},
		{name: "a stranger's signature", before: func(_ *site, p *provider) { p.sign = stranger }, status: http.StatusUnauthorized},
		{name: "an address not verified", spoil: func(_ *provider, c map[string]any) { c["email_verified"] = false }, status: http.StatusForbidden},
		{name: "an unknown person", spoil: func(_ *provider, c map[string]any) { c["email"] = "nobody@ministry.example" }, status: http.StatusForbidden},
		{name: "a disabled person", before: func(s *site, _ *provider) {
			gone := s.people["lina"]
			gone.Disabled = true
			if err := s.db.SavePerson(context.Background(), gone, "cli"); err != nil {
				t.Fatal(err)
			}
		}, status: http.StatusForbidden},
		{name: "a wrong code", code: "bad", status: http.StatusUnauthorized},
		{name: "a wrong state", state: "other", status: http.StatusUnauthorized},
		{name: "a verifier of another sign-in", before: func(_ *site, p *provider) { p.asked.Set("code_challenge", "x") }, status: http.StatusUnauthorized},
		{name: "a provider that fails", before: func(_ *site, p *provider) { p.failed = true }, status: http.StatusServiceUnavailable},
		{name: "too late", before: func(s *site, _ *provider) { s.clock.move(flowLife) }, status: http.StatusUnauthorized},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, p := elsewhereSite(t, false)
			b := s.browser()
			state, code := b.away(p), "good"
			if c.spoil != nil {
				p.spoil = func(claims map[string]any) { c.spoil(p, claims) }
			}
			if c.before != nil {
				c.before(s, p)
			}
			if c.code != "" {
				code = c.code
			}
			if c.state != "" {
				state = c.state
			}
			got := b.back(code, state)
			if got.status != c.status {
				t.Errorf("%d, want %d", got.status, c.status)
			}
			if in := b.get("/").status == http.StatusOK; in != (c.status == http.StatusSeeOther) {
				t.Errorf("signed in: %v", in)
			}
		})
	}
}

func TestElsewhereReplay(t *testing.T) {
	s, p := elsewhereSite(t, false)
	b := s.browser()
	state := b.away(p)
	u, _ := url.Parse(s.http.URL)
	cookies := b.http.Jar.Cookies(u)
	thief := s.browser()
	if got := thief.back("good", state); got.status != http.StatusUnauthorized {
		t.Errorf("code and state in another browser: %d", got.status)
	}
	if got := b.back("good", state); got.status != http.StatusSeeOther {
		t.Fatalf("%d", got.status)
	}
	again := s.browser()
	again.http.Jar.SetCookies(u, cookies)
	if got := again.back("good", state); got.status != http.StatusUnauthorized {
		t.Errorf("a state works twice: %d", got.status)
	}
}

// TestElsewhereDown: the pages start and the password works while the provider
// is down; when it comes back, so does the sign-in.
func TestElsewhereDown(t *testing.T) {
	s := newSite(t, func(c *Config) { c.OIDC = &OIDC{Issuer: "http://127.0.0.1:1", ClientID: "concord"} })
	b := s.browser()
	if got := b.get("/sign-in/elsewhere"); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, s.server.words["en"].say("elsewhere.down")) {
		t.Errorf("%d", got.status)
	}
	if got := b.signIn("lina", password, "/"); got.status != http.StatusSeeOther {
		t.Errorf("the password: %d", got.status)
	}
	if got := newSite(t).browser().get("/sign-in/elsewhere"); got.status != http.StatusNotFound {
		t.Errorf("without a provider: %d", got.status)
	}
}

// TestElsewhereCreates makes a reader only where the setting says so.
func TestElsewhereCreates(t *testing.T) {
	s, p := elsewhereSite(t, true)
	p.spoil = func(c map[string]any) { c["email"], c["sub"], c["name"] = "wu@ministry.example", "subject-9", "Wu" }
	b := s.browser()
	if got := b.back("good", b.away(p)); got.status != http.StatusSeeOther {
		t.Fatalf("%d", got.status)
	}
	made, hash, err := s.db.PersonByLogin(context.Background(), "wu@ministry.example")
	if err != nil || made.Role != review.RoleReader || made.Name != "Wu" || hash != "" {
		t.Errorf("%+v %q %v", made, hash, err)
	}
	p.spoil = func(c map[string]any) {
		c["email"], c["sub"], c["email_verified"] = "no@ministry.example", "subject-10", false
	}
	fresh := s.browser()
	if got := fresh.back("good", fresh.away(p)); got.status != http.StatusForbidden {
		t.Errorf("made by an address that is not verified: %d", got.status)
	}
}

// TestElsewhereAsksForTheCode: an account elsewhere is no way round a second
// factor that is set up here.
func TestElsewhereAsksForTheCode(t *testing.T) {
	s, p := elsewhereSite(t, false)
	s.signedIn("lina").setUp()
	b := s.browser()
	if got := b.back("good", b.away(p)); got.header.Get("Location") != "/sign-in/code" {
		t.Errorf("%d %s", got.status, got.header.Get("Location"))
	}
}

func TestBindIdentity(t *testing.T) {
	s, _ := elsewhereSite(t, false)
	admin, page := s.signedIn("admin"), "/admin/people/"+s.people["ivan"].ID.String()
	for email, want := range map[string]int{"li.na@ministry.EXAMPLE": http.StatusUnprocessableEntity, "no address": http.StatusUnprocessableEntity, "ivan@ministry.example": http.StatusSeeOther} {
		if got := admin.submit(page, page+"/identity", url.Values{"email": {email}}); got.status != want {
			t.Errorf("%s: %d", email, got.status)
		}
	}
	if got := admin.get(page); !strings.Contains(got.body, "ivan@ministry.example") {
		t.Error("the address is not shown")
	}
}

// fieldsOf are the hidden fields of a form on a page.
func fieldsOf(page answer, action string) url.Values {
	form := url.Values{}
	_, rest, _ := strings.Cut(page.body, `action="`+action+`"`)
	rest, _, _ = strings.Cut(rest, "</form>")
	for _, m := range anyHidden.FindAllStringSubmatch(rest, -1) {
		form.Add(m[1], unescape(m[2]))
	}
	return form
}

// TestTextOutlivesTheSessionElsewhere: what was typed comes back after a sign-in at
// the provider, also behind a code; to its author in the same browser only, and once.
func TestTextOutlivesTheSessionElsewhere(t *testing.T) {
	const comesBack = "The doors differ: &lt;b&gt;see&lt;/b&gt; page 5."
	as := func(login string) func(map[string]any) {
		return func(c map[string]any) { c["email"], c["sub"] = login+"@ministry.example", "subject of "+login }
	}
	for _, second := range []bool{false, true} {
		s, p := elsewhereSite(t, false)
		if err := s.db.BindIdentity(context.Background(), s.people["judge"].ID, "judge@ministry.example", "cli"); err != nil {
			t.Fatal(err)
		}
		author := s.signedIn("lina")
		secret := ""
		if second {
			secret, _ = author.setUp()
		}
		page := s.tooLate(author)
		away := author.post("/sign-in/elsewhere", fieldsOf(page, "/sign-in/elsewhere"))
		if away.status != http.StatusOK || !strings.Contains(away.body, `href="/sign-in/elsewhere?next=`) || strings.Contains(away.body, "doors differ") {
			t.Fatalf("%d\n%.400s", away.status, away.body)
		}
		// the provider refuses at first: the text is on the sign-in page still
		p.failed = true
		got := author.back("good", author.away(p))
		p.failed = false
		if fieldsOf(got, "/sign-in/elsewhere").Get("kept.note") != wrote {
			t.Fatalf("the text does not outlive a failure: %d", got.status)
		}
		if got := author.post("/sign-in/elsewhere", fieldsOf(got, "/sign-in/elsewhere")); got.status != http.StatusOK {
			t.Fatal(got.status)
		}
		// the control: another browser gets nothing
		other := s.browser()
		if got := other.back("good", other.away(p)); strings.Contains(got.body, "doors differ") {
			t.Error("another browser gets the text")
		}
		got = author.back("good", author.away(p))
		if second {
			if got.status != http.StatusOK || fieldsOf(got, "/sign-in/code").Get("kept.note") != wrote {
				t.Fatalf("the text does not travel with the code: %d", got.status)
			}
			form := fieldsOf(got, "/sign-in/code")
			form.Set("code", s.codeNow(secret))
			got = author.post("/sign-in/code", form)
		}
		if got.status != http.StatusOK || !strings.Contains(got.body, comesBack) {
			t.Fatalf("second factor %v: the text does not come back: %d\n%.600s", second, got.status, got.body)
		}
		action := "/matches/" + s.matches[1].ID.String() + "/decide"
		form := fieldsOf(got, action)
		form.Set("note", wrote)
		form.Del("search")
		if got := author.post(action, form); got.status != http.StatusSeeOther {
			t.Errorf("sent: %d", got.status)
		}
	}
	// somebody else signs in there in the author's browser
	s, p := elsewhereSite(t, false)
	if err := s.db.BindIdentity(context.Background(), s.people["judge"].ID, "judge@ministry.example", "cli"); err != nil {
		t.Fatal(err)
	}
	b := s.signedIn("lina")
	if got := b.post("/sign-in/elsewhere", fieldsOf(s.tooLate(b), "/sign-in/elsewhere")); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	p.spoil = as("judge")
	if got := b.back("good", b.away(p)); got.status != http.StatusSeeOther || strings.Contains(got.body, "doors differ") {
		t.Errorf("somebody else gets the text: %d", got.status)
	}
	// too late
	s, p = elsewhereSite(t, false)
	b = s.signedIn("lina")
	if got := b.post("/sign-in/elsewhere", fieldsOf(s.tooLate(b), "/sign-in/elsewhere")); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	s.clock.move(flowLife)
	if got := b.back("good", b.away(p)); got.status != http.StatusSeeOther || strings.Contains(got.body, "doors differ") {
		t.Errorf("after its time: %d", got.status)
	}
}
