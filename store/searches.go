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

const savedColumns = "id, person, name, query, created"

func scanSaved(r row) (review.SavedSearch, error) {
	var s review.SavedSearch
	return s, r.Scan(idColumn{&s.ID}, idColumn{&s.Person}, &s.Name, &s.Query, timeColumn{&s.Created})
}

// SaveSearch keeps a search. One of the same name, whatever its letter case, is
// replaced; corpus.ErrLimit when the person has too many.
func (db *DB) SaveSearch(ctx context.Context, s review.SavedSearch) error {
	if err := s.Check(); err != nil {
		return err
	}
	return db.write(ctx, "save a search", func(c *changing) error {
		if s.Created.IsZero() {
			s.Created = c.now
		}
		name := strings.TrimSpace(s.Name)
		_, err := c.ExecContext(ctx, `INSERT INTO saved_searches (id, person, name, name_key, query, created) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (person, name_key) DO UPDATE SET name = excluded.name, query = excluded.query, created = excluded.created`,
			s.ID.String(), s.Person.String(), name, strings.ToLower(name), s.Query, stamp(s.Created))
		if err != nil {
			return err
		}
		n := 0
		if err := c.QueryRowContext(ctx, "SELECT count(*) FROM saved_searches WHERE person = $1", s.Person.String()).Scan(&n); err != nil {
			return err
		}
		if n > review.MaxSavedSearches {
			return corpus.Refuse(corpus.ErrLimit, "saved-many", "you have as many saved searches as there may be; drop one first")
		}
		return nil
	})
}

// SavedSearches lists a person's searches by name.
func (db *DB) SavedSearches(ctx context.Context, person uuid.UUID) ([]review.SavedSearch, error) {
	var out []review.SavedSearch
	err := db.read(ctx, "list saved searches", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+savedColumns+" FROM saved_searches WHERE person = $1 ORDER BY name_key", person.String())
		out, err = collect(rows, err, scanSaved)
		return err
	})
	return out, err
}

// RenameSearch gives a person's search another name; one that has it, whatever its
// letter case, is replaced, as saving does. corpus.ErrNotFound when it is not theirs.
func (db *DB) RenameSearch(ctx context.Context, s review.SavedSearch) error {
	if err := s.Check(); err != nil {
		return err
	}
	return db.write(ctx, "rename a search", func(c *changing) error {
		name := strings.TrimSpace(s.Name)
		out, err := c.ExecContext(ctx, "UPDATE OR REPLACE saved_searches SET name = $1, name_key = $2 WHERE id = $3 AND person = $4", name, strings.ToLower(name), s.ID.String(), s.Person.String())
		if err != nil {
			return err
		}
		if n, err := out.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, notFound("saved search", s.ID))
		}
		return nil
	})
}

// DropSearch forgets a person's search and returns it; corpus.ErrNotFound when it
// is not theirs.
func (db *DB) DropSearch(ctx context.Context, person, id uuid.UUID) (review.SavedSearch, error) {
	var out review.SavedSearch
	err := db.write(ctx, "drop a search", func(c *changing) error {
		rows, err := c.QueryContext(ctx, "DELETE FROM saved_searches WHERE id = $1 AND person = $2 RETURNING "+savedColumns, id.String(), person.String())
		dropped, err := collect(rows, err, scanSaved)
		if err != nil || len(dropped) == 0 {
			return errors.Join(err, notFound("saved search", id))
		}
		out = dropped[0]
		return nil
	})
	return out, err
}
