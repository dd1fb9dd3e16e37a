package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// noticeReset tells a person that an administrator took the second factor away.
const noticeReset = "second-reset"

// secondRow is a second factor as it is kept.
type secondRow struct {
	secret    string
	confirmed time.Time
	last      int64
}

// secondOf reads a person's second factor, or corpus.ErrNotFound.
func secondOf(ctx context.Context, q querier, person uuid.UUID) (secondRow, error) {
	r := q.QueryRowContext(ctx, "SELECT secret, confirmed, last_step FROM second_factors WHERE person = $1", person.String())
	return one(r, func(r row) (f secondRow, err error) {
		return f, r.Scan(&f.secret, timeColumn{&f.confirmed}, &f.last)
	}, "second factor of", person)
}

// SecondFactor says what is known of a person's second factor; the zero value
// when there is none. The secret is given only until it is confirmed.
func (db *DB) SecondFactor(ctx context.Context, person uuid.UUID) (review.SecondFactor, error) {
	var out review.SecondFactor
	err := db.read(ctx, "read a second factor", func(tx *sql.Tx) error {
		f, err := secondOf(ctx, tx, person)
		if errors.Is(err, corpus.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		out.Confirmed = f.confirmed
		if !out.On() {
			// what cannot be read any more counts as never begun: the next beginning takes its place
			if out.Secret, err = db.unseal(person, f.secret); err != nil && !errors.Is(err, errSecondKey) {
				return err
			}
		}
		return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM recovery_codes WHERE person = $1", person.String()).Scan(&out.Codes)
	})
	return out, err
}

// BeginSecondFactor keeps a secret that counts once a code confirms it. One that
// counts already is corpus.ErrConflict.
func (db *DB) BeginSecondFactor(ctx context.Context, person uuid.UUID, secret string) error {
	return db.write(ctx, "begin a second factor", func(c *changing) error {
		f, err := secondOf(ctx, c.Tx, person)
		if err != nil && !errors.Is(err, corpus.ErrNotFound) {
			return err
		}
		if err == nil && !f.confirmed.IsZero() {
			return corpus.Refuse(corpus.ErrConflict, "second-on", "the second factor is on already, switch it off first")
		}
		key, err := db.keyForNew(ctx, c.Tx)
		if err != nil {
			return err
		}
		sealed, err := seal(key, person, secret)
		if err != nil {
			return err
		}
		c.note(person.String(), "second.begun", person.String(), 0, nil)
		_, err = c.ExecContext(ctx, `INSERT INTO second_factors (person, secret, confirmed, last_step) VALUES ($1, $2, '', 0)
			ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, last_step = 0`, person.String(), sealed)
		return err
	})
}

// ConfirmSecondFactor makes the second factor count when the code is right, keeps
// the hashes of the recovery codes and ends the person's other sessions, which
// began without it. A wrong code is corpus.ErrForbidden.
func (db *DB) ConfirmSecondFactor(ctx context.Context, person uuid.UUID, code string, now time.Time, hashes []string, session string) error {
	return db.write(ctx, "confirm a second factor", func(c *changing) error {
		f, err := secondOf(ctx, c.Tx, person)
		if err != nil {
			return err
		}
		if !f.confirmed.IsZero() {
			return corpus.Refuse(corpus.ErrConflict, "second-on", "the second factor is on already, switch it off first")
		}
		secret, err := db.unseal(person, f.secret)
		if err != nil {
			return err
		}
		step, ok := review.TOTPStep(secret, code, now, f.last)
		if !ok {
			return errCode
		}
		if _, err := c.ExecContext(ctx, "UPDATE second_factors SET confirmed = $1, last_step = $2 WHERE person = $3", stamp(now), step, person.String()); err != nil {
			return err
		}
		if err := keepCodes(ctx, c, person, hashes); err != nil {
			return err
		}
		c.note(person.String(), "second.confirmed", person.String(), 0, nil)
		return endOtherSessions(ctx, c, person, session)
	})
}

// errCode says that a code is not right, or was used before.
var errCode = corpus.Refuse(corpus.ErrForbidden, "second-code", "the code is not right or was used before")

// keepCodes puts new recovery codes in the place of the ones there were.
func keepCodes(ctx context.Context, c *changing, person uuid.UUID, hashes []string) error {
	if _, err := c.ExecContext(ctx, "DELETE FROM recovery_codes WHERE person = $1", person.String()); err != nil {
		return err
	}
	for _, hash := range hashes {
		if _, err := c.ExecContext(ctx, "INSERT INTO recovery_codes (hash, person) VALUES ($1, $2)", hash, person.String()); err != nil {
			return err
		}
	}
	return nil
}

// useCode spends a code of the app, or a recovery code, inside a change. Recovery
// codes work without the key of the second factors.
func (db *DB) useCode(ctx context.Context, c *changing, person uuid.UUID, code string, now time.Time) error {
	f, err := secondOf(ctx, c.Tx, person)
	if err != nil {
		return err
	}
	if f.confirmed.IsZero() {
		return notFound("second factor of", person)
	}
	secret, unreadable := db.unseal(person, f.secret)
	if step, ok := review.TOTPStep(secret, code, now, f.last); ok && unreadable == nil {
		c.note(person.String(), "second.used", person.String(), 0, nil)
		_, err := c.ExecContext(ctx, "UPDATE second_factors SET last_step = $1 WHERE person = $2", step, person.String())
		return err
	}
	res, err := c.ExecContext(ctx, "DELETE FROM recovery_codes WHERE hash = $1 AND person = $2", review.HashRecoveryCode(code), person.String())
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		if unreadable != nil {
			return unreadable
		}
		return errors.Join(err, errCode)
	}
	c.note(person.String(), "second.recovery", person.String(), 0, nil)
	return nil
}

// UseSecondFactor spends a code at sign-in: one of the app, never one used
// before, or a recovery code. A wrong one is corpus.ErrForbidden; without a
// second factor it is corpus.ErrNotFound.
func (db *DB) UseSecondFactor(ctx context.Context, person uuid.UUID, code string, now time.Time) error {
	return db.write(ctx, "use a second factor", func(c *changing) error { return db.useCode(ctx, c, person, code, now) })
}

// RenewRecoveryCodes spends a code and puts new recovery codes in the place of
// the ones there were.
func (db *DB) RenewRecoveryCodes(ctx context.Context, person uuid.UUID, code string, now time.Time, hashes []string) error {
	return db.write(ctx, "renew recovery codes", func(c *changing) error {
		if err := db.useCode(ctx, c, person, code, now); err != nil {
			return err
		}
		c.note(person.String(), "second.codes", person.String(), len(hashes), nil)
		return keepCodes(ctx, c, person, hashes)
	})
}

// EndSecondFactor spends a code and switches the second factor off.
func (db *DB) EndSecondFactor(ctx context.Context, person uuid.UUID, code string, now time.Time) error {
	return db.write(ctx, "switch a second factor off", func(c *changing) error {
		if err := db.useCode(ctx, c, person, code, now); err != nil {
			return err
		}
		c.note(person.String(), "second.off", person.String(), 0, nil)
		return dropSecond(ctx, c, person)
	})
}

// ResetSecondFactor takes a person's second factor away for somebody who runs the
// program, ends the person's sessions and leaves a notice for the next sign-in.
func (db *DB) ResetSecondFactor(ctx context.Context, person uuid.UUID, actor string) error {
	return db.write(ctx, "reset a second factor", func(c *changing) error { return resetSecond(ctx, c, person, actor) })
}

// resetSecond is ResetSecondFactor inside a change.
func resetSecond(ctx context.Context, c *changing, person uuid.UUID, actor string) error {
	if _, err := secondOf(ctx, c.Tx, person); err != nil {
		return err
	}
	if err := dropSecond(ctx, c, person); err != nil {
		return err
	}
	c.note(actor, "second.reset", person.String(), 0, nil)
	if _, err := c.ExecContext(ctx, "INSERT INTO notices (person, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING", person.String(), noticeReset); err != nil {
		return err
	}
	return endSessions(ctx, c, person)
}

// AskReset keeps that an administrator wants somebody's second factor gone, in the
// place of what was asked before. Errors as of review.AskReset; without a second
// factor it is corpus.ErrNotFound.
func (db *DB) AskReset(ctx context.Context, person uuid.UUID, by review.Person, now time.Time) error {
	if err := review.AskReset(person, by); err != nil {
		return err
	}
	return db.write(ctx, "ask for a reset", func(c *changing) error {
		if _, err := secondOf(ctx, c.Tx, person); err != nil {
			return err
		}
		c.note(by.ID.String(), "second.reset-asked", person.String(), 0, nil)
		_, err := c.ExecContext(ctx, `INSERT INTO second_resets (person, asked_by, asked) VALUES ($1, $2, $3)
			ON CONFLICT (person) DO UPDATE SET asked_by = excluded.asked_by, asked = excluded.asked`, person.String(), by.ID.String(), stamp(now))
		return err
	})
}

// resetOf reads what waits for a person, the zero value for nothing.
func resetOf(ctx context.Context, q querier, person uuid.UUID) (review.SecondReset, error) {
	r := q.QueryRowContext(ctx, "SELECT person, asked_by, asked FROM second_resets WHERE person = $1", person.String())
	out, err := one(r, func(r row) (x review.SecondReset, err error) {
		return x, r.Scan(idColumn{&x.Person}, idColumn{&x.AskedBy}, timeColumn{&x.Asked})
	}, "reset of", person)
	if errors.Is(err, corpus.ErrNotFound) {
		return review.SecondReset{Person: person}, nil
	}
	return out, err
}

// SecondReset is the reset that waits for a person; not Open where none does.
func (db *DB) SecondReset(ctx context.Context, person uuid.UUID) (out review.SecondReset, err error) {
	err = db.read(ctx, "read a reset", func(tx *sql.Tx) error {
		out, err = resetOf(ctx, tx, person)
		return err
	})
	return out, err
}

// ConfirmReset does what ResetSecondFactor does, when review.SecondReset.Confirm
// allows it.
func (db *DB) ConfirmReset(ctx context.Context, person uuid.UUID, by review.Person, now time.Time) error {
	return db.write(ctx, "confirm a reset", func(c *changing) error {
		r, err := resetOf(ctx, c.Tx, person)
		if err != nil {
			return err
		}
		if err := r.Confirm(by, now); err != nil {
			return err
		}
		return resetSecond(ctx, c, person, by.ID.String())
	})
}

// DropReset takes back what was asked for; nothing happens where nothing waits.
func (db *DB) DropReset(ctx context.Context, person uuid.UUID, actor string) error {
	return db.write(ctx, "drop a reset", func(c *changing) error {
		res, err := c.ExecContext(ctx, "DELETE FROM second_resets WHERE person = $1", person.String())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		c.note(actor, "second.reset-dropped", person.String(), 0, nil)
		return nil
	})
}

// dropSecond forgets secret and codes, and that somebody asked for it.
func dropSecond(ctx context.Context, c *changing, person uuid.UUID) error {
	if err := keepCodes(ctx, c, person, nil); err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, "DELETE FROM second_resets WHERE person = $1", person.String()); err != nil {
		return err
	}
	_, err := c.ExecContext(ctx, "DELETE FROM second_factors WHERE person = $1", person.String())
	return err
}

// TakeNotices returns what a person is to be told at sign-in, and forgets it.
func (db *DB) TakeNotices(ctx context.Context, person uuid.UUID) ([]string, error) {
	var out []string
	const where = " FROM notices WHERE person = $1"
	err := db.read(ctx, "read notices", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT kind"+where+" ORDER BY kind", person.String())
		out, err = collect(rows, err, scanString)
		return err
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, db.write(ctx, "take notices", func(c *changing) error {
		_, err := c.ExecContext(ctx, "DELETE"+where, person.String())
		return err
	})
}
