package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/termbase"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// understanding is the shipped lexicon with the users' terms over it, made anew
// when those have changed. It is safe for concurrent use.
type understanding struct {
	shipped *lexicon.Lexicon

	began int64 // revision at the first refresh

	mu       sync.Mutex
	revision atomic.Int64
	now      atomic.Pointer[lexicon.Lexicon]
}

// refresh brings the lexicon up to date with the store.
func (u *understanding) refresh(ctx context.Context, db *store.DB) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	revision, err := db.TermRevision(ctx)
	if err != nil || u.now.Load() != nil && revision == u.revision.Load() {
		return err
	}
	kept, err := db.Terms(ctx)
	if err != nil {
		return err
	}
	if u.now.Load() == nil {
		u.began = revision
	}
	u.now.Store(u.shipped.With(termbase.Overlay(u.shipped, termbase.InUse(kept))))
	u.revision.Store(revision)
	return nil
}

// Read reads a clause with the terms there are now.
func (u *understanding) Read(c corpus.Clause, tradition corpus.Tradition) lexicon.Reading {
	return u.now.Load().Read(c, tradition)
}

// maxCompared is how many matches an effect is found out for, each of which is
// compared twice.
const maxCompared = 2000

// moves prepares a change of the termbase as it is now.
func (p *program) moves(ctx context.Context, change termbase.Change) (*termbase.Moves, int64, error) {
	revision, err := p.store.TermRevision(ctx)
	if err != nil {
		return nil, 0, err
	}
	kept, err := p.store.Terms(ctx)
	if err != nil {
		return nil, 0, err
	}
	return change.Moves(p.terms.shipped, kept), revision, nil
}

// Shifts says what a change of the termbase does to the clauses that answers rest on,
// as the store keeps it with the change. It looks at no other clause.
func (p *program) Shifts(ctx context.Context, change termbase.Change) (termbase.Shifts, error) {
	m, revision, err := p.moves(ctx, change)
	out := termbase.Shifts{Revision: revision}
	if err != nil || !m.Any() {
		return out, err
	}
	clauses, err := p.store.AnsweredClauses(ctx)
	for _, c := range clauses {
		if s, moved := m.Of(c); moved {
			out.List = append(out.List, s)
		}
	}
	return out, err
}

// Effect says what a change of the termbase would do, without doing it. It looks
// through the clauses for the forms that come or go, and reads those that have one
// with the lexicon of now and with the one there would be. Of the work, clauses and the
// matches that are compared count alike.
func (p *program) Effect(ctx context.Context, change termbase.Change, told func(done, all int)) (termbase.Effect, error) {
	var effect termbase.Effect
	if told == nil {
		told = func(int, int) {}
	}
	m, _, err := p.moves(ctx, change)
	if err != nil {
		return effect, err
	}
	shifts, err := p.reread(ctx, m, &effect, told)
	if err != nil || len(shifts) == 0 {
		return effect, err
	}
	suspect, restored, err := p.store.AfterTerms(ctx, shifts)
	if err != nil {
		return effect, err
	}
	effect.Suspect, effect.Restored, effect.Decided = len(suspect), restored, suspect[:min(len(suspect), termbase.MaxDecided)]
	changed := make([]corpus.ClauseID, len(shifts))
	for i, s := range shifts {
		changed[i] = s.Clause
	}
	matches, err := p.touched(ctx, changed)
	if err != nil {
		return effect, err
	}
	effect.Matches = len(matches)
	for _, x := range matches {
		if x.State == review.StateProposed {
			effect.Open++
		}
	}
	if len(matches) > maxCompared {
		matches, effect.Truncated = matches[:maxCompared], true
	}
	return effect, p.compareAgain(ctx, m.Before, m.After, matches, &effect, told)
}

// reread lists the clauses that a change reads otherwise. Where no form comes or goes
// it looks at none.
func (p *program) reread(ctx context.Context, m *termbase.Moves, effect *termbase.Effect, told func(done, all int)) ([]termbase.Shift, error) {
	holdings, err := p.store.Standards(ctx)
	if err != nil {
		return nil, err
	}
	for _, h := range holdings {
		effect.Clauses += h.Clauses
	}
	var out []termbase.Shift
	done := 0
	for _, h := range holdings {
		if !m.Any() {
			continue
		}
		clauses, err := p.store.ClausesOf(ctx, h.Standard.ID)
		if err != nil {
			return nil, err
		}
		for _, c := range clauses {
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("read the clauses anew: %w", err)
			}
			if done++; done%100 == 0 {
				told(done, effect.Clauses)
			}
			if s, moved := m.Of(c); moved {
				out = append(out, s)
			}
		}
	}
	effect.Reread = len(out)
	return out, nil
}

// checkTerms compares what changes of the terms did to texts with how the terms read
// them now.
func (p *program) checkTerms(ctx context.Context, r *store.Report) error {
	kept, err := p.store.TermReadings(ctx)
	for _, x := range kept {
		if termbase.Reading(p.terms.shipped, p.terms.now.Load(), x.Clause) != x.After {
			r.Problems = append(r.Problems, fmt.Sprintf("what the terms make of clause %s is not kept as they read it", x.Clause.ID))
		}
	}
	return err
}

// touched lists the matches on clauses, settled ones first.
func (p *program) touched(ctx context.Context, ids []corpus.ClauseID) ([]review.Match, error) {
	found, err := p.store.Equivalents(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var out []review.Match
	for _, list := range found {
		out = append(out, list...)
	}
	corpus.SortRows(out, func(a, b review.Match) int {
		return cmp.Or(-boolCompare(a.State.Settled(), b.State.Settled()), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	return slices.CompactFunc(out, func(a, b review.Match) bool { return a.ID == b.ID }), nil
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// compareAgain counts the matches of one clause with one whose proposal differs.
// Of groups it is not known, and they count.
func (p *program) compareAgain(ctx context.Context, before, after *lexicon.Lexicon, matches []review.Match, effect *termbase.Effect, told func(done, all int)) error {
	if len(matches) == 0 {
		return nil
	}
	model, err := matcher.DefaultModel()
	if err != nil {
		return err
	}
	was, will := matcher.New(before, model), matcher.New(after, model)
	for i, m := range matches {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("compare the matches anew: %w", err)
		}
		told(effect.Clauses+i, effect.Clauses+len(matches))
		ids := m.Clauses()
		if len(m.Targets) == 0 {
			continue
		}
		another := true
		if len(ids) == 2 {
			clauses, err := p.store.Clauses(ctx, ids...)
			if err != nil {
				return err
			}
			another = len(clauses) == 2 && differs(was.Compare(clauses[0], clauses[1]), will.Compare(clauses[0], clauses[1]))
		}
		if another {
			effect.Reranked++
			if m.State.Settled() {
				effect.Agreed++
			}
		}
	}
	return nil
}

// differs tells whether people would see another proposal.
func differs(a, b matcher.Proposal) bool {
	return a.Relation != b.Relation || a.Score != b.Score || a.AToB.Answer != b.AToB.Answer || a.BToA.Answer != b.BToA.Answer
}
