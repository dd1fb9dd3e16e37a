package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// SaveImported keeps a mapping of others with the file it came from, and finds
// what its rows mean among the standards there are. The same file, imported again
// as the same for the same dossier, gives the set there is (known). Nothing of it
// touches a match. Errors: corpus.ErrInvalid for an unknown kind,
// corpus.ErrNotFound for an unknown dossier.
func (db *DB) SaveImported(ctx context.Context, s review.ImportedSet, rows []review.ImportedRow, content []byte, actor string) (set review.ImportedSet, known bool, err error) {
	packed, err := zipped(content)
	if err != nil {
		return set, false, err
	}
	err = db.write(ctx, "keep the mapping "+s.File, func(c *changing) error {
		if s.As != review.ImportedProposals && s.As != review.ImportedDecisions {
			return fmt.Errorf("%q is not a kind of mapping: %w", s.As, corpus.ErrInvalid)
		}
		if s.Dossier != uuid.Nil {
			if _, err := dossier(ctx, c.Tx, s.Dossier); err != nil {
				return err
			}
		}
		r := c.QueryRowContext(ctx, "SELECT id FROM imported_sets WHERE digest = $1 AND kind = $2 AND COALESCE(dossier, '') = $3", s.Digest, string(s.As), idOrNothing(s.Dossier))
		id, err := scanString(r)
		if err == nil {
			known = true
			set, err = importedSet(ctx, c.Tx, id)
			return err
		}
		if err != sql.ErrNoRows {
			return err
		}
		if err := c.newImported(ctx, &s, rows, packed, actor); err != nil {
			return err
		}
		set, err = importedSet(ctx, c.Tx, s.ID.String())
		return err
	})
	return set, known, err
}

// idOrNothing is an id as text, "" for none.
func idOrNothing(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// newImported writes a set, its rows and its audit row.
func (c *changing) newImported(ctx context.Context, s *review.ImportedSet, rows []review.ImportedRow, packed []byte, actor string) error {
	var err error
	if s.ID, err = newID(); err != nil {
		return err
	}
	s.Imported, s.Rows, s.Pending = c.now, len(rows), 0
	body, err := asJSON(s)
	if err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "INSERT INTO imported_sets (id, kind, dossier, digest, body, content, rows, at) VALUES ($1, $2, NULLIF($3, ''), $4, $5, $6, $7, $8)",
		s.ID.String(), string(s.As), idOrNothing(s.Dossier), s.Digest, body, packed, len(rows), stamp(c.now))
	if err != nil {
		return err
	}
	var last int64
	if err := c.QueryRowContext(ctx, "SELECT COALESCE(MAX(id), 0) FROM imported_rows").Scan(&last); err != nil {
		return err
	}
	var kept, refs [][]any
	for n, r := range rows {
		r.Number = n + 1
		body, err := asJSON(r)
		if err != nil {
			return err
		}
		id := last + int64(n) + 1
		kept = append(kept, []any{id, s.ID.String(), n + 1, 1, body})
		all := r.Refs()
		if len(r.Targets) == 0 {
			all = append(all, review.Ref{Standard: r.Against})
		}
		for position, ref := range all {
			refs = append(refs, []any{id, position, ref.Standard, ref.Clause, ""})
		}
	}
	if err := insert(ctx, c.Tx, `INSERT INTO imported_rows (id, "set", number, pending, body)`, "", kept); err != nil {
		return err
	}
	if err := insert(ctx, c.Tx, `INSERT INTO imported_refs ("row", position, standard, clause, found)`, "", refs); err != nil {
		return err
	}
	c.note(actor, "mapping.imported", s.ID.String(), 0, struct {
		Digest string
		As     review.ImportedAs
		Rows   int
	}{s.Digest, s.As, len(rows)})
	return c.settleImported(ctx, "")
}

// settleImported finds what pending rows mean: after an import in all standards
// (only is ""), after a standard was saved in that one.
func (c *changing) settleImported(ctx context.Context, only corpus.StandardID) error {
	rows, err := c.QueryContext(ctx, "SELECT DISTINCT standard FROM imported_refs WHERE found = ''")
	names, err := collect(rows, err, scanString)
	if err != nil || len(names) == 0 {
		return err
	}
	if only != "" { // most names mean another one: that is seen without reading them all
		saved, err := holding(ctx, c.Tx, only)
		if err != nil {
			return err
		}
		names = slices.DeleteFunc(names, func(name string) bool { return !review.NamesStandard(name, saved.Standard) })
		if len(names) == 0 {
			return nil
		}
	}
	rows, err = c.QueryContext(ctx, "SELECT body, clauses, normative FROM standards ORDER BY id")
	standards, err := collect(rows, err, scanHolding)
	if err != nil {
		return err
	}
	for _, name := range names {
		id := meant(name, standards)
		if id == "" || only != "" && id != only {
			continue
		}
		if err := c.settleName(ctx, name, id); err != nil {
			return err
		}
	}
	return nil
}

// meant is the standard that a name means: the one with this id, else the only one
// it fits, else none.
func meant(name string, standards []corpus.Holding) (id corpus.StandardID) {
	for _, h := range standards {
		if string(h.Standard.ID) == name {
			return h.Standard.ID
		}
	}
	for _, h := range standards {
		if !review.NamesStandard(name, h.Standard) {
			continue
		}
		if id != "" {
			return ""
		}
		id = h.Standard.ID
	}
	return id
}

// settleName finds the clauses that refs under one name of a standard mean.
func (c *changing) settleName(ctx context.Context, name string, id corpus.StandardID) error {
	rows, err := c.QueryContext(ctx, "SELECT "+clauseColumns+" FROM clauses c WHERE c.standard = $1 AND c.removed = 0 ORDER BY c.position", string(id))
	clauses, err := collect(rows, err, scanClause)
	if err != nil {
		return err
	}
	type ref struct {
		row      int64
		position int
		clause   string
	}
	rows, err = c.QueryContext(ctx, `SELECT "row", position, clause FROM imported_refs WHERE standard = $1 AND found = ''`, name)
	refs, err := collect(rows, err, func(r row) (f ref, err error) { return f, r.Scan(&f.row, &f.position, &f.clause) })
	if err != nil {
		return err
	}
	set, err := c.PrepareContext(ctx, `UPDATE imported_refs SET found = $1 WHERE "row" = $2 AND position = $3`)
	if err != nil {
		return err
	}
	defer set.Close()
	known := review.NameClauses(clauses)
	for _, f := range refs {
		found := string(id)
		if f.clause != "" {
			found = string(known.Find(f.clause))
		}
		if found == "" {
			continue
		}
		if _, err := set.ExecContext(ctx, found, f.row, f.position); err != nil {
			return err
		}
	}
	_, err = c.ExecContext(ctx, `UPDATE imported_rows SET pending = 0 WHERE pending = 1
		AND id IN (SELECT "row" FROM imported_refs WHERE standard = $1)
		AND NOT EXISTS (SELECT 1 FROM imported_refs f WHERE f."row" = imported_rows.id AND f.found = '')`, name)
	return err
}

// importedColumns are the columns scanImported reads, of a table called s.
const importedColumns = `s.id, s.body, s.rows, (SELECT COUNT(*) FROM imported_rows w WHERE w."set" = s.id AND w.pending = 1)`

func scanImported(r row) (review.ImportedSet, error) {
	var s review.ImportedSet
	var id uuid.UUID
	var rows, pending int
	err := r.Scan(idColumn{&id}, jsonColumn{&s}, &rows, &pending)
	s.ID, s.Rows, s.Pending = id, rows, pending
	return s, err
}

func importedSet(ctx context.Context, q querier, id string) (review.ImportedSet, error) {
	return one(q.QueryRowContext(ctx, "SELECT "+importedColumns+" FROM imported_sets s WHERE s.id = $1", id), scanImported, "imported set", id)
}

// Imported lists the imported sets, the last one first.
func (db *DB) Imported(ctx context.Context) ([]review.ImportedSet, error) {
	var out []review.ImportedSet
	err := db.read(ctx, "list the imported sets", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+importedColumns+" FROM imported_sets s ORDER BY s.id DESC")
		var e error
		out, e = collect(rows, err, scanImported)
		return e
	})
	return out, err
}

// ImportedSet returns one set; corpus.ErrNotFound when there is none.
func (db *DB) ImportedSet(ctx context.Context, id uuid.UUID) (review.ImportedSet, error) {
	var out review.ImportedSet
	err := db.read(ctx, "read an imported set", func(tx *sql.Tx) (err error) {
		out, err = importedSet(ctx, tx, id.String())
		return err
	})
	return out, err
}

// ImportedFile is the file that a set was read from, as it came.
func (db *DB) ImportedFile(ctx context.Context, id uuid.UUID) ([]byte, error) {
	var packed []byte
	err := db.read(ctx, "read the file of an imported set", func(tx *sql.Tx) (err error) {
		r := tx.QueryRowContext(ctx, "SELECT content FROM imported_sets WHERE id = $1", id.String())
		packed, err = one(r, func(r row) (b []byte, err error) { return b, r.Scan(&b) }, "imported set", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	in, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("the file of imported set %s: %w: %w", id, ErrDamaged, err)
	}
	content, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("the file of imported set %s: %w: %w", id, ErrDamaged, err)
	}
	return content, nil
}

// zipped packs a file.
func zipped(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// maxImportedRows is how many rows one call returns at most.
const maxImportedRows = 1000

// ImportedRows lists rows of a set behind a number, in their order; pending ones
// alone when asked.
func (db *DB) ImportedRows(ctx context.Context, set uuid.UUID, pending bool, after, limit int) ([]review.ImportedRow, error) {
	var out []review.ImportedRow
	err := db.read(ctx, "read imported rows", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT w.id FROM imported_rows w WHERE w."set" = $1 AND w.number > $2 AND w.pending >= $3 ORDER BY w.number LIMIT $4`,
			set.String(), after, number(pending), limited(limit, maxImportedRows))
		ids, err := collect(rows, err, scanString)
		if err != nil {
			return err
		}
		said, err := saidIn(ctx, tx, ids)
		for _, s := range said {
			out = append(out, s.Row)
		}
		return err
	})
	return out, err
}

// maxSaid bounds what is told of one clause.
const maxSaid = 50

// OthersSay lists, for each clause, the rows of imported sets that name it, the
// last imported first, at most 50 a clause.
func (db *DB) OthersSay(ctx context.Context, ids ...corpus.ClauseID) (map[corpus.ClauseID][]review.Said, error) {
	out := map[corpus.ClauseID][]review.Said{}
	err := db.read(ctx, "read what others say", func(tx *sql.Tx) error {
		for _, id := range ids {
			rows, err := tx.QueryContext(ctx, `SELECT DISTINCT "row" FROM imported_refs WHERE found = $1 ORDER BY "row" DESC LIMIT $2`, string(id), maxSaid)
			found, err := collect(rows, err, scanString)
			if err != nil {
				return err
			}
			if out[id], err = saidIn(ctx, tx, found); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// saidIn loads rows with their sets and with what was found, in the order of ids.
func saidIn(ctx context.Context, q querier, ids []string) ([]review.Said, error) {
	type foundRef struct{ row, found string }
	refs, err := inBatches(ctx, q, `SELECT "row", found FROM imported_refs WHERE "row" IN (?) ORDER BY "row", position`, nil, ids, func(r row) (f foundRef, err error) {
		return f, r.Scan(&f.row, &f.found)
	})
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for _, f := range refs {
		found[f.row] = append(found[f.row], f.found)
	}
	type kept struct {
		id, set string
		row     review.ImportedRow
	}
	rows, err := inBatches(ctx, q, `SELECT w.id, w."set", w.body, w.pending FROM imported_rows w WHERE w.id IN (?)`, nil, ids, func(r row) (k kept, err error) {
		return k, r.Scan(&k.id, &k.set, jsonColumn{&k.row}, &k.row.Pending)
	})
	if err != nil {
		return nil, err
	}
	said, sets := map[string]review.Said{}, map[string]review.ImportedSet{}
	for _, k := range rows {
		for n := range k.row.Sources {
			k.row.Sources[n].Found = corpus.ClauseID(found[k.id][n])
		}
		for n := range k.row.Targets {
			k.row.Targets[n].Found = corpus.ClauseID(found[k.id][len(k.row.Sources)+n])
		}
		if _, known := sets[k.set]; !known {
			if sets[k.set], err = importedSet(ctx, q, k.set); err != nil {
				return nil, err
			}
		}
		said[k.id] = review.Said{Set: sets[k.set], Row: k.row}
	}
	out := make([]review.Said, 0, len(ids))
	for _, id := range ids {
		if s, ok := said[id]; ok {
			out = append(out, s)
		}
	}
	return out, nil
}
