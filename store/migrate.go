package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID stands in the header of our files: "CNCD".
const applicationID = 0x434e4344

// migration is one numbered step of the schema.
type migration struct {
	number int
	name   string
	sql    string
}

// migrations lists the steps in order. Their numbers are 1, 2, 3 without a gap.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	out := make([]migration, 0, len(names)) // Glob sorts
	for i, name := range names {
		prefix, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		n, err := strconv.Atoi(prefix)
		if err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s should have number %04d", name, i+1)
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		out = append(out, migration{number: n, name: name, sql: string(body)})
	}
	return out, nil
}

// probe looks at a file without changing it and refuses what is not ours or too
// new.
func probe(ctx context.Context, path string) error {
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(10000)&_pragma=query_only(1)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	defer db.Close()
	steps, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	_, err = known(ctx, db, len(steps))
	return err
}

// known reads the schema's version and refuses one above the newest we know.
func known(ctx context.Context, db *sql.DB, newest int) (int, error) {
	version, err := ours(ctx, db)
	if err != nil {
		return 0, err
	}
	if version > newest {
		return 0, fmt.Errorf("schema %d, this program knows %d: %w", version, newest, ErrNewer)
	}
	return version, nil
}

// migrate brings a database up to date, each step in its own transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	steps, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	version, err := known(ctx, db, len(steps))
	if err != nil {
		return err
	}
	for _, step := range steps[version:] {
		if err := step.apply(ctx, db); err != nil {
			return fmt.Errorf("migration %s: %w", step.name, err)
		}
	}
	return nil
}

// ours reads the schema's version, 0 for an empty file, and refuses a file that
// another program made.
func ours(ctx context.Context, db *sql.DB) (int, error) {
	var version, id, tables int
	for query, to := range map[string]*int{
		"PRAGMA user_version": &version, "PRAGMA application_id": &id, "SELECT COUNT(*) FROM sqlite_master": &tables,
	} {
		if err := db.QueryRowContext(ctx, query).Scan(to); err != nil {
			return 0, err
		}
	}
	if id != applicationID && (id != 0 || version != 0 || tables != 0) {
		return 0, ErrForeign
	}
	return version, nil
}

// apply runs one step, unless another process was faster.
func (m migration) apply(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version >= m.number {
		return nil
	}
	end := fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d;", m.number, applicationID)
	if _, err := tx.ExecContext(ctx, m.sql+"\n"+end); err != nil {
		return err
	}
	return tx.Commit()
}

// generation reads the name of the database, and gives one to a new database.
func generation(ctx context.Context, db *sql.DB) (string, error) {
	id, err := newID()
	if err != nil {
		return "", err
	}
	if _, err := db.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES ('generation', $1) ON CONFLICT (name) DO NOTHING", id.String()); err != nil {
		return "", err
	}
	return scanString(db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'generation'"))
}
