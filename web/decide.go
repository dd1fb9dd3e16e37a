package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

func itoa(n int) string { return strconv.Itoa(n) }

// answerForm is the form of an answer, as it is shown and as it was sent.
type answerForm struct {
	Adjudicate bool
	Pair       bool // there are targets
	Verdicts   []verdictOption
	Verdict    review.Verdict
	AToB, BToA corpus.Answer
	CondAToB   string // one condition a line
	CondBToA   string
	HintAToB   []said // conditions the comparison suggests
	HintBToA   []said
	Reasons    []reasonOption
	Note       string
	Search     string
	Version    int
	Seen       []review.Seen
	Key        string // idempotency key
	Next       string
	Conflicts  string // verdicts that need a reason, for the script
	Own        bool   // the person changes an answer of their own
	Spent      string // active time until now, "" for none
}

// verdictOption is one verdict.
type verdictOption struct {
	Verdict review.Verdict
	Act     review.KeyAct // whose keys choose it
	Mark    string
	Chosen  bool
}

// reasonOption is one reason code.
type reasonOption struct {
	Code   string
	Chosen bool
}

// form is an empty form for a match. No relation is chosen in it: a binding
// answer must not be made by reflex. What it suggests comes from the comparison
// of the present texts.
func (b bench) form(m review.Match, p *workbenchPage) answerForm {
	f := answerForm{
		Adjudicate: p.Task == review.TaskAdjudicate, Pair: len(m.Targets) > 0, Version: m.Version, Key: randomText(12),
		Own: slices.ContainsFunc(m.Opinions(), func(o review.Decision) bool { return o.Person == b.a.person.ID }),
	}
	f.Seen = m.Present()
	model := "–"
	if b.proposal != nil {
		f.HintAToB, f.HintBToA = b.a.words.conditions(b.s.label, b.proposal.AToB), b.a.words.conditions(b.s.label, b.proposal.BToA)
		model = b.proposal.Model
	}
	f.Search = b.a.words.say("workbench.search-done", "standard", p.B.Standard.Designation, "edition", p.B.Standard.Edition, "model", model, "day", day(b.s.now()))
	f.fill()
	f.Conflicts = strings.Join(contradicted(m), " ")
	return f
}

// fill makes the options from what is chosen.
func (f *answerForm) fill() {
	f.Verdicts = nil
	for _, v := range review.Verdicts {
		if v == review.VerdictUnsure || !f.Pair && v != review.VerdictNoCounterpart {
			continue
		}
		mark := "∄"
		if r, isRelation := v.Relation(); isRelation {
			mark = relationMarks[r]
		}
		f.Verdicts = append(f.Verdicts, verdictOption{v, review.KeyAct("relation-" + string(v)), mark, v == f.Verdict})
	}
	chosen := f.Reasons
	f.Reasons = nil
	for _, code := range review.ReasonCodes {
		f.Reasons = append(f.Reasons, reasonOption{code, slices.Contains(chosen, reasonOption{code, true})})
	}
}

// contradicted are the verdicts that a computed difference speaks against.
func contradicted(m review.Match) []string {
	var out []string
	for _, v := range review.Verdicts {
		if _, against := m.Contradiction(v); against {
			out = append(out, string(v))
		}
	}
	return out
}

// takeOver fills the form with a decision that may be seen: an adjudicator
// takes one side's answer, somebody revises their own.
func (f *answerForm) takeOver(shown review.Match, take uuid.UUID, lines func(corpus.Recognition) string) {
	if take == uuid.Nil {
		return
	}
	for _, d := range shown.Decisions {
		if d.ID != take {
			continue
		}
		f.Verdict, f.AToB, f.BToA = d.Verdict, d.AToB.Answer, d.BToA.Answer
		f.CondAToB, f.CondBToA = lines(d.AToB), lines(d.BToA)
		if !f.Adjudicate {
			f.Note = d.Note
		}
		f.Reasons = nil
		for _, code := range d.Reasons {
			f.Reasons = append(f.Reasons, reasonOption{code, true})
		}
		f.fill()
	}
}

// readAnswer reads an answer from a form.
func readAnswer(v url.Values, id uuid.UUID) review.Answer {
	version, _ := strconv.Atoi(v.Get("version")) // anything else checks the texts alone
	a := review.Answer{
		Match: id, Version: version, Kind: review.KindOpinion, Verdict: review.Verdict(v.Get("verdict")),
		AToB:    corpus.Recognition{Answer: corpus.Answer(v.Get("a_to_b")), Conditions: lines(v.Get("a_conditions"))},
		BToA:    corpus.Recognition{Answer: corpus.Answer(v.Get("b_to_a")), Conditions: lines(v.Get("b_conditions"))},
		Reasons: v["reason"], Note: strings.TrimSpace(v.Get("note")), Search: strings.TrimSpace(v.Get("search")), Idempotency: v.Get("key"),
	}
	if v.Get("kind") == string(review.KindAdjudication) {
		a.Kind = review.KindAdjudication
	}
	if v.Get("unsure") != "" {
		a.Verdict = review.VerdictUnsure
	}
	for _, sent := range v["seen"] {
		if seen, ok := readSeen(sent); ok && len(a.Seen) < 200 {
			a.Seen = append(a.Seen, seen)
		}
	}
	return a
}

// readSeen reads what a form says of a text that was seen: clause, digest, those of
// the amendments that were shown with it, and behind ~ what the terms made of it.
func readSeen(sent string) (review.Seen, bool) {
	parts := strings.Fields(clip(sent, 4000))
	if len(parts) < 2 {
		return review.Seen{}, false
	}
	out := review.Seen{Clause: corpus.ClauseID(parts[0]), Digest: corpus.Digest(parts[1])}
	for _, digest := range parts[2:] {
		if state, is := strings.CutPrefix(digest, "~"); is {
			out.Terms = corpus.Digest(state)
			continue
		}
		out.Amended = append(out.Amended, corpus.Amendment{Digest: corpus.Digest(digest)})
	}
	return out, true
}

// lines are the lines of a text that are not empty.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// completed derives what the two questions and the relation say about each
// other. An answer that is given is never overwritten. identical tells that the
// normalised wordings are equal.
func completed(a review.Answer, identical bool) review.Answer {
	if a.Verdict == "" {
		a.Verdict = verdictOf(a.AToB.Answer, a.BToA.Answer, identical)
	}
	if r, isRelation := a.Verdict.Relation(); isRelation {
		forth, back := corpus.RecognitionOf(r)
		if a.AToB.Answer == "" {
			a.AToB.Answer = forth
		}
		if a.BToA.Answer == "" {
			a.BToA.Answer = back
		}
	} else {
		a.AToB, a.BToA = corpus.Recognition{}, corpus.Recognition{}
	}
	for _, r := range []*corpus.Recognition{&a.AToB, &a.BToA} {
		if r.Answer == corpus.AnswerYes {
			r.Conditions, r.Details = nil, nil
		}
	}
	if a.Verdict != review.VerdictNoCounterpart {
		a.Search = ""
	}
	return a
}

// verdictOf is the relation that two answers state (UX.md 7.1). With
// conditions means that the other side asks something more, as no does. No and
// no leave open whether anything is shared at all, so nothing follows.
func verdictOf(aToB, bToA corpus.Answer, identical bool) review.Verdict {
	if aToB == "" || bToA == "" {
		return ""
	}
	forth, back := aToB == corpus.AnswerYes, bToA == corpus.AnswerYes
	switch {
	case forth && back && identical:
		return review.Verdict(corpus.RelationIdentical)
	case forth && back:
		return review.Verdict(corpus.RelationEquivalent)
	case forth:
		return review.Verdict(corpus.RelationSuperset)
	case back:
		return review.Verdict(corpus.RelationSubset)
	case aToB == corpus.AnswerConditions || bToA == corpus.AnswerConditions:
		return review.Verdict(corpus.RelationOverlap)
	}
	return ""
}

// missing is the key of what an answer lacks, "" when nothing; the rule in
// review refuses the same, this is only said in the reader's language.
func missing(a review.Answer, m review.Match) string {
	switch {
	case a.Verdict == review.VerdictUnsure:
		return ""
	case a.Verdict == "" && a.AToB.Answer == corpus.AnswerNo && a.BToA.Answer == corpus.AnswerNo:
		return "none-or-overlap"
	case a.Verdict == "":
		return "verdict"
	case !slices.Contains(review.Verdicts, a.Verdict):
		return "verdict"
	case a.Verdict == review.VerdictNoCounterpart && a.Search == "":
		return "search"
	case a.Kind == review.KindAdjudication && a.Note == "":
		return "note"
	case a.Verdict == review.VerdictNoCounterpart:
		return ""
	case a.AToB.Answer == corpus.AnswerConditions && len(a.AToB.Conditions) == 0,
		a.BToA.Answer == corpus.AnswerConditions && len(a.BToA.Conditions) == 0:
		return "conditions"
	}
	if _, against := m.Contradiction(a.Verdict); against && len(a.Reasons) == 0 {
		return "reason"
	}
	return ""
}

// decide records an answer. Without a script the next match follows; a script
// is told the number of the decision.
func (s *Server) decide(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	m, d, err := s.store.Match(ctx, id)
	if err != nil {
		return fmt.Errorf("find the match: %w", err)
	}
	clauses, err := s.clausesOf(ctx, m)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	if asksForAnother(form) && !wantsJSON(c.Request()) {
		return s.seek(c, a)
	}
	answer := completed(readAnswer(form, id), identical(m, clauses))
	if changed, err := s.withdrawnSince(ctx, m, form); err != nil {
		return err
	} else if changed {
		m.Proposal = s.proposalOf(m, clauses)
		return s.again(c, a, m, d, answer, outcome{status: http.StatusUnprocessableEntity, key: "withdrawn"})
	}
	m.Proposal = s.proposalOf(m, clauses)
	s.keepDetails(&answer, review.Shown(m, a.person), m.Proposal, a.words)
	if key := missing(answer, m); key != "" {
		return s.again(c, a, m, d, answer, outcome{status: http.StatusUnprocessableEntity, key: key})
	}
	made, left, err := s.desk.DecideAlike(ctx, a.person, answer, readAlike(form))
	switch {
	case errors.Is(err, review.ErrGuard):
		return s.again(c, a, m, d, answer, outcome{status: http.StatusUnprocessableEntity, detail: a.words.refusal(err)})
	case errors.Is(err, corpus.ErrConflict):
		return s.conflict(c, a, id, answer, err)
	case err != nil:
		return fmt.Errorf("record the answer: %w", err)
	}
	for _, d := range made {
		s.leases.settle(d.Match, a.person.ID)
	}
	s.savePace(ctx, a, d.ID, made, form)
	s.drawControl(ctx, a, id, form)
	return s.saved(c, a, made, len(left), form)
}

// withdrawnSince tells whether a standard of a match was withdrawn after the page of a
// form was made, which says how many were then. Who answers shall know it first.
func (s *Server) withdrawnSince(ctx context.Context, m review.Match, form url.Values) (bool, error) {
	sh, _, err := s.shelf(ctx)
	if err != nil || !form.Has("withdrawn") || len(m.Sources) == 0 {
		return false, err
	}
	now := withdrawn(sh[m.Sources[0].Standard()].Standard, sh[m.Against].Standard)
	return itoa(len(now)) != form.Get("withdrawn"), nil
}

// saved answers after the commit, never before. all are the decisions made, the
// last one the latest; left is how many pairs of a family stayed as they were.
func (s *Server) saved(c echo.Context, a asker, all []review.Decision, left int, form url.Values) error {
	made := all[len(all)-1] // the latest; an undo of any takes all back
	if wantsJSON(c.Request()) {
		message := a.words.say("workbench.saved", "seq", fmt.Sprint(made.Seq)) + " " + s.togetherSaid(a, len(all)-1, left)
		out := map[string]any{"seq": made.Seq, "decision": all[0].ID, "match": all[0].Match, "message": strings.TrimSpace(message)}
		if bar, err := s.queueBar(c, a, form); err != nil {
			return err
		} else if bar.Measured {
			out["done"], out["whole"], out["percent"] = bar.Done, bar.Whole, itoa(bar.Percent())+" %"
		}
		return c.JSON(http.StatusOK, out)
	}
	next := ownPath(form.Get("next"))
	if next == "/" {
		next = "/matches/" + all[0].Match.String()
	}
	u, err := url.Parse(next)
	if err != nil {
		return fmt.Errorf("go on to %q: %w", next, corpus.ErrInvalid)
	}
	if strings.HasPrefix(u.Path, "/matches/") {
		v := u.Query()
		v.Set("saved", fmt.Sprint(made.Seq))
		if n := len(all) - 1; n > 0 || left > 0 {
			v.Set("with", itoa(n))
			v.Set("left", itoa(left))
		}
		u.RawQuery = v.Encode()
	}
	return c.Redirect(http.StatusSeeOther, u.String())
}

// identical tells whether a pair's wordings are equal after normalisation.
func identical(m review.Match, clauses map[corpus.ClauseID]corpus.Clause) bool {
	if len(m.Sources) != 1 || len(m.Targets) != 1 {
		return false
	}
	a, b := clauses[m.Sources[0]], clauses[m.Targets[0]]
	return a.ID != "" && b.ID != "" && strings.Join(strings.Fields(a.Text), " ") == strings.Join(strings.Fields(b.Text), " ")
}

// outcome is why a form is shown again.
type outcome struct {
	status   int
	key      string
	detail   said
	conflict bool
}

// again shows the form as it was sent, with what is wrong.
func (s *Server) again(c echo.Context, a asker, m review.Match, d review.Dossier, sent review.Answer, o outcome) error {
	if wantsJSON(c.Request()) {
		return c.JSON(o.status, map[string]any{"status": o.status, "problem": o.key, "detail": o.detail.Text})
	}
	leave, err := s.turn(c)
	if err != nil {
		return err
	}
	defer leave()
	p, err := s.workbench(c.Request().Context(), m, d, a)
	if err != nil {
		return err
	}
	if err := s.placeInQueue(c, p, a); err != nil {
		return err
	}
	p.Problem, p.Detail, p.Conflict = o.key, o.detail, o.conflict
	p.Form.refill(sent)
	p.Form.Spent = spent(c.Request().PostForm)
	return s.showWorkbench(c, a, o.status, p)
}

// refill puts what was sent back into the form.
func (f *answerForm) refill(sent review.Answer) {
	f.Verdict, f.AToB, f.BToA = sent.Verdict, sent.AToB.Answer, sent.BToA.Answer
	f.CondAToB, f.CondBToA = strings.Join(sent.AToB.Conditions, "\n"), strings.Join(sent.BToA.Conditions, "\n")
	f.Note = sent.Note
	if sent.Search != "" {
		f.Search = sent.Search
	}
	f.Reasons = nil
	for _, code := range sent.Reasons {
		f.Reasons = append(f.Reasons, reasonOption{code, true})
	}
	f.fill()
}

// conflict shows the match as it is now beside the answer that came too late:
// both versions, and the texts that changed.
func (s *Server) conflict(c echo.Context, a asker, id uuid.UUID, sent review.Answer, cause error) error {
	ctx := c.Request().Context()
	m, d, err := s.store.Match(ctx, id)
	if err != nil {
		return fmt.Errorf("find the match again: %w", err)
	}
	if wantsJSON(c.Request()) {
		return c.JSON(http.StatusConflict, map[string]any{"status": http.StatusConflict, "detail": a.words.refusal(cause).Text, "version": m.Version})
	}
	leave, err := s.turn(c)
	if err != nil {
		return err
	}
	defer leave()
	p, err := s.workbench(ctx, m, d, a)
	if err != nil {
		return err
	}
	if err := s.placeInQueue(c, p, a); err != nil {
		return err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	clauses, err := s.clausesOf(ctx, m)
	if err != nil {
		return err
	}
	if changed, err := s.differences(ctx, sent.Seen, m, clauses, sh); err != nil {
		return err
	} else if len(changed) > 0 {
		p.Changed = changed
	}
	if amended, err := s.amendedRows(ctx, m.AmendedSince(sent.Seen), clauses, sh); err != nil {
		return err
	} else if len(amended) > 0 {
		p.Amended = amended
	}
	if moved, err := s.movedTerms(ctx, m.TermsSince(sent.Seen), clauses); err != nil {
		return err
	} else if len(moved) > 0 {
		p.Moved = moved
	}
	p.Conflict, p.Detail = true, a.words.refusal(cause)
	p.Form.refill(sent)
	p.Form.Spent = spent(c.Request().PostForm)
	return s.showWorkbench(c, a, http.StatusConflict, p)
}

// undo withdraws one's last decision on a match, with those that were given
// together with it.
func (s *Server) undo(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	decision, err := uuid.Parse(c.FormValue("decision"))
	if err != nil {
		return corpus.Refuse(corpus.ErrInvalid, "no-decision", "\"{value}\" names no decision", "value", clip(c.FormValue("decision"), 60))
	}
	ctx := c.Request().Context()
	if _, err := s.desk.Undo(ctx, a.person, id, decision); err != nil {
		return fmt.Errorf("undo: %w", err)
	}
	// What was given together is taken back together, as far as nobody has
	// answered on it since.
	together, err := s.undone(ctx, a, decision)
	if err != nil {
		return err
	}
	for _, d := range together {
		if d.ID == decision {
			continue
		}
		if _, err := s.desk.Undo(ctx, a.person, d.Match, d.ID); err != nil && !errors.Is(err, corpus.ErrConflict) && !errors.Is(err, corpus.ErrForbidden) {
			return fmt.Errorf("undo what was answered together: %w", err)
		}
	}
	q, _ := readQueue(c.Request().PostForm)
	target := q.match(id)
	if wantsJSON(c.Request()) {
		return c.JSON(http.StatusOK, map[string]any{"href": target})
	}
	return c.Redirect(http.StatusSeeOther, target)
}
