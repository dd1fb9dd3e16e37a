package index

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// The prefixes of neutral tokens.
const (
	tokenConcept   = "c:" // concept id
	tokenHeading   = "k:heading"
	tokenPath      = "p:" // concept id, of the headings above the clause
	tokenQuantity  = "q:" // dimension and SI value
	tokenMeasured  = "m:" // dimension and the concept that is measured
	tokenDimension = "d:" // dimension of a quantity
	tokenStandard  = "s:" // designation, folded, with and without its year
	tokenName      = "w:" // acronyms and names in Latin letters, and words with digits
	tokenNumber    = "n:" // the clause's own number
)

// document is a clause as it is indexed: the text under its language's fields,
// what does not depend on the language in the neutral field, and the facets.
func document(lex *lexicon.Lexicon, change corpus.Change) map[string]any {
	c, s := change.Clause, change.Standard
	reading := lex.Read(c, s.Tradition)
	reading.Concepts = lex.Closest(c.Wording(), reading.Language, reading.Concepts)
	l := fieldLanguage(c.Language)
	fields := map[string]any{
		textField(l):    searchable(lex, c.Text, l),
		headingField(l): searchable(lex, strings.Join(append(slices.Clone(c.Path), c.Heading), "\n"), l),
		fieldNeutral:    append(neutral(c, s, reading), pathTokens(lex, c)...),
		"jurisdiction":  string(s.Jurisdiction),
		"language":      string(c.Language.Base()),
		"domain":        string(s.Domain),
		"issuer":        s.Issuer,
		"status":        string(s.Status),
		"standard":      string(s.ID),
		"obligation":    string(lexicon.Strongest(reading.Obligations)),
	}
	dimensions := addValues(fields, reading)
	fields[FacetQuantity] = dimensions
	fields[fieldCounted] = joinFacets(fields) + facetSign + strings.Join(dimensions, quantitySign)
	fields[fieldSaid] = said(reading)
	return fields
}

// facetSign parts the values in fieldCounted; it is a control character that
// reading removes from texts and names.
const facetSign = "\x1f"

// quantitySign parts dimensions within their value.
const quantitySign = ","

// joinFacets writes the values of the facet fields in their order into one.
func joinFacets(fields map[string]any) string {
	values := make([]string, len(facetFields))
	for i, name := range facetFields {
		values[i] = strings.ReplaceAll(fields[name].(string), facetSign, " ")
	}
	return strings.Join(values, facetSign)
}

// searchable is a text as analyzers of Bleve can read it: full-width digits
// folded (its cjk analyzer loses them), traditional Han folded to simplified,
// and character pairs where words are written without spaces.
func searchable(lex *lexicon.Lexicon, text string, l corpus.Language) string {
	folded := lex.Fold(text, l).Text
	for _, row := range languages {
		switch {
		case row.tag != l:
		case row.bigrams:
			return bigrams(folded)
		case row.stems:
			return stems(lex, folded, l)
		}
	}
	return folded
}

// stems writes a text as the stems of its content words.
func stems(lex *lexicon.Lexicon, text string, l corpus.Language) string {
	var b strings.Builder
	for _, w := range lex.Tokens(text, l) {
		b.WriteString(w.Form)
		b.WriteByte(' ')
	}
	return b.String()
}

// bigrams writes every run of letters as overlapping pairs.
func bigrams(text string) string {
	var b strings.Builder
	var run []rune
	flush := func() {
		for i := 0; i+1 < len(run); i++ {
			b.WriteRune(run[i])
			b.WriteRune(run[i+1])
			b.WriteByte(' ')
		}
		if len(run) == 1 {
			b.WriteRune(run[0])
			b.WriteByte(' ')
		}
		run = run[:0]
	}
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) {
			run = append(run, r)
			continue
		}
		flush()
	}
	flush()
	return b.String()
}

// neutral lists a clause's tokens that mean the same in every language, sorted,
// once each.
func neutral(c corpus.Clause, s corpus.Standard, r lexicon.Reading) []string {
	tokens := readingTokens(r)
	tokens = append(tokens, nameTokens(c.Wording(), c.Language)...)
	for _, number := range []string{c.Number, c.Label} {
		if number != "" {
			tokens = append(tokens, tokenNumber+fold(number))
		}
	}
	tokens = append(tokens, standardTokens(s.Designation)...)
	if c.Kind == corpus.KindHeading {
		tokens = append(tokens, tokenHeading)
	}
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

// pathTokens are the concepts of the headings above a clause, sorted, once each:
// what a clause of a section is about is often said there alone.
func pathTokens(lex *lexicon.Lexicon, c corpus.Clause) []string {
	if len(c.Path) == 0 {
		return nil
	}
	var out []string
	path := strings.Join(c.Path, "\n")
	read := lex.ReadText(path, c.Language)
	for _, m := range lex.Closest(path, read.Language, read.Concepts) {
		out = append(out, tokenPath+string(m.Concept))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// readingTokens are the neutral tokens of a reading.
func readingTokens(r lexicon.Reading) []string {
	var out []string
	for _, m := range r.Concepts {
		out = append(out, tokenConcept+string(m.Concept))
	}
	for _, q := range r.Quantities {
		out = append(out, quantityTokens(q)...)
		if q.Measures != "" {
			out = append(out, measuredToken(q.Dimension, q.Measures))
		}
	}
	for _, citation := range r.Citations {
		out = append(out, standardTokens(citation.Designation)...)
	}
	return out
}

// quantityTokens are the SI values of a quantity with what they measure, to six
// digits, so that 1.1 m and 1 100 mm are one token.
func quantityTokens(q lexicon.Quantity) []string {
	low := tokenQuantity + q.Dimension + ":" + strconv.FormatFloat(q.Low, 'g', 6, 64)
	if q.Low == q.High {
		return []string{low}
	}
	return []string{low, tokenQuantity + q.Dimension + ":" + strconv.FormatFloat(q.High, 'g', 6, 64)}
}

// standardTokens are the keys of a designation, with its year and, where it has one,
// without; of one that is of no known pattern its letters and digits.
func standardTokens(designation string) []string {
	if designation == "" {
		return nil
	}
	if keys := corpus.DesignationKeys(designation); keys != nil {
		for i, k := range keys {
			keys[i] = tokenStandard + k
		}
		return keys
	}
	squeeze := func(s string) string {
		return tokenStandard + strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsNumber(r) || r == '.' {
				return r
			}
			return -1
		}, fold(s))
	}
	out := []string{squeeze(designation)}
	if i := strings.LastIndexAny(designation, "-—:"); i > 0 {
		year := strings.TrimSpace(designation[i:])
		if len(strings.TrimLeft(year, "-—: ")) == 4 {
			out = append(out, squeeze(designation[:i]))
		}
	}
	return out
}

// nameTokens are the words that keep their form across languages: runs of Latin
// letters and digits inside another script, and acronyms and words with digits
// inside a Latin one.
func nameTokens(text string, l corpus.Language) []string {
	latin := script(l) == scriptLatin
	var out []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return !(unicode.Is(unicode.Latin, r) || unicode.IsDigit(r) || r == '.' || r == '-')
	}) {
		word = strings.Trim(word, ".-")
		if len(word) < 2 || len(word) > MaxWordRunes || strings.IndexFunc(word, unicode.IsLetter) < 0 {
			continue
		}
		if latin && !isName(word) {
			continue
		}
		out = append(out, tokenName+fold(word))
	}
	return out
}

// isName tells an acronym or a code from an ordinary word of a Latin language:
// it has a digit, or a capital behind its first letter.
func isName(word string) bool {
	for i, r := range word {
		if unicode.IsDigit(r) || i > 0 && unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

// The scripts that decide which languages' fields a word is looked for in.
const (
	scriptLatin    = "latin"
	scriptHan      = "han"
	scriptCyrillic = "cyrillic"
	scriptArabic   = "arabic"
	scriptHangul   = "hangul"
	scriptGreek    = "greek"
	scriptOther    = "other"
)

// languageScript lists the languages that are not written in Latin letters.
var languageScript = map[corpus.Language]string{
	"zh": scriptHan, "ja": scriptHan, "ko": scriptHangul, "ru": scriptCyrillic, "bg": scriptCyrillic, "kk": scriptCyrillic,
	"ky": scriptCyrillic, "mn": scriptCyrillic, "ar": scriptArabic, "ckb": scriptArabic, "fa": scriptArabic, "el": scriptGreek,
	"hi": scriptOther, "hy": scriptOther, "th": scriptOther, "lo": scriptOther, "km": scriptOther, "my": scriptOther, other: scriptOther,
}

// script is the script of a language's fields.
func script(l corpus.Language) string {
	if s, ok := languageScript[fieldLanguage(l)]; ok {
		return s
	}
	return scriptLatin
}

// scriptOf is the script of a word, by its first letter.
func scriptOf(word string) string {
	for _, r := range word {
		switch {
		case unicode.Is(unicode.Latin, r), unicode.IsDigit(r):
			return scriptLatin
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			return scriptHan
		case unicode.Is(unicode.Cyrillic, r):
			return scriptCyrillic
		case unicode.Is(unicode.Arabic, r):
			return scriptArabic
		case unicode.Is(unicode.Hangul, r):
			return scriptHangul
		case unicode.Is(unicode.Greek, r):
			return scriptGreek
		case unicode.IsLetter(r):
			return scriptOther
		}
	}
	return scriptLatin
}
