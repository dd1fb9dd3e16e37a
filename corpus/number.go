package corpus

import (
	"slices"
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
	NumberFormula    NumberKind = "formula"
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
	case NumberFormula:
		return "formula-" + path
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
	} else if at := slices.Index(insertedWords, rest); at >= 0 {
		addition = at + 2
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
		if d, ok := Digit(r); ok {
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
	for _, mark := range []string{".", "．", "、", ":", "：", "—", "–", "-", "ـ"} {
		if rest, found := strings.CutPrefix(s, mark); found && (rest == "" || strings.HasPrefix(rest, " ") || mark != "-" && mark != "ـ") {
			s = rest
			break
		}
	}
	return strings.TrimSpace(s)
}
