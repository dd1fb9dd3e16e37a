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
	"Regulation": "regulation regulations règlement règlements reglamento reglamentos verordnung verordnungen durchführungsverordnung regolamento regolamenti regulamento regulamentos verordening verordeningen rozporządzenie rozporządzenia förordning forordning nařízení nariadenie uredba regulamentul regolament κανονισμός регламент asetus määrus regula reglamentas reg règl vo",
	"Directive":  "directive directives directiva directivas richtlinie richtlinien direttiva direttive diretiva diretivas richtlijn richtlijnen dyrektywa dyrektywy direktiv směrnice smernica direktiva direttiva οδηγία директива direktiivi direktiiv direktīva direktyva dir rl",
	"Decision":   "decision decisions décision décisions decisión decisiones beschluss beschlüsse durchführungsbeschluss rahmenbeschluss decisione decisioni decisão decisões besluit decyzja afgørelse beslut rozhodnutí rozhodnutie sklep odluka decizia deċiżjoni απόφαση решение päätös otsus lēmums sprendimas dec déc",
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

// euCommunities are the letters of the communities in the official languages, by the
// English ones. ES is missing: see euCommunity.
var euCommunities = euWords(map[string]string{
	"EU":      "EU UE EÚ EL ЕС ΕΕ",
	"EC":      "EC CE EG WE EF EY EÜ EK EB EZ KE ЕО ΕΚ",
	"EEC":     "EEC CEE EWG EEG EØF ETY EMÜ EEK EEB EHS EGS EEZ KEE ЕИО ΕΟΚ",
	"Euratom": "EURATOM", "JHA": "JHA JAI JI", "CFSP": "CFSP PESC GASP",
})

// euCommunity are the English letters of a community. ES is the Community in Czech,
// Slovak and Slovene and the Union in Latvian, which the year tells apart.
func euCommunity(letters, year string) string {
	if letters = strings.ToUpper(letters); letters != "ES" {
		return euCommunities[letters]
	}
	if year < "2010" {
		return "EC"
	}
	return "EU"
}

// euNumbered reads what follows the kind: (EU) No 305/2011, (EU) 2018/1999, and
// the older 2010/31/EU. Adjectives of the kind may stand between.
var (
	euBlank     = `[\s\x{a0}\x{202f}]`
	euNames     = `(Euratom|EURATOM|EEC|CEE|EWG|EEG|EØF|ETY|EMÜ|EEK|EEB|EHS|EGS|EEZ|KEE|ЕИО|ΕΟΚ|JHA|JAI|JI|CFSP|PESC|GASP|EU|UE|EÚ|EL|ЕС|ΕΕ|ES|EC|CE|EG|WE|EF|EY|EÜ|EK|EB|EZ|KE|ЕО|ΕΚ)`
	euLeading   = regexp.MustCompile(`^\(` + euNames + `(?:,` + euBlank + `?Euratom)?\)` + euBlank + `*(?:([nN]\.?[°ºo]\.?|[Nn][or]\.?|N:o|núm\.?|č\.|št\.|br\.|αριθ\.|№|Nru)` + euBlank + `*)?(\d{1,4})/(\d{1,5})`)
	euTrailing  = regexp.MustCompile(`^(\d{2}|\d{4})/(\d{1,5})/` + euNames)
	euAdjective = regexp.MustCompile(`^(?i:délégués?|d['’]exécution|delegados?|de ejecución|delegat[oia]|di esecuzione|de execução|gedelegeerde|du Conseil|cadre|marco|quadro)` + euBlank + `+`)
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
		return Designation{Publisher: kind, Number: m[2] + "/" + euCommunity(m[3], year), Year: year}, len(m[0]), ok
	}
	m := euLeading.FindStringSubmatch(s)
	if m == nil || !wordEnds(s[len(m[0]):]) {
		return Designation{}, 0, false
	}
	d := Designation{}
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
	d.Publisher = kind + " (" + euCommunity(m[1], d.Year) + ")"
	return d, len(m[0]), true
}

// unionRegister are the two numbers that name an act in all languages: CELEX, of the
// act (32009L0065) or of its consolidated text (02009L0065, in the files without the 0),
// and the European Legislation Identifier. Sources: EUR-Lex, "How CELEX numbers are
// composed"; Council conclusions 2012/C 325/02, "templates for the Union".
var unionRegister = regexp.MustCompile(`(?:^|[^0-9A-Z])[03]?((?:19|20)\d\d)([RLDF])(\d{4})(?:[^0-9]|$)|/eli/(reg|dir|dec)(?:_[a-z]+)?/(\d{4})/(\d{1,5})(?:[^0-9]|$)`)

// UnionAct reads the first CELEX number or ELI in a text as the act it names. Which
// community an act is of they do not say; the year does but for acts of the last weeks
// of 1993 and 2009, when the treaties changed.
func UnionAct(s string) (Designation, bool) {
	m := unionRegister.FindStringSubmatch(s)
	if m == nil {
		return Designation{}, false
	}
	year, letter, number := m[1]+m[5], m[2]+strings.ToUpper(m[4]), strings.TrimLeft(m[3]+m[6], "0")
	community := "EU"
	switch {
	case letter == "F":
		community = "JHA"
	case year < "1994":
		community = "EEC"
	case year < "2010":
		community = "EC"
	}
	kind := map[string]string{"R": "Regulation", "REG": "Regulation", "L": "Directive", "DIR": "Directive"}[letter]
	if kind == "" {
		kind = "Decision"
	}
	d := Designation{Publisher: kind + " (" + community + ")", Number: number, Year: year}
	if kind != "Regulation" && year < "2015" {
		d.Publisher, d.Number = kind, number+"/"+community
	}
	return d, number != ""
}

// unionEnglish is the canonical form of what is an act of the Union and nothing else.
func unionEnglish(designation string) (string, bool) {
	d, size, ok := euActAt(designation)
	return d.String(), ok && size == len(designation)
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
