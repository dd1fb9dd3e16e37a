package lexicon

import (
	"sort"

	"concord/corpus"
)

// Coverage says how much of the clauses of a language the terms understand.
type Coverage struct {
	Clauses    int
	Content    int // content tokens: words and Han characters that are no function words or numbers
	Understood int // of these, the ones inside a known term
	Unknown    []Count
}

// Share is the part of the content tokens that is understood, 0 to 1.
func (c Coverage) Share() float64 {
	if c.Content == 0 {
		return 0
	}
	return float64(c.Understood) / float64(c.Content)
}

// Count is an unknown word, stemmed, or an unknown pair of Han characters, and
// how often it occurs.
type Count struct {
	Form  string
	Times int
}

// maxUnknown is how many unknown words Coverage lists per language.
const maxUnknown = 100

// Coverage reads clauses and says per language what share of their content
// tokens lies in known terms, and which words are missing most.
func (lex *Lexicon) Coverage(clauses []corpus.Clause) map[corpus.Language]Coverage {
	out := map[corpus.Language]Coverage{}
	unknown := map[corpus.Language]map[string]int{}
	for _, c := range clauses {
		wording, lang := c.Wording(), c.Language.Base()
		if lang == "" {
			lang = lex.Guess(wording)
		}
		if unknown[lang] == nil {
			unknown[lang] = map[string]int{}
		}
		cover := out[lang]
		cover.Clauses++
		lex.cover(wording, lang, &cover, unknown[lang])
		out[lang] = cover
	}
	for lang, cover := range out {
		cover.Unknown = commonest(unknown[lang], maxUnknown)
		out[lang] = cover
	}
	return out
}

// cover adds one text to the counts.
func (lex *Lexicon) cover(wording string, lang corpus.Language, cover *Coverage, unknown map[string]int) {
	f := lex.Fold(wording, lang)
	tokens := lex.tokens(f, wording, lang, nil)
	known := make([]bool, len(tokens))
	for i := 0; i < len(tokens); {
		terms := lex.termsAt(tokens, i, nil)
		if len(terms) == 0 {
			i++
			continue
		}
		for last := terms[len(terms)-1].last; i <= last; i++ {
			known[i] = true
		}
	}
	stops := lex.stops[lang]
	for i, t := range tokens {
		if t.stop || t.script == scriptDigit || t.script != scriptDense && tooShort(t) {
			continue
		}
		if _, stop := stops[t.form]; stop && t.script == scriptDense {
			continue
		}
		cover.Content++
		if known[i] {
			cover.Understood++
			continue
		}
		if t.script != scriptDense {
			unknown[t.form]++
		} else if i+1 < len(tokens) && tokens[i+1].script == scriptDense && tokens[i+1].glued && !known[i+1] {
			pair := f.Text[t.start:tokens[i+1].end]
			if _, stop := stops[pair]; !stop {
				unknown[pair]++
			}
		}
	}
}

// commonest sorts by count, then by form.
func commonest(counts map[string]int, n int) []Count {
	out := make([]Count, 0, len(counts))
	for form, times := range counts {
		out = append(out, Count{form, times})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Times != out[j].Times {
			return out[i].Times > out[j].Times
		}
		return out[i].Form < out[j].Form
	})
	return out[:min(n, len(out))]
}
