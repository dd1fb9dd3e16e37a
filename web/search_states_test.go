package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/index"
	"concord/review"
)

// asking is a finder that says what it was asked for.
type asking struct {
	finder
	query *index.Query
}

func (a asking) Search(ctx context.Context, q index.Query) (index.Results, error) {
	*a.query = q
	return a.finder.Search(ctx, q)
}

// The filters of matches and values are in the address, on the page, in what is saved
// and in the search for programs.
func TestSearchIsNarrowedByStateAndRange(t *testing.T) {
	var asked index.Query
	s := newSite(t, func(c *Config) {
		c.Search = asking{finder{hits: []corpus.ClauseID{"gb-1-2020/5.1", "iso-9-2020/5.1", "gb-1-2020/5"}}, &asked}
	})
	b := s.signedIn("lina")
	page := b.get("/search?quantity=length&least=900+mm&most=1.2+m&state=opinion&state=none")
	if !slices.Equal(asked.Quantities, []string{"length"}) || asked.Least != "900 mm" || asked.Most != "1.2 m" || !slices.Equal(asked.States, []string{"opinion", "none"}) {
		t.Fatalf("asked for %+v", asked)
	}
	for _, want := range []string{
		`name="quantity" value="length" checked`, `name="state" value="opinion" checked`, `name="least" value="900 mm"`, `name="most" value="1.2 m"`, ">one opinion<", ">length<",
		"/api/v1/search?least=900&#43;mm&amp;most=1.2&#43;m&amp;quantity=length&amp;state=opinion&amp;state=none",
	} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if strings.Contains(page.body, `value="confirmed" checked`) {
		t.Error("what was not chosen is checked")
	}
	for _, gone := range []string{"least", "quantity", "state=opinion"} { // each chip takes its own off
		found := false
		for _, a := range strings.Split(page.body, `class="x" href="`)[1:] {
			href, _, _ := strings.Cut(a, `"`)
			found = found || !strings.Contains(href, gone) && strings.Contains(href, "state=none")
		}
		if !found {
			t.Errorf("no chip takes %s off", gone)
		}
	}
	if fields := formFields(t, page.body, "/search/saved"); fields.Get("query") != "least=900+mm&most=1.2+m&quantity=length&state=opinion&state=none" {
		t.Errorf("would save %q", fields.Get("query"))
	}
	for path, want := range map[string]int{"/search": 0, "/search?state=none": 1} {
		if page := b.get(path); strings.Count(page.body, `<ol class="hits"`) != want {
			t.Errorf("%s: not %d lists of hits", path, want)
		}
	}
	if file := b.get("/search/export/csv?state=none&least=2+m"); file.status != http.StatusOK || asked.Least != "2 m" || asked.StateOf == nil {
		t.Errorf("the file: %d, asked for %+v", file.status, asked)
	}
}

// Hits are counted by what everybody sees of their matches: that there is an opinion,
// and never which.
func TestSearchStatesAreBlind(t *testing.T) {
	var asked index.Query
	s := newSite(t, func(c *Config) { c.Search = asking{finder{}, &asked} })
	states := func(login string) (out []string) {
		s.signedIn(login).get("/search?q=door")
		for _, id := range []corpus.ClauseID{"gb-1-2020/5.1", "sp-1-2020/5.1", "gb-1-2020/5", "iso-9-2020/5.1"} {
			out = append(out, asked.StateOf(id))
		}
		return out
	}
	if got := states("reader"); !slices.Equal(got, []string{"proposed", "proposed", "none", "none"}) {
		t.Fatalf("before an answer: %v", got)
	}
	var seen [][]string
	for _, verdict := range []string{"none", "equivalent"} {
		s := newSite(t, func(c *Config) { c.Search = asking{finder{}, &asked} })
		desk := review.Desk{Records: s.db, Now: s.clock.now}
		m := s.matches[1]
		if _, _, err := desk.Decide(t.Context(), s.people["lina"], answerSet(m, review.Verdict(verdict), "other")); err != nil {
			t.Fatal(err)
		}
		for _, login := range []string{"reader", "ivan", "lina", "admin"} {
			s.signedIn(login).get("/search?q=door")
			seen = append(seen, []string{asked.StateOf(m.Sources[0]), asked.StateOf(m.Targets[0])})
		}
	}
	if seen[0][0] == "proposed" {
		t.Error("the answer changes nothing, so that the test says nothing")
	}
	for i, got := range seen {
		if i%4 > 0 && !slices.Equal(got, seen[i-i%4]) {
			t.Errorf("persons see different states: %v and %v", got, seen[i-i%4])
		}
	}
}

// A party that no match of a clause is with is named at the hit, and nobody else.
func TestHitsNamePartiesNotLookedAt(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Search = finder{hits: []corpus.ClauseID{"gb-1-2020/5.1", "gb-1-2020/5", "iso-9-2020/5.1"}}
	})
	extra := document("kz-1-2020", "KZ", "ru", corpus.RightsFull, "Дверь.")
	if _, err := s.db.Save(t.Context(), extra, "cli"); err != nil {
		t.Fatal(err)
	}
	b := s.signedIn("reader")
	chip := `<li class="chip dim"><span aria-hidden="true">·</span> <bdi>Kazakhstan</bdi> not looked at</li>`
	if body := b.get("/search?q=door").body; strings.Contains(body, "not looked at</li>") {
		t.Error("a party is named that the clause does not face, or that a match is with")
	}
	d := s.dossier
	d.ID, d.Name = uuid.Must(uuid.NewV7()), "Three"
	d.Sides = []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-1-2020"}}, {Party: "KZ", Standards: []corpus.StandardID{"kz-1-2020"}}}
	if err := s.db.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	body := b.get("/search?q=door").body
	if strings.Count(body, chip) != 1 || strings.Count(body, "not looked at</li>") != 1 { // of three hits one is a requirement of the dossier
		t.Errorf("%d chips", strings.Count(body, "not looked at</li>"))
	}
	if file := b.get("/search/export/csv?q=door"); !strings.Contains(file.body, "Kazakhstan (not looked at)") {
		t.Error("the file does not say it")
	}
}

// A range that is none is refused with what may be written, and stays in the form.
func TestSearchRefusesBadRanges(t *testing.T) {
	w := newAPIWorld(t)
	for _, path := range []string{"/api/v1/search?least=900", "/api/v1/search?quantity=beauty", "/api/v1/search?state=agreed", "/api/v1/search?least=2+m&most=1+m", "/api/v1/search?quantity=mass&least=2+m"} {
		if got := w.ask(t, apiAsk{path: path, key: w.keys["all"]}); got.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
	}
}

// Programs narrow by state, and the answer counts by it.
func TestAPISearchByState(t *testing.T) {
	w := newAPIWorld(t)
	type answer struct {
		Total  int
		Items  []struct{ Clause struct{ ID corpus.ClauseID } }
		Facets map[string][]struct {
			Value string
			Count int
		}
	}
	ask := func(v url.Values) (out answer) {
		got := w.get(t, "/api/v1/search?"+v.Encode())
		if err := json.Unmarshal(got.Body.Bytes(), &out); err != nil || got.Code != http.StatusOK {
			t.Fatalf("%v: %d %v", v, got.Code, err)
		}
		return out
	}
	all := ask(url.Values{"jurisdiction": {"CN", "RU"}, "limit": {"100"}})
	if len(all.Facets["state"]) < 3 {
		t.Fatalf("counted %v", all.Facets["state"])
	}
	sum := 0
	for _, f := range all.Facets["state"] {
		sum += f.Count
		some := ask(url.Values{"jurisdiction": {"CN", "RU"}, "state": {f.Value}, "limit": {"100"}})
		if some.Total != f.Count || len(some.Items) != f.Count {
			t.Errorf("%s: %d of %d clauses, %d counted", f.Value, len(some.Items), some.Total, f.Count)
		}
		for _, item := range some.Items {
			matches, err := w.db.Equivalents(t.Context(), item.Clause.ID)
			if err != nil {
				t.Fatal(err)
			}
			state, _ := best(matches[item.Clause.ID], item.Clause.ID, "")
			if string(state) != f.Value && (state != "" || f.Value != stateNone) {
				t.Errorf("%s is found under %s and stands at %q", item.Clause.ID, f.Value, state)
			}
		}
	}
	if sum != all.Total {
		t.Errorf("%d counted of %d", sum, all.Total)
	}
}
