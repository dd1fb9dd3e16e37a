package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// Match loads a match with its decisions, its dossier and the present digests of
// its clauses, or what a control poses under that id; see review.Records.
func (db *DB) Match(ctx context.Context, id uuid.UUID) (review.Match, review.Dossier, error) {
	var m review.Match
	var d review.Dossier
	err := db.read(ctx, "read a match", func(tx *sql.Tx) (err error) {
		m, d, err = matchOrControl(ctx, tx, id)
		return err
	})
	return m, d, err
}

// MatchesByID loads matches in the order of the ids; unknown ones are left out.
func (db *DB) MatchesByID(ctx context.Context, ids ...uuid.UUID) ([]review.Match, error) {
	wanted := make([]string, len(ids))
	for i, id := range ids {
		wanted[i] = id.String()
	}
	var out []review.Match
	err := db.read(ctx, "read matches", func(tx *sql.Tx) (err error) {
		out, _, err = loadMatches(ctx, tx, wanted)
		return err
	})
	return out, err
}

// loadMatch loads one match with its dossier.
func loadMatch(ctx context.Context, q querier, id uuid.UUID) (review.Match, review.Dossier, error) {
	found, dossiers, err := loadMatches(ctx, q, []string{id.String()})
	if err != nil {
		return review.Match{}, review.Dossier{}, err
	}
	if len(found) == 0 {
		return review.Match{}, review.Dossier{}, notFound("match", id)
	}
	return found[0], dossiers[found[0].Dossier], nil
}

// loadMatches loads matches whole, in the order of the ids, with the dossiers
// they belong to: a handful of queries for any number of matches. State, outcome
// and suspicion are derived, not read.
func loadMatches(ctx context.Context, q querier, ids []string) ([]review.Match, map[uuid.UUID]review.Dossier, error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	found, err := inBatches(ctx, q, "SELECT id, dossier, against, version, updated FROM matches WHERE id IN (?)", nil, ids, scanMatch)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[string]*review.Match, len(found))
	for i := range found {
		byID[found[i].ID.String()] = &found[i]
	}
	for _, load := range []func(context.Context, querier, []string, map[string]*review.Match) error{loadClauses, loadProposals, loadDecisions, loadMisreadings, loadReserved, loadAmended, loadTerms} {
		if err := load(ctx, q, ids, byID); err != nil {
			return nil, nil, err
		}
	}
	dossiers, err := dossiersOf(ctx, q, found)
	if err != nil {
		return nil, nil, err
	}
	out := make([]review.Match, 0, len(ids))
	for _, id := range ids {
		if m := byID[id]; m != nil {
			review.Derive(m, dossiers[m.Dossier])
			out = append(out, *m)
		}
	}
	return out, dossiers, returnComparisons(ctx, q, out)
}

// returnComparisons gives matches whose agreement counts on their present texts the
// comparison of these texts: where a text changed and came back, the newest one is
// of texts that nobody agreed on, and the one that was answered is kept beside it.
func returnComparisons(ctx context.Context, q querier, matches []review.Match) error {
	var ids []string
	byID := map[string]*review.Match{}
	for i := range matches {
		m := &matches[i]
		if m.Proposal != nil && m.State.Settled() && !m.Suspect && !m.Gone() && !m.Compared() {
			ids = append(ids, m.ID.String())
			byID[m.ID.String()] = m
		}
	}
	if len(ids) == 0 {
		return nil
	}
	type kept struct {
		match    string
		proposal matcher.Proposal
	}
	found, err := inBatches(ctx, q, "SELECT match, body FROM proposals WHERE match IN (?) ORDER BY match, version DESC", nil, ids, func(r row) (k kept, err error) {
		return k, r.Scan(&k.match, jsonColumn{&k.proposal})
	})
	for i := range found {
		m := byID[found[i].match]
		with := *m
		with.Proposal = &found[i].proposal
		if !m.Compared() && with.Compared() {
			m.Proposal = with.Proposal
		}
	}
	return err
}

func scanMatch(r row) (review.Match, error) {
	m := review.Match{Sources: []corpus.ClauseID{}, Targets: []corpus.ClauseID{}, Decisions: []review.Decision{}, Digests: map[corpus.ClauseID]corpus.Digest{}}
	return m, r.Scan(idColumn{&m.ID}, idColumn{&m.Dossier}, &m.Against, &m.Version, timeColumn{&m.Updated})
}

// loadClauses adds both sides and the present digests of clauses that are still
// in their standards.
func loadClauses(ctx context.Context, q querier, ids []string, into map[string]*review.Match) error {
	type end struct {
		match, side string
		clause      corpus.ClauseID
		digest      corpus.Digest
		removed     bool
	}
	ends, err := inBatches(ctx, q, `SELECT mc.match, mc.side, mc.clause, c.digest, c.removed
		FROM match_clauses mc JOIN clauses c ON c.id = mc.clause
		WHERE mc.match IN (?) ORDER BY mc.match, mc.side, mc.position`, nil, ids,
		func(r row) (e end, err error) { return e, r.Scan(&e.match, &e.side, &e.clause, &e.digest, &e.removed) })
	if err != nil {
		return err
	}
	for _, e := range ends {
		m := into[e.match]
		if e.side == sideA {
			m.Sources = append(m.Sources, e.clause)
		} else {
			m.Targets = append(m.Targets, e.clause)
		}
		if !e.removed {
			m.Digests[e.clause] = e.digest
		}
	}
	return nil
}

// The sides of a match in the database.
const (
	sideA = "a" // sources
	sideB = "b" // targets
)

// loadProposals adds the proposals that stand now.
func loadProposals(ctx context.Context, q querier, ids []string, into map[string]*review.Match) error {
	type standing struct {
		match    string
		proposal matcher.Proposal
	}
	found, err := inBatches(ctx, q, `SELECT p.match, p.body FROM proposals p JOIN matches m ON m.id = p.match AND m.proposed = p.version
		WHERE p.match IN (?)`, nil, ids, func(r row) (s standing, err error) {
		return s, r.Scan(&s.match, jsonColumn{&s.proposal})
	})
	if err != nil {
		return err
	}
	for i := range found {
		into[found[i].match].Proposal = &found[i].proposal
	}
	return nil
}

// loadDecisions adds all decisions in the order they were made.
func loadDecisions(ctx context.Context, q querier, ids []string, into map[string]*review.Match) error {
	found, err := inBatches(ctx, q, "SELECT "+decisionColumns+" FROM decisions WHERE match IN (?) ORDER BY seq", nil, ids, scanDecision)
	if err != nil {
		return err
	}
	for _, d := range found {
		m := into[d.Match.String()]
		m.Decisions = append(m.Decisions, d)
	}
	return nil
}

// dossiersOf loads the dossiers that matches belong to.
func dossiersOf(ctx context.Context, q querier, matches []review.Match) (map[uuid.UUID]review.Dossier, error) {
	var ids []string
	for _, m := range matches {
		ids = append(ids, m.Dossier.String())
	}
	slices.Sort(ids)
	found, err := loadDossiers(ctx, q, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]review.Dossier, len(found))
	for _, d := range found {
		out[d.ID] = d
	}
	return out, nil
}

// updateMatches writes version and derived copies of matches that are there
// already, and who has a standing opinion on them.
func updateMatches(ctx context.Context, c *changing, matches []review.Match) error {
	if len(matches) == 0 {
		return nil
	}
	ids := make([]string, len(matches))
	var rows, opinions [][]any
	for i, m := range matches {
		ids[i] = m.ID.String()
		verdict, aToB, bToA := outcomeColumns(m)
		rows = append(rows, []any{ids[i], m.Version, string(m.State), number(m.Suspect), number(m.Gone()), verdict, aToB, bToA, stamp(m.Updated)})
		for _, o := range m.Opinions() {
			opinions = append(opinions, []any{ids[i], o.Person.String(), string(o.Party)})
		}
	}
	n, err := affect(ctx, c, "WITH v (id, version, state, suspect, gone, verdict, a_to_b, b_to_a, updated) AS (", rows, `)
		UPDATE matches SET version = v.version, state = v.state, suspect = v.suspect, gone = v.gone,
			verdict = v.verdict, a_to_b = v.a_to_b, b_to_a = v.b_to_a, updated = v.updated
		FROM v WHERE matches.id = v.id AND matches.version < v.version`)
	if err != nil {
		return err
	}
	if n != int64(len(matches)) {
		return fmt.Errorf("%d of %d matches were written: %w", n, len(matches), corpus.ErrConflict)
	}
	if err := forget(ctx, c, "DELETE FROM match_opinions WHERE match IN (?)", ids); err != nil {
		return err
	}
	return insert(ctx, c.Tx, "INSERT INTO match_opinions (match, person, party)", "", opinions)
}

// outcomeColumns are the copies of an outcome to filter by.
func outcomeColumns(m review.Match) (verdict, aToB, bToA string) {
	if m.Outcome == nil {
		return "", "", ""
	}
	return string(m.Outcome.Verdict), string(m.Outcome.AToB.Answer), string(m.Outcome.BToA.Answer)
}

// affect runs a statement around a table of values, in batches, and counts the
// rows it changed.
func affect(ctx context.Context, c *changing, head string, rows [][]any, tail string) (int64, error) {
	var total int64
	most := max(1, maxParams/len(rows[0]))
	for start := 0; start < len(rows); start += most {
		part := rows[start:min(start+most, len(rows))]
		res, err := c.ExecContext(ctx, head+tuples(len(part), len(part[0]))+tail, flat(part)...)
		if err != nil {
			return total, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// forget runs a statement with "IN (?)" over ids, in batches.
func forget[ID ~string](ctx context.Context, c *changing, query string, ids []ID) error {
	for start := 0; start < len(ids); start += batch {
		part := ids[start:min(start+batch, len(ids))]
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = string(id)
		}
		if _, err := c.ExecContext(ctx, withParams(query, 1, len(part)), args...); err != nil {
			return err
		}
	}
	return nil
}

// dropDeadProposals deletes the matches that nobody answered and nobody made by
// hand, when one of their clauses has left its standard.
func dropDeadProposals(ctx context.Context, c *changing, gone []corpus.ClauseID) error {
	ids, err := inBatches(ctx, c.Tx, `SELECT DISTINCT m.id FROM match_clauses mc JOIN matches m ON m.id = mc.match
		WHERE mc.clause IN (?) AND m.proposed > 0
			AND NOT EXISTS (SELECT 1 FROM match_clauses x WHERE x.match = m.id AND x.position > 0) AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.match = m.id)`, nil, gone, scanString)
	if err != nil {
		return err
	}
	return deleteMatches(ctx, c, ids)
}

// deleteMatches deletes matches that nobody answered.
func deleteMatches(ctx context.Context, c *changing, ids []string) error {
	c.dropped = c.dropped || len(ids) > 0
	for _, query := range []string{"DELETE FROM proposals WHERE match IN (?)", "DELETE FROM match_clauses WHERE match IN (?)", "DELETE FROM matches WHERE id IN (?)"} {
		if err := forget(ctx, c, query, ids); err != nil {
			return err
		}
	}
	return nil
}
