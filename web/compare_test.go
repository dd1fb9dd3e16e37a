package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

const (
	comparedHere = "/compare?a=gb-1-2020&b=sp-1-2020"
	comparedBack = "/compare?a=sp-1-2020&b=gb-1-2020"
)

// say gives one person's complete opinion on a match.
func (s *site) say(login string, m review.Match, v review.Verdict, note string, forth, back corpus.Recognition) {
	s.t.Helper()
	s.clock.move(time.Minute)
	now := s.reload(m)
	a := review.Answer{Match: m.ID, Kind: review.KindOpinion, Verdict: v, Note: note, AToB: forth, BToA: back, Reasons: []string{"other"}}
	if v == review.VerdictNoCounterpart {
		a.Search = "searched for " + note
	}
	for _, id := range now.Clauses() {
		a.Seen = append(a.Seen, review.Seen{Clause: id, Digest: now.Digests[id], Amended: now.Amended[id]})
	}
	if _, _, err := (&review.Desk{Records: s.db, Now: s.clock.now}).Decide(context.Background(), s.people[login], a); err != nil {
		s.t.Fatal(err)
	}
}

var (
	plainYes = corpus.Recognition{Answer: corpus.AnswerYes}
	plainNo  = corpus.Recognition{Answer: corpus.AnswerNo}
)

// withConditions is recognition under one condition.
func withConditions(text string) corpus.Recognition {
	return corpus.Recognition{Answer: corpus.AnswerConditions, Conditions: []string{text}}
}

// both lets both parties give the same opinion.
func (s *site) both(m review.Match, v review.Verdict, note string, forth, back corpus.Recognition) {
	s.t.Helper()
	s.say("lina", m, v, note, forth, back)
	s.say("ivan", m, v, note, forth, back)
}

// newComparedSite is a site in which the first pair is agreed, the second
// disputed, the third answered by one side, and the fourth only proposed; the
// fourth source has no counterpart.
func newComparedSite(t *testing.T, options ...option) *site {
	t.Helper()
	s := newSite(t, options...)
	subset, overlap := review.Verdict(corpus.RelationSubset), review.Verdict(corpus.RelationOverlap)
	s.both(s.matches[0], subset, "", withConditions("needs a wider door"), plainYes)
	s.say("lina", s.matches[1], subset, "LINA SAYS", plainNo, plainYes)
	s.say("ivan", s.matches[1], overlap, "IVAN SAYS", withConditions("x"), withConditions("y"))
	s.say("lina", s.matches[2], subset, blindNote, withConditions(blindNote+" condition"), plainYes)
	return s
}

// absent agrees that a source has no counterpart.
func (s *site) absent(id corpus.ClauseID) review.Match {
	s.t.Helper()
	m, err := s.db.Absent(context.Background(), s.dossier.ID, []corpus.ClauseID{id}, "sp-1-2020")
	if err != nil {
		s.t.Fatal(err)
	}
	s.both(m, review.VerdictNoCounterpart, "emergency lights", corpus.Recognition{}, corpus.Recognition{})
	return m
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plainText is what a page says, without markup.
func plainText(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	body, _, _ = strings.Cut(body, "</main>")
	return strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
}

func TestCompareCountsBothDirections(t *testing.T) {
	s := newComparedSite(t)
	s.absent("gb-1-2020/5.4")
	text := plainText(s.signedIn("reader").get(comparedHere).body)
	for _, want := range []string{
		"A→B 0 % 0 / 4 25 % 1 / 4 0 % 0 / 4 25 % 1 / 4 50 % 2 / 4 ◆ 1 disputed ◔ 1 one opinion",
		"B→A 25 % 1 / 4 0 % 0 / 4 0 % 0 / 4 0 % 0 / 4 75 % 3 / 4 ◆ 1 disputed ◔ 1 one opinion · 1 not looked at",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the head does not say %q:\n%.900s", want, text)
		}
	}
	text = plainText(s.signedIn("reader").get(comparedBack).body)
	if want := "A→B 25 % 1 / 4 0 % 0 / 4 0 % 0 / 4 0 % 0 / 4 75 % 3 / 4"; !strings.Contains(text, want) {
		t.Errorf("the other way round the head does not say %q:\n%.900s", want, text)
	}
}

// TestCompareDirection goes through the ranks with every standing of a clause.
func TestCompareDirection(t *testing.T) {
	match := func(state review.State, forth, back corpus.Answer, ids ...corpus.ClauseID) *comparedMatch {
		m := &comparedMatch{matchFields: matchFields{State: state, Sources: ids}}
		if state == review.StateConfirmed {
			m.Outcome = &review.Outcome{AToB: corpus.Recognition{Answer: forth}, BToA: corpus.Recognition{Answer: back}}
		}
		return m
	}
	changed := match(review.StateConfirmed, corpus.AnswerYes, corpus.AnswerYes, "a/9")
	changed.Suspect = true
	all := []*comparedMatch{
		match(review.StateConfirmed, corpus.AnswerNo, corpus.AnswerNo, "a/1", "a/2"), match(review.StateConfirmed, corpus.AnswerYes, corpus.AnswerNo, "a/1"),
		match(review.StateConfirmed, corpus.AnswerConditions, corpus.AnswerNo, "a/3"), match(review.StateAbsent, "", "", "a/4"), match(review.StateRejected, "", "", "a/5", "a/4"),
		match(review.StateOpinion, "", "", "a/6"), match(review.StateDisputed, "", "", "a/7"), changed, match(review.StateConfirmed, corpus.AnswerYes, corpus.AnswerYes, "a/note", "a/gone"),
	}
	d := &comparedSide{clauses: []corpus.Clause{{ID: "a/note", Kind: corpus.KindNote}, {ID: "a/head", Kind: corpus.KindHeading}}}
	for i := 1; i <= 9; i++ {
		d.clauses = append(d.clauses, corpus.Clause{ID: corpus.ClauseID("a/" + strconv.Itoa(i)), Kind: corpus.KindRequirement})
	}
	got := d.direction(all, true)
	want := compareDirection{Normative: 9, Accepted: 1, Conditions: 1, Not: 1, Absent: 1, Suspect: 1, Disputed: 1, Opinion: 1, Rejected: 1, Untouched: 1}
	if got != want || got.Open() != 5 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if empty := (&comparedSide{}).direction(all, true); empty.Share(0) != 0 || empty.Open() != 0 {
		t.Errorf("a standard without clauses gives %+v", empty)
	}
}

func TestCompareTable(t *testing.T) {
	s := newComparedSite(t)
	gone := s.absent("gb-1-2020/5.4")
	b := s.signedIn("reader")
	body := b.get(comparedHere).body
	text := plainText(body)
	for _, want := range []string{"疏散门的净宽度不应小于 0.8 m。", "Ширина двери", "B asks more", "needs a wider door", "≥ 0.8 m | , ≥ 0.9 m", "B stricter", "B/A 1.125", "Nothing in SP-1-2020.", "searched for emergency lights"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table does not say %q:\n%s", want, text)
		}
	}
	for _, m := range []review.Match{s.matches[0], gone} {
		if !strings.Contains(body, `id="m-`+m.ID.String()+`"`) {
			t.Errorf("%v is not in the table", m.Sources)
		}
	}
	for i, m := range s.matches[1:] {
		if strings.Contains(body, m.ID.String()) {
			t.Errorf("match %d, which is not agreed, is in the table", i+1)
		}
	}
	// From the other side the same match reads the other way round.
	text = plainText(b.get(comparedBack).body)
	for _, want := range []string{"A asks more", "≥ 0.9 m | , ≥ 0.8 m", "A stricter", "B/A 0.8889", "A→B yes B→A with conditions needs a wider door"} {
		if !strings.Contains(text, want) {
			t.Errorf("from the other side the table does not say %q:\n%s", want, text)
		}
	}
}

// TestCompareOneSided checks that the switch adds what one side has answered and
// never what it answered, nor a proposal.
func TestCompareOneSided(t *testing.T) {
	s := newComparedSite(t)
	views := func(login string) string {
		all := ""
		for _, v := range compareViews {
			for _, path := range []string{comparedHere, comparedBack} {
				got := s.signedIn(login).get(path + "&onesided=1&view=" + string(v))
				if got.status != http.StatusOK {
					t.Fatalf("%s: %d", v, got.status)
				}
				all += got.body
			}
		}
		return all
	}
	all := views("ivan")
	if strings.Contains(all, blindNote) {
		t.Error("the other side sees an opinion that is still blind")
	}
	if !strings.Contains(all, `id="m-`+s.matches[2].ID.String()+`"`) || !strings.Contains(all, "The answer stays hidden") {
		t.Error("the switch does not add the one-sided match, marked")
	}
	if strings.Contains(all, s.matches[3].ID.String()) {
		t.Error("a proposal is in the comparison")
	}
	if !strings.Contains(all, "LINA SAYS") || !strings.Contains(all, "IVAN SAYS") {
		t.Error("the answers of a dispute are not shown")
	}
	if own := views("lina"); !strings.Contains(own, blindNote) || !strings.Contains(own, "Your answer, not agreed.") {
		t.Error("the person's own answer is not shown to them, so this test proves nothing")
	}
	// The control: once the other side has answered, its words are there.
	s.say("ivan", s.matches[2], review.Verdict(corpus.RelationSubset), "", withConditions("x"), plainYes)
	if !strings.Contains(views("ivan"), blindNote) {
		t.Error("the agreed answer is not visible, so this test proves nothing")
	}
}

// TestCompareBlindAnswerChangesNothing checks that pages of two people differ in nothing
// that hangs on the blind answer: the relation it gives must not show in bands,
// counts or filters.
func TestCompareBlindAnswerChangesNothing(t *testing.T) {
	page := func(v review.Verdict, forth, back corpus.Recognition) string {
		s := newSite(t)
		s.say("lina", s.matches[2], v, "", forth, back)
		all := ""
		for _, v := range compareViews {
			all += plainText(s.signedIn("ivan").get(comparedHere + "&onesided=1&view=" + string(v)).body)
		}
		return all
	}
	one, other := page(review.Verdict(corpus.RelationEquivalent), plainYes, plainYes), page(review.Verdict(corpus.RelationNone), plainNo, plainNo)
	if one != other {
		t.Error("the page tells which answer the other side gave")
	}
	if !strings.Contains(one, "◔ 1 one opinion") {
		t.Error("there is no opinion on the page, so this test proves nothing")
	}
}

// TestCompareWithinRights looks on every view of restricted texts for words that
// may not be shown, with pairs and with a set that the real matcher compared.
func TestCompareWithinRights(t *testing.T) {
	w := newAPIWorld(t)
	de, gb := w.docs["de-c-2020"].Clauses, w.docs["gb-d-2020"].Clauses
	w.matches["pair"] = w.propose(t, w.closed, de[2], gb[1])
	set, err := w.db.NewMatch(t.Context(), review.Match{ID: apiUUID(t), Dossier: w.closed.ID, Sources: []corpus.ClauseID{de[1].ID, de[2].ID}, Targets: []corpus.ClauseID{gb[1].ID, gb[2].ID}, Against: "gb-d-2020"}, w.cn)
	apiMust(t, err)
	w.matches["set"] = set.ID
	for _, name := range []string{"set", "pair"} {
		w.answer(t, name, w.cn, review.Verdict(corpus.RelationSubset), "")
		w.answer(t, name, w.ru, review.Verdict(corpus.RelationSubset), "")
	}
	pages := func() string {
		secret, err := review.NewSecret()
		apiMust(t, err)
		now := w.clock.now()
		apiMust(t, w.db.NewSession(t.Context(), review.Session{Hash: review.HashSecret(secret), Person: w.cn.ID, Created: now, LastSeen: now, Expires: now.Add(time.Hour)}))
		all := ""
		for _, v := range compareViews {
			for _, ends := range []string{"a=de-c-2020&b=gb-d-2020", "a=gb-d-2020&b=de-c-2020"} {
				req := httptest.NewRequest(http.MethodGet, "/compare?onesided=1&"+ends+"&view="+string(v), nil)
				req.AddCookie(&http.Cookie{Name: w.server.cookieName(cookieSession), Value: secret})
				rec := httptest.NewRecorder()
				w.server.Handler().ServeHTTP(rec, req)
				if rec.Code != http.StatusOK {
					t.Fatalf("%s: %d", v, rec.Code)
				}
				all += "\nVIEW " + string(v) + "\n" + rec.Body.String()
			}
		}
		return all
	}
	all := pages()
	for _, word := range []string{hiddenText, hiddenTail, hiddenLimit} {
		if at := strings.Index(all, word); at >= 0 {
			t.Errorf("%q is visible: %s", word, all[max(0, at-200):at+20])
		}
	}
	if !strings.Contains(all, "held back by rights") {
		t.Error("no row says that words are held back")
	}
	// The control: with full rights the words are there, in the limits too.
	for _, id := range []corpus.StandardID{"de-c-2020", "gb-d-2020"} {
		w.docs[id].Standard.Rights = corpus.RightsFull
		_, err := w.db.Save(t.Context(), w.docs[id], "cli")
		apiMust(t, err)
	}
	all = pages()
	_, limits, _ := strings.Cut(all, "VIEW limits")
	limits, _, _ = strings.Cut(limits, "VIEW obligation")
	if !strings.Contains(all, hiddenText) || !strings.Contains(all, hiddenTail) || !strings.Contains(limits, hiddenLimit) {
		t.Error("the words are not visible with full rights, so this test proves nothing")
	}
}

func TestCompareGaps(t *testing.T) {
	s := newComparedSite(t)
	s.absent("gb-1-2020/5.4")
	b := s.signedIn("reader")
	gaps := func(side string) string {
		_, body, _ := strings.Cut(b.get(comparedHere+"&view=gaps-"+side).body, `class="gapgroup"`)
		return plainText("<main" + body)
	}
	text := gaps("a")
	for _, want := range []string{"Reviewed: no counterpart in SP-1-2020 1", "应设置应急照明。", "Search: searched for emergency lights", "Answered on, not agreed 2"} {
		if !strings.Contains(text, want) {
			t.Errorf("the gaps of A do not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Not looked at 1") || strings.Contains(text, "疏散门的净宽度") {
		t.Errorf("a clause with a counterpart is among the gaps:\n%s", text)
	}
	text = gaps("b")
	if !strings.Contains(text, "Not looked at 1") || strings.Contains(text, "Reviewed: no counterpart") {
		t.Errorf("the gaps of B are wrong:\n%s", text)
	}
}

// TestCompareSuspect checks that what was agreed on another text counts as open
// and is shown with its mark.
func TestCompareSuspect(t *testing.T) {
	s := newComparedSite(t)
	doc := document("sp-1-2020", "RU", "ru", corpus.RightsFull, "Ширина двери должна быть не менее 1,0 м.", "Следует предусматривать не менее двух выходов.", "Длина коридора не более 40 м.", "скрыто")
	if _, err := s.db.Save(t.Context(), doc, "cli"); err != nil {
		t.Fatal(err)
	}
	text := plainText(s.signedIn("reader").get(comparedHere).body)
	if !strings.Contains(text, "A→B 0 % 0 / 4 0 % 0 / 4") || !strings.Contains(text, "⚠ 1") {
		t.Errorf("a suspect match counts as agreed:\n%.900s", text)
	}
	if !strings.Contains(text, "needs a wider door") {
		t.Error("the suspect match is not shown")
	}
}

func TestCompareFilters(t *testing.T) {
	s := newComparedSite(t)
	b := s.signedIn("reader")
	row := `id="m-` + s.matches[0].ID.String() + `"`
	for query, shown := range map[string]bool{
		"": true, "&stricter=b": true, "&stricter=a": false, "&stricter=equal": true, "&stricter=unlike": false, "&stricter=nonsense": true,
		"&ca=5.1": true, "&ca=5.2": false, "&ca=9": true, "&cb=5.1": true, "&cb=5": false, "&ca=5.1&cb=5.1": true, "&ca=5.1&cb=5.2": false, "&from=999": true, "&from=-3": true,
		"&dossier=" + s.dossier.ID.String(): true, "&dossier=" + uuid.Nil.String(): true, "&dossier=" + s.matches[0].ID.String(): false, "&view=nonsense": true,
	} {
		if got := b.get(comparedHere + query); got.status != http.StatusOK || strings.Contains(got.body, row) != shown {
			t.Errorf("%q: status %d, row shown %v", query, got.status, !shown)
		}
	}
	// A chapter that is not there must not make the page say that there is no gap.
	if body := b.get(comparedHere + "&view=gaps-a&ca=9").body; strings.Contains(body, "No gap") || !strings.Contains(body, "Not looked at") {
		t.Error("an unknown chapter hides the gaps")
	}
	if body := b.get(comparedHere + "&view=limits&stricter=a").body; !strings.Contains(body, "No limits to compare") || !strings.Contains(body, `<p><a href="/compare?a=gb-1-2020&amp;b=sp-1-2020&amp;view=limits">Without filters</a></p>`) {
		t.Error("a filter that hides all limits cannot be taken off there")
	}
}

func TestComparePicker(t *testing.T) {
	s := newComparedSite(t)
	b := s.signedIn("reader")
	for path, want := range map[string]string{
		"/compare": `href="/compare?a=gb-1-2020&amp;b=sp-1-2020"`, "/compare?a=sp-1-2020": `href="/compare?a=sp-1-2020&amp;b=gb-1-2020"`,
		"/compare?a=gb-1-2020&b=gb-1-2020": "Both sides are the same standard", "/compare?a=nothing&b=gb-1-2020": "is not kept here",
		"/compare?a=iso-9-2020": "No dossier holds two of these", "/compare?a=gb-1-2020&b=iso-9-2020": "No dossier holds these two",
	} {
		if got := b.get(path); got.status != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("%s: status %d, without %q", path, got.status, want)
		}
	}
	if got := b.get("/compare"); strings.Count(got.body, `href="/compare?a=`) != 1 {
		t.Error("a pair is listed twice")
	}
}

// TestCompareSpeaksEveryLanguage looks for keys without a sentence.
func TestCompareSpeaksEveryLanguage(t *testing.T) {
	s := newComparedSite(t)
	s.absent("gb-1-2020/5.4")
	bad := regexp.MustCompile(`⟦[^⟧]*⟧|(?i:\sstyle=)`)
	for _, tag := range s.server.speak.tags {
		for _, v := range compareViews {
			body := s.signedIn("reader").get(comparedHere+"&onesided=1&view="+string(v), "Cookie", cookieLanguage+"="+tag, "Accept-Language", tag).body
			if m := bad.FindString(body); m != "" {
				t.Errorf("%s in %s has %q", v, tag, m)
			}
		}
	}
	head := func(tag string) string {
		body := s.signedIn("reader").get(comparedHere, "Cookie", cookieLanguage+"="+tag, "Accept-Language", tag).body
		_, after, _ := strings.Cut(body, `<p class="madeon small">`)
		text, _, _ := strings.Cut(after, "</p>")
		return text
	}
	if ar, en := head("ar"), head("en"); !strings.Contains(ar, " · \u2068"+s.clock.now().UTC().Format("2006-01-02")) || strings.Contains(en, "\u2068") || !strings.Contains(en, s.clock.now().UTC().Format("2006-01-02")) {
		t.Errorf("a printed head turns its day: %+q, %+q", ar, en)
	}
	if bad.FindString("⟦x⟧") == "" || bad.FindString(`<p style="">`) == "" {
		t.Error("the check finds nothing")
	}
}

func TestCompareQueryKeepsItsAddress(t *testing.T) {
	q := compareQuery{A: "a", B: "b", Dossier: uuid.Must(uuid.NewV7()), View: viewGapsA, ChapterA: "5", ChapterB: "7", Stricter: "a", OneSided: true, All: true, From: 50}
	read := func(address string) compareQuery {
		req := httptest.NewRequest(http.MethodGet, address, nil)
		return readCompareQuery(req.URL.Query())
	}
	if got := read(q.Address()); got != q {
		t.Errorf("%s is read as %+v", q.Address(), got)
	}
	want := q
	want.A, want.B, want.ChapterA, want.ChapterB, want.Stricter, want.View, want.From = "b", "a", "7", "5", "b", viewGapsB, 0
	if got := read(q.Swap()); got != want {
		t.Errorf("swapped: %+v, want %+v", got, want)
	}
}

func TestSideBySide(t *testing.T) {
	for name, c := range map[string]struct {
		a, b int
		want string // spans of A and B, line by line
	}{
		"a pair": {1, 1, "1/1"}, "one to three": {1, 3, "3/1 0/1 0/1"}, "three to two": {3, 2, "1/1 1/2 1/0"}, "nothing on B": {2, 0, "1/2 1/0"}, "nothing on A": {0, 1, "1/1"},
	} {
		var got []string
		for _, l := range sideBySide(make([]Wording, c.a), make([]Wording, c.b)) {
			got = append(got, strconv.Itoa(l.SpanA)+"/"+strconv.Itoa(l.SpanB))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func TestTurned(t *testing.T) {
	m := review.Match{
		Sources: []corpus.ClauseID{"a/1", "a/2"}, Targets: []corpus.ClauseID{"b/1"}, Against: "b",
		Outcome:   &review.Outcome{Verdict: review.Verdict(corpus.RelationSubset), AToB: plainNo, BToA: plainYes},
		Decisions: []review.Decision{{Verdict: review.Verdict(corpus.RelationSubset), AToB: plainNo, BToA: plainYes}, {Verdict: review.VerdictUnsure}},
		Proposal: &matcher.Proposal{Source: "a/1", Target: "b/1", SourceDigest: "x", TargetDigest: "y", Relation: corpus.RelationSubset, Reasons: []matcher.Reason{}, Alignments: []matcher.Alignment{}, Differences: []matcher.Difference{
			{A: "1 m", B: "2 m", Finding: matcher.FindingBStricter, Factor: 2, Delta: 1, SpansA: []lexicon.Span{{Start: 1, End: 2}}}, {Finding: matcher.FindingEqual, Factor: 1}, {Finding: matcher.FindingOnlyA, A: "x"}}},
	}
	if same := turned(m, "a"); !reflect.DeepEqual(same, m) {
		t.Error("a match that begins at A is turned")
	}
	got := turned(m, "b")
	d := got.Proposal.Differences
	if got.Against != "a" || len(got.Sources) != 1 || got.Outcome.Verdict != review.Verdict(corpus.RelationSuperset) || got.Outcome.AToB.Answer != corpus.AnswerYes ||
		got.Decisions[0].BToA.Answer != corpus.AnswerNo || got.Decisions[1].Verdict != review.VerdictUnsure || got.Proposal.SourceDigest != "y" ||
		d[0].A != "2 m" || d[0].Finding != matcher.FindingAStricter || d[0].Factor != 0.5 || d[0].Delta != -1 || len(d[0].SpansB) != 1 || d[1].Factor != 1 || d[2].Finding != matcher.FindingOnlyB {
		t.Errorf("turned: %+v", got)
	}
	if m.Outcome.Verdict != review.Verdict(corpus.RelationSubset) || m.Proposal.Differences[0].A != "1 m" || m.Decisions[0].AToB.Answer != corpus.AnswerNo {
		t.Error("the match itself has changed")
	}
	if back := turned(got, "a"); !reflect.DeepEqual(back, m) {
		t.Errorf("turned twice: %+v", back)
	}
}
