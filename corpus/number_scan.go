package corpus

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
	if !ok && open == "" {
		part, size, ok = capital(s)
	}
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
		if _, digit := Digit([]rune(parts[0])[0]); !digit && m.kind != NumberAnnex && m.kind != NumberTable && m.kind != NumberFigure {
			continue
		}
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

// capital reads the letter of an annex before the word for it, as Kazakh has it:
// "А қосымшасы", "Б.2-кесте".
func capital(s string) (string, int, bool) {
	r, size := utf8.DecodeRuneInString(s)
	if size < 1 || !unicode.In(r, unicode.Cyrillic) || !unicode.IsUpper(r) || AnnexOrdinal(string(r)) == 0 {
		return "", 0, false
	}
	next, _ := utf8.DecodeRuneInString(s[size:])
	return string(r), size, strings.ContainsRune(" .-\u00a0", next)
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
		return sectionBefore(s)
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

// sectionBefore reads the sections of Nordic and Hungarian law, whose sign stands behind
// the number: 1 §, 8 a §, 5. §.
func sectionBefore(s string) (Number, int, bool) {
	part, i := figures(s)
	if i == 0 || len(part) > 3 {
		return Number{}, 0, false
	}
	i += len(s[i:]) - len(strings.TrimPrefix(s[i:], "."))
	gap := blanks(s[i:])
	if letter, size := lowerLetter(s[i+gap:]); size > 0 {
		part, i = part+letter, i+gap+size
		gap = blanks(s[i:])
	}
	i += gap
	if !strings.HasPrefix(s[i:], "§") || !wordEnds(s[i+len("§"):]) || strings.HasPrefix(s[i+len("§"):], ":") {
		return Number{}, 0, false
	}
	return Number{Kind: NumberClause, Rank: "article", Parts: []string{part}}, i + len("§"), true
}

// insertedWords number what Romance and Benelux laws put in behind an article, and, in
// Pali, older Thai ones: มาตรา ๓๙ ทวิ.
var insertedWords = []string{"bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies", "undecies", "duodecies", "ทวิ", "ตรี", "จัตวา", "เบญจ", "ฉ", "สัตต", "อัฏฐ", "นว", "ทศ"}

// InsertedWord reads bis, ter and so on behind a number, with a blank or hyphen before
// it or none: Art. 3-bis, article 5 ter, Art. 7quater. German "Artikel 5 bis 7" is a range.
func InsertedWord(s string) (word string, size int) {
	if s == "" {
		return "", 0
	}
	gap := blanks(s)
	if gap == 0 {
		gap = len(s) - len(strings.TrimPrefix(s, "-"))
	}
	for _, word := range insertedWords {
		if len(s) < gap+len(word) || !strings.EqualFold(s[gap:gap+len(word)], word) {
			continue
		}
		if rest := s[gap+len(word):]; wordEnds(rest) && (s[0] == '-' || !startsDigit(strings.TrimLeft(rest, " \u00a0"))) {
			return word, gap + len(word)
		}
	}
	return "", 0
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
			if word, after := InsertedWord(s[size+more:]); after > 0 && n.Rank != "" {
				n.Parts[len(n.Parts)-1] += "-" + word
				more += after
			}
			return n, size + more, true
		}
	}
	return Number{}, 0, false
}

// numberAfter reads the number that follows an opener.
func numberAfter(s string, o opener) (Number, int, bool) {
	i := blanks(s)
	if i == 0 && !o.tight {
		if _, digit := Digit([]rune(firstRune(s) + " ")[0]); !digit && !strings.HasPrefix(s, "(") {
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
	if o.lang == "ar" || o.lang == "fa" {
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
	if after, found := strings.CutPrefix(s[i:], "/"); found && o.lang == "th" { // มาตรา ๒๓/๑, put in later
		if add, more := figures(after); more > 0 {
			parts[len(parts)-1] += "-" + add
			i += 1 + more
		}
	}
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
	if n, ok := RomanNumber(word); ok && (len(word) > 1 || word == "I" || word == "V" || word == "X") && word != "CC" && word != "MM" && wordEnds(rest) {
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
