package reader

import (
	"io"
	"strings"

	"concord/corpus"
)

// detectText takes what nothing else took, unless the name says that it is some
// other kind of file.
func detectText(name string, head []byte) bool {
	if hasSuffix(name, ".txt", ".text") {
		return true
	}
	if hasSuffix(name, ".html", ".htm", ".xhtml", ".xml", ".json", ".yaml", ".yml", ".rst", ".adoc") {
		return false
	}
	return firstByte(head) != '<' && firstByte(head) != 0
}

// readText reads plain text with numbered clauses.
func readText(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	if err := checkLines(text); err != nil {
		return nil, err
	}
	var h hygiene
	text = h.clean(text)
	doc := &corpus.Document{Standard: corpus.Standard{Language: first(hint.Language, GuessLanguage(text))}, Problems: h.notes()}
	lines, title := textLines(text)
	fill(doc, cutSections(lines, doc.Standard.Language, ""), title, false)
	doc.Standard.Language = "" // complete says what was guessed
	return []*corpus.Document{doc}, nil
}

// fill puts what a sectioner found into a document.
func fill(doc *corpus.Document, s *sectioner, title string, illustrative bool) {
	if s.title != "" && len(doc.Standard.Titles) == 0 {
		doc.Standard.Titles = []corpus.Title{{Text: s.title}}
	}
	if title != "" && len(doc.Standard.Titles) == 0 {
		doc.Standard.Titles = []corpus.Title{{Text: title}}
	}
	if d := s.cover.designation; d != "" && doc.Standard.Designation == "" {
		doc.Standard.Designation = d
		doc.Problems = append(doc.Problems, corpus.Say(corpus.SeverityWarning, "identity", "designation-from-cover", "the designation {value} was taken from the cover", "give --standard if it is another", "value", quote(d)))
		if s.cover.title != "" && (len(doc.Standard.Titles) == 0 || doc.Standard.Titles[0].Text == d) {
			doc.Standard.Titles = []corpus.Title{{Text: s.cover.title}}
		}
	}
	clauses, problems := buildClauses(subdivide(dropContents(s.entries)), &doc.Standard, illustrative)
	doc.Clauses = clauses
	doc.Problems = append(doc.Problems, s.problems...)
	doc.Problems = append(doc.Problems, problems...)
}

// textLines cuts a text into lines and takes a title off its head: a short line
// that is alone, before the first number.
func textLines(text string) ([]line, string) {
	raw := strings.Split(text, "\n")
	lines := make([]line, 0, len(raw))
	ended := true
	tables := textTables(raw)
	within := 0 // the lines of a table, which are taken
	for i, t := range raw {
		if table, found := tables[i]; found {
			for _, l := range table.rows {
				l.no = i + 1
				lines = append(lines, l)
			}
			within, ended = table.lines, true
		}
		if within > 0 {
			within--
			continue
		}
		t = strings.TrimSpace(t)
		l := line{no: i + 1, text: t, start: ended}
		if cells, ok := pipeRow(t); ok {
			l.keep = true
			l.text = strings.Join(cells, " | ")
			if isRuler(cells) {
				continue
			}
		} else {
			l.text = strings.TrimSpace(strings.Trim(t, "=_*~"))
			if l.text == "" && t != "" || isUnderline(t) { // a ruler
				ended = true
				continue
			}
			if trimmed, found := strings.CutPrefix(l.text, "表格："); found && trimmed != "" {
				l.text, l.keep = trimmed, true
			}
		}
		below := i + 1
		for below < len(raw) && isUnderline(strings.TrimSpace(raw[below])) {
			below++
		}
		l.ruled = below > i+1 && l.text != ""
		l.alone = ended && (below == len(raw) || strings.TrimSpace(raw[below]) == "")
		ended = t == "" || endsSentence(t)
		lines = append(lines, l)
	}
	rowsBelowCaptions(lines, raw)
	return lines, takeTitle(lines)
}

// isUnderline tells whether a line is nothing but one mark, four times or more, as it
// underlines a heading.
func isUnderline(t string) bool {
	return len(t) >= 4 && strings.IndexByte("=-~^\"'`:+#*_.", t[0]) >= 0 && strings.Trim(t, t[:1]) == ""
}

// takeTitle removes a title from the head of the lines and returns it.
func takeTitle(lines []line) string {
	if coverOf(lines).designation != "" {
		return "" // it stands below that
	}
	for i := range lines {
		l := &lines[i]
		if l.text == "" {
			continue
		}
		if _, _, ok := leadingNumber(l.text); ok || !titleLike(l.text) || l.keep || sectionOf(l.text) != sectionNone || len(lines) < 3 {
			return ""
		}
		title := l.text
		l.text = ""
		return title
	}
	return ""
}

// pipeRow recognises a row of a table written with vertical bars: at least one
// bar with blanks around it, or bars at both ends.
func pipeRow(t string) ([]string, bool) {
	edged := len(t) > 2 && strings.HasPrefix(t, "|") && strings.HasSuffix(t, "|")
	if !edged && !strings.Contains(t, " | ") {
		return nil, false
	}
	if edged {
		t = t[1 : len(t)-1]
	}
	cells := strings.Split(strings.ReplaceAll(t, "\\|", "\x00"), "|")
	for i := range cells {
		cells[i] = strings.ReplaceAll(strings.TrimSpace(cells[i]), "\x00", "|")
	}
	return cells, true
}

// isRuler tells whether a row is the line below a table's header.
func isRuler(cells []string) bool {
	for _, c := range cells {
		if strings.Trim(c, ":-= ") != "" || c == "" {
			return false
		}
	}
	return true
}
