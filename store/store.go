// Package store keeps everything: standards and clauses, people, dossiers,
// matches and decisions, and the audit chain. It is the truth, and the only door
// to SQL.
//
// It decides nothing: what follows from a decision is the review package's work,
// done inside a transaction of this one. Whatever is derived from it, an index
// or a file, can be thrown away and made again.
//
// There is one writing connection, whose transactions begin immediately and are
// on the disk before a method returns, and a few reading ones that see a
// consistent picture without waiting for the writer. Its one surprise: after a
// failure of the disk nothing is written any more until the database is opened
// anew (ErrReadOnly), because nobody can know what the disk has kept.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"concord/corpus"
)

// Options are what a database may be opened with.
type Options struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// SecondKey is the file with the key of the second factors; "" means
	// second-factors.key beside the database. It is made when it is first needed.
	SecondKey string
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	path       string
	keyFile    string // of the second factors
	writer     *sql.DB
	reader     *sql.DB
	now        func() time.Time
	generation string
	readOnly   atomic.Bool
	backup     sync.Mutex // one backup at a time
	standing   standing
}

// readers is how many reading connections there are: more than the cores make
// every one of them slower (DEPENDENCIES.md 2.5).
const readers = 4

// pragmas of every connection, in this order; busy_timeout comes first so that
// the others wait for a lock, too (RELIABILITY.md 3.2). FULL is what keeps an
// acknowledged decision through a power cut.
var pragmas = []string{
	"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	"journal_size_limit(67108864)", "trusted_schema(0)", "cell_size_check(1)",
}

// dsn names the file and what every connection to it begins with.
func dsn(path string, more ...string) string {
	q := url.Values{"_pragma": pragmas}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	s := u.String()
	for _, m := range more {
		s += "&" + m
	}
	return s
}

// Open opens the database at path and makes it when there is none, readable by
// its owner alone. An older one is brought up to date; a newer one (ErrNewer) or
// another program's file (ErrForeign) is refused untouched.
func Open(ctx context.Context, path string, opts Options) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := private(abs); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db := &DB{path: abs, now: opts.Now}
	if db.now == nil {
		db.now = time.Now
	}
	if db.keyFile = opts.SecondKey; db.keyFile == "" {
		db.keyFile = filepath.Join(filepath.Dir(abs), secondKeyFile)
	}
	if err := db.connect(ctx); err != nil {
		_ = db.Close()
		return nil, db.failure(ctx, err, "open "+path)
	}
	if err := db.layAnew(ctx); err != nil {
		return nil, errors.Join(db.failure(ctx, err, "open "+path), db.Close())
	}
	if err := db.sealPlain(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	return db, nil
}

// connect opens both pools and brings the schema up to date between them. A
// file that is not ours is refused before a pragma could change it.
func (db *DB) connect(ctx context.Context) error {
	err := probe(ctx, db.path)
	if err != nil {
		return err
	}
	if db.writer, err = openPool(dsn(db.path, "_txlock=immediate")); err != nil {
		return err
	}
	db.writer.SetMaxOpenConns(1)
	if err := migrate(ctx, db.writer); err != nil {
		return err
	}
	if db.generation, err = generation(ctx, db.writer); err != nil {
		return err
	}
	if db.reader, err = openPool(dsn(db.path, "_pragma=query_only(1)")); err != nil {
		return err
	}
	db.reader.SetMaxOpenConns(readers)
	db.reader.SetMaxIdleConns(readers)
	return db.reader.PingContext(ctx)
}

// private makes the file when it is missing, and takes it from everybody but
// its owner. SQLite gives its helper files the same permissions.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, os.ErrPermission) {
		return nil // SQLite will say what is wrong, or open it for reading
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("it is not a regular file: %w", ErrForeign)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return f.Chmod(0o600)
	}
	return nil
}

// Close ends both pools. Transactions under way are rolled back.
func (db *DB) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{db.reader, db.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Generation names this database: it is given when the database is made, and a
// new one when a backup is. What is derived from the database keeps it, and is
// made anew when it differs.
func (db *DB) Generation() string { return db.generation }

// Path is where the database lies.
func (db *DB) Path() string { return db.path }

// ReadOnly tells whether writes are refused since the disk failed.
func (db *DB) ReadOnly() bool { return db.readOnly.Load() }

// changing is a writing transaction with the time it is said to happen at, and
// the audit rows it will leave.
type changing struct {
	*sql.Tx
	now   time.Time
	trail []note
	// dropped says that matches were deleted, which no entry of the feed tells.
	dropped bool
}

// write runs do in one writing transaction. An error of do rolls everything
// back; without one, do's audit rows are chained and the whole is on the disk
// when write returns.
func (db *DB) write(ctx context.Context, what string, do func(*changing) error) error {
	if db.readOnly.Load() {
		return fmt.Errorf("%s: %w", what, ErrReadOnly)
	}
	err := db.transact(ctx, do)
	return db.failure(ctx, err, what)
}

// transact is write without the naming of errors.
func (db *DB) transact(ctx context.Context, do func(*changing) error) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	c := &changing{Tx: tx, now: instant(db.now())}
	if err := do(c); err != nil {
		return err
	}
	if err := c.orderByEffect(ctx); err != nil {
		return err
	}
	if err := c.seal(ctx); err != nil {
		return err
	}
	err = tx.Commit()
	if c.dropped {
		db.standing.dropped.Add(1)
	}
	return err
}

// read runs do in one reading transaction: all its queries see the same moment.
func (db *DB) read(ctx context.Context, what string, do func(*sql.Tx) error) error {
	tx, err := db.reader.BeginTx(ctx, nil)
	if err != nil {
		return db.failure(ctx, err, what)
	}
	defer tx.Rollback()
	return db.failure(ctx, do(tx), what)
}

// limited keeps a wished number of rows between 1 and most.
func limited(wish, most int) int {
	if wish <= 0 || wish > most {
		return most
	}
	return wish
}

var _ corpus.Library = (*DB)(nil)
