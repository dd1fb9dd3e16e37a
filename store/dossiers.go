package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// SaveDossier makes a dossier or changes one. Its standards must be kept. Once
// somebody has answered, policy and parties stand: an agreement must not change
// its meaning afterwards (corpus.ErrConflict).
func (db *DB) SaveDossier(ctx context.Context, d review.Dossier, actor string) error {
	if d.ID == uuid.Nil {
		return fmt.Errorf("a dossier needs an id: %w", corpus.ErrInvalid)
	}
	if err := d.Check(); err != nil {
		return err
	}
	return db.write(ctx, "save the dossier "+d.Name, func(c *changing) error {
		before, err := mayChange(ctx, c, d)
		if err != nil {
			return err
		}
		if d.Created.IsZero() {
			d.Created = c.now
		}
		_, err = c.ExecContext(ctx, `INSERT INTO dossiers (id, name, domain, policy, created, closed, controls, controls_from, explain, nameless, talk_days)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, domain = excluded.domain, policy = excluded.policy, closed = excluded.closed,
				explain = excluded.explain, nameless = excluded.nameless, talk_days = excluded.talk_days, controls = excluded.controls, controls_from = CASE WHEN controls = excluded.controls THEN controls_from ELSE excluded.controls_from END`,
			d.ID.String(), d.Name, string(d.Domain), string(d.Policy), stamp(d.Created), number(d.Closed), d.Controls, stamp(c.now), string(d.Explain), number(d.Nameless), d.TalkDays)
		if err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, "DELETE FROM dossier_standards WHERE dossier = $1", d.ID.String()); err != nil {
			return err
		}
		c.note(actor, "dossier.saved", d.ID.String(), 0, d)
		if err := c.tell(orNothing(before, before.ID != uuid.Nil), d); err != nil {
			return err
		}
		return insert(ctx, c.Tx, "INSERT INTO dossier_standards (dossier, side, party, position, standard)", "", sideRows(d))
	})
}

// sideRows are the standards of a dossier as rows.
func sideRows(d review.Dossier) [][]any {
	var rows [][]any
	for side, s := range d.Sides {
		for i, standard := range s.Standards {
			rows = append(rows, []any{d.ID.String(), side, string(s.Party), i, string(standard)})
		}
	}
	return rows
}

// mayChange refuses unknown standards, and a new policy or other parties after
// the first answer. It returns the dossier as it is kept, empty of a new one.
func mayChange(ctx context.Context, c *changing, d review.Dossier) (kept review.Dossier, err error) {
	var wanted []corpus.StandardID
	for _, s := range d.Sides {
		wanted = append(wanted, s.Standards...)
	}
	known, err := inBatches(ctx, c.Tx, "SELECT id FROM standards WHERE id IN (?)", nil, wanted, scanString)
	if err != nil {
		return kept, err
	}
	for _, id := range wanted {
		if !slices.Contains(known, string(id)) {
			return kept, notFound("standard", id)
		}
	}
	before, err := loadDossiers(ctx, c.Tx, []string{d.ID.String()})
	if err != nil || len(before) == 0 {
		return kept, err
	}
	if kept = before[0]; kept.Policy == d.Policy && slices.Equal(kept.Parties(), d.Parties()) {
		return kept, nil
	}
	var answered int
	err = c.QueryRowContext(ctx, `SELECT COUNT(*) FROM decisions WHERE match IN (SELECT id FROM matches WHERE dossier = $1)`, d.ID.String()).Scan(&answered)
	if err != nil {
		return kept, err
	}
	if answered > 0 {
		return kept, corpus.Refuse(corpus.ErrConflict, "dossier-stands", "policy and parties stand once somebody has answered, make a new dossier instead")
	}
	return kept, nil
}

// Dossier returns one dossier, or corpus.ErrNotFound.
func (db *DB) Dossier(ctx context.Context, id uuid.UUID) (review.Dossier, error) {
	var out review.Dossier
	err := db.read(ctx, "read a dossier", func(tx *sql.Tx) (err error) {
		out, err = dossier(ctx, tx, id)
		return err
	})
	return out, err
}

// dossier reads one dossier.
func dossier(ctx context.Context, q querier, id uuid.UUID) (review.Dossier, error) {
	found, err := loadDossiers(ctx, q, []string{id.String()})
	if err != nil {
		return review.Dossier{}, err
	}
	if len(found) == 0 {
		return review.Dossier{}, notFound("dossier", id)
	}
	return found[0], nil
}

// Dossiers lists all dossiers, open ones first, by name.
func (db *DB) Dossiers(ctx context.Context) ([]review.Dossier, error) {
	var out []review.Dossier
	err := db.read(ctx, "list the dossiers", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT id FROM dossiers ORDER BY closed, name, id")
		ids, err := collect(rows, err, scanString)
		if err != nil {
			return err
		}
		out, err = loadDossiers(ctx, tx, ids)
		return err
	})
	return out, err
}

// loadDossiers loads dossiers with their sides, in the order of the ids.
func loadDossiers(ctx context.Context, q querier, ids []string) ([]review.Dossier, error) {
	found, err := inBatches(ctx, q, "SELECT id, name, domain, policy, created, closed, controls, explain, nameless, talk_days FROM dossiers WHERE id IN (?)", nil, ids, func(r row) (review.Dossier, error) {
		var d review.Dossier
		return d, r.Scan(idColumn{&d.ID}, &d.Name, &d.Domain, &d.Policy, timeColumn{&d.Created}, &d.Closed, &d.Controls, &d.Explain, &d.Nameless, &d.TalkDays)
	})
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*review.Dossier, len(found))
	for i := range found {
		byID[found[i].ID.String()] = &found[i]
	}
	if err := loadSides(ctx, q, ids, byID); err != nil {
		return nil, err
	}
	out := make([]review.Dossier, 0, len(found))
	for _, id := range ids {
		if d := byID[id]; d != nil {
			out = append(out, *d)
		}
	}
	return out, nil
}

// loadSides adds the sides with their standards.
func loadSides(ctx context.Context, q querier, ids []string, into map[string]*review.Dossier) error {
	type place struct {
		dossier  string
		side     int
		party    review.Party
		standard corpus.StandardID
	}
	places, err := inBatches(ctx, q, `SELECT dossier, side, party, standard FROM dossier_standards
		WHERE dossier IN (?) ORDER BY dossier, side, position`, nil, ids, func(r row) (p place, err error) {
		return p, r.Scan(&p.dossier, &p.side, &p.party, &p.standard)
	})
	if err != nil {
		return err
	}
	for _, p := range places {
		d := into[p.dossier]
		if p.side == len(d.Sides) {
			d.Sides = append(d.Sides, review.Side{Party: p.party})
		}
		side := &d.Sides[len(d.Sides)-1]
		side.Standards = append(side.Standards, p.standard)
	}
	return nil
}
