package corpus

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NumberKind says what a printed number numbers.
type NumberKind string

// The kinds of number. An article of a law is a clause; a division is a part,
// chapter or section that only groups them.
const (
	NumberClause     NumberKind = "clause"
	NumberDivision   NumberKind = "division"
	NumberAnnex      NumberKind = "annex"
	NumberTable      NumberKind = "table"
	NumberFigure     NumberKind = "figure"
	NumberTerm       NumberKind = "term"
	NumberNote       NumberKind = "note"
	NumberExample    NumberKind = "example"
	NumberCommentary NumberKind = "commentary"
)

// Number is a clause number as a path of components.
type Number struct {
	Kind NumberKind
	// Parts are the components in ASCII digits, letters in their own alphabet;
	// one in parentheses keeps them: "1926", "501", "(b)", "(1)".
	Parts []string
	// Rank names the opening word's sort where it matters: "article" for
	// articles and §, "part", "title", "chapter", "section" for divisions.
	Rank string
	// Label is the number exactly as printed, with the word that opens it.
	Label string
	// Amended is set by an asterisk (5.23*): the clause was changed by an
	// amendment (SNiP, SP) or is explained in an annex (NFPA).
	Amended bool
}

// IsZero tells whether there is no number at all.
func (n Number) IsZero() bool { return len(n.Parts) == 0 }

// String is the normalised number, which becomes Clause.Number and the key in a
// ClauseID: "5.3.1", "23-1", "1926.501(b)(1)", "А.1", "annex-2", "chapter-1",
// "table-5.3.1", "5.3.1~commentary". It holds no blank and no slash.
func (n Number) String() string {
	path := joinParts(n.Parts)
	switch n.Kind {
	case NumberDivision:
		return n.Rank + "-" + path
	case NumberAnnex:
		if first, _ := utf8.DecodeRuneInString(path); unicode.IsDigit(first) {
			return "annex-" + path
		}
		return path
	case NumberTable:
		return "table-" + path
	case NumberFigure:
		return "figure-" + path
	case NumberNote:
		return "note" + path
	case NumberExample:
		return "example" + path
	case NumberCommentary:
		return path + "~commentary"
	}
	return path
}

// Depth is the number of components.
func (n Number) Depth() int { return len(n.Parts) }

// Parent is the number one component shorter, or no number at the top.
func (n Number) Parent() Number {
	if len(n.Parts) < 2 {
		return Number{}
	}
	p := n
	p.Parts = n.Parts[:len(n.Parts)-1]
	p.Label, p.Amended = "", false
	return p
}

// Within prefixes a number that is printed without its annex or division: "3.1"
// in Annex II is "annex-2.3.1".
func (n Number) Within(prefix string) Number {
	n.Parts = append([]string{prefix}, n.Parts...)
	return n
}

// joinParts writes components with full stops, parenthesised ones without.
func joinParts(parts []string) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 && !strings.HasPrefix(p, "(") {
			b.WriteByte('.')
		}
		b.WriteString(p)
	}
	return b.String()
}

// CompareNumbers orders numbers as a table of contents does: by component,
// digits by value, letters by their alphabet, a parent before its children.
func CompareNumbers(a, b Number) int {
	for i := 0; i < len(a.Parts) && i < len(b.Parts); i++ {
		if c := compareParts(a.Parts[i], b.Parts[i]); c != 0 {
			return c
		}
	}
	return len(a.Parts) - len(b.Parts)
}

func compareParts(a, b string) int {
	if a == b {
		return 0
	}
	ka, kb := partOrder(a), partOrder(b)
	for i := range ka {
		if ka[i] != kb[i] {
			return ka[i] - kb[i]
		}
	}
	return compareNatural(a, b)
}

// compareNatural compares texts with their figures by value: R4227-4 before
// R4227-10.
func compareNatural(a, b string) int {
	for a != "" && b != "" {
		da, na := figures(a)
		db, nb := figures(b)
		if na > 0 && nb > 0 {
			va, _ := strconv.Atoi(da)
			vb, _ := strconv.Atoi(db)
			if va != vb {
				return va - vb
			}
			a, b = a[na:], b[nb:]
			continue
		}
		ra, rb := firstRune(a), firstRune(b)
		if ra != rb {
			return strings.Compare(ra, rb)
		}
		a, b = a[len(ra):], b[len(rb):]
	}
	return len(a) - len(b)
}

// partOrder is a component's class, value and addition: "5" < "5A" < "5-1" < "6"
// and every digit before every letter.
func partOrder(part string) [3]int {
	s := strings.Trim(part, "()")
	ascii, size := figures(s)
	if size == 0 {
		return [3]int{1, AnnexOrdinal(s), 0}
	}
	value, _ := strconv.Atoi(ascii)
	rest := strings.TrimPrefix(s[size:], "-")
	addition := AnnexOrdinal(rest)
	if n, err := strconv.Atoi(rest); err == nil {
		addition = n
	}
	return [3]int{0, value, addition}
}

// ParseNumber reads a whole label, as tables and JSON give it: "5.3.1",
// "第5.3.1条", "§ 1", "SI 1-1.1", "V1.1.1", "AC-2(3)". A label that fits no
// pattern is kept as a single component, made safe for a URL; an empty one gives
// no number.
func ParseNumber(label string) Number {
	label = strings.TrimSpace(label)
	if label == "" {
		return Number{}
	}
	n, rest, ok := LeadingNumber(label)
	if ok && strings.Trim(rest, " .:　") == "" {
		n.Label = label
		return n
	}
	key := SafeKey(label)
	if key == "" {
		return Number{}
	}
	return Number{Kind: NumberClause, Parts: splitKey(key), Label: label}
}

// splitKey cuts a safe key into components at full stops and before
// parentheses, so that parents can be found from the number.
func splitKey(key string) []string {
	var parts []string
	for _, dotted := range strings.Split(key, ".") {
		for i := 0; dotted != ""; i++ {
			cut := strings.IndexByte(dotted[min(1, len(dotted)):], '(')
			if cut < 0 {
				parts = append(parts, dotted)
				break
			}
			parts = append(parts, dotted[:cut+1])
			dotted = dotted[cut+1:]
		}
	}
	return parts
}

// SafeKey makes a text usable as a clause key: letters, digits and . - _ ( ) ~
// stay, runs of anything else become one hyphen, hyphens and full stops at the
// ends are dropped.
func SafeKey(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		if d, ok := digitValue(r); ok {
			r = rune('0' + d)
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("._()~", r) {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
			continue
		}
		gap = true
	}
	return strings.Trim(b.String(), "-.")
}

// LeadingNumber reads the clause number that opens a line or paragraph, and the
// rest of the line. It follows the table of openers (words, 第…条, §) and the
// rules for bare numbers (scanBare); it does not know whether a bare "5" is a
// chapter or an item of a list: the reader decides that from what surrounds it.
func LeadingNumber(line string) (n Number, rest string, ok bool) {
	s := strings.TrimLeft(line, " \t　\u00a0")
	for _, try := range []func(string) (Number, int, bool){scanOrdinalMark, scanSection, scanOpener, scanBare} {
		if n, size, ok := try(s); ok {
			n.Label = strings.TrimSpace(s[:size])
			return n, trimAfterNumber(s[size:]), true
		}
	}
	return Number{}, line, false
}

// trimAfterNumber drops what separates a number from its heading or text.
func trimAfterNumber(s string) string {
	s = strings.TrimLeft(s, " \t　\u00a0")
	for _, mark := range []string{".", "．", "、", ":", "：", "—", "–", "-"} {
		if rest, found := strings.CutPrefix(s, mark); found && (rest == "" || strings.HasPrefix(rest, " ") || mark != "-") {
			s = rest
			break
		}
	}
	return strings.TrimSpace(s)
}

// scanOrdinalMark reads 第…条 and its like: the number stands between two words
// (zh, zh-Hant, ja 第, ko 제; also kk "12-бап").
func scanOrdinalMark(s string) (Number, int, bool) {
	open := ""
	for _, o := range []string{"第", "제"} {
		if strings.HasPrefix(s, o) {
			open = o
		}
	}
	i := len(open)
	i += blanks(s[i:])
	part, size, ok := hanOrFigures(s[i:])
	if !ok {
		return Number{}, 0, false
	}
	i += size
	parts := []string{part}
	for strings.HasPrefix(s[i:], ".") || strings.HasPrefix(s[i:], "．") || strings.HasPrefix(s[i:], "-") {
		sep := s[i : i+len(firstRune(s[i:]))]
		next, size := figures(s[i+len(sep):])
		if size == 0 {
			break
		}
		if sep == "-" {
			parts[len(parts)-1] += "-" + next
		} else {
			parts = append(parts, next)
		}
		i += len(sep) + size
	}
	letter, size := asciiUpper(s[i:])
	parts[len(parts)-1] += letter
	i += size
	if open == "" { // kk, uz: 12-бап
		i += len(s[i:]) - len(strings.TrimPrefix(s[i:], "-"))
	}
	i += blanks(s[i:])
	for _, m := range ordinalMarks {
		if m.open != open || !strings.HasPrefix(s[i:], m.close) || (open == "" && !wordEnds(s[i+len(m.close):])) {
			continue
		}
		i += len(m.close)
		if m.kind == NumberClause {
			if add, size, ok := insertedArticle(s[i:]); ok {
				parts[len(parts)-1] += "-" + add
				i += size
			}
		}
		return Number{Kind: m.kind, Rank: m.rank, Parts: parts}, i, true
	}
	return Number{}, 0, false
}

// insertedArticle reads 之一 or 之 1 after 第…条: an article inserted later.
func insertedArticle(s string) (string, int, bool) {
	i := blanks(s)
	rest, found := strings.CutPrefix(s[i:], "之")
	if !found {
		return "", 0, false
	}
	i += len("之") + blanks(rest)
	part, size, ok := hanOrFigures(s[i:])
	return part, i + size, ok
}

// hanOrFigures reads a number in Chinese numerals or in figures as ASCII.
func hanOrFigures(s string) (string, int, bool) {
	if ascii, size := figures(s); size > 0 {
		return ascii, size, true
	}
	size := 0
	for i, r := range s {
		if !isHanNumeral(r) {
			break
		}
		size = i + len(string(r))
	}
	n, ok := HanNumber(s[:size])
	return strconv.Itoa(n), size, ok && size > 0
}

// scanSection reads § 5, §§ 5, § 5a, § 1926.501(b)(1), and 28 CFR 35.151 as the
// heading of a section.
func scanSection(s string) (Number, int, bool) {
	i := 0
	if digits, size := figures(s); size > 0 && len(digits) <= 2 && strings.HasPrefix(s[size:], " CFR ") {
		i = size + len(" CFR ")
		if strings.HasPrefix(s[i:], "part ") || strings.HasPrefix(s[i:], "Part ") {
			return Number{}, 0, false
		}
	}
	if !strings.HasPrefix(s[i:], "§") && i == 0 {
		return Number{}, 0, false
	}
	for strings.HasPrefix(s[i:], "§") {
		i += len("§")
	}
	i += blanks(s[i:])
	parts, size := components(s[i:], bareRules{sections: true})
	if size == 0 {
		return Number{}, 0, false
	}
	return Number{Kind: NumberClause, Rank: "article", Parts: parts}, i + size, true
}

// scanOpener reads a word of the openers table and the number after it:
// "Статья 12", "Article 5", "المادة (٥)", "Annex A", "附录A", "Приложение ДА".
func scanOpener(s string) (Number, int, bool) {
	for _, o := range openersOf(s) {
		size, ok := foldedPrefix(s, o.word)
		if !ok || (!o.tight && size == len(s)) {
			continue
		}
		if n, more, ok := numberAfter(s[size:], o); ok {
			return n, size + more, true
		}
	}
	return Number{}, 0, false
}

// numberAfter reads the number that follows an opener.
func numberAfter(s string, o opener) (Number, int, bool) {
	i := blanks(s)
	if i == 0 && !o.tight {
		if _, digit := digitValue([]rune(firstRune(s) + " ")[0]); !digit && !strings.HasPrefix(s, "(") {
			return Number{}, 0, false
		}
	}
	for _, sign := range []string{"№", "N ", "no. ", "n° ", "nº ", "Nr. ", "số "} {
		if strings.HasPrefix(s[i:], sign) {
			i += len(sign)
			i += blanks(s[i:])
		}
	}
	number := Number{Kind: o.kind, Rank: o.rank}
	if o.lang == "ar" {
		if value, size, ok := arabicOrdinal(s[i:]); ok {
			number.Parts = []string{strconv.Itoa(value)}
			return number, i + size, true
		}
	}
	if part, size, ok := parenthesised(s[i:]); ok && o.lang == "ar" {
		number.Parts = []string{part}
		return number, i + size, true
	}
	if o.kind == NumberAnnex || o.kind == NumberDivision {
		if parts, size, ok := lettered(s[i:]); ok {
			number.Parts = parts
			return number, i + size, true
		}
	}
	if part, size, ok := codeArticle(s[i:]); ok && o.rank == "article" {
		number.Parts = []string{part}
		return number, i + size, true
	}
	if size, ok := foldedPrefix(s[i:], "premier"); ok && o.rank == "article" {
		number.Parts = []string{"1"}
		return number, i + size, true
	}
	parts, size := components(s[i:], bareRules{sections: true, letters: o.kind == NumberTable || o.kind == NumberFigure || o.kind == NumberClause, slashes: o.lang == "ar"})
	if size == 0 {
		return Number{}, 0, false
	}
	if o.kind == NumberDivision && len(parts) > 1 {
		number.Kind, number.Rank = NumberClause, ""
	}
	number.Parts = parts
	i += size
	for _, ordinal := range []string{"er", "º", "°"} {
		if strings.HasPrefix(s[i:], ordinal) {
			i += len(ordinal)
		}
	}
	return number, i, true
}

// codeArticle reads the articles of French codes: R4227-4, L. 111-1, R*123-2.
func codeArticle(s string) (string, int, bool) {
	if s == "" || strings.IndexByte("LRDA", s[0]) < 0 {
		return "", 0, false
	}
	size := 1
	for size < len(s) && size < 4 && strings.IndexByte("*. ", s[size]) >= 0 {
		size++
	}
	digits, n := figures(s[size:])
	if n == 0 || len(digits) < 2 {
		return "", 0, false
	}
	part := s[:1] + digits
	size += n
	for strings.HasPrefix(s[size:], "-") {
		digits, n := figures(s[size+1:])
		if n == 0 {
			break
		}
		part += "-" + digits
		size += 1 + n
	}
	return part, size, wordEnds(s[size:])
}

// parenthesised reads a number in parentheses, as Arabic articles print it.
func parenthesised(s string) (string, int, bool) {
	rest, found := strings.CutPrefix(s, "(")
	if !found {
		return "", 0, false
	}
	pad := blanks(rest)
	part, size := figures(rest[pad:])
	if size == 0 {
		return "", 0, false
	}
	close := 1 + pad + size
	close += blanks(s[close:])
	if !strings.HasPrefix(s[close:], ")") {
		return "", 0, false
	}
	return part, close + 1, true
}

// lettered reads what names an annex or division other than in plain figures:
// a letter (A, А, ДА, أ), a Roman numeral (II), or a code with a figure (SI 1,
// SI A). Letters that are a Roman numeral alone (I, V, X) count as Roman only
// when they are longer than one letter or not an annex's letter.
func lettered(s string) ([]string, int, bool) {
	word, size := wordAt(romanFold.Replace(s))
	if size == 0 {
		return nil, 0, false
	}
	if len(romanFold.Replace(s)) != len(s) { // one of Ⅰ to Ⅻ
		r := firstRune(s)
		n, ok := RomanNumber(r)
		return []string{strconv.Itoa(n)}, len(r), ok
	}
	letters := []rune(word)
	if !unicode.IsUpper(letters[0]) && unicode.In(letters[0], unicode.Latin, unicode.Cyrillic) {
		return nil, 0, false
	}
	rest := s[size:]
	if n, ok := RomanNumber(word); ok && (len(word) > 1 || word == "I" || word == "V" || word == "X") && wordEnds(rest) {
		return []string{strconv.Itoa(n)}, size, true
	}
	if len(letters) <= 3 && isUpperWord(letters) && strings.HasPrefix(rest, " ") { // Sección SI 1, Anejo SI A
		next := strings.TrimLeft(rest, " ")
		gap := len(rest) - len(next)
		if d, n := figures(next); n > 0 && wordEnds(next[n:]) {
			return []string{word + "-" + d}, size + gap + n, true
		}
		if after, n := wordAt(next); n > 0 && len([]rune(after)) == 1 && len(letters) > 1 && isUpperWord([]rune(after)) {
			return []string{word + "-" + after}, size + gap + n, true
		}
	}
	if AnnexOrdinal(word) == 0 {
		return nil, 0, false
	}
	parts := []string{word}
	for strings.HasPrefix(rest, ".") || startsDigit(rest) { // Annex A.1, B1
		d, n := figures(strings.TrimPrefix(rest, "."))
		if n == 0 {
			break
		}
		parts = append(parts, d)
		n += len(rest) - len(strings.TrimPrefix(rest, "."))
		size += n
		rest = rest[n:]
	}
	return parts, size, true
}

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

func blanks(s string) int {
	return len(s) - len(strings.TrimLeft(s, " \t　\u00a0"))
}

func startsDigit(s string) bool {
	_, ok := digitValue([]rune(firstRune(s) + " ")[0])
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
		if unicode.In(r, unicode.Arabic) {
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
