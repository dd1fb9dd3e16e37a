package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// keptControl is a control with what its audit rows are made from.
type keptControl struct {
	review.Control
	salt string
}

const controlColumns = "k.id, k.person, k.dossier, k.match, k.turn, k.drawn, k.salt"

func scanControl(r row) (keptControl, error) {
	var k keptControl
	return k, r.Scan(controlTargets(&k)...)
}

func controlTargets(k *keptControl) []any {
	return []any{idColumn{&k.ID}, idColumn{&k.Person}, idColumn{&k.Dossier}, idColumn{&k.Match}, &k.Turn, timeColumn{&k.Drawn}, &k.salt}
}

// loadControl loads a control by its id, with its match as it is and as its
// person meets it; corpus.ErrNotFound when there is none.
func loadControl(ctx context.Context, q querier, id uuid.UUID) (k keptControl, is, posed review.Match, d review.Dossier, err error) {
	k, err = one(q.QueryRowContext(ctx, "SELECT "+controlColumns+" FROM controls k WHERE k.id = $1", id.String()), scanControl, "match", id)
	if err != nil {
		return k, is, posed, d, err
	}
	if is, d, err = loadMatch(ctx, q, k.Match); err != nil {
		return k, is, posed, d, err
	}
	own, err := controlAnswers(ctx, q, "WHERE match = $1 ORDER BY seq", id.String())
	return k, is, k.Posed(is, d, own), d, err
}

// poseControls are the matches of controls as their persons meet them, in the
// order of their ids; ids of no control are left out.
func poseControls(ctx context.Context, q querier, ids []string) ([]review.Match, error) {
	found, err := inBatches(ctx, q, "SELECT k.id FROM controls k WHERE k.id IN (?) ORDER BY k.id", nil, ids, scanString)
	if err != nil {
		return nil, err
	}
	var out []review.Match
	for _, id := range found { // a person has few
		_, _, posed, _, err := loadControl(ctx, q, uuid.MustParse(id))
		if err != nil {
			return nil, err
		}
		out = append(out, posed)
	}
	return out, nil
}

// controlAnswers reads answers on controls that a clause selects.
func controlAnswers(ctx context.Context, q querier, where string, args ...any) ([]review.Decision, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+decisionColumns+" FROM control_answers "+where, args...)
	return collect(rows, err, scanDecision)
}

// matchOrControl loads a match, or the match that a control poses under its id.
func matchOrControl(ctx context.Context, q querier, id uuid.UUID) (review.Match, review.Dossier, error) {
	m, d, err := loadMatch(ctx, q, id)
	if !errors.Is(err, corpus.ErrNotFound) {
		return m, d, err
	}
	_, _, posed, d, err := loadControl(ctx, q, id)
	return posed, d, err
}

// matchBehind is the id of the match itself where an id is that of a control:
// what is said of the texts, or kept by a party, is about the match.
func matchBehind(ctx context.Context, q querier, id uuid.UUID) (uuid.UUID, error) {
	if id == uuid.Nil {
		return id, nil
	}
	var match uuid.UUID
	err := q.QueryRowContext(ctx, "SELECT k.match FROM controls k WHERE k.id = $1", id.String()).Scan(idColumn{&match})
	if errors.Is(err, sql.ErrNoRows) {
		return id, nil
	}
	return match, err
}

// amendControl is Amend for a control. What change adds is kept as answers on the
// control, judged by the match as it is in this transaction; no row of the match
// is read for writing. A control is its person's alone: for everybody else the
// match is agreed.
func (c *changing) amendControl(ctx context.Context, id uuid.UUID, actor review.Person, change func(review.Match, review.Dossier) (review.Match, error)) (review.Match, error) {
	k, is, before, d, err := loadControl(ctx, c.Tx, id)
	if err != nil {
		return review.Match{}, err
	}
	if k.Person != actor.ID {
		return before, review.ErrSettled
	}
	after, err := change(before, d)
	if err != nil || after.Version == before.Version {
		return before, err
	}
	made, err := c.addAnswers(ctx, before, after, insertControlAnswer, func(made review.Decision, version int) []any {
		c.note(actor.ID.String(), "control."+string(made.Kind), k.ID.String(), version, k.payload(made))
		if right, ok := review.Judge(is, made); ok {
			return []any{number(right)}
		}
		return []any{nil}
	})
	if err != nil {
		return before, err
	}
	return k.Posed(is, d, slices.Concat(before.Decisions, made)), nil
}

// insertControlAnswer is insertDecision for answers on controls.
const insertControlAnswer = "INSERT INTO control_answers (" + decisionOrder + ", agrees)"

// payload is what the audit row of an answer is the digest of. The salt, which
// never leaves, keeps the answer from being guessed from it.
func (k keptControl) payload(made review.Decision) any { return []any{k.salt, made} }

// DecisionsBy lists what a person answered, latest first: decisions, and answers
// on controls as if they were.
func (db *DB) DecisionsBy(ctx context.Context, person uuid.UUID, limit int) ([]review.Decision, error) {
	var out []review.Decision
	err := db.read(ctx, "read what a person answered", func(tx *sql.Tx) error {
		part := func(table string) string {
			return "SELECT * FROM (SELECT " + decisionColumns + " FROM " + table + " WHERE person = $1 ORDER BY seq DESC LIMIT $2)"
		}
		rows, err := tx.QueryContext(ctx, part("decisions")+" UNION ALL "+part("control_answers")+" ORDER BY 1 DESC LIMIT $2", person.String(), limited(limit, maxDecisionsBy))
		out, err = collect(rows, err, scanDecision)
		return err
	})
	return out, err
}

// ControlResult counts the controls a person answered before a time, and how many
// of them rightly: by the last answer on each that stands. It is that person's to
// see, and nobody else's.
func (db *DB) ControlResult(ctx context.Context, person uuid.UUID, before time.Time) (review.ControlResult, error) {
	var out review.ControlResult
	err := db.read(ctx, "count answers on controls", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(a.agrees), 0) FROM control_answers a
			WHERE a.person = $1 AND a.at < $2 AND a.agrees IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM control_answers w WHERE w.withdraws = a.id)
			AND NOT EXISTS (SELECT 1 FROM control_answers l WHERE l.match = a.match AND l.seq > a.seq AND l.kind = 'opinion' AND l.verdict <> 'unsure'
				AND NOT EXISTS (SELECT 1 FROM control_answers w WHERE w.withdraws = l.id))`, person.String(), stamp(before)).Scan(&out.N, &out.Right)
	})
	return out, err
}

// saveControlSkip keeps a skip of a control; ok is false when the id is that of
// none.
func (c *changing) saveControlSkip(ctx context.Context, s review.Skip) (ok bool, err error) {
	res, err := c.ExecContext(ctx, `INSERT INTO control_skips (person, match, reason, created, until)
		SELECT k.person, k.id, $3, $4, $5 FROM controls k WHERE k.id = $2 AND k.person = $1
		ON CONFLICT (person, match) DO UPDATE SET reason = excluded.reason, created = excluded.created, until = excluded.until`,
		s.Person.String(), s.Match.String(), string(s.Reason), stamp(s.Created), stamp(s.Until))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// checkControls compares answers on controls with their audit rows, as checkTrail
// does for decisions.
func checkControls(ctx context.Context, q querier, r *Report) error {
	type answer struct {
		version int
		of      keptControl
		made    review.Decision
	}
	rows, err := q.QueryContext(ctx, "SELECT x.version, "+controlColumns+", "+prefixed("x", decisionColumns)+" FROM control_answers x JOIN controls k ON k.id = x.match ORDER BY x.seq")
	found, err := collect(rows, err, func(r row) (x answer, err error) {
		return x, r.Scan(append(append([]any{&x.version}, controlTargets(&x.of)...), decisionTargets(&x.made)...)...)
	})
	if err != nil {
		return err
	}
	trail, err := tracedBy(ctx, q, "answers on control items", "actor || ' ' || action || ' ' || object || ' ' || version", "control.%")
	if err != nil {
		return err
	}
	for _, x := range found {
		there, err := trail.row(fmt.Sprintf("%s control.%s %s %d", x.made.Person, x.made.Kind, x.of.ID, x.version), x.of.payload(x.made))
		if err != nil {
			return err
		}
		if !there {
			r.problem("answer %s on a control item was changed or has no audit row", x.made.ID)
		}
	}
	trail.done(r)
	return nil
}

// controlID makes the id of a control: it begins as that of the match does, so
// that it is as old as its neighbours in a list, and ends by chance.
func controlID(match uuid.UUID) uuid.UUID {
	id := match
	rand.Read(id[8:]) // never fails (crypto/rand)
	id[8] = id[8]&0x3f | 0x80
	return id
}
