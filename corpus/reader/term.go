package reader

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// bilingualTerm is an entry as GB standards print it: the term, its English
// name, the definition (GB/T 1.1, GB/T 20001.1): "抗震设计 seismic design 强震区…".
var bilingualTerm = regexp.MustCompile(`^(\p{Han}[\p{Han}\d（）()A-Za-z、·—-]{0,40}?)[ 　]+([A-Za-z][A-Za-z0-9 ,’'().;/—-]{1,120}?[A-Za-z)])[ 　\n]*(\d*\p{Han}[\s\S]*)$`)

// nounTerm is an entry that says what part of speech its term is, as ASTM prints it:
// "handrail, n—a component ...". In Thai the word for "means" stands between.
var nounTerm = regexp.MustCompile(`^(?:(\p{L}[^.;:—]{1,80}?), (?:n|v|adj|adv)\.? ?[—–-] ?|(\p{Thai}[^\n]{0,80}?) (?:หมายถึง|หมายความว่า) )(\S[\s\S]*)$`)

// splitTerm splits "term — definition".
func splitTerm(text string) (string, string) {
	if m := bilingualTerm.FindStringSubmatch(text); m != nil {
		return m[1] + " " + strings.TrimSpace(m[2]), m[3]
	}
	if m := nounTerm.FindStringSubmatch(text); m != nil {
		return m[1] + m[2], m[3]
	}
	if term := quotedTerm(text); term != "" {
		return term, text
	}
	for _, mark := range []string{" — ", " – ", " - ", "——", "：\n", ": ", "：", "\n"} {
		term, definition, found := strings.Cut(text, mark)
		for found && strings.Count(term, "(") > strings.Count(term, ")") && strings.Contains(definition, mark) { // inside brackets
			more, rest, _ := strings.Cut(definition, mark)
			term, definition = term+mark+more, rest
		}
		if mark == "\n" && found && endsSentence(term) && isItem(definition) {
			continue // a sentence with its list
		}
		ends := "。；;,，"
		if mark == ": " && startsLower(term) { // its synonyms stand beside it: "parking; garage: Building ..."
			ends = "。；,，"
		}
		if found && utf8.RuneCountInString(term) <= 90 && strings.IndexFunc(term, unicode.IsLetter) >= 0 && !strings.ContainsAny(term, ends) && definition != "" {
			return strings.TrimSpace(term), strings.TrimSpace(definition)
		}
	}
	return "", text
}

// quotedTerm is the term of a legal definition, which begins with it in quotation
// marks: ‘building’ means ...
func quotedTerm(text string) string {
	for _, marks := range [][2]string{{"‘", "’"}, {"“", "”"}, {"«", "»"}, {"„", "“"}, {"\"", "\""}} {
		rest, found := strings.CutPrefix(text, marks[0])
		if !found {
			continue
		}
		if term, after, closed := strings.Cut(rest, marks[1]); closed && after != "" && utf8.RuneCountInString(term) <= 90 {
			return strings.Trim(term, "  ")
		}
	}
	return ""
}

// minTerms is how many clauses of one section must look like entries of a
// vocabulary before they are taken for it without a heading that says so.
const minTerms = 3

// unheadedTerms finds sections whose clauses all are bilingual terms, in files
// that left the headings out. The answer is by the section's number.
func unheadedTerms(entries []*entry) map[string]bool {
	terms, all := map[string]int{}, map[string]int{}
	for _, e := range entries {
		if e.number.Kind != corpus.NumberClause || e.number.Depth() < 2 || e.comment || len(e.text) == 0 {
			continue
		}
		section := sectionKey(e)
		all[section]++
		if e.heading == "" && bilingualTerm.MatchString(strings.Join(e.text, "\n")) {
			terms[section]++
		}
	}
	out := map[string]bool{}
	for section, n := range terms {
		out[section] = n >= minTerms && n*5 >= all[section]*4
	}
	return out
}

// sectionKey is the number a clause stands in, with its annex.
func sectionKey(e *entry) string { return e.annex + "/" + e.number.Parent().String() }
