package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// personColumns are the columns scanPerson reads, of a table called p.
const personColumns = "p.id, p.login, p.name, p.role, p.party, p.languages, p.disabled, p.created"

// personTargets says where the columns of personColumns go.
func personTargets(p *review.Person) []any {
	return []any{idColumn{&p.ID}, &p.Login, &p.Name, &p.Role, &p.Party, jsonColumn{&p.Languages}, &p.Disabled, timeColumn{&p.Created}}
}

func scanPerson(r row) (review.Person, error) {
	var p review.Person
	return p, r.Scan(personTargets(&p)...)
}

// loginKey is what makes two logins the same.
func loginKey(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// SavePerson makes a person or changes one. Another role or party, and being
// disabled, end the person's sessions. A login that somebody else has is
// corpus.ErrConflict. Passwords are set by SetPassword.
func (db *DB) SavePerson(ctx context.Context, p review.Person, actor string) error {
	if err := checkPerson(p); err != nil {
		return err
	}
	return db.write(ctx, "save the person "+p.Login, func(c *changing) error {
		before, err := personByID(ctx, c.Tx, p.ID)
		if err != nil && !errors.Is(err, corpus.ErrNotFound) {
			return err
		}
		if p.Created.IsZero() {
			p.Created = c.now
		}
		languages, err := asJSON(append([]corpus.Language{}, p.Languages...))
		if err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, `INSERT INTO people (id, login, login_key, name, role, party, languages, disabled, password, created)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9)
			ON CONFLICT (id) DO UPDATE SET login = excluded.login, login_key = excluded.login_key, name = excluded.name,
				role = excluded.role, party = excluded.party, languages = excluded.languages, disabled = excluded.disabled`,
			p.ID.String(), p.Login, loginKey(p.Login), p.Name, string(p.Role), string(p.Party), languages, number(p.Disabled), stamp(p.Created))
		if isUnique(err) {
			return corpus.Refuse(corpus.ErrConflict, "login-taken", "the login \"{login}\" is taken", "login", p.Login)
		}
		if err != nil {
			return err
		}
		c.note(actor, "person.saved", p.ID.String(), 0, p)
		if err := c.tell(orNothing(before, before.ID != uuid.Nil), p); err != nil {
			return err
		}
		if p.Disabled || before.Role != p.Role || before.Party != p.Party {
			return endSessions(ctx, c, p.ID)
		}
		return nil
	})
}

// checkPerson refuses what must not be kept.
func checkPerson(p review.Person) error {
	switch {
	case p.ID == uuid.Nil:
		return fmt.Errorf("a person needs an id: %w", corpus.ErrInvalid)
	case loginKey(p.Login) == "":
		return fmt.Errorf("a person needs a login: %w", corpus.ErrInvalid)
	case !slices.Contains(review.Roles, p.Role):
		return fmt.Errorf("%q is not a role: %w", p.Role, corpus.ErrInvalid)
	}
	return nil
}

// Person returns one person, or corpus.ErrNotFound.
func (db *DB) Person(ctx context.Context, id uuid.UUID) (review.Person, error) {
	var out review.Person
	err := db.read(ctx, "read a person", func(tx *sql.Tx) (err error) {
		out, err = personByID(ctx, tx, id)
		return err
	})
	return out, err
}

// personByID reads one person.
func personByID(ctx context.Context, q querier, id uuid.UUID) (review.Person, error) {
	r := q.QueryRowContext(ctx, "SELECT "+personColumns+" FROM people p WHERE p.id = $1", id.String())
	return one(r, scanPerson, "person", id)
}

// People lists everybody by login.
func (db *DB) People(ctx context.Context) ([]review.Person, error) {
	var out []review.Person
	err := db.read(ctx, "list the people", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+personColumns+" FROM people p ORDER BY p.login_key")
		out, err = collect(rows, err, scanPerson)
		return err
	})
	return out, err
}

// PersonByLogin finds a person and the hash of the password, "" while none is
// set. Letter case does not matter; corpus.ErrNotFound when nobody has the login.
func (db *DB) PersonByLogin(ctx context.Context, login string) (review.Person, string, error) {
	var p review.Person
	var hash string
	err := db.read(ctx, "read a person", func(tx *sql.Tx) error {
		r := tx.QueryRowContext(ctx, "SELECT p.password, "+personColumns+" FROM people p WHERE p.login_key = $1", loginKey(login))
		_, err := one(r, func(r row) (review.Person, error) {
			return p, r.Scan(append([]any{&hash}, personTargets(&p)...)...)
		}, "login", login)
		return err
	})
	return p, hash, err
}

// SetPassword keeps the hash of a new password and ends the person's sessions
// and open links. With the first one a person joins: what became before of answers
// that are in their name counts as seen, for they gave none of them here.
func (db *DB) SetPassword(ctx context.Context, id uuid.UUID, hash, actor string) error {
	return db.write(ctx, "set a password", func(c *changing) error {
		_, err := c.ExecContext(ctx, `UPDATE news SET seen = $1 WHERE person = $2 AND seen = '' AND kind IN ('disputed', 'settled', 'suspect')
			AND EXISTS (SELECT 1 FROM people p WHERE p.id = $2 AND p.password = '')`, stamp(c.now), id.String())
		if err != nil {
			return err
		}
		res, err := c.ExecContext(ctx, "UPDATE people SET password = $1 WHERE id = $2", hash, id.String())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, notFound("person", id))
		}
		if err := endInvites(ctx, c, id); err != nil {
			return err
		}
		c.note(actor, "person.password", id.String(), 0, nil)
		return endSessions(ctx, c, id)
	})
}

// NewInvite keeps the hash of a one-time link with which a person sets a
// password. Earlier links of the person stop working.
func (db *DB) NewInvite(ctx context.Context, person uuid.UUID, tokenHash string, expires time.Time) error {
	return db.write(ctx, "make a link", func(c *changing) error {
		if _, err := personByID(ctx, c.Tx, person); err != nil {
			return err
		}
		if err := endInvites(ctx, c, person); err != nil {
			return err
		}
		c.note("system", "invite.made", person.String(), 0, nil)
		_, err := c.ExecContext(ctx, "INSERT INTO invites (hash, person, expires, used) VALUES ($1, $2, $3, '')", tokenHash, person.String(), stamp(expires))
		return err
	})
}

// endInvites makes all open links of a person useless.
func endInvites(ctx context.Context, c *changing, person uuid.UUID) error {
	_, err := c.ExecContext(ctx, "UPDATE invites SET used = $1 WHERE person = $2 AND used = ''", stamp(c.now), person.String())
	return err
}

// Invite finds whose link it is without using it, to show the page that asks
// for the password; corpus.ErrNotFound when it is unknown, used or too old.
func (db *DB) Invite(ctx context.Context, tokenHash string, now time.Time) (review.Person, error) {
	var out review.Person
	err := db.read(ctx, "read a link", func(tx *sql.Tx) (err error) {
		out, err = invited(ctx, tx, tokenHash, now)
		return err
	})
	return out, err
}

// UseInvite finds whose link it is and makes it useless; corpus.ErrNotFound when
// it is unknown, used or too old. Check the password before: there is one use.
func (db *DB) UseInvite(ctx context.Context, tokenHash string, now time.Time) (review.Person, error) {
	var out review.Person
	err := db.write(ctx, "use a link", func(c *changing) (err error) {
		if out, err = invited(ctx, c.Tx, tokenHash, now); err != nil {
			return err
		}
		c.note(out.ID.String(), "invite.used", out.ID.String(), 0, nil)
		_, err = c.ExecContext(ctx, "UPDATE invites SET used = $1 WHERE hash = $2", stamp(now), tokenHash)
		return err
	})
	return out, err
}

// invited reads the person of a link that works.
func invited(ctx context.Context, q querier, tokenHash string, now time.Time) (review.Person, error) {
	r := q.QueryRowContext(ctx, "SELECT "+personColumns+` FROM invites i JOIN people p ON p.id = i.person
		WHERE i.hash = $1 AND i.used = '' AND i.expires > $2 AND p.disabled = 0`, tokenHash, stamp(now))
	return one(r, scanPerson, "link", "that works")
}

// Standing counts what hangs on a person's account: sessions that still work,
// decisions, and working keys that the person made.
func (db *DB) Standing(ctx context.Context, person uuid.UUID, now time.Time) (review.Standing, error) {
	var out review.Standing
	err := db.read(ctx, "count what hangs on an account", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT
			(SELECT COUNT(*) FROM sessions WHERE person = $1 AND expires > $2 AND last_seen > $3),
			(SELECT COUNT(*) FROM decisions WHERE person = $1),
			(SELECT COUNT(*) FROM keys WHERE made_by = $1 AND ended = '' AND expires > $2),
			(SELECT COALESCE(MAX(at), '') FROM audit WHERE object = $1 AND action = 'session.begun')`,
			person.String(), stamp(now), stamp(now.Add(-review.SessionIdle))).Scan(&out.Sessions, &out.Decisions, &out.Keys, timeColumn{&out.LastSeen})
	})
	return out, err
}

// SignIns says when each person signed in last; who never did is left out.
func (db *DB) SignIns(ctx context.Context) (map[uuid.UUID]time.Time, error) {
	out := map[uuid.UUID]time.Time{}
	err := db.read(ctx, "list the last sign-ins", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT p.id, (SELECT COALESCE(MAX(a.at), '') FROM audit a WHERE a.object = p.id AND a.action = 'session.begun') FROM people p`)
		_, err = collect(rows, err, func(r row) (id uuid.UUID, err error) {
			var at time.Time
			if err := r.Scan(idColumn{&id}, timeColumn{&at}); err != nil {
				return id, err
			}
			if !at.IsZero() {
				out[id] = at
			}
			return id, nil
		})
		return err
	})
	return out, err
}
