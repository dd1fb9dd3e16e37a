package matcher

import (
	"testing"

	"concord/corpus"
	"concord/matcher/sparse"
)

// TestTelling: a large corpus is not asked for what much of it has; a small one is, and
// what is rare always is.
func TestTelling(t *testing.T) {
	for _, tt := range []struct {
		name    string
		clauses int
		want    int
	}{{"small", tellingFrom, 3}, {"large", tellingFrom + 1, 2}} {
		n := int32(float64(tt.clauses) * tellingShare)
		col := &collection{clauses: make([]corpus.Clause, tt.clauses), whole: &vocabulary{in: []int32{1, n, n + 1}}}
		got := col.telling([]sparse.Term{{ID: 0}, {ID: 1}, {ID: 2}})
		if len(got) != tt.want || got[0].ID != 0 || got[1].ID != 1 {
			t.Errorf("%s: %d of three terms are asked for, want %d: %v", tt.name, len(got), tt.want, got)
		}
	}
}
