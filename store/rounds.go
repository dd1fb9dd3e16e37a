package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// FreezeRound freezes what is agreed in a dossier now, in one transaction with its
// audit rows and the first signature. The same name for the same content gives
// the round there is; corpus.ErrConflict when the name belongs to other content,
// or when nothing changed since the last round. Other errors as of review.Freeze.
func (db *DB) FreezeRound(ctx context.Context, dossierID uuid.UUID, name string, p review.Person) (review.Frozen, error) {
	var out review.Frozen
	err := db.write(ctx, "freeze a round", func(c *changing) error {
		draft, err := draftRound(ctx, c.Tx, dossierID)
		if err != nil {
			return err
		}
		seq, hash, err := head(ctx, c.Tx)
		if err != nil {
			return err
		}
		before, err := roundHeads(ctx, c.Tx, dossierID)
		if err != nil {
			return err
		}
		round, err := review.Freeze(draft, len(before)+1, name, p, c.now, review.Checkpoint{Seq: seq, Hash: hash})
		if err != nil {
			return err
		}
		content, err := round.Content()
		if err != nil {
			return err
		}
		for _, b := range before {
			if b.name == round.Name && b.content == content {
				out, err = loadRound(ctx, c.Tx, dossierID, b.number)
				return err
			}
			if b.name == round.Name {
				return corpus.Refuse(corpus.ErrConflict, "round-name", "round {number} of this dossier has the name {name} already, choose another", "number", b.number, "name", b.name)
			}
		}
		if n := len(before); n > 0 && before[n-1].content == content {
			return corpus.Refuse(corpus.ErrConflict, "round-unchanged", "nothing was agreed or changed since round {number}, {name}", "number", n, "name", before[n-1].name)
		}
		out, err = c.newRound(ctx, round, content, p)
		return err
	})
	return out, err
}

// newRound writes a round, its first signature and its audit rows.
func (c *changing) newRound(ctx context.Context, r review.Round, content string, p review.Person) (review.Frozen, error) {
	body, err := r.Canonical()
	if err != nil {
		return review.Frozen{}, err
	}
	checksum := review.Checksum(body)
	_, err = c.ExecContext(ctx, "INSERT INTO rounds (dossier, number, name, content, checksum, body) VALUES ($1, $2, $3, $4, $5, $6)",
		r.Dossier.ID.String(), r.Number, r.Name, content, checksum, string(body))
	if err != nil {
		return review.Frozen{}, err
	}
	c.note(p.ID.String(), "round.frozen", r.Dossier.ID.String(), r.Number, checksum)
	if err := c.sign(ctx, r.Dossier.ID, r.Number, checksum, p); err != nil {
		return review.Frozen{}, err
	}
	return loadRound(ctx, c.Tx, r.Dossier.ID, r.Number)
}

// sign writes a person's name under a round.
func (c *changing) sign(ctx context.Context, dossier uuid.UUID, number int, checksum string, p review.Person) error {
	_, err := c.ExecContext(ctx, "INSERT INTO round_signatures (dossier, number, party, person, name, at) VALUES ($1, $2, $3, $4, $5, $6)",
		dossier.String(), number, string(p.Party), p.ID.String(), p.Name, stamp(c.now))
	c.note(p.ID.String(), "round.signed", dossier.String(), number, checksum)
	return err
}

// SignRound puts a person's name under a round for their party. The checksum says
// what they have read; corpus.ErrConflict when the round has another. A party that
// has signed already signs once: the round comes back as it is.
func (db *DB) SignRound(ctx context.Context, dossier uuid.UUID, number int, checksum string, p review.Person) (review.Frozen, error) {
	var out review.Frozen
	err := db.write(ctx, "sign a round", func(c *changing) error {
		f, err := loadRound(ctx, c.Tx, dossier, number)
		if err != nil {
			return err
		}
		if err := review.MayFreeze(f.Round.Dossier, p); err != nil {
			return err
		}
		if f.Checksum != checksum {
			return corpus.Refuse(corpus.ErrConflict, "round-checksum", "round {number} has the checksum {checksum}, not the one you read", "number", number, "checksum", f.Checksum)
		}
		if !slices.ContainsFunc(f.Signatures, func(s review.Signature) bool { return s.Party == p.Party }) {
			if err := c.sign(ctx, dossier, number, checksum, p); err != nil {
				return err
			}
		}
		out, err = loadRound(ctx, c.Tx, dossier, number)
		return err
	})
	return out, err
}

// DraftRound is what would be frozen now: a round with number 0.
func (db *DB) DraftRound(ctx context.Context, dossier uuid.UUID) (review.Round, error) {
	var out review.Round
	err := db.read(ctx, "draft a round", func(tx *sql.Tx) (err error) {
		out, err = draftRound(ctx, tx, dossier)
		return err
	})
	return out, err
}

// Round returns one frozen round; corpus.ErrNotFound when there is none. A round
// that does not fit its checksum is refused with ErrDamaged.
func (db *DB) Round(ctx context.Context, dossier uuid.UUID, number int) (review.Frozen, error) {
	var out review.Frozen
	err := db.read(ctx, "read a round", func(tx *sql.Tx) (err error) {
		out, err = loadRound(ctx, tx, dossier, number)
		return err
	})
	return out, err
}

// Rounds lists the rounds of a dossier, first one first, whole.
func (db *DB) Rounds(ctx context.Context, dossierID uuid.UUID) ([]review.Frozen, error) {
	var out []review.Frozen
	err := db.read(ctx, "list the rounds", func(tx *sql.Tx) error {
		if _, err := dossier(ctx, tx, dossierID); err != nil {
			return err
		}
		heads, err := roundHeads(ctx, tx, dossierID)
		if err != nil {
			return err
		}
		for _, h := range heads {
			f, err := loadRound(ctx, tx, dossierID, h.number)
			if err != nil {
				return err
			}
			out = append(out, f)
		}
		return nil
	})
	return out, err
}

// RoundNames lists the rounds of a dossier, first one first, with number, name and time
// alone.
func (db *DB) RoundNames(ctx context.Context, dossier uuid.UUID) ([]review.Round, error) {
	var out []review.Round
	err := db.read(ctx, "name the rounds", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT r.number, r.name, MIN(s.at) FROM rounds r JOIN round_signatures s ON s.dossier = r.dossier AND s.number = r.number
			WHERE r.dossier = $1 GROUP BY r.number, r.name ORDER BY r.number`, dossier.String())
		out, err = collect(rows, err, func(r row) (f review.Round, err error) { return f, r.Scan(&f.Number, &f.Name, timeColumn{&f.At}) })
		return err
	})
	return out, err
}

// roundHead is what tells rounds apart.
type roundHead struct {
	number        int
	name, content string
}

// roundHeads lists the rounds of a dossier in order.
func roundHeads(ctx context.Context, q querier, dossier uuid.UUID) ([]roundHead, error) {
	rows, err := q.QueryContext(ctx, "SELECT number, name, content FROM rounds WHERE dossier = $1 ORDER BY number", dossier.String())
	return collect(rows, err, func(r row) (h roundHead, err error) { return h, r.Scan(&h.number, &h.name, &h.content) })
}

// loadRound reads a round and checks it against its checksum.
func loadRound(ctx context.Context, q querier, dossier uuid.UUID, number int) (review.Frozen, error) {
	type stored struct{ checksum, body string }
	r := q.QueryRowContext(ctx, "SELECT checksum, body FROM rounds WHERE dossier = $1 AND number = $2", dossier.String(), number)
	s, err := one(r, func(r row) (s stored, err error) { return s, r.Scan(&s.checksum, &s.body) }, "round", number)
	if err != nil {
		return review.Frozen{}, err
	}
	round, err := review.ReadRound([]byte(s.body), s.checksum)
	if err != nil {
		return review.Frozen{}, fmt.Errorf("round %d of dossier %s: %w: %w", number, dossier, ErrDamaged, err)
	}
	rows, err := q.QueryContext(ctx, `SELECT person, name, party, at FROM round_signatures
		WHERE dossier = $1 AND number = $2 ORDER BY at, party`, dossier.String(), number)
	signatures, err := collect(rows, err, func(r row) (g review.Signature, err error) {
		return g, r.Scan(idColumn{&g.Person}, &g.Name, &g.Party, timeColumn{&g.At})
	})
	return review.Frozen{Round: round, Checksum: s.checksum, Signatures: signatures}, err
}

// draftRound gathers what is agreed, with its texts, within one transaction.
func draftRound(ctx context.Context, q querier, id uuid.UUID) (review.Round, error) {
	d, err := dossier(ctx, q, id)
	if err != nil {
		return review.Round{}, err
	}
	rows, err := q.QueryContext(ctx, "SELECT id FROM matches WHERE dossier = $1 ORDER BY source_standard, position, id", id.String())
	ids, err := collect(rows, err, scanString)
	if err != nil {
		return review.Round{}, err
	}
	matches, _, err := loadMatches(ctx, q, ids)
	if err != nil {
		return review.Round{}, err
	}
	r := review.Draft(d, matches)
	var wanted []corpus.ClauseID
	for _, m := range r.Matches {
		wanted = append(wanted, m.Clauses()...)
	}
	slices.Sort(wanted)
	r.Clauses, err = inBatches(ctx, q, "SELECT "+clauseColumns+" FROM clauses c WHERE c.id IN (?)", nil, slices.Compact(wanted), scanClause)
	if err != nil {
		return review.Round{}, err
	}
	corpus.SortRows(r.Clauses, func(a, b corpus.Clause) int { return strings.Compare(string(a.ID), string(b.ID)) })
	all, err := reservations(ctx, q, d.ID)
	if err != nil {
		return review.Round{}, err
	}
	r.Reservations = review.Reserved(all, r.Matches)
	for _, side := range d.Sides {
		for _, standard := range side.Standards {
			h, err := holding(ctx, q, standard)
			if err != nil {
				return review.Round{}, err
			}
			r.Standards = append(r.Standards, h.Standard)
		}
	}
	rows, err = q.QueryContext(ctx, `SELECT c.id, c.standard, c.label FROM clauses c WHERE c.standard IN (SELECT standard FROM dossier_standards WHERE dossier = $1)
		AND c.removed = 0 AND c.normative = 1 ORDER BY c.standard, c.position`, id.String())
	normative, err := collect(rows, err, func(r row) (c corpus.Clause, err error) { return c, r.Scan(&c.ID, &c.Standard, &c.Label) })
	if err != nil {
		return review.Round{}, err
	}
	r.Unmatched = review.UnmatchedIn(d, normative, r.Matches)
	r.Coverage, err = coverage(ctx, q, coverageKeys["standard"], id.String(), review.CoverageFilter{Binding: true})
	return r, err
}

// checkRounds reads every round against its checksum and the audit row that was
// written with it.
func checkRounds(ctx context.Context, q querier, r *Report) error {
	type place struct {
		dossier  uuid.UUID
		number   int
		checksum string
		payload  string
	}
	rows, err := q.QueryContext(ctx, `SELECT r.dossier, r.number, r.checksum, COALESCE(a.payload, '') FROM rounds r
		LEFT JOIN audit a ON a.object = r.dossier AND a.version = r.number AND a.action = 'round.frozen' ORDER BY r.dossier, r.number`)
	all, err := collect(rows, err, func(r row) (p place, err error) {
		return p, r.Scan(idColumn{&p.dossier}, &p.number, &p.checksum, &p.payload)
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		if _, err := loadRound(ctx, q, p.dossier, p.number); err != nil {
			if ctx.Err() != nil {
				return err
			}
			r.problem("%s", err)
		}
		hash, err := review.PayloadHash(p.checksum)
		if err != nil {
			return err
		}
		if hash != p.payload {
			r.problem("round %d of dossier %s has no audit row of its checksum", p.number, p.dossier)
		}
	}
	return nil
}
