package matcher

import (
	"testing"

	"concord/corpus"
)

// TestTelling: the groups of letters that much of a large corpus has get no postings; a
// small corpus has those of all, what is rare always has them, and so have the terms of
// other rankings.
func TestTelling(t *testing.T) {
	const words, cognates = 0, 3
	for _, tt := range []struct {
		name    string
		clauses int
		want    int // postings of groups of letters
	}{{"small", tellingFrom, tellingFrom + 1001 + 1000}, {"large", tellingFrom + 1, 1000}} {
		n := int(float64(tt.clauses)*tellingShare) + 1
		col := &collection{size: tt.clauses, names: []corpus.StandardID{"a"}, standards: map[corpus.StandardID][2]int{"a": {0, tt.clauses}}, whole: &vocabulary{clauses: tt.clauses}, sketches: &sketches{}}
		for i := range tt.clauses {
			g := gist{bags: make([]bag, len(rankings))}
			all := bag{{1, 1}}
			if i < n {
				all = append(all, entry{2, 2})
			}
			if i < n-1 {
				all = append(all, entry{3, 0.5})
			}
			g.bags[words], g.bags[cognates] = bag{{4, 1}}, all
			col.sketches.add(col.whole, g)
		}
		col.sketches.done()
		col.whole.weigh()
		col.sketches.weigh(col.whole)
		for k, want := range map[int]int{words: tt.clauses, cognates: tt.want} {
			ix, err := col.postings(k)
			if err != nil {
				t.Fatal(err)
			}
			if got := ix.Postings(); got != want {
				t.Errorf("%s: %d postings of %s, want %d", tt.name, got, rankings[k].signal, want)
			}
		}
	}
}
