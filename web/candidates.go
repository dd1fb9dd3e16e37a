package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/termbase"
)

// candidatesPage shows one pair of forms that may be names of one thing.
type candidatesPage struct {
	Shell
	Query     candidateQuery
	Bound     bound
	Languages []termbase.CandidateCount
	Origins   []termbase.CandidateFrom
	Total     int // that wait, of all languages
	Left      int // behind what was passed over, of those asked for
	Candidate *termbase.Candidate
	Sides     []candidateSide
	Into      string // the entry in use that has one of the forms, "" for a new one
	Skip      string // address of the next one
	Answer    termbase.CandidateAnswer
	Seen      string // of an answer whose effect is shown
	Effect    *termEffect
	Said      []termbase.CandidateSaid // the last ten of the person
	Undo      string                   // names the last one
	Done      string
	Found     int // new ones of a harvest
	Problem   said
}

// candidateSide is one form with the clause it stands in.
type candidateSide struct {
	Language corpus.Language
	Form     string
	Standard corpus.Standard
	Clause   *Wording // nil where it is not known or gone
}

// saidShown is how many answers of a person stand beside the queue.
const saidShown = 10

// candidateQuery is the state of the queue, kept in its address.
type candidateQuery struct {
	Pair   string // languages, as in en-zh; "" for any
	From   termbase.CandidateFrom
	Behind int64
}

func readCandidateQuery(v url.Values) candidateQuery {
	q := candidateQuery{Pair: v.Get("pair"), From: termbase.CandidateFrom(v.Get("from"))}
	if a, b, both := strings.Cut(q.Pair, "-"); !both || len(a) > 8 || len(b) > 8 {
		q.Pair = ""
	}
	if !slices.Contains(termbase.CandidateOrigins, q.From) {
		q.From = ""
	}
	if n, err := strconv.ParseInt(v.Get("behind"), 10, 64); err == nil && n > 0 {
		q.Behind = n
	}
	return q
}

// at is the address of the queue, with what is to be said above it.
func (q candidateQuery) at(more ...string) string {
	v := filterOf(map[string]string{"pair": q.Pair, "from": string(q.From)})
	if q.Behind > 0 {
		v.Set("behind", strconv.FormatInt(q.Behind, 10))
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return withQuery("/terms/candidates", v)
}

// filter is what the store is asked for.
func (q candidateQuery) filter() termbase.CandidateFilter {
	a, b, _ := strings.Cut(q.Pair, "-")
	return termbase.CandidateFilter{Behind: q.Behind, Source: corpus.Language(a), Target: corpus.Language(b), From: q.From, Limit: 1}
}

// termCandidates shows the first one that waits.
func (s *Server) termCandidates(c echo.Context, a asker) error {
	p := candidatesPage{Query: readCandidateQuery(c.QueryParams()), Done: clip(c.QueryParam("done"), 20)}
	p.Found, _ = strconv.Atoi(c.QueryParam("found"))
	found, left, err := s.store.Candidates(c.Request().Context(), p.Query.filter())
	if err != nil {
		return err
	}
	if p.Left = left; len(found) > 0 {
		p.Candidate = &found[0]
	}
	return s.showCandidates(c, a, http.StatusOK, p)
}

func (s *Server) showCandidates(c echo.Context, a asker, status int, p candidatesPage) (err error) {
	ctx := c.Request().Context()
	if p.Languages, err = s.store.CandidateLanguages(ctx); err != nil {
		return err
	}
	for _, x := range p.Languages {
		p.Total += x.N
	}
	p.Origins = termbase.CandidateOrigins
	if p.Candidate != nil {
		if p.Sides, err = s.candidateSides(ctx, *p.Candidate); err != nil {
			return err
		}
		kept, err := s.store.Terms(ctx)
		if err != nil {
			return err
		}
		if e, version := p.Candidate.Into(kept, termbase.Admitted, termbase.Origin{}); version > 0 {
			p.Into = e.ID
		}
		next := p.Query
		next.Behind = p.Candidate.ID
		p.Skip = next.at()
	}
	all, err := s.store.CandidatesSaid(ctx, a.person.ID)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		p.Undo, p.Said = all[0].Said, all[:min(len(all), saidShown)]
	}
	if p.Bound, err = s.bound(c, a); err != nil {
		return err
	}
	p.Shell = s.shell(c, a, a.words.say("candidates.title"))
	return s.show(c, a, status, "candidates", &p)
}

// candidateSides are the two forms with the clauses they stand in, as far as rights
// show them.
func (s *Server) candidateSides(ctx context.Context, x termbase.Candidate) ([]candidateSide, error) {
	clauses, err := s.clausesByID(ctx, x.Clauses[0], x.Clauses[1])
	if err != nil {
		return nil, fmt.Errorf("read the clauses of a candidate: %w", err)
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	out := []candidateSide{{Language: x.Source, Form: x.Word}, {Language: x.Target, Form: x.Rendering}}
	for i := range out {
		c, there := clauses[x.Clauses[i]]
		if !there || i == 1 && x.Clauses[0] == x.Clauses[1] {
			continue
		}
		out[i].Standard = sh.standard(c.Standard)
		var layers []layer
		for _, form := range []string{x.Word, x.Rendering} {
			if at := strings.Index(c.Wording(), form); at >= 0 && (form == out[i].Form || x.Clauses[0] == x.Clauses[1]) {
				layers = append(layers, layer{span: lexicon.Span{Start: at, End: at + len(form)}, class: "hit"})
			}
		}
		w := wording(c, out[i].Standard, layers)
		out[i].Clause = &w
	}
	return out, nil
}

// answerCandidate keeps an answer. One that makes decided matches suspect is shown
// with them first, and kept when it is sent again.
func (s *Server) answerCandidate(c echo.Context, a asker) error {
	v, ctx := c.Request().PostForm, c.Request().Context()
	q, answer := readCandidateQuery(v), termbase.CandidateAnswer(v.Get("answer"))
	id, err := strconv.ParseInt(v.Get("id"), 10, 64)
	if err != nil || !slices.Contains(termbase.CandidateAnswers, answer) {
		return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is no answer on a candidate", "value", clip(string(answer), 40))
	}
	x, err := s.store.Candidate(ctx, id)
	if err != nil {
		return s.candidateProblem(c, a, q, err)
	}
	var e termbase.Entry
	var version int
	var shifts termbase.Shifts
	if status := answer.Status(); status != "" {
		kept, err := s.store.Terms(ctx)
		if err != nil {
			return err
		}
		e, version = x.Into(kept, status, termbase.Origin{File: "candidates", By: a.person.Name, Day: s.now().UTC().Format(time.DateOnly)})
		if shifts, err = s.shifts(ctx, termbase.Change{Put: []termbase.Entry{e}}); err != nil {
			return err
		}
		effect, err := s.suspectBy(ctx, shifts)
		if err != nil {
			return err
		}
		if mark := seenMark("candidate "+string(answer), e, version); effect.Suspect > 0 && v.Get("seen") != mark {
			return s.showCandidates(c, a, http.StatusOK, candidatesPage{Query: q, Candidate: &x, Left: 1, Answer: answer, Seen: mark, Effect: effect})
		}
	}
	if err := s.store.AnswerCandidate(ctx, id, answer, e, version, shifts, a.person); err != nil {
		return s.candidateProblem(c, a, q, err)
	}
	return c.Redirect(http.StatusSeeOther, q.at("done", string(answer)))
}

// candidateProblem shows the queue as it is now with what went wrong.
func (s *Server) candidateProblem(c echo.Context, a asker, q candidateQuery, err error) error {
	if _, refused := corpus.RefusalOf(err); !refused {
		return err
	}
	p := candidatesPage{Query: q, Problem: a.words.refusal(err)}
	found, left, failed := s.store.Candidates(c.Request().Context(), q.filter())
	if failed != nil {
		return failed
	}
	if p.Left = left; len(found) > 0 {
		p.Candidate = &found[0]
	}
	return s.showCandidates(c, a, http.StatusConflict, p)
}

// suspectBy says which decided matches become suspect by what terms do to texts.
func (s *Server) suspectBy(ctx context.Context, shifts termbase.Shifts) (*termEffect, error) {
	if len(shifts.List) == 0 {
		return &termEffect{}, nil
	}
	suspect, restored, err := s.store.AfterTerms(ctx, shifts.List)
	if err != nil {
		return nil, err
	}
	return s.named(ctx, termbase.Effect{Suspect: len(suspect), Restored: restored, Decided: suspect[:min(len(suspect), termbase.MaxDecided)]})
}

// undoCandidate takes the person's last answer back.
func (s *Server) undoCandidate(c echo.Context, a asker) error {
	ctx, q := c.Request().Context(), readCandidateQuery(c.Request().PostForm)
	all, err := s.store.CandidatesSaid(ctx, a.person.ID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return s.candidateProblem(c, a, q, corpus.Refuse(corpus.ErrConflict, "undo-nothing", "there is nothing to undo"))
	}
	last, change := all[0], termbase.Change{}
	if last.Entry != "" {
		versions, err := s.store.TermVersions(ctx, last.Entry)
		if err != nil {
			return err
		}
		change.Withdraw = []string{last.Entry}
		for _, k := range versions {
			if k.Version == last.Version-1 && !k.Withdrawn {
				change = termbase.Change{Put: []termbase.Entry{k.Entry}}
			}
		}
	}
	shifts, err := s.shifts(ctx, change)
	if err != nil {
		return err
	}
	if _, err := s.store.UndoCandidate(ctx, c.FormValue("said"), shifts, a.person); err != nil {
		return s.candidateProblem(c, a, q, err)
	}
	q.Behind = 0
	return c.Redirect(http.StatusSeeOther, q.at("done", "undone"))
}

// harvestCandidates looks for candidates in what is kept.
func (s *Server) harvestCandidates(c echo.Context, a asker) error {
	ctx, n := c.Request().Context(), 0
	if s.effects != nil {
		leave, err := s.seeking.enter(ctx)
		if err != nil {
			return err
		}
		defer leave()
		found, err := s.effects.Harvest(ctx)
		if err != nil {
			return fmt.Errorf("look for candidates: %w", err)
		}
		if n, err = s.store.KeepCandidates(ctx, found, a.person.ID.String()); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, candidateQuery{}.at("done", "found", "found", strconv.Itoa(n)))
}
