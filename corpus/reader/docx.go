package reader

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

func detectDOCX(_ string, head []byte) bool { return bytes.Contains(head, []byte("\nword/")) }

// readDOCX reads a Word document: headings by their styles, numbers as Word
// counts them, tables, footnotes. Tracked changes are read as accepted, fields
// give the text they had, and nothing linked from outside is fetched.
func readDOCX(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	a, err := openArchive(raw)
	if err != nil {
		return nil, err
	}
	w, body, err := openWord(a)
	if err != nil {
		return nil, err
	}
	w.source = w.laidOut(body)
	w.blocks(body, 0)
	doc := w.document(hint)
	s := &doc.Standard
	if len(s.Titles) == 0 && w.named != "" {
		s.Titles = []corpus.Title{{Text: w.named}}
	}
	doc.Problems = append(doc.Problems, w.said()...)
	return []*corpus.Document{doc}, nil
}

// word walks through the body of a document.
type word struct {
	page
	styles     wordStyles
	characters map[string]bool // character styles in bold type
	numbering  *wordNumbering
	notes      map[string]*element // footnotes and endnotes by kind and id
	called     []string            // notes referred to in the paragraph
	named      string              // title among the properties
	counted    int                 // footnotes so far
	inserted   int
	deleted    int
	foreign    int // parts of other formats, which are not read
}

// openWord reads the parts that the body needs.
func openWord(a *archive) (*word, *element, error) {
	main := "word/document.xml"
	if rels, err := a.xml("_rels/.rels"); err == nil {
		rels.each(func(e *element) bool {
			if strings.HasSuffix(e.attr("Type"), "/officeDocument") && e.attr("TargetMode") != "External" {
				main = path.Clean(strings.TrimPrefix(e.attr("Target"), "/"))
			}
			return true
		})
	}
	root, err := a.xml(main)
	if err != nil {
		return nil, nil, err
	}
	dir := path.Dir(main)
	w := &word{styles: wordStyles{}, notes: map[string]*element{}}
	w.numbering = readWordNumbering(nil)
	for _, part := range []string{"styles", "numbering", "footnotes", "endnotes"} {
		name := path.Join(dir, part+".xml")
		if !a.has(name) {
			continue
		}
		e, err := a.xml(name)
		if err != nil {
			return nil, nil, err
		}
		switch part {
		case "styles":
			w.styles, w.characters = readWordStyles(&element{children: []*element{e}})
		case "numbering":
			w.numbering = readWordNumbering(e)
		default:
			for _, note := range e.elements() {
				if t := note.attr("type"); t == "" || t == "normal" {
					w.notes[strings.TrimSuffix(part, "s")+note.attr("id")] = note
				}
			}
		}
	}
	if a.has("docProps/core.xml") {
		if core, err := a.xml("docProps/core.xml"); err == nil {
			w.named = core.find("title").plain()
		}
	}
	body := root.child("body")
	if body == nil {
		return nil, nil, corpus.Refuse(corpus.ErrInvalid, "docx-body", "{part}: the part has no body; save the document again in Word", "part", shorten(main, 60))
	}
	return w, body, nil
}

// laidOut are the paragraphs of the body and of the notes.
func (w *word) laidOut(body *element) *corpus.Source {
	parts, names := []*element{body}, []string{""}
	for _, name := range slices.Sorted(maps.Keys(w.notes)) {
		parts, names = append(parts, w.notes[name]), append(names, name)
	}
	return paragraphSource(parts, names)
}

// said are the problems a person should know.
func (w *word) said() []corpus.Problem {
	var out []corpus.Problem
	if w.inserted+w.deleted > 0 {
		out = append(out, corpus.Say(corpus.SeverityWarning, "text", "tracked-changes", "the file has tracked changes ({in} insertions, {out} deletions); they were read as accepted", "accept or reject them in Word if that is wrong", "in", w.inserted, "out", w.deleted))
	}
	if w.foreign > 0 {
		out = append(out, corpus.Say(corpus.SeverityWarning, "text", "embedded", "{count} pieces of other formats are embedded and were not read", "paste them as text", "count", w.foreign))
	}
	return out
}

// maxNesting is how deep tables and content controls may stand in each other.
const maxNesting = 64

// blocks takes paragraphs, tables and what wraps them.
func (w *word) blocks(e *element, depth int) {
	if depth > maxNesting {
		return
	}
	for _, c := range e.children {
		switch c.name {
		case "p":
			w.paragraphElement(c)
		case "tbl":
			w.tableElement(c)
		case "sdt":
			if !isContentsTable(c) {
				w.blocks(c.child("sdtContent").orEmpty(), depth+1)
			}
		case "del", "moveFrom":
			w.deleted++
		case "ins", "moveTo":
			w.inserted++
			w.blocks(c, depth+1)
		case "altChunk":
			w.foreign++
		case "customXml", "smartTag", "txbxContent", "AlternateContent", "Choice":
			w.blocks(c, depth+1)
		}
	}
}

// orEmpty is an element without children for one that is missing.
func (e *element) orEmpty() *element {
	if e == nil {
		return &element{}
	}
	return e
}

// isContentsTable tells the content control of a table of contents.
func isContentsTable(sdt *element) bool {
	gallery := strings.ToLower(sdt.child("sdtPr").find("docPartGallery").attr("val"))
	return strings.Contains(gallery, "contents")
}

// paragraphElement takes a paragraph: its number, its level, its words.
func (w *word) paragraphElement(p *element) {
	properties := p.child("pPr")
	style := w.styles.resolve(properties.child("pStyle").attr("val"))
	if strings.HasPrefix(style.name, "toc ") {
		return
	}
	if properties.at("rPr", "del") != nil && p.find("t") == nil { // the paragraph's end was deleted too
		w.deleted++
		return
	}
	label := w.labelOf(properties, style)
	text, bold := w.words(p, style.bold)
	boxes := textBoxes(p)
	level := first(outlineLevel(properties), style.outline)
	switch {
	case foldBlanks(text) == "" && (label == "" || level == 0 && !isClauseLabel(label)): // ISO counts terms on lines of their own
		w.put(line{})
	case style.name == "title" && w.title == "":
		w.title = foldBlanks(text)
	case level > 0:
		w.heading(level, strings.TrimSpace(label+" "+strings.ReplaceAll(text, "\n", " ")))
	case label == "":
		w.paragraph(text, bold)
	case isClauseLabel(label):
		if bold != "" {
			bold = label + " " + bold
		}
		w.paragraph(label+" "+text, bold)
	default:
		w.item(label, foldBlanks(text))
	}
	w.putNotes()
	for _, box := range boxes {
		w.blocks(box, 1)
	}
}

// labelOf counts the number of a paragraph, which stands in the paragraph or in
// its style.
func (w *word) labelOf(properties *element, style wordStyle) string {
	id, level := style.numID, style.level
	if own := properties.child("numPr"); own != nil {
		if v := own.child("numId").attr("val"); v != "" {
			id = v
		}
		if v := own.child("ilvl").attr("val"); v != "" {
			level = number(v)
		}
	}
	if id == "" {
		return ""
	}
	return w.numbering.label(id, level)
}

// textBoxes are the texts that float over a paragraph.
func textBoxes(p *element) []*element {
	var out []*element
	p.each(func(e *element) bool {
		switch e.name {
		case "txbxContent":
			out = append(out, e)
			return false
		case "Fallback": // the same in an older form
			return false
		}
		return true
	})
	return out
}

// words are the text of a paragraph and the words in bold type that open it.
func (w *word) words(p *element, styleBold bool) (text, bold string) {
	run := &wordRun{word: w}
	run.inside(p, false)
	bold = foldBlanks(run.bold.String())
	if styleBold || !run.plain { // all of it is bold: that says nothing
		bold = ""
	}
	return run.text.String(), bold
}

// wordRun gathers the runs of a paragraph.
type wordRun struct {
	*word
	text  strings.Builder
	bold  strings.Builder
	plain bool // something not in bold has come
	code  int  // inside the code of a field
}

func (r *wordRun) inside(e *element, isBold bool) {
	for _, c := range e.children {
		switch c.name {
		case "r":
			properties := c.child("rPr")
			if isOn(properties.child("vanish")) {
				continue
			}
			r.raised(c, isOn(properties.child("b")) || r.characters[properties.child("rStyle").attr("val")], properties.child("vertAlign").attr("val"))
		case "del", "moveFrom":
			r.deleted++
		case "ins", "moveTo":
			r.inserted++
			r.inside(c, isBold)
		case "oMath", "oMathPara":
			r.add(" "+wordMath(c)+" ", false)
		case "pPr", "":
		case "hyperlink", "smartTag", "fldSimple", "sdt", "sdtContent", "customXml", "dir", "bdo":
			r.inside(c, isBold)
		}
	}
}

// raised takes a run; raised figures after a letter are an exponent.
func (r *wordRun) raised(run *element, isBold bool, align string) {
	start := r.text.Len()
	r.run(run, isBold)
	if align != "superscript" {
		return
	}
	all := r.text.String()
	r.text.Reset()
	r.text.WriteString(all[:start] + raise(all[:start], all[start:]))
}

// run takes what is in a run.
func (r *wordRun) run(run *element, isBold bool) {
	for _, c := range run.children {
		switch c.name {
		case "fldChar":
			switch c.attr("fldCharType") {
			case "begin":
				r.code++
			case "separate", "end":
				r.code = max(0, r.code-1)
			}
		case "t":
			if r.code == 0 {
				r.add(symbols(c.plainKept(), run.at("rPr", "rFonts").attr("ascii")), isBold)
			}
		case "sym":
			code, err := strconv.ParseUint(c.attr("char"), 16, 16)
			isSymbol := strings.EqualFold(c.attr("font"), "Symbol")
			switch {
			case err != nil || r.code > 0 || !isSymbol && code >= 0xF000: // of other fonts of signs nobody knows the letters
			case isSymbol && code < 0x100:
				code |= 0xF000
				fallthrough
			default:
				r.add(symbols(string(rune(code)), c.attr("font")), isBold)
			}
		case "tab", "ptab":
			r.add(" ", isBold)
		case "br", "cr":
			if c.attr("type") == "" || c.attr("type") == "textWrapping" {
				r.add("\n", isBold)
			}
		case "noBreakHyphen":
			r.add("-", isBold)
		case "footnoteReference", "endnoteReference":
			r.called = append(r.called, strings.TrimSuffix(c.name, "Reference")+c.attr("id"))
		}
	}
}

// symbolLetters are the letters of the Symbol font, from A and from a; symbolSigns its signs
// from 0xA1 (the encoding of Adobe's Symbol). Word keeps them 0xF000 above. Dropping one would
// turn a limit round: ≤ is one of them.
const (
	symbolLetters = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_ αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
	symbolSigns   = "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…||↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
)

// symbols writes what characters of the Symbol font show.
func symbols(s, font string) string {
	if !strings.EqualFold(font, "Symbol") {
		return s
	}
	return strings.Map(func(r rune) rune {
		code := int(r & 0xFF)
		switch {
		case r < 0xF000 || r >= 0xF100:
			return r
		case code >= 'A' && code <= 'z':
			return []rune(symbolLetters)[code-'A']
		case code > 0xA0 && code-0xA1 < utf8.RuneCountInString(symbolSigns):
			return []rune(symbolSigns)[code-0xA1]
		case code < 'A':
			return rune(code)
		}
		return -1
	}, s)
}

// plainKept is the text of an element with its blanks.
func (e *element) plainKept() string {
	var b strings.Builder
	e.gather(&b)
	return b.String()
}

func (r *wordRun) add(s string, isBold bool) {
	r.text.WriteString(s)
	switch {
	case isBold && !r.plain:
		r.bold.WriteString(s)
	case strings.TrimSpace(s) != "":
		r.plain = true
	}
}

// putNotes puts the footnotes a paragraph called as notes.
func (w *word) putNotes() {
	called := w.called
	w.called = nil
	for _, id := range called {
		note := w.notes[id]
		if note == nil {
			continue
		}
		delete(w.notes, id)
		var lines []string
		for _, p := range note.elements() {
			if p.name == "p" {
				text, _ := w.words(p, false)
				lines = append(lines, foldBlanks(text))
			}
		}
		w.called = nil // a note in a note is not followed
		w.counted++
		w.note(strconv.Itoa(w.counted))
		for _, l := range lines {
			w.keep(l)
		}
		w.close()
	}
}

// tableElement puts a table.
func (w *word) tableElement(tbl *element) {
	rows := w.tableRows(tbl, 0)
	w.table(rows, "")
	w.putNotes()
}

// tableRows are the texts of a table's cells. A cell that goes on from the row
// above is empty, one over several columns is followed by empty ones.
func (w *word) tableRows(tbl *element, depth int) [][]string {
	var rows [][]string
	for _, tr := range tbl.elements() {
		if tr.name == "ins" || tr.name == "sdt" {
			rows = append(rows, w.tableRows(first(tr.child("sdtContent"), tr), depth)...)
			continue
		}
		if tr.name != "tr" || tr.at("trPr", "del") != nil {
			continue
		}
		var cells []string
		for _, tc := range tr.elements() {
			if tc.name == "sdt" {
				tc = tc.child("sdtContent").child("tc")
			}
			if tc == nil || tc.name != "tc" || len(cells) >= maxColumns {
				continue
			}
			text := w.cell(tc, depth)
			if merge := tc.at("tcPr", "vMerge"); merge != nil && merge.attr("val") != "restart" {
				text = ""
			}
			cells = append(cells, text)
			for span := min(number(tc.at("tcPr", "gridSpan").attr("val")), maxColumns); span > 1 && len(cells) < maxColumns; span-- {
				cells = append(cells, "")
			}
		}
		rows = append(rows, cells)
		if len(rows) > maxRows {
			break
		}
	}
	return rows
}

// cell is the text of a cell; the rows of a table inside it are parted by
// semicolons.
func (w *word) cell(tc *element, depth int) string {
	var parts []string
	for _, c := range tc.elements() {
		switch c.name {
		case "p":
			properties := c.child("pPr")
			label := w.labelOf(properties, w.styles.resolve(properties.child("pStyle").attr("val")))
			text, _ := w.words(c, false)
			if text = foldBlanks(label + " " + text); text != "" {
				parts = append(parts, text)
			}
		case "tbl":
			if depth < maxNesting {
				for _, row := range w.tableRows(c, depth+1) {
					parts = append(parts, strings.Join(row, " ")+";")
				}
			}
		}
	}
	return closeUp(foldBlanks(strings.Join(parts, " ")))
}

// wordMath writes a formula of Word on one line, as mathText does.
func wordMath(e *element) string {
	var b strings.Builder
	writeWordMath(&b, e)
	return foldBlanks(b.String())
}

func writeWordMath(b *strings.Builder, e *element) {
	part := func(name string) {
		if c := e.child(name); c != nil {
			writeWordMath(b, c)
		}
	}
	switch e.name {
	case "t":
		b.WriteString(e.plainKept())
	case "f":
		b.WriteByte('(')
		part("num")
		b.WriteString(")/(")
		part("den")
		b.WriteByte(')')
	case "sSub", "sSup", "sSubSup":
		part("e")
		if e.child("sub") != nil {
			b.WriteByte('_')
			part("sub")
		}
		if e.child("sup") != nil {
			b.WriteByte('^')
			part("sup")
		}
	case "rad":
		b.WriteString("√(")
		part("e")
		b.WriteByte(')')
	case "d":
		b.WriteByte('(')
		for _, c := range e.elements() {
			if c.name == "e" {
				writeWordMath(b, c)
			}
		}
		b.WriteByte(')')
	default:
		if chr := e.at("naryPr", "chr").attr("val"); chr != "" {
			b.WriteString(chr)
		}
		for _, c := range e.elements() {
			if !strings.HasSuffix(c.name, "Pr") {
				writeWordMath(b, c)
			}
		}
	}
}
