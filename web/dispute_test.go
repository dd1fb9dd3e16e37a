package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
)

// reviewed changes how the site's dossier is reviewed.
func (s *site) reviewedSo(change func(*review.Dossier)) {
	s.t.Helper()
	change(&s.dossier)
	if err := s.db.SaveDossier(context.Background(), s.dossier, "cli"); err != nil {
		s.t.Fatal(err)
	}
}

// dispute lets Li Na and Ivan answer a match differently.
func (s *site) dispute(m review.Match) review.Match {
	s.t.Helper()
	s.signedIn("lina").decideOn(m, "", url.Values{"verdict": {"equivalent"}, "note": {"as I read it"}})
	s.signedIn("ivan").decideOn(m, "", url.Values{"verdict": {"superset"}})
	if m = s.reload(m); m.State != review.StateDisputed {
		s.t.Fatal(m.State)
	}
	return m
}

// TestTimeToTalk: an adjudicator decides when both sides had the dossier's days to
// talk, by the page, by the queue and by the rule; a changed answer begins them anew.
func TestTimeToTalk(t *testing.T) {
	s := newSite(t)
	s.reviewedSo(func(d *review.Dossier) { d.TalkDays = 5 })
	m := s.dispute(s.matches[1])
	path := "/matches/" + m.ID.String()
	counts := func() int {
		n, err := s.db.TaskCounts(context.Background(), s.people["judge"])
		if err != nil {
			t.Fatal(err)
		}
		return n[review.TaskAdjudicate]
	}
	s.signedIn("judge").holds(path, []string{"Both sides still have time to talk", "an adjudicator decides from"}, []string{`id="decide"`})
	s.signedIn("lina").holds(path, []string{"an adjudicator decides from", "Change your answer"}, nil)
	answer := review.Answer{Match: m.ID, Kind: review.KindAdjudication, Verdict: "superset", AToB: corpus.Recognition{Answer: "yes"}, BToA: corpus.Recognition{Answer: "no"}, Note: "the width decides", Reasons: []string{"other"}}
	for _, id := range m.Clauses() {
		answer.Seen = append(answer.Seen, review.Seen{Clause: id, Digest: m.Digests[id]})
	}
	_, _, err := (&review.Desk{Records: s.db, Now: s.clock.now}).Decide(context.Background(), s.people["judge"], answer)
	if r, refused := corpus.RefusalOf(err); !refused || r.Rule != "dispute-talk" || counts() != 0 {
		t.Fatalf("decided at once: %v, %d wait", err, counts())
	}
	s.clock.move(4 * 24 * time.Hour)
	if got := s.signedIn("ivan").decideOn(m, "", url.Values{"verdict": {"subset"}}); got.status != http.StatusSeeOther {
		t.Fatalf("a changed answer: %d", got.status)
	}
	s.clock.move(2 * 24 * time.Hour)
	if counts() != 0 {
		t.Error("a changed answer does not begin the time anew")
	}
	s.clock.move(3*24*time.Hour + time.Minute)
	if counts() != 1 {
		t.Error("the dispute does not wait for the adjudicator when the time is over")
	}
	judge := s.signedIn("judge")
	judge.holds(path, []string{`id="decide"`, "Decide the dispute"}, []string{"an adjudicator decides from"})
	if got := judge.decideOn(m, "", url.Values{"verdict": {"superset"}, "note": {"the width decides"}}); got.status != http.StatusSeeOther {
		t.Errorf("%d %.300s", got.status, got.body)
	}
}

// TestNamesHiddenUntilDecided: where a dossier wants it, nobody but those who
// answered sees who did, until the dispute is decided.
func TestNamesHiddenUntilDecided(t *testing.T) {
	s := newSite(t)
	s.reviewedSo(func(d *review.Dossier) { d.Nameless = true })
	m := s.dispute(s.matches[1])
	path := "/matches/" + m.ID.String()
	clause := "/standards/" + strings.Replace(string(m.Sources[0]), "/", "/clauses/", 1)
	names := []string{"<bdi>Li Na</bdi>", "<bdi>Иван</bdi>"}
	for _, login := range []string{"judge", "reader", "speaker"} {
		s.signedIn(login).holds(path, []string{"Answer 1", "Answer 2", "as I read it"}, names)
		s.signedIn(login).holds(clause, nil, names)
	}
	s.signedIn("lina").holds(path, names, []string{"Answer 1"})
	s.signedIn("judge").decideOn(m, "", url.Values{"verdict": {"superset"}, "note": {"the width decides"}})
	s.signedIn("reader").holds(path, names, []string{"Answer 1"})
}

// TestWhenReasonsAreShown is the table of modes: reasons, scores and what other
// candidates are worth are there or not, by what the match asks of the person.
func TestWhenReasonsAreShown(t *testing.T) {
	for _, c := range []struct {
		mode                 review.Explanation
		first, second, after bool
	}{
		{review.ExplainUsual, true, false, true}, {review.ExplainBeside, true, true, true},
		{review.ExplainAfter, false, false, true}, {review.ExplainNever, false, false, false},
	} {
		t.Run(string(c.mode), func(t *testing.T) {
			s := newSite(t)
			s.reviewedSo(func(d *review.Dossier) { d.Explain = c.mode })
			m := s.matches[1]
			look := func(login string, want bool, when string) {
				t.Helper()
				body := s.signedIn(login).get("/matches/" + m.ID.String()).body
				if got := strings.Contains(body, `id="why"`); got != want || strings.Contains(body, "80 %") != want {
					t.Errorf("%s: reasons are shown: %v, want %v", when, got, want)
				}
			}
			look("lina", c.first, "before the first opinion")
			s.signedIn("lina").decideOn(m, "", url.Values{"verdict": {"equivalent"}})
			look("lina", c.after, "after the first opinion")
			look("ivan", c.second, "before the second opinion")
			s.signedIn("ivan").decideOn(m, "", url.Values{"verdict": {"equivalent"}})
			look("ivan", c.after, "after the second opinion")
		})
	}
}

// TestUndoFiftyDeep takes fifty answers back, one after the other, by the button
// of the page alone.
func TestUndoFiftyDeep(t *testing.T) {
	s := newSite(t)
	s.manyPairs(52)
	lina := s.signedIn("lina")
	queue := "task=first&dossier=" + s.dossier.ID.String()
	for range 51 {
		s.clock.move(time.Second)
		id := lina.first(queue)
		page := lina.get("/matches/" + id + "?" + queue)
		form := formFields(t, page.body, "/matches/"+id+"/decide")
		form.Set("verdict", "equivalent")
		if got := lina.post("/matches/"+id+"/decide", form); got.status != http.StatusSeeOther {
			t.Fatalf("%d %.200s", got.status, got.body)
		}
	}
	for i := range 50 {
		page := lina.get("/matches/" + lina.first(queue) + "?" + queue)
		_, rest, _ := strings.Cut(page.body, `id="undo" class="undo"`)
		form, _, _ := strings.Cut(rest, "</form>")
		at := strings.LastIndex(page.body[:len(page.body)-len(rest)], `action="`)
		action, _, _ := strings.Cut(page.body[at+len(`action="`):], `"`)
		values := url.Values{}
		for _, f := range hiddenField.FindAllStringSubmatch(form, -1) {
			values.Add(f[1], f[2])
		}
		if got := lina.post(action, values); got.status != http.StatusSeeOther {
			t.Fatalf("undo %d: %d %.200s", i+1, got.status, got.body)
		}
	}
	if n := len(s.verdicts()); n != 1 {
		t.Errorf("%d answers stand after 51 and 50 undone", n)
	}
}

// TestDisputeByKeys: 1 and 2 take an answer over, 3 leaves the digits to one's own
// answer, and Escape closes what is open.
func TestDisputeByKeys(t *testing.T) {
	s := newSite(t)
	m := s.dispute(s.matches[1])
	verdict := "document.querySelector('input[name=verdict]:checked')?.value ?? ''"
	for _, c := range []struct{ key, want string }{{"1", "equivalent"}, {"2", "superset"}} {
		b := s.openTab(t, "judge")
		b.look(1366, "light", "en")
		b.open("/matches/" + m.ID.String() + "?task=adjudicate")
		b.wait("!!document.querySelector('#bench')")
		b.press("Digit"+c.key, "٢")
		b.wait(fmt.Sprintf("(%s) === %q && document.readyState === 'complete'", verdict, c.want))
	}
	b := s.openTab(t, "judge")
	b.look(1366, "light", "en")
	b.open("/matches/" + m.ID.String())
	b.wait("!!document.querySelector('#bench')")
	b.press("KeyH", "h")
	b.wait("document.querySelector('#history').open")
	b.press("Escape", "Escape")
	b.wait("!document.querySelector('#history').open")
	b.press("Digit3", "3")
	if v := ask[string](b, verdict); v != "" {
		t.Errorf("3 chose %q", v)
	}
	b.wait("!document.querySelector('button[data-take]')")
	b.press("Digit4", "4")
	b.wait(fmt.Sprintf("(%s) === 'subset'", verdict))
}

// TestSuspectShowsWhatWasDecided: beside old and new text stands the old decision.
func TestSuspectShowsWhatWasDecided(t *testing.T) {
	s := newSite(t)
	m := s.matches[1]
	s.signedIn("lina").decideOn(m, "", url.Values{"verdict": {"superset"}})
	s.signedIn("ivan").decideOn(m, "", url.Values{"verdict": {"superset"}})
	doc := document("gb-1-2020", "CN", "zh", "full", "疏散门的净宽度不应小于 0.8 m。", "安全出口不应少于 3 个。", "疏散走道的长度不应大于 40 m。", "应设置应急照明。")
	if _, err := s.db.Save(context.Background(), doc, "cli"); err != nil {
		t.Fatal(err)
	}
	s.signedIn("lina").holds("/matches/"+m.ID.String()+"?task=again", []string{"A text changed", "Decided on the old text:", "as it was read", "as it is now"}, nil)
}

// TestReviewSettingsInChromium looks at how a dossier is reviewed, at a dispute with
// hidden names, at one that is talked about, and at a match whose text changed.
func TestReviewSettingsInChromium(t *testing.T) {
	s := newSite(t)
	s.reviewedSo(func(d *review.Dossier) { d.Nameless, d.Controls = true, 2 })
	disputed, talked := s.dispute(s.matches[1]), s.dispute(s.matches[2])
	changed := s.matches[3]
	s.signedIn("lina").decideOn(changed, "", url.Values{"verdict": {"superset"}})
	s.signedIn("ivan").decideOn(changed, "", url.Values{"verdict": {"superset"}})
	doc := document("gb-1-2020", "CN", "zh", "full", "疏散门的净宽度不应小于 0.8 m。", "安全出口不应少于 2 个。", "疏散走道的长度不应大于 40 m。", "应设置应急照明和疏散指示标志。")
	if _, err := s.db.Save(context.Background(), doc, "cli"); err != nil {
		t.Fatal(err)
	}
	s.lookAt(t, "dispute", map[string][]string{"judge": {"/matches/" + disputed.ID.String() + "?task=adjudicate"}})
	s.reviewedSo(func(d *review.Dossier) { d.TalkDays, d.Explain = 5, review.ExplainAfter })
	s.lookAt(t, "talk", map[string][]string{
		"admin": {"/dossiers/" + s.dossier.ID.String() + "?set=1"}, "judge": {"/matches/" + talked.ID.String()}, "lina": {"/matches/" + changed.ID.String() + "?task=again"},
	})
}

// TestRecordOfSuggestions: beside the confidence stands what became of others as
// sure, from thirty settled ones on.
func TestRecordOfSuggestions(t *testing.T) {
	s := newSite(t)
	s.crowd(2)
	d, matches := s.longDossier(40, 29, 0)
	path := "/matches/" + matches[39].ID.String()
	s.signedIn("reviewer0").holds(path, []string{`id="why"`}, []string{"settled suggestions"})
	form := url.Values{"verdict": {"none"}, "a_to_b": {"no"}, "b_to_a": {"no"}}
	for _, login := range []string{"reviewer0", "reviewer1"} {
		if got := s.signedIn(login).decideOn(matches[35], "?dossier="+d.ID.String(), form); got.status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", got.status, got.body)
		}
	}
	s.signedIn("reviewer0").holds(path, []string{"Of 30 settled suggestions as sure as this, 29 were confirmed."}, nil)
	for _, c := range []struct {
		confidence float64
		word       string
		from, to   float64
	}{{0.9, "high", 0.6, 2}, {0.6, "high", 0.6, 2}, {0.59, "medium", 0.2, 0.6}, {0.2, "medium", 0.2, 0.6}, {0.1, "low", 0, 0.2}, {0, "low", 0, 0.2}} {
		if word, from, to := sureBand(c.confidence); word != c.word || from != c.from || to != c.to {
			t.Errorf("%g is %s from %g to %g", c.confidence, word, from, to)
		}
	}
}
