package reader

import (
	"slices"
	"strconv"
	"strings"

	"concord/corpus"
)

// wordStyle is what a paragraph style says that matters for clauses.
type wordStyle struct {
	name    string
	basedOn string
	outline int // level from 1, 0 for none
	numID   string
	level   int // of numbering
	bold    bool
}

// wordStyles are the styles of a document by id.
type wordStyles map[string]wordStyle

// readWordStyles reads styles.xml: the styles of paragraphs, and those of
// characters that are bold.
func readWordStyles(root *element) (wordStyles, map[string]bool) {
	styles, bold := wordStyles{}, map[string]bool{}
	root.each(func(e *element) bool {
		if e.name != "style" {
			return e.name == "styles"
		}
		if e.attr("type") == "character" && isOn(e.at("rPr", "b")) {
			bold[e.attr("styleId")] = true
		}
		if e.attr("type") == "paragraph" || e.attr("type") == "" {
			styles[e.attr("styleId")] = wordStyle{
				name: strings.ToLower(e.child("name").attr("val")), basedOn: e.child("basedOn").attr("val"),
				outline: outlineLevel(e.child("pPr")), numID: e.at("pPr", "numPr", "numId").attr("val"), level: number(e.at("pPr", "numPr", "ilvl").attr("val")),
				bold: isOn(e.at("rPr", "b")),
			}
		}
		return false
	})
	return styles, bold
}

// outlineLevel is the level of a heading from 1; 0 for body text.
func outlineLevel(properties *element) int {
	value := properties.child("outlineLvl").attr("val")
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 8 {
		return 0
	}
	return n + 1
}

// isOn reads a property that is on when it is there and does not say no.
func isOn(e *element) bool {
	if e == nil {
		return false
	}
	switch e.attr("val") {
	case "0", "false", "off", "none":
		return false
	}
	return true
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// resolve follows a style to those it is based on.
func (s wordStyles) resolve(id string) wordStyle {
	out := s[id]
	for at, steps := out.basedOn, 0; at != "" && steps < 32; steps++ {
		parent, found := s[at]
		if !found {
			break
		}
		if out.outline == 0 {
			out.outline = parent.outline
		}
		if out.numID == "" {
			out.numID, out.level = parent.numID, parent.level
		}
		out.bold = out.bold || parent.bold
		if level, ok := headingName(parent.name); ok && out.outline == 0 {
			out.outline = level
		}
		at = parent.basedOn
	}
	if level, ok := headingName(out.name); ok && out.outline == 0 {
		out.outline = level
	}
	return out
}

// headingNames are the names Word's heading styles have in its languages, in
// small letters; a figure follows. Files carry the English name whatever the
// language of Word, other programs do not.
var headingNames = []string{"heading ", "заголовок ", "标题 ", "標題 ", "titre ", "überschrift ", "título ", "عنوان "}

// headingName reads the level out of a style's name.
func headingName(name string) (int, bool) {
	for _, prefix := range headingNames {
		if rest, found := strings.CutPrefix(name, prefix); found {
			if n, err := strconv.Atoi(rest); err == nil && n >= 1 && n <= 9 {
				return n, true
			}
		}
	}
	return 0, false
}

// wordLevel is one level of a numbering scheme.
type wordLevel struct {
	start  int
	format string
	text   string // "%1.%2"
	legal  bool   // all figures are decimal
	style  string // paragraphs of this style are numbered at this level
	after  int    // restarts after this level, from 1, or one above it; 0 never, -1 after any
}

// wordNumbering are the numbering schemes of a document and how far each has
// counted.
type wordNumbering struct {
	schemes map[string][]wordLevel       // by abstract id
	used    map[string]string            // numId to abstract id
	starts  map[string]map[int]int       // numId, level: where it starts anew
	own     map[string]map[int]wordLevel // numId, level: what stands in its place
	counts  map[string][]int             // by abstract id
	begun   map[string]bool              // numId whose own start was used
}

const wordLevels = 9

// readWordNumbering reads numbering.xml.
func readWordNumbering(root *element) *wordNumbering {
	w := &wordNumbering{schemes: map[string][]wordLevel{}, used: map[string]string{}, starts: map[string]map[int]int{}, own: map[string]map[int]wordLevel{}, counts: map[string][]int{}, begun: map[string]bool{}}
	links := map[string]string{} // style link to abstract id
	follow := map[string]string{}
	for _, e := range root.elements() {
		switch e.name {
		case "abstractNum":
			id := e.attr("abstractNumId")
			levels := make([]wordLevel, wordLevels)
			for _, l := range e.elements() {
				if i := number(l.attr("ilvl")); l.name == "lvl" && i >= 0 && i < wordLevels {
					levels[i] = readWordLevel(l)
				}
			}
			w.schemes[id] = levels
			if link := e.child("styleLink").attr("val"); link != "" {
				links[link] = id
			}
			if link := e.child("numStyleLink").attr("val"); link != "" {
				follow[id] = link
			}
		case "num":
			id := e.attr("numId")
			w.used[id] = e.child("abstractNumId").attr("val")
			for _, o := range e.elements() {
				if o.name != "lvlOverride" {
					continue
				}
				if i, l := number(o.attr("ilvl")), o.child("lvl"); l != nil && i >= 0 && i < wordLevels {
					if w.own[id] == nil {
						w.own[id] = map[int]wordLevel{}
					}
					w.own[id][i] = readWordLevel(l)
				}
				if start := o.child("startOverride"); start != nil {
					if w.starts[id] == nil {
						w.starts[id] = map[int]int{}
					}
					w.starts[id][number(o.attr("ilvl"))] = number(start.attr("val"))
				}
			}
		}
	}
	for id, link := range follow {
		if target, found := links[link]; found {
			w.schemes[id] = w.schemes[target]
		}
	}
	return w
}

func readWordLevel(l *element) wordLevel {
	level := wordLevel{start: 1, format: "decimal", after: -1}
	if s := l.child("start"); s != nil {
		level.start = number(s.attr("val"))
	}
	if f := l.child("numFmt"); f != nil {
		level.format = first(f.attr("val"), "decimal")
	}
	level.text = l.child("lvlText").attr("val")
	level.legal = isOn(l.child("isLgl"))
	level.style = l.child("pStyle").attr("val")
	if r := l.child("lvlRestart"); r != nil {
		level.after = number(r.attr("val"))
	}
	return level
}

// label counts a paragraph and gives its number as printed: "5.3.1", "a)", "—".
func (w *wordNumbering) label(numID string, at int) string {
	abstract, found := w.used[numID]
	if !found || numID == "0" || at < 0 || at >= wordLevels {
		return ""
	}
	levels := w.schemes[abstract]
	if levels == nil {
		return ""
	}
	if own := w.own[numID]; own != nil {
		levels = slices.Clone(levels)
		for i, l := range own {
			levels[i] = l
		}
	}
	counts := w.counts[abstract]
	if counts == nil {
		counts = make([]int, wordLevels)
		for i := range counts {
			counts[i] = levels[i].start - 1
		}
		w.counts[abstract] = counts
	}
	if !w.begun[numID] {
		w.begun[numID] = true
		for level, start := range w.starts[numID] {
			if level >= 0 && level < wordLevels {
				counts[level] = start - 1
			}
		}
	}
	counts[at]++
	for deeper := at + 1; deeper < wordLevels; deeper++ {
		if after := levels[deeper].after; after < 0 || at < after {
			counts[deeper] = levels[deeper].start - 1
		}
	}
	for above := 0; above < at; above++ {
		if counts[above] < levels[above].start { // a level that was skipped
			counts[above] = levels[above].start
		}
	}
	return formatLabel(levels, counts, at)
}

// formatLabel fills the figures into the text of a level.
func formatLabel(levels []wordLevel, counts []int, at int) string {
	level := levels[at]
	if level.format == "bullet" {
		return "—"
	}
	if level.format == "none" {
		return ""
	}
	var b strings.Builder
	text := level.text
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+1 >= len(text) || text[i+1] < '1' || text[i+1] > '9' {
			b.WriteByte(text[i])
			continue
		}
		i++
		of := int(text[i] - '1')
		format := levels[of].format
		if level.legal {
			format = "decimal"
		}
		b.WriteString(formatCount(format, counts[of]))
	}
	return strings.TrimSpace(b.String())
}

// letterRows are the letters of the numbering formats that count with them (ECMA-376-1,
// 17.18.59). The Cyrillic ones are those Word prints, which are more than GOST 2.105 leaves
// to lists.
var letterRows = map[string]string{
	"upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
	"russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ", "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя",
	"arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي", "arabicAbjad": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
	"hebrew2":               "אבגדהוזחטיכלמנסעפצקרשת",
	"thaiLetters":           "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
	"ganada":                "가나다라마바사아자차카타파하",
	"chosung":               "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
	"aiueo":                 "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
	"iroha":                 "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン",
	"ideographTraditional":  "甲乙丙丁戊己庚辛壬癸",
	"ideographZodiac":       "子丑寅卯辰巳午未申酉戌亥",
	"decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
	"decimalEnclosedParen":  "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
}

// likeFormats are numbering formats that count like another.
var likeFormats = map[string]string{"decimalEnclosedCircleChinese": "decimalEnclosedCircle", "aiueoFullWidth": "aiueo", "irohaFullWidth": "iroha"}

// formatCount writes a count in a numbering format.
func formatCount(format string, n int) string {
	format = first(likeFormats[format], format)
	if row, found := letterRows[format]; found {
		letters := []rune(row)
		if n < 1 || n > len(letters) && figuresAfter(letters[0]) {
			return strconv.Itoa(n)
		}
		times := (n-1)/len(letters) + 1
		return strings.Repeat(string(letters[(n-1)%len(letters)]), min(times, 4))
	}
	switch format {
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "decimalZero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting", "taiwaneseCountingThousand":
		return hanCount(n)
	case "chineseLegalSimplified":
		return legalForms.Replace(strings.Replace("!"+hanCount(n), "!十", "一十", 1))
	case "koreanDigital", "koreanCounting":
		return koreanCount(format, n)
	case "hebrew1":
		return hebrewCount(n)
	case "ordinal":
		return ordinal(n)
	}
	return strconv.Itoa(n)
}

// figuresAfter tells whether figures go on where the signs of a row are used up, by its
// first: signs that name a figure or a place in a cycle are not doubled as letters are.
func figuresAfter(sign rune) bool { return strings.ContainsRune("甲子①⑴", sign) }

// legalForms are the numerals of Chinese that cannot be altered.
var legalForms = strings.NewReplacer("!", "", "一", "壹", "二", "贰", "三", "叁", "四", "肆", "五", "伍", "六", "陆", "七", "柒", "八", "捌", "九", "玖", "十", "拾", "百", "佰")

// koreanCount writes a number below a hundred in Sino-Korean numerals, figure by figure or
// with tens: 일이, 십이.
func koreanCount(format string, n int) string {
	digits := []string{"영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"}
	switch {
	case n < 1 || n > 99:
		return strconv.Itoa(n)
	case n < 10:
		return digits[n]
	case format == "koreanDigital":
		return digits[n/10] + digits[n%10]
	}
	return strings.TrimPrefix(digits[n/10], "일") + "십" + strings.TrimPrefix(digits[n%10], "영")
}

// hebrewCount writes a number below five hundred in Hebrew numerals; 15 and 16 are written
// 9 and 6, 9 and 7.
func hebrewCount(n int) string {
	if n < 1 || n > 499 {
		return strconv.Itoa(n)
	}
	ones, tens, hundreds := []rune(" אבגדהוזחט"), []rune(" יכלמנסעפצ"), []rune(" קרשת")
	out := string(hundreds[n/100])
	if rest := n % 100; rest == 15 || rest == 16 {
		out += "ט" + string(ones[rest-9])
	} else {
		out += string(tens[rest/10]) + string(ones[rest%10])
	}
	return strings.ReplaceAll(out, " ", "")
}

// ordinal is an English ordinal: 1st, 12th, 22nd.
func ordinal(n int) string {
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			return strconv.Itoa(n) + "st"
		case 2:
			return strconv.Itoa(n) + "nd"
		case 3:
			return strconv.Itoa(n) + "rd"
		}
	}
	return strconv.Itoa(n) + "th"
}

// roman writes a Roman numeral.
func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, row := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= row.value; n -= row.value {
			b.WriteString(row.sign)
		}
	}
	return b.String()
}

// hanCount writes a number below a thousand in Chinese numerals: 十二, 一百零三.
func hanCount(n int) string {
	if n < 0 || n > 999 {
		return strconv.Itoa(n)
	}
	digits := []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + strings.TrimPrefix(digits[n%10], "零")
	case n < 100:
		return digits[n/10] + "十" + strings.TrimPrefix(digits[n%10], "零")
	}
	rest := ""
	switch {
	case n%100 == 0:
	case n%100 < 10:
		rest = "零" + digits[n%10]
	case n%100 < 20:
		rest = "一" + hanCount(n%100)
	default:
		rest = hanCount(n % 100)
	}
	return digits[n/100] + "百" + rest
}

// isClauseLabel tells the number of a clause from the mark of an item: it has
// several components or a word, "5.3.1", "第5条", "Article 5".
func isClauseLabel(label string) bool {
	n, rest, ok := leadingNumber(label)
	return ok && rest == "" && (n.Depth() > 1 || n.Rank != "" || n.Kind != corpus.NumberClause)
}
