package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	"concord/corpus"
	"concord/corpus/samples"
	"concord/matcher"
	"concord/review"
)

// answer begins the review of a dossier with the sample corpus' own
// concordance, so that every state of a match can be seen: of the gold pairs
// whose standards are in scope, the first party answers four in five, the
// second three in five, and one in seven of the second's answers differs. Which
// is which depends on the pair alone.
func (d demo) answer(ctx context.Context, m *matcher.Matcher, dossier review.Dossier, people map[review.Party]review.Person) error {
	gold, err := samples.Gold()
	if err != nil {
		return err
	}
	bar := d.env.startProgress("answering " + dossier.Name)
	done := 0
	for _, pair := range gold {
		if !inScope(dossier, pair) {
			continue
		}
		if err := d.answerPair(ctx, m, dossier, pair, people); err != nil {
			return fmt.Errorf("demonstrate %s: %w", pair.Place, err)
		}
		done++
	}
	bar.end("%d pairs of the sample concordance", done)
	return nil
}

// inScope tells whether a pair runs from the dossier's first side to another.
func inScope(d review.Dossier, pair samples.Pair) bool {
	if !slices.Contains(d.Sides[0].Standards, pair.Sources[0].Standard()) {
		return false
	}
	return slices.ContainsFunc(d.Sides[1:], func(s review.Side) bool { return slices.Contains(s.Standards, pair.Against) })
}

// answerPair lets the demonstration's reviewers answer one gold pair.
func (d demo) answerPair(ctx context.Context, m *matcher.Matcher, dossier review.Dossier, pair samples.Pair, people map[review.Party]review.Person) error {
	match, err := d.goldMatch(ctx, m, dossier, pair, people[dossier.Sides[0].Party])
	if err != nil {
		return err
	}
	lot := lotOf(pair)
	if isCircle(pair) {
		lot = 1 // both answer, and alike
	}
	for i, side := range dossier.Parties()[:2] {
		if lot%5 >= uint32(4-i) {
			return nil
		}
		verdict := review.Verdict(pair.Relation)
		if len(pair.Targets) == 0 {
			verdict = review.VerdictNoCounterpart
		}
		if i == 1 && lot%7 == 0 && len(pair.Targets) > 0 {
			verdict = otherThan(pair.Relation)
		}
		if match, err = d.give(ctx, people[side], match, verdict, pair); err != nil {
			return err
		}
		if match.State.Settled() {
			return nil
		}
	}
	return nil
}

// circle are three clauses whose pairs are agreed on in any case. The concordance judges
// each pair by itself: that the first two are equivalent, that the third asks more than
// the second, and that it overlaps the first, which cannot all be true. So the page of
// their concept has a group that contradicts itself.
var circle = []corpus.ClauseID{"cn-gb-t-35273-2020/6.1", "kz-zakon-94-v/13", "eu-regulation-eu-2016-679/5"}

// isCircle tells whether a pair is of the circle.
func isCircle(pair samples.Pair) bool {
	for _, side := range [][]corpus.ClauseID{pair.Sources, pair.Targets} {
		if len(side) != 1 || !slices.Contains(circle, side[0]) {
			return false
		}
	}
	return true
}

// otherThan is an answer that differs from a relation.
func otherThan(r corpus.Relation) review.Verdict {
	if r == corpus.RelationOverlap {
		return review.Verdict(corpus.RelationSubset)
	}
	return review.Verdict(corpus.RelationOverlap)
}

// lotOf is a number that depends on the pair alone.
func lotOf(pair samples.Pair) uint32 {
	h := fnv.New32a()
	for _, id := range append(slices.Clone(pair.Sources), pair.Targets...) {
		_, _ = h.Write([]byte(id))
	}
	return h.Sum32() >> 8
}

// goldMatch finds the match of a gold pair, or makes it.
func (d demo) goldMatch(ctx context.Context, m *matcher.Matcher, dossier review.Dossier, pair samples.Pair, by review.Person) (review.Match, error) {
	if len(pair.Targets) == 0 {
		return d.store.Absent(ctx, dossier.ID, pair.Sources, pair.Against)
	}
	if len(pair.Sources)+len(pair.Targets) > 2 {
		set := review.Match{Dossier: dossier.ID, Sources: pair.Sources, Targets: pair.Targets, Against: pair.Against}
		made, err := d.compareEach(ctx, m, []review.Match{set})
		if err != nil {
			return review.Match{}, err
		}
		if of := made[dossier.ID]; len(of) > 0 {
			set.Proposal = &of[0]
		}
		return d.store.NewMatch(ctx, set, by)
	}
	clauses, err := d.store.Clauses(ctx, pair.Sources[0], pair.Targets[0])
	if err != nil {
		return review.Match{}, err
	}
	if len(clauses) != 2 {
		return review.Match{}, fmt.Errorf("a clause of the pair is not there: %w", corpus.ErrNotFound)
	}
	if _, _, err := d.store.Propose(ctx, dossier.ID, []matcher.Proposal{m.Compare(clauses[0], clauses[1])}); err != nil {
		return review.Match{}, err
	}
	page, err := d.store.Matches(ctx, review.Filter{Dossier: dossier.ID, Clause: pair.Sources[0], Limit: review.MaxPage})
	if err != nil {
		return review.Match{}, err
	}
	i := slices.IndexFunc(page.Matches, func(match review.Match) bool {
		return slices.Equal(match.Sources, pair.Sources) && slices.Equal(match.Targets, pair.Targets)
	})
	if i < 0 {
		return review.Match{}, fmt.Errorf("the match was not kept: %w", corpus.ErrNotFound)
	}
	return page.Matches[i], nil
}

// give records one answer through the desk.
func (d demo) give(ctx context.Context, p review.Person, match review.Match, verdict review.Verdict, pair samples.Pair) (review.Match, error) {
	a := review.Answer{Match: match.ID, Version: match.Version, Kind: review.KindOpinion, Verdict: verdict, Note: pair.Note, Idempotency: "demo:" + match.ID.String()}
	if verdict == review.VerdictNoCounterpart {
		a.Search = "sample concordance: " + pair.Note
	}
	if relation, ok := verdict.Relation(); ok {
		a.AToB.Answer, a.BToA.Answer = corpus.RecognitionOf(relation)
		a.AToB, a.BToA = demoConditions(a.AToB, match.Proposal, pair.Note, false), demoConditions(a.BToA, match.Proposal, pair.Note, true)
	}
	if _, contradicts := review.Contradiction(match.Proposal, verdict); contradicts {
		a.Reasons = []string{"other"}
	}
	a.Seen = match.Present()
	out, _, err := d.desk().Decide(ctx, p, a)
	return out, err
}

// precise are the kinds of suggested conditions that say what is asked and need
// no further look.
var precise = []string{"quantity-stricter", "threshold-wider", "obligation-stricter", "citation-missing"}

// demoConditions writes out the conditions of a direction: those that the
// comparison names precisely, which everybody reads in their own language, else
// the note of the concordance, which is in English.
func demoConditions(r corpus.Recognition, p *matcher.Proposal, note string, back bool) corpus.Recognition {
	if r.Answer != corpus.AnswerConditions {
		return r
	}
	if p != nil {
		suggested := p.AToB
		if back {
			suggested = p.BToA
		}
		for i, text := range suggested.Conditions {
			if d := suggested.Detail(i); slices.Contains(precise, d.Kind) {
				r.Conditions, r.Details = append(r.Conditions, text), append(r.Details, d)
			}
		}
	}
	if len(r.Conditions) == 0 {
		r.Conditions, r.Details = []string{note}, []corpus.Condition{{Language: "en"}}
	}
	return r
}
