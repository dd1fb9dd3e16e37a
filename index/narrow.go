package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus/lexicon"
)

// narrow is a query's text as it is read, with the way back to the text as given.
type narrow struct {
	text string
	at   []int // of each byte, and of the end, where it stands in the text as given; nil for a text read as given
}

// back is a stretch of the text as given.
func (n narrow) back(s lexicon.Span) lexicon.Span {
	return lexicon.Span{Start: n.at[s.Start], End: n.at[s.End]}
}

// narrowed writes the full-width letters, digits, blanks and the signs of
// designations, which keyboards of East Asia give, as those of other keyboards.
func narrowed(text string) narrow {
	const wide, blank = 0xFEE0, '\u3000' // Unicode, Halfwidth and Fullwidth Forms: FF01 is 21 and so on
	if strings.IndexFunc(text, func(c rune) bool { return c == blank || c >= '！' && c <= '～' }) < 0 || !utf8.ValidString(text) {
		return narrow{text: text} // what is no valid text is refused as it stands
	}
	var b strings.Builder
	var places []int
	for at, c := range text {
		read := c
		switch {
		case c == blank:
			read = ' '
		case c >= '！' && c <= '～' && (unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("-./:", c-wide)):
			read = c - wide
		}
		b.WriteRune(read)
		for i := range utf8.RuneLen(read) {
			places = append(places, at+i)
		}
	}
	return narrow{b.String(), append(places, len(text))}
}

// givenSpans brings the spans of a plan back to the text as given.
func (p *plan) givenSpans(n narrow) {
	if n.at == nil {
		return
	}
	for i := range p.found {
		p.found[i].Span = n.back(p.found[i].Span)
	}
	for i := range p.names {
		p.names[i].Span = n.back(p.names[i].Span)
	}
	for i := range p.typed {
		p.typed[i].Span = n.back(p.typed[i].Span)
	}
	for i := range p.learned {
		p.learned[i].Span = n.back(p.learned[i].Span)
	}
	for i := range p.asked {
		p.asked[i].Span = n.back(p.asked[i].Span)
	}
}
