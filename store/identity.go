package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// Identity is the e-mail address under which a person signs in at the provider,
// "" for none.
func (db *DB) Identity(ctx context.Context, person uuid.UUID) (string, error) {
	var out string
	err := db.read(ctx, "read an identity", func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "SELECT email FROM identities WHERE person = $1", person.String()).Scan(&out)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return out, err
}

// BindIdentity gives a person the e-mail address of an account at the provider;
// "" takes it away. Another address must be taken up anew at the next sign-in
// there. One that somebody else has is corpus.ErrConflict.
func (db *DB) BindIdentity(ctx context.Context, person uuid.UUID, email, actor string) error {
	email = strings.ToLower(strings.TrimSpace(email))
	return db.write(ctx, "bind an identity", func(c *changing) error {
		if _, err := personByID(ctx, c.Tx, person); err != nil {
			return err
		}
		var before string
		err := c.QueryRowContext(ctx, "SELECT email FROM identities WHERE person = $1", person.String()).Scan(&before)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if before == email {
			return nil
		}
		if _, err := c.ExecContext(ctx, "DELETE FROM identities WHERE person = $1", person.String()); err != nil {
			return err
		}
		c.note(actor, "identity.bound", person.String(), 0, email)
		if err := c.tell(map[string]string{"email": before}, map[string]string{"email": email}); err != nil {
			return err
		}
		if email == "" {
			return nil
		}
		_, err = c.ExecContext(ctx, "INSERT INTO identities (person, email, subject) VALUES ($1, $2, '')", person.String(), email)
		if isUnique(err) {
			return corpus.Refuse(corpus.ErrConflict, "identity-taken", "somebody else has the address {email}", "email", email)
		}
		return err
	})
}

// PersonByIdentity finds who signs in with a subject of a provider. The first time
// it is who has the e-mail address, which must be verified ("" when it is not);
// the subject is kept then and nobody else gets in by the address. Without
// anybody it is corpus.ErrNotFound.
func (db *DB) PersonByIdentity(ctx context.Context, issuer, subject, email string) (review.Person, error) {
	var out review.Person
	key := issuer + " " + subject
	email = strings.ToLower(strings.TrimSpace(email))
	find := func(q querier, where string, arg string) error {
		var err error
		out, err = one(q.QueryRowContext(ctx, "SELECT "+personColumns+" FROM identities i JOIN people p ON p.id = i.person WHERE "+where, arg), scanPerson, "identity", arg)
		return err
	}
	err := db.read(ctx, "find an identity", func(tx *sql.Tx) error { return find(tx, "i.subject = $1", key) })
	if !errors.Is(err, corpus.ErrNotFound) || email == "" {
		return out, err
	}
	err = db.write(ctx, "take an identity up", func(c *changing) error {
		if err := find(c.Tx, "i.subject = '' AND i.email = $1", email); err != nil {
			return err
		}
		c.note(out.ID.String(), "identity.taken-up", out.ID.String(), 0, key)
		_, err := c.ExecContext(ctx, "UPDATE identities SET subject = $1 WHERE person = $2", key, out.ID.String())
		return err
	})
	return out, err
}
