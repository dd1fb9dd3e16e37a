package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/review"
)

// TestAgreementPage: two people answer three matches, one of them differently;
// the page counts them, and says nothing of a match that one person answered.
func TestAgreementPage(t *testing.T) {
	s := newSite(t)
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	page := "/dossiers/" + s.dossier.ID.String() + "/agreement"
	if body := s.signedIn("reader").get(page).body; !strings.Contains(body, "No match has been answered") {
		t.Error("the page counts something before anybody answered")
	}
	answer := func(b *browser, i int, verdict string) {
		t.Helper()
		if got := b.decideOn(s.reload(s.matches[i]), "", url.Values{"verdict": {verdict}, "reason": {"scope"}}); got.status != http.StatusSeeOther {
			t.Fatalf("match %d is not answered: %d", i, got.status)
		}
	}
	answer(lina, 1, "equivalent")
	answer(ivan, 1, "equivalent")
	answer(lina, 2, "subset")
	answer(ivan, 2, "equivalent")
	answer(lina, 3, "none")
	if body := s.signedIn("reader").get(page).body; strings.Contains(body, "✗") || strings.Count(body, `<td class="num">2</td>`) == 0 {
		t.Error("two matches with two answers are not counted as two")
	}
	answer(ivan, 3, "none")
	// relation: po = 2/3; CN: equivalent, subset, none; RU: equivalent twice, none
	// pe = (1*2 + 1*0 + 1*1)/9 = 1/3; kappa = (2/3 - 1/3)/(1 - 1/3) = 0.5
	body := s.signedIn("reader").get(page).body
	if !strings.Contains(body, `<th scope="row">relation</th><td class="num">3</td><td class="num">2</td><td class="num">67 %</td><td class="num"><bdi dir="ltr">0.50</bdi></td>`) {
		t.Errorf("the agreement on the relation is not 2 of 3 with kappa 0.50:\n%s", body)
	}
	for _, want := range []string{"Fewer than 30", "The two sides are CN and RU", "Chinese – Russian"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if body := s.signedIn("reader").speak("ru").get(page).body; !strings.Contains(body, "0,50") {
		t.Error("kappa has no comma in Russian")
	}
}

// TestAuditOfASample goes the whole way: a sample is drawn, who took part may
// not answer, what was agreed is hidden until the auditor has answered, and the
// result has its interval.
func TestAuditOfASample(t *testing.T) {
	s := newSite(t)
	lina, ivan, judge := s.signedIn("lina"), s.signedIn("ivan"), s.signedIn("judge")
	for _, i := range []int{1, 2} {
		for _, b := range []*browser{lina, ivan} {
			if got := b.decideOn(s.reload(s.matches[i]), "", url.Values{"verdict": {"superset"}, "note": {"why they agreed"}}); got.status != http.StatusSeeOther {
				t.Fatalf("not answered: %d", got.status)
			}
		}
	}
	page := "/dossiers/" + s.dossier.ID.String() + "/sample?seed=7&size=20"
	before := judge.get(page).body
	if n := strings.Count(before, `<article class="card" id="m-`); n != 2 {
		t.Fatalf("%d matches are drawn, want the 2 that are agreed", n)
	}
	if strings.Contains(before, "why they agreed") || strings.Contains(before, "Open the match") {
		t.Error("what was agreed is shown before the audit")
	}
	if body := lina.get(page).body; strings.Contains(body, "/audit\"") || !strings.Contains(body, "You took part") {
		t.Error("somebody who took part is asked to audit")
	}
	audit := func(b *browser, m review.Match, verdict string) answer {
		return b.submit(page, "/matches/"+m.ID.String()+"/audit", url.Values{"seed": {"7"}, "size": {"20"}, "verdict": {verdict}})
	}
	if got := audit(judge, s.matches[1], "superset"); got.status != http.StatusSeeOther {
		t.Fatalf("the audit is not kept: %d %s", got.status, got.body)
	}
	if got := audit(judge, s.matches[2], "overlap"); got.status != http.StatusSeeOther {
		t.Fatalf("the audit is not kept: %d", got.status)
	}
	for name, got := range map[string]answer{"twice": audit(judge, s.matches[1], "superset"), "not agreed": audit(judge, s.matches[3], "superset"), "own": audit(lina, s.matches[1], "superset")} {
		if got.status != http.StatusConflict && got.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := judge.get("/dossiers/" + s.dossier.ID.String() + "/sample?seed=x"); got.status != http.StatusBadRequest || !strings.Contains(got.body, "is no seed") {
		t.Errorf("a bad seed: %d", got.status)
	}
	after := judge.get(page).body
	// 1 of 2: Wilson 9.45 % to 90.55 %
	for _, want := range []string{"✓ As agreed", "✗ The relation differs", "50 %", "(1 of 2)", "95 %: 9 to 91\u00a0%", "Open the match"} {
		if !strings.Contains(after, want) {
			t.Errorf("the answered sample does not say %q", want)
		}
	}
	if body := s.signedIn("reader").get("/dossiers/" + s.dossier.ID.String() + "/agreement").body; !strings.Contains(body, "95 %: 9 to 91\u00a0%") {
		t.Error("the result is not on the page of the dossier")
	}
	if m := s.reload(s.matches[1]); m.State != review.StateConfirmed || len(m.Decisions) != 2 {
		t.Error("an audit changes the match")
	}
}

// TestOwnAgreement: a person's verdict stands first, whoever answered first, and
// fewer than 30 matches are not shown on the dashboard.
func TestOwnAgreement(t *testing.T) {
	s := newSite(t)
	for _, x := range []struct {
		who, verdict string
	}{{"lina", "subset"}, {"ivan", "equivalent"}} {
		if got := s.signedIn(x.who).decideOn(s.reload(s.matches[2]), "", url.Values{"verdict": {x.verdict}}); got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", x.who, got.status)
		}
	}
	for login, want := range map[string][2]review.Verdict{"lina": {"subset", "equivalent"}, "ivan": {"equivalent", "subset"}} {
		p := s.people[login]
		matches, err := s.db.AnsweredTwice(t.Context(), p.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if pairs := ownPairs(matches, p.ID); len(pairs) != 1 || pairs[0] != want {
			t.Errorf("%s: %v, want %v", login, pairs, want)
		}
		if row, err := s.server.ownAgreement(t.Context(), asker{person: p, words: s.server.words["en"]}); err != nil || row != nil {
			t.Errorf("%s: one match is shown as an agreement: %+v, %v", login, row, err)
		}
	}
}
