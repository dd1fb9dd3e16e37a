package reader

import (
	"io"
	"regexp"
	"strconv"
	"strings"

	"concord/corpus"
)

// detectRST goes by the name.
func detectRST(name string, _ []byte) bool { return hasSuffix(name, ".rst", ".rest") }

// readRST reads reStructuredText as Sphinx projects use it: sections, lists,
// tables, notes, and HTML that stands in it. Files that it includes are read when they
// are beside it.
func readRST(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	if text, err = hint.beside.expand(strings.ReplaceAll(text, rstMark, " "), rstIncludes, 0); err != nil {
		return nil, err
	}
	if err := checkLines(text); err != nil {
		return nil, err
	}
	text = rstCounted(rstTitles(text))
	s := &rst{raw: strings.Split(strings.ReplaceAll(text, "\t", "    "), "\n"), doc: newRSTDocument(nil)}
	for s.at < len(s.raw) {
		if err := s.block(); err != nil {
			return nil, err
		}
	}
	doc := s.document(hint)
	doc.Problems = append(doc.Problems, s.left...)
	return []*corpus.Document{doc}, nil
}

// rstTarget is a label before a section, and rstCited a reference that prints the
// section's title.
var (
	rstTarget = regexp.MustCompile("^\\.\\. _`?([^:`]+)`?:$")
	rstCited  = regexp.MustCompile("(:(?:std:)?ref:`)([^`<>]+)`")
)

// rstTitles writes the titles of sections in the place of references to their labels, as
// Sphinx prints them.
func rstTitles(text string) string {
	if !strings.Contains(text, "ref:`") {
		return text
	}
	lines := strings.Split(text, "\n")
	titles, labels := map[string]string{}, []string{}
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if m := rstTarget.FindStringSubmatch(line); m != nil {
			labels = append(labels, strings.ToLower(m[1]))
			continue
		}
		if line == "" || len(labels) == 0 || isAdornment(line) {
			continue
		}
		if i+1 < len(lines) && isAdornment(strings.TrimSpace(lines[i+1])) {
			for _, label := range labels {
				titles[label] = line
			}
		}
		labels = labels[:0]
	}
	return rstCited.ReplaceAllStringFunc(text, func(cited string) string {
		m := rstCited.FindStringSubmatch(cited)
		return m[1] + first(titles[strings.ToLower(foldBlanks(m[2]))], m[2]) + "`"
	})
}

// rstCounted numbers the footnotes that leave counting to the program, [#]_, where there
// are as many as references to them: the first reference is to the first of them.
func rstCounted(text string) string {
	const call, note = "[#]_", ".. [#]"
	if n := strings.Count(text, call); n == 0 || n != strings.Count(text, note) {
		return text
	}
	for _, mark := range []string{call, note} {
		parts := strings.Split(text, mark)
		var out strings.Builder
		for i, part := range parts[:len(parts)-1] {
			out.WriteString(part + strings.Replace(mark, "#", "#"+strconv.Itoa(i+1), 1))
		}
		text = out.String() + parts[len(parts)-1]
	}
	return text
}

// rst walks through the blocks of a file.
type rst struct {
	page
	raw  []string
	at   int
	doc  *rstDocument // that is read: of a book the one that a toctree names
	left []corpus.Problem

	defined map[string]int  // the lines that define footnotes
	called  map[string]bool // footnotes put where they are referred to
	auto    int             // the last number of an enumeration that leaves counting to us
	autoAt  int             // its indentation
}

var (
	rstDirective  = regexp.MustCompile(`^\.\. ([A-Za-z][\w:-]*)::\s*(.*)$`)
	rstFootnote   = regexp.MustCompile(`^\.\. \[([^\]]+)\](?:\s+(.*))?$`)
	rstBullet     = regexp.MustCompile(`^([-*+•])\s+(.*)$`)
	rstEnumerated = regexp.MustCompile(`^(\(?(?:\d{1,3}|[a-zA-Z]|[ivx]+|#)[.)])\s+(.*)$`)
	rstRole       = regexp.MustCompile("(?::[\\w:+-]+:)?`([^`<]+?)\\s*(?:<[^`>]*>)?`_{0,2}")
	rstLiteral    = regexp.MustCompile("``([^`]+)``")
	rstReference  = regexp.MustCompile(`\[([#*\w]+)\]_`)
	rstField      = regexp.MustCompile(`^:[\w -]+:`)
)

// block takes the next block.
func (s *rst) block() error {
	line := s.raw[s.at]
	text := strings.TrimSpace(line)
	if text != "" && indentOf(line) <= s.autoAt && !strings.HasPrefix(text, "#") {
		s.auto = 0
	}
	switch {
	case text == "":
		s.at++
	case strings.HasPrefix(line, rstMark):
		s.turn(line[len(rstMark):])
		s.at++
	case s.section():
	case strings.HasPrefix(text, ".. ") || text == "..":
		return s.explicit(indentOf(line), text)
	case strings.HasPrefix(text, "+-"):
		s.gridTable()
	case isSimpleBorder(text):
		s.simpleTable()
	case rstBullet.MatchString(text) && !isAdornment(text):
		m := rstBullet.FindStringSubmatch(text)
		s.listItem("—", m[2], indentOf(line))
	case rstEnumerated.MatchString(text) && s.isList(text):
		m := rstEnumerated.FindStringSubmatch(text)
		if strings.Contains(m[1], "#") {
			s.auto, s.autoAt = s.auto+1, indentOf(line)
			m[1] = strings.Replace(m[1], "#", strconv.Itoa(s.auto), 1)
		}
		s.listItem(m[1], m[2], indentOf(line))
	case isAdornment(text): // a transition
		s.at++
	case s.opensTerm(1):
		return s.terms(false)
	default:
		s.plainParagraph(indentOf(line))
	}
	return nil
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// isAdornment tells a line of one mark repeated, which underlines headings.
func isAdornment(s string) bool {
	return len(s) >= 3 && strings.ContainsRune("=-~^\"'`*+#:._<>", rune(s[0])) && strings.Trim(s, s[:1]) == ""
}

// opensTerm tells whether the next lines are the names of a definition list, at most so
// many: what they name stands indented below, without a blank line.
func (s *rst) opensTerm(most int) bool {
	indent := indentOf(s.raw[s.at])
	for i := s.at + 1; i < len(s.raw) && i <= s.at+most; i++ {
		if line := s.raw[i]; strings.TrimSpace(line) == "" || indentOf(line) < indent || strings.HasPrefix(strings.TrimSpace(line), ".. ") {
			return false
		} else if indentOf(line) > indent {
			return !strings.HasPrefix(strings.TrimSpace(s.raw[s.at]), "| ")
		}
	}
	return false
}

// terms takes a definition list, or the content of a glossary, whose entries may have
// several names and blank lines between them.
func (s *rst) terms(glossary bool) error {
	most := 1
	if glossary {
		most = maxSynonyms
	}
	indent := indentOf(s.raw[s.at])
	for s.at < len(s.raw) && indentOf(s.raw[s.at]) == indent && strings.TrimSpace(s.raw[s.at]) != "" && s.opensTerm(most) {
		var names []string
		for ; indentOf(s.raw[s.at]) == indent; s.at++ {
			name, _, _ := strings.Cut(strings.TrimSpace(s.raw[s.at]), " : ") // of a classifier
			names = append(names, rstInline(name))
		}
		s.defines(strings.Join(names, "; "), glossary)
		if err := s.nested(s.body(indent)); err != nil {
			return err
		}
	}
	s.endTerms()
	return nil
}

// maxSynonyms is how many names an entry of a glossary has at most.
const maxSynonyms = 8

// section takes a heading with its underline, and its overline where it has one.
func (s *rst) section() bool {
	line := strings.TrimSpace(s.raw[s.at])
	next := func(n int) string {
		if s.at+n < len(s.raw) {
			return strings.TrimSpace(s.raw[s.at+n])
		}
		return ""
	}
	if isAdornment(line) && next(1) != "" && next(2) == line {
		s.title(next(1), "over"+line[:1])
		s.at += 3
		return true
	}
	under := next(1)
	if line == "" || isAdornment(line) || !isAdornment(under) || indentOf(s.raw[s.at]) > 0 || len(under)*2 < len([]rune(line)) {
		return false
	}
	s.title(line, under[:1])
	s.at += 2
	return true
}

// title puts a heading; levels follow from the order in which adornments come.
func (s *rst) title(text, adornment string) {
	level, number := s.doc.heading(adornment)
	text = rstInline(text)
	if number != "" && !opensWithNumber(text) {
		text = number + " " + text
	}
	s.heading(level, text)
}

// body takes the lines of an indented block, without their indentation.
func (s *rst) body(indent int) []string {
	from := s.at
	for s.at < len(s.raw) && (strings.TrimSpace(s.raw[s.at]) == "" || indentOf(s.raw[s.at]) > indent) {
		s.at++
	}
	return dedent(s.raw[from:s.at])
}

// rubricLevel is the level of a rubric, a heading that stands in no outline: below
// all that do.
const rubricLevel = 9

// rstNotes are the directives that mark what does not bind.
var rstNotes = wordSet("note tip hint warning caution attention important danger seealso admonition")

// explicit takes a directive, a footnote or a comment with what is indented below.
func (s *rst) explicit(indent int, text string) error {
	if m := rstFootnote.FindStringSubmatch(text); m != nil {
		s.at++
		rest := strings.Join(s.body(indent), " ")
		if s.called[m[1]] { // it stands where it is referred to
			return nil
		}
		s.note(strings.TrimPrefix(m[1], "#"))
		s.keep(rstInline(m[2] + " " + rest))
		s.close()
		return nil
	}
	m := rstDirective.FindStringSubmatch(text)
	s.at++
	if text == ".." && (s.at == len(s.raw) || strings.TrimSpace(s.raw[s.at]) == "") {
		return nil // an empty comment ends what is above and takes nothing below
	}
	body := s.body(indent)
	if m == nil {
		return nil // a comment or a target
	}
	name, argument := strings.ToLower(m[1]), m[2]
	options, rest := rstOptions(body)
	switch {
	case name == "raw" && strings.TrimSpace(argument) == "html":
		return s.rawHTML(strings.Join(rest, "\n"))
	case name == "include" || name == "literalinclude":
		s.left = append(s.left, corpus.Say(corpus.SeverityWarning, "include", "include-missing", "the file {file} is included and is not beside the file, so it was not read", "import both in one ZIP file", "file", quote(shorten(argument, 80))))
	case rstNotes[name]:
		s.noteBlock(name, argument, rest)
	case name == "math" || name == "code-block" || name == "code" || name == "parsed-literal":
		s.keep(argument)
		for _, line := range rest {
			s.keep(line)
		}
	case name == "list-table":
		s.listTable(argument, rest)
	case name == "csv-table":
		if rows, _, err := readGrid(strings.Join(append(headerOption(options), rest...), "\n"), ',', 0); err == nil {
			s.table(rows, rstInline(argument))
		}
	case name == "rubric": // its words may go on below
		for len(rest) == len(body) && len(body) > 0 && strings.TrimSpace(body[0]) != "" && !rstField.MatchString(strings.TrimSpace(body[0])) {
			argument += " " + strings.TrimSpace(body[0])
			body, rest = body[1:], rest[1:]
		}
		s.heading(rubricLevel, rstInline(argument))
		_, rest = rstOptions(rest)
		return s.nested(rest)
	case name == "table" || name == "figure" || name == "container" || name == "class":
		if name == "table" {
			s.caption(rstInline(argument))
		}
		return s.nested(rest)
	case name == "glossary":
		inner := &rst{raw: rest, doc: s.doc}
		for inner.at < len(rest) && strings.TrimSpace(rest[inner.at]) == "" {
			inner.at++
		}
		if inner.at < len(rest) && inner.opensTerm(maxSynonyms) {
			if err := inner.terms(true); err != nil {
				return err
			}
		}
		for _, l := range inner.lines {
			s.put(l)
		}
		s.left = append(s.left, inner.left...)
		return nil
	case !rstWordless[name]: // of a domain, a version, a topic: its text is text
		if strings.Contains(name, ":") || rstObjects[name] {
			s.paragraph(rstInline(argument), "")
		}
		return s.nested(rest)
	}
	return nil
}

// rstWordless are the directives that hold no text of the document, and rstObjects those
// of Sphinx that name what they describe.
var (
	rstWordless = wordSet("image contents toctree index highlight role replace meta default-role sectnum section-numbering header footer target-notes unicode date todo todolist tabularcolumns module currentmodule py:module py:currentmodule sectionauthor moduleauthor codeauthor graphviz digraph uml mermaid plantuml autosummary automodule autoclass autofunction raw program bibliography video sourcecode doctest testcode testoutput productionlist")
	rstObjects  = wordSet("describe object option confval envvar function class method attribute data exception cmdoption")
)

// rstOptions parts the options of a directive from its content.
func rstOptions(body []string) (options, rest []string) {
	i := 0
	for i < len(body) && rstField.MatchString(strings.TrimSpace(body[i])) {
		options = append(options, strings.TrimSpace(body[i]))
		i++
	}
	return options, body[i:]
}

func headerOption(options []string) []string {
	for _, o := range options {
		if rest, found := strings.CutPrefix(o, ":header:"); found {
			return []string{strings.TrimSpace(rest)}
		}
	}
	return nil
}

// nested takes blocks inside a directive.
func (s *rst) nested(lines []string) error {
	inner := &rst{raw: lines, doc: s.doc}
	for inner.at < len(inner.raw) {
		if strings.HasPrefix(strings.TrimSpace(inner.raw[inner.at]), ".. ") && indentOf(inner.raw[inner.at]) > maxXMLDepth {
			return nil
		}
		if err := inner.block(); err != nil {
			return err
		}
	}
	for _, l := range inner.lines {
		s.put(l)
	}
	s.left = append(s.left, inner.left...)
	return nil
}

// noteBlock takes a marked note.
func (s *rst) noteBlock(name, argument string, body []string) {
	title := strings.ToUpper(name)
	text := strings.Join(body, "\n")
	if name == "admonition" {
		title = argument
	} else {
		text = argument + "\n" + text
	}
	s.note(title)
	for _, paragraph := range strings.Split(text, "\n\n") {
		s.keep(rstInline(strings.ReplaceAll(paragraph, "\n", " ")))
	}
	s.close()
}

// rawHTML reads HTML that stands in the text.
func (s *rst) rawHTML(text string) error {
	root, err := parseHTML(text)
	if err != nil {
		return err
	}
	w := &webPage{ids: root.byID()}
	w.inside(mainPart(root))
	w.flush()
	for _, l := range w.lines {
		s.put(l)
	}
	return nil
}

// isList tells an enumeration from a paragraph that opens with a clause number.
func (s *rst) isList(text string) bool { return !opensWithNumber(text) }

// listItem takes an item with its continuation lines.
func (s *rst) listItem(mark, text string, indent int) {
	s.at++
	for s.at < len(s.raw) && strings.TrimSpace(s.raw[s.at]) != "" && indentOf(s.raw[s.at]) > indent && !rstBullet.MatchString(strings.TrimSpace(s.raw[s.at])) {
		text = joinWrapped(text, strings.TrimSpace(s.raw[s.at]))
		s.at++
	}
	s.item(mark, rstInline(text))
}

// plainParagraph takes a paragraph.
func (s *rst) plainParagraph(indent int) {
	text := strings.TrimSpace(s.raw[s.at])
	bold := ""
	if m := boldLead.FindStringSubmatch(text); m != nil {
		bold = rstInline(m[1])
	}
	s.at++
	for s.at < len(s.raw) {
		line := strings.TrimSpace(s.raw[s.at])
		if line == "" || strings.HasPrefix(line, ".. ") || isAdornment(line) {
			break
		}
		if rest, found := strings.CutPrefix(line, "| "); found { // a line block
			text += "\n" + rest
		} else {
			text = joinWrapped(text, line)
		}
		s.at++
	}
	s.paragraph(rstInline(strings.TrimSuffix(strings.TrimPrefix(text, "| "), "::")), bold)
	for _, m := range rstReference.FindAllStringSubmatch(text, -1) {
		s.callFootnote(m[1])
	}
}

// callFootnote puts a footnote below the paragraph that refers to it. One that is referred
// to from elsewhere, as from a table, stays where it is written.
func (s *rst) callFootnote(name string) {
	if s.called[name] || name == "#" || name == "*" {
		return // it is put, or says by its place alone which it is
	}
	if s.defined == nil {
		s.defined = map[string]int{}
		for i, line := range s.raw {
			if m := rstFootnote.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				s.defined[m[1]] = i
			}
		}
	}
	if i, found := s.defined[name]; found && i >= s.at && i < len(s.raw) {
		line := s.raw[i]
		m := rstFootnote.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || m[1] != name {
			return
		}
		text := m[2]
		for _, more := range s.raw[i+1:] {
			if strings.TrimSpace(more) == "" || indentOf(more) <= indentOf(line) {
				break
			}
			text += " " + strings.TrimSpace(more)
		}
		if s.called == nil {
			s.called = map[string]bool{}
		}
		s.called[name] = true
		s.note(strings.TrimPrefix(name, "#"))
		s.keep(rstInline(text))
		s.close()
	}
}

// rstInline takes the marks of inline markup away.
func rstInline(text string) string {
	text = rstLiteral.ReplaceAllString(text, "$1")
	text = rstReference.ReplaceAllString(text, "")
	text = rstRole.ReplaceAllString(text, "$1")
	text = emphasis(text, "**")
	text = emphasis(text, "*")
	return strings.ReplaceAll(text, "\\ ", "")
}

// gridTable takes a table drawn with + - and |. Lines of one row are joined.
func (s *rst) gridTable() {
	edges := gridEdges(s.raw[s.at])
	var rows [][]string
	open := make([][]string, len(edges))
	flush := func() {
		if row := s.gridRow(open); row != nil {
			rows = append(rows, row)
		}
		open = make([][]string, len(edges))
	}
	for ; s.at < len(s.raw); s.at++ {
		line := strings.TrimSpace(s.raw[s.at])
		if strings.HasPrefix(line, "+") {
			flush()
			continue
		}
		if !strings.HasPrefix(line, "|") {
			break
		}
		for i, c := range gridCells(line, edges) {
			open[i] = append(open[i], c)
		}
	}
	flush()
	if len(rows) > 0 {
		s.table(rows, "")
	}
}

// gridEdges are the columns at which the cells of a grid table end, counted in
// widths of a letter.
func gridEdges(border string) []int {
	var edges []int
	for i, r := range strings.TrimSpace(border) {
		if r == '+' && i > 0 && len(edges) < maxColumns {
			edges = append(edges, i)
		}
	}
	if len(edges) == 0 {
		edges = []int{len(border)}
	}
	return edges
}

// gridCells cuts a line of a grid table at its bars. A bar counts where a column
// ends; a Han character is as wide as two letters.
func gridCells(line string, edges []int) []string {
	var cells []string
	width, from := 0, 1
	for i, r := range line {
		if r == '|' && i > 0 && len(cells) < len(edges) && width >= edges[len(cells)]-1 {
			cells = append(cells, strings.TrimRight(line[from:i], " "))
			from = i + 1
		}
		width++
		if isWide(r) {
			width++
		}
	}
	return cells
}

// gridRow makes the texts of a row. A row that only lays out a mark and what it
// marks, which may hold blocks of its own, is put as a point at once.
func (s *rst) gridRow(cells [][]string) []string {
	texts := make([]string, len(cells))
	for i, lines := range cells {
		texts[i] = rstInline(foldBlanks(strings.Join(lines, " ")))
	}
	if strings.Join(texts, "") == "" {
		return nil
	}
	mark, _, ok := pointOf(texts)
	if _, _, isNote := leadingNote(mark); !ok || isNote {
		return texts
	}
	inner := &rst{raw: dedent(cells[len(cells)-1]), doc: s.doc}
	for inner.at < len(inner.raw) {
		if inner.block() != nil {
			return texts
		}
	}
	for _, l := range inner.lines {
		if l.text == "" {
			continue
		}
		if mark != "" {
			l.text, mark = mark+" "+l.text, ""
		}
		l.level, l.keep = 0, true
		s.put(l)
	}
	s.left = append(s.left, inner.left...)
	return nil
}

// dedent takes the common indentation off lines.
func dedent(lines []string) []string {
	least := -1
	for _, l := range lines {
		if strings.TrimSpace(l) != "" && (least < 0 || indentOf(l) < least) {
			least = indentOf(l)
		}
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l[min(max(least, 0), len(l)):]
	}
	return out
}

func inlineRST(cells []string) []string {
	for i := range cells {
		cells[i] = rstInline(cells[i])
	}
	return cells
}

// isSimpleBorder tells the border of a simple table: at least two runs of =.
func isSimpleBorder(s string) bool {
	return strings.Trim(s, "= ") == "" && len(strings.Fields(s)) >= 2
}

// simpleTable takes a table whose columns are marked by runs of =.
func (s *rst) simpleTable() {
	border := s.raw[s.at]
	var starts []int
	for i := range border {
		if border[i] == '=' && (i == 0 || border[i-1] == ' ') && len(starts) < maxColumns {
			starts = append(starts, i)
		}
	}
	var rows [][]string
	borders := 1
	for s.at++; s.at < len(s.raw); s.at++ {
		line := s.raw[s.at]
		if isSimpleBorder(strings.TrimSpace(line)) {
			if borders++; borders == 3 || s.at+1 < len(s.raw) && strings.TrimSpace(s.raw[s.at+1]) == "" {
				s.at++
				break
			}
			continue
		}
		if strings.TrimSpace(line) != "" {
			rows = append(rows, inlineRST(columnsAt(line, starts)))
		}
	}
	s.table(rows, "")
}

// columnsAt cuts a line at the columns' places.
func columnsAt(line string, starts []int) []string {
	cells := make([]string, len(starts))
	runes := []rune(line)
	for i, from := range starts {
		to := len(runes)
		if i+1 < len(starts) {
			to = min(to, starts[i+1])
		}
		if from < to {
			cells[i] = strings.TrimSpace(string(runes[from:to]))
		}
	}
	return cells
}

// listTable takes a table written as a list of lists.
func (s *rst) listTable(title string, body []string) {
	var rows [][]string
	for _, line := range body {
		text := strings.TrimSpace(line)
		row, opens := strings.CutPrefix(text, "* - ")
		cellText, next := strings.CutPrefix(text, "- ")
		switch {
		case opens:
			rows = append(rows, []string{row})
		case len(rows) == 0:
		case next && len(rows[len(rows)-1]) < maxColumns:
			rows[len(rows)-1] = append(rows[len(rows)-1], cellText)
		case text != "":
			last := rows[len(rows)-1]
			last[len(last)-1] = joinWrapped(last[len(last)-1], text)
		}
	}
	for i := range rows {
		rows[i] = inlineRST(rows[i])
	}
	s.table(rows, rstInline(title))
}
