package review

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// shelf keeps matches in memory, as Records asks.
type shelf struct {
	dossier Dossier
	matches map[uuid.UUID]Match
	absent  uuid.UUID
}

// Match implements Records.
func (s *shelf) Match(_ context.Context, id uuid.UUID) (Match, Dossier, error) {
	m, there := s.matches[id]
	if !there {
		return Match{}, Dossier{}, corpus.ErrNotFound
	}
	return m, s.dossier, nil
}

// Amend implements Records.
func (s *shelf) Amend(ctx context.Context, id uuid.UUID, _ Person, change func(Match, Dossier) (Match, error)) (Match, error) {
	m, d, err := s.Match(ctx, id)
	if err != nil {
		return m, err
	}
	after, err := change(m, d)
	if err != nil || after.Version == m.Version {
		return m, err
	}
	for i := range after.Decisions {
		after.Decisions[i].Seq = int64(i + 1)
	}
	s.matches[id] = after
	return after, nil
}

// Absent implements Records.
func (s *shelf) Absent(_ context.Context, dossier uuid.UUID, sources []corpus.ClauseID, against corpus.StandardID) (Match, error) {
	if s.absent == uuid.Nil {
		s.absent = uuid.New()
		s.matches[s.absent] = Match{ID: s.absent, Dossier: dossier, Sources: sources, Against: against, Version: 1, State: StateProposed,
			Digests: map[corpus.ClauseID]corpus.Digest{"cn-a/1": "d1"}}
	}
	return s.matches[s.absent], nil
}

// deskScene is a desk over one match of a clause each, and a reviewer.
func deskScene() (*Desk, *shelf, Person, Answer) {
	id := uuid.New()
	s := &shelf{dossier: Dossier{Name: "D", Policy: PolicyTwoReviewers, Sides: []Side{{Party: "CN"}, {Party: "RU"}}}, matches: map[uuid.UUID]Match{
		id: {ID: id, Sources: []corpus.ClauseID{"cn-a/1"}, Targets: []corpus.ClauseID{"ru-b/1"}, Against: "ru-b", Version: 3, State: StateProposed,
			Digests: map[corpus.ClauseID]corpus.Digest{"cn-a/1": "d1", "ru-b/1": "d2"}},
	}}
	p := Person{ID: uuid.New(), Role: RoleReviewer, Party: "CN"}
	yes := corpus.Recognition{Answer: corpus.AnswerYes}
	return &Desk{Records: s, Now: func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }}, s, p, Answer{
		Match: id, Version: 3, Kind: KindOpinion, Verdict: Verdict(corpus.RelationEquivalent), AToB: yes, BToA: yes,
		Seen: []Seen{{Clause: "cn-a/1", Digest: "d1"}, {Clause: "ru-b/1", Digest: "d2"}}, Idempotency: "k",
	}
}

func TestDeskDecides(t *testing.T) {
	desk, s, p, a := deskScene()
	m, made, err := desk.Decide(t.Context(), p, a)
	if err != nil || m.Version != 4 || m.State != StateOpinion {
		t.Fatalf("got %+v, %v", m, err)
	}
	if made.ID == uuid.Nil || made.Person != p.ID || made.Party != p.Party || made.Match != m.ID || made.Seq != 1 {
		t.Errorf("the decision made comes back as it is kept, got %+v", made)
	}
	again, same, err := desk.Decide(t.Context(), p, a)
	if err != nil || same.ID != made.ID || again.Version != 4 || len(s.matches[a.Match].Decisions) != 1 {
		t.Errorf("the same key again gives %+v, %v", same, err)
	}
	if back, err := desk.Undo(t.Context(), p, m.ID, made.ID); err != nil || back.State != StateProposed || len(back.Decisions) != 2 {
		t.Errorf("undone, it is %+v, %v", back, err)
	}
}

func TestDeskNoCounterpartGoesToItsOwnMatch(t *testing.T) {
	desk, s, p, a := deskScene()
	a.Verdict, a.Search = VerdictNoCounterpart, "width of exits"
	m, made, err := desk.Decide(t.Context(), p, a)
	if err != nil || m.ID != s.absent || made.Match != s.absent || len(s.matches[a.Match].Decisions) != 0 {
		t.Errorf("got %+v, %v", m, err)
	}
}

func TestDeskRefuses(t *testing.T) {
	cases := []struct {
		name string
		edit func(*Answer)
		want error
	}{
		{"an older version", func(a *Answer) { a.Version = 2 }, corpus.ErrConflict},
		{"an older text", func(a *Answer) { a.Seen[1].Digest = "d0" }, ErrStale},
		{"an unknown match", func(a *Answer) { a.Match = uuid.New() }, corpus.ErrNotFound},
		{"an endless note", func(a *Answer) { a.Note = strings.Repeat("я", MaxNoteRunes+1) }, corpus.ErrLimit},
		{"an endless condition", func(a *Answer) { a.AToB.Conditions = []string{strings.Repeat("x", MaxNoteRunes+1)} }, corpus.ErrLimit},
		{"too many conditions", func(a *Answer) { a.BToA.Conditions = make([]string, 41) }, corpus.ErrLimit},
		{"an endless key", func(a *Answer) { a.Idempotency = strings.Repeat("x", 101) }, corpus.ErrLimit},
		{"an unknown reason", func(a *Answer) { a.Reasons = []string{"mood"} }, corpus.ErrInvalid},
		{"a note of the longest kind is fine", func(a *Answer) { a.Note = strings.Repeat("я", MaxNoteRunes) }, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			desk, s, p, a := deskScene()
			id := a.Match
			c.edit(&a)
			m, made, err := desk.Decide(t.Context(), p, a)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if c.want == nil {
				return
			}
			if made.ID != uuid.Nil || len(s.matches[id].Decisions) != 0 {
				t.Errorf("something was decided: %+v", made)
			}
			if errors.Is(err, corpus.ErrConflict) && m.Version != 3 {
				t.Errorf("the match as it is now should come with the refusal, got version %d", m.Version)
			}
		})
	}
}
