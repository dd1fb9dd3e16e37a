package main

import (
	"testing"

	"concord/corpus"
)

// TestSampleSets: the sample concordance becomes sets that are marked as
// machine-written and partial, name only clauses that are there, and keep hard
// negatives and stated lacks apart from right pairs.
func TestSampleSets(t *testing.T) {
	sets, err := sampleSets()
	if err != nil {
		t.Fatal(err)
	}
	pairs, negatives, without := 0, 0, 0
	for _, s := range sets {
		if !s.Unconfirmed || !s.Partial || s.Family != sampleFamily {
			t.Errorf("%s: unconfirmed %v, partial %v, family %q", s.Name, s.Unconfirmed, s.Partial, s.Family)
		}
		for _, p := range s.Pairs {
			if !has(s.Sources, p.Source) || !has(s.Targets, p.Target) {
				t.Errorf("%s: %s, %s is not there", s.Name, p.Source, p.Target)
			}
			if pairs++; p.Relation == string(corpus.RelationNone) {
				negatives++
			}
		}
		without += len(s.Without)
	}
	if len(sets) < 50 || pairs-negatives < 700 || negatives < 50 || without < 20 {
		t.Errorf("%d sets, %d pairs, %d hard negatives, %d without a counterpart", len(sets), pairs, negatives, without)
	}
	if has(sets[0].Sources, "no-such/1") {
		t.Error("a clause that is not there is found")
	}
}
