package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/review"
)

func TestSavedSearches(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	const asked = "/search?q=door+%3Cb%3E&jurisdiction=CN&jurisdiction=RU&from=20&unknown=1"
	page := b.get(asked)
	fields := formFields(t, page.body, "/search/saved")
	if want := "jurisdiction=CN&jurisdiction=RU&q=door+%3Cb%3E"; fields.Get("query") != want {
		t.Fatalf("would save %q, want %q", fields.Get("query"), want)
	}
	fields.Set("name", "My <i>doors</i>")
	got := b.post("/search/saved", fields)
	if to := got.header.Get("Location"); got.status != http.StatusSeeOther || !strings.HasPrefix(to, "/search?jurisdiction=CN&jurisdiction=RU&q=door") {
		t.Fatalf("saved: %d to %q", got.status, to)
	}
	page = b.get("/search")
	if !strings.Contains(page.body, "My &lt;i&gt;doors&lt;/i&gt;") || strings.Contains(page.body, "<i>doors") {
		t.Error("the saved search is not listed, or as markup")
	}
	if strings.Contains(page.body, `name="query"`) {
		t.Error("nothing is asked, and the page offers to save it")
	}
	page = b.get("/search?q=door+%3Cb%3E&jurisdiction=CN&jurisdiction=RU")
	if strings.Contains(page.body, `name="query"`) || !strings.Contains(page.body, `aria-current="page"`) {
		t.Error("what is saved is offered again")
	}
	if other := s.signedIn("ivan").get("/search"); strings.Contains(other.body, "doors") {
		t.Error("another person sees it")
	}

	// the same name in other letters replaces
	fields = formFields(t, b.get("/search?q=stair").body, "/search/saved")
	fields.Set("name", "MY <I>DOORS</I>")
	b.post("/search/saved", fields)
	saved, err := s.db.SavedSearches(t.Context(), s.people["lina"].ID)
	if err != nil || len(saved) != 1 || saved[0].Query != "q=stair" {
		t.Fatalf("%v %+v", err, saved)
	}

	// somebody else's cannot be dropped; one's own is shown once more
	drop := "/search/saved/" + saved[0].ID.String() + "/drop"
	ivan := s.signedIn("ivan")
	if got := ivan.submit("/search?q=stair", drop, url.Values{}); got.status != http.StatusNotFound {
		t.Errorf("dropping another's search: %d", got.status)
	}
	if got := b.submit("/search", drop, url.Values{}); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/search?q=stair&done=dropped") {
		t.Errorf("dropping: %d %q", got.status, got.header.Get("Location"))
	}
	if got := b.submit("/search?q=stair", drop, url.Values{}); got.status != http.StatusNotFound {
		t.Errorf("dropping twice: %d", got.status)
	}
}

func TestSavedSearchesRefuse(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("reader")
	for name, form := range map[string]url.Values{
		"no name":    {"name": {" "}, "query": {"q=x"}},
		"long name":  {"name": {strings.Repeat("名", review.MaxSavedName+1)}, "query": {"q=x"}},
		"nothing":    {"name": {"x"}, "query": {"from=20&other=1"}},
		"no address": {"name": {"x"}, "query": {"%zz"}},
	} {
		if got := b.submit("/search?q=x", "/search/saved", form); got.status < 400 || got.status >= 500 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	for i := range review.MaxSavedSearches {
		form := url.Values{"name": {strings.Repeat("n", i+1)}, "query": {"q=x"}}
		if got := b.submit("/search?q=x", "/search/saved", form); got.status != http.StatusSeeOther {
			t.Fatalf("the %d. search: %d", i+1, got.status)
		}
	}
	if got := b.submit("/search?q=x", "/search/saved", url.Values{"name": {"one more"}, "query": {"q=x"}}); got.status < 400 || got.status >= 500 {
		t.Errorf("one too many: %d", got.status)
	}
}

// A saved search gets another name, one's own alone; a name that another has replaces
// that one, as saving does.
func TestSavedSearchesAreRenamed(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	for name, q := range map[string]string{"doors": "q=door", "stairs": "q=stair"} {
		b.submit("/search?"+q, "/search/saved", url.Values{"name": {name}, "query": {q}})
	}
	names := func() string {
		saved, err := s.db.SavedSearches(t.Context(), s.people["lina"].ID)
		if err != nil {
			t.Fatal(err)
		}
		out := ""
		for _, x := range saved {
			out += x.Name + " " + x.Query + ";"
		}
		return out
	}
	saved, err := s.db.SavedSearches(t.Context(), s.people["lina"].ID)
	if err != nil || len(saved) != 2 {
		t.Fatal(err, saved)
	}
	rename := "/search/saved/" + saved[0].ID.String() + "/rename"
	page := b.get("/search/saved").body
	fields := formFields(t, page, rename)
	if !strings.Contains(between(page, rename, "</form>"), `value="doors"`) {
		t.Error("the form does not begin with the name there is")
	}
	fields.Set("name", " Fire <doors> ")
	if got := b.post(rename, fields); got.status != http.StatusSeeOther || names() != "Fire <doors> q=door;stairs q=stair;" {
		t.Fatalf("%d, then there are %s", got.status, names())
	}
	if body := b.get("/search/saved").body; !strings.Contains(body, "Fire &lt;doors&gt;") {
		t.Error("the new name is not listed")
	}
	if got := s.signedIn("ivan").submit("/search?q=x", rename, url.Values{"name": {"mine"}}); got.status != http.StatusNotFound {
		t.Errorf("another's search is renamed: %d", got.status)
	}
	for _, bad := range []string{" ", strings.Repeat("名", review.MaxSavedName+1)} {
		fields.Set("name", bad)
		if got := b.post(rename, fields); got.status < 400 || got.status >= 500 {
			t.Errorf("the name %.5q: %d", bad, got.status)
		}
	}
	fields.Set("name", "STAIRS")
	if b.post(rename, fields); names() != "STAIRS q=door;" {
		t.Errorf("a name that another has leaves %s", names())
	}
}
