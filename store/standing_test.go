package store_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// Where clauses stand is what the matches say, after everything that changes them, also
// when another program with the same file changes it.
func TestClauseStatesFollowTheMatches(t *testing.T) {
	path := filepath.Join(t.TempDir(), "concord.db")
	db := openAt(t, path, time.Now)
	s := newScene(t, db, review.PolicyTwoReviewers, 5)
	wang, ivan := person(t, db, "wang", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	clauses := slices.Concat(s.cn.Clauses, s.ru.Clauses)
	agrees := func(step string, db *store.DB, want map[corpus.ClauseID]review.State) {
		t.Helper()
		of, _, err := db.ClauseStates(t.Context())
		if err != nil {
			t.Fatal(step, err)
		}
		for _, c := range clauses {
			matches, err := db.Equivalents(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			best := review.State("")
			for _, m := range matches[c.ID] {
				if best == "" || slices.Index(review.Telling, m.State) < slices.Index(review.Telling, best) {
					best = m.State
				}
			}
			if got := of(c.ID); got != best {
				t.Errorf("%s: %s stands at %q, its matches say %q", step, c.ID, got, best)
			}
			if state, asked := want[c.ID]; asked && best != state {
				t.Fatalf("%s: the step did not make %s %q but %q", step, c.ID, state, best)
			}
		}
	}
	first, second := s.cn.Clauses[0].ID, s.cn.Clauses[1].ID
	agrees("proposed", db, map[corpus.ClauseID]review.State{first: review.StateProposed})
	before, at, err := db.ClauseStates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, again, err := db.ClauseStates(t.Context()); err != nil || again != at || at == 0 {
		t.Errorf("nothing changed, and the number went from %d to %d: %v", at, again, err)
	}
	s.decide(t, wang, opinion(s.matches[0], equivalent))
	agrees("one opinion", db, map[corpus.ClauseID]review.State{first: review.StateOpinion})
	if _, later, err := db.ClauseStates(t.Context()); err != nil || later == at {
		t.Errorf("a decision left the number at %d: %v", later, err)
	}
	if before(first) != review.StateProposed {
		t.Error("what was asked before changes")
	}

	other := openAt(t, path, time.Now) // another program
	desk := &review.Desk{Records: other, Now: time.Now}
	m, _, err := other.Match(t.Context(), s.matches[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := desk.Decide(t.Context(), ivan, opinion(m, equivalent)); err != nil {
		t.Fatal(err)
	}
	agrees("agreed by another program", db, map[corpus.ClauseID]review.State{first: review.StateConfirmed})
	if _, _, err := other.Propose(t.Context(), s.dossier.ID, []matcher.Proposal{proposal(s.cn.Clauses[1], s.ru.Clauses[0], 0.9)}); err != nil {
		t.Fatal(err)
	}
	agrees("another proposal", db, map[corpus.ClauseID]review.State{s.ru.Clauses[0].ID: review.StateConfirmed})

	// the proposals of a clause that leaves go with it, whoever takes it out
	shorter := document("ru-b-2020", "RU", "ru", 4)
	save(t, other, shorter)
	agrees("a clause left", db, map[corpus.ClauseID]review.State{s.cn.Clauses[4].ID: ""})

	set, err := review.Together(s.matches[1], nil, []corpus.ClauseID{s.ru.Clauses[3].ID})
	if err != nil {
		t.Fatal(err)
	}
	made, err := db.NewMatch(t.Context(), set, wang)
	if err != nil {
		t.Fatal(err)
	}
	agrees("a set", db, map[corpus.ClauseID]review.State{second: review.StateProposed})
	if _, err := db.DropMatch(t.Context(), made.ID, wang); err != nil {
		t.Fatal(err)
	}
	agrees("the set withdrawn", db, nil)
	agrees("asked first", other, nil)
}
