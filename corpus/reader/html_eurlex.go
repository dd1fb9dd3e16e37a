package reader

import (
	"regexp"
	"strings"

	"concord/corpus"
)

// isEurlex tells whether a page is an act as EUR-Lex publishes it, with its
// structure in the classes of the European Legislation Identifier.
func isEurlex(root *element) bool {
	found := false
	root.each(func(e *element) bool {
		found = found || e.hasClass("oj-ti-art", "ti-art", "title-article-norm", "oj-ti-annex", "title-annex-1") || e.hasClass("eli-subdivision") && eliArticle.MatchString(e.attr("id"))
		return !found
	})
	return found
}

// readEurlex reads such a page as the Formex it was made from.
func readEurlex(root *element) ([]*corpus.Document, error) {
	x := &eurlex{notes: map[string]*element{}}
	x.findNotes(root)
	title := x.title(root)
	act := &element{name: "ACT", children: grouped(x.all(root.children))}
	docs, err := composeDocument(formex, act)
	if err != nil {
		return nil, err
	}
	s := &docs[0].Standard
	s.Language = languageTag(strings.ToLower(x.language))
	if title != "" {
		s.Titles = []corpus.Title{{Language: s.Language, Text: title}}
		s.Designation = euDesignation(title)
	}
	if s.Designation == "" {
		s.Designation = registered(x.register)
	}
	return docs, nil
}

// registered is the act that a number of the Union's registers names, "" for none.
func registered(number string) string {
	if act, found := corpus.UnionAct(number); found {
		return act.String()
	}
	return ""
}

// registerTongue is the language behind the number of a consolidated text:
// 02009L0065 — EN — 20.06.2013.
var registerTongue = regexp.MustCompile(`[RLDF]\d{4}\S* [—-] ([A-Z]{2})(?: |$)`)

// eurlexRoles says what the classes of EUR-Lex mean, in Formex: those of the
// Official Journal (with oj- before them since 2023) and of consolidated texts.
var eurlexRoles = map[string]string{
	"eli-main-title": "drop", "final": "drop", "doc-end": "drop", "note": "drop", "footnote": "drop", "title-doc-first": "drop", "title-doc-last": "drop", "title-doc-oj-reference": "drop", "hd-date": "drop", "hd-lg": "drop", "hd-ti": "drop", "hd-oj": "drop", "hd-coll": "drop", "hd-uniq": "drop", "modref": "drop", "arrow": "drop", "reference": "drop", "disclaimer": "drop", "hd-modifiers": "drop",
	"ti-art": "TI.ART", "title-article-norm": "TI.ART", "sti-art": "STI.ART", "stitle-article-norm": "STI.ART",
	"ti-section-1": "TI", "title-division-1": "TI", "ti-section-2": "STI", "title-division-2": "STI",
	"title-annex-1": "ANNEX.TI", "title-annex-2": "ANNEX.STI", "title-gr-seq-level-1": "GR.TI", "title-gr-seq-level-2": "GR.TI", "ti-tbl": "TBL.TI", "title-table": "TBL.TI",
}

// eurlexRole is what an element is by its class, "" for what has none.
func eurlexRole(e *element) string {
	for _, class := range e.classes() {
		if role, found := eurlexRoles[strings.TrimPrefix(class, "oj-")]; found {
			return role
		}
	}
	return ""
}

// grouped puts what follows the title of an article, up to the next title, inside
// that article, for pages that only set titles between paragraphs.
func grouped(children []*element) []*element {
	var out []*element
	var article, annex *element
	quoted := false // words for another act, whose numbers are not of this one
	for _, c := range children {
		if c.name == "P" {
			text := c.plain()
			quoted = quoted || strings.IndexAny(text, "‘“„«") == 0
			if quoted && article != nil {
				article.children = append(article.children, c)
				quoted = !strings.Contains("’”“»", lastRune(strings.TrimRight(text, ".;, ")))
				continue
			}
		}
		switch c.name {
		case "TI.ART":
			quoted = false
			article = &element{name: "ARTICLE", children: []*element{c}}
			out = append(out, article)
			continue
		case "ANNEX.TI":
			annex, article = &element{name: "ANNEX", children: []*element{{name: "TI", children: c.children}}}, nil
			out = append(out, annex)
			continue
		case "ARTICLE", "DIVISION", "ANNEX", "PREAMBLE", "TI", "STI":
			article = nil
		}
		switch {
		case annex != nil:
			annex.children = append(annex.children, annexPart(c))
		case article != nil:
			article.children = addToArticle(article.children, c)
		default:
			out = append(out, c)
		}
	}
	return looseDivisions(out)
}

// annexPart is a part of an annex whose numbers stand in the text.
func annexPart(c *element) *element {
	if c.name == "ANNEX.STI" {
		return &element{name: "STI", children: c.children}
	}
	if number, rest := numberedText(c); number != "" {
		return &element{name: "ITEM", children: []*element{{name: "NO.P", children: []*element{{text: number}}}, rest}}
	}
	return c
}

// addToArticle adds to an article: a numbered paragraph, or what goes on with the
// last one.
func addToArticle(parts []*element, c *element) []*element {
	if number, rest := numberedText(c); number != "" {
		return append(parts, &element{name: "PARAG", children: []*element{{name: "NO.PARAG", children: []*element{{text: number}}}, rest}})
	}
	if n := len(parts); n > 0 && parts[n-1].name == "PARAG" && c.name != "STI.ART" {
		parts[n-1].children = append(parts[n-1].children, c)
		return parts
	}
	return append(parts, c)
}

// numberedText takes the number off the first words of a paragraph.
func numberedText(c *element) (number string, rest *element) {
	if c.name != "P" || len(c.children) == 0 || c.children[0].name != "" {
		return "", nil
	}
	m := paragMark.FindStringSubmatch(c.children[0].text)
	if m == nil {
		return "", nil
	}
	c.children[0] = &element{text: strings.TrimPrefix(c.children[0].text, m[0])}
	return m[1] + ".", c
}

// looseDivisions puts a chapter's two titles together where nothing holds them.
func looseDivisions(children []*element) []*element {
	var out []*element
	for _, c := range children {
		n := len(out)
		switch {
		case c.name == "TI" && (n == 0 || out[n-1].name != "DIVISION" || out[n-1].child("STI") != nil):
			out = append(out, &element{name: "DIVISION", children: []*element{c}})
		case c.name == "STI" && n > 0 && out[n-1].name == "DIVISION" && out[n-1].child("STI") == nil && len(out[n-1].children) == 1:
			out[n-1].children = append(out[n-1].children, c)
		case c.name == "" && strings.TrimSpace(c.text) == "":
		default:
			out = append(out, c)
		}
	}
	return out
}

// looseTitle is a title between paragraphs: of an annex, or of the act, which is
// known already.
func (x *eurlex) looseTitle(e *element) []*element {
	if isAnnexTitle(e.plain()) {
		x.inAnnex = true
		return x.named("ANNEX.TI", e)
	}
	if x.inAnnex {
		return x.named("ANNEX.STI", e)
	}
	return nil
}

// gridPoint is a point of a consolidated text: its mark and text in two columns.
func (x *eurlex) gridPoint(e *element) []*element {
	parts := e.elements()
	if len(parts) != 2 {
		return x.all(e.children)
	}
	return []*element{{name: "ITEM", children: []*element{
		{name: "NO.P", children: []*element{{text: parts[0].plain()}}},
		{name: "TXT", children: x.all(parts[1].children)},
	}}}
}

// numberedDiv is a paragraph of a consolidated text, with its number in a span.
func (x *eurlex) numberedDiv(e *element) []*element {
	parag := &element{name: "PARAG"}
	for _, c := range e.children {
		if c.hasClass("no-parag") {
			parag.children = append(parag.children, &element{name: "NO.PARAG", children: []*element{{text: c.plain()}}})
			continue
		}
		if c.name == "" {
			parag.children = append(parag.children, c)
			continue
		}
		parag.children = append(parag.children, x.turn(c)...)
	}
	return []*element{parag}
}

// eurlex turns the elements of a page into those of Formex.
type eurlex struct {
	notes    map[string]*element // footnotes by the id of their mark
	language string
	register string // what holds the number of the act in the registers
	titled   bool   // the title of the act is over
	inAnnex  bool
}

// findNotes collects the footnotes, which stand at the end of the page.
func (x *eurlex) findNotes(root *element) {
	root.each(func(e *element) bool {
		if e.name == "p" && eurlexRole(e) == "drop" && e.hasClass("oj-note", "note", "footnote") {
			if mark := e.find("a"); mark != nil && mark.attr("id") != "" {
				x.notes[mark.attr("id")] = e
			}
		}
		if e.hasClass("oj-hd-lg", "hd-lg") {
			x.language = e.plain()
		}
		if x.register == "" && (e.name == "title" || e.name == "p" && (e.hasClass("reference") || strings.HasPrefix(e.plain(), "ELI:"))) && registered(e.plain()) != "" {
			x.register = e.plain()
			if m := registerTongue.FindStringSubmatch(x.register); m != nil && x.language == "" {
				x.language = m[1]
			}
		}
		return true
	})
}

// title is the title of the act: the lines of its main title.
func (x *eurlex) title(root *element) string {
	var lines []string
	root.each(func(e *element) bool {
		if e.hasClass("eli-main-title") && lines == nil {
			for _, p := range e.elements() {
				lines = append(lines, p.plain())
			}
		}
		return lines == nil
	})
	if lines != nil {
		return strings.Join(lines, " ")
	}
	root.each(func(e *element) bool { // an older page: its first titles
		if e.hasClass("doc-ti", "oj-doc-ti", "title-doc-first", "title-doc-last") && !isAnnexTitle(e.plain()) && !x.titled {
			lines = append(lines, e.plain())
		} else if len(lines) > 0 {
			x.titled = true
		}
		return true
	})
	return strings.Join(lines, " ")
}

// isAnnexTitle tells the title of an annex from that of the act.
func isAnnexTitle(s string) bool {
	n, _, ok := leadingNumber(s)
	if ok {
		return n.Kind == corpus.NumberAnnex
	}
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "ANNEX", "ANNEXE", "ANEXO", "ANHANG", "ALLEGATO":
		return true
	}
	return false
}

var (
	eliArticle  = regexp.MustCompile(`^art_[^.]+$`)
	eliDivision = regexp.MustCompile(`^(cpt|sct|prt|tis)_[^.]+(\.(cpt|sct|prt|tis)_[^.]+)*$`)
	eliParag    = regexp.MustCompile(`^\d{3}[A-Za-z]?\.\d{3}[A-Za-z]?$`)
	paragMark   = regexp.MustCompile(`^\s*(\d+[a-z]?)\.[\s\x{a0}]+`)
)

// all turns a list of children.
func (x *eurlex) all(children []*element) []*element {
	var out []*element
	for _, c := range children {
		if c.name == "" {
			out = append(out, c)
			continue
		}
		out = append(out, x.turn(c)...)
	}
	return titledTables(out)
}

// titledTables puts the titles that stand before a table into it.
func titledTables(parts []*element) []*element {
	var out []*element
	var titles []*element
	for _, c := range parts {
		switch {
		case c.name == "TBL.TI":
			c.name = "P"
			titles = append(titles, c)
			continue
		case c.name == "TBL" && titles != nil:
			c.children = append([]*element{{name: "TITLE", children: titles}}, c.children...)
		case c.name == "" && strings.TrimSpace(c.text) == "" && titles != nil:
			continue
		default:
			out = append(out, titles...)
		}
		titles = nil
		out = append(out, c)
	}
	return append(out, titles...)
}

// named is an element of Formex with what is inside one of the page.
func (x *eurlex) named(name string, e *element) []*element {
	return []*element{{name: name, children: x.all(e.children)}}
}

// turn turns one element.
func (x *eurlex) turn(e *element) []*element {
	id := e.attr("id")
	switch role := eurlexRole(e); {
	case role == "drop", e.name == "head", e.name == "hr", e.name == "img", strings.HasPrefix(id, "fnp_"):
		return nil
	case strings.HasPrefix(id, "pbl_"):
		return x.named("PREAMBLE", e)
	case strings.HasPrefix(id, "rct_"):
		return x.recital(e)
	case strings.HasPrefix(id, "anx_"):
		return x.annexed(e)
	case e.name == "div" && eliArticle.MatchString(id):
		return x.named("ARTICLE", e)
	case e.name == "div" && eliDivision.MatchString(id):
		return x.named("DIVISION", e)
	case e.name == "div" && eliParag.MatchString(id):
		return x.paragraph(e)
	case e.hasClass("eli-title"):
		return x.all(e.children)
	case e.hasClass("oj-enumeration-spacing"):
		return x.enumeration(e)
	case e.hasClass("grid-container"):
		return x.gridPoint(e)
	case e.child("span").hasClass("no-parag") && e.name == "div":
		return x.numberedDiv(e)
	case e.hasClass("doc-ti", "oj-doc-ti"):
		return x.looseTitle(e)
	case role != "":
		return x.named(role, e)
	case e.name == "table":
		return x.table(e)
	case e.name == "a":
		return x.link(e)
	case e.name == "p":
		return x.named("P", e)
	case e.hasClass("oj-super", "super", "superscript") && !e.hasClass("oj-note-tag", "note-tag"):
		return []*element{{name: "HT", attrs: []attribute{{"TYPE", "SUP"}}, children: x.all(e.children)}}
	}
	return x.all(e.children)
}

// link gives the words of a link; the mark of a footnote is the footnote.
func (x *eurlex) link(e *element) []*element {
	note := x.notes[strings.TrimPrefix(e.attr("href"), "#")]
	if note == nil || !strings.HasPrefix(e.attr("href"), "#") {
		return x.all(e.children)
	}
	body := &element{name: "NOTE"}
	for _, c := range note.children {
		if c.name == "a" && c.attr("id") != "" {
			continue // the way back
		}
		body.children = append(body.children, &element{text: strings.TrimLeft(c.plain(), "() ") + " "}) // of the mark
	}
	return []*element{body}
}

// recital takes number and text out of the table that lays them out.
func (x *eurlex) recital(e *element) []*element {
	if items := x.items(e.find("table")); len(items) == 1 {
		return []*element{{name: "CONSID", children: items[0].children}}
	}
	return x.named("P", e)
}

// paragraph takes the number off the first words of a paragraph of an article.
func (x *eurlex) paragraph(e *element) []*element {
	children := x.all(e.children)
	for i, c := range children {
		if c.name == "" {
			continue
		}
		if number, rest := numberedText(c); number != "" {
			children[i] = rest
			children = append([]*element{{name: "NO.PARAG", children: []*element{{text: number}}}}, children...)
		}
		break
	}
	return []*element{{name: "PARAG", children: children}}
}

// enumeration is a numbered point whose number stands in a paragraph before it.
func (x *eurlex) enumeration(e *element) []*element {
	parts := e.elements()
	if len(parts) == 0 {
		return nil
	}
	item := &element{name: "ITEM", children: []*element{{name: "NO.P", children: []*element{{text: parts[0].plain()}}}}}
	for _, p := range parts[1:] {
		item.children = append(item.children, &element{name: "TXT", children: x.all(p.children)})
	}
	return []*element{item}
}

// table turns a table that only lays out an enumeration into its points.
func (x *eurlex) table(e *element) []*element {
	if items := x.items(e); items != nil {
		return items
	}
	if !e.hasClass("oj-table", "table") && e.find("p") != nil && x.onlyHeader(e) {
		return nil
	}
	return []*element{{name: "TBL", children: tableRowsOnly(e)}}
}

// onlyHeader tells the tables at the head of the Official Journal's page.
func (x *eurlex) onlyHeader(e *element) bool {
	header := false
	e.each(func(c *element) bool {
		for _, class := range c.classes() {
			header = header || strings.HasPrefix(strings.TrimPrefix(class, "oj-"), "hd-")
		}
		return true
	})
	return header
}

// tableRowsOnly are the rows of a table, whatever stands around them.
func tableRowsOnly(e *element) []*element {
	var rows []*element
	e.each(func(c *element) bool {
		if isRow(c) {
			rows = append(rows, c)
			return false
		}
		return true
	})
	return rows
}

// items reads a table whose rows are a mark and a text; nil for other tables.
func (x *eurlex) items(table *element) []*element {
	if table == nil || table.hasClass("oj-table", "table") {
		return nil
	}
	var out []*element
	for _, row := range tableRowsOnly(table) {
		mark, body := layoutRow(row)
		if body == nil {
			return nil
		}
		if changeMark(mark) {
			out = append(out, x.all(body.children)...)
			continue
		}
		out = append(out, &element{name: "ITEM", children: []*element{
			{name: "NO.P", children: []*element{{text: mark}}},
			{name: "TXT", children: x.all(body.children)},
		}})
	}
	return out
}

// layoutRow reads a row that only lays out a mark and the text it marks: (a), 1.,
// —. Empty cells before the mark indent it.
func layoutRow(row *element) (mark string, body *element) {
	var cells []*element
	for _, c := range row.children {
		if isOneOf(c.name, cellNames) && (len(cells) > 0 || c.plain() != "") {
			cells = append(cells, c)
		}
	}
	if len(cells) != 2 {
		return "", nil
	}
	mark = cells[0].plain()
	if changeMark(mark) {
		return mark, cells[1]
	}
	if len([]rune(mark)) > 8 || mark == "" || !isItem(mark+" x") && !citedPoint(mark) {
		return "", nil
	}
	return mark, cells[1]
}

// changeMark tells the marks of consolidated texts, which say what act a passage comes
// from: ►B, ▼M1.
func changeMark(s string) bool { return len(s) < 16 && strings.ContainsAny(s, "►▼◄") }

// annexed takes the titles of an annex together and groups what its headings
// head.
func (x *eurlex) annexed(e *element) []*element {
	annex := &element{name: "ANNEX"}
	var titles []string
	var heads []string
	var rest *element // open group
	flush := func() {
		if len(heads) > 0 {
			rest = groupOf(heads)
			annex.children = append(annex.children, rest)
			heads = nil
		}
	}
	for _, c := range e.children {
		switch {
		case c.name == "" && strings.TrimSpace(c.text) == "":
		case c.hasClass("oj-doc-ti", "doc-ti", "title-annex-1", "title-annex-2"):
			titles = append(titles, c.plain())
		case hasClassPrefix(c, "oj-ti-grseq"), hasClassPrefix(c, "ti-grseq"), hasClassPrefix(c, "title-gr-seq"):
			heads = append(heads, c.plain())
		default:
			flush()
			to := annex
			if rest != nil {
				to = rest
			}
			if c.name == "" {
				to.children = append(to.children, c)
				continue
			}
			to.children = append(to.children, x.turn(c)...)
		}
	}
	flush()
	annex.children = append(titleParts(titles), annex.children...)
	return []*element{annex}
}

func hasClassPrefix(e *element, prefix string) bool {
	for _, c := range e.classes() {
		if strings.HasPrefix(c, prefix) {
			return true
		}
	}
	return false
}

// titleParts are label and heading: the first line and the others.
func titleParts(lines []string) []*element {
	if len(lines) == 0 {
		return nil
	}
	parts := []*element{{name: "TI", children: []*element{{text: lines[0]}}}}
	if len(lines) > 1 {
		parts = append(parts, &element{name: "STI", children: []*element{{text: strings.Join(lines[1:], " ")}}})
	}
	return parts
}

// groupOf is a group of an annex with its heading.
func groupOf(heads []string) *element {
	if _, _, ok := leadingNumber(heads[0]); !ok {
		heads = []string{strings.Join(heads, " ")}
	}
	return &element{name: "GR.SEQ", children: titleParts(heads)}
}
