package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
)

// filePiece is how much of a file one row holds.
const filePiece = 1 << 20

// KeepStagedFile keeps the file of a waiting import as it was sent, once for all
// documents that were read from it. A file that does not fit beside those that are
// kept already is not kept, and that is no error.
func (db *DB) KeepStagedFile(ctx context.Context, id uuid.UUID, file io.Reader) error {
	errFull := errors.New("full")
	err := db.write(ctx, "keep the file of import "+id.String(), func(c *changing) error {
		i, err := staged(ctx, c.Tx, id)
		if err != nil {
			return err
		}
		var kept, all, waiting int
		if err := c.QueryRowContext(ctx, "SELECT (SELECT COUNT(*) FROM staged_files WHERE digest = $1), (SELECT COALESCE(SUM(LENGTH(body)), 0) FROM staged_files), (SELECT COALESCE(SUM(bytes), 0) FROM staged WHERE state = 'staged')", i.Digest).
			Scan(&kept, &all, &waiting); err != nil || kept > 0 || i.State != staging.Staged {
			return err
		}
		size := 0
		for piece := 0; ; piece++ {
			body := make([]byte, filePiece)
			n, err := io.ReadFull(file, body)
			if size += n; all+size > staging.MaxStagedFiles || waiting+size > staging.MaxStagedBytes {
				return errFull
			}
			if n > 0 {
				if _, err := c.ExecContext(ctx, "INSERT INTO staged_files (digest, piece, body) VALUES ($1, $2, $3)", i.Digest, piece, body[:n]); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			if err != nil {
				return fmt.Errorf("read the file: %w", err)
			}
		}
		_, err = c.ExecContext(ctx, "UPDATE staged SET bytes = bytes + $2 WHERE id = $1", id.String(), size)
		return err
	})
	if errors.Is(err, errFull) {
		return nil
	}
	return err
}

// StagedKept tells what is kept of a waiting import's file: nothing is no error.
func (db *DB) StagedKept(ctx context.Context, id uuid.UUID) (staging.Kept, error) {
	var out staging.Kept
	err := db.read(ctx, "look for the file of an import", func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT COALESCE(SUM(LENGTH(f.body)), 0) FROM staged s JOIN staged_files f ON f.digest = s.digest WHERE s.id = $1 AND s.state = 'staged'", id.String()).Scan(&out.Bytes); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT p.page FROM staged s JOIN staged_pages p ON p.digest = s.digest WHERE s.id = $1 AND s.state = 'staged' ORDER BY p.page", id.String())
		out.Pages, err = collect(rows, err, func(r row) (n int, err error) { return n, r.Scan(&n) })
		return err
	})
	return out, err
}

// StagedFile is the file of a waiting import as it was sent, read piece by piece;
// corpus.ErrNotFound when none is kept.
func (db *DB) StagedFile(ctx context.Context, id uuid.UUID) (io.Reader, error) {
	f := &stagedFile{ctx: ctx, db: db, id: id}
	if err := f.next(); err != nil {
		return nil, err
	}
	if len(f.left) == 0 {
		return nil, notFound("file of import", id)
	}
	return f, nil
}

// stagedFile reads a kept file.
type stagedFile struct {
	ctx   context.Context
	db    *DB
	id    uuid.UUID
	piece int
	left  []byte
}

// next reads the next piece; nothing is left at the end.
func (f *stagedFile) next() error {
	return f.db.read(f.ctx, "read the file of an import", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(f.ctx, "SELECT f.body FROM staged s JOIN staged_files f ON f.digest = s.digest WHERE s.id = $1 AND s.state = 'staged' AND f.piece = $2", f.id.String(), f.piece)
		found, err := collect(rows, err, func(r row) (b []byte, err error) { return b, r.Scan(&b) })
		if err == nil && len(found) > 0 {
			f.left = found[0]
			f.piece++
		}
		return err
	})
}

// Read implements io.Reader.
func (f *stagedFile) Read(p []byte) (int, error) {
	if len(f.left) == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	if len(f.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.left)
	f.left = f.left[n:]
	return n, nil
}

// KeepStagedPages keeps pictures of pages with a waiting import, the latest of each.
// Of all files' pictures so many as staging.MaxPictures are kept. Errors:
// corpus.ErrNotFound when its file is not kept, corpus.ErrLimit for one too large.
func (db *DB) KeepStagedPages(ctx context.Context, id uuid.UUID, pictures map[int][]byte) error {
	return db.write(ctx, "keep pictures of import "+id.String(), func(c *changing) error {
		digest, err := collectOne(c.QueryContext(ctx, "SELECT s.digest FROM staged s JOIN staged_files f ON f.digest = s.digest AND f.piece = 0 WHERE s.id = $1 AND s.state = 'staged'", id.String()))
		if err != nil {
			return err
		}
		if digest == "" {
			return notFound("file of import", id)
		}
		for page, body := range pictures {
			if len(body) > staging.MaxPictureBytes {
				return fmt.Errorf("the picture of page %d has more than %d MB: %w", page, staging.MaxPictureBytes>>20, corpus.ErrLimit)
			}
			if _, err := c.ExecContext(ctx, "INSERT INTO staged_pages (digest, page, body, at) VALUES ($1, $2, $3, $4) ON CONFLICT (digest, page) DO UPDATE SET body = excluded.body, at = excluded.at", digest, page, body, stamp(c.now)); err != nil {
				return err
			}
		}
		_, err = c.ExecContext(ctx, "DELETE FROM staged_pages WHERE (digest, page) NOT IN (SELECT digest, page FROM staged_pages ORDER BY at DESC, digest, page LIMIT $1)", staging.MaxPictures)
		return err
	})
}

// StagedPage is the picture of a page, counted from 1, of a waiting import as PNG;
// corpus.ErrNotFound when none is kept.
func (db *DB) StagedPage(ctx context.Context, id uuid.UUID, page int) ([]byte, error) {
	var out []byte
	err := db.read(ctx, "read the picture of a page", func(tx *sql.Tx) error {
		r := tx.QueryRowContext(ctx, "SELECT p.body FROM staged s JOIN staged_pages p ON p.digest = s.digest WHERE s.id = $1 AND s.state = 'staged' AND p.page = $2", id.String(), page)
		var err error
		out, err = one(r, func(r row) (b []byte, err error) { return b, r.Scan(&b) }, "picture of a page of import", id)
		return err
	})
	return out, err
}

// dropFile drops the file of an import with its pictures, unless another import of
// the same file waits.
func (c *changing) dropFile(ctx context.Context, i staging.Import) error {
	for _, table := range []string{"staged_files", "staged_pages"} {
		if _, err := c.ExecContext(ctx, "DELETE FROM "+table+" WHERE digest = $1 AND NOT EXISTS (SELECT 1 FROM staged WHERE digest = $1 AND state = 'staged' AND id <> $2)", i.Digest, i.ID.String()); err != nil {
			return err
		}
	}
	return nil
}
