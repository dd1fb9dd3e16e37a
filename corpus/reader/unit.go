package reader

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// A table, figure or formula that prints a number is a unit: an entry of its own
// below the clause it stands in, named by its caption. What prints none stays a
// part of the clause.

// unitKinds are the kinds of clause that units become.
var unitKinds = map[corpus.NumberKind]corpus.Kind{
	corpus.NumberTable: corpus.KindTable, corpus.NumberFigure: corpus.KindFigure, corpus.NumberFormula: corpus.KindFormula,
}

// isUnit tells whether an entry is a unit.
func (e *entry) isUnit() bool { return e != nil && unitKinds[e.number.Kind] != "" }

// newUnit makes a unit that stands in owner after the lines that has so far. What
// stands in a note stands in the note's clause.
func newUnit(n corpus.Number, title string, owner *entry) *entry {
	if owner != nil && owner.owner != nil {
		owner = owner.owner
	}
	e := &entry{number: n, heading: title, kind: unitKinds[n.Kind], owner: owner}
	if owner != nil {
		e.after, e.annex, e.comment = len(owner.text), owner.annex, owner.comment
	}
	return e
}

// caption is what names a table or figure: its number and its title.
type caption struct {
	number corpus.Number
	title  string
	goesOn bool // 续表, continued: the rest of a table that began before
}

// continued are the words before the number of a table's further part, with the
// word that the number has by itself (GB/T 1.1, GOST 2.105, the rest by analogy).
var continued = []struct{ words, word string }{
	{"续表", "表"}, {"續表", "表"}, {"续图", "图"}, {"續圖", "圖"},
	{"Продолжение таблицы", "Таблица"}, {"Окончание таблицы", "Таблица"}, {"Продолжение рисунка", "Рисунок"},
	{"Continuation of Table", "Table"}, {"Suite du tableau", "Tableau"}, {"Fin du tableau", "Tableau"},
	{"Continuación de la tabla", "Tabla"}, {"Fortsetzung der Tabelle", "Tabelle"}, {"Fortsetzung Tabelle", "Tabelle"},
	{"تابع الجدول", "الجدول"}, {"تابع جدول", "جدول"}, {"تتمة الجدول", "الجدول"},
}

// goesOnMark is what stands in parentheses in the caption of a further part.
var goesOnMark = regexp.MustCompile(`(?i)\s*[(（](?:continued|concluded|cont\.|cont’d|cont'd|end|续|續|续完|続き|продолжение|окончание|suite|fin|continuación|fortsetzung|fortgesetzt|تابع|tiếp theo|계속)[)）]\s*`)

// showing are first words of a sentence about a table, in languages where a small
// letter does not give it away; those in Han stand right after the number.
var (
	showing    = wordSet("يبين يوضح يحدد يعرض يتضمن يُبيّن يُبين يوضّح quy nêu trình cho dưới memuat menunjukkan は に の を で と が 은 는 에 의 를 을")
	showingHan = []string{"的", "中", "规定", "規定", "所", "给出", "給出", "列", "为", "是", "应", "和", "与", "或", "及", "至", "、", "～", "~", "，", "。", "；", "：", ")", "）", "确定", "采用", "执行", "は", "に", "の", "を", "で", "と", "が", "은", "는", "에", "의", "를", "을"}
	partNumber = regexp.MustCompile(`^[-–—－](\p{Nd}+)`)
	inContents = regexp.MustCompile(`(?:\.{3,}|…|·{3,}|\t)\s*\p{Nd}+$`)
)

// captionOf reads a caption. Where the file itself does not say that it is one
// (sure), a sentence that begins with the number is none: "Table 5 shows ...".
func captionOf(text string, sure bool) (caption, bool) {
	var c caption
	for _, w := range continued {
		if size, ok := openingWords(text, w.words); ok {
			text, c.goesOn = w.word+text[size:], true
			break
		}
	}
	n, rest, ok := corpus.LeadingNumber(text)
	if !ok || n.Kind == corpus.NumberClause && n.Rank == "" {
		if n, title, found := bareCaption(text); found {
			return caption{number: n, title: title}, true
		}
	}
	if !ok || n.Kind != corpus.NumberTable && n.Kind != corpus.NumberFigure || rest == "" && text != strings.TrimSpace(text) {
		return c, false
	}
	if m := partNumber.FindStringSubmatch(strings.TrimPrefix(text, n.Label)); m != nil && !strings.HasSuffix(n.Label, ".") { // the second table of its clause: 表5.5.20-2
		n.Parts = append([]string(nil), n.Parts...)
		n.Parts[len(n.Parts)-1] += "-" + corpus.SafeKey(m[1])
		n.Label += m[0]
		rest = strings.TrimSpace(strings.TrimPrefix(text, n.Label))
	}
	between := strings.TrimSuffix(strings.TrimPrefix(text, n.Label), rest)
	if at := goesOnMark.FindStringIndex(rest); at != nil {
		rest, c.goesOn = strings.TrimSpace(rest[:at[0]]+" "+rest[at[1]:]), true
	}
	rest = strings.TrimSpace(strings.TrimLeft(rest, "—–-－:： "))
	n.Label = strings.TrimRight(n.Label, ".:： ")
	c.number, c.title = n, rest
	return c, sure || rest == "" || opensTitle(rest, between)
}

// maxCaptionWord is how long the word for a table or figure is at most, in bytes.
const maxCaptionWord = 24

// bareCaption reads a caption that prints no number: the word for a table or figure, a
// mark, and a title: "Table: widths of doors", "Figure. Plan".
func bareCaption(text string) (n corpus.Number, title string, ok bool) {
	at := strings.IndexAny(text, ":：.—–")
	if at <= 0 || at > maxCaptionWord {
		return n, "", false
	}
	mark, size := utf8.DecodeRuneInString(text[at:])
	word := strings.TrimSpace(text[:at])
	title = strings.TrimSpace(text[at+size:])
	n, rest, ok := corpus.LeadingNumber(word + " 1")
	if !ok || rest != "" || unitKinds[n.Kind] == "" || mark == '.' && (startsLower(title) || !strings.HasPrefix(text[at+size:], " ")) {
		return corpus.Number{}, "", false
	}
	first, _ := utf8.DecodeRuneInString(title)
	if !unicode.IsLetter(first) && !isQuoted(first) || utf8.RuneCountInString(title) > 110 || endsSentence(title) || readsOn(title) || inContents.MatchString(title) || bindsAtEnd(title) {
		return corpus.Number{}, "", false
	}
	return corpus.Number{Kind: n.Kind, Label: word}, title, true
}

// openingWords measures the words a text opens with, in whatever case.
func openingWords(text, prefix string) (int, bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return 0, false
	}
	return len(prefix), true
}

// opensTitle tells whether what follows the number of a table is its title and not
// the rest of a sentence; between is what parts them.
func opensTitle(rest, between string) bool {
	if utf8.RuneCountInString(rest) > 200 || inContents.MatchString(rest) || strings.ContainsAny(lastRune(rest), "。；;,，") {
		return false
	}
	marked := strings.ContainsAny(between, "—–-－:：.．")
	if marked {
		return !readsOn(rest) || utf8.RuneCountInString(rest) <= 110 && !endsSentence(rest)
	}
	if between == "" {
		for _, w := range showingHan {
			if strings.HasPrefix(rest, w) {
				return false
			}
		}
	}
	first, _, _ := strings.Cut(strings.ToLower(rest), " ")
	open, _ := utf8.DecodeRuneInString(rest)
	return !showing[first] && !startsLower(rest) && !endsSentence(rest) && !readsOn(rest) && !bindsAtEnd(rest) && !unicode.IsPunct(open) || isQuoted(open) && !endsSentence(rest)
}

func isQuoted(r rune) bool { return strings.ContainsRune("«“\"(（", r) }

func lastRune(s string) string {
	_, size := utf8.DecodeLastRuneInString(s)
	return s[len(s)-size:]
}

// formulaNumber is the number of a formula, (5.3.1-1), and numberedFormula a line
// that ends with one.
var (
	formulaNumber   = regexp.MustCompile(`^[(（]\s*(\p{Lu}?[.．]?\p{Nd}+(?:[.．]\p{Nd}+)*(?:[-–—－]\p{Nd}+)?\p{Ll}?)\s*[)）]$`)
	numberedFormula = regexp.MustCompile(`^(.*[=＝≤≥≈≠<>≦≧].*?)[\s.…·,，、]*([(（]\s*\p{Lu}?[.．]?\p{Nd}+(?:[.．]\p{Nd}+)*(?:[-–—－]\p{Nd}+)?\p{Ll}?\s*[)）])$`)
)

// parseFormulaNumber reads the printed number of a formula.
func parseFormulaNumber(label string) (corpus.Number, bool) {
	label = strings.TrimSpace(label)
	m := formulaNumber.FindStringSubmatch(label)
	if m == nil {
		return corpus.Number{}, false
	}
	key := corpus.SafeKey(strings.ReplaceAll(m[1], "．", "."))
	return corpus.Number{Kind: corpus.NumberFormula, Parts: []string{key}, Label: label}, key != ""
}

// formulaOf reads a line that is a formula with its number at the end. A sentence
// with a sign of equality is none.
func formulaOf(text string) (n corpus.Number, formula string, ok bool) {
	if len(text) > 400 {
		return n, "", false
	}
	m := numberedFormula.FindStringSubmatch(text)
	if m == nil || isProse(m[1]) || strings.Contains(m[1], " | ") {
		return n, "", false
	}
	n, ok = parseFormulaNumber(m[2])
	return n, strings.TrimSpace(m[1]), ok
}

// isProse tells whether a text has the words of a sentence: three of four letters
// or more, or a clause of Han characters (own choice).
func isProse(s string) bool {
	words, han := 0, 0
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if n := utf8.RuneCountInString(w); strings.IndexFunc(w, isHan) >= 0 {
			han += n
		} else if n >= 4 {
			words++
		}
	}
	return words >= 3 || han >= 6 || strings.ContainsAny(s, "。；，")
}

// unitReader keeps, while lines are cut, the unit that is open and those that may
// go on.
type unitReader struct {
	open  *entry // to which rows and notes belong
	page  int    // of its last row
	fresh bool   // its caption was the last thing
	again bool   // the next row may be its header once more
	known map[string]*entry
}

// unitLine takes a line that belongs to a unit: a caption, a row below one, a
// formula with a number.
func (s *sectioner) unitLine(i int) bool {
	l := &s.lines[i]
	switch {
	case l.rows != nil:
		s.unit.open = nil
		return false
	case s.inNote || l.done || l.text == "":
		return false
	case l.note:
		if !isFootnoteMark(l.text) {
			s.unit.open = nil // a note that the file marks by itself is the clause's
		}
		return false
	case l.cells && strings.Contains(strings.Trim(l.text, " |"), "|"):
		return s.unitRow(l)
	}
	if e, goesOn := s.unitAt(i); e != nil {
		s.openUnit(e, goesOn, l)
		return true
	}
	if l.cells {
		return s.unitRow(l)
	}
	if s.unit.fresh && s.rowsFollow(i) { // below the caption: "in millimetres", a title on a line of its own
		s.underCaption(l)
		return true
	}
	if _, _, isNote := leadingNote(l.text); !isNote && (s.current == nil || s.current.owner != s.unit.open) {
		s.unit.open = nil
	}
	return false
}

func isFootnoteMark(s string) bool {
	_, _, isNote := leadingNote(s)
	return !isNote && utf8.RuneCountInString(s) <= 4
}

// unitAt reads the unit that a line opens: a table when rows follow, a figure when
// its caption stands alone, a formula.
func (s *sectioner) unitAt(i int) (e *entry, goesOn bool) {
	l := &s.lines[i]
	if n, text, ok := formulaOf(l.text); ok && l.level == 0 && !l.cells {
		e = newUnit(n, "", s.current)
		e.text = []string{text}
		return e, false
	}
	text := l.text
	if l.cells { // a row of one cell over the whole table
		text = strings.Trim(text, " |")
	}
	c, ok := captionOf(text, l.caption)
	switch {
	case !ok:
		return nil, false
	case c.number.Kind == corpus.NumberTable && !s.rowsFollow(i):
		return nil, false
	case c.number.Kind == corpus.NumberFigure && !(l.caption || c.title != "" && (l.alone || l.start || l.cells || l.level > 0)):
		return nil, false
	}
	return newUnit(c.number, c.title, s.current), c.goesOn
}

// maxUnderCaption is how many short lines may stand between a caption and its
// rows: a title of its own, the unit of all values (own choice).
const maxUnderCaption = 2

// boldLevel is the level of a line that only its bold type makes a heading: the cell over
// several columns of a table's head may be one.
const boldLevel = 8

// rowsFollow tells whether the rows of a table come after line i.
func (s *sectioner) rowsFollow(i int) bool {
	between := 0
	for j := i + 1; j < len(s.lines); j++ {
		l := &s.lines[j]
		switch {
		case l.cells:
			return true
		case l.rows != nil || l.note || l.done || l.level > 0 && (l.level < boldLevel || l.has):
			return false
		case l.text == "":
			continue
		}
		_, isCaption := captionOf(l.text, false)
		if between++; between > maxUnderCaption || isCaption || l.has || l.page != s.lines[i].page || utf8.RuneCountInString(l.text) > 80 || endsSentence(l.text) {
			return false
		}
	}
	return false
}

// openUnit begins a unit, or goes on with the one that a caption says goes on.
func (s *sectioner) openUnit(e *entry, goesOn bool, l *line) {
	name := strings.Join([]string{e.annex, e.number.String()}, "/")
	if s.unit.known == nil {
		s.unit.known = map[string]*entry{}
	}
	if s.current != nil && s.current.owner != nil { // a note ends
		s.current = s.current.owner
	}
	if s.current.isUnit() {
		s.current = s.current.owner
	}
	before := s.unit.known[name]
	if e.number.IsZero() {
		before = nil
	}
	s.unit.fresh, s.unit.again, s.unit.page = e.kind == corpus.KindTable, false, l.page
	if goesOn && before != nil {
		s.unit.open, s.unit.again = before, true
		return
	}
	e.line, e.page = l.no, l.page
	s.entries = append(s.entries, e)
	s.unit.open, s.unit.known[name] = e, e
	if e.kind == corpus.KindFormula { // its "where" and its notes are the clause's
		s.unit.open = nil
	}
}

// underCaption takes a line between a caption and its rows.
func (s *sectioner) underCaption(l *line) {
	if e := s.unit.open; e.heading == "" {
		e.heading = l.text
	} else if !s.unit.again {
		e.text = append(e.text, l.text)
	}
}

// unitRow takes a row of the open table. Another table below it is none of its
// own, unless the page has changed between them.
func (s *sectioner) unitRow(l *line) bool {
	u := &s.unit
	if u.open == nil || u.open.kind != corpus.KindTable || s.current != nil && s.current.owner == u.open || l.start && !u.fresh && l.page <= u.page {
		u.open = nil
		return false
	}
	repeated := (u.again || l.start && !u.fresh) && l.text == headerOf(u.open)
	u.fresh, u.again, u.page = false, false, l.page
	if !repeated {
		u.open.text = append(u.open.text, l.text)
	}
	return true
}

// headerOf is the first row of a table.
func headerOf(e *entry) string {
	for _, l := range e.text {
		if strings.Contains(l, "| ") {
			return l
		}
	}
	return ""
}

// tableUnit opens the unit of a table or figure of an XML document whose name, or
// the paragraph above it where it has none, is a caption; nil for others. A part
// of a table that goes on is the unit that began before.
func (t *composer) tableUnit(name string, c *element, at *entry) *entry {
	found, ok := captionOf(name, true)
	if name == "" && at != nil && len(at.text) > 0 {
		last := len(at.text) - 1
		if found, ok = captionOf(at.text[last], false); ok && found.number.Kind == corpus.NumberTable && c.find(rowNames...) != nil {
			at.text = at.text[:last]
		} else {
			ok = false
		}
	}
	if !ok {
		return nil
	}
	return t.openUnit(found.number, found.title, found.goesOn, at)
}

func (t *composer) openUnit(n corpus.Number, title string, goesOn bool, at *entry) *entry {
	e := newUnit(n, title, at)
	e.annex = t.annex
	if goesOn {
		for i := len(t.entries) - 1; i >= 0; i-- {
			if before := t.entries[i]; before.isUnit() && before.annex == e.annex && before.number.String() == n.String() {
				return before
			}
		}
	}
	t.entries = append(t.entries, e)
	return e
}

// formulaUnit takes a formula that has a number. What explains its symbols goes to
// the clause.
func (t *composer) formulaUnit(c *element, at *entry) bool {
	all := c.children
	label, heading := t.titles(c)
	n, ok := parseFormulaNumber(label)
	if !ok || at == nil || at.isUnit() {
		c.children = all
		return false
	}
	before, lead := t.text.String(), t.lead
	t.text.Reset()
	t.lead = ""
	e := t.openUnit(n, heading, false, at)
	var after []*element
	for _, x := range c.children {
		if p := t.parts[x.name]; x.name == "dl" || x.name == "key" || p == partBlock || p == partList || p == partNote {
			after = append(after, x)
			continue
		}
		t.pour(&element{children: []*element{x}}, e)
	}
	if text := closeUp(foldBlanks(t.text.String())); text != "" {
		e.text = append(e.text, text)
	}
	t.text.Reset()
	t.text.WriteString(before)
	t.lead = lead
	if len(after) > 0 {
		t.flush(at)
		t.pour(&element{children: after}, at)
		t.flush(at)
	}
	return true
}

// looseUnit takes a paragraph that is the caption of a figure, or a formula with
// its number.
func (t *composer) looseUnit(text string, at *entry) bool {
	if at == nil || at.owner != nil {
		return false
	}
	if n, formula, ok := formulaOf(text); ok {
		t.openUnit(n, "", false, at).text = []string{formula}
		return true
	}
	c, ok := captionOf(text, false)
	if !ok || c.number.Kind != corpus.NumberFigure || c.title == "" {
		return false
	}
	t.openUnit(c.number, c.title, false, at)
	return true
}
