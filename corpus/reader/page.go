package reader

import (
	"strings"

	"concord/corpus"
)

// page gathers the lines of a document that has paragraphs, headings and tables
// but leaves it to the numbers what a clause is: web pages, word processors,
// lightweight markup.
type page struct {
	lines []line
	title string // the document's own, where the format names it
	sheet int    // the printed page that is read, 0 for formats without

	guessed corpus.Language // of the words, "" where nothing was guessed

	source *corpus.Source // of packed formats, which have no text of their own to lay out
}

//go:noinline
func (p *page) put(l line) {
	l.no, l.page = len(p.lines)+1, p.sheet
	p.lines = append(p.lines, l)
}

// paragraph puts a paragraph; bold are the words in bold type that open it. Line
// breaks inside stay.
func (p *page) paragraph(text, bold string) {
	first := true
	for _, part := range strings.Split(text, "\n") {
		if part = closeUp(foldBlanks(part)); part == "" {
			continue
		}
		l := line{text: part, start: true}
		if first {
			l.bold, l.alone = bold, true
		}
		first = false
		p.put(l)
	}
	if !first {
		p.put(line{})
	}
}

// heading puts a heading of a level from 1.
func (p *page) heading(level int, text string) {
	if text = closeUp(foldBlanks(text)); text != "" {
		p.put(line{text: text, level: level})
	}
}

// keep puts a line that stands as it is: an item, a row, a formula.
func (p *page) keep(text string) {
	if text = closeUp(foldBlanks(text)); text != "" {
		p.put(line{text: text, keep: true})
	}
}

// item puts an item of a list with its mark, unless it prints a number or mark of
// its own: then it is read like a paragraph.
func (p *page) item(mark, text string) {
	if mark == "" || opensWithNumber(text) {
		p.paragraph(text, "")
		return
	}
	if isItem(text) {
		mark = ""
	}
	p.keep(mark + " " + text)
}

// opensWithNumber tells whether an item begins with a clause number of its own.
func opensWithNumber(text string) bool {
	n, _, ok := leadingNumber(text)
	return ok && (n.Depth() > 1 || n.Rank == "article")
}

// defines opens the entry of a list of terms, which the file may mark as the definition of
// one. What is put until the next or the end of the list belongs to it.
func (p *page) defines(term string, marked bool) {
	if term = closeUp(foldBlanks(term)); term != "" {
		p.put(line{term: term, marked: marked})
	}
}

func (p *page) endTerms() { p.put(line{termEnd: true}) }

// note opens a note the file itself marks; its first words name it. Until close
// everything belongs to it.
func (p *page) note(name string) { p.put(line{text: name, note: true}) }

func (p *page) close() { p.put(line{done: true}) }

// table puts a table: one clause a row where it lists requirements, else lines.
func (p *page) table(rows [][]string, caption string) {
	p.caption(caption)
	if p.points(rows) {
		return
	}
	if len(rows) > 1 {
		g := &grid{header: rows[0], rows: rows[1:]}
		for i := range g.rows {
			g.lines = append(g.lines, i+1)
		}
		if g.isRequirementTable() {
			p.put(line{rows: g})
			return
		}
	}
	start := true
	for _, row := range rows {
		if text := strings.Join(row, " | "); strings.Trim(text, " |") != "" {
			p.put(line{text: strings.TrimSpace(text), keep: true, cells: true, start: start})
			start = false
		}
	}
}

// caption puts the name of a table or figure, where the file says that it is one.
func (p *page) caption(text string) {
	if text = closeUp(foldBlanks(text)); text != "" {
		p.put(line{text: text, keep: true, caption: true})
	}
}

// points puts a table whose every row only lays out a mark and what it marks: the
// points of an enumeration, or the word NOTE and the note.
func (p *page) points(rows [][]string) bool {
	for _, row := range rows {
		if _, _, ok := pointOf(row); !ok {
			return false
		}
	}
	for _, row := range rows {
		mark, text, _ := pointOf(row)
		if _, _, isNote := leadingNote(mark); isNote {
			p.note(mark)
			p.keep(text)
			p.close()
			continue
		}
		p.item(mark, text)
	}
	return len(rows) > 0
}

// pointOf reads a row of a mark and a text; empty cells before the mark indent it.
func pointOf(row []string) (mark, text string, ok bool) {
	for len(row) > 2 && row[0] == "" {
		row = row[1:]
	}
	if len(row) != 2 || row[0] == "" || row[1] == "" {
		return "", "", false
	}
	_, rest, isNote := leadingNote(row[0])
	short := len([]rune(row[0])) <= 8 && (isItem(row[0]+" x") || citedPoint(row[0]) && !isFigure(row[0]))
	return row[0], row[1], short || isNote && rest == ""
}

// document cuts the lines into clauses.
func (p *page) document(hint Hint) *corpus.Document {
	var h hygiene
	doc := &corpus.Document{Source: p.source}
	var sample strings.Builder
	for i := range p.lines {
		l := &p.lines[i]
		l.text, l.bold, l.term = h.clean(l.text), h.clean(l.bold), h.clean(l.term)
		if sample.Len() < sampleBytes {
			sample.WriteString(l.text + "\n")
		}
	}
	doc.Problems = h.notes()
	p.guessed = GuessLanguage(sample.String())
	doc.Standard.Language = first(hint.Language, p.guessed)
	fill(doc, cutSections(p.lines, doc.Standard.Language, p.title), p.title, false)
	doc.Standard.Language = "" // complete says what was guessed
	return doc
}
