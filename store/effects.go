package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
)

// effectColumns are the columns scanEffectCorrection reads, beside the clauses c.
const effectColumns = `x.id, x.standard, x.clause, x.digest, x.read_act, x.read_no, x.said_act, x.said_no, x.person, x.at, x.withdrawn, x.undone_by,
	x.withdrawn = '' AND c.removed = 0 AND c.digest = x.digest`

func scanEffectCorrection(r row) (staging.EffectCorrection, error) {
	var x staging.EffectCorrection
	return x, r.Scan(idColumn{&x.ID}, &x.Standard, &x.By, &x.Digest, &x.Read.Act, &x.Read.Number, &x.Said.Act, &x.Said.Number,
		&x.Person, timeColumn{&x.At}, timeColumn{&x.Withdrawn}, &x.UndoneBy, &x.Standing)
}

// EffectCorrections lists what people said of the effects of an overlay and did not
// take back, oldest first; also what was said of a wording that has changed since.
func (db *DB) EffectCorrections(ctx context.Context, overlay corpus.StandardID) ([]staging.EffectCorrection, error) {
	var out []staging.EffectCorrection
	err := db.read(ctx, "read the corrections of an overlay", func(tx *sql.Tx) (err error) {
		out, err = effectCorrections(ctx, tx, overlay)
		return err
	})
	return out, err
}

func effectCorrections(ctx context.Context, q querier, overlay corpus.StandardID) ([]staging.EffectCorrection, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+effectColumns+" FROM effect_corrections x JOIN clauses c ON c.id = x.clause WHERE x.standard = $1 AND x.withdrawn = '' ORDER BY x.id", string(overlay))
	return collect(rows, err, scanEffectCorrection)
}

// standingCorrections are what counts of them: a correction of another wording is
// left out by corpus.Effects, which knows the wording.
func standingCorrections(ctx context.Context, q querier, overlay corpus.StandardID) ([]corpus.EffectCorrection, error) {
	list, err := effectCorrections(ctx, q, overlay)
	return staging.Said(list), err
}

// CorrectEffect keeps what a person says of an effect of an overlay, with its audit
// row and all that follows for matches. It takes the place of what was said of the
// same effect before. Errors: those of corpus.EffectCorrection.Check;
// corpus.ErrInvalid for a standard that is no overlay, corpus.ErrNotFound,
// corpus.ErrLimit for more than an overlay can have.
func (db *DB) CorrectEffect(ctx context.Context, overlay corpus.StandardID, said corpus.EffectCorrection, actor string) (staging.EffectCorrection, error) {
	var out staging.EffectCorrection
	err := db.write(ctx, "correct an effect of "+string(overlay), func(c *changing) error {
		h, err := holding(ctx, c.Tx, overlay)
		if err != nil {
			return err
		}
		if _, is := corpus.OverlayOf(h.Standard); !is {
			return corpus.Refuse(corpus.ErrInvalid, "effect-base", "only what an amendment or annex does can be corrected")
		}
		l := layering{c.Tx, &corpus.Document{Standard: h.Standard}, &h.Standard}
		clauses, err := l.clauses(ctx, overlay)
		if err != nil {
			return err
		}
		if said, err = said.Check(clauses); err != nil {
			return err
		}
		have, err := effectCorrections(ctx, c.Tx, overlay)
		if err != nil {
			return err
		}
		if len(have) >= staging.MaxEffectCorrections {
			return corpus.Refuse(corpus.ErrLimit, "effect-many", "an overlay has at most {most} corrections of its effects", "most", staging.MaxEffectCorrections)
		}
		for _, before := range have {
			if before.By == said.By && before.Read == said.Read && said.Read.Act != "" {
				if err := c.undoCorrection(ctx, before, actor); err != nil {
					return err
				}
			}
		}
		id, err := newID()
		if err != nil {
			return err
		}
		out = staging.EffectCorrection{ID: id, Standard: overlay, EffectCorrection: said, Person: actor, At: c.now, Standing: true}
		err = insert(ctx, c.Tx, "INSERT INTO effect_corrections (id, standard, clause, digest, read_act, read_no, said_act, said_no, person, at, withdrawn, undone_by)", "", [][]any{{
			id.String(), string(overlay), string(said.By), string(said.Digest), string(said.Read.Act), said.Read.Number, string(said.Said.Act), said.Said.Number, actor, stamp(c.now), "", ""}})
		if err != nil {
			return err
		}
		c.note(actor, "effect.corrected", id.String(), 0, out)
		return c.relay(ctx, l, actor)
	})
	return out, err
}

// UndoEffect takes a correction of an overlay's effect back, with all that follows.
// Errors: corpus.ErrNotFound, corpus.ErrConflict when that was done before.
func (db *DB) UndoEffect(ctx context.Context, id uuid.UUID, actor string) (staging.EffectCorrection, error) {
	var out staging.EffectCorrection
	err := db.write(ctx, "take a correction back", func(c *changing) error {
		r := c.QueryRowContext(ctx, "SELECT "+effectColumns+" FROM effect_corrections x JOIN clauses c ON c.id = x.clause WHERE x.id = $1", id.String())
		var err error
		if out, err = one(r, scanEffectCorrection, "correction", id); err != nil {
			return err
		}
		if !out.Withdrawn.IsZero() {
			return corpus.Refuse(corpus.ErrConflict, "effect-undone", "this correction was taken back before")
		}
		h, err := holding(ctx, c.Tx, out.Standard)
		if err != nil {
			return err
		}
		if err := c.undoCorrection(ctx, out, actor); err != nil {
			return err
		}
		return c.relay(ctx, layering{c.Tx, &corpus.Document{Standard: h.Standard}, &h.Standard}, actor)
	})
	return out, err
}

// undoCorrection marks one as taken back, with its audit row.
func (c *changing) undoCorrection(ctx context.Context, x staging.EffectCorrection, actor string) error {
	x.Withdrawn, x.UndoneBy = c.now, actor
	_, err := c.ExecContext(ctx, "UPDATE effect_corrections SET withdrawn = $2, undone_by = $3 WHERE id = $1", x.ID.String(), stamp(x.Withdrawn), actor)
	c.note(actor, "effect.undone", x.ID.String(), 0, x)
	return err
}

// checkEffects compares corrections with the audit rows that were written with them.
func checkEffects(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT "+effectColumns+" FROM effect_corrections x JOIN clauses c ON c.id = x.clause ORDER BY x.id")
	found, err := collect(rows, err, scanEffectCorrection)
	if err != nil {
		return err
	}
	trail, err := tracedBy(ctx, q, "corrections of effects", "action || ' ' || actor || ' ' || object", "effect.%")
	if err != nil {
		return err
	}
	for _, x := range found {
		made := x
		made.Withdrawn, made.UndoneBy = time.Time{}, ""
		steps := map[string]staging.EffectCorrection{"effect.corrected " + x.Person: made}
		if !x.Withdrawn.IsZero() {
			steps["effect.undone "+x.UndoneBy] = x
		}
		for action, payload := range steps {
			there, err := trail.row(action+" "+x.ID.String(), payload)
			if err != nil {
				return err
			}
			if !there {
				r.problem("correction %s of an effect was changed or has no audit row", x.ID)
			}
		}
	}
	trail.done(r)
	return nil
}
