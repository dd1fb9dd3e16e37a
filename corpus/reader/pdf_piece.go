package reader

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/reader/pdfium"
)

// piece is text of one line without a wide gap in it.
type piece struct {
	text         string
	x0, x1, base float64
	size         float64
	bold         string // the bold words that open it
	allBold      bool
	mirrored     bool // its page is, being written from right to left
	gaps         []parting
}

// parting is a blank in a piece: it may part the cells of a narrow table.
type parting struct {
	at     int     // byte of the text at which the word after it begins
	x0, x1 float64 // where the word before it ends and that begins
}

// Gaps in ems of the type (own choice: a blank is a quarter of an em in most
// types, stretched to at most one when lines are justified).
const (
	wordGap  = 0.17
	pieceGap = 1.0
	wideGap  = 0.8 // between Han characters: a blank as wide as one of them
	cellGap  = 1.6
	slimGap  = 0.15 // between the cells of a narrow table, the same in all its rows
	riseGap  = 0.35 // how far an index or exponent leaves its line
)

// piecesOf puts characters together that stand on a line beside each other, in their
// order of reading.
func piecesOf(chars []pdfium.Char) []piece {
	var out []piece
	chars = fillHoles(chars)
	b := pieceBuilder{looseGap: looseGap(chars)}
	for i := range chars {
		c := &chars[i]
		if b.open && !b.takes(c) {
			out = b.close(out)
		}
		b.add(c)
	}
	return b.close(out)
}

// holeReach is how many characters back the hole is looked for that a character fills.
const holeReach = 120

// fillHoles puts characters that the file writes after the rest of their line where they
// stand in it: some programs write a line font by font, a sign of another font last.
func fillHoles(chars []pdfium.Char) []pdfium.Char {
	out, copied := chars, false
	for i := 1; i < len(out); i++ {
		c := out[i]
		prev := i - 1
		for prev > 0 && (out[prev].Rune == 0 || unicode.IsSpace(out[prev].Rune)) {
			prev--
		}
		if c.X0 > out[prev].X0 || directionOf(c.Rune) < 0 || unicode.IsSpace(c.Rune) || unicode.Is(unicode.Mn, c.Rune) || !besideEachOther(&c, &out[prev]) {
			continue
		}
		for k := prev; k > 0 && k > i-holeReach && besideEachOther(&c, &out[k]) && directionOf(out[k].Rune) >= 0; k-- {
			if before := &out[k-1]; besideEachOther(&c, before) && before.X1 <= c.X0+0.1*c.Size && c.X1 <= out[k].X0+0.1*c.Size {
				if !copied {
					out, copied = slices.Clone(out), true
				}
				copy(out[k+1:i+1], out[k:i])
				out[k] = c
				if k+2 < len(out) && unicode.IsSpace(out[k+1].Rune) && out[k+2].X0-c.X1 < wordGap*c.Size {
					out[k+1].Rune = 0 // the hole was taken for a blank
				}
				break
			}
		}
	}
	return out
}

// besideEachOther tells whether two characters stand on one line.
func besideEachOther(a, b *pdfium.Char) bool {
	return math.Abs(a.Base-b.Base) <= 0.1*max(a.Size, b.Size) && math.Abs(a.Size-b.Size) <= 0.2*max(a.Size, b.Size)
}

type pieceBuilder struct {
	piece
	open      bool
	text      strings.Builder
	boldText  strings.Builder
	boldSoFar bool
	allBold   bool
	blank     bool
	wide      bool // the blank is as wide as a Han character
	last      rune
	looseGap  float64
}

// Some Arabic letters join no letter after them, so that within a word a gap follows them
// that kerning may make as wide as a blank is in another type (own choice: what follows a
// letter that does join is a blank, and blanks after the others are little narrower).
// Those that reach below the line are kerned to what follows, in a word and behind it.
const (
	looseShare  = 0.8
	minLoose    = 8 // gaps that must be seen
	maxLooseGap = 0.26
	hookGap     = 0.13
)

// looseGap is the gap in ems from which a blank stands behind an Arabic letter that joins
// none after it, by the narrowest blanks behind those that do.
func looseGap(chars []pdfium.Char) float64 {
	var gaps []float64
	for i := 1; i < len(chars); i++ {
		a, c := &chars[i-1], &chars[i]
		for j := i - 1; j > 0 && a.Rune == 0; j-- { // a blank that was left out
			a = &chars[j-1]
		}
		if directionOf(a.Rune) >= 0 || directionOf(c.Rune) >= 0 || joinsNone(a.Rune) || math.Abs(a.Base-c.Base) > riseGap*a.Size {
			continue
		}
		if gap := max(c.X0-a.X1, a.X0-c.X1) / max(a.Size, 1); gap > slimGap && gap < pieceGap {
			gaps = append(gaps, gap)
		}
	}
	if len(gaps) < minLoose {
		return wordGap
	}
	slices.Sort(gaps)
	return min(looseShare*gaps[len(gaps)/50], maxLooseGap)
}

// joinsNone tells whether no letter is joined to an Arabic letter from behind.
func joinsNone(r rune) bool { return strings.ContainsRune("اأإآٱدذرزژوؤةىء", r) }

// wordGap is the gap from which a blank stands before a character.
func (b *pieceBuilder) wordGap(r rune) float64 {
	switch {
	case directionOf(r) >= 0 || directionOf(b.last) >= 0 || !joinsNone(b.last):
		return wordGap
	case strings.ContainsRune("رزژ", b.last):
		return hookGap
	}
	return b.looseGap
}

// takes tells whether a character goes on with the piece.
func (b *pieceBuilder) takes(c *pdfium.Char) bool {
	em := max(b.size, 1)
	if math.Abs(c.Base-b.base) > riseGap*max(em, c.Size) {
		return false
	}
	return unicode.IsSpace(c.Rune) || b.gap(c) <= pieceGap*em
}

// gap is the distance of a character from the box of the piece.
func (b *pieceBuilder) gap(c *pdfium.Char) float64 {
	return max(0, c.X0-b.x1, b.x0-c.X1)
}

func (b *pieceBuilder) add(c *pdfium.Char) {
	r := c.Rune
	if unicode.IsSpace(r) || r == 0xA0 {
		b.blank = b.open
		b.wide = b.open && (b.wide || r == wideBlank)
		return
	}
	if r == pdfium.Hyphen || r == 0xAD {
		r = '-'
	}
	if !unicode.IsPrint(r) && !unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
		return
	}
	switch {
	case !b.open:
		b.piece = piece{x0: c.X0, x1: c.X1, base: c.Base, size: c.Size}
		b.open, b.boldSoFar, b.allBold = true, true, true
	case b.blank || b.gap(c) > b.wordGap(r)*max(b.size, 1):
		switch {
		case !isWide(b.last) || !isWide(r):
			b.write(' ', c.Bold)
		case b.wide || b.blank && b.gap(c) > wideGap*max(b.size, 1): // it parts a number or the word NOTE from what follows
			b.write(wideBlank, c.Bold)
		}
		if c.X0-b.x1 > slimGap*max(b.size, 1) {
			b.gaps = append(b.gaps, parting{b.text.Len(), b.x1, c.X0})
		}
	}
	if c.Size > b.size*1.05 && math.Abs(c.Base-b.base) < riseGap*c.Size {
		b.base, b.size = c.Base, c.Size // what opened the piece was a mark above the line
	}
	b.blank, b.wide = false, false
	if c.Size < 0.85*b.size && c.Base < b.base-0.15*b.size && (b.last == 'm' || b.last == 'м') {
		r = raised(r)
	}
	b.write(r, c.Bold)
	if unicode.Is(unicode.Mn, r) { // it may reach over the blank behind its letter
		return
	}
	b.last = r
	b.x0, b.x1 = min(b.x0, c.X0), max(b.x1, c.X1)
}

// raised is an exponent of metres as a character of its own, as units are written.
func raised(r rune) rune {
	switch r {
	case '2':
		return '²'
	case '3':
		return '³'
	}
	return r
}

// write adds a character and to the bold words at the beginning as long as they
// last.
func (b *pieceBuilder) write(r rune, bold bool) {
	b.text.WriteRune(r)
	if r != ' ' && !bold {
		b.boldSoFar = b.boldSoFar && unicode.IsPunct(r) && b.boldText.Len() > 0
		b.allBold = b.allBold && unicode.IsPunct(r)
	}
	if b.boldSoFar {
		b.boldText.WriteRune(r)
	}
}

func (b *pieceBuilder) close(out []piece) []piece {
	if text := strings.TrimSpace(b.text.String()); text != "" {
		b.piece.text, b.piece.bold = text, strings.TrimSpace(b.boldText.String())
		b.piece.allBold = b.allBold && len(b.piece.bold) == len(text)
		out = append(out, b.piece)
	}
	*b = pieceBuilder{looseGap: b.looseGap}
	return out
}

// wideBlank is the blank of scripts whose characters are all of one width.
const wideBlank = '\u3000'

// isWide tells whether a character belongs to a script written without blanks.
func isWide(r rune) bool {
	return isHan(r) || r >= 0x3000 && r <= 0x30FF || r >= 0xFF00 && r <= 0xFFEF
}

// row is a line of a page: pieces beside each other on one height.
type row struct {
	page       int
	cells      []piece
	x0, x1     float64
	base, size float64
	left, edge float64  // the column it stands in
	mark       string   // raised figure that opens it, of a footnote
	calls      []string // raised figures in it or behind it, of footnotes
}

// raisedMark tells a figure or sign in small type that stands above the line.
var raisedMark = regexp.MustCompile(`^(?:\d{1,2}|[*†‡§]{1,3})[)]?$`)

// markOf is what a piece is of a footnote's mark in a row, "" for nothing.
func (r *row) markOf(p piece) string {
	if p.size > 0.8*r.size || p.base > r.base-0.2*r.size || !raisedMark.MatchString(p.text) {
		return ""
	}
	return strings.TrimSuffix(p.text, ")")
}

func (r *row) text() string {
	var parts []string
	for _, c := range r.cells {
		parts = append(parts, c.text)
	}
	return strings.Join(parts, " ")
}

// bold are the bold words that open the row.
func (r *row) bold() string {
	var parts []string
	for _, c := range r.cells {
		if c.bold != "" {
			parts = append(parts, c.bold)
		}
		if !c.allBold {
			break
		}
	}
	return strings.Join(parts, " ")
}

func (r *row) allBold() bool {
	return !slices.ContainsFunc(r.cells, func(c piece) bool { return !c.allBold })
}

// rowsOf puts pieces of one column into rows from top to bottom, and within a row
// from left to right, or from right to left where that is how it is written; on a
// mirrored page it is the other way round.
func rowsOf(pieces []piece, page int) []row {
	corpus.SortRows(pieces, func(a, b piece) int { return compare(a.base, b.base) })
	var groups [][]piece
	for i := 0; i < len(pieces); {
		j := i + 1
		for j < len(pieces) && pieces[j].base-pieces[i].base <= 0.3*min(pieces[i].size, pieces[j].size) {
			j++
		}
		groups = append(groups, pieces[i:j:j])
		i = j
	}
	groups = attachMarks(groups)
	out := make([]row, 0, len(groups))
	for _, g := range groups {
		out = append(out, makeRow(g, page))
	}
	return out
}

// maxMarks is how many indices and exponents stand above or below one row at most.
const maxMarks = 8

// attachMarks puts indices and exponents, which stand a little above or below, to
// the row they belong to.
func attachMarks(groups [][]piece) [][]piece {
	isMark := func(g []piece) bool {
		return len(g) <= maxMarks && !slices.ContainsFunc(g, func(p piece) bool { return utf8.RuneCountInString(p.text) > 4 })
	}
	belongs := func(mark, line []piece) bool {
		for _, m := range mark {
			if !slices.ContainsFunc(line, func(p piece) bool {
				return m.size < 0.85*p.size && math.Abs(m.base-p.base) < 0.6*p.size && m.x0 > p.x0-p.size && m.x0 < p.x1+0.5*p.size
			}) {
				return false
			}
		}
		return true
	}
	out := groups[:0:0]
	for i := 0; i < len(groups); i++ {
		g := groups[i]
		if isMark(g) {
			if i+1 < len(groups) && belongs(g, groups[i+1]) {
				groups[i+1] = append(groups[i+1], g...)
				continue
			}
			if n := len(out); n > 0 && belongs(g, out[n-1]) {
				out[n-1] = append(out[n-1], g...)
				continue
			}
		}
		out = append(out, g)
	}
	return out
}

func makeRow(pieces []piece, page int) row {
	pieces = slices.Clone(pieces)
	corpus.SortRows(pieces, func(a, b piece) int { return compare(a.x0, b.x0) })
	r := row{page: page, x0: pieces[0].x0}
	rtl := 0
	for _, p := range pieces {
		r.x1 = max(r.x1, p.x1)
		if p.size > r.size {
			r.size, r.base = p.size, p.base
		}
		rtl += direction(p.text)
	}
	if rtl < 0 != pieces[0].mirrored && rtl != 0 {
		slices.Reverse(pieces)
	}
	for i, p := range pieces {
		switch mark := r.markOf(p); {
		case mark == "":
		case i == 0 && len(pieces) > 1:
			r.mark = mark
		case i > 0:
			r.calls = append(r.calls, mark)
		}
		if n := len(r.cells); n > 0 && max(p.x0-r.cells[n-1].x1, r.cells[n-1].x0-p.x1) <= cellGap*max(p.size, r.cells[n-1].size) {
			r.cells[n-1] = beside(r.cells[n-1], p)
			continue
		}
		r.cells = append(r.cells, p)
	}
	return r
}

// direction is positive for text from left to right, negative for the other.
func direction(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Arabic, unicode.Hebrew):
			n--
		case unicode.IsLetter(r):
			n++
		}
	}
	return n
}

// beside joins two pieces of one row.
func beside(a, b piece) piece {
	blank := " "
	if d := max(b.x0-a.x1, a.x0-b.x1); d < wordGap*max(a.size, b.size) {
		blank = ""
	}
	out := piece{text: a.text + blank + b.text, x0: min(a.x0, b.x0), x1: max(a.x1, b.x1), base: a.base, size: max(a.size, b.size), bold: a.bold, allBold: a.allBold && b.allBold}
	if a.allBold && b.bold != "" {
		out.bold = a.bold + blank + b.bold
	}
	out.gaps = append(slices.Clip(a.gaps), parting{len(a.text) + len(blank), a.x1, b.x0})
	for _, g := range b.gaps {
		out.gaps = append(out.gaps, parting{g.at + len(a.text) + len(blank), g.x0, g.x1})
	}
	return out
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
