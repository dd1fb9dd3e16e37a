package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
)

// tableRow is a row with the line it begins on.
type tableRow struct {
	line  int
	cells []string
}

// textRows reads a table of commas, semicolons or tabs, whichever the first line
// has most of.
func textRows(body []byte) ([]tableRow, error) {
	top, _, _ := bytes.Cut(body, []byte("\n"))
	in := csv.NewReader(bytes.NewReader(body))
	in.FieldsPerRecord, in.LazyQuotes = -1, true
	for _, sep := range []rune{';', '\t'} {
		if bytes.Count(top, []byte(string(sep))) > bytes.Count(top, []byte(string(in.Comma))) {
			in.Comma = sep
		}
	}
	var out []tableRow
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("it is not a table: %w: %w", err, corpus.ErrInvalid)
		}
		at, _ := in.FieldPos(0)
		if out, err = added(out, at, cells); err != nil {
			return nil, err
		}
	}
}

// added adds a row within the limits; cells lose the mark that keeps spreadsheet
// programs from running them.
func added(rows []tableRow, at int, cells []string) ([]tableRow, error) {
	if len(rows) > maxRows || len(cells) > maxColumns {
		return nil, fmt.Errorf("line %d: a table has at most %d rows and %d columns: %w", at, maxRows, maxColumns, corpus.ErrLimit)
	}
	for n, c := range cells {
		if len(c) > maxCell {
			return nil, fmt.Errorf("line %d, column %d: a cell has at most %d KB: %w", at, n+1, maxCell>>10, corpus.ErrLimit)
		}
		cells[n] = alive(c)
	}
	return append(rows, tableRow{at, cells}), nil
}

// sheetRows reads the first sheet of a workbook that has a known head. Formulas
// are read as the text they last gave, never calculated.
func sheetRows(body []byte) ([]tableRow, error) {
	book, err := excelize.OpenReader(bytes.NewReader(body), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked, RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("it is no whole workbook (%w); it was cut or damaged on the way, get it or save it again: %w", err, corpus.ErrInvalid)
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.Rows(sheet)
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w: %w", sheet, err, corpus.ErrInvalid)
		}
		var out []tableRow
		for at := 1; rows.Next(); at++ {
			cells, err := rows.Columns()
			if err != nil {
				return nil, fmt.Errorf("sheet %s, row %d: %w: %w", sheet, at, err, corpus.ErrInvalid)
			}
			if out, err = added(out, at, cells); err != nil {
				return nil, err
			}
		}
		if err := errors.Join(rows.Error(), rows.Close()); err != nil {
			return nil, fmt.Errorf("sheet %s: %w: %w", sheet, err, corpus.ErrInvalid)
		}
		if at := headRow(out); at >= 0 {
			return out, nil
		}
	}
	return nil, noHead()
}

// mostBefore is how many rows may stand before the head of a table.
const mostBefore = 20

// headRow finds the row with the names of the columns, -1 when there is none.
func headRow(rows []tableRow) int {
	return slices.IndexFunc(rows[:min(len(rows), mostBefore)], func(r tableRow) bool {
		return strmColumns(r.cells).complete() || ownColumns(r.cells) != nil
	})
}

func noHead() error {
	return fmt.Errorf("it has none of the heads that are known: SSSOM's, OLIR's (Focal Document Element, Reference Document Element, Relationship), CISO Assistant's or our own CSV's: %w", corpus.ErrInvalid)
}

// readTable reads rows of set relations or of our own CSV.
func (s *Set) readTable(rows []tableRow, o Options) error {
	at := headRow(rows)
	if at < 0 {
		return noHead()
	}
	last := rows[len(rows)-1]
	s.cutOff(line(last.line), len(last.cells), len(rows[at].cells))
	if own := ownColumns(rows[at].cells); own != nil {
		return s.readOwn(own, rows[at].cells, rows[at+1:])
	}
	return s.readSTRM(rows[at].cells, rows[at+1:])
}

// cell is a cell by its column, "" when there is none, as it can be written again.
func (r tableRow) cell(column int) string {
	if column < 0 || column >= len(r.cells) {
		return ""
	}
	return Clean(r.cells[column])
}

// empty tells whether a row has nothing in it.
func (r tableRow) empty() bool {
	return !slices.ContainsFunc(r.cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// Table writes rows as spreadsheet programs read them: in UTF-8 with a byte order
// mark, with line ends as RFC 4180 has them, and with a quote mark before every cell
// that such a program would run as a formula (ASVS 5.0 V1.2.10).
type Table struct {
	out   *csv.Writer
	cells []string
	err   error
}

// NewTable begins a table.
func NewTable(w io.Writer) *Table {
	_, err := io.WriteString(w, "\ufeff")
	t := &Table{out: csv.NewWriter(w), err: err}
	t.out.UseCRLF = true
	return t
}

// Row writes a row; what goes wrong is told at the end.
func (t *Table) Row(row []string) {
	t.cells = t.cells[:0]
	for _, cell := range row {
		t.cells = append(t.cells, Inert(Clean(cell)))
	}
	if t.err == nil {
		t.err = t.out.Write(t.cells)
	}
}

// End ends a table of some kind with the first error that there was.
func (t *Table) End(kind string) error {
	t.out.Flush()
	if t.err == nil {
		t.err = t.out.Error()
	}
	if t.err != nil {
		return fmt.Errorf("write %s: %w", kind, t.err)
	}
	return nil
}

// writeTable writes rows that are held.
func writeTable(w io.Writer, kind string, rows ...[]string) error {
	t := NewTable(w)
	for _, row := range rows {
		t.Row(row)
	}
	return t.End(kind)
}
