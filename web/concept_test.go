package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/review"
)

// conceptSite is a site whose search finds the doors of three countries; the
// text of the third may be shown in part only.
func conceptSite(t *testing.T) *site {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(c *Config) {
		c.Read = lex
		c.Search = finder{hits: []corpus.ClauseID{"gb-1-2020/5.1", "sp-1-2020/5.1", "xx-1-2020/5.1", "yy-1-2020/5.1"}}
		c.Label = func(id lexicon.ConceptID, _ corpus.Language) string {
			concept, _ := lex.Concept(id)
			return concept.Label("en")
		}
	})
	paid := document("xx-1-2020", "US", "en", corpus.RightsExcerpt, "The clear width of doors shall be not less than 0.9 m. "+strings.Repeat("More of the words that are sold. ", 30)+"The clear width of doors shall be not less than 4.56 m.")
	for _, d := range []*corpus.Document{paid, document("yy-1-2020", "KZ", "zh", corpus.RightsFull, "门的宽度不应小于 0.8 m。")} {
		if _, err := s.db.Save(t.Context(), d, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestConceptTable(t *testing.T) {
	s := conceptSite(t)
	b := s.signedIn("lina")
	s.both(s.matches[0], review.Verdict(corpus.RelationSubset), "B asks more", plainNo, plainYes)

	got := b.get("/concept?c=door&lang=en")
	for name, want := range map[string]string{
		"the limit as printed, with its sign":          `0.8 m</bdi>`,
		"the limit of the other country, with its own": `0,9 м</bdi>`,
		"who is strictest":                             `strictest`,
		"who asks less":                                `less strict`,
		"the agreed match":                             `href="/matches/` + s.matches[0].ID.String(),
		"the obligation":                               s.server.words["en"].say("degree.require"),
		"the file":                                     `href="/concept/export/xlsx?c=door"`,
		"what the rights keep back":                    "words held back by rights",
	} {
		if got.status != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d, %q is not on the page", name, got.status, want)
		}
	}
	if strings.Contains(got.body, "4.56") {
		t.Error("the page has a figure of a text that may be shown in part only")
	}
	if got := b.get("/concept"); got.status != http.StatusOK || !strings.Contains(got.body, s.server.words["en"].say("concept.start")) || !strings.Contains(got.body, `href="/concept?c=door"`) {
		t.Errorf("the empty page: %d", got.status)
	}
	typed := b.get("/concept?q=" + url.QueryEscape("疏散门"))
	if typed.status != http.StatusSeeOther || typed.header.Get("Location") != "/concept?c=door" {
		t.Errorf("typed words lead to %d %s", typed.status, typed.header.Get("Location"))
	}
	if got := b.get("/search?q=door"); !strings.Contains(got.body, `href="/concept?c=door"`) {
		t.Error("no way from the search to the table")
	}
	if got := b.get("/coverage"); !strings.Contains(got.body, `action="/concept"`) {
		t.Error("no way from the coverage to the table")
	}
}

// pairless finds nothing that names two concepts at once.
type pairless struct{ finder }

func (f pairless) Search(ctx context.Context, q index.Query) (index.Results, error) {
	if len(q.Concepts) > 1 {
		return index.Results{}, nil
	}
	return f.finder.Search(ctx, q)
}

// TestConceptsTogether: where no clause names all concepts, the page says how many
// clauses there are without each of them, and leads there.
func TestConceptsTogether(t *testing.T) {
	hits := finder{hits: []corpus.ClauseID{"gb-1-2020/5.1", "sp-1-2020/5.1"}}
	for name, search := range map[string]struct {
		Searcher
		fewer int
	}{"none names both": {pairless{hits}, 2}, "two name both": {hits, 0}} {
		b := newSite(t, func(c *Config) { c.Search = search.Searcher }).signedIn("lina")
		got := b.get("/concept?c=door&c=width&jurisdiction=CN&lang=en")
		fewer := regexp.MustCompile(`<a href="/concept\?c=(door|width)&amp;jurisdiction=CN">Leave this term out <bdi>[^<]*</bdi></a> <span class="dim">2 clauses</span>`).FindAllString(got.body, -1)
		if got.status != http.StatusOK || len(fewer) != search.fewer {
			t.Errorf("%s: %d, %d ways to fewer concepts, want %d", name, got.status, len(fewer), search.fewer)
		}
	}
}

// TestConceptExport holds that the files have what the page has and no figure
// of a text that may be shown in part only.
func TestConceptExport(t *testing.T) {
	s := conceptSite(t)
	b := s.signedIn("reader")
	files := map[string]string{"csv": b.get("/concept/export/csv?c=door").body}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(b.get("/concept/export/xlsx?c=door").body)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Concord")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		files["xlsx"] += strings.Join(row, "\t") + "\n"
	}
	for name, text := range files {
		for _, want := range []string{"0.8 m", "0,9 м", "strictest", "GB-1-2020", "≥\u00a00.8\u00a0m"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing", name, want)
			}
		}
		if strings.Contains(text, "4.56") {
			t.Errorf("%s has a figure that the rights keep back", name)
		}
	}
	if got := b.get("/concept/export/docx?c=door"); got.status != http.StatusNotFound {
		t.Errorf("a format that is not there: %d", got.status)
	}
}

// TestConceptGroups shows a group of three countries with what contradicts.
func TestConceptGroups(t *testing.T) {
	s := newSite(t)
	sh := shelf{}
	for id, place := range map[corpus.StandardID]corpus.Jurisdiction{"a": "CN", "b": "RU", "c": "US"} {
		sh[id] = corpus.Holding{Standard: corpus.Standard{ID: id, Designation: string(id), Jurisdiction: place}}
	}
	link := func(a, b corpus.ClauseID, r corpus.Relation) review.Match {
		return review.Match{ID: apiUUID(t), Sources: []corpus.ClauseID{a}, Targets: []corpus.ClauseID{b}, State: review.StateConfirmed, Outcome: &review.Outcome{Verdict: review.Verdict(r)}}
	}
	chain := []review.Match{link("a/1", "b/1", corpus.RelationEquivalent), link("b/1", "c/1", corpus.RelationEquivalent)}
	for name, c := range map[string]struct {
		third       corpus.Relation
		conflicting bool
	}{"closed": {corpus.RelationEquivalent, false}, "stricter": {corpus.RelationSuperset, true}} {
		groups := review.Groups(append(chain[:2:2], link("a/1", "c/1", c.third)))
		if len(groups) != 1 {
			t.Fatalf("%s: %d groups", name, len(groups))
		}
		one := newConceptGroup(groups[0], sh)
		if one.places() != 3 || (len(one.Conflicts) == 1) != c.conflicting {
			t.Errorf("%s: %d places, %d conflicts", name, one.places(), len(one.Conflicts))
		}
		p := &conceptPage{Query: conceptQuery{Concepts: []lexicon.ConceptID{"door"}}, Rows: []conceptStandard{{}}, Groups: []conceptGroup{one}}
		var b bytes.Buffer
		if err := s.server.sheets["en"].page("concept").ExecuteTemplate(&b, "main", p); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "Inconsistent:") != c.conflicting {
			t.Errorf("%s: %s", name, b.String())
		}
	}
}
