package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

func TestDropMatch(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 3)
	wang, ivan := person(t, db, "wang", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	set, err := review.Together(s.matches[0], nil, []corpus.ClauseID{s.ru.Clauses[1].ID})
	if err != nil {
		t.Fatal(err)
	}
	made, err := db.NewMatch(t.Context(), set, wang)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[uuid.UUID]uuid.UUID{made.ID: wang.ID, s.matches[0].ID: uuid.Nil, uuid.New(): uuid.Nil} {
		if got, err := db.Maker(t.Context(), id); err != nil || got != want {
			t.Errorf("maker %s, %v; want %s", got, err, want)
		}
	}
	for name, c := range map[string]struct {
		match uuid.UUID
		by    review.Person
		want  error
	}{
		"somebody else's":  {made.ID, ivan, corpus.ErrForbidden},
		"the program's":    {s.matches[0].ID, wang, corpus.ErrConflict},
		"one that is gone": {uuid.New(), wang, corpus.ErrNotFound},
	} {
		if _, err := db.DropMatch(t.Context(), c.match, c.by); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := db.DropMatch(t.Context(), made.ID, wang); err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.Match(t.Context(), made.ID); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("withdrawn, but there: %v", err)
	}
	sound(t, db)
	// made anew and answered, it stays, also when the answer is undone
	if made, err = db.NewMatch(t.Context(), set, wang); err != nil {
		t.Fatal(err)
	}
	m := s.decide(t, wang, opinion(made, review.Verdict(corpus.RelationSubset)))
	if _, err := db.DropMatch(t.Context(), made.ID, wang); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("answered: %v", err)
	}
	if _, err := s.desk.Undo(t.Context(), wang, made.ID, m.Decisions[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := db.DropMatch(t.Context(), made.ID, wang); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("answered and undone: %v", err)
	}
	sound(t, db)
}

// comparedSet is the comparison of a set, as any comparer makes it.
func comparedSet(sources, targets []corpus.Clause, confidence float64) *matcher.Proposal {
	p := matcher.CompareSides(func(a, b corpus.Clause) matcher.Proposal {
		return matcher.Proposal{Source: a.ID, Target: b.ID, SourceDigest: a.Digest(), TargetDigest: b.Digest(), Confidence: confidence, Model: "test 1"}
	}, sources, targets)
	return &p
}

// TestSetComparisons keeps the comparison of a set, renews it, and makes no set.
func TestSetComparisons(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 3)
	ctx, wang := t.Context(), person(t, db, "wang", review.RoleReviewer, "CN")
	targets := s.ru.Clauses[:2]
	ask, err := review.Together(s.matches[0], nil, []corpus.ClauseID{targets[1].ID})
	if err != nil {
		t.Fatal(err)
	}
	source := s.cn.Clauses[:1]
	ask.Proposal = comparedSet(source, targets, 0.5)
	if _, renewed, err := db.Propose(ctx, s.dossier.ID, []matcher.Proposal{*ask.Proposal}); err != nil || renewed != 0 {
		t.Fatalf("a set that nobody made: %d %v", renewed, err)
	}
	if sets, err := db.Sets(ctx, s.dossier.ID); err != nil || len(sets) != 0 {
		t.Fatalf("the program made a set: %v %v", sets, err)
	}
	other := ask
	other.Proposal = comparedSet(source, s.ru.Clauses[:1], 0.5)
	if _, err := db.NewMatch(ctx, other, wang); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("the comparison of other clauses is kept: %v", err)
	}
	made, err := db.NewMatch(ctx, ask, wang)
	if err != nil || !made.Compared() || made.Proposal.Confidence != 0.5 || made.Outdated(false) || !made.Outdated(true) {
		t.Fatalf("%v: %+v", err, made.Proposal)
	}
	if added, renewed, err := db.Propose(ctx, s.dossier.ID, []matcher.Proposal{*comparedSet(source, targets, 0.7)}); err != nil || added != 0 || renewed != 1 {
		t.Errorf("compared anew: %d %d %v", added, renewed, err)
	}
	sets, err := db.Sets(ctx, uuid.Nil)
	if err != nil || len(sets) != 1 || sets[0].Version != 2 || sets[0].Proposal.Confidence != 0.7 {
		t.Fatalf("%v: %+v", err, sets)
	}
	// a changed text leaves the comparison outdated; one of the text before is not taken
	before := comparedSet(source, targets, 0.8)
	doc := *s.ru
	doc.Clauses = slices.Clone(doc.Clauses)
	doc.Clauses[1].Text += " More."
	if _, err := db.Save(ctx, &doc, "cli"); err != nil {
		t.Fatal(err)
	}
	if sets, err = db.Sets(ctx, uuid.Nil); err != nil || sets[0].Compared() || !sets[0].Outdated(false) {
		t.Fatalf("%v: compared %t", err, sets[0].Compared())
	}
	if _, renewed, err := db.Propose(ctx, s.dossier.ID, []matcher.Proposal{*before}); err != nil || renewed != 0 {
		t.Errorf("a comparison of the text before: %d %v", renewed, err)
	}
	if _, renewed, err := db.Propose(ctx, s.dossier.ID, []matcher.Proposal{*comparedSet(source, doc.Clauses[:2], 0.8)}); err != nil || renewed != 1 {
		t.Errorf("of the text now: %d %v", renewed, err)
	}
	// answered, it keeps what it was answered on
	if sets, err = db.Sets(ctx, s.dossier.ID); err != nil || !sets[0].Compared() {
		t.Fatal(err)
	}
	s.decide(t, wang, opinion(sets[0], review.Verdict(corpus.RelationSubset)))
	if _, renewed, err := db.Propose(ctx, s.dossier.ID, []matcher.Proposal{*comparedSet(source, doc.Clauses[:2], 0.9)}); err != nil || renewed != 0 {
		t.Errorf("an answered set was compared anew: %d %v", renewed, err)
	}
	// a set that loses a clause stays, for a person made it
	if _, err := db.DropMatch(ctx, sets[0].ID, wang); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("answered: %v", err)
	}
	sound(t, db)
}

// TestSetThatLosesAClauseStays: the program's proposals go with a clause, what a
// person put together stays to be seen.
func TestSetThatLosesAClauseStays(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 3)
	ask, err := review.Together(s.matches[0], nil, []corpus.ClauseID{s.ru.Clauses[1].ID})
	if err != nil {
		t.Fatal(err)
	}
	ask.Proposal = comparedSet(s.cn.Clauses[:1], s.ru.Clauses[:2], 0.5)
	made, err := db.NewMatch(t.Context(), ask, person(t, db, "wang", review.RoleReviewer, "CN"))
	if err != nil {
		t.Fatal(err)
	}
	doc := *s.ru
	doc.Clauses = slices.Delete(slices.Clone(doc.Clauses), 1, 2)
	if _, err := db.Save(t.Context(), &doc, "cli"); err != nil {
		t.Fatal(err)
	}
	if m, _, err := db.Match(t.Context(), made.ID); err != nil || !m.Gone() || m.Outdated(true) {
		t.Errorf("the set: %v", err)
	}
	if _, _, err := db.Match(t.Context(), s.matches[1].ID); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("the proposal on the clause: %v", err) // the control
	}
}
