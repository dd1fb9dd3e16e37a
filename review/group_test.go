package review

import (
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
)

// TestGroups joins agreed matches over several standards and says which
// contradict each other.
func TestGroups(t *testing.T) {
	const same, more, less, apart = corpus.RelationEquivalent, corpus.RelationSuperset, corpus.RelationSubset, corpus.RelationNone
	link := func(a, b string, r corpus.Relation) Match {
		state := StateConfirmed
		if r == apart {
			state = StateRejected
		}
		return Match{ID: uuid.New(), Sources: []corpus.ClauseID{corpus.ClauseID(a + "/1")}, Targets: []corpus.ClauseID{corpus.ClauseID(b + "/1")}, State: state, Outcome: &Outcome{Verdict: Verdict(r)}}
	}
	suspect, open := link("a", "c", more), link("a", "c", more)
	suspect.Suspect, open.State = true, StateOpinion
	twice := link("a", "b", same)
	for _, c := range []struct {
		name              string
		matches           []Match
		groups, conflicts int
	}{
		{"nothing", nil, 0, 0},
		{"a pair is no group", []Match{link("a", "b", same)}, 0, 0},
		{"a chain", []Match{link("a", "b", same), link("b", "c", same)}, 1, 0},
		{"a closed triangle", []Match{link("a", "b", same), link("b", "c", same), link("a", "c", corpus.RelationIdentical)}, 1, 0},
		{"equal, equal, but stricter", []Match{link("a", "b", same), link("b", "c", same), link("a", "c", more)}, 1, 1},
		{"the same said from the other ends", []Match{link("b", "a", same), link("c", "b", same), link("c", "a", less)}, 1, 1},
		{"a stands over b over c", []Match{link("a", "b", more), link("b", "c", more), link("a", "c", more)}, 1, 0},
		{"a circle of stricter", []Match{link("a", "b", more), link("b", "c", more), link("c", "a", more)}, 1, 1},
		{"equal, equal, but nothing in common", []Match{link("a", "b", same), link("b", "c", same), link("a", "c", apart)}, 1, 1},
		{"nothing in common joins nothing", []Match{link("a", "b", same), link("b", "c", apart)}, 0, 0},
		{"suspect and open ones do not count", []Match{link("a", "b", same), link("b", "c", same), suspect, open}, 1, 0},
		{"two dossiers of one pair at odds", []Match{link("a", "b", same), link("a", "b", more)}, 1, 1},
		{"a match that both its clauses bring", []Match{twice, twice, link("b", "c", same)}, 1, 0},
	} {
		got := Groups(c.matches)
		conflicts := 0
		for _, g := range got {
			conflicts += len(g.Conflicts)
		}
		if len(got) != c.groups || conflicts != c.conflicts {
			t.Errorf("%s: %d groups with %d conflicts, want %d with %d", c.name, len(got), conflicts, c.groups, c.conflicts)
		}
	}
}
