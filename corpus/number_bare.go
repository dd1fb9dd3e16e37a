package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bareRules say what a bare number may consist of.
type bareRules struct {
	sections bool // after § or a word: one component is enough, letters may follow
	letters  bool // may begin with a letter: A.1, ДА.2
	slashes  bool // 5/3/1 and ٥-٣-١
}

// scanBare reads a number without an opening word: 5.3.1, A.8.1, ДА.1, R5.3.1,
// 5/3/1, ٥-٣-١, 5.23*, 6.2.1(2)P, 5.3.1A. What must not be read as one: 5) and
// (5), which are items; 3.00, 1.5m, 12.05.2020, 5%, which are quantities and
// dates.
func scanBare(s string) (Number, int, bool) {
	parts, size := components(s, bareRules{letters: true, slashes: true})
	if size == 0 {
		return Number{}, 0, false
	}
	n := Number{Kind: NumberClause, Parts: parts}
	if rest, ok := strings.CutPrefix(parts[0], "R"); ok && startsDigit(rest) && len(parts) > 1 { // ACI commentary
		n.Kind, n.Parts = NumberCommentary, append([]string{rest}, parts[1:]...)
	}
	after := s[size:]
	if len(parts) == 1 && (isYear(parts[0]) || strings.HasPrefix(after, " CFR")) { // "2010 Standards", "28 CFR part 36"
		return Number{}, 0, false
	}
	if strings.HasPrefix(after, "*") {
		n.Amended = true
		size++
		after = after[1:]
	}
	if !numberEnds(after, len(n.Parts), parts) {
		return Number{}, 0, false
	}
	return n, size, true
}

func isYear(s string) bool {
	return len(s) == 4 && (s[:2] == "19" || s[:2] == "20")
}

// components reads dotted (or, by the rules, slashed or hyphened) components.
func components(s string, rules bareRules) ([]string, int) {
	var parts []string
	i := 0
	if rules.letters {
		word, size := wordAt(s)
		letters := []rune(word)
		if size > 0 && len(letters) <= 3 && isUpperWord(letters) && len(s) > size {
			switch {
			case startsDigit(s[size:]):
				digits, n := figures(s[size:])
				parts, i = []string{word + digits}, size+n
			case s[size] == '.' && startsDigit(s[size+1:]):
				parts, i = []string{word}, size
			case unicode.Is(unicode.Arabic, letters[0]) && AnnexOrdinal(word) > 0 && s[size] == '-' && startsDigit(s[size+1:]): // الف-۱-۲
				parts, i = []string{word}, size
			}
		}
	}
	if i == 0 {
		digits, size := figures(s)
		if size == 0 || (len(digits) > 1 && digits[0] == '0' && !rules.sections) {
			return nil, 0
		}
		parts, i = []string{digits}, size
	}
	sep := ""
	for {
		mark := firstRune(s[i:])
		if !isSeparator(mark, rules.slashes, s, i) || (sep != "" && mark != sep) {
			break
		}
		digits, size := figures(s[i+len(mark):])
		if size == 0 {
			break
		}
		sep = mark
		parts = append(parts, digits)
		i += len(mark) + size
	}
	if sep == "/" && len(parts) < 3 && !followedByArabic(s[i:]) {
		return nil, 0
	}
	letter, size := asciiUpper(s[i:])
	if size == 0 && rules.sections {
		letter, size = lowerLetter(s[i:])
	}
	if size > 0 && wordEnds(s[i+size:]) && len(parts) > 0 && letter != "P" {
		parts[len(parts)-1] += letter
		i += size
	}
	for strings.HasPrefix(s[i:], "(") && (rules.sections || len(parts) > 1) {
		group := strings.IndexByte(s[i:], ')')
		if group < 2 || group > 5 || !isASCIIWord(s[i+1:i+group]) {
			break
		}
		parts = append(parts, s[i:i+group+1])
		i += group + 1
	}
	if strings.HasPrefix(s[i:], "P") && wordEnds(s[i+1:]) && len(parts) > 1 { // Eurocode principle
		parts[len(parts)-1] += "P"
		i++
	}
	return parts, i
}

func isSeparator(mark string, slashes bool, s string, at int) bool {
	switch mark {
	case ".", "．":
		return true
	case "/":
		return slashes
	case "-", "‑", "–":
		before, _ := utf8.DecodeLastRuneInString(s[:at])
		return slashes && unicode.Is(unicode.Arabic, before) // only with Arabic-Indic digits
	}
	return false
}

// numberEnds judges what follows a bare number.
func numberEnds(after string, depth int, parts []string) bool {
	last := parts[len(parts)-1]
	if depth > 1 && len(last) > 1 && last[0] == '0' { // 3.00
		return false
	}
	if depth == 3 && isYear(last) { // 12.05.2020
		return false
	}
	r, _ := utf8.DecodeRuneInString(after)
	switch {
	case after == "", unicode.IsSpace(r):
		return !startsWithUnit(strings.TrimSpace(after))
	case r == '.' || r == '．' || r == '、' || r == ':' || r == '：':
		next, _ := utf8.DecodeRuneInString(after[len(string(r)):])
		return !unicode.IsDigit(next)
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Arabic):
		return depth > 1 && !strings.ContainsRune("年月日米度级層层倍个人万亿公号", r)
	case r == '—' || r == '–': // ACI: 5.3—Loads
		next, _ := utf8.DecodeRuneInString(after[len(string(r)):])
		return depth > 1 && unicode.IsUpper(next) && startsDigit(parts[0])
	case r == '《' || r == '“' || r == '【' || r == '\\':
		return depth > 1
	}
	return false
}

// startsWithUnit tells whether a text begins with a unit of measure or an
// operator, so that "1.5 m wide" and "3.2 × 4" are not read as clauses.
func startsWithUnit(s string) bool {
	word := s
	if end := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == ';' || r == '。' || r == '，' || r == '；'
	}); end >= 0 {
		word = s[:end]
	}
	for _, unit := range []string{"m", "mm", "cm", "km", "m2", "m²", "m3", "m³", "kg", "t", "kN", "kPa", "MPa", "h", "min", "s", "%", "％", "℃", "°C", "°", "lx", "W", "kW", "V", "kV", "A", "Hz", "м", "мм", "см", "м2", "м²", "м³", "кг", "ч", "мин", "м/с", "кПа", "МПа", "кН", "×", "x", "÷", "=", "+", "±", "≤", "≥", "<", ">", "~", "～", "ft", "in", "in.", "feet", "inches", "percent", "‰", "㎡"} {
		if strings.TrimSuffix(word, ".") == unit || word == unit {
			return unit != "A" // "5.3 A door": an article, not amperes
		}
	}
	return false
}

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

//go:noinline
func blanks(s string) int {
	return len(s) - len(strings.TrimLeft(s, " \t　\u00a0"))
}

func startsDigit(s string) bool {
	_, ok := Digit([]rune(firstRune(s) + " ")[0])
	return ok
}

// asciiUpper is a single capital letter that is not the start of a word.
func asciiUpper(s string) (string, int) {
	if s != "" && s[0] >= 'A' && s[0] <= 'Z' && s[0] != 'P' {
		if r, _ := utf8.DecodeRuneInString(s[1:]); s[1:] == "" || !unicode.In(r, unicode.Latin) && !unicode.IsDigit(r) {
			return s[:1], 1
		}
	}
	return "", 0
}

// lowerLetter is a single small letter after a section's number: § 5a.
func lowerLetter(s string) (string, int) {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' && wordEnds(s[1:]) {
		return s[:1], 1
	}
	return "", 0
}

// wordEnds tells whether no letter or digit follows.
func wordEnds(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size == 0 || (!unicode.IsLetter(r) && !unicode.IsDigit(r)) || unicode.In(r, unicode.Han)
}

func isUpperWord(letters []rune) bool {
	for _, r := range letters {
		if unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) {
			return false
		}
		if unicode.In(r, unicode.Arabic) || unicode.In(r, unicode.Thai) && len(letters) == 1 {
			continue
		}
		if !unicode.IsUpper(r) {
			return false
		}
	}
	return len(letters) > 0
}

func isASCIIWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != ""
}

func followedByArabic(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " ."))
	return unicode.In(r, unicode.Arabic)
}

// foldedPrefix tells whether s begins with the word in any case, followed by no
// further letter, and how many bytes of s it takes. Han words need no end.
func foldedPrefix(s, word string) (int, bool) {
	if len(s) < len(word) {
		return 0, false
	}
	size := len(word)
	if s[:size] != word && !strings.EqualFold(s[:size], word) {
		return 0, false
	}
	last, _ := utf8.DecodeLastRuneInString(word)
	next, _ := utf8.DecodeRuneInString(s[size:])
	if unicode.IsLetter(last) && !unicode.In(last, unicode.Han) && unicode.IsLetter(next) && unicode.In(next, unicode.Latin, unicode.Cyrillic, unicode.Arabic) {
		return 0, false
	}
	return size, true
}
