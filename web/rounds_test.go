package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
)

// TestRounds goes the whole way on the page: one party freezes what is agreed, the
// other signs, a text changes, and what changed is listed. Who may not freeze
// sees no form and is refused.
func TestRounds(t *testing.T) {
	s := newSite(t)
	lina, ivan, reader := s.signedIn("lina"), s.signedIn("ivan"), s.signedIn("reader")
	page := "/dossiers/" + s.dossier.ID.String() + "/rounds"
	agree := func(i int, verdict string) {
		t.Helper()
		for _, b := range []*browser{lina, ivan} {
			if got := b.decideOn(s.reload(s.matches[i]), "", url.Values{"verdict": {verdict}, "reason": {"scope"}}); got.status != http.StatusSeeOther {
				t.Fatalf("match %d is not answered: %d", i, got.status)
			}
		}
	}
	if body := lina.get(page).body; !strings.Contains(body, "No round is frozen yet") || !strings.Contains(body, "nothing to freeze") {
		t.Error("an empty page does not say so")
	}
	agree(1, "equivalent")
	if got := reader.submit(page, page, url.Values{"name": {"First"}}); got.status != http.StatusForbidden {
		t.Errorf("a reader freezes a round: %d", got.status)
	}
	if body := reader.get(page).body; strings.Contains(body, `id="freeze"`) {
		t.Error("a reader is offered to freeze")
	}
	if got := lina.submit(page, page, url.Values{"name": {" "}}); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
		t.Errorf("a round without a name: %d", got.status)
	}
	if got := lina.submit(page, page, url.Values{"name": {"First round"}}); got.status != http.StatusSeeOther {
		t.Fatalf("the round is not frozen: %d\n%s", got.status, got.body)
	}
	rounds, err := s.db.Rounds(context.Background(), s.dossier.ID)
	if err != nil || len(rounds) != 1 {
		t.Fatalf("%d rounds, %v", len(rounds), err)
	}
	sum := rounds[0].Checksum
	body := ivan.get(page).body
	for _, want := range []string{"Round 1 · <bdi>First round</bdi>", sum, "RU has not signed yet", "Sign for your party"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	if strings.Contains(lina.get(page).body, "Sign for your party") {
		t.Error("who has signed is asked again")
	}
	if got := ivan.submit(page, page+"/1/sign", url.Values{"checksum": {strings.Repeat("0", 64)}}); got.status != http.StatusConflict {
		t.Errorf("another checksum is signed: %d", got.status)
	}
	if got := ivan.submit(page, page+"/1/sign", url.Values{"checksum": {sum}}); got.status != http.StatusSeeOther {
		t.Errorf("the round is not signed: %d", got.status)
	}
	if body := ivan.get(page).body; strings.Contains(body, "has not signed yet") || !strings.Contains(body, "Иван") {
		t.Error("the signature is not shown")
	}
	if got := lina.submit(page, page, url.Values{"name": {"Second"}}); got.status != http.StatusConflict || !strings.Contains(got.body, "since round 1") {
		t.Errorf("the same is frozen twice: %d", got.status)
	}
	agree(2, "superset")
	if body := reader.get(page + "?from=1").body; !strings.Contains(body, "Added") || !strings.Contains(body, s.matches[2].ID.String()) || strings.Contains(body, s.matches[1].ID.String()) {
		t.Error("what was agreed since is not listed by itself")
	}
	if body := reader.get(page + "?from=1").body; !strings.Contains(body, "Gaps closed: 2") || strings.Contains(body, "Gaps opened") || !strings.Contains(body, "Clauses about which nothing was agreed") {
		t.Error("the gaps that closed are not told")
	}
	if got := reader.get(page + "?from=7"); got.status < 400 || !strings.Contains(got.body, "the last is 1") {
		t.Errorf("a round that is not there: %d", got.status)
	}
	s.rewrite(s.matches[1].Sources[0])
	if body := reader.get(page + "?from=1").body; !strings.Contains(body, "Texts of this round that are others now: 1") || !strings.Contains(body, "Withdrawn, Text changed") {
		t.Error("a text that changed is not said")
	}
	compared := "/compare?a=" + string(s.matches[1].Sources[0].Standard()) + "&b=" + string(s.matches[1].Against)
	if body, plain := lina.get(compared).body, reader.get(compared).body; !strings.Contains(body, page+"#freeze") || strings.Contains(plain, page+"#freeze") {
		t.Error("the comparison does not lead those who may to freezing, and them alone")
	}
	if body := lina.get(page).body; strings.Contains(body, "disputes still open") {
		t.Error("there is no dispute, but the page says so")
	}
	for b, verdict := range map[*browser]string{lina: "equivalent", ivan: "superset"} {
		if got := b.decideOn(s.reload(s.matches[3]), "", url.Values{"verdict": {verdict}, "reason": {"scope"}}); got.status != http.StatusSeeOther {
			t.Fatalf("not answered: %d", got.status)
		}
	}
	if body := lina.get(page).body; !strings.Contains(body, "disputes still open: 1") || !strings.Contains(body, "</span> disputed</span> 1</span>") {
		t.Error("a dispute that stays outside is not told")
	}
	if got := reader.get(page + "/1/export/csv"); got.status != http.StatusOK || !strings.Contains(got.body, sum) || !strings.Contains(got.body, s.matches[1].ID.String()) {
		t.Errorf("the round's table does not hold its checksum and match: %d", got.status)
	}
	if got := reader.get(page + "/2/export/csv"); got.status != http.StatusNotFound {
		t.Errorf("a round that is not there is sent: %d", got.status)
	}
	if body := s.signedIn("reader").speak("zh").get(page).body; !strings.Contains(body, "第 1 轮") {
		t.Error("the page is not in Chinese")
	}
}

// rewrite saves the standard of a clause with another text for it.
func (s *site) rewrite(id corpus.ClauseID) {
	s.t.Helper()
	ctx := context.Background()
	h, err := s.db.Standards(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, x := range h {
		if x.Standard.ID != id.Standard() {
			continue
		}
		clauses, err := s.db.ClausesOf(ctx, x.Standard.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		for i := range clauses {
			if clauses[i].ID == id {
				clauses[i].Text += " (new)"
			}
		}
		if _, err := s.db.Save(ctx, &corpus.Document{Standard: x.Standard, Clauses: clauses}, "cli"); err != nil {
			s.t.Fatal(err)
		}
	}
}
