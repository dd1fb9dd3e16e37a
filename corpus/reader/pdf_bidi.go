package reader

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"concord/corpus"
	"concord/corpus/reader/pdfium"
)

// Text from right to left stands in a PDF as glyphs on places; in which order they
// are listed is the producer's choice, and PDFium turns some runs round and others
// not. So lines written that way are put in reading order by the places of their
// characters, and a page that is mostly written that way is mirrored, so that what
// looks for columns, indents and the ends of lines sees it like any other.

// readingOrder puts the characters of a page into reading order, and tells whether
// the page was mirrored.
func readingOrder(chars []pdfium.Char, width float64) ([]pdfium.Char, bool) {
	n := 0
	for i := range chars {
		n += directionOf(chars[i].Rune)
	}
	mirrored := n < 0
	if mirrored {
		for i := range chars {
			chars[i].X0, chars[i].X1 = width-chars[i].X1, width-chars[i].X0
		}
	}
	for i := 0; i < len(chars); {
		j := i + 1
		for j < len(chars) && (unicode.IsSpace(chars[j].Rune) || math.Abs(chars[j].Base-chars[i].Base) <= riseGap*max(chars[i].Size, chars[j].Size)) {
			j++
		}
		orderLine(chars[i:j], mirrored)
		i = j
	}
	return chars, mirrored
}

// directionOf is -1 for a letter of a script from right to left, 1 for one of
// another, 0 for all else.
func directionOf(r rune) int {
	switch {
	case r == tatweel, unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana) && unicode.IsLetter(r):
		return -1
	case unicode.IsLetter(r):
		return 1
	}
	return 0
}

// tatweel lengthens the join of Arabic letters and is a dash behind a Persian number; to
// Unicode it is of no script.
const tatweel = 'ـ'

// fewRight is the share of a line of a mirrored page, one in so many characters, whose
// running from right to left makes it such a line: a term and its foreign name.
const fewRight = 4

// orderLine puts one line into reading order when most of its letters run from right
// to left, or of a mirrored page some: all by their places, then figures and words of other scripts the other
// way round. Blanks of the file say nothing then, since gaps do.
func orderLine(line []pdfium.Char, mirrored bool) {
	n, right := 0, 0
	for i := range line {
		way := directionOf(line[i].Rune)
		n += way
		if way < 0 {
			right++
		}
	}
	if n >= 0 && !(mirrored && right*fewRight >= len(line)) {
		return
	}
	sign := -1.0
	if mirrored {
		sign = 1
	}
	place := func(c pdfium.Char) float64 { return sign * (c.X0 + c.X1) / 2 }
	for i := range line {
		if unicode.IsSpace(line[i].Rune) {
			line[i].Rune = 0 // it is left out where pieces are built
		}
	}
	corpus.SortRows(line, func(a, b pdfium.Char) int { return compare(place(a), place(b)) })
	lamAlefWithMark(line)
	marksAfterLetters(line)
	lamBeforeAlef(line)
	for i := 0; i < len(line); {
		if !runsRight(line, i) {
			i++
			continue
		}
		j := runEnd(line, i, ".,٫٬/:-–%°_")
		if !slices.ContainsFunc(line[i:j], func(c pdfium.Char) bool { return directionOf(c.Rune) > 0 }) {
			j = runEnd(line, i, ".,٫٬/:%°_") // a hyphen between figures alone leaves each its place (UAX 9, W2 and W4): ٥-٣-١
		}
		turnRound(line[i:j])
		i = j
	}
	unmirror(line)
}

// runEnd is where a run from left to right ends that begins at i: figures and words, near
// each other, and the signs between them.
func runEnd(line []pdfium.Char, i int, signs string) int {
	j := i + 1
	for k := j; k < len(line) && (runsRight(line, k) || strings.ContainsRune(signs, line[k].Rune) || line[k].Rune == 0) && near(line[k-1], line[k]); k++ {
		if runsRight(line, k) {
			j = k + 1
		}
	}
	return j
}

// turnRound reverses a run, and the places with it, so that what follows the run
// still stands beside its end.
func turnRound(run []pdfium.Char) {
	lo, hi := run[0].X0, run[0].X1
	for _, c := range run {
		lo, hi = min(lo, c.X0), max(hi, c.X1)
	}
	for i := range run {
		run[i].X0, run[i].X1 = lo+hi-run[i].X1, lo+hi-run[i].X0
	}
	slices.Reverse(run)
}

// runsRight tells whether a character runs from left to right within such a line:
// figures and letters of other scripts.
func runsRight(line []pdfium.Char, i int) bool {
	return unicode.IsDigit(line[i].Rune) || directionOf(line[i].Rune) > 0
}

func near(a, b pdfium.Char) bool {
	return max(a.X0-b.X1, b.X0-a.X1) <= pieceGap*max(a.Size, b.Size)
}

// marksAfterLetters puts vowel signs, which stand above or below a letter, behind it.
func marksAfterLetters(line []pdfium.Char) {
	for i := 0; i+1 < len(line); i++ {
		if unicode.Is(unicode.Mn, line[i].Rune) && !unicode.Is(unicode.Mn, line[i+1].Rune) && within(line[i], line[i+1]) && (i == 0 || !within(line[i], line[i-1])) {
			line[i], line[i+1] = line[i+1], line[i]
		}
	}
}

// lamBeforeAlef puts the letters of the one ligature that every Arabic type has into
// their order: they have the same place, and PDFium lists them as it likes.
func lamBeforeAlef(line []pdfium.Char) {
	for i := 0; i+1 < len(line); i++ {
		a, b := &line[i], &line[i+1]
		if b.Rune == 'ل' && strings.ContainsRune("اأإآ", a.Rune) && math.Abs(a.X0-b.X0) < 0.01 && math.Abs(a.X1-b.X1) < 0.01 {
			*a, *b = *b, *a
		}
	}
}

// lamAlefWithMark puts the ligature of lam and alef with a vowel sign, which browsers print
// as one glyph, into its order: PDFium parts the glyph into places of one width, from left
// to right, and narrower than it is.
func lamAlefWithMark(line []pdfium.Char) {
	const alike = 0.05 // points
	for i := 0; i+2 < len(line); i++ {
		a, b, c := &line[i], &line[i+1], &line[i+2]
		if !unicode.Is(unicode.Mn, a.Rune) || !strings.ContainsRune("اأإآ", b.Rune) || c.Rune != 'ل' {
			continue
		}
		wide := b.X1 - b.X0
		if math.Abs(a.X1-a.X0-wide) > alike || math.Abs(c.X1-c.X0-wide) > alike || math.Abs(b.X0-a.X1) > alike || math.Abs(c.X0-b.X1) > alike {
			continue
		}
		a.Rune, c.Rune = c.Rune, a.Rune
		if i > 0 && line[i-1].Rune != 0 && a.X0-line[i-1].X1 < a.Size/2 {
			a.X0 = min(a.X0, line[i-1].X1)
		}
	}
}

func within(mark, letter pdfium.Char) bool {
	middle := (mark.X0 + mark.X1) / 2
	return middle >= letter.X0 && middle <= letter.X1
}

// pairAlike puts round brackets in pairs where the file has only one of the two, which its
// font prints both ways round; it tells whether it did.
func pairAlike(line []pdfium.Char) bool {
	var at []int
	for i := range line {
		if c := line[i].Rune; c == '(' || c == ')' {
			if len(at) > 0 && c != line[at[0]].Rune {
				return false
			}
			at = append(at, i)
		}
	}
	if len(at) == 0 || len(at)%2 != 0 {
		return false
	}
	for k, i := range at {
		line[i].Rune = rune("()"[k%2])
	}
	return true
}

// maxMark is how far into its line the bracket of an item's mark stands.
const maxMark = 4

// unmirror turns brackets round where they are given by their shape: the first of
// them closes, or the mark of an item opens and nothing closes it.
func unmirror(line []pdfium.Char) {
	const open, shut = "([{«", ")]}»"
	if pairAlike(line) {
		return
	}
	for i, c := range line {
		if strings.ContainsRune(open, c.Rune) {
			closed := slices.ContainsFunc(line, func(c pdfium.Char) bool { return strings.ContainsRune(shut, c.Rune) })
			if closed || c.Rune != '(' || i == 0 || i > maxMark {
				return
			}
			break
		}
		if strings.ContainsRune(shut, c.Rune) {
			break
		}
	}
	for i := range line {
		if at := strings.IndexRune(open, line[i].Rune); at >= 0 {
			line[i].Rune = []rune(shut)[len([]rune(open[:at]))]
		} else if at := strings.IndexRune(shut, line[i].Rune); at >= 0 {
			line[i].Rune = []rune(open)[len([]rune(shut[:at]))]
		}
	}
}
