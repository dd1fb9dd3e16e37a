package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// decisionColumns are the columns scanDecision reads.
const decisionColumns = `seq, id, match, kind, person, party, verdict, a_to_b, b_to_a,
	reasons, note, search, withdraws, seen, model, at, idempotency`

func scanDecision(r row) (review.Decision, error) {
	var d review.Decision
	return d, r.Scan(decisionTargets(&d)...)
}

// decisionTargets says where the columns of decisionColumns go.
func decisionTargets(d *review.Decision) []any {
	return []any{&d.Seq, idColumn{&d.ID}, idColumn{&d.Match}, &d.Kind, idColumn{&d.Person}, &d.Party, &d.Verdict,
		jsonColumn{&d.AToB}, jsonColumn{&d.BToA}, jsonColumn{&d.Reasons}, &d.Note, &d.Search, idColumn{&d.Withdraws},
		jsonColumn{&d.Seen}, &d.Model, timeColumn{&d.At}, &d.Idempotency}
}

// canonical is a decision as reading it back will give it: valid text, whole
// microseconds, no difference between no list and an empty one. Its fingerprint
// in the audit is made of this form.
func canonical(d review.Decision) review.Decision {
	clean := func(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
	list := func(in []string) []string {
		var out []string
		for _, s := range in {
			out = append(out, clean(s))
		}
		return out
	}
	d.At = instant(d.At)
	d.Note, d.Search, d.Idempotency = clean(d.Note), clean(d.Search), clean(d.Idempotency)
	d.AToB.Conditions, d.BToA.Conditions, d.Reasons = list(d.AToB.Conditions), list(d.BToA.Conditions), list(d.Reasons)
	d.Seen = append([]review.Seen{}, d.Seen...)
	return d
}

// insertDecision is the statement around decisionRow.
const insertDecision = "INSERT INTO decisions (" + decisionOrder + ")"

// decisionOrder are the columns that decisionRow fills.
const decisionOrder = `seq, id, match, version, kind, person, party, verdict, a_to_b, b_to_a,
	reasons, note, search, withdraws, seen, model, at, idempotency`

// decisionRow is a decision as a row of the table; version is the match's.
func decisionRow(d review.Decision, version int) ([]any, error) {
	var lists [4]string
	for i, v := range []any{d.AToB, d.BToA, d.Reasons, d.Seen} {
		s, err := asJSON(v)
		if err != nil {
			return nil, err
		}
		lists[i] = s
	}
	var withdraws any
	if d.Withdraws != uuid.Nil {
		withdraws = d.Withdraws.String()
	}
	return []any{d.Seq, d.ID.String(), d.Match.String(), version, string(d.Kind), d.Person.String(), string(d.Party), string(d.Verdict),
		lists[0], lists[1], lists[2], d.Note, d.Search, withdraws, lists[3], d.Model, stamp(d.At), d.Idempotency}, nil
}

// maxDecisions is how many decisions one call returns at most.
const maxDecisions = 1000

// maxDecisionsBy is how many decisions of one person are listed at most.
const maxDecisionsBy = 20_000

// Decisions lists up to limit decisions after a sequence number, oldest first.
// Who shows them passes the matches through review.Shown.
func (db *DB) Decisions(ctx context.Context, after int64, limit int) ([]review.Decision, error) {
	return db.decisions(ctx, "WHERE seq > $1 ORDER BY seq LIMIT $2", after, limited(limit, maxDecisions))
}

// decisions reads decisions that a clause selects.
func (db *DB) decisions(ctx context.Context, where string, args ...any) ([]review.Decision, error) {
	var out []review.Decision
	err := db.read(ctx, "read decisions", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+decisionColumns+" FROM decisions "+where, args...)
		out, err = collect(rows, err, scanDecision)
		return err
	})
	return out, err
}

// lastDecision is the highest sequence number given, to a decision or to an answer
// on a control.
func lastDecision(ctx context.Context, q querier) (int64, error) {
	var seq int64
	err := q.QueryRowContext(ctx, `SELECT MAX((SELECT COALESCE(MAX(seq), 0) FROM decisions),
		(SELECT COALESCE(MAX(seq), 0) FROM control_answers))`).Scan(&seq)
	return seq, err
}

// Equivalents finds the matches that touch each of the clauses, on either side:
// agreed ones first, then by confidence. Clauses without a match are left out.
func (db *DB) Equivalents(ctx context.Context, ids ...corpus.ClauseID) (map[corpus.ClauseID][]review.Match, error) {
	out := map[corpus.ClauseID][]review.Match{}
	err := db.read(ctx, "find equivalents", func(tx *sql.Tx) error {
		type touch struct {
			clause corpus.ClauseID
			match  string
		}
		touches, err := inBatches(ctx, tx, `SELECT mc.clause, mc.match FROM match_clauses mc JOIN matches m ON m.id = mc.match
			WHERE mc.clause IN (?)
			ORDER BY CASE m.state WHEN 'confirmed' THEN 0 WHEN 'no-counterpart' THEN 1 WHEN 'rejected' THEN 2 WHEN 'disputed' THEN 3 WHEN 'opinion' THEN 4 ELSE 5 END,
				m.confidence DESC, m.id`, nil, ids,
			func(r row) (t touch, err error) { return t, r.Scan(&t.clause, &t.match) })
		if err != nil {
			return err
		}
		var wanted []string
		seen := map[string]bool{}
		for _, t := range touches {
			if !seen[t.match] {
				seen[t.match] = true
				wanted = append(wanted, t.match)
			}
		}
		matches, _, err := loadMatches(ctx, tx, wanted)
		if err != nil {
			return err
		}
		byID := map[string]review.Match{}
		for _, m := range matches {
			byID[m.ID.String()] = m
		}
		for _, t := range touches {
			out[t.clause] = append(out[t.clause], byID[t.match])
		}
		return nil
	})
	return out, err
}
