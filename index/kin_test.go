package index

import (
	"slices"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// TestKinAreFoundBehind: who asks for an accident finds the clause that speaks of an
// incident, behind the one that has the word, and not the one that speaks of neither.
func TestKinAreFoundBehind(t *testing.T) {
	s := &shelf{}
	s.put(english, "1", "", "The operator shall describe each incident.")
	s.put(english, "2", "", "The operator shall describe each accident.")
	s.put(english, "3", "", "The operator shall describe each building.")
	ix := open(t, t.TempDir(), s)
	got := find(t, ix, Query{Text: "accident"})
	if want := []corpus.ClauseID{"gb-x/2", "gb-x/1"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if list := ix.kin["accident"]; !slices.Contains(list, lexicon.ConceptID("incident")) {
		t.Errorf("the kin of an accident are %v", list)
	}
}
