package web

import (
	"html"
	"net/http"
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

// What learned translations render is a chip that can be taken off; what is off
// stays off in the form, the saved search and the interface, which tells the rest.
func TestLearnedTranslationsAreChips(t *testing.T) {
	learned := []index.Learned{{Span: lexicon.Span{Start: 0, End: 6}, Word: "<b>lor", Into: []index.Rendering{{Language: "ru", Text: "<i>зуб", Strength: 0.8, Pairs: 6}, {Language: "zh", Text: "鑫龘", Strength: 0.3, Pairs: 2}}}}
	s := newSite(t, func(cfg *Config) { cfg.Search = finder{learned: learned} })
	b := s.signedIn("ivan")
	raw := b.get("/search?q=%3Cb%3Elor&unlearned=door&from=20").body
	body := html.UnescapeString(raw)
	chip := between(body, `<ul class="chips"`, "</ul>")
	for _, want := range []string{"<b>lor", `<bdi lang="ru" translate="no"><i>зуб</bdi>`, "鑫龘", "from 6 pairs of clauses", `href="/search?q=%3Cb%3Elor&unlearned=door&unlearned=%3Cb%3Elor"`} {
		if !strings.Contains(chip, want) {
			t.Errorf("no %s in %s", want, chip)
		}
	}
	if strings.Contains(raw, "<b>lor") || strings.Contains(raw, "<i>зуб") {
		t.Error("words are not escaped")
	}
	if !strings.Contains(body, `name="unlearned" value="door"`) || !strings.Contains(programPath(index.Query{Text: "x", Unlearned: []string{"door"}}), "unlearned=door") {
		t.Error("what is off does not stay off")
	}
	if got := savedQuery(url.Values{"q": {"x"}, "unlearned": {"door"}}); got != "q=x&unlearned=door" {
		t.Errorf("saved as %s", got)
	}
	if none := learnedChips(nil, index.Query{Text: "door"}); none != nil {
		t.Errorf("without any learned: %+v", none)
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

// A search, the list of standards and coverage leave as files: what the page shows under its
// filter, and of a text that is held back no more than there.
func TestSearchAndStandardsAsFiles(t *testing.T) {
	b := newSite(t).signedIn("ivan")
	page := b.get("/search?q=door+%3E%3D+1000+mm").body
	if want := `href="/search/export/csv?q=door+%3E%3D+1000+mm"`; !strings.Contains(html.UnescapeString(page), want) {
		t.Errorf("the page does not offer %s", want)
	}
	rows := csvOf(t, b.get("/search/export/csv?q=door+%3E%3D+1000+mm"))
	if hits := len(clauseLinks(page)); len(rows) != hits+1 {
		t.Fatalf("%d lines for %d hits", len(rows), hits)
	}
	values := 0
	for _, r := range rows[1:] {
		if len(r) != len(hitColumns) || r[0] == "" || r[1] == "" {
			t.Errorf("the row %q", r)
		}
		if strings.Contains(r[6], "1234") {
			values++
		}
	}
	if values != 2 {
		t.Errorf("the value stands in %d rows, with two open texts and one that is kept back", values)
	}
	if got := b.get("/search/export/pdf?q=door"); got.status != http.StatusNotFound {
		t.Errorf("an unknown format: %d", got.status)
	}
	all, some := csvOf(t, b.get("/standards/export/csv")), csvOf(t, b.get("/standards/export/csv?place=CN"))
	if len(some) < 2 || len(some) >= len(all) {
		t.Errorf("%d standards of all, %d of China", len(all)-1, len(some)-1)
	}
	both, none := csvOf(t, b.get("/coverage/export/csv?from=CN&to=RU")), csvOf(t, b.get("/coverage/export/csv?from=CN&to=US"))
	if len(both) != 3 || len(both[1]) != len(coverageColumns) || both[1][0] != both[2][1] || both[1][1] != both[2][0] || len(none) != 1 {
		t.Errorf("coverage of two countries in both directions: %q; of two without a dossier: %q", both, none)
	}
	if !strings.Contains(b.get("/standards?place=CN").body, `href="/standards/export/xlsx?place=CN"`) {
		t.Error("the list does not offer its files under its filter")
	}
}

// TestNamedStandardsAreJumpedTo however the designation is printed; another number is
// not.
func TestNamedStandardsAreJumpedTo(t *testing.T) {
	held := []corpus.Holding{{Standard: corpus.Standard{ID: "ru-a", Designation: "ГОСТ Р 99580.1—2017"}}, {Standard: corpus.Standard{ID: "eu-b", Designation: "Règlement (UE) n° 910/2014"}}}
	for asked, want := range map[string]string{
		"GOST R 99580.1": "ГОСТ Р 99580.1—2017", "GOST R 99580.1-2017": "ГОСТ Р 99580.1—2017", "Regulation (EU) No 910/2014": "Règlement (UE) n° 910/2014",
		"GOST R 99580.2": "", "GOST R 99580.1-2007": "", "Regulation (EU) No 910/2015": "",
	} {
		got := ""
		for _, n := range named([]index.Cited{{Designation: asked}}, held) {
			got += n.Name
		}
		if got != want {
			t.Errorf("%s jumps to %q, want %q", asked, got, want)
		}
	}
}

// What was taken off a search stays on the page, with and without scripts, as a link
// to the search with it; the address of a saved search has it too.
func TestWhatWasTakenOffIsPutBack(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.Search = finder{} })
	b := s.signedIn("ivan")
	page := b.get("/search?q=door+lorry&without=door&without=%3Cb%3E&unlearned=lorry&jurisdiction=CN&from=20")
	off := html.UnescapeString(between(page.body, `<li class="chip off">`, "</div>"))
	for _, want := range []string{
		`<s><bdi translate="no">door leaf</bdi></s> <a href="/search?jurisdiction=CN&q=door+lorry&unlearned=lorry&without=%3Cb%3E">`,
		`<s><bdi translate="no"><b></bdi></s> <a href="/search?jurisdiction=CN&q=door+lorry&unlearned=lorry&without=door">`,
		`<s><bdi translate="no">lorry</bdi></s> <a href="/search?jurisdiction=CN&q=door+lorry&without=door&without=%3Cb%3E">`,
	} {
		if !strings.Contains(off, want) {
			t.Errorf("no %s in %s", want, off)
		}
	}
	if strings.Contains(page.body, "<b></bdi>") {
		t.Error("an id is not escaped")
	}
	fields := formFields(t, page.body, "/search/saved")
	if want := "jurisdiction=CN&q=door+lorry&unlearned=lorry&without=door&without=%3Cb%3E"; fields.Get("query") != want {
		t.Errorf("would save %q, want %q", fields.Get("query"), want)
	}
	if body := b.get("/search?q=door").body; strings.Contains(body, "chip off") {
		t.Error("nothing was taken off, and a chip says so")
	}
	s = newSite(t, func(cfg *Config) {
		cfg.Search = finder{err: corpus.Refuse(corpus.ErrLimit, "query-long", "the query has {has} characters, at most {most} are allowed", "has", 600, "most", 512)}
	})
	if body := s.signedIn("ivan").get("/search?q=door&without=door").body; !strings.Contains(body, "chip off") {
		t.Error("a query that is refused hides what was taken off")
	}
}

// A query that finds nothing shows what may have been meant, and the way out of its
// filters where it has any.
func TestNothingFoundLeadsOn(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.Search = finder{meant: "fire <door>"} })
	b := s.signedIn("ivan")
	body := html.UnescapeString(b.get("/search?q=fire+dorr&jurisdiction=CN&order=standard").body)
	for _, want := range []string{`<a href="/search?jurisdiction=CN&order=standard&q=fire+%3Cdoor%3E"><bdi translate="no">fire <door></bdi></a>`, `<li><a href="/search?order=standard&q=fire+dorr">`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if body := b.get("/search?q=fire+dorr").body; strings.Contains(body, `<li><a href="/search?`) {
		t.Error("a search without filters offers to take them off")
	}
}
