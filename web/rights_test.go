package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

func TestReach(t *testing.T) {
	long := strings.Repeat("长", corpus.ExcerptRunes)
	cases := map[string]struct {
		clause corpus.Clause
		rights corpus.Rights
		shown  int
		whole  bool
	}{
		"full":                    {corpus.Clause{Heading: "Width", Text: "1 m"}, corpus.RightsFull, 9, true},
		"titles":                  {corpus.Clause{Heading: "Width", Text: "1 m"}, corpus.RightsTitles, 5, false},
		"titles of a heading":     {corpus.Clause{Heading: "Width"}, corpus.RightsTitles, 5, true},
		"titles of a bare text":   {corpus.Clause{Text: "1 m"}, corpus.RightsTitles, 0, false},
		"a level nobody knows":    {corpus.Clause{Text: "1 m"}, "all of it", 0, false},
		"excerpt of a short text": {corpus.Clause{Text: "1 m"}, corpus.RightsExcerpt, 3, true},
		"excerpt at the limit":    {corpus.Clause{Text: long}, corpus.RightsExcerpt, len(long), true},
		"excerpt over the limit":  {corpus.Clause{Text: long + "度"}, corpus.RightsExcerpt, len(long), false},
		"no clause":               {corpus.Clause{}, corpus.RightsTitles, 0, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := reachOf(c.clause, c.rights); got.shown != c.shown || got.whole() != c.whole {
				t.Errorf("%+v, whole %v", got, got.whole())
			}
		})
	}
}

// TestPrintedWords goes along the edge of what may be shown.
func TestPrintedWords(t *testing.T) {
	span := func(start, end int) lexicon.Span { return lexicon.Span{Start: start, End: end} }
	for name, c := range map[string]struct {
		reach reach
		spans []lexicon.Span
		shown bool
	}{
		"before the edge":         {reach{10, 20}, []lexicon.Span{span(3, 10)}, true},
		"over the edge":           {reach{10, 20}, []lexicon.Span{span(3, 11)}, false},
		"one of two behind it":    {reach{10, 20}, []lexicon.Span{span(3, 5), span(12, 15)}, false},
		"nowhere":                 {reach{10, 20}, nil, false},
		"nowhere in a whole text": {reach{20, 20}, nil, true},
		"past a whole text":       {reach{20, 20}, []lexicon.Span{span(18, 30)}, true},
	} {
		if got := c.reach.printed("words", c.spans); (got != "") != c.shown {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestProposalShownLeavesTheProposal checks that what is kept back is kept back
// from a copy.
func TestProposalShownLeavesTheProposal(t *testing.T) {
	p := proposal(corpus.Clause{ID: "a/1"}, corpus.Clause{ID: "b/1"}, limitRow())
	shown := proposalShown(p, reach{0, 9}, reach{0, 9})
	if len(shown.AToB.Conditions)+len(shown.Alignments)+len(shown.Reasons[0].Source)+len(shown.Differences[0].SpansA) != 0 || shown.Differences[0].A != "" {
		t.Errorf("%+v", shown)
	}
	if len(p.AToB.Conditions) != 1 || len(p.Alignments) != 1 || len(p.Reasons[0].Source) != 1 || p.Differences[0].A == "" || p.Differences[0].Factor == 0 {
		t.Errorf("the proposal itself has changed: %+v", p)
	}
	if len(shown.Differences) != len(p.Differences) || len(shown.Reasons) != len(p.Reasons) {
		t.Error("rows are missing")
	}
}

// pagesOf opens every page that shows texts of a world, as its first reviewer.
func (w *apiWorld) pagesOf(t *testing.T) map[string]string {
	t.Helper()
	secret, err := review.NewSecret()
	apiMust(t, err)
	now := w.clock.now()
	apiMust(t, w.db.NewSession(t.Context(), review.Session{Hash: review.HashSecret(secret), Person: w.cn.ID, Created: now, LastSeen: now, Expires: now.Add(time.Hour)}))
	paths := []string{"/", "/standards", "/review", "/decisions", "/coverage", "/dossiers/" + w.open.ID.String(), "/dossiers/" + w.closed.ID.String(), "/review/list"}
	for _, list := range []string{"/standards", "/dossiers", "/dossiers/" + w.closed.ID.String() + "/matches", "/dossiers/" + w.closed.ID.String() + "/reservations", "/decisions", "/review/list", "/misreadings", "/coverage", "/mappings", "/terms/list"} {
		paths = append(paths, list+"/export/csv")
	}
	for _, m := range w.matches {
		paths = append(paths, "/matches/"+m.String())
	}
	for id := range w.docs {
		paths = append(paths, "/standards/"+string(id)+"/changes?from=cn-a-2020", "/standards/cn-a-2020/changes?from="+string(id), "/standards/"+string(id), "/standards/"+string(id)+"?only=limits", "/search?standard="+string(id), "/search/export/csv?standard="+string(id))
		for _, query := range []string{"", "?only=limits", "?sort=state", "?q=" + url.QueryEscape(hiddenText)} {
			paths = append(paths, "/standards/"+string(id)+query, "/standards/"+string(id)+"/clauses/export/csv"+query)
		}
	}
	for _, id := range w.clauseIDs() {
		paths = append(paths, "/standards/"+string(id.Standard())+"/clauses/"+url.PathEscape(id.Key()))
	}
	out := map[string]string{}
	for _, path := range append(paths, "/search?q=door", "/search?q=corridor+width") {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.AddCookie(&http.Cookie{Name: w.server.cookieName(cookieSession), Value: secret})
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, req)
		if rec.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, rec.Code)
		}
		out[path] = rec.Body.String()
	}
	return out
}

// TestRightsHoldOnPages looks on every page for words of texts that may not be
// shown, above all on workbenches of pairs that the real matcher compared.
func TestRightsHoldOnPages(t *testing.T) {
	w := newAPIWorld(t)
	de, gb := w.docs["de-c-2020"].Clauses, w.docs["gb-d-2020"].Clauses
	pair := w.server.compare.Compare(de[2], gb[1]) // with limits of two kinds, so that there are conditions
	_, _, err := w.db.Propose(t.Context(), w.closed.ID, []matcher.Proposal{pair})
	apiMust(t, err)
	page, err := w.db.Matches(t.Context(), review.Filter{Clause: de[2].ID})
	apiMust(t, err)
	bench := "/matches/" + page.Matches[0].ID.String()
	w.matches["compared"] = page.Matches[0].ID
	words := []string{hiddenText, hiddenTail, hiddenLimit}
	found := w.pagesOf(t)
	for path, body := range found {
		for _, word := range words {
			if strings.Contains(path, "?q=") {
				body = strings.ReplaceAll(strings.ReplaceAll(body, url.QueryEscape(word), ""), `value="`+word+`"`, "") // what was asked for comes back
			}
			if at := strings.Index(body, word); at >= 0 {
				t.Errorf("%q is visible on %s: %s", word, path, body[max(0, at-200):at+20])
			}
		}
	}
	for _, id := range []string{"de-c-2020", "gb-d-2020"} { // looking for a word tells nothing of what is not shown
		if rows := strings.Count(strings.TrimSpace(found["/standards/"+id+"/clauses/export/csv?q="+url.QueryEscape(hiddenText)]), "\n"); rows != 0 {
			t.Errorf("%s: %d clauses are found by a word that may not be shown", id, rows)
		}
	}
	// The control: with full rights the same pages show the words, and the
	// workbench shows them in its rows and in the conditions it suggests.
	for _, id := range []corpus.StandardID{"de-c-2020", "gb-d-2020"} {
		w.docs[id].Standard.Rights = corpus.RightsFull
		_, err := w.db.Save(t.Context(), w.docs[id], "cli")
		apiMust(t, err)
	}
	pages := w.pagesOf(t)
	for path, wanted := range map[string][]string{
		"/standards/de-c-2020": {hiddenText, hiddenLimit, `<span class="label">6</span> On ` + hiddenText}, "/standards/gb-d-2020/clauses/5.1": {hiddenTail},
		"/standards/de-c-2020/clauses/export/csv": {hiddenText, hiddenLimit}, "/standards/de-c-2020/changes?from=cn-a-2020": {hiddenText}, "/standards/cn-a-2020/changes?from=de-c-2020": {hiddenText}, "/standards/gb-d-2020/clauses/export/csv": {hiddenTail}, "/search/export/csv?standard=de-c-2020": {hiddenText},
		bench: {hiddenText, hiddenTail, `<bdi class="print" lang="en" translate="no">`, "data-hint"},
	} {
		for _, want := range wanted {
			if !strings.Contains(pages[path], want) {
				t.Errorf("%s does not show %q with full rights, so this test proves nothing", path, want)
			}
		}
	}
	_, hints, _ := strings.Cut(pages[bench], `class="hints"`)
	hints, _, _ = strings.Cut(hints, "</details>")
	rows, _, _ := strings.Cut(pages[bench], `class="texts"`)
	if !strings.Contains(hints, hiddenLimit) || !strings.Contains(rows, hiddenLimit) {
		t.Errorf("neither hints nor rows quote the texts, so this test proves nothing:\n%s", hints)
	}
}

// TestRightsHold looks at every answer for words of texts that may not be shown.
func TestRightsHold(t *testing.T) {
	w := newAPIWorld(t)
	all := w.crawl(t)
	for _, word := range []string{hiddenText, hiddenTail, hiddenLimit} {
		if at := strings.Index(all, word); at >= 0 {
			t.Errorf("%q is visible: %s", word, all[max(0, at-200):at+20])
		}
	}
	if !strings.Contains(all, shownText) || !strings.Contains(all, "Doors shall open outwards") {
		t.Error("texts that may be shown are not there")
	}
	// The control: the same words are found once the rights allow it.
	for _, id := range []corpus.StandardID{"de-c-2020", "gb-d-2020"} {
		w.docs[id].Standard.Rights = corpus.RightsFull
		_, err := w.db.Save(t.Context(), w.docs[id], "cli")
		apiMust(t, err)
	}
	all = w.crawl(t)
	for _, word := range []string{hiddenText, hiddenTail, hiddenLimit} {
		if !strings.Contains(all, word) {
			t.Errorf("%q is not visible with full rights, so this test proves nothing", word)
		}
	}
}

// TestRestrictedTextsAreFound checks that a search finds what it may not show,
// and marks nothing outside of what it shows.
func TestRestrictedTextsAreFound(t *testing.T) {
	w := sharedAPIWorld(t)
	for _, word := range []string{hiddenText, hiddenTail} {
		found := readAPI[apiSearch](t, w, "/api/v1/search?q="+word)
		if found.Total == 0 {
			t.Errorf("%q is not found", word)
		}
		for _, hit := range found.Items {
			wording := corpus.Clause{Heading: hit.Clause.Heading, Text: hit.Clause.Text}.Wording()
			for _, span := range hit.Highlights {
				if span.Start < 0 || span.End > len(wording) || span.Start >= span.End {
					t.Errorf("%s: %+v lies outside of %d bytes", hit.Clause.ID, span, len(wording))
				}
			}
		}
	}
	for _, id := range w.clauseIDs() {
		got := readAPI[apiProposals](t, w, clausePath(id)+"/proposals?limit=50")
		source := readAPI[apiClause](t, w, clausePath(id))
		for _, p := range got.Items {
			spansLie(t, p, corpus.Clause{Heading: source.Heading, Text: source.Text}.Wording(), corpus.Clause{Heading: p.Target.Heading, Text: p.Target.Text}.Wording())
		}
	}
}

// spansLie checks that every span of a proposal lies in what the answer shows.
func spansLie(t *testing.T, p apiProposal, a, b string) {
	t.Helper()
	check := func(what string, spans []apiSpan, wording string) {
		for _, s := range spans {
			if s.Start < 0 || s.End > len(wording) || s.Start > s.End {
				t.Errorf("%s and %s: %s %+v lies outside of %d bytes", p.Source, p.Target.ID, what, s, len(wording))
			}
		}
	}
	for _, r := range p.Reasons {
		check(r.Signal, r.Source, a)
		check(r.Signal, r.Target, b)
	}
	for _, d := range p.Differences {
		check(string(d.Aspect), d.SpansA, a)
		check(string(d.Aspect), d.SpansB, b)
	}
	for _, al := range p.Alignments {
		check(al.Kind, []apiSpan{al.Source}, a)
		check(al.Kind, []apiSpan{al.Target}, b)
	}
}

func TestProposalWithinRights(t *testing.T) {
	a := corpus.Clause{ID: "a/1", Standard: "a", Heading: "Width", Text: "at least 1100 mm"}
	b := corpus.Clause{ID: "b/1", Standard: "b", Text: "at least 1200 mm"}
	p := matcher.Proposal{Source: a.ID, Target: b.ID, AToB: corpus.Recognition{Answer: corpus.AnswerConditions, Conditions: []string{"at least 1200 mm"}},
		Reasons: []matcher.Reason{{Signal: "quantities", Source: []lexicon.Span{{Start: 0, End: 5}, {Start: 15, End: 22}}, Target: []lexicon.Span{{Start: 9, End: 16}}}},
		Differences: []matcher.Difference{{Aspect: matcher.AspectQuantity, A: "1100 mm", B: "1200 mm", Finding: matcher.FindingBStricter, Factor: 1.09, Delta: 0.1, Unit: "m",
			SpansA: []lexicon.Span{{Start: 15, End: 22}}, SpansB: []lexicon.Span{{Start: 9, End: 16}}}},
		Alignments: []matcher.Alignment{{Kind: matcher.AlignWord, Source: lexicon.Span{Start: 15, End: 22}, Target: lexicon.Span{Start: 9, End: 16}}}}
	cases := map[string]struct {
		a, b                           corpus.Rights
		conditions, alignments, source int // how many are told
		printedA, printedB             string
		factor                         float64
	}{
		"both full":          {corpus.RightsFull, corpus.RightsFull, 1, 1, 2, "1100 mm", "1200 mm", 1.09},
		"a titles":           {corpus.RightsTitles, corpus.RightsFull, 0, 0, 1, "", "1200 mm", 0},
		"b titles":           {corpus.RightsFull, corpus.RightsTitles, 0, 0, 2, "1100 mm", "", 0},
		"unknown level":      {"all of it", corpus.RightsFull, 0, 0, 1, "", "1200 mm", 0},
		"excerpt of a short": {corpus.RightsExcerpt, corpus.RightsExcerpt, 1, 1, 2, "1100 mm", "1200 mm", 1.09},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := newAPIProposal(p, apiText{a, corpus.Standard{Rights: c.a}}, apiText{b, corpus.Standard{Rights: c.b}})
			d := got.Differences[0]
			if len(got.AToB.Conditions) != c.conditions || len(got.Alignments) != c.alignments || len(got.Reasons[0].Source) != c.source ||
				d.A != c.printedA || d.B != c.printedB || d.Factor != c.factor || (d.Unit != "") != (c.factor != 0) {
				t.Errorf("%+v", got)
			}
		})
	}
}
