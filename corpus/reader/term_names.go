package reader

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// maxTermName is how many characters a term has at most.
const maxTermName = 120

// NamedTerms finds the definitions that print their term in a second language:
// beside it or in brackets after it (GB/T 1.1, GOST 1.5, TCVN), on lines with the
// tag of a language (terminological GOST), or in brackets at the end of the
// definition (acts of bilingual countries).
func NamedTerms(doc *corpus.Document) []corpus.Term {
	var out []corpus.Term
	for i := range doc.Clauses {
		c := &doc.Clauses[i]
		if c.Kind != corpus.KindDefinition || c.Heading == "" || len(out) >= maxTerms {
			continue
		}
		names := namesOf(c, doc.Standard.Jurisdiction)
		languages := map[corpus.Language]bool{}
		for _, n := range names {
			languages[n.Language] = true
		}
		if len(languages) > 1 {
			out = append(out, corpus.Term{Clause: c.ID, Names: names})
		}
	}
	return out
}

// taggedTerm is a line such as "en handrail", "de: Handlauf".
var taggedTerm = regexp.MustCompile(`^(en|de|fr|es|ru|zh|it|ja|ko|ar|pt|nl|pl|sv)[:.]? +(\pL[^|]*)$`)

// tongueTags opens a name by its language, with a colon, where several stand on one line
// or in brackets behind the term: "fr: main courante, de: Handlauf" (ISO, IEC), "French:
// rampe". The words are those that vocabularies print.
var tongueTags = regexp.MustCompile(`(?i)(?:^|[;,/|]) *(en|de|fr|es|ru|zh|it|ja|ko|ar|pt|nl|pl|sv|english|french|german|spanish|russian|anglais|français|allemand|espagnol|russe|englisch|französisch|deutsch|spanisch|inglés|francés|alemán|англ\.|фр\.|нем\.|исп\.) ?: *`)

// tongueWords are such words by their first letters, in small letters.
var tongueWords = []struct{ word, tag string }{
	{"engl", "en"}, {"angl", "en"}, {"ingl", "en"}, {"англ", "en"}, {"fren", "fr"}, {"fran", "fr"}, {"фр", "fr"}, {"germ", "de"}, {"alle", "de"}, {"deut", "de"}, {"alem", "de"}, {"нем", "de"},
	{"span", "es"}, {"espa", "es"}, {"исп", "es"}, {"russ", "ru"},
}

// genderMark is the gender or number that vocabularies print behind a name (IEC 60050).
var genderMark = regexp.MustCompile(`, ?(?:[mfnc]|pl|[mfnc] ?pl|n ?m|n ?f)\.?$`)

// taggedNames are the names of a text in which each is opened by its language; none where
// it opens with something else.
func taggedNames(text string) []corpus.Name {
	tags := tongueTags.FindAllStringSubmatchIndex(text, -1)
	if len(tags) == 0 || tags[0][0] != 0 {
		return nil
	}
	var out []corpus.Name
	for i, m := range tags {
		end := len(text)
		if i+1 < len(tags) {
			end = tags[i+1][0]
		}
		tag := strings.ToLower(text[m[2]:m[3]])
		for _, row := range tongueWords {
			if len(tag) > 2 && strings.HasPrefix(tag, row.word) {
				tag = row.tag
			}
		}
		out = append(out, corpus.Name{Language: corpus.Language(tag), Text: text[m[1]:end]})
	}
	return out
}

// tonguesBehind is a list of such names in brackets at the end of a term.
var tonguesBehind = regexp.MustCompile(`^(.+?) *[(\[（]([^()（）]+)[)\]）]$`)

// namedAfter is such a line in the tradition of ISO's French texts: "handrail (en)".
var namedAfter = regexp.MustCompile(`^(\pL[^|.;:()]*) \((en|de|fr|es|ru|it)\)$`)

// bracketedEnd is a term in brackets after a definition: "... (handrail)".
var bracketedEnd = regexp.MustCompile(`[.;:»”] *\((\pL[\pL ,'’-]{2,80})\)$`)

// namesOf are the names that a definition gives its term.
func namesOf(c *corpus.Clause, where corpus.Jurisdiction) []corpus.Name {
	var names []corpus.Name
	add := func(language corpus.Language, text string) {
		text = strings.Trim(text, " \u00a0　,;:：、")
		n := corpus.Name{Language: language, Text: text}
		if utf8.RuneCountInString(text) > 1 && utf8.RuneCountInString(text) <= maxTermName && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	tagged := func(all []corpus.Name) {
		for _, n := range all {
			for _, name := range strings.Split(n.Text, ";") {
				if n.Language != c.Language.Base() {
					add(n.Language, genderMark.ReplaceAllString(strings.Trim(name, " ,"), ""))
				}
			}
		}
	}
	heading := c.Heading
	if m := tonguesBehind.FindStringSubmatch(heading); m != nil {
		if all := taggedNames(m[2]); all != nil {
			heading = m[1]
			tagged(all)
		}
	}
	for _, part := range strings.Split(heading, "; ") {
		if other := foreignScript(part, c.Language); other != "" {
			add(other, part)
			continue
		}
		own, other := splitScripts(part, c.Language)
		add(c.Language, own)
		if other != "" {
			add("en", other)
		} else if own == "" {
			add("en", part)
		}
	}
	for _, line := range strings.Split(c.Text, "\n") {
		if all := taggedNames(strings.TrimSuffix(strings.TrimPrefix(line, "("), ")")); len(all) > 0 {
			tagged(all)
		} else if m := taggedTerm.FindStringSubmatch(line); m != nil {
			tagged([]corpus.Name{{Language: corpus.Language(m[1]), Text: m[2]}})
		}
		if m := namedAfter.FindStringSubmatch(line); m != nil && corpus.Language(m[2]) != c.Language.Base() {
			add(corpus.Language(m[2]), m[1])
		}
	}
	if where == "CA" {
		if m := bracketedEnd.FindStringSubmatch(c.Text); m != nil {
			add(map[corpus.Language]corpus.Language{"en": "fr", "fr": "en"}[c.Language.Base()], m[1])
		}
	}
	corpus.SortRows(names, func(a, b corpus.Name) int { // the text's own first
		return boolInt(a.Language != c.Language) - boolInt(b.Language != c.Language)
	})
	return slices.DeleteFunc(names, func(n corpus.Name) bool { return n.Language == "" })
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ownScript are the scripts of the languages that are not written in Latin letters.
var ownScript = map[corpus.Language][]*unicode.RangeTable{
	"zh": {unicode.Han}, "ja": {unicode.Han, unicode.Hiragana, unicode.Katakana}, "ko": {unicode.Hangul}, "ru": {unicode.Cyrillic}, "kk": {unicode.Cyrillic}, "ar": {unicode.Arabic}, "fa": {unicode.Arabic}, "th": {unicode.Thai},
}

// foreignScript is the language of a name in a script that the text's own language
// is not written in: the script's largest, where it is no Latin one.
func foreignScript(name string, own corpus.Language) corpus.Language {
	if ownScript[own.Base()] != nil || strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
		return ""
	}
	for _, language := range []corpus.Language{"zh", "ru", "ar", "ko", "th"} {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, ownScript[language]...) }) {
			return language
		}
	}
	return ""
}

// bracketed is a name in brackets at the end of a term.
var bracketed = regexp.MustCompile(`^(.+?) *[(（]([A-Za-z][A-Za-z ,’'/-]{3,110})[)）]$`)

// splitScripts parts a term from its English name: where the scripts change, or, in
// Vietnamese, which shares the script, at brackets. In English lower case tells
// a name from an abbreviation.
func splitScripts(term string, language corpus.Language) (own, english string) {
	scripts := ownScript[language.Base()]
	if m := bracketed.FindStringSubmatch(term); m != nil && strings.ToUpper(m[2]) != m[2] && (scripts != nil || language.Base() == "vi" && !isASCII(m[1])) {
		return m[1], m[2]
	}
	if scripts == nil {
		return term, ""
	}
	end := 0 // of the last letter of the own script
	for i, r := range term {
		if unicode.In(r, scripts...) {
			end = i + utf8.RuneLen(r)
		}
	}
	tail := strings.TrimLeft(term[end:], ")）]】")
	words := strings.TrimLeft(tail, " 　(（,，;；:：")
	r, _ := utf8.DecodeRuneInString(words)
	if end == 0 || !unicode.Is(unicode.Latin, r) || len(words) == len(tail) || !strings.ContainsFunc(words, unicode.IsLower) {
		return strings.TrimSpace(term[:end]), ""
	}
	if !strings.ContainsAny(words, "(（") { // the bracket that closes a name in brackets
		words = strings.TrimRight(words, " )）")
	}
	return strings.TrimSpace(term[:len(term)-len(tail)]), words
}
