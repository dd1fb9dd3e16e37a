package reader

import (
	"io"
	"regexp"
	"strconv"
	"strings"

	"concord/corpus"
)

// detectAsciiDoc goes by the name.
func detectAsciiDoc(name string, _ []byte) bool {
	return hasSuffix(name, ".adoc", ".asciidoc", ".asc")
}

// readAsciiDoc reads AsciiDoc, plain or as Metanorma extends it for standards.
// Where sections are numbered by the processor they are counted here in the same
// way. Included files are not followed; what they are is said.
func readAsciiDoc(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	if text, err = hint.beside.expand(text, adocIncludes, 0); err != nil {
		return nil, err
	}
	if err := checkLines(text); err != nil {
		return nil, err
	}
	a := &asciidoc{raw: strings.Split(text, "\n"), attributes: map[string]string{}, labels: map[string]string{}}
	a.header()
	a.numbered = a.isNumbered()
	for a.at < len(a.raw) {
		a.block()
	}
	if len(a.included) > 0 && len(a.lines) == 0 {
		return nil, corpus.Refuse(corpus.ErrInvalid, "include-only", "the file only includes others ({files}), which are not beside it; import all in one ZIP file, or the included ones", "files", shorten(strings.Join(a.included, ", "), 200))
	}
	a.resolve()
	doc := a.document(hint)
	a.identify(&doc.Standard)
	for _, name := range a.included {
		doc.Problems = append(doc.Problems, corpus.Say(corpus.SeverityWarning, "include", "include-missing", "the file {file} is included and is not beside the file, so it was not read", "import both in one ZIP file", "file", quote(shorten(name, 80))))
	}
	return []*corpus.Document{doc}, nil
}

// adocIncludes names the files that a line of AsciiDoc includes, with the levels by
// which their headings go down.
func adocIncludes() func(string) []inclusion {
	return func(line string) []inclusion {
		m := adocInclude.FindStringSubmatch(line)
		if m == nil {
			return nil
		}
		down := 0
		if offset := adocOffset.FindStringSubmatch(line); offset != nil {
			down = int(offset[1][0] - '0')
		}
		return []inclusion{{name: m[1], otherwise: line, write: func(text string) string {
			if down == 0 {
				return text
			}
			return adocHeading.ReplaceAllString(text, strings.Repeat("=", down)+"$1")
		}}}
	}
}

// asciidoc walks through the blocks of a file.
type asciidoc struct {
	page
	raw        []string
	at         int
	attributes map[string]string
	included   []string
	numbered   bool  // sections are numbered by the processor
	counts     []int // of the open sections by depth
	clauses    []int // counts of the body while an annex is open
	appendix   int   // annexes so far
	inAppendix bool
	unnumbered bool              // inside a section without number
	inTerms    int               // depth of the section of terms, 0 outside
	labels     map[string]string // what references lead to, by anchor
	anchor     string            // of the next block
	style      string            // of the next block: appendix, bibliography, example
	caption    string            // of the next block
	tables     int
	figures    int
	notes      []string // footnotes of the paragraph
}

var (
	adocAttribute = regexp.MustCompile(`^:(!?[\w-]+!?):\s*(.*)$`)
	adocSection   = regexp.MustCompile(`^(={1,6})\s+(.+)$`)
	adocAnchor    = regexp.MustCompile(`^\[\[([^\],]+)(?:,[^\]]*)?\]\]$`)
	adocStyle     = regexp.MustCompile(`^\[([^\[\]]*)\]$`)
	adocOffset    = regexp.MustCompile(`leveloffset="?\+?([1-5])`)
	adocHeading   = regexp.MustCompile(`(?m)^(=+ )`)
	adocRole      = regexp.MustCompile(`\[(?:[.#][\w./:-]+ ?)+\]#{1,2}`)
	adocInclude   = regexp.MustCompile(`^include::([^\[]+)\[`)
	adocBullet    = regexp.MustCompile(`^(\*{1,5}|-{1})\s+(.+)$`)
	adocOrdered   = regexp.MustCompile(`^(\.{1,5})\s+(.+)$`)
	adocTerm      = regexp.MustCompile(`^(.{1,200}?)::\s*(.*)$`)
	adocAdmonish  = regexp.MustCompile(`^(NOTE|TIP|WARNING|CAUTION|IMPORTANT|EXAMPLE|TODO):\s+(.*)$`)
	adocReference = regexp.MustCompile(`<<([^<>,]+)(?:,([^<>]*))?>>`)
	adocFootnote  = regexp.MustCompile(`\s*footnote:[\w-]*\[([^\]]*)\]`)
	adocBibAnchor = regexp.MustCompile(`\[\[\[([^,\]]+)(?:,\s*([^\]]+))?\]\]\]`)
	adocSpan      = regexp.MustCompile(`\[[\w .-]*\]#([^#]+)#`)
	adocMacro     = regexp.MustCompile(`\b(?:stem|latexmath|asciimath|kbd|btn|term|concept|alt|admitted|preferred|deprecated|domain|lang:\w+|span:[\w.-]+)::?\[([^\]]*)\]|\blang:\w+\[([^\]]*)\]`)
	adocLink      = regexp.MustCompile(`\b(?:link:)?(https?://[^\s\[\]]+)\[([^\]]*)\]`)
	adocIndex     = regexp.MustCompile(`\(\(\(?[^()]*\)?\)\)`)
	adocHidden    = regexp.MustCompile(`\{\{([^{},]+)(?:,([^{}]*))?\}\}`)
	adocValue     = regexp.MustCompile(`\{([\w-]+)\}`)
	adocCell      = regexp.MustCompile(`(?:^|\s)(?:\d+\*|(?:\d+)?(?:\.\d+)?\+)?[<^>]?(?:\.[<^>])?[aehlmsdv]?\|`)
)

// header reads the title and the attributes at the head of the file.
func (a *asciidoc) header() {
	for a.at < len(a.raw) && strings.TrimSpace(a.raw[a.at]) == "" {
		a.at++
	}
	if a.at < len(a.raw) {
		if title, found := strings.CutPrefix(a.raw[a.at], "= "); found {
			a.title = strings.TrimSpace(title)
			a.at++
		}
	}
}

// isNumbered tells whether the processor numbers the sections: in Metanorma
// always, in plain AsciiDoc where sectnums is set and titles print no number.
func (a *asciidoc) isNumbered() bool {
	for _, line := range a.raw {
		m := adocAttribute.FindStringSubmatch(line)
		if m != nil && (m[1] == "sectnums" || m[1] == "mn-document-class" || m[1] == "numbered") || strings.HasPrefix(line, "[appendix") || line == "[.source]" {
			return true
		}
	}
	return false
}

// block takes the next block.
func (a *asciidoc) block() {
	line := strings.TrimRight(a.raw[a.at], " \t\r")
	text := strings.TrimSpace(line)
	switch {
	case text == "":
		a.at++
		return
	case strings.HasPrefix(text, "////"):
		a.delimited(text)
		return
	case strings.HasPrefix(text, "//"):
		a.at++
		return
	case adocAttribute.MatchString(line):
		m := adocAttribute.FindStringSubmatch(line)
		if len(a.attributes) < maxColumns {
			a.attributes[strings.Trim(m[1], "!")] = m[2]
		}
		a.at++
		return
	case adocInclude.MatchString(text):
		if len(a.included) < maxProblems {
			a.included = append(a.included, adocInclude.FindStringSubmatch(text)[1])
		}
		a.at++
		return
	case adocAnchor.MatchString(text):
		a.anchor = adocAnchor.FindStringSubmatch(text)[1]
		a.at++
		return
	case adocStyle.MatchString(text) && !strings.HasPrefix(text, "[alt]#"):
		a.blockStyle(adocStyle.FindStringSubmatch(text)[1])
		return
	case strings.HasPrefix(text, ".") && len(text) > 1 && text[1] != '.' && text[1] != ' ':
		a.caption = a.inline(text[1:])
		a.at++
		return
	case adocSection.MatchString(line):
		a.section(adocSection.FindStringSubmatch(line))
	case strings.HasPrefix(text, "|==="):
		a.tableBlock()
	case isFence(text):
		a.fenced(text)
	case strings.HasPrefix(text, "image::") || strings.HasPrefix(text, "video::"):
		a.figure()
	case adocAdmonish.MatchString(text):
		a.admonition()
	case adocBullet.MatchString(text) || adocOrdered.MatchString(text):
		a.listBlock()
	case isAdocTerm(text):
		a.description()
	case text == "+" || text == "<<<" || text == "'''":
		a.at++
		return
	default:
		a.plainParagraph()
	}
	a.anchor, a.style, a.caption = "", "", ""
}

// blockStyle keeps what a line in brackets says of the next block.
func (a *asciidoc) blockStyle(s string) {
	a.at++
	if id, found := strings.CutPrefix(s, "#"); found {
		a.anchor, _, _ = strings.Cut(id, ",")
		return
	}
	style, _, _ := strings.Cut(s, ",")
	if style == "" || strings.Contains(style, "=") || strings.HasPrefix(style, "%") {
		return
	}
	a.style = strings.ToLower(style)
}

// section opens a section and counts it.
func (a *asciidoc) section(m []string) {
	a.at++
	level := len(m[1]) - 1
	text := strings.TrimSpace(adocInlineAnchor(m[2]))
	if text == "{blank}" {
		text = ""
	}
	text = a.inline(text)
	if level == 0 {
		a.title = first(a.title, text)
		return
	}
	if a.inTerms >= level {
		a.inTerms = 0
	}
	if sectionOf(text) == sectionTerms || strings.HasPrefix(a.style, "terms") {
		a.inTerms = level
	}
	label := a.count(level, text)
	if a.anchor != "" && label != "" {
		a.labels[a.anchor] = label
	}
	if a.inTerms > 0 && level > a.inTerms && a.anchor != "" {
		a.labels[a.anchor] = strings.TrimPrefix(label, "Clause ")
	}
	a.heading(level, strings.TrimSpace(strings.TrimPrefix(label, "Clause ")+" "+text))
}

func adocInlineAnchor(s string) string {
	return regexpInlineAnchor.ReplaceAllString(s, "")
}

var regexpInlineAnchor = regexp.MustCompile(`\[\[[^\]]*\]\]`)

// count gives a section its number: "Clause 4.2", "Annex A (normative)", "" where
// it has none.
func (a *asciidoc) count(level int, title string) string {
	if !a.numbered {
		return ""
	}
	if _, _, ok := leadingNumber(title); ok && a.inTerms == 0 { // printed
		return ""
	}
	if level == 1 {
		a.unnumbered = false
		switch {
		case a.style == "appendix":
			if !a.inAppendix {
				a.clauses = a.counts
			}
			a.appendix++
			a.inAppendix, a.counts = true, nil
			a.tables, a.figures = 0, 0
			return "Annex " + string(rune('A'+(a.appendix-1)%26)) + a.force()
		case a.isUnnumbered(title):
			a.unnumbered = true
			return ""
		case a.inAppendix: // a section of the body after the annexes counts on
			a.inAppendix, a.counts = false, a.clauses
		}
	}
	if a.unnumbered {
		return ""
	}
	depth := level
	if a.inAppendix {
		depth--
	}
	depth = max(depth, 1)
	for len(a.counts) < depth {
		a.counts = append(a.counts, 0)
	}
	a.counts = a.counts[:depth]
	a.counts[len(a.counts)-1]++
	parts := make([]string, 0, len(a.counts)+1)
	if a.inAppendix {
		parts = append(parts, string(rune('A'+(a.appendix-1)%26)))
	}
	for _, n := range a.counts {
		parts = append(parts, strconv.Itoa(n))
	}
	return "Clause " + strings.Join(parts, ".")
}

// force is what an annex says of itself.
func (a *asciidoc) force() string {
	before := strings.ToLower(strings.Join(a.raw[max(0, a.at-4):a.at], "\n"))
	switch {
	case strings.Contains(before, "informative"):
		return " (informative)"
	case strings.Contains(before, "normative"):
		return " (normative)"
	}
	return ""
}

// isUnnumbered tells the sections that stand without number: forewords,
// introductions, and lists of references that are not normative.
func (a *asciidoc) isUnnumbered(title string) bool {
	low := strings.ToLower(title)
	if strings.Contains(low, "normative") || strings.Contains(low, "normatives") || strings.Contains(title, "规范性") {
		return false
	}
	return a.style == "bibliography" || a.style == "preface" || a.style == "abstract" || a.style == "colophon" || sectionOf(title) == sectionInformative
}

// isFence tells the delimiter of a block.
func isFence(s string) bool {
	return len(s) >= 4 && strings.ContainsRune("-=.*_+", rune(s[0])) && strings.Trim(s, s[:1]) == ""
}

// delimited returns the lines of a block up to its closing delimiter.
func (a *asciidoc) delimited(mark string) []string {
	var out []string
	for a.at++; a.at < len(a.raw); a.at++ {
		if strings.TrimSpace(a.raw[a.at]) == mark {
			a.at++
			break
		}
		out = append(out, a.raw[a.at])
	}
	return out
}

// fenced takes a delimited block: an example or note, a formula, code, or text.
func (a *asciidoc) fenced(mark string) {
	style, caption := a.style, a.caption
	lines := a.delimited(mark)
	switch {
	case mark[0] == '-' || mark[0] == '+' || mark[0] == '.':
		a.keep(caption)
		for _, line := range lines {
			a.keep(line)
		}
	case mark[0] == '=' || strings.Contains(style, "example") || style == "note":
		name := "EXAMPLE"
		if style != "" && style != "example" {
			name = strings.ToUpper(style)
		}
		a.note(name)
		for _, paragraph := range strings.Split(strings.Join(lines, "\n"), "\n\n") {
			a.keep(a.inline(strings.ReplaceAll(paragraph, "\n", " ")))
		}
		a.close()
	default:
		for _, paragraph := range strings.Split(strings.Join(lines, "\n"), "\n\n") {
			a.paragraph(a.inline(strings.ReplaceAll(paragraph, "\n", " ")), "")
		}
	}
}

// figure counts a picture and keeps its title.
func (a *asciidoc) figure() {
	a.at++
	if a.caption == "" {
		return
	}
	a.figures++
	label := "Figure " + a.withinAnnex(a.figures)
	if a.anchor != "" {
		a.labels[a.anchor] = label
	}
	a.page.caption(label + " " + a.caption)
}

func (a *asciidoc) withinAnnex(n int) string {
	if a.inAppendix {
		return string(rune('A'+(a.appendix-1)%26)) + "." + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// gatherLines joins the lines of a paragraph. A line that ends in + is broken
// there.
func (a *asciidoc) gatherLines() string {
	var b strings.Builder
	for ; a.at < len(a.raw); a.at++ {
		line := strings.TrimSpace(a.raw[a.at])
		if line == "" || b.Len() > 0 && (isFence(line) || strings.HasPrefix(line, "|===") || line == "+" || adocAnchor.MatchString(line)) {
			break
		}
		if strings.HasPrefix(line, "//") {
			continue
		}
		broken, found := strings.CutSuffix(line, " +")
		if found {
			b.WriteString(broken + "\n")
		} else {
			b.WriteString(line + " ")
		}
	}
	return strings.TrimSpace(b.String())
}

// plainParagraph takes a paragraph; a style makes it a note or a source.
func (a *asciidoc) plainParagraph() {
	style, caption := a.style, a.caption
	text := a.gatherLines()
	switch {
	case strings.HasPrefix(style, ".source"):
		a.keep("[SOURCE: " + a.inline(text) + "]")
	case strings.Contains(style, "example") || style == "note" || style == "warning" || style == "caution" || style == "tip" || style == "important":
		a.note(strings.ToUpper(style))
		a.keep(a.inline(text))
		a.close()
	default:
		bold := ""
		if m := boldLead.FindStringSubmatch(text); m != nil {
			bold = a.inline(m[1])
		}
		if caption != "" && len(a.counts) == 0 && !a.inAppendix { // .Foreword, before the sections
			a.heading(1, caption)
		} else {
			a.keep(caption)
		}
		a.paragraph(a.inline(text), bold)
	}
	a.footnotes()
}

// admonition takes NOTE: and its like.
func (a *asciidoc) admonition() {
	m := adocAdmonish.FindStringSubmatch(a.gatherLines())
	if m == nil {
		return
	}
	a.note(m[1])
	a.keep(a.inline(m[2]))
	a.close()
	a.footnotes()
}

// listBlock takes the items of a list; ordered ones get figures or letters.
func (a *asciidoc) listBlock() {
	style := a.style
	counts := map[int]int{}
	for a.at < len(a.raw) {
		line := strings.TrimSpace(a.raw[a.at])
		if m := adocOrdered.FindStringSubmatch(line); m != nil {
			depth := len(m[1])
			counts[depth]++
			a.listItem(orderedMark(style, depth, counts[depth]), m[2])
			continue
		}
		if m := adocBullet.FindStringSubmatch(line); m != nil {
			a.listItem("—", m[2])
			continue
		}
		if line == "" && a.at+1 < len(a.raw) && (adocBullet.MatchString(strings.TrimSpace(a.raw[a.at+1])) || adocOrdered.MatchString(strings.TrimSpace(a.raw[a.at+1]))) {
			a.at++
			continue
		}
		if line == "+" { // what follows belongs to the item
			a.at++
			continue
		}
		break
	}
	a.footnotes()
}

// orderedMark is the mark of an item: letters at the first level of Metanorma's
// lists, figures below, unless the style says otherwise.
func orderedMark(style string, depth, n int) string {
	if style == "loweralpha" || style != "arabic" && depth == 2 {
		return string(rune('a'+(n-1)%26)) + ")"
	}
	return strconv.Itoa(n) + ")"
}

func (a *asciidoc) listItem(mark, text string) {
	a.at++
	for a.at < len(a.raw) {
		line := strings.TrimSpace(a.raw[a.at])
		if line == "" || line == "+" || isFence(line) || adocBullet.MatchString(line) || adocOrdered.MatchString(line) || strings.HasPrefix(line, "[") {
			break
		}
		text = joinWrapped(text, line)
		a.at++
	}
	for _, m := range adocBibAnchor.FindAllStringSubmatch(text, -1) {
		a.labels[m[1]] = first(strings.TrimSpace(m[2]), m[1])
	}
	text = adocBibAnchor.ReplaceAllStringFunc(text, func(s string) string {
		m := adocBibAnchor.FindStringSubmatch(s)
		return first(strings.TrimSpace(m[2]), m[1])
	})
	a.item(mark, a.inline(text))
}

// description takes a list of terms with their meanings, which may be keys of a formula.
func (a *asciidoc) description() {
	marked := a.style == "glossary"
	for a.at < len(a.raw) {
		m := adocTerm.FindStringSubmatch(strings.TrimSpace(a.raw[a.at]))
		if m == nil {
			if a.at+1 < len(a.raw) && strings.TrimSpace(a.raw[a.at]) == "" && isAdocTerm(strings.TrimSpace(a.raw[a.at+1])) {
				a.at++
				continue
			}
			break
		}
		a.at++
		names := []string{a.inline(m[1])}
		text := m[2]
		for text == "" && a.at < len(a.raw) { // it stands below, or another name does
			line := strings.TrimSpace(a.raw[a.at])
			if more := adocTerm.FindStringSubmatch(line); more != nil && isAdocTerm(line) {
				names, text = append(names, a.inline(more[1])), more[2]
			} else if line != "" {
				text = line
			} else if a.at+1 == len(a.raw) || !strings.HasPrefix(a.raw[a.at+1], " ") {
				break
			}
			a.at++
		}
		for text != "" && a.at < len(a.raw) && goesOn(strings.TrimSpace(a.raw[a.at])) {
			text += " " + strings.TrimSpace(a.raw[a.at])
			a.at++
		}
		a.defines(strings.Join(names, "; "), marked)
		a.keep(a.inline(text))
		a.footnotes()
	}
	a.endTerms()
}

// isAdocTerm tells a line that opens an entry of such a list from a macro.
func isAdocTerm(text string) bool {
	return adocTerm.MatchString(text) && !strings.Contains(text, "://") && !strings.Contains(text, "::[")
}

// goesOn tells whether a line is the next of a paragraph, and no block of its own.
func goesOn(line string) bool {
	return line != "" && line != "+" && !strings.HasPrefix(line, "[") && !strings.HasPrefix(line, ".") && !strings.HasPrefix(line, "|===") && !strings.HasPrefix(line, "//") && !isFence(line) &&
		!isAdocTerm(line) && !adocBullet.MatchString(line) && !adocOrdered.MatchString(line) && !adocSection.MatchString(line) && !adocAdmonish.MatchString(line) && !strings.Contains(line, "::")
}

// tableBlock takes a table; its cells may stand on one line or each on its own.
func (a *asciidoc) tableBlock() {
	caption := a.caption
	if caption != "" {
		a.tables++
		label := "Table " + a.withinAnnex(a.tables)
		if a.anchor != "" {
			a.labels[a.anchor] = label
		}
		caption = label + " " + caption
	}
	lines := a.delimited("|===")
	a.table(a.cells(lines), caption)
	a.footnotes()
}

// cells cuts the lines of a table. The first line with cells says how many make
// a row, unless every cell has a line of its own.
func (a *asciidoc) cells(lines []string) [][]string {
	var rows [][]string
	var open []string
	flush := func() {
		if len(open) > 0 {
			rows = append(rows, open)
			open = nil
		}
	}
	full := func() bool { return len(rows) > 0 && len(rows[0]) > 1 && len(open) >= len(rows[0]) }
	for _, line := range lines {
		text := strings.TrimSpace(line)
		if strings.HasPrefix(text, "//") {
			continue
		}
		marks := adocCell.FindAllStringIndex(text, -1)
		if text == "" {
			flush()
			continue
		}
		if len(marks) == 0 || marks[0][0] > 0 && len(open) > 0 {
			if n := len(open); n > 0 {
				end := len(text)
				if len(marks) > 0 {
					end = marks[0][0]
				}
				open[n-1] = joinWrapped(open[n-1], a.inline(strings.TrimSuffix(text[:end], " +")))
			}
		}
		if len(marks) > 1 || len(marks) == 1 && full() {
			flush()
		}
		for i, m := range marks {
			end := len(text)
			if i+1 < len(marks) {
				end = marks[i+1][0]
			}
			if len(open) < maxColumns {
				open = append(open, a.inline(strings.TrimSuffix(strings.TrimSpace(text[m[1]:end]), " +")))
			}
		}
	}
	flush()
	return rows
}

// inline takes the marks of inline markup away and keeps footnotes aside.
func (a *asciidoc) inline(s string) string {
	s = adocMacro.ReplaceAllString(s, "$1$2")
	if strings.Contains(s, "footnote:") {
		for _, m := range adocFootnote.FindAllStringSubmatch(s, -1) {
			if m[1] != "" && len(a.notes) < maxProblems {
				a.notes = append(a.notes, m[1])
			}
		}
		s = adocFootnote.ReplaceAllString(s, "")
	}
	s = regexpInlineAnchor.ReplaceAllString(s, "")
	if bare := adocRole.ReplaceAllString(s, ""); bare != s {
		s = strings.ReplaceAll(bare, "#", "") // the marks that close what has a role
	}
	s = adocHidden.ReplaceAllString(s, "$1")
	s = adocValue.ReplaceAllStringFunc(s, func(m string) string {
		name := strings.Trim(m, "{}")
		if name == "blank" || name == "empty" || name == "sp" || name == "nbsp" {
			return ""
		}
		if value, found := a.attributes[name]; found && value != "" {
			return value
		}
		return m
	})
	s = adocLink.ReplaceAllStringFunc(s, func(m string) string {
		parts := adocLink.FindStringSubmatch(m)
		return first(parts[2], parts[1])
	})
	s = adocIndex.ReplaceAllString(s, "")
	s = adocSpan.ReplaceAllString(s, "$1")
	s = emphasis(s, "**")
	s = emphasis(s, "*")
	s = emphasis(s, "__")
	s = emphasis(s, "_")
	s = strings.NewReplacer("`", "", " -- ", " — ", "...", "…").Replace(s)
	return strings.TrimSpace(s)
}

// footnotes puts the footnotes of the last paragraph as notes.
func (a *asciidoc) footnotes() {
	notes := a.notes
	a.notes = nil
	for _, n := range notes {
		a.note("*")
		a.keep(a.inline(n))
		a.close()
	}
	a.notes = nil
}

// resolve writes what references lead to, once every anchor is known.
func (a *asciidoc) resolve() {
	for i := range a.lines {
		l := &a.lines[i]
		if !strings.Contains(l.text, "<<") {
			continue
		}
		l.text = adocReference.ReplaceAllStringFunc(l.text, func(m string) string {
			parts := adocReference.FindStringSubmatch(m)
			label := first(a.labels[strings.TrimSpace(parts[1])], strings.TrimSpace(parts[1]))
			label = strings.TrimSuffix(strings.TrimSuffix(label, " (normative)"), " (informative)")
			if place := strings.TrimSpace(parts[2]); place != "" && place != "fn" {
				return label + ", " + strings.NewReplacer("section ", "", "clause=", "", "section=", "").Replace(place)
			}
			return label
		})
	}
}

// identify takes the identity from the attributes of the header.
func (a *asciidoc) identify(s *corpus.Standard) {
	get := func(name string) string { return strings.TrimSpace(a.attributes[name]) }
	s.Language = languageTag(get("language"))
	number := get("docnumber")
	if part := get("partnumber"); part != "" && number != "" {
		number += "-" + part
	}
	prefix := get("prefix")
	if prefix == "" && number != "" {
		prefix = strings.ToUpper(get("mn-document-class"))
	}
	if number != "" && prefix != "" {
		s.Designation = prefix + " " + number
		if year := get("copyright-year"); year != "" {
			sep := ":"
			if get("mn-document-class") == "gb" {
				sep = "-"
			}
			s.Designation += sep + year
		}
	}
	s.InForce = isoDate(get("implemented-date"))
	if adopted := get("iso-standard"); adopted != "" {
		degree := corpus.Identical
		switch get("equivalence") {
		case "equivalent":
			degree = corpus.Modified
		case "nonequivalent":
			degree = corpus.NotEquivalent
		}
		s.Adopts = []corpus.Adoption{{Designation: adopted, Degree: degree}}
	}
	var titles []corpus.Title
	for _, lang := range []string{get("language"), "en", "zh", "fr", "ru"} {
		var parts []string
		for _, piece := range []string{"intro", "main", "part"} {
			if text := get("title-" + piece + "-" + lang); text != "" {
				parts = append(parts, text)
			}
		}
		if len(parts) > 0 && (len(titles) == 0 || titles[0].Language != corpus.Language(lang)) {
			titles = append(titles, corpus.Title{Language: languageTag(lang), Text: strings.Join(parts, " — ")})
		}
	}
	if len(titles) > 0 {
		s.Titles = titles
	}
	if ics := get("library-ics"); ics != "" {
		s.ICS = strings.Split(strings.ReplaceAll(ics, " ", ""), ",")
	}
}
