package corpus

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Acts of the European Union carry one number in all its languages, with the
// community's letters in each of them: Directive 2010/31/EU is directive
// 2010/31/UE, Regulation (EU) 2018/1999 is règlement (UE) 2018/1999. Source:
// Interinstitutional style guide, 1.2.2 (numbering before and since 2015).

// euKinds are the words for the kinds of acts and their abbreviations, in small
// letters, by their canonical kind.
var euKinds = euWords(map[string]string{
	"Regulation": "regulation regulations règlement règlements reglamento reglamentos verordnung verordnungen durchführungsverordnung regolamento regolamenti regulamento regulamentos verordening verordeningen rozporządzenie rozporządzenia förordning reg règl vo",
	"Directive":  "directive directives directiva directivas richtlinie richtlinien direttiva direttive diretiva diretivas richtlijn richtlijnen dyrektywa dyrektywy direktiv dir rl",
	"Decision":   "decision decisions décision décisions decisión decisiones beschluss beschlüsse durchführungsbeschluss decisione decisioni decisão decisões besluit decyzja dec déc",
})

func euWords(kinds map[string]string) map[string]string {
	out := map[string]string{}
	for kind, words := range kinds {
		for _, word := range strings.Fields(words) {
			out[word] = kind
		}
	}
	return out
}

// euCommunities are the letters of the communities, by the English ones.
var euCommunities = map[string]string{
	"EU": "EU", "UE": "EU", "EC": "EC", "CE": "EC", "EG": "EC", "EEC": "EEC", "CEE": "EEC", "EWG": "EEC", "EEG": "EEC", "EURATOM": "Euratom",
}

// euNumbered reads what follows the kind: (EU) No 305/2011, (EU) 2018/1999, and
// the older 2010/31/EU. Adjectives of the kind may stand between.
var (
	euBlank     = `[\s\x{a0}\x{202f}]`
	euNames     = `(Euratom|EURATOM|EEC|CEE|EWG|EEG|EU|UE|EC|CE|EG)`
	euLeading   = regexp.MustCompile(`^\(` + euNames + `(?:,` + euBlank + `?Euratom)?\)` + euBlank + `*(?:([nN]\.?[°ºo]\.?|N[or]\.?|núm\.?)` + euBlank + `*)?(\d{1,4})/(\d{1,5})`)
	euTrailing  = regexp.MustCompile(`^(\d{2}|\d{4})/(\d{1,5})/` + euNames)
	euAdjective = regexp.MustCompile(`^(?i:délégués?|d['’]exécution|delegados?|de ejecución|delegat[oia]|di esecuzione|de execução|gedelegeerde|du Conseil)` + euBlank + `+`)
)

// euLongest bounds what is looked at, in bytes.
const euLongest = 96

// euActAt reads an act of the European Union at the start of s.
func euActAt(s string) (Designation, int, bool) {
	size := 0
	for size < len(s) && size < euLongest {
		r, n := utf8.DecodeRuneInString(s[size:])
		if !unicode.IsLetter(r) {
			break
		}
		size += n
	}
	kind, ok := euKinds[strings.ToLower(s[:size])]
	if !ok {
		return Designation{}, 0, false
	}
	if strings.HasPrefix(s[size:], ".") {
		size++ // "Reg. (EU) 2016/679"
	}
	gap := blanks(s[size:])
	if gap == 0 {
		return Designation{}, 0, false
	}
	size += gap
	if m := euAdjective.FindString(s[size:min(len(s), size+euLongest)]); m != "" {
		size += len(m)
	}
	d, n, ok := euNumberAt(s[size:], kind)
	return d, size + n, ok
}

// euNumberAt reads the number of an act of a kind; lists name the kind once:
// "Regulations (EU) 2021/241 and (EU) 2021/1058".
func euNumberAt(s, kind string) (Designation, int, bool) {
	s = s[:min(len(s), euLongest)]
	if m := euTrailing.FindStringSubmatch(s); m != nil && wordEnds(s[len(m[0]):]) {
		year, ok := euYear(m[1])
		return Designation{Publisher: kind, Number: m[2] + "/" + euCommunities[strings.ToUpper(m[3])], Year: year}, len(m[0]), ok
	}
	m := euLeading.FindStringSubmatch(s)
	if m == nil || !wordEnds(s[len(m[0]):]) {
		return Designation{}, 0, false
	}
	d := Designation{Publisher: kind + " (" + euCommunities[strings.ToUpper(m[1])] + ")"}
	first, isYear := euYear(m[3])
	last, lastIsYear := euYear(m[4])
	switch {
	case isYear && len(m[3]) == 4 && m[2] == "":
		d.Number, d.Year = m[4], first
	case lastIsYear:
		d.Number, d.Year = m[3], last
	default:
		return Designation{}, 0, false
	}
	return d, len(m[0]), true
}

// euYear reads a year of four figures, or of two before 2000.
func euYear(s string) (string, bool) {
	n, err := strconv.Atoi(s)
	switch {
	case err != nil:
		return "", false
	case len(s) == 2 && n >= 52:
		return "19" + s, true
	case len(s) == 4 && n >= 1952 && n < 2100:
		return s, true
	}
	return "", false
}

// euString is the canonical form of an act: the year first in directives and
// decisions of old (of two figures before 1999) and in everything since 2015. ok is false for other
// publishers.
func (d Designation) euString() (string, bool) {
	kind, _, _ := strings.Cut(d.Publisher, " (")
	if euKinds[strings.ToLower(kind)] != kind || d.Year == "" {
		return "", false
	}
	number, community, trailing := strings.Cut(d.Number, "/")
	switch {
	case trailing && d.Year < "1999": // 92/57/EEC
		return kind + " " + d.Year[2:] + "/" + number + "/" + community, true
	case trailing:
		return kind + " " + d.Year + "/" + number + "/" + community, true
	case d.Year >= "2015":
		return d.Publisher + " " + d.Year + "/" + d.Number, true
	}
	return d.Publisher + " No " + d.Number + "/" + d.Year, true
}
