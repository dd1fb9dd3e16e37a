package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"concord/corpus"
)

// Backup writes the whole database as it is now into a new file, checks it and
// puts it at path, readable by its owner alone. People go on working meanwhile.
// It contains every decision acknowledged before it began. An existing file is
// never overwritten (corpus.ErrConflict), and there is one backup at a time.
// The copy is a database of its own: it has another Generation.
func (db *DB) Backup(ctx context.Context, path string) error {
	what := "back up to " + path
	if !db.backup.TryLock() {
		return fmt.Errorf("%s: another backup is under way: %w", what, corpus.ErrConflict)
	}
	defer db.backup.Unlock()
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: the file is there already: %w", what, corpus.ErrConflict)
	}
	part, err := partFile(path)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer os.Remove(part)
	if err := db.copyTo(ctx, part); err != nil {
		return db.failure(ctx, err, what)
	}
	if err := settle(part, path); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// partFile makes the empty file that the copy is written into, beside its
// destination, so that its permissions are right from the first byte.
func partFile(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".concord-backup-*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// copyTo writes a consistent copy over a connection of its own, gives it its
// own generation and checks it.
func (db *DB) copyTo(ctx context.Context, part string) error {
	source, err := sql.Open("sqlite", dsn(db.path))
	if err != nil {
		return err
	}
	defer source.Close()
	if _, err := source.ExecContext(ctx, "VACUUM INTO $1", part); err != nil {
		return err
	}
	u := url.URL{Scheme: "file", Path: absolute(part), RawQuery: "_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)"}
	backup, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	defer backup.Close()
	id, err := newID()
	if err != nil {
		return err
	}
	if _, err := backup.ExecContext(ctx, "UPDATE meta SET value = $1 WHERE name = 'generation'", id.String()); err != nil {
		return err
	}
	found, err := scanString(backup.QueryRowContext(ctx, "PRAGMA quick_check(1)"))
	if err == nil && found != "ok" {
		err = fmt.Errorf("the copy is not sound: %s", found)
	}
	return err
}

// absolute is a path as a database's name needs it.
func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return abs
}

// settle brings a finished file to the disk and under its name, unless somebody
// else took the name meanwhile.
func settle(part, path string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(part, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
