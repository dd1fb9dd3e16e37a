package reader

import (
	"slices"
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
	f.remember(rows)
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

// minSlimRows is how many rows a narrow table has at least: that the blanks of so
// many lines of text stand below each other happens once in a hundred times.
const minSlimRows = 3

// slimTable gives the rows of a narrow table that begins at row i with their cells
// parted, or none: below the caption of a table, rows that have blanks of all of
// them below each other, too small to part cells elsewhere.
func (f *flow) slimTable(i int) []row {
	if !f.underCaption() {
		return nil
	}
	var strips []span // that no word crosses
	n, left, right := 0, f.rows[i].x0, f.rows[i].x1
	for ; i+n < len(f.rows); n++ {
		r := &f.rows[i+n]
		if n > 0 {
			above := &f.rows[i+n-1]
			if columnOf(r) != columnOf(above) || r.base <= above.base || r.base-above.base > 3*r.size {
				break
			}
		}
		next := blanksOf(r)
		if n > 0 {
			next = common(strips, next, slimGap*r.size)
		}
		if len(next) == 0 || n >= 2 && len(next) < len(strips) && (opensPiece(r.text()) || r.x0 < left-2*r.size || r.x1 > right+2*r.size) {
			break
		}
		strips, left, right = next, min(left, r.x0), max(right, r.x1)
	}
	if n < minSlimRows {
		return nil
	}
	out := append([]row(nil), f.rows[i:i+n]...)
	for k := range out {
		out[k].cells = partedAt(&out[k], strips, left)
	}
	return out
}

// underCaption tells whether what stands above is the caption of a table.
func (f *flow) underCaption() bool {
	text := ""
	if len(f.par) > 0 {
		text = joinRows(f.par, f.words)
	}
	for k := len(f.out.lines) - 1; k >= 0 && text == ""; k-- {
		text = f.out.lines[k].text
	}
	n, _, ok := leadingNumber(text)
	return ok && n.Kind == corpus.NumberTable
}

// blanksOf are the blanks of a row from left to right; what is written from right
// to left has none.
func blanksOf(r *row) []span {
	var out []span
	for k, c := range r.cells {
		if direction(c.text) < 0 {
			return nil
		}
		if k > 0 {
			out = append(out, span{r.cells[k-1].x1, c.x0})
		}
		for _, g := range c.gaps {
			out = append(out, span{g.x0, g.x1})
		}
	}
	return out
}

// common are the parts of blanks that two rows have, if they are as wide as that.
func common(a, b []span, least float64) []span {
	var out []span
	for _, x := range a {
		for _, y := range b {
			if left, right := max(x.left, y.left), min(x.right, y.right); right-left >= least {
				out = append(out, span{left, right})
			}
		}
	}
	return out
}

// partedAt are the words of a row, put together between the strips. Each cell
// stands where its column begins.
func partedAt(r *row, strips []span, left float64) []piece {
	out := make([]piece, len(strips)+1)
	put := func(text string, x float64) {
		at := 0
		for at < len(strips) && x > strips[at].left {
			at++
		}
		start := left
		if at > 0 {
			start = strips[at-1].right
		}
		out[at] = piece{text: strings.TrimSpace(out[at].text + " " + text), x0: start, x1: start + 1, base: r.base, size: r.size}
	}
	for _, c := range r.cells {
		from, x := 0, c.x0
		for _, g := range c.gaps {
			if g.at > from && g.at <= len(c.text) {
				put(strings.TrimSpace(c.text[from:g.at]), x)
				from, x = g.at, g.x1
			}
		}
		put(c.text[from:], x)
	}
	return slices.DeleteFunc(out, func(c piece) bool { return c.text == "" })
}
