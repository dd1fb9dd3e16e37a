package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
)

func TestCollections(t *testing.T) {
	s := newSite(t)
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	page := lina.get("/search?q=door")
	if !strings.Contains(page.body, `form="collector" name="clause" value="gb-1-2020/5.1"`) {
		t.Fatal("a hit cannot be ticked")
	}
	collect := func(form url.Values) answer { return lina.submit("/search?q=door", "/collections", form) }
	got := collect(url.Values{"clause": {"gb-1-2020/5.1", "sp-1-2020/5.4", "gb-1-2020/5.1", "iso-9-2020/5.1"}, "name": {" Exits <b> "}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%.300s", got.status, got.body)
	}
	own, _, _ := strings.Cut(got.header.Get("Location"), "?")
	body := lina.get(own).body
	for _, want := range []string{"Exits &lt;b&gt;", "3 clauses", "GB-1-2020", "疏散门", "&lt;script&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("the collection does not show %q", want)
		}
	}
	// Rights hold on the page and in the files; what may be shown is there.
	secret := strings.Repeat("secret words of a paid text ", 12)
	for name, text := range map[string]string{"page": body, "csv": lina.get(own + "/export/csv").body} {
		if strings.Contains(text, secret) {
			t.Errorf("%s shows a paid text", name)
		}
		if !strings.Contains(text, "secret words") || !strings.Contains(text, "疏散门的净宽度") {
			t.Errorf("%s does not show what may be shown", name)
		}
	}
	if got := lina.get(own + "/export/xlsx"); got.status != http.StatusOK || !strings.HasPrefix(got.body, "PK") {
		t.Errorf("XLSX: %d", got.status)
	}
	// It is theirs alone: to look, to change, to add, to drop.
	id := strings.TrimPrefix(own, "/collections/")
	for path, form := range map[string]url.Values{own: {"name": {"mine"}}, own + "/drop": {}, "/collections": {"clause": {"gb-1-2020/5.2"}, "collection": {id}}} {
		if got := ivan.submit("/collections", path, form); got.status != http.StatusNotFound {
			t.Errorf("somebody else posts to %s: %d", path, got.status)
		}
	}
	if got := ivan.get(own); got.status != http.StatusNotFound {
		t.Errorf("somebody else sees it: %d", got.status)
	}
	// More, less, another name.
	if got := collect(url.Values{"clause": {"gb-1-2020/5.2"}, "collection": {id}}); got.status != http.StatusSeeOther {
		t.Errorf("one more: %d", got.status)
	}
	if got := lina.submit(own, own, url.Values{"take": {"gb-1-2020/5.1"}}); got.status != http.StatusSeeOther {
		t.Errorf("one less: %d", got.status)
	}
	if got := lina.submit(own, own, url.Values{"name": {"Doors"}}); got.status != http.StatusSeeOther {
		t.Errorf("another name: %d", got.status)
	}
	x, err := s.db.Collections(context.Background(), s.people["lina"].ID)
	if err != nil || len(x) != 1 || x[0].Name != "Doors" || len(x[0].Clauses) != 3 || x[0].Clauses[2] != "gb-1-2020/5.2" {
		t.Fatalf("%+v %v", x, err)
	}
	for name, form := range map[string]url.Values{
		"nothing ticked":       {"name": {"New"}},
		"no name":              {"clause": {"gb-1-2020/5.1"}},
		"an unknown clause":    {"clause": {"gb-1-2020/77"}, "name": {"New"}},
		"a name twice":         {"clause": {"gb-1-2020/5.1"}, "name": {"DOORS"}},
		"a name without end":   {"clause": {"gb-1-2020/5.1"}, "name": {strings.Repeat("x", 200)}},
		"far too many clauses": {"clause": manyClauses(600), "name": {"New"}},
	} {
		if got := collect(form); got.status < 400 || got.status >= 500 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := lina.submit(own, own+"/drop", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("drop: %d", got.status)
	}
	if body := lina.get("/collections").body; !strings.Contains(body, "You have no collection yet") {
		t.Error("a dropped collection is still there")
	}
}

func manyClauses(n int) []string {
	var out []string
	for i := range n {
		out = append(out, string(corpus.NewClauseID("gb-1-2020", strings.Repeat("9", 1+i))))
	}
	return out
}
