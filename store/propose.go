package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// pairKey is the fingerprint of what a match relates; the order within a side
// makes no difference.
func pairKey(sources, targets []corpus.ClauseID, against corpus.StandardID) string {
	var b strings.Builder
	for _, side := range [][]corpus.ClauseID{sources, targets} {
		ids := slices.Clone(side)
		slices.Sort(ids)
		for _, id := range ids {
			b.WriteString(string(id))
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
	b.WriteString(string(against))
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}

// Propose keeps proposals for a dossier, one match for each pair of clauses. A
// pair nobody answered takes the newer proposal. An answered one keeps the
// proposal it was answered on, until a text changes and makes it suspect; so a
// rejected pair does not come back by itself. Proposals on texts that changed
// since they were read are left out, and so is all but the first of a pair.
// A comparison of a set renews the match that a person put together, and makes none;
// one that was answered before it was ever compared takes it.
// Errors: corpus.ErrNotFound for an unknown dossier or clause,
// corpus.ErrInvalid for clauses that do not face each other in the dossier.
func (db *DB) Propose(ctx context.Context, dossierID uuid.UUID, proposals []matcher.Proposal) (added, refreshed int, err error) {
	if len(proposals) == 0 {
		return 0, 0, nil
	}
	err = db.write(ctx, "keep proposals", func(c *changing) error {
		added, refreshed = 0, 0
		d, err := dossier(ctx, c.Tx, dossierID)
		if err != nil {
			return err
		}
		fresh, err := offered(ctx, c.Tx, d, proposals)
		if err != nil {
			return err
		}
		created, renewed, err := sortOffers(ctx, c.Tx, d, fresh)
		if err != nil {
			return err
		}
		if err := insertOffers(ctx, c, d, created); err != nil {
			return err
		}
		if err := renewOffers(ctx, c, renewed); err != nil {
			return err
		}
		added, refreshed = len(created), len(renewed)
		if added+refreshed > 0 {
			c.note("system", "matches.proposed", d.ID.String(), 0, struct {
				Added, Refreshed []string
			}{fingerprints(created), fingerprints(renewed)})
		}
		return nil
	})
	return added, refreshed, err
}

// offer is a proposal on its way into the database.
type offer struct {
	proposal matcher.Proposal
	pair     string
	body     string // JSON
	digest   string // of body
	position int    // of the source
	set      bool   // of several clauses, which only a person puts together
	match    string // of the match it renews
	version  int    // that the match will have
}

// fingerprints lists what was offered, for the audit.
func fingerprints(offers []offer) []string {
	out := make([]string, len(offers))
	for i, o := range offers {
		out[i] = o.pair + " " + o.digest
	}
	return out
}

// place is what proposals need to know of a clause.
type place struct {
	id       corpus.ClauseID
	digest   corpus.Digest
	position int
	removed  bool
}

// places reads clauses' places and digests.
func places(ctx context.Context, q querier, ids []corpus.ClauseID) (map[corpus.ClauseID]place, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	found, err := inBatches(ctx, q, "SELECT id, digest, position, removed FROM clauses WHERE id IN (?)", nil, slices.Compact(ids), func(r row) (p place, err error) {
		return p, r.Scan(&p.id, &p.digest, &p.position, &p.removed)
	})
	if err != nil {
		return nil, err
	}
	out := make(map[corpus.ClauseID]place, len(found))
	for _, p := range found {
		out[p.id] = p
	}
	return out, nil
}

// offered checks proposals against the dossier and the present texts.
func offered(ctx context.Context, q querier, d review.Dossier, proposals []matcher.Proposal) ([]offer, error) {
	var ids []corpus.ClauseID
	for _, p := range proposals {
		source, target := p.Sides()
		ids = slices.Concat(ids, matcher.ClausesOf(source), matcher.ClausesOf(target))
	}
	known, err := places(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []offer
	seen := map[string]bool{}
	for _, p := range proposals {
		source, target := p.Sides()
		sources, targets := matcher.ClausesOf(source), matcher.ClausesOf(target)
		for _, id := range slices.Concat(sources, targets) {
			if _, there := known[id]; !there {
				return nil, notFound("clause", id)
			}
		}
		if err := facing(d, p.Source.Standard(), p.Target.Standard()); err != nil {
			return nil, err
		}
		pair := pairKey(sources, targets, p.Target.Standard())
		if seen[pair] || !standsNow(p, known) {
			continue
		}
		seen[pair] = true
		body, digest, err := proposalBody(p)
		if err != nil {
			return nil, err
		}
		out = append(out, offer{proposal: p, pair: pair, body: body, digest: digest, position: known[sources[0]].position, set: len(sources)+len(targets) > 2})
	}
	return out, nil
}

// standsNow tells whether a proposal was made on texts that stand now.
func standsNow(p matcher.Proposal, known map[corpus.ClauseID]place) bool {
	return p.Reads(func(id corpus.ClauseID) corpus.Digest {
		if known[id].removed {
			return ""
		}
		return known[id].digest
	})
}

// proposalBody is a proposal as it is kept, with its fingerprint.
func proposalBody(p matcher.Proposal) (body, digest string, err error) {
	if body, err = asJSON(p); err != nil {
		return "", "", fmt.Errorf("proposal %s to %s: %w: %w", p.Source, p.Target, corpus.ErrInvalid, err)
	}
	sum := sha256.Sum256([]byte(body))
	return body, hex.EncodeToString(sum[:16]), nil
}

// facing tells whether two standards stand on different sides of a dossier.
func facing(d review.Dossier, source, target corpus.StandardID) error {
	sideOf := func(id corpus.StandardID) int {
		for i, s := range d.Sides {
			if slices.Contains(s.Standards, id) {
				return i
			}
		}
		return -1
	}
	a, b := sideOf(source), sideOf(target)
	if a < 0 || b < 0 || a == b {
		return fmt.Errorf("%s and %s are not on different sides of the dossier %s: %w", source, target, d.Name, corpus.ErrInvalid)
	}
	return nil
}

// sortOffers tells the new pairs from those whose proposal is to be replaced.
func sortOffers(ctx context.Context, q querier, d review.Dossier, offers []offer) (created, renewed []offer, err error) {
	type standing struct {
		id, pair, digest string
		version          int
		keeps            bool
	}
	pairs := make([]string, len(offers))
	for i, o := range offers {
		pairs[i] = o.pair
	}
	found, err := inBatches(ctx, q, `SELECT m.id, m.pair, COALESCE(p.digest, ''), m.version,
			CASE WHEN p.digest IS NOT NULL AND m.suspect = 0 AND EXISTS (SELECT 1 FROM decisions d WHERE d.match = m.id) THEN 1 ELSE 0 END
		FROM matches m LEFT JOIN proposals p ON p.match = m.id AND p.version = m.proposed
		WHERE m.dossier = $1 AND m.pair IN (?)`, []any{d.ID.String()}, pairs, func(r row) (s standing, err error) {
		return s, r.Scan(&s.id, &s.pair, &s.digest, &s.version, &s.keeps)
	})
	if err != nil {
		return nil, nil, err
	}
	known := make(map[string]standing, len(found))
	for _, s := range found {
		known[s.pair] = s
	}
	for _, o := range offers {
		s, there := known[o.pair]
		switch {
		case !there && o.set: // withdrawn meanwhile
		case !there:
			created = append(created, o)
		case !s.keeps && s.digest != o.digest:
			o.match, o.version = s.id, s.version+1
			renewed = append(renewed, o)
		}
	}
	return created, renewed, nil
}

// insertMatch is the statement around matchRow.
const insertMatch = `INSERT INTO matches (id, dossier, pair, source_standard, position, against, version, state, suspect, gone,
	verdict, a_to_b, b_to_a, confidence, uncertainty, proposed, updated)`

// matchRow is a match nobody has answered as a row of the table.
func matchRow(m review.Match, pair string, position int, confidence float64, proposed int) []any {
	return []any{m.ID.String(), m.Dossier.String(), pair, string(m.Sources[0].Standard()), position, string(m.Against), 1, string(review.StateProposed), 0, 0,
		"", "", "", confidence, math.Abs(confidence - 0.5), proposed, stamp(m.Updated)}
}

// clauseRows are a match's clauses as rows of match_clauses.
func clauseRows(m review.Match) [][]any {
	var rows [][]any
	for side, ids := range map[string][]corpus.ClauseID{sideA: m.Sources, sideB: m.Targets} {
		for i, id := range ids {
			rows = append(rows, []any{m.ID.String(), side, i, string(id)})
		}
	}
	return rows
}

const insertMatchClause = "INSERT INTO match_clauses (match, side, position, clause)"

const insertProposal = "INSERT INTO proposals (match, version, model, digest, body)"

// insertOffers makes a match for each new pair.
func insertOffers(ctx context.Context, c *changing, d review.Dossier, offers []offer) error {
	var matches, clauses, proposals [][]any
	for _, o := range offers {
		id, err := newID()
		if err != nil {
			return err
		}
		p := o.proposal
		m := review.Match{ID: id, Dossier: d.ID, Sources: []corpus.ClauseID{p.Source}, Targets: []corpus.ClauseID{p.Target}, Against: p.Target.Standard(), Updated: c.now}
		matches = append(matches, matchRow(m, o.pair, o.position, p.Confidence, 1))
		clauses = append(clauses, clauseRows(m)...)
		proposals = append(proposals, []any{id.String(), 1, p.Model, o.digest, o.body})
	}
	if err := insert(ctx, c.Tx, insertMatch, "", matches); err != nil {
		return err
	}
	if err := insert(ctx, c.Tx, insertMatchClause, "", clauses); err != nil {
		return err
	}
	return insert(ctx, c.Tx, insertProposal, "", proposals)
}

// renewOffers gives matches a newer proposal. The one before goes, unless
// somebody answered on it.
func renewOffers(ctx context.Context, c *changing, offers []offer) error {
	if len(offers) == 0 {
		return nil
	}
	ids := make([]string, len(offers))
	var updates, proposals [][]any
	for i, o := range offers {
		ids[i] = o.match
		p := o.proposal
		updates = append(updates, []any{o.match, o.version, p.Confidence, math.Abs(p.Confidence - 0.5), stamp(c.now)})
		proposals = append(proposals, []any{o.match, o.version, p.Model, o.digest, o.body})
	}
	if err := forget(ctx, c, `DELETE FROM proposals WHERE match IN (?)
		AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.match = proposals.match)`, ids); err != nil {
		return err
	}
	if err := insert(ctx, c.Tx, insertProposal, "", proposals); err != nil {
		return err
	}
	_, err := affect(ctx, c, "WITH v (id, version, confidence, uncertainty, updated) AS (", updates, `)
		UPDATE matches SET version = v.version, proposed = v.version, confidence = v.confidence, uncertainty = v.uncertainty, updated = v.updated
		FROM v WHERE matches.id = v.id`)
	return err
}
