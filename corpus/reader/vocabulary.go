package reader

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"concord/corpus"
)

// part is what an element of an XML vocabulary is. What a vocabulary does not
// name is looked through between clauses and taken as a part of the text inside
// one.
type part int

// The parts.
const (
	partOther     part = iota
	partSkip           // metadata, navigation, history
	partDivision       // chapter, part: groups clauses; the rank is the element's
	partClause         // numbered piece with a heading
	partParagraph      // numbered piece of a clause that is cited with it: 5(1)
	partAnnex          // annex or schedule
	partHeading        // a heading that stands before what it groups
	partBlock          // paragraph of text
	partFormula        // formula: a line of its own unless inside a paragraph
	partItem           // item of a list
	partList           // list, for the marks of items that print none
	partTable          // table with rows and cells of any kind
	partNote           // note or example
	partFootnote       // footnote, where it is referred to
	partRecital        // reason before the articles of a law
	partPreface        // text that binds nobody, with a heading of its own or none
	partQuote          // words for another text, as amendments have them: its articles are not ours
)

// vocabulary says what the elements of one family of XML documents are. It is
// data; what cannot be said in a table is a function of special.
type vocabulary struct {
	roots    []string // outermost elements, where they are known by name
	parts    map[string]part
	label    []string // children that hold a number
	heading  []string // children that hold a heading
	caption  []string // children of a table that name it
	rank     map[string]string
	level    map[string]int // of an element, for headings that stand before what they group
	special  map[string]func(*composer, *element, *entry)
	identity func(*element, *corpus.Document)
}

// partsOf lays out which elements are what, from names with blanks between them; a table
// written so takes less room than one with a line for every element.
func partsOf(names []string) map[string]part {
	parts := map[string]part{}
	for p, list := range names {
		for _, name := range strings.Fields(list) {
			parts[name] = part(p)
		}
	}
	return parts
}

// composer turns a tree of elements into entries.
type composer struct {
	*vocabulary
	entries []*entry
	annex   string
	depth   int
	inside  int             // paragraphs that are open
	listed  int             // items that are open
	quoted  int             // quotations that are open
	text    strings.Builder // of the paragraph being gathered
	lead    string          // marks of items before the text
	front   *entry          // text before the first heading
	body    bool            // schedules belong to parts
	part    *entry          // to which the next annex belongs, where each part has its own
	lapsed  int             // pieces that are open and not in force
	past    int             // clauses in them
}

// notInForce are what vocabularies of laws say of a provision that was repealed, or has
// not come into force, in an attribute (CLML Status, USLM and Akoma Ntoso status).
var notInForce = wordSet("repealed dead prospective removed omitted transferred expired terminated renumbered")

// isLapsed tells whether a piece says that it is not in force. One of CLML that does not
// match the date that was asked for has been in force until another (Match, with a date).
func isLapsed(c *element) bool {
	return notInForce[strings.ToLower(first(c.attr("Status"), c.attr("status")))] || c.attr("Match") == "false" && c.attr("RestrictEndDate") != ""
}

// readVocabulary reads an XML document of one vocabulary.
func readVocabulary(v *vocabulary, text string) ([]*corpus.Document, error) {
	root, err := parseXML(text)
	if err != nil {
		return nil, err
	}
	return composeFound(v, root)
}

// composeFound makes the documents of a tree: of its outermost element, or of what a
// service or database has put around some.
func composeFound(v *vocabulary, root *element) ([]*corpus.Document, error) {
	if v.roots == nil || isOneOf(root.name, v.roots) {
		return composeDocument(v, root)
	}
	var acts []*element
	root.each(func(e *element) bool {
		last := len(acts) - 1
		switch {
		case !isOneOf(e.name, v.roots):
			return true
		case last >= 0 && v.parts[e.name] == partAnnex: // of the act before it
			acts[last].children = append(acts[last].children, e)
		default:
			acts = append(acts, e)
		}
		return false
	})
	var docs []*corpus.Document
	for _, act := range acts {
		more, err := composeDocument(v, act)
		if err != nil {
			return nil, err
		}
		if docs == nil || !onlyPreamble(more[0].Clauses) { // a record of a language that has no text
			docs = append(docs, more...)
		}
	}
	return docs, nil
}

// rooted tells whether a file is of a vocabulary by its outermost element, or by one
// near its beginning where something else is around it, as the answers of services have
// it.
func (v *vocabulary) rooted(head []byte) bool {
	root := rootName(head)
	if isOneOf(root, v.roots) {
		return true
	}
	head = head[:min(len(head), 2048)]
	for _, name := range v.roots {
		at := bytes.Index(head, []byte(name))
		if root != "" && root != "html" && at > 0 && (head[at-1] == '<' || head[at-1] == ':') && bytes.IndexByte([]byte(" \t\r\n>"), head[min(at+len(name), len(head)-1)]) >= 0 {
			return true
		}
	}
	return false
}

// composeDocument makes the document of a tree.
func composeDocument(v *vocabulary, root *element) ([]*corpus.Document, error) {
	doc := &corpus.Document{}
	v.identity(root, doc)
	t := &composer{vocabulary: v}
	switch v.parts[root.name] {
	case partDivision, partClause, partAnnex: // a part of a document is one too
		root = &element{children: []*element{root}}
	}
	t.pour(root, nil)
	t.flush(nil)
	clauses, problems := buildClauses(subdivide(t.entries), &doc.Standard, false)
	doc.Clauses, doc.Problems = clauses, append(doc.Problems, problems...)
	if t.past > 0 {
		doc.Problems = append(doc.Problems, corpus.Say(corpus.SeverityNote, "", "not-in-force", "provisions that are repealed or not yet in force were kept as informative: {count}", "", "count", t.past))
	}
	return []*corpus.Document{doc}, nil
}

// pour takes what is inside an element. Text outside of any clause, between
// elements of structure, belongs to the preamble.
func (t *composer) pour(e *element, at *entry) {
	for _, c := range e.children {
		if c.name == "" {
			t.text.WriteString(c.text)
			continue
		}
		p := t.parts[c.name]
		if special := t.special[c.name]; special != nil && (t.quoted == 0 || p < partDivision || p > partHeading) {
			special(t, c, at)
			continue
		}
		t.take(c, at)
	}
}

// take handles one element.
func (t *composer) take(c *element, at *entry) {
	p := t.parts[c.name]
	if t.quoted > 0 && p >= partDivision && p <= partHeading {
		unwrapTitle(c)
		p = partItem
	}
	switch p {
	case partSkip:
	case partQuote:
		t.flush(at)
		t.quoted++
		t.lead = c.attr("startQuote")
		t.pour(c, at)
		t.quoted--
		t.flush(at)
		if at != nil && len(at.text) > 0 {
			at.text[len(at.text)-1] += c.attr("endQuote")
		}
	case partDivision, partClause, partParagraph, partAnnex, partRecital, partPreface:
		t.flush(at)
		t.open(c, p, at)
	case partHeading:
		t.flush(at)
		t.headingBefore(c)
	case partFormula:
		if t.formulaUnit(c, at) {
			return
		}
		if t.inside > 0 {
			t.pour(c, at)
			return
		}
		fallthrough
	case partBlock:
		t.flush(at)
		t.inside++
		t.pour(c, at)
		t.inside--
		t.flush(at)
	case partList:
		t.flush(at)
		t.list(c, at)
	case partItem:
		t.flush(at)
		t.item(c, at, "")
	case partTable:
		t.flush(at)
		t.table(c, at)
	case partNote, partFootnote:
		t.note(c, at, p)
	default:
		t.pour(c, at)
	}
}

// flush ends a paragraph and adds it to the entry.
func (t *composer) flush(at *entry) {
	text := closeUp(foldBlanks(t.text.String()))
	t.text.Reset()
	if text == "" || strings.Trim(text, "()[] ") == "" { // brackets around what was amended
		return
	}
	if t.lead != "" {
		text, t.lead = t.lead+" "+text, ""
	} else if t.looseUnit(text, at) {
		return
	}
	t.put(text, at)
}

// put adds a line to an entry, or to the preamble where there is none yet.
func (t *composer) put(line string, at *entry) {
	if at == nil {
		at = t.atFront()
	}
	at.text = append(at.text, line)
}

// atFront is the preamble.
func (t *composer) atFront() *entry {
	if t.front == nil {
		t.front = &entry{section: sectionInformative, key: preambleKey}
		t.entries = append(t.entries, t.front)
	}
	return t.front
}

// open begins a numbered or headed piece and takes what is in it.
func (t *composer) open(c *element, p part, at *entry) {
	label, heading := t.titles(c)
	e := &entry{level: t.depth + 1, annex: t.annex}
	if isLapsed(c) {
		t.lapsed++
		defer func() { t.lapsed-- }()
	}
	if t.lapsed > 0 {
		e.kind = corpus.KindInformative
	}
	switch p {
	case partRecital:
		e.key, e.kind = "recital-"+corpus.SafeKey(strings.Trim(label, "(). ")), corpus.KindInformative
		e.heading, heading = "", ""
		if label == "" {
			t.pour(c, at)
			return
		}
		t.lead = label
	case partPreface:
		e.section = sectionInformative
		if heading == "" && t.front == nil {
			e.key, t.front = preambleKey, e
		} else if heading == "" {
			e.key = corpus.SafeKey(strings.ToLower(c.name))
		}
	default:
		e.number, heading = t.number(label, heading, c, p, at)
	}
	e.heading = heading
	if p == partAnnex {
		t.openAnnex(e, c)
		defer func(before string) { t.annex = before }(t.annex)
		t.annex = annexKey(e)
	}
	if e.number.IsZero() && e.heading == "" && p != partRecital && p != partPreface { // an unnamed wrapper
		if p == partParagraph { // whose points are not those of the article
			t.listed++
			defer func() { t.listed-- }()
		}
		t.pour(c, at)
		t.flush(at)
		return
	}
	if n := e.number; t.annex != "" && p == partClause && n.Kind == corpus.NumberClause && strings.Contains(t.annex, "annex-") && !startsNumeric(n.Parts[0]) {
		e.key = t.annex + "." + n.String() // I. in Schedule 1
	}
	t.entries = append(t.entries, e)
	t.depth++
	t.pour(c, e)
	t.flush(e)
	t.depth--
	t.lead = ""
	if t.lapsed > 0 {
		t.past++
	}
}

// annexKey is the key of an annex as outline makes it.
func annexKey(e *entry) string {
	switch {
	case e.key != "":
		return e.key
	case e.number.IsZero():
		return ""
	}
	return e.number.String()
}

// openAnnex settles the force of an annex from what its heading or an attribute
// says, and lets an annex without number stand as a heading.
func (t *composer) openAnnex(e *entry, c *element) {
	status := first(c.child("annex-type").plain(), c.attr("obligation"), c.attr("content-type"))
	switch {
	case strings.HasPrefix(status, "inform"):
		e.status = "(informative)"
	case strings.HasPrefix(status, "norm"):
		e.status = "(normative)"
	case strings.HasPrefix(status, "("):
		e.status = status
		e.number.Label += " " + status
	}
	e.level, e.annex = 1, ""
	if e.number.IsZero() && e.key == "" { // what is numbered in it must not meet the articles
		e.number.Kind = corpus.NumberAnnex
		e.key = shorten(corpus.SafeKey(strings.ToLower(e.heading)), 48)
	}
	if t.part != nil && !e.number.IsZero() {
		e.parent, e.key = t.part, t.part.number.String()+"."+e.number.String()
	}
}

// titles are the number and the heading that stand in an element, which are then
// not taken as text.
func (t *composer) titles(c *element) (label, heading string) {
	kept := make([]*element, 0, len(c.children))
	for _, child := range c.children {
		switch {
		case label == "" && isOneOf(child.name, t.label):
			if label = t.words(child); strings.Trim(label, "-–—.() ") == "" { // a dash for none
				label = ""
			}
		case isOneOf(child.name, t.heading) && (heading == "" || child.name == "subheading"):
			heading = strings.TrimSpace(heading + " " + t.words(child))
		default:
			kept = append(kept, child)
		}
	}
	c.children = kept
	return label, heading
}

func isOneOf(name string, names []string) bool {
	for _, n := range names {
		if name == n {
			return true
		}
	}
	return false
}

// words is the text of a label or heading, without footnotes and what is skipped.
func (t *composer) words(e *element) string {
	var b strings.Builder
	var gather func(*element)
	gather = func(e *element) {
		b.WriteString(e.text)
		for _, c := range e.children {
			switch p := t.parts[c.name]; {
			case c.name == "math":
				b.WriteString(" " + mathText(c) + " ")
			case c.name == "sup":
				if c.find("fn") == nil {
					b.WriteString(raise(b.String(), c.plain()))
				}
			case c.name == "xref" && c.attr("ref-type") == "fn":
			case p == partSkip || p == partFootnote:
			case p == partBlock || c.name == "break" || c.name == "br":
				b.WriteByte(' ')
				gather(c)
				b.WriteByte(' ')
			default:
				gather(c)
			}
		}
	}
	gather(e)
	return closeUp(foldBlanks(b.String()))
}

// number reads a printed number by what it numbers; what is not part of it goes
// to the heading.
func (t *composer) number(label, heading string, c *element, p part, at *entry) (corpus.Number, string) {
	join := func(rest string) string { return strings.TrimSpace(rest + " " + heading) }
	switch p {
	case partDivision:
		n, rest, ok := leadingNumber(first(label, heading))
		if ok && n.Kind == corpus.NumberDivision {
			if label == "" {
				return n, rest
			}
			return n, join(rest)
		}
		rank := t.rank[c.name]
		if value := strings.Trim(label, ". "); rank != "" && value != "" {
			n, _, ok := leadingNumber(strings.ToUpper(rank[:1]) + rank[1:] + " " + value)
			if ok && n.Kind == corpus.NumberDivision {
				return n, heading
			}
		}
		return corpus.Number{}, join(label)
	case partAnnex:
		n, rest, ok := leadingNumber(first(label, heading))
		if ok && n.Kind == corpus.NumberAnnex {
			if label == "" {
				return n, rest
			}
			return n, join(rest)
		}
		return corpus.Number{}, join(label)
	case partParagraph:
		return paragraphNumber(label, at), heading
	}
	if label == "" {
		if m := romanLabel.FindStringSubmatch(heading); m != nil {
			return parseNumber(m[1]), m[2]
		}
		n, rest, ok := leadingNumber(heading)
		if !ok || n.Kind != corpus.NumberClause {
			return corpus.Number{}, heading
		}
		return n, strings.TrimSuffix(rest, ".")
	}
	return parseNumber(strings.TrimRight(label, ". ")), heading
}

// romanLabel is the Roman number that opens a heading.
var romanLabel = regexp.MustCompile(`^([IVXLC]+)\. +(.+)$`)

// paragraphNumber is the number of a paragraph with that of its article: the
// first of Article 5 is "Article 5(1)", whether it is printed 1., 1) or (1). In
// an annex or without an article it stands alone.
func paragraphNumber(label string, at *entry) corpus.Number {
	value := strings.Trim(label, "().、 ")
	if value == "" || len(value) > 12 {
		return corpus.Number{}
	}
	if at == nil || at.number.IsZero() || at.number.Kind != corpus.NumberClause {
		return parseNumber(value)
	}
	n := at.number
	n.Parts = append(append([]string(nil), n.Parts...), "("+corpus.SafeKey(value)+")")
	n.Label = strings.TrimRight(n.Label, ".: ") + "(" + value + ")"
	return n
}

// headingBefore is a heading that stands before the pieces it groups.
func (t *composer) headingBefore(c *element) {
	label, heading := t.titles(c)
	e := &entry{annex: t.annex, level: t.level[c.name]}
	if level, err := strconv.Atoi(c.attr("level")); err == nil {
		e.level = min(max(level, 1), 9)
	}
	e.number, e.heading = t.number(label, heading, c, partDivision, nil)
	if e.number.IsZero() && e.heading == "" {
		return
	}
	t.entries = append(t.entries, e)
	t.depth = 9 // deeper than any such heading
}

// list gives marks to items that print none.
func (t *composer) list(c *element, at *entry) {
	n := 0
	style := strings.ToLower(first(c.attr("list-type"), c.attr("type"), c.attr("TYPE"), c.attr("Type"), c.attr("Decoration")))
	for _, item := range c.children {
		if item.name == "" {
			continue
		}
		if special := t.special[item.name]; special != nil && (item.name != "ListItem" || openingDef(item) != "") {
			special(t, item, at)
			t.flush(at)
			continue
		}
		if t.parts[item.name] != partItem {
			t.take(item, at)
			t.flush(at)
			continue
		}
		n++
		t.item(item, at, mark(style, n))
	}
}

// mark is the mark of the n-th item of a list by its style.
func mark(style string, n int) string {
	switch {
	case strings.Contains(style, "alpha"), style == "a":
		return string(rune('a'+(n-1)%26)) + ")"
	case strings.Contains(style, "arab"), strings.Contains(style, "order"), style == "1", strings.Contains(style, "roman"):
		return strconv.Itoa(n) + ")"
	case style == "simple", style == "none":
		return ""
	}
	return "—"
}

// item takes an item with its printed mark, or the one of the list.
func (t *composer) item(c *element, at *entry, own string) {
	label, heading := t.titles(c)
	t.lead = strings.TrimSpace(t.lead + " " + first(label, own))
	t.text.WriteString(heading + " ")
	t.listed++
	t.pour(c, at)
	t.listed--
	t.flush(at)
	t.lead = ""
}

// note takes a note, an example or a footnote as an entry of its own.
func (t *composer) note(c *element, at *entry, p part) {
	text, lead := t.text.String(), t.lead
	t.text.Reset()
	t.lead = ""
	if at == nil && strings.TrimSpace(text) != "" { // inside a paragraph of the preamble
		at = t.atFront()
	}
	label, heading := t.titles(c)
	e := &entry{kind: corpus.KindNote, owner: at, annex: t.annex, number: corpus.Number{Kind: corpus.NumberNote}}
	if e.owner != nil && e.owner.owner != nil && !e.owner.isUnit() {
		e.owner = e.owner.owner
	}
	if e.owner != nil {
		e.after = len(e.owner.text)
		if strings.TrimSpace(text) != "" { // it stands inside a paragraph
			e.after++
		}
	}
	t.pour(c, e)
	t.flush(e)
	if c.name == "admonition" {
		label = first(label, strings.ToUpper(c.attr("type")))
	}
	if p == partNote {
		named(e, strings.TrimSpace(label+" "+heading), c.name)
	} else {
		e.number.Label = label
	}
	if len(e.text) > 0 {
		if e.owner == nil {
			e.section = sectionInformative
		}
		t.entries = append(t.entries, e)
	}
	t.text.WriteString(text)
	t.lead = lead
}

// named reads a note's number and kind from its label, from the words that open
// it, or from the element's name.
func named(e *entry, label, element string) {
	if n, rest, ok := leadingNote(label + " "); ok && label != "" {
		e.number = n
		e.heading = rest
	} else if len(e.text) > 0 {
		if n, rest, ok := leadingNote(e.text[0]); ok {
			e.number, e.text[0] = n, rest
			if rest == "" {
				e.text = e.text[1:]
			}
		}
		e.heading = label
	}
	if e.number.Kind == corpus.NumberExample || strings.Contains(element, "example") {
		e.kind = corpus.KindExample
	}
}

// table writes a table as lines with bars, its name before it.
func (t *composer) table(c *element, at *entry) {
	label, title := "", ""
	c.each(func(x *element) bool {
		switch {
		case isRow(x):
			return false
		case label == "" && isOneOf(x.name, t.label):
			label = t.words(x)
			return false
		case title == "" && isOneOf(x.name, t.caption):
			title = t.words(x)
			return false
		}
		return true
	})
	name := strings.TrimSpace(label + " " + title)
	if u := t.tableUnit(name, c, at); u != nil {
		at = u
	} else if name != "" {
		t.put(name, at)
	}
	notes := tableNotes(c, t.parts)
	for i, row := range tableLines(c, func(cell *element) string { return t.words(cell) }) {
		if i > 0 || !at.isUnit() || row != headerOf(at) { // a further part prints its header again
			t.put(row, at)
		}
	}
	for _, note := range notes {
		t.note(note, at, t.parts[note.name])
	}
	if key := c.child("dl", "def-list"); key != nil { // what its symbols mean
		t.pour(key, at)
		t.flush(at)
	}
}

// tableNotes are the notes that stand below the rows of a table.
func tableNotes(table *element, parts map[string]part) []*element {
	var out []*element
	table.each(func(x *element) bool {
		if p := parts[x.name]; p == partNote || p == partFootnote {
			out = append(out, x)
			return false
		}
		return !isRow(x)
	})
	return out
}

// rowNames and cellNames are those of HTML, CALS and Formex tables.
var (
	rowNames  = []string{"tr", "row", "ROW"}
	cellNames = []string{"td", "th", "entry", "CELL"}
)

func isRow(e *element) bool { return isOneOf(e.name, rowNames) }

// tableLines writes the rows of a table as lines with bars. Rows of a table
// inside a cell are part of that cell.
func tableLines(table *element, words func(*element) string) []string {
	var lines []string
	table.each(func(row *element) bool {
		if !isRow(row) {
			return true
		}
		var cells []string
		for _, cell := range row.children {
			if isOneOf(cell.name, cellNames) && len(cells) < maxColumns {
				cells = append(cells, words(cell))
			}
		}
		if line := strings.Join(cells, " | "); strings.Trim(line, " |") != "" {
			lines = append(lines, strings.TrimSpace(line))
		}
		return false
	})
	return lines
}
