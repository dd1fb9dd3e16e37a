package store

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"concord/corpus"
)

// Errors of keeping, told apart with errors.Is. What is missing, invalid or in
// conflict is one of corpus' errors instead.
var (
	// ErrReadOnly says that the database takes no writes: the disk failed once
	// and nobody knows what reached it, or the file may not be written. It stays
	// so until the database is opened anew.
	ErrReadOnly = errors.New("the database is read-only until the program is started again")
	// ErrFull says that the disk is full. Nothing of the write was kept; it works
	// again by itself once there is space.
	ErrFull = errors.New("the disk is full")
	// ErrBusy says that another process kept the database locked too long.
	ErrBusy = errors.New("the database is busy, try again")
	// ErrNewer refuses a database that a newer version of the program wrote.
	ErrNewer = errors.New("the database was written by a newer version of concord, use that version")
	// ErrForeign refuses a file that is not one of ours.
	ErrForeign = errors.New("the file is not a concord database")
	// ErrDamaged says that the file cannot be read as a database.
	ErrDamaged = errors.New("the database is damaged, restore a backup")
)

// errorKinds maps SQLite's primary result codes to our errors, and says which
// ones end writing (RELIABILITY.md 3.4: an I/O error is never retried).
var errorKinds = map[int]struct {
	kind       error
	endsWrites bool
}{
	sqlite3.SQLITE_IOERR:    {ErrReadOnly, true},
	sqlite3.SQLITE_CORRUPT:  {ErrDamaged, true},
	sqlite3.SQLITE_NOTADB:   {ErrForeign, true},
	sqlite3.SQLITE_READONLY: {ErrReadOnly, true},
	sqlite3.SQLITE_FULL:     {ErrFull, false},
	sqlite3.SQLITE_BUSY:     {ErrBusy, false},
	sqlite3.SQLITE_LOCKED:   {ErrBusy, false},
}

// failure gives an error of the database the name callers ask for and wraps it
// with what was tried. Errors that are ours already keep their kind.
func (db *DB) failure(ctx context.Context, err error, what string) error {
	if err == nil {
		return nil
	}
	var se *sqlite.Error
	if errors.As(err, &se) {
		if kind, known := errorKinds[se.Code()&0xff]; known {
			if kind.endsWrites {
				db.readOnly.Store(true)
			}
			return fmt.Errorf("%s: %w: %w", what, kind.kind, err)
		}
		if se.Code()&0xff == sqlite3.SQLITE_INTERRUPT && ctx.Err() != nil {
			return fmt.Errorf("%s: %w", what, ctx.Err())
		}
	}
	return fmt.Errorf("%s: %w", what, err)
}

// isUnique tells whether a write broke a rule of uniqueness.
func isUnique(err error) bool {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return false
	}
	return se.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || se.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}

// notFound is corpus.ErrNotFound with the name of what was looked for.
func notFound(kind string, id any) error {
	return fmt.Errorf("%s %v: %w", kind, id, corpus.ErrNotFound)
}
