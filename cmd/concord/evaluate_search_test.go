package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
)

// TestJudgedSearches holds what search has reached on the judged set; the
// control asks the same queries with the answers of the next question.
func TestJudgedSearches(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	set, err := judgedSets(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := measureSearch(context.Background(), lex, set)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("all %.3f, same language %.3f, other languages %.3f", r.All, r.Same, r.Cross)
	if r.Queries != 120 || r.All < 0.86 || r.Same < 0.93 || r.Cross < 0.90 {
		t.Errorf("%d queries: all %.3f, same language %.3f, other languages %.3f", r.Queries, r.All, r.Same, r.Cross)
	}
	turned := make([]index.Judged, 3) // enough to see, and quick
	for i := range turned {
		turned[i] = index.Judged{Topic: set[i].Topic, Queries: set[i].Queries, Grades: set[i+7].Grades}
	}
	if r, err = measureSearch(context.Background(), lex, turned); err != nil || r.All > 0.15 {
		t.Errorf("with the answers of other questions: %.3f, %v", r.All, err)
	}
}

// TestUnseenSearches holds what search has reached on queries that it was not made
// for: those of the second set, whose failures were looked at since, and those of the
// third, of which nobody has looked at more than these totals.
func TestUnseenSearches(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file             string
		topics           int
		all, same, cross float64
	}{{"searches-unseen.tsv", 10, 0.79, 0.89, 0.86}, {"searches-third.tsv", 12, 0.66, 0.85, 0.72}} {
		set, err := judgedSets([]string{filepath.Join("..", "..", "corpus", "samples", c.file)})
		if err != nil || len(set) != c.topics {
			t.Fatalf("%s: %d topics, %v", c.file, len(set), err)
		}
		r, err := measureSearch(context.Background(), lex, set)
		t.Logf("%s: all %.3f, same language %.3f, other languages %.3f", c.file, r.All, r.Same, r.Cross)
		if err != nil || r.Queries != 6*c.topics || r.All < c.all || r.Same < c.same || r.Cross < c.cross {
			t.Errorf("%s, %d queries: all %.3f, same language %.3f, other languages %.3f, %v", c.file, r.Queries, r.All, r.Same, r.Cross, err)
		}
	}
}

func TestJudgedSetsOfAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "ours.tsv")
	if err := os.WriteFile(name, []byte("topic\twhat\tvalue\nrail\ten\tguardrail\nrail\t4\tx/1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := judgedSets([]string{name}); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "ours.tsv line 3") {
		t.Errorf("%v", err)
	}
}
