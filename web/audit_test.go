package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/review"
)

// TestAuditFilter: the chain by person, action, dossier and day, and each
// filter leaves out what it should.
func TestAuditFilter(t *testing.T) {
	s := newSite(t)
	if got := s.signedIn("lina").decideOn(s.matches[1], "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
		t.Fatalf("not answered: %d", got.status)
	}
	admin := s.signedIn("admin")
	lina := s.people["lina"].ID.String()
	row := `<td class="mono">`
	for _, c := range []struct {
		name, query string
		has, hasNot string
	}{
		{"everything", "", row + "decision.opinion<", row + "nothing"},
		{"by person", "person=" + lina, row + "decision.opinion<", row + "standard."},
		{"by action", "action=person.saved", row + "person.saved<", row + "decision.opinion<"},
		{"by dossier", "dossier=" + s.dossier.ID.String(), row + "decision.opinion<", row + "person.saved<"},
		{"by another dossier", "dossier=0197aaaa-0000-7000-8000-000000000000", "No row fits", row},
		{"by the day", "from=2026-03-01&to=2026-03-01", row + "decision.opinion<", "No row fits"},
		{"by a day before", "to=2026-02-28", "No row fits", row},
		{"by a day after", "from=2026-03-02", "No row fits", row},
		{"several at once", "person=" + lina + "&action=person.saved", "No row fits", row},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := admin.get("/admin/audit?" + c.query).body
			if !strings.Contains(body, c.has) || strings.Contains(body, c.hasNot) {
				t.Errorf("the page has no %q, or has %q", c.has, c.hasNot)
			}
		})
	}
	for query, status := range map[string]int{"from=yesterday": http.StatusBadRequest, "dossier=x": http.StatusBadRequest, "person=nobody": http.StatusOK} {
		if got := admin.get("/admin/audit?" + query); got.status != status {
			t.Errorf("%s: %d, want %d", query, got.status, status)
		}
	}
	if body := admin.get("/admin/audit?verify=1&person=" + lina).body; !strings.Contains(body, "the chain is whole") {
		t.Error("the chain is not verified under a filter")
	}
}

// TestEndOneSession: one's other session ends and this one stays; a session of
// somebody else cannot be named.
func TestEndOneSession(t *testing.T) {
	s := newSite(t)
	here, there, ivan := s.signedIn("lina"), s.signedIn("lina"), s.signedIn("ivan")
	sessions, err := s.db.Sessions(t.Context(), s.people["lina"].ID)
	if err != nil || len(sessions) != 2 {
		t.Fatalf("%d sessions, %v", len(sessions), err)
	}
	body := here.get("/profile").body
	for _, se := range sessions {
		if !strings.Contains(body, sessionRef(se.Hash)) || strings.Contains(body, se.Hash) {
			t.Error("the list does not name a session, or shows its hash")
		}
	}
	u, _ := url.Parse(s.http.URL)
	thereSecret := there.http.Jar.Cookies(u)[0].Value
	for _, se := range sessions {
		if got := ivan.submit("/profile", "/profile/sessions/end", url.Values{"session": {sessionRef(se.Hash)}}); got.status != http.StatusSeeOther {
			t.Fatalf("%d", got.status)
		}
	}
	if there.get("/profile").status != http.StatusOK {
		t.Fatal("somebody else ends a session")
	}
	if got := here.submit("/profile", "/profile/sessions/end", url.Values{"session": {sessionRef(review.HashSecret(thereSecret))}}); got.status != http.StatusSeeOther {
		t.Fatalf("%d", got.status)
	}
	if here.get("/profile").status != http.StatusOK || there.get("/profile").status != http.StatusSeeOther {
		t.Error("not the named session ended")
	}
}

// TestAuditProof exports the chain, checks it without the database, and finds what is
// done to the database afterwards.
func TestAuditProof(t *testing.T) {
	k := &careTaker{}
	s := newSite(t, func(c *Config) { c.Keeper = k })
	admin := s.signedIn("admin")
	got := admin.get("/admin/audit/proof")
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/zip" {
		t.Fatalf("%d %s", got.status, got.header.Get("Content-Type"))
	}
	key, err := k.Sign(review.Proof{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := review.VerifyProof(strings.NewReader(got.body), int64(len(got.body)), key.Key)
	if err != nil {
		t.Fatal(err)
	}
	seq, hash, err := s.db.AuditHead(t.Context())
	if err != nil || p.Rows != seq || p.Head != hash || p.Rows < 10 || p.Database != s.db.Generation() {
		t.Errorf("%+v, the chain has %d rows", p, seq)
	}
	admin.holds("/admin/audit", []string{key.Key, hash, "/admin/audit/proof"}, nil)
	for _, who := range []string{"lina", "carrier", ""} {
		b := s.browser()
		if who != "" {
			b = s.signedIn(who)
		}
		if b.get("/admin/audit/proof").status == http.StatusOK {
			t.Errorf("%q gets the audit", who)
		}
	}
	lina := s.people["lina"].ID.String()
	admin.holds("/admin/audit?object="+lina, []string{`<td class="mono">person.password`}, []string{`<td class="mono">standard.saved`})
	admin.holds("/admin/audit", []string{`<td class="mono">standard.saved`}, nil)
}
