package reader

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"concord/corpus"
)

// What a gutter between columns is (own choice): a strip in the middle part of
// the text that hardly any line crosses, with as many lines on each side as make a
// column, most of which fill it or some of which run on in paragraphs. Where the
// lines of one side are short it is a table, or numbers in the margin, and is read
// line by line.
const (
	minGutter      = 8.0 // points
	minColumnLines = 8
	maxCrossing    = 0.5  // lines across it, of those of the longer column
	minColumnFill  = 0.55 // median length of the lines of a column
	minColumnChars = 15   // median of the letters of a line; Han characters count twice
	maxColumnCells = 1.4  // pieces a line: more are the cells of a table
	minRunOn       = 4    // lines that go on below, where headings and items make most lines short
	runningFill    = 0.85 // length of such a line
)

// inReadingOrder puts the pieces of every page into rows in the order they are
// read. A gutter that several pages have is looked for on the others too, where
// a column may be short.
func inReadingOrder(pages []pdfPage) [][]row {
	count := map[int]int{}
	var doubtful []int // of pages on which a table fills a column: they only support another
	for _, p := range pages {
		left, right := extent(p.pieces)
		gutter, clear := gutterOf(p.pieces, left, right)
		switch at := int(gutter / gutterStep); {
		case clear:
			count[at]++
		case gutter > 0 && besideTables(p.pieces, gutter):
			doubtful = append(doubtful, at)
		}
	}
	for _, at := range doubtful {
		for near := at - 1; near <= at+1; near++ {
			if count[near] > 0 {
				count[near]++
			}
		}
	}
	steps := slices.SortedFunc(maps.Keys(count), func(a, b int) int { return cmp.Or(count[b]-count[a], a-b) })
	var known []float64
	for _, at := range steps[:min(len(steps), maxGutters)] {
		if count[at] >= min(minGutterPages, (len(pages)+1)/2) {
			known = append(known, (float64(at)+0.5)*gutterStep)
		}
	}
	out := make([][]row, len(pages))
	for i, p := range pages {
		if len(p.pieces) > 0 {
			left, right := extent(p.pieces)
			out[i] = columns(p.pieces, p.no, span{left, right}, known)
		}
	}
	return out
}

// Gutters of pages are the same within a step.
const (
	gutterStep     = 8.0 // points
	minGutterPages = 3
	maxGutters     = 4 // of a document: two for left and right pages, and as many of another part
)

// span is the part of a page between two x.
type span struct{ left, right float64 }

// columns reads a part of a page: column after column between the lines that
// cross them.
func columns(pieces []piece, page int, at span, known []float64) []row {
	gutter, found := gutterOf(pieces, at.left, at.right)
	if !found {
		gutter, found = knownGutter(pieces, at, known)
	}
	if !found {
		rows := rowsOf(slices.Clone(pieces), page)
		for i := range rows {
			rows[i].left, rows[i].edge = at.left, at.right
		}
		return rows
	}
	sorted := slices.Clone(pieces)
	corpus.SortRows(sorted, func(a, b piece) int { return compare(a.base, b.base) })
	var out []row
	var sides [2][]piece
	flush := func() {
		for i, part := range []span{{at.left, gutter}, {gutter, at.right}} {
			rows := rowsOf(sides[i], page)
			for k := range rows {
				rows[k].left, rows[k].edge = part.left, part.right
			}
			out = append(out, rows...)
		}
		sides = [2][]piece{}
	}
	for i := 0; i < len(sorted); i++ {
		p := sorted[i]
		switch {
		case p.x1 <= gutter+1:
			sides[0] = append(sides[0], p)
		case p.x0 >= gutter-1:
			sides[1] = append(sides[1], p)
		default:
			flush()
			r := makeRow([]piece{p}, page)
			r.left, r.edge = at.left, at.right
			out = append(out, r)
		}
	}
	flush()
	return out
}

func extent(pieces []piece) (left, right float64) {
	left, right = math.Inf(1), math.Inf(-1)
	for _, p := range pieces {
		left, right = min(left, p.x0), max(right, p.x1)
	}
	return left, right
}

// knownGutter is one of the gutters of other pages, where this page has it too.
func knownGutter(pieces []piece, at span, known []float64) (float64, bool) {
	for _, gutter := range known {
		if gutter > at.left+0.25*(at.right-at.left) && gutter < at.right-0.25*(at.right-at.left) && (areColumns(pieces, gutter, 2) || besideTables(pieces, gutter)) {
			return gutter, true
		}
	}
	return 0, false
}

// gutterOf finds the middle of the best gutter, and tells whether what stands on both sides
// of it are columns.
func gutterOf(pieces []piece, left, right float64) (float64, bool) {
	width := right - left
	if width < 100 || width > 5000 || len(pieces) < 2*minColumnLines {
		return 0, false
	}
	crossed := make([]int, int(width)+2)
	for _, p := range pieces { // where each begins and where it has ended, then added up
		crossed[min(max(int(p.x0-left), 0), len(crossed)-1)]++
		if end := int(p.x1-left) + 1; end < len(crossed) {
			crossed[max(end, 0)]--
		}
	}
	for x := 1; x < len(crossed); x++ {
		crossed[x] += crossed[x-1]
	}
	best, bestAt, bestRun := math.MaxInt, 0.0, 0
	for x := int(width * 0.3); x < int(width*0.7); x++ {
		level := crossed[x]
		if level > best {
			continue
		}
		run := x
		for run < int(width*0.7) && crossed[run] <= level {
			run++
		}
		if run-x < minGutter {
			continue
		}
		if level < best || run-x > bestRun {
			best, bestAt, bestRun = level, left+float64(x+run)/2, run-x
		}
	}
	if best == math.MaxInt {
		return 0, false
	}
	return bestAt, areColumns(pieces, bestAt, minColumnLines)
}

// sidesOf parts pieces at a gutter and counts those that lie across it.
func sidesOf(pieces []piece, gutter float64) (sides [2][]piece, across int) {
	for _, p := range pieces {
		switch {
		case p.x1 <= gutter+1:
			sides[0] = append(sides[0], p)
		case p.x0 >= gutter-1:
			sides[1] = append(sides[1], p)
		default:
			across++
		}
	}
	return sides, across
}

// areColumns tells whether lines, at least so many, fill both sides of a gutter.
func areColumns(pieces []piece, gutter float64, lines int) bool {
	sides, across := sidesOf(pieces, gutter)
	most := 0
	for _, side := range sides {
		n := isColumn(side, lines)
		if n == 0 {
			return false
		}
		most = max(most, n)
	}
	return float64(across) <= maxCrossing*float64(most)
}

// isColumn counts the lines of pieces that are a column of at least so many; else 0.
func isColumn(side []piece, lines int) int {
	rows := rowsOf(side, 0)
	cells := len(side)
	for _, p := range side {
		if isClauseLabel(p.text) || len(p.text) < 5 && strings.HasSuffix(p.text, ")") { // 4.1 or a) before what it opens
			cells--
		}
	}
	if len(rows) < lines || float64(cells) > maxColumnCells*float64(len(rows)) {
		return 0
	}
	lengths, letters := make([]float64, len(rows)), make([]int, len(rows))
	for i, r := range rows {
		lengths[i] = r.x1 - r.x0
		for _, c := range r.text() {
			letters[i]++
			if isWide(c) {
				letters[i]++
			}
		}
	}
	slices.Sort(lengths)
	slices.Sort(letters)
	x0, x1 := extent(side)
	if (lengths[len(lengths)/2] < minColumnFill*(x1-x0) || letters[len(letters)/2] < minColumnChars) && !runsOn(rows, x0, x1) {
		return 0
	}
	return len(rows)
}

// A table in a column of a document whose other pages have the gutter (own choice): its
// rows have three cells and more, which no line of the other column stands beside as if it
// were a cell of theirs.
const (
	tableCellsInColumn = 3
	tableGapRows       = 4   // wrapped lines of cells between such rows
	maxBeside          = 0.6 // share of its rows that begin at the height of a line beside them
)

// besideTables tells whether both sides of a gutter that other pages have are columns of
// text or, one of them, hold little but tables.
func besideTables(pieces []piece, gutter float64) bool {
	sides, across := sidesOf(pieces, gutter)
	var rows [2][]row
	heights := [2]map[int]bool{{}, {}}
	for i := range sides {
		rows[i] = rowsOf(sides[i], 0)
		for _, r := range rows[i] {
			heights[i][int(r.base)] = true
		}
	}
	texts, beside, tabled := 0, 0, 0
	for i, side := range rows {
		inTable := rowsOfTables(side)
		var text []piece
		left := 0
		for k, r := range side {
			if !inTable[k] {
				text, left = append(text, r.cells...), left+1
				continue
			}
			if at := int(r.base); len(r.cells) >= tableCellsInColumn {
				tabled++
				if heights[1-i][at] || heights[1-i][at-1] || heights[1-i][at+1] {
					beside++
				}
			}
		}
		switch n := isColumn(text, minColumnLines); {
		case n > 0:
			texts = max(texts, n)
		case left > len(side)/2:
			return false
		}
	}
	return texts > 0 && tabled > 0 && float64(beside) <= maxBeside*float64(tabled) && float64(across) <= maxCrossing*float64(texts)
}

// rowsOfTables are the rows of a column that stand in a table: those of many cells, and the
// wrapped lines between them.
func rowsOfTables(rows []row) []bool {
	out := make([]bool, len(rows))
	last := -1
	for k := range rows {
		if len(rows[k].cells) < tableCellsInColumn {
			continue
		}
		from := k
		if last >= 0 && k-last <= tableGapRows {
			from = last
		}
		for ; from <= k; from++ {
			out[from] = true
		}
		last = k
	}
	return out
}

// runsOn tells whether enough lines of a column go on below, some of them in
// paragraphs of three lines and more, which labels beside a text seldom have.
func runsOn(rows []row, x0, x1 float64) bool {
	all, run, longest := 0, 0, 0
	for i := range rows[:len(rows)-1] {
		r, next := &rows[i], &rows[i+1]
		if r.x1-x0 < runningFill*(x1-x0) || r.x0-x0 > 0.2*(x1-x0) || next.base-r.base > 2*r.size || opensPiece(next.text()) {
			run = 0
			continue
		}
		all, run = all+1, run+1
		longest = max(longest, run)
	}
	return all >= minRunOn && longest >= 2
}
