package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

func scanCollection(r row) (review.Collection, error) {
	c := review.Collection{Clauses: []corpus.ClauseID{}}
	return c, r.Scan(idColumn{&c.ID}, idColumn{&c.Person}, &c.Name, timeColumn{&c.Created})
}

// Collections lists a person's collections by name, with their clauses.
func (db *DB) Collections(ctx context.Context, person uuid.UUID) ([]review.Collection, error) {
	var out []review.Collection
	err := db.read(ctx, "list collections", func(tx *sql.Tx) (err error) {
		out, err = loadCollections(ctx, tx, "WHERE person = $1 ORDER BY name_key", person.String())
		return err
	})
	return out, err
}

// Collection is one of a person's collections; corpus.ErrNotFound when it is not
// theirs.
func (db *DB) Collection(ctx context.Context, person, id uuid.UUID) (review.Collection, error) {
	var out review.Collection
	err := db.read(ctx, "read a collection", func(tx *sql.Tx) (err error) {
		out, err = loadCollection(ctx, tx, person, id)
		return err
	})
	return out, err
}

func loadCollection(ctx context.Context, q querier, person, id uuid.UUID) (review.Collection, error) {
	found, err := loadCollections(ctx, q, "WHERE person = $1 AND id = $2", person.String(), id.String())
	if err == nil && len(found) == 0 {
		err = notFound("collection", id)
	}
	if err != nil {
		return review.Collection{}, err
	}
	return found[0], nil
}

func loadCollections(ctx context.Context, q querier, where string, args ...any) ([]review.Collection, error) {
	rows, err := q.QueryContext(ctx, "SELECT id, person, name, created FROM collections "+where, args...)
	out, err := collect(rows, err, scanCollection)
	if err != nil {
		return nil, err
	}
	for i := range out {
		rows, err := q.QueryContext(ctx, "SELECT clause FROM collection_clauses WHERE collection = $1 ORDER BY position", out[i].ID.String())
		ids, err := collect(rows, err, scanString)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			out[i].Clauses = append(out[i].Clauses, corpus.ClauseID(id))
		}
	}
	return out, nil
}

// ChangeCollection reads a person's collection, lets change make another of it, and
// keeps that, in one step. A new id makes a new collection. Errors: corpus.ErrNotFound
// for somebody else's, and for a clause that is not kept; corpus.ErrConflict for a name
// of another collection; corpus.ErrLimit for too many; those of change.
func (db *DB) ChangeCollection(ctx context.Context, person, id uuid.UUID, change func(review.Collection) (review.Collection, error)) (review.Collection, error) {
	var out review.Collection
	err := db.write(ctx, "change a collection", func(c *changing) error {
		had, err := loadCollection(ctx, c.Tx, person, id)
		fresh := errors.Is(err, corpus.ErrNotFound)
		if err != nil && !fresh {
			return err
		}
		if fresh {
			n := 0
			if err := c.QueryRowContext(ctx, "SELECT count(*) FROM collections WHERE id = $1", id.String()).Scan(&n); err != nil {
				return err
			}
			if n > 0 { // somebody else's
				return notFound("collection", id)
			}
			had = review.Collection{ID: id, Person: person, Created: c.now}
		}
		if out, err = change(had); err != nil {
			return err
		}
		out.ID, out.Person, out.Created = had.ID, had.Person, had.Created
		if err := out.Check(); err != nil {
			return err
		}
		return keepCollection(ctx, c, out)
	})
	return out, err
}

// keepCollection writes a collection and its clauses.
func keepCollection(ctx context.Context, c *changing, x review.Collection) error {
	name := strings.TrimSpace(x.Name)
	n := 0
	if err := c.QueryRowContext(ctx, "SELECT count(*) FROM collections WHERE person = $1 AND name_key = $2 AND id <> $3", x.Person.String(), strings.ToLower(name), x.ID.String()).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return corpus.Refuse(corpus.ErrConflict, "collection-taken", "you have a collection of this name already")
	}
	if _, err := c.ExecContext(ctx, `INSERT INTO collections (id, person, name, name_key, created) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key`,
		x.ID.String(), x.Person.String(), name, strings.ToLower(name), stamp(x.Created)); err != nil {
		return err
	}
	if err := c.QueryRowContext(ctx, "SELECT count(*) FROM collections WHERE person = $1", x.Person.String()).Scan(&n); err != nil {
		return err
	}
	if n > review.MaxCollections {
		return corpus.Refuse(corpus.ErrLimit, "collections-many", "you have as many collections as there may be; drop one first")
	}
	if _, err := c.ExecContext(ctx, "DELETE FROM collection_clauses WHERE collection = $1", x.ID.String()); err != nil {
		return err
	}
	var rows [][]any
	for i, clause := range x.Clauses {
		if err := c.QueryRowContext(ctx, "SELECT count(*) FROM clauses WHERE id = $1", string(clause)).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("clause %s: %w", clause, corpus.ErrNotFound)
		}
		rows = append(rows, []any{x.ID.String(), i, string(clause)})
	}
	return insert(ctx, c.Tx, "INSERT INTO collection_clauses (collection, position, clause)", "", rows)
}

// DropCollection forgets a person's collection; corpus.ErrNotFound when it is not
// theirs.
func (db *DB) DropCollection(ctx context.Context, person, id uuid.UUID) error {
	return db.write(ctx, "drop a collection", func(c *changing) error {
		if _, err := loadCollection(ctx, c.Tx, person, id); err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, "DELETE FROM collection_clauses WHERE collection = $1", id.String()); err != nil {
			return err
		}
		_, err := c.ExecContext(ctx, "DELETE FROM collections WHERE id = $1", id.String())
		return err
	})
}
