package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// stands holds for a skip k that is not over at a time, and whose person has not
// decided on the match since.
const stands = `(k.until = '' OR k.until > ?) AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.match = k.match AND d.person = k.person AND d.at > k.created)`

// skipped leaves out what the person has skipped, until it comes back.
func skipped(w *where, p review.Person, now time.Time) {
	w.add("NOT EXISTS (SELECT 1 FROM skips k WHERE k.match = m.id AND k.person = ? AND "+stands+")", p.ID.String(), stamp(now))
}

const skipColumns = "k.person, k.match, k.reason, k.created, k.until"

func scanSkip(r row) (review.Skip, error) {
	var s review.Skip
	return s, r.Scan(idColumn{&s.Person}, idColumn{&s.Match}, &s.Reason, timeColumn{&s.Created}, timeColumn{&s.Until})
}

// standingSkips are the skips that stand at a time, the first parameter.
var standingSkips = "SELECT " + skipColumns + " FROM skips k WHERE " + strings.Replace(stands, "?", "$1", 1)

// standingControlSkips are standingSkips of controls.
var standingControlSkips = strings.NewReplacer("FROM skips", "FROM control_skips", "FROM decisions", "FROM control_answers").Replace(standingSkips)

// SaveSkip keeps a skip in place of an earlier one of the same match;
// corpus.ErrNotFound when there is no such match, corpus.ErrLimit when the
// person has too many.
func (db *DB) SaveSkip(ctx context.Context, s review.Skip) error {
	return db.write(ctx, "skip a match", func(c *changing) error {
		if done, err := c.saveControlSkip(ctx, s); done || err != nil {
			return err
		}
		if _, _, err := loadMatch(ctx, c.Tx, s.Match); err != nil {
			return err
		}
		_, err := c.ExecContext(ctx, `INSERT INTO skips (person, match, reason, created, until) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (person, match) DO UPDATE SET reason = excluded.reason, created = excluded.created, until = excluded.until`,
			s.Person.String(), s.Match.String(), string(s.Reason), stamp(s.Created), stamp(s.Until))
		if err != nil {
			return err
		}
		n := 0
		if err := c.QueryRowContext(ctx, "SELECT COUNT(*) FROM skips WHERE person = $1", s.Person.String()).Scan(&n); err != nil {
			return err
		}
		if n > review.MaxSkips {
			return fmt.Errorf("a person may skip up to %d matches: %w", review.MaxSkips, corpus.ErrLimit)
		}
		return nil
	})
}

// Skips lists what a person has skipped and not answered since, latest first, at
// most limit.
func (db *DB) Skips(ctx context.Context, person uuid.UUID, now time.Time, limit int) ([]review.Skip, error) {
	return db.skips(ctx, standingSkips+" AND k.person = $2 UNION ALL "+standingControlSkips+" AND k.person = $2 ORDER BY 4 DESC, 2 LIMIT $3", stamp(now), person.String(), limit)
}

// NotedSkips are the skips of a match that a party is to know of, by people of
// that party.
func (db *DB) NotedSkips(ctx context.Context, match uuid.UUID, party review.Party, now time.Time) ([]review.Skip, error) {
	all, err := db.skips(ctx, standingSkips+" AND k.match = $2 AND k.person IN (SELECT p.id FROM people p WHERE p.party = $3) ORDER BY k.created DESC, k.person LIMIT 20", stamp(now), match.String(), string(party))
	var out []review.Skip
	for _, s := range all {
		if s.Reason.Noted() {
			out = append(out, s)
		}
	}
	return out, err
}

func (db *DB) skips(ctx context.Context, query string, args ...any) ([]review.Skip, error) {
	var out []review.Skip
	err := db.read(ctx, "list skips", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		out, err = collect(rows, err, scanSkip)
		return err
	})
	return out, err
}

// DropSkip puts a match back into the person's queues. One that was not skipped
// is there already.
func (db *DB) DropSkip(ctx context.Context, person, match uuid.UUID) error {
	return db.write(ctx, "put a match back", func(c *changing) error {
		for _, table := range []string{"skips", "control_skips"} {
			if _, err := c.ExecContext(ctx, "DELETE FROM "+table+" WHERE person = $1 AND match = $2", person.String(), match.String()); err != nil {
				return err
			}
		}
		return nil
	})
}
