package reader

import (
	"strings"
	"unicode"

	"concord/corpus"
)

// Agreement says how far two readings of the same text agree.
type Agreement struct {
	Labels float64 `json:"labels"` // share of the numbered clauses of both that both have
	Text   float64 `json:"text"`   // mean likeness of the wordings of those, 0 to 1
	A      int     `json:"a"`      // numbered clauses of each
	B      int     `json:"b"`
}

// Agree compares two documents that should hold the same text, as when a standard
// is published in several formats. Notes and headings without number have names
// of our own making and are not compared; tables, figures and formulas are compared
// with the clause they stand in, whether a format tells them apart or not.
func Agree(a, b *corpus.Document) Agreement {
	mine, others := numbered(a), numbered(b)
	common, likeness := 0, 0.0
	for key, wording := range mine {
		if other, found := others[key]; found {
			common++
			likeness += alike(wording, other)
		}
	}
	out := Agreement{A: len(mine), B: len(others)}
	if all := len(mine) + len(others) - common; all > 0 {
		out.Labels = float64(common) / float64(all)
	}
	if common > 0 {
		out.Text = likeness / float64(common)
	}
	return out
}

// numbered are the wordings of the clauses that have a number of the publisher's.
func numbered(d *corpus.Document) map[string]string {
	out := map[string]string{}
	for _, c := range d.Clauses {
		switch c.Kind {
		case corpus.KindNote, corpus.KindExample:
			continue
		}
		if unit := c.ID.Unit(); unit != "" {
			wording := c.Wording()
			if unit != corpus.NumberFormula {
				wording = c.Label + " " + wording
			}
			if own, found := out[c.Parent.Key()]; found {
				out[c.Parent.Key()] = own + "\n" + wording
			}
			continue
		}
		if c.Label != "" && c.Label != c.Heading && !strings.Contains(c.ID.Key(), "~") {
			out[c.ID.Key()] = c.Wording()
		}
	}
	return out
}

// alike is the share of words two texts have in common (Dice's coefficient over
// words with their counts; a Han character is a word). Marks of punctuation do
// not count.
func alike(a, b string) float64 {
	left, right := wordCounts(a), wordCounts(b)
	common, all := 0, 0
	for word, n := range left {
		common += min(n, right[word])
		all += n
	}
	for _, n := range right {
		all += n
	}
	if all == 0 {
		return 1
	}
	return 2 * float64(common) / float64(all)
}

func wordCounts(s string) map[string]int {
	counts := map[string]int{}
	split := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, word := range strings.FieldsFunc(strings.ToLower(s), split) {
		if strings.IndexFunc(word, isHan) < 0 {
			counts[word]++
			continue
		}
		for _, r := range word {
			counts[string(r)]++
		}
	}
	return counts
}
