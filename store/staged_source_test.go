package store_test

import (
	"fmt"
	"testing"

	"concord/corpus"
	"concord/corpus/staging"
	"concord/store"
)

// withSource gives a document a source of n lines and its first clause a place.
func withSource(doc *corpus.Document, n int) *corpus.Document {
	s := &corpus.Source{Form: corpus.SourceText, Count: n, Places: map[string]corpus.SourceSpan{"5.1": {From: 3, To: 4}}}
	for i := range n {
		s.Lines = append(s.Lines, corpus.SourceLine{Text: fmt.Sprintf("line %d", i+1), No: i + 1})
	}
	doc.Source = s
	return doc
}

// A source is kept in sheets while its import waits, comes back around a line, and
// goes when the import is settled; the places stay with the document, and the caller's
// document is left as it was.
func TestStagedSource(t *testing.T) {
	db := open(t)
	doc := withSource(document("cn-gb-1-2020", "CN", "zh", 2), 300)
	waits := stage(t, db, "a.txt", doc)
	if len(doc.Source.Lines) != 300 {
		t.Error("the caller's document lost its lines")
	}
	i, err := db.Staged(t.Context(), waits.ID)
	if err != nil || i.Document.Source == nil || i.Document.Source.Lines != nil || i.Document.Source.Count != 300 || i.Document.Source.Places["5.1"] != (corpus.SourceSpan{From: 3, To: 4}) {
		t.Fatalf("%+v, %v", i.Document, err)
	}
	for line, want := range map[int]string{-5: "[1]", 1: "[1]", 120: "[1]", 121: "[121]", 300: "[241]", 99999: "[241]"} {
		if got := firsts(t, db, i, line, 0); got != want {
			t.Errorf("line %d: the sheets %s, want %s", line, got, want)
		}
	}
	if got := firsts(t, db, i, 130, 1); got != "[1 121 241]" {
		t.Errorf("around line 130: %s", got)
	}
	if got := firsts(t, db, i, 130, 1<<30); got != "[1 121 241]" {
		t.Errorf("all around: %s", got)
	}
	if err := db.DiscardStaged(t.Context(), i.ID, i.Version, "cli"); err != nil {
		t.Fatal(err)
	}
	if got := firsts(t, db, i, 1, 0); got != "[]" {
		t.Errorf("a discarded import still has the source %s", got)
	}
	again := stage(t, db, "a.txt", doc)
	if got := firsts(t, db, again, 1, 0); got != "[1]" {
		t.Errorf("sent again: %s", got)
	}
	if _, err := db.AcceptStaged(t.Context(), again.ID, again.Version, "cli", doc); err != nil {
		t.Fatal(err)
	}
	if got := firsts(t, db, again, 1, 0); got != "[]" {
		t.Errorf("an accepted import still has the source %s", got)
	}
}

func firsts(t *testing.T, db *store.DB, i staging.Import, line, around int) string {
	t.Helper()
	sheets, err := db.StagedSource(t.Context(), i.ID, line, around)
	if err != nil {
		t.Fatal(err)
	}
	out := []int{}
	for _, s := range sheets {
		out = append(out, s.First)
	}
	return fmt.Sprint(out)
}
