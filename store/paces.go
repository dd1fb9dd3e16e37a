package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// SavePace keeps how long an answer took; a second one for the same answer is left out.
func (db *DB) SavePace(ctx context.Context, p review.Pace) error {
	return db.write(ctx, "keep how long an answer took", func(c *changing) error {
		return insert(ctx, c.Tx, "INSERT INTO paces (decision, person, dossier, at, answers, differs, texts, reason)", "ON CONFLICT DO NOTHING", [][]any{{
			p.Decision.String(), p.Person.String(), p.Dossier.String(), stamp(p.At), p.Answers, p.Active[0], p.Active[1], p.Active[2]}})
	})
}

// PacesBy lists a person's, latest first.
func (db *DB) PacesBy(ctx context.Context, person uuid.UUID, limit int) ([]review.Pace, error) {
	return db.paces(ctx, "p.person = $1 ORDER BY p.at DESC, p.decision LIMIT $2", person.String(), limit)
}

// PacesOf lists those of a dossier since a time, person by person, for review.GroupPace
// alone: nobody is shown another's.
func (db *DB) PacesOf(ctx context.Context, dossier uuid.UUID, since time.Time) ([]review.Pace, error) {
	return db.paces(ctx, "p.dossier = $1 AND p.at >= $2 ORDER BY p.person, p.at, p.decision", dossier.String(), stamp(since))
}

func (db *DB) paces(ctx context.Context, where string, args ...any) ([]review.Pace, error) {
	var out []review.Pace
	err := db.read(ctx, "read how long answers took", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT p.decision, p.person, p.dossier, p.at, p.answers, p.differs, p.texts, p.reason, d.policy FROM paces p JOIN dossiers d ON d.id = p.dossier WHERE "+where, args...)
		out, err = collect(rows, err, func(r row) (p review.Pace, err error) {
			return p, r.Scan(idColumn{&p.Decision}, idColumn{&p.Person}, idColumn{&p.Dossier}, timeColumn{&p.At}, &p.Answers, &p.Active[0], &p.Active[1], &p.Active[2], &p.Policy)
		})
		return err
	})
	return out, err
}
