package lexicon

import (
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// script is a family of writing as far as words need it.
type script uint8

const (
	scriptNone script = iota
	scriptLatin
	scriptCyrillic
	scriptArabic
	scriptOther // letters of any other script that writes blanks between words
	scriptDense // Han, Kana, Thai ...: no blanks, every character a token
	scriptDigit
)

// token is a piece of folded text: a word, a number, or one character of a
// script that writes without blanks.
type token struct {
	start, end int // in the folded text
	script     script
	han        bool // a Han character, not Kana or Thai
	stop       bool // a function word
	link       bool // an article or preposition that terms may be written with or without
	brk        bool // punctuation stands between it and the token before
	glued      bool // nothing at all stands between it and the token before
	opens      bool // it is the first of its sentence
	sentence   int  // which sentence it stands in
	id         int32
	phrase     phraseIDs
	form       string // stem; the character itself for dense scripts
	lang       corpus.Language
}

// scriptOf tells the script of a letter, digit or mark.
func scriptOf(r rune) script {
	switch {
	case r < 0x80:
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return scriptLatin
		case r >= '0' && r <= '9':
			return scriptDigit
		}
		return scriptNone
	case r < 0x370:
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			return scriptLatin
		}
		return scriptNone
	case r >= 0x400 && r <= 0x52F:
		return scriptCyrillic
	case r >= 0x600 && r <= 0x6FF:
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			return scriptArabic
		}
		return scriptNone
	case isHan(r), r >= 0x3041 && r <= 0x30FF && r != '・', r >= 0x0E00 && r <= 0x0EFF, r >= 0x1000 && r <= 0x109F, r >= 0x1780 && r <= 0x17D3:
		return scriptDense
	case r >= 0x1E00 && r <= 0x1EFF:
		return scriptLatin
	}
	if unicode.IsLetter(r) || unicode.IsMark(r) {
		return scriptOther
	}
	return scriptNone
}

func isHan(r rune) bool {
	return (r >= 0x4E00 && r <= 0x9FFF) || (r >= 0x3400 && r <= 0x4DBF) || (r >= 0x20000 && r <= 0x323AF) || r == '々' || (r >= 0xF900 && r <= 0xFAFF)
}

// languageOf is the language a token is stemmed in: the text's own when it is
// written in that script, else the one most often met in standards.
func languageOf(s script, lang corpus.Language) corpus.Language {
	if scriptOfLanguage(lang) == s {
		return lang
	}
	switch s {
	case scriptLatin:
		return "en"
	case scriptCyrillic:
		return "ru"
	case scriptArabic:
		return "ar"
	}
	return lang
}

func scriptOfLanguage(lang corpus.Language) script {
	switch lang {
	case "zh", "ja", "th", "lo", "km", "my":
		return scriptDense
	case "ru", "kk", "ky", "mn", "uk", "be", "bg", "tg", "sr":
		return scriptCyrillic
	case "ar", "fa", "ur":
		return scriptArabic
	case "ko", "el", "he", "hy", "ka", "hi":
		return scriptOther
	}
	return scriptLatin
}

// split cuts folded text into tokens, without stems and ids. An apostrophe ends
// a word in French, Italian and Catalan (elision) and belongs to it elsewhere.
func split(text string, lang corpus.Language, out []token) []token {
	elides := lang == "fr" || lang == "it" || lang == "ca"
	gap := 0 // where the last token ended
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		s := scriptOf(r)
		if s == scriptNone || (unicode.IsMark(r) && r >= 0x300) {
			i += size
			continue
		}
		t := token{start: i, script: s, lang: lang}
		switch s {
		case scriptDense:
			t.end, t.han = afterMarks(text, i+size), isHan(r)
		case scriptDigit:
			t.end = endOfNumber(text, i)
			if w := endOfWord(text, t.end, scriptLatin, false); w > t.end && w-t.end > 3 {
				t.end, t.script = w, scriptLatin
			}
		default:
			t.end = endOfWord(text, i, s, elides)
		}
		t.brk, t.glued = broken(text[gap:t.start]), t.start == gap && len(out) > 0
		out = append(out, t)
		i, gap = t.end, t.end
	}
	return out
}

// endOfWord goes on while letters of the script, digits, marks and inner
// apostrophes follow.
func endOfWord(text string, i int, s script, elides bool) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '\'' && !elides && i > 0 && i+1 < len(text) {
			if next, _ := utf8.DecodeRuneInString(text[i+1:]); scriptOf(next) == s && next != '\'' {
				i++
				continue
			}
		}
		if got := scriptOf(r); got != s && got != scriptDigit && !(got != scriptNone && unicode.IsMark(r)) {
			return i
		}
		i += size
	}
	return i
}

// endOfNumber goes on over digits and single separators between digits.
func endOfNumber(text string, i int) int {
	for i < len(text) {
		if isDigit(text[i]) {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if (r == '.' || r == ',' || r == '٫' || r == '٬') && i+size < len(text) && isDigit(text[i+size]) {
			i += size
			continue
		}
		return i
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// afterMarks skips the marks that belong to a character.
func afterMarks(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsMark(r) {
			break
		}
		i += size
	}
	return i
}

// broken tells whether the stretch between two tokens parts them: anything but
// blanks, hyphens, apostrophes and middle dots does. One line feed counts as a
// break, because list items stand on lines.
func broken(gap string) bool {
	for _, r := range gap {
		switch r {
		case ' ', '\t', '\u00a0', '-', '\'', '·', '\u3000', '*':
		default:
			return true
		}
	}
	return false
}

// tokens cuts folded text and gives every token its stem, its place in the
// vocabulary of the terms, and whether it is a function word.
func (lex *Lexicon) tokens(f Folded, original string, lang corpus.Language, out []token) []token {
	out = split(f.Text, lang, out)
	for i := range out {
		lex.complete(&out[i], f, original, lang)
	}
	return out
}

// complete gives a token its shape and its ids.
func (lex *Lexicon) complete(t *token, f Folded, original string, lang corpus.Language) {
	word := f.Text[t.start:t.end]
	switch t.script {
	case scriptDense:
		r, _ := utf8.DecodeRuneInString(word)
		t.form, t.id = word, denseID(r)
		t.phrase.surface = t.id
		return
	case scriptDigit:
		t.form, t.id = word, lex.vocabulary.find("", word)
		return
	}
	known := lex.recall.Get(lang, word)
	if known == nil {
		known = lex.recall.Put(lang, word, func(word string) knownWord { return lex.wordOf(word, t.script, lang) })
	}
	t.lang, t.form, t.stop, t.link, t.id, t.phrase = known.lang, known.form, known.stop, known.link, known.id, known.phrase
	if known.acronym != 0 && capitals(original, f.Span(t.start, t.end)) {
		t.id = known.acronym
	}
}

// knownWord is what the tables say of a word in a text of a language, wherever it
// stands.
type knownWord struct {
	lang       corpus.Language
	form       string
	stop, link bool
	id         int32
	acronym    int32 // its id as an English word, for where it is printed in capitals; 0 for none
	phrase     phraseIDs
}

// rememberedWords is how many words a lexicon remembers, some 10 MB at most: the
// texts of a corpus have some ten thousand words that come again.
const rememberedWords = 1 << 16

func newWordMemo() *corpus.WordMemo[knownWord] { return corpus.NewWordMemo[knownWord](rememberedWords) }

// wordOf looks a word up.
func (lex *Lexicon) wordOf(word string, s script, lang corpus.Language) knownWord {
	t := token{script: s, lang: lang}
	lex.shape(&t, word, lang, nil)
	out := knownWord{lang: t.lang, form: t.form, stop: t.stop, link: t.link, phrase: lex.phrases.idsOf(word, t.form, lang)}
	out.id, out.acronym = lex.identify(&t, word)
	return out
}

// stems remembers the stems of one language while many terms are read.
type stems map[string]string

// shape says what a token is: its form, and whether it is a function word.
func (lex *Lexicon) shape(t *token, word string, lang corpus.Language, known stems) {
	if t.script == scriptDense || t.script == scriptDigit {
		t.form = word
		return
	}
	t.lang = languageOf(t.script, lang)
	if class, ok := lex.stops[t.lang][word]; ok {
		t.form, t.stop, t.link = word, true, class == classLink
		return
	}
	if known == nil || t.lang != lang {
		t.form = lex.stem(word, t.lang)
		return
	}
	form, ok := known[word]
	if !ok {
		form = lex.stem(word, t.lang)
		known[word] = form
	}
	t.form = form
}

// identify looks a word that has its shape up in the vocabulary of the terms. An
// acronym is the id of a word that has none in its own language, in English.
func (lex *Lexicon) identify(t *token, word string) (id, acronym int32) {
	if t.stop {
		return lex.vocabulary.find(t.lang, stopMark+t.form), 0
	}
	id = lex.vocabulary.find(t.lang, t.form)
	switch {
	case id != 0:
	case t.lang == "ar":
		id = lex.vocabulary.known(word, func(w string) string { return lex.stem(w, "ar") })
	case t.script == scriptLatin && t.lang != "en":
		if separable[t.lang] != nil {
			id = lex.vocabulary.verb(t.lang, t.form, func(w string) string { return lex.stem(w, t.lang) })
		}
		acronym = lex.vocabulary.find("en", lex.stem(word, "en"))
		if id == 0 {
			id = lex.vocabulary.inflected(t.lang, word, func(w string) string { return lex.stem(w, t.lang) })
		}
	}
	return id, acronym
}

// stopMark keeps function words apart from stems in the vocabulary, so that no
// accident of stemming makes a term of a function word.
const stopMark = "\x00"

// denseID is the vocabulary id of a character of a dense script. Ids of words
// count up from 1, those of characters begin where Unicode ends.
func denseID(r rune) int32 { return int32(r) + firstDense }

const firstDense = 0x200000

// capitals tells whether a word is printed in capitals, as acronyms are.
func capitals(original string, s Span) bool {
	word := original[s.Start:s.End]
	upper := 0
	for _, r := range word {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return upper >= 2
}

// vocabulary numbers the stems that occur in terms, per language.
type vocabulary struct {
	ids  map[corpus.Language]map[string]int32
	size int32
}

func (v *vocabulary) find(lang corpus.Language, form string) int32 { return v.ids[lang][form] }

func (v *vocabulary) add(lang corpus.Language, form string) int32 {
	if v.ids == nil {
		v.ids = map[corpus.Language]map[string]int32{}
	}
	words := v.ids[lang]
	if words == nil {
		words = map[string]int32{}
		v.ids[lang] = words
	}
	if id, ok := words[form]; ok {
		return id
	}
	v.size++
	words[form] = v.size
	return v.size
}

// words are the content words among tokens: stems of words, numbers of two
// characters or more, and for dense scripts the overlapping pairs of
// neighbouring characters, or the character when it stands alone. Function
// words, single letters and pairs the stop list names are left out.
func (lex *Lexicon) words(f Folded, tokens []token, lang corpus.Language) []Word {
	out := make([]Word, 0, len(tokens))
	dense := lex.stops[lang]
	if scriptOfLanguage(lang) != scriptDense {
		dense = lex.stops["zh"]
	}
	for i := 0; i < len(tokens); {
		t := tokens[i]
		if t.script == scriptDense {
			j := i + 1
			for j < len(tokens) && tokens[j].script == scriptDense && tokens[j].glued {
				j++
			}
			out = pairs(f, tokens[i:j], dense, out)
			i = j
			continue
		}
		i++
		if t.stop || tooShort(t) {
			continue
		}
		out = append(out, Word{Form: t.form, Span: f.Span(t.start, t.end)})
	}
	return out
}

func tooShort(t token) bool {
	if t.script == scriptDigit {
		return t.end-t.start < 2
	}
	return utf8.RuneCountInString(t.form) < 2
}

// parts tells whether a character of the class parts a run as a blank would.
func parts(c class) bool { return c == classStop || c == classLink }

// pairs yields the character bigrams of one unbroken run. A character that the
// stop list names parts the run as a blank would.
func pairs(f Folded, run []token, stops map[string]class, out []Word) []Word {
	for i := 0; i < len(run); {
		if parts(stops[run[i].form]) {
			i++
			continue
		}
		j := i + 1
		for j < len(run) {
			if parts(stops[run[j].form]) {
				break
			}
			j++
		}
		if j == i+1 && stops[run[i].form] != classParticle {
			out = append(out, Word{Form: run[i].form, Span: f.Span(run[i].start, run[i].end)})
		}
		for k := i; k+1 < j; k++ {
			pair := f.Text[run[k].start:run[k+1].end]
			if _, stop := stops[pair]; !stop {
				out = append(out, Word{Form: pair, Span: f.Span(run[k].start, run[k+1].end)})
			}
		}
		i = j
	}
	return out
}
