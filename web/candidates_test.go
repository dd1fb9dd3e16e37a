package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/termbase"
	"concord/review"
)

// liveTerms does what the program does with terms, on the clauses of the site.
type liveTerms struct {
	s     *site
	terms *lexicon.Lexicon
	found []termbase.Candidate
}

func (l *liveTerms) Shifts(ctx context.Context, change termbase.Change) (out termbase.Shifts, err error) {
	kept, err := l.s.db.Terms(ctx)
	if err != nil {
		return out, err
	}
	if out.Revision, err = l.s.db.TermRevision(ctx); err != nil {
		return out, err
	}
	moves := change.Moves(l.terms, kept)
	clauses, err := l.s.db.AnsweredClauses(ctx)
	for _, c := range clauses {
		if x, moved := moves.Of(c); moved {
			out.List = append(out.List, x)
		}
	}
	return out, err
}

func (l *liveTerms) Effect(ctx context.Context, change termbase.Change, _ func(done, all int)) (e termbase.Effect, err error) {
	shifts, err := l.Shifts(ctx, change)
	if err == nil {
		e.Decided, e.Restored, err = l.s.db.AfterTerms(ctx, shifts.List)
		e.Suspect, e.Reread = len(e.Decided), len(shifts.List)
	}
	return e, err
}

func (l *liveTerms) Harvest(context.Context) ([]termbase.Candidate, error) { return l.found, nil }

// candidateOf is a candidate of the languages zh and en, of the first match's clauses.
func (s *site) candidateOf(zh, en string, from termbase.CandidateFrom) termbase.Candidate {
	c, ok := termbase.NewCandidate(termbase.Term{Language: "zh", Text: zh}, termbase.Term{Language: "en", Text: en}, from, s.matches[1].Sources[0], "")
	if !ok {
		s.t.Fatalf("%s and %s are no candidate", zh, en)
	}
	return c
}

// liveSite is a site on which terms do what they do.
func liveSite(t *testing.T) (*site, *liveTerms) {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	live := &liveTerms{terms: lex}
	s := newSite(t, func(c *Config) { c.Effects = live })
	live.s = s
	return s, live
}

// press sends a form of a page with its hidden fields and what is set besides.
func (b *browser) press(page, action string, more ...string) answer {
	b.t.Helper()
	form := formFields(b.t, b.get(page).body, page+action)
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return b.post(page+action, form)
}

// wordOf is a form that stands in a clause.
func (s *site) wordOf(id corpus.ClauseID) string {
	s.t.Helper()
	found, err := s.db.Clauses(context.Background(), id)
	if err != nil || len(found) != 1 {
		s.t.Fatal(err)
	}
	runes := []rune(found[0].Text)
	return string(runes[:min(len(runes), 3)])
}

// A decided match turns suspect by a term: the preview lists it, the desk says which
// term and what it was and is, an answer begun before is not taken, and one that knows
// it settles the match.
func TestTermMakesMatchSuspect(t *testing.T) {
	s, _ := liveSite(t)
	m := s.matches[1]
	s.agree(m, "equivalent")
	word, lina, path := s.wordOf(m.Sources[0]), s.signedIn("lina"), "/matches/"+m.ID.String()
	entry := url.Values{"id": {"made"}, "version": {"0"}, "lang": {"zh"}, "term": {word}, "status": {"preferred"}, "term_note": {""}}
	preview := lina.submit("/terms/new", "/terms/save", entry)
	if !strings.Contains(preview.body, `href="`+path+`"`) || s.saved("made") {
		t.Fatalf("the preview does not list the match: %d", preview.status)
	}
	entry.Set("seen", formFields(t, preview.body, "/terms/save").Get("seen"))
	entry.Set("do", "save")
	lina.submit("/terms/new", "/terms/save", entry)
	if now := s.reload(m); !now.Suspect || now.State != review.StateConfirmed {
		t.Fatalf("the match is %s, suspect %v", now.State, now.Suspect)
	}
	lina.holds(path, []string{`id="moved"`, "A term used here changed", `href="/terms/entry?id=made"`, ">" + word + "</bdi>"}, []string{"A text changed", `id="amended"`})
	ivan := s.signedIn("ivan")
	early := formFields(t, ivan.get(path).body, path+"/decide")
	if !strings.Contains(strings.Join(early["seen"], " "), " ~") {
		t.Fatalf("the form does not say which terms it was shown with: %v", early["seen"])
	}
	for i, seen := range early["seen"] {
		early["seen"][i], _, _ = strings.Cut(seen, " ~")
	}
	for k, v := range map[string]string{"verdict": "equivalent", "a_to_b": "yes", "b_to_a": "yes", "reason": "other"} {
		early.Set(k, v)
	}
	if got := ivan.post(path+"/decide", early); got.status != http.StatusConflict || len(s.reload(m).Decisions) != 2 {
		t.Errorf("an answer from before the term: %d", got.status)
	}
	if got := lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}, "reason": {"other"}}); got.status != http.StatusSeeOther {
		t.Fatalf("answered anew: %d", got.status)
	}
	ivan.decideOn(m, "", url.Values{"verdict": {"equivalent"}, "reason": {"other"}})
	if now := s.reload(m); now.Suspect || now.State != review.StateConfirmed {
		t.Errorf("answered by both: %s, suspect %v", now.State, now.Suspect)
	}
	lina.holds(path, nil, []string{`id="moved"`})
}

// The queue: one pair at a time, three answers, undone in turn, and a pair that is none
// never comes back.
func TestCandidates(t *testing.T) {
	s, live := liveSite(t)
	live.found = []termbase.Candidate{s.candidateOf("<栏杆>", "baluster", termbase.FromDefinition), s.candidateOf("扶手", "grab rail", termbase.FromEditions), s.candidateOf("屋", "lift", termbase.FromLearned)}
	b := s.signedIn("lina")
	const page = "/terms/candidates"
	b.holds(page, []string{"No candidate waits"}, []string{`name="answer"`})
	harvest := func(n string) {
		t.Helper()
		if got := b.press(page, "/harvest"); !strings.Contains(got.header.Get("Location"), "found="+n) {
			t.Errorf("harvest: %d to %s, %s were to be found", got.status, got.header.Get("Location"), n)
		}
	}
	say := func(what string) { t.Helper(); b.press(page, "/answer", "answer", what) }
	harvest("3")
	harvest("0")
	b.holds(page, []string{"baluster", "&lt;栏杆&gt;", "a definition in two languages", "3 left", `data-act="relation-identical"`, clauseURL(s.matches[1].Sources[0])}, []string{"<栏杆>", "grab rail"})
	b.holds(page+"?from=learned", []string{"lift", "1 left"}, []string{"baluster"})
	b.holds(page+"?pair=en-ru", []string{"No candidate waits"}, nil)
	say("preferred")
	b.holds(page, []string{"grab rail", "2 left", "baluster"}, nil)
	kept, err := s.db.Terms(t.Context())
	if err != nil || len(kept) != 1 || len(kept[0].Terms) != 2 || kept[0].Terms[0].Status != termbase.Preferred || kept[0].Origin.By == "" {
		t.Fatalf("preferred wrote %+v %v", kept, err)
	}
	say("none")
	if kept, _ := s.db.Terms(t.Context()); len(kept) != 1 {
		t.Error("no pair wrote an entry")
	}
	harvest("0")
	b.holds(page, []string{"lift", "1 left"}, nil)
	say("admitted")
	b.holds(page, []string{"No candidate waits"}, nil)
	for _, want := range []string{"lift", "grab rail", "baluster"} {
		b.press(page, "/undo")
		b.holds(page, []string{"= <bdi lang"}, nil)
		if body := b.get(page).body; !strings.Contains(body, want) {
			t.Errorf("%s does not come back", want)
		}
	}
	if body := b.get(page).body; strings.Contains(body, page+"/undo") {
		t.Error("more is offered to be undone than was answered")
	}
	if got := b.submit(page, page+"/undo", url.Values{"said": {"x"}}); got.status != http.StatusConflict {
		t.Errorf("nothing to undo: %d", got.status)
	}
	kept, _ = s.db.Terms(t.Context())
	for _, k := range kept {
		if !k.Withdrawn {
			t.Errorf("%s is in use after everything was undone", k.ID)
		}
	}
	// Answered again, the entry of the pair comes back; a stranger cannot undo it.
	say("admitted")
	if kept, _ = s.db.Terms(t.Context()); kept[0].Withdrawn && kept[1].Withdrawn {
		t.Error("answered again, nothing is in use")
	}
	if body := s.signedIn("ivan").get(page).body; strings.Contains(body, page+"/undo") {
		t.Error("somebody else is offered to undo")
	}
	if got := s.signedIn("reader").get(page); got.status != http.StatusForbidden {
		t.Errorf("a reader: %d", got.status)
	}
	if r, err := s.db.Check(t.Context()); err != nil || !r.Sound() {
		t.Errorf("%v %v", r.Problems, err)
	}
}

// An answer that makes a decided match suspect is shown first, and kept when it is
// given again.
func TestCandidateMakesMatchSuspect(t *testing.T) {
	s, live := liveSite(t)
	m := s.matches[1]
	s.agree(m, "equivalent")
	live.found = []termbase.Candidate{s.candidateOf(s.wordOf(m.Sources[0]), "qzx", termbase.FromDefinition)}
	b := s.signedIn("lina")
	const page = "/terms/candidates"
	b.press(page, "/harvest")
	first := b.press(page, "/answer", "answer", "preferred")
	if kept, _ := s.db.Terms(t.Context()); len(kept) > 0 || !strings.Contains(first.body, `href="/matches/`+m.ID.String()+`"`) {
		t.Fatalf("kept before it was shown, or not shown: %d", first.status)
	}
	again := formFields(t, first.body, page+"/answer")
	again.Set("answer", "admitted") // not what was shown
	b.post(page+"/answer", again)
	if kept, _ := s.db.Terms(t.Context()); len(kept) > 0 {
		t.Fatal("another answer than the one that was shown is kept")
	}
	again.Set("answer", "preferred")
	b.post(page+"/answer", again)
	if !s.reload(m).Suspect {
		t.Fatal("the match is not suspect")
	}
	b.press(page, "/undo")
	if s.reload(m).Suspect {
		t.Error("undone, and the match still suspect")
	}
}

// With the setting a preferred term counts once somebody else confirmed it.
func TestSecondPersonForPreferred(t *testing.T) {
	s, _ := liveSite(t)
	s.addTerms() // before the setting
	s.clock.move(time.Second)
	admin, lina, ivan := s.signedIn("admin"), s.signedIn("lina"), s.signedIn("ivan")
	if got := admin.submit("/admin/settings", "/admin/settings", url.Values{"two": {"1"}}); got.status != http.StatusSeeOther {
		t.Fatalf("the setting: %d", got.status)
	}
	s.clock.move(10 * time.Second)
	e := termbase.Entry{ID: "gate", Terms: []termbase.Term{{Language: "en", Text: "gate", Status: termbase.Preferred}, {Language: "en", Text: "portal", Status: termbase.Admitted}}}.Clean()
	if err := s.db.SaveTerm(t.Context(), e, 0, termbase.Shifts{}, s.people["lina"].ID.String()); err != nil {
		t.Fatal(err)
	}
	const entry, confirm, export = "/terms/entry?id=gate", "/terms/confirm", "/terms/export/csv"
	said := url.Values{"id": {"gate"}, "lang": {"en"}, "term": {"gate"}}
	lina.holds(entry, []string{"proposed as preferred by", "Somebody else"}, []string{`action="/terms/confirm"`})
	lina.holds("/terms/entry?id=rail", nil, []string{"proposed as preferred"}) // was preferred before
	lina.holds("/terms?q=gate", []string{"proposed as preferred"}, nil)
	lina.holds("/terms?status=preferred", []string{"id=rail"}, []string{"id=gate"})
	if body := lina.get(export).body; strings.Contains(line(body, "gate,"), "preferred") {
		t.Errorf("a file gives it as preferred: %s", line(body, "gate,"))
	}
	own := url.Values{"token": {token(t, lina.get("/terms/new").body)}}
	for k, v := range said {
		own[k] = v
	}
	if got := lina.post(confirm, own); got.status != http.StatusForbidden {
		t.Errorf("one's own: %d", got.status)
	}
	ivan.submit(entry, confirm, said)
	lina.holds(entry, nil, []string{"proposed as preferred by"})
	lina.holds("/terms?status=preferred", []string{"id=gate"}, nil)
	if body := lina.get(export).body; !strings.Contains(line(body, "gate,"), "preferred") {
		t.Errorf("confirmed, a file has it as %s", line(body, "gate,"))
	}
	own.Set("token", token(t, ivan.get("/terms/new").body))
	if got := ivan.post(confirm, own); got.status != http.StatusConflict {
		t.Errorf("confirmed twice: %d", got.status)
	}
	// Another preferred term of the same entry waits by itself, proposed by who added it.
	e.Terms[1].Status = termbase.Preferred
	if err := s.db.SaveTerm(t.Context(), e, 1, termbase.Shifts{}, s.people["ivan"].ID.String()); err != nil {
		t.Fatal(err)
	}
	if body := lina.get(entry).body; strings.Count(body, `action="/terms/confirm"`) != 1 || !strings.Contains(body, `name="term" value="portal"`) {
		t.Error("the new preferred term does not wait alone")
	}
	admin.submit("/admin/settings", "/admin/settings", url.Values{"two": {""}})
	s.clock.move(10 * time.Second)
	lina.holds(entry, nil, []string{"proposed as preferred by"})
}

// line is the first line of a text that has a piece.
func line(text, piece string) string {
	for _, l := range strings.Split(text, "\n") {
		if strings.Contains(l, piece) {
			return l
		}
	}
	return ""
}

// Without entries of users there is nothing to export, and that is said with a cure.
func TestNothingToExport(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("reader")
	b.holds("/terms", []string{"There is nothing to export", "concord lexicon export --shipped"}, []string{"/terms/export/tbx"})
	if got := b.get("/terms/export/tbx"); got.status != http.StatusConflict || !strings.Contains(got.body, "lexicon export --shipped") {
		t.Errorf("an export of nothing: %d", got.status)
	}
	s.addTerms()
	b.holds("/terms", []string{"/terms/export/tbx"}, []string{"There is nothing to export"})
	if got := b.get("/terms/export/tbx"); got.status != http.StatusOK {
		t.Errorf("an export: %d", got.status)
	}
}
