package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/review"
)

// shiftRow is one change of a clause's reading by the termbase, as it is kept.
type shiftRow struct {
	termbase.Shift
	change, known int64
	state         corpus.Digest
}

const shiftColumns = "s.clause, s.change, s.known, s.digest, s.before, s.after, s.state, s.entries"

func scanShift(r row) (s shiftRow, err error) {
	return s, r.Scan(&s.Clause, &s.change, &s.known, &s.Digest, &s.Before, &s.After, &s.state, jsonColumn{&s.Entries})
}

// shiftsOf reads what terms did to clauses, by clause and in order.
func shiftsOf(ctx context.Context, q querier, ids []corpus.ClauseID) (map[corpus.ClauseID][]shiftRow, error) {
	list, err := inBatches(ctx, q, "SELECT "+shiftColumns+" FROM term_shifts s WHERE s.clause IN (?) ORDER BY s.clause, s.change", nil, ids, scanShift)
	out := map[corpus.ClauseID][]shiftRow{}
	for _, s := range list {
		out[s.Clause] = append(out[s.Clause], s)
	}
	return out, err
}

// stateOf names a reading of a text for decisions: as it was named before where the
// same text was read so before, "" where that was before the first change.
func stateOf(earlier []shiftRow, text, reading corpus.Digest) corpus.Digest {
	state := corpus.Digest("")
	for _, s := range earlier {
		if s.Digest == text && s.Before == reading {
			return state
		}
		if state = s.state; s.Digest == text && s.After == reading {
			return state
		}
	}
	return reading
}

// loadTerms adds what the termbase makes of the clauses of matches.
func loadTerms(ctx context.Context, q querier, ids []string, into map[string]*review.Match) error {
	type end struct {
		match  string
		clause corpus.ClauseID
		state  corpus.Digest
	}
	ends, err := inBatches(ctx, q, `SELECT mc.match, mc.clause, s.state FROM match_clauses mc JOIN term_shifts s ON s.clause = mc.clause
		WHERE mc.match IN (?) AND s.change = (SELECT MAX(x.change) FROM term_shifts x WHERE x.clause = mc.clause)`, nil, ids, func(r row) (e end, err error) {
		return e, r.Scan(&e.match, &e.clause, &e.state)
	})
	for _, e := range ends {
		if e.state != "" {
			into[e.match].SetTerms(e.clause, e.state)
		}
	}
	return err
}

// shifting is what a change of the termbase makes of clauses and of answered matches.
type shifting struct {
	rows      []shiftRow // without change and known
	rederived []rederived
}

// shift works out what becomes of the answered matches, without writing anything.
// Shifts of a text that is not the present one any more are left out.
func shift(ctx context.Context, q querier, list []termbase.Shift) (shifting, error) {
	var out shifting
	ids := make([]corpus.ClauseID, len(list))
	for i, s := range list {
		ids[i] = s.Clause
	}
	earlier, err := shiftsOf(ctx, q, ids)
	if err != nil {
		return out, err
	}
	now, err := places(ctx, q, ids)
	if err != nil {
		return out, err
	}
	states := map[corpus.ClauseID]corpus.Digest{}
	ids = ids[:0]
	for _, s := range list {
		if at, there := now[s.Clause]; there && !at.removed && at.digest == s.Digest {
			states[s.Clause] = stateOf(earlier[s.Clause], s.Digest, s.After)
			out.rows = append(out.rows, shiftRow{Shift: s, state: states[s.Clause]})
			ids = append(ids, s.Clause)
		}
	}
	out.rederived, err = rederive(ctx, q, ids, func(m review.Match) review.Match {
		terms := m.Terms
		m.Terms = nil
		for _, id := range m.Clauses() {
			state, moved := states[id]
			if !moved {
				state = terms[id]
			}
			if state != "" {
				m.SetTerms(id, state)
			}
		}
		return m
	})
	return out, err
}

// shiftTerms keeps what a change of the termbase did to texts, with all that follows
// for matches; corpus.ErrConflict when the terms were changed since it was worked out.
func (c *changing) shiftTerms(ctx context.Context, s termbase.Shifts, known int64, actor string) error {
	if s.Revision != 0 && s.Revision != known {
		return corpus.Refuse(corpus.ErrConflict, "terms-moved", "somebody changed the terms meanwhile; look at what this changes again")
	}
	if len(s.List) == 0 {
		return nil
	}
	change, err := termRevision(ctx, c.Tx)
	if err != nil {
		return err
	}
	made, err := shift(ctx, c.Tx, s.List)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, r := range made.rows {
		entries, err := asJSON(r.Entries)
		if err != nil {
			return err
		}
		rows = append(rows, []any{string(r.Clause), change, known, string(r.Digest), string(r.Before), string(r.After), string(r.state), entries})
	}
	if err := insert(ctx, c.Tx, "INSERT INTO term_shifts (clause, change, known, digest, before, after, state, entries)", "", rows); err != nil {
		return err
	}
	return saveRederived(ctx, c, made.rederived, actor)
}

// AfterTerms tells which matches would become suspect by a change of the termbase,
// and how many would hold again, without making it.
func (db *DB) AfterTerms(ctx context.Context, list []termbase.Shift) (suspect []string, restored int, err error) {
	err = db.read(ctx, "find out what terms change", func(tx *sql.Tx) error {
		made, err := shift(ctx, tx, list)
		for _, r := range made.rederived {
			if r.after.Suspect && !r.before.Suspect {
				suspect = append(suspect, r.after.ID.String())
			}
			restored += number(r.before.Suspect && !r.after.Suspect)
		}
		return err
	})
	return suspect, restored, err
}

// AnsweredClauses are the present clauses of matches that somebody has answered, in
// order of id.
func (db *DB) AnsweredClauses(ctx context.Context) ([]corpus.Clause, error) {
	var out []corpus.Clause
	err := db.read(ctx, "read the clauses that answers rest on", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+clauseColumns+` FROM clauses c WHERE c.removed = 0 AND c.id IN
			(SELECT mc.clause FROM match_clauses mc WHERE mc.match IN (SELECT match FROM decisions)) ORDER BY c.id`)
		out, err = collect(rows, err, scanClause)
		return err
	})
	return out, err
}

// TermMoves tells which entries read a clause otherwise than when it had a state, as
// they were then and as they are now; entries that are as they were are left out.
func (db *DB) TermMoves(ctx context.Context, clause corpus.ClauseID, since corpus.Digest) ([]termbase.Move, error) {
	var out []termbase.Move
	err := db.read(ctx, "read what terms changed on "+string(clause), func(tx *sql.Tx) error {
		all, err := shiftsOf(ctx, tx, []corpus.ClauseID{clause})
		if err != nil {
			return err
		}
		rows := all[clause]
		for i := len(rows) - 1; i >= 0; i-- {
			if rows[i].state == since {
				rows = rows[i+1:]
				break
			}
		}
		known := map[string]int64{} // revision before an entry changed first
		var ids []string
		for _, r := range rows {
			for _, id := range r.Entries {
				if _, there := known[id]; !there {
					known[id] = r.known
					ids = append(ids, id)
				}
			}
		}
		slices.Sort(ids)
		for _, id := range ids {
			move := termbase.Move{ID: id}
			if move.Before, err = entryAt(ctx, tx, id, known[id]); err == nil {
				move.After, err = entryAt(ctx, tx, id, rows[len(rows)-1].change)
			}
			if err != nil {
				return err
			}
			if !move.Same() {
				out = append(out, move)
			}
		}
		return nil
	})
	return out, err
}

// entryAt is an entry as it was at a revision, nil where it was not in use.
func entryAt(ctx context.Context, q querier, id string, revision int64) (*termbase.Entry, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+keptColumns+" FROM term_versions v WHERE v.entry = $1 AND v.seq <= $2 ORDER BY v.seq DESC LIMIT 1", id, revision)
	found, err := collect(rows, err, scanKept)
	if err != nil || len(found) == 0 || found[0].Withdrawn {
		return nil, err
	}
	return &found[0].Entry, nil
}

// TermReading is what a change of the termbase left a clause with.
type TermReading struct {
	Clause corpus.Clause
	After  corpus.Digest // termbase.Reading of its present text
}

// TermReadings lists them for the clauses whose text has not changed since, so that
// the program, which knows the terms, can compare.
func (db *DB) TermReadings(ctx context.Context) ([]TermReading, error) {
	var out []TermReading
	err := db.read(ctx, "read what terms did to texts", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+shiftColumns+` FROM term_shifts s JOIN clauses c ON c.id = s.clause AND c.digest = s.digest AND c.removed = 0
			WHERE s.change = (SELECT MAX(x.change) FROM term_shifts x WHERE x.clause = s.clause) ORDER BY s.clause`)
		last, err := collect(rows, err, scanShift)
		if err != nil {
			return err
		}
		ids := make([]corpus.ClauseID, len(last))
		after := map[corpus.ClauseID]corpus.Digest{}
		for i, s := range last {
			ids[i], after[s.Clause] = s.Clause, s.After
		}
		clauses, err := inBatches(ctx, tx, "SELECT "+clauseColumns+" FROM clauses c WHERE c.id IN (?) ORDER BY c.id", nil, ids, scanClause)
		for _, c := range clauses {
			out = append(out, TermReading{c, after[c.ID]})
		}
		return err
	})
	return out, err
}

// checkTermShifts works the state of every reading out anew from those before.
func checkTermShifts(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT "+shiftColumns+" FROM term_shifts s ORDER BY s.clause, s.change")
	all, err := collect(rows, err, scanShift)
	if err != nil {
		return fmt.Errorf("read what terms did to texts: %w", err)
	}
	begin := 0
	for i, s := range all {
		if all[begin].Clause != s.Clause {
			begin = i
		}
		if want := stateOf(all[begin:i], s.Digest, s.After); s.state != want {
			r.problem("the reading of clause %s after the change %d of the terms is kept as %q, its changes say %q", s.Clause, s.change, s.state, want)
		}
	}
	return nil
}
