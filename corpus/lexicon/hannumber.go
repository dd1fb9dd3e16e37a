package lexicon

import (
	"strings"
	"unicode/utf8"
)

// hanDigits and hanPowers are the numerals of Chinese as folded.
var (
	hanDigits = map[rune]float64{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	hanPowers = map[rune]float64{'十': 10, '百': 100, '千': 1000, '万': 1e4, '亿': 1e8, '拾': 10, '佰': 100, '仟': 1000}
)

func isHanNumeral(r rune) bool {
	_, digit := hanDigits[r]
	_, power := hanPowers[r]
	return digit || power
}

// hanAt reads a number in Han numerals: 三十五, 一百二十, 二〇一四, 三点五, 一．五.
func hanAt(text string, at int) (numeral, bool) {
	var total, section, digit, scale float64
	var row []float64 // digits written one by one
	powers, point := false, false
	i := at
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if d, ok := hanDigits[r]; ok {
			if point {
				scale /= 10
				total += d * scale
			} else {
				row = append(row, d)
				digit = d
			}
		} else if p, ok := hanPowers[r]; ok && !point {
			powers = true
			if p >= 1e4 {
				total, section, digit = (total+section+digit)*p, 0, 0
			} else {
				if digit == 0 && (i == at || p == 10) { // 十五, 一百十
					digit = 1
				}
				section, digit = section+digit*p, 0
			}
		} else if next, _ := utf8.DecodeRuneInString(text[min(i+size, len(text)):]); (r == '点' || r == '.') && i > at && !point && isHanNumeral(next) {
			total, section, digit = rowValue(row, powers, total+section+digit), 0, 0
			point, scale = true, 1
		} else {
			break
		}
		i += size
		if i-at > 60 {
			return numeral{}, false
		}
	}
	if i == at {
		return numeral{}, false
	}
	value := total
	if !point {
		value = rowValue(row, powers, total+section+digit)
	}
	return numeral{start: at, end: i, value: value, decimal: point, written: true}, true
}

// rowValue is the value of digits written one by one, or what was summed up.
func rowValue(row []float64, powers bool, sum float64) float64 {
	if powers || len(row) < 2 {
		return sum
	}
	value := 0.0
	for _, d := range row {
		value = value*10 + d
	}
	return value
}

// numeralWords are words that only look like a number and a unit (own table).
var numeralWords = []string{"四周", "一时", "一度", "一元化", "一米线", "三角", "万一", "一度电", "百度", "百年大计", "一人一"}

// share tells whether a text begins with a part of a whole: 百分之三十, 八十分之一.
func share(text string) bool {
	end := strings.IndexFunc(text, func(r rune) bool { return !isHanNumeral(r) })
	return end > 0 && strings.HasPrefix(text[end:], "分之")
}

// afterWords tells whether a number behind 之 is one of its own (壓力之一點五倍,
// 以上之二十四小時): it has several characters, and no number of a provision
// stands before it (第八条之十二).
func afterWords(text string, at int) bool {
	n, ok := hanAt(text, at)
	if !ok || utf8.RuneCountInString(text[at:n.end]) < 2 {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:at-len("之")])
	return !isHanNumeral(before) && !strings.ContainsRune("条项款目节章号0123456789", before)
}

// hanNumeral reads Han numerals, also as per cent (百分之五) and fractions
// (三分之二).
func hanNumeral(text string, at int) (numeral, bool) {
	switch before, _ := utf8.DecodeLastRuneInString(text[:at]); {
	case before == '第', before == '星', before == '周':
		return numeral{}, false
	case before == '之' && !share(text[at:]) && !afterWords(text, at):
		return numeral{}, false // 第八条之一, 情形之一
	}
	for prefix, share := range map[string]float64{"百分之": 0.01, "千分之": 0.001} {
		if rest, ok := strings.CutPrefix(text[at:], prefix); ok {
			start := at + len(prefix)
			n, ok := hanAt(text, start)
			if !ok && rest != "" && isDigit(rest[0]) {
				n, _, ok = literalAt(text, start, "zh", false)
			}
			if ok {
				n.start, n.percent, n.written = at, share, false
				return n, true
			}
		}
	}
	first, _ := utf8.DecodeRuneInString(text[at:])
	if at > 0 && isDigit(text[at-1]) || hanPowers[first] > 10 {
		return numeral{}, false // 5万 is read as digits; a bare 百 or 千 is no number
	}
	for _, word := range numeralWords {
		if strings.HasPrefix(text[at:], word) {
			return numeral{}, false
		}
	}
	n, ok := hanAt(text, at)
	if !ok {
		return n, false
	}
	for _, parts := range []string{"分之", "分の"} {
		if !strings.HasPrefix(text[n.end:], parts) {
			continue
		}
		if over, ok := hanAt(text, n.end+len(parts)); ok && n.value > 0 {
			return numeral{start: at, end: over.end, value: over.value / n.value, decimal: true, ratio: true}, true
		}
	}
	return n, true
}
