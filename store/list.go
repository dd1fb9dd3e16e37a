package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// sorting is how an order becomes SQL: the columns sorted by before the id, and
// whether they fall.
type sorting struct {
	columns []string
	falling bool
}

// sortings is the table of orders.
var sortings = map[review.Order]sorting{
	review.OrderChapter:    {columns: []string{"m.source_standard", "m.position"}},
	review.OrderConfidence: {columns: []string{"m.confidence"}, falling: true},
	review.OrderUncertain:  {columns: []string{"m.uncertainty"}},
	review.OrderEffect:     {columns: []string{"m.effect", "m.confidence"}, falling: true},
	review.OrderRecent:     {columns: []string{"m.updated"}, falling: true},
}

// orderBy writes the ORDER BY list; ids always rise. Backwards all is turned round.
func (s sorting) orderBy(backwards bool) string {
	way := map[bool]string{true: " DESC"}
	var parts []string
	for _, c := range s.columns {
		parts = append(parts, c+way[s.falling != backwards])
	}
	return strings.Join(append(parts, "m.id"+way[backwards]), ", ")
}

// cursor is where a page ended: the values of the sorted columns and the id.
type cursor struct {
	Order review.Order `json:"o"`
	Keys  []any        `json:"k"`
	ID    string       `json:"i"`
}

// text packs a cursor for the outside, which must not look into it.
func (c cursor) text() (string, error) {
	b, err := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// readCursor unpacks a cursor, or says that it is not one of this order.
func readCursor(s string, order review.Order) (cursor, error) {
	bad := corpus.Refuse(corpus.ErrInvalid, "page-marker", "the page marker is not one of this list, begin at the first page")
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(b, &c) != nil || c.Order != order || len(c.Keys) != len(sortings[order].columns) {
		return c, bad
	}
	for _, k := range c.Keys {
		switch k.(type) {
		case string, float64:
		default:
			return c, bad
		}
	}
	return c, nil
}

// where collects conditions and their arguments, numbering the parameters.
type where struct {
	parts []string
	args  []any
}

// add appends a condition; each ? in it becomes the next numbered parameter.
func (w *where) add(condition string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.parts = append(w.parts, condition)
}

// arg numbers one argument and returns its parameter.
func (w *where) arg(a any) string {
	w.args = append(w.args, a)
	return fmt.Sprintf("$%d", len(w.args))
}

// sql is the WHERE clause, or nothing.
func (w *where) sql() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// after limits to what follows a cursor.
func (w *where) after(c cursor) { w.beside(c, ">") }

// beside limits to what follows a cursor (">"), or to what it ends ("<").
func (w *where) beside(c cursor, way string) {
	s := sortings[c.Order]
	step := way
	if s.falling {
		step = map[string]string{">": "<", "<": ">"}[way]
	}
	same := map[string]string{">": "m.id > ", "<": "m.id <= "}[way]
	// (a, b, id) behind (x, y, z), one column at a time: rows and directions may
	// not be mixed in one row comparison.
	equal := ""
	var ways []string
	for i, column := range s.columns {
		p := w.arg(c.Keys[i])
		ways = append(ways, equal+column+" "+step+" "+p)
		equal += column + " = " + p + " AND "
	}
	ways = append(ways, equal+same+w.arg(c.ID))
	w.parts = append(w.parts, "("+strings.Join(ways, " OR ")+")")
	// The first column alone tells an index where to begin.
	w.parts = append(w.parts, s.columns[0]+" "+step+"= "+w.arg(c.Keys[0]))
}

// filter turns a filter into conditions as they stand now.
func filter(f review.Filter, now time.Time) (*where, error) {
	w := &where{}
	if f.Dossier != uuid.Nil {
		w.add("m.dossier = ?", f.Dossier.String())
	}
	if f.Speed != review.SpeedAny {
		w.add("m.dossier" + atSpeed(f.Speed))
	}
	if f.Standard != "" {
		w.add("m.source_standard = ?", string(f.Standard))
	}
	if f.Against != "" {
		w.add("m.against = ?", string(f.Against))
	}
	if f.Clause != "" {
		w.add("m.id IN (SELECT mc.match FROM match_clauses mc WHERE mc.clause = ?)", string(f.Clause))
	}
	if len(f.States) > 0 {
		var in []string
		for _, s := range f.States {
			in = append(in, w.arg(string(s)))
		}
		w.parts = append(w.parts, "m.state IN ("+strings.Join(in, ", ")+")")
	}
	if f.Suspect != nil {
		w.add("m.suspect = ?", number(*f.Suspect))
	}
	if f.Verdict != "" {
		w.add("m.verdict = ?", string(f.Verdict))
	}
	if f.Alike != [2]corpus.Digest{} {
		w.add(`m.id IN (SELECT a.match FROM clauses ca JOIN match_clauses a ON a.clause = ca.id AND a.side = 'a'
			JOIN match_clauses b ON b.match = a.match AND b.side = 'b' JOIN clauses cb ON cb.id = b.clause
			WHERE ca.digest = ? AND cb.digest = ? AND ca.removed = 0 AND cb.removed = 0)`, string(f.Alike[0]), string(f.Alike[1]))
		w.add("(SELECT COUNT(*) FROM match_clauses n WHERE n.match = m.id) = 2")
	}
	if len(f.Without) > 0 {
		w.add("m.id NOT IN (SELECT value FROM json_each(?))", jsonIDs(f.Without))
	}
	if len(f.Only) > 0 {
		w.add("m.id IN (SELECT value FROM json_each(?))", jsonIDs(f.Only))
	}
	if f.Task != review.TaskNone {
		if f.Of == nil {
			return nil, fmt.Errorf("a task is somebody's, say whose: %w", corpus.ErrInvalid)
		}
		skipped(w, *f.Of, now)
		return w, awaits(w, f.Task, *f.Of, now)
	}
	return w, nil
}

// matchesFor is the table to select from with how it is gone through: a filter that
// names what it selects has few rows.
func matchesFor(f review.Filter) string {
	if f.Clause != "" || len(f.Only) > 0 || f.Alike != (review.Filter{}).Alike {
		return "matches m " + byID
	}
	return "matches m"
}

// jsonIDs is a list of ids as one argument.
func jsonIDs(ids []uuid.UUID) string {
	b, _ := json.Marshal(ids) // ids are text, which never fails
	return string(b)
}

// pageSize is the length of a page when none is asked for.
const pageSize = 50

// Matches lists matches that a filter selects, page by page. A page follows the
// one before by its last row, so that answers given meanwhile neither repeat nor
// skip a match that is still selected.
func (db *DB) Matches(ctx context.Context, f review.Filter) (review.Page, error) {
	if f.Order == "" {
		f.Order = review.OrderChapter
	}
	if _, known := sortings[f.Order]; !known {
		return review.Page{}, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not an order", "value", f.Order)
	}
	if f.Limit < 0 || f.Limit > review.MaxPage {
		return review.Page{}, fmt.Errorf("a page has up to %d matches: %w", review.MaxPage, corpus.ErrLimit)
	}
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	var page review.Page
	err := db.read(ctx, "list matches", func(tx *sql.Tx) (err error) {
		page, err = listMatches(ctx, tx, f, db.now())
		return err
	})
	return page, err
}

// listMatches counts, selects one page of ids, and loads the matches.
func listMatches(ctx context.Context, q querier, f review.Filter, now time.Time) (review.Page, error) {
	w, err := filter(f, now)
	if err != nil {
		return review.Page{}, err
	}
	var page review.Page
	if usualQueue(f) {
		page.Total, err = countFirst(ctx, q, *f.Of, f.Dossier, f.Speed, now, f.Without...)
	} else {
		err = q.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+matchesFor(f)+w.sql(), w.args...).Scan(&page.Total)
	}
	if err != nil {
		return review.Page{}, err
	}
	if f.Placed && f.Task != review.TaskNone {
		if page.Done, err = countDone(ctx, q, f); err != nil {
			return review.Page{}, err
		}
	}
	if f.Cursor != "" {
		c, err := readCursor(f.Cursor, f.Order)
		if err != nil {
			return review.Page{}, err
		}
		w.after(c)
		if f.Placed {
			if page.Before, err = countUpTo(ctx, q, f, c, now); err != nil {
				return review.Page{}, err
			}
			if err := before(ctx, q, f, c, now, &page); err != nil {
				return review.Page{}, err
			}
		}
	}
	ends, next, err := pageOf(ctx, q, f, w)
	if err != nil {
		return review.Page{}, err
	}
	page.Next = next
	ids := make([]string, len(ends))
	for i, e := range ends {
		ids[i] = e.ID
	}
	if f.Bare {
		for _, id := range ids {
			page.Matches = append(page.Matches, review.Match{ID: uuid.MustParse(id)})
		}
	} else if page.Matches, _, err = loadMatches(ctx, q, ids); err != nil {
		return page, err
	}
	return page, withControls(ctx, q, f, ends, &page, now)
}

// countUpTo counts what a filter selects up to a cursor. The usual queue has an index of
// its own for that, which SQLite would not choose.
func countUpTo(ctx context.Context, q querier, f review.Filter, c cursor, now time.Time) (n int, err error) {
	w, err := filter(f, now)
	if err != nil {
		return 0, err
	}
	w.beside(c, "<")
	by := ""
	if f.Task == review.TaskFirst && f.Order == review.OrderChapter && f.Dossier != uuid.Nil {
		by = " INDEXED BY matches_open"
	}
	err = q.QueryRowContext(ctx, "SELECT COUNT(*) FROM matches m"+by+w.sql(), w.args...).Scan(&n)
	return n, err
}

// before finds the match before the first of a page, and where its page begins.
func before(ctx context.Context, q querier, f review.Filter, c cursor, now time.Time, page *review.Page) error {
	w, err := filter(f, now)
	if err != nil {
		return err
	}
	w.beside(c, "<")
	ends, err := rowsOf(ctx, q, f, w, true)
	if err != nil || len(ends) == 0 {
		return err
	}
	if page.Last, err = uuid.Parse(ends[0].ID); err == nil && len(ends) > f.Limit {
		page.Back, err = ends[f.Limit].text()
	}
	return err
}

// pageOf selects the rows of one page and the cursor of the next.
func pageOf(ctx context.Context, q querier, f review.Filter, w *where) (ends []cursor, next string, err error) {
	ends, err = rowsOf(ctx, q, f, w, false)
	if err != nil {
		return nil, "", err
	}
	if len(ends) > f.Limit {
		ends = ends[:f.Limit]
		if next, err = ends[f.Limit-1].text(); err != nil {
			return nil, "", err
		}
	}
	return ends, next, nil
}

// rowsOf selects the rows of one page and one more, from its begin or its end.
func rowsOf(ctx context.Context, q querier, f review.Filter, w *where, backwards bool) ([]cursor, error) {
	s := sortings[f.Order]
	query := "SELECT " + strings.Join(append([]string{"m.id"}, s.columns...), ", ") + " FROM " + matchesFor(f) + w.sql() +
		" ORDER BY " + s.orderBy(backwards) + " LIMIT " + w.arg(f.Limit+1)
	rows, err := q.QueryContext(ctx, query, w.args...)
	return collect(rows, err, func(r row) (cursor, error) {
		c := cursor{Order: f.Order, Keys: make([]any, len(s.columns))}
		to := []any{&c.ID}
		for i := range c.Keys {
			to = append(to, &c.Keys[i])
		}
		return c, r.Scan(to...)
	})
}
