package lexicon

import (
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"concord/corpus"
)

// Folded is a text in the one form that words, numbers and terms are compared
// in, with the way back to the bytes it came from. Folding changes lengths, so
// spans found in Text go through Span before anyone shows them.
type Folded struct {
	Text   string
	source int // bytes of the text folded
	// starts and ends give, for each byte of Text, the bounds of the stretch
	// it was made from; nil while every byte stands where it stood.
	starts, ends []int32
}

// Span is the stretch of the original that a stretch of the folded text came
// from. Offsets outside the text are cut to it.
func (f Folded) Span(start, end int) Span {
	start, end = min(max(start, 0), len(f.Text)), min(max(end, 0), len(f.Text))
	if end < start {
		end = start
	}
	if f.starts == nil {
		return Span{start, end}
	}
	s, e := f.source, 0
	if start < len(f.Text) {
		s = int(f.starts[start])
	}
	if end > 0 {
		e = int(f.ends[end-1])
	}
	if start == end {
		e = s
	}
	return Span{s, max(s, e)}
}

// han is the table of traditional characters and phrases (data/han/t2s.tsv).
type han struct {
	runes   map[rune]rune
	phrases map[rune][]phrase // by first character, longest first
}

type phrase struct{ from, to string }

func loadHan(fsys fs.FS) (han, error) {
	t, err := readTable(fsys, "data/han/t2s.tsv", "traditional", "simplified", "source")
	if err != nil {
		return han{}, err
	}
	h := han{runes: make(map[rune]rune, len(t.rows)), phrases: map[rune][]phrase{}}
	for _, r := range t.rows {
		from, to := r.cells[0], r.cells[1]
		if from == "" || utf8.RuneCountInString(from) != utf8.RuneCountInString(to) {
			return han{}, r.bad("give as many simplified characters as traditional ones", "%q becomes %q", from, to)
		}
		first, size := utf8.DecodeRuneInString(from)
		if size == len(from) {
			h.runes[first], _ = utf8.DecodeRuneInString(to)
			continue
		}
		h.phrases[first] = append(h.phrases[first], phrase{from, to})
	}
	for _, list := range h.phrases {
		sortPhrases(list)
	}
	return h, nil
}

func sortPhrases(list []phrase) {
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && len(list[j].from) > len(list[j-1].from); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// Fold brings a text into its comparison form: NFKC, lower case, ASCII digits,
// traditional Han as simplified (OpenCC's characters and phrase exceptions),
// Arabic alef, ya and ta marbuta unified without tatweel and vowel marks, ё as
// е, ligatures opened, invisible characters dropped. Superscript digits get a
// "^" before them, so that 10⁵ stays a power. Bytes that are not UTF-8 become
// blanks. The language matters where it changes case (Turkish), and Kazakh in Latin
// letters becomes Cyrillic.
func (lex *Lexicon) Fold(text string, lang corpus.Language) Folded {
	w := lex.folder(text, lang)
	w.out.Grow(len(text))
	for i := 0; i < len(text); {
		i += w.step(i)
	}
	return Folded{Text: w.out.String(), source: len(text), starts: w.starts, ends: w.ends}
}

// folder folds a text.
func (lex *Lexicon) folder(text string, lang corpus.Language) folder {
	w := folder{src: text, han: &lex.han, turkish: lang.Base() == "tr" || lang.Base() == "az", alphabet: -1}
	if lang.Base() == "kk" {
		w.alphabet = kazakhAlphabet(text)
	}
	return w
}

type folder struct {
	src          string
	han          *han
	turkish      bool
	alphabet     int  // of a Kazakh text in Latin letters: a place in kazakhAlphabets; -1 for any other
	plainUntil   int  // where a word ends that is no Kazakh one
	last         rune // letter of a Kazakh word
	out          strings.Builder
	starts, ends []int32
	moved        bool
}

// step folds what begins at byte i and says how many bytes that was.
func (w *folder) step(i int) int {
	if w.alphabet >= 0 && i >= w.plainUntil {
		if n := w.kazakh(i); n > 0 {
			return n
		}
	}
	c := w.src[i]
	if c < utf8.RuneSelf && (i+1 == len(w.src) || w.src[i+1] < utf8.RuneSelf) {
		return w.ascii(i, c)
	}
	r, size := utf8.DecodeRuneInString(w.src[i:])
	if r == utf8.RuneError && size <= 1 {
		w.put(" ", i, i+1)
		return 1
	}
	if list := w.han.phrases[r]; list != nil {
		for _, p := range list {
			if strings.HasPrefix(w.src[i:], p.from) {
				return w.phrase(i, p)
			}
		}
	}
	if plain(r) && w.aloneAt(i+size) {
		w.rune(r, i, i+size)
		return size
	}
	size = norm.NFKC.NextBoundaryInString(w.src[i:], true)
	if size <= 0 {
		size = len(w.src) - i
	}
	w.segment(i, i+size)
	return size
}

func (w *folder) ascii(i int, c byte) int {
	if 'A' <= c && c <= 'Z' {
		if w.turkish && c == 'I' {
			w.put("ı", i, i+1)
			return 1
		}
		c += 'a' - 'A'
	}
	w.out.WriteByte(c)
	if w.moved {
		w.starts, w.ends = append(w.starts, int32(i)), append(w.ends, int32(i+1))
	}
	return 1
}

// phrase writes a phrase exception character by character, so that spans can
// end inside it.
func (w *folder) phrase(i int, p phrase) int {
	from := p.from
	for _, to := range p.to {
		_, size := utf8.DecodeRuneInString(from)
		w.put(string(to), i, i+size)
		from, i = from[size:], i+size
	}
	return len(p.from)
}

// aloneAt tells whether no combining mark begins at byte i.
func (w *folder) aloneAt(i int) bool {
	if i >= len(w.src) || w.src[i] < utf8.RuneSelf {
		return true
	}
	r, _ := utf8.DecodeRuneInString(w.src[i:])
	return plain(r) || r == '。' || r == '、'
}

// plain lists the letters whose NFKC form is themselves and that never combine
// with what stands before: the fast way for most text.
func plain(r rune) bool {
	switch {
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x0400 && r <= 0x0482, r >= 0x048A && r <= 0x04FF:
		return true
	case r >= 0x0621 && r <= 0x063A, r >= 0x0641 && r <= 0x064A:
		return true
	case r >= 0x00C0 && r <= 0x00FF, r == '，', r == '。', r == '、':
		return true
	}
	return false
}

// segment folds a stretch that normalises as a whole.
func (w *folder) segment(start, end int) {
	seg := w.src[start:end]
	first, size := utf8.DecodeRuneInString(seg)
	switch {
	case superscript(first):
		w.put("^", start, end)
	case vulgarFraction(first):
		w.put(" ", start, end)
	case enclosedNumber(first) || first == '，':
		w.put(map[bool]string{true: "，", false: " "}[first == '，'], start, start+size)
		if size < len(seg) {
			w.segment(start+size, end)
		}
		return
	}
	for _, r := range norm.NFKC.String(seg) {
		w.rune(r, start, end)
	}
}

func superscript(r rune) bool {
	return r == '²' || r == '³' || r == '¹' || (r >= 0x2070 && r <= 0x207B && r != 0x2071)
}

func vulgarFraction(r rune) bool {
	return (r >= 0xBC && r <= 0xBE) || (r >= 0x2150 && r <= 0x215E) || r == 0x2189
}

// enclosedNumber tells list markers such as ① and ⑴, which are no quantities.
func enclosedNumber(r rune) bool {
	return (r >= 0x2460 && r <= 0x24FF) || (r >= 0x2776 && r <= 0x2793) || (r >= 0x3220 && r <= 0x3229) || (r >= 0x3280 && r <= 0x3289)
}

// rune writes one normalised character, mapped, for the source bytes given.
func (w *folder) rune(r rune, start, end int) {
	if w.turkish && r == 'I' {
		r = 'ı'
	}
	r = unicode.ToLower(r)
	switch {
	case r >= 0x3400:
		if s, ok := w.han.runes[r]; ok {
			r = s
		}
	case r >= 0x600 && r <= 0x6FF:
		r = foldArabic(r)
	default:
		if s, ok := ligatures[r]; ok {
			w.put(s, start, end)
			return
		}
		r = foldCommon(r)
	}
	if r < 0 {
		w.drop()
		return
	}
	if unicode.IsDigit(r) && r > '9' {
		r = '0' + rune(corpus.DecimalValue(r))
	}
	w.put(string(r), start, end)
}

// ligatures are letters that are also written as two (own table).
var ligatures = map[rune]string{'œ': "oe", 'æ': "ae", 'ß': "ss"}

// foldCommon maps or, with -1, drops a character of any script.
func foldCommon(r rune) rune {
	switch r {
	case 'ё':
		return 'е'
	case 'ς':
		return 'σ'
	case '’', '‘', 'ʼ', 'ʻ', '`', '´', '′':
		if r == '′' {
			return r
		}
		return '\''
	case '\u2010', '\u2011', '\u2212':
		return '-'
	case '\u00AD', '\u200B', '\u200C', '\u200D', '\u200E', '\u200F', '\u2060', '\uFEFF',
		'\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069':
		return -1
	}
	return r
}

// foldArabic unifies the written forms of Arabic letters.
func foldArabic(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ک':
		return 'ك'
	case 'ـ':
		return -1
	}
	if (r >= 0x064B && r <= 0x065F) || r == 0x0670 || r == 0x061C || (r >= 0x06D6 && r <= 0x06ED && r != 0x06DD && r != 0x06DE && r != 0x06E5 && r != 0x06E6) {
		return -1
	}
	return r
}

// put writes folded text that came from src[start:end].
func (w *folder) put(s string, start, end int) {
	if !w.moved && (len(s) != end-start || w.out.Len() != start || (len(s) > 1 && s[0] < utf8.RuneSelf)) {
		w.move()
	}
	w.out.WriteString(s)
	if !w.moved {
		return
	}
	for range len(s) {
		w.starts, w.ends = append(w.starts, int32(start)), append(w.ends, int32(end))
	}
}

// drop notes that source bytes vanished.
func (w *folder) drop() {
	if !w.moved {
		w.move()
	}
}

// move begins to keep the map back: until here every byte stood in its place.
func (w *folder) move() {
	w.moved = true
	n := w.out.Len()
	w.starts = make([]int32, n, len(w.src)+16)
	w.ends = make([]int32, n, len(w.src)+16)
	src := w.src[:n]
	for i := 0; i < n; {
		_, size := utf8.DecodeRuneInString(src[i:])
		for j := i; j < i+size; j++ {
			w.starts[j], w.ends[j] = int32(i), int32(i+size)
		}
		i += size
	}
}
