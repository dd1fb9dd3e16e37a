package reader

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"concord/corpus"
)

// decode turns a file into UTF-8 and says in a note which encoding it took it
// for, unless it was plain UTF-8. A byte order mark decides; then zero bytes
// that only UTF-16 has; then validity as UTF-8; then the frequencies of letters
// and byte pairs (guessLegacy).
func decode(name string, raw []byte) (string, []corpus.Problem, error) {
	enc, label, skip := byMark(raw)
	if enc == nil && label == "" {
		enc, label = byZeros(raw)
	}
	if label == "" && bytes.IndexByte(raw, 0) >= 0 {
		return "", nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "file-binary", "byte {byte}: the file is binary, not text; give text, Markdown, CSV or JSON", "byte", bytes.IndexByte(raw, 0)))
	}
	if label == "" && validUTF8(raw) {
		return strings.ToValidUTF8(string(raw), "\uFFFD"), nil, nil
	}
	if label == "" {
		if enc, label = guessLegacy(raw); enc == nil {
			return "", nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "encoding-unknown", "the encoding was not recognised; save the file as UTF-8"))
		}
	}
	note := []corpus.Problem{corpus.Say(corpus.SeverityNote, "encoding", "encoding-guessed", "read as {value}", "save the file as UTF-8 if letters look wrong", "value", label)}
	if enc == nil {
		return strings.ToValidUTF8(string(raw[skip:]), "\uFFFD"), note, nil
	}
	text, err := enc.NewDecoder().Bytes(raw[skip:])
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "encoding-broken", "decode {encoding}", "encoding", label))
	}
	return strings.ToValidUTF8(string(text), "\uFFFD"), note, nil
}

// byMark recognises byte order marks. A nil encoding with a label is UTF-8.
func byMark(raw []byte) (encoding.Encoding, string, int) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		return nil, "UTF-8 with byte order mark", 3
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return utf16.UTF16(utf16.LittleEndian, utf16.IgnoreBOM), "UTF-16 LE", 2
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return utf16.UTF16(utf16.BigEndian, utf16.IgnoreBOM), "UTF-16 BE", 2
	}
	return nil, "", 0
}

// byZeros recognises UTF-16 without a mark: texts have line feeds, figures and
// blanks, so many bytes of one parity are zero and hardly any of the other.
func byZeros(raw []byte) (encoding.Encoding, string) {
	sample := raw[:min(len(raw), sampleBytes)&^1]
	even, odd := 0, 0
	for i := 0; i+1 < len(sample); i += 2 {
		if sample[i] == 0 {
			even++
		}
		if sample[i+1] == 0 {
			odd++
		}
	}
	pairs := len(sample) / 2
	switch {
	case pairs < 4:
	case odd*20 >= pairs && even*50 < odd:
		return utf16.UTF16(utf16.LittleEndian, utf16.IgnoreBOM), "UTF-16 LE without byte order mark"
	case even*20 >= pairs && odd*50 < even:
		return utf16.UTF16(utf16.BigEndian, utf16.IgnoreBOM), "UTF-16 BE without byte order mark"
	}
	return nil, ""
}

// validUTF8 allows a handful of broken bytes in a text that is UTF-8 otherwise.
func validUTF8(raw []byte) bool {
	if utf8.Valid(raw) {
		return true
	}
	good, bad := 0, 0
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		i += size
	}
	return good > 20*bad
}

// legacy is an encoding older than Unicode, with the letters that are frequent
// in the languages written in it.
type legacy struct {
	label    string
	encoding encoding.Encoding
	frequent string
	script   func(rune) bool
}

// legacies lists the encodings that are told apart by frequency. The letters
// are the commonest of each language's running text, in small letters (general
// knowledge; the Chinese ones are the commonest characters of standards).
var legacies = []legacy{
	{"GB18030", simplifiedchinese.GB18030, "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严消防疏散耐火厅附录范宜规范建筑", isHan},
	{"Windows-1251", charmap.Windows1251, "оеаинтсрвлкмдпуяызьбгчйхжшюцщэф", isCyrillic},
	{"KOI8-R", charmap.KOI8R, "оеаинтсрвлкмдпуяызьбгчйхжшюцщэф", isCyrillic},
	{"Windows-1256", charmap.Windows1256, "اليمونرتبعدسفهكقحجشصطخذضثغظءةىأإآؤئ", isArabic},
	{"Windows-1252 (Latin-1)", charmap.Windows1252, "éèàêçñáíóúüöäßôîûùïëâãõ«»°’§–—“”", isLatin},
}

func isHan(r rune) bool      { return unicode.Is(unicode.Han, r) }
func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
func isArabic(r rune) bool   { return unicode.Is(unicode.Arabic, r) }
func isLatin(r rune) bool    { return unicode.Is(unicode.Latin, r) }

// guessLegacy decodes a sample in every legacy encoding and takes the one whose
// letters look most like running text, or none when all look bad.
func guessLegacy(raw []byte) (encoding.Encoding, string) {
	sample := raw[:min(len(raw), sampleBytes)]
	if cut := bytes.LastIndexByte(sample, '\n'); cut > len(sample)/2 {
		sample = sample[:cut]
	}
	best, score := legacy{}, 0.25
	for _, l := range legacies {
		text, err := l.encoding.NewDecoder().Bytes(sample)
		if err != nil {
			continue
		}
		if s := l.score(string(text)); s > score {
			best, score = l, s
		}
	}
	return best.encoding, best.label
}

// score is the mean worth of the characters beyond ASCII: one for a frequent
// letter, little for another of the script, minus one for what does not belong.
// A capital after a small letter (the mark of KOI8-R read as Windows-1251 and
// the reverse) costs, and so does a word of two scripts.
func (l legacy) score(text string) float64 {
	frequent := map[rune]bool{}
	for _, r := range l.frequent {
		frequent[r] = true
	}
	total, n := 0.0, 0
	before := ' '
	for _, r := range text {
		if r < 0x80 {
			before = r
			continue
		}
		n++
		lower := unicode.ToLower(r)
		switch {
		case r == utf8.RuneError:
			total -= 3
		case l.script(r) && unicode.IsUpper(r) && unicode.IsLower(before):
			total--
		case (isCyrillic(r) || isArabic(r)) && before < 0x80 && unicode.IsLetter(before): // prйsent
			total--
		case frequent[lower] && (r == lower || !unicode.IsLetter(before) || unicode.IsUpper(before)):
			total += l.worth(r, before)
		case l.script(r):
			total += 0.1
		case unicode.IsPunct(r) || unicode.IsSpace(r) || unicode.IsSymbol(r) && r > 0x2000 || unicode.Is(unicode.Han, r):
			total += 0.2
		default:
			total--
		}
		before = r
	}
	if n == 0 {
		return 0
	}
	return total / float64(n)
}

// worth of a frequent letter: an accented Latin letter belongs beside plain
// ones, and a run of them is another script misread.
func (l legacy) worth(r, before rune) float64 {
	if !isLatin(r) {
		return 1
	}
	if before >= 0x80 && isLatin(before) {
		return -0.5
	}
	return 0.9
}
