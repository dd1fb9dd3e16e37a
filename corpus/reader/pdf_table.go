package reader

import (
	"strings"
	"unicode"

	"concord/corpus"
)

// tableAt counts the rows of a table that begins at row i, or 0: at least two rows
// of several cells below each other, of which a cell may go on in rows of fewer.
func (f *flow) tableAt(i int) int {
	many, n := 0, 0
	for j := i; j < len(f.rows); j++ {
		r := &f.rows[j]
		if j > i && (columnOf(r) != columnOf(&f.rows[i]) || r.base <= f.rows[j-1].base || r.base-f.rows[j-1].base > 3*r.size) {
			break
		}
		switch {
		case isRowOfCells(r):
			many++
			n = j - i + 1
		case j == i:
			return 0
		case j-i >= n+3 || f.isHeading([]row{*r}):
			j = len(f.rows)
		}
	}
	if many < 2 {
		return 0
	}
	return n
}

// isRowOfCells tells whether a row has several cells that are not a number or
// mark and what it opens.
func isRowOfCells(r *row) bool {
	if len(r.cells) < 2 {
		return false
	}
	if len(r.cells) > 2 {
		return true
	}
	first := r.cells[0].text
	return !isMark(first)
}

// isMark tells whether a text is only a number or a mark of a list or note.
func isMark(s string) bool {
	if len(s) > 24 {
		return false
	}
	if _, rest, ok := leadingNumber(s); ok && rest == "" {
		return true
	}
	if _, rest, ok := leadingNote(s); ok && rest == "" {
		return true
	}
	return isItem(s+" x") || strings.TrimFunc(s, func(r rune) bool { return !isWide(r) && !unicode.IsLetter(r) && (r < '0' || r > 'z') }) == ""
}

// putTable puts rows as a table: cells below each other make a column, and a row
// whose first cell is empty and that is near to the one above goes on with it.
func (f *flow) putTable(rows []row) {
	f.out.sheet = rows[0].page
	starts := columnStarts(rows)
	var out [][]string
	for i := range rows {
		cells := make([]string, len(starts))
		for _, c := range rows[i].cells {
			at := columnAt(starts, c)
			cells[at] = strings.TrimSpace(cells[at] + " " + c.text)
		}
		near := i > 0 && rows[i].base-rows[i-1].base < 1.45*rows[i].size
		if near && len(out) > 0 && cells[0] == "" {
			last := out[len(out)-1]
			for k, c := range cells {
				if c != "" {
					last[k] = strings.TrimSpace(joinWrapped(last[k], c))
				}
			}
			continue
		}
		out = append(out, cells)
	}
	for i := range out {
		for k := range out[i] {
			out[i][k] = closeUp(foldBlanks(out[i][k]))
		}
	}
	f.out.table(out, "")
	f.out.put(line{})
}

// columnStarts are the left ends of the columns of a table.
func columnStarts(rows []row) []float64 {
	var spans []span
	for i := range rows {
		if len(rows[i].cells) < 2 {
			continue
		}
		for _, c := range rows[i].cells {
			spans = append(spans, span{c.x0, c.x1})
		}
	}
	corpus.SortRows(spans, func(a, b span) int { return compare(a.left, b.left) })
	var out []float64
	end := 0.0
	for i, s := range spans {
		if i == 0 || s.left > end+1 {
			out = append(out, s.left)
			end = s.right
			continue
		}
		end = max(end, min(s.right, out[len(out)-1]+400))
	}
	return out[:min(len(out), maxColumns)]
}

func columnAt(starts []float64, c piece) int {
	at := 0
	for i, x := range starts {
		if c.x0 >= x-2 {
			at = i
		}
	}
	return at
}
