package lexicon

import (
	"strings"
	"unicode/utf8"
)

// isMoney tells a unit that is a currency.
func (u *unitTable) isMoney(x unit) bool { return strings.HasPrefix(u.names[x.dim], "money-") }

// money reads the currency before a number: NT$10,000, € 5, 新臺幣一萬元,
// USD 1 million. A currency named in full goes before the bare 元 or dollar
// behind the number, which several countries use.
func (m *measuring) money(a *amount) {
	if a.percent != 0 || a.hasUnit && !m.lex.units.isMoney(a.unit) {
		return
	}
	text := m.t.folded.Text
	at := len(strings.TrimRight(text[:a.start], " "))
	if a.start-at > 1 {
		return
	}
	if h, ok := m.nameEnds[at]; ok {
		if u := m.lex.units.units[h.refs[0].row]; m.lex.units.isMoney(u) {
			a.unit, a.hasUnit, a.start = u, true, m.t.tokens[h.first].start
		}
		return
	}
	if a.hasUnit && a.end > a.numeral.end && utf8.RuneCountInString(strings.TrimSpace(text[a.numeral.end:a.end])) > 3 {
		return // "$5 US dollars" says the same, longer
	}
	for i := max(0, at-m.lex.units.longestMoney); i < at; i++ {
		if !utf8.RuneStart(text[i]) || !signBegins(text, i) {
			continue
		}
		if u, end, ok := m.lex.units.symbolAt(m.t.folded, m.t.original, i); ok && end == at && m.lex.units.isMoney(u) {
			a.unit, a.hasUnit, a.start = u, true, i
			return
		}
	}
}

// signBegins tells whether a sign at a byte is not the end of a word.
func signBegins(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	first, _ := utf8.DecodeRuneInString(text[at:])
	s := scriptOf(first)
	return at == 0 || s == scriptNone || s != scriptOf(before)
}

// bareMoney are units that several currencies share (folded).
var bareMoney = map[string]bool{"元": true, "圆": true, "$": true, "dollar": true, "dollars": true}

// sameMoney gives a bare 元 or dollar the currency that the amount before it
// named: 新臺幣一萬元以上十萬元以下.
func (m *measuring) sameMoney(amounts []amount) {
	text := m.t.folded.Text
	for i := 1; i < len(amounts); i++ {
		a, b := amounts[i-1], &amounts[i]
		if !a.hasUnit || !b.hasUnit || a.unit.dim == b.unit.dim || !m.lex.units.isMoney(a.unit) || !m.lex.units.isMoney(b.unit) {
			continue
		}
		if bareMoney[strings.TrimSpace(text[b.numeral.end:b.end])] && b.start == b.numeral.start || bareMoney[strings.TrimSpace(text[b.start:b.numeral.start])] {
			b.unit = a.unit
		}
	}
}
