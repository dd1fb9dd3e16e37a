package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"concord/review"
)

// Guideline is the version of a dossier's guideline that counts, of version 0 while
// there is none.
func (db *DB) Guideline(ctx context.Context, dossier uuid.UUID) (review.Guideline, error) {
	var out review.Guideline
	err := db.read(ctx, "read a guideline", func(tx *sql.Tx) (err error) {
		out, err = guideline(ctx, tx, dossier)
		return err
	})
	return out, err
}

func guideline(ctx context.Context, q querier, dossier uuid.UUID) (review.Guideline, error) {
	g := review.Guideline{Dossier: dossier}
	err := q.QueryRowContext(ctx, "SELECT version, text, person, at FROM guidelines WHERE dossier = $1 ORDER BY version DESC LIMIT 1", dossier.String()).
		Scan(&g.Version, &g.Text, idColumn{&g.Person}, timeColumn{&g.At})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return g, err
}

// SaveGuideline keeps another version of a dossier's guideline, with an audit row;
// errors as of review.Guideline.Next, corpus.ErrNotFound without such a dossier.
func (db *DB) SaveGuideline(ctx context.Context, dossierID uuid.UUID, text string, seen int, actor review.Person) error {
	return db.write(ctx, "keep a guideline", func(c *changing) error {
		if _, err := dossier(ctx, c.Tx, dossierID); err != nil {
			return err
		}
		kept, err := guideline(ctx, c.Tx, dossierID)
		if err != nil {
			return err
		}
		g, err := kept.Next(text, seen, actor.ID, c.now)
		if err != nil || g.Version == kept.Version {
			return err
		}
		c.note(actor.ID.String(), "dossier.guideline", dossierID.String(), g.Version, g)
		return insert(ctx, c.Tx, "INSERT INTO guidelines (dossier, version, text, person, at)", "", [][]any{{dossierID.String(), g.Version, g.Text, actor.ID.String(), stamp(g.At)}})
	})
}
