package store

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/review"
)

// CandidateUndos is how many of their last answers on candidates a person can undo.
const CandidateUndos = 50

// candidateOpen are candidates that no answer stands on.
const candidateOpen = ` NOT EXISTS (SELECT 1 FROM term_candidate_answers a WHERE a.undone = '' AND a.source = c.source AND a.target = c.target
	AND a.word_key = c.word_key AND a.rendering_key = c.rendering_key)`

const candidateColumns = "c.id, c.source, c.target, c.word, c.rendering, c.origin, c.source_clause, c.target_clause"

func scanCandidate(r row) (c termbase.Candidate, err error) {
	return c, r.Scan(&c.ID, &c.Source, &c.Target, &c.Word, &c.Rendering, &c.From, &c.Clauses[0], &c.Clauses[1])
}

// KeepCandidates keeps candidates in the order given, behind those that wait, and
// tells how many are new. A pair of forms that was kept or answered before stays as
// it is.
func (db *DB) KeepCandidates(ctx context.Context, list []termbase.Candidate, actor string) (int, error) {
	added := 0
	err := db.write(ctx, "keep candidates for terms", func(c *changing) error {
		count := func() (n int, err error) {
			return n, c.QueryRowContext(ctx, "SELECT COUNT(*) FROM term_candidates").Scan(&n)
		}
		before, err := count()
		if err != nil {
			return err
		}
		var rows [][]any
		for _, x := range list {
			key := x.Key()
			rows = append(rows, []any{key[0], key[1], x.Word, x.Rendering, key[2], key[3], string(x.From), string(x.Clauses[0]), string(x.Clauses[1]), stamp(c.now)})
		}
		if err := insert(ctx, c.Tx, "INSERT INTO term_candidates (source, target, word, rendering, word_key, rendering_key, origin, source_clause, target_clause, found)", "ON CONFLICT DO NOTHING", rows); err != nil {
			return err
		}
		after, err := count()
		if added = after - before; added > 0 {
			c.note(actor, "candidates.found", "candidates", 0, added)
		}
		return err
	})
	return added, err
}

// Candidates lists up to limit candidates that wait behind the one of an id, of two
// languages ("" for any) and an origin ("" for any), and counts all that wait so.
func (db *DB) Candidates(ctx context.Context, f termbase.CandidateFilter) ([]termbase.Candidate, int, error) {
	var out []termbase.Candidate
	n := 0
	err := db.read(ctx, "read the candidates for terms", func(tx *sql.Tx) error {
		const from = " FROM term_candidates c WHERE c.id > $1 AND ($2 = '' OR c.source = $2 AND c.target = $3) AND ($4 = '' OR c.origin = $4) AND" + candidateOpen
		args := []any{f.Behind, string(f.Source), string(f.Target), string(f.From)}
		rows, err := tx.QueryContext(ctx, "SELECT "+candidateColumns+from+" ORDER BY c.id LIMIT $5", append(args, f.Limit)...)
		if out, err = collect(rows, err, scanCandidate); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT COUNT(*)"+from, args...).Scan(&n)
	})
	return out, n, err
}

// Candidate reads one that waits; corpus.ErrConflict when it was answered.
func (db *DB) Candidate(ctx context.Context, id int64) (termbase.Candidate, error) {
	var out termbase.Candidate
	err := db.read(ctx, "read a candidate for a term", func(tx *sql.Tx) (err error) {
		out, err = openCandidate(ctx, tx, id)
		return err
	})
	return out, err
}

func openCandidate(ctx context.Context, q querier, id int64) (termbase.Candidate, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+candidateColumns+" FROM term_candidates c WHERE c.id = $1", id)
	found, err := collect(rows, err, scanCandidate)
	if err != nil {
		return termbase.Candidate{}, err
	}
	if len(found) == 0 {
		return termbase.Candidate{}, notFound("candidate", strconv.FormatInt(id, 10))
	}
	rows, err = q.QueryContext(ctx, "SELECT "+candidateColumns+" FROM term_candidates c WHERE c.id = $1 AND"+candidateOpen, id)
	open, err := collect(rows, err, scanCandidate)
	if err == nil && len(open) == 0 {
		err = corpus.Refuse(corpus.ErrConflict, "candidate-answered", "this pair was answered meanwhile")
	}
	return found[0], err
}

// CandidateLanguages counts what waits by languages, the most first.
func (db *DB) CandidateLanguages(ctx context.Context) ([]termbase.CandidateCount, error) {
	var out []termbase.CandidateCount
	err := db.read(ctx, "count the candidates for terms", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT c.source, c.target, COUNT(*) FROM term_candidates c WHERE"+candidateOpen+" GROUP BY c.source, c.target ORDER BY 3 DESC, 1, 2")
		out, err = collect(rows, err, func(r row) (x termbase.CandidateCount, err error) { return x, r.Scan(&x.Source, &x.Target, &x.N) })
		return err
	})
	return out, err
}

// AnswerCandidate keeps what a person says of a candidate and writes the entry that
// follows from it (none for no pair) over the version given, in one transaction.
// corpus.ErrConflict when it was answered, or the entry changed, meanwhile.
func (db *DB) AnswerCandidate(ctx context.Context, id int64, answer termbase.CandidateAnswer, e termbase.Entry, version int, shifts termbase.Shifts, p review.Person) error {
	if !p.May(review.ActionReview) {
		return corpus.Refuse(corpus.ErrForbidden, "role-review", "your role does not review")
	}
	return db.write(ctx, "answer on a candidate for a term", func(c *changing) error {
		x, err := openCandidate(ctx, c.Tx, id)
		if err != nil {
			return err
		}
		said := termbase.CandidateSaid{Candidate: x, Answer: answer, Person: p.ID.String(), At: c.now}
		made, err := newID()
		if err != nil {
			return err
		}
		said.Said = made.String()
		if answer.Status() != "" {
			said.Entry, said.Version = e.ID, version+1
			err := c.changeTerm(ctx, e.ID, version, "save", shifts, p.ID.String(), func(termbase.Kept) (termbase.Entry, bool, error) {
				e = e.Clean()
				return e, false, e.Validate()
			})
			if err != nil {
				return err
			}
		}
		key := x.Key()
		c.note(p.ID.String(), "candidate."+string(answer), "candidate "+strconv.FormatInt(id, 10), 0, said)
		return insert(ctx, c.Tx, "INSERT INTO term_candidate_answers (id, source, target, word_key, rendering_key, word, rendering, answer, entry, version, person, at, undone)", "",
			[][]any{{said.Said, key[0], key[1], key[2], key[3], x.Word, x.Rendering, string(answer), said.Entry, said.Version, p.ID.String(), stamp(c.now), ""}})
	})
}

// CandidatesSaid lists the answers of a person that stand and can be undone, latest
// first.
func (db *DB) CandidatesSaid(ctx context.Context, person uuid.UUID) ([]termbase.CandidateSaid, error) {
	var out []termbase.CandidateSaid
	err := db.read(ctx, "read answers on candidates", func(tx *sql.Tx) (err error) {
		out, err = candidatesSaid(ctx, tx, person)
		return err
	})
	return out, err
}

func candidatesSaid(ctx context.Context, q querier, person uuid.UUID) ([]termbase.CandidateSaid, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, source, target, word, rendering, answer, entry, version, at FROM term_candidate_answers
		WHERE person = $1 AND undone = '' ORDER BY at DESC, id DESC LIMIT $2`, person.String(), CandidateUndos)
	return collect(rows, err, func(r row) (x termbase.CandidateSaid, err error) {
		x.Person = person.String()
		return x, r.Scan(&x.Said, &x.Source, &x.Target, &x.Word, &x.Rendering, &x.Answer, &x.Entry, &x.Version, timeColumn{&x.At})
	})
}

// UndoCandidate takes the last answer of a person back: the pair waits again, and the
// entry is as it was before, which for a new one is withdrawn. corpus.ErrConflict when
// it is not the last one, or the entry was changed since.
func (db *DB) UndoCandidate(ctx context.Context, id string, shifts termbase.Shifts, p review.Person) (termbase.CandidateSaid, error) {
	var said termbase.CandidateSaid
	err := db.write(ctx, "undo an answer on a candidate", func(c *changing) error {
		list, err := candidatesSaid(ctx, c.Tx, p.ID)
		if err != nil {
			return err
		}
		if len(list) == 0 || list[0].Said != id {
			return corpus.Refuse(corpus.ErrConflict, "candidate-undo", "only your last answer on a candidate can be undone")
		}
		said = list[0]
		if said.Entry != "" {
			err := c.changeTerm(ctx, said.Entry, said.Version, "save", shifts, p.ID.String(), func(termbase.Kept) (termbase.Entry, bool, error) {
				return c.before(ctx, said)
			})
			if err != nil {
				return err
			}
		}
		c.note(p.ID.String(), "candidate.undone", "candidate "+said.Said, 0, said)
		_, err = c.ExecContext(ctx, "UPDATE term_candidate_answers SET undone = $1 WHERE id = $2", stamp(c.now), id)
		return err
	})
	return said, err
}

// before is an entry as it was before an answer wrote it, withdrawn where it was not
// in use.
func (c *changing) before(ctx context.Context, said termbase.CandidateSaid) (termbase.Entry, bool, error) {
	rows, err := c.QueryContext(ctx, "SELECT "+keptColumns+" FROM term_versions v WHERE v.entry = $1 AND v.version IN ($2, $3) ORDER BY v.version", said.Entry, said.Version-1, said.Version)
	found, err := collect(rows, err, scanKept)
	if err != nil {
		return termbase.Entry{}, false, err
	}
	return found[0].Entry, said.Version == 1 || found[0].Withdrawn, nil
}
