package web

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/review"
)

// termEffect is what a change of the terms would do, with the decided matches that
// become suspect by it.
type termEffect struct {
	termbase.Effect
	Rows []effectMatch // the first of them
	More int           // that are not listed
}

// effectMatch is one of them.
type effectMatch struct {
	ID   uuid.UUID
	A, B []Ref
}

// named is an effect with the names of the matches that become suspect.
func (s *Server) named(ctx context.Context, e termbase.Effect) (*termEffect, error) {
	out := &termEffect{Effect: e}
	var ids []uuid.UUID
	for _, text := range e.Decided {
		if id, err := uuid.Parse(text); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	page, err := s.store.Matches(ctx, review.Filter{Only: ids, Limit: review.MaxPage})
	if err != nil {
		return nil, fmt.Errorf("read the matches that the terms change: %w", err)
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range page.Matches {
		out.Rows = append(out.Rows, effectMatch{m.ID, sh.refs(m.Sources), sh.refs(m.Targets)})
	}
	out.More = max(0, e.Suspect-len(out.Rows))
	return out, nil
}

// shifts says what a change does to the texts that answers rest on.
func (s *Server) shifts(ctx context.Context, change termbase.Change) (termbase.Shifts, error) {
	if s.effects == nil {
		return termbase.Shifts{}, nil
	}
	leave, err := s.seeking.enter(ctx)
	if err != nil {
		return termbase.Shifts{}, err
	}
	defer leave()
	out, err := s.effects.Shifts(ctx, change)
	if err != nil {
		return out, fmt.Errorf("find out which answers rest on the terms: %w", err)
	}
	return out, nil
}

// movedTerm is an entry that reads a clause otherwise than when it was answered.
type movedTerm struct {
	Label    string // of the clause
	Language corpus.Language
	termbase.Move
	Was, Is []termbase.Term // what it was called in the language of the clause, and is
}

// movedTerms says which terms changed since texts were seen.
func (s *Server) movedTerms(ctx context.Context, seen []review.Seen, clauses map[corpus.ClauseID]corpus.Clause) ([]movedTerm, error) {
	var out []movedTerm
	for _, sn := range seen {
		moves, err := s.store.TermMoves(ctx, sn.Clause, sn.Terms)
		if err != nil {
			return nil, fmt.Errorf("read which terms changed: %w", err)
		}
		c := clauses[sn.Clause]
		for _, m := range moves {
			row := movedTerm{Label: either(c.Label, sn.Clause.Key()), Language: c.Language, Move: m}
			row.Was, row.Is = termsOf(m.Before, c.Language), termsOf(m.After, c.Language)
			out = append(out, row)
		}
	}
	return out, nil
}

// termsOf are the names of an entry in the language of a text, of whichever region;
// all of them where it has none in it.
func termsOf(e *termbase.Entry, lang corpus.Language) []termbase.Term {
	if e == nil {
		return nil
	}
	row := termRow{Kept: termbase.Kept{Entry: *e}}
	if in := row.Under(lang.Base()); len(in) > 0 {
		return in
	}
	return e.Terms
}
