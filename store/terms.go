package store

import (
	"context"
	"database/sql"
	"strconv"

	"concord/corpus"
	"concord/corpus/termbase"
)

func scanKept(r row) (termbase.Kept, error) {
	var k termbase.Kept
	return k, r.Scan(jsonColumn{&k.Entry}, &k.Version, &k.Withdrawn, &k.By, timeColumn{&k.At})
}

// keptColumns are the columns scanKept reads, of the version v of an entry.
const keptColumns = "v.body, v.version, v.withdrawn, v.actor, v.at"

// terms reads all entries in order of id.
func terms(ctx context.Context, q querier) ([]termbase.Kept, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+keptColumns+" FROM terms t JOIN term_versions v ON v.entry = t.id AND v.version = t.version ORDER BY t.id")
	return collect(rows, err, scanKept)
}

// Terms lists the entries that users added, also withdrawn ones, in order of id.
func (db *DB) Terms(ctx context.Context) ([]termbase.Kept, error) {
	var out []termbase.Kept
	err := db.read(ctx, "list the terms", func(tx *sql.Tx) (err error) {
		out, err = terms(ctx, tx)
		return err
	})
	return out, err
}

// TermVersions lists all versions of an entry, latest first; corpus.ErrNotFound
// when there is none.
func (db *DB) TermVersions(ctx context.Context, id string) ([]termbase.Kept, error) {
	var out []termbase.Kept
	err := db.read(ctx, "read the term "+strconv.Quote(id), func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+keptColumns+" FROM term_versions v WHERE v.entry = $1 ORDER BY v.version DESC", id)
		if out, err = collect(rows, err, scanKept); err == nil && len(out) == 0 {
			return notFound("term", id)
		}
		return err
	})
	return out, err
}

// TermRevision grows with every change of a term; 0 means that there is none.
func (db *DB) TermRevision(ctx context.Context) (int64, error) {
	var out int64
	err := db.read(ctx, "read the revision of the terms", func(tx *sql.Tx) (err error) {
		out, err = termRevision(ctx, tx)
		return err
	})
	return out, err
}

func termRevision(ctx context.Context, q querier) (n int64, err error) {
	return n, q.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) FROM term_versions").Scan(&n)
}

// ImportTerms takes in the cleaned entries of a file as termbase.PlanImport says,
// in one transaction with one audit row, and returns what was done. What they do to
// texts that answers rest on comes with them (see termbase.Moves).
func (db *DB) ImportTerms(ctx context.Context, file string, entries []termbase.Entry, shifts termbase.Shifts, actor string) (termbase.Plan, error) {
	var plan termbase.Plan
	err := db.write(ctx, "import the terms of "+file, func(c *changing) error {
		for _, e := range entries {
			if err := e.Validate(); err != nil {
				return err
			}
		}
		kept, err := terms(ctx, c.Tx)
		if err != nil {
			return err
		}
		known, err := termRevision(ctx, c.Tx)
		if err != nil {
			return err
		}
		plan = termbase.PlanImport(kept, entries)
		versions := make(map[string]int, len(kept))
		for _, k := range kept {
			versions[k.ID] = k.Version
		}
		for _, e := range plan.Entries() {
			if err := c.keepTerm(ctx, e, versions[e.ID], false, actor); err != nil {
				return err
			}
			versions[e.ID]++
		}
		if len(plan.Added)+len(plan.Changed) > 0 {
			c.note(actor, "terms.imported", file, 0, plan.Entries())
		}
		return c.shiftTerms(ctx, shifts, known, actor)
	})
	return plan, err
}

// SaveTerm adds an entry (version 0) or changes the version somebody has read;
// corpus.ErrConflict when it is another one by now. What it does to texts that
// answers rest on comes with it (see termbase.Moves).
func (db *DB) SaveTerm(ctx context.Context, e termbase.Entry, version int, shifts termbase.Shifts, actor string) error {
	return db.changeTerm(ctx, e.ID, version, "save", shifts, actor, func(termbase.Kept) (termbase.Entry, bool, error) {
		e = e.Clean()
		return e, false, e.Validate()
	})
}

// WithdrawTerm takes an entry out of use; it stays to be seen and can be saved
// again. corpus.ErrConflict when it has another version by now.
func (db *DB) WithdrawTerm(ctx context.Context, id string, version int, shifts termbase.Shifts, actor string) error {
	return db.changeTerm(ctx, id, version, "withdraw", shifts, actor, func(k termbase.Kept) (termbase.Entry, bool, error) {
		return k.Entry, true, nil
	})
}

// changeTerm makes the next version of one entry.
func (db *DB) changeTerm(ctx context.Context, id string, version int, what string, shifts termbase.Shifts, actor string, next func(termbase.Kept) (termbase.Entry, bool, error)) error {
	return db.write(ctx, what+" the term "+strconv.Quote(id), func(c *changing) error {
		return c.changeTerm(ctx, id, version, what, shifts, actor, next)
	})
}

func (c *changing) changeTerm(ctx context.Context, id string, version int, what string, shifts termbase.Shifts, actor string, next func(termbase.Kept) (termbase.Entry, bool, error)) error {
	rows, err := c.QueryContext(ctx, "SELECT "+keptColumns+" FROM term_versions v WHERE v.entry = $1 ORDER BY v.version DESC LIMIT 1", id)
	found, err := collect(rows, err, scanKept)
	if err != nil {
		return err
	}
	var now termbase.Kept
	if len(found) > 0 {
		now = found[0]
	}
	switch {
	case now.Version != version && version == 0:
		return corpus.Refuse(corpus.ErrConflict, "term-taken", "there is an entry {id} already; change that one or choose another id", "id", id)
	case now.Version != version:
		return corpus.Refuse(corpus.ErrConflict, "term-stale", "somebody changed the entry {id} meanwhile; open it again", "id", id)
	case what == "withdraw" && version == 0:
		return notFound("term", id)
	case what == "withdraw" && now.Withdrawn:
		return corpus.Refuse(corpus.ErrConflict, "term-withdrawn", "the entry {id} is withdrawn already", "id", id)
	}
	e, withdrawn, err := next(now)
	if err != nil {
		return err
	}
	known, err := termRevision(ctx, c.Tx)
	if err != nil {
		return err
	}
	if err := c.keepTerm(ctx, e, version, withdrawn, actor); err != nil {
		return err
	}
	c.note(actor, termAction(version, withdrawn), e.ID, version+1, e)
	if err := c.tell(orNothing(now.Entry, now.Version > 0), orNothing(e, !withdrawn)); err != nil {
		return err
	}
	return c.shiftTerms(ctx, shifts, known, actor)
}

// termAction is what the audit calls a change.
func termAction(version int, withdrawn bool) string {
	switch {
	case withdrawn:
		return "term.withdrawn"
	case version == 0:
		return "term.added"
	}
	return "term.changed"
}

// keepTerm writes the version that follows version.
func (c *changing) keepTerm(ctx context.Context, e termbase.Entry, version int, withdrawn bool, actor string) error {
	body, err := asJSON(e)
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, `INSERT INTO terms (id, version, withdrawn, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, withdrawn = excluded.withdrawn, body = excluded.body`, e.ID, version+1, number(withdrawn), body); err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "INSERT INTO term_versions (entry, version, withdrawn, body, actor, at) VALUES ($1, $2, $3, $4, $5, $6)",
		e.ID, version+1, number(withdrawn), body, actor, stamp(c.now))
	return err
}
