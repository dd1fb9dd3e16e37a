package review

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
)

// relatives adds pairs to the shelf: the first n have the scene's two texts, and
// one more has another number in its source.
func relatives(s *shelf, n int) (ids []uuid.UUID) {
	for i := range n + 1 {
		id, a, b := uuid.New(), corpus.ClauseID(fmt.Sprintf("cn-a/%d", i+2)), corpus.ClauseID(fmt.Sprintf("ru-b/%d", i+2))
		m := Match{ID: id, Sources: []corpus.ClauseID{a}, Targets: []corpus.ClauseID{b}, Against: "ru-b", Version: 1, State: StateProposed,
			Digests: map[corpus.ClauseID]corpus.Digest{a: "d1", b: "d2"}}
		if i == n {
			m.Digests[a] = "d9"
		}
		s.matches[id] = m
		ids = append(ids, id)
	}
	return ids
}

func TestFamily(t *testing.T) {
	desk, s, p, a := deskScene()
	ids := relatives(s, 3)
	changed := s.matches[ids[1]]
	changed.Version = 5 // somebody was there meanwhile
	s.matches[ids[1]] = changed
	others := []Alike{{ids[0], 1}, {ids[1], 1}, {ids[2], 1}, {ids[3], 1}, {a.Match, 3}}
	made, left, err := desk.DecideAlike(t.Context(), p, a, others)
	if err != nil || len(made) != 3 || len(left) != 2 {
		t.Fatalf("made %d, left %+v, %v", len(made), left, err)
	}
	for _, d := range made {
		m := s.matches[d.Match]
		if d.FamilyKey() != "k" || len(m.Decisions) != 1 || m.Decisions[0].Seen[0].Clause != m.Sources[0] || m.Decisions[0].Verdict != a.Verdict {
			t.Errorf("kept %+v", m.Decisions)
		}
	}
	if left[0].Match != ids[1] || !errors.Is(left[0].Err, corpus.ErrConflict) || left[1].Match != ids[3] || !errors.Is(left[1].Err, corpus.ErrConflict) {
		t.Errorf("left %+v, want the changed pair and the one with another number", left)
	}
	if again, _, err := desk.DecideAlike(t.Context(), p, a, others); err != nil || len(again) != 3 || len(s.matches[ids[0]].Decisions) != 1 {
		t.Errorf("the same form again: %d, %v", len(again), err)
	}
}

func TestFamilyRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*Answer)
		n    int
		want error
	}{
		"too many":                {func(*Answer) {}, MaxFamily, corpus.ErrLimit},
		"no counterpart":          {func(a *Answer) { a.Verdict, a.Search = VerdictNoCounterpart, "all" }, 1, corpus.ErrInvalid},
		"unsure":                  {func(a *Answer) { a.Verdict = VerdictUnsure }, 1, corpus.ErrInvalid},
		"a dispute":               {func(a *Answer) { a.Kind = KindAdjudication }, 1, corpus.ErrInvalid},
		"no key to undo by":       {func(a *Answer) { a.Idempotency = "" }, 1, corpus.ErrInvalid},
		"a key of a family's":     {func(a *Answer) { a.Idempotency = "k+1" }, 1, corpus.ErrInvalid},
		"the first too late":      {func(a *Answer) { a.Version = 2 }, 1, corpus.ErrConflict},
		"the first with old text": {func(a *Answer) { a.Seen[0].Digest = "d0" }, 1, ErrStale},
	} {
		t.Run(name, func(t *testing.T) {
			desk, s, p, a := deskScene()
			var others []Alike
			for _, id := range relatives(s, c.n)[:c.n] {
				others = append(others, Alike{id, 1})
			}
			c.edit(&a)
			if _, _, err := desk.DecideAlike(t.Context(), p, a, others); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			for id, m := range s.matches {
				if len(m.Decisions) > 0 {
					t.Errorf("%s was answered all the same", id)
				}
			}
		})
	}
	desk, _, p, a := deskScene()
	if made, left, err := desk.DecideAlike(t.Context(), p, a, nil); err != nil || len(made) != 1 || left != nil {
		t.Errorf("alone: %d, %v", len(made), err)
	}
}

func TestFamilyOfAMatch(t *testing.T) {
	m := newMatch()
	if d, ok := m.Family(); !ok || d != [2]corpus.Digest{"x", "y"} {
		t.Errorf("got %v, %v", d, ok)
	}
	delete(m.Digests, "b/1")
	if _, ok := m.Family(); ok {
		t.Error("a match that lost a clause has a family")
	}
	m = newMatch()
	m.Targets = append(m.Targets, "b/2")
	if _, ok := m.Family(); ok {
		t.Error("a match of three clauses has a family")
	}
}
