package reader

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
)

// A table in a container is read by the columns that are remembered for its publisher
// and headers; one of which nobody knows them is left out, and it is said how.
func TestColumnsInContainers(t *testing.T) {
	const table = "x1,x2,x3\n5.1,Doors,The width shall be at least 0.8 m.\n5.2,Stairs,Rails shall stand on both sides.\n"
	hint := Hint{Designation: "ISO 88:2020", Language: "en", Jurisdiction: "INT"}
	alone, err := Read("a.csv", strings.NewReader(table), hint)
	if err != nil || !unread(alone[0]) {
		t.Fatalf("the table by itself: %v", err)
	}
	file := packed("rules.txt", "Rules\n\n1 Scope\n\n1.1 Doors shall open.\n", "t/a.csv", table)
	read := func(hint Hint) (clauses int, said string, doc *corpus.Document) {
		t.Helper()
		docs, err := Read("all.zip", bytes.NewReader(file), hint)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			said += saidOf(d.Problems)
			if d.Table != nil {
				clauses, doc = len(d.Clauses), d
			}
		}
		return clauses, said, doc
	}
	if n, said, _ := read(hint); n != 0 || !strings.Contains(said, "left out") || !strings.Contains(said, `"x1"`) {
		t.Errorf("without anything remembered: %d clauses, %s", n, said)
	}
	of := func(columns map[string]string) map[string]corpus.Columns {
		return map[string]corpus.Columns{alone[0].Table.Name(): {Of: columns}}
	}
	hint.Known = of(map[string]string{"number": "A", "title": "B", "text": "C"})
	n, said, doc := read(hint)
	if n != 2 || !strings.Contains(said, "as in the last table of ISO") || !doc.Table.Known || doc.Table.Name() != alone[0].Table.Name() || doc.Clauses[0].Heading != "Doors" {
		t.Errorf("remembered: %d clauses, %s", n, said)
	}
	hint.Known = of(map[string]string{"number": "A", "text": "F"})
	if n, said, _ = read(hint); n != 0 || !strings.Contains(said, "left out") {
		t.Errorf("columns that do not fit: %d clauses, %s", n, said)
	}
	hint.Known = map[string]corpus.Columns{"others\x00x": {Of: map[string]string{"number": "A", "text": "C"}}}
	n, said, _ = read(hint)
	if n != 0 || !strings.Contains(said, "import the table by itself") {
		t.Errorf("of another publisher: %d clauses, %s", n, said)
	}
	docs, err := Read("one.zip", bytes.NewReader(packed("a.csv", table)), hint)
	if r, told := corpus.RefusalOf(err); !told || len(docs) > 0 || r.Rule != "zip-none" || !slices.Contains(r.Values, any("a.csv")) {
		t.Errorf("nothing else in it: %v", err)
	}
}
