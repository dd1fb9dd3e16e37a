package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// coverageKeys says, for each way of counting, what the two ends are called: a
// column of the standards f (from) and t (to).
var coverageKeys = map[string]string{"jurisdiction": "jurisdiction", "standard": "id"}

// coverageRank is the rank of what became of a clause by review.Telling, best last; a
// clause counts once, under the best of its matches.
func coverageRank(s review.State) string {
	return strconv.Itoa(len(review.Telling) - slices.Index(review.Telling, s))
}

// coverageSQL counts normative clauses by what became of them, for each ordered
// pair of ends that face each other in a dossier, in both directions: as
// sources and as targets. $1 is a dossier or "", $2 a domain or "", $3 a sector or
// "", $4 a year or "", $5 whether settled matches alone count. The placeholder KEY
// stands for a column of coverageKeys, OF for what selects the standards counted, a
// state in braces for its coverageRank.
const coverageSQL = `
WITH facing (dossier, from_standard, to_standard) AS (
	SELECT a.dossier, a.standard, b.standard
	FROM dossier_standards a JOIN dossier_standards b ON b.dossier = a.dossier AND b.side <> a.side
	WHERE $1 = '' OR a.dossier = $1
), ends (from_key, to_key, standard, normative) AS (
	SELECT DISTINCT f.KEY, t.KEY, f.id, f.normative
	FROM facing x JOIN standards f ON f.id = x.from_standard JOIN standards t ON t.id = x.to_standard
	WHERE OF
), sizes (from_key, to_key, normative) AS (
	SELECT from_key, to_key, SUM(normative) FROM ends GROUP BY from_key, to_key
), standing (id, source_standard, against, rank, suspect, a_to_b, b_to_a) AS (
	SELECT m.id, m.source_standard, m.against, RANKS, m.suspect,
		CASE WHEN m.state = 'confirmed' AND m.a_to_b IN ('yes', 'conditions') THEN 1 ELSE 0 END,
		CASE WHEN m.state = 'confirmed' AND m.b_to_a IN ('yes', 'conditions') THEN 1 ELSE 0 END
	FROM matches m
	WHERE (m.dossier, m.source_standard, m.against) IN (SELECT dossier, from_standard, to_standard FROM facing)
		AND ($5 = 0 OR m.suspect = 0 AND m.state IN ('confirmed', 'no-counterpart', 'rejected'))
), best (clause, other, rank, suspect, accepted) AS (
	SELECT mc.clause, CASE mc.side WHEN 'a' THEN m.against ELSE m.source_standard END,
		MAX(m.rank), MAX(m.suspect), MAX(CASE mc.side WHEN 'a' THEN m.a_to_b ELSE m.b_to_a END)
	FROM standing m JOIN match_clauses mc ON mc.match = m.id
	GROUP BY 1, 2
), clause_best (from_key, to_key, clause, rank, suspect, accepted) AS (
	SELECT f.KEY, t.KEY, c.id, MAX(b.rank), MAX(b.suspect), MAX(b.accepted)
	FROM best b JOIN clauses c ON c.id = b.clause AND c.removed = 0 AND c.normative = 1
	JOIN standards f ON f.id = c.standard JOIN standards t ON t.id = b.other
	WHERE OF
	GROUP BY f.KEY, t.KEY, c.id
)
SELECT s.from_key, s.to_key, s.normative,
	COALESCE(SUM(CASE WHEN b.rank = {proposed} THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN b.rank = {opinion} THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN b.rank = {confirmed} THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN b.rank = {disputed} THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN b.rank = {rejected} THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN b.rank = {no-counterpart} THEN 1 ELSE 0 END), 0), COALESCE(SUM(b.suspect), 0), COALESCE(SUM(b.accepted), 0)
FROM sizes s LEFT JOIN clause_best b ON b.from_key = s.from_key AND b.to_key = s.to_key
GROUP BY s.from_key, s.to_key, s.normative
ORDER BY s.from_key, s.to_key`

// coverageOf selects the standards whose clauses are counted. A sector holds those
// below it.
const coverageOf = `($2 = '' OR f.domain = $2)
	AND ($3 = '' OR EXISTS (SELECT 1 FROM json_each(f.body, '$.ics') i WHERE i.value = $3 OR substr(i.value, 1, length($3) + 1) = $3 || '.')
		OR EXISTS (SELECT 1 FROM json_each(f.body, '$.ccs') k WHERE k.value = $3 OR length($3) = 1 AND substr(k.value, 1, 1) = $3))
	AND ($4 = '' OR instr(json_extract(f.body, '$.edition'), $4) > 0)`

// Coverage counts what became of the normative clauses of each end towards each
// other end that it faces in a dossier, in both directions. By is
// "jurisdiction" or "standard"; uuid.Nil means all dossiers, "" all domains (of
// the standard counted).
func (db *DB) Coverage(ctx context.Context, by string, dossier uuid.UUID, domain corpus.Domain) ([]review.Coverage, error) {
	return db.CoverageOf(ctx, by, review.CoverageFilter{Dossier: dossier, Domain: domain})
}

// CoverageOf is Coverage of what a filter selects.
func (db *DB) CoverageOf(ctx context.Context, by string, f review.CoverageFilter) ([]review.Coverage, error) {
	key, known := coverageKeys[by]
	if !known {
		return nil, fmt.Errorf("coverage is counted by jurisdiction or standard, not by %q: %w", by, corpus.ErrInvalid)
	}
	only := ""
	if f.Dossier != uuid.Nil {
		only = f.Dossier.String()
	}
	var out []review.Coverage
	err := db.read(ctx, "count the coverage", func(tx *sql.Tx) (err error) {
		out, err = coverage(ctx, tx, key, only, f)
		return err
	})
	return out, err
}

// coverage counts with one of coverageKeys.
func coverage(ctx context.Context, q querier, key, dossier string, f review.CoverageFilter) ([]review.Coverage, error) {
	rows, err := q.QueryContext(ctx, coverageQuery(key), dossier, string(f.Domain), f.Sector, f.Year, number(f.Binding))
	return collect(rows, err, func(r row) (review.Coverage, error) {
		var c review.Coverage
		return c, r.Scan(&c.From, &c.To, &c.Normative, &c.Proposed, &c.Opinion, &c.Confirmed, &c.Disputed,
			&c.Rejected, &c.Absent, &c.Suspect, &c.Accepted)
	})
}

// coverageQuery fills the placeholders, which come from tables of our own.
func coverageQuery(key string) string {
	ranks, fill := "CASE m.state", []string{"KEY", key, "OF", coverageOf}
	for _, s := range review.Telling {
		ranks += " WHEN '" + string(s) + "' THEN " + coverageRank(s)
		fill = append(fill, "{"+string(s)+"}", coverageRank(s))
	}
	return strings.NewReplacer(append(fill, "RANKS", ranks+" END")...).Replace(coverageSQL)
}
