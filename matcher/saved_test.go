package matcher

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher/sparse"
)

// TestSavedPostingsProposeTheSame holds a matcher that took saved postings against
// the one that read the texts, for clauses that it does not have and among clauses
// of its own; and whatever differs is stale.
func TestSavedPostingsProposeTheSame(t *testing.T) {
	m := testMatcher(t)
	clauses := newGenerator(t, 5).standards("kept", 90)
	for i := range clauses { // three standards
		clauses[i].Standard = corpus.StandardID([]string{"a", "b", "c"}[i%3])
		clauses[i].ID = corpus.NewClauseID(clauses[i].Standard, string(clauses[i].ID))
	}
	standards := []corpus.Standard{{ID: "a"}, {ID: "b", Tradition: corpus.TraditionISO}}
	if err := m.Load(standards, clauses); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := m.Save(&file, "this"); err != nil {
		t.Fatal(err)
	}
	load := func(m *Matcher, standards []corpus.Standard, clauses []corpus.Clause, file []byte, program string) error {
		return m.LoadSaved(standards, clauses, bytes.NewReader(file), int64(len(file)), program)
	}
	again := New(m.lex, m.model)
	if err := load(again, standards, clauses, file.Bytes(), "this"); err != nil {
		t.Fatal(err)
	}
	asked := append(newGenerator(t, 6).standards("new", 2), clauses[0])
	for _, c := range asked {
		want, err := m.Match(context.Background(), c, nil, 5)
		if err != nil || len(want) == 0 {
			t.Fatal(err, len(want))
		}
		if got, err := again.Match(context.Background(), c, nil, 5); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: %v\n%+v\nwant\n%+v", c.ID, err, got, want)
		}
	}
	changed := append([]corpus.Clause{}, clauses...)
	changed[7].Text += " not"
	more := m.lex.With([]lexicon.Concept{{ID: "own", Domain: "general", Forms: map[corpus.Language][]string{"en": {"flibber"}}}})
	for name, err := range map[string]error{
		"another text":      load(again, standards, changed, file.Bytes(), "this"),
		"a text less":       load(again, standards, clauses[1:], file.Bytes(), "this"),
		"another tradition": load(again, standards[:1], clauses, file.Bytes(), "this"),
		"another program":   load(again, standards, clauses, file.Bytes(), "other"),
		"other terms":       load(New(more, m.model), standards, clauses, file.Bytes(), "this"),
	} {
		if !errors.Is(err, ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for at := 60; at < file.Len(); at += file.Len() / 6 {
		bad := bytes.Clone(file.Bytes())
		bad[at] ^= 4
		if err := load(again, standards, clauses, bad, "this"); !errors.Is(err, sparse.ErrDamaged) {
			t.Errorf("byte %d changed: %v", at, err)
		}
	}
	if again.Len() != len(clauses) {
		t.Errorf("a refused file left %d clauses", again.Len())
	}
}

func TestTally(t *testing.T) {
	var ids []uint64
	for i := range uint64(500) {
		for range i%3 + 1 {
			ids = append(ids, (i*i*1_000_003+7)<<tallyShift|i)
		}
	}
	tally := newTally(ids)
	for i := range uint64(500) {
		if n := tally.count(termID((i*i*1_000_003 + 7) << tallyShift)); n != int32(i%3+1) {
			t.Fatalf("%d came %d times", i, n)
		}
		if n := tally.count(termID((i*i*1_000_003 + 8) << tallyShift)); n != 0 {
			t.Fatalf("%d was never there and came %d times", i, n)
		}
	}
	if n := tally.count(3); n != 0 {
		t.Errorf("before the first: %d", n)
	}
}
