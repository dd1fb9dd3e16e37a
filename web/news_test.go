package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/review"
)

// TestNewsPages: a dispute is told to who answered, on the list, at home and in the
// header; looking marks nothing, the button does, up to what the page knew.
func TestNewsPages(t *testing.T) {
	s := newSite(t)
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	s.say("lina", s.matches[2], "subset", "", plainNo, plainYes)
	s.say("ivan", s.matches[2], "overlap", "@lina look", withConditions("x"), withConditions("y"))
	at := "/matches/" + s.matches[2].ID.String()
	for range 2 { // looking twice marks nothing
		lina.holds("/news", []string{`href="` + at + `"`, "is disputed", "named in a comment", `<strong class="count">3<`, `id="digest"`, `name="upto"`}, nil)
	}
	lina.holds("/", []string{`id="digest"`, "/news?state=new&amp;kind=disputed&amp;dossier=" + s.dossier.ID.String()}, nil)
	if body := ivan.get("/news").body; strings.Contains(body, ">A match you answered is disputed</a>") {
		t.Error("ivan is told what he did")
	}
	filtered := lina.get("/news?kind=disputed").body
	if strings.Contains(filtered, `name="upto"`) || strings.Contains(between(filtered, "<tbody>", "</tbody>"), "named in a comment") {
		t.Error("the filter leaves the rest in, or would mark what it does not show")
	}
	form := formFields(t, lina.get("/news").body, "/news/seen")
	form.Del("only")
	if err := s.db.Tell(t.Context(), s.people["lina"].ID, review.News{Kind: review.NewsRun, Object: s.dossier.ID, Dossier: s.dossier.ID}); err != nil {
		t.Fatal(err)
	}
	if got := lina.post("/news/seen", form); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	lina.holds("/news", []string{`<strong class="count">1<`}, nil) // what came since
	if seen := between(lina.get("/news?state=seen").body, "<tbody>", "</tbody>"); !strings.Contains(seen, "is disputed") || strings.Contains(seen, "A run you asked for") {
		t.Errorf("%s", seen)
	}
	// nothing but the number, once a day and for never
	for _, often := range []string{"daily", "never"} {
		if got := lina.submit("/news", "/news/choice", url.Values{"often": {often}, "kind": {"run", "disputed"}}); got.status != http.StatusSeeOther {
			t.Fatal(got.status, got.body)
		}
		lina.holds("/news", []string{"A run you asked for has ended</a>", `value="` + often + `" selected`}, []string{`class="count"`, `id="digest"`, ">You are named in a comment</a>"})
	}
	if got := lina.submit("/news", "/news/choice", url.Values{"often": {"hourly"}}); got.status != http.StatusBadRequest {
		t.Errorf("hourly: %d", got.status)
	}
	// of others nothing is marked, and the way back is to us alone
	only := url.Values{"upto": {"999999"}, "back": {"//elsewhere.example"}}
	if got := ivan.submit("/news", "/news/seen", only); strings.Contains(got.header.Get("Location"), "elsewhere") {
		t.Error(got.header)
	}
	lina.holds("/news?state=new", []string{"A run you asked for has ended</a>"}, nil)
}
