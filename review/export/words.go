package export

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"

	"concord/corpus"
)

//go:embed words.tsv
var wordsFile string

// Languages are the languages that documents can be written in: the columns of
// words.tsv. The texts of clauses always stay in their own.
func Languages() []corpus.Language {
	head, _, _ := strings.Cut(wordsFile, "\n")
	var out []corpus.Language
	for _, tag := range strings.Split(head, "\t")[1:] {
		out = append(out, corpus.Language(tag))
	}
	return out
}

// phrases are the words of a document in one language.
type phrases struct {
	lang     corpus.Language
	by       map[string]string
	sentence func(corpus.Condition, corpus.Language) string // of Options
}

// phrasesIn reads the words of a language; a language without words of its own
// gets English ones.
func phrasesIn(want corpus.Language) phrases {
	at := slices.Index(Languages(), want.Base())
	if at < 0 {
		at = 0
	}
	p := phrases{lang: Languages()[at], by: map[string]string{}}
	for _, line := range strings.Split(strings.TrimRight(wordsFile, "\n"), "\n")[1:] {
		cells := strings.Split(line, "\t")
		p.by[cells[0]] = cells[at+1]
	}
	return p
}

// say is the phrase of a key; a key without one shows itself, and a test fails.
func (p phrases) say(key string) string {
	if text, known := p.by[key]; known {
		return text
	}
	return "⟦" + key + "⟧"
}

// text is a phrase as a text in its language.
func (p phrases) text(key string) text { return text{s: p.say(key), lang: p.lang} }

// number prints a measure with at most four significant digits and the decimal
// mark of the language (comma in Russian, French and Spanish; ISO 80000-1 allows
// both).
func (p phrases) number(v float64) string {
	s := strconv.FormatFloat(v, 'g', 4, 64)
	if f, err := strconv.ParseFloat(s, 64); err == nil && (f == 0 || f >= 1e-4 && f < 1e9 || f <= -1e-4 && f > -1e9) {
		s = strconv.FormatFloat(f, 'f', -1, 64)
	}
	if slices.Contains([]corpus.Language{"ru", "fr", "es"}, p.lang) {
		s = strings.Replace(s, ".", ",", 1)
	}
	return strings.Replace(s, "-", "−", 1)
}
