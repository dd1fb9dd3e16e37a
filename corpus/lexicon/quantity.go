package lexicon

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// amount is a quantity while it is put together: folded bytes and tokens.
type amount struct {
	numeral
	low, high   float64 // as printed, in unit
	isRange     bool
	unit        unit
	hasUnit     bool
	end         int // behind the unit
	first, last int // tokens
	bound       Bound
	drop        bool
	referred    bool // it is the number of a clause, table and the like
}

// quantities reads every number with its unit, bound and what it measures, and
// lists the values of those that are no quantity.
func (lex *Lexicon) quantities(t *text, mentions []Mention, taken []Span) ([]Quantity, []float64) {
	words := lex.numberWords(t)
	numerals := lex.numerals(t, taken, words)
	if len(numerals) == 0 {
		return nil, nil
	}
	m := newMeasuring(lex, t)
	m.words, m.worded = words, m.boundWords()
	amounts := make([]amount, 0, len(numerals))
	for _, n := range numerals {
		amounts = append(amounts, m.attach(n))
	}
	m.sameMoney(amounts)
	amounts = m.ranges(amounts)
	for i := range amounts {
		amounts[i].bound = m.boundOf(amounts, i)
	}
	m.carry(amounts)
	m.enclose(amounts)
	var out []Quantity
	var others []float64
	for i, a := range amounts {
		if m.counts(amounts, i) {
			out = append(out, m.quantity(a, mentions))
			continue
		}
		if amounts[i].drop = true; !a.drop && a.value > MaxCommon {
			others = append(others, a.value)
		}
	}
	slices.Sort(others)
	return out, slices.Clip(slices.Compact(others))
}

// MaxCommon is up to which a number in a text says nothing by itself: 1, 2 and 3
// stand everywhere.
const MaxCommon = 3

// measuring holds what is looked up for every number of a text.
type measuring struct {
	lex        *Lexicon
	t          *text
	words      map[int]wordValue
	nameEnds   map[int]hit // names of units by the byte they end at
	worded     []Span      // of the words of bounds
	signs      unitSigns
	before     map[int]hit // comparisons by their last token
	after      map[int]hit // by their first token
	far        map[int]hit // by their first token
	not        map[int]hit // by their last token
	filler     map[int]hit // by their last token
	between    map[int]hit // by their last token
	references map[int]hit // by their last token
	following  map[int]hit // references by their first token
}

func newMeasuring(lex *Lexicon, t *text) *measuring {
	m := &measuring{lex: lex, t: t}
	m.signs = unitSigns{table: &lex.units, f: t.folded, original: t.original, tokens: t.tokens, names: map[int]hit{}}
	pick := func(p place) []hit {
		return ofKind(t.hits, phraseBound, func(r phraseRef) bool { return r.kind == phraseBound && lex.bounds[r.row].place == p })
	}
	m.before, m.not, m.filler, m.between = byLast(pick(placeBefore)), byLast(pick(placeNot)), byLast(pick(placeFiller)), byLast(pick(placeBetween))
	m.after, m.far = byFirst(pick(placeAfter)), byFirst(pick(placeFar))
	references := ofKind(t.hits, phraseReference, func(r phraseRef) bool {
		return r.kind == phraseReference && lex.references[r.row] != referenceWord
	})
	m.references, m.following = byLast(references), byFirst(references)
	words := byFirst(ofKind(t.hits, phraseReference, func(r phraseRef) bool {
		return r.kind == phraseReference && lex.references[r.row] == referenceWord
	}))
	m.nameEnds = map[int]hit{}
	for _, h := range t.hits {
		if h.refs[0].kind != phraseUnit && !hasKind(h, phraseUnit) {
			continue
		}
		at := t.tokens[h.first].start
		if have, ok := m.signs.names[at]; ok && have.last >= h.last {
			continue
		}
		if w, ok := words[h.first]; ok && w.last > h.last {
			continue
		}
		if unit := unitRef(h); unit.refs != nil {
			m.signs.names[at] = unit
			if end := t.tokens[h.last].end; m.nameEnds[end].refs == nil {
				m.nameEnds[end] = unit // the first to begin is the longest
			}
		}
	}
	return m
}

func hasKind(h hit, kind phraseKind) bool {
	for _, r := range h.refs {
		if r.kind == kind {
			return true
		}
	}
	return false
}

// unitRef keeps the rows of units among those of a hit.
func unitRef(h hit) hit {
	for _, r := range h.refs {
		if r.kind == phraseUnit {
			return hit{h.first, h.last, []phraseRef{r}}
		}
	}
	return hit{}
}

func byLast(hits []hit) map[int]hit {
	out := make(map[int]hit, len(hits))
	for _, h := range hits {
		out[h.last] = h
	}
	return out
}

func byFirst(hits []hit) map[int]hit {
	out := make(map[int]hit, len(hits))
	for _, h := range hits {
		out[h.first] = h
	}
	return out
}

// attach reads the unit that follows a number.
func (m *measuring) attach(n numeral) amount {
	n = m.percentBefore(n)
	a := amount{numeral: n, low: n.value, high: n.value, end: n.end}
	switch {
	case n.percent != 0:
		a.unit, a.hasUnit = unit{code: "%", factor: n.percent}, true
		if n.percent != 0.01 {
			a.unit.code = "[ppth]"
		}
	case n.ratio:
	default:
		if m.unit(&a); !a.hasUnit && m.scale(&a) {
			m.unit(&a)
		}
		a.ratio = a.share && !a.hasUnit
		m.half(&a)
	}
	m.money(&a)
	m.rate(&a)
	a.first, a.last = m.tokensOf(a.start, a.end)
	return a
}

// percentsBefore are the signs and words for per cent that stand before the number,
// by language (own table; folded).
var percentsBefore = map[corpus.Language][]string{"tr": {"%", "yüzde"}, "th": {"ร้อยละ"}, "kk": {"%"}, "az": {"%"}, "eu": {"%"}}

// percentBefore takes the per cent that stands before a number, as in Turkish %5.
func (m *measuring) percentBefore(n numeral) numeral {
	before := m.t.folded.Text[:n.start]
	for _, word := range percentsBefore[m.t.language.Base()] {
		rest, found := strings.CutSuffix(strings.TrimRight(before, " "), word)
		if last, _ := utf8.DecodeLastRuneInString(rest); found && n.percent == 0 && !n.ratio && byteAt(m.t.folded.Text, n.end) != '%' && !unicode.IsDigit(last) {
			n.start, n.percent = len(rest), 0.01
		}
	}
	return n
}

// half adds the 半 behind a unit: 一公尺半, 两年半以上. A word that begins with it
// (半径, 半数) stands by itself, so only what can follow a quantity may follow.
func (m *measuring) half(a *amount) {
	rest, found := strings.CutPrefix(m.t.folded.Text[a.end:], "半")
	if !found || !a.hasUnit || a.value != math.Trunc(a.value) {
		return
	}
	next, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsLetter(next) && !strings.ContainsRune("以之的内或及且者为", next) {
		return
	}
	a.value += 0.5
	a.low, a.high, a.decimal = a.value, a.value, true
	a.end += len("半")
}

// scale multiplies a number by the word after it: 5万, 2 million, 10 тыс. A
// unit goes first, because 千米 is one.
func (m *measuring) scale(a *amount) bool {
	for _, at := range []int{a.end, skipBlank(m.t.folded.Text, a.end)} {
		if w, ok := m.words[at]; ok && w.scale {
			a.value *= w.value
			a.low, a.high, a.numeral.end, a.end, a.plain = a.value, a.value, w.end, w.end, false
			if byteAt(m.t.folded.Text, a.end) == '.' {
				a.numeral.end++ // "тыс."
			}
			return true
		}
	}
	return false
}

// unit looks for a unit behind a number: at once, after a blank, after a hyphen
// ("30-minute") or a bracket is none of ours.
func (m *measuring) unit(a *amount) {
	text := m.t.folded.Text
	end := a.numeral.end
	if a.written {
		end = repeated(text, a.numeral)
	}
	at := []int{end, skipBlank(text, end)}
	if byteAt(text, end) == '-' {
		at = append(at, end+1)
	}
	for _, i := range at {
		u, ok := m.signs.at(i)
		if !ok || i >= len(text) {
			continue
		}
		if inchWord(u, text, i) || a.written && a.value == 1 && u.code == "s" && scriptOf(firstRune(strings.TrimLeft(text[u.end:], " "))) == scriptLatin {
			continue // "un segundo extintor" is another one
		}
		a.unit, a.hasUnit, a.end = u.unit, true, u.end
		return
	}
	if u, ok := m.lex.units.gluedAt(text, a.numeral.end, m.t.language.Base()); ok && !a.written {
		a.unit, a.hasUnit, a.end = u.unit, true, u.end
	}
}

// repeated is where a number in words ends when digits in brackets say it again,
// as contracts and statutes do: thirty (30) days.
func repeated(text string, n numeral) int {
	rest := strings.TrimLeft(text[n.end:], " ")
	if byteAt(rest, 0) != '(' {
		return n.end
	}
	digits, _, ok := strings.Cut(rest[1:], ")")
	if v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64); !ok || err != nil || v != n.value {
		return n.end
	}
	return len(text) - len(rest) + len(digits) + 2
}

// firstRune is the character that a text begins with.
func firstRune(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

// inchWord tells the English preposition "in" from the inch: words follow it
// that do not measure.
func inchWord(u measured, text string, at int) bool {
	if u.code != "[in_i]" || text[at:u.end] != "in" {
		return false
	}
	rest := strings.TrimLeft(text[u.end:], " ")
	if rest == "" || rest == text[u.end:] {
		return false
	}
	for _, word := range []string{"min", "max", "wide", "high", "deep", "long", "thick", "above", "below", "or", "and", "to", "by", "x"} {
		if strings.HasPrefix(rest, word) {
			return false
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return scriptOf(r) == scriptLatin
}

// rate reads the Chinese order of a quotient: 每平方公分十公斤 is ten kilograms
// per square centimetre.
func (m *measuring) rate(a *amount) {
	if !a.hasUnit || a.unit.offset != 0 {
		return
	}
	below, ok := m.nameEnds[a.start]
	if !ok || !strings.HasSuffix(m.t.folded.Text[:m.t.tokens[below.first].start], "每") {
		return
	}
	u := m.lex.units.units[below.refs[0].row]
	a.unit = divide(measured{a.unit, a.end}, measured{u, a.end}).unit
}

// tokensOf are the first and last token within bytes; first > last when there
// is none.
func (m *measuring) tokensOf(start, end int) (first, last int) {
	lo, hi := 0, len(m.t.tokens)
	for lo < hi {
		mid := (lo + hi) / 2
		if m.t.tokens[mid].end <= start {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	first, last = lo, lo-1
	for last+1 < len(m.t.tokens) && m.t.tokens[last+1].start < end {
		last++
	}
	return first, last
}

func boundRef(h hit) int { return h.refs[0].row }

// counts tells whether a number is a quantity at all. With a unit it is,
// unless the unit is that of a date. Without one it must be a whole number that
// is not a reference, year or list number; one in words, or with decimals,
// needs a bound besides.
func (m *measuring) counts(amounts []amount, i int) bool {
	a := amounts[i]
	if a.drop || m.dated(a) {
		return false
	}
	if a.written && m.inBound(m.t.folded.Span(a.start, a.numeral.end)) {
		return false // "un mínimo de"
	}
	refers := m.refers(amounts, i)
	amounts[i].referred = refers
	if a.hasUnit {
		return !(refers && a.unit.code == "%") && !m.ordinal(a)
	}
	if refers || a.isYear() && a.bound == BoundNone || m.boxed(a) {
		return false
	}
	if a.bound != BoundNone && a.bound != BoundExact && !(a.bound == BoundRange && !m.opened(a)) {
		return true
	}
	if a.ratio {
		return true
	}
	if a.decimal || a.written && a.bound == BoundNone || atLineStart(m.t.folded.Text, a.start) {
		return false
	}
	return m.countsThings(a)
}

// dated tells the month or day of a date, and a year with its word.
func (m *measuring) dated(a amount) bool {
	text := m.t.folded.Text
	before := strings.TrimRight(text[:a.start], " ")
	if a.hasUnit {
		printed := text[a.numeral.end:a.end]
		switch {
		case a.isYear() && (a.unit.code == "a" || strings.TrimSpace(printed) == "г"):
			return true
		case a.unit.code == "a" && (strings.HasSuffix(before, "民国") || strings.HasSuffix(before, "公元") || strings.HasSuffix(before, "西元") || monthFollows(text[a.end:])):
			return true
		case printed == "°" && m.numbers(a):
			return true
		case printed == "月", printed == "日" && strings.HasSuffix(before, "月"):
			return true
		}
		return false
	}
	for _, token := range []int{a.first - 1, a.last + 1} {
		h, ok := m.references[token]
		if token > a.last {
			h, ok = m.following[token]
		}
		if ok && m.speaks(h, referenceMonth) && m.near(a, h) {
			return true
		}
	}
	return false
}

// monthFollows tells the year of a date by the month after it: 八十五年七月.
func monthFollows(rest string) bool {
	n, ok := hanAt(rest, 0)
	end := n.end
	if !ok {
		end = digitsAt(rest, 0)
	}
	return end > 0 && strings.HasPrefix(rest[end:], "月")
}

// numbers tells the French sign of an ordinal from degrees: "3° de l'article",
// "du 10°", or an item that opens a line.
func (m *measuring) numbers(a amount) bool {
	if m.t.language.Base() != "fr" {
		return false
	}
	text := m.t.folded.Text
	if atLineStart(text, a.start) || strings.HasPrefix(text[a.end:], " de l'") || strings.HasPrefix(text[a.end:], " du ") {
		return true
	}
	for _, word := range []string{" du ", " au ", " le ", " aux ", " n"} {
		if strings.HasSuffix(text[:a.start], word) {
			return true
		}
	}
	return false
}

// speaks tells whether a reference phrase is of a kind.
func (m *measuring) speaks(h hit, kind referenceKind) bool {
	for _, r := range h.refs {
		if m.lex.references[r.row] == kind {
			return true
		}
	}
	return false
}

// near tells whether nothing but a blank or a dot parts a number and a phrase.
func (m *measuring) near(a amount, h hit) bool {
	text := m.t.folded.Text
	var gap string
	if h.last < a.first {
		gap = text[m.t.tokens[h.last].end:a.start]
	} else {
		gap = text[a.end:max(a.end, m.t.tokens[h.first].start)]
	}
	return strings.Trim(gap, " .,:№()") == ""
}

// refers tells whether a reference word stands before the number, or before
// the list of numbers it continues ("clauses 4.1, 4.2 and 4.3").
func (m *measuring) refers(amounts []amount, i int) bool {
	a := amounts[i]
	if h, ok := m.references[a.first-1]; ok && m.near(a, h) && (m.speaks(h, referenceClause) || m.speaks(h, referenceOther) || m.speaks(h, referenceVerb)) {
		return true
	}
	if i == 0 || amounts[i-1].hasUnit || !amounts[i-1].referred {
		return false
	}
	gap := strings.TrimSpace(m.t.folded.Text[min(amounts[i-1].end, a.start):a.start])
	return gap == "," || gap == "、" || openedJoins[gap] || joins[gap] || gap == "or" || gap == "ou" || gap == "o" || gap == "или" || gap == "و" || gap == "او" || gap == ""
}

// ordinal tells 第3天 and the like.
func (m *measuring) ordinal(a amount) bool {
	return strings.HasSuffix(m.t.folded.Text[:a.start], "第")
}

// boxed tells a number alone in brackets: a list mark or the number of a formula.
func (m *measuring) boxed(a amount) bool {
	text := m.t.folded.Text
	before, _ := utf8.DecodeLastRuneInString(text[:a.start])
	after, _ := utf8.DecodeRuneInString(text[a.end:])
	return (before == '(' || before == '[' || before == '「') && (after == ')' || after == ']') || after == ')' || after == ']'
}

// countsThings tells whether a content word follows at once: "3 floors", "5个".
func (m *measuring) countsThings(a amount) bool {
	next := a.last + 1
	if next >= len(m.t.tokens) || a.first > a.last {
		return false
	}
	t := m.t.tokens[next]
	gap := m.t.folded.Text[min(a.end, t.start):t.start]
	return (gap == "" || gap == " ") && !t.stop && t.script != scriptDigit && !(gap == "" && t.script != scriptDense)
}

// quantity is the finished reading of an amount.
func (m *measuring) quantity(a amount, mentions []Mention) Quantity {
	span := m.t.folded.Span(a.start, a.end)
	q := Quantity{Span: span, Printed: m.t.original[span.Start:span.End], Bound: a.bound, Numbers: [2]float64{a.low, a.high}, Unit: a.unit.code, Dimension: "count"}
	u := a.unit
	switch {
	case a.hasUnit && a.percent != 0:
		q.Dimension, u.offset = "ratio", 0
	case a.hasUnit:
		q.Dimension = m.lex.units.dimensionName(u.dim)
	case a.ratio:
		q.Dimension = "ratio"
	}
	if !a.hasUnit {
		u = unit{factor: 1}
	}
	q.Low, q.High = tidy(a.low*u.factor+u.offset), tidy(a.high*u.factor+u.offset)
	if a.isRange {
		q.Bound = BoundRange
	}
	q.Measures = m.measures(a, span, q.Dimension, mentions)
	return q
}

// tidy rounds away what conversion adds: twelve digits stay.
func tidy(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	out, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		return v
	}
	return out
}
