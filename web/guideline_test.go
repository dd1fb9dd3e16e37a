package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/review"
)

// TestGuideline: who manages dossiers writes a guideline, reviewers have it beside each
// match, and every version leaves an audit row.
func TestGuideline(t *testing.T) {
	s := newSite(t)
	page, match := "/dossiers/"+s.dossier.ID.String(), "/matches/"+s.matches[0].ID.String()
	admin, lina := s.signedIn("admin"), s.signedIn("lina")
	lina.holds(match, nil, []string{`id="guideline"`})
	lina.holds(page, nil, []string{`id="guideline"`})
	admin.holds(page, []string{"This dossier has no guideline yet.", `name="version" value="0"`}, nil)
	got := admin.submit(page, page+"/guideline", url.Values{"version": {"0"}, "text": {"  Compare the limits first.\r\nThen \u202e the words. "}})
	if got.status != http.StatusSeeOther || got.header.Get("Location") != page+"?guided=1#guideline" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	admin.holds(page+"?guided=1", []string{"The guideline is saved.", "Compare the limits first.\nThen", `name="version" value="1"`}, nil)
	lina.holds(match, []string{`<details class="card" id="guideline" data-part="g">`, "Compare the limits first.", `<span class="ghost">RLO</span>`, `href="/help"`}, nil)
	lina.holds(page, []string{"Compare the limits first."}, []string{page + "/guideline"})
	// the same words are no version; a version that somebody else replaced is refused
	admin.submit(page, page+"/guideline", url.Values{"version": {"0"}, "text": {"Compare the limits first.\nThen \u202e the words."}})
	if g, err := s.db.Guideline(t.Context(), s.dossier.ID); err != nil || g.Version != 1 || g.Person != s.people["admin"].ID {
		t.Errorf("%+v %v", g, err)
	}
	for _, bad := range []struct {
		version, text string
		status        int
		says          string
	}{
		{"0", "other words", http.StatusConflict, "changed the guideline meanwhile"}, {"x", "other words", http.StatusBadRequest, ""},
		{"1", strings.Repeat("界", review.MaxGuideline+1), http.StatusBadRequest, "at most"},
	} {
		if got := admin.submit(page, page+"/guideline", url.Values{"version": {bad.version}, "text": {bad.text}}); got.status != bad.status || !strings.Contains(got.body, bad.says) {
			t.Errorf("version %s: %d %.200s", bad.version, got.status, between(got.body, "<main", "</main>"))
		}
	}
	if got := lina.submit(match, page+"/guideline", url.Values{"version": {"1"}, "text": {"mine"}}); got.status != http.StatusForbidden {
		t.Errorf("a reviewer writes it: %d", got.status)
	}
	if got := admin.submit(page, page+"/guideline", url.Values{"version": {"1"}, "text": {strings.Repeat("界", review.MaxGuideline)}}); got.status != http.StatusSeeOther {
		t.Errorf("the longest one is refused: %d", got.status)
	}
	admin.submit(page, page+"/guideline", url.Values{"version": {"2"}, "text": {""}})
	lina.holds(match, nil, []string{`id="guideline"`})
	n := 0
	entries, err := s.db.Audit(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Action == "dossier.guideline" && e.Object == s.dossier.ID.String() {
			if n++; e.Version != n {
				t.Errorf("version %d is the %dth", e.Version, n)
			}
		}
	}
	if n != 3 {
		t.Errorf("%d audit rows", n)
	}
}

// TestGuidelineRunsNothing: whatever a guideline says is text.
func TestGuidelineRunsNothing(t *testing.T) {
	s := newSite(t)
	all := strings.Join(xssPayloads(), "\n")
	for version := 0; len(all) > 0; version++ {
		part := clip(all, 15_000)
		all = all[len(part):]
		if err := s.db.SaveGuideline(t.Context(), s.dossier.ID, part, version, s.people["admin"]); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/dossiers/" + s.dossier.ID.String(), "/matches/" + s.matches[0].ID.String()} {
			got := s.signedIn("admin").get(path)
			if !strings.Contains(got.body, "xq7") {
				t.Fatalf("%s does not show it", path)
			}
			if found := injected(got.body); len(found) > 0 {
				t.Errorf("%s: %v", path, found)
			}
		}
	}
}
