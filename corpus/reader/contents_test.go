package reader

import (
	"fmt"
	"strings"
	"testing"
)

// labelsOf are the keys and texts of a plain text.
func labelsOf(t *testing.T, text string) string {
	t.Helper()
	docs, err := Read("rules.txt", strings.NewReader(text), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range docs[0].Clauses {
		lines = append(lines, c.ID.Key()+" | "+c.Heading+" | "+strings.ReplaceAll(c.Text, "\n", " / "))
	}
	return strings.Join(lines, "\n")
}

const railText = `

Chapter 1. Overview

This chapter says what the rules are for. Read it first.

Do this:

 1. Read the rules.

 2. Build the rail.

Chapter 2. Rails

2.1. Height

A rail shall be 900 mm high.

2.2. Gap

No gap shall exceed 100 mm. See:

  * Section 2.1, "Height"

`

// A table of contents ends where the text begins, also when the text counts its
// chapters in other words and figures of lists come before the figures of the table;
// nothing of the text is taken for contents.
func TestContentsInOtherWords(t *testing.T) {
	want := `chapter-1 | Overview | This chapter says what the rules are for. Read it first. / Do this: / 1. Read the rules. / 2. Build the rail.
chapter-2 | Rails | 
2.1 | Height | A rail shall be 900 mm high.
2.2 | Gap | No gap shall exceed 100 mm. See: / Section 2.1, "Height"`
	table := "Rules for Rails\n\nTable of Contents\n\n1. Overview\n2. Rails\n    2.1. Height\n    2.2. Gap\n"
	bullets := "Rules for Rails\n\n* 1. Overview\n\n* 2. Rails\n\n  * 2.1. Height\n\n  * 2.2. Gap\n\n* 3. Ends\n"
	for name, text := range map[string]string{"announced": table + railText, "not announced": bullets + railText, "none": "Rules for Rails\n" + railText} {
		got := strings.NewReplacer("* Section", "Section", "— Section", "Section").Replace(labelsOf(t, text))
		if got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}

// Every chapter may have a table of its own, however many there are.
func TestContentsOfChapters(t *testing.T) {
	var text strings.Builder
	text.WriteString("Rules for Rails\n\n")
	for _, c := range []string{"1", "2", "3", "4", "5", "6"} {
		text.WriteString("Chapter " + c + ". Part of the rail " + c + "\n\nTable of Contents\n\n" + c + ".1. Height\n" + c + ".2. Gap\n\n" + c + ".1. Height\n\nThe rail shall be 900 mm high.\n\n" + c + ".2. Gap\n\nNo gap shall exceed 100 mm.\n\n")
	}
	got := labelsOf(t, text.String())
	if n := strings.Count(got, "\n") + 1; n != 18 || strings.Contains(got, "~") {
		t.Errorf("%d clauses, want 18:\n%s", n, got)
	}
}

// Numbers that begin with the figure of their chapter need no more to be told apart;
// those that begin again in every part do.
func TestNumbersThatRunOn(t *testing.T) {
	var parts strings.Builder
	parts.WriteString("Rules for Rails\n\n")
	for _, p := range []string{"I", "II"} {
		parts.WriteString("PART " + p + "\n\nRAILS " + p + "\n\n")
		for _, c := range []string{"1", "2", "3"} {
			parts.WriteString(c + ".1. Height\n\nThe rail shall be 900 mm high.\n\n" + c + ".2. Gap\n\nNo gap shall exceed 100 mm.\n\n")
		}
	}
	if got := labelsOf(t, parts.String()); !strings.Contains(got, "part-1.3.1 |") || !strings.Contains(got, "part-2.3.1 |") {
		t.Errorf("numbers that begin again:\n%s", got)
	}
	if got := labelsOf(t, "Rules for Rails\n"+railText); !strings.Contains(got, "\n2.1 |") {
		t.Errorf("numbers that run on:\n%s", got)
	}
}

// manyLines is a text of short lines that come again and again, below as many
// headings of a table of contents.
func manyLines(n int) []line {
	out := []line{{text: "Contents"}, {text: "1 Scope"}, {text: "This is a sentence that is long enough to be prose of a text and of no table."}, {text: "1 Scope"}}
	for i := range n {
		out = append(out, line{text: []string{"General", "Widths", "Doors", "Contents"}[i%4]})
	}
	prepare(out)
	return out
}

// The cost of finding where a table of contents ends grows with the lines alone.
func BenchmarkContents(b *testing.B) {
	for _, n := range []int{10_000, 20_000, 40_000} {
		lines := manyLines(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				contentsByTitle(lines, 3)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/line")
		})
	}
}
