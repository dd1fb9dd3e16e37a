package lexicon

import (
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"concord/corpus"
)

// bases are the base quantities of dimensions: those of the SI (length, mass,
// time, current, temperature, amount, luminous intensity), and our own for
// angle A, data B, persons P, working days W, sound level S, pixels X and
// currencies Y E D R C G H Q F Z U O V k, which do not convert into each other.
const bases = "LMTIKNJABPWSXYEDRCGHQFZUOVk"

// dimension holds the exponent of each base.
type dimension [len(bases)]int8

func (d dimension) plus(o dimension, times int8) dimension {
	for i := range d {
		d[i] += times * o[i]
	}
	return d
}

// acceleration turns a mass into a force.
var acceleration, _ = parseDimension("L.T-2")

// parseDimension reads "M.L-1.T-2"; "1" is no dimension.
func parseDimension(s string) (dimension, bool) {
	var d dimension
	if s == "1" {
		return d, true
	}
	for _, part := range strings.Split(s, ".") {
		if part == "" {
			return d, false
		}
		at := strings.IndexByte(bases, part[0])
		exponent := 1
		if len(part) > 1 {
			var err error
			if exponent, err = strconv.Atoi(part[1:]); err != nil || exponent < -9 || exponent > 9 {
				return d, false
			}
		}
		if at < 0 {
			return d, false
		}
		d[at] += int8(exponent)
	}
	return d, true
}

// String writes a dimension without a name of its own.
func (d dimension) String() string {
	var parts []string
	for i, e := range d {
		switch {
		case e == 1:
			parts = append(parts, bases[i:i+1])
		case e != 0:
			parts = append(parts, bases[i:i+1]+strconv.Itoa(int(e)))
		}
	}
	return strings.Join(parts, ".")
}

// unit is a unit of measurement, or a product of units: SI value = printed
// value x factor + offset.
type unit struct {
	code           string // UCUM
	dim            dimension
	factor, offset float64
}

// symbol is a unit's sign as printed, with capitals.
type symbol struct {
	text string
	unit int
}

// unitTable is data/units.tsv and data/dimensions.tsv.
type unitTable struct {
	units        []unit
	symbols      map[string][]symbol // by folded sign
	longest      int                 // bytes of the longest folded sign
	longestMoney int                 // the same of currencies
	names        map[dimension]string
	glued        map[string]int // by language and folded name of one word: 30minutes
}

func (lex *Lexicon) loadUnits(fsys fs.FS) error {
	lex.units = unitTable{symbols: map[string][]symbol{}, names: map[dimension]string{}, glued: map[string]int{}}
	t, err := readTable(fsys, "data/dimensions.tsv", "name", "expression", "source")
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		d, ok := parseDimension(r.cells[1])
		if !ok || lex.units.names[d] != "" {
			return r.bad("write bases with exponents, as M.L-1, once each", "the dimension %q cannot be read or has a name already", r.cells[1])
		}
		lex.units.names[d] = r.cells[0]
	}
	if t, err = readTable(fsys, "data/units.tsv", "code", "dimension", "factor", "offset", "symbols"); err != nil {
		return err
	}
	for _, r := range t.rows {
		if err := lex.addUnit(t, r); err != nil {
			return err
		}
	}
	return lex.loadUnitNames(fsys)
}

func (lex *Lexicon) addUnit(t table, r row) error {
	d, ok := parseDimension(r.cells[1])
	if !ok || lex.units.names[d] == "" {
		return r.bad("use a dimension of dimensions.tsv", "the dimension %q is not known", r.cells[1])
	}
	factor, err1 := strconv.ParseFloat(r.cells[2], 64)
	offset, err2 := strconv.ParseFloat(r.cells[3], 64)
	if err1 != nil || err2 != nil || factor <= 0 {
		return r.bad("write a factor above 0 and an offset", "factor %q and offset %q are no numbers", r.cells[2], r.cells[3])
	}
	lex.units.units = append(lex.units.units, unit{r.cells[0], d, factor, offset})
	n := len(lex.units.units) - 1
	for _, s := range cells(r.cells[4]) {
		key := strings.ReplaceAll(lex.Fold(s, "en").Text, "^", "")
		lex.units.symbols[key] = append(lex.units.symbols[key], symbol{norm.NFKC.String(s), n})
		lex.units.longest = max(lex.units.longest, len(key))
		if lex.units.isMoney(lex.units.units[n]) {
			lex.units.longestMoney = max(lex.units.longestMoney, len(key))
		}
	}
	for i := 5; i < len(t.header)-1; i++ {
		lex.nameUnit(n, corpus.Language(t.header[i]), r.cells[i])
	}
	return nil
}

// nameUnit enters the names of a unit in a language, parted by strokes.
func (lex *Lexicon) nameUnit(n int, lang corpus.Language, names string) {
	for _, name := range cells(names) {
		lex.addPhrase(lang, name, phraseRef{phraseUnit, n})
		if len(name) >= minGlued && !strings.ContainsAny(name, " ~(|…!^-") {
			lex.units.glued[gluedKey(lang, lex.Fold(name, lang).Text)] = n
		}
	}
}

// loadUnitNames reads the names of units in the languages that units.tsv has no
// column for.
func (lex *Lexicon) loadUnitNames(fsys fs.FS) error {
	files, err := readFolder(fsys, "data/unitnames", "code", "names", "source")
	if err != nil {
		return err
	}
	for _, t := range files {
		for _, r := range t.rows {
			n := slices.IndexFunc(lex.units.units, func(u unit) bool { return u.code == r.cells[0] })
			if n < 0 {
				return r.bad("use a code of units.tsv", "the unit %q is not known", r.cells[0])
			}
			lex.nameUnit(n, t.language(), r.cells[1])
		}
	}
	return nil
}

// minGlued is how many bytes a name needs to be read without a blank before it.
const minGlued = 4

func gluedKey(lang corpus.Language, name string) string { return string(lang) + " " + name }

// gluedAt reads a unit that is printed against its number: by its name (30minutes)
// or, in Russian, as an adjective behind a hyphen (32-битной, 30-минутный). end is
// behind the number.
func (u *unitTable) gluedAt(text string, end int, lang corpus.Language) (measured, bool) {
	rest, hyphen := strings.CutPrefix(text[end:], "-")
	word := rest
	if stop := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) }); stop >= 0 {
		word = rest[:stop]
	}
	after := end + len(text[end:]) - len(rest) + len(word)
	if n, ok := u.glued[gluedKey(lang, word)]; ok && !hyphen {
		return measured{u.units[n], after}, true
	}
	if !hyphen || lang != "ru" {
		return measured{}, false
	}
	for stem, code := range adjectives {
		if ending, ok := strings.CutPrefix(word, stem); ok && adjectiveEndings[ending] {
			for _, one := range u.units {
				if one.code == code {
					return measured{one, after}, true
				}
			}
		}
	}
	return measured{}, false
}

// adjectives are the stems of Russian adjectives made of units, by the code of
// the unit (own table); none is the beginning of another.
var adjectives = map[string]string{
	"метров": "m", "миллиметров": "mm", "сантиметров": "cm", "километров": "km", "литров": "L", "тонн": "t", "килограммов": "kg",
	"секундн": "s", "минутн": "min", "часов": "h", "дневн": "d", "суточн": "d", "недельн": "wk", "месячн": "mo", "летн": "a", "годичн": "a",
	"битн": "bit", "байтн": "By", "процентн": "%", "градусн": "deg", "вольтн": "V", "вольтов": "V", "ваттн": "W", "ваттов": "W", "киловаттн": "kW", "амперн": "A",
}

// adjectiveEndings are those of the Russian adjectives of adjectives.
var adjectiveEndings = map[string]bool{
	"ый": true, "ой": true, "ая": true, "ое": true, "ые": true, "ого": true, "ому": true, "ым": true, "ом": true, "ую": true, "ых": true, "ыми": true,
	"ий": true, "яя": true, "ее": true, "ие": true, "его": true, "ему": true, "им": true, "ем": true, "юю": true, "их": true, "ими": true, "ей": true,
}

func cells(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

// named tells whether a dimension has this name.
func (u *unitTable) named(name string) bool {
	for _, have := range u.names {
		if have == name {
			return true
		}
	}
	return false
}

// dimensionName is what a dimension is called in quantities.
func (u *unitTable) dimensionName(d dimension) string {
	if name := u.names[d]; name != "" {
		return name
	}
	return d.String()
}

// measured is a unit found in a text and where it ends.
type measured struct {
	unit
	end int // in the folded text
}

// symbolAt reads one sign at a byte of the folded text. Where capitals matter
// ("mW", "MW") the sign must be printed as in the table; elsewhere a text all
// in capitals or all in small letters is forgiven, and so are other capitals of a
// longer sign. A sign ends where no letter
// of its script follows.
func (u *unitTable) symbolAt(f Folded, original string, at int) (unit, int, bool) {
	text := f.Text
	for n := min(u.longest+2, len(text)-at); n > 0; n-- {
		if !utf8.RuneStart(byteAt(text, at+n)) {
			continue
		}
		raw := text[at : at+n]
		list := u.symbols[strings.ReplaceAll(raw, "^", "")]
		if list == nil || raw[0] == '^' || raw[len(raw)-1] == '^' || !signEnds(text, at, at+n) {
			continue
		}
		s := f.Span(at, at+n)
		printed := norm.NFKC.String(original[s.Start:s.End])
		if i := fitting(list, printed); i >= 0 {
			return u.units[list[i].unit], at + n, true
		}
	}
	return unit{}, 0, false
}

// byteAt is the byte at i, or that of a new character at the end.
func byteAt(s string, i int) byte {
	if i >= len(s) {
		return 0
	}
	return s[i]
}

// fitting picks the sign whose capitals agree best with what is printed.
func fitting(list []symbol, printed string) int {
	for i, s := range list {
		if s.text == printed {
			return i
		}
	}
	if len(list) > 1 || utf8.RuneCountInString(printed) < 2 {
		return -1
	}
	want := list[0].text
	small, capital := strings.ToLower(want), strings.ToUpper(want)
	if want == small && printed == capital || want != capital && printed == small {
		return 0
	}
	if want != small && want != capital && (printed == capital || utf8.RuneCountInString(want) > 2 && want[0] == printed[0] && strings.EqualFold(printed, want)) {
		return 0 // MPA, and Mpa, but not mPa, which is another unit
	}
	return -1
}

// signEnds tells whether a sign that ends at a byte is not just the beginning
// of a word or a number.
func signEnds(text string, start, end int) bool {
	if end >= len(text) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(text[start:end])
	next, _ := utf8.DecodeRuneInString(text[end:])
	if unicode.IsMark(next) && next > 0x300 {
		return false
	}
	s := scriptOf(next)
	if s == scriptDigit {
		return !unicode.IsLetter(last) && !unicode.IsDigit(last)
	}
	if !unicode.IsLetter(last) && !unicode.IsDigit(last) {
		return true
	}
	return s == scriptNone || s == scriptDense || (unicode.IsLetter(last) && s != scriptOf(last))
}

// unitSigns puts the units of one text together.
type unitSigns struct {
	table    *unitTable
	f        Folded
	original string
	tokens   []token
	names    map[int]hit // names of units by the byte they begin at
}

// at reads the unit at a byte: a sign or a name, with exponent, and what it is
// multiplied with or divided by.
func (u *unitSigns) at(i int) (measured, bool) {
	m, ok := u.atom(i)
	if !ok {
		return m, false
	}
	for range 4 {
		next, ok := u.more(m)
		if !ok {
			return m, true
		}
		m = next
	}
	return m, true
}

// atom reads one unit with its exponent.
func (u *unitSigns) atom(i int) (measured, bool) {
	if h, ok := u.names[i]; ok {
		return measured{u.table.units[h.refs[0].row], u.tokens[h.last].end}, true
	}
	if one, end, ok := u.table.symbolAt(u.f, u.original, i); ok {
		return u.power(measured{one, end}), true
	}
	return measured{}, false
}

// power reads "^-2" after a sign; signs such as m2 have rows of their own.
func (u *unitSigns) power(m measured) measured {
	text := u.f.Text
	i := m.end
	if byteAt(text, i) != '^' || m.offset != 0 {
		return m
	}
	i++
	sign := int8(1)
	if byteAt(text, i) == '-' {
		sign, i = -1, i+1
		if byteAt(text, i) == '^' {
			i++
		}
	}
	c := byteAt(text, i)
	if c < '1' || c > '4' {
		return m
	}
	e := sign * int8(c-'0')
	var none dimension
	return measured{unit{code: m.code + strconv.Itoa(int(e)), dim: none.plus(m.dim, e), factor: math.Pow(m.factor, float64(e))}, i + 1}
}

// perWords are what stands for a stroke in words (own table).
var perWords = []string{" per ", " par ", " por ", " pro ", " в ", " на ", " لكل ", " في ", "每"}

// more reads a stroke or a product sign and the unit after it.
func (u *unitSigns) more(m measured) (measured, bool) {
	text := u.f.Text
	rest := text[m.end:]
	if m.offset != 0 {
		return m, false
	}
	for _, per := range perWords {
		if strings.HasPrefix(rest, per) {
			if d, ok := u.atom(m.end + len(per)); ok {
				return divide(m, d), true
			}
		}
	}
	trimmed := strings.TrimLeft(rest, " ")
	i := m.end + len(rest) - len(trimmed)
	r, size := utf8.DecodeRuneInString(trimmed)
	switch r {
	case '/', '∕', '⁄':
		return u.under(m, skipBlank(text, i+size))
	case '·', '⋅', '∙', '•', '*':
		if d, ok := u.atom(skipBlank(text, i+size)); ok {
			return multiply(m, d), true
		}
	}
	return m, false
}

func skipBlank(text string, i int) int {
	if byteAt(text, i) == ' ' {
		i++
	}
	return i
}

// under reads what stands below the stroke: one unit, or a product in
// parentheses.
func (u *unitSigns) under(m measured, i int) (measured, bool) {
	if byteAt(u.f.Text, i) != '(' {
		d, ok := u.atom(i)
		if !ok {
			return m, false
		}
		return divide(m, d), true
	}
	i++
	for {
		d, ok := u.atom(i)
		if !ok {
			return m, false
		}
		m = divide(m, d)
		r, size := utf8.DecodeRuneInString(u.f.Text[m.end:])
		switch r {
		case ')':
			m.end += size
			return m, true
		case '·', '⋅', '∙', '•', '*', '.', ' ':
			i = m.end + size
		default:
			return m, false
		}
	}
}

func divide(a, b measured) measured {
	if a.code == "kg" && b.code == "cm2" {
		// Nobody loads a square centimetre with a mass: kg/cm2 is how the technical
		// atmosphere, kgf/cm2, is printed (98 066.5 Pa; NIST SP 811, appendix B).
		a.unit = unit{code: "kgf", dim: a.dim.plus(acceleration, 1), factor: 9.80665}
	}
	return measured{unit{code: a.code + "/" + b.code, dim: a.dim.plus(b.dim, -1), factor: a.factor / b.factor}, b.end}
}

func multiply(a, b measured) measured {
	return measured{unit{code: a.code + "." + b.code, dim: a.dim.plus(b.dim, 1), factor: a.factor * b.factor}, b.end}
}
