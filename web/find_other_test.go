package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// comparing finds a stricter limit in every pair.
type comparing struct{}

func (comparing) Compare(a, b corpus.Clause) matcher.Proposal { return proposal(a, b, limitRow()) }

// TestSearchForAnother: a search within the other candidates finds clauses of the other
// side's standards, says what differs, and sets one there or adds it, without a script.
func TestSearchForAnother(t *testing.T) {
	hits := []corpus.ClauseID{"sp-1-2020/5.1", "sp-1-2020/5.2", "sp-1-2020/5.3", "gb-1-2020/5.2", "iso-9-2020/5.1", "sp-1-2020/9.9"}
	s := newSite(t, func(c *Config) { c.Search, c.Compare = finder{hits: hits}, comparing{} })
	lina := s.signedIn("lina")
	m := s.matches[0] // 5.1 to 5.1
	queue := "?task=first&dossier=" + s.dossier.ID.String()
	page := "/matches/" + m.ID.String() + queue
	lina.holds(page, []string{`name="find"`, `formaction="/matches/` + m.ID.String() + `/find#others"`}, []string{`id="found"`, `data-part="o" open`})
	body := lina.get(page + "&find=" + url.QueryEscape(`двери"><script>`)).body
	list := between(body, `id="found"`, "</ul>")
	if !strings.Contains(body, `data-part="o" open`) || strings.Count(list, "<li>") != 2 || !strings.Contains(body, `value="двери&#34;&gt;&lt;script&gt;"`) {
		t.Fatalf("only the other side's clauses that do not stand there: %s", list)
	}
	if strings.Contains(list, "gb-1-2020") || strings.Contains(list, "iso-9") || !strings.Contains(list, "Следует предусматривать") || !strings.Contains(list, "finding") && !strings.Contains(list, "stricter") {
		t.Errorf("%s", list)
	}
	form := formFields(t, body, "/matches/"+m.ID.String()+"/replace")
	form.Set("b", "sp-1-2020/5.2")
	got := lina.post("/matches/"+m.ID.String()+"/replace", form)
	at := got.header.Get("Location")
	if got.status != http.StatusSeeOther || !strings.HasPrefix(at, "/matches/") || !strings.Contains(at, "task=first") {
		t.Fatalf("%d %s %.300s", got.status, at, got.body)
	}
	id := uuid.MustParse(strings.TrimPrefix(strings.Split(at, "?")[0], "/matches/"))
	made, _, err := s.db.Match(t.Context(), id)
	if err != nil || len(made.Targets) != 1 || made.Targets[0] != "sp-1-2020/5.2" || made.Sources[0] != m.Sources[0] {
		t.Fatalf("%+v %v", made, err)
	}
	if s.reload(m).Version != m.Version {
		t.Error("the match it began with has changed")
	}
	lina.holds(at, []string{"Review ", `action="` + strings.Split(at, "?")[0] + `/drop"`}, nil)
	// it is a candidate now, and found as one
	list = between(lina.get(page+"&find=x").body, `id="found"`, "</ul>")
	if !strings.Contains(list, `href="/matches/`+id.String()) || !strings.Contains(list, "Open this candidate") {
		t.Errorf("what is there is offered once more: %s", list)
	}
	if got := lina.post("/matches/"+m.ID.String()+"/replace", form); got.status != http.StatusConflict {
		t.Errorf("the same twice: %d", got.status)
	}
	// added to B
	form.Set("b", "sp-1-2020/5.3")
	got = lina.post("/matches/"+m.ID.String()+"/together", form)
	set, _, err := s.db.Match(t.Context(), uuid.MustParse(strings.TrimPrefix(strings.Split(got.header.Get("Location"), "?")[0], "/matches/")))
	if err != nil || len(set.Targets) != 2 {
		t.Errorf("%d %+v %v", got.status, set, err)
	}
	// withdrawn again by who made it
	lina.post("/matches/"+id.String()+"/drop", form)
	if _, _, err := s.db.Match(t.Context(), id); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("its maker cannot withdraw it: %v", err)
	}
	for b, status := range map[string]int{"sp-1-2020/5.1": http.StatusBadRequest, "gb-1-2020/5.2": http.StatusBadRequest, "iso-9-2020/5.1": http.StatusBadRequest, "nothing/1": http.StatusBadRequest, "": http.StatusBadRequest} {
		form.Set("b", b)
		if got := lina.post("/matches/"+m.ID.String()+"/replace", form); got.status < 400 || got.status >= 500 {
			t.Errorf("%q is set there: %d, want %d", b, got.status, status)
		}
	}
}

// TestSearchForAnotherFails: words that are refused, an index that is away and nothing
// found are said; who may not set anything there is not asked.
func TestSearchForAnotherFails(t *testing.T) {
	for name, c := range map[string]struct {
		search Searcher
		says   string
	}{
		"away": {nil, "does not answer"}, "broken": {finder{err: errors.New("disk")}, "does not answer"},
		"refused": {finder{err: corpus.Refuse(corpus.ErrInvalid, "no-choice", "nothing to look for", "value", "x")}, `class="note bad"`},
		"nothing": {finder{}, "Nothing else was found"},
	} {
		s := newSite(t, func(cfg *Config) { cfg.Search = c.search })
		page := "/matches/" + s.matches[0].ID.String() + "?find=x"
		if body := s.signedIn("lina").get(page).body; !strings.Contains(between(body, `id="others"`, "</details>"), c.says) {
			t.Errorf("%s: %s", name, between(body, `id="others"`, "</details>"))
		}
		s.signedIn("reader").holds(page, nil, []string{`name="find"`})
		if got := s.signedIn("reader").get(page); got.status != http.StatusOK {
			t.Errorf("%d", got.status)
		}
	}
}

// TestReplaced: another clause makes another match; the same one makes none.
func TestReplaced(t *testing.T) {
	m := review.Match{Sources: []corpus.ClauseID{"a/1", "a/2"}, Targets: []corpus.ClauseID{"b/1"}, Against: "b"}
	got, err := review.Replaced(m, "c/7")
	if err != nil || got.Against != "c" || len(got.Sources) != 2 || got.Targets[0] != "c/7" || m.Targets[0] != "b/1" {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := review.Replaced(m, "b/1"); !errors.Is(err, corpus.ErrInvalid) {
		t.Error(err)
	}
}

// TestSearchKeepsTheAnswer: a search for another clause leaves what is being written in
// the form, records nothing, and is what Enter in its field does without a script.
func TestSearchKeepsTheAnswer(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Search, c.Compare = finder{hits: []corpus.ClauseID{"sp-1-2020/5.2"}}, comparing{} })
	lina, m := s.signedIn("lina"), s.matches[0]
	page := "/matches/" + m.ID.String() + "?task=first&dossier=" + s.dossier.ID.String()
	form := formFields(t, lina.get(page).body, "/matches/"+m.ID.String()+"/decide")
	with := url.Values{"find": {"двери"}, "verdict": {"overlap"}, "a_to_b": {"conditions"}, "b_to_a": {"no"}, "a_conditions": {"no less than 0.9 m\nas drawn"}, "b_conditions": {"<b>wide</b>"}, "note": {"half a comment"}, "reason": {"scope"}}
	for name, v := range with {
		form[name] = v
	}
	kept := func(got answer) {
		t.Helper()
		for _, want := range []string{"half a comment</textarea>", "no less than 0.9 m\nas drawn</textarea>", "&lt;b&gt;wide&lt;/b&gt;</textarea>", `name="reason" value="scope" checked`, `name="verdict" value="overlap" checked`, `name="a_to_b" value="conditions" checked`, `name="b_to_a" value="no" checked`, `id="found"`, `name="sought" value="двери"`, `name="task" value="first"`} {
			if !strings.Contains(got.body, want) {
				t.Errorf("%d, without %s", got.status, want)
			}
		}
		if n := len(s.reload(m).Decisions); n != 0 {
			t.Errorf("%d decisions were made by a search", n)
		}
	}
	kept(lina.post("/matches/"+m.ID.String()+"/find", form))
	form.Set("go", "1")
	kept(lina.post("/matches/"+m.ID.String()+"/decide", form)) // Enter in the field of the search
	// a text that changed meanwhile is told with the answer, and not passed over by a search
	s.rewrite(m.Sources[0])
	again := lina.post("/matches/"+m.ID.String()+"/find", form)
	sent := formFields(t, again.body, "/matches/"+m.ID.String()+"/decide")
	for name, v := range with {
		sent[name] = v
	}
	sent.Set("go", "1")
	sent.Set("sought", "двери")
	if got := lina.post("/matches/"+m.ID.String()+"/decide", sent); got.status != http.StatusConflict {
		t.Errorf("answered on a text that nobody saw: %d", got.status)
	}
	// words that were searched for already do not hold the answer up
	sent = formFields(t, lina.get(page).body, "/matches/"+m.ID.String()+"/decide")
	for name, v := range with {
		sent[name] = v
	}
	sent.Set("go", "1")
	sent.Set("sought", "двери")
	if got := lina.post("/matches/"+m.ID.String()+"/decide", sent); got.status != http.StatusSeeOther || len(s.reload(m).Decisions) != 1 {
		t.Errorf("%d, %d decisions", got.status, len(s.reload(m).Decisions))
	}
	if got := s.signedIn("reader").post("/matches/"+m.ID.String()+"/find", form); got.status != http.StatusForbidden {
		t.Errorf("a reader: %d", got.status)
	}
}
