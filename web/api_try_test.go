package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"concord/review"
)

// withRecords is a site with the interface for programs.
func withRecords(t testing.TB) *site {
	return newSite(t, func(c *Config) { c.Records = c.Store.(Records) })
}

// run posts the form of an operation as the page of documentation has it.
func (b *browser) run(operation string, fields url.Values) answer {
	form := url.Values{"operation": {operation}}
	for name, values := range fields {
		form[name] = values
	}
	return b.submit("/api/docs", "/try#try-"+operation, form)
}

func TestOperationsAreTriedOnThePage(t *testing.T) {
	s := withRecords(t)
	b := s.signedIn("reader")
	page := b.get("/api/docs").body
	for _, o := range s.server.guide.Groups {
		for _, op := range o.Operations {
			reads := op.Scope == "read" || op.Scope == "search"
			if has := strings.Contains(page, `action="/try#try-`+op.ID+`"`); has != reads {
				t.Errorf("%s, scope %q: a form to try it: %v", op.ID, op.Scope, has)
			}
		}
	}
	got := b.run("listStandards", url.Values{"in.jurisdiction": {"CN\r\nRU\r\n"}, "in.limit": {"5"}})
	for _, want := range []string{"200 OK", "GET /api/v1/standards?jurisdiction=CN&amp;jurisdiction=RU&amp;limit=5", "Etag", "application/json", "GB-1-2020", "SP-1-2020", `value="5"`} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the answer has no %s", want)
		}
	}
	const abroad = "&#34;jurisdiction&#34;: &#34;INT&#34;"
	if strings.Contains(got.body, abroad) || !strings.Contains(b.run("listStandards", nil).body, abroad) {
		t.Error("the answer has a standard that was not asked for, or nothing has")
	}
	if secret := s.short(t).secret; strings.Contains(got.body, secret) || strings.Contains(got.body, secret[len(secret)-20:]) {
		t.Error("the page has the key")
	}
	if got := b.run("getClause", url.Values{"in.id": {"gb-1-2020"}, "in.key": {"5.1"}}); !strings.Contains(got.body, "疏散门的净宽度") {
		t.Error("a part of the path is not filled in")
	}
	if got := b.run("getClause", url.Values{"in.id": {"gb-1-2020"}}); got.status != http.StatusOK || !strings.Contains(got.body, "Fill in key.") {
		t.Errorf("without a part of the path: %d", got.status)
	}
	if got := b.run("getClause", url.Values{"in.id": {"../../admin/people"}, "in.key": {"?x"}}); !strings.Contains(got.body, "404 Not Found") {
		t.Error("a part of the path leaves its place")
	}
	if got := b.run("readClauses", url.Values{"body": {`{"ids": ["gb-1-2020/5.2"]}`}}); !strings.Contains(got.body, "200 OK") && !strings.Contains(got.body, "400") {
		t.Error("a body is not sent")
	}
	if got := b.run("listStandards", url.Values{"in.domain": {"<script>x</script>"}}); strings.Contains(got.body, "<script>x") {
		t.Error("what was filled in is markup")
	}
	keys, err := s.db.Keys(t.Context())
	if err != nil || len(keys) != 0 {
		t.Errorf("the key is kept: %v, %v", keys, err)
	}
}

// short is the one short-lived key there is.
func (s *site) short(t testing.TB) shortKey {
	t.Helper()
	for _, k := range s.server.short.keys {
		return k
	}
	t.Fatal("there is no short-lived key")
	return shortKey{}
}

// A short-lived key reads, for minutes, while its session lasts and its person may.
func TestShortKeysAreNarrow(t *testing.T) {
	s := withRecords(t)
	b := s.signedIn("reader")
	ask := func(path string) int {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.Header.Set("Authorization", "Bearer "+s.short(t).secret)
		rec := httptest.NewRecorder()
		s.server.Handler().ServeHTTP(rec, req)
		return rec.Code
	}
	b.run("listStandards", nil)
	if got := ask("/api/v1/standards"); got != http.StatusOK {
		t.Fatalf("the key does not work: %d", got)
	}
	if got := ask("/api/v1/dossiers/" + s.dossier.ID.String() + "/export?format=csv"); got != http.StatusForbidden {
		t.Errorf("an export: %d", got)
	}
	if got := b.run("exportDossier", url.Values{"in.id": {s.dossier.ID.String()}}); got.status != http.StatusNotFound {
		t.Errorf("an operation without a form runs: %d", got.status)
	}
	first := s.short(t).secret
	b.run("listStandards", nil)
	if s.short(t).secret != first {
		t.Error("a session gets a key for each run")
	}
	s.clock.move(shortKeyLife)
	if got := ask("/api/v1/standards"); got != http.StatusUnauthorized {
		t.Errorf("past its time: %d", got)
	}
	b.run("listStandards", nil)
	if got := ask("/api/v1/standards"); s.short(t).secret == first || got != http.StatusOK || len(s.server.short.keys) != 1 {
		t.Errorf("a new one: %d, of %d", got, len(s.server.short.keys))
	}
	person := s.people["reader"]
	person.Disabled = true
	if err := s.db.SavePerson(t.Context(), person, "cli"); err != nil {
		t.Fatal(err)
	}
	if got := ask("/api/v1/standards"); got != http.StatusUnauthorized {
		t.Errorf("of somebody who is disabled: %d", got)
	}
	other := s.signedIn("lina")
	s.server.short.keys = nil
	other.run("listStandards", nil)
	sessions, err := s.db.Sessions(t.Context(), s.people["lina"].ID)
	if err != nil || len(sessions) != 1 || ask("/api/v1/standards") != http.StatusOK {
		t.Fatal(err, len(sessions))
	}
	if err := s.db.EndSession(t.Context(), sessions[0].Hash); err != nil {
		t.Fatal(err)
	}
	if got := ask("/api/v1/standards"); got != http.StatusUnauthorized {
		t.Errorf("after its session: %d", got)
	}
}

func TestTryIsGuarded(t *testing.T) {
	s := withRecords(t)
	stranger := s.browser()
	if page := stranger.get("/api/docs"); page.status != http.StatusOK || strings.Contains(page.body, `action="/try`) {
		t.Errorf("a stranger may try: %d", page.status)
	}
	if got := stranger.post("/try", url.Values{"operation": {"listStandards"}}); got.status != http.StatusForbidden && got.status != http.StatusSeeOther || s.server.short.keys != nil {
		t.Errorf("a stranger tries: %d", got.status)
	}
	b := s.signedIn("lina")
	if got := b.post("/try", url.Values{"operation": {"listStandards"}, "token": {"x"}}); got.status != http.StatusForbidden {
		t.Errorf("without the form's token: %d", got.status)
	}
	// what is blind stays so: the match of one opinion shows no decision of it
	desk := review.Desk{Records: s.db, Now: s.clock.now}
	if _, _, err := desk.Decide(t.Context(), s.people["lina"], answerSet(s.matches[1], "equivalent")); err != nil {
		t.Fatal(err)
	}
	if got := s.signedIn("ivan").run("getMatch", url.Values{"in.id": {s.matches[1].ID.String()}}); !strings.Contains(got.body, "200 OK") || strings.Contains(got.body, s.people["lina"].ID.String()) {
		t.Error("a blind opinion is told, or the match is not")
	}
	last := 0
	for range triesAMinute {
		last = b.run("listStandards", url.Values{"in.limit": {"1"}}).status
	}
	if got := b.run("listStandards", nil); last != http.StatusOK || got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("the last allowed %d, the one after %d", last, got.status)
	}
	s.clock.move(time.Minute)
	if got := b.run("listStandards", nil); got.status != http.StatusOK {
		t.Errorf("a minute later: %d", got.status)
	}
}
