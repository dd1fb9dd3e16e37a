package store

import (
	"context"
	"database/sql"

	"concord/review"
)

// maxFeed is how many entries one call returns at most.
const maxFeed = 1000

// Feed lists up to limit entries of the feed after a number, oldest first; 0 or
// more than a thousand means a thousand.
func (db *DB) Feed(ctx context.Context, after int64, limit int) ([]review.FeedEntry, error) {
	var out []review.FeedEntry
	err := db.read(ctx, "read the feed", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT f.seq, f.kind, f.object, COALESCE(c.removed, 0) FROM feed f
			LEFT JOIN clauses c ON f.kind = 'clause' AND c.id = f.object
			WHERE f.seq > $1 ORDER BY f.seq LIMIT $2`, after, limited(limit, maxFeed))
		out, err = collect(rows, err, func(r row) (e review.FeedEntry, err error) { return e, r.Scan(&e.Seq, &e.Kind, &e.Object, &e.Removed) })
		return err
	})
	return out, err
}

// checkFeed sees to it that the feed has no gap and names every thing there is.
func checkFeed(ctx context.Context, q querier, r *Report) error {
	var rows, last int64
	if err := q.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(MAX(seq), 0) FROM feed").Scan(&rows, &last); err != nil {
		return err
	}
	if rows != last {
		r.problem("the feed has %d rows, the last has number %d: it has gaps", rows, last)
	}
	for _, kind := range []struct{ kind, ids string }{
		{"standard", "SELECT id FROM standards"}, {"clause", "SELECT id FROM clauses"}, {"dossier", "SELECT id FROM dossiers"},
		{"match", "SELECT id FROM matches"}, {"round", "SELECT dossier || '/' || number FROM rounds"},
	} {
		var missing int
		err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM ("+kind.ids+" EXCEPT SELECT object FROM feed WHERE kind = $1)", kind.kind).Scan(&missing)
		if err != nil {
			return err
		}
		if missing > 0 {
			r.problem("the feed does not name %d things of the kind %s", missing, kind.kind)
		}
	}
	return nil
}
