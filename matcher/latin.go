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

// plain is marked the other way round, with the letters of other alphabets.
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
	for first, spelt := range borrowed {
		for _, latin := range strings.Fields(spelt) {
			out[first] = strings.Trim(latin, "_")
			first++
		}
	}
	return out
}

// borrowed writes other alphabets in Latin letters, from a first letter on in the order
// of Unicode; "_" is silent, as a doubled consonant's mark is. Close to how borrowed words
// are spelt in European languages, as far as a letter by itself tells (our own tables):
// vowels that Japanese and Korean put between consonants are left out.
var borrowed = map[rune]string{
	'ά': "a e e i y a b g d e z e th i k l m n x o p r s s t y f ch ps o i y o y o",
	'ა': "a b g d e v z t i k l m n o p zh r s t u p k gh k sh ch ts dz ts ch h j h",
	'ա': "a b g d e z e e t zh i l h ts k h dz gh ch m i n sh o ch p j r s v t r ts u p k o f",
	'ء': "_ a a u i i a b a t th j h h d dh r z s sh s d t z _ g", 'ف': "f k k l m n h u a i",
	'پ': "p", 'چ': "ch", 'ژ': "zh", 'ک': "k", 'گ': "g", 'ی': "i",
	'ァ': "a a i i u u e e o o ka ga ki gi k g ke ge ko go sa za si ji s z se ze so zo ta da chi ji _ ts z te de t d " +
		"na ni nu ne no ha ba pa hi bi pi f b p he be pe ho bo po ma mi m me mo ya ya yu yu yo yo ra ri l re ro wa wa i e o n vu ka ke",
	'ー': "_",
}

// jamo are the letters of a Korean syllable, which Unicode numbers by them: 19 first
// consonants, 21 vowels, 28 last consonants or none (The Unicode Standard, 3.12).
var jamo = [3][]string{
	strings.Split("k kk n t tt r m p pp s ss  j jj ch k t p h", " "),
	strings.Split("a e ya ye o e yo ye o wa we oe yo u wo we wi yu  ui i", " "),
	strings.Split(" k k k n n n t l l l l l l l l m p p t t ng t t k t p t", " "),
}

// syllable writes a Korean syllable in Latin letters; false for another letter.
func syllable(r rune) (string, bool) {
	if r < '가' || r > '힣' {
		return "", false
	}
	n := int(r - '가')
	last := len(jamo[2])
	vowels := len(jamo[1]) * last
	return jamo[0][n/vowels] + jamo[1][n%vowels/last] + jamo[2][n%last], true
}

// cyrillic writes Cyrillic letters in Latin ones, close to how borrowed words
// are spelt in European languages (our own table, after ISO 9:1995 without
// diacritics).
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "h", 'ц': "c", 'ч': "ch", 'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "u", 'я': "a",
	'і': "i", 'ї': "i", 'є': "e", 'ґ': "g", 'қ': "k", 'ғ': "g", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'ә': "a", 'һ': "h",
	'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz", 'ѓ': "g", 'ѕ': "dz", 'ќ': "k", 'ў': "u", 'ӣ': "i", 'ӯ': "u", 'ҳ': "h", 'ҷ': "j", 'ҝ': "g",
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
		if !known {
			latin, known = syllable(r)
		}
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
