package export

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"concord/corpus"
)

//go:embed document.html
var documentHTML string

// HTML writes the document as one page that needs nothing else: no script, no
// address to load from. Printed, it is A4 landscape with the heads repeated.
func HTML(w io.Writer, s Set) error { return writeHTML(w, s.arranged(DocumentReport, s.document())) }

// htmlPage is what the template shows.
type htmlPage struct {
	Title  htmlText
	Lang   corpus.Language
	Dir    string
	Notice string
	Serif  bool
	Intro  []htmlText
	Tables []htmlTable
}

type htmlTable struct {
	Title, Note, Empty htmlText
	Texts              []htmlText
	Landing            bool
	Small              bool
	Columns            []htmlColumn
	Rows               [][]htmlCell
	Spooled            template.HTML // stands for rows that are in files
}

type htmlColumn struct {
	Title htmlText
	Class string // of the width
}

type htmlCell struct {
	Texts  []htmlText
	Number string
}

// htmlText is a text with its language and direction; an unknown language takes
// the direction of its first letter.
type htmlText struct {
	S      string
	Lang   corpus.Language
	Dir    string
	Strong bool
}

// writeHTML writes a report as a page.
func writeHTML(w io.Writer, r report) error {
	page := htmlPage{Title: marked(r.title), Lang: r.lang, Dir: marked(text{lang: r.lang}).Dir, Notice: r.notice, Serif: r.serif}
	page.Intro = markedAll(r.intro)
	for _, t := range r.tables {
		page.Tables = append(page.Tables, r.htmlTable(t))
	}
	parsed, err := htmlTemplate()
	if err != nil {
		return err
	}
	if err := parsed.Execute(w, page); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return nil
}

func htmlTemplate() (*template.Template, error) {
	parsed, err := template.New("document").Parse(documentHTML)
	if err != nil {
		return nil, fmt.Errorf("write HTML: %w", err)
	}
	return parsed, nil
}

// htmlTable is a table as the template wants it.
func (r report) htmlTable(t table) htmlTable {
	out := htmlTable{Title: marked(t.title), Note: marked(t.note), Empty: marked(t.empty), Texts: markedAll(t.texts), Landing: t.landing, Small: t.small}
	for n, share := range t.widths(100) {
		out.Columns = append(out.Columns, htmlColumn{marked(t.columns[n].title), fmt.Sprintf("w%d", share)})
	}
	for _, row := range t.rows {
		var cells []htmlCell
		for _, c := range row {
			cell := htmlCell{}
			if c.number != nil {
				cell.Number = r.words.number(*c.number)
			}
			for _, x := range c.texts {
				cell.Texts = append(cell.Texts, marked(x))
			}
			cells = append(cells, cell)
		}
		out.Rows = append(out.Rows, cells)
	}
	if t.spooled {
		out.Spooled = template.HTML(spooled(t.place())) // a key of ours
	}
	return out
}

func markedAll(list []text) []htmlText {
	var out []htmlText
	for _, t := range list {
		out = append(out, marked(t))
	}
	return out
}

// marked gives a text its direction.
func marked(t text) htmlText {
	dir := "auto"
	switch {
	case t.lang.RightToLeft():
		dir = "rtl"
	case t.lang != "":
		dir = "ltr"
	}
	return htmlText{S: clean(t.s), Lang: t.lang, Dir: dir, Strong: t.strong}
}
