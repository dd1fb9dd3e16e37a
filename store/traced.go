package store

import (
	"context"

	"concord/review"
)

// traced holds rows of a table against the audit rows that were written with them:
// every row has its own, with the same content, and none is left over.
type traced struct {
	left map[string]bool
	what string // what the rows are, in the plural, for what is found wrong
}

// tracedBy reads the audit rows of an action, or of all that begin so when it ends
// in %; key is the SQL that writes one as object names it below, its payload last.
func tracedBy(ctx context.Context, q querier, what, key, action string) (*traced, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+key+" || ' ' || payload FROM audit WHERE action LIKE $1", action)
	trail, err := collect(rows, err, scanString)
	if err != nil {
		return nil, err
	}
	t := &traced{left: make(map[string]bool, len(trail)), what: what}
	for _, key := range trail {
		t.left[key] = true
	}
	return t, nil
}

// row takes the audit row of an object with its payload, and tells whether there is
// one.
func (t *traced) row(object string, payload any) (bool, error) {
	hash, err := review.PayloadHash(payload)
	if err != nil {
		return false, err
	}
	key := object + " " + hash
	there := t.left[key]
	delete(t.left, key)
	return there, nil
}

// done reports the audit rows that nothing stands for.
func (t *traced) done(r *Report) {
	if len(t.left) > 0 {
		r.problem("the audit tells of %d %s that are not there or not so", len(t.left), t.what)
	}
}
