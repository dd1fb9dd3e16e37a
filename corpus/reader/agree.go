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
// of our own making and are not compared; tables, figures, formulas and definitions
// without number are compared with the clause they stand in, whether a format tells them
// apart or not.
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
		if own, found := out[c.Parent.Key()]; found && c.Kind == corpus.KindDefinition && c.Label == c.Heading {
			wording := c.Text
			if !strings.Contains(c.Text, c.Heading) {
				wording = c.Wording()
			}
			out[c.Parent.Key()] = own + "\n" + wording
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

// wordCounts counts words. Where the writing changes a word ends, since whether a
// blank stands between a figure and what it counts (24人, 24 人; 24명, 24 명) is a
// matter of typesetting.
func wordCounts(s string) map[string]int {
	counts := map[string]int{}
	start, last := 0, ' '
	s = strings.ToLower(s)
	end := func(at int) {
		if at > start && last != ' ' {
			counts[s[start:at]]++
		}
		start = at
	}
	for at, r := range s {
		kind := writing(r)
		if kind != last || kind == '字' {
			end(at)
			last = kind
		}
	}
	end(len(s))
	return counts
}

// writing is the kind of writing of a character: a figure, a letter, a Han
// character, kana, Hangul, or none.
func writing(r rune) rune {
	switch {
	case unicode.IsDigit(r):
		return '0'
	case !unicode.IsLetter(r):
		return ' '
	case isHan(r):
		return '字'
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return 'か'
	case unicode.Is(unicode.Hangul, r):
		return '가'
	}
	return 'a'
}
