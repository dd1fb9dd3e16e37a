package reader

import (
	"slices"
	"strings"
	"testing"
)

// An annex does not end the numbering of the body: a section after it counts on
// from where the body stood.
func TestAsciiDocSectionAfterAnnex(t *testing.T) {
	const text = "= Rules\n\n== Scope\n\nThis applies.\n\n== Doors\n\nDoors shall close.\n\n" +
		"[appendix]\n== Forms\n\n=== Report\n\nThe report shall be kept.\n\n== Windows\n\nWindows shall open.\n"
	docs, err := Read("a.adoc", strings.NewReader(text), Hint{Designation: "X 1:2000"})
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, c := range docs[0].Clauses {
		labels = append(labels, c.Label)
	}
	if want := []string{"1", "2", "Annex A", "A.1", "3"}; !slices.Equal(labels, want) {
		t.Errorf("labels %q, want %q", labels, want)
	}
}
