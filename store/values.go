package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// querier is what reading and writing transactions have in common.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// row is what one row is scanned from.
type row interface{ Scan(dest ...any) error }

// timeLayout is RFC 3339 in UTC with six decimals, so that times sort as text.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// instant is a time as it is kept: UTC, whole microseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// stamp writes a time; the zero time is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeLayout)
}

// unstamp reads what stamp wrote.
func unstamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(timeLayout, s)
}

// timeColumn scans a time.
type timeColumn struct{ to *time.Time }

// Scan implements sql.Scanner.
func (c timeColumn) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("a time is kept as text, not as %T", v)
	}
	t, err := unstamp(s)
	*c.to = t
	return err
}

// jsonColumn scans a value kept as JSON.
type jsonColumn struct{ to any }

// Scan implements sql.Scanner.
func (c jsonColumn) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("JSON is kept as text, not as %T", v)
	}
	return json.Unmarshal([]byte(s), c.to)
}

// asJSON writes a value of plain fields as JSON.
func asJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write %T as JSON: %w", v, err)
	}
	return string(b), nil
}

// idColumn scans a UUID; NULL and "" are uuid.Nil.
type idColumn struct{ to *uuid.UUID }

// Scan implements sql.Scanner.
func (c idColumn) Scan(v any) error {
	*c.to = uuid.Nil
	if v == nil || v == "" {
		return nil
	}
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("an id is kept as text, not as %T", v)
	}
	id, err := uuid.Parse(s)
	*c.to = id
	return err
}

// newID is a UUID of version 7, which sorts by the time it was made.
func newID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("make an id: %w", err)
	}
	return id, nil
}

// collect reads all rows of a query.
func collect[T any](rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// one reads the only row of a query; no row is corpus.ErrNotFound with a name.
func one[T any](r *sql.Row, scan func(row) (T, error), kind string, id any) (T, error) {
	v, err := scan(r)
	if errors.Is(err, sql.ErrNoRows) {
		return v, notFound(kind, id)
	}
	return v, err
}

// scanString scans a single text column.
func scanString(r row) (string, error) {
	var s string
	return s, r.Scan(&s)
}

// batch is how many ids one query asks for. SQLite looks numbered parameters up
// by walking through all of them, so that time grows with their square: from a
// few hundred on, more statements are faster than longer ones.
const batch = 200

// inBatches runs a query once for every batch of ids; the query's "IN (?)" gets
// as many numbered parameters as needed, after the given first ones.
func inBatches[ID ~string, T any](ctx context.Context, q querier, query string, first []any, ids []ID, scan func(row) (T, error)) ([]T, error) {
	var out []T
	for start := 0; start < len(ids); start += batch {
		part := ids[start:min(start+batch, len(ids))]
		args := append([]any(nil), first...)
		for _, id := range part {
			args = append(args, string(id))
		}
		rows, err := q.QueryContext(ctx, withParams(query, len(first)+1, len(part)), args...)
		got, err := collect(rows, err, scan)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
	}
	return out, nil
}

// params writes n numbered parameters in brackets: "($3, $4)".
func params(from, n int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	b.WriteByte(')')
	return b.String()
}

// withParams fills a statement's "(?)" with n numbered parameters.
func withParams(query string, from, n int) string {
	return strings.ReplaceAll(query, "(?)", params(from, n))
}

// maxParams is how many parameters one statement with rows has; see batch.
const maxParams = 150

// tuples writes n rows of parameters: "VALUES ($1, $2), ($3, $4)".
func tuples(n, width int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = params(i*width+1, width)
	}
	return "VALUES " + strings.Join(parts, ", ")
}

// flat are the arguments of rows, one row after the other.
func flat(rows [][]any) []any { return slices.Concat(rows...) }

// insert adds rows of equal width, several with each run of one prepared
// statement. The head is the statement up to VALUES, the tail what follows the
// rows.
func insert(ctx context.Context, tx *sql.Tx, head, tail string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	most := max(1, maxParams/len(rows[0]))
	for len(rows) >= most {
		n, err := insertMany(ctx, tx, head, tail, rows, most)
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, head+" "+tuples(len(rows), len(rows[0]))+" "+tail, flat(rows)...)
	return err
}

// insertMany adds as many whole batches as there are and returns how many rows
// they had.
func insertMany(ctx context.Context, tx *sql.Tx, head, tail string, rows [][]any, most int) (int, error) {
	statement, err := tx.PrepareContext(ctx, head+" "+tuples(most, len(rows[0]))+" "+tail)
	if err != nil {
		return 0, err
	}
	defer statement.Close()
	done := 0
	for ; len(rows)-done >= most; done += most {
		if _, err := statement.ExecContext(ctx, flat(rows[done:done+most])...); err != nil {
			return done, err
		}
	}
	return done, nil
}

// number turns a truth into what the database keeps.
func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
