package lexicon

import (
	"os"
	"strings"
	"testing"

	"concord/corpus"
)

// TestReadings reads testdata/readings.tsv: one provision a line, in many languages
// and under a tradition, with the degrees of its obligations in their order and its
// conditions ("if") and exceptions ("unless"). The sentences are our own.
func TestReadings(t *testing.T) {
	lex := theLexicon(t)
	rows, err := readTable(os.DirFS("."), "testdata/readings.tsv", "language", "tradition", "text", "degrees", "conditions")
	if err != nil {
		t.Fatal(err)
	}
	languages := make(map[string]bool)
	for _, r := range rows.rows {
		languages[r.cells[0]] = true
		reading := lex.Read(corpus.Clause{Language: corpus.Language(r.cells[0]), Text: r.cells[2]}, corpus.Tradition(r.cells[1]))
		var degrees, conditions []string
		for _, o := range reading.Obligations {
			degrees = append(degrees, string(o.Degree))
		}
		for _, c := range reading.Conditions {
			kind := "if "
			if c.Exception {
				kind = "unless "
			}
			conditions = append(conditions, kind+r.cells[2][c.Span.Start:c.Span.End])
		}
		if got := strings.Join(degrees, " "); got != r.cells[3] {
			t.Errorf("line %d: degrees of %q: got %q, want %q", r.line, r.cells[2], got, r.cells[3])
		}
		if got := strings.Join(conditions, "; "); got != r.cells[4] {
			t.Errorf("line %d: conditions of %q: got %q, want %q", r.line, r.cells[2], got, r.cells[4])
		}
	}
	if len(languages) < 19 || len(rows.rows) < 200 {
		t.Errorf("only %d provisions in %d languages", len(rows.rows), len(languages))
	}
}
