package reader

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"concord/corpus"
)

// hygiene counts what was taken out of a text.
type hygiene struct {
	controls, hidden, broken int
}

// clean removes from a text what no person can see and what can deceive: C0 and
// C1 controls other than tab and line feed, bidirectional controls, zero-width
// characters, byte order marks, noncharacters; line ends become line feeds, and
// the rest is brought into NFC. Zero-width joiners stay between letters of
// Arabic and Indic scripts, where they carry meaning.
func (h *hygiene) clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	runes := []rune(strings.ReplaceAll(s, "\r\n", "\n"))
	for i, r := range runes {
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			b.WriteByte('\n')
		case r == '\f' || r == '\v':
			b.WriteByte('\n')
		case r == '\u00ad' || r == '\u2060' || r == '\ufeff' || r == '\u200b' || r == '\u180e':
			h.hidden++
		case r == '\u200c' || r == '\u200d':
			if joins(runes, i) {
				b.WriteRune(r)
			} else {
				h.hidden++
			}
		case isBidi(r):
			h.hidden++
		case unicode.IsControl(r):
			h.controls++
		case r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe:
			h.broken++
		case r == unicode.ReplacementChar:
			h.broken++
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// isClean is the quick way out for ordinary text.
func isClean(s string) bool {
	for _, r := range s {
		if r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0xad || r == 0x180e || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2060 && r <= 0x206f || r == 0x61c || r >= 0xfdd0 && r <= 0xfdef || r == 0xfeff || r >= 0xfffd {
			return r > 0xffff && r&0xfffe != 0xfffe && norm.NFC.IsNormalString(s) && !strings.ContainsAny(s, "\r\u200b\ufeff") && cleanBelow(s)
		}
	}
	return norm.NFC.IsNormalString(s)
}

// cleanBelow is isClean for texts with characters beyond the first plane.
func cleanBelow(s string) bool {
	for _, r := range s {
		if r <= 0xffff && !isClean(string(r)) || r&0xfffe == 0xfffe {
			return false
		}
	}
	return true
}

func isBidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x61c || r >= 0x206a && r <= 0x206f
}

// joins tells whether a zero-width joiner stands between two letters of a
// script that uses it.
func joins(runes []rune, i int) bool {
	if i == 0 || i+1 == len(runes) {
		return false
	}
	return needsJoiner(runes[i-1]) && needsJoiner(runes[i+1])
}

func needsJoiner(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Devanagari, unicode.Bengali, unicode.Tamil, unicode.Sinhala, unicode.Malayalam)
}

// notes says what was removed.
func (h *hygiene) notes() []corpus.Problem {
	var out []corpus.Problem
	if h.controls > 0 {
		out = append(out, corpus.Say(corpus.SeverityNote, "text", "controls", "{count} control characters were removed", "", "count", h.controls))
	}
	if h.hidden > 0 {
		out = append(out, corpus.Say(corpus.SeverityNote, "text", "hidden", "{count} invisible or direction-changing characters were removed", "look at the original if the order of words matters", "count", h.hidden))
	}
	if h.broken > 0 {
		out = append(out, corpus.Say(corpus.SeverityWarning, "text", "undecoded", "{count} characters could not be decoded", "save the file again as UTF-8", "count", h.broken))
	}
	return out
}
