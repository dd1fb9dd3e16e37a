package store

import (
	"context"
	"database/sql"
	"fmt"

	"concord/corpus"
)

// Standards lists what is kept, by jurisdiction and designation.
func (db *DB) Standards(ctx context.Context) ([]corpus.Holding, error) {
	var out []corpus.Holding
	err := db.read(ctx, "list the standards", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT body, clauses, normative FROM standards ORDER BY jurisdiction, designation, id")
		out, err = collect(rows, err, scanHolding)
		return err
	})
	return out, err
}

// StandardsOf returns those standards that are kept, by id.
func (db *DB) StandardsOf(ctx context.Context, ids ...corpus.StandardID) (map[corpus.StandardID]corpus.Standard, error) {
	out := make(map[corpus.StandardID]corpus.Standard, len(ids))
	err := db.read(ctx, "read standards", func(tx *sql.Tx) error {
		list, err := inBatches(ctx, tx, "SELECT body, clauses, normative FROM standards WHERE id IN (?)", nil, ids, scanHolding)
		for _, h := range list {
			out[h.Standard.ID] = h.Standard
		}
		return err
	})
	return out, err
}

// StandardsMark is a number that grows whenever what is said of any standard changes,
// or one arrives.
func (db *DB) StandardsMark(ctx context.Context) (int64, error) {
	var mark int64
	err := db.read(ctx, "read the standards' mark", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) FROM feed WHERE kind = 'standard'").Scan(&mark)
	})
	return mark, err
}

// Numbered lists the present clauses with a number in some standards.
func (db *DB) Numbered(ctx context.Context, number string, standards ...corpus.StandardID) ([]corpus.Clause, error) {
	var out []corpus.Clause
	err := db.read(ctx, "find clauses by number", func(tx *sql.Tx) (err error) {
		out, err = inBatches(ctx, tx, "SELECT "+clauseColumns+" FROM clauses c WHERE c.number = $1 AND c.removed = 0 AND c.standard IN (?) ORDER BY c.standard, c.position, c.id",
			[]any{number}, standards, scanClause)
		return err
	})
	return out, err
}

// Standard returns one standard, or corpus.ErrNotFound.
func (db *DB) Standard(ctx context.Context, id corpus.StandardID) (corpus.Holding, error) {
	var out corpus.Holding
	err := db.read(ctx, "read a standard", func(tx *sql.Tx) (err error) {
		out, err = holding(ctx, tx, id)
		return err
	})
	return out, err
}

// holding reads one standard.
func holding(ctx context.Context, q querier, id corpus.StandardID) (corpus.Holding, error) {
	r := q.QueryRowContext(ctx, "SELECT body, clauses, normative FROM standards WHERE id = $1", string(id))
	return one(r, scanHolding, "standard", id)
}

func scanHolding(r row) (corpus.Holding, error) {
	var h corpus.Holding
	return h, r.Scan(jsonColumn{&h.Standard}, &h.Clauses, &h.Normative)
}

// Compare says what Save would change, and how many answered matches would
// become suspect by it. It writes nothing.
func (db *DB) Compare(ctx context.Context, doc *corpus.Document) (corpus.EditionDiff, error) {
	if err := usable(doc); err != nil {
		return corpus.EditionDiff{}, err
	}
	var diff corpus.EditionDiff
	err := db.read(ctx, "compare "+string(doc.Standard.ID), func(tx *sql.Tx) error {
		e, err := newEdition(ctx, tx, doc)
		if err != nil {
			return err
		}
		rederived, err := e.rederive(ctx, tx)
		diff = e.diff
		diff.Suspect = suspects(rederived)
		return err
	})
	return diff, err
}

// Save keeps a standard with all its clauses, in one transaction: the document
// is the whole text, so what it lacks leaves the standard (and stays, marked
// removed). Answered matches whose texts changed become suspect. It returns what
// changed; saving the same document again changes nothing.
func (db *DB) Save(ctx context.Context, doc *corpus.Document, actor string) (corpus.EditionDiff, error) {
	if err := usable(doc); err != nil {
		return corpus.EditionDiff{}, err
	}
	var diff corpus.EditionDiff
	err := db.write(ctx, "save "+string(doc.Standard.ID), func(c *changing) error {
		e, err := newEdition(ctx, c.Tx, doc)
		if err != nil {
			return err
		}
		diff, err = e.save(ctx, c, actor)
		return err
	})
	if err != nil {
		return corpus.EditionDiff{}, err
	}
	return diff, nil
}

// Restate changes what is said of a standard, in one transaction with an audit
// row and what follows where it lies on another base now. change must keep the id and what is indexed (designation, place, language,
// field, publisher, status); its errors are returned as they are. Nothing is
// written when it changes nothing. An unknown standard is corpus.ErrNotFound.
func (db *DB) Restate(ctx context.Context, id corpus.StandardID, change func(corpus.Standard) (corpus.Standard, error), actor string) error {
	return db.write(ctx, "restate "+string(id), func(c *changing) error {
		was, err := holding(ctx, c.Tx, id)
		if err != nil {
			return err
		}
		now, err := change(was.Standard)
		if err != nil || !restated(was.Standard, now) {
			return err
		}
		body, err := asJSON(now)
		if err != nil {
			return err
		}
		c.note(actor, "standard.restated", string(id), 0, now)
		if err := c.tell(was.Standard, now); err != nil {
			return err
		}
		if _, err = c.ExecContext(ctx, "UPDATE standards SET body = $1 WHERE id = $2", body, string(id)); err != nil {
			return err
		}
		if err := c.saveOverlay(ctx, now); err != nil {
			return err
		}
		return c.relay(ctx, layering{c.Tx, &corpus.Document{Standard: now}, &was.Standard}, actor)
	})
}

// usable refuses a document that Validate finds fault with.
func usable(doc *corpus.Document) error {
	for _, p := range doc.Validate() {
		if p.Severity == corpus.SeverityError {
			return fmt.Errorf("%s: %w", p, corpus.ErrInvalid)
		}
	}
	return nil
}
