package store

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// sampleColumns are the columns scanSampleAnswer reads.
const sampleColumns = `id, dossier, match, seed, population, person, verdict, a_to_b, b_to_a, note, agreed, "right", related, at`

func scanSampleAnswer(r row) (review.SampleAnswer, error) {
	var a review.SampleAnswer
	return a, r.Scan(idColumn{&a.ID}, idColumn{&a.Dossier}, idColumn{&a.Match}, &a.Seed, &a.Population, idColumn{&a.Person},
		&a.Verdict, &a.AToB, &a.BToA, &a.Note, &a.Agreed, &a.Right, &a.Related, timeColumn{&a.At})
}

// AuditMatch keeps an auditor's answer on a match of a sample, checked by
// review.Audit on the match as it is now. A match is answered once in a sample:
// corpus.ErrConflict when it was before.
func (db *DB) AuditMatch(ctx context.Context, p review.Person, a review.SampleAnswer) (review.SampleAnswer, error) {
	var out review.SampleAnswer
	err := db.write(ctx, "audit a match", func(c *changing) error {
		matches, _, err := loadMatches(ctx, c.Tx, []string{a.Match.String()})
		if err != nil {
			return err
		}
		if len(matches) == 0 {
			return corpus.ErrNotFound
		}
		if out, err = review.Audit(matches[0], p, a); err != nil {
			return err
		}
		if out.ID, err = newID(); err != nil {
			return err
		}
		out.At = instant(c.now)
		_, err = c.ExecContext(ctx, "INSERT INTO sample_answers ("+sampleColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
			out.ID.String(), out.Dossier.String(), out.Match.String(), out.Seed, out.Population, out.Person.String(),
			string(out.Verdict), string(out.AToB), string(out.BToA), out.Note, string(out.Agreed), out.Right, out.Related, stamp(out.At))
		if isUnique(err) {
			return corpus.Refuse(corpus.ErrConflict, "audit-twice", "this match is answered in this sample already")
		}
		c.note(p.ID.String(), "sample.answered", out.Match.String(), matches[0].Version, out)
		return err
	})
	return out, err
}

// SampleAnswers lists the answers of a dossier's audits, oldest first.
func (db *DB) SampleAnswers(ctx context.Context, dossier uuid.UUID) ([]review.SampleAnswer, error) {
	var out []review.SampleAnswer
	err := db.read(ctx, "read the audits of samples", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+sampleColumns+" FROM sample_answers WHERE dossier = $1 ORDER BY at, id", dossier.String())
		out, err = collect(rows, err, scanSampleAnswer)
		return err
	})
	return out, err
}

// AnsweredTwice lists the matches on which a person and somebody else gave an
// opinion, those the person answered last first, at most limit (0 means 500).
func (db *DB) AnsweredTwice(ctx context.Context, person uuid.UUID, limit int) ([]review.Match, error) {
	var out []review.Match
	err := db.read(ctx, "find matches that two people answered", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT d.match FROM decisions d WHERE d.person = $1 AND d.kind = 'opinion'
			AND EXISTS (SELECT 1 FROM decisions o WHERE o.match = d.match AND o.person <> d.person AND o.kind = 'opinion')
			GROUP BY d.match ORDER BY MAX(d.seq) DESC LIMIT $2`, person.String(), limited(limit, mostAnswered))
		ids, err := collect(rows, err, scanString)
		if err != nil || len(ids) == 0 {
			return err
		}
		out, _, err = loadMatches(ctx, tx, ids)
		return err
	})
	return out, err
}

// mostAnswered bounds AnsweredTwice.
const mostAnswered = 500
