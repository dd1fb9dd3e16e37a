package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// TestWalk asks for everything there is; every answer keeps the document (ask
// checks that), and every operation answers.
func TestWalk(t *testing.T) {
	w := sharedAPIWorld(t)
	clear(w.answered)
	w.crawl(t)
	w.exported(t, apiExportAsk{Dossier: w.open.ID}, "walk")
	for path, item := range w.doc.Paths.Map() {
		for method := range item.Operations() {
			if !w.answered[method+" "+path] {
				t.Errorf("%s %s was never answered", method, path)
			}
		}
	}
}

// TestWalkNoticesMissingFields is the negative control of TestWalk: an answer
// with any field taken away that is always there does not pass.
func TestWalkNoticesMissingFields(t *testing.T) {
	w := sharedAPIWorld(t)
	taken := 0
	for _, path := range []string{"/api/v1/standards/cn-a-2020", "/api/v1/clauses/cn-a-2020/5.1", "/api/v1/matches/" + w.matches["confirmed"].String(),
		"/api/v1/search?q=corridor", "/api/v1/clauses/cn-a-2020/5.1/proposals", "/api/v1/decisions", "/api/v1/dossiers/" + w.open.ID.String()} {
		rec := w.get(t, path)
		req := httptest.NewRequest(http.MethodGet, path, nil)
		op, _ := w.describes(req)
		schema := op.Responses.Status(http.StatusOK).Value.Content["application/json"].Schema
		var whole any
		apiMust(t, json.Unmarshal(rec.Body.Bytes(), &whole))
		for _, cut := range without(whole) {
			body, err := json.Marshal(cut.value)
			apiMust(t, err)
			if keepsSchema(schema, body) == nil && !mayBeAbsent[cut.field] && (cut.field != "state" || op.OperationID != "search") { // there also a name of a map
				t.Errorf("%s: an answer without %s passes", path, cut.field)
			}
			taken++
		}
	}
	if taken < 100 {
		t.Errorf("only %d fields were taken away", taken)
	}
}

// mayBeAbsent are the fields that an answer may do without.
var mayBeAbsent = map[string]bool{"parent": true, "heading": true, "path": true, "next": true, "outcome": true, "verdict": true, "note": true, "model": true, "notice": true,
	"adopts": true, "replaces": true, "domain": true, "conditions": true, "details": true, "kind": true, "need": true, "concept": true, "a": true, "b": true, "factor": true, "delta": true, "unit": true, "reasons": true, "features": true, "reservations": true, "comparison": true,
	"en": true, "zh": true, "ru": true, "jurisdiction": true, "language": true, "issuer": true, "obligation": true, "status": true, "quantity": true} // the last are also names of maps

// cutOf is a value with one field taken away somewhere.
type cutOf struct {
	field string
	value any
}

// without lists a value with each field taken away in turn; of lists, the first
// item stands for all.
func without(value any) []cutOf {
	var out []cutOf
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			less := maps.Clone(v)
			delete(less, name)
			out = append(out, cutOf{name, less})
			for _, inner := range without(v[name]) {
				changed := maps.Clone(v)
				changed[name] = inner.value
				out = append(out, cutOf{inner.field, changed})
			}
		}
	case []any:
		if len(v) > 0 {
			for _, inner := range without(v[0]) {
				out = append(out, cutOf{inner.field, append([]any{inner.value}, v[1:]...)})
			}
		}
	}
	return out
}

// TestEquivalents checks order, filter and what was agreed.
func TestEquivalents(t *testing.T) {
	w := newAPIWorld(t)
	got := readAPI[apiEquivalents](t, w, "/api/v1/clauses/ru-b-2020/5.1/equivalents")
	if len(got.Matches) != 1 || got.Matches[0].ID != w.matches["confirmed"] {
		t.Fatalf("from the other side: %+v", got)
	}
	m := got.Matches[0]
	if m.Outcome == nil || m.Outcome.Verdict != "subset" || m.Outcome.AToB.Answer != corpus.AnswerNo || m.Outcome.BToA.Answer != corpus.AnswerYes ||
		len(m.Outcome.Decisions) != 2 || len(m.Decisions) != 2 || m.Decisions[0].Party != "CN" || m.Decisions[1].Party != "RU" {
		t.Errorf("%+v", m)
	}
	// A second, open match of the same clause stands behind the agreed one.
	w.clock.move(time.Minute)
	open := matcher.Proposal{Source: "cn-a-2020/5.1", Target: "ru-b-2020/5.2", SourceDigest: w.docs["cn-a-2020"].Clauses[1].Digest(),
		TargetDigest: w.docs["ru-b-2020"].Clauses[2].Digest(), Confidence: 0.99, Relation: corpus.RelationOverlap, Model: "test 1"}
	_, _, err := w.db.Propose(t.Context(), w.open.ID, []matcher.Proposal{open})
	apiMust(t, err)
	path := "/api/v1/clauses/cn-a-2020/5.1/equivalents"
	for query, want := range map[string][]review.State{"": {review.StateConfirmed, review.StateProposed}, "?state=proposed": {review.StateProposed},
		"?state=confirmed": {review.StateConfirmed}, "?state=confirmed&state=proposed": {review.StateConfirmed, review.StateProposed}, "?state=rejected": nil} {
		var states []review.State
		for _, m := range readAPI[apiEquivalents](t, w, path+query).Matches {
			states = append(states, m.State)
		}
		if !slices.Equal(states, want) {
			t.Errorf("%s: %v, want %v", query, states, want)
		}
	}
	if got := readAPI[apiEquivalents](t, w, "/api/v1/clauses/cn-a-2020/"+url.PathEscape("A/2")+"/equivalents"); len(got.Matches) != 1 || got.Matches[0].State != review.StateAbsent || len(got.Matches[0].Targets) != 0 {
		t.Errorf("no counterpart: %+v", got)
	}
}

// TestProposals checks that the matcher is asked about the right standards.
func TestProposals(t *testing.T) {
	w := sharedAPIWorld(t)
	got := readAPI[apiProposals](t, w, "/api/v1/clauses/cn-a-2020/5.1/proposals?among=ru-b-2020&limit=3")
	if len(got.Items) == 0 || len(got.Items) > 3 {
		t.Fatalf("%d proposals", len(got.Items))
	}
	first := got.Items[0]
	if first.Target.ID != "ru-b-2020/5.1" || first.Target.Text == "" || len(first.Reasons) == 0 || len(first.Differences) == 0 || len(first.Alignments) == 0 {
		t.Errorf("%+v", first)
	}
	for i, p := range got.Items {
		if p.Target.Standard != "ru-b-2020" || i > 0 && p.Score > got.Items[i-1].Score {
			t.Errorf("%d: %+v", i, p)
		}
	}
	seen := map[corpus.StandardID]bool{}
	for _, p := range readAPI[apiProposals](t, w, "/api/v1/clauses/cn-a-2020/5.1/proposals?limit=50").Items {
		seen[p.Target.Standard] = true
	}
	if seen["cn-a-2020"] || !seen["ru-b-2020"] || !seen["gb-d-2020"] {
		t.Errorf("without among: %v", seen)
	}
}

// pages walks a list from its beginning and returns what key names of each item.
func pages[T any](t *testing.T, w *apiWorld, path string, key func(T) string) []string {
	t.Helper()
	var out []string
	cursor := ""
	for range 200 {
		at := path
		if cursor != "" {
			at += "&cursor=" + url.QueryEscape(cursor)
		}
		page := readAPI[apiList[T]](t, w, at)
		for _, item := range page.Items {
			out = append(out, key(item))
		}
		if page.Next == "" {
			return out
		}
		if len(page.Items) == 0 {
			t.Fatalf("%s has an empty page before its end", path)
		}
		cursor = page.Next
	}
	t.Fatalf("%s does not end", path)
	return nil
}

// TestCursorsWalkEverythingOnce walks every list with pages of every size.
func TestCursorsWalkEverythingOnce(t *testing.T) {
	w := sharedAPIWorld(t)
	standard := func(s apiStandard) string { return string(s.ID) }
	clause := func(c apiClause) string { return string(c.ID) }
	match := func(m apiMatch) string { return m.ID.String() }
	hit := func(h apiHit) string { return string(h.Clause.ID) }
	decisions, err := w.db.Decisions(t.Context(), 0, 200)
	apiMust(t, err)
	seen := len(slices.DeleteFunc(decisions, func(d review.Decision) bool { return d.Note == blindNote }))
	var inOrder []string
	for _, c := range w.docs["cn-a-2020"].Clauses {
		inOrder = append(inOrder, string(c.ID))
	}
	for limit := 1; limit <= 12; limit++ {
		sized := fmt.Sprintf("?limit=%d", limit)
		for name, c := range map[string]struct{ got, want []string }{
			"standards":          {pages(t, w, "/api/v1/standards"+sized, standard), []string{"cn-a-2020", "de-c-2020", "gb-d-2020", "ru-b-2020"}},
			"standards filtered": {pages(t, w, "/api/v1/standards"+sized+"&language=en", standard), []string{"de-c-2020", "gb-d-2020"}},
			"clauses":            {pages(t, w, "/api/v1/standards/cn-a-2020/clauses"+sized, clause), inOrder},
		} {
			if !slices.Equal(c.got, c.want) {
				t.Errorf("%s by %d: %v, want %v", name, limit, c.got, c.want)
			}
		}
		for _, order := range apiOrders {
			once(t, "matches by "+string(order), pages(t, w, "/api/v1/matches"+sized+"&order="+string(order), match), len(w.matches))
		}
		all := readAPI[apiSearch](t, w, "/api/v1/search?limit=100&q=door*")
		once(t, "search", pages(t, w, "/api/v1/search"+sized+"&q=door*", hit), all.Total)
		once(t, "search by filter alone", pages(t, w, "/api/v1/search"+sized+"&status=in-force", hit), len(w.clauseIDs()))
		once(t, "search for nothing", pages(t, w, "/api/v1/search"+sized, hit), 0)
		once(t, "decisions", feed(t, w, limit), seen)
	}
	// A cursor belongs to one search.
	next := readAPI[apiSearch](t, w, "/api/v1/search?limit=1&q=door*").Next
	if rec := w.ask(t, apiAsk{path: "/api/v1/search?limit=1&q=corridor&cursor=" + next, key: w.keys["all"]}); rec.Code != http.StatusBadRequest {
		t.Errorf("the cursor of another search: %d", rec.Code)
	}
}

// once checks that a walk met everything and nothing twice.
func once(t *testing.T, what string, got []string, want int) {
	t.Helper()
	distinct := slices.Compact(slices.Sorted(slices.Values(got)))
	if len(got) != want || len(distinct) != want {
		t.Errorf("%s: %d items, %d different ones, want %d", what, len(got), len(distinct), want)
	}
}

// feed follows the decisions from the beginning to now.
func feed(t *testing.T, w *apiWorld, limit int) []string {
	t.Helper()
	var out []string
	after := int64(0)
	for range 200 {
		page := readAPI[apiFeed](t, w, fmt.Sprintf("/api/v1/decisions?limit=%d&after=%d", limit, after))
		for _, d := range page.Items {
			if d.Seq <= after || d.Seq > page.After {
				t.Errorf("decision %d on the page from %d to %d", d.Seq, after, page.After)
			}
			out = append(out, d.ID.String())
		}
		after = page.After
		if !page.More {
			return out
		}
	}
	t.Fatal("the feed does not end")
	return nil
}

// TestFeedTellsOfSettling follows decisions: a blind one is passed over, and the
// one that settles the match names it.
func TestFeedTellsOfSettling(t *testing.T) {
	w := newAPIWorld(t)
	begin := readAPI[apiFeed](t, w, "/api/v1/decisions?limit=200")
	w.answer(t, "proposed", w.cn, review.Verdict(corpus.RelationSubset), blindNote)
	blind := readAPI[apiFeed](t, w, fmt.Sprintf("/api/v1/decisions?after=%d", begin.After))
	if len(blind.Items) != 0 || blind.After <= begin.After {
		t.Fatalf("%+v", blind)
	}
	w.answer(t, "proposed", w.ru, review.Verdict(corpus.RelationSubset), "")
	settled := readAPI[apiFeed](t, w, fmt.Sprintf("/api/v1/decisions?after=%d", blind.After))
	if len(settled.Items) != 1 || settled.Items[0].Match != w.matches["proposed"] {
		t.Fatalf("%+v", settled)
	}
	if m := readAPI[apiMatch](t, w, "/api/v1/matches/"+settled.Items[0].Match.String()); len(m.Decisions) != 2 || m.Decisions[0].Note != blindNote {
		t.Errorf("%+v", m)
	}
}

// TestWithoutParts asks a server that has neither search nor matcher.
func TestWithoutParts(t *testing.T) {
	w := *sharedAPIWorld(t)
	var err error
	w.server, err = New(Config{Store: w.db, Records: w.db, Now: w.clock.now})
	apiMust(t, err)
	for _, path := range []string{"/api/v1/search?q=a", "/api/v1/clauses/cn-a-2020/5.1/proposals"} {
		if rec := w.ask(t, apiAsk{path: path, key: w.keys["all"]}); rec.Code != http.StatusServiceUnavailable || problemOf(t, rec).Code != "no-search" {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
		}
	}
	w.get(t, "/api/v1/standards")
}

// TestReservationsAreTold: what parties reserve is told where its match, dossier or
// round is, in the feed as in the lists, and no more once it is withdrawn.
func TestReservationsAreTold(t *testing.T) {
	w := newAPIWorld(t)
	must := func(err error) { t.Helper(); apiMust(t, err) }
	after := func() int64 {
		var last int64
		for more := true; more; {
			var page apiChangePage
			must(json.Unmarshal(w.get(t, fmt.Sprintf("/api/v1/changes?after=%d&limit=200", last)).Body.Bytes(), &page))
			last, more = page.After, page.More
			w.clock.move(time.Second)
		}
		return last
	}
	before := after()
	match := w.matches["confirmed"]
	one, err := w.db.Reserve(t.Context(), w.open.ID, match, "until 2027", w.cn)
	must(err)
	_, err = w.db.Reserve(t.Context(), w.open.ID, uuid.Nil, "ratification", w.ru)
	must(err)
	holder := review.Person{ID: apiUUID(t), Login: "holder", Name: "Holder", Role: review.RoleNegotiator, Party: "CN", Languages: []corpus.Language{"en"}}
	must(w.db.SavePerson(t.Context(), holder, "cli"))
	_, err = w.db.SavePosition(t.Context(), review.Position{Dossier: w.open.ID, Match: match, Want: privateWord, Priority: review.PriorityNormal}, holder)
	must(err)
	_, err = w.db.FreezeRound(t.Context(), w.open.ID, "With reservations", w.cn)
	must(err)
	rounds, err := w.db.Rounds(t.Context(), w.open.ID)
	must(err)
	n := len(rounds)
	base := "/api/v1/dossiers/" + w.open.ID.String()
	for path, want := range map[string][]string{
		"/api/v1/matches/" + match.String():                       {`"reservations":[{"id":"` + one.ID.String() + `","party":"CN","text":"until 2027"`},
		"/api/v1/matches?state=confirmed":                         {`"text":"until 2027"`},
		"/api/v1/dossiers":                                        {`"party":"RU","text":"ratification"`},
		base:                                                      {`"party":"RU","text":"ratification"`},
		fmt.Sprintf("%s/rounds/%d", base, n):                      {`"party":"RU","text":"ratification"`},
		fmt.Sprintf("%s/rounds/%d/matches", base, n):              {`"text":"until 2027"`},
		fmt.Sprintf("%s/rounds/%d/diff?to=%d", base, n-1, n):      {`"kinds":["reservation"]`, `"declared":[{`, `"text":"ratification"`},
		fmt.Sprintf("/api/v1/changes?after=%d&limit=200", before): {`"text":"until 2027"`, `"text":"ratification"`},
		base + "/export?format=sssom":                             {"CN since ", ": until 2027", "ratification"},
		"/api/v1/clauses/" + string(w.docs["cn-a-2020"].Clauses[1].ID) + "/equivalents": {},
	} {
		w.clock.move(time.Second)
		body := w.get(t, path).Body.String()
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s does not tell %s:\n%s", path, text, body)
			}
		}
		if strings.Contains(body, privateWord) {
			t.Errorf("%s tells a position", path)
		}
	}
	before = after()
	_, err = w.db.WithdrawReservation(t.Context(), one.ID, w.cn)
	must(err)
	var page apiChangePage
	must(json.Unmarshal(w.get(t, fmt.Sprintf("/api/v1/changes?after=%d", before)).Body.Bytes(), &page))
	if len(page.Items) != 1 || page.Items[0].Match == nil || page.Items[0].Match.Reserved != nil {
		t.Errorf("the withdrawal is told as %+v", page.Items)
	}
}
