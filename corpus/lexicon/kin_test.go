package lexicon

import (
	"slices"
	"testing"
)

// TestKin: every row of the table is kin both ways, and so are concepts with a name in
// common in two languages; one language makes none.
func TestKin(t *testing.T) {
	lex := theLexicon(t)
	kin := lex.Kin()
	if len(lex.kin) == 0 {
		t.Fatal("the table has no rows")
	}
	for _, pair := range append(slices.Clone(lex.kin), [2]ConceptID{"plate-flat-piece", "sheeting-board"}) {
		if !slices.Contains(kin[pair[0]], pair[1]) || !slices.Contains(kin[pair[1]], pair[0]) {
			t.Errorf("%s and %s are no kin: %v, %v", pair[0], pair[1], kin[pair[0]], kin[pair[1]])
		}
	}
	for _, pair := range [][2]ConceptID{{"bank", "levee"}, {"wall", "door"}, {"chapter", "separate-from"}} {
		if slices.Contains(kin[pair[0]], pair[1]) {
			t.Errorf("%s and %s are kin", pair[0], pair[1])
		}
	}
	for id, list := range kin {
		if !slices.IsSorted(list) || slices.Contains(list, id) {
			t.Errorf("the kin of %s: %v", id, list)
		}
	}
}

func BenchmarkKin(b *testing.B) {
	lex, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		lex.Kin()
	}
}
