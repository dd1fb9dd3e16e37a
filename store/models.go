package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"concord/corpus"
	"concord/review"
)

// modelObject is what audit rows call the matcher's model.
const modelObject = "model"

// KeepModel keeps a fitted model as the next version. The same as the last
// version, from the same, is not kept twice: the last version comes back.
func (db *DB) KeepModel(ctx context.Context, m review.LearnedModel, actor string) (review.LearnedModel, error) {
	dossiers, err := asJSON(m.Dossiers)
	if err != nil {
		return review.LearnedModel{}, err
	}
	fit, err := asJSON(m.Fit)
	if err != nil {
		return review.LearnedModel{}, err
	}
	checksum := checksumOf(dossiers, fit)
	err = db.write(ctx, "keep a fitted model", func(c *changing) error {
		var last int
		var same string
		err := c.QueryRowContext(ctx, "SELECT number, checksum FROM learned_models ORDER BY number DESC LIMIT 1").Scan(&last, &same)
		if err != nil && err != sql.ErrNoRows {
			return err
		}
		if same == checksum {
			m, err = loadModel(ctx, c.Tx, last)
			return err
		}
		m.Number, m.Made, m.Maker, m.Checksum, m.InUse = last+1, c.now, actor, checksum, false
		_, err = c.ExecContext(ctx, "INSERT INTO learned_models (number, made, maker, dossiers, fit, checksum) VALUES ($1, $2, $3, $4, $5, $6)",
			m.Number, stamp(m.Made), actor, dossiers, fit, checksum)
		c.note(actor, "model.fitted", modelObject, m.Number, checksum)
		return err
	})
	return m, err
}

// Models lists every version, the newest first.
func (db *DB) Models(ctx context.Context) ([]review.LearnedModel, error) {
	var out []review.LearnedModel
	err := db.read(ctx, "list the fitted models", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT number FROM learned_models ORDER BY number DESC")
		numbers, err := collect(rows, err, func(r row) (n int, err error) { return n, r.Scan(&n) })
		if err != nil {
			return err
		}
		for _, n := range numbers {
			m, err := loadModel(ctx, tx, n)
			if err != nil {
				return err
			}
			out = append(out, m)
		}
		return nil
	})
	return out, err
}

// Model returns a version; 0 asks for the one in use. None is corpus.ErrNotFound.
func (db *DB) Model(ctx context.Context, number int) (review.LearnedModel, error) {
	var out review.LearnedModel
	err := db.read(ctx, "read a fitted model", func(tx *sql.Tx) (err error) {
		if number == 0 {
			if number, err = usedModel(ctx, tx); err != nil {
				return err
			}
		}
		out, err = loadModel(ctx, tx, number)
		return err
	})
	return out, err
}

// UsedModel is the number of the version in use, 0 for the shipped model.
func (db *DB) UsedModel(ctx context.Context) (int, error) {
	var n int
	err := db.read(ctx, "read which model is used", func(tx *sql.Tx) (err error) {
		n, err = usedModel(ctx, tx)
		return err
	})
	return n, err
}

func usedModel(ctx context.Context, q querier) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT COALESCE(MAX(number), 0) FROM learned_model_use").Scan(&n)
	return n, err
}

// loadModel reads a version and checks it against its checksum.
func loadModel(ctx context.Context, q querier, number int) (review.LearnedModel, error) {
	type stored struct {
		review.LearnedModel
		dossiers, fit string
	}
	r := q.QueryRowContext(ctx, `SELECT number, made, maker, dossiers, fit, checksum, number = (SELECT COALESCE(MAX(number), 0) FROM learned_model_use)
		FROM learned_models WHERE number = $1`, number)
	s, err := one(r, func(r row) (s stored, err error) {
		return s, r.Scan(&s.Number, timeColumn{&s.Made}, &s.Maker, &s.dossiers, &s.fit, &s.Checksum, &s.InUse)
	}, "fitted model", strconv.Itoa(number))
	if err != nil {
		return review.LearnedModel{}, err
	}
	if checksumOf(s.dossiers, s.fit) != s.Checksum {
		return review.LearnedModel{}, fmt.Errorf("version %d of the fitted model does not fit its checksum: %w", number, ErrDamaged)
	}
	for text, to := range map[string]any{s.dossiers: &s.Dossiers, s.fit: &s.Fit} {
		if err := (jsonColumn{to}).Scan(text); err != nil {
			return review.LearnedModel{}, err
		}
	}
	return s.LearnedModel, nil
}

// UseModel says which version counts from now on; 0 is the shipped model. An
// unknown version is corpus.ErrNotFound; one that is worse is refused unless
// anyway (review.MayUseModel).
func (db *DB) UseModel(ctx context.Context, number int, anyway bool, actor string) error {
	if number < 0 {
		return fmt.Errorf("%d is no version of the fitted model: %w", number, corpus.ErrInvalid)
	}
	return db.write(ctx, "choose the fitted model", func(c *changing) error {
		if number != 0 {
			m, err := loadModel(ctx, c.Tx, number)
			if err != nil {
				return err
			}
			if err := review.MayUseModel(m, anyway); err != nil {
				return err
			}
		}
		if had, err := usedModel(ctx, c.Tx); err != nil || had == number {
			return err
		}
		_, err := c.ExecContext(ctx, "INSERT INTO learned_model_use (one, number) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET number = excluded.number", number)
		c.note(actor, "model.used", modelObject, number, struct {
			Number int
			Anyway bool
		}{number, anyway})
		return err
	})
}

// checkModels reads every version against its checksum and the audit row that was
// written with it.
func checkModels(ctx context.Context, q querier, r *Report) error {
	type place struct {
		number            int
		checksum, payload string
	}
	rows, err := q.QueryContext(ctx, `SELECT m.number, m.checksum, COALESCE(a.payload, '') FROM learned_models m
		LEFT JOIN audit a ON a.object = 'model' AND a.version = m.number AND a.action = 'model.fitted' ORDER BY m.number`)
	all, err := collect(rows, err, func(r row) (p place, err error) { return p, r.Scan(&p.number, &p.checksum, &p.payload) })
	if err != nil {
		return err
	}
	for _, p := range all {
		if _, err := loadModel(ctx, q, p.number); err != nil {
			if ctx.Err() != nil {
				return err
			}
			r.problem("%s", err)
		}
		hash, err := review.PayloadHash(p.checksum)
		if err != nil {
			return err
		}
		if hash != p.payload {
			r.problem("version %d of the fitted model has no audit row of its checksum", p.number)
		}
	}
	return nil
}
