package matcher

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	path := filepath.Join(t.TempDir(), "postings")
	load := func(m *Matcher, standards []corpus.Standard, clauses []corpus.Clause, file []byte, program string) error {
		if err := os.WriteFile(path+".new", file, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil { // not into what is mapped
			t.Fatal(err)
		}
		return m.LoadSaved(standards, InOrder(clauses), path, program)
	}
	again := New(m.lex, m.model)
	if err := load(again, standards, clauses, file.Bytes(), "this"); err != nil {
		t.Fatal(err)
	}
	reopened := New(m.lex, m.model)
	if err := reopened.Load(standards, clauses); err != nil {
		t.Fatal(err)
	}
	if err := reopened.Reopen(path, "this"); err != nil || reopened.corpus.Load().file == nil {
		t.Fatal(err)
	}
	asked := append(newGenerator(t, 6).standards("new", 2), clauses[0])
	among := [][]corpus.StandardID{nil, {"b", "c"}}
	want := make(map[string][]Proposal)
	for _, c := range asked {
		for _, a := range among {
			found, err := m.Match(t.Context(), c, a, 5)
			if err != nil || len(found) == 0 {
				t.Fatal(err, len(found))
			}
			want[fmt.Sprint(c.ID, a)] = found
			for name, m := range map[string]*Matcher{"saved": again, "reopened": reopened} {
				if got, err := m.Match(t.Context(), c, a, 5); err != nil || !reflect.DeepEqual(got, found) {
					t.Fatalf("%s, %s: %v\n%+v\nwant\n%+v", name, c.ID, err, got, found)
				}
			}
		}
	}
	var copied bytes.Buffer
	if err := again.Save(&copied, "this"); err != nil || !bytes.Equal(copied.Bytes(), file.Bytes()) {
		t.Errorf("what was opened is saved otherwise: %v", err)
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
	if again.Len() != len(clauses) {
		t.Errorf("a refused file left %d clauses", again.Len())
	}
	atOnce, later, never := 0, 0, 0
	for at := 60; at < file.Len(); at += file.Len() / 50 {
		bad := bytes.Clone(file.Bytes())
		bad[at] ^= 4
		m := New(m.lex, m.model)
		if err := load(m, standards, clauses, bad, "this"); err != nil {
			if atOnce++; !errors.Is(err, sparse.ErrDamaged) || m.Len() != 0 {
				t.Errorf("byte %d changed: %v, %d clauses", at, err, m.Len())
			}
			continue
		}
		said := 0
		for _, c := range asked {
			for _, a := range among {
				got, err := m.Match(t.Context(), c, a, 5)
				if errors.Is(err, sparse.ErrDamaged) && got == nil {
					said++
				} else if err != nil || !reflect.DeepEqual(got, want[fmt.Sprint(c.ID, a)]) {
					t.Fatalf("byte %d changed, %s: %v and another answer", at, c.ID, err)
				}
			}
		}
		if said == 0 {
			never++
			continue
		}
		later++
		if _, err := m.Similar(t.Context(), asked[0], nil, 5); !errors.Is(err, sparse.ErrDamaged) {
			t.Errorf("byte %d changed: candidates are found nevertheless: %v", at, err)
		}
		if err := m.MatchAll(t.Context(), asked, nil, 1, nil, func([]Proposal) error { return nil }); !errors.Is(err, sparse.ErrDamaged) {
			t.Errorf("byte %d changed: many are matched nevertheless: %v", at, err)
		}
		if err := m.Save(io.Discard, "this"); !errors.Is(err, sparse.ErrDamaged) {
			t.Errorf("byte %d changed: it is saved nevertheless: %v", at, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("byte %d changed: the file is still there: %v", at, err)
		}
	}
	if atOnce < 5 || later < 5 {
		t.Errorf("damage was found %d times at once, %d times later, %d times nothing asked for it", atOnce, later, never)
	}
}

// TestOrderOfStandards: clauses that come in another order are refused, and so is an
// error on the way.
func TestOrderOfStandards(t *testing.T) {
	m := testMatcher(t)
	part := func(id corpus.StandardID) []corpus.Clause {
		return []corpus.Clause{{ID: corpus.NewClauseID(id, "1"), Standard: id, Language: "en", Text: "Doors."}}
	}
	broken := errors.New("broken")
	for name, x := range map[string]struct {
		ids  []corpus.StandardID
		want error
	}{"in order": {[]corpus.StandardID{"a", "b"}, nil}, "not in order": {[]corpus.StandardID{"b", "a"}, corpus.ErrInvalid}, "twice": {[]corpus.StandardID{"a", "a"}, corpus.ErrInvalid}, "broken": {[]corpus.StandardID{"a", ""}, broken}} {
		clauses := func(yield func([]corpus.Clause, error) bool) {
			for _, id := range x.ids {
				var err error
				if id == "" {
					err = broken
				}
				if !yield(part(id), err) {
					return
				}
			}
		}
		if err := m.LoadKnown(nil, clauses, Gists{}); !errors.Is(err, x.want) {
			t.Errorf("%s: %v", name, err)
		}
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
