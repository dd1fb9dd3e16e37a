package reader

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
)

// The limits of a source that is kept for people to look at (our own).
const (
	maxSourceBytes = 16 << 20 // of its text; what is beyond is not shown
	maxSourceLine  = 240      // runes of a line; what is longer is laid out in pieces
	maxSharing     = 1        // documents of one file that each carry its source
)

// sourceBuilder gathers the lines of a source within its limits.
type sourceBuilder struct {
	corpus.Source
	bytes int
}

// add takes one line of a part, in pieces where it is very long.
func (b *sourceBuilder) add(line corpus.SourceLine) {
	if b.bytes += len(line.Text) + 16; b.bytes > maxSourceBytes {
		b.Cut = true
		return
	}
	for len(line.Text) > maxSourceLine && line.Box.Page == 0 {
		at := pieceEnd(line.Text)
		if at == len(line.Text) {
			break
		}
		piece := line
		piece.Text, line.Text = line.Text[:at], line.Text[at:]
		b.Lines = append(b.Lines, piece)
	}
	b.Lines = append(b.Lines, line)
}

// pieceEnd is where the first piece of a long line ends: after a tag or a blank
// where there is one in its second half.
func pieceEnd(s string) int {
	best, n := 0, 0
	for i, r := range s {
		if n++; n > maxSourceLine {
			if best > 0 {
				return best
			}
			return i
		}
		if n > maxSourceLine/2 && (r == '>' || unicode.IsSpace(r)) {
			best = i + utf8.RuneLen(r)
		}
	}
	return len(s)
}

// done is what was gathered, nil when it is nothing.
func (b *sourceBuilder) done(form corpus.SourceForm) *corpus.Source {
	if len(b.Lines) == 0 {
		return nil
	}
	b.Form, b.Count = form, len(b.Lines)
	return &b.Source
}

// textSource lays out a decoded text.
func textSource(format Format, text string) *corpus.Source {
	form := corpus.SourceText
	switch {
	case strings.Contains(format.Name, "JSON") || strings.Contains(format.Name, "OSCAL"):
		form = corpus.SourceData
	case firstByte([]byte(text[:min(len(text), headBytes)])) == '<':
		form = corpus.SourceMarkup
	}
	var b sourceBuilder
	b.text("", text)
	if format.Name == "Markdown" {
		knowFrontMatter(b.Lines)
	}
	return b.done(form)
}

// text takes the lines of a part's text.
func (b *sourceBuilder) text(part, text string) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n").Replace(text)
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		b.add(corpus.SourceLine{Text: strings.TrimRight(line, " \t"), No: i + 1, Part: part})
	}
}

// knowFrontMatter marks the front matter of a Markdown file, which is no text.
func knowFrontMatter(lines []corpus.SourceLine) {
	if len(lines) == 0 || lines[0].Text != "---" {
		return
	}
	end := slices.IndexFunc(lines[1:], func(l corpus.SourceLine) bool { return l.Text == "---" })
	for i := range lines[:end+2] {
		lines[i].Known = end >= 0
	}
}

// pageSource lays out the rows of printed pages, and what was taken off them as
// watermarks.
func pageSource(pages []pdfPage, rows [][]row, watermarks [][]piece) *corpus.Source {
	var b sourceBuilder
	for i, page := range rows {
		var cells []piece
		for _, r := range page {
			cells = append(cells, r.cells...)
		}
		for n, c := range append(cells, watermarks[i]...) {
			b.add(corpus.SourceLine{Text: c.text, No: n + 1, Box: corpus.SourceBox{Page: pages[i].no, Width: half(pages[i].width), Height: half(pages[i].height),
				X: half(c.x0), Y: half(c.base), Long: half(c.x1 - c.x0), Size: half(c.size)}})
		}
	}
	return b.done(corpus.SourcePages)
}

// markDropped marks the lines of pages that are not among the rows that were kept.
func markDropped(s *corpus.Source, kept [][]row) {
	if s == nil {
		return
	}
	type place struct {
		page int
		x, y float64
	}
	have := map[place]bool{}
	for _, page := range kept {
		for _, r := range page {
			for _, c := range r.cells {
				have[place{r.page, half(c.x0), half(c.base)}] = true
			}
		}
	}
	for i := range s.Lines {
		at := s.Lines[i].Box
		s.Lines[i].Known = !have[place{at.Page, at.X, at.Y}]
	}
}

// paragraphSource lays out the paragraphs of a word processor's parts.
func paragraphSource(parts []*element, names []string) *corpus.Source {
	var b sourceBuilder
	for i, part := range parts {
		n := 0
		for _, text := range paragraphTexts(part, nil, 0) {
			n++
			if text = foldBlanks(text); text != "" {
				b.add(corpus.SourceLine{Text: text, No: n, Part: names[i]})
			}
		}
	}
	return b.done(corpus.SourceParagraphs)
}

// paragraphTexts are the texts of the paragraphs of an element, in order; what is
// deleted by a tracked change is none.
func paragraphTexts(e *element, out []string, depth int) []string {
	if e == nil || depth > maxXMLDepth {
		return out
	}
	for _, c := range e.children {
		if c.name == "p" {
			at := len(out)
			out = append(out, "")
			out = runTexts(c, out, at, depth+1)
			continue
		}
		out = paragraphTexts(c, out, depth+1)
	}
	return out
}

// runTexts adds the text of a paragraph's runs at its place; paragraphs inside it,
// of text boxes, follow.
func runTexts(e *element, out []string, at, depth int) []string {
	if depth > maxXMLDepth {
		return out
	}
	for _, c := range e.children {
		switch c.name {
		case "t":
			out[at] += c.raw()
		case "tab", "br", "cr":
			out[at] += " "
		case "noBreakHyphen":
			out[at] += "-"
		case "del", "moveFrom", "Fallback", "instrText", "delText":
		case "p":
			inner := len(out)
			out = append(out, "")
			out = runTexts(c, out, inner, depth+1)
		default:
			out = runTexts(c, out, at, depth+1)
		}
	}
	return out
}

// raw is the text of an element with its blanks.
func (e *element) raw() string {
	var b strings.Builder
	e.gather(&b)
	return b.String()
}

// sheetSource lays out the rows of the sheets that people see.
func sheetSource(book *excelize.File) *corpus.Source {
	var b sourceBuilder
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err == nil && !visible {
			continue
		}
		rows, err := book.Rows(sheet)
		if err != nil {
			continue // a chart, or what else is no table
		}
		for line := 1; rows.Next() && !b.Cut && line <= 3*maxRows; line++ {
			row, err := rows.Columns()
			if err != nil || len(row) > maxColumns {
				break
			}
			if !isBlankRow(row) {
				b.add(corpus.SourceLine{Text: foldBlanks(strings.Join(row, " | ")), No: line, Part: sheet})
			}
		}
		rows.Close()
	}
	return b.done(corpus.SourceRows)
}

// inlineTags are marked words inside a sentence: no word ends at them.
var inlineTags = wordSet("a b i u em strong sup sub span font hi bold italic xref ref abbr small ht")

// visibleLines are the texts of lines of markup without what stands in tags,
// comments, scripts and styles.
func visibleLines(lines []corpus.SourceLine) []string {
	var m markupScan
	out := make([]string, len(lines))
	for i := range lines {
		out[i] = m.line(lines[i].Text)
	}
	return out
}

// markupScan goes through markup, one line after another.
type markupScan struct {
	tag    bool
	until  string // a comment, script or style is open until this
	math   bool   // inside a formula
	name   strings.Builder
	naming bool
}

func (m *markupScan) line(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		switch {
		case m.until != "":
			at := indexFold(s, m.until)
			if at < 0 {
				return html.UnescapeString(b.String())
			}
			s = s[at+len(m.until):]
			m.tag = m.until[0] == '<' // the rest of its end tag
			m.until, m.naming = "", false
			m.name.Reset()
		case m.tag:
			end := strings.IndexByte(s, '>')
			m.take(s[:max(end, 0)])
			if end < 0 {
				m.take(s + " ")
				return html.UnescapeString(b.String())
			}
			s = s[end+1:]
			m.close(&b)
		case strings.HasPrefix(s, "<!--"):
			m.until = "-->"
			s = s[4:]
		case strings.HasPrefix(s, "<![CDATA["):
			s = s[len("<![CDATA["):]
		case s[0] == '<' && len(s) > 1 && (s[1] == '/' || s[1] == '!' || s[1] == '?' || s[1] < utf8.RuneSelf && unicode.IsLetter(rune(s[1]))):
			m.tag, m.naming = true, true
			m.name.Reset()
			s = s[1:]
		default:
			end := strings.IndexByte(s[1:], '<') + 1
			if end == 0 {
				end = len(s)
			}
			b.WriteString(s[:end])
			s = s[end:]
		}
	}
	return html.UnescapeString(b.String())
}

// indexFold finds the end mark of a comment, script or style in any case. Small letters
// of the whole line could stand on other places: "İ" is longer as one.
func indexFold(s, mark string) int {
	for i := 0; i+len(mark) <= len(s); i++ {
		if s[i] == mark[0] && strings.EqualFold(s[i:i+len(mark)], mark) {
			return i
		}
	}
	return -1
}

// take reads on in the name of a tag.
func (m *markupScan) take(s string) {
	for _, r := range s {
		if !m.naming || m.name.Len() > 40 {
			return
		}
		if r != '/' && unicode.IsSpace(r) {
			m.naming = false
			return
		}
		m.name.WriteRune(r)
	}
}

// close ends a tag: a word ends there unless it marks words in a sentence.
func (m *markupScan) close(b *strings.Builder) {
	m.tag, m.naming = false, false
	name := strings.ToLower(m.name.String())
	switch name {
	case "script", "style":
		m.until = "</" + name
	case "math", "/math":
		m.math = name == "math"
	case "annotation": // the same formula once more, in another notation
		if m.math {
			m.until = "</" + name
		}
	}
	name = strings.Trim(name, "/")
	if at := strings.LastIndexByte(name, ':'); at >= 0 {
		name = name[at+1:]
	}
	if !inlineTags[name] {
		b.WriteByte(' ')
	}
}

// ownSource is the source of one of n documents of a file. Many in one file would
// each carry all of it, so they have none.
func ownSource(s *corpus.Source, n int) *corpus.Source {
	if s == nil || n > maxSharing {
		return nil
	}
	own := *s
	return &own
}
