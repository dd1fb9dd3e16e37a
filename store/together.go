package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"concord/review"
)

// Sets lists the matches of several clauses that people put together, of one
// dossier or, with uuid.Nil, of all.
func (db *DB) Sets(ctx context.Context, dossier uuid.UUID) ([]review.Match, error) {
	var out []review.Match
	err := db.read(ctx, "find sets of clauses", func(tx *sql.Tx) error {
		w := &where{}
		w.add("mc.position > 0")
		if dossier != uuid.Nil {
			w.add("m.dossier = ?", dossier.String())
		}
		rows, err := tx.QueryContext(ctx, "SELECT DISTINCT m.id FROM match_clauses mc JOIN matches m ON m.id = mc.match"+w.sql()+" ORDER BY m.id", w.args...)
		ids, err := collect(rows, err, scanString)
		if err != nil {
			return err
		}
		out, _, err = loadMatches(ctx, tx, ids)
		return err
	})
	return out, err
}

// Maker is who made a match by hand, uuid.Nil for one that the program made.
func (db *DB) Maker(ctx context.Context, match uuid.UUID) (uuid.UUID, error) {
	var out uuid.UUID
	err := db.read(ctx, "find who made a match", func(tx *sql.Tx) (err error) {
		out, err = maker(ctx, tx, match)
		return err
	})
	return out, err
}

// maker asks the audit.
func maker(ctx context.Context, q querier, match uuid.UUID) (uuid.UUID, error) {
	actor, err := scanString(q.QueryRowContext(ctx, "SELECT actor FROM audit WHERE object = $1 AND action = 'match.made' ORDER BY seq DESC LIMIT 1", match.String()))
	if errors.Is(err, sql.ErrNoRows) {
		return uuid.Nil, nil
	}
	if err != nil {
		return uuid.Nil, err
	}
	id, err := uuid.Parse(actor)
	if err != nil {
		return uuid.Nil, nil // the command line signs as "cli"
	}
	return id, nil
}

// DropMatch withdraws a match that a person made by hand and nobody answered, with
// an audit row; see review.MayDrop.
func (db *DB) DropMatch(ctx context.Context, id uuid.UUID, actor review.Person) (review.Match, error) {
	var out review.Match
	err := db.write(ctx, "withdraw a match", func(c *changing) error {
		m, d, err := loadMatch(ctx, c.Tx, id)
		if err != nil {
			return err
		}
		made, err := maker(ctx, c.Tx, id)
		if err != nil {
			return err
		}
		if err := review.MayDrop(m, d, actor, made); err != nil {
			return err
		}
		c.note(actor.ID.String(), "match.dropped", id.String(), m.Version, struct{ Match uuid.UUID }{id})
		out = m
		return deleteMatches(ctx, c, []string{id.String()})
	})
	return out, err
}
