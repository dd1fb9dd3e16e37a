package store_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
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
