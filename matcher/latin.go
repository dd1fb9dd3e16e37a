package matcher

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// marked lists the small letters that are a Latin letter with a mark, or stand
// for several (Unicode blocks Latin-1 to Latin Extended-B and Extended
// Additional, by canonical decomposition; the rest by our own spelling).
var marked = map[string]string{
	"a":  "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
	"ae": "æ",
	"b":  "ḃḅḇ",
	"c":  "çćĉċčḉ",
	"d":  "ðďđḋḍḏḑḓ",
	"dz": "ǆǳ",
	"e":  "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
	"f":  "ḟ",
	"g":  "ĝğġģǧǵḡ",
	"h":  "ĥħȟḣḥḧḩḫẖ",
	"i":  "ìíîïĩīĭįıǐȉȋḭḯỉị",
	"ij": "ĳ",
	"j":  "ĵǰ",
	"k":  "ķǩḱḳḵ",
	"l":  "ĺļľłḷḹḻḽ",
	"lj": "ǉ",
	"m":  "ḿṁṃ",
	"n":  "ñńņňǹṅṇṉṋ",
	"nj": "ǌ",
	"o":  "òóôõöøōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
	"oe": "œ",
	"p":  "ṕṗ",
	"r":  "ŕŗřȑȓṙṛṝṟ",
	"s":  "śŝşšſșṡṣṥṧṩẛ",
	"ss": "ß",
	"t":  "ţťțṫṭṯṱẗ",
	"th": "þ",
	"u":  "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
	"v":  "ṽṿ",
	"w":  "ŵẁẃẅẇẉẘ",
	"x":  "ẋẍ",
	"y":  "ýÿŷȳẏẙỳỵỷỹ",
	"z":  "źżžẑẓẕ",
}

// plain is marked the other way round, with the Cyrillic letters.
var plain = plainLetters()

func plainLetters() map[rune]string {
	out := make(map[rune]string)
	for base, letters := range marked {
		for _, r := range letters {
			out[r] = base
		}
	}
	for r, latin := range cyrillic {
		out[r] = latin
	}
	return out
}

// cyrillic writes Russian letters in Latin ones, close to how borrowed words
// are spelt in European languages (our own table, after ISO 9:1995 without
// diacritics).
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "h", 'ц': "c", 'ч': "ch", 'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "u", 'я': "a",
	'і': "i", 'ї': "i", 'є': "e", 'ґ': "g", 'қ': "k", 'ғ': "g", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'ә': "a", 'һ': "h",
}

// latinise writes a word in lower-case Latin letters without marks; "" when it
// holds other letters.
func latinise(word string) string {
	if isASCII(word) {
		return strings.ToLower(word)
	}
	var out strings.Builder
	for _, r := range word {
		if r >= fullWidth && r <= fullWidth+'~'-'!' {
			r += '!' - fullWidth
		}
		r = unicode.ToLower(r)
		latin, known := plain[r]
		switch {
		case r < utf8.RuneSelf:
			out.WriteRune(r)
		case unicode.IsMark(r):
		case unicode.IsDigit(r):
			out.WriteByte(byte('0' + corpus.DecimalValue(r)))
		case !known:
			return ""
		default:
			out.WriteString(latin)
		}
	}
	return out.String()
}

// fullWidth is the full-width form of "!", the first of ASCII's printed signs.
const fullWidth = '\uff01'

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isLatin(word string) bool {
	for _, r := range word {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return false
		}
	}
	return true
}
