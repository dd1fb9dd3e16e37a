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

// Effect says what a change of the termbase would do, without doing it: it reads
// every clause with the lexicon of now and with the one there would be.
func (p *program) Effect(ctx context.Context, change termbase.Change) (termbase.Effect, error) {
	var effect termbase.Effect
	kept, err := p.store.Terms(ctx)
	if err != nil {
		return effect, err
	}
	shipped := p.terms.shipped
	before := shipped.With(termbase.Overlay(shipped, termbase.InUse(kept)))
	after := shipped.With(termbase.Overlay(shipped, change.After(kept)))
	changed, err := p.reread(ctx, before, after, &effect)
	if err != nil {
		return effect, err
	}
	matches, err := p.touched(ctx, changed)
	if err != nil {
		return effect, err
	}
	effect.Matches = len(matches)
	if len(matches) > maxCompared {
		matches, effect.Truncated = matches[:maxCompared], true
	}
	return effect, p.compareAgain(ctx, before, after, matches, &effect)
}

// reread lists the clauses whose concepts differ between two lexicons.
func (p *program) reread(ctx context.Context, before, after *lexicon.Lexicon, effect *termbase.Effect) ([]corpus.ClauseID, error) {
	holdings, err := p.store.Standards(ctx)
	if err != nil {
		return nil, err
	}
	var out []corpus.ClauseID
	for _, h := range holdings {
		clauses, err := p.store.ClausesOf(ctx, h.Standard.ID)
		if err != nil {
			return nil, err
		}
		tradition := h.Standard.Tradition
		for _, c := range clauses {
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("read the clauses anew: %w", err)
			}
			effect.Clauses++
			if !slices.Equal(before.Read(c, tradition).Concepts, after.Read(c, tradition).Concepts) {
				out = append(out, c.ID)
			}
		}
	}
	effect.Reread = len(out)
	return out, nil
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
	corpus.Sort(out, func(a, b review.Match) int {
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
func (p *program) compareAgain(ctx context.Context, before, after *lexicon.Lexicon, matches []review.Match, effect *termbase.Effect) error {
	if len(matches) == 0 {
		return nil
	}
	model, err := matcher.DefaultModel()
	if err != nil {
		return err
	}
	was, will := matcher.New(before, model), matcher.New(after, model)
	for _, m := range matches {
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
