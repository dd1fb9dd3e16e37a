package reader

import (
	"strings"

	"concord/corpus"
)

// Tables of plain text that rulers make certain: between bars with a ruler below the
// header, in a grid (+---+), between borders of = as in reStructuredText, and in
// columns below a header with a ruler of dashes in parts, as databases print them.
// What only looks like a table stays text.

// textTables finds the tables of a text: their rows by the line they begin at, and
// how many lines each takes.
func textTables(raw []string) map[int]textTable {
	out := map[int]textTable{}
	for i := 0; i < len(raw); i++ {
		t, ok := textTableAt(raw, i)
		if ok {
			out[i] = t
		}
		i += max(t.lines, 1) - 1
	}
	return out
}

// textTable is a table of a text, or what is none and as long.
type textTable struct {
	rows  []line
	lines int
}

// maxTableLines bounds how far the end of a table is looked for.
const maxTableLines = 5_000

func textTableAt(raw []string, i int) (textTable, bool) {
	text := strings.TrimSpace(raw[i])
	switch {
	case strings.HasPrefix(text, "+-") && strings.HasSuffix(text, "+") && strings.Trim(text, "+-=") == "":
		return markupTable(raw[i:gridEnd(raw, i)], (*rst).gridTable)
	case isSimpleBorder(text):
		return markupTable(raw[i:borderEnd(raw, i)], (*rst).simpleTable)
	case strings.Contains(text, "|"):
		return barTable(raw, i)
	case i+1 < len(raw) && text != "" && isDashRuler(raw[i+1]):
		return ruledTable(raw, i)
	}
	return textTable{}, false
}

// markupTable reads a table as reStructuredText has it. One that lists requirements is
// left to the lines.
func markupTable(raw []string, read func(*rst)) (textTable, bool) {
	if len(raw) < 3 {
		return textTable{}, false
	}
	r := &rst{raw: dedent(raw), doc: newRSTDocument(nil)}
	read(r)
	if len(r.lines) < 2 {
		return textTable{lines: len(raw)}, false
	}
	for k := range r.lines {
		if !r.lines[k].cells {
			return textTable{lines: len(raw)}, false
		}
	}
	return textTable{r.lines, r.at}, true
}

// gridEnd is where the lines of a grid end.
func gridEnd(raw []string, i int) int {
	for i < len(raw) {
		if text := strings.TrimSpace(raw[i]); text == "" || text[0] != '+' && text[0] != '|' {
			break
		}
		i++
	}
	return i
}

// borderEnd is the line behind the last border of a table between borders of =, or i
// where none comes before two blank lines.
func borderEnd(raw []string, i int) int {
	rows, borders := 0, 1
	for j := i + 1; j < len(raw) && j < i+maxTableLines; j++ {
		switch text := strings.TrimSpace(raw[j]); {
		case isSimpleBorder(text):
			if borders++; borders == 3 || j+1 == len(raw) || strings.TrimSpace(raw[j+1]) == "" {
				if rows == 0 {
					return i
				}
				return j + 1
			}
		case text == "":
			if strings.TrimSpace(raw[j-1]) == "" {
				return i
			}
		default:
			rows++
		}
	}
	return i
}

// barTable reads rows with bars between their cells, of which the second line is a
// ruler and all have as many cells as the header.
func barTable(raw []string, i int) (textTable, bool) {
	header, ok := pipeRow(strings.TrimSpace(raw[i]))
	if !ok || len(header) < 2 || i+2 >= len(raw) {
		return textTable{}, false
	}
	ruler := strings.TrimSpace(raw[i+1])
	cells, ok := pipeRow(strings.ReplaceAll(ruler, "+", "|"))
	if !ok && strings.Contains(ruler, "-+-") { // as in a terminal
		cells, ok = strings.Split(ruler, "+"), true
	}
	if !ok || len(cells) != len(header) || !isRuler(cells) {
		return textTable{}, false
	}
	rows := [][]string{header}
	at := i + 2
	for ; at < len(raw) && at < i+maxTableLines; at++ {
		row, ok := pipeRow(strings.TrimSpace(raw[at]))
		if !ok || len(row) != len(header) {
			break
		}
		rows = append(rows, row)
	}
	return tableOfRows(rows, at-i)
}

// isDashRuler tells a ruler of dashes in two parts or more, one a column.
func isDashRuler(s string) bool {
	return strings.Trim(s, "- \t\r") == "" && len(strings.Fields(s)) >= 2 && strings.Contains(s, "---")
}

// ruledTable reads columns below a header with a ruler of dashes, to the first blank
// line. No word may stand across the place where a column begins.
func ruledTable(raw []string, i int) (textTable, bool) {
	var starts []int
	ruler := raw[i+1]
	for k := range ruler {
		if ruler[k] == '-' && (k == 0 || ruler[k-1] != '-') && len(starts) < maxColumns {
			starts = append(starts, k)
		}
	}
	var rows [][]string
	at := i
	for ; at < len(raw) && at < i+maxTableLines && strings.TrimSpace(raw[at]) != ""; at++ {
		if at == i+1 || isDashRuler(raw[at]) {
			continue
		}
		wide := widened(raw[at])
		letters := []rune(wide)
		for _, from := range starts[1:] {
			if from-1 < len(letters) && letters[from-1] != ' ' {
				return textTable{}, false
			}
		}
		row := columnsAt(wide, starts)
		for k := range row {
			row[k] = strings.ReplaceAll(row[k], filler, "")
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 || len(rows[0]) < 2 || strings.Join(rows[0][1:], "") == "" || rows[0][0] == "" && len(rows[0]) < 3 {
		return textTable{}, false
	}
	return tableOfRows(rows, at-i)
}

// filler stands behind a letter that is as wide as two, so that columns can be counted.
const filler = "\x1f"

func widened(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, filler, " ") {
		b.WriteRune(r)
		if isWide(r) {
			b.WriteString(filler)
		}
	}
	return b.String()
}

// tableOfRows makes the lines of a table of at least a header and a row.
func tableOfRows(rows [][]string, lines int) (textTable, bool) {
	var p page
	numbered := 0
	for _, row := range rows {
		if n, rest, ok := leadingNumber(row[0]); ok && rest == "" && n.Kind == corpus.NumberClause && n.Depth() > 1 {
			numbered++
		}
	}
	if len(rows) < 2 || numbered*2 >= len(rows) { // of none, or of clauses
		return textTable{}, false
	}
	for k, row := range rows {
		if text := strings.TrimSpace(strings.Join(row, " | ")); strings.Trim(text, " |") != "" {
			p.put(line{text: text, keep: true, cells: true, start: k == 0})
		}
	}
	return textTable{p.lines, lines}, len(p.lines) > 1
}
