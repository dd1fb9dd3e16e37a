package export

import (
	"strings"
	"unicode"

	"concord/corpus"
)

// named is a name in a language, which many standards of right-to-left languages
// write in Latin letters.
func named(name string, in corpus.Language) text {
	if in.RightToLeft() && !strings.ContainsFunc(name, rightToLeft) {
		in = ""
	}
	return text{s: name, lang: in}
}

// rightToLeft tells whether a letter is written from right to left.
func rightToLeft(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) && unicode.IsLetter(r)
}

// firstLetter is the first letter of a text, 0 when it has none: it decides the
// direction of a text in an unknown language (Unicode TR 9, rule P2).
func firstLetter(s string) rune {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return r
		}
	}
	return 0
}

// stretch is a part of a line whose letters run one way.
type stretch struct {
	s   string
	rtl bool
}

// directed cuts a line where the direction of its letters changes. Signs, blanks
// and digits stay with the letters around them where both sides agree, else they
// go with the paragraph. A mark of direction (U+200E) counts as a letter.
func directed(s string, paragraph bool) []stretch {
	var out []stretch
	start, neutral, way := 0, 0, paragraph // neutral: where signs after the last letter begin
	for at, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\u200e' {
			continue
		}
		if rtl := rightToLeft(r) || unicode.IsMark(r) && way; rtl != way {
			end := at
			if rtl == paragraph {
				end = neutral
			}
			if end > start {
				out = append(out, stretch{s[start:end], way})
			}
			start, way = end, rtl
		}
		neutral = at + len(string(r))
	}
	if way != paragraph && neutral < len(s) && neutral > start {
		out = append(out, stretch{s[start:neutral], way})
		start, way = neutral, paragraph
	}
	if start < len(s) {
		out = append(out, stretch{s[start:], way})
	}
	return out
}
