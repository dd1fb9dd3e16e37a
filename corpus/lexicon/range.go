package lexicon

import (
	"strings"
)

// joins are the signs and words between the two ends of a range; with opened
// those that need "between" before, with measured those that need a unit at both
// ends (own table).
var (
	joins         = map[string]bool{"-": true, "–": true, "—": true, "~": true, "至": true, "到": true, "to": true, "до": true, "à": true, "a": true, "bis": true, "الي": true, "...": true, "〜": true, "から": true, "tot": true, "até": true, "fino a": true, "ila": true, "تا": true, "부터": true, "에서": true, "ถึง": true, "sehingga": true, "hingga": true, "and up to": true, "through": true, "hasta": true, "đến": true, "sampai": true, "÷": true, "..": true}
	openedJoins   = map[string]bool{"up to": true, "и до": true, "jusqu'à": true, "and": true, "и": true, "et": true, "y": true, "و": true, "和": true, "与": true, "und": true, "e": true, "và": true, "dan": true, "en": true, "ve": true, "ile": true, "และ": true, "或": true}
	measuredJoins = map[string]bool{"up to": true, "и до": true, "jusqu'à": true, "und bis zu": true}
)

// ranges joins pairs of numbers: 5~10 m, from 5 to 10, between 5 and 10, 25 ± 5.
func (m *measuring) ranges(in []amount) []amount {
	text := m.t.folded.Text
	var out []amount
	for i := 0; i < len(in); i++ {
		a := in[i]
		if a.start > 0 && strings.HasSuffix(strings.TrimRight(text[:a.start], " "), "±") {
			a = tolerance(out, &a, text)
			if a.isRange && len(out) > 0 && out[len(out)-1].drop {
				out = out[:len(out)-1]
			}
			m.bracketed(&a)
		} else if i+1 < len(in) && in[i+1].start >= a.end && in[i+1].start-a.end < 24 {
			if r, ok := m.join(a, in[i+1]); ok {
				a = r
				i++
				m.bracketed(&a)
			}
		}
		out = append(out, a)
	}
	return out
}

// bracketed gives a range in brackets the unit behind them: (20 ± 5) °C, (5–10) mm
// (ISO 80000-1, 7.1.4).
func (m *measuring) bracketed(a *amount) {
	text := m.t.folded.Text
	if a.hasUnit || byteAt(text, a.end) != ')' || a.start == 0 || text[a.start-1] != '(' {
		return
	}
	end := a.end + 1
	if u, ok := m.signs.at(skipBlank(text, end)); ok {
		a.unit, a.hasUnit, a.start, a.end = u.unit, true, a.start-1, u.end
	} else if rest := strings.TrimLeft(text[end:], " "); strings.HasPrefix(rest, "%") {
		a.unit, a.hasUnit, a.percent = unit{code: "%", factor: 0.01}, true, 0.01
		a.start, a.end = a.start-1, len(text)-len(rest)+1
	}
	a.first, a.last = m.tokensOf(a.start, a.end)
}

// tolerance reads "25 ± 5 mm" and "± 5 mm"; the number before is marked.
func tolerance(out []amount, a *amount, text string) amount {
	r := *a
	r.isRange, r.low, r.high = true, -a.high, a.high
	if len(out) == 0 {
		return r
	}
	base := &out[len(out)-1]
	between := strings.TrimSpace(text[min(base.end, a.start):a.start])
	if between != "±" || base.isRange {
		return r
	}
	spread := a.high
	switch {
	case a.unit.code == "%" && base.hasUnit && base.unit.code != "%":
		spread, r.unit = base.low*a.high/100, base.unit
	case base.hasUnit && a.hasUnit && base.unit.dim == a.unit.dim:
		spread, r.unit = a.high*a.unit.factor/base.unit.factor, base.unit
	case base.hasUnit:
		r.unit = base.unit
	}
	r.hasUnit = base.hasUnit || a.hasUnit
	r.low, r.high = base.low-spread, base.low+spread
	r.start, r.first, base.drop = base.start, base.first, true
	return r
}

// join makes a range of two numbers when the words between them do.
func (m *measuring) join(a, b amount) (amount, bool) {
	text := m.t.folded.Text
	between := strings.TrimSpace(text[a.end:b.start])
	opened := m.opened(a)
	if !joins[between] && !(opened && openedJoins[between]) && !(a.hasUnit && b.hasUnit && measuredJoins[between]) {
		return a, false
	}
	if a.ratio != b.ratio || a.percent != 0 && b.percent == 0 {
		return a, false
	}
	r := a
	r.isRange, r.end, r.last = true, b.end, b.last
	r.high = b.high
	switch {
	case a.hasUnit && b.hasUnit:
		if a.unit.dim != b.unit.dim {
			return a, false
		}
		if a.unit.code != b.unit.code {
			r.low = (a.low*a.unit.factor + a.unit.offset - b.unit.offset) / b.unit.factor
		}
		r.unit = b.unit
	case b.hasUnit:
		r.unit, r.hasUnit = b.unit, true
	case a.hasUnit:
		r.unit = a.unit
	}
	r.written = a.written && b.written
	if r.low > r.high {
		return a, false
	}
	return r, true
}

// opened tells whether "between" or "from" stands before a number.
func (m *measuring) opened(a amount) bool {
	h, ok := m.before[a.first-1]
	return ok && (m.lex.bounds[boundRef(h)].bound == BoundRange)
}

// encloses are the words that may stand between the two limits of one thing
// (own table).
var encloses = map[string]bool{"and": true, "but": true, "且": true, "并": true, "但": true, "而": true, "и": true, "но": true, "et": true, "mais": true, "y": true, "pero": true, "und": true, "aber": true, "و": true, "e": true, "en": true, "ve": true, "và": true, "dan": true, "και": true, "かつ": true}

// enclose makes a range of a lower and an upper limit that follow each other at
// once: 一萬元以上十萬元以下, not less than 5 m and not more than 10 m,
// 一公尺以下零點五公尺以上.
func (m *measuring) enclose(amounts []amount) {
	for i := 1; i < len(amounts); i++ {
		a, b := &amounts[i-1], &amounts[i]
		upwards := a.bound == BoundAtLeast && b.bound == BoundAtMost
		downwards := a.bound == BoundAtMost && b.bound == BoundAtLeast
		if a.drop || b.drop || !upwards && !downwards || !a.hasUnit || !b.hasUnit || a.unit.dim != b.unit.dim || a.percent != b.percent {
			continue
		}
		other := (a.low*a.unit.factor + a.unit.offset - b.unit.offset) / b.unit.factor
		if upwards && other > b.high || downwards && other < b.low || !m.onlyBounds(a, b) {
			continue
		}
		if b.low = other; downwards {
			b.low, b.high = b.high, other
		}
		b.isRange, b.bound, b.start, b.first, a.drop = true, BoundRange, a.start, a.first, true
	}
}

// onlyBounds tells whether nothing but words of comparison stands between two
// amounts.
func (m *measuring) onlyBounds(a, b *amount) bool {
	if b.first <= a.last || b.first-a.last > 8 {
		return false
	}
	if gap := m.t.folded.Text[a.end:b.start]; strings.ContainsAny(gap, ".;:()。；") {
		return false
	}
	for j := a.last + 1; j < b.first; j++ {
		t := m.t.tokens[j]
		if !encloses[m.word(j)] && !m.inBound(m.t.folded.Span(t.start, t.end)) {
			return false
		}
	}
	return true
}
