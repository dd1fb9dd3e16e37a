package store

import (
	"context"
	"database/sql"

	"concord/corpus"
	"concord/corpus/embedding"
)

// Unembedded are wordings that a model has given no vector for, each once, at
// most limit, in order of their digests after one ("" for from the beginning).
// Only clauses that can bind and that are still in their standard are asked for:
// no others are matched.
func (db *DB) Unembedded(ctx context.Context, model string, after corpus.Digest, limit int) ([]corpus.Clause, error) {
	var out []corpus.Clause
	err := db.read(ctx, "list what has no embedding", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+clauseColumns+unembedded+" AND c.digest > $2 GROUP BY c.digest ORDER BY c.digest LIMIT $3", model, string(after), limit)
		out, err = collect(rows, err, scanClause)
		return err
	})
	return out, err
}

// unembedded selects the clauses that a model, $1, has given no vector for.
const unembedded = ` FROM clauses c WHERE c.removed = 0 AND c.normative = 1
	AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.model = $1 AND e.digest = c.digest)`

// CountUnembedded is how many wordings a model has given no vector for.
func (db *DB) CountUnembedded(ctx context.Context, model string) (n int, err error) {
	err = db.read(ctx, "count what has no embedding", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT COUNT(DISTINCT c.digest)"+unembedded, model).Scan(&n)
	})
	return n, err
}

// KeepEmbeddings keeps vectors of a model by the digest of their wording; one that
// is there already stays.
func (db *DB) KeepEmbeddings(ctx context.Context, model string, vectors map[corpus.Digest]embedding.Vector) error {
	return db.write(ctx, "keep embeddings", func(c *changing) error {
		for digest, v := range vectors {
			if _, err := c.ExecContext(ctx, "INSERT INTO embeddings (model, digest, vector) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", model, string(digest), v.Bytes()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Embeddings are all vectors of a model that are of wordings kept now. One that
// cannot be read is corpus.ErrInvalid.
func (db *DB) Embeddings(ctx context.Context, model string) (map[corpus.Digest]embedding.Vector, error) {
	out := make(map[corpus.Digest]embedding.Vector)
	err := db.read(ctx, "read the embeddings", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT e.digest, e.vector FROM embeddings e WHERE e.model = $1 AND e.digest IN (SELECT digest FROM clauses WHERE removed = 0)", model)
		_, err = collect(rows, err, func(r row) (struct{}, error) {
			var digest corpus.Digest
			var body []byte
			if err := r.Scan(&digest, &body); err != nil {
				return struct{}{}, err
			}
			v, err := embedding.Parse(body)
			out[digest] = v
			return struct{}{}, err
		})
		return err
	})
	return out, err
}

// EmbeddedModels counts the vectors of every model that has some.
func (db *DB) EmbeddedModels(ctx context.Context) (map[string]int, error) {
	out := make(map[string]int)
	err := db.read(ctx, "count the embeddings", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT model, COUNT(*) FROM embeddings GROUP BY model")
		_, err = collect(rows, err, func(r row) (model string, err error) {
			var n int
			err = r.Scan(&model, &n)
			out[model] = n
			return model, err
		})
		return err
	})
	return out, err
}

// DropEmbeddings forgets the vectors of a model and says how many there were.
func (db *DB) DropEmbeddings(ctx context.Context, model string) (int, error) {
	dropped := 0
	err := db.write(ctx, "drop the embeddings of a model", func(c *changing) error {
		res, err := c.ExecContext(ctx, "DELETE FROM embeddings WHERE model = $1", model)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		dropped = int(n)
		return err
	})
	return dropped, err
}
