package reader

import (
	"io"
	"sort"
	"strconv"
	"strings"

	"concord/corpus"
)

// detectMetanorma recognises the documents of Metanorma of every flavour.
func detectMetanorma(_ string, head []byte) bool {
	name := rootName(head)
	return name == "metanorma" || strings.HasSuffix(name, "-standard")
}

// readMetanorma reads a standard in Metanorma XML, before or after its
// presentation was worked out. Numbers are counted as Metanorma counts them, so
// that both give the same clauses.
func readMetanorma(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	root, err := parseXML(text)
	if err != nil {
		return nil, err
	}
	numberMetanorma(root)
	return composeDocument(metanorma, root)
}

var metanorma = &vocabulary{
	parts: partsOf([]string{
		partSkip:     "bibdata boilerplate metanorma-extension misc-container asciimath latexmath image index bookmark fmt-title fmt-xref-label fmt-name fmt-preferred fmt-admitted fmt-deprecates fmt-definition fmt-termsource fmt-stem fmt-concept fmt-fn-label fmt-footnote-container fmt-eref fmt-origin fmt-identifier fmt-annotation-start fmt-annotation-end localized-strings annotation-container fmt-xref fmt-link fmt-sourcecode fmt-related fmt-provision annotation toc fmt-date",
		partPreface:  "foreword introduction abstract acknowledgements executivesummary",
		partClause:   "clause definitions terms references appendix",
		partAnnex:    "annex",
		partBlock:    "p sourcecode quote dt",
		partFormula:  "formula",
		partList:     "ul ol",
		partItem:     "li",
		partOther:    "dl",
		partTable:    "table figure",
		partNote:     "note termnote example termexample admonition",
		partFootnote: "fn",
	}),
	label:   []string{"num"},
	heading: []string{"title"},
	caption: []string{"name"},
	special: map[string]func(*composer, *element, *entry){
		"term": (*composer).metanormaTerm, "termsource": (*composer).metanormaSource, "source": (*composer).metanormaSource, "bibitem": (*composer).metanormaItem,
		"xref": (*composer).metanormaReference, "eref": (*composer).metanormaReference, "link": (*composer).metanormaReference, "concept": (*composer).metanormaConcept, "math": (*composer).formula, "sup": (*composer).raised, "br": (*composer).lineBreak, "tab": (*composer).lineBreak, "dt": (*composer).metanormaKey,
	},
	identity: identifyMetanorma,
}

// numberMetanorma puts the sections in the order in which they are printed and
// gives every numbered piece its number: sections in turn, with the normative
// references after the scope; annexes by letters; tables, figures and terms.
func numberMetanorma(root *element) {
	m := &metanormaNumbers{labels: map[string]string{}, words: metanormaWords["en"], letters: []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
	language := languageTag(root.child("bibdata").child("language").plain()).Base()
	if words, found := metanormaWords[language]; found {
		m.words = words
	}
	if letters, found := annexLetters[language]; found {
		m.letters = []rune(letters)
	}
	var top, annexes, rest []*element
	var preface []*element
	var references *element
	for _, c := range root.elements() {
		switch c.name {
		case "preface":
			for _, x := range c.elements() {
				if x.attr("type") != "toc" {
					preface = append(preface, x)
				}
			}
		case "sections":
			top = append(top, numberedOnly(c)...)
		case "annex":
			annexes = append(annexes, c)
		case "bibliography":
			for _, x := range c.elements() {
				if references == nil && isNormativeReferences(x) {
					references = x
				} else {
					x.name = "abstract" // it binds nobody
					rest = append(rest, x)
				}
			}
		default:
			rest = append(rest, c)
		}
	}
	if references != nil {
		at := min(1, len(top))
		top = append(top[:at:at], append([]*element{references}, top[at:]...)...)
	}
	sort.SliceStable(top, func(i, j int) bool { return displayOrder(top[i]) < displayOrder(top[j]) })
	for i, c := range top {
		m.clause(c, strconv.Itoa(i+1), false)
	}
	for i, c := range annexes {
		m.clause(c, first(presentedNumber(c), string(m.letters[i%len(m.letters)])), true)
	}
	root.children = append(append(append(preface, top...), annexes...), rest...)
	m.resolve(root)
}

// presentedNumber is the number that a worked-out presentation prints before the title of
// an annex.
func presentedNumber(c *element) string {
	number := ""
	c.child("fmt-title").each(func(e *element) bool {
		if e.attr("element") == "autonum" {
			number = first(number, e.plain())
		}
		return true
	})
	return number
}

// displayOrder is the place of a section in print, once it was worked out; 0 before.
func displayOrder(e *element) int {
	n, _ := strconv.Atoi(e.attr("displayorder"))
	return n
}

// numberedOnly leaves out the paragraphs that repeat the title above the sections.
func numberedOnly(sections *element) []*element {
	var out []*element
	for _, c := range sections.elements() {
		if c.name != "p" {
			out = append(out, c)
		}
	}
	return out
}

func isNormativeReferences(e *element) bool {
	title := strings.ToLower(e.child("title").plain())
	return e.attr("normative") == "true" || strings.Contains(title, "normative") || strings.Contains(title, "规范性")
}

// metanormaWords stand before the numbers of annexes, tables and figures in each language
// (ISO/IEC Directives 2, GB/T 1.1, GOST 1.5, by analogy the rest), and annexLetters number
// the annexes where it is not the Latin alphabet: GOST 1.5-2001, 3.12.4, leaves out Ё З Й О
// Ч Ъ Ы Ь; Arabic counts by the old order of the alphabet.
var (
	metanormaWords = map[corpus.Language][3]string{
		"en": {"Annex ", "Table ", "Figure "}, "fr": {"Annexe ", "Tableau ", "Figure "}, "ru": {"Приложение ", "Таблица ", "Рисунок "}, "zh": {"附录", "表", "图"},
		"ar": {"الملحق ", "الجدول ", "الشكل "}, "es": {"Anexo ", "Tabla ", "Figura "}, "de": {"Anhang ", "Tabelle ", "Bild "}, "ja": {"附属書", "表", "図"}, "ko": {"부속서", "표", "그림"},
	}
	annexLetters = map[corpus.Language]string{"ru": "АБВГДЕЖИКЛМНПРСТУФХЦШЩЭЮЯ", "kk": "АБВГДЕЖИКЛМНПРСТУФХЦШЩЭЮЯ", "ar": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"}
)

// metanormaNumbers counts.
type metanormaNumbers struct {
	labels  map[string]string // of what references lead to, by id
	words   [3]string         // for an annex, a table and a figure
	letters []rune            // of annexes
	tables  int
	figure  int
	formula int
}

// clause numbers a clause and what is in it.
func (m *metanormaNumbers) clause(c *element, number string, annex bool) {
	label, word := number, "Clause "
	if annex {
		label, word = m.words[0]+number, ""
		m.tables, m.figure, m.formula = 0, 0, 0
	}
	withoutNumber(c.child("title", "name"), label)
	c.children = append([]*element{{name: "num", children: []*element{{text: label}}}}, c.children...)
	m.note(c, word+label)
	n := 0
	for _, x := range c.elements() {
		switch x.name {
		case "clause", "terms", "definitions", "references":
			n++
			m.clause(x, number+"."+strconv.Itoa(n), false)
		case "term":
			n++
			m.clause(x, number+"."+strconv.Itoa(n), false)
		default:
			m.floats(x, number)
		}
	}
}

// withoutNumber takes off a title the number that older presentations print in it:
// "5.1<tab/>Height", "5.1." alone.
func withoutNumber(title *element, number string) {
	if title == nil || len(title.children) == 0 {
		return
	}
	first := title.children[0]
	if first.name == "" && strings.Trim(first.text, ". \u00a0") == number && (len(title.children) == 1 || title.children[1].name == "tab") {
		title.children = title.children[min(2, len(title.children)):]
	}
}

func (m *metanormaNumbers) note(e *element, label string) {
	for _, name := range []string{"id", "anchor"} {
		if id := e.attr(name); id != "" {
			m.labels[id] = label
		}
	}
}

// floats numbers tables and figures, which are counted through the document and
// within each annex.
func (m *metanormaNumbers) floats(e *element, section string) {
	switch e.name {
	case "table":
		m.tables++
		m.float(e, m.words[1], m.tables, section)
	case "figure":
		m.figure++
		m.float(e, m.words[2], m.figure, section)
		return
	case "formula":
		m.formula++
		label := "(" + inAnnex(section, m.formula) + ")"
		e.children = append([]*element{{name: "num", children: []*element{{text: label}}}}, e.children...)
		m.note(e, "Formula "+label)
	}
	for _, c := range e.elements() {
		m.floats(c, section)
	}
}

func (m *metanormaNumbers) float(e *element, word string, n int, section string) {
	label := word + inAnnex(section, n)
	e.children = append([]*element{{name: "num", children: []*element{{text: label}}}}, e.children...)
	m.note(e, label)
}

// inAnnex is a count with the letter of the annex it was counted in.
func inAnnex(section string, n int) string {
	if letter, _, _ := strings.Cut(section, "."); letter != "" && letter[0] >= 'A' {
		return letter + "." + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// resolve writes what references lead to in their place.
func (m *metanormaNumbers) resolve(root *element) {
	root.each(func(e *element) bool {
		if e.name == "xref" && e.plain() == "" {
			e.children = []*element{{text: m.labels[e.attr("target")]}}
		}
		return true
	})
}

// metanormaReference writes a reference as it is cited.
func (t *composer) metanormaReference(c *element, at *entry) {
	text := c.plain()
	if c.name != "xref" && c.child("locality", "localityStack") != nil || text == "" {
		text = first(strings.TrimSpace(c.attr("citeas")+localityOf(c)), c.attr("target"))
	}
	t.text.WriteString(text)
}

// localityOf is the place in a cited document: ", Clause 3.1".
func localityOf(c *element) string {
	locality := c.find("locality")
	if locality == nil {
		return ""
	}
	return ", " + capitalised(first(locality.attr("type"), "clause")) + " " + locality.child("referenceFrom").plain()
}

// metanormaConcept is a term used in a text.
func (t *composer) metanormaConcept(c *element, at *entry) {
	t.text.WriteString(first(c.child("renderterm").plain(), c.child("refterm").plain()))
}

// metanormaKey is a symbol of a key, before what it means.
func (t *composer) metanormaKey(c *element, at *entry) {
	t.flush(at)
	t.lead = t.words(c) + ":"
}

// metanormaItem is a cited document in a list of references.
func (t *composer) metanormaItem(c *element, at *entry) {
	t.flush(at)
	id := ""
	for _, x := range c.children {
		if x.name == "docidentifier" && id == "" && x.attr("type") != "metanorma" && x.attr("scope") == "" {
			id = x.plain()
		}
	}
	title := c.child("formattedref").plain()
	for _, x := range c.children {
		if x.name == "title" && (title == "" || x.attr("type") == "main" && x.attr("language") == "en") {
			title = x.plain()
		}
	}
	if line := strings.Trim(id+", "+title, ", "); line != "" {
		t.put(line, at)
	}
}

// metanormaSource is where a term was taken from.
func (t *composer) metanormaSource(c *element, at *entry) {
	t.flush(at)
	origin := c.child("origin")
	if origin == nil {
		return
	}
	source := first(origin.attr("citeas")+localityOf(origin), origin.plain())
	if c.attr("status") == "modified" {
		source += ", modified"
		if how := c.child("modification").plain(); how != "" {
			source += " — " + how
		}
	}
	t.put("[SOURCE: "+source+"]", at)
}

// metanormaTerm takes an entry of a vocabulary: preferred and admitted terms in
// every language are its heading.
func (t *composer) metanormaTerm(c *element, at *entry) {
	t.flush(at)
	label, _ := t.titles(c)
	e := &entry{number: parseNumber(label), level: t.depth + 1, annex: t.annex, kind: corpus.KindDefinition}
	var names []string
	for _, x := range c.elements() {
		if x.name == "preferred" || x.name == "admitted" {
			name := x
			if inner := x.find("name"); inner != nil {
				name = inner
			}
			if words := t.words(name); words != "" {
				names = append(names, words)
			}
		}
	}
	e.heading = strings.Join(names, "; ")
	t.entries = append(t.entries, e)
	t.depth++
	for _, x := range c.elements() {
		switch x.name {
		case "preferred", "admitted", "deprecates", "domain", "related":
		case "definition":
			body := x
			if verbal := x.child("verbal-definition"); verbal != nil {
				body = verbal
			}
			t.pour(body, e)
			t.flush(e)
		default:
			t.pour(&element{children: []*element{x}}, e)
			t.flush(e)
		}
	}
	t.depth--
}

// identifyMetanorma reads the bibliographic data.
func identifyMetanorma(root *element, doc *corpus.Document) {
	s := &doc.Standard
	data := root.find("bibdata")
	if data == nil {
		return
	}
	s.Language = languageTag(data.child("language").plain())
	for _, c := range data.children {
		switch c.name {
		case "docidentifier":
			if s.Designation == "" {
				s.Designation = c.plain()
			}
		case "title":
			if kind := c.attr("type"); kind == "main" || kind == "" {
				s.Titles = append(s.Titles, corpus.Title{Language: languageTag(c.attr("language")), Text: c.plain()})
			}
		case "date":
			if c.attr("type") == "implemented" {
				s.InForce = isoDate(c.child("on").plain())
			}
		}
	}
	for _, c := range data.child("ext").elements() {
		switch c.name {
		case "ics":
			s.ICS = append(s.ICS, c.plain())
		case "ccs":
			s.CCS = append(s.CCS, c.plain())
		}
	}
	ownTitleFirst(s)
}
