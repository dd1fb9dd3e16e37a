package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// The pieces of review.TaskFor as conditions on a match m; ? is the person's id
// or party.
const (
	open = "m.gone = 0 AND m.dossier IN (SELECT d.id FROM dossiers d WHERE d.closed = 0)"
	mine = "m.id IN (SELECT o.match FROM match_opinions o WHERE o.person = ?)"
	// of a dossier: one's party is in it
	ofParty = " IN (SELECT s.dossier FROM dossier_standards s WHERE s.party = ?)"
	// one's party is in the dossier, and one did not decide a dispute over it
	takesPart = "m.dossier" + ofParty + `
		AND m.id NOT IN (SELECT d.match FROM decisions d WHERE d.person = ? AND d.kind = 'adjudication')`
	// one's party has answered where only one answer of a party counts
	blocked = `(m.dossier IN (SELECT d.id FROM dossiers d WHERE d.policy = 'both-parties')
		AND EXISTS (SELECT 1 FROM match_opinions o WHERE o.match = m.id AND o.party = ?))`
	everAnswered = "m.id IN (SELECT d.match FROM decisions d WHERE d.person = ? AND d.kind = 'opinion')"
	// the time that both sides have to talk is over; ? is now
	talked = `NOT EXISTS (SELECT 1 FROM decisions x JOIN dossiers t ON t.id = m.dossier AND t.talk_days > 0
		WHERE x.match = m.id AND julianday(x.at) + t.talk_days > julianday(?))`
	oneOpinion = "(SELECT COUNT(*) FROM match_opinions o WHERE o.match = m.id) = 1"
)

// awaits adds the conditions under which review.TaskFor gives the task to the
// person. A test holds both against each other on random matches.
func awaits(w *where, task review.Task, p review.Person, now time.Time) error {
	id, party := p.ID.String(), string(p.Party)
	if !p.May(review.ActionReview) {
		w.add("1 = 0")
		return nil
	}
	mayAdjudicate := number(p.May(review.ActionAdjudicate))
	w.add(open)
	switch task {
	case review.TaskAgain:
		w.add("m.suspect = 1")
		w.add(takesPart, party, id)
		w.add("NOT ("+mine+")", id)
		w.add("NOT "+blocked, party)
	case review.TaskDispute:
		w.add("m.suspect = 0 AND m.state = 'disputed'")
		w.add(mine, id)
	case review.TaskAdjudicate:
		w.add("m.suspect = 0 AND m.state = 'disputed'")
		w.add("1 = ?", mayAdjudicate)
		w.add("NOT ("+mine+")", id)
		w.add("NOT ("+everAnswered+")", id)
		w.add(talked, stamp(now))
	case review.TaskFirst:
		w.add("m.suspect = 0 AND m.state = 'proposed'")
		w.add(takesPart, party, id)
	case review.TaskSecond:
		w.add("m.suspect = 0 AND m.state IN ('opinion', 'disputed')")
		w.add(takesPart, party, id)
		w.add("NOT ("+mine+")", id)
		w.add("NOT "+blocked, party)
		// of the disputes only those that one side alone began, and that the
		// person could not adjudicate
		w.add("(m.state = 'opinion' OR ("+oneOpinion+" AND (0 = ? OR "+everAnswered+")))", mayAdjudicate, id)
	default:
		return fmt.Errorf("%q is not a task: %w", task, corpus.ErrInvalid)
	}
	return nil
}

// countDone counts what Page.Done says. An answer on a control counts for its person,
// so that what is left and what is done together never tell which one it was.
func countDone(ctx context.Context, q querier, f review.Filter) (n int, err error) {
	in := ""
	if f.Dossier != uuid.Nil {
		in = f.Dossier.String()
	}
	switch f.Task {
	case review.TaskFirst:
		n, err = countKept(ctx, q, *f.Of, f.Dossier, f.Speed, "'opinion', 'confirmed', 'rejected', 'no-counterpart', 'disputed'")
	case review.TaskSecond: // of the disputes those that one side alone began wait for a second answer
		if n, err = countKept(ctx, q, *f.Of, f.Dossier, review.SpeedBinding, "'confirmed', 'rejected', 'no-counterpart', 'disputed'"); err != nil {
			return 0, err
		}
		w, one := &where{}, 0
		w.add("m.state = 'disputed' AND m.suspect = 0 AND " + oneOpinion + " AND " + open)
		w.add("m.dossier" + atSpeed(review.SpeedBinding))
		w.add("m.dossier"+ofParty, string(f.Of.Party))
		if in != "" {
			w.add("m.dossier = ?", in)
		}
		err = q.QueryRowContext(ctx, "SELECT COUNT(*) FROM matches m"+w.sql(), w.args...).Scan(&one)
		return n - one, err
	}
	if err != nil || f.Task != review.TaskFirst || f.Speed == review.SpeedTriage {
		return n, err
	}
	controls := 0
	err = q.QueryRowContext(ctx, `SELECT COUNT(DISTINCT a.match) FROM control_answers a JOIN controls m ON m.id = a.match
		WHERE a.person = $1 AND a.kind = 'opinion' AND a.verdict <> 'unsure' AND NOT EXISTS (SELECT 1 FROM control_answers w WHERE w.withdraws = a.id)
		AND ($2 = '' OR m.dossier = $2) AND m.dossier IN (SELECT d.id FROM dossiers d WHERE d.closed = 0)`, f.Of.ID.String(), in).Scan(&controls)
	return n + controls, err
}

// TaskCounts counts what awaits a person, over all open dossiers. Tasks without
// a match are there with 0.
func (db *DB) TaskCounts(ctx context.Context, p review.Person) (map[review.Task]int, error) {
	out := make(map[review.Task]int, len(review.Tasks))
	err := db.read(ctx, "count tasks", func(tx *sql.Tx) error {
		for _, task := range review.Tasks {
			if task == review.TaskFirst {
				n, err := countFirst(ctx, tx, p, uuid.Nil, review.SpeedAny, db.now())
				if err != nil {
					return err
				}
				out[task] = n
				continue
			}
			w := &where{}
			skipped(w, p, db.now())
			if err := awaits(w, task, p, db.now()); err != nil {
				return err
			}
			var n int
			if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM matches m"+w.sql(), w.args...).Scan(&n); err != nil {
				return err
			}
			out[task] = n
		}
		left, _, err := controlsLeft(ctx, tx, p, uuid.Nil, db.now())
		out[review.TaskFirst] += left
		return err
	})
	return out, err
}

// TriageCount counts the first opinions that await a person where one answer settles a
// match; the others of their first opinions bind.
func (db *DB) TriageCount(ctx context.Context, p review.Person) (n int, err error) {
	err = db.read(ctx, "count what can be triaged", func(tx *sql.Tx) (err error) {
		n, err = countFirst(ctx, tx, p, uuid.Nil, review.SpeedTriage, db.now())
		return err
	})
	return n, err
}

// Kept counts the pairs that the program suggested with a confidence from one
// figure up to another and that are settled on their present texts, and how many
// of them are confirmed.
func (db *DB) Kept(ctx context.Context, from, to float64) (kept, n int, err error) {
	err = db.read(ctx, "count what became of suggestions", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(state = 'confirmed'), 0) FROM matches
			WHERE state IN ('confirmed', 'rejected') AND suspect = 0 AND gone = 0 AND proposed > 0 AND confidence >= $1 AND confidence < $2`, from, to).Scan(&n, &kept)
	})
	return kept, n, err
}
