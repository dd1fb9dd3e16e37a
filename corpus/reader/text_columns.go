package reader

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// gap parts the cells of a row in plain text.
var gap = regexp.MustCompile(`\t+|[  　]{2,}`)

// maxTextColumns is how many columns a table of plain text has at most (own choice).
const maxTextColumns = 20

// rowsBelowCaptions finds the rows of tables that a numbered caption announces: between
// bars, without a ruler, or in columns parted by blanks. raw are the lines as they are
// in the file; a line's number says which is its own.
func rowsBelowCaptions(lines []line, raw []string) {
	for i := 0; i < len(lines); i++ {
		if c, ok := captionOf(closeSpaced(lines[i].text), false); !ok || lines[i].keep || c.number.Kind != corpus.NumberTable || c.number.IsZero() || len(c.number.Parts) == 0 {
			continue
		}
		for j, between := i+1, 0; j < len(lines) && between <= maxUnderCaption && j < i+6; j++ {
			l := &lines[j]
			if l.text == "" {
				continue
			}
			if end := barRows(lines, j); end > j+1 {
				markRows(lines[j:end])
				i = end - 1
				break
			}
			if columns := headerColumns(lines, raw, j); columns != nil {
				i = columns.rows(lines, raw, j) - 1
				break
			}
			if _, isCaption := captionOf(l.text, false); isCaption || l.keep || endsSentence(l.text) {
				break
			}
			between++
		}
	}
}

// barRows is where rows between bars end.
func barRows(lines []line, j int) int {
	for j < len(lines) && lines[j].keep && !lines[j].cells && strings.Contains(lines[j].text, " | ") {
		j++
	}
	return j
}

func markRows(rows []line) {
	for k := range rows {
		rows[k].keep, rows[k].cells, rows[k].start = true, true, k == 0
	}
}

// textColumns are where the cells of a header stand, in characters.
type textColumns [][2]int

// cellsOf are the cells of a line with where they stand, one more than a table may
// have at most.
func cellsOf(raw string) (cells []string, at textColumns) {
	raw = strings.TrimRight(strings.ReplaceAll(raw, "\t", "    "), " 　\r")
	start := len(raw) - len(strings.TrimLeft(raw, " 　"))
	for start < len(raw) && len(cells) <= maxTextColumns {
		end, next := len(raw), len(raw)
		if g := gap.FindStringIndex(raw[start:]); g != nil {
			end, next = start+g[0], start+g[1]
		}
		cells = append(cells, raw[start:end])
		at = append(at, [2]int{printedWidth(raw[:start]), printedWidth(raw[:end])})
		start = next
	}
	return cells, at
}

// printedWidth is how wide a text is printed, in half-width characters.
func printedWidth(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if isWide(r) {
			n++
		}
	}
	return n
}

// headerColumns reads line j as the header of a table in columns: two cells or more, and a
// line with as many below it.
func headerColumns(lines []line, raw []string, j int) textColumns {
	if lines[j].keep || lines[j].cells {
		return nil
	}
	cells, at := cellsOf(raw[lines[j].no-1])
	if len(cells) < 2 || len(cells) > maxTextColumns || j+1 < len(lines) && isDashRuler(raw[lines[j+1].no-1]) { // a ruler says it all
		return nil
	}
	for k := j + 1; k < len(lines) && k <= j+3; k++ {
		if below, _ := cellsOf(raw[lines[k].no-1]); len(below) == len(cells) {
			return at
		}
	}
	return nil
}

// rows turns the lines from j on into rows, and says where they end: at a blank line
// with no row below it, or at a line that is none.
func (at textColumns) rows(lines []line, raw []string, j int) (end int) {
	end = j
	for k := j; k < len(lines) && !lines[k].keep; k++ {
		if lines[k].text == "" {
			continue
		}
		cells, places := cellsOf(raw[lines[k].no-1])
		if k > j && (len(cells) > len(at) || len(cells) < 2 || k > end+1) {
			break
		}
		row := make([]string, len(at))
		for c, cell := range cells {
			to := c
			if len(cells) < len(at) {
				to = at.nearest(places[c])
			}
			row[to] = strings.TrimSpace(row[to] + " " + cell)
		}
		lines[k].text, end = strings.TrimSpace(strings.Join(row, " | ")), k+1
	}
	markRows(lines[j:end])
	return end
}

// nearest is the column whose middle is nearest to that of a cell.
func (at textColumns) nearest(cell [2]int) int {
	best, least := 0, -1
	for c := range at {
		d := at[c][0] + at[c][1] - cell[0] - cell[1]
		if d = max(d, -d); least < 0 || d < least {
			best, least = c, d
		}
	}
	return best
}
