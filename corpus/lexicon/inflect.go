package lexicon

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// endings are the inflection of a language that piles its endings up (kinds ending,
// verb, voice and infinitive of data/affixes, own tables): Turkish, Kazakh, Korean.
type endings struct {
	noun, verb, voice []affix
	infinitives       []string // what the terms give the stem of a verb: "mak"
}

// deepest is how many endings are taken off a word at most.
const deepest = 6

// inflected is the vocabulary id of a word that is in no term as it stands, when it
// is a form of one that is: endings of nouns are taken off from behind, then one of a
// finite verb or participle, then passives and causatives (own rule; the order is
// that of the grammars). Only a term may decide where the endings begin, since most
// of them are also ends of stems. The longest word that is a term itself is taken,
// or else the longest that stands in one. Languages whose endings do not pile up have
// a list of their own.
func (lex *Lexicon) inflected(lang corpus.Language, word string) int32 {
	e := lex.affixes[lang].endings
	if len(e.noun) == 0 {
		return lex.vocabulary.romance(lang, word, func(w string) string { return lex.stem(w, lang) })
	}
	if len(word) > maxStem {
		return 0
	}
	var some int32
	look := func(candidate string) bool {
		for _, c := range hardened(lang, candidate) {
			if lex.vocabulary.find(lang, printedMark+c) == 0 {
				continue
			}
			id := lex.vocabulary.find(lang, lex.stem(c, lang))
			if node, ok := lex.trie.edges.next(root, id); ok && lex.trie.endsAt(node) != nil {
				some = id
				return true
			}
			if some == 0 {
				some = id
			}
		}
		return false
	}
	nouns := []string{word}
	for i := 0; i < len(nouns); i++ {
		if i > 0 && look(nouns[i]) {
			return some
		}
		if len(nouns) < 1<<deepest {
			nouns = without(nouns, hardened(lang, nouns[i]), e.noun)
		}
	}
	for _, n := range nouns {
		verbs := lex.verbsIn(lang, n, e)
		for _, v := range verbs {
			for _, ending := range e.infinitives {
				if look(v + ending) {
					return some
				}
			}
			if lang == "ko" && look(withoutLightVerb(v)) {
				return some
			}
		}
	}
	return some
}

// printedMark stands before a word in the vocabulary as a term has it: only what a
// term has as it stands may be left of a word, for stems of two words meet by chance.
const printedMark = "\x01"

// print enters the words of terms as they stand, for languages whose endings are
// taken off.
func (lex *Lexicon) print(lang corpus.Language, words stems) {
	if len(lex.affixes[lang].endings.noun) == 0 {
		return
	}
	for _, word := range slices.Sorted(maps.Keys(words)) {
		if lex.vocabulary.find(lang, words[word]) != 0 {
			lex.vocabulary.add(lang, printedMark+word)
		}
	}
}

// verbsIn are the stems of the verbs that a word may be a form of, the longest first.
func (lex *Lexicon) verbsIn(lang corpus.Language, word string, e endings) []string {
	if lang == "ko" {
		return koreanVerbs(word, e.verb)
	}
	stems := without(nil, hardened(lang, word), e.verb)
	for i := 0; i < len(stems) && len(stems) < 1<<deepest; i++ {
		stems = without(stems, stems[i:i+1], e.voice)
	}
	return stems
}

// without adds the words without each ending they have to a list, no doubles.
func without(list, words []string, endings []affix) []string {
	for _, word := range words {
		letters := utf8.RuneCountInString(word)
		for _, e := range endings {
			rest, ok := strings.CutSuffix(word, e.text)
			if !ok || letters-utf8.RuneCountInString(e.text) < e.keeps || slices.Contains(list, rest+e.becomes) {
				continue
			}
			list = append(list, rest+e.becomes)
		}
	}
	return list
}

// softened are the consonants that a stem ends with before a vowel, with those it
// ends with alone.
var softened = map[corpus.Language]map[string]string{
	"tr": {"ğ": "k", "b": "p", "c": "ç", "d": "t"},
	"kk": {"ғ": "қ", "г": "к", "б": "п"},
}

// hardened is a stem as it may stand alone.
func hardened(lang corpus.Language, word string) []string {
	for soft, hard := range softened[lang] {
		if rest, ok := strings.CutSuffix(word, soft); ok {
			return []string{word, rest + hard}
		}
	}
	return []string{word}
}

// Hangul syllables stand in Unicode in the order of their letters, so that the final
// consonant of one is what is left of its number.
const (
	firstSyllable = 0xAC00
	finals        = 28
)

// participles are the final consonants that a Korean stem takes as the ending of a
// participle, a noun or before 니다: ㄴ, ㄹ, ㅁ, ㅂ.
var participles = []rune{4, 8, 16, 17}

// contracted are the syllables that the verbs 하다 and 되다 and what follows become.
var contracted = map[string]string{"해": "하", "했": "하", "돼": "되", "됐": "되"}

// koreanVerbs are the stems of the verbs that a Korean word may be a form of.
func koreanVerbs(word string, endings []affix) []string {
	var out []string
	for _, rest := range without([]string{word}, []string{word}, endings) {
		last, size := utf8.DecodeLastRuneInString(rest)
		if rest != word {
			out = append(out, rest)
		}
		if last < firstSyllable || last > 0xD7A3 {
			continue
		}
		before := rest[:len(rest)-size]
		if whole, ok := contracted[string(last)]; ok {
			out = append(out, before+whole)
		}
		if final := (last - firstSyllable) % finals; slices.Contains(participles, final) {
			out = append(out, before+string(last-final))
		}
	}
	return out
}

// lightVerbs make a verb of a Korean noun.
var lightVerbs = []string{"하", "되", "시키", "받"}

// withoutLightVerb is the noun before such a verb, or nothing.
func withoutLightVerb(stem string) string {
	for _, v := range lightVerbs {
		if noun, ok := strings.CutSuffix(stem, v); ok && utf8.RuneCountInString(noun) >= 2 {
			return noun
		}
	}
	return ""
}

// kanaRows are the kana that a last kana of a Japanese verb, the first of its row,
// becomes in its other forms; い is that of adjectives, whose 高さ is a noun of its own.
const kanaRows = "うわいえおっ くかきけこい ぐがぎげごい すさしせそ つたちてとっ ぬなにねのん ぶばびべぼん むまみめもん るらりれろっ いくかけ"

// beforeRu are the kana that end the stem of a verb whose る falls off.
const beforeRu = "いきぎしじちにひびみりえけげせぜてでねへべめれ"

// japaneseForms calls use with the other forms of a Japanese term by its last kana, as
// ids of characters: of a verb or an adjective with okurigana, of 〜する, and of a word
// that may be written without its last ー (JIS Z 8301). Two characters must stay.
func japaneseForms(sequence []int32, use func([]int32)) {
	n := len(sequence)
	if n < 2 || sequence[n-1] < firstDense || sequence[n-2] < firstDense {
		return
	}
	last, before := sequence[n-1]-firstDense, sequence[n-2]-firstDense
	keep, kana := n-1, ""
	switch {
	case last == 'ー' && n >= 4, last == 'る' && n >= 3 && strings.ContainsRune(beforeRu, before):
		use(sequence[:n-1])
		return
	case last == 'る' && before == 'す' && n >= 4:
		use(sequence[:n-2])
		keep, kana = n-2, "しさせ"
	case last == 'る' && before == 'ず':
		keep, kana = n-2, "じぜ"
	case last == 'い' && !isHan(before) && n < 3, last == 'る' && strings.ContainsRune(beforeRu, before):
		return
	default:
		for _, row := range strings.Fields(kanaRows) {
			if rest, ok := strings.CutPrefix(row, string(last)); ok {
				kana = rest
			}
		}
	}
	form := append([]int32(nil), sequence[:keep+1]...)
	for _, k := range kana {
		form[keep] = denseID(k)
		use(form)
	}
}
