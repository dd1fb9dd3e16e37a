package lexicon

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"concord/corpus"
)

// Bounds of near spellings, in letters (own choice: below the first every word has
// neighbours, from the second on people mistype twice).
const (
	leastNearby = 4
	twoSlips    = 8
)

// Nearby is the word of the term tables that a mistyped word was most likely meant
// to be, in the languages given: one letter missing, added, changed or exchanged with
// its neighbour, two in a long word, accents and the Arabic article free, with how many
// slips that is. It is "" where the tables have the word itself, where none is near, and
// for words with digits. The same answer comes every time: fewest slips, then the first
// letter kept, then the first language, then a preferred term.
func (lex *Lexicon) Nearby(word string, among []corpus.Language) (string, int) {
	if rest, defined := strings.CutPrefix(word, "ال"); defined {
		near, slips := lex.Nearby(rest, among)
		if near != "" {
			near = "ال" + near
		}
		return near, slips
	}
	given := unaccented(lex.Fold(word, "").Text)
	n := utf8.RuneCountInString(given)
	if n < leastNearby || strings.IndexFunc(given, func(r rune) bool { return !unicode.IsLetter(r) }) >= 0 {
		return "", 0
	}
	most := 1
	if n >= twoSlips {
		most = 2
	}
	near, least := "", []int{most + 1}
	plain, runes := strings.ToLower(word), []rune(given)
	mask, _ := lettersOf(given)
	for _, id := range lex.ids {
		for at, l := range among {
			if scriptOfLanguage(l.Base()) != scriptOf(runes[0]) {
				continue
			}
			for place, form := range lex.concepts[id].Forms[l] {
				for w := range strings.FieldsSeq(form) {
					if d := utf8.RuneCountInString(w) - n; d > most || -d > most {
						continue
					}
					if set, other := lettersOf(w); bits.OnesCount64(set^mask) > 2*(most+other) {
						continue
					}
					if strings.ToLower(w) == plain {
						return "", 0
					}
					key := []rune(unaccented(lex.Fold(w, l).Text))
					rank := []int{slipsBetween(runes, key), 1, at, min(place, 1)}
					if len(key) > 0 && key[0] == runes[0] {
						rank[1] = 0
					}
					if c := slices.Compare(rank, least); rank[0] <= most && (c < 0 || c == 0 && w < near) {
						near, least = w, rank
					}
				}
			}
		}
	}
	return near, least[0]
}

// lettersOf is a set of the letters of a word, so that most words are passed over
// without comparing them: a slip changes two members at most, and so does each of the
// other letters, which folding may write otherwise.
func lettersOf(s string) (set uint64, other int) {
	for _, r := range s {
		set |= 1 << (uint32(unicode.ToLower(r)) % 64)
		if r >= utf8.RuneSelf && (r < 0x300 || strings.ContainsRune("ёйЁЙأإآٱةىؤئ", r) || unicode.Is(unicode.Mn, r)) {
			other++
		}
	}
	return set, other
}

// unaccented is a folded word without the marks on its letters.
func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// slipsBetween is how many letters are missing, added, changed or exchanged with their
// neighbour between two words (Damerau 1964, each letter touched once).
func slipsBetween(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i, x := range a {
		for j, y := range b {
			changed := rows[i][j]
			if x != y {
				changed++
			}
			d := min(changed, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(a)][len(b)]
}
