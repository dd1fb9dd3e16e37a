package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// touchEvery is how often "last seen" and "last used" are written at most.
const touchEvery = time.Minute

// maxAgent is how many bytes of a browser's name are kept.
const maxAgent = 200

// NewSession keeps a session and forgets the ones that are over.
func (db *DB) NewSession(ctx context.Context, s review.Session) error {
	if s.Hash == "" {
		return fmt.Errorf("a session needs the hash of its secret: %w", corpus.ErrInvalid)
	}
	return db.write(ctx, "begin a session", func(c *changing) error {
		if _, err := personByID(ctx, c.Tx, s.Person); err != nil {
			return err
		}
		idle := stamp(s.Created.Add(-review.SessionIdle))
		if _, err := c.ExecContext(ctx, "DELETE FROM sessions WHERE expires <= $1 OR last_seen <= $2", stamp(s.Created), idle); err != nil {
			return err
		}
		c.note(s.Person.String(), "session.begun", s.Person.String(), 0, nil)
		_, err := c.ExecContext(ctx, "INSERT INTO sessions (hash, person, created, last_seen, expires, agent) VALUES ($1, $2, $3, $4, $5, $6)",
			s.Hash, s.Person.String(), stamp(s.Created), stamp(s.LastSeen), stamp(s.Expires), shortened(s.Agent, maxAgent))
		return err
	})
}

// shortened cuts a text to at most n bytes, between characters.
func shortened(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// sessionColumns are the columns scanned by sessionTargets, of a table called s.
const sessionColumns = "s.hash, s.person, s.created, s.last_seen, s.expires, s.agent"

func sessionTargets(s *review.Session) []any {
	return []any{&s.Hash, idColumn{&s.Person}, timeColumn{&s.Created}, timeColumn{&s.LastSeen}, timeColumn{&s.Expires}, &s.Agent}
}

func scanSession(r row) (review.Session, error) {
	var s review.Session
	return s, r.Scan(sessionTargets(&s)...)
}

// Session finds the session of a secret's hash with its person, and notes that
// it was seen, at most once a minute. corpus.ErrNotFound when it is unknown, idle
// for too long, over, or the person is disabled.
func (db *DB) Session(ctx context.Context, hash string, now time.Time) (review.Session, review.Person, error) {
	var s review.Session
	var p review.Person
	err := db.read(ctx, "read a session", func(tx *sql.Tx) error {
		r := tx.QueryRowContext(ctx, "SELECT "+sessionColumns+", "+personColumns+` FROM sessions s JOIN people p ON p.id = s.person
			WHERE s.hash = $1 AND s.expires > $2 AND s.last_seen > $3 AND p.disabled = 0`, hash, stamp(now), stamp(now.Add(-review.SessionIdle)))
		_, err := one(r, func(r row) (review.Session, error) {
			return s, r.Scan(append(sessionTargets(&s), personTargets(&p)...)...)
		}, "session", "")
		return err
	})
	if err != nil {
		return review.Session{}, review.Person{}, err
	}
	if now.Sub(s.LastSeen) < touchEvery {
		return s, p, nil
	}
	s.LastSeen = instant(now)
	return s, p, db.touch(ctx, "UPDATE sessions SET last_seen = $1 WHERE hash = $2", stamp(now), hash)
}

// touch writes that something was seen. That it cannot be written while the disk
// is full or has failed is no reason to refuse reading.
func (db *DB) touch(ctx context.Context, query string, args ...any) error {
	err := db.write(ctx, "note a visit", func(c *changing) error {
		_, err := c.ExecContext(ctx, query, args...)
		return err
	})
	if errors.Is(err, ErrReadOnly) || errors.Is(err, ErrFull) {
		return nil
	}
	return err
}

// Sessions lists a person's sessions, last seen first.
func (db *DB) Sessions(ctx context.Context, person uuid.UUID) ([]review.Session, error) {
	var out []review.Session
	err := db.read(ctx, "list sessions", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+sessionColumns+" FROM sessions s WHERE s.person = $1 ORDER BY s.last_seen DESC, s.hash", person.String())
		out, err = collect(rows, err, scanSession)
		return err
	})
	return out, err
}

// EndSession ends one session. Ending one that is not there does nothing.
func (db *DB) EndSession(ctx context.Context, hash string) error {
	return db.write(ctx, "end a session", func(c *changing) error {
		rows, err := c.QueryContext(ctx, "DELETE FROM sessions WHERE hash = $1 RETURNING person", hash)
		ended, err := collect(rows, err, scanString)
		for _, person := range ended {
			c.note(person, "session.ended", person, 0, nil)
		}
		return err
	})
}

// EndSessions ends all sessions of a person.
func (db *DB) EndSessions(ctx context.Context, person uuid.UUID) error {
	return db.write(ctx, "end sessions", func(c *changing) error { return endSessions(ctx, c, person) })
}

// endSessions ends all sessions of a person inside a change.
func endSessions(ctx context.Context, c *changing, person uuid.UUID) error {
	return endOtherSessions(ctx, c, person, "")
}

// endOtherSessions ends all but the one with a hash, "" for none.
func endOtherSessions(ctx context.Context, c *changing, person uuid.UUID, but string) error {
	rows, err := c.QueryContext(ctx, "DELETE FROM sessions WHERE person = $1 AND hash <> $2 RETURNING hash", person.String(), but)
	ended, err := collect(rows, err, scanString)
	if len(ended) > 0 {
		c.note(person.String(), "session.ended", person.String(), len(ended), nil)
	}
	return err
}
