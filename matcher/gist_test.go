package matcher

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher/sparse"
)

// TestKnownGistsProposeTheSame holds a matcher that took what was saved of some
// clauses against one that read all: what it proposes is the same, only what is new
// or changed is read, and whatever differs otherwise is stale.
func TestKnownGistsProposeTheSame(t *testing.T) {
	m := testMatcher(t)
	clauses := newGenerator(t, 5).standards("kept", 60)
	for i := range clauses { // four standards
		clauses[i].Standard = corpus.StandardID([]string{"a", "b", "c", "d"}[i%4])
		clauses[i].ID = corpus.NewClauseID(clauses[i].Standard, string(clauses[i].ID))
	}
	twin := clauses[4]
	twin.ID += "-twin" // the same words twice in one standard
	clauses = append(clauses, twin)
	standards := []corpus.Standard{{ID: "a"}, {ID: "b", Tradition: corpus.TraditionISO}}
	of := func(keep func(c corpus.Clause) bool) (out []corpus.Clause) {
		for _, c := range clauses {
			if keep(c) {
				out = append(out, c)
			}
		}
		return out
	}
	load := func(m *Matcher, standards []corpus.Standard, clauses []corpus.Clause, from []byte, program string) ([]byte, error) {
		var to bytes.Buffer
		g := Gists{To: &to, Program: program}
		if from != nil {
			g.From, g.Size = bytes.NewReader(from), int64(len(from))
		}
		err := m.LoadKnown(standards, InOrder(clauses), g)
		return to.Bytes(), err
	}
	first := of(func(c corpus.Clause) bool { return c.Standard != "b" })
	first[2].Text += " And so on."
	saved, err := load(New(m.lex, m.model), standards, first, nil, "this")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(standards, clauses); err != nil {
		t.Fatal(err)
	}
	again := New(m.lex, m.model)
	file, err := load(again, standards, clauses, saved, "this")
	if err != nil {
		t.Fatal(err)
	}
	if read, want := len(again.corpus.Load().shelf.order), 15+1; read != want {
		t.Errorf("%d clauses were read, want %d: those of b and the one that changed", read, want)
	}
	third := New(m.lex, m.model)
	other, err := load(third, standards, clauses, file, "this")
	if err != nil || len(third.corpus.Load().shelf.order) != 0 {
		t.Fatalf("%v; %d clauses were read again", err, len(third.corpus.Load().shelf.order))
	}
	if !bytes.Equal(file, other) {
		t.Error("the same clauses are saved otherwise")
	}
	fewer := New(m.lex, m.model)
	if _, err := load(fewer, standards, first, file, "this"); err != nil || len(fewer.corpus.Load().shelf.order) != 1 || fewer.Len() != len(first) {
		t.Errorf("%v; after a standard went %d clauses were read and %d are there", err, len(fewer.corpus.Load().shelf.order), fewer.Len())
	}
	for _, c := range append(newGenerator(t, 6).standards("new", 2), clauses[0], clauses[1]) {
		want, err := m.Match(t.Context(), c, nil, 5)
		if err != nil || len(want) == 0 {
			t.Fatal(err, len(want))
		}
		for _, other := range []*Matcher{again, third} {
			if got, err := other.Match(t.Context(), c, nil, 5); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %v\n%+v\nwant\n%+v", c.ID, err, got, want)
			}
		}
	}
	retold := New(m.lex, m.model)
	if _, err := load(retold, []corpus.Standard{{ID: "a"}, {ID: "b"}}, clauses, file, "this"); err != nil || len(retold.corpus.Load().shelf.order) != 15 {
		t.Errorf("%v; of another tradition %d clauses were read, want the 15 of b", err, len(retold.corpus.Load().shelf.order))
	}
	more := m.lex.With([]lexicon.Concept{{ID: "own", Domain: "general", Forms: map[corpus.Language][]string{"en": {"flibber"}}}})
	if _, err := load(New(more, m.model), standards, clauses, file, "this"); !errors.Is(err, ErrStale) {
		t.Errorf("other terms: %v", err)
	}
	if _, err := load(New(m.lex, m.model), standards, clauses, file, "other"); !errors.Is(err, ErrStale) {
		t.Errorf("another program: %v", err)
	}
	for at := 60; at < len(file); at += len(file) / 7 {
		bad := bytes.Clone(file)
		bad[at] ^= 4
		if _, err := load(again, standards, clauses, bad, "this"); !errors.Is(err, sparse.ErrDamaged) {
			t.Errorf("byte %d changed: %v", at, err)
		}
	}
	if _, err := load(again, standards, clauses, file[:len(file)/2], "this"); !errors.Is(err, sparse.ErrDamaged) {
		t.Errorf("half of the file: %v", err)
	}
	if again.Len() != len(clauses) {
		t.Errorf("a refused file left %d clauses", again.Len())
	}
	if slices.ContainsFunc(again.corpus.Load().digests, func(s string) bool { return s != "" }) {
		t.Error("digests stay in memory")
	}
}
