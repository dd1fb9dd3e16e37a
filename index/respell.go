package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus/lexicon"
)

// rewritten is a query's text as it is read, with the way back to the text as given.
type rewritten struct {
	text  string
	edits []edit // in order
}

// edit is a stretch of the text that was written anew.
type edit struct{ given, read lexicon.Span }

// put writes a text for the next stretch of the one given.
func (r *rewritten) put(b *strings.Builder, given lexicon.Span, text string) {
	start := b.Len()
	b.WriteString(text)
	r.edits = append(r.edits, edit{given, lexicon.Span{Start: start, End: b.Len()}})
}

// back is a stretch of the text as given: of what was written anew the whole.
func (r rewritten) back(s lexicon.Span) lexicon.Span {
	moved := 0
	start, end := -1, -1
	for _, e := range r.edits {
		switch {
		case start < 0 && s.Start < e.read.Start:
			start = s.Start + moved
		case start < 0 && s.Start < e.read.End:
			start = e.given.Start
		}
		switch {
		case end < 0 && s.End <= e.read.Start:
			end = s.End + moved
		case end < 0 && s.End <= e.read.End:
			end = e.given.End
		}
		moved = e.given.End - e.read.End
	}
	if start < 0 {
		start = s.Start + moved
	}
	if end < 0 {
		end = s.End + moved
	}
	return lexicon.Span{Start: start, End: end}
}

// narrowed writes the full-width letters, digits, blanks and the signs of
// designations, which keyboards of East Asia give, as those of other keyboards.
func narrowed(text string) rewritten {
	const wide, blank = 0xFEE0, '\u3000' // Unicode, Halfwidth and Fullwidth Forms: FF01 is 21 and so on
	r := rewritten{text: text}
	if strings.IndexFunc(text, func(c rune) bool { return c == blank || c >= '！' && c <= '～' }) < 0 {
		return r
	}
	var b strings.Builder
	for at, c := range text {
		switch narrow := c - wide; {
		case c == blank:
			r.put(&b, lexicon.Span{Start: at, End: at + utf8.RuneLen(c)}, " ")
		case c >= '！' && c <= '～' && (unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("-./:", narrow)):
			r.put(&b, lexicon.Span{Start: at, End: at + utf8.RuneLen(c)}, string(narrow))
		case c == utf8.RuneError:
			b.WriteString(text[at:]) // no valid text: refused as it stands
			return rewritten{text: text}
		default:
			b.WriteRune(c)
		}
	}
	r.text = b.String()
	return r
}

// givenSpans brings the spans of a plan back to the text as given.
func (p *plan) givenSpans(r rewritten) {
	if len(r.edits) == 0 {
		return
	}
	for i := range p.found {
		p.found[i].Span = r.back(p.found[i].Span)
	}
	for i := range p.names {
		p.names[i].Span = r.back(p.names[i].Span)
	}
	for i := range p.typed {
		p.typed[i].Span = r.back(p.typed[i].Span)
	}
	for i := range p.learned {
		p.learned[i].Span = r.back(p.learned[i].Span)
	}
	for i := range p.asked {
		p.asked[i].Span = r.back(p.asked[i].Span)
	}
}
