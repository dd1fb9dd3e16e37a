package lexicon

import (
	"io/fs"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// class is what a function word does inside terms.
type class uint8

const (
	classStop     class = iota + 1 // counts as a word of the term
	classLink                      // may be written or left out: articles, prepositions
	classParticle                  // a Han character that says nothing alone and stands inside words too: it parts no run
)

func (lex *Lexicon) loadStops(fsys fs.FS) error {
	files, err := readFolder(fsys, "data/stopwords", "word", "class")
	if err != nil {
		return err
	}
	lex.stops = map[corpus.Language]map[string]class{}
	for _, t := range files {
		words := make(map[string]class, len(t.rows))
		for _, r := range t.rows {
			c := map[string]class{"stop": classStop, "link": classLink, "particle": classParticle}[r.cells[1]]
			if c == 0 || r.cells[0] == "" {
				return r.bad("write a word and stop, link or particle", "%q is of class %q", r.cells[0], r.cells[1])
			}
			words[lex.Fold(r.cells[0], t.language()).Text] = c
		}
		lex.stops[t.language()] = words
	}
	return nil
}

// letters tell a language by characters that its neighbours do not use (own
// table; checked in order, so that the rarer alphabets come first).
var letters = []struct {
	lang  corpus.Language
	marks string
}{
	{"kk", "әғқңұһі"}, {"ky", "ңөү"}, {"mn", "өү"}, {"uk", "їєґ"},
	{"vi", "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"}, {"tr", "ğış"}, {"pl", "łżźśąęńć"}, {"de", "äß"}, {"pt", "ãõ"}, {"es", "ñ¿¡"},
}

// guessed are the languages written in Latin letters that Guess tells apart by
// their function words and terms, the likelier first.
var guessed = []corpus.Language{"en", "fr", "es", "de", "it", "pt", "nl", "id", "ms", "tr", "vi", "uz", "pl", "sv", "fi", "cs"}

// Guess tells the language of a text by its script, then by letters that only
// some languages use, function words and known terms (own rule). It answers
// "en" when nothing speaks for any language. Good for queries and short
// clauses; whole documents are better judged by the reader.
func (lex *Lexicon) Guess(text string) corpus.Language {
	text = strings.ToLower(clip(text, 4000))
	var count [scriptDigit + 1]int
	kana, hangul, thai := 0, 0, 0
	for _, r := range text {
		s := scriptOf(r)
		count[s]++
		switch {
		case r >= 0x3041 && r <= 0x30FA:
			kana++
		case r >= 0xAC00 && r <= 0xD7A3:
			hangul++
		case r >= 0x0E00 && r <= 0x0E7F:
			thai++
		}
	}
	letters := count[scriptLatin] + count[scriptCyrillic] + count[scriptArabic] + count[scriptOther] + count[scriptDense]
	switch {
	case letters == 0:
		return "en"
	case hangul*3 > letters:
		return "ko"
	case thai*3 > letters:
		return "th"
	case count[scriptDense]*4 > letters:
		if kana*5 > count[scriptDense] {
			return "ja"
		}
		return "zh"
	case count[scriptArabic]*3 > letters:
		return "ar"
	case count[scriptCyrillic]*3 > letters:
		return byLetters(text, "ru", "kk", "ky", "mn", "uk")
	}
	return lex.guessLatin(text)
}

// kazakhLatin are the letters with signs of the Latin alphabets of Kazakh.
const kazakhLatin = "äğıñöşüūǵńáóúý"

// kazakhInLatin tells whether a text has signs of Kazakh in Latin letters: a q before
// another vowel than u, twice or with a letter of its alphabets ("Qatar" has one alone),
// or letters that hardly another language has beside each other.
func kazakhInLatin(text string) bool {
	n := 0
	for rest := text; ; n++ {
		at := strings.IndexByte(rest, 'q')
		if at < 0 {
			break
		}
		if rest = rest[at+1:]; !strings.ContainsRune("aoeiyıäöūü", firstRune(rest)) {
			n--
		}
	}
	return n > 1 || n == 1 && strings.ContainsAny(text, kazakhLatin) ||
		strings.ContainsAny(text, "ūǵń") && strings.ContainsAny(text, "qğşıóúý") || strings.ContainsAny(text, "äñ") && strings.ContainsAny(text, "ğşı")
}

func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

func byLetters(text string, otherwise corpus.Language, among ...corpus.Language) corpus.Language {
	best, most := otherwise, 0
	for _, l := range letters {
		for _, a := range among {
			if n := countAny(text, l.marks); a == l.lang && n > most {
				best, most = a, n
			}
		}
	}
	return best
}

func countAny(text, marks string) int {
	n := 0
	for _, r := range text {
		if r > 0x7F && strings.ContainsRune(marks, r) {
			n++
		}
	}
	return n
}

func (lex *Lexicon) guessLatin(text string) corpus.Language {
	type vote struct {
		lang  corpus.Language
		score int
	}
	votes := make([]vote, 0, len(guessed)+1)
	languages := guessed
	if kazakhInLatin(text) {
		languages = append(slices.Clip(guessed), "kk")
	}
	for _, lang := range languages {
		f := lex.Fold(text, lang)
		tokens := lex.tokens(f, text, lang, nil)
		v := vote{lang: lang}
		for _, t := range tokens {
			if (t.script == scriptLatin || lang == "kk") && t.stop && len(tokens) > 1 { // "door" alone is no Dutch preposition
				v.score += 2
			}
		}
		if len(tokens) < 40 {
			covered, end := 0, 0 // a word of two meanings says no more of its language
			for _, m := range lex.mentions(f, tokens) {
				if !m.Nested && m.Span.End > end {
					covered += m.Span.End - max(m.Span.Start, end)
					end = m.Span.End
				}
			}
			v.score += covered / 4
		}
		for _, l := range letters {
			if l.lang == lang {
				v.score += 2 * countAny(text, l.marks)
			}
		}
		if lang == "kk" {
			v.score += 2 * (strings.Count(text, "q") + countAny(text, kazakhLatin))
		}
		votes = append(votes, v)
	}
	sort.SliceStable(votes, func(i, j int) bool { return votes[i].score > votes[j].score })
	return votes[0].lang
}
