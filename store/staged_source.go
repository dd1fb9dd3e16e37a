package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
)

// withoutSource is a document to be kept as one piece, and the sheets of its source,
// which are kept apart so that a page needs only some of them.
func withoutSource(doc *corpus.Document) (*corpus.Document, []staging.SourceSheet) {
	if doc.Source == nil {
		return doc, nil
	}
	kept, source := *doc, *doc.Source
	source.Lines, kept.Source = nil, &source
	return &kept, staging.SourceSheets(doc.Source)
}

// saveSource keeps the sheets of a source.
func (c *changing) saveSource(ctx context.Context, id uuid.UUID, sheets []staging.SourceSheet) error {
	for _, s := range sheets {
		body, err := asJSON(s.Lines)
		if err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, "INSERT INTO staged_sources (import, first, body) VALUES ($1, $2, $3)", id.String(), s.First, body); err != nil {
			return err
		}
	}
	return nil
}

// maxSourceSheets is how many sheets one page shows at most.
const maxSourceSheets = 9

// StagedSource returns the sheets of an import's source that hold a line, counted
// from 1, with those before and after it; none where no source is kept. A line beyond
// the last is in the last.
func (db *DB) StagedSource(ctx context.Context, id uuid.UUID, line, around int) ([]staging.SourceSheet, error) {
	around = min(max(around, 0), maxSourceSheets/2)
	var out []staging.SourceSheet
	scan := func(r row) (s staging.SourceSheet, err error) { return s, r.Scan(&s.First, jsonColumn{&s.Lines}) }
	err := db.read(ctx, "read the source of an import", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT first, body FROM staged_sources WHERE import = $1 AND first <= $2 ORDER BY first DESC LIMIT $3", id.String(), max(line, 1), around+1)
		if out, err = collect(rows, err, scan); err != nil {
			return err
		}
		slices.Reverse(out)
		rows, err = tx.QueryContext(ctx, "SELECT first, body FROM staged_sources WHERE import = $1 AND first > $2 ORDER BY first LIMIT $3", id.String(), max(line, 1), around)
		after, err := collect(rows, err, scan)
		out = append(out, after...)
		return err
	})
	return out, err
}
