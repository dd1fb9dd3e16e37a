package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

// moreCandidates proposes the second target for the first source too, and the
// first target for the second source.
func (s *site) moreCandidates() {
	s.t.Helper()
	ctx := context.Background()
	a, err := s.db.ClausesOf(ctx, "gb-1-2020")
	if err != nil {
		s.t.Fatal(err)
	}
	b, err := s.db.ClausesOf(ctx, "sp-1-2020")
	if err != nil {
		s.t.Fatal(err)
	}
	if _, _, err := s.db.Propose(ctx, s.dossier.ID, []matcher.Proposal{proposal(a[1], b[2]), proposal(a[2], b[1])}); err != nil {
		s.t.Fatal(err)
	}
}

// first is the match of the first source with the first target.
func (s *site) first() review.Match { return s.reload(s.matches[0]) }

func TestPutTogether(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.first()
	page, action := "/matches/"+m.ID.String(), "/matches/"+m.ID.String()+"/together"
	if body := lina.get(page).body; strings.Contains(body, "Several together") {
		t.Error("a set is offered although there is nothing to add")
	}
	s.moreCandidates()
	body := lina.get(page).body
	for _, want := range []string{`name="b" value="sp-1-2020/5.2"`, `name="a" value="gb-1-2020/5.2"`, "Several together"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, not := range []string{`name="b" value="sp-1-2020/5.1"`, `name="b" value="gb-`, "put together by a person", "/drop"} {
		if strings.Contains(body, not) {
			t.Errorf("the page has %s", not)
		}
	}
	if strings.Contains(s.signedIn("reader").get(page).body, "Several together") {
		t.Error("a reader is offered a set")
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
	}{
		"nothing ticked":          {url.Values{}, http.StatusBadRequest},
		"a clause of elsewhere":   {url.Values{"b": {"iso-9-2020/5.1"}}, http.StatusBadRequest},
		"a clause that is not":    {url.Values{"b": {"sp-1-2020/99"}}, http.StatusNotFound},
		"a source as a target":    {url.Values{"b": {"gb-1-2020/5.2"}}, http.StatusBadRequest},
		"far too many":            {url.Values{"b": slices.Repeat([]string{"sp-1-2020/5.2"}, 3000)}, http.StatusSeeOther}, // one, ticked often
		"the same once more":      {url.Values{"b": {"sp-1-2020/5.2"}}, http.StatusConflict},
		"another one, both sides": {url.Values{"b": {"sp-1-2020/5.3", "sp-1-2020/5.2"}, "a": {"gb-1-2020/5.2"}}, http.StatusSeeOther},
	} {
		if name == "the same once more" {
			continue // after the loop, for its order is none
		}
		if got := lina.submit(page, action, c.form); got.status != c.status {
			t.Errorf("%s: %d\n%.200s", name, got.status, got.body)
		}
	}
	if got := lina.submit(page, action, url.Values{"b": {"sp-1-2020/5.2"}}); got.status != http.StatusConflict {
		t.Errorf("the same set twice: %d", got.status)
	}
	list, err := s.db.Matches(context.Background(), review.Filter{Dossier: s.dossier.ID, Limit: review.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	sets := slices.DeleteFunc(list.Matches, func(m review.Match) bool { return len(m.Clauses()) < 3 })
	if len(sets) != 2 {
		t.Fatalf("%d sets", len(sets))
	}
	for _, set := range sets {
		if len(set.Sources) == 2 && !slices.Equal(set.Targets, []corpus.ClauseID{"sp-1-2020/5.1", "sp-1-2020/5.2", "sp-1-2020/5.3"}) {
			t.Errorf("not in the order of the document: %v", set.Targets)
		}
	}
	if m := s.reload(m); len(m.Targets) != 1 || m.Version != 1 {
		t.Errorf("the pair itself changed: %+v", m)
	}
}

// set makes a set of the first source against two targets.
func (s *site) set(b *browser) review.Match {
	s.t.Helper()
	m := s.first()
	got := b.submit("/matches/"+m.ID.String(), "/matches/"+m.ID.String()+"/together", url.Values{"b": {"sp-1-2020/5.2"}})
	where, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != http.StatusSeeOther || where.Query().Get("task") != "first" {
		s.t.Fatalf("%d %s", got.status, got.header.Get("Location"))
	}
	list, err := s.db.Matches(context.Background(), review.Filter{Dossier: s.dossier.ID, Limit: review.MaxPage})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, x := range list.Matches {
		if strings.HasSuffix(where.Path, x.ID.String()) && len(x.Targets) == 2 {
			return x
		}
	}
	s.t.Fatalf("no set at %s", where)
	return m
}

func TestSetIsDecidedAndExported(t *testing.T) {
	s := newSite(t)
	s.moreCandidates()
	set := s.set(s.signedIn("lina"))
	s.agree(set, "subset")
	for format, wants := range map[string][]string{
		"csv":   {"第5.1条 + 第5.2条", "Следует предусматривать не менее двух выходов."},
		"sssom": {"sp-1-2020/5.1", "sp-1-2020/5.2"},
		"oscal": {"sp-1-2020/5.1", "sp-1-2020/5.2"},
		"html":  {"Ширина двери должна быть", "Следует предусматривать"},
		"jskos": {"sp-1-2020/5.1", "sp-1-2020/5.2"},
	} {
		got := s.signedIn("reader").get("/dossiers/" + s.dossier.ID.String() + "/export/" + format)
		for _, want := range wants {
			if got.status != http.StatusOK || !strings.Contains(unpacked(t, got.body), want) {
				t.Errorf("%s: %d, lacks %q", format, got.status, want)
			}
		}
	}
}

func TestSetIsWithdrawn(t *testing.T) {
	s := newSite(t)
	s.moreCandidates()
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	set := s.set(lina)
	page, action := "/matches/"+set.ID.String(), "/matches/"+set.ID.String()+"/drop"
	if body := ivan.get(page).body; strings.Contains(body, "/drop") || !strings.Contains(body, "put together by a person") || strings.Contains(body, "Li Na") {
		t.Error("the other side may withdraw it, is told who made it, or is not told that a person did")
	}
	if got := ivan.submit(page, action, url.Values{}); got.status != http.StatusForbidden {
		t.Errorf("the other side withdraws it: %d", got.status)
	}
	if !strings.Contains(lina.get(page).body, action) {
		t.Error("its maker is not offered to withdraw it")
	}
	if got := lina.submit(page, action, url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("its maker: %d", got.status)
	}
	if got := lina.get(page); got.status != http.StatusNotFound {
		t.Errorf("withdrawn, but there: %d", got.status)
	}
	set = s.set(lina)
	if got := ivan.decideOn(set, "", url.Values{"verdict": {"subset"}}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	page, action = "/matches/"+set.ID.String(), "/matches/"+set.ID.String()+"/drop"
	if got := lina.submit(page, action, url.Values{}); got.status != http.StatusConflict || strings.Contains(lina.get(page).body, action) {
		t.Errorf("answered by the other side: %d", got.status)
	}
}

// newSetSite is a site with the real matcher and limits that differ.
func newSetSite(t *testing.T) *site {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	model, err := matcher.DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	real := matcher.New(lex, model)
	if err := real.Load(nil, nil); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(c *Config) { c.Compare, c.Read = real, lex })
	s.saveLimits("The length of corridors shall be not more than 30 m.")
	s.moreCandidates()
	return s
}

// saveLimits saves both standards; the second target is the given one.
func (s *site) saveLimits(second string) {
	s.t.Helper()
	for _, d := range []*corpus.Document{
		document("gb-1-2020", "CN", "en", corpus.RightsFull, "The clear width of doors shall be not less than 0.8 m. The length of corridors shall be not more than 40 m.", "Other."),
		document("sp-1-2020", "RU", "en", corpus.RightsFull, "The clear width of doors shall be not less than 0.9 m.", second),
	} {
		if _, err := s.db.Save(context.Background(), d, "cli"); err != nil {
			s.t.Fatal(err)
		}
	}
}

// TestSetIsCompared compares a source with two targets through the real matcher:
// the limit of the second stands in the table and in the second text.
func TestSetIsCompared(t *testing.T) {
	s := newSetSite(t)
	lina := s.signedIn("lina")
	pair := lina.get("/matches/" + s.first().ID.String()).body
	if strings.Contains(pair, "≤ 30 m") {
		t.Error("the pair alone shows the limit of the other target: this proves nothing")
	}
	body := lina.get("/matches/" + s.set(lina).ID.String()).body
	for _, want := range []string{"≥ 0.8 m", "≥ 0.9 m", "≤ 40 m", "≤ 30 m"} {
		if !strings.Contains(strings.ReplaceAll(body, "&gt;=", "≥"), want) {
			t.Errorf("the table lacks %q", want)
		}
	}
	_, texts, _ := strings.Cut(body, `<section class="texts"`)
	texts, _, _ = strings.Cut(texts, "</section>")
	_, second, _ := strings.Cut(texts, `0.9 m`)
	place := regexp.MustCompile(`<(?:bdi|span) class="[^"]*diff[^"]*"[^>]*>[^<]*30 m`)
	if !place.MatchString(second) {
		t.Errorf("the limit of the second text is not marked: %s", second)
	}
	if !strings.Contains(body, "quantity 47 51 sp-1-2020/5.2") {
		t.Error("the limit of the second text cannot be marked as a place of it")
	}
}

// answerSet is an answer to a set as it stands, with reasons or none.
func answerSet(m review.Match, v review.Verdict, reasons ...string) review.Answer {
	a := review.Answer{Match: m.ID, Kind: review.KindOpinion, Verdict: v, Reasons: reasons}
	r, _ := v.Relation()
	a.AToB.Answer, a.BToA.Answer = corpus.RecognitionOf(r)
	for _, id := range m.Clauses() {
		a.Seen = append(a.Seen, review.Seen{Clause: id, Digest: m.Digests[id], Amended: m.Amended[id]})
	}
	return a
}

// TestSetIsGuarded answers sets against their differences: with a kept comparison,
// without one, and after a text changed.
func TestSetIsGuarded(t *testing.T) {
	s := newSetSite(t)
	ctx, lina := context.Background(), s.people["lina"]
	set := s.set(s.signedIn("lina"))
	if !set.Compared() || set.Proposal.Model == "" || len(set.Proposal.TargetParts) != 2 || set.Proposal.Confidence == 0 {
		t.Fatalf("the set was not compared when it was made: %+v", set.Proposal)
	}
	equal := review.Verdict(corpus.RelationEquivalent)
	if _, _, err := s.server.desk.Decide(ctx, lina, answerSet(set, equal)); !errors.Is(err, review.ErrGuard) {
		t.Errorf("an equality against stricter limits: %v", err)
	}
	if got := s.signedIn("lina").decideOn(set, "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "speaks against this relation") {
		t.Errorf("on the page: %d", got.status)
	}
	if body := s.signedIn("lina").get("/matches/" + set.ID.String()).body; !strings.Contains(body, `data-conflicts="identical equivalent`) {
		t.Error("the page does not warn before the answer is sent")
	}
	// a set of an older database: nothing is kept, and the guard holds all the same
	old, err := s.db.NewMatch(ctx, review.Match{Dossier: s.dossier.ID, Sources: set.Sources, Targets: []corpus.ClauseID{"sp-1-2020/5.2", "sp-1-2020/5.1"}, Against: set.Against}, lina)
	if !errors.Is(err, corpus.ErrConflict) {
		t.Fatalf("the same clauses in another order: %v", err)
	}
	if _, err := s.db.DropMatch(ctx, set.ID, lina); err != nil {
		t.Fatalf("a compared set cannot be withdrawn: %v", err)
	}
	if old, err = s.db.NewMatch(ctx, review.Match{Dossier: s.dossier.ID, Sources: set.Sources, Targets: set.Targets, Against: set.Against}, lina); err != nil || old.Proposal != nil {
		t.Fatal(err, old.Proposal)
	}
	if _, _, err := s.server.desk.Decide(ctx, lina, answerSet(old, equal)); !errors.Is(err, review.ErrGuard) {
		t.Errorf("an older set: %v", err)
	}
	if _, m, err := s.server.desk.Decide(ctx, lina, answerSet(old, equal, "other")); err != nil || m.Model == "" {
		t.Errorf("with a reason: %v, model %q", err, m.Model)
	}
	// the control: where nobody compares, nothing speaks against the answer
	bare := review.Desk{Records: s.db, Now: s.clock.now}
	if _, _, err := bare.Decide(ctx, s.people["ivan"], answerSet(old, equal)); err != nil {
		t.Errorf("without a comparison: %v", err)
	}
}

// TestSetAfterAChange changes a text under a kept comparison until its limits agree:
// what the old texts said no longer speaks against an answer.
func TestSetAfterAChange(t *testing.T) {
	s := newSetSite(t)
	set := s.set(s.signedIn("lina"))
	s.saveLimits("The length of corridors shall be not more than 40 m, and the clear width of doors shall be not less than 0.8 m.")
	set = s.reload(set)
	if set.Compared() {
		t.Fatal("the comparison is of the texts before")
	}
	first, err := s.server.Comparison(context.Background(), set)
	if err != nil || !first.Reads(func(id corpus.ClauseID) corpus.Digest { return set.Digests[id] }) || len(first.TargetParts) != 2 {
		t.Fatalf("%+v %v", first, err)
	}
	body := s.signedIn("ivan").get("/matches/" + set.ID.String()).body
	if strings.Contains(body, "≤ 30 m") || !strings.Contains(body, "≤ 40 m") {
		t.Error("the page shows the limit of the text before")
	}
}

// TestSetIsMarked marks the limit of the second text as misread: on the set it
// speaks against nothing any more.
func TestSetIsMarked(t *testing.T) {
	s := newSetSite(t)
	lina := s.signedIn("lina")
	set := s.set(lina)
	rows := len(set.Proposal.Differences)
	page, action := "/matches/"+set.ID.String(), "/matches/"+set.ID.String()+"/misread"
	form := formFields(t, lina.get(page).body, action)
	for value, want := range map[string]int{"not-limit quantity 47 51 sp-1-2020/5.1": http.StatusBadRequest, "not-limit quantity 47 51 sp-1-2020/5.2": http.StatusSeeOther} {
		form.Set("mark", value)
		if got := lina.post(action, form); got.status != want {
			t.Fatalf("%s: %d", value, got.status)
		}
	}
	set = s.reload(set)
	struck := 0
	for _, d := range set.Proposal.Differences {
		struck += len(set.Misread(d, set.Proposal))
	}
	if len(set.Misreadings) != 1 || struck != 1 || len(set.Proposal.Differences) != rows {
		t.Errorf("%d marks, %d rows struck", len(set.Misreadings), struck)
	}
	if row, against := set.Contradiction(review.Verdict(corpus.RelationEquivalent)); !against || strings.Contains(row.B, "30 m") {
		t.Errorf("the marked limit speaks against an equality, or nothing does: %+v", row)
	}
	if body := lina.get(page).body; !strings.Contains(body, "/misreadings/"+set.Misreadings[0].ID.String()) {
		t.Error("the mark is not on the page of the set")
	}
}

// TestSetIsExportedWithDifferences looks for the limit of the second text in what
// documents print of an agreed set.
func TestSetIsExportedWithDifferences(t *testing.T) {
	s := newSetSite(t)
	set := s.set(s.signedIn("lina"))
	for _, login := range []string{"lina", "ivan"} {
		if got := s.signedIn(login).decideOn(s.reload(set), "", url.Values{"verdict": {"overlap"}, "a_to_b": {"no"}, "b_to_a": {"no"}}); got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", login, got.status)
		}
	}
	reader := s.signedIn("reader")
	for _, format := range []string{"xlsx", "docx", "html"} {
		got := unpacked(t, reader.get("/dossiers/"+s.dossier.ID.String()+"/export/"+format).body)
		if !strings.Contains(strings.ReplaceAll(got, "&#8804;", "≤"), "≤ 30 m") {
			t.Errorf("%s lacks the limit of the second text", format)
		}
	}
	limits := reader.get("/compare?a=gb-1-2020&b=sp-1-2020&view=limits").body
	if !strings.Contains(limits, "≤ 30 m") || !strings.Contains(limits, "≥ 0.9 m") {
		t.Error("the comparison of the standards lacks a limit of the set")
	}
}

func TestWithin(t *testing.T) {
	_, parts := matcher.Join([]corpus.Clause{{ID: "s/1", Heading: "宽", Text: "abc"}, {ID: "s/2", Text: "defg"}})
	layers := []layer{{span: lexicon.Span{Start: 4, End: 7}}, {span: lexicon.Span{Start: 8, End: 12}}, {span: lexicon.Span{Start: 6, End: 9}}}
	for i, want := range []lexicon.Span{{Start: 4, End: 7}, {Start: 0, End: 4}} {
		if got := within(parts[i], layers); len(got) != 1 || got[0].span != want {
			t.Errorf("%d: %+v, want %v alone", i, got, want)
		}
	}
	for _, rights := range []corpus.Rights{corpus.RightsExcerpt, corpus.RightsTitles} {
		first := corpus.Clause{ID: "s/1", Heading: "H", Text: strings.Repeat("a", corpus.ExcerptRunes+5)}
		one, _ := matcher.Join([]corpus.Clause{first, {ID: "s/2", Text: "secret"}})
		if r, alone := reachOf(one, rights), reachOf(first, rights); r.shown > alone.shown {
			t.Errorf("%s: %d bytes of the set are shown, %d of its first text", rights, r.shown, alone.shown)
		}
	}
}

// TestSetWithinRights looks at the page of a set of restricted texts, compared by
// the real matcher, for words that may not be shown.
func TestSetWithinRights(t *testing.T) {
	w := newAPIWorld(t)
	de, gb := w.docs["de-c-2020"].Clauses, w.docs["gb-d-2020"].Clauses
	set, err := w.db.NewMatch(t.Context(), review.Match{ID: apiUUID(t), Dossier: w.closed.ID, Sources: []corpus.ClauseID{de[1].ID, de[2].ID}, Targets: []corpus.ClauseID{gb[1].ID, gb[2].ID}, Against: "gb-d-2020"}, w.cn)
	apiMust(t, err)
	secret, err := review.NewSecret()
	apiMust(t, err)
	now := w.clock.now()
	apiMust(t, w.db.NewSession(t.Context(), review.Session{Hash: review.HashSecret(secret), Person: w.cn.ID, Created: now, LastSeen: now, Expires: now.Add(time.Hour)}))
	req := httptest.NewRequest(http.MethodGet, "/matches/"+set.ID.String(), nil)
	req.AddCookie(&http.Cookie{Name: w.server.cookieName(cookieSession), Value: secret})
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, req)
	body := rec.Body.String()
	if rec.Code != http.StatusOK || !strings.Contains(body, "held back by rights") {
		t.Fatalf("%d", rec.Code)
	}
	for _, word := range []string{hiddenText, hiddenTail, hiddenLimit} {
		if at := strings.Index(body, word); at >= 0 {
			t.Errorf("%q is visible: %s", word, body[max(0, at-200):at+20])
		}
	}
}
