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
		return nil, fmt.Errorf("the workbook cannot be read (%s); save it again, or its sheet as CSV: %w", shorten(err.Error(), 160), corpus.ErrInvalid)
	}
	defer book.Close()
	a := newAssembler(hint)
	var refused error
	cells, read := 0, 0
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err == nil && !visible {
			continue
		}
		g, err := sheetGrid(book, sheet, hint, &cells)
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", quote(shorten(sheet, 40)), err)
		}
		if g == nil {
			continue
		}
		if g.columns == nil {
			refused = fmt.Errorf("sheet %s: %w", quote(shorten(sheet, 40)), g.mapColumns(hint.Columns))
			continue
		}
		read++
		for i, row := range g.rows {
			if err := a.add(g.record(row, g.lines[i])); err != nil {
				return nil, err
			}
		}
	}
	if read == 0 && refused != nil {
		return nil, refused
	}
	docs := a.finish()
	source := sheetSource(book)
	for _, doc := range docs {
		doc.Source = ownSource(source, len(docs))
	}
	return docs, nil
}

// headerRows is how far down a sheet its header is looked for, below titles.
const headerRows = 20

// sheetGrid reads the rows of a sheet from its header on. Without a header that
// names number and text the grid has no columns; nil is an empty sheet.
func sheetGrid(book *excelize.File, sheet string, hint Hint, cells *int) (*grid, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, nil // a chart, or what else is no table
	}
	defer rows.Close()
	var g, firstTried *grid
	for line := 1; rows.Next(); line++ {
		row, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("row %d: it cannot be read (%s); save the sheet as CSV: %w", line, shorten(err.Error(), 120), corpus.ErrInvalid)
		}
		count := 0
		if g != nil {
			count = len(g.rows)
		}
		if err := checkRow(row, line, count); err != nil {
			return nil, err
		}
		if *cells += len(row); *cells > maxCells || line > 3*maxRows {
			return nil, fmt.Errorf("row %d: the workbook has more than %d cells; remove columns or split it: %w", line, maxCells, corpus.ErrLimit)
		}
		switch {
		case isBlankRow(row):
		case g != nil:
			g.rows, g.lines = append(g.rows, row), append(g.lines, line)
		case line <= headerRows:
			try := &grid{header: row}
			if try.mapColumns(hint.Columns) == nil {
				g = try
			} else if firstTried == nil || len(row) > len(firstTried.header) {
				firstTried = try
			}
		}
	}
	if g != nil {
		return g, g.mapColumns(hint.Columns)
	}
	if firstTried != nil {
		firstTried.columns = nil
	}
	return firstTried, nil
}

func isBlankRow(row []string) bool {
	for _, c := range row {
		if c != "" {
			return false
		}
	}
	return true
}
