package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"concord/corpus"
)

// clauseColumns are the columns scanClause reads, of a table called c.
const clauseColumns = `c.id, c.standard, c.parent, c.position, c.label, c.number, c.kind,
	c.heading, c.text, c.language, c.path, c.illustrative`

func scanClause(r row) (corpus.Clause, error) {
	var c corpus.Clause
	return c, r.Scan(clauseTargets(&c)...)
}

// clauseTargets says where the columns of clauseColumns go.
func clauseTargets(c *corpus.Clause) []any {
	return []any{&c.ID, &c.Standard, &c.Parent, &c.Order, &c.Label, &c.Number, &c.Kind,
		&c.Heading, &c.Text, &c.Language, jsonColumn{&c.Path}, &c.Illustrative}
}

// Clauses finds clauses by id, also ones that left their standard since:
// decisions refer to them. See corpus.Library.
func (db *DB) Clauses(ctx context.Context, ids ...corpus.ClauseID) ([]corpus.Clause, error) {
	var found []corpus.Clause
	err := db.read(ctx, "read clauses", func(tx *sql.Tx) (err error) {
		found, err = inBatches(ctx, tx, "SELECT "+clauseColumns+" FROM clauses c WHERE c.id IN (?)", nil, ids, scanClause)
		return err
	})
	if err != nil {
		return nil, err
	}
	byID := make(map[corpus.ClauseID]corpus.Clause, len(found))
	for _, c := range found {
		byID[c.ID] = c
	}
	out := make([]corpus.Clause, 0, len(ids))
	for _, id := range ids {
		if c, ok := byID[id]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// Left are those of the clauses that have left their standard.
func (db *DB) Left(ctx context.Context, ids ...corpus.ClauseID) ([]corpus.ClauseID, error) {
	var out []corpus.ClauseID
	err := db.read(ctx, "read which clauses have left", func(tx *sql.Tx) error {
		found, err := inBatches(ctx, tx, "SELECT c.id FROM clauses c WHERE c.removed = 1 AND c.id IN (?)", nil, ids, scanString)
		for _, id := range found {
			out = append(out, corpus.ClauseID(id))
		}
		return err
	})
	return out, err
}

// ClausesOf lists a standard's clauses in reading order, without those that left
// it; corpus.ErrNotFound when the standard is not kept.
func (db *DB) ClausesOf(ctx context.Context, id corpus.StandardID) ([]corpus.Clause, error) {
	var out []corpus.Clause
	err := db.read(ctx, "read the clauses of a standard", func(tx *sql.Tx) error {
		if _, err := holding(ctx, tx, id); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT "+clauseColumns+` FROM clauses c
			WHERE c.standard = $1 AND c.removed = 0 ORDER BY c.position`, string(id))
		out, err = collect(rows, err, scanClause)
		return err
	})
	return out, err
}

// Around lists clauses of a standard with up to two before and two behind each,
// in reading order; nothing for clauses that left it.
func (db *DB) Around(ctx context.Context, id corpus.StandardID, clauses ...corpus.ClauseID) ([]corpus.Clause, error) {
	list, err := json.Marshal(clauses)
	if err != nil {
		return nil, err
	}
	var out []corpus.Clause
	err = db.read(ctx, "read what stands around a clause", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT DISTINCT "+clauseColumns+` FROM clauses h JOIN clauses c ON c.standard = $1 AND c.removed = 0 AND c.position BETWEEN
			(SELECT MIN(b.position) FROM (SELECT x.position FROM clauses x WHERE x.standard = $1 AND x.removed = 0 AND x.position <= h.position ORDER BY x.position DESC LIMIT 3) b)
			AND (SELECT MAX(b.position) FROM (SELECT x.position FROM clauses x WHERE x.standard = $1 AND x.removed = 0 AND x.position >= h.position ORDER BY x.position LIMIT 3) b)
			WHERE h.id IN (SELECT value FROM json_each($2)) AND h.standard = $1 AND h.removed = 0 ORDER BY c.position`, string(id), string(list))
		out, err = collect(rows, err, scanClause)
		return err
	})
	return out, err
}

// TextAt returns a clause as it was when its wording had the digest: the present
// one or one that was replaced. corpus.ErrNotFound when it never was so.
func (db *DB) TextAt(ctx context.Context, id corpus.ClauseID, digest corpus.Digest) (corpus.Clause, error) {
	var out corpus.Clause
	err := db.read(ctx, "read an earlier text", func(tx *sql.Tx) error {
		r := tx.QueryRowContext(ctx, "SELECT "+clauseColumns+" FROM clauses c WHERE c.id = $1 AND c.digest = $2", string(id), string(digest))
		now, err := scanClause(r)
		if err == nil {
			out = now
			return nil
		}
		if err != sql.ErrNoRows {
			return err
		}
		r = tx.QueryRowContext(ctx, "SELECT body FROM clause_texts WHERE clause = $1 AND digest = $2", string(id), string(digest))
		out, err = one(r, func(r row) (c corpus.Clause, err error) { return c, r.Scan(jsonColumn{&c}) }, "text of", id)
		return err
	})
	return out, err
}

// maxEarlier is how many earlier wordings one call returns at most.
const maxEarlier = 100

// EarlierTexts lists the wordings that some clauses had before the present ones, clause
// by clause, the last one first, up to a hundred.
func (db *DB) EarlierTexts(ctx context.Context, ids ...corpus.ClauseID) ([]corpus.EarlierText, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var out []corpus.EarlierText
	err = db.read(ctx, "read the earlier texts", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT t.body, t.digest, t.ended FROM clause_texts t
			WHERE t.clause IN (SELECT value FROM json_each($1)) ORDER BY t.clause, t.ended DESC, t.digest LIMIT $2`, string(list), maxEarlier)
		out, err = collect(rows, err, func(r row) (e corpus.EarlierText, err error) {
			return e, r.Scan(jsonColumn{&e.Clause}, &e.Digest, timeColumn{&e.Ended})
		})
		return err
	})
	return out, err
}

// maxChanges is how many changes one call returns at most.
const maxChanges = 5000

// Changes lists up to limit clauses that changed after a mark, oldest change
// first: the outbox that an index follows.
func (db *DB) Changes(ctx context.Context, after int64, limit int) ([]corpus.Change, error) {
	var out []corpus.Change
	err := db.read(ctx, "read the changes", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT c.mark, c.removed, "+clauseColumns+` FROM clauses c
			WHERE c.mark > $1 ORDER BY c.mark LIMIT $2`, after, limited(limit, maxChanges))
		out, err = collect(rows, err, func(r row) (corpus.Change, error) {
			var ch corpus.Change
			return ch, r.Scan(append([]any{&ch.Mark, &ch.Removed}, clauseTargets(&ch.Clause)...)...)
		})
		if err != nil {
			return err
		}
		return describe(ctx, tx, out)
	})
	return out, err
}

// describe adds to each change the standard it belongs to.
func describe(ctx context.Context, q querier, changes []corpus.Change) error {
	var ids []corpus.StandardID
	standards := map[corpus.StandardID]corpus.Standard{}
	for _, ch := range changes {
		if _, asked := standards[ch.Clause.Standard]; !asked {
			standards[ch.Clause.Standard] = corpus.Standard{}
			ids = append(ids, ch.Clause.Standard)
		}
	}
	found, err := inBatches(ctx, q, "SELECT body, clauses, normative FROM standards WHERE id IN (?)", nil, ids, scanHolding)
	if err != nil {
		return err
	}
	for _, h := range found {
		standards[h.Standard.ID] = h.Standard
	}
	for i := range changes {
		changes[i].Standard = standards[changes[i].Clause.Standard]
	}
	return nil
}

// LastMark is the mark of the last change, 0 when there is none.
func (db *DB) LastMark(ctx context.Context) (int64, error) {
	var mark int64
	err := db.read(ctx, "read the last mark", func(tx *sql.Tx) (err error) {
		mark, err = lastMark(ctx, tx)
		return err
	})
	return mark, err
}

// lastMark reads the counter of changes. It needs no row of its own: clauses are
// never deleted and a new mark is above all others, so the highest only grows.
func lastMark(ctx context.Context, q querier) (int64, error) {
	var mark int64
	err := q.QueryRowContext(ctx, "SELECT COALESCE(MAX(mark), 0) FROM clauses").Scan(&mark)
	return mark, err
}

// kept is a clause as the database has it.
type kept struct {
	clause  corpus.Clause
	digest  corpus.Digest
	mark    int64
	removed bool
}

// keptClauses reads everything there is of a standard, in reading order.
func keptClauses(ctx context.Context, q querier, id corpus.StandardID) ([]kept, error) {
	rows, err := q.QueryContext(ctx, "SELECT c.digest, c.mark, c.removed, "+clauseColumns+" FROM clauses c WHERE c.standard = $1 ORDER BY c.position, c.id", string(id))
	return collect(rows, err, func(r row) (kept, error) {
		var k kept
		return k, r.Scan(append([]any{&k.digest, &k.mark, &k.removed}, clauseTargets(&k.clause)...)...)
	})
}

// upsertClause is the statement around clauseRow.
const (
	upsertClause = `INSERT INTO clauses (id, standard, parent, position, label, number, kind, normative,
		heading, text, language, path, illustrative, digest, mark, removed)`
	onKnownClause = `ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, position = excluded.position,
		label = excluded.label, number = excluded.number, kind = excluded.kind, normative = excluded.normative,
		heading = excluded.heading, text = excluded.text, language = excluded.language, path = excluded.path,
		illustrative = excluded.illustrative, digest = excluded.digest, mark = excluded.mark, removed = excluded.removed`
)

// clauseRow is a clause as a row of the table.
func clauseRow(c corpus.Clause, mark int64) ([]any, error) {
	path, err := json.Marshal(c.Path)
	if err != nil {
		return nil, fmt.Errorf("clause %s: %w", c.ID, err)
	}
	return []any{string(c.ID), string(c.Standard), string(c.Parent), c.Order, c.Label, c.Number, string(c.Kind), number(c.Kind.Normative()),
		c.Heading, c.Text, string(c.Language), string(path), number(c.Illustrative), string(c.Digest()), mark, 0}, nil
}
