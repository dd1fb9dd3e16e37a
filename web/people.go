package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// decisionRow is a decision as lists show it.
type decisionRow struct {
	review.Decision
	Name   string // of the person
	Own    bool
	Undone bool
	Undo   bool // may be undone now by who looks
	Refs   []Ref
	State  review.State
}

// names are the names of people by id.
type names map[uuid.UUID]string

// names reads who people are. A person who is gone stays an id.
func (s *Server) names(ctx context.Context) (names, error) {
	all, err := s.store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the people: %w", err)
	}
	out := make(names, len(all))
	for _, p := range all {
		out[p.ID] = p.Name
		if p.Name == "" {
			out[p.ID] = p.Login
		}
	}
	return out, nil
}

// namesFor is names where there are n things to name somebody of: for none, nobody is
// read.
func (s *Server) namesFor(ctx context.Context, n int) (names, error) {
	if n == 0 {
		return nil, nil
	}
	return s.names(ctx)
}

func (n names) of(id uuid.UUID) string {
	if name := n[id]; name != "" {
		return name
	}
	return id.String()
}

// rows are the decisions of a match that somebody may see, latest first.
func (n names) rows(m review.Match, d review.Dossier, a asker) []decisionRow {
	undone := map[uuid.UUID]bool{}
	for _, d := range m.Decisions {
		if d.Kind == review.KindWithdrawal {
			undone[d.Withdraws] = true
		}
	}
	var out []decisionRow
	for _, d := range review.Shown(m, a.person).Decisions {
		out = append(out, decisionRow{
			Decision: d, Name: n.of(d.Person), Own: d.Person == a.person.ID, Undone: undone[d.ID], State: m.State, Undo: undoable(m, d, a),
		})
	}
	if d.HidesNames(m, a.person.ID) {
		for i := range out {
			out[i].Name, out[i].Party, out[i].Person = a.nameless(m, out[i].Person), "", uuid.Nil
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// nameless is what somebody who answered is called while names are hidden: by the
// turn in which they first answered.
func (a asker) nameless(m review.Match, person uuid.UUID) string {
	var turns []uuid.UUID
	for _, d := range m.Decisions {
		if !slices.Contains(turns, d.Person) {
			turns = append(turns, d.Person)
		}
	}
	return a.words.say("names.hidden", "n", slices.Index(turns, person)+1)
}

// undoable tells whether a decision is the last one on its match and one's own.
func undoable(m review.Match, d review.Decision, a asker) bool {
	if len(m.Decisions) == 0 || d.Kind == review.KindWithdrawal || d.Person != a.person.ID || !a.person.May(review.ActionReview) {
		return false
	}
	return m.Decisions[len(m.Decisions)-1].ID == d.ID
}

// historyOf are the decisions on all matches of a clause that somebody may see.
func (s *Server) historyOf(ctx context.Context, matches []review.Match, a asker) ([]decisionRow, error) {
	var out []decisionRow
	n, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	dossiers := map[uuid.UUID]review.Dossier{}
	for _, m := range matches {
		d, known := dossiers[m.Dossier]
		if !known {
			if d, err = s.store.Dossier(ctx, m.Dossier); err != nil {
				return nil, fmt.Errorf("find the dossier of an answer: %w", err)
			}
			dossiers[m.Dossier] = d
		}
		for _, row := range n.rows(m, d, a) {
			row.Undo = false
			row.Refs = sh.refs(m.Clauses())
			out = append(out, row)
		}
	}
	return out, nil
}

// seenRefs names the clauses a decision was made on.
func (sh shelf) seenRefs(d review.Decision) []Ref {
	ids := make([]corpus.ClauseID, len(d.Seen))
	for i, seen := range d.Seen {
		ids[i] = seen.Clause
	}
	return sh.refs(ids)
}
