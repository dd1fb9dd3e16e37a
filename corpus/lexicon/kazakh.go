package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Kazakh is written in Cyrillic letters and more and more in Latin ones, and its
// standards and the terms are in Cyrillic. A text of the language in Latin letters is
// therefore folded into Cyrillic ones, by the alphabet that it seems to be in: that of
// 2021 (ä ğ ñ ö ş ü ū, ı for і), of 2018 (á ǵ ń ó ú ý) or of the news agencies before
// (w, ï, ç). Where nobody knows a letter, as under "e" (е or э), the native word's is
// taken (own tables after the published alphabets).

// kazakhLetters are those that the alphabets share.
var kazakhLetters = map[rune]string{
	'a': "а", 'b': "б", 'd': "д", 'e': "е", 'f': "ф", 'g': "г", 'h': "х", 'j': "ж", 'k': "к", 'l': "л", 'm': "м", 'n': "н", 'o': "о", 'p': "п", 'q': "қ",
	'r': "р", 's': "с", 't': "т", 'v': "в", 'z': "з", 'ä': "ә", 'á': "ә", 'ğ': "ғ", 'ǵ': "ғ", 'ñ': "ң", 'ń': "ң", 'ö': "ө", 'ó': "ө", 'ş': "ш", 'ü': "ү", 'ú': "ү", 'ū': "ұ", 'ï': "и",
	'ç': "ч", 'c': "ц", 'x': "х",
}

// kazakhAlphabets are what they differ in, each with letters that only it has; the last
// one is taken where there are none.
var kazakhAlphabets = []struct {
	marks   string
	letters map[rune]string
}{
	{"áǵńóúý", map[rune]string{'ı': "и", 'i': "і", 'u': "ұ", 'ý': "у", 'y': "ы"}},
	{"wï", map[rune]string{'ı': "ы", 'i': "і", 'u': "ұ", 'w': "у", 'y': "й"}},
	{"ı", map[rune]string{'ı': "і", 'i': "и", 'u': "у", 'y': "ы"}},
	{"", map[rune]string{'i': "і", 'u': "у", 'y': "ы"}},
}

// kazakhDigraphs are two letters for one, where an alphabet without signs has them.
var kazakhDigraphs = map[string]string{"sh": "ш", "ch": "ч"}

// kazakhAlphabet is the place in kazakhAlphabets of the alphabet of a text whose
// letters are Latin for the most part, -1 for any other text.
func kazakhAlphabet(text string) int {
	latin, cyrillic := 0, 0
	for _, r := range text {
		switch scriptOf(r) {
		case scriptLatin:
			latin++
		case scriptCyrillic:
			cyrillic++
		}
	}
	if latin <= cyrillic {
		return -1
	}
	small := strings.ToLower(text)
	for i, a := range kazakhAlphabets[:len(kazakhAlphabets)-1] {
		if strings.ContainsAny(small, a.marks) {
			return i
		}
	}
	return len(kazakhAlphabets) - 1
}

// kazakh folds the word in Latin letters at byte i into Cyrillic ones and says how many
// bytes it has; 0 where none begins there, or one that is no Kazakh word: an acronym, a
// name with a digit, one with letters that no alphabet has.
func (w *folder) kazakh(i int) int {
	end, capitals, letters := i, 0, 0
	for end < len(w.src) {
		r, size := utf8.DecodeRuneInString(w.src[end:])
		if s := scriptOf(r); s != scriptLatin && s != scriptDigit {
			break
		}
		letters++
		if unicode.IsUpper(r) {
			capitals++
		}
		end += size
	}
	if word := w.src[i:end]; letters == 0 || capitals > 1 && capitals == letters || !norm.NFC.IsNormalString(word) || w.foreign(word) {
		w.plainUntil = end
		return 0
	}
	for at := i; at < end; {
		r, size := utf8.DecodeRuneInString(w.src[at:])
		if at+2 <= end {
			if two, ok := kazakhDigraphs[strings.ToLower(w.src[at:at+2])]; ok {
				w.put(two, at, at+2)
				at += 2
				continue
			}
		}
		out := w.cyrillic(r)
		if out == "и" && at > i && strings.ContainsRune("аәеоөұүыіу", w.last) {
			out = "й" // after a vowel
		}
		w.put(out, at, at+size)
		w.last, _ = utf8.DecodeRuneInString(out)
		at += size
	}
	return end - i
}

// foreign tells whether a word has a digit or a letter that the alphabet has not.
func (w *folder) foreign(word string) bool {
	for _, r := range word {
		if w.cyrillic(r) == "" {
			return true
		}
	}
	return false
}

// cyrillic is the Cyrillic letter for a Latin one, "" for none.
func (w *folder) cyrillic(r rune) string {
	r = unicode.ToLower(r)
	if s, ok := kazakhAlphabets[w.alphabet].letters[r]; ok {
		return s
	}
	return kazakhLetters[r]
}
