package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"concord/corpus"
	"concord/corpus/translation"
	"concord/review"
)

// Origin says what a table of translations was learned from.
type Origin struct {
	Editions [][2]corpus.StandardID `json:"editions,omitempty"` // parallel editions, in the order of the table's languages
	Dossiers []string               `json:"dossiers,omitempty"` // ids of those whose agreed matches were used
	Pairs    map[string]int         `json:"pairs"`              // by kind: editions, terms, matches
	LeftOut  int                    `json:"leftOut"`            // doubles, and pairs that cannot be translations
	MinCount int                    `json:"minCount"`
}

// LearnedTable is one version of the translations learned of two languages.
type LearnedTable struct {
	Table   translation.Table // Number is the version; lists of versions leave out its entries
	Made    time.Time
	Maker   string // who had it learned: a person's id or "cli"
	Entries int
	Origin  Origin
	InUse   bool
	// Clauses are the pairs that entries give as examples.
	Clauses [][2]corpus.ClauseID
}

// object is what audit rows call the tables of two languages.
func object(source, target corpus.Language) string {
	return "translation " + string(source) + "-" + string(target)
}

// KeepTranslations keeps a table as the next version of its languages, which must
// stand in the order of letters. What is the same as the last version, learned
// from the same, is not kept twice: the last version comes back.
func (db *DB) KeepTranslations(ctx context.Context, l LearnedTable, actor string) (LearnedTable, error) {
	var body strings.Builder
	if err := l.Table.Write(&body); err != nil {
		return LearnedTable{}, err
	}
	origin, err := asJSON(l.Origin)
	if err != nil {
		return LearnedTable{}, err
	}
	clauses, err := asJSON(l.Clauses)
	if err != nil {
		return LearnedTable{}, err
	}
	s, t := l.Table.Source, l.Table.Target
	checksum := checksumOf(body.String(), origin, clauses)
	err = db.write(ctx, "keep the translations of "+string(s)+" and "+string(t), func(c *changing) error {
		var last int
		var same string
		r := c.QueryRowContext(ctx, "SELECT number, checksum FROM translation_tables WHERE source = $1 AND target = $2 ORDER BY number DESC LIMIT 1", string(s), string(t))
		if err := r.Scan(&last, &same); err != nil && err != sql.ErrNoRows {
			return err
		}
		if same == checksum {
			l, err = loadTranslations(ctx, c.Tx, s, t, last)
			return err
		}
		l.Table.Number, l.Made, l.Maker, l.Entries = last+1, c.now, actor, len(l.Table.Entries)
		_, err := c.ExecContext(ctx, `INSERT INTO translation_tables (source, target, number, made, maker, pairs, entries, origin, clauses, checksum, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, string(s), string(t), l.Table.Number, stamp(l.Made), actor, l.Table.Pairs, l.Entries, origin, clauses, checksum, body.String())
		c.note(actor, "translation.learned", object(s, t), l.Table.Number, checksum)
		return err
	})
	return l, err
}

// checksumOf fingerprints a table with what it was learned from.
func checksumOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d\n%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TranslationTables lists all versions, by languages and number, without entries.
func (db *DB) TranslationTables(ctx context.Context) ([]LearnedTable, error) {
	var out []LearnedTable
	err := db.read(ctx, "list the learned translations", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT t.source, t.target, t.number, t.made, t.maker, t.pairs, t.entries, t.origin, COALESCE(u.number, 0) = t.number
			FROM translation_tables t LEFT JOIN translation_use u ON u.source = t.source AND u.target = t.target ORDER BY t.source, t.target, t.number`)
		out, err = collect(rows, err, func(r row) (l LearnedTable, err error) {
			return l, r.Scan(&l.Table.Source, &l.Table.Target, &l.Table.Number, timeColumn{&l.Made}, &l.Maker, &l.Table.Pairs, &l.Entries, jsonColumn{&l.Origin}, &l.InUse)
		})
		return err
	})
	return out, err
}

// Translations returns a version whole; 0 asks for the one in use. No such
// version, or none in use, is corpus.ErrNotFound.
func (db *DB) Translations(ctx context.Context, source, target corpus.Language, number int) (LearnedTable, error) {
	var out LearnedTable
	err := db.read(ctx, "read learned translations", func(tx *sql.Tx) (err error) {
		if number == 0 {
			if number, err = usedTranslations(ctx, tx, source, target); err != nil {
				return err
			}
		}
		out, err = loadTranslations(ctx, tx, source, target, number)
		return err
	})
	return out, err
}

// usedTranslations is the version in use, 0 for none.
func usedTranslations(ctx context.Context, q querier, source, target corpus.Language) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT number FROM translation_use WHERE source = $1 AND target = $2", string(source), string(target)).Scan(&n)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	return n, err
}

// loadTranslations reads a version and checks it against its checksum.
func loadTranslations(ctx context.Context, q querier, source, target corpus.Language, number int) (LearnedTable, error) {
	type stored struct {
		LearnedTable
		origin, clauses, checksum, body string
	}
	r := q.QueryRowContext(ctx, `SELECT t.made, t.maker, t.entries, t.origin, t.clauses, t.checksum, t.body, COALESCE(u.number, 0) = t.number
		FROM translation_tables t LEFT JOIN translation_use u ON u.source = t.source AND u.target = t.target
		WHERE t.source = $1 AND t.target = $2 AND t.number = $3`, string(source), string(target), number)
	name := fmt.Sprintf("%s-%s version %d", source, target, number)
	s, err := one(r, func(r row) (s stored, err error) {
		return s, r.Scan(timeColumn{&s.Made}, &s.Maker, &s.Entries, &s.origin, &s.clauses, &s.checksum, &s.body, &s.InUse)
	}, "learned translations", name)
	if err != nil {
		return LearnedTable{}, err
	}
	if checksumOf(s.body, s.origin, s.clauses) != s.checksum {
		return LearnedTable{}, fmt.Errorf("learned translations %s do not fit their checksum: %w", name, ErrDamaged)
	}
	out := s.LearnedTable
	for text, to := range map[string]any{s.origin: &out.Origin, s.clauses: &out.Clauses} {
		if err := (jsonColumn{to}).Scan(text); err != nil {
			return LearnedTable{}, err
		}
	}
	if out.Table, err = translation.ReadTable(strings.NewReader(s.body)); err != nil {
		return LearnedTable{}, fmt.Errorf("learned translations %s: %w: %w", name, ErrDamaged, err)
	}
	out.Table.Number = number
	return out, nil
}

// UseTranslations says which version counts from now on; 0 is none. An unknown
// version is corpus.ErrNotFound.
func (db *DB) UseTranslations(ctx context.Context, source, target corpus.Language, number int, actor string) error {
	return db.write(ctx, "choose the learned translations", func(c *changing) error {
		if number != 0 {
			if _, err := loadTranslations(ctx, c.Tx, source, target, number); err != nil {
				return err
			}
		}
		if had, err := usedTranslations(ctx, c.Tx, source, target); err != nil || had == number {
			return err
		}
		_, err := c.ExecContext(ctx, `INSERT INTO translation_use (source, target, number) VALUES ($1, $2, $3)
			ON CONFLICT (source, target) DO UPDATE SET number = excluded.number`, string(source), string(target), number)
		c.note(actor, "translation.used", object(source, target), number, number)
		return err
	})
}

// TranslationAnswer is what a person said of an entry, named by its forms.
type TranslationAnswer struct {
	Source, Target  corpus.Language
	Word, Rendering string
	Status          translation.Status
	Person          string // id
	At              time.Time
}

// AnswerTranslations keeps what a person says of entries, in place of what was
// said before; translation.Proposed takes an answer back. It takes
// somebody who reviews or administers.
func (db *DB) AnswerTranslations(ctx context.Context, p review.Person, answers ...TranslationAnswer) error {
	if !p.May(review.ActionReview) && !p.May(review.ActionManage) {
		return fmt.Errorf("answer on learned translations: the role of %s does not allow it: %w", p.Login, corpus.ErrForbidden)
	}
	return db.write(ctx, "answer on learned translations", func(c *changing) error {
		for _, a := range answers {
			_, err := c.ExecContext(ctx, `INSERT INTO translation_answers (source, target, word, rendering, status, person, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (source, target, word, rendering) DO UPDATE SET status = excluded.status, person = excluded.person, at = excluded.at`,
				string(a.Source), string(a.Target), a.Word, a.Rendering, string(a.Status), p.ID.String(), stamp(c.now))
			if err != nil {
				return err
			}
			a.Person, a.At = p.ID.String(), c.now
			c.note(a.Person, "translation."+string(a.Status), object(a.Source, a.Target), 0, a)
		}
		return nil
	})
}

// TranslationAnswers lists what people said of entries in two languages.
func (db *DB) TranslationAnswers(ctx context.Context, source, target corpus.Language) ([]TranslationAnswer, error) {
	var out []TranslationAnswer
	err := db.read(ctx, "read the answers on learned translations", func(tx *sql.Tx) (err error) {
		out, err = translationAnswers(ctx, tx, source, target)
		return err
	})
	return out, err
}

func translationAnswers(ctx context.Context, q querier, source, target corpus.Language) ([]TranslationAnswer, error) {
	rows, err := q.QueryContext(ctx, `SELECT source, target, word, rendering, status, person, at FROM translation_answers
		WHERE source = $1 AND target = $2 ORDER BY word, rendering`, string(source), string(target))
	return collect(rows, err, func(r row) (a TranslationAnswer, err error) {
		return a, r.Scan(&a.Source, &a.Target, &a.Word, &a.Rendering, &a.Status, &a.Person, timeColumn{&a.At})
	})
}

// TranslationsInUse are the tables that count now, as evidence: what people
// rejected is not in them, what they accepted is stronger.
func (db *DB) TranslationsInUse(ctx context.Context) ([]translation.Table, error) {
	var out []translation.Table
	err := db.read(ctx, "read the translations in use", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT source, target, number FROM translation_use WHERE number > 0 ORDER BY source, target")
		used, err := collect(rows, err, func(r row) (t translation.Table, err error) { return t, r.Scan(&t.Source, &t.Target, &t.Number) })
		if err != nil {
			return err
		}
		for _, u := range used {
			l, err := loadTranslations(ctx, tx, u.Source, u.Target, u.Number)
			if err != nil {
				return err
			}
			answers, err := translationAnswers(ctx, tx, u.Source, u.Target)
			if err != nil {
				return err
			}
			out = append(out, l.Table.Weighed(StatusOf(answers)))
		}
		return nil
	})
	return out, err
}

// TranslationsMark grows with every choice of a version and every answer: what was
// made of the translations in use is out of date when it has grown.
func (db *DB) TranslationsMark(ctx context.Context) (int64, error) {
	var mark int64
	err := db.read(ctx, "read the last change of translations", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) FROM audit WHERE object >= 'translation ' AND object < 'translation!'").Scan(&mark)
	})
	return mark, err
}

// StatusOf looks an entry's status up among answers.
func StatusOf(answers []TranslationAnswer) func(source, target string) translation.Status {
	said := make(map[[2]string]translation.Status, len(answers))
	for _, a := range answers {
		said[[2]string{a.Word, a.Rendering}] = a.Status
	}
	return func(source, target string) translation.Status {
		if s, there := said[[2]string{source, target}]; there {
			return s
		}
		return translation.Proposed
	}
}

// checkTranslations reads every version against its checksum and the audit row
// that was written with it.
func checkTranslations(ctx context.Context, q querier, r *Report) error {
	type place struct {
		source, target    corpus.Language
		number            int
		checksum, payload string
	}
	rows, err := q.QueryContext(ctx, `SELECT t.source, t.target, t.number, t.checksum, COALESCE(a.payload, '') FROM translation_tables t
		LEFT JOIN audit a ON a.object = 'translation ' || t.source || '-' || t.target AND a.version = t.number AND a.action = 'translation.learned'
		ORDER BY t.source, t.target, t.number`)
	all, err := collect(rows, err, func(r row) (p place, err error) {
		return p, r.Scan(&p.source, &p.target, &p.number, &p.checksum, &p.payload)
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		if _, err := loadTranslations(ctx, q, p.source, p.target, p.number); err != nil {
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
			r.problem("the learned translations %s-%s version %d have no audit row of their checksum", p.source, p.target, p.number)
		}
	}
	return nil
}
