package reader

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"concord/corpus"
)

// detectTable takes CSV and TSV by their names, and other texts when the first
// line is a header that can be mapped.
func detectTable(name string, head []byte) bool {
	if hasSuffix(name, ".csv", ".tsv", ".tab") {
		return true
	}
	if strings.Contains(name, ".") && !hasSuffix(name, ".txt") {
		return false
	}
	end := bytes.IndexByte(head, '\n')
	if end <= 0 || firstByte(head) == '<' || firstByte(head) == '{' {
		return false
	}
	first := strings.TrimRight(string(head[:end]), "\r")
	comma := separatorOf(first)
	fields := strings.Split(first, string(comma))
	if len(fields) < 2 {
		return false
	}
	for i := range fields {
		fields[i] = strings.Trim(fields[i], "\" ")
	}
	return (&grid{header: fields}).mapColumns(nil) == nil
}

// separatorOf is the separator that occurs most in a header line.
func separatorOf(header string) rune {
	best, count := ',', strings.Count(header, ",")
	for _, c := range []rune{'\t', ';', '|'} {
		if n := strings.Count(header, string(c)); n > count {
			best, count = c, n
		}
	}
	return best
}

// readTable reads a table with one clause a row. A first line "sep=;" names the
// separator, as spreadsheets write it.
func readTable(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	text = strings.TrimPrefix(text, "\ufeff")
	offset := 1
	comma := rune(0)
	if rest, found := strings.CutPrefix(text, "sep="); found && rest != "" {
		comma = []rune(rest)[0]
		_, text, _ = strings.Cut(text, "\n")
		offset++
	}
	text = strings.TrimLeft(text, "\r\n")
	head, _, _ := strings.Cut(text, "\n")
	if comma == 0 {
		comma = separatorOf(head)
	}
	g, err := readGrid(text, comma, offset)
	if err != nil {
		return nil, err
	}
	if err := g.mapColumns(hint.Columns); err != nil {
		return nil, err
	}
	a := newAssembler(hint)
	for i, row := range g.rows {
		if err := a.add(g.record(row, g.lines[i])); err != nil {
			return nil, err
		}
	}
	return a.finish(), nil
}

// readGrid reads the cells within the limits.
func readGrid(text string, comma rune, offset int) (*grid, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes, reader.ReuseRecord = comma, -1, true, false
	g := &grid{}
	cells := 0
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the table cannot be read (%v); check quotes and separators: %w", err, corpus.ErrInvalid)
		}
		at, _ := reader.FieldPos(0)
		at += offset - 1
		if err := checkRow(row, at, len(g.rows)); err != nil {
			return nil, err
		}
		if cells += len(row); cells > maxCells {
			return nil, fmt.Errorf("line %d: the table has more than %d cells; remove columns or split it: %w", at, maxCells, corpus.ErrLimit)
		}
		if g.header == nil {
			g.header = row
			continue
		}
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		g.rows, g.lines = append(g.rows, row), append(g.lines, at)
	}
	if g.header == nil {
		return nil, fmt.Errorf("the table has no header; put the names of the columns in the first line: %w", corpus.ErrInvalid)
	}
	return g, nil
}

func checkRow(row []string, line, rows int) error {
	switch {
	case rows >= maxRows:
		return fmt.Errorf("line %d: the table has more than %d rows; split it: %w", line, maxRows, corpus.ErrLimit)
	case len(row) > maxColumns:
		return fmt.Errorf("line %d: the table has more than %d columns; remove some: %w", line, maxColumns, corpus.ErrLimit)
	}
	for i, c := range row {
		if len(c) > maxCellBytes {
			return fmt.Errorf("line %d: column %d has more than %d KB; check the quotes: %w", line, i+1, maxCellBytes>>10, corpus.ErrLimit)
		}
	}
	return nil
}

// record turns a row into a record.
func (g *grid) record(row []string, line int) record {
	r := record{
		standard: g.at(row, roleStandard), issuer: g.at(row, roleIssuer), country: g.at(row, roleJurisdiction), lang: g.at(row, roleLanguage), domain: g.at(row, roleDomain),
		number: strings.Trim(g.at(row, roleNumber), "*`"), title: inline(g.at(row, roleTitle)), text: inline(g.at(row, roleText)), note: inline(g.at(row, roleNote)), line: line,
	}
	for _, pair := range [][2]role{{roleChapterNumber, roleChapter}, {roleSectionNumber, roleSection}} {
		number, heading := g.at(row, pair[0]), g.at(row, pair[1])
		switch {
		case number == "" && heading == "":
		case number == "":
			r.path = append(r.path, pathSteps([]string{heading})...)
		case number != r.number:
			r.path = append(r.path, step{number: number, heading: heading})
		}
	}
	return r
}
