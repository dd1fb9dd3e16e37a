package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
)

// TestWeekOnTheDashboard: a person sees what they did in a week, and nobody else's; a
// median stands there once there is enough of it.
func TestWeekOnTheDashboard(t *testing.T) {
	s := newSite(t)
	s.manyPairs(8)
	lina := s.signedIn("lina")
	if body := lina.get("/").body; strings.Contains(body, "This week") {
		t.Error("a week without work is told of")
	}
	page, err := s.db.Matches(t.Context(), review.Filter{States: []review.State{review.StateProposed}, Order: review.OrderChapter})
	if err != nil || len(page.Matches) < 7 {
		t.Fatal(len(page.Matches), err)
	}
	for _, m := range page.Matches[len(page.Matches)-7:] {
		if got := lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", got.status, got.body)
		}
		s.clock.move(70 * time.Second)
	}
	body := lina.get("/").body
	for _, want := range []string{"This week", "Decided: 7", "1 min 10 s", "median of 6", "Only you see this"} {
		if !strings.Contains(body, want) {
			t.Errorf("the dashboard does not say %q", want)
		}
	}
	if body := s.signedIn("ivan").get("/").body; strings.Contains(body, "Decided: 7") {
		t.Error("somebody else sees it")
	}
}

// TestShortSession: twenty answers after it began a short session ends, whatever is
// left in the queue.
func TestShortSession(t *testing.T) {
	s := newSite(t)
	s.manyPairs(shortSession + 5)
	lina := s.signedIn("lina")
	if body := lina.get("/").body; !strings.Contains(body, `href="/review/next?speed=binding&amp;task=first&amp;short=1"`) || !strings.Contains(body, "Short session: 20 answers") {
		t.Error("the dashboard offers none")
	}
	at := lina.get("/review/next?task=first&short=1").header.Get("Location")
	for n := 1; n <= shortSession; n++ {
		got := lina.get(at)
		if got.status != http.StatusOK || !strings.Contains(got.body, "short session: "+itoa(n)+" of 20") {
			t.Fatalf("item %d: %d at %s", n, got.status, at)
		}
		path, _, _ := strings.Cut(at, "?")
		form := formFields(t, got.body, path+"/decide")
		form.Set("verdict", "equivalent")
		form.Set("reason", "other")
		form.Set("note", "checked")
		s.clock.move(time.Second)
		if got = lina.post(path+"/decide", form); got.status != http.StatusSeeOther {
			t.Fatalf("item %d: %d %.500s", n, got.status, got.body)
		}
		at, _, _ = strings.Cut(got.header.Get("Location"), "#")
	}
	if !strings.HasPrefix(at, "/review?") || !strings.Contains(at, "done=short") {
		t.Errorf("after %d answers it goes on to %s", shortSession, at)
	}
	if body := lina.get("/review?done=short").body; !strings.Contains(body, "The short session is finished") {
		t.Error("its end is not told")
	}
	if at := lina.get("/review/next?task=first").header.Get("Location"); !strings.HasPrefix(at, "/matches/") {
		t.Errorf("the queue itself has ended too: %s", at)
	}
}

func TestRunsOnTheDashboard(t *testing.T) {
	s := newSite(t)
	r := newSomeRun()
	r.db = s.db
	s.server.runs = r
	if body := s.signedIn("lina").get("/").body; strings.Contains(body, `id="running"`) {
		t.Error("a run is told of and none goes")
	}
	run := r.begun(t, s.dossier.ID)
	if body := s.signedIn("lina").get("/").body; !strings.Contains(body, `id="running"`) || !strings.Contains(body, `href="/runs/`+run.ID.String()) {
		t.Error("the run that goes is not told of")
	}
}

func TestNearest(t *testing.T) {
	var all []corpus.Holding
	for _, d := range []string{"GB 50016-2014", "GB/T 50016-2014", "GB 50017-2017", "ГОСТ Р 71039-2023", "EN 1991-1-2:2002"} {
		all = append(all, corpus.Holding{Standard: corpus.Standard{ID: corpus.StandardID(d), Designation: d}})
	}
	for typed, want := range map[string]string{
		"gb 50016": "GB 50016-2014 GB 50017-2017 GB/T 50016-2014", "GB50018-2014": "GB 50016-2014 GB 50017-2017 GB/T 50016-2014", "гост р 71038": "ГОСТ Р 71039-2023", "ГОСТ Р ٧١٠٣٩": "ГОСТ Р 71039-2023",
		"fire doors": "", "12": "", "": "", "ASTM E119": "", strings.Repeat("GB 50016 ", 20): "",
	} {
		var names []string
		for _, n := range nearest(typed, all) {
			names = append(names, n.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}

func TestNearestOnThePage(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Search = finder{} })
	if body := s.signedIn("lina").get("/search?q=gb-2-2020").body; !strings.Contains(body, "almost this designation") || !strings.Contains(body, `href="/standards/gb-1-2020"`) {
		t.Error("the nearest designation is not offered")
	}
	if body := s.signedIn("lina").get("/search?q=chimney").body; strings.Contains(body, "almost this designation") {
		t.Error("a word is taken for a designation")
	}
}

// TestGoToClause: a number leads to its clause, on whatever page it is.
func TestGoToClause(t *testing.T) {
	s := newSite(t)
	s.server.rowsAPage = 2
	lina := s.signedIn("lina")
	for typed, want := range map[string]string{"5.1": "/standards/gb-1-2020#c-5.1", "5.4": "/standards/gb-1-2020?from=4#c-5.4", " ٥.٤. ": "/standards/gb-1-2020?from=4#c-5.4", "5.4&only=gaps&against=sp-1-2020": "/standards/gb-1-2020?against=sp-1-2020&from=4#c-5.4"} {
		if got := lina.get("/standards/gb-1-2020?goto=" + strings.ReplaceAll(typed, " ", "+")); got.status != http.StatusSeeOther || got.header.Get("Location") != want {
			t.Errorf("%q: %d %s, want %s", typed, got.status, got.header.Get("Location"), want)
		}
	}
	if got := lina.get("/standards/gb-1-2020?goto=99.9%3Cb%3E"); got.status != http.StatusOK || !strings.Contains(got.body, "There is no clause") || strings.Contains(got.body, "99.9<b>") {
		t.Errorf("a number that is not there: %d", got.status)
	}
}

func TestCitation(t *testing.T) {
	s := newSite(t)
	body := s.signedIn("lina").get("/standards/gb-1-2020/clauses/5.1").body
	if !strings.Contains(body, "GB-1-2020 第5.1条. Title of gb-1-2020. http://localhost:8080/standards/gb-1-2020/clauses/5.1</bdi>") || !strings.Contains(body, `data-copy="GB-1-2020 第5.1条.`) {
		t.Error("the clause is not cited")
	}
}

// TestSameFigure: a value stands beside a print that says it otherwise, and only then.
func TestSameFigure(t *testing.T) {
	for _, c := range []struct {
		printed, value string
		same           bool
	}{
		{"0.8 m", "≥\u00a00.8\u00a0m", true}, {"0,8 м", "≥\u00a00,8\u00a0m", false}, {"900 mm", "≥\u00a00.9\u00a0m", false}, {"٠٫٢٥ مم", "0.00025\u00a0m", false}, {"2 个", "≥\u00a02", true}, {"x", "", true},
	} {
		if got := sameFigure(c.printed, c.value); got != c.same {
			t.Errorf("%s beside %s: %v", c.printed, c.value, got)
		}
	}
}

// TestChipsInOrder: what is agreed stands before opinions, and these before that there
// is none.
func TestChipsInOrder(t *testing.T) {
	var got []string
	for _, c := range inOrder([]Chip{{State: review.StateAbsent}, {State: review.StateOpinion}, {State: review.StateDisputed}, {State: review.StateConfirmed, Against: "a"}, {State: review.StateConfirmed, Against: "b"}}) {
		got = append(got, string(c.State)+c.Against)
	}
	if strings.Join(got, " ") != "confirmeda confirmedb opinion disputed "+string(review.StateAbsent) {
		t.Error(got)
	}
}

// TestTwoSpeeds: first opinions that settle a match alone and those that bind are two
// queues, each with its own number and only its own matches; who has but one kind has
// one queue.
func TestTwoSpeeds(t *testing.T) {
	s := newSite(t)
	lina := s.signedIn("lina")
	person := s.people["lina"]
	counts, err := s.db.TaskCounts(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	binding := counts[review.TaskFirst]
	if body := lina.get("/review").body; strings.Contains(body, "speed=") {
		t.Fatal("one kind of first opinions is shown as two")
	}
	quick, _ := s.newPairs("quick", "Quick", review.PolicyOneReviewer, 3, nil)
	for _, page := range []string{"/", "/review"} {
		body := lina.get(page).body
		for at, n := range map[string]int{"triage": 3, "binding": binding} {
			if row := regexp.MustCompile(`(?s)<tr>(?:(?:[^<]|<[^/]|</[^t]|</t[^r])*)speed=` + at + `.*?</tr>`).FindString(body); !strings.Contains(row, ">"+itoa(n)+"<") {
				t.Errorf("%s: %s has not %d: %s", page, at, n, row)
			}
		}
	}
	at := lina.get("/review/next?task=first&speed=triage").header.Get("Location")
	for range 3 {
		got := lina.get(at)
		if !strings.Contains(at, "speed=triage") || !strings.Contains(got.body, "<span>Triage</span>") || !strings.Contains(got.body, quick.Name) {
			t.Fatalf("the queue of what is triaged has %s", at)
		}
		path, _, _ := strings.Cut(at, "?")
		form := formFields(t, got.body, path+"/decide")
		form.Set("verdict", "equivalent")
		at, _, _ = strings.Cut(lina.post(path+"/decide", form).header.Get("Location"), "#")
	}
	if at = lina.get(at).header.Get("Location"); !strings.HasPrefix(at, "/review?") {
		t.Errorf("after all that is triaged comes %s", at)
	}
	if body := lina.get("/review/list?task=first&speed=binding").body; strings.Contains(body, quick.Name) || !strings.Contains(body, "First opinion, binding") {
		t.Error("the list of what binds is not that")
	}
	if got := lina.get("/review/list?task=again&speed=nonsense"); got.status != http.StatusOK || !strings.Contains(got.body, "Suspect after a new text <span") {
		t.Errorf("a speed that does not exist: %d", got.status)
	}
}
