package store

import (
	"strings"
	"testing"
)

// TestDueMatchesAreLookedUp: what waits is found by its clauses, without reading those
// of all matches.
func TestDueMatchesAreLookedUp(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir()+"/concord.db", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	scans := func(ids string) bool {
		rows, err := db.reader.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+effectsOf(ids))
		plan, err := collect(rows, err, func(r row) (line string, err error) {
			var n int
			return line, r.Scan(&n, &n, &n, &line)
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(strings.Join(plan, "\n"), "SCAN x")
	}
	if scans(dueMatches) {
		t.Error("the clauses of all matches are read")
	}
	if !scans("SELECT x.match FROM match_clauses x") {
		t.Error("the check finds no scan where there is one")
	}
}
