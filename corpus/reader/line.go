package reader

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// line is a line of a text as the sectioner sees it, whatever file it came from.
type line struct {
	no      int    // in the file, from 1
	page    int    // of a printed document, from 1
	text    string // trimmed
	level   int    // of a Markdown heading, 0 for ordinary lines
	start   bool   // begins a paragraph: a blank line or a finished sentence before it
	alone   bool   // blank lines before and after
	keep    bool   // a row of a table, a formula: stands on a line of its own
	bold    string // the words in bold type that open the line
	rows    *grid  // a table with a header that was recognised
	note    bool   // opens a block that the file itself marks as a note
	done    bool   // closes such a block
	cells   bool   // a row of a table; with start the first
	caption bool   // the file itself says that it names a table or figure
	ruled   bool   // a ruler underlines it
	given   bool   // the reader knows the number, which is no longer in the text
	term    string // opens the entry of a list of terms; the lines after it are its text
	marked  bool   // the file itself marks it as the definition of a term
	whole   bool   // the lines after it say the term again
	termEnd bool   // closes such a list

	number corpus.Number // that may open the line, whether or not it counts
	rest   string
	has    bool
	dotted string // first component of the next dotted number after this line
}

// prepare reads the number that may open each line and looks ahead once.
func prepare(lines []line) {
	dotted := ""
	codes := codedPrefixes(lines)
	for i := len(lines) - 1; i >= 0; i-- {
		l := &lines[i]
		l.dotted = dotted
		if l.given {
			l.rest, l.has = l.text, true
		}
		if l.keep || l.rows != nil || l.given {
			continue
		}
		l.text = closeSpaced(l.text)
		l.number, l.rest, l.has = leadingNumber(l.text)
		if m := coded.FindStringSubmatch(l.text); m != nil && codes[m[2]] {
			l.number, l.rest, l.has = corpus.Number{Kind: corpus.NumberClause, Rank: "article", Parts: []string{m[1]}, Label: m[1]}, m[3], true
		}
		if l.has && l.number.Kind == corpus.NumberClause && l.number.Rank == "" && l.number.Depth() > 1 {
			dotted = l.number.Parts[0]
		}
	}
}

// coded is a paragraph number of ASME's codes, "UG-27 THICKNESS OF SHELLS", with the letters
// before it and the title after it.
var coded = regexp.MustCompile(`^(([A-Z]{1,3})-\d{1,3}(?:\.\d{1,2})?)[.:]?\s+(\p{Lu}.*)$`)

// minCoded is how many lines must have such numbers with the same letters, each larger than
// the one before, to be clauses: a list of designations has other letters, or four figures.
const minCoded = 3

// codedPrefixes are the letters of the coded numbers of a document.
func codedPrefixes(lines []line) map[string]bool {
	count, last, out := map[string]int{}, map[string]int{}, map[string]bool{}
	for i := range lines {
		m := coded.FindStringSubmatch(lines[i].text)
		if m == nil || lines[i].keep || !titleLike(m[3]) {
			continue
		}
		if value := valueOf(m[1][len(m[2])+1:]); value > last[m[2]] {
			last[m[2]] = value
			count[m[2]]++
		}
		out[m[2]] = count[m[2]] >= minCoded
	}
	return out
}

// endsSentence tells whether a text ends as a sentence or list item does.
func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " \t　\"”’»)）】"))
	return strings.ContainsRune(".。;；:：!！?？؟…।", r)
}

// titleLike tells whether a text could be a heading: short, not ended as a
// sentence, not beginning in small letters.
func titleLike(s string) bool {
	limit := 110
	if han := strings.IndexFunc(s, isHan); han >= 0 {
		limit = 40
	}
	if s == "" || utf8.RuneCountInString(s) > limit || endsSentence(s) || startsLower(s) {
		return false
	}
	if strings.ContainsAny(s, "。；|=") || limit == 40 && strings.Contains(s, "，") || strings.HasSuffix(s, ",") || strings.HasSuffix(s, "，") || strings.HasSuffix(s, "、") || strings.HasSuffix(s, "،") {
		return false
	}
	return strings.IndexFunc(s, unicode.IsLetter) >= 0 && !readsOn(s) && !bindsAtEnd(s) && !thaiSentence(s)
}

// thaiSentence tells whether a text is one of Thai that binds, defines or opens a list, which no heading does; Thai marks
// the end of no sentence.
func thaiSentence(s string) bool {
	for _, word := range []string{"ต้อง", "ห้าม", "หมายถึง", "หมายความว่า", "ดังต่อไปนี้", "ดังนี้"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// bindsAtEnd tells whether a text in Han characters breaks off after 应 (shall),
// which ends no heading but in words such as 效应 (effect).
func bindsAtEnd(s string) bool {
	before, found := strings.CutSuffix(s, "应")
	last, _ := utf8.DecodeLastRuneInString(before)
	return found && !strings.ContainsRune("效反响供相对感适", last)
}

// unfinished are words with which no heading ends, and obliging words that no
// heading holds (own choice from the languages with capitals or spaces).
var (
	unfinished = wordSet("a an the of to in on at by for with and or from as is are be that which в во и с со к по на за от до из для при не или о об le la les de du des et ou à au aux en par pour sur dans que el los las y o del al con por para der die das und oder von zu mit für auf im dem den của và các cho trong với theo tại yang dan di dari untuk dengan و في من على إلى عن أن")
	obliging   = wordSet("shall must should may will is are должен должна должно должны следует допускается doit doivent peut peuvent debe deben deberá deberán puede muss müssen darf dürfen soll phải được يجب يجوز ينبغي harus wajib")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// readsOn tells whether a text is the beginning of a sentence rather than a
// heading.
func readsOn(s string) bool {
	words := strings.Fields(strings.ToLower(s))
	if len(words) < 2 {
		return false
	}
	if unfinished[words[len(words)-1]] {
		return true
	}
	for _, w := range words[1:] {
		if obliging[strings.Trim(w, ",;:()«»“”")] {
			return true
		}
	}
	return false
}

// startsLower tells whether a text begins with a small letter of a script that
// has capitals, which a heading or a clause after its number hardly does.
func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \t　\"“«('"))
	return unicode.IsLower(r)
}

// isItem tells whether a line is an item of a list: a), 1), (1), 1., —, ①, أ).
func isItem(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case strings.ContainsRune("—–-*•·●○▪‣①②③④⑤⑥⑦⑧⑨⑩", r):
		rest := s[size:]
		return rest == "" || strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "—") || r == '—' || r == '–' || r > 0x2460
	case r == '[': // of a bibliography
		end := strings.IndexByte(s, ']')
		return end > 1 && end <= 4 && strings.Trim(s[1:end], "0123456789") == ""
	case r == '(' || r == '（':
		end := strings.IndexAny(s, ")）")
		if end <= 0 || utf8.RuneCountInString(s[size:end]) > 5 {
			return false
		}
		status, _ := annexStatus(s) // （规范性） below 附录A is no mark
		return status == ""
	}
	marker := s
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(")）.、-ـ", r) }); i >= 0 {
		marker = s[:i]
	}
	n := utf8.RuneCountInString(marker)
	if n == 0 || n > 4 || len(marker) == len(s) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(s[len(marker):])
	digits := strings.IndexFunc(marker, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
	switch after {
	case ')', '）':
		return digits || n <= 2 || isRomanWord(marker)
	case '.', '、', '-':
		next, _ := utf8.DecodeRuneInString(s[len(marker)+utf8.RuneLen(after):])
		return (digits || n == 1 && unicode.IsLetter(r)) && !unicode.IsDigit(next)
	case ' ', '\t', '　':
		return digits && n <= 2
	}
	return false
}

func isRomanWord(s string) bool { return strings.Trim(s, "ivxIVX") == "" }

// noteWords open notes and examples, by the drafting traditions of each
// language (ISO/IEC Directives 2, 24 and 25; GB/T 1.1; GOST 1.5).
var noteWords = []struct {
	word string
	kind corpus.NumberKind
}{
	{"NOTES", corpus.NumberNote}, {"NOTE", corpus.NumberNote}, {"Notes", corpus.NumberNote}, {"Note", corpus.NumberNote}, {"Advisory", corpus.NumberNote},
	{"注", corpus.NumberNote}, {"註", corpus.NumberNote}, {"備考", corpus.NumberNote}, {"注記", corpus.NumberNote}, {"注釈", corpus.NumberNote}, {"비고", corpus.NumberNote}, {"備註", corpus.NumberNote}, {"หมายเหตุ", corpus.NumberNote}, {"یادآوری", corpus.NumberNote},
	{"Примечания", corpus.NumberNote}, {"ПРИМЕЧАНИЯ", corpus.NumberNote}, {"Примечание", corpus.NumberNote}, {"ПРИМЕЧАНИЕ", corpus.NumberNote}, {"Ескертпелер", corpus.NumberNote}, {"Ескертпе", corpus.NumberNote}, {"ЕСКЕРТПЕ", corpus.NumberNote}, {"Ескерту", corpus.NumberNote}, {"Izoh", corpus.NumberNote}, {"IZOH", corpus.NumberNote},
	{"REMARQUE", corpus.NumberNote}, {"Remarque", corpus.NumberNote}, {"NOTA", corpus.NumberNote}, {"Nota", corpus.NumberNote}, {"ANMERKUNG", corpus.NumberNote}, {"Anmerkung", corpus.NumberNote},
	{"CHÚ THÍCH", corpus.NumberNote}, {"Chú thích", corpus.NumberNote}, {"CATATAN", corpus.NumberNote}, {"Catatan", corpus.NumberNote}, {"ملاحظات", corpus.NumberNote}, {"ملاحظة", corpus.NumberNote}, {"NOT", corpus.NumberNote}, {"Not", corpus.NumberNote},
	{"보기", corpus.NumberExample}, {"예", corpus.NumberExample}, {"Мысалдар", corpus.NumberExample}, {"Мысал", corpus.NumberExample}, {"МЫСАЛ", corpus.NumberExample}, {"Misol", corpus.NumberExample}, {"ตัวอย่าง", corpus.NumberExample}, {"ÖRNEK", corpus.NumberExample}, {"範例", corpus.NumberExample},
	{"EXAMPLES", corpus.NumberExample}, {"EXAMPLE", corpus.NumberExample}, {"Example", corpus.NumberExample}, {"示例", corpus.NumberExample}, {"例", corpus.NumberExample},
	{"Примеры", corpus.NumberExample}, {"ПРИМЕРЫ", corpus.NumberExample}, {"Пример", corpus.NumberExample}, {"ПРИМЕР", corpus.NumberExample}, {"EXEMPLE", corpus.NumberExample}, {"Exemple", corpus.NumberExample}, {"EJEMPLO", corpus.NumberExample}, {"Ejemplo", corpus.NumberExample},
	{"BEISPIEL", corpus.NumberExample}, {"Beispiel", corpus.NumberExample}, {"VÍ DỤ", corpus.NumberExample}, {"Ví dụ", corpus.NumberExample}, {"THÍ DỤ", corpus.NumberExample}, {"CONTOH", corpus.NumberExample}, {"Contoh", corpus.NumberExample}, {"أمثلة", corpus.NumberExample}, {"مثال", corpus.NumberExample},
}

// leadingNote recognises a note or example at the start of a line: the word, a
// number perhaps, and a mark (or, for a word in capitals, a blank). "Note that
// ..." is prose.
func leadingNote(s string) (corpus.Number, string, bool) {
	for _, w := range noteWords {
		rest, found := strings.CutPrefix(s, w.word)
		if !found {
			continue
		}
		trimmed := strings.TrimLeft(rest, " \u00a0　")
		digits, number := 0, ""
		for _, r := range trimmed { // in whatever figures: NOTE 1, یادآوری ۱
			value, ok := corpus.Digit(r)
			if !ok {
				break
			}
			if digits += utf8.RuneLen(r); len(number) < 3 {
				number += strconv.Itoa(value)
			}
		}
		if next := trimmed[digits:]; digits > 0 && len(next) > 1 && next[0] == '.' && next[1] >= '0' && next[1] <= '9' {
			continue // the number of a clause
		}
		after := strings.TrimLeft(trimmed[digits:], " \u00a0　")
		for _, entry := range []string{"to entry", "à l'article", "к статье", "a la entrada", "zum Begriff"} {
			after = strings.TrimLeft(strings.TrimPrefix(after, entry), " ")
		}
		mark, size := utf8.DecodeRuneInString(after)
		marked := strings.ContainsRune(":：—–-.", mark) && size > 0 && !(mark == '.' && digits == 0)
		capitals := w.word == strings.ToUpper(w.word) && w.word != strings.ToLower(w.word)
		gap := len(rest) != len(trimmed)
		switch {
		case after == "" && (digits > 0 || capitals || !isASCII(w.word)):
		case marked:
			after = strings.TrimSpace(after[size:])
		case capitals && (gap || digits > 0) && len(w.word) > 3:
		case digits > 0 && gap && !startsLower(after) && w.word != "例":
		case digits > 0 && !isASCII(w.word) && utf8.RuneCountInString(w.word) > 1 && len(after) < len(trimmed)-digits: // 注釈1 ...
		default:
			continue
		}
		label := strings.TrimSpace(s[:len(s)-len(after)])
		n := corpus.Number{Kind: w.kind, Label: label}
		if number != "" {
			n.Parts = []string{number}
		}
		return n, after, true
	}
	return corpus.Number{}, s, false
}

// looseNotes are note words that some traditions print with nothing but a blank before
// the text (JIS Z 8301, KS A 0001): 注記　階段では, 비고 계단에서는.
var looseNotes = map[string]corpus.NumberKind{
	"注記": corpus.NumberNote, "注釈": corpus.NumberNote, "備考": corpus.NumberNote, "例": corpus.NumberExample,
	"비고": corpus.NumberNote, "보기": corpus.NumberExample,
}

// seeing are the beginnings of words before which 보기 means seeing or looking and opens no
// example: 보기 쉬운 곳에, where it is easily seen.
var seeing = []string{"쉬", "쉽", "좋", "어려", "어렵", "위", "때문", "힘", "전", "드", "흉", "싫"}

// looseNote recognises a note or example without number or mark at the start of a
// paragraph; within one the words stand in sentences.
func looseNote(s string) (corpus.Number, string, bool) {
	at := strings.IndexAny(s, " 　\u00a0")
	if at <= 0 {
		return corpus.Number{}, s, false
	}
	word := strings.TrimRight(s[:at], "0123456789")
	kind, found := looseNotes[word]
	rest := strings.TrimLeft(s[at:], " 　\u00a0")
	if next, _ := utf8.DecodeRuneInString(rest); !found || rest == "" || strings.ContainsRune("のはがをにでともやへ", next) { // a particle: a sentence
		return corpus.Number{}, s, false
	}
	for _, verb := range seeing {
		if s[:at] == "보기" && strings.HasPrefix(rest, verb) {
			return corpus.Number{}, s, false
		}
	}
	n := corpus.Number{Kind: kind, Label: s[:at]}
	if number := s[len(word):at]; number != "" {
		n.Parts = []string{shorten(number, 3)}
	}
	return n, rest, true
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// section is what an unnumbered heading announces.
type section int

const (
	sectionNone section = iota
	sectionCommentary
	sectionContents
	sectionTerms
	sectionInformative
)

// sectionTable lists the headings by what they announce, in small letters; a
// heading counts when it equals an entry or, for terms, begins with it.
var sectionTable = []struct {
	kind  section
	words []string
}{
	{sectionCommentary, []string{"条文说明", "附：条文说明", "附:条文说明", "附条文说明", "條文說明", "解説", "해설", "commentary", "пояснения к своду правил", "комментарии"}},
	{sectionContents, []string{"目次", "目录", "目錄", "contents", "table of contents", "содержание", "оглавление", "sommaire", "table des matières", "índice", "contenido", "inhalt", "inhaltsverzeichnis", "المحتويات", "الفهرس", "فهرست مندرجات", "mục lục", "daftar isi", "içindekiler", "мазмұны"}},
	{sectionTerms, []string{"terms and definitions", "terms, definitions", "definitions", "terms", "glossary", "terminology", "บทนิยาม", "นิยาม", "术语和定义", "术语", "术语、符号", "术语和符号", "術語", "用語定義", "用語及び定義", "用語の定義", "用語", "용어와 정의", "용어 및 정의", "용어의 정의", "용어", "термины и определения", "термины, определения", "определения", "termes et définitions", "termes, définitions", "définitions", "términos y definiciones", "definiciones", "terminología", "المصطلحات والتعاريف", "المصطلحات والتعريفات", "مصطلحات وتعاريف", "تعاريف", "التعاريف", "التعريفات", "اصطلاحات و تعاریف", "اصطلاحات و تعاريف", "begriffe", "begriffsbestimmungen", "thuật ngữ và định nghĩa", "giải thích từ ngữ", "istilah dan definisi", "терминдер мен анықтамалар", "terimler ve tanımlar", "termini e definizioni", "termos e definições"}},
	{sectionInformative, []string{"前言", "引言", "序言", "foreword", "introduction", "preface", "preamble", "предисловие", "введение", "avant-propos", "prólogo", "introducción", "vorwort", "einleitung", "المقدمة", "مقدمة", "تمهيد", "bibliography", "references", "参考文献", "библиография", "bibliographie", "bibliografía", "bibliografi", "kaynakça", "giriş", "pendahuluan", "pengenalan", "المراجع", "本规范用词说明", "本标准用词说明", "用词说明", "引用标准名录", "lời nói đầu", "prakata", "алғысөз", "önsöz", "acknowledgements", "acknowledgments", "abstract", "status of this document", "about", "control objective", "kontrollziel", "控制目标", "管理目標", "цель проверки", "ссылки", "참고문헌", "참고 문헌", "머리말", "서문", "개요", "參考文獻", "参考情報", "参考資料", "序文", "まえがき", "literaturhinweise", "thư mục tài liệu tham khảo", "บรรณานุกรม", "kaynaklar", "informational references", "tài liệu tham khảo", "تقديم", "التقديم", "پیش\u200cگفتار", "پیش گفتار", "پیشگفتار", "مقدمه", "کتاب\u200cنامه", "کتاب نامه", "کتابنامه", "liens", "enlaces"}},
}

// sectionNames and termsNames are the table by name, made once.
var sectionNames, termsNames = sectionIndex()

func sectionIndex() (map[string]section, []string) {
	names, terms := map[string]section{}, []string(nil)
	for _, row := range sectionTable {
		for _, w := range row.words {
			names[w] = row.kind
			if row.kind == sectionTerms {
				terms = append(terms, w)
			}
		}
	}
	return names, terms
}

// sectionOf tells what a heading announces.
func sectionOf(heading string) section {
	if len(heading) > 120 {
		return sectionNone
	}
	h := strings.ToLower(strings.Trim(strings.TrimSpace(heading), ".:：*# "))
	h = strings.Join(strings.Fields(h), " ")
	if strings.IndexFunc(h, isHan) >= 0 {
		h = strings.ReplaceAll(h, " ", "")
		if ordinal, rest, found := strings.Cut(h, "、"); found && strings.Trim(ordinal, "一二三四五六七八九十") == "" {
			h = rest // 四、条文说明
		}
	}
	if kind, found := sectionNames[h]; found {
		return kind
	}
	for _, w := range termsNames {
		if rest, found := strings.CutPrefix(h, w); found && (rest[0] == ' ' || rest[0] == ',') {
			return sectionTerms
		}
	}
	return sectionNone
}
