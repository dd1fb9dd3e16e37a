package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// compareSets compares the sets that people put together, of one dossier or with
// uuid.Nil of all, that review.Match.Outdated says are to be compared: those whose
// texts changed, those of databases that kept no comparison of sets and, in a run,
// those that nobody answered. load is asked only when there are any.
// It returns how many took a new comparison.
func (p *program) compareSets(ctx context.Context, dossier uuid.UUID, anew bool, load func(context.Context) (*matcher.Matcher, error)) (int, error) {
	sets, err := p.store.Sets(ctx, dossier)
	if err != nil {
		return 0, err
	}
	sets = slices.DeleteFunc(sets, func(m review.Match) bool { return !m.Outdated(anew) })
	if len(sets) == 0 {
		return 0, nil
	}
	m, err := load(ctx)
	if err != nil {
		return 0, err
	}
	proposals, err := p.compareEach(ctx, m, sets)
	if err != nil {
		return 0, err
	}
	all := 0
	for id, of := range proposals {
		_, renewed, err := p.store.Propose(ctx, id, of)
		if err != nil {
			return all, fmt.Errorf("keep the comparisons of sets: %w", err)
		}
		all += renewed
	}
	return all, nil
}

// compareEach compares sets, by dossier. One that lost a clause meanwhile is left out.
func (p *program) compareEach(ctx context.Context, m *matcher.Matcher, sets []review.Match) (map[uuid.UUID][]matcher.Proposal, error) {
	var ids []corpus.ClauseID
	for _, set := range sets {
		ids = append(ids, set.Clauses()...)
	}
	slices.Sort(ids)
	list, err := p.store.Clauses(ctx, slices.Compact(ids)...)
	if err != nil {
		return nil, err
	}
	byID := map[corpus.ClauseID]corpus.Clause{}
	for _, c := range list {
		byID[c.ID] = c
	}
	out := map[uuid.UUID][]matcher.Proposal{}
	for _, set := range sets {
		var texts []corpus.Clause
		for _, id := range set.Clauses() {
			if c, there := byID[id]; there {
				texts = append(texts, c)
			}
		}
		if n := len(set.Sources); len(texts) == len(set.Clauses()) {
			out[set.Dossier] = append(out[set.Dossier], matcher.CompareSides(m.Compare, texts[:n], texts[n:]))
		}
	}
	return out, nil
}

// bareMatcher compares texts and knows no standards: enough for Matcher.Compare,
// which asks the two texts alone.
func (p *program) bareMatcher(context.Context) (*matcher.Matcher, error) {
	model, err := matcher.DefaultModel()
	if err != nil {
		return nil, err
	}
	m := matcher.New(p.terms.now.Load(), model)
	return m, m.Load(nil, nil)
}
