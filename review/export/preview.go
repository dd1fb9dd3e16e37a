package export

import (
	"fmt"
	"slices"
	"strings"
)

// Preview is the beginning of a document as a page shows it: its words and the first
// rows of each table, within the same rights as the document.
type Preview struct {
	Title  htmlText
	Notice string
	Intro  []htmlText
	Tables []PreviewTable
}

// PreviewTable is one table; Left rows are not shown.
type PreviewTable struct {
	htmlTable
	Left int
}

// Preview shows so many rows of each table of a kind of document.
func (s Set) Preview(d Document, rows int) Preview {
	if d != DocumentReport && d != DocumentWorkbook {
		s = s.settled()
	}
	write := map[Document]func() report{DocumentReport: s.document, DocumentWorkbook: s.workbook, DocumentGB: s.formGB, DocumentGOST: s.formGOST, DocumentMRA: s.annexMRA}[d]
	if write == nil {
		return Preview{}
	}
	r := s.arranged(d, write())
	out := Preview{Title: marked(r.title), Notice: r.notice, Intro: markedAll(r.intro)}
	for _, t := range r.tables {
		left := max(0, len(t.rows)-rows)
		t.rows = t.rows[:len(t.rows)-left]
		out.Tables = append(out.Tables, PreviewTable{r.htmlTable(t), left})
	}
	return out
}

// DefaultArrangement is the program's own arrangement, written out to begin from: every
// kind of document with its sections and their columns, and the words as remarks.
func DefaultArrangement() string {
	var b strings.Builder
	b.WriteString("# title.LANG, intro.LANG, closing.LANG = words; LANG is one of " + join(Languages(), ", ") + ", or left out\n# words may name " + strings.Join(placeholders, " ") + "\n")
	for _, d := range Documents {
		own := slices.DeleteFunc(sectionsOf(d), func(s string) bool { return slices.Contains(keptSections, s) })
		fmt.Fprintf(&b, "\n[%s]\nsections = %s\n# title = {dossier}\n# intro = words\n# closing = words\n", d, strings.Join(own, ", "))
		for _, section := range own {
			if columns := columnsOf(d, section); len(columns) > 0 {
				fmt.Fprintf(&b, "\n[%s.%s]\n# title = words\n# note = words\ncolumns = %s\n# column.%s = words\n# width.%s = 20\n", d, section, strings.Join(columns, ", "), columns[len(columns)-1], columns[len(columns)-1])
			}
		}
	}
	return b.String()
}
