package store

import (
	"concord/corpus"
	"concord/review"
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// note is an audit row that a change will leave: who did what to which object.
// Payload is what was written; only its fingerprint is kept.
type note struct {
	actor, action, object string
	version               int
	payload               any
	told                  *[2]string // JSON before and after, for people to read
}

// note remembers an audit row for the end of the transaction.
func (c *changing) note(actor, action, object string, version int, payload any) {
	c.trail = append(c.trail, note{actor: actor, action: action, object: object, version: version, payload: payload})
}

// maxTold is how much is kept of one change for people to read, before or after.
const maxTold = 256 << 10

// tell keeps with the last audit row what it changed, before and after; nil is
// nothing. Answers on matches and positions must not be told: their gates are asked
// when they are shown. What is too long is not kept.
func (c *changing) tell(before, after any) error {
	var told [2]string
	for n, v := range [2]any{before, after} {
		if v == nil {
			continue
		}
		body, err := asJSON(v)
		if err != nil {
			return err
		}
		if len(body) > maxTold {
			return nil
		}
		told[n] = body
	}
	c.trail[len(c.trail)-1].told = &told
	return nil
}

// orNothing is a value, or nil.
func orNothing(v any, is bool) any {
	if !is {
		return nil
	}
	return v
}

// seal chains the change's audit rows behind the last one there is.
func (c *changing) seal(ctx context.Context) error {
	if len(c.trail) == 0 {
		return nil
	}
	seq, prev, err := head(ctx, c.Tx)
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(c.trail))
	var told [][]any
	for _, n := range c.trail {
		payload, err := review.PayloadHash(n.payload)
		if err != nil {
			return err
		}
		seq++
		e := review.Entry{Seq: seq, At: c.now, Actor: n.actor, Action: n.action, Object: n.object, Version: n.version, Payload: payload}.Sealed(prev)
		prev = e.Hash
		rows = append(rows, []any{e.Seq, stamp(e.At), e.Actor, e.Action, e.Object, e.Version, e.Payload, e.Prev, e.Hash})
		if n.told != nil {
			told = append(told, []any{seq, n.told[0], n.told[1]})
		}
	}
	if err := insert(ctx, c.Tx, "INSERT INTO audit (seq, at, actor, action, object, version, payload, prev, hash)", "", rows); err != nil {
		return err
	}
	if err := insert(ctx, c.Tx, "INSERT INTO audit_told (seq, before, after)", "", told); err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "UPDATE audit_head SET seq = $1, hash = $2 WHERE one = 1", seq, prev)
	return err
}

// head is the last link of the chain.
func head(ctx context.Context, q querier) (seq int64, hash string, err error) {
	err = q.QueryRowContext(ctx, "SELECT seq, hash FROM audit_head WHERE one = 1").Scan(&seq, &hash)
	return seq, hash, err
}

// auditPage is how many audit rows are read at once.
const auditPage = 1000

// Audit lists up to limit entries after a sequence number, oldest first; 0 or
// more than a thousand means a thousand.
func (db *DB) Audit(ctx context.Context, after int64, limit int) ([]review.Entry, error) {
	var out []review.Entry
	err := db.read(ctx, "read the audit", func(tx *sql.Tx) (err error) {
		out, err = entries(ctx, tx, after, limited(limit, auditPage))
		return err
	})
	return out, err
}

// entries reads audit rows in order.
func entries(ctx context.Context, q querier, after int64, limit int) ([]review.Entry, error) {
	rows, err := q.QueryContext(ctx, `SELECT seq, at, actor, action, object, version, payload, prev, hash
		FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
	return collect(rows, err, scanEntry)
}

func scanEntry(r row) (review.Entry, error) {
	var e review.Entry
	return e, r.Scan(&e.Seq, timeColumn{&e.At}, &e.Actor, &e.Action, &e.Object, &e.Version, &e.Payload, &e.Prev, &e.Hash)
}

// AuditWhere lists up to limit entries that a filter selects after a sequence
// number, oldest first, as Audit does.
func (db *DB) AuditWhere(ctx context.Context, f review.EntryFilter, after int64, limit int) ([]review.Entry, error) {
	where, args, order := "seq > $1", []any{after}, "seq"
	if f.Newest {
		where, order = "($1 = 0 OR seq < $1)", "seq DESC"
	}
	and := func(clause string, arg any) {
		args = append(args, arg)
		where += " AND " + strings.ReplaceAll(clause, "?", "$"+strconv.Itoa(len(args)))
	}
	if f.Actor != "" {
		and("actor = ?", f.Actor)
	}
	if f.Action != "" {
		and("action = ?", f.Action)
	}
	if f.Object != "" {
		and("object = ?", f.Object)
	}
	if f.Dossier != uuid.Nil {
		and("(object = ? OR object IN (SELECT id FROM matches WHERE dossier = ?))", f.Dossier.String())
	}
	if !f.From.IsZero() {
		and("at >= ?", stamp(f.From))
	}
	if !f.To.IsZero() {
		and("at < ?", stamp(f.To))
	}
	args = append(args, limited(limit, auditPage))
	var out []review.Entry
	err := db.read(ctx, "search the audit", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT seq, at, actor, action, object, version, payload, prev, hash FROM audit WHERE "+where+
			" ORDER BY "+order+" LIMIT $"+strconv.Itoa(len(args)), args...)
		out, err = collect(rows, err, scanEntry)
		return err
	})
	return out, err
}

// AuditRow is one row with what it changed as JSON, before and after; both are ""
// where that is not kept: of rows older than it, of what is told elsewhere, and of
// what may not be. corpus.ErrNotFound when there is no such row.
func (db *DB) AuditRow(ctx context.Context, seq int64) (e review.Entry, before, after string, err error) {
	err = db.read(ctx, "read an audit row", func(tx *sql.Tx) error {
		found, err := entries(ctx, tx, seq-1, 1)
		if err == nil && (len(found) == 0 || found[0].Seq != seq) {
			err = notFound("audit row", seq)
		}
		if err != nil {
			return err
		}
		e = found[0]
		err = tx.QueryRowContext(ctx, "SELECT before, after FROM audit_told WHERE seq = $1", seq).Scan(&before, &after)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return e, before, after, err
}

// AuditActions lists the actions there are rows of, sorted.
func (db *DB) AuditActions(ctx context.Context) ([]string, error) {
	var out []string
	err := db.read(ctx, "list the actions of the audit", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT DISTINCT action FROM audit ORDER BY action")
		out, err = collect(rows, err, scanString)
		return err
	})
	return out, err
}

// AuditHead is the number and hash of the last audit row, for a checkpoint kept
// outside: a chain cut or rewritten behind it can be told by it.
func (db *DB) AuditHead(ctx context.Context) (seq int64, hash string, err error) {
	err = db.read(ctx, "read the audit", func(tx *sql.Tx) error {
		seq, hash, err = head(ctx, tx)
		return err
	})
	return seq, hash, err
}

// VerifyAudit goes through the whole chain and returns how many rows are right.
// The error names the first row that is missing or was changed.
func (db *DB) VerifyAudit(ctx context.Context) (rows int64, err error) {
	err = db.read(ctx, "verify the audit", func(tx *sql.Tx) error {
		rows, err = verifyAudit(ctx, tx)
		return err
	})
	return rows, err
}

// verifyAudit checks every link up to the head.
func verifyAudit(ctx context.Context, q querier) (int64, error) {
	var done int64
	prev := ""
	for {
		part, err := entries(ctx, q, done, auditPage)
		if err != nil {
			return done, err
		}
		if prev, err = review.VerifyChain(done, prev, part); err != nil {
			return done, err
		}
		done += int64(len(part))
		if len(part) < auditPage {
			break
		}
	}
	seq, hash, err := head(ctx, q)
	if err != nil {
		return done, err
	}
	if seq != done || hash != prev {
		return done, corpus.Refuse(nil, "audit-short", "the audit ends at row {row}, but row {written} was written", "row", done, "written", seq)
	}
	return done, nil
}
