package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// sealedPosition is a version with what its audit row is made from.
type sealedPosition struct {
	review.Position
	salt string
}

const positionColumns = "x.dossier, x.match, x.party, x.version, x.want, x.fallback, x.red_line, x.priority, x.settled, x.person, x.at, x.salt"

func scanPosition(r row) (sealedPosition, error) {
	var x sealedPosition
	return x, r.Scan(idColumn{&x.Dossier}, idColumn{&x.Match}, &x.Party, &x.Version, &x.Want, &x.Fallback, &x.RedLine, &x.Priority, &x.Settled,
		idColumn{&x.Person}, timeColumn{&x.At}, &x.salt)
}

// object is what the audit names: the match, or the dossier.
func (x sealedPosition) object() string {
	if x.Match != uuid.Nil {
		return x.Match.String()
	}
	return x.Dossier.String()
}

// payload is what the audit row of a version is the digest of. The salt, which
// never leaves, keeps the words from being guessed from it (RELIABILITY.md 4.9).
func (x sealedPosition) payload() any {
	return []any{x.salt, x.Dossier, x.Match, x.Party, x.Want, x.Fallback, x.RedLine, x.Priority, x.Settled}
}

// matchKey is how a position names its match.
func matchKey(match uuid.UUID) string {
	if match == uuid.Nil {
		return ""
	}
	return match.String()
}

// SavePosition keeps another version of a party's position on a match or a dossier,
// with an audit row that does not hold its words. Errors as of review.NextPosition;
// corpus.ErrNotFound when the dossier has no such match. Words that are kept already
// make no version.
func (db *DB) SavePosition(ctx context.Context, ask review.Position, actor review.Person) (review.Position, error) {
	var out review.Position
	err := db.write(ctx, "keep a position", func(c *changing) error {
		d, err := dossier(ctx, c.Tx, ask.Dossier)
		if err != nil {
			return err
		}
		if ask.Match, err = matchBehind(ctx, c.Tx, ask.Match); err != nil {
			return err
		}
		if ask.Match != uuid.Nil {
			m, _, err := loadMatch(ctx, c.Tx, ask.Match)
			if err != nil {
				return err
			}
			if m.Dossier != d.ID {
				return notFound("match", ask.Match)
			}
		}
		kept, err := lastPosition(ctx, c.Tx, d.ID, ask.Match, actor.Party)
		if err != nil {
			return err
		}
		if out, err = review.NextPosition(d, kept, ask, actor, c.now); err != nil {
			return err
		}
		if out.SameWords(kept) {
			out = kept
			return nil
		}
		x := sealedPosition{out, rand.Text()}
		c.note(actor.ID.String(), "position.changed", x.object(), x.Version, x.payload())
		return insert(ctx, c.Tx, "INSERT INTO positions (dossier, match, party, version, want, fallback, red_line, priority, settled, person, at, salt)", "", [][]any{{
			x.Dossier.String(), matchKey(x.Match), string(x.Party), x.Version, x.Want, x.Fallback, x.RedLine, string(x.Priority), x.Settled, x.Person.String(), stamp(x.At), x.salt}})
	})
	return out, err
}

// lastPosition is the version that counts, the zero Position for none.
func lastPosition(ctx context.Context, q querier, dossier, match uuid.UUID, party review.Party) (review.Position, error) {
	r := q.QueryRowContext(ctx, "SELECT "+positionColumns+" FROM positions x WHERE dossier = $1 AND match = $2 AND party = $3 ORDER BY version DESC LIMIT 1",
		dossier.String(), matchKey(match), string(party))
	x, err := one(r, scanPosition, "position", match)
	if errors.Is(err, corpus.ErrNotFound) {
		return review.Position{}, nil
	}
	return x.Position, err
}

// Positions lists what review.PositionsShown leaves a person of a dossier's
// positions, as they are now: first that on the dossier, then those on its matches
// in the order of their source clauses, with their clauses. Those that were emptied
// are left out.
func (db *DB) Positions(ctx context.Context, dossierID uuid.UUID, p review.Person) ([]review.Position, error) {
	list, err := db.positions(ctx, dossierID, p, `LEFT JOIN matches m ON m.id = x.match
		WHERE x.dossier = $1 AND x.version = (SELECT MAX(y.version) FROM positions y WHERE y.dossier = x.dossier AND y.party = x.party AND y.match = x.match)
		AND x.want || x.fallback || x.red_line <> '' ORDER BY x.match <> '', m.id IS NULL, m.source_standard, m.position, x.match`)
	return list, err
}

// PositionVersions lists every version of the position that a person's party has on
// a match, or with uuid.Nil on the dossier, the latest first, through the same gate.
func (db *DB) PositionVersions(ctx context.Context, dossierID, match uuid.UUID, p review.Person) ([]review.Position, error) {
	out, err := db.positions(ctx, dossierID, p, `WHERE x.dossier = $1 AND x.match = COALESCE((SELECT k.match FROM controls k WHERE k.id = $2), $2)
		ORDER BY x.version DESC`, matchKey(match))
	for i := range out {
		out[i].Match = match // as it was asked for
	}
	return out, err
}

// positions reads positions of a dossier and lets through what the person may see.
func (db *DB) positions(ctx context.Context, dossierID uuid.UUID, p review.Person, rest string, args ...any) ([]review.Position, error) {
	var out []review.Position
	err := db.read(ctx, "list positions", func(tx *sql.Tx) error {
		d, err := dossier(ctx, tx, dossierID)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT "+positionColumns+" FROM positions x "+rest, append([]any{d.ID.String()}, args...)...)
		all, err := collect(rows, err, func(r row) (review.Position, error) {
			x, err := scanPosition(r)
			return x.Position, err
		})
		if err != nil {
			return err
		}
		out = review.PositionsShown(all, d, p)
		return placePositions(ctx, tx, out)
	})
	return out, err
}

// placePositions sets the clauses of the matches that positions are about.
func placePositions(ctx context.Context, q querier, list []review.Position) error {
	at := map[string][]*review.Position{}
	var ids []string
	for i := range list {
		if key := matchKey(list[i].Match); key != "" {
			if at[key] == nil {
				ids = append(ids, key)
			}
			at[key] = append(at[key], &list[i])
		}
	}
	type place struct {
		match, side string
		clause      corpus.ClauseID
	}
	found, err := inBatches(ctx, q, "SELECT match, side, clause FROM match_clauses WHERE match IN (?) ORDER BY match, side, position", nil, ids,
		func(r row) (p place, err error) { return p, r.Scan(&p.match, &p.side, &p.clause) })
	for _, p := range found {
		for _, x := range at[p.match] {
			if p.side == "a" {
				x.Sources = append(x.Sources, p.clause)
			} else {
				x.Targets = append(x.Targets, p.clause)
			}
		}
	}
	return err
}

// checkPositions compares positions with the audit rows that were written with them.
func checkPositions(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT "+positionColumns+" FROM positions x ORDER BY x.dossier, x.party, x.match, x.version")
	found, err := collect(rows, err, scanPosition)
	if err != nil {
		return err
	}
	trail, err := tracedBy(ctx, q, "positions", "actor || ' ' || object || ' ' || version", "position.changed")
	if err != nil {
		return err
	}
	for _, x := range found {
		there, err := trail.row(fmt.Sprintf("%s %s %d", x.Person, x.object(), x.Version), x.payload())
		if err != nil {
			return err
		}
		if !there {
			r.problem("version %d of a position on %s was changed or has no audit row", x.Version, x.object())
		}
	}
	trail.done(r)
	return nil
}
