package reader

import (
	"bytes"
	"encoding/csv"
	"errors"
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
	return (&grid{header: fields}).mapColumns(corpus.Columns{}) == nil
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
	rows, lines, err := readGrid(text, comma, offset)
	if err != nil {
		return nil, err
	}
	t := tableRead{assembler: newAssembler(hint), hint: hint}
	if err := t.sheet("", rows, lines); err != nil {
		return nil, err
	}
	return t.finish()
}

// readGrid reads the rows that are not blank within the limits, with their lines.
func readGrid(text string, comma rune, offset int) (rows [][]string, lines []int, err error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes, reader.ReuseRecord = comma, -1, true, false
	cells := 0
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, corpus.Refuse(corpus.ErrInvalid, "table-broken", "the table cannot be read ({why}); check quotes and separators", "why", err)
		}
		at, _ := reader.FieldPos(0)
		at += offset - 1
		if err := checkRow(row, at, len(rows)); err != nil {
			return nil, nil, err
		}
		if cells += len(row); cells > maxCells {
			return nil, nil, corpus.Refuse(corpus.ErrLimit, "table-cells", "line {line}: the table has more than {most} cells; remove columns or split it", "line", at, "most", maxCells)
		}
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			rows, lines = append(rows, row), append(lines, at)
		}
	}
	if len(rows) == 0 {
		return nil, nil, corpus.Refuse(corpus.ErrInvalid, "table-header", "the table has no header; put the names of the columns in the first line")
	}
	return rows, lines, nil
}

func checkRow(row []string, line, rows int) error {
	switch {
	case rows >= maxRows:
		return corpus.Refuse(corpus.ErrLimit, "table-rows", "line {line}: the table has more than {most} rows; split it", "line", line, "most", maxRows)
	case len(row) > maxColumns:
		return corpus.Refuse(corpus.ErrLimit, "table-wide", "line {line}: the table has more than {most} columns; remove some", "line", line, "most", maxColumns)
	}
	for i, c := range row {
		if len(c) > maxCellBytes {
			return corpus.Refuse(corpus.ErrLimit, "cell-long", "line {line}: column {column} has more than {kb} KB; check the quotes", "line", line, "column", i+1, "kb", maxCellBytes>>10)
		}
	}
	return nil
}

// records turns a row into records: one, or one for each language that has a column.
func (g *grid) records(row []string, line int) []record {
	r := record{
		standard: g.at(row, roleStandard), issuer: g.at(row, roleIssuer), country: g.at(row, roleJurisdiction), lang: g.at(row, roleLanguage), domain: g.at(row, roleDomain),
		number: strings.Trim(g.at(row, roleNumber), "*`"), title: inline(g.at(row, roleTitle)), text: inline(g.at(row, roleText)), note: inline(g.at(row, roleNote)), line: line,
		kind: kindInCell(g.at(row, roleKind)),
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
	tongues := g.inTongues()
	if len(tongues) == 0 {
		return []record{r}
	}
	var out []record
	if _, plain := g.columns[roleText]; plain {
		out = append(out, r)
	}
	for _, tongue := range tongues {
		one := r
		one.lang, one.text, one.note = tongue, inline(g.at(row, roleText+":"+role(tongue))), ""
		if _, own := g.columns[roleTitle+":"+role(tongue)]; own {
			one.title = inline(g.at(row, roleTitle+":"+role(tongue)))
		} else if len(tongues) > 1 || len(out) > 0 {
			one.title = ""
		}
		if one.text != "" || one.title != "" {
			out = append(out, one)
		}
	}
	return out
}
