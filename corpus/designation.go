package corpus

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Designation is a standard's number, taken apart: "GB/T 19001-2016/ISO
// 9001:2015" is publisher GB/T, number 19001, year 2016, adopting ISO
// 9001:2015 identically.
type Designation struct {
	Printed   string
	Publisher string // canonical prefix: "GB/T", "ГОСТ Р ИСО/МЭК", "29 CFR"
	Number    string // "50016", "20.13330", "A615/A615M", "17301-1": with its parts
	Year      string // four digits, "" when none is printed
	Revised   string // year of a partial revision: GB 50016-2014（2018年版）, ACI 318-19(22)
	Amended   bool   // asterisk: СНиП 2.01.07-85*
	Amendment string // "A1:2009" of EN 1991-1-1:2002+A1:2009
	AllParts  bool   // "(all parts)", "（所有部分）", "(все части)"
	Adopts    []Adoption
}

// dashes and colons as designations print them.
var (
	dashes = []string{"-", "—", "–", "−", "‑", "－", "―"}
	colons = []string{":", "：", "∶"}
)

// publisherIndex finds publishers by the first letter of their spellings,
// longest spelling first. It is computed once and only read afterwards.
var publisherIndex = buildPublisherIndex()

type spelled struct {
	text string
	publisher
}

func buildPublisherIndex() map[rune][]spelled {
	index := map[rune][]spelled{}
	for _, p := range append(append([]publisher(nil), publishers...), namedDocuments...) {
		for _, text := range p.spellings() {
			r, _ := utf8.DecodeRuneInString(text)
			index[r] = append(index[r], spelled{text, p})
		}
	}
	for _, list := range index {
		sort.SliceStable(list, func(i, j int) bool { return len(list[i].text) > len(list[j].text) })
	}
	return index
}

// publisherAt finds the longest publisher's prefix at the start of s and its
// length in bytes. Cyrillic and Latin capitals that look alike are not folded.
func publisherAt(s string) (publisher, int, bool) {
	r, _ := utf8.DecodeRuneInString(s)
	for _, p := range publisherIndex[r] {
		size, ok := prefixLoose(s, p.text)
		if !ok {
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[size:])
		if unicode.IsLetter(next) && !standsAlone(s[size:], p.publisher) {
			continue
		}
		chosen := p.publisher
		if p.text != p.prefix && p.slug == "" {
			chosen.prefix = p.text
		}
		return chosen, size, true
	}
	return publisher{}, 0, false
}

// standsAlone allows a letter right after the prefix where numbers begin with
// one (JTGD60), and a number in Chinese numerals.
func standsAlone(rest string, p publisher) bool {
	if _, n := hanSerial(rest); n > 0 {
		return p.jurisdiction == "TW"
	}
	return strings.HasPrefix(p.prefix, "JTG") && len(rest) > 1 && rest[0] >= 'A' && rest[0] <= 'H' && rest[1] >= '0' && rest[1] <= '9'
}

// prefixLoose is HasPrefix that lets a no-break blank stand for a blank and
// gives the bytes taken.
func prefixLoose(s, prefix string) (int, bool) {
	if strings.HasPrefix(s, prefix) {
		return len(prefix), true
	}
	if !strings.Contains(prefix, " ") {
		return 0, false
	}
	i := 0
	for _, want := range prefix {
		got, size := utf8.DecodeRuneInString(s[i:])
		if got != want && !(want == ' ' && got == '\u00a0') {
			return 0, false
		}
		i += size
	}
	return i, true
}

// ParseDesignation takes a designation apart. A text that is no designation of a
// known pattern gives an error of kind ErrInvalid.
func ParseDesignation(s string) (Designation, error) {
	s = strings.TrimSpace(s)
	d, size, ok := designationAt(s)
	if !ok || strings.TrimSpace(s[size:]) != "" {
		return Designation{Printed: s}, fmt.Errorf("designation %q: not of a known pattern: %w", cut(s, 60), ErrInvalid)
	}
	d.Printed = s
	return d, nil
}

func cut(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i] + "…"
		}
		runes--
	}
	return s
}

// String is the canonical form, equal for different ways of printing: "GB
// 1234-2010" for "GB 1234—2010".
func (d Designation) String() string {
	if d.Publisher == "" {
		return d.Printed
	}
	if act, ok := d.euString(); ok {
		return act
	}
	var b strings.Builder
	b.WriteString(d.Publisher + " " + d.Number)
	if d.Year != "" {
		b.WriteString(yearMark(d.Publisher) + d.Year)
	}
	if d.Amended {
		b.WriteByte('*')
	}
	if d.Amendment != "" {
		b.WriteString("+" + d.Amendment)
	}
	if d.Revised != "" {
		b.WriteString(" (" + d.Revised + ")")
	}
	if d.AllParts {
		b.WriteString(" (all parts)")
	}
	return b.String()
}

func yearMark(canonical string) string {
	p, _, _ := publisherAt(canonical)
	switch p.years {
	case yearColon:
		return ":"
	case yearDot:
		return "."
	case yearSlash:
		return "/"
	}
	return "-"
}

// SameWork tells whether two designations name the same standard, in whatever
// edition.
func (d Designation) SameWork(o Designation) bool {
	return d.Publisher != "" && slugOfPrefix(d.Publisher) == slugOfPrefix(o.Publisher) && strings.EqualFold(d.Number, o.Number)
}

// Same tells whether two designations name the same edition. A designation
// without a year names every edition and is the same as each of them.
func (d Designation) Same(o Designation) bool {
	if !d.SameWork(o) {
		return false
	}
	return d.Year == "" || o.Year == "" || (d.Year == o.Year && d.Amendment == o.Amendment && d.Revised == o.Revised)
}

// designationAt reads a designation at the start of s and its length.
func designationAt(s string) (Designation, int, bool) {
	d, p, size, ok := simpleAt(s)
	if !ok {
		return Designation{}, 0, false
	}
	size += revision(s[size:], &d)
	size += allParts(s[size:], &d)
	if adopted, n, ok := adoption(s[size:]); ok {
		d.Adopts = append(d.Adopts, adopted)
		size += n
	} else if inner := carried(s, p); inner != "" {
		d.Adopts = append(d.Adopts, Adoption{Designation: inner, Degree: Identical})
	}
	d.Printed = s[:size]
	return d, size, true
}

// simpleAt reads publisher, number, parts, year and asterisk.
func simpleAt(s string) (Designation, publisher, int, bool) {
	if d, size, ok := cfrAt(s); ok {
		return d, publisher{}, size, true
	}
	if d, size, ok := associationAt(s); ok {
		return d, publisher{}, size, true
	}
	if d, size, ok := euActAt(s); ok {
		return d, publisher{}, size, true
	}
	if d, p, size, ok := specialPublicationAt(s); ok {
		return d, p, size, true
	}
	p, prefix, size, ok := publisherChain(s)
	if !ok {
		return Designation{}, publisher{}, 0, false
	}
	gap := blanks(s[size:])
	size += gap
	if p.years == yearNone && isNamed(p) {
		if gap == 0 && strings.HasPrefix(s[size:], "-") { // CTE DB-SI
			gap = 1
			size++
		}
		name, n := documentName(s[size:])
		if n == 0 || gap == 0 {
			return Designation{}, publisher{}, 0, false
		}
		return Designation{Publisher: prefix, Number: name}, p, size + n, true
	}
	if strings.HasPrefix(s[size:], "№") {
		size += len("№")
		size += blanks(s[size:])
	}
	body, n := numberBody(s[size:], p)
	if n == 0 {
		return Designation{}, publisher{}, 0, false
	}
	body.Publisher = prefix
	return body, p, size + n, true
}

// specialPublicationAt reads the Special Publications of NIST, which texts cite in full
// and as "SP 800-131A": one of their series stands before the number.
func specialPublicationAt(s string) (Designation, publisher, int, bool) {
	for _, name := range []string{"NIST Special Publication", "NIST SP", "Special Publication", "SP"} {
		size, found := prefixLoose(s, name)
		gap := blanks(s[size:])
		if !found || gap == 0 {
			continue
		}
		size += gap
		switch series, number, _ := strings.Cut(s[size:], "-"); series {
		case "500", "800", "1500", "1800":
			p, _, known := publisherAt("NIST SP")
			d, n := numberBody(s[size:], p)
			if known && n > 0 && number != "" && number[0] >= '0' && number[0] <= '9' {
				d.Publisher = p.prefix
				return d, p, size + n, true
			}
		}
	}
	return Designation{}, publisher{}, 0, false
}

// publisherChain reads one or several prefixes: "DIN EN ISO", "ГОСТ Р ИСО/МЭК",
// "NA to BS EN". The last one decides how the year is printed, the first one
// whose standard it is.
func publisherChain(s string) (publisher, string, int, bool) {
	p, size, ok := publisherAt(s)
	if !ok {
		return publisher{}, "", 0, false
	}
	canonical := p.prefix
	for links := 0; p.carries && links < 4; links++ {
		rest := s[size:]
		gap := blanks(rest)
		if gap == 0 && (strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "-")) { // UNE-EN
			gap = 1
		}
		if gap == 0 {
			break
		}
		inner, n, ok := publisherAt(rest[gap:])
		if !ok {
			break
		}
		years := inner.years
		if p.years == yearGOST {
			years = yearGOST
		}
		if rest[0] == '/' {
			canonical += "/" + inner.prefix
		} else {
			canonical += " " + inner.prefix
		}
		carries := inner.carries
		size += gap + n
		p.years, p.carries = years, carries
	}
	if strings.HasPrefix(s[size:], "/") { // letters of a kind: SNI/T, DB11/T
		if rest := s[size+1:]; len(rest) > 1 && rest[0] == 'T' && !unicode.IsLetter(rune(rest[1])) {
			canonical += "/T"
			size += 2
		}
	}
	return p, canonical, size, true
}

// carried is the adopted standard inside a chained designation: "EN ISO 9001"
// in "DIN EN ISO 9001:2015". Adopting by carrying the number is identical
// adoption (ISO/IEC Guide 21-1:2005, 11.2).
func carried(s string, first publisher) string {
	p, size, ok := publisherAt(s)
	if !ok || !p.carries || p.prefix == "NA to BS" || p.jurisdiction == "INT" {
		return ""
	}
	rest := strings.TrimLeft(s[size:], " \u00a0/-")
	inner, _, n, ok := simpleAt(rest)
	if !ok {
		return ""
	}
	if _, _, ok := publisherAt(rest); !ok {
		return ""
	}
	if first.years == yearGOST {
		inner.Year = "" // the year is the adopting standard's
		return strings.TrimSpace(inner.String())
	}
	return strings.TrimSpace(rest[:n])
}

// cfrAt reads the Code of Federal Regulations: "29 CFR 1926.501", "28 CFR part 35".
func cfrAt(s string) (Designation, int, bool) {
	title, size := figures(s)
	if size == 0 || len(title) > 2 {
		return Designation{}, 0, false
	}
	gap := blanks(s[size:])
	if gap == 0 || !strings.HasPrefix(s[size+gap:], "CFR") {
		return Designation{}, 0, false
	}
	size += gap + len("CFR")
	size += blanks(s[size:])
	for _, word := range []string{"part ", "Part ", "§ ", "§"} {
		if strings.HasPrefix(s[size:], word) {
			size += len(word)
			break
		}
	}
	parts, n := components(s[size:], bareRules{sections: true})
	if n == 0 {
		return Designation{}, 0, false
	}
	return Designation{Publisher: title + " CFR", Number: joinParts(parts)}, size + n, true
}

// associationAt reads Chinese association, enterprise and local standards,
// whose prefix is a pattern and not a word: T/GZAEPI 001—2018, Q/ABC 001-2020,
// DB11/T 1234-2020, DBJ/T 15-92-2013.
func associationAt(s string) (Designation, int, bool) {
	size := 0
	switch {
	case strings.HasPrefix(s, "T/"), strings.HasPrefix(s, "Q/"):
		size = 2
		letters := 0
		for size < len(s) && isASCIIWord(s[size:size+1]) && letters < 10 {
			size, letters = size+1, letters+1
		}
		if letters < 2 {
			return Designation{}, 0, false
		}
	case strings.HasPrefix(s, "DB") && len(s) > 4:
		digits, n := figures(s[2:])
		if len(digits) != 2 && len(digits) != 4 {
			return Designation{}, 0, false
		}
		size = 2 + n
		if strings.HasPrefix(s[size:], "/T") {
			size += 2
		}
	default:
		return Designation{}, 0, false
	}
	gap := blanks(s[size:])
	if gap == 0 {
		return Designation{}, 0, false
	}
	body, n := numberBody(s[size+gap:], publisher{years: yearDash})
	if n == 0 {
		return Designation{}, 0, false
	}
	body.Publisher = s[:size]
	return body, size + gap + n, true
}

func isNamed(p publisher) bool {
	for _, n := range namedDocuments {
		if n.issuer == p.issuer {
			return true
		}
	}
	return false
}

// documentName reads the short code after a named document: B, DB-SI, SI, M.
func documentName(s string) (string, int) {
	size := 0
	for size < len(s) && size < 8 && (s[size] >= 'A' && s[size] <= 'Z' || s[size] == '-' || s[size] >= '0' && s[size] <= '9') {
		size++
	}
	name := strings.Trim(s[:size], "-")
	size = len(strings.TrimRight(s[:size], "-"))
	if name == "" || len(name) > 5 || !wordEnds(s[size:]) {
		return "", 0
	}
	return name, size
}
