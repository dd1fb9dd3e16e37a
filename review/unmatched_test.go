package review

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"concord/corpus"
)

// TestUnmatched: a clause is open towards each standard it faces until a counterpart, or
// that there is none, is agreed; a pair that is unrelated leaves it open; informative
// clauses are not given. What opened and closed is told between rounds that note it.
func TestUnmatched(t *testing.T) {
	d := Dossier{Sides: []Side{{Party: "CN", Standards: []corpus.StandardID{"a"}}, {Party: "RU", Standards: []corpus.StandardID{"b", "c"}}}}
	var clauses []corpus.Clause
	for _, id := range []corpus.ClauseID{"a/1", "a/2", "b/1", "b/2", "c/1"} {
		clauses = append(clauses, corpus.Clause{ID: id, Standard: id.Standard(), Label: id.Key()})
	}
	match := func(state State, source, target corpus.ClauseID, against corpus.StandardID) Match {
		m := Match{State: state, Against: against}
		m.Sources = []corpus.ClauseID{source}
		if target != "" {
			m.Targets = []corpus.ClauseID{target}
		}
		return m
	}
	said := func(list []Unmatched) string {
		var out []string
		for _, u := range list {
			out = append(out, fmt.Sprintf("%s %s>%s", u.Clause, u.Label, u.Against))
		}
		return strings.Join(out, ", ")
	}
	for name, c := range map[string]struct {
		agreed []Match
		want   string
	}{
		"nothing":   {nil, "a/1 1>b, a/2 2>b, a/1 1>c, a/2 2>c, b/1 1>a, b/2 2>a, c/1 1>a"},
		"a pair":    {[]Match{match(StateConfirmed, "a/1", "b/1", "b")}, "a/2 2>b, a/1 1>c, a/2 2>c, b/2 2>a, c/1 1>a"},
		"from b":    {[]Match{match(StateConfirmed, "b/1", "a/1", "a")}, "a/2 2>b, a/1 1>c, a/2 2>c, b/2 2>a, c/1 1>a"},
		"a gap":     {[]Match{match(StateAbsent, "a/1", "", "b")}, "a/2 2>b, a/1 1>c, a/2 2>c, b/1 1>a, b/2 2>a, c/1 1>a"},
		"unrelated": {[]Match{match(StateRejected, "a/1", "b/1", "b")}, "a/1 1>b, a/2 2>b, a/1 1>c, a/2 2>c, b/1 1>a, b/2 2>a, c/1 1>a"},
	} {
		if got := said(UnmatchedIn(d, clauses, c.agreed)); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	before := Round{Unmatched: UnmatchedIn(d, clauses, []Match{match(StateConfirmed, "a/1", "b/1", "b")})}
	after := Round{Unmatched: UnmatchedIn(d, clauses, []Match{match(StateAbsent, "a/2", "", "b")})}
	if opened, closed := before.UnmatchedDiffer(after); said(opened) != "a/1 1>b, b/1 1>a" || said(closed) != "a/2 2>b" {
		t.Errorf("opened %s; closed %s", said(opened), said(closed))
	}
	if opened, closed := (Round{}).UnmatchedDiffer(after); opened != nil || closed != nil {
		t.Error("what an old round does not note is told")
	}
	old, err := json.Marshal(Round{})
	if err != nil || strings.Contains(string(old), "unmatched") {
		t.Errorf("an old round has other bytes: %s, %v", old, err)
	}
	none, err := json.Marshal(Round{Unmatched: []Unmatched{}})
	if err != nil || !strings.Contains(string(none), `"unmatched":[]`) {
		t.Errorf("that nothing is open is not noted: %s, %v", none, err)
	}
}
