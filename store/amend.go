package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// Amend lets change decide what becomes of a match, inside one transaction; see
// review.Records. When it returns without an error, the decision, its audit row
// and the match's new version are on the disk.
func (db *DB) Amend(ctx context.Context, id uuid.UUID, actor review.Person, change func(review.Match, review.Dossier) (review.Match, error)) (review.Match, error) {
	var stands review.Match
	err := db.write(ctx, "answer on match "+id.String(), func(c *changing) error {
		before, d, err := loadMatch(ctx, c.Tx, id)
		if errors.Is(err, corpus.ErrNotFound) {
			stands, err = c.amendControl(ctx, id, actor, change)
			return err
		}
		if err != nil {
			return err
		}
		stands = before
		after, err := change(before, d)
		if err != nil || after.Version == before.Version {
			return err
		}
		after, err = c.amend(ctx, before, after, d, actor)
		if err == nil {
			stands = after
		}
		return err
	})
	return stands, err
}

// amend writes what change added to a match.
func (c *changing) amend(ctx context.Context, before, after review.Match, d review.Dossier, actor review.Person) (review.Match, error) {
	made, err := c.addAnswers(ctx, before, after, insertDecision, func(made review.Decision, version int) []any {
		c.note(actor.ID.String(), decisionAction(made.Kind), before.ID.String(), version, made)
		return nil
	})
	if err != nil {
		return before, err
	}
	after.Decisions = append(after.Decisions[:len(before.Decisions):len(before.Decisions)], made...)
	after.Updated = c.now
	review.Derive(&after, d)
	return after, updateMatches(ctx, c, []review.Match{after})
}

// addAnswers numbers and writes what change added to a match, or to a control as
// its person meets it, and returns it as it is kept. note hears of each with its
// version and gives the columns that its table has besides.
func (c *changing) addAnswers(ctx context.Context, before, after review.Match, into string, note func(made review.Decision, version int) []any) ([]review.Decision, error) {
	added, err := addedDecisions(before, after)
	if err != nil {
		return nil, err
	}
	seq, err := lastDecision(ctx, c.Tx)
	if err != nil {
		return nil, err
	}
	out := make([]review.Decision, len(added))
	var rows [][]any
	for i, made := range added {
		made = canonical(made)
		made.Match, made.Seq = before.ID, seq+int64(i)+1
		version := before.Version + i + 1
		r, err := decisionRow(made, version)
		if err != nil {
			return nil, err
		}
		rows = append(rows, append(r, note(made, version)...))
		out[i] = made
	}
	if err := insert(ctx, c.Tx, into, "", rows); isUnique(err) {
		return nil, fmt.Errorf("this answer was sent before, for another match: %w: %w", corpus.ErrConflict, err)
	} else if err != nil {
		return nil, err
	}
	return out, nil
}

// addedDecisions are those that change added, or an error where it did anything
// else.
func addedDecisions(before, after review.Match) ([]review.Decision, error) {
	n := len(before.Decisions)
	added := len(after.Decisions) - n
	if added < 1 || after.Version != before.Version+added || !slices.EqualFunc(before.Decisions, after.Decisions[:n], sameDecision) {
		return nil, fmt.Errorf("decisions are only added to a match, each with a version: %w", corpus.ErrInvalid)
	}
	return after.Decisions[n:], nil
}

// decisionAction is how the audit names a kind of decision.
func decisionAction(k review.DecisionKind) string { return "decision." + string(k) }

// sameDecision tells whether a decision was left as it is.
func sameDecision(a, b review.Decision) bool { return a.ID == b.ID && a.Seq == b.Seq }

// Absent finds or makes the match without targets; see review.Records.
func (db *DB) Absent(ctx context.Context, dossierID uuid.UUID, sources []corpus.ClauseID, against corpus.StandardID) (review.Match, error) {
	var out review.Match
	err := db.write(ctx, "ask for a counterpart in "+string(against), func(c *changing) error {
		pair := pairKey(sources, nil, against)
		known, err := inBatches(ctx, c.Tx, "SELECT id FROM matches WHERE dossier = $1 AND pair IN (?)", []any{dossierID.String()}, []string{pair}, scanString)
		if err != nil {
			return err
		}
		if len(known) > 0 {
			found, _, err := loadMatches(ctx, c.Tx, known)
			if err == nil {
				out = found[0]
			}
			return err
		}
		out, err = c.newMatch(ctx, review.Match{Dossier: dossierID, Sources: sources, Against: against}, "system", "match.asked")
		return err
	})
	return out, err
}

// NewMatch makes a match by hand: any number of sources of one standard against
// any number of targets of another, on different sides of the dossier. Without
// targets, Against says which standard is meant. A comparison that m brings is
// kept with it, unless a text has changed since. corpus.ErrConflict when there
// is a match of the same clauses already.
func (db *DB) NewMatch(ctx context.Context, m review.Match, actor review.Person) (review.Match, error) {
	if !actor.May(review.ActionReview) {
		return review.Match{}, corpus.Refuse(corpus.ErrForbidden, "role-matches", "your role does not make matches")
	}
	var out review.Match
	err := db.write(ctx, "make a match", func(c *changing) (err error) {
		d, err := dossier(ctx, c.Tx, m.Dossier)
		if err != nil {
			return err
		}
		if d.Closed || !d.TakesPart(actor.Party) {
			return corpus.Refuse(corpus.ErrForbidden, "dossier-not-yours", "the dossier {dossier} is closed or not yours", "dossier", d.Name)
		}
		out, err = c.newMatch(ctx, m, actor.ID.String(), "match.made")
		return err
	})
	return out, err
}

// maxSide is how many clauses one side of a match may have.
const maxSide = 50

// comparisonOf is the comparison of a match that is to be made as a row of the
// table, nil when it comes without one or a text changed since it was compared.
func (c *changing) comparisonOf(ctx context.Context, m review.Match) ([]any, error) {
	if m.Proposal == nil {
		return nil, nil
	}
	source, target := m.Proposal.Sides()
	if !slices.Equal(matcher.ClausesOf(source), m.Sources) || !slices.Equal(matcher.ClausesOf(target), m.Targets) {
		return nil, fmt.Errorf("the comparison %s to %s is not of the clauses of the match: %w", m.Proposal.Source, m.Proposal.Target, corpus.ErrInvalid)
	}
	known, err := places(ctx, c.Tx, m.Clauses())
	if err != nil || !standsNow(*m.Proposal, known) {
		return nil, err
	}
	body, digest, err := proposalBody(*m.Proposal)
	return []any{m.ID.String(), 1, m.Proposal.Model, digest, body}, err
}

// newMatch writes a match, with the comparison it comes with, and reads it back.
func (c *changing) newMatch(ctx context.Context, m review.Match, actor, action string) (review.Match, error) {
	d, err := dossier(ctx, c.Tx, m.Dossier)
	if err != nil {
		return review.Match{}, err
	}
	if len(m.Targets) > 0 {
		m.Against = m.Targets[0].Standard()
	}
	position, err := c.checkSides(ctx, d, m)
	if err != nil {
		return review.Match{}, err
	}
	if m.ID, err = newID(); err != nil {
		return review.Match{}, err
	}
	m.Updated = c.now
	on, err := c.comparisonOf(ctx, m)
	if err != nil {
		return review.Match{}, err
	}
	confidence, proposed := 0.0, 0
	if on != nil {
		confidence, proposed = m.Proposal.Confidence, 1
	}
	err = insert(ctx, c.Tx, insertMatch, "", [][]any{matchRow(m, pairKey(m.Sources, m.Targets, m.Against), position, confidence, proposed)})
	if isUnique(err) {
		return review.Match{}, corpus.Refuse(corpus.ErrConflict, "match-exists", "there is a match of these clauses already")
	}
	if err != nil {
		return review.Match{}, err
	}
	if err := insert(ctx, c.Tx, insertMatchClause, "", clauseRows(m)); err != nil {
		return review.Match{}, err
	}
	if on != nil {
		if err := insert(ctx, c.Tx, insertProposal, "", [][]any{on}); err != nil {
			return review.Match{}, err
		}
	}
	c.note(actor, action, m.ID.String(), 1, struct {
		Dossier          uuid.UUID
		Sources, Targets []corpus.ClauseID
		Against          corpus.StandardID
	}{m.Dossier, m.Sources, m.Targets, m.Against})
	out, _, err := loadMatch(ctx, c.Tx, m.ID)
	return out, err
}

// checkSides refuses sides that are empty, too long, repeated, gone, mixed or
// not facing each other, and finds the place of the first source.
func (c *changing) checkSides(ctx context.Context, d review.Dossier, m review.Match) (int, error) {
	if len(m.Sources) == 0 || len(m.Sources) > maxSide || len(m.Targets) > maxSide {
		return 0, fmt.Errorf("a match has 1 to %d sources and up to %d targets: %w", maxSide, maxSide, corpus.ErrInvalid)
	}
	if err := facing(d, m.Sources[0].Standard(), m.Against); err != nil {
		return 0, err
	}
	known, err := places(ctx, c.Tx, m.Clauses())
	if err != nil {
		return 0, err
	}
	position := -1
	seen := map[corpus.ClauseID]bool{}
	for i, id := range m.Clauses() {
		standard := m.Sources[0].Standard()
		if i >= len(m.Sources) {
			standard = m.Against
		}
		p, there := known[id]
		switch {
		case !there || p.removed:
			return 0, notFound("clause", id)
		case seen[id] || id.Standard() != standard:
			return 0, fmt.Errorf("each side of a match names different clauses of one standard, %s does not fit: %w", id, corpus.ErrInvalid)
		case i < len(m.Sources) && (position < 0 || p.position < position):
			position = p.position
		}
		seen[id] = true
	}
	return position, nil
}
