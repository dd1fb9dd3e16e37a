package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// misreadingColumns are the columns scanMisreading reads, of a table called r
// beside the clauses c.
const misreadingColumns = `r.id, r.kind, r.match, r.clause, r.digest, r.aspect, r.start, r.stop, r.read, r.person, r.at, r.withdrawn,
	c.language, r.withdrawn = '' AND c.removed = 0 AND c.digest = r.digest`

// misreadingTargets says where the columns of misreadingColumns go.
func misreadingTargets(m *review.Misreading) []any {
	return []any{idColumn{&m.ID}, &m.Kind, idColumn{&m.Match}, &m.Clause, &m.Digest, &m.Aspect, &m.Start, &m.End, &m.Read,
		idColumn{&m.Person}, timeColumn{&m.At}, timeColumn{&m.Withdrawn}, &m.Language, &m.Standing}
}

func scanMisreading(r row) (review.Misreading, error) {
	var m review.Misreading
	return m, r.Scan(misreadingTargets(&m)...)
}

// loadMisreadings adds the standing marks on the present texts of the clauses,
// whichever match they were made on.
func loadMisreadings(ctx context.Context, q querier, ids []string, into map[string]*review.Match) error {
	type mark struct {
		match string
		made  review.Misreading
	}
	found, err := inBatches(ctx, q, "SELECT mc.match, "+misreadingColumns+` FROM match_clauses mc
		JOIN misreadings r ON r.clause = mc.clause AND r.withdrawn = '' JOIN clauses c ON c.id = r.clause AND c.digest = r.digest AND c.removed = 0
		WHERE mc.match IN (?) ORDER BY r.id`, nil, ids, func(r row) (m mark, err error) {
		return m, r.Scan(append([]any{&m.match}, misreadingTargets(&m.made)...)...)
	})
	for _, f := range found {
		m := into[f.match]
		m.Misreadings = append(m.Misreadings, f.made)
	}
	return err
}

// Misread keeps the mark that ask makes of a match as it is now, with its audit
// row. An error of ask keeps nothing; corpus.ErrConflict when the place is marked.
func (db *DB) Misread(ctx context.Context, match uuid.UUID, actor review.Person, ask func(review.Match, review.Dossier) (review.Misreading, error)) (review.Misreading, error) {
	var made review.Misreading
	err := db.write(ctx, "mark what was read wrongly", func(c *changing) error {
		match, err := matchBehind(ctx, c.Tx, match)
		if err != nil {
			return err
		}
		m, d, err := loadMatch(ctx, c.Tx, match)
		if err != nil {
			return err
		}
		if made, err = ask(m, d); err != nil {
			return err
		}
		if made.ID, err = newID(); err != nil {
			return err
		}
		made.At, made.Standing = c.now, true
		err = insert(ctx, c.Tx, `INSERT INTO misreadings (id, kind, match, clause, standard, digest, aspect, start, stop, read, person, at, withdrawn)`, "", [][]any{{
			made.ID.String(), string(made.Kind), made.Match.String(), string(made.Clause), string(made.Clause.Standard()), string(made.Digest), string(made.Aspect),
			made.Start, made.End, made.Read, made.Person.String(), stamp(made.At), ""}})
		if isUnique(err) {
			return corpus.Refuse(corpus.ErrConflict, "misread-again", "this place is marked already")
		}
		c.note(actor.ID.String(), "misreading.marked", match.String(), m.Version, made)
		return err
	})
	return made, err
}

// WithdrawMisreading takes a mark back for its author, with its audit row.
// Errors as of review.Misreading.Withdraw; corpus.ErrNotFound when there is none.
func (db *DB) WithdrawMisreading(ctx context.Context, id uuid.UUID, actor review.Person) (review.Misreading, error) {
	var after review.Misreading
	err := db.write(ctx, "take a mark back", func(c *changing) error {
		r := c.QueryRowContext(ctx, "SELECT "+misreadingColumns+" FROM misreadings r JOIN clauses c ON c.id = r.clause WHERE r.id = $1", id.String())
		before, err := one(r, scanMisreading, "mark", id)
		if err != nil {
			return err
		}
		if after, err = before.Withdraw(actor, c.now); err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, "UPDATE misreadings SET withdrawn = $1 WHERE id = $2", stamp(after.Withdrawn), id.String())
		c.note(actor.ID.String(), "misreading.withdrawn", after.Match.String(), 0, after)
		return err
	})
	return after, err
}

// Misreadings lists marks that nobody took back, the latest first, also those
// whose text has changed since.
func (db *DB) Misreadings(ctx context.Context, f review.MisreadingFilter) ([]review.Misreading, error) {
	w := &where{}
	w.add("r.withdrawn = ''")
	if f.Standard != "" {
		w.add("r.standard = ?", string(f.Standard))
	}
	if f.Kind != "" {
		w.add("r.kind = ?", string(f.Kind))
	}
	if f.Before != uuid.Nil {
		w.add("r.id < ?", f.Before.String())
	}
	query := "SELECT " + misreadingColumns + " FROM misreadings r JOIN clauses c ON c.id = r.clause" + w.sql() +
		" ORDER BY r.id DESC LIMIT " + w.arg(limited(f.Limit, review.MaxMisreadings))
	var out []review.Misreading
	err := db.read(ctx, "list what was read wrongly", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, w.args...)
		out, err = collect(rows, err, scanMisreading)
		return err
	})
	return out, err
}

// checkMisreadings compares marks with the audit rows that were written with them.
func checkMisreadings(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT "+misreadingColumns+" FROM misreadings r JOIN clauses c ON c.id = r.clause ORDER BY r.id")
	found, err := collect(rows, err, scanMisreading)
	if err != nil {
		return err
	}
	trail, err := tracedBy(ctx, q, "marks", "action || ' ' || actor || ' ' || object", "misreading.%")
	if err != nil {
		return err
	}
	for _, m := range found {
		marked := m
		marked.Withdrawn = time.Time{}
		steps := map[string]review.Misreading{"misreading.marked": marked}
		if !m.Withdrawn.IsZero() {
			steps["misreading.withdrawn"] = m
		}
		for action, payload := range steps {
			there, err := trail.row(action+" "+m.Person.String()+" "+m.Match.String(), payload)
			if err != nil {
				return err
			}
			if !there {
				r.problem("mark %s was changed or has no audit row of its %s", m.ID, action)
			}
		}
	}
	trail.done(r)
	return nil
}
