package lexicon

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// numeral is a number found in folded text.
type numeral struct {
	start, end int
	value      float64
	decimal    bool // it has a decimal part
	plain      bool // digits only, four of them at most: it may be a year
	written    bool // in words or Han numerals, which need a unit or a bound
	ratio      bool // 1:12
	share      bool // 1/3, a ratio where no unit follows
	percent    float64
}

// isYear tells a number that, without a unit, is more likely a year.
func (n numeral) isYear() bool {
	return n.plain && n.value >= 1900 && n.value <= 2100 && n.end-n.start == 4
}

// commaDecimal lists the languages that write a decimal comma, so that 1,200 is
// a little more than one (ISO 80000-1, 7.3.2, names both signs; the choice per
// language is our own after Unicode CLDR).
func commaDecimal(lang corpus.Language) bool {
	switch lang {
	case "ru", "fr", "es", "de", "it", "pt", "nl", "id", "vi", "kk", "ky", "uz", "tr", "pl", "cs", "fi", "sv", "uk", "mn":
		return true
	}
	return false
}

// dotThousands lists those that part thousands by a dot, so that 1.200 is more
// than a thousand.
func dotThousands(lang corpus.Language) bool {
	switch lang {
	case "es", "de", "it", "pt", "nl", "id", "vi", "tr":
		return true
	}
	return false
}

// group is a run of digits and the sign before it.
type group struct {
	sign   rune // 0 for the first
	digits string
}

// literalAt reads a number in digits at a byte, with its parts: 1 200, 1.200,
// 1,200.5, 0٫25, 1'200. It answers false for what only looks like one, such as
// 5.3.1, and says where that ends.
func literalAt(text string, at int, lang corpus.Language, lineStart bool) (n numeral, end int, ok bool) {
	groups, end := groupsAt(text, at, lineStart)
	value, decimal, ok := valueOf(groups, lang)
	n = numeral{start: at, end: end, value: value, decimal: decimal, plain: len(groups) == 1}
	return n, end, ok
}

// groupsAt splits a number at its separators. A blank separates only groups of
// exactly three digits, and never right after a number that opens a line.
func groupsAt(text string, at int, lineStart bool) ([]group, int) {
	var groups []group
	i, sign := at, rune(0)
	for {
		j := i
		for j < len(text) && isDigit(text[j]) {
			j++
		}
		groups = append(groups, group{sign, text[i:j]})
		r, size := utf8.DecodeRuneInString(text[j:])
		if j >= len(text) || j+size >= len(text) || !isDigit(text[j+size]) {
			return groups, j
		}
		switch r {
		case '.', ',', '٫', '٬', '،':
		case ' ', '\'', '\u202f', '\u2009':
			if lineStart || len(groups[0].digits) > 3 || groups[0].digits[0] == '0' || digitsAt(text, j+size) != 3 || hasOther(groups, r) {
				return groups, j
			}
		default:
			return groups, j
		}
		i, sign = j+size, r
	}
}

func digitsAt(text string, i int) int {
	n := 0
	for i+n < len(text) && isDigit(text[i+n]) {
		n++
	}
	return n
}

// hasOther tells whether a number was parted by another sign already.
func hasOther(groups []group, r rune) bool {
	for _, g := range groups[1:] {
		if g.sign != r {
			return true
		}
	}
	return false
}

// valueOf decides which separators part thousands and which the decimals.
func valueOf(groups []group, lang corpus.Language) (value float64, decimal, ok bool) {
	last := len(groups) - 1
	whole, fraction := groups, ""
	if last > 0 && decimalSign(groups, lang) {
		whole, fraction = groups[:last], groups[last].digits
	}
	var digits strings.Builder
	for i, g := range whole {
		if i > 0 && (len(g.digits) != 3 || g.sign != whole[1].sign || len(whole[0].digits) > 3) {
			return 0, false, false // 5.3.1, 12,34,56: no number
		}
		digits.WriteString(g.digits)
	}
	if digits.Len() > 15 || len(fraction) > 15 {
		return 0, false, false
	}
	value, err := strconv.ParseFloat(digits.String()+"."+fraction+"0", 64)
	return value, fraction != "", err == nil
}

// decimalSign tells whether the last separator begins the decimals.
func decimalSign(groups []group, lang corpus.Language) bool {
	last := len(groups) - 1
	sign, digits := groups[last].sign, groups[last].digits
	switch sign {
	case '٫', '،':
		return true
	case '٬', ' ', '\'', '\u202f', '\u2009':
		return false
	}
	if last > 1 {
		return groups[last-1].sign != sign // 1.200,5
	}
	if len(digits) != 3 || groups[0].digits[0] == '0' || len(groups[0].digits) > 3 {
		return true
	}
	if sign == ',' {
		return commaDecimal(lang)
	}
	return !dotThousands(lang)
}

// numerals finds the numbers of a text, from left to right. What is part of a
// word, a designation, a date, a clause number or a list marker is left out.
func (lex *Lexicon) numerals(t *text, taken []Span, words map[int]wordValue) []numeral {
	var out []numeral
	text, lang := t.folded.Text, t.language.Base()
	han := lang == "zh" || lang == "ja"
	for i := 0; i < len(text); {
		for len(taken) > 0 && taken[0].End <= i {
			taken = taken[1:]
		}
		if len(taken) > 0 && i >= taken[0].Start {
			i = taken[0].End
			continue
		}
		if w, ok := words[i]; ok && !w.scale {
			n := writtenFraction(text, composed(text, words, numeral{start: i, end: w.end, value: w.value, written: true}))
			out = append(out, n)
			i = n.end
			continue
		}
		c := text[i]
		if c < utf8.RuneSelf {
			if !isDigit(c) {
				i++
				continue
			}
			n, end, ok := lex.digitsNumeral(t, i, lang)
			if ok {
				out = append(out, n)
			}
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if han && (isHanNumeral(r)) {
			if n, ok := hanNumeral(text, i); ok {
				out = append(out, n)
				i = n.end
				continue
			}
		}
		i += size
	}
	return out
}

// composed reads on where number words make one number: twenty-five, two hundred
// and fifty, пятьсот тысяч, cent vingt. A word joins when it multiplies what
// stands before it (hundred, thousand) or is smaller than its last step.
func composed(text string, words map[int]wordValue, n numeral) numeral {
	total, group := 0.0, n.value
	step := n.value // the least word of the group so far
	for {
		at := n.end + 1
		if c := byteAt(text, n.end); c != ' ' && c != '-' {
			break
		}
		for _, and := range []string{"and ", "et ", "et-", "y ", "و"} {
			if group >= 20 && strings.HasPrefix(text[at:], and) {
				at += len(and)
				break
			}
		}
		w, ok := words[at]
		switch {
		case !ok:
		case w.scale:
			total, group, step, n.end = total+group*w.value, 0, w.value, w.end
			continue
		case w.value == 100 && group > 0 && group < 10:
			group, step, n.end = group*100, 100, w.end
			continue
		case (step >= 20 || step == 0) && w.value < step && (step >= 100 || w.value < 10):
			group, step, n.end = group+w.value, w.value, w.end
			continue
		}
		break
	}
	n.value = total + group
	return n
}

// shares are the words for the parts of a whole that may follow a number word
// (own table; folded).
var shares = map[string]float64{
	"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
	"tiers": 3, "quart": 4, "quarts": 4, "cinquième": 5, "cinquièmes": 5, "dixième": 10, "dixièmes": 10,
	"tercio": 3, "tercios": 3, "cuarto": 4, "cuartos": 4, "quinto": 5, "quintos": 5, "quintas": 5, "décimo": 10, "décimos": 10,
	"третей": 3, "трети": 3, "треть": 3, "четверть": 4, "четверти": 4, "четвертых": 4, "четвёртых": 4, "пятая": 5, "пятых": 5, "десятых": 10,
	"drittel": 3, "viertel": 4, "fünftel": 5, "zehntel": 10, "terço": 3, "terços": 3, "quartos": 4,
}

// writtenFraction reads two thirds, three-quarters, две трети. "One third party"
// is none.
func writtenFraction(text string, n numeral) numeral {
	if c := byteAt(text, n.end); c != ' ' && c != '-' || n.value > 9 {
		return n
	}
	word := text[n.end+1:]
	if end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = word[:end]
	}
	whole, ok := shares[word]
	rest := strings.TrimLeft(text[n.end+1+len(word):], " -")
	if !ok || n.value >= whole || strings.HasPrefix(rest, "part") {
		return n
	}
	return numeral{start: n.start, end: n.end + 1 + len(word), value: n.value / whole, decimal: true, ratio: true}
}

// wordValue is a number word in the text.
type wordValue struct {
	numberWord
	end int
}

func (lex *Lexicon) numberWords(t *text) map[int]wordValue {
	hits := ofKind(t.hits, phraseNumber, nil)
	if len(hits) == 0 {
		return nil
	}
	out := make(map[int]wordValue, len(hits))
	for _, h := range hits {
		out[t.tokens[h.first].start] = wordValue{lex.numbers[h.refs[0].row], t.tokens[h.last].end}
	}
	return out
}

// digitsNumeral reads digits and what belongs to them, and judges whether they
// are a quantity at all. It says where to go on in any case.
func (lex *Lexicon) digitsNumeral(t *text, at int, lang corpus.Language) (numeral, int, bool) {
	text := t.folded.Text
	n, end, ok := literalAt(text, at, lang, atLineStart(text, at))
	if gluedBefore(text, at) {
		return n, endOfCode(text, end), false
	}
	if !ok || dateAt(text, end) {
		return n, endOfCode(text, end), false
	}
	n = fraction(text, n)
	n = partsOf(text, n)
	n = ratio(text, n, lang)
	n = power(text, n)
	if byteAt(text, n.end) == '(' && n.end+1 < len(text) && !n.decimal && clauseTail(text[n.end:]) {
		return n, endOfCode(text, n.end), false
	}
	if byteAt(text, n.end) == ':' && n.end+1 < len(text) && isDigit(text[n.end+1]) {
		return n, endOfCode(text, n.end), false // 12:30
	}
	if sign := negative(text, at); sign > 0 {
		n.value, n.start = -n.value, at-sign
	}
	return n, n.end, true
}

// againstComparison tells whether a text ends with a word of comparison, which the
// number after it is printed against by mistake: "not more than1.5m".
func againstComparison(text string) bool {
	for _, word := range []string{" than", " least", " most", " within", " exceeding", " exceed"} {
		if strings.HasSuffix(text, word) {
			return true
		}
	}
	return false
}

// gluedBefore tells whether a number is the end of a code: DN100, IPv6, A-5.
func gluedBefore(text string, at int) bool {
	r, size := utf8.DecodeLastRuneInString(text[:at])
	if size == 0 {
		return false
	}
	if strings.HasSuffix(strings.TrimRight(text[:at], " "), "§") {
		return true
	}
	if s := scriptOf(r); s != scriptNone && s != scriptDense && s != scriptArabic {
		return !againstComparison(text[:at])
	}
	if r != '-' && r != '.' && r != '/' && r != '_' && r != '^' && r != '§' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:at-size])
	s := scriptOf(before)
	return r == '^' || r == '§' || s == scriptLatin || s == scriptCyrillic || (r != '-' && s == scriptDigit)
}

// endOfCode skips the rest of a code or a clause number.
func endOfCode(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		s := scriptOf(r)
		if s == scriptDigit || s == scriptLatin {
			i += size
			continue
		}
		if (r == '.' || r == '-' || r == '/' || r == ':' || r == '(' || r == ')') && i+size < len(text) && (isDigit(text[i+size]) || r == '(') {
			i += size
			continue
		}
		return i
	}
	return i
}

// dateAt tells whether a number goes on as a date: 2015-05-01, 1/5/2015.
func dateAt(text string, end int) bool {
	sep := byteAt(text, end)
	if sep != '-' && sep != '/' && sep != '.' {
		return false
	}
	d := digitsAt(text, end+1)
	return d > 0 && d <= 2 && byteAt(text, end+1+d) == sep && digitsAt(text, end+2+d) > 0
}

// clauseTail tells a parenthesis that belongs to a clause number: 6(1), 4(a).
func clauseTail(s string) bool {
	shut := strings.IndexByte(s, ')')
	if shut < 2 || shut > 5 {
		return false
	}
	for _, r := range s[1:shut] {
		if !isDigit(byte(r)) && !(r >= 'a' && r <= 'z') || r > 127 {
			return false
		}
	}
	return true
}

// fraction reads 1/2, 1⁄2 and 2 1⁄2.
func fraction(text string, n numeral) numeral {
	if n.decimal || !n.plain {
		return n
	}
	if v, end, ok := simpleFraction(text, n.end, n.value); ok {
		return numeral{start: n.start, end: end, value: v, decimal: true, share: true}
	}
	at := skipBlank(text, n.end)
	if byteAt(text, n.end) == '-' {
		at = n.end + 1 // 1-1/4 in
	}
	if at == n.end || at >= len(text) || !isDigit(text[at]) {
		return n
	}
	d := digitsAt(text, at)
	top, err := strconv.ParseFloat(text[at:at+d], 64)
	if err != nil || d > 2 {
		return n
	}
	if v, end, ok := simpleFraction(text, at+d, top); ok && v < 1 {
		return numeral{start: n.start, end: end, value: n.value + v, decimal: true}
	}
	return n
}

// partsOf reads the Japanese and Chinese order of a fraction in digits: 3分の2, 3分之2.
func partsOf(text string, n numeral) numeral {
	for _, parts := range []string{"分の", "分之"} {
		rest, found := strings.CutPrefix(text[n.end:], parts)
		if d := digitsAt(rest, 0); found && n.plain && n.value > 0 && d > 0 {
			if top, err := strconv.ParseFloat(rest[:d], 64); err == nil && top < n.value {
				return numeral{start: n.start, end: n.end + len(parts) + d, value: top / n.value, decimal: true, ratio: true}
			}
		}
	}
	return n
}

// simpleFraction reads the stroke and what stands below it: at most two digits,
// more than what stands above, or under a one also hundreds, as limits of
// deflection and slope are written (1/250, 1/1000). What may be a year is not
// taken for a fraction.
func simpleFraction(text string, at int, top float64) (value float64, end int, ok bool) {
	r, size := utf8.DecodeRuneInString(text[at:])
	if r != '/' && r != '⁄' {
		return 0, 0, false
	}
	d := digitsAt(text, at+size)
	if d == 0 || d > 4 {
		return 0, 0, false
	}
	end = at + size + d
	below, err := strconv.ParseFloat(text[at+size:end], 64)
	if d > 2 && (top != 1 || below > 1500 || math.Mod(below, 10) != 0) {
		return 0, 0, false
	}
	if err != nil || below <= top || below < 2 || byteAt(text, end) == '/' {
		return 0, 0, false
	}
	return top / below, end, true
}

// ratio reads 1:12 and 4.5:1; other pairs are times of day.
func ratio(text string, n numeral, lang corpus.Language) numeral {
	if byteAt(text, n.end) != ':' {
		return n
	}
	at := skipBlank(text, n.end+1)
	if at >= len(text) || !isDigit(text[at]) {
		return n
	}
	other, end, ok := literalAt(text, at, lang, false)
	if !ok || byteAt(text, end) == ':' || other.value <= 0 || (n.value != 1 && other.value != 1) {
		return n
	}
	if n.value == 1 && digitsAt(text, at) == 2 && text[at] == '0' {
		return n // 1:05 is a time
	}
	return numeral{start: n.start, end: end, value: n.value / other.value, decimal: true, ratio: true}
}

// power reads 10^5, 1.5×10^5 and 2·10^-3.
func power(text string, n numeral) numeral {
	if e, end, ok := exponent(text, n.end); ok && n.plain {
		return numeral{start: n.start, end: end, value: math.Pow(n.value, e), decimal: true}
	}
	i := skipBlank(text, n.end)
	r, size := utf8.DecodeRuneInString(text[i:])
	if r != '×' && r != 'x' && r != '·' && r != '⋅' && r != '*' && r != 'х' {
		return n
	}
	i = skipBlank(text, i+size)
	if !strings.HasPrefix(text[i:], "10") {
		return n
	}
	if e, end, ok := exponent(text, i+2); ok {
		return numeral{start: n.start, end: end, value: n.value * math.Pow(10, e), decimal: true}
	}
	return n
}

func exponent(text string, i int) (e float64, end int, ok bool) {
	if byteAt(text, i) != '^' {
		return 0, 0, false
	}
	sign := 1.0
	for i++; i < len(text) && (text[i] == '-' || text[i] == '^' || text[i] == '{'); i++ {
		if text[i] == '-' {
			sign = -1
		}
	}
	digits := ""
	for i < len(text) && (isDigit(text[i]) || text[i] == '^') && len(digits) < 3 {
		if text[i] != '^' {
			digits += text[i : i+1]
		}
		i++
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || v > 30 {
		return 0, 0, false
	}
	return sign * v, i, true
}

// negative is how long the minus before a number is, 0 for none: a word, or a sign
// after a blank, a bracket or a comparison sign, not a list dash that opens a line.
func negative(text string, at int) int {
	for _, word := range []string{"минус ", "minus ", "零下", "负"} {
		if strings.HasSuffix(text[:at], word) {
			return len(word)
		}
	}
	if at == 0 || text[at-1] != '-' || atLineStart(text, at-1) {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(text[:at-1])
	if r == ' ' || r == '(' || r == '~' || r == '<' || r == '>' || r == '≤' || r == '≥' || r == '[' || isHan(r) {
		return len("-")
	}
	return 0
}

// atLineStart tells whether only blanks, brackets and dashes stand between the
// beginning of the line and a byte.
func atLineStart(text string, at int) bool {
	for at > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		if r == '\n' {
			return true
		}
		if !unicode.IsSpace(r) && !strings.ContainsRune("([{-–—•*|│#", r) {
			return false
		}
		at -= size
	}
	return true
}
