package reader

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// markAt is text at a place of a page, from its upper left corner, in points.
type markAt struct {
	x, y, size float64
	font       string // regular, bold, han, blind (which says nothing of its letters), said (any letters)
	text       string
}

// pdfFile writes small PDFs for tests (ISO 32000-1).
type pdfFile struct {
	pages     [][]markAt
	bookmarks []string // of the first level, to the pages in order
	title     string
	password  string // user password; "" for none
	encrypted bool
	turned    bool // pages lie on their side and are shown turned upright
	sideways  bool // as turned, but shown as they lie
}

const pdfWidth, pdfHeight = 595, 842 // A4

// column puts lines below each other.
func column(x, y, size float64, font string, lines ...string) []markAt {
	var out []markAt
	for i, l := range lines {
		out = append(out, markAt{x, y + float64(i)*size*1.2, size, font, l})
	}
	return out
}

var pdfFonts = map[string]string{"regular": "F1", "bold": "F2", "han": "F3", "blind": "F4", "said": "F5"}

// toUnicode says that each code is the letter it stands for: Latin, Cyrillic, Arabic
// and punctuation.
const toUnicode = "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Said def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange 4 beginbfrange<0020><00FF><0020><0400><04FF><0400><0600><06FF><0600><2000><206F><2000>endbfrange endcmap CMapName currentdict/CMap defineresource pop end end"

// bytes writes the file.
func (f pdfFile) bytes() []byte {
	const catalog, tree, info, outlines, firstFree = 1, 2, 3, 4, 12
	objects := map[int]string{
		5:    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		6:    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
		7:    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/Ascent 880/Descent -120/CapHeight 700/ItalicAngle 0/StemV 80/FontBBox[0 -120 1000 880]>>>>]>>",
		8:    "<</Type/Font/Subtype/Type0/BaseFont/Nameless/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Nameless/DW 500/CIDToGIDMap/Identity/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/Nameless/Flags 4/Ascent 880/Descent -120/CapHeight 700/ItalicAngle 0/StemV 80/FontBBox[0 -120 1000 880]>>>>]>>",
		10:   "<</Type/Font/Subtype/Type0/BaseFont/Said/Encoding/Identity-H/ToUnicode 11 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Said/DW 500/CIDToGIDMap/Identity/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/Said/Flags 4/Ascent 880/Descent -120/CapHeight 700/ItalicAngle 0/StemV 80/FontBBox[0 -120 1000 880]>>>>]>>",
		11:   fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(toUnicode), toUnicode),
		info: fmt.Sprintf("<</Title(%s)>>", f.title),
	}
	key := f.encrypt(objects)
	var kids, chapters []string
	for i, marks := range f.pages {
		page, content := firstFree+2*i, firstFree+2*i+1
		stream := contentOf(marks, f.turned || f.sideways)
		if key != nil {
			stream = rc4Object(key, content, stream)
		}
		objects[page] = fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[%s]/Contents %d 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R/F3 7 0 R/F4 8 0 R/F5 10 0 R>>>>>>", tree, f.box(), content)
		objects[content] = fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(stream), stream)
		kids = append(kids, fmt.Sprintf("%d 0 R", page))
	}
	free := firstFree + 2*len(f.pages)
	for i, title := range f.bookmarks {
		next := ""
		if i+1 < len(f.bookmarks) {
			next = fmt.Sprintf("/Next %d 0 R", free+i+1)
		}
		objects[free+i] = fmt.Sprintf("<</Title(%s)/Parent %d 0 R/Dest[%d 0 R/Fit]%s>>", title, outlines, firstFree+2*min(i, len(f.pages)-1), next)
		chapters = append(chapters, title)
	}
	objects[tree] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " "))
	objects[outlines] = "<</Type/Outlines/Count 0>>"
	if len(chapters) > 0 {
		objects[outlines] = fmt.Sprintf("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", free, free+len(chapters)-1, len(chapters))
	}
	objects[catalog] = fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Outlines %d 0 R>>", tree, outlines)
	return writeObjects(objects, catalog, info, key != nil)
}

func writeObjects(objects map[int]string, catalog, info int, encrypted bool) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	last := 0
	for n := range objects {
		last = max(last, n)
	}
	offsets := make([]int, last+1)
	for n := 1; n <= last; n++ {
		if text, found := objects[n]; found {
			offsets[n] = b.Len()
			fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, text)
		}
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", last+1)
	for n := 1; n <= last; n++ {
		if offsets[n] == 0 {
			b.WriteString("0000000000 00000 f \n")
			continue
		}
		fmt.Fprintf(&b, "%010d 00000 n \n", offsets[n])
	}
	extra := ""
	if encrypted {
		extra = "/Encrypt 9 0 R/ID[<00><00>]"
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root %d 0 R/Info %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", last+1, catalog, info, extra, start)
	return b.Bytes()
}

func (f pdfFile) box() string {
	switch {
	case f.turned:
		return fmt.Sprintf("0 0 %d %d]/Rotate 90/CropBox[0 0 %d %d", pdfHeight, pdfWidth, pdfHeight, pdfWidth)
	case f.sideways:
		return fmt.Sprintf("0 0 %d %d", pdfHeight, pdfWidth)
	}
	return fmt.Sprintf("0 0 %d %d", pdfWidth, pdfHeight)
}

// contentOf writes the operators that print the marks, upright or lying on the side.
func contentOf(marks []markAt, lying bool) string {
	var b strings.Builder
	for _, m := range marks {
		text := "(" + strings.NewReplacer("\\", "\\\\", "(", "\\(", ")", "\\)", "§", "\\247", "—", "\\227").Replace(m.text) + ")"
		if m.font == "han" || m.font == "said" || m.font == "blind" {
			text = "<"
			for _, u := range utf16.Encode([]rune(m.text)) {
				text += fmt.Sprintf("%04X", u)
			}
			text += ">"
		}
		matrix := fmt.Sprintf("1 0 0 1 %g %g", m.x, pdfHeight-m.y)
		if lying {
			matrix = fmt.Sprintf("0 1 -1 0 %g %g", m.y, m.x)
		}
		fmt.Fprintf(&b, "BT /%s %g Tf %s Tm %s Tj ET\n", pdfFonts[m.font], m.size, matrix, text)
	}
	return b.String()
}

// encrypt adds the dictionary of the standard security handler, revision 2 with
// 40 bits (ISO 32000-1, 7.6.3), and gives the key.
func (f pdfFile) encrypt(objects map[int]string) []byte {
	if !f.encrypted {
		return nil
	}
	pad := []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")
	padded := func(s string) []byte { return append([]byte(s), pad...)[:32] }
	crypt := func(key, data []byte) []byte {
		c, err := rc4.NewCipher(key)
		if err != nil {
			panic(err)
		}
		out := make([]byte, len(data))
		c.XORKeyStream(out, data)
		return out
	}
	owner := md5.Sum(padded("owner"))
	o := crypt(owner[:5], padded(f.password))
	seed := append(padded(f.password), o...)
	seed = binary.LittleEndian.AppendUint32(seed, 0xFFFFFFFC)
	seed = append(seed, 0)
	sum := md5.Sum(seed)
	key := sum[:5]
	objects[9] = fmt.Sprintf("<</Filter/Standard/V 1/R 2/O<%X>/U<%X>/P -4>>", o, crypt(key, pad))
	return key
}

func rc4Object(key []byte, object int, data string) string {
	sum := md5.Sum(append(append([]byte{}, key...), byte(object), byte(object>>8), byte(object>>16), 0, 0))
	c, err := rc4.NewCipher(sum[:10])
	if err != nil {
		panic(err)
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, []byte(data))
	return string(out)
}
