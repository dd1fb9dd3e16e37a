package export

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
	"concord/review/exchange"
)

// Sheet is a table of a page as a file: a title, columns, and rows as long as
// Columns. What may leave is settled by who makes it.
type Sheet struct {
	Title    string
	Language corpus.Language // of title and columns
	Columns  []string
	Widths   []float64 // in characters, one a column
	Rows     [][]string
}

// SheetFormats are the endings that WriteSheet knows, with their media types.
var SheetFormats = map[string]string{
	"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// WriteSheet writes a table as "csv" or "xlsx"; any other format is
// corpus.ErrNotFound. No cell is a formula: CSV has a quote mark before what
// would be one (ASVS 5.0 V1.2.10), XLSX has string cells alone.
func WriteSheet(w io.Writer, format string, s Sheet) error {
	switch format {
	case "csv":
		return s.csv(w)
	case "xlsx":
		return s.xlsx(w)
	}
	return fmt.Errorf("there is no table as %q: %w", format, corpus.ErrNotFound)
}

func (s Sheet) csv(w io.Writer) error {
	out := exchange.NewTable(w)
	out.Row(s.Columns)
	for _, row := range s.Rows {
		out.Row(row)
	}
	return out.End("CSV")
}

func (s Sheet) xlsx(w io.Writer) error {
	t := table{name: "Concord", title: text{s: s.Title, lang: s.Language}}
	for i, c := range s.Columns {
		t.columns = append(t.columns, column{text{s: c, lang: s.Language}, s.Widths[i], ""})
	}
	for _, row := range s.Rows {
		cells := make([]cell, len(row))
		for i, c := range row {
			cells[i] = plain(c)
		}
		t.rows = append(t.rows, cells)
	}
	f := excelize.NewFile()
	defer f.Close()
	book := workbook{file: f, styles: map[excelize.Alignment]int{}, report: report{title: t.title, lang: s.Language}}
	if err := book.sheet(0, t); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}
