package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Found is a designation in running text: the bytes it takes and what it says.
type Found struct {
	Start, End  int
	Designation Designation
}

// FindDesignations finds the designations of standards in running text, from
// left to right, the longest at each place, never overlapping. A designation
// begins where no letter or digit stands before it (Han text needs no blank)
// and has a number: "GB" alone is none.
func FindDesignations(text string) []Found {
	var out []Found
	before := ' '
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if mayBegin(r) && boundary(before) {
			d, n, ok := designationAt(text[i:])
			if !ok || !plausible(d, text[i:i+n]) {
				d, n, ok = nextAct(out, text, i)
			}
			if ok {
				out = append(out, Found{Start: i, End: i + n, Designation: d})
				i += n
				before, _ = utf8.DecodeLastRuneInString(text[:i])
				continue
			}
		}
		before = r
		i += size
	}
	return out
}

// maxBetweenActs is how many bytes may stand between two acts of one list.
const maxBetweenActs = 12

// nextAct reads the next act of a list that names the kind once.
func nextAct(found []Found, text string, at int) (Designation, int, bool) {
	if len(found) == 0 || at-found[len(found)-1].End > maxBetweenActs {
		return Designation{}, 0, false
	}
	kind, _, _ := strings.Cut(found[len(found)-1].Designation.Publisher, " (")
	if euKinds[strings.ToLower(kind)] != kind {
		return Designation{}, 0, false
	}
	d, n, ok := euNumberAt(text[at:], kind)
	d.Printed = text[at : at+n]
	return d, n, ok
}

// mayBegin tells whether any designation begins with this letter.
func mayBegin(r rune) bool {
	if r >= '0' && r <= '9' { // 29 CFR
		return true
	}
	_, ok := publisherIndex[r]
	return ok || strings.ContainsRune("TQDrRdDvVbBfF(", r)
}

// boundary tells whether a designation may begin after this character.
func boundary(before rune) bool {
	if unicode.In(before, unicode.Han, unicode.Arabic, unicode.Hiragana, unicode.Katakana) {
		return true
	}
	return !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != '_' && before != '@'
}

// proneToProse are prefixes that are also ordinary words or units in capitals;
// in running text they need a year or a number of at least three digits.
var proneToProse = map[string]bool{
	"IS": true, "AS": true, "ES": true, "PS": true, "SS": true, "MS": true, "TS": true, "NP": true, "PN": true, "SN": true, "NA": true, "TB": true, "DL": true,
	"NB": true, "SL": true, "UL": true, "CJ": true, "JG": true, "JB": true, "PAS": true, "API": true, "NM": true, "ТО": true, "СН": true, "РД": true, "DB": true, "YD": true, "YY": true, "SJ": true, "HG": true, "GA": true, "NF": true, "Directive": true, "Directiva": true, "Richtlinie": true, "VDI": true,
}

// plausible keeps prose out: "DB 5" or "IS 2" is no citation.
func plausible(d Designation, printed string) bool {
	if !proneToProse[d.Publisher] {
		return true
	}
	if d.Publisher == "DB" {
		return strings.ContainsAny(d.Number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	}
	return d.Year != "" || len(leadingDigits(d.Number)) >= 4
}
