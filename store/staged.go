package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
)

// stagedColumns are the columns scanStaged reads.
const stagedColumns = "id, file, digest, state, actor, at, version, summary, made, settled_by, settled_at"

func scanStaged(r row) (staging.Import, error) {
	var i staging.Import
	return i, r.Scan(stagedTargets(&i)...)
}

// stagedTargets says where the columns of stagedColumns go.
func stagedTargets(i *staging.Import) []any {
	return []any{idColumn{&i.ID}, &i.File, &i.Digest, &i.State, &i.By, timeColumn{&i.At}, &i.Version, jsonColumn{&i.Summary}, &i.Corrections, &i.SettledBy, timeColumn{&i.SettledAt}}
}

// Stage keeps a document apart until it is accepted. The same document of the same
// file that waits already is returned as it is, so that sending a file twice does
// nothing; corpus.ErrLimit when too much waits or the document is too large.
func (db *DB) Stage(ctx context.Context, file, digest, actor string, doc *corpus.Document) (staging.Import, error) {
	id, err := newID()
	if err != nil {
		return staging.Import{}, err
	}
	body, sheets, err := stagedBody(doc)
	if err != nil {
		return staging.Import{}, err
	}
	out := staging.New(id, file, digest, actor, instant(db.now()), doc)
	err = db.write(ctx, "stage "+out.File, func(c *changing) error {
		waits, err := stagedLike(ctx, c.Tx, digest, doc.Standard.ID)
		if err == nil {
			out = waits
			return nil
		}
		if !errors.Is(err, corpus.ErrNotFound) {
			return err
		}
		out.At = c.now
		return c.stage(ctx, out, body, sheets)
	})
	return out, err
}

// stagedBody is a document as it is kept apart, and the sheets of its source.
func stagedBody(doc *corpus.Document) (string, []staging.SourceSheet, error) {
	kept, sheets := withoutSource(doc)
	body, err := asJSON(kept)
	if err == nil && len(body) > staging.MaxDocumentBytes {
		err = corpus.Refuse(corpus.ErrLimit, "staged-large", "the document has more than {most} MB of text; split it", "most", staging.MaxDocumentBytes>>20)
	}
	return body, sheets, err
}

// stage writes a new import.
func (c *changing) stage(ctx context.Context, i staging.Import, body string, sheets []staging.SourceSheet) error {
	size := len(body) + staging.SourceBytes(i.Document.Source)
	if err := roomToStage(ctx, c.Tx, size); err != nil {
		return err
	}
	summary, err := asJSON(i.Summary)
	if err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, `INSERT INTO staged (id, file, digest, state, actor, at, version, summary, operations, unfit, made, bytes, source)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]', '[]', 0, $9, $10)`,
		i.ID.String(), i.File, i.Digest, string(i.State), i.By, stamp(c.now), i.Version, summary, size, string(i.Document.Standard.ID))
	if err != nil {
		return err
	}
	if _, err = c.ExecContext(ctx, "INSERT INTO staged_documents (import, body) VALUES ($1, $2)", i.ID.String(), body); err != nil {
		return err
	}
	if err := c.saveSource(ctx, i.ID, sheets); err != nil {
		return err
	}
	c.note(i.By, "import.staged", i.ID.String(), i.Version, struct{ File, Digest string }{i.File, i.Digest})
	return nil
}

// stagedLike finds what waits already of a file's document.
func stagedLike(ctx context.Context, q querier, digest string, source corpus.StandardID) (staging.Import, error) {
	r := q.QueryRowContext(ctx, "SELECT "+stagedColumns+" FROM staged WHERE digest = $1 AND source = $2 AND state = 'staged'", digest, string(source))
	return one(r, scanStaged, "staged import of", digest)
}

// roomToStage refuses more than may wait.
func roomToStage(ctx context.Context, q querier, more int) error {
	var n, size int
	if err := q.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM staged WHERE state = 'staged'").Scan(&n, &size); err != nil {
		return err
	}
	if n >= staging.MaxStaged || size+more > staging.MaxStagedBytes {
		return corpus.Refuse(corpus.ErrLimit, "staged-full", "{n} imports wait already and no more fit; accept or discard some first", "n", n)
	}
	return nil
}

// maxStagedPage is how many imports one list has at most.
const maxStagedPage = 200

// StagedList lists imports of a state, or of any when it is "", newest first, from
// the one before an id (uuid.Nil for the newest).
func (db *DB) StagedList(ctx context.Context, state staging.State, before uuid.UUID, limit int) ([]staging.Import, error) {
	var out []staging.Import
	from := ""
	if before != uuid.Nil {
		from = before.String()
	}
	err := db.read(ctx, "list the imports", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+stagedColumns+` FROM staged WHERE ($1 = '' OR state = $1) AND ($2 = '' OR id < $2)
			ORDER BY id DESC LIMIT $3`, string(state), from, limited(limit, maxStagedPage))
		out, err = collect(rows, err, scanStaged)
		return err
	})
	return out, err
}

// StagedCounts counts the imports of each state.
func (db *DB) StagedCounts(ctx context.Context) (map[staging.State]int, error) {
	out := map[staging.State]int{}
	err := db.read(ctx, "count the imports", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT state, COUNT(*) FROM staged GROUP BY state")
		_, err = collect(rows, err, func(r row) (s staging.State, err error) {
			n := 0
			err = r.Scan(&s, &n)
			out[s] = n
			return s, err
		})
		return err
	})
	return out, err
}

// Staged returns one import with its document and corrections; corpus.ErrNotFound
// when there is none.
func (db *DB) Staged(ctx context.Context, id uuid.UUID) (staging.Import, error) {
	var out staging.Import
	err := db.read(ctx, "read an import", func(tx *sql.Tx) (err error) {
		out, err = staged(ctx, tx, id)
		return err
	})
	return out, err
}

// staged reads one import within a transaction.
func staged(ctx context.Context, q querier, id uuid.UUID) (staging.Import, error) {
	r := q.QueryRowContext(ctx, "SELECT "+stagedColumns+", operations, unfit, body FROM staged LEFT JOIN staged_documents ON import = id WHERE id = $1", id.String())
	return one(r, func(r row) (staging.Import, error) {
		var i staging.Import
		var body sql.NullString
		err := r.Scan(append(stagedTargets(&i), jsonColumn{&i.Operations}, jsonColumn{&i.Unfit}, &body)...)
		if err == nil && body.Valid {
			i.Document = &corpus.Document{}
			err = jsonColumn{i.Document}.Scan(body.String)
		}
		return i, err
	}, "import", id)
}

// stagedAt is an import as somebody has seen it: waiting, and of that version.
func stagedAt(ctx context.Context, q querier, id uuid.UUID, version int) (staging.Import, error) {
	i, err := staged(ctx, q, id)
	switch {
	case err != nil:
		return i, err
	case i.State != staging.Staged:
		return i, corpus.Refuse(corpus.ErrConflict, "staged-settled", "this import was accepted or discarded already")
	case i.Version != version:
		return i, corpus.Refuse(corpus.ErrConflict, "staged-changed", "somebody else has corrected this import meanwhile; look at it again")
	}
	return i, nil
}

// CorrectStaged lets change correct an import, inside one transaction. It is
// refused with corpus.ErrConflict when the import has another version than the
// person has seen, or is settled.
func (db *DB) CorrectStaged(ctx context.Context, id uuid.UUID, version int, change func(*staging.Import) error) (staging.Import, error) {
	var out staging.Import
	err := db.write(ctx, "correct import "+id.String(), func(c *changing) error {
		i, err := stagedAt(ctx, c.Tx, id, version)
		if err != nil {
			return err
		}
		if err := change(&i); err != nil {
			return err
		}
		i.Version++
		out = i
		return c.saveCorrections(ctx, i)
	})
	return out, err
}

// saveCorrections writes what a correction changed.
func (c *changing) saveCorrections(ctx context.Context, i staging.Import) error {
	var columns [3]string
	for n, v := range []any{i.Summary, append([]staging.Operation{}, i.Operations...), append([]staging.Operation{}, i.Unfit...)} {
		var err error
		if columns[n], err = asJSON(v); err != nil {
			return err
		}
	}
	_, err := c.ExecContext(ctx, "UPDATE staged SET version = $2, summary = $3, operations = $4, unfit = $5, made = $6 WHERE id = $1",
		i.ID.String(), i.Version, columns[0], columns[1], columns[2], len(i.Operations))
	return err
}

// AcceptStaged saves the document that an import of a version has become, as Save
// does, and marks the import as accepted, in one transaction. It is refused with
// corpus.ErrConflict when the import has another version, or is settled.
func (db *DB) AcceptStaged(ctx context.Context, id uuid.UUID, version int, actor string, doc *corpus.Document) (corpus.EditionDiff, error) {
	if err := usable(doc); err != nil {
		return corpus.EditionDiff{}, err
	}
	var diff corpus.EditionDiff
	err := db.write(ctx, "accept import "+id.String(), func(c *changing) error {
		i, err := stagedAt(ctx, c.Tx, id, version)
		if err != nil {
			return err
		}
		e, err := newEdition(ctx, c.Tx, doc)
		if err != nil {
			return err
		}
		if diff, err = e.save(ctx, c, actor); err != nil {
			return err
		}
		i.Summary.Standard = doc.Standard.ID
		summary, err := asJSON(i.Summary)
		if err != nil {
			return err
		}
		return c.settle(ctx, i, staging.Accepted, actor, summary)
	})
	if err != nil {
		return corpus.EditionDiff{}, err
	}
	return diff, nil
}

// DiscardStaged ends an import without saving it and drops its text. It is refused
// as AcceptStaged is.
func (db *DB) DiscardStaged(ctx context.Context, id uuid.UUID, version int, actor string) error {
	return db.write(ctx, "discard import "+id.String(), func(c *changing) error {
		i, err := stagedAt(ctx, c.Tx, id, version)
		if err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, "DELETE FROM staged_documents WHERE import = $1", id.String()); err != nil {
			return err
		}
		summary, err := asJSON(i.Summary)
		if err != nil {
			return err
		}
		return c.settle(ctx, i, staging.Discarded, actor, summary)
	})
}

// settle ends an import, with its audit row.
func (c *changing) settle(ctx context.Context, i staging.Import, state staging.State, actor, summary string) error {
	if _, err := c.ExecContext(ctx, "DELETE FROM staged_sources WHERE import = $1", i.ID.String()); err != nil {
		return err
	}
	if err := c.dropFile(ctx, i); err != nil {
		return err
	}
	_, err := c.ExecContext(ctx, "UPDATE staged SET state = $2, version = $3, settled_by = $4, settled_at = $5, summary = $6 WHERE id = $1",
		i.ID.String(), string(state), i.Version+1, actor, stamp(c.now), summary)
	c.note(actor, "import."+string(state), i.ID.String(), i.Version+1, struct {
		File, Digest string
		Standard     corpus.StandardID
		Operations   []staging.Operation
	}{i.File, i.Digest, i.Standard, i.Operations})
	return err
}

// EarlierCorrections finds the accepted import of the same standard in whatever
// edition whose corrections may be repeated: the newest one that has any.
// corpus.ErrNotFound when there is none.
func (db *DB) EarlierCorrections(ctx context.Context, designation string) (staging.Import, error) {
	var out staging.Import
	err := db.read(ctx, "look for earlier corrections", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+stagedColumns+" FROM staged WHERE state = 'accepted' AND made > 0 ORDER BY id DESC")
		all, err := collect(rows, err, scanStaged)
		if err != nil {
			return err
		}
		for _, i := range all {
			if staging.SameWork(i.Designation, designation) {
				out, err = staged(ctx, tx, i.ID)
				return err
			}
		}
		return notFound("corrections of", designation)
	})
	return out, err
}

// Affected says what saving a document would do to the answered matches of each
// dossier, by the dossiers' names. It writes nothing.
func (db *DB) Affected(ctx context.Context, doc *corpus.Document) ([]staging.Affected, error) {
	if err := usable(doc); err != nil {
		return nil, err
	}
	var out []staging.Affected
	err := db.read(ctx, "look what "+string(doc.Standard.ID)+" would change", func(tx *sql.Tx) error {
		e, err := newEdition(ctx, tx, doc)
		if err != nil {
			return err
		}
		rederived, err := e.rederive(ctx, tx)
		if err != nil {
			return err
		}
		by := map[uuid.UUID]*staging.Affected{}
		for _, r := range rederived {
			a := by[r.after.Dossier]
			if a == nil {
				a = &staging.Affected{Dossier: r.after.Dossier}
				by[r.after.Dossier] = a
			}
			a.Suspect += number(r.after.Suspect && !r.before.Suspect)
			a.Gone += number(r.after.Gone() && !r.before.Gone())
			a.Restored += number(!r.after.Suspect && r.before.Suspect)
		}
		rows, err := tx.QueryContext(ctx, "SELECT id FROM dossiers ORDER BY name, id")
		ids, err := collect(rows, err, scanString)
		if err != nil {
			return err
		}
		for _, text := range ids {
			id, err := uuid.Parse(text)
			if err != nil {
				return fmt.Errorf("dossier %q: %w", text, ErrDamaged)
			}
			a := by[id]
			if a == nil || a.Suspect+a.Gone+a.Restored == 0 {
				continue
			}
			d, err := dossier(ctx, tx, id)
			if err != nil {
				return err
			}
			a.Name = d.Name
			out = append(out, *a)
		}
		return nil
	})
	return out, err
}
