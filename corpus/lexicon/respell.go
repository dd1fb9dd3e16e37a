package lexicon

import (
	"slices"
	"unicode/utf8"

	"concord/corpus"
)

// Bounds of Respell: a shorter word has too many neighbours, and the first letters are
// seldom the wrong ones.
const (
	minRespelt  = 6
	keptLetters = 2
)

// Respell gives the concepts that a misspelt word of a language may name: those of
// terms of one word whose stem is its own but for one letter that is missing, too many,
// another one, or in its neighbour's place. The first two letters must be right. A word
// that is in a term as it stands, or is short, gets none. It looks at every stem of the
// language, so ask for few words.
func (lex *Lexicon) Respell(word string, lang corpus.Language) []ConceptID {
	base := lang.Base()
	folded := lex.Fold(word, base).Text
	form := lex.stem(folded, base)
	if utf8.RuneCountInString(word) < minRespelt || lex.vocabulary.find(base, form) != 0 {
		return nil
	}
	wrong, whole := []rune(form), []rune(folded) // a wrong ending is stemmed otherwise
	var out []ConceptID
	for stem, id := range lex.vocabulary.ids[base] {
		if len(stem) < len(form)-utf8.UTFMax || len(stem) > len(folded)+utf8.UTFMax {
			continue
		}
		if right := []rune(stem); !oneApart(wrong, right) && !oneApart(whole, right) {
			continue
		}
		if node, ok := lex.trie.edges.next(root, id); ok {
			out = append(out, lex.trie.endsAt(node)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// oneApart tells whether two words that begin alike are one slip apart.
func oneApart(a, b []rune) bool {
	if d := len(a) - len(b); d > 1 || d < -1 || min(len(a), len(b)) < keptLetters || !slices.Equal(a[:keptLetters], b[:keptLetters]) {
		return false
	}
	return slipsBetween(a, b) == 1
}
