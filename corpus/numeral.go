package corpus

import (
	"strconv"
	"strings"
	"unicode"
)

// Digit is the value of a decimal digit of the scripts standards are
// numbered in: ASCII, full width, Arabic-Indic, extended Arabic-Indic,
// Devanagari and Thai.
func Digit(r rune) (int, bool) {
	for _, zero := range []rune{'0', '０', '٠', '۰', '०', '๐'} {
		if r >= zero && r <= zero+9 {
			return int(r - zero), true
		}
	}
	return 0, false
}

// DecimalValue is the value of a decimal digit of any script (Unicode's Nd): the
// ten of a script stand together, zero first. Of anything else it means nothing.
func DecimalValue(r rune) int {
	zero := r
	for zero > 0 && unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return int(r - zero)
}

// hanDigits are the Chinese numerals from zero to nine, with their formal and
// older forms (GB/T 15835 and common usage).
var hanDigits = map[rune]int{
	'零': 0, '〇': 0, '○': 0, '一': 1, '壹': 1, '二': 2, '贰': 2, '貳': 2, '两': 2, '三': 3, '叁': 3, '參': 3,
	'四': 4, '肆': 4, '五': 5, '伍': 5, '六': 6, '陆': 6, '陸': 6, '七': 7, '柒': 7, '八': 8, '捌': 8, '九': 9, '玖': 9,
}

// hanScales are the Chinese numerals that multiply what stands before them.
var hanScales = map[rune]int{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000}

// isHanNumeral tells whether a character can be part of a Chinese numeral.
func isHanNumeral(r rune) bool {
	_, digit := hanDigits[r]
	_, scale := hanScales[r]
	return digit || scale
}

// HanNumber reads a Chinese numeral up to 9999: 二十三, 一百零五, 一九 (digit by
// digit). It says false for anything else.
func HanNumber(s string) (int, bool) {
	total, digit, scaled, run := 0, 0, false, 0
	if s == "" || len([]rune(s)) > 9 {
		return 0, false
	}
	for _, r := range s {
		if d, ok := hanDigits[r]; ok {
			if run > 0 && digit > 0 && !scaled {
				digit = digit*10 + d
			} else {
				digit = d
			}
			run++
			continue
		}
		scale, ok := hanScales[r]
		if !ok {
			return 0, false
		}
		if digit == 0 {
			digit = 1
		}
		total, digit, scaled, run = total+digit*scale, 0, true, 0
	}
	return total + digit, true
}

var romanValues = map[rune]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100, 'D': 500, 'M': 1000}

// romanFold turns the Roman numeral characters of Unicode (Ⅳ) into letters.
var romanFold = strings.NewReplacer("Ⅰ", "I", "Ⅱ", "II", "Ⅲ", "III", "Ⅳ", "IV", "Ⅴ", "V", "Ⅵ", "VI", "Ⅶ", "VII", "Ⅷ", "VIII", "Ⅸ", "IX", "Ⅹ", "X", "Ⅺ", "XI", "Ⅻ", "XII")

// RomanNumber reads an upper-case Roman numeral up to 3999 in its usual form;
// "IIII", "IC" and lower case are refused.
func RomanNumber(s string) (int, bool) {
	s = romanFold.Replace(s)
	if s == "" || len(s) > 15 {
		return 0, false
	}
	total, last := 0, 0
	for i := len(s) - 1; i >= 0; i-- {
		v, ok := romanValues[rune(s[i])]
		if !ok {
			return 0, false
		}
		if v < last {
			total -= v
		} else {
			total += v
			last = v
		}
	}
	return total, total > 0 && roman(total) == s
}

// roman writes a number in Roman numerals, so that readings can be checked.
func roman(n int) string {
	var b strings.Builder
	for _, step := range []struct {
		value  int
		letter string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= step.value {
			b.WriteString(step.letter)
			n -= step.value
		}
	}
	return b.String()
}

// arabicOrdinals are the ordinal words that Arabic laws print instead of
// figures: المادة الأولى. Tens are joined by و. Persian ones print theirs of chapters:
// فصل اول.
var arabicOrdinals = map[string]int{
	"الأولى": 1, "الاولى": 1, "الأول": 1, "الثانية": 2, "الثاني": 2, "الثالثة": 3, "الثالث": 3, "الرابعة": 4, "الرابع": 4,
	"الخامسة": 5, "الخامس": 5, "السادسة": 6, "السادس": 6, "السابعة": 7, "السابع": 7, "الثامنة": 8, "الثامن": 8,
	"التاسعة": 9, "التاسع": 9, "العاشرة": 10, "العاشر": 10, "الحادية": 1, "الحادي": 1,
	"اول": 1, "یکم": 1, "دوم": 2, "سوم": 3, "چهارم": 4, "پنجم": 5, "ششم": 6, "هفتم": 7, "هشتم": 8, "نهم": 9, "دهم": 10, "یازدهم": 11, "دوازدهم": 12,
	"العشرون": 20, "الثلاثون": 30, "الأربعون": 40, "الاربعون": 40, "الخمسون": 50, "الستون": 60, "السبعون": 70, "الثمانون": 80, "التسعون": 90,
}

// arabicOrdinal reads one to three Arabic ordinal words at the start of s and
// says how many bytes they take: "الثانية عشرة" is 12, "الحادية والعشرون" 21.
func arabicOrdinal(s string) (value, size int, ok bool) {
	first, n := wordAt(s)
	value, ok = arabicOrdinals[first]
	if !ok {
		return 0, 0, false
	}
	size = n
	rest := strings.TrimLeft(s[n:], " ")
	next, m := wordAt(rest)
	gap := len(s) - n - len(rest)
	if value < 10 && (next == "عشر" || next == "عشرة") {
		return value + 10, n + gap + m, true
	}
	tens, found := arabicOrdinals[strings.TrimPrefix(next, "و")]
	if value < 10 && strings.HasPrefix(next, "و") && found && tens >= 20 {
		return value + tens, n + gap + m, true
	}
	return value, size, true
}

// wordAt is the run of letters and marks at the start of s and its length.
func wordAt(s string) (string, int) {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return s[:i], i
		}
	}
	return s, len(s)
}

// annexAlphabets give annex letters their ordinal. The Cyrillic one leaves out
// Ё З Й О Ч Ъ Ы Ь (GOST 1.5-2001, 3.12.2; GOST R 1.5-2012 likewise), the Arabic
// one follows the abjad order that Arabic standards use.
var annexAlphabets = [][]rune{
	[]rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
	[]rune("АБВГДЕЖИКЛМНПРСТУФХЦШЩЭЮЯ"),
	[]rune("أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"),
	[]rune("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"), // Persian, for the letters that Arabic lacks
	[]rune("กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"),
}

// AnnexOrdinal is the place of an annex letter in its alphabet, from 1, or 0
// when it is not one. Pairs follow the last single letter: ДА and ДБ, the Russian
// annexes about adoption, JA of Japanese standards (JIS Z 8301), NA of national and ZA
// of European annexes, and the doubled letters of IEC's particular requirements (AA).
func AnnexOrdinal(letter string) int {
	letters := []rune(strings.ToUpper(letter))
	if letter == "الف" || letter == "ألف" { // Persian spells its first letter out
		return 1
	}
	if len(letters) == 2 && (letters[0] == 'Д' || letters[0] == letters[1] || letters[0] == 'J' || letters[0] == 'N' || letters[0] == 'Z') {
		return 100*AnnexOrdinal(string(letters[0])) + AnnexOrdinal(string(letters[1]))
	}
	if len(letters) != 1 {
		return 0
	}
	switch letters[0] {
	case 'ا', 'إ', 'آ':
		letters[0] = 'أ'
	}
	for _, alphabet := range annexAlphabets {
		for i, r := range alphabet {
			if r == letters[0] {
				return i + 1
			}
		}
	}
	return 0
}

// figures reads a run of digits of any script at the start of s: its ASCII form
// and its length in bytes. Numbers of more than six digits are no clause
// numbers and are refused.
func figures(s string) (string, int) {
	var b strings.Builder
	size := 0
	for i, r := range s {
		d, ok := Digit(r)
		if !ok {
			break
		}
		b.WriteString(strconv.Itoa(d))
		size = i + len(string(r))
	}
	if b.Len() > 6 {
		return "", 0
	}
	return b.String(), size
}
