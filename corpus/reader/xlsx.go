package reader

import (
	"bytes"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
)

func detectXLSX(_ string, head []byte) bool {
	return bytes.Contains(head, []byte("\nxl/workbook.xml\n"))
}

// readXLSX reads a workbook with one clause a row. Every visible sheet whose
// header names number and text is read; formulas give the values they had when
// the file was saved.
func readXLSX(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	packed, err := openArchive(raw)
	if err != nil {
		return nil, err
	}
	if err := packed.check(); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxSheetBytes, UnzipXMLSizeLimit: maxSheetBytes})
	if err != nil {
		return nil, corpus.Refuse(corpus.ErrInvalid, "workbook-broken", "the workbook cannot be read ({why}); save it again, or its sheet as CSV", "why", shorten(err.Error(), 160))
	}
	defer book.Close()
	t := tableRead{assembler: newAssembler(hint), hint: hint}
	cells := 0
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err == nil && !visible {
			continue
		}
		rows, lines, err := sheetRows(book, sheet, &cells)
		if err == nil {
			err = t.sheet(sheet, rows, lines)
		}
		if err != nil {
			return nil, corpus.Within("sheet "+quote(shorten(sheet, 40)), err)
		}
	}
	docs, err := t.finish()
	if err != nil {
		return nil, err
	}
	source := sheetSource(book)
	for _, doc := range docs {
		doc.Source = ownSource(source, len(docs))
	}
	return docs, nil
}

// sheetRows are the rows of a sheet that are not blank, with their lines; none of
// what is no table.
func sheetRows(book *excelize.File, sheet string, cells *int) (out [][]string, lines []int, err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, nil, nil // a chart, or what else is no table
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		row, err := rows.Columns()
		if err != nil {
			return nil, nil, corpus.Refuse(corpus.ErrInvalid, "row-broken", "row {line}: it cannot be read ({why}); save the sheet as CSV", "line", line, "why", shorten(err.Error(), 120))
		}
		if err := checkRow(row, line, len(out)); err != nil {
			return nil, nil, err
		}
		if *cells += len(row); *cells > maxCells || line > 3*maxRows {
			return nil, nil, corpus.Refuse(corpus.ErrLimit, "table-cells", "row {line}: the workbook has more than {most} cells; remove columns or split it", "line", line, "most", maxCells)
		}
		if !isBlankRow(row) {
			out, lines = append(out, row), append(lines, line)
		}
	}
	return out, lines, nil
}

func isBlankRow(row []string) bool {
	for _, c := range row {
		if c != "" {
			return false
		}
	}
	return true
}
