package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// TestCountsFollowTheMatches: what is left of a queue, worked out from kept counts, is
// what its pages hold, after answers, undoing, skips and what is left out; a wrong
// count is found.
func TestCountsFollowTheMatches(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "c.db")
	db := openAt(t, path, time.Now)
	li := person(t, db, "li", review.RoleReviewer, "CN")
	s := newScene(t, db, review.PolicyBothParties, 5)
	left := func(want, done int, without ...uuid.UUID) {
		t.Helper()
		page, err := db.Matches(ctx, review.Filter{Dossier: s.dossier.ID, Task: review.TaskFirst, Of: &li, Without: without, Placed: true})
		must(t, err)
		if page.Total != want || len(page.Matches) != want || page.Done != done {
			t.Errorf("%d left, %d on the page, %d done, want %d and %d", page.Total, len(page.Matches), page.Done, want, done)
		}
		sound(t, db)
	}
	left(5, 0)
	m := s.decide(t, li, opinion(s.matches[0], "equivalent"))
	left(4, 1)
	must(t, db.SaveSkip(ctx, review.Skip{Person: li.ID, Match: s.matches[1].ID, Reason: review.SkipField, Created: time.Now()}))
	left(3, 1)
	left(2, 1, s.matches[2].ID, s.matches[1].ID, m.ID)
	_, err := s.desk.Undo(ctx, li, m.ID, m.Decisions[0].ID)
	must(t, err)
	left(4, 0)
	s.cn.Clauses = s.cn.Clauses[:len(s.cn.Clauses)-1] // the last proposal goes with its clause
	save(t, db, s.cn)
	left(3, 0)
	runSQL(t, raw(t, path), "UPDATE match_counts SET n = n + 1")
	r, err := db.Check(ctx)
	must(t, err)
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "counts of matches") {
		t.Errorf("a wrong count is not found: %v", r.Problems)
	}
}
