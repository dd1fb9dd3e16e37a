package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
)

// RememberedColumns is what the columns of tables of a publisher hold that have
// these headers (corpus.Table.Key); corpus.ErrNotFound where nobody has said it.
func (db *DB) RememberedColumns(ctx context.Context, publisher, key string) (corpus.Columns, error) {
	var out corpus.Columns
	err := db.read(ctx, "look for remembered columns", func(tx *sql.Tx) error {
		r := tx.QueryRowContext(ctx, "SELECT columns FROM table_columns WHERE publisher = $1 AND header = $2", publisher, key)
		var err error
		out, err = one(r, func(r row) (c corpus.Columns, err error) { return c, r.Scan(jsonColumn{&c}) }, "columns of tables of", publisher)
		return err
	})
	return out, err
}

// KnownColumns are the columns that were remembered for all tables, by
// corpus.Table.Name; of very many the newest.
func (db *DB) KnownColumns(ctx context.Context) (map[string]corpus.Columns, error) {
	out := map[string]corpus.Columns{}
	err := db.read(ctx, "look for remembered columns", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT publisher, header, columns FROM table_columns ORDER BY at DESC LIMIT 1000")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t corpus.Table
			var c corpus.Columns
			if err := rows.Scan(&t.Publisher, &t.Key, jsonColumn{&c}); err != nil {
				return err
			}
			out[t.Name()] = c
		}
		return rows.Err()
	})
	return out, err
}

// RememberColumns keeps what the columns of a publisher's tables hold, in place of
// what was kept; columns that say nothing are forgotten.
func (db *DB) RememberColumns(ctx context.Context, publisher, key string, columns corpus.Columns, actor string) error {
	return db.write(ctx, "remember columns", func(c *changing) error {
		var err error
		if columns.IsZero() {
			_, err = c.ExecContext(ctx, "DELETE FROM table_columns WHERE publisher = $1 AND header = $2", publisher, key)
			c.note(actor, "columns.forgotten", publisher, 0, key)
			return err
		}
		body, err := asJSON(columns)
		if err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, `INSERT INTO table_columns (publisher, header, columns, actor, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (publisher, header) DO UPDATE SET columns = excluded.columns, actor = excluded.actor, at = excluded.at`, publisher, key, body, actor, stamp(c.now))
		c.note(actor, "columns.remembered", publisher, 0, columns)
		return err
	})
}

// RereadStaged puts what a file says when it is read anew in the place of a waiting
// import as it was seen. Its corrections are made again as far as they fit; further
// standards of the file become imports of their own, and those that waited and were
// not corrected go. corpus.ErrConflict when the import is another now, or when one
// of the others was corrected.
func (db *DB) RereadStaged(ctx context.Context, id uuid.UUID, version int, actor string, docs []*corpus.Document) (staging.Import, error) {
	var out staging.Import
	err := db.write(ctx, "read import "+id.String()+" again", func(c *changing) error {
		i, err := stagedAt(ctx, c.Tx, id, version)
		if err != nil {
			return err
		}
		if err := c.dropSiblings(ctx, i, actor); err != nil {
			return err
		}
		own := max(0, slices.IndexFunc(docs, func(d *corpus.Document) bool { return d.Standard.ID == i.Document.Standard.ID }))
		if out, err = c.reread(ctx, i, docs[own]); err != nil {
			return err
		}
		c.note(actor, "import.reread", id.String(), out.Version, docs[own].Table)
		for n, doc := range docs {
			if n == own {
				continue
			}
			other, err := newID()
			if err != nil {
				return err
			}
			body, sheets, err := stagedBody(doc)
			if err != nil {
				return err
			}
			if err := c.stage(ctx, staging.New(other, i.File, i.Digest, actor, c.now, doc), body, sheets); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// dropSiblings discards what else waits of an import's file.
func (c *changing) dropSiblings(ctx context.Context, i staging.Import, actor string) error {
	rows, err := c.QueryContext(ctx, "SELECT "+stagedColumns+" FROM staged WHERE digest = $1 AND state = 'staged' AND id <> $2 ORDER BY id", i.Digest, i.ID.String())
	others, err := collect(rows, err, scanStaged)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Corrections > 0 {
			return corpus.Refuse(corpus.ErrConflict, "reread-corrected", "{designation} comes from the same file and is corrected already; accept or discard it first", "designation", other.Designation)
		}
		if _, err := c.ExecContext(ctx, "DELETE FROM staged_documents WHERE import = $1", other.ID.String()); err != nil {
			return err
		}
		summary, err := asJSON(other.Summary)
		if err != nil {
			return err
		}
		if err := c.settle(ctx, other, staging.Discarded, actor, summary); err != nil {
			return err
		}
	}
	return nil
}

// reread writes another reading of an import's document.
func (c *changing) reread(ctx context.Context, i staging.Import, doc *corpus.Document) (staging.Import, error) {
	body, sheets, err := stagedBody(doc)
	if err != nil {
		return i, err
	}
	earlier := i.Operations
	fresh := staging.New(i.ID, i.File, i.Digest, i.By, i.At, doc)
	fresh.Version = i.Version + 1
	if _, err := fresh.Repeat(earlier); err != nil {
		return i, err
	}
	_, err = c.ExecContext(ctx, "UPDATE staged SET source = $2, bytes = bytes + $3 - (SELECT LENGTH(body) FROM staged_documents WHERE import = $1) WHERE id = $1", i.ID.String(), string(doc.Standard.ID), len(body))
	if err != nil {
		return i, err
	}
	if _, err := c.ExecContext(ctx, "UPDATE staged_documents SET body = $2 WHERE import = $1", i.ID.String(), body); err != nil {
		return i, err
	}
	if _, err := c.ExecContext(ctx, "DELETE FROM staged_sources WHERE import = $1", i.ID.String()); err != nil {
		return i, err
	}
	if err := c.saveSource(ctx, i.ID, sheets); err != nil {
		return i, err
	}
	return fresh, c.saveCorrections(ctx, fresh)
}

// StagedLooked lists the clauses of an import that somebody has looked at.
func (db *DB) StagedLooked(ctx context.Context, id uuid.UUID) ([]staging.Looked, error) {
	var out []staging.Looked
	err := db.read(ctx, "read what was looked at", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT clause, digest, actor FROM staged_looked WHERE import = $1", id.String())
		out, err = collect(rows, err, func(r row) (l staging.Looked, err error) { return l, r.Scan(&l.Clause, &l.Digest, &l.By) })
		return err
	})
	return out, err
}

// LookStaged keeps that somebody has looked at a clause of a waiting import in a
// wording, or takes it back where the digest is "". corpus.ErrConflict when the
// import is settled.
func (db *DB) LookStaged(ctx context.Context, id uuid.UUID, l staging.Looked) error {
	return db.write(ctx, "look at import "+id.String(), func(c *changing) error {
		state, err := collectOne(c.QueryContext(ctx, "SELECT state FROM staged WHERE id = $1", id.String()))
		switch {
		case err != nil:
			return err
		case state == "":
			return notFound("import", id)
		case state != string(staging.Staged):
			return corpus.Refuse(corpus.ErrConflict, "staged-settled", "this import was accepted or discarded already")
		case l.Digest == "":
			_, err = c.ExecContext(ctx, "DELETE FROM staged_looked WHERE import = $1 AND clause = $2", id.String(), l.Clause)
			return err
		}
		_, err = c.ExecContext(ctx, `INSERT INTO staged_looked (import, clause, digest, actor, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (import, clause) DO UPDATE SET digest = excluded.digest, actor = excluded.actor, at = excluded.at`, id.String(), l.Clause, string(l.Digest), l.By, stamp(c.now))
		return err
	})
}
