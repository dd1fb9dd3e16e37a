package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"concord/corpus"
	"concord/review"
)

// keyColumns are the columns scanKey reads.
const keyColumns = "id, name, hash, scopes, created, expires, last_used, ended, made_by, networks, rate, tail"

func scanKey(r row) (review.Key, error) {
	var k review.Key
	err := r.Scan(&k.ID, &k.Name, &k.Hash, jsonColumn{&k.Scopes}, timeColumn{&k.Created}, timeColumn{&k.Expires},
		timeColumn{&k.LastUsed}, timeColumn{&k.Ended}, idColumn{&k.By}, jsonColumn{&k.Networks}, &k.Rate, &k.Tail)
	if len(k.Networks) == 0 {
		k.Networks = nil
	}
	return k, err
}

// NewKey keeps an integrator's key. It may work for review.KeyLife at most.
func (db *DB) NewKey(ctx context.Context, k review.Key, actor string) error {
	if k.ID == "" || k.Hash == "" {
		return fmt.Errorf("a key needs an id and the hash of its secret: %w", corpus.ErrInvalid)
	}
	return db.write(ctx, "make the key "+k.Name, func(c *changing) error {
		if k.Created.IsZero() {
			k.Created = c.now
		}
		if life := k.Expires.Sub(k.Created); life <= 0 || life > review.KeyLife {
			return fmt.Errorf("a key works for a year at most: %w", corpus.ErrInvalid)
		}
		scopes, err := asJSON(append([]review.Scope{}, k.Scopes...))
		if err != nil {
			return err
		}
		networks, err := asJSON(append([]string{}, k.Networks...))
		if err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, "INSERT INTO keys ("+keyColumns+") VALUES ($1, $2, $3, $4, $5, $6, '', '', $7, $8, $9, $10)",
			k.ID, k.Name, k.Hash, scopes, stamp(k.Created), stamp(k.Expires), k.By.String(), networks, k.Rate, k.Tail)
		if isUnique(err) {
			return fmt.Errorf("a key with the id %s is there already: %w", k.ID, corpus.ErrConflict)
		}
		if err != nil {
			return err
		}
		c.note(actor, "key.made", k.ID, 0, k)
		k.Hash = ""
		return c.tell(nil, k)
	})
}

// KeyByID returns a key, also one that works no longer (see review.Key.Allows),
// or corpus.ErrNotFound.
func (db *DB) KeyByID(ctx context.Context, id string) (review.Key, error) {
	var out review.Key
	err := db.read(ctx, "read a key", func(tx *sql.Tx) (err error) {
		out, err = one(tx.QueryRowContext(ctx, "SELECT "+keyColumns+" FROM keys WHERE id = $1", id), scanKey, "key", id)
		return err
	})
	return out, err
}

// Keys lists all keys, newest first.
func (db *DB) Keys(ctx context.Context) ([]review.Key, error) {
	var out []review.Key
	err := db.read(ctx, "list the keys", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+keyColumns+" FROM keys ORDER BY created DESC, id")
		out, err = collect(rows, err, scanKey)
		return err
	})
	return out, err
}

// EndKey makes a key useless for ever. Ending it again does nothing.
func (db *DB) EndKey(ctx context.Context, id, actor string) error {
	return db.write(ctx, "end the key "+id, func(c *changing) error {
		k, err := one(c.QueryRowContext(ctx, "SELECT "+keyColumns+" FROM keys WHERE id = $1", id), scanKey, "key", id)
		if err != nil || !k.Ended.IsZero() {
			return err
		}
		c.note(actor, "key.ended", id, 0, nil)
		k.Hash = ""
		ended := k
		ended.Ended = c.now
		if err := c.tell(k, ended); err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, "UPDATE keys SET ended = $1 WHERE id = $2", stamp(c.now), id)
		return err
	})
}

// TouchKey notes that a key was used, at most once a minute.
func (db *DB) TouchKey(ctx context.Context, id string, now time.Time) error {
	k, err := db.KeyByID(ctx, id)
	if err != nil || now.Sub(k.LastUsed) < touchEvery {
		return err
	}
	return db.touch(ctx, "UPDATE keys SET last_used = $1 WHERE id = $2", stamp(now), id)
}
