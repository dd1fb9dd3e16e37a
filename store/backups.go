package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"concord/corpus"
	"concord/review"
)

// backupColumns are the columns scanBackup reads.
const backupColumns = "file, at, bytes, rows, tested, problems"

func scanBackup(r row) (review.Backup, error) {
	var b review.Backup
	return b, r.Scan(&b.File, timeColumn{&b.At}, &b.Bytes, &b.Rows, timeColumn{&b.Tested}, &b.Problems)
}

// Backups lists the backups that were noted, the newest first.
func (db *DB) Backups(ctx context.Context) ([]review.Backup, error) {
	var out []review.Backup
	err := db.read(ctx, "list the backups", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+backupColumns+" FROM backups ORDER BY at DESC, file DESC")
		out, err = collect(rows, err, scanBackup)
		return err
	})
	return out, err
}

// NoteBackup keeps that a backup was written, or what a trial restore of one found.
func (db *DB) NoteBackup(ctx context.Context, b review.Backup, action, actor string) error {
	return db.write(ctx, "note a backup", func(c *changing) error {
		c.note(actor, "backup."+action, b.File, 0, b)
		_, err := c.ExecContext(ctx, "INSERT INTO backups ("+backupColumns+`) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (file) DO UPDATE SET at = excluded.at, bytes = excluded.bytes, rows = excluded.rows, tested = excluded.tested, problems = excluded.problems`,
			b.File, stamp(b.At), b.Bytes, b.Rows, stamp(b.Tested), b.Problems)
		return err
	})
}

// ForgetBackup drops the note of a backup whose file is gone.
func (db *DB) ForgetBackup(ctx context.Context, file, actor string) error {
	return db.write(ctx, "forget a backup", func(c *changing) error {
		c.note(actor, "backup.dropped", file, 0, nil)
		_, err := c.ExecContext(ctx, "DELETE FROM backups WHERE file = $1", file)
		return err
	})
}

// TryRestore restores a backup into a folder of its own beside it, opens it as a server
// would, checks all of it and removes the copy. The backup itself is only read. The
// error is for a file that is not there, or no database of ours.
func (db *DB) TryRestore(ctx context.Context, path string) (Report, error) {
	what := "try to restore " + path
	folder, err := os.MkdirTemp(filepath.Dir(path), ".concord-restore-*")
	if err != nil {
		return Report{}, fmt.Errorf("%s: %w", what, err)
	}
	defer os.RemoveAll(folder)
	restored := filepath.Join(folder, "concord.db")
	if err := copyFile(path, restored); err != nil {
		return Report{}, fmt.Errorf("%s: %w", what, err)
	}
	if info, err := os.Stat(restored); err != nil || info.Size() == 0 { // opening would make a new database of it
		return Report{}, errors.Join(fmt.Errorf("%s: the file is empty: %w", what, corpus.ErrInvalid), err)
	}
	other, err := Open(ctx, restored, Options{Now: db.now, SecondKey: db.keyFile})
	if err != nil {
		return Report{}, fmt.Errorf("%s: %w", what, err)
	}
	report, err := other.Check(ctx)
	return report, errors.Join(err, other.Close())
}

// copyFile copies a file into a new one.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %w", corpus.ErrNotFound, err)
	}
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// Vitals is what is to be known of the database as a file.
type Vitals struct {
	Bytes, WAL int64 // of the file and of what is written and not yet in it
	Schema     int
	Engine     string // SQLite's version
	AuditRows  int64
}

// Vitals measures the database.
func (db *DB) Vitals(ctx context.Context) (Vitals, error) {
	var v Vitals
	err := db.read(ctx, "measure the database", func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT sqlite_version(), (SELECT seq FROM audit_head WHERE one = 1)").Scan(&v.Engine, &v.AuditRows); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v.Schema)
	})
	if err != nil {
		return v, err
	}
	for suffix, to := range map[string]*int64{"": &v.Bytes, "-wal": &v.WAL} {
		info, err := os.Stat(db.path + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return v, fmt.Errorf("measure the database: %w", err)
		}
		if err == nil {
			*to = info.Size()
		}
	}
	return v, nil
}

// NoteDone keeps in the audit that somebody had the program do something to itself.
func (db *DB) NoteDone(ctx context.Context, action, object, actor string) error {
	return db.write(ctx, "note "+action, func(c *changing) error {
		c.note(actor, action, object, 0, nil)
		return nil
	})
}
