package lexicon

import (
	"unicode/utf8"

	"concord/corpus"
)

// SameFolded tells whether two texts are the same once they are folded and every run
// of what is a gap is one blank, none at the ends; two texts without anything else are
// not. Texts are folded no further than they agree, since most differ at once.
func (lex *Lexicon) SameFolded(a, b string, lang corpus.Language, gap func(rune) bool) bool {
	x, y := evened{folder: lex.folder(a, lang), gap: gap}, evened{folder: lex.folder(b, lang), gap: gap}
	for some := false; ; some = true {
		r, partedA := x.next()
		s, partedB := y.next()
		if r != s || some && partedA != partedB && r != noRune {
			return false
		}
		if r == noRune {
			return some
		}
	}
}

// noRune stands behind the end of a text.
const noRune rune = -1

// evened gives the characters of a text as it is folded, without its gaps.
type evened struct {
	folder
	gap  func(rune) bool
	from int // next byte of the source
	read int // next byte of what is folded
}

// next is the next character, and whether a gap stands before it.
func (e *evened) next() (r rune, gap bool) {
	for {
		for e.read == e.out.Len() {
			if e.from == len(e.src) {
				return noRune, gap
			}
			e.from += e.step(e.from)
		}
		r, size := utf8.DecodeRuneInString(e.out.String()[e.read:])
		e.read += size
		if !e.gap(r) {
			return r, gap
		}
		gap = true
	}
}
