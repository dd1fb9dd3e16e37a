package reader

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// templateLanguage is what the templates of pages say of the language where nobody said it:
// it counts when the text does not say otherwise.
const templateLanguage corpus.Language = "en"

// readPage reads a page whose structure is in headings, numbers and tables.
func readPage(root *element, hint Hint) ([]*corpus.Document, error) {
	w := &webPage{}
	w.title = foldBlanks(root.find("title").plain())
	body := mainPart(root)
	footnoteLists(root)
	w.ids = root.byID()
	w.cited, w.marks = map[*element]bool{}, map[*element]string{}
	body.each(w.anchored)
	body.each(func(e *element) bool {
		if e.name == "a" {
			if note := w.footnoteOf(e); note != nil {
				w.cited[note] = true
			}
		}
		return true
	})
	w.inside(body)
	w.flush()
	title := w.page.title
	w.page.title = ""
	doc := w.document(hint)
	s := &doc.Standard
	if s.Language = languageTag(root.find("html").attr("lang")); hint.Language != "" || s.Language == "" || s.Language == templateLanguage && w.guessed != "" && w.guessed != templateLanguage {
		s.Language = ""
	}
	if len(s.Titles) == 0 && title != "" {
		s.Titles = []corpus.Title{{Text: title}}
	}
	if found := corpus.FindDesignations(title); len(found) == 1 {
		s.Designation = title[found[0].Start:found[0].End]
		doc.Problems = append(doc.Problems, corpus.Say(corpus.SeverityWarning, "identity", "designation-from-page", "the designation {value} was taken from the page's title", "give --standard if it is another", "value", quote(s.Designation)))
	}
	if act, found := corpus.UnionAct(title); found && s.Designation == "" {
		registeredPage(doc, act)
	}
	return []*corpus.Document{doc}, nil
}

// registeredPage gives a page that is called after a number of the Union's registers the
// act's identity, and the title that stands in its first lines.
func registeredPage(doc *corpus.Document, act corpus.Designation) {
	s := &doc.Standard
	s.Designation, s.Jurisdiction = act.String(), "EU"
	for _, c := range doc.Clauses[:min(len(doc.Clauses), 1)] {
		for _, line := range strings.Split(c.Text, "\n") {
			if named, err := corpus.ParseDesignation(euDesignation(line)); err == nil && named.Same(act) {
				s.Titles = []corpus.Title{{Text: line}}
				return
			}
		}
	}
}

// footnoteLists makes of a list of footnotes, as docutils writes them as dl, one element a
// footnote.
func footnoteLists(root *element) {
	root.each(func(e *element) bool {
		if e.name != "dl" || !e.hasClass("footnote") {
			return true
		}
		var notes []*element
		for _, c := range e.elements() {
			switch n := len(notes); {
			case c.name == "dt":
				notes = append(notes, &element{name: "aside", attrs: []attribute{{"class", "footnote"}, {"id", c.attr("id")}}, children: c.children})
			case n > 0:
				notes[n-1].children = append(notes[n-1].children, c)
			}
		}
		e.name, e.children = "div", notes
		return false
	})
}

// mainPart is the part of a page that holds the document: what says so and has
// most of the words, else all.
func mainPart(root *element) *element {
	body := root.find("body")
	if body == nil {
		return root
	}
	words := len(body.plain())
	var best *element
	body.each(func(e *element) bool {
		if best == nil && (e.name == "main" || e.attr("role") == "main" || e.attr("itemprop") == "articleBody") && len(e.plain())*5 > words*2 {
			best = e
		}
		return best == nil
	})
	if best != nil {
		return best
	}
	return body
}

// webPage walks through a page.
type webPage struct {
	page
	ids    map[string]*element
	buffer strings.Builder
	bold   strings.Builder     // words in bold type at the start of the paragraph
	plain  bool                // something not in bold has come
	strong int                 // elements in bold that are open
	mark   string              // of the item whose text comes next
	dfn    string              // the term that the paragraph opens with, where the page marks it
	notes  []*element          // footnotes referred to in the paragraph
	marks  map[*element]string // as the link to a footnote prints it
	cited  map[*element]bool   // footnotes that some paragraph refers to
	inNote int
	depth  int // lists that are open
}

// What elements are, by name and by class.
var (
	blockNames  = wordSet("p div section article aside blockquote dd dt dl li ul ol pre figure figcaption header footer address center details summary body main fieldset caption hr")
	leftOut     = wordSet("nav head aside")
	leftOutMark = wordSet("toc toctree-wrapper headerlink breadcrumb breadcrumbs wy-nav-side wy-nav-top wy-breadcrumbs sidebar navigation noprint skip-link rst-footer-buttons colophon MsoToc1 MsoToc2 coverpage boilerplate-legal system-message")
	noteMarks   = wordSet("advisory note Note admonition Admonition example Example remark commentary informative-note admonitionblock exampleblock")
	boldNames   = wordSet("b strong")
)

// skipped tells whether an element is none of the document's words.
func skipped(e *element) bool {
	if e.attr("role") == "navigation" || e.attr("role") == "search" {
		return true
	}
	if leftOut[e.name] && !isAside(e) {
		return true
	}
	if e.attr("aria-hidden") == "true" && e.name != "figcaption" { // Pandoc hides captions that the picture's own words repeat
		return true
	}
	for _, a := range e.attrs {
		if a.name == "hidden" {
			return true
		}
	}
	for _, c := range e.classes() {
		if leftOutMark[c] {
			return true
		}
	}
	return false
}

// isAside tells whether what stands beside the text is of it all the same: docutils marks
// notes and footnotes so.
func isAside(e *element) bool {
	if e.name != "aside" {
		return false
	}
	for _, c := range e.classes() {
		if noteMarks[c] || strings.HasPrefix(c, "footnote") {
			return true
		}
	}
	return strings.HasPrefix(e.attr("role"), "doc-footnote") || strings.HasPrefix(e.attr("type"), "footnote") // epub:type
}

// inside takes the children of an element.
func (w *webPage) inside(e *element) {
	for _, c := range e.children {
		if c.name == "" {
			w.text(c.text)
			continue
		}
		if !skipped(c) && !w.cited[c] {
			w.element(c)
		}
	}
}

// text adds words to the open paragraph.
func (w *webPage) text(s string) {
	s = strings.Map(blankLine, s)
	w.buffer.WriteString(s)
	if w.strong > 0 && !w.plain {
		w.bold.WriteString(s)
	} else if strings.TrimSpace(s) != "" {
		w.plain = true
	}
}

// blankLine makes a line feed of the source a blank; only <br> breaks a line.
func blankLine(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' {
		return ' '
	}
	return r
}

func (w *webPage) element(e *element) {
	switch {
	case isHeadingName(e.name):
		w.flush()
		w.heading(int(e.name[1]-'0'), headingText(e))
	case isNoteElement(e) && w.inNote == 0:
		w.noteElement(e)
	case e.name == "table":
		w.flush()
		w.tableElement(e)
	case e.name == "br":
		w.buffer.WriteByte('\n')
	case e.name == "math":
		w.text(" " + mathText(e) + " ")
	case e.name == "sup":
		w.raisedText(e)
	case e.name == "a":
		w.link(e)
	case e.name == "ol" || e.name == "ul":
		w.flush()
		w.list(e)
	case e.name == "dfn":
		if strings.Trim(w.buffer.String(), " \u00a0‘“«„\"'") == "" {
			w.dfn = foldBlanks(e.plain())
		}
		w.inside(e)
	case e.name == "dl":
		w.flush()
		w.terms(e)
	case e.name == "dt":
		w.flush()
		w.inside(e)
		if w.mark = foldBlanks(w.buffer.String()); !isItem(w.mark + " ") { // "1." is the mark of an item, in German federal law
			w.mark = strings.TrimRight(w.mark, ":") + ":"
		}
		w.reset()
	case blockNames[e.name]:
		w.flush()
		w.inside(e)
		w.flush()
	case boldNames[e.name] || isBoldStyle(e):
		w.strong++
		w.inside(e)
		w.strong--
	default:
		w.inside(e)
	}
}

// termLists are the words in the class of a list of terms that say that it defines them.
var termLists = wordSet("glossary definitions definition-list termlist terms definition")

// terms is a list of names with what belongs to each: definitions where the page or the
// section says so. One whose names are marks of items, as German federal law has it, is
// an enumeration.
func (w *webPage) terms(dl *element) {
	marked := dl.attr("role") == "glossary"
	for _, class := range dl.classes() {
		marked = marked || termLists[class]
	}
	term, dfn, any := "", false, false
	var walk func(*element)
	walk = func(e *element) {
		for _, c := range e.children {
			switch {
			case skipped(c):
			case c.name == "dt":
				w.flush()
				w.inside(c)
				text := foldBlanks(w.buffer.String())
				w.reset()
				if isItem(text + " ") {
					w.mark = text
					continue
				}
				term, dfn = strings.TrimPrefix(term+"; "+text, "; "), dfn || c.find("dfn") != nil
			case c.name == "dd":
				if term != "" {
					w.defines(term, marked || dfn)
					term, dfn, any = "", false, true
				}
				w.inside(c)
				w.flush()
			case c.name == "div":
				walk(c)
			case c.name != "":
				w.element(c)
			}
		}
	}
	walk(dl)
	if any {
		w.endTerms()
	}
}

func isHeadingName(name string) bool {
	return len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6'
}

func isBoldStyle(e *element) bool {
	style := strings.ReplaceAll(e.attr("style"), " ", "")
	return strings.Contains(style, "font-weight:bold") || strings.Contains(style, "font-weight:700")
}

// headingText is the text of a heading without its own link and line breaks.
func headingText(e *element) string {
	var b strings.Builder
	var gather func(*element)
	gather = func(e *element) {
		for _, c := range e.children {
			switch {
			case c.name == "":
				b.WriteString(c.text)
			case c.name == "br":
				b.WriteByte(' ')
			case skipped(c):
			default:
				gather(c)
			}
		}
	}
	gather(e)
	return b.String()
}

// raisedText is a superscript; one that is a link is the mark of a footnote.
func (w *webPage) raisedText(e *element) {
	if a := e.find("a"); a != nil && w.footnoteOf(a) != nil {
		w.link(a)
		return
	}
	w.text(raise(w.buffer.String(), e.plain()))
}

// link gives the words of a link; the mark of a footnote is noted instead.
func (w *webPage) link(e *element) {
	if note := w.footnoteOf(e); note != nil {
		w.notes = append(w.notes, note)
		w.marks[note] = first(w.marks[note], strings.Trim(foldBlanks(e.plain()), "[]"))
		return
	}
	w.inside(e)
}

// footnoteID is the name that writers of web pages give the place of a footnote: fn1,
// fn:2 (Markdown), _ftn3 (Word), sdfootnote4sym (LibreOffice); footnoteBack is that of the
// mark it belongs to. The pages of a book that are joined may have numbers behind them.
var (
	footnoteID   = regexp.MustCompile(`^(?i:_?ftn|_?edn|fn|foot-?notes?|end-?notes?|sdfootnote|sdendnote)[-_:.]?\w{0,4}?\d+(?:sym)?(?:~\d+)?$`)
	footnoteBack = regexp.MustCompile(`(?i)ref|anc|back`)
)

// anchored takes a paragraph that opens with the anchor of a footnote for the footnote.
func (w *webPage) anchored(e *element) bool {
	if e.name != "p" && e.name != "li" && e.name != "dd" && e.name != "td" {
		return true
	}
	for _, c := range e.children {
		if c.name == "" && strings.TrimSpace(c.text) == "" {
			continue
		}
		if c.name == "sup" {
			c = c.find("a")
		}
		if id := first(c.attr("id"), c.attr("name")); c != nil && c.name == "a" && footnoteID.MatchString(id) && !footnoteBack.MatchString(id) {
			w.ids[id] = e
		}
		break
	}
	return true
}

// footnoteOf finds the footnote a link marks: its words are a figure or sign, and
// what it leads to is called a footnote.
func (w *webPage) footnoteOf(a *element) *element {
	target := w.ids[strings.TrimPrefix(a.attr("href"), "#")]
	if target == nil || !strings.HasPrefix(a.attr("href"), "#") || utf8.RuneCountInString(a.plain()) > 4 {
		return nil
	}
	for _, c := range target.classes() {
		if strings.Contains(strings.ToLower(c), "footnote") && target.name != "a" && target.name != "sup" { // else it leads back to its mark
			return target
		}
	}
	id := strings.TrimPrefix(a.attr("href"), "#")
	if footnoteID.MatchString(id) && !footnoteBack.MatchString(id) && target.name != "a" && target.name != "sup" && strings.IndexFunc(a.plain(), unicode.IsLetter) < 0 {
		return target
	}
	return nil
}

// flush ends a paragraph.
func (w *webPage) flush() {
	text, bold, dfn := w.buffer.String(), foldBlanks(w.bold.String()), w.dfn
	notes := w.notes
	w.reset()
	w.notes = nil
	if strings.TrimSpace(text) != "" {
		if w.mark != "" {
			mark := w.mark
			w.mark = ""
			w.item(mark, foldBlanks(text))
		} else {
			if dfn != "" {
				w.put(line{term: dfn, whole: true})
			}
			w.paragraph(text, bold)
		}
	}
	for _, n := range notes {
		mark, text := footnoteText(n)
		if mark == "*" {
			mark = first(w.marks[n], mark)
		}
		w.page.note(mark)
		w.keep(text)
		w.close()
	}
}

// footnoteText splits a footnote from its mark, which stands before it raised or
// as a link, and leaves out the link back.
func footnoteText(e *element) (mark, text string) {
	var b strings.Builder
	var gather func(*element)
	gather = func(e *element) {
		for _, c := range e.children {
			words := c.plain()
			switch {
			case c.name == "":
				b.WriteString(c.text)
			case c.attr("class") == "fn-bracket": // around the mark
			case (c.name == "a" && strings.HasPrefix(c.attr("href"), "#") || c.name == "sup") && utf8.RuneCountInString(words) <= 4 && (words == "↩" || strings.TrimSpace(b.String()) == ""):
				if mark == "" && words != "↩" {
					mark = words
				}
			default:
				gather(c)
			}
		}
	}
	gather(e)
	text = foldBlanks(b.String())
	if mark != "" {
		text = strings.TrimPrefix(text, ". ") // behind the mark
	}
	return first(mark, "*"), text
}

func (w *webPage) reset() {
	w.buffer.Reset()
	w.bold.Reset()
	w.plain, w.dfn = false, ""
}

// list gives the items of a list the marks a browser prints. A list that only leads
// to numbered chapters is a table of contents and left out.
func (w *webPage) list(e *element) {
	if w.depth == 0 && isContents(e) {
		return
	}
	n := 1
	if start, err := strconv.Atoi(e.attr("start")); err == nil {
		n = start
	}
	for _, li := range e.children {
		if li.name != "li" {
			if li.name != "" && !skipped(li) {
				w.element(li)
			}
			continue
		}
		if w.cited[li] {
			n++
			continue
		}
		w.flush()
		w.mark = listMark(e, n, w.depth)
		w.depth++
		w.inside(li)
		w.flush()
		w.depth--
		w.mark = ""
		n++
	}
}

// minLinks is how many links a list of contents has at least.
const minLinks = 4

// isContents tells whether a list says nothing but the words of links to places in
// the same document, most of which begin with a number.
func isContents(list *element) bool {
	links, numbered, others := 0, 0, false
	var walk func(e *element)
	walk = func(e *element) {
		for _, c := range e.children {
			switch {
			case c.name == "a":
				href := c.attr("href")
				others = others || href == "" || strings.Contains(href, ":")
				links++
				if _, _, ok := leadingNumber(foldBlanks(c.plain())); ok {
					numbered++
				}
			case c.name == "":
				others = others || strings.TrimSpace(c.text) != ""
			default:
				walk(c)
			}
		}
	}
	walk(list)
	return !others && links >= minLinks && numbered*2 > links
}

// listMark is what a browser prints before the n-th item; figures of a list in a
// list have another mark, so that they do not pass for those of the outer one.
func listMark(list *element, n, depth int) string {
	if list.name == "ul" {
		return "—"
	}
	class := " " + list.attr("class") + " "
	switch kind := list.attr("type"); {
	case kind == "a" || strings.Contains(class, " loweralpha "):
		return string(rune('a'+(max(n, 1)-1)%26)) + "."
	case kind == "A" || strings.Contains(class, " upperalpha "):
		return string(rune('A'+(max(n, 1)-1)%26)) + "."
	}
	if depth > 0 {
		return strconv.Itoa(n) + ")"
	}
	return strconv.Itoa(n) + "."
}

// isNoteElement tells whether an element marks a note, example or comment.
func isNoteElement(e *element) bool {
	for _, c := range e.classes() {
		if noteMarks[c] {
			return true
		}
	}
	return false
}

// noteElement takes a marked note: its words in bold, or the word NOTE and its
// number, name it.
func (w *webPage) noteElement(e *element) {
	w.flush()
	before := len(w.lines)
	w.inNote++
	switch table := onlyTable(e); {
	case e.name == "table": // laid out as label and text
		for _, row := range tableCells(e) {
			w.paragraph(strings.Join(row, " "), "")
		}
	case table != nil: // Asciidoctor: its icon or name, and the text
		for _, row := range tableRowsOnly(table) {
			cells := row.elements()
			w.paragraph(cellText(cells[0]), "")
			w.inside(cells[1])
			w.flush()
		}
	default:
		w.inside(e)
	}
	w.flush()
	w.inNote--
	body := append([]line(nil), w.lines[before:]...)
	w.lines = w.lines[:before]
	first := -1
	for i := range body {
		if body[i].text != "" {
			first = i
			break
		}
	}
	if first < 0 {
		return
	}
	name, rest := noteName(body[first], len(body) > first+2)
	if name == "NOTE" && rest != "" && isExampleBlock(e) {
		name = "EXAMPLE"
	}
	w.page.note(name)
	w.keep(rest)
	for _, l := range body[first+1:] {
		l.level, l.keep = 0, true
		if l.text != "" || l.rows != nil {
			w.put(l)
		}
	}
	w.close()
}

// onlyTable is the table of two cells a row that is all of a note.
func onlyTable(e *element) *element {
	all := e.elements()
	if len(all) != 1 || all[0].name != "table" {
		return nil
	}
	for _, row := range tableRowsOnly(all[0]) {
		if cells := row.elements(); len(cells) != 2 || foldBlanks(cells[0].plain()) == "" {
			return nil
		}
	}
	return all[0]
}

// isExampleBlock tells whether an element is marked as an example.
func isExampleBlock(e *element) bool {
	for _, c := range e.classes() {
		if strings.HasPrefix(strings.ToLower(c), "example") {
			return true
		}
	}
	return false
}

// noteName splits the name of a note from its text: words in bold, a word such as
// NOTE 1, or nothing but NOTE.
func noteName(l line, more bool) (name, rest string) {
	if l.bold != "" && strings.HasPrefix(l.text, l.bold) {
		return strings.TrimRight(l.bold, ". "), strings.TrimLeft(strings.TrimPrefix(l.text, l.bold), ". ")
	}
	if n, text, ok := leadingNote(l.text); ok {
		return n.Label, text
	}
	if l.level > 0 || more && utf8.RuneCountInString(l.text) <= 30 && !endsSentence(l.text) {
		return l.text, ""
	}
	return "NOTE", l.text
}

// tableElement puts a table, or the points of one that only lays them out.
func (w *webPage) tableElement(e *element) {
	if w.points(e) {
		return
	}
	w.table(tableCells(e), e.find("caption").plain())
}

// points takes a table whose every row is a mark and a text.
func (w *webPage) points(e *element) bool {
	type point struct {
		mark string
		body *element
	}
	var points []point
	for _, row := range tableRowsOnly(e) {
		mark, body := layoutRow(row)
		if body == nil {
			return false
		}
		points = append(points, point{mark, body})
	}
	for _, p := range points {
		w.mark = p.mark
		w.inside(p.body)
		w.flush()
		w.mark = ""
	}
	return len(points) > 0
}

// tableCells are the texts of a table's cells by row. A cell that spans several
// columns is followed by empty ones.
func tableCells(e *element) [][]string {
	var rows [][]string
	cells := 0
	for _, row := range tableRowsOnly(e) {
		var texts []string
		for _, c := range row.children {
			if !isOneOf(c.name, cellNames) || len(texts) >= maxColumns || cells >= maxCells {
				continue
			}
			texts = append(texts, cellText(c))
			cells++
		}
		if len(texts) > 0 {
			rows = append(rows, texts)
		}
	}
	return rows
}

// cellText is the text of a cell; rows of a table inside it are parted by
// semicolons.
func cellText(c *element) string {
	var b strings.Builder
	var gather func(*element)
	gather = func(e *element) {
		for _, c := range e.children {
			switch {
			case c.name == "":
				b.WriteString(c.text)
			case skipped(c):
			case c.name == "math":
				b.WriteString(" " + mathText(c) + " ")
			case c.name == "sup":
				b.WriteString(raise(b.String(), c.plain()))
			case c.name == "tr":
				gather(c)
				b.WriteString("; ")
			case blockNames[c.name] || c.name == "br" || isOneOf(c.name, cellNames):
				b.WriteByte(' ')
				gather(c)
				b.WriteByte(' ')
			default:
				gather(c)
			}
		}
	}
	gather(c)
	return closeUp(foldBlanks(strings.TrimRight(strings.TrimSpace(b.String()), ";")))
}
