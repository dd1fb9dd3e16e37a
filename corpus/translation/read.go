package translation

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Read makes a text of a wording: its content words as the lexicon reads them.
// Numbers are left out, since they are the same in every language, and the words
// of obligation, which the lexicon's tables know.
func Read(lex *lexicon.Lexicon, wording string, lang corpus.Language) Text {
	var out Text
	var before lexicon.Span
	reading := lex.ReadText(wording, lang.Base())
	for _, w := range reading.Words {
		if strings.IndexFunc(w.Form, unicode.IsLetter) < 0 || obliges(reading.Obligations, w.Span) {
			continue
		}
		word := Word{Form: w.Form, Printed: strings.ToLower(wording[w.Span.Start:w.Span.End])}
		if len(out) > 0 {
			word.join(wording, before, w.Span)
		}
		out = append(out, word)
		before = w.Span
	}
	return out
}

// obliges tells whether a word has a part in one of the obligations.
func obliges(all []lexicon.Obligation, s lexicon.Span) bool {
	for _, o := range all {
		if s.Start < o.Span.End && o.Span.Start < s.End {
			return true
		}
	}
	return false
}

// maxGap is the longest stretch, in characters, that may part two words of one
// phrase: an article or a preposition with its blanks ("means of escape").
const maxGap = 5

// join says how a word stands to the one before.
func (w *Word) join(wording string, before, own lexicon.Span) {
	if own.Start < before.End {
		w.Joined, w.Overlaps = true, true
		return
	}
	if dense(w.Form) {
		return // another character stands between, or a mark
	}
	gap := wording[before.End:own.Start]
	if utf8.RuneCountInString(gap) > maxGap || strings.IndexFunc(gap, parting) >= 0 {
		return
	}
	w.Joined, w.Gap = true, strings.ToLower(gap)
}

// parting tells whether a character ends a phrase.
func parting(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != ' ' && r != '\u00a0' && r != '-' && r != '\'' && r != '’'
}

// dense tells whether a form is written in a script without blanks.
func dense(form string) bool {
	r, _ := utf8.DecodeRuneInString(form)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// phrase tells whether forms are those of more than one word.
func phrase(forms string) bool { return strings.Contains(forms, " ") }

// printed is the stretch of a text from word i to word j as it was printed.
func (t Text) printed(i, j int) string {
	var b strings.Builder
	for k := i; k <= j; k++ {
		switch {
		case k == i:
			b.WriteString(t[k].Printed)
		case t[k].Overlaps:
			_, size := utf8.DecodeRuneInString(t[k].Printed)
			b.WriteString(t[k].Printed[size:])
		default:
			b.WriteString(t[k].Gap)
			b.WriteString(t[k].Printed)
		}
	}
	return b.String()
}

// forms is the stretch as a key.
func (t Text) forms(i, j int) string {
	var b strings.Builder
	for k := i; k <= j; k++ {
		if k > i {
			b.WriteByte(' ')
		}
		b.WriteString(t[k].Form)
	}
	return b.String()
}
