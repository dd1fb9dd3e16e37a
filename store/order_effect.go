package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// effectsSQL works out matches.effect (review.OrderEffect says what it is) for the
// matches that %s selects, as rows of id and effect. Each clause is tallied once per
// dossier and pair of standards; what a match itself adds to the tally is taken off
// again.
const effectsSQL = `WITH touched (id, dossier, source_standard, against, clause, settled, open) AS MATERIALIZED (
	SELECT m.id, m.dossier, m.source_standard, m.against, c.id, ` + settledSQL + `, ` + openSQL + `
	FROM matches m LEFT JOIN match_clauses mc ON mc.match = m.id LEFT JOIN clauses c ON c.id = mc.clause AND c.normative = 1 AND c.removed = 0
	WHERE m.id IN (%s)
), tally (clause, dossier, source_standard, against, settled, open) AS MATERIALIZED (
	SELECT mc.clause, m.dossier, m.source_standard, m.against, SUM(` + settledSQL + `), SUM(` + openSQL + `)
	FROM match_clauses mc JOIN matches m ON m.id = mc.match
	WHERE mc.clause IN (SELECT t.clause FROM touched t)
	GROUP BY 1, 2, 3, 4
) SELECT t.id AS id, COALESCE(SUM(CASE WHEN k.settled > t.settled THEN 0 WHEN k.open > t.open THEN 1 WHEN k.clause IS NOT NULL THEN 2 END), 0) AS effect
	FROM touched t LEFT JOIN tally k ON k.clause = t.clause AND k.dossier = t.dossier AND k.source_standard = t.source_standard AND k.against = t.against
	GROUP BY t.id`

const (
	settledSQL = "(m.state IN ('confirmed', 'no-counterpart') AND m.suspect = 0 AND m.gone = 0)"
	openSQL    = "((m.state IN ('proposed', 'opinion', 'disputed') OR m.suspect = 1) AND m.gone = 0)"
)

// dueMatches are the matches of clauses that wait. CROSS JOIN keeps SQLite from reading
// all clauses of all matches to look for the few that wait.
const dueMatches = "SELECT x.match FROM effects_due e CROSS JOIN match_clauses x ON x.clause = e.clause"

// orderByEffect works out the effects of all matches of clauses that wait in
// effects_due. It runs at the end of every transaction, and does nothing in most: an
// answer that leaves a match open changes the effect of none.
func (c *changing) orderByEffect(ctx context.Context) error {
	var due int
	err := c.QueryRowContext(ctx, "SELECT 1 FROM effects_due LIMIT 1").Scan(&due)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "UPDATE matches SET effect = n.effect FROM ("+effectsOf(dueMatches)+") n WHERE n.id = matches.id AND matches.effect <> n.effect")
	if err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "DELETE FROM effects_due")
	return err
}

// effectsOf is effectsSQL for the ids that a statement selects.
func effectsOf(ids string) string { return strings.Replace(effectsSQL, "%s", ids, 1) }

// checkOrderEffects compares the kept effects with those that the matches give.
func checkOrderEffects(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT m.id FROM matches m JOIN ("+effectsOf("SELECT x.id FROM matches x")+") n ON n.id = m.id WHERE n.effect <> m.effect ORDER BY m.id LIMIT 20")
	ids, err := collect(rows, err, scanString)
	for _, id := range ids {
		r.problem("match %s is kept with another effect on the coverage than its clauses have", id)
	}
	return err
}
