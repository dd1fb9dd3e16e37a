package corpus

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// cyrillic transliterates letter by letter, simplified after GOST 7.79-2000
// (system B) without diacritics; Kazakh letters after the same habit.
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "j", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "ch", 'ш': "sh", 'щ': "shh", 'ъ': "", 'ы': "y", 'ь': "", 'э': "eh", 'ю': "yu", 'я': "ya",
	'ә': "ae", 'ғ': "gh", 'қ': "q", 'ң': "ng", 'ө': "oe", 'ұ': "u", 'ү': "ue", 'һ': "h", 'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "w",
}

// NewStandardID makes the identifier of an edition from its jurisdiction and
// designation: "cn-gb-50016-2014". An act of the European Union is called by its English
// designation, whatever the language. It is lower-case ASCII. Publishers' prefixes
// are written as the table has them, other Cyrillic letters are transliterated,
// accents dropped. What has no transliteration (Han, Arabic) is left out and
// replaced by a short digest of the designation, so that the identifier is never
// empty and two such designations never meet; without a jurisdiction the
// publisher's is taken, else "xx".
func NewStandardID(designation string, jurisdiction Jurisdiction) StandardID {
	if jurisdiction == "" {
		if p, ok := PublisherOf(designation); ok {
			jurisdiction = p.Jurisdiction
		} else {
			jurisdiction = "xx"
		}
	}
	if act, ok := unionEnglish(strings.TrimSpace(designation)); ok { // one in all languages
		designation = act
	}
	slug, lost := slugify(spellPrefix(designation))
	place, _ := slugify(string(jurisdiction))
	if place == "" {
		place = "xx"
	}
	if lost || slug == "" {
		slug = strings.Trim(slug+"-x"+shortDigest(norm.NFC.String(strings.TrimSpace(designation))), "-")
	}
	if len(slug) > 80 {
		slug = strings.TrimRight(slug[:70], "-") + "-x" + shortDigest(designation)
	}
	return StandardID(place + "-" + slug)
}

// spellPrefix replaces the publisher's prefix by its spelling for identifiers.
func spellPrefix(designation string) string {
	s := strings.TrimSpace(designation)
	p, size, ok := publisherAt(s)
	if !ok || p.slug == "" {
		return s
	}
	return p.slug + " " + s[size:]
}

// slugOfPrefix makes ГОСТ Р and GOST R the same publisher.
func slugOfPrefix(prefix string) string {
	slug, _ := slugify(spellPrefix(prefix))
	return slug
}

// slugify writes a text in small ASCII letters, digits and hyphens. lost tells
// that letters without transliteration were left out.
func slugify(s string) (slug string, lost bool) {
	var b strings.Builder
	gap := false
	put := func(text string) {
		if text == "" {
			return
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(text)
	}
	for _, r := range norm.NFKD.String(norm.NFC.String(s)) {
		lower := unicode.ToLower(r)
		switch {
		case lower >= 'a' && lower <= 'z' || r >= '0' && r <= '9':
			put(string(lower))
		case unicode.IsMark(r):
		case cyrillicKnown(lower):
			put(cyrillic[lower])
		case r == '*':
			gap = true
			put("star")
			gap = true
		case lower == 'đ':
			put("d")
		case lower == 'ı':
			put("i")
		case lower == 'ø':
			put("o")
		case lower == 'ß' || lower == 'ẞ':
			put("ss")
		case unicode.IsLetter(r):
			lost, gap = true, true
		default:
			if d, ok := Digit(r); ok {
				put(string(rune('0' + d)))
				continue
			}
			gap = true
		}
	}
	return b.String(), lost
}

func cyrillicKnown(r rune) bool {
	_, ok := cyrillic[r]
	return ok
}
