package reader

import (
	"bytes"
	"strings"
	"testing"

	"concord/corpus"
)

// keysIn are the keys of a text's clauses, with their kinds where they are not
// provisions.
func keysIn(t *testing.T, name string, raw []byte) string {
	t.Helper()
	docs, err := Read(name, bytes.NewReader(raw), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range docs[0].Clauses {
		key := c.ID.Key()
		if c.Kind == corpus.KindDefinition {
			key += "=" + c.Heading
		}
		out = append(out, key)
	}
	return strings.Join(out, " ")
}

// What begins with a number that cannot come next, while the sequence goes on behind
// it, is an item of a list or a reference; what goes on itself is a clause.
func TestNumbersOutOfSequence(t *testing.T) {
	const head = "1 Scope\n\nRules for doors.\n\n2 Doors\n\n2.1 Doors shall open.\n\n2.2 Doors shall close.\n\n"
	for _, row := range []struct{ name, body, want string }{
		{"changes, with colons", "3 Changes\n\nThe changes are:\n\n11.5.2: a clearer text\n\n7.1.3: a new limit of 0.9 m\n\n12.4: left out\n\n4 Marking\n\n4.1 Signs shall glow.\n", "1 2 2.1 2.2 3 4 4.1"},
		{"changes, without", "3 Changes\n\nThe changes are:\n\n11.5.2 A clearer text of signs\n\n7.1.3 A new limit\n\n4 Marking\n\n4.1 Signs shall glow.\n", "1 2 2.1 2.2 3 4 4.1"},
		{"changes in sequence", "3 Changes\n\n3.1: A clearer text.\n\n3.2: A new limit.\n\n4 Marking\n\n4.1 Signs shall glow.\n", "1 2 2.1 2.2 3 3.1 3.2 4 4.1"},
		{"a reference in a paragraph", "Signs are given in\n\n9.3.1 Signs of the other standard\n\n2.3 Doors shall be light.\n", "1 2 2.1 2.2 2.3"},
		{"chapters are missing", "6.1 Signs shall glow.\n\n6.2 Signs shall be large.\n\n7.1 Stairs shall be wide.\n", "1 2 2.1 2.2 6.1 6.2 7.1"},
		{"one clause of a chapter", "6.1 Signs shall glow.\n\n7.1 Stairs shall be wide.\n\n7.2 Stairs shall have rails.\n", "1 2 2.1 2.2 6.1 7.1 7.2"},
		{"numbers begin again", "1.1 Signs shall glow.\n\n1.2 Signs shall be large.\n\n2.3 Doors shall be light.\n", "1 2 2.1 2.2 1.1 1.2 2.3"},
	} {
		if got := keysIn(t, "a.txt", []byte(head+row.body)); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
	colons := "1.1: Doors shall open.\n\n1.2: Doors shall close.\n\n3.4: Signs shall glow.\n\n7.2: Stairs shall be wide.\n" // where all clauses have one
	if got := keysIn(t, "a.txt", []byte(colons)); got != "1.1 1.2 3.4 7.2" {
		t.Errorf("numbers with colons: %s", got)
	}
	pdf := pdfFile{pages: [][]markAt{onePage(column(60, 280, 10, "regular", "The changes are these.")[0],
		markAt{60, 300, 10, "regular", "11.5.2: the limit of rails"}, markAt{60, 320, 10, "regular", "7.4: signs"}, markAt{60, 345, 14, "bold", "3 Rails"}, markAt{60, 365, 10, "regular", "3.1 Rails shall hold."})}}
	if got := keysIn(t, "a.pdf", pdf.bytes()); got != "rules-for-small-stairs 1 1.1 1.2 2 2.1 2.2 3 3.1" {
		t.Errorf("in a PDF: %s", got)
	}
}

// The term of a definition stands on the line below its number, in whatever type.
func TestPDFDefinitions(t *testing.T) {
	for _, fonts := range [][2]string{{"bold", "bold"}, {"regular", "bold"}, {"bold", "regular"}, {"regular", "regular"}} {
		for _, size := range []float64{10, 12} {
			page := []markAt{
				{60, 80, 20, "bold", "Rules for Small Stairs"}, {60, 120, 14, "bold", "1 Scope"}, {60, 140, 10, "regular", "This document gives rules for the stairs of all small buildings and of their yards."},
				{60, 170, 14, "bold", "2 Terms and definitions"},
				{60, 200, size, fonts[0], "2.1"}, {60, 215, size, fonts[1], "landing"}, {60, 230, 10, "regular", "level place at the end of a flight, which is as wide as the stair and long enough to stand on"},
				{60, 260, size, fonts[0], "2.2"}, {60, 275, size, fonts[1], "going of a step"}, {60, 290, 10, "regular", "horizontal length of a step"},
				{60, 320, 14, "bold", "3 General"},
				{60, 340, 10, "regular", "3.1 A stair of a small building shall be at least 900 mm wide and have a handrail"}, {60, 352, 10, "regular", "on one side at least, which is easy to grip."},
			}
			if got, want := keysIn(t, "a.pdf", pdfFile{pages: [][]markAt{page}}.bytes()), "rules-for-small-stairs 1 2 2.1=landing 2.2=going of a step 3 3.1"; got != want {
				t.Errorf("number %s, term %s, size %g: %s", fonts[0], fonts[1], size, got)
			}
		}
	}
}

// The number of a chapter stands on a line of its own, in words or figures, above its
// title.
func TestPDFChapters(t *testing.T) {
	chapter := func(word, number, title, section string) []markAt {
		page := []markAt{{400, 90, 14, "said", word}, {430, 120, 25, "bold", number}, {60, 180, 20, "bold", title}, {60, 220, 10, "regular", "It says what the rules of stairs of small buildings and of their yards are about."}}
		if word == "" {
			page = page[1:]
		}
		return append(page, markAt{60, 250, 14, "bold", section + " Parts"}, markAt{60, 270, 10, "regular", "A part of a stair shall hold what stands on it for all of the time."})
	}
	for _, row := range []struct{ word, one, two string }{{"CHAPTER", "ONE", "TWO"}, {"", "ONE", "TWO"}, {"ГЛАВА", "ONE", "TWO"}, {"CHAPTER", "1", "2"}, {"Глава", "1", "2"}} {
		more := []markAt{{60, 100, 10, "regular", "What it holds is all that a person can carry on a stair, and the person, and the snow on it."}}
		pages := [][]markAt{chapter(row.word, row.one, "SCOPE", "1.1"), more, chapter(row.word, row.two, "RAILS", "2.1")}
		if got := keysIn(t, "a.pdf", pdfFile{pages: pages}.bytes()); !strings.HasSuffix(got, "1 1.1 2 2.1") || strings.Contains(got, "one") || strings.Contains(got, "chapter") {
			t.Errorf("%s %s: %s", row.word, row.one, got)
		}
	}
	for words, want := range map[string]int{"ONE": 1, "NINETEEN": 19, "TWENTY": 20, "TWENTY ONE": 21, "NINETY-NINE": 99, "one": 0, "TWENTY TEN": 0, "": 0, "SCOPE": 0, "ONE TWO": 0} {
		if got := spelledNumber(words); got != want {
			t.Errorf("%q is %d, want %d", words, got, want)
		}
	}
	if got := keysIn(t, "a.md", []byte("# Rules\n\n## ONE\n\nsingle words may be headings\n\n## 1 Scope\n\nRules.\n\n## 2 Doors\n\nDoors shall open.\n")); got != "one 1 2" {
		t.Errorf("a word that is no chapter: %s", got)
	}
}
