package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/review"
)

// TermsWaiting lists the preferred terms that were proposed from a moment on and wait
// for a second person, none where there is no such moment.
func (db *DB) TermsWaiting(ctx context.Context, from time.Time) ([]termbase.Proposal, error) {
	if from.IsZero() {
		return nil, nil
	}
	var out []termbase.Proposal
	err := db.read(ctx, "read the terms that wait for a second person", func(tx *sql.Tx) (err error) {
		out, err = termsWaiting(ctx, tx, from, "")
		return err
	})
	return out, err
}

// termsWaiting looks at the entries that were changed since, or at one alone.
func termsWaiting(ctx context.Context, q querier, from time.Time, entry string) ([]termbase.Proposal, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+keptColumns+` FROM term_versions v WHERE v.entry IN (SELECT entry FROM term_versions WHERE at >= $1 AND ($2 = '' OR entry = $2))
		ORDER BY v.entry, v.version DESC`, stamp(from), entry)
	versions, err := collect(rows, err, scanKept)
	if err != nil {
		return nil, err
	}
	rows, err = q.QueryContext(ctx, "SELECT entry, since, language, term, person FROM term_confirmations WHERE $1 = '' OR entry = $1", entry)
	said, err := collect(rows, err, func(r row) (c termbase.Confirmation, err error) {
		return c, r.Scan(&c.Entry, &c.Since, &c.Language, &c.Text, &c.Person)
	})
	if err != nil {
		return nil, err
	}
	var out []termbase.Proposal
	for i := 0; i < len(versions); {
		end := i
		for end < len(versions) && versions[end].ID == versions[i].ID {
			end++
		}
		out = append(out, termbase.Waiting(versions[i:end], said, from)...)
		i = end
	}
	return out, nil
}

// TermConfirmations grows with every confirmation.
func (db *DB) TermConfirmations(ctx context.Context) (int64, error) {
	var out int64
	err := db.read(ctx, "count the confirmations of terms", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM term_confirmations").Scan(&out)
	})
	return out, err
}

// ConfirmTerm says as a second person that a term is preferred. It refuses who
// proposed it; corpus.ErrConflict when the term does not wait.
func (db *DB) ConfirmTerm(ctx context.Context, entry string, lang corpus.Language, text string, p review.Person) error {
	if !p.May(review.ActionReview) {
		return corpus.Refuse(corpus.ErrForbidden, "role-review", "your role does not review")
	}
	return db.write(ctx, "confirm a term of "+strconv.Quote(entry), func(c *changing) error {
		set, err := settings(ctx, c.Tx)
		if err != nil {
			return err
		}
		var waiting []termbase.Proposal
		if !set.TwoPreferred.IsZero() {
			if waiting, err = termsWaiting(ctx, c.Tx, set.TwoPreferred, entry); err != nil {
				return err
			}
		}
		for _, x := range waiting {
			if x.Language != lang || x.Text != text {
				continue
			}
			if x.By == p.ID.String() {
				return corpus.Refuse(corpus.ErrForbidden, "term-own", "you proposed this term; somebody else confirms it")
			}
			c.note(p.ID.String(), "term.confirmed", entry, x.Since, x)
			return insert(ctx, c.Tx, "INSERT INTO term_confirmations (entry, since, language, term, person, at)", "",
				[][]any{{entry, x.Since, string(lang), text, p.ID.String(), stamp(c.now)}})
		}
		return corpus.Refuse(corpus.ErrConflict, "term-not-waiting", "this term does not wait for a second person (any more)")
	})
}
