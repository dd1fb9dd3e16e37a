package lexicon

import (
	"strings"
	"unicode/utf8"
)

// flipped is what a comparison means when it is negated: 不应小于 is at least.
var flipped = map[Bound]Bound{BoundLessThan: BoundAtLeast, BoundMoreThan: BoundAtMost, BoundAtLeast: BoundLessThan, BoundAtMost: BoundMoreThan}

// signs are comparisons written as signs before a number, and what they mean
// for a number that stands before them ("2000 < S").
var signs = []struct {
	text          string
	before, after Bound
}{
	{">=", BoundAtLeast, BoundAtMost}, {"<=", BoundAtMost, BoundAtLeast}, {"≥", BoundAtLeast, BoundAtMost}, {"≤", BoundAtMost, BoundAtLeast},
	{"≧", BoundAtLeast, BoundAtMost}, {"≦", BoundAtMost, BoundAtLeast}, {"⩾", BoundAtLeast, BoundAtMost}, {"⩽", BoundAtMost, BoundAtLeast},
	{"≮", BoundAtLeast, BoundAtMost}, {"≯", BoundAtMost, BoundAtLeast}, {">", BoundMoreThan, BoundLessThan}, {"<", BoundLessThan, BoundMoreThan},
}

// boundOf decides which side of a number is limited. Asked in this order: a
// sign; words right before it, negated or not; words right after it; minimum or
// maximum a few words before; "shall be" (own order: the nearer and the more
// explicit goes first).
func (m *measuring) boundOf(amounts []amount, i int) Bound {
	a := amounts[i]
	if a.isRange {
		return BoundRange
	}
	b := m.byPlace(amounts, i)
	if closed, open := closes[b]; open && m.included(a) {
		return closed // "over 0.4 m (inclusive)"
	}
	return b
}

// closes is the bound that an open one becomes where its limit is included.
var closes = map[Bound]Bound{BoundMoreThan: BoundAtLeast, BoundLessThan: BoundAtMost}

// included tells whether words right behind a number say that it belongs to what
// is limited (own table).
func (m *measuring) included(a amount) bool {
	rest := strings.TrimLeft(m.t.folded.Text[a.end:], " (")
	for _, word := range []string{"inclusive", "included", "含)", "含本数", "包括本数", "включительно", "inclus", "incluid", "einschließlich", "ضمنا", "شاملا"} {
		if strings.HasPrefix(rest, word) {
			return true
		}
	}
	return false
}

// byPlace asks for the bound as boundOf says.
func (m *measuring) byPlace(amounts []amount, i int) Bound {
	a := amounts[i]
	if b := m.bySign(a); b != BoundNone {
		return b
	}
	before := m.byWordsBefore(a)
	after := m.byWordsAfter(amounts, i)
	if before == BoundAtMost && after == BoundAtLeast && m.goesUpTo(a) {
		return after // "up to 200 % or more", jusqu'à 200 % au moins
	}
	if before != BoundNone && before != BoundExact {
		return before
	}
	if after != BoundNone {
		return after
	}
	if a.written && a.value == 1 && !a.hasUnit {
		return before // an article rather than a number: la distance pour gagner un escalier
	}
	if b := m.byWordsFar(a); b != BoundNone {
		return b
	}
	return before
}

// goesUpTo tells whether the words right before a number lead up to it and do
// not forbid to pass it.
func (m *measuring) goesUpTo(a amount) bool {
	before := strings.TrimRight(m.t.folded.Text[:a.start], " ")
	for _, words := range []string{"up to", "jusqu'à", "hasta", "до", "bis", "bis zu", "حتي"} {
		if strings.HasSuffix(before, words) {
			return true
		}
	}
	return false
}

func (m *measuring) bySign(a amount) Bound {
	text := m.t.folded.Text
	before := strings.TrimRight(text[:a.start], " ")
	for _, s := range signs {
		if strings.HasSuffix(before, s.text) {
			return s.before
		}
	}
	after := strings.TrimLeft(text[a.end:], " ")
	for _, s := range signs {
		if strings.HasPrefix(after, s.text) {
			return s.after
		}
	}
	return BoundNone
}

// maxBetween is how many words may stand between a comparison and its number,
// and between a negation and the comparison.
const maxBetween = 5

// byWordsBefore reads "not less than", passing over words that may stand
// between, and turns the comparison round when a negation rules it.
func (m *measuring) byWordsBefore(a amount) Bound {
	j, weak := a.first-1, BoundNone
	for range maxBetween {
		if j < 0 || !m.flows(j, a.start) {
			return weak
		}
		if h, ok := m.before[j]; ok {
			b := m.lex.bounds[boundRef(h)].bound
			if b == BoundRange {
				return weak
			}
			if b == BoundExact { // "shall be", "为": a comparison may stand before
				j, weak = h.first-1, b
				continue
			}
			if m.negated(h.first - 1) {
				if f, ok := flipped[b]; ok {
					return f
				}
			}
			return b
		}
		h, ok := m.between[j]
		if !ok {
			if j = m.beforeOwner(j); j < 0 {
				return weak
			}
			continue
		}
		j = h.first - 1
	}
	return weak
}

// maxOwner is how many Han characters the owner of a share may have.
const maxOwner = 6

// beforeOwner passes over whose share a number is in Chinese, as the span in
// 不应大于跨度的1/200, and answers the last token of the comparison before it;
// -1 where token j is no 的 or no comparison stands near.
func (m *measuring) beforeOwner(j int) int {
	if m.word(j) != "的" {
		return -1
	}
	for k := j - 1; k >= 0 && j-k <= maxOwner+1; k-- {
		if _, ok := m.before[k]; ok {
			return k
		}
		if !m.t.tokens[k].han || m.t.tokens[k+1].brk {
			return -1
		}
	}
	return -1
}

// word is a token as it is folded.
func (m *measuring) word(j int) string {
	return m.t.folded.Text[m.t.tokens[j].start:m.t.tokens[j].end]
}

// flows tells whether no punctuation stands between token j and what follows it
// up to a byte; a colon, a bracket and signs of approximation may.
func (m *measuring) flows(j, until int) bool {
	t := m.t.tokens[j]
	next := until
	if j+1 < len(m.t.tokens) && m.t.tokens[j+1].start < until {
		next = m.t.tokens[j+1].start
	}
	if next < t.end {
		return true
	}
	return strings.Trim(m.t.folded.Text[t.end:next], " :(≈~-'\"“«$€¥±") == ""
}

// negated tells whether a negation rules the word that comes after token j. One
// verb may stand between, as in "shall not cover more than".
func (m *measuring) negated(j int) bool {
	verb := false
	for range maxBetween {
		if j < 0 {
			return false
		}
		if m.t.tokens[j+1].brk {
			return false
		}
		if _, ok := m.not[j]; ok {
			return true
		}
		h, ok := m.filler[j]
		switch {
		case ok:
			j = h.first - 1
		case !verb && !m.t.tokens[j].stop && m.t.tokens[j].script == scriptLatin && j > 0 && m.refuses(j-1):
			verb = true
			j--
		default:
			return false
		}
	}
	return false
}

// refuses tells whether token j ends a negation that what follows it stands under.
func (m *measuring) refuses(j int) bool {
	_, ok := m.not[j]
	return ok && !m.t.tokens[j+1].brk
}

// byWordsAfter reads "or more", 以上 and the like, also behind a conversion in
// brackets: 36 inches (915 mm) minimum.
func (m *measuring) byWordsAfter(amounts []amount, i int) Bound {
	a := amounts[i]
	text := m.t.folded.Text
	end, last := a.end, a.last
	if i+1 < len(amounts) && strings.TrimSpace(text[a.end:max(a.end, amounts[i+1].start)]) == "(" {
		end, last = amounts[i+1].end, amounts[i+1].last
	}
	end, last = m.inflected(end, last)
	gap := strings.TrimLeft(text[end:], " )")
	at := len(text) - len(gap)
	if r, size := utf8.DecodeRuneInString(gap); r == '(' || r == ',' {
		at += size + len(gap[size:]) - len(strings.TrimLeft(gap[size:], " "))
		if r == ',' && last+1 < len(m.t.tokens) && m.t.tokens[last+1].han {
			return BoundNone
		}
	}
	if last+1 >= len(m.t.tokens) || m.t.tokens[last+1].start != at {
		return BoundNone
	}
	h, ok := m.after[last+1]
	if !ok {
		return BoundNone
	}
	b := m.lex.bounds[boundRef(h)].bound
	if (b == BoundMoreThan || b == BoundLessThan) && m.negated(a.first-1) {
		return flipped[b] // نباید از ۱۸ سانتی‌متر بیشتر باشد
	}
	return b
}

// inflected passes over the ending that an amount in figures or with a sign has in
// languages that write one behind it: 1,20 m'den, %8'i, 60 °С-тан.
func (m *measuring) inflected(end, last int) (int, int) {
	if last < 0 || last >= len(m.t.tokens) {
		return end, last
	}
	end = max(end, m.t.tokens[last].end)
	if c := byteAt(m.t.folded.Text, end); c != '\'' && c != '-' || last+1 >= len(m.t.tokens) {
		return end, last
	}
	next := m.t.tokens[last+1]
	switch m.t.language.Base() {
	case "tr", "kk", "ky", "uz", "az":
		if next.start == end+1 && (next.script == scriptLatin || next.script == scriptCyrillic) {
			return next.end, last + 1
		}
	}
	return end, last
}

// How far back "minimum" may stand, in words and in Han characters.
const (
	farWords = 10
	farHan   = 16
)

// byWordsFar reads "the minimum clear width shall be 900 mm": no other number
// and no punctuation may stand between.
func (m *measuring) byWordsFar(a amount) Bound {
	limit := farWords
	if a.first-1 >= 0 && a.first-1 < len(m.t.tokens) && m.t.tokens[a.first-1].han {
		limit = farHan
	}
	for j := a.first - 1; j >= 0 && a.first-j <= limit; j-- {
		t := m.t.tokens[j]
		if t.script == scriptDigit || !m.flows(j, a.start) {
			return BoundNone
		}
		if h, ok := m.far[j]; ok {
			return m.lex.bounds[boundRef(h)].bound
		}
	}
	return BoundNone
}

// carries are what may stand between a number and the next that shares its
// bound: 900 mm or 1200 mm; 36 inches (915 mm).
var carries = map[string]bool{",": true, "、": true, "(": true, "和": true, "或": true, "及": true, "与": true, "and": true, "or": true, "и": true, "или": true, "et": true, "ou": true, "y": true, "o": true, "و": true, "او": true, "und": true, "oder": true, "e": true, "en": true, "of": true, "ve": true, "veya": true, "và": true, "hoặc": true, "dan": true, "atau": true, "و یا": true, "又は": true, "及び": true, "또는": true, "및": true, "และ": true, "หรือ": true, "және": true, "немесе": true, "/": true, "=": true, "by": true, "x": true, "×": true}

// carry hands a bound on to the numbers that follow with nothing but a
// connecting word between, when they have the same dimension.
func (m *measuring) carry(amounts []amount) {
	text := m.t.folded.Text
	for i := 1; i < len(amounts); i++ {
		a, b := &amounts[i-1], &amounts[i]
		if b.bound != BoundNone || a.bound == BoundNone || a.bound == BoundRange || a.hasUnit != b.hasUnit || a.unit.dim != b.unit.dim || !a.hasUnit {
			continue
		}
		if carries[strings.TrimSpace(text[min(a.end, b.start):b.start])] {
			b.bound = a.bound
		}
	}
}
