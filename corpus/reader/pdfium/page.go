package pdfium

import (
	"encoding/binary"
	"math"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Char is one character where it stands on the page as a person sees it: x grows
// to the right, y downwards, in points (1/72 inch).
type Char struct {
	Rune     rune
	X0, X1   float64 // its advance, blank around the ink included
	Base     float64 // y of the line it stands on
	Size     float64 // of its type, as it is printed
	Bold     bool
	Sideways bool // it does not run from left to right
	Unmapped bool // its font does not say which character it is
}

// Page is a page's characters in the order PDFium puts them, which follows the
// file and, within a line, the direction of the script. Blanks are those of the
// file and those that PDFium sees between words.
type Page struct {
	Width, Height float64
	Chars         []Char
	Cut           bool // there are more than were asked for
}

// Hyphen is what PDFium gives for a hyphen that breaks a word at the end of a line.
const Hyphen = '\u0002'

// Page reads page i, from 0, and at most limit characters of it.
func (d *Document) Page(i, limit int) (p Page, err error) {
	defer caught(&err)
	handle := d.call("FPDF_LoadPage", d.handle, uint64(i))
	if handle == 0 {
		return p, ErrDamaged
	}
	defer d.call("FPDF_ClosePage", handle)
	p.Width = finite(float64(math.Float32frombits(uint32(d.call("FPDF_GetPageWidthF", handle)))))
	p.Height = finite(float64(math.Float32frombits(uint32(d.call("FPDF_GetPageHeightF", handle)))))
	clear(d.weights) // fonts die with their page
	text := d.call("FPDFText_LoadPage", handle)
	if text == 0 {
		return p, nil
	}
	defer d.call("FPDFText_ClosePage", text)
	t := textPage{d: d, handle: text, turned: turnOf(d.frame(handle), int(d.call("FPDFPage_GetRotation", handle)), p.Width, p.Height)}
	n := int(int32(d.call("FPDFText_CountChars", text)))
	p.Chars, p.Cut = t.chars(min(n, limit)), n > limit
	return p, nil
}

// frame is the lower left and upper right corner of what is shown of the page,
// before it is turned.
func (d *Document) frame(page uint64) [4]float64 {
	if d.call("FPDF_GetPageBoundingBox", page, uint64(d.scratch)) == 0 {
		return [4]float64{}
	}
	// FS_RECTF: left, top, right, bottom
	return [4]float64{d.float32At(0), d.float32At(12), d.float32At(8), d.float32At(4)}
}

// turn brings a point of the page's own space to what a person sees.
type turn func(x, y float64) (float64, float64)

// turnOf is the turn of a page that is shown turned by quarters clockwise.
func turnOf(frame [4]float64, quarters int, width, height float64) turn {
	left, bottom := frame[0], frame[1]
	switch quarters {
	case 1:
		return func(x, y float64) (float64, float64) { return y - bottom, x - left }
	case 2:
		return func(x, y float64) (float64, float64) { return width - (x - left), y - bottom }
	case 3:
		return func(x, y float64) (float64, float64) { return width - (y - bottom), height - (x - left) }
	}
	return func(x, y float64) (float64, float64) { return x - left, height - (y - bottom) }
}

// textPage reads the characters of one page.
type textPage struct {
	d      *Document
	handle uint64
	turned turn
	high   rune // first half of a surrogate pair
}

func (t *textPage) chars(n int) []Char {
	out := make([]Char, 0, max(n, 0))
	for from := 0; from < n; from += batchChars {
		end := min(from+batchChars, n)
		t.d.call("chars", t.handle, uint64(from), uint64(end), uint64(t.d.rows))
		rows, ok := t.d.module.Memory().Read(t.d.rows, uint32(end-from)*batchRow)
		if !ok {
			return out
		}
		rows = slices.Clone(rows) // what asks for fonts may move the memory
		for i := from; i < end; i++ {
			row := rows[(i-from)*batchRow:]
			if c, ok := t.char(row[:batchRow]); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

// char makes a character of its row in a batch.
func (t *textPage) char(row []byte) (Char, bool) {
	word := func(at int) uint32 { return binary.LittleEndian.Uint32(row[at:]) }
	number := func(at int) float64 { return finite(float64(math.Float32frombits(word(at)))) }
	long := func(at int) float64 {
		return finite(math.Float64frombits(binary.LittleEndian.Uint64(row[at:])))
	}
	r := rune(word(0))
	generated, unmapped := word(40) == 1, word(44) == 1
	switch {
	case r == '\r' || r == '\n' || generated && r != ' ':
		return Char{}, false
	case utf16.IsSurrogate(r):
		if t.high == 0 {
			t.high = r
			return Char{}, false
		}
		r = utf16.DecodeRune(t.high, r)
	}
	t.high = 0
	c := Char{Rune: r, Unmapped: unmapped || !meaningful(r)}
	x0, y0 := t.turned(number(8), number(20))  // left, bottom
	x1, y1 := t.turned(number(16), number(12)) // right, top
	_, c.Base = t.turned(long(24), long(32))
	c.X0, c.X1 = min(x0, x1), max(x0, x1)
	if c.Size = long(56) * math.Hypot(number(72), number(76)); c.Size <= 0 {
		c.Size = math.Abs(y1 - y0)
	}
	ax, ay := t.turned(0, 0)
	bx, by := t.turned(number(64), number(68))
	c.Sideways = math.Abs(by-ay) > 0.1*math.Abs(bx-ax) || bx < ax
	switch t.d.weightOf(uint64(word(48))) {
	case weightBold:
		c.Bold = true
	case weightUnsaid:
		c.Bold = int32(word(52)) >= boldWeight
	}
	return c, true
}

// meaningful tells whether a character says what it is: private use and control
// characters stand for glyphs whose font does not.
func meaningful(r rune) bool {
	switch {
	case r == Hyphen || r == '\t':
		return true
	case r < 0x20 || r == utf8.RuneError || r >= 0xE000 && r <= 0xF8FF || r > unicode.MaxRune:
		return false
	}
	return true
}

// boldWeight is where bold begins (CSS Fonts 4: 600 is semi-bold).
const boldWeight = 600

// weightOf is what a font calls itself. Its name goes before the weight it gives: many
// fonts give none, and some writers measure one from the shapes of letters, which is
// that of bold type for a sturdy regular.
func (d *Document) weightOf(font uint64) weight {
	if font == 0 {
		return weightUnsaid
	}
	known, there := d.weights[font]
	if !there {
		n := d.call("FPDFFont_GetBaseFontName", font, uint64(d.scratch), 256)
		if raw, ok := d.module.Memory().Read(d.scratch, uint32(min(n, 256))); ok {
			known = weightNamed(string(raw))
		}
		d.weights[font] = known
	}
	return known
}
