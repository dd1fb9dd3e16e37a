package store

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"concord/review"
)

// KeySet is what a person changed of the keys of the workbench.
func (db *DB) KeySet(ctx context.Context, person uuid.UUID) (review.KeySet, error) {
	var out review.KeySet
	err := db.read(ctx, "read the keys of the workbench", func(tx *sql.Tx) (err error) {
		out, err = keySet(ctx, tx, person)
		return err
	})
	return out, err
}

func keySet(ctx context.Context, q querier, person uuid.UUID) (review.KeySet, error) {
	type one struct {
		act  review.KeyAct
		code string
	}
	rows, err := q.QueryContext(ctx, "SELECT act, code FROM person_keys WHERE person = $1 ORDER BY act", person.String())
	list, err := collect(rows, err, func(r row) (o one, err error) { return o, r.Scan(&o.act, &o.code) })
	out := review.KeySet{}
	for _, o := range list {
		out[o.act] = o.code
	}
	return out, err
}

// ChangeKeys replaces what a person changed of the keys by what change makes of it,
// in one step, so that two pages cannot give a key to two acts between them.
func (db *DB) ChangeKeys(ctx context.Context, person uuid.UUID, change func(review.KeySet) (review.KeySet, error)) error {
	return db.write(ctx, "change the keys of the workbench", func(c *changing) error {
		set, err := keySet(ctx, c.Tx, person)
		if err != nil {
			return err
		}
		if set, err = change(set); err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, "DELETE FROM person_keys WHERE person = $1", person.String()); err != nil {
			return err
		}
		for act, code := range set {
			if _, err := c.ExecContext(ctx, "INSERT INTO person_keys (person, act, code) VALUES ($1, $2, $3)", person.String(), string(act), code); err != nil {
				return err
			}
		}
		return nil
	})
}
