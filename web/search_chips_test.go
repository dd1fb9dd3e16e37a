package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
)

// All that narrows a search is a chip, and each chip's address is the search
// without it and with all the rest, from the first page.
func TestWhatNarrowsASearchIsAChip(t *testing.T) {
	q := index.Query{Text: "GB 50016 door issuer:ISO", Languages: []corpus.Language{"zh", "ru"}, Standards: []corpus.StandardID{"demo"}, From: 40}
	found := index.Results{
		Cited: []index.Cited{{Span: lexicon.Span{Start: 0, End: 8}, Designation: "GB 50016"}},
		Typed: []index.Typed{{Span: lexicon.Span{Start: 14, End: 24}, Field: "issuer", Value: "ISO"}},
	}
	sh := shelf{"demo": corpus.Holding{Standard: corpus.Standard{ID: "demo", Designation: "DEMO 1-2020"}}}
	var got []string
	for _, c := range filterChips(found, q, sh, &words{tag: "en"}) {
		address, err := url.Parse(c.Remove)
		if err != nil {
			t.Fatal(err)
		}
		v := address.Query()
		got = append(got, strings.Join([]string{c.Field, c.Label, v.Get("q"), strings.Join(v["language"], ","), v.Get("standard"), v.Get("from")}, "|"))
	}
	want := []string{
		"standard|GB 50016|door issuer:ISO|zh,ru|demo|",
		"issuer|ISO|GB 50016 door|zh,ru|demo|",
		"language|" + (&words{tag: "en"}).tongue("zh") + "|GB 50016 door issuer:ISO|ru|demo|",
		"language|" + (&words{tag: "en"}).tongue("ru") + "|GB 50016 door issuer:ISO|zh|demo|",
		"standard|DEMO 1-2020|GB 50016 door issuer:ISO|zh,ru||",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if none := filterChips(index.Results{}, index.Query{Text: "door"}, sh, &words{tag: "en"}); none != nil {
		t.Errorf("a query of words alone has the chips %+v", none)
	}
}

// The page tells the same search for programs, which gives the same clauses, and
// has them by standard where that is asked.
func TestSearchForProgramsAndByStandard(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("ivan")
	page := b.get("/search?q=door&language=en&exact=1").body
	if want := "/api/v1/search?exact=true&amp;lang=en&amp;q=door"; !strings.Contains(page, want) {
		t.Errorf("the page does not tell %s", want)
	}
	for name, wanted := range map[string]bool{"/search?q=door": false, "/search?q=door&order=standard": true} {
		ids := clauseLinks(b.get(name).body)
		if len(ids) < 3 {
			t.Fatalf("%s: %v", name, ids)
		}
		if slices.IsSorted(ids) != wanted {
			t.Errorf("%s: in the order of their ids is %v: %v", name, !wanted, ids)
		}
	}
}

// clauseLinks are the addresses of the hits on a page, in their order.
func clauseLinks(page string) []string {
	var out []string
	for _, part := range strings.Split(page, `<li class="hit-row">`)[1:] {
		_, rest, _ := strings.Cut(part, `<a href="`)
		address, _, _ := strings.Cut(rest, `"`)
		out = append(out, address)
	}
	return out
}
