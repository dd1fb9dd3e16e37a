package web

import (
	"net/http"
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
)

// TestMappingsOfOthers: what others say stands, small and with its source, on the
// clause and on the match it is about, and on pages of its own; it is escaped, and
// clauses that it is not about do not show it.
func TestMappingsOfOthers(t *testing.T) {
	s := newSite(t)
	lina := s.signedIn("lina")
	set := "/mappings/" + s.imported.String()
	cases := map[string]struct {
		path  string
		holds []string
		not   []string
	}{
		"list":         {"/mappings", []string{`href="` + set + `"`, "Theirs &lt;b&gt;&amp;", `href="` + set + `?pending=yes"`}, []string{"<b>"}},
		"set":          {set, []string{"line 5", "line 6", "gb-1-2020/5.1", "no object", "creativecommons.org", "their &lt;script&gt;note"}, []string{"<script>note"}},
		"what waits":   {set + "?pending=yes", []string{"line 6", "elsewhere.example"}, []string{"<bdi class=\"small anywhere\" dir=\"ltr\">line 5"}},
		"clause":       {"/standards/gb-1-2020/clauses/5.1", []string{"Others say (1)", set, "&lt;i&gt;Li"}, []string{"<i>Li"}},
		"other clause": {"/standards/gb-1-2020/clauses/5.3", nil, []string{"Others say"}},
		"match":        {"/matches/" + s.matches[0].ID.String(), []string{"Others say (1)", set}, nil},
		"other match":  {"/matches/" + s.matches[1].ID.String(), nil, []string{"Others say"}},
		"dossiers":     {"/dossiers", []string{`href="/mappings"`}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := lina.get(c.path)
			if got.status != http.StatusOK {
				t.Fatalf("status %d", got.status)
			}
			for _, want := range c.holds {
				if !strings.Contains(got.body, want) {
					t.Errorf("the page does not hold %q", want)
				}
			}
			for _, never := range c.not {
				if strings.Contains(got.body, never) {
					t.Errorf("the page holds %q", never)
				}
			}
		})
	}
	if got := lina.get("/mappings/01970000-0000-7000-8000-00000000dead"); got.status != http.StatusNotFound {
		t.Errorf("an unknown set: %d", got.status)
	}
}

// TestManyRowsOfOthers: a long set is shown page by page, each row once.
func TestManyRowsOfOthers(t *testing.T) {
	s := newSite(t)
	var rows []review.ImportedRow
	for range 2*listPage + 1 {
		rows = append(rows, review.ImportedRow{Place: "line x", Sources: []review.Ref{{Standard: "a", Clause: "1"}}, Targets: []review.Ref{{Standard: "b", Clause: "1"}}, Verdict: review.Verdict(corpus.RelationOverlap)})
	}
	set, _, err := s.db.SaveImported(t.Context(), review.ImportedSet{As: review.ImportedProposals, Digest: "many"}, rows, nil, "cli")
	if err != nil {
		t.Fatal(err)
	}
	b, seen := s.signedIn("reader"), 0
	for path := "/mappings/" + set.ID.String() + "?pending=yes"; path != ""; {
		body := b.get(path).body
		seen += strings.Count(body, ">line x<")
		_, rest, more := strings.Cut(body, `rel="next" href="`)
		path, _, _ = strings.Cut(rest, `"`)
		path = strings.ReplaceAll(path, "&amp;", "&")
		if !more {
			path = ""
		}
	}
	if seen != len(rows) {
		t.Errorf("%d of %d rows are shown", seen, len(rows))
	}
}

// What is wrong in a file of others is said in the language of the page: places and
// relations as well; what has no rule keeps its English and says so.
func TestProblemsOfOthersAreSaid(t *testing.T) {
	all, _, err := loadWords("en")
	if err != nil {
		t.Fatal(err)
	}
	p := corpus.Say(corpus.SeverityWarning, "line 10", "mapping-contradiction", "it says {verdict}", "ask the makers which of both they mean",
		"verdict", "subset", "a", "GB 1", "b", "SP 1", "where", "line 9", "said", "equivalent")
	for tag, want := range map[string][]string{"zh": {"B 要求更多", "等效"}, "ru": {"B"}, "en": {"B asks more", "line 9", "equivalent"}} {
		got, where := all[tag].problem(p), ""
		where, _ = all[tag].where("line 9")
		for _, w := range append(want, where, "GB 1") {
			if !strings.Contains(got.Text, w) {
				t.Errorf("%s: %q does not hold %q", tag, got.Text, w)
			}
		}
		if got.Language != "" || got.Cure == "" || strings.Contains(got.Text, "{") {
			t.Errorf("%s: %+v", tag, got)
		}
	}
	if got := all["zh"].problem(corpus.Problem{Message: "no rule"}); got.Language != "en" {
		t.Errorf("English words pass as Chinese: %+v", got)
	}
}
