package reader

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"concord/corpus"
)

// detectMarkdown goes by the name, else by front matter or ATX headings.
func detectMarkdown(name string, head []byte) bool {
	if hasSuffix(name, ".md", ".markdown", ".mkd") {
		return true
	}
	if strings.Contains(name, ".") && !hasSuffix(name, ".txt") {
		return false
	}
	if bytes.HasPrefix(head, []byte("---\n")) && bytes.Contains(head, []byte("\n---\n")) {
		return true
	}
	headings := 0
	for _, l := range bytes.Split(head, []byte("\n")) {
		if atx.Match(l) {
			headings++
		}
	}
	return headings >= 2
}

var (
	atx          = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$`)
	fence        = regexp.MustCompile("^ {0,3}(```+|~~~+)")
	rule         = regexp.MustCompile(`^ {0,3}([-*_=])[ \t]*(?:[-*_=][ \t]*){2,}$`)
	details      = regexp.MustCompile(`^\{%-?\s*details\s+(.*?)\s*-?%\}`)
	endDetails   = regexp.MustCompile(`\{%-?\s*enddetails\s*-?%\}`)
	boldLead     = regexp.MustCompile(`^(?:\*\*|__)(.+?)(?:\*\*|__)`)
	numberedBold = regexp.MustCompile(`^(\S+) (?:\*\*|__)(.+?)(?:\*\*|__)`)
	attributes   = regexp.MustCompile(`\s*\{[:#.][^{}]*\}\s*$`)
)

// readMarkdown reads Markdown: front matter, headings, numbered paragraphs,
// tables kept as text or, when they list requirements, one clause a row.
func readMarkdown(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	if err := checkLines(text); err != nil {
		return nil, err
	}
	var h hygiene
	text = h.clean(text)
	doc := &corpus.Document{Problems: h.notes()}
	matter, body, offset := cutFrontMatter(text)
	illustrative := false
	if matter != "" {
		if illustrative, err = applyFrontMatter(matter, doc); err != nil {
			return nil, err
		}
	}
	stated := first(hint.Language, doc.Standard.Language)
	doc.Standard.Language = first(stated, GuessLanguage(body))
	lines := markdownLines(body, offset)
	fill(doc, cutSections(lines, doc.Standard.Language, ""), "", illustrative)
	doc.Standard.Language = stated
	return []*corpus.Document{doc}, nil
}

// markdownLines turns Markdown into lines for the sectioner.
func markdownLines(body string, offset int) []line {
	m := &markdown{raw: strings.Split(body, "\n"), offset: offset, ended: true}
	m.takeFootnotes()
	for m.at < len(m.raw) {
		from := m.at
		m.block()
		for ; from < m.at; from++ {
			m.called = append(m.called, m.calls[from]...)
		}
	}
	m.putFootnotes()
	return m.lines
}

// markdown walks through the blocks of a file.
type markdown struct {
	raw    []string
	at     int
	offset int // line number of the first line, less one
	lines  []line
	ended  bool // the text before is complete: a new paragraph begins
	broken bool // the line before ends in a hard break

	footnotes map[string]mdFootnote
	calls     map[int][]string // of footnotes, by the line they were taken from
	called    []string         // since the last footnotes were put
}

// mdFootnote is the text of a footnote and the line it stands on.
type mdFootnote struct {
	text string
	no   int
}

var (
	mdDefined = regexp.MustCompile(`^ {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*(.*)$`)
	mdCalled  = regexp.MustCompile(`\[\^([^\]\s]{1,40})\]`)
)

// takeFootnotes takes the definitions of footnotes out of the text, with the lines that
// are indented below them: they stand where they are referred to. One that nothing refers
// to stays.
func (m *markdown) takeFootnotes() {
	calls := map[string]bool{}
	for _, raw := range m.raw {
		for _, call := range mdCalled.FindAllStringSubmatch(mdDefined.ReplaceAllString(raw, "$2"), -1) {
			calls[call[1]] = true
		}
	}
	m.footnotes, m.calls = map[string]mdFootnote{}, map[int][]string{}
	fenced := false
	for i := 0; i < len(m.raw); i++ {
		fenced = fenced != fence.MatchString(m.raw[i])
		found := mdDefined.FindStringSubmatch(m.raw[i])
		if fenced || found == nil || !calls[found[1]] {
			continue
		}
		note := mdFootnote{text: found[2], no: i + 1 + m.offset}
		m.raw[i] = ""
		for i+1 < len(m.raw) && strings.TrimSpace(m.raw[i+1]) != "" && indentOf(m.raw[i+1]) >= 2 {
			i++
			note.text += " " + strings.TrimSpace(m.raw[i])
			m.raw[i] = ""
		}
		m.footnotes[found[1]] = note
	}
	fenced = false
	for i, raw := range m.raw {
		if fenced = fenced != fence.MatchString(raw); fenced || len(m.footnotes) == 0 {
			continue
		}
		m.raw[i] = mdCalled.ReplaceAllStringFunc(raw, func(mark string) string {
			name := mark[2 : len(mark)-1]
			if m.footnotes[name].no == 0 {
				return mark
			}
			m.calls[i] = append(m.calls[i], name)
			return ""
		})
	}
}

// putFootnotes puts what the paragraph that ends here referred to.
func (m *markdown) putFootnotes() {
	for _, name := range m.called {
		note := m.footnotes[name]
		if note.no == 0 || note.text == "" {
			continue
		}
		delete(m.footnotes, name)
		for _, l := range []line{{text: name, note: true}, {text: inline(note.text), keep: true}, {done: true}} {
			l.no = note.no
			m.lines = append(m.lines, l)
		}
	}
	m.called = nil
}

func (m *markdown) put(l line) {
	l.no = m.at + 1 + m.offset
	m.lines = append(m.lines, l)
}

// block takes the next block: a heading, table, fence, tag, rule or line.
func (m *markdown) block() {
	raw := m.raw[m.at]
	if atx.MatchString(raw) || strings.TrimSpace(raw) == "" {
		m.putFootnotes()
	}
	t := strings.TrimSpace(raw)
	switch {
	case t == "":
		m.put(line{})
		m.ended = true
	case fence.MatchString(raw):
		m.fenced()
		return
	case t == "$$" || strings.HasPrefix(t, "$$") && !strings.HasSuffix(t[2:], "$$"):
		m.formula()
		return
	case strings.HasPrefix(t, "<!--"):
		m.comment()
		return
	case len(t) > 5 && strings.EqualFold(t[:6], "<table"):
		m.htmlTable()
		return
	case m.table():
		return
	case atx.MatchString(raw):
		m.heading(atx.FindStringSubmatch(raw))
	case details.MatchString(t):
		m.put(line{text: inline(strings.TrimSpace(details.FindStringSubmatch(t)[1])), note: true})
	case endDetails.MatchString(t):
		m.put(line{done: true})
		m.ended = true
	case m.setext():
		return
	case m.terms():
		return
	case rule.MatchString(raw):
		m.put(line{})
		m.ended = true
	default:
		m.plain(raw)
	}
	m.at++
}

// heading puts an ATX heading.
func (m *markdown) heading(parts []string) {
	text := parts[2]
	official := strings.HasSuffix(text, "{.official}")
	text = strings.TrimSpace(inline(attributes.ReplaceAllString(text, "")))
	if official {
		text += " {.official}"
	}
	if text != "" {
		m.put(line{text: strings.ReplaceAll(text, "\n", " "), level: len(parts[1])})
	}
	m.ended = true
}

// setext takes a line underlined by === or ---.
func (m *markdown) setext() bool {
	if !m.ended || m.at+1 >= len(m.raw) {
		return false
	}
	under := strings.TrimSpace(m.raw[m.at+1])
	level := 0
	switch {
	case len(under) >= 3 && strings.Trim(under, "=") == "":
		level = 1
	case len(under) >= 3 && strings.Trim(under, "-") == "":
		level = 2
	default:
		return false
	}
	text := strings.TrimSpace(inline(m.raw[m.at]))
	if text == "" || strings.ContainsRune("-*+•", []rune(text)[0]) || rule.MatchString(m.raw[m.at]) {
		return false
	}
	m.put(line{text: text, level: level})
	m.at += 2
	m.ended = true
	return true
}

// terms takes a definition list as Pandoc and others have it: names, and below each what
// it means behind a colon.
func (m *markdown) terms() bool {
	any := false
	for m.at < len(m.raw) {
		from, names := m.at, []string{}
		for ; m.at < len(m.raw) && len(names) <= maxSynonyms && strings.TrimSpace(m.raw[m.at]) != "" && !strings.HasPrefix(m.raw[m.at], ":"); m.at++ {
			names = append(names, inline(strings.TrimSpace(m.raw[m.at])))
		}
		at := m.at
		if at < len(m.raw) && strings.TrimSpace(m.raw[at]) == "" {
			at++
		}
		if len(names) == 0 || len(names) > maxSynonyms || at == len(m.raw) || !meaning.MatchString(m.raw[at]) {
			m.at = from
			break
		}
		m.at, any = at, true
		m.put(line{term: strings.Join(names, "; ")})
		for m.at < len(m.raw) && (meaning.MatchString(m.raw[m.at]) || strings.HasPrefix(m.raw[m.at], "  ") || strings.TrimSpace(m.raw[m.at]) != "" && strings.TrimSpace(m.raw[m.at-1]) != "") {
			m.put(line{text: inline(strings.TrimSpace(meaning.ReplaceAllString(m.raw[m.at], ""))), start: meaning.MatchString(m.raw[m.at])})
			m.at++
		}
		for m.at < len(m.raw) && strings.TrimSpace(m.raw[m.at]) == "" {
			m.put(line{})
			m.at++
		}
	}
	if any {
		m.put(line{termEnd: true})
		m.ended = true
	}
	return any
}

// meaning opens what a term means.
var meaning = regexp.MustCompile(`^ {0,3}: +`)

// plain puts a line of text.
func (m *markdown) plain(raw string) {
	t := strings.TrimSpace(raw)
	hard := strings.HasSuffix(raw, "\\") || strings.HasSuffix(raw, "  ") && len(t) > 0
	t = strings.TrimSpace(strings.TrimSuffix(t, "\\"))
	t = strings.TrimSpace(strings.TrimLeft(t, "> ")) // a quotation, perhaps in another
	bold := ""
	if match := boldLead.FindStringSubmatch(t); match != nil {
		bold = strings.TrimSpace(inline(match[1]))
	} else if match := numberedBold.FindStringSubmatch(t); match != nil {
		bold = match[1] + " " + strings.TrimSpace(inline(match[2]))
	}
	text := inline(t)
	text = strings.TrimSpace(strings.Trim(text, "_"))
	if text == "" {
		if m.at+1 < len(m.raw) {
			m.put(line{})
		}
		return
	}
	for i, part := range strings.Split(text, "\n") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		l := line{text: part, start: m.ended && i == 0 || i > 0}
		if i == 0 {
			l.bold = bold
		}
		l.alone = l.start && (m.at+1 >= len(m.raw) || strings.TrimSpace(m.raw[m.at+1]) == "")
		m.put(l)
	}
	m.ended = hard && endsSentence(text) || endsSentence(text)
	m.broken = hard
}

// fenced keeps a block of code as it is.
func (m *markdown) fenced() {
	mark := fence.FindStringSubmatch(m.raw[m.at])[1]
	for m.at++; m.at < len(m.raw); m.at++ {
		if strings.HasPrefix(strings.TrimSpace(m.raw[m.at]), mark) {
			m.at++
			break
		}
		m.put(line{text: strings.TrimRight(m.raw[m.at], " \t"), keep: true})
	}
	m.ended = true
}

// formula keeps a displayed formula.
func (m *markdown) formula() {
	m.put(line{text: strings.TrimSpace(m.raw[m.at]), keep: true})
	for m.at++; m.at < len(m.raw); m.at++ {
		t := strings.TrimSpace(m.raw[m.at])
		m.put(line{text: t, keep: true})
		if strings.HasSuffix(t, "$$") {
			m.at++
			break
		}
	}
	m.ended = true
}

// comment skips an HTML comment.
func (m *markdown) comment() {
	for ; m.at < len(m.raw); m.at++ {
		if _, after, found := strings.Cut(m.raw[m.at], "-->"); found {
			m.at++
			if strings.TrimSpace(after) != "" {
				m.put(line{text: inline(strings.TrimSpace(after)), start: true})
			}
			break
		}
	}
	m.ended = true
}

// table takes a pipe table: rows with bars and a ruler below the first.
func (m *markdown) table() bool {
	header, ok := pipeRow(strings.TrimSpace(m.raw[m.at]))
	if !ok || m.at+1 >= len(m.raw) {
		return false
	}
	ruler, ok := pipeRow(strings.TrimSpace(m.raw[m.at+1]))
	if !ok || !isRuler(ruler) {
		return false
	}
	g := &grid{header: inlineCells(header)}
	first := m.at
	end := m.at + 2
	for ; end < len(m.raw); end++ {
		row, ok := pipeRow(strings.TrimSpace(m.raw[end]))
		if !ok {
			break
		}
		g.rows, g.lines = append(g.rows, inlineCells(row)), append(g.lines, end-first)
	}
	if g.isRequirementTable() {
		m.put(line{rows: g})
		m.at = end
		m.ended = true
		return true
	}
	for i, row := range append([][]string{g.header}, g.rows...) {
		m.put(line{text: strings.Join(row, " | "), keep: true, cells: true, start: i == 0})
		m.at++
	}
	m.at = end
	m.ended = true
	return true
}

func inlineCells(cells []string) []string {
	for i, c := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(inline(c), "\n", " "))
	}
	return cells
}

// htmlTable keeps an HTML table as rows with bars. A table inside a cell adds
// to the text of that cell.
func (m *markdown) htmlTable() {
	start, depth := m.at, 0
	var source strings.Builder
	for ; m.at < len(m.raw); m.at++ {
		if m.at > start && atx.MatchString(m.raw[m.at]) { // the table was never closed
			break
		}
		low := strings.ToLower(m.raw[m.at])
		depth += strings.Count(low, "<table") - strings.Count(low, "</table")
		source.WriteString(m.raw[m.at])
		source.WriteByte('\n')
		if depth <= 0 || source.Len() > maxLineBytes {
			m.at++
			break
		}
	}
	end := m.at
	m.at = start
	for i, row := range tableRows(source.String()) {
		m.put(line{text: row, keep: true, cells: true, start: i == 0})
	}
	m.at = end
	m.ended = true
}

// tableRows reads the rows of an HTML table as text.
func tableRows(source string) []string {
	var rows []string
	var cells []string
	var text strings.Builder
	depth := 0
	flush := func() {
		cells = append(cells, strings.Join(strings.Fields(text.String()), " "))
		text.Reset()
	}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if last := strings.TrimSpace(strings.Join(cells, " | ")); strings.Trim(last, " |") != "" {
				rows = append(rows, last)
			}
			return rows
		case html.TextToken:
			text.WriteString(html.UnescapeString(string(z.Raw())))
		case html.StartTagToken, html.SelfClosingTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "table":
				depth++
			case "br", "p", "li", "div":
				text.WriteByte(' ')
			case "td", "th":
				if depth <= 1 {
					text.Reset()
				} else {
					text.WriteByte(' ')
				}
			}
		case html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "table":
				depth--
			case "td", "th":
				if depth <= 1 {
					flush()
				}
			case "caption":
				if caption := strings.Join(strings.Fields(text.String()), " "); caption != "" && depth <= 1 {
					rows = append(rows, caption)
					text.Reset()
				}
			case "tr":
				if depth > 1 {
					text.WriteString("; ")
					continue
				}
				if row := strings.Join(cells, " | "); strings.Trim(row, " |") != "" {
					rows = append(rows, row)
				}
				cells = nil
			}
		}
	}
}
