package lexicon

import (
	"strings"
	"unicode/utf8"
)

// sentences parts folded text and notes in each token the sentence it belongs
// to and whether it opens it. A sentence ends at 。！？ ； ; ؛ ؟ ! ?, at a line
// feed, and at a full stop before a blank that follows neither a single letter,
// an abbreviation nor a list number (own rule; semicolons part, because
// obligations of enumerated items stand between them).
func (lex *Lexicon) sentences(text string, tokens []token, out []Span) []Span {
	start, k, last := 0, 0, -1 // last token of the sentence so far
	shut := func(end int) {
		from := start
		for from < end && (text[from] == ' ' || text[from] == '\n' || text[from] == '\t' || text[from] == '\r') {
			from++
		}
		if from < end {
			out = append(out, Span{from, end})
		}
		start = end
	}
	for i := 0; i < len(text); {
		for k < len(tokens) && tokens[k].end <= i {
			last = k
			k++
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		ends := false
		switch r {
		case '。', '！', '？', '；', ';', '؛', '؟', '!', '?', '\n':
			ends = true
		case '.':
			ends = i+1 >= len(text) || text[i+1] == ' ' || text[i+1] == '\n'
			if ends && last >= 0 && tokens[last].end == i {
				ends = lex.endsSentence(text, tokens[last], start)
			}
		}
		i += size
		if ends {
			shut(i)
		}
	}
	shut(len(text))
	s := -1
	for i := range tokens {
		opens := false
		for s+1 < len(out) && tokens[i].start >= out[s+1].Start {
			s++
			opens = true
		}
		if i > 0 && tokens[i-1].opens && listMarker(tokens[i-1], text) {
			opens = true // what follows "1" or "a)" opens the sentence too
		}
		tokens[i].sentence, tokens[i].opens = max(s, 0), opens
	}
	return out
}

// endsSentence judges a full stop by the word before it.
func (lex *Lexicon) endsSentence(text string, t token, start int) bool {
	word := text[t.start:t.end]
	if t.script == scriptDigit {
		return strings.TrimSpace(text[start:t.start]) != "" // "1." opens a list item
	}
	if utf8.RuneCountInString(word) == 1 && t.script != scriptDense {
		return false
	}
	return !lex.abbreviations[word]
}

// listMarker tells whether the first token of a sentence numbers it: "1", "a)", "iv.",
// but not a short word ("To open the door, ...").
func listMarker(t token, text string) bool {
	return t.script == scriptDigit ||
		t.end-t.start <= 2 && t.script != scriptDense && t.end < len(text) && strings.IndexByte(".)]:", text[t.end]) >= 0
}
