package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// numberBody reads what follows the publisher: letters and figures, parts, year
// and asterisk.
func numberBody(s string, p publisher) (Designation, int) {
	var d Designation
	if number, size := hanSerial(s); size > 0 && p.jurisdiction == "TW" {
		d.Number = number
		return d, size
	}
	size := baseNumber(s, p)
	if size == 0 {
		return d, 0
	}
	d.Number = asciiDigits(s[:size])
	if p.years == yearDot {
		d.Number, d.Year = dottedYear(d.Number)
	}
	if p.years == yearSlash {
		d.Number, d.Year = slashedYear(d.Number)
		if body := lawBody(s[size:]); body > 0 { // 217/2026/NĐ-CP, 92/57/EEC
			d.Number += s[size : size+body]
			size += body
		}
	}
	for p.years != yearNone {
		mark, n := markAt(s[size:], dashes)
		if mark == "" {
			break
		}
		group := groupAt(s[size+n:])
		if group == 0 {
			break
		}
		text := asciiDigits(s[size+n : size+n+group])
		size += n + group
		if year, ok := asYear(text, p.years); ok && (len(text) == 4 || !yearFollows(s[size:])) {
			d.Year = year
			break
		}
		d.Number += "-" + text
	}
	if p.years == yearNone { // NIST SP 800-53 Rev. 5, WCAG 2.1
		for mark, n := markAt(s[size:], dashes); mark != ""; mark, n = markAt(s[size:], dashes) {
			group := groupAt(s[size+n:])
			if group == 0 {
				break
			}
			d.Number += "-" + s[size+n:size+n+group]
			size += n + group
		}
		if base, edition, found := strings.Cut(d.Number, "r"); found { // 800-171r3
			d.Number = base + "-r" + edition
		}
		size += revisionNumber(s[size:], &d)
	}
	if d.Year == "" && p.years != yearNone {
		size += colonYear(s[size:], &d)
	}
	if strings.HasPrefix(s[size:], "*") {
		d.Amended = true
		size++
	}
	size += amendment(s[size:], &d)
	if !wordEnds(s[size:]) {
		return d, 0
	}
	return d, size
}

// hanSerial reads a number of three to six Chinese numerals written digit by
// digit, as statutes of Taiwan cite standards (CNS 一○五二二), and its length.
func hanSerial(s string) (string, int) {
	var number strings.Builder
	for i, r := range s {
		d, ok := hanDigits[r]
		if !ok {
			if _, scale := hanScales[r]; scale || number.Len() < 3 || number.Len() > 6 {
				return "", 0
			}
			return number.String(), i
		}
		number.WriteByte(byte('0' + d))
	}
	if number.Len() < 3 || number.Len() > 6 {
		return "", 0
	}
	return number.String(), len(s)
}

// lawBody measures the body or community after a law's number: "/NĐ-CP", "/EEC".
func lawBody(s string) int {
	rest, found := strings.CutPrefix(s, "/")
	if !found {
		return 0
	}
	size := 0
	for i, r := range rest {
		if !unicode.IsUpper(r) && !unicode.IsMark(r) && r != '-' {
			break
		}
		size = i + utf8.RuneLen(r)
	}
	if size == 0 || size > 16 || !wordEnds(rest[size:]) {
		return 0
	}
	return 1 + size
}

// yearFollows tells whether a four-digit year still comes: the 92 of DBJ/T
// 15-92-2013 is no year.
func yearFollows(s string) bool {
	mark, n := markAt(s, dashes)
	if mark == "" {
		return false
	}
	_, ok := asYear(s[n:n+groupAt(s[n:])], yearColon)
	return ok
}

// baseNumber measures the number itself: "50016", "D60", "A615/A615M",
// "20.13330.2016", "014/2011", "2.01.07", "ISO 105" without "-C12".
func baseNumber(s string, p publisher) int {
	size := 0
	for size < len(s) && size < 3 && s[size] >= 'A' && s[size] <= 'Z' {
		size++
	}
	if size > 0 && size < len(s) && (s[size] == ' ' || s[size] == '.' || s[size] == '-') { // JIS A 0001, ITU-T X.509
		size++
	}
	digits, n := figures(s[size:])
	if n == 0 || len(digits) > 6 {
		return 0
	}
	size += n
	if size < len(s) && s[size] >= 'A' && s[size] <= 'Z' && wordEnds(s[size+1:]) { // 60068A
		size++
	}
	for size < len(s) {
		sep := s[size]
		if sep != '.' && !(sep == '/' && (p.years == yearSlash || p.prefix == "ASTM")) {
			break
		}
		group := groupAt(s[size+1:])
		if group == 0 {
			break
		}
		size += 1 + group
	}
	return size
}

// groupAt measures letters and digits with at least one digit, at most 8.
func groupAt(s string) int {
	size, digits := 0, 0
	for i, r := range s {
		_, digit := Digit(r)
		if !digit && !(r >= 'A' && r <= 'Z') && !(r >= 'a' && r <= 'z' && digits > 0 && i > 0) {
			break
		}
		if r >= 'a' && r <= 'z' && len(s) > i+1 && s[i+1] >= 'a' && s[i+1] <= 'z' {
			break
		}
		if digit {
			digits++
		}
		size = i + utf8.RuneLen(r)
	}
	if digits == 0 || size > 12 {
		return 0
	}
	return size
}

// markAt is the separator of the list at the start of s, blanks around it
// allowed, and the bytes it takes.
func markAt(s string, marks []string) (string, int) {
	gap := blanks(s)
	if gap > 1 {
		return "", 0
	}
	for _, m := range marks {
		if strings.HasPrefix(s[gap:], m) {
			after := blanks(s[gap+len(m):])
			if gap > 0 && after == 0 || after > 1 {
				continue
			}
			if gap > 0 && (m == "-" || m == "–") { // "ISO 9001 - 2015 edition" is prose
				continue
			}
			return m, gap + len(m) + after
		}
	}
	return "", 0
}

// asYear tells a year from a part. Four digits between 1900 and 2099 are a
// year; two digits are one for publishers that print the year after a dash, for
// GOST only from 50 on (its two-digit years ended in 1999; below are parts).
func asYear(text string, style yearStyle) (string, bool) {
	ascii, size := figures(text)
	if size != len(text) {
		return "", false
	}
	switch {
	case len(ascii) == 4 && (ascii[:2] == "19" || ascii[:2] == "20"):
		return ascii, true
	case len(ascii) == 2 && (style == yearDash && ascii >= "50" || style == yearGOST && ascii >= "50"):
		return "19" + ascii, true
	case len(ascii) == 2 && style == yearDash:
		return "20" + ascii, true
	}
	return "", false
}

// colonYear reads ":2015" and " : 2000".
func colonYear(s string, d *Designation) int {
	gap := blanks(s)
	for _, c := range colons {
		if gap > 1 || !strings.HasPrefix(s[gap:], c) {
			continue
		}
		after := gap + len(c)
		after += blanks(s[after:])
		year, size := figures(s[after:])
		if len(year) == 4 && (year[:2] == "19" || year[:2] == "20") {
			d.Year = year
			size += after
			if rest := s[size:]; strings.HasPrefix(rest, "/") { // QCVN 06:2022/BXD
				n := 1
				for n < len(rest) && n < 8 && rest[n] >= 'A' && rest[n] <= 'Z' {
					n++
				}
				if n > 2 && wordEnds(rest[n:]) && !isPublisher(rest[1:n]) {
					d.Number += "/" + rest[1:n]
					size += n
				}
			}
			return size
		}
	}
	return 0
}

func isPublisher(s string) bool {
	_, size, ok := publisherAt(s)
	return ok && size == len(s)
}

func dottedYear(number string) (string, string) {
	i := strings.LastIndexByte(number, '.')
	if i < 0 {
		return number, ""
	}
	if year, ok := asYear(number[i+1:], yearDot); ok {
		return number[:i], year
	}
	return number, ""
}

// slashedYear reads 014/2011 (number first) and 2010/31 (year first, EU law).
func slashedYear(number string) (string, string) {
	first, last, found := strings.Cut(number, "/")
	if !found {
		return number, ""
	}
	if year, ok := asYear(last, yearSlash); ok {
		return first, year
	}
	if year, ok := asYear(first, yearSlash); ok {
		return last, year
	}
	return number, ""
}

// amendment reads "+A1:2009" and "/Amd 1:2020", "/AMD1:2013", "/Cor 1", and the
// modification sheets of China, "/XG1-2026".
func amendment(s string, d *Designation) int {
	size := 0
	for _, lead := range []string{"+A", "+AC", "/A", "/Amd ", "/Amd.", "/AMD", "/Cor ", "/AC", "/XG"} {
		if !strings.HasPrefix(s, lead) {
			continue
		}
		n, more := figures(s[len(lead):])
		if more == 0 {
			continue
		}
		size = len(lead) + more
		d.Amendment = strings.Trim(lead, "+/ .") + n
		if strings.HasPrefix(s[size:], ":") || lead == "/XG" && strings.HasPrefix(s[size:], "-") {
			if year, n := figures(s[size+1:]); len(year) == 4 {
				d.Amendment += ":" + year
				size += 1 + n
			}
		}
		break
	}
	return size
}

// revisionNumber reads "Rev. 5", "r3", "Revision 4" of NIST publications.
func revisionNumber(s string, d *Designation) int {
	for _, lead := range []string{" Rev. ", " Rev ", " Revision ", " rev. ", "r", " r"} {
		if !strings.HasPrefix(s, lead) {
			continue
		}
		if n, size := figures(s[len(lead):]); size > 0 && wordEnds(s[len(lead)+size:]) {
			d.Number += "-r" + n
			return len(lead) + size
		}
	}
	return 0
}

// revision reads （2018年版）, (2018), (22): a partial revision of the edition.
func revision(s string, d *Designation) int {
	if d.Year == "" {
		return 0
	}
	gap := blanks(s)
	open := firstRune(s[gap:])
	if gap > 1 || (open != "(" && open != "（") {
		return 0
	}
	i := gap + len(open)
	year, size := figures(s[i:])
	i += size
	if full, ok := asYear(year, yearDash); ok {
		year = full
	} else {
		return 0
	}
	i += len(s[i:]) - len(strings.TrimPrefix(s[i:], "年版"))
	i += len(s[i:]) - len(strings.TrimPrefix(s[i:], "年局部修订版"))
	if closing := firstRune(s[i:]); closing != ")" && closing != "）" {
		return 0
	} else {
		i += len(closing)
	}
	d.Revised = year
	return i
}

func allParts(s string, d *Designation) int {
	gap := blanks(s)
	for _, text := range []string{"(all parts)", "（所有部分）", "(所有部分)", "（全部部分）", "(все части)", "(toutes les parties)", "(todas las partes)", "(alle Teile)", "(جميع الأجزاء)", "(series)"} {
		if strings.HasPrefix(s[gap:], text) {
			d.AllParts = true
			return gap + len(text)
		}
	}
	return 0
}

// adoption reads what a designation says it adopts: after a slash, identical
// (GB/T 19001-2016/ISO 9001:2015); in parentheses, with the degree printed
// there, or identical when none is (ISO/IEC Guide 21-1:2005, clause 11).
func adoption(s string) (Adoption, int, bool) {
	if rest, found := strings.CutPrefix(s, "/"); found {
		d, _, size, ok := simpleAt(rest)
		if ok {
			return Adoption{Designation: strings.TrimSpace(rest[:size]), Degree: Identical}, 1 + size, d.Number != ""
		}
		return Adoption{}, 0, false
	}
	gap := blanks(s)
	open := firstRune(s[gap:])
	if gap > 1 || (open != "(" && open != "（") {
		return Adoption{}, 0, false
	}
	i := gap + len(open)
	inner := s[i:]
	_, _, size, ok := simpleAt(inner)
	if !ok {
		return Adoption{}, 0, false
	}
	out := Adoption{Designation: strings.TrimSpace(inner[:size]), Degree: Identical}
	i += size
	end := strings.IndexAny(s[i:], ")）")
	if end < 0 || end > 16 {
		return Adoption{}, 0, false
	}
	for _, degree := range []Degree{Identical, Modified, NotEquivalent} {
		if strings.Contains(strings.ToUpper(s[i:i+end]), string(degree)) {
			out.Degree = degree
		}
	}
	i += end
	return out, i + len(firstRune(s[i:])), true
}

// asciiDigits writes digits of any script in ASCII.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if d, ok := Digit(r); ok {
			return rune('0' + d)
		}
		return r
	}, s)
}

// shortDigest is enough of a digest to keep names apart.
func shortDigest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:4])
}
