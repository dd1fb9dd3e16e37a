package staging_test

import (
	"testing"

	"concord/corpus"
	"concord/corpus/staging"
)

// A clause keeps its place through corrections: both parts of a split stand where the
// whole did, a merged one where both did, and a renumbered one where it was.
func TestPlacesThroughCorrections(t *testing.T) {
	doc := &corpus.Document{Standard: corpus.Standard{ID: "x", Designation: "X 1", Jurisdiction: "CN", Language: "en"}}
	for n, key := range []string{"1.1", "1.2", "1.3"} {
		doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID("x", key), Standard: "x", Order: n, Label: key, Number: key, Kind: corpus.KindProvision, Text: "One thing. 1.9 Another thing.", Language: "en"})
	}
	doc.Source = &corpus.Source{Form: corpus.SourceText, Count: 9, Places: map[string]corpus.SourceSpan{"1.1": {From: 1, To: 2}, "1.2": {From: 4, To: 5}, "1.3": {From: 7, To: 9}}}
	i := staging.Import{State: staging.Staged, Document: doc}
	for _, op := range []staging.Operation{
		{Act: staging.Renumber, Clause: "1.3", Label: "1.7"},
		{Act: staging.Merge, Clause: "1.2", Join: "\n"},
		{Act: staging.Split, Clause: "1.7", At: 11, Label: "1.8"},
	} {
		if err := i.Correct(op); err != nil {
			t.Fatal(err)
		}
	}
	sheet, err := i.Corrected()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]corpus.SourceSpan{"1.1": {From: 1, To: 5}, "1.7": {From: 7, To: 9}, "1.8": {From: 7, To: 9}}
	for _, r := range sheet.Rows {
		if got := sheet.Place(r); got != want[r.ID.Key()] {
			t.Errorf("%s stands at %v, want %v", r.ID.Key(), got, want[r.ID.Key()])
		}
	}
	if got := sheet.At(8); len(got) < 1 || got[0].ID.Key() != "1.7" {
		t.Errorf("on line 8 stands %v", got)
	}
	if got := sheet.At(6); len(got) != 0 {
		t.Errorf("on line 6 stands %v", got)
	}
	if doc.Source.Places["1.1"] != (corpus.SourceSpan{From: 1, To: 2}) {
		t.Error("the document as it was read has changed")
	}
}

// Sheets are pages where there are pages, and so many lines elsewhere.
func TestSourceSheets(t *testing.T) {
	s := &corpus.Source{}
	for n := range 250 {
		s.Lines = append(s.Lines, corpus.SourceLine{No: n + 1})
	}
	if got := staging.SourceSheets(s); len(got) != 3 || got[1].First != 121 || len(got[2].Lines) != 10 {
		t.Errorf("%d sheets", len(got))
	}
	for n := range s.Lines {
		s.Lines[n].Box.Page = 1 + n/200
	}
	if got := staging.SourceSheets(s); len(got) != 2 || got[1].First != 201 {
		t.Errorf("%d pages", len(got))
	}
}
