package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
)

// rowOf is the address of the last audit row of an action.
func (s *site) rowOf(action string) string {
	s.t.Helper()
	rows, err := s.db.AuditWhere(s.t.Context(), review.EntryFilter{Action: action, Newest: true}, 0, 1)
	if err != nil || len(rows) != 1 {
		s.t.Fatalf("no row of %s: %v", action, err)
	}
	return fmt.Sprintf("/admin/audit/%d", rows[0].Seq)
}

// Rows say what they changed, before and after, in the words of the page; what is
// private or blind stays so, and no secret is kept.
func TestAuditRow(t *testing.T) {
	s := newSite(t)
	admin, ctx := s.signedIn("admin"), t.Context()
	page := "/admin/people/" + s.people["lina"].ID.String()
	admin.submit(page, page, url.Values{"login": {"lina"}, "name": {"Li Na Wang"}, "role": {"adjudicator"}, "party": {"CN"}, "languages": {"zh en"}, "old": {password}})
	at := s.rowOf("person.saved")
	admin.holds(at, []string{`class="ins"`, "Wang", s.server.words["en"].say("role.reviewer"), s.server.words["en"].say("role.adjudicator"), "the fingerprint that the chain holds"}, []string{"Nothing was there before", `>login<`, "not kept"})
	if body := admin.get(at).body; !regexp.MustCompile(`Fields that stayed as they were: \d`).MatchString(body) {
		t.Error("what stayed is not counted")
	}

	admin.submit("/admin/settings", "/admin/settings", url.Values{"notice.en": {"Maintenance tonight"}, "hours": {"6"}, "language": {"en", "zh", "ru", "fr", "ar", "es"}})
	admin.holds(s.rowOf("settings.saved"), []string{"Notice at sign-in en", "Maintenance tonight", "Hours between backups"}, nil)

	d := s.dossier
	d.TalkDays, d.Nameless = 9, true
	if err := s.db.SaveDossier(ctx, d, "cli"); err != nil {
		t.Fatal(err)
	}
	admin.holds(s.rowOf("dossier.saved"), []string{"Days to talk about a dispute", ">9<", "Hide who answered", ">yes<"}, nil)

	std, err := s.db.Standard(ctx, "gb-1-2020")
	if err != nil {
		t.Fatal(err)
	}
	doc := document("gb-1-2020", "CN", "zh", corpus.RightsFull, "疏散门的净宽度不应小于 1.1 m。", "安全出口不应少于 2 个。")
	if _, err := s.db.Save(ctx, doc, "cli"); err != nil {
		t.Fatal(err)
	}
	saved := s.rowOf("standard.saved")
	admin.holds(saved, []string{s.server.words["en"].say("standards.clauses") + " 5.1", "<span class=\"ins\">", "1.1"}, []string{"left out or cut by the rights"})
	if err := s.db.Restate(ctx, "gb-1-2020", func(now corpus.Standard) (corpus.Standard, error) {
		now.Rights, now.Notice = corpus.RightsTitles, "titlesonly"
		return now, nil
	}, "cli"); err != nil {
		t.Fatal(err)
	}
	admin.holds(saved, []string{"left out or cut by the rights", s.server.words["en"].say("standards.clauses") + " 5.1"}, []string{"净宽度"})
	admin.holds(s.rowOf("standard.restated"), []string{"Rights", "titlesonly"}, []string{"Nothing was there before"})
	_ = std

	form := url.Values{"name": {"robot"}, "scope": {"search"}, "days": {"30"}}
	if got := admin.submit("/admin/keys", "/admin/keys", form); got.status != http.StatusOK {
		t.Fatalf("key: %d", got.status)
	}
	keys, err := s.db.Keys(ctx)
	if err != nil || len(keys) == 0 {
		t.Fatal(err)
	}
	admin.holds(s.rowOf("key.made"), []string{"robot", "Nothing was there before"}, []string{keys[0].Hash})
	if err := s.db.EndKey(ctx, keys[0].ID, "cli"); err != nil {
		t.Fatal(err)
	}
	admin.holds(s.rowOf("key.ended"), []string{"ended", "–"}, []string{keys[0].Hash})

	for path, status := range map[string]int{"/admin/audit/0": 404, "/admin/audit/x": 404, "/admin/audit/999999": 404, "/admin/audit/proof": 200} {
		if got := admin.get(path); got.status != status {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := s.signedIn("ivan").get(at); got.status != http.StatusForbidden {
		t.Errorf("who does not manage: %d", got.status)
	}
	admin.holds(s.rowOf("session.begun"), []string{"is not kept"}, nil)
}

// An answer shows only where its match shows it, and a position nowhere.
func TestAuditRowIsBlind(t *testing.T) {
	s := newSite(t)
	admin, lina, ivan := s.signedIn("admin"), s.signedIn("lina"), s.signedIn("ivan")
	const secret = "a very telling note"
	m := s.matches[1]
	lina.decideOn(m, "", url.Values{"verdict": {"overlap"}, "a_to_b": {"no"}, "b_to_a": {"no"}, "a_conditions": {"more"}, "b_conditions": {"more"}, "note": {secret}})
	if n := len(s.reload(m).Decisions); n != 1 {
		t.Fatalf("%d answers", n)
	}
	at := s.rowOf("decision.opinion")
	admin.holds(at, []string{"answers are blind to others"}, []string{secret, "overlap"})
	ivan.decideOn(m, "", url.Values{"verdict": {"none"}, "a_to_b": {"no"}, "b_to_a": {"no"}})
	if st := s.reload(m).State; st != review.StateDisputed {
		t.Fatalf("it is %s", st)
	}
	admin.holds(at, []string{secret, "the fingerprint that the chain holds"}, []string{"answers are blind"})

	rows, err := s.db.AuditWhere(t.Context(), review.EntryFilter{}, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, e := range rows {
		_, before, after, err := s.db.AuditRow(t.Context(), e.Seq)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []string{"decision.", "position.", "control.", "session.", "second."} {
			if strings.HasPrefix(e.Action, kind) && before+after != "" {
				t.Errorf("%s is told: %s", e.Action, before+after)
			}
		}
		if after != "" {
			told++
		}
	}
	if told == 0 {
		t.Error("nothing is told, so nothing was looked at")
	}
}
