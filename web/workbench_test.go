package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

func TestFirstOpinionThenBlindSecond(t *testing.T) {
	s := newSite(t)
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	m := s.matches[1]
	got := lina.decideOn(m, "?task=first", url.Values{"verdict": {"equivalent"}, "note": {"a very private thought"}})
	if got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/matches/"+s.matches[2].ID.String()+"?saved=") {
		t.Fatalf("the next match should follow: %d %s", got.status, got.header.Get("Location"))
	}
	next := lina.get(got.header.Get("Location"))
	if !strings.Contains(next.body, "Saved #") || !strings.Contains(next.body, `name="decision"`) {
		t.Error("the next page does not say that the answer is saved, or offers no undo")
	}
	if m = s.reload(m); m.State != review.StateOpinion || m.Decisions[0].AToB.Answer != corpus.AnswerYes || m.Decisions[0].BToA.Answer != corpus.AnswerYes {
		t.Fatalf("kept: %s %+v", m.State, m.Decisions)
	}
	// nobody else sees it: not the second reviewer, nor a reader, nor an admin
	for _, login := range []string{"ivan", "reader", "admin", "judge"} {
		b := s.signedIn(login)
		for _, path := range []string{"/matches/" + m.ID.String(), "/standards/gb-1-2020/clauses/5.2", "/dossiers/" + s.dossier.ID.String()} {
			if body := b.get(path).body; strings.Contains(body, "private thought") || strings.Contains(body, "Li Na</strong>") {
				t.Errorf("%s sees the first answer on %s", login, path)
			}
		}
	}
	if !strings.Contains(lina.get("/matches/"+m.ID.String()).body, "private thought") {
		t.Error("the check finds nothing: even its author does not see the note")
	}
	if got := ivan.decideOn(m, "?task=second", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
		t.Fatalf("second opinion: %d", got.status)
	}
	if m = s.reload(m); m.State != review.StateConfirmed {
		t.Fatalf("state %s", m.State)
	}
	if !strings.Contains(s.signedIn("reader").get("/matches/"+m.ID.String()).body, "private thought") {
		t.Error("an agreed match should show its answers")
	}
}

func TestAnswersOfForms(t *testing.T) {
	cond := url.Values{"a_to_b": {"conditions"}, "b_to_a": {"yes"}, "a_conditions": {"width >= 0.9 m\n\n second \n"}}
	for _, c := range []struct {
		name    string
		form    url.Values
		status  int
		verdict review.Verdict
		problem string
	}{
		{"a relation alone", url.Values{"verdict": {"equivalent"}}, 303, "equivalent", ""},
		{"two answers, both yes", url.Values{"a_to_b": {"yes"}, "b_to_a": {"yes"}}, 303, "equivalent", ""},
		{"A is enough for B alone", url.Values{"a_to_b": {"yes"}, "b_to_a": {"no"}}, 303, "superset", ""},
		{"B is enough for A alone", url.Values{"a_to_b": {"no"}, "b_to_a": {"yes"}}, 303, "subset", ""},
		{"with conditions one way", cond, 303, "subset", ""},
		{"twice no leaves open which", url.Values{"a_to_b": {"no"}, "b_to_a": {"no"}}, 422, "", "Twice no"},
		{"twice no, and nothing shared", url.Values{"a_to_b": {"no"}, "b_to_a": {"no"}, "verdict": {"none"}}, 303, "none", ""},
		{"nothing at all", url.Values{}, 422, "", "Choose a relation"},
		{"one answer of two", url.Values{"a_to_b": {"yes"}}, 422, "", "Choose a relation"},
		{"an unknown relation", url.Values{"verdict": {"cousins"}}, 422, "", "Choose a relation"},
		{"conditions not written", url.Values{"verdict": {"overlap"}}, 422, "", "Write out the conditions"},
		{"no counterpart with the search that was done", url.Values{"verdict": {"no-counterpart"}, "search": {"all chapters on doors"}}, 303, "no-counterpart", ""},
		{"no counterpart without one", url.Values{"verdict": {"no-counterpart"}, "search": {" "}}, 422, "", "which search was done"},
		{"unsure needs nothing", url.Values{"unsure": {"1"}}, 303, "unsure", ""},
		{"an unknown reason", url.Values{"verdict": {"equivalent"}, "reason": {"because"}}, 400, "", ""},
		{"an expert may recognise in spite of the relation", url.Values{"verdict": {"superset"}, "a_to_b": {"yes"}, "b_to_a": {"conditions"}, "b_conditions": {"more doors"}}, 303, "superset", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			lina, m := s.signedIn("lina"), s.matches[1]
			got := lina.decideOn(m, "", c.form)
			if got.status != c.status {
				t.Fatalf("status %d\n%.300s", got.status, got.body)
			}
			if c.problem != "" && !strings.Contains(got.body, c.problem) {
				t.Errorf("the page does not say %q", c.problem)
			}
			list, err := s.db.DecisionsBy(context.Background(), s.people["lina"].ID, 5)
			if err != nil {
				t.Fatal(err)
			}
			if c.verdict == "" {
				if len(list) != 0 {
					t.Errorf("a refused answer was kept: %+v", list)
				}
				return
			}
			if len(list) != 1 || list[0].Verdict != c.verdict {
				t.Fatalf("kept: %+v", list)
			}
			if c.name == "with conditions one way" && fmt.Sprint(list[0].AToB.Conditions) != "[width >= 0.9 m second]" {
				t.Errorf("conditions %q", list[0].AToB.Conditions)
			}
		})
	}
}

func TestReasonForAContradiction(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[0] // B's limit is stricter
	form := url.Values{"verdict": {"equivalent"}, "note": {"kept while I think"}}
	got := lina.decideOn(m, "", form)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "speaks against this relation") {
		t.Fatalf("an equality against a stricter limit: %d", got.status)
	}
	if !strings.Contains(got.body, "kept while I think") || !strings.Contains(got.body, `value="equivalent" checked`) {
		t.Error("what was filled in is lost")
	}
	form.Set("reason", "extraction-error")
	if got := lina.decideOn(m, "", form); got.status != http.StatusSeeOther {
		t.Errorf("with a reason: %d", got.status)
	}
}

func TestNothingIsPreselected(t *testing.T) {
	s := newSite(t)
	body := s.signedIn("lina").get("/matches/" + s.matches[0].ID.String()).body
	if strings.Contains(body, " checked") {
		t.Error("an answer is preselected")
	}
	if strings.Index(body, "What differs") > strings.Index(body, `class="texts"`) {
		t.Error("the differences should come before the texts")
	}
	for _, want := range []string{"≥ 0.8 m", "≥ 0.9 m", "B stricter", "B/A 1.125", "door-en", `id="d-a-0"`, `id="d-b-0"`, `data-n="1"`, `<sup class="n">1</sup>`, `data-conflicts="identical equivalent superset"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestConflict(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[1]
	action := "/matches/" + m.ID.String() + "/decide"
	stale := formFields(t, lina.get("/matches/"+m.ID.String()).body, action)
	if got := lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	stale.Set("verdict", "superset")
	stale.Set("note", "from the other tab")
	got := lina.post(action, stale)
	if got.status != http.StatusConflict {
		t.Fatalf("an answer on an old version: %d", got.status)
	}
	for _, want := range []string{"changed while you were answering", "from the other tab", `value="superset" checked`, `name="version" value="2"`} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	again := formFields(t, got.body, action)
	again.Set("verdict", "superset")
	if got := lina.post(action, again); got.status != http.StatusSeeOther {
		t.Errorf("confirming again: %d", got.status)
	}
}

func TestConflictShowsBothTexts(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[1]
	action := "/matches/" + m.ID.String() + "/decide"
	stale := formFields(t, lina.get("/matches/"+m.ID.String()).body, action)
	d := document("sp-1-2020", "RU", "ru", corpus.RightsFull, "Ширина двери должна быть не менее 0,9 м.", "Следует предусматривать не менее трёх выходов.", "Длина коридора не более 40 м.", "x")
	if _, err := s.db.Save(context.Background(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	stale.Set("verdict", "equivalent")
	stale.Set("version", "0")
	got := lina.post(action, stale)
	if got.status != http.StatusConflict || !strings.Contains(got.body, `<span class="del">двух</span>`) || !strings.Contains(got.body, `<span class="ins">трёх</span>`) {
		t.Errorf("a text changed meanwhile: %d\n%s", got.status, section0(got.body, "A text changed", 900))
	}
}

func section0(body, from string, most int) string {
	_, rest, _ := strings.Cut(body, from)
	return clip(rest, most)
}

func TestSendingTwiceIsOneDecision(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[1]
	action := "/matches/" + m.ID.String() + "/decide"
	form := formFields(t, lina.get("/matches/"+m.ID.String()).body, action)
	form.Set("verdict", "equivalent")
	first := lina.post(action, form, "Accept", "application/json")
	second := lina.post(action, form, "Accept", "application/json")
	if first.status != http.StatusOK || second.status != http.StatusOK || first.body != second.body {
		t.Errorf("%d %s\n%d %s", first.status, first.body, second.status, second.body)
	}
	if m = s.reload(m); len(m.Decisions) != 1 {
		t.Errorf("%d decisions", len(m.Decisions))
	}
}

func TestUndo(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[1]
	lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}})
	id := s.reload(m).Decisions[0].ID.String()
	undo := "/matches/" + m.ID.String() + "/undo"
	if got := s.signedIn("ivan").submit("/", undo, url.Values{"decision": {id}}); got.status != http.StatusForbidden {
		t.Errorf("somebody else's undo: %d", got.status)
	}
	if got := lina.submit("/decisions", undo, url.Values{"decision": {"nonsense"}}); got.status != http.StatusBadRequest {
		t.Errorf("an undo of nothing: %d", got.status)
	}
	if got := lina.submit("/decisions", undo, url.Values{"decision": {id}, "task": {"first"}}); got.status != http.StatusSeeOther || got.header.Get("Location") != "/matches/"+m.ID.String()+"?task=first" {
		t.Fatalf("%d %s", got.status, got.header.Get("Location"))
	}
	if m = s.reload(m); m.State != review.StateProposed || len(m.Decisions) != 2 {
		t.Errorf("%s, %d decisions", m.State, len(m.Decisions))
	}
	if got := lina.submit("/decisions", undo, url.Values{"decision": {id}}); got.status != http.StatusConflict {
		t.Errorf("the same undo again: %d", got.status)
	}
	if body := lina.get("/decisions").body; !strings.Contains(body, "withdrew an answer") {
		t.Error("the list of decisions does not show the undo")
	}
}

func TestDisputeAndAdjudication(t *testing.T) {
	s := newSite(t)
	lina, ivan, judge := s.signedIn("lina"), s.signedIn("ivan"), s.signedIn("judge")
	m := s.matches[1]
	lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}, "note": {"as I read it"}})
	ivan.decideOn(m, "", url.Values{"verdict": {"superset"}})
	if m = s.reload(m); m.State != review.StateDisputed {
		t.Fatal(m.State)
	}
	page := judge.get("/matches/" + m.ID.String())
	for _, want := range []string{"Answers side by side", "as I read it", "Both relation and recognition differ", "Decide the dispute", "Take this answer", "unlike"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the adjudicator's page lacks %q", want)
		}
	}
	taken := judge.get("/matches/" + m.ID.String() + "?take=" + m.Decisions[1].ID.String())
	if !strings.Contains(taken.body, `value="superset" checked`) {
		t.Error("taking an answer over does not fill the form")
	}
	if got := judge.decideOn(m, "", url.Values{"verdict": {"superset"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got.status)
	}
	if got := judge.decideOn(m, "", url.Values{"verdict": {"superset"}, "note": {"the width decides"}}); got.status != http.StatusSeeOther {
		t.Errorf("%d", got.status)
	}
	if m = s.reload(m); m.State != review.StateConfirmed || m.Outcome.Verdict != "superset" {
		t.Errorf("%s %+v", m.State, m.Outcome)
	}
}

func TestSuspectShowsOldAndNew(t *testing.T) {
	s := newSite(t)
	lina, ivan, m := s.signedIn("lina"), s.signedIn("ivan"), s.matches[2]
	lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}})
	ivan.decideOn(m, "", url.Values{"verdict": {"equivalent"}})
	d := document("gb-1-2020", "CN", "zh", corpus.RightsFull, "疏散门的净宽度不应小于 0.8 m。", "安全出口不应少于 2 个。", "疏散走道的长度不应大于 60 m。", "应设置应急照明。")
	if _, err := s.db.Save(context.Background(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	if body := lina.get("/").body; !strings.Contains(body, "1 decision needs another look") {
		t.Error("the dashboard does not say that a decision needs another look")
	}
	body := lina.get("/matches/" + m.ID.String() + "?task=again").body
	for _, want := range []string{"A text changed", `<span class="del">40</span>`, `<span class="ins">60</span>`, "suspect"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	history := body[strings.Index(body, `id="history"`):]
	for _, want := range []string{"Earlier texts", "until <time", `<span class="del">40</span>`, "decided on it: <bdi"} {
		if !strings.Contains(history, want) {
			t.Errorf("the history lacks %q", want)
		}
	}
	if body := lina.get("/matches/" + s.matches[1].ID.String()).body; strings.Contains(body, "Earlier texts") {
		t.Error("a match whose texts never changed has earlier ones")
	}
	if got := lina.decideOn(m, "?task=again", url.Values{"verdict": {"subset"}}); got.status != http.StatusSeeOther {
		t.Errorf("answering again: %d", got.status)
	}
}

func TestQueue(t *testing.T) {
	s := newSite(t)
	lina := s.signedIn("lina")
	at := lina.get("/review/next?task=first").header.Get("Location")
	seen := map[string]bool{}
	for range len(s.matches) {
		if !strings.HasPrefix(at, "/matches/") {
			t.Fatalf("led to %q after %d", at, len(seen))
		}
		path, _, _ := strings.Cut(at, "?")
		if seen[path] {
			t.Fatalf("%s comes twice", path)
		}
		seen[path] = true
		form := formFields(t, lina.get(at).body, path+"/decide")
		form.Set("unsure", "")
		form.Set("verdict", "superset")
		form.Set("reason", "other")
		got := lina.post(path+"/decide", form)
		if got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", at, got.status)
		}
		at = got.header.Get("Location")
	}
	if got := lina.get(at); got.header.Get("Location") != "/review?done=1" {
		t.Errorf("the end of the queue leads to %q, then %q", at, got.header.Get("Location"))
	}
	if body := lina.get("/review?done=1").body; !strings.Contains(body, "This queue is empty") {
		t.Error("an empty queue is not said")
	}
	if got := lina.get("/review/next?task=nonsense"); got.header.Get("Location") != "/review" {
		t.Errorf("a task that is none: %q", got.header.Get("Location"))
	}
}

func TestWhoMayAnswer(t *testing.T) {
	s := newSite(t)
	m := s.matches[1]
	for login, want := range map[string]string{"reader": "Your role does not review", "judge": "Your party takes no part", "admin": "Your role does not review"} {
		body := s.signedIn(login).get("/matches/" + m.ID.String()).body
		if !strings.Contains(body, want) || strings.Contains(body, `id="decide"`) {
			t.Errorf("%s should read %q and have no form", login, want)
		}
	}
	form := url.Values{"verdict": {"equivalent"}, "token": {token(t, s.signedIn("judge").get("/help").body)}}
	if got := s.signedIn("judge").submit("/help", "/matches/"+m.ID.String()+"/decide", form); got.status == http.StatusSeeOther {
		t.Errorf("a stranger to the dossier answers: %d", got.status)
	}
}

// TestMirrorsTheRule holds mayAnswer against the rule itself on every state the
// protocol reaches.
func TestMirrorsTheRule(t *testing.T) {
	s := newSite(t)
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	lina.decideOn(s.matches[1], "", url.Values{"verdict": {"equivalent"}})
	lina.decideOn(s.matches[2], "", url.Values{"verdict": {"equivalent"}})
	ivan.decideOn(s.matches[2], "", url.Values{"verdict": {"equivalent"}})
	lina.decideOn(s.matches[3], "", url.Values{"verdict": {"equivalent"}})
	ivan.decideOn(s.matches[3], "", url.Values{"verdict": {"superset"}})
	for i, m := range s.matches {
		m = s.reload(m)
		for login, p := range s.people {
			task := review.TaskFor(m, s.dossier, p)
			can, why := mayAnswer(m, s.dossier, p, task)
			d := review.Decision{Kind: review.KindOpinion, Verdict: "superset", Reasons: []string{"other"}, Note: "n",
				AToB: corpus.Recognition{Answer: corpus.AnswerYes}, BToA: corpus.Recognition{Answer: corpus.AnswerNo}}
			if task == review.TaskAdjudicate {
				d.Kind = review.KindAdjudication
			}
			for _, id := range m.Clauses() {
				d.Seen = append(d.Seen, review.Seen{Clause: id, Digest: m.Digests[id], Amended: m.Amended[id]})
			}
			_, err := review.Decide(m, s.dossier, p, d)
			if can != (err == nil) {
				t.Errorf("match %d (%s) for %s: the page says %v (%s), the rule says %v", i, m.State, login, can, why, err)
			}
		}
	}
}

func TestVerdictOf(t *testing.T) {
	yes, cond, no := corpus.AnswerYes, corpus.AnswerConditions, corpus.AnswerNo
	for _, c := range []struct {
		a, b      corpus.Answer
		identical bool
		want      review.Verdict
	}{
		{yes, yes, false, "equivalent"}, {yes, yes, true, "identical"}, {yes, no, false, "superset"}, {no, yes, false, "subset"}, {yes, cond, false, "superset"},
		{cond, yes, false, "subset"}, {cond, cond, false, "overlap"}, {cond, no, false, "overlap"}, {no, cond, false, "overlap"}, {no, no, false, ""}, {"", yes, false, ""}, {yes, "", false, ""},
	} {
		if got := verdictOf(c.a, c.b, c.identical); got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

// TestVerdictOfAgreesWithRecognition: the answers that follow from a relation
// lead back to it.
func TestVerdictOfAgreesWithRecognition(t *testing.T) {
	for _, r := range corpus.Relations {
		a, b := corpus.RecognitionOf(r)
		got := verdictOf(a, b, r == corpus.RelationIdentical)
		if got != review.Verdict(r) && r != corpus.RelationNone {
			t.Errorf("%s gives %s and %s, which give %q", r, a, b, got)
		}
	}
}

func TestRightsOnTheWorkbench(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	clauses, err := s.db.Clauses(ctx, "gb-1-2020/5.1", "iso-9-2020/5.1")
	if err != nil || len(clauses) != 2 {
		t.Fatal(clauses, err)
	}
	d := s.dossier
	d.Sides = []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-1-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"iso-9-2020"}}}
	d.ID[0]++
	if err := s.db.SaveDossier(ctx, d, "cli"); err != nil {
		t.Fatal(err)
	}
	p := proposal(clauses[0], clauses[1])
	end := len(clauses[1].Text)
	tail := matcher.Difference{Aspect: matcher.AspectCondition, B: "UNSEEN TAIL", Finding: matcher.FindingOnlyB}
	tail.SpansB = append(tail.SpansB, p.Alignments[0].Target)
	tail.SpansB[0].Start, tail.SpansB[0].End = end-10, end
	p.Differences = append(p.Differences, tail)
	if _, _, err := s.db.Propose(ctx, d.ID, []matcher.Proposal{p}); err != nil {
		t.Fatal(err)
	}
	page, err := s.db.Matches(ctx, review.Filter{Dossier: d.ID})
	if err != nil || len(page.Matches) != 1 {
		t.Fatal(page, err)
	}
	body := s.signedIn("lina").get("/matches/" + page.Matches[0].ID.String()).body
	if n := strings.Count(body, "secret words"); n == 0 || n > 7 {
		t.Errorf("the paid text is shown %d times over", n)
	}
	if strings.Contains(body, "UNSEEN TAIL") {
		t.Error("a difference shows words that the rights keep back")
	}
	if !strings.Contains(body, "held back by rights") {
		t.Error("the page does not say that words are kept back")
	}
}
