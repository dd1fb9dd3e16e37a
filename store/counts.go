package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// usualQueue tells whether a filter selects the queue of first opinions and nothing
// narrower, so that what is in it can be worked out from the kept counts.
func usualQueue(f review.Filter) bool {
	return f.Task == review.TaskFirst && f.Of != nil && f.Standard == "" && f.Against == "" && f.Clause == "" &&
		len(f.States) == 0 && f.Suspect == nil && f.Verdict == "" && f.Alike == (review.Filter{}).Alike && len(f.Only) == 0
}

// countKept sums the kept counts of a person's open dossiers, or of one of them, at a
// speed or at any, in some states; neither suspect nor gone.
func countKept(ctx context.Context, q querier, p review.Person, dossier uuid.UUID, at review.Speed, states string) (n int, err error) {
	w := &where{}
	w.add("c.suspect = 0 AND c.gone = 0 AND c.state IN (" + states + ")")
	if at != review.SpeedAny {
		w.add("c.dossier" + atSpeed(at))
	}
	w.add("c.dossier IN (SELECT d.id FROM dossiers d WHERE d.closed = 0)")
	w.add("c.dossier"+ofParty, string(p.Party))
	if dossier != uuid.Nil {
		w.add("c.dossier = ?", dossier.String())
	}
	err = q.QueryRowContext(ctx, "SELECT COALESCE(SUM(c.n), 0) FROM match_counts c"+w.sql(), w.args...).Scan(&n)
	return n, err
}

// atSpeed is the condition that a dossier is answered at a speed.
func atSpeed(s review.Speed) string {
	is := "<>"
	if s == review.SpeedTriage {
		is = "="
	}
	return " IN (SELECT d.id FROM dossiers d WHERE d.policy " + is + " '" + string(review.PolicyOneReviewer) + "')"
}

// countFirst counts a person's queue of first opinions besides controls, of a dossier or
// of all, at a speed or at any: what is proposed but for the little that the person passed over or decided on,
// or that shall be left out.
func countFirst(ctx context.Context, q querier, p review.Person, in uuid.UUID, at review.Speed, now time.Time, without ...uuid.UUID) (n int, err error) {
	if !p.May(review.ActionReview) {
		return 0, nil
	}
	if n, err = countKept(ctx, q, p, in, at, "'proposed'"); err != nil {
		return 0, err
	}
	w, id, out := &where{}, p.ID.String(), 0
	if at != review.SpeedAny {
		w.add("m.dossier" + atSpeed(at))
	}
	w.add("m.state = 'proposed' AND m.suspect = 0 AND " + open)
	w.add("m.dossier"+ofParty, string(p.Party))
	if in != uuid.Nil {
		w.add("m.dossier = ?", in.String())
	}
	w.add("m.id IN (SELECT k.match FROM skips k WHERE k.person = ? AND "+stands+
		" UNION SELECT d.match FROM decisions d WHERE d.person = ? AND d.kind = 'adjudication' UNION SELECT value FROM json_each(?))", id, stamp(now), id, jsonIDs(without))
	err = q.QueryRowContext(ctx, "SELECT COUNT(*) FROM matches m "+byID+w.sql(), w.args...).Scan(&out)
	return n - out, err
}

// byID makes SQLite look matches up by the ids that a condition lists, where it would
// rather go through a whole dossier.
const byID = "INDEXED BY sqlite_autoindex_matches_1"

// checkCounts compares the kept counts with the matches.
func checkCounts(ctx context.Context, q querier, r *Report) error {
	var wrong int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT dossier, state, suspect, gone, SUM(n) n FROM (
			SELECT dossier, state, suspect, gone, n FROM match_counts
			UNION ALL SELECT dossier, state, suspect, gone, -COUNT(*) FROM matches GROUP BY dossier, state, suspect, gone)
		GROUP BY dossier, state, suspect, gone HAVING SUM(n) <> 0)`).Scan(&wrong)
	if wrong > 0 {
		r.problem("%d counts of matches are not those of the matches", wrong)
	}
	return err
}
