package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"concord/corpus"
	"concord/corpus/reader/pdfium"
)

// detectPDF recognises a PDF by its first bytes; some writers put other bytes in
// front (ISO 32000-1, annex H, note 13), which is believed of a file that is called
// a PDF.
func detectPDF(name string, head []byte) bool {
	mark := []byte("%PDF-")
	if bytes.HasPrefix(bytes.TrimLeft(head, "\xef\xbb\xbf \r\n\x00"), mark) {
		return true
	}
	return hasSuffix(name, ".pdf") && bytes.Contains(head[:min(len(head), 1024)], mark)
}

// pdfEngine is the one engine of the process: compiled when the first PDF is
// read, since that takes seconds the first time and nothing else needs it.
var pdfEngine struct {
	sync.Mutex
	engine *pdfium.Engine
	cache  string
}

// KeepCompiled names the folder in which the compiled PDF engine is kept, so that
// the next process starts with it in a tenth of a second instead of some. It is
// called before the first PDF is read; without it nothing is kept.
func KeepCompiled(dir string) {
	pdfEngine.Lock()
	defer pdfEngine.Unlock()
	pdfEngine.cache = dir
}

// openEngine gives the process's engine. A cache that cannot be used is no
// reason not to read.
func openEngine() (*pdfium.Engine, error) {
	pdfEngine.Lock()
	defer pdfEngine.Unlock()
	if pdfEngine.engine != nil {
		return pdfEngine.engine, nil
	}
	engine, err := pdfium.New(context.Background(), pdfEngine.cache)
	if err != nil && pdfEngine.cache != "" {
		engine, err = pdfium.New(context.Background(), "")
	}
	if err != nil {
		return nil, err
	}
	pdfEngine.engine = engine
	return engine, nil
}

// readPDF reads a PDF that holds text.
func readPDF(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	p, err := openPDF(raw)
	if err != nil {
		return nil, err
	}
	out := p.layOut()
	doc := out.document(hint)
	doc.Problems = append(p.problems, doc.Problems...)
	if doc.Standard.Designation == "" && hint.Designation == "" {
		doc.Standard.Designation = p.designation()
	}
	return []*corpus.Document{doc}, nil
}

// pdf is what was taken from a file: per page its lines, in no order yet.
type pdf struct {
	pages     []pdfPage
	title     string // that the file gives itself
	bookmarks []pdfium.Bookmark
	problems  []corpus.Problem
}

type pdfPage struct {
	no            int // from 1
	width, height float64
	pieces        []piece
}

// openPDF takes text and places from a file, or says why it cannot.
func openPDF(raw []byte) (*pdf, error) {
	engine, err := openEngine()
	if err != nil {
		return nil, err
	}
	d, err := engine.Open(context.Background(), raw)
	if err != nil {
		return nil, pdfError(err)
	}
	defer d.Close()
	n, err := d.Pages()
	switch {
	case err != nil:
		return nil, pdfError(err)
	case n == 0:
		return nil, corpus.Refuse(corpus.ErrInvalid, "pdf-empty", "the PDF has no pages; check that it was saved whole")
	case n > maxPDFPages:
		return nil, corpus.Refuse(corpus.ErrLimit, "pdf-pages", "the PDF has {count} pages, more than {most}; split it", "count", n, "most", maxPDFPages)
	}
	p := &pdf{}
	if title, err := d.Meta("Title"); err == nil {
		p.title = title
	}
	if p.bookmarks, err = d.Bookmarks(maxBookmarks); err != nil {
		return nil, pdfError(err)
	}
	return p, p.read(d, n)
}

// pdfError says what keeps a PDF from being read and what helps.
func pdfError(err error) error {
	switch {
	case errors.Is(err, pdfium.ErrPassword):
		return corpus.Refuse(corpus.ErrInvalid, "pdf-locked", "the PDF is encrypted and opens only with a password; save a copy without one, as with qpdf --decrypt --password=... in.pdf out.pdf")
	case errors.Is(err, pdfium.ErrDamaged):
		return corpus.Refuse(corpus.ErrInvalid, "pdf-damaged", "the PDF is damaged and cannot be opened; fetch it again, or repair it, as with qpdf in.pdf out.pdf")
	}
	return corpus.Refuse(corpus.ErrInvalid, "pdf-failed", "the PDF cannot be read ({why}); open it in a viewer and save it again", "why", err)
}

// read takes the characters of every page and judges whether they are text.
func (p *pdf) read(d *pdfium.Document, pages int) error {
	var count tally
	for i := range pages {
		got, err := d.Page(i, maxPDFPageChars)
		if errors.Is(err, pdfium.ErrDamaged) {
			p.problems = append(p.problems, corpus.Say(corpus.SeverityWarning, pdfPlace(i+1), "page-damaged", "the page is damaged and was left out", "repair the file, as with qpdf in.pdf out.pdf"))
			continue
		}
		if err != nil {
			return pdfError(err)
		}
		if got.Cut {
			p.problems = append(p.problems, corpus.Say(corpus.SeverityWarning, pdfPlace(i+1), "page-full", "the page holds more than {most} characters, and the rest was left out", "check whether the page is what it should be", "most", maxPDFPageChars))
		}
		chars, sideways := upright(got.Chars)
		count.page(i+1, chars)
		if count.chars > maxPDFChars {
			return corpus.Refuse(corpus.ErrLimit, "pdf-chars", "the PDF holds more than {most} million characters; split it", "most", maxPDFChars/1_000_000)
		}
		if sideways {
			count.sideways++
			p.problems = append(p.problems, corpus.Say(corpus.SeverityWarning, pdfPlace(i+1), "page-sideways", "the text of the page runs sideways and was left out", "turn the page in a PDF editor and import the file again"))
		}
		chars, mirrored := readingOrder(chars, got.Width)
		pieces := piecesOf(chars)
		for k := range pieces {
			pieces[k].mirrored = mirrored
		}
		p.pages = append(p.pages, pdfPage{no: i + 1, width: got.Width, height: got.Height, pieces: pieces})
	}
	notes, err := count.judge(pages)
	p.problems = append(p.problems, notes...)
	return err
}

func pdfPlace(page int) string { return fmt.Sprintf("page %d", page) }

// upright leaves out text that does not run from left to right, as the tabs on
// the edge of a page, and tells whether that was most of it.
func upright(chars []pdfium.Char) (out []pdfium.Char, sideways bool) {
	out = chars[:0]
	for _, c := range chars {
		if !c.Sideways {
			out = append(out, c)
		}
	}
	return out, len(chars) > 200 && len(out) < len(chars)/2
}

// tally counts what tells text from pictures of text and from gibberish.
type tally struct {
	chars, letters, unmapped int
	latin, vowels            int
	sideways                 int   // pages
	empty, unclear           []int // pages
}

func (t *tally) page(no int, chars []pdfium.Char) {
	letters, unmapped := 0, 0
	for _, c := range chars {
		switch {
		case c.Unmapped:
			unmapped++
		case unicode.IsLetter(c.Rune):
			letters++
			if c.Rune < 0x250 {
				t.latin++
				if strings.ContainsRune("aeiouyAEIOUYàáâãäåæèéêëìíîïòóôõöøùúûüýıăąęő", c.Rune) {
					t.vowels++
				}
			}
		}
	}
	if letters+unmapped < 5 {
		t.empty = append(t.empty, no)
	}
	if unmapped*20 > letters {
		t.unclear = append(t.unclear, no)
	}
	t.chars, t.letters, t.unmapped = t.chars+len(chars), t.letters+letters, t.unmapped+unmapped
}

// judge refuses pictures of text and gibberish, and names the pages that are.
//
// Fewer than 25 letters a page is a scan with a stamp on it. Of the letters of
// every language in Latin script a third to a half are vowels, and of those a font
// gives in another order hardly more than chance: below a sixth nothing was said
// (own counts of English, French, German, Indonesian, Vietnamese and Polish texts).
func (t *tally) judge(pages int) ([]corpus.Problem, error) {
	if t.sideways*2 > pages {
		return nil, corpus.Refuse(corpus.ErrInvalid, "pdf-sideways", "the text of {count} of {pages} pages of the PDF runs sideways; turn them in a PDF editor and import the file again", "count", t.sideways, "pages", pages)
	}
	if t.letters+t.unmapped < 25*pages && (t.letters+t.unmapped < 200 || len(t.empty)*2 > pages) {
		return nil, corpus.Refuse(corpus.ErrInvalid, "pdf-pictures", "the PDF holds pictures of text and no text ({letters} letters on {pages} pages); recognise it first, as with OCRmyPDF or Tesseract, and import the result", "letters", t.letters, "pages", pages)
	}
	if t.unmapped*10 > t.letters+t.unmapped || t.latin > 500 && t.latin*2 > t.letters && t.vowels*6 < t.latin {
		return nil, corpus.Refuse(corpus.ErrInvalid, "pdf-fonts", "the fonts of the PDF do not say which letters they show, so its text is gibberish; recognise it anew, as with ocrmypdf --force-ocr, or give another copy")
	}
	var notes []corpus.Problem
	if len(t.empty) > 0 && t.empty[0] > 0 {
		notes = append(notes, corpus.Say(corpus.SeverityNote, pageList(t.empty), "page-empty", "there is no text on the page", "if it is a picture of text, recognise it first, as with OCRmyPDF"))
	}
	if len(t.unclear) > 0 && t.unmapped > 20 {
		notes = append(notes, corpus.Say(corpus.SeverityWarning, pageList(t.unclear), "page-unclear", "the font does not say which letters it shows for some of the text", "compare it with the page, or give another copy"))
	}
	return notes, nil
}

// pageList names pages: "pages 3, 5 and 7", and of many the first.
func pageList(pages []int) string {
	if len(pages) == 1 {
		return pdfPlace(pages[0])
	}
	var names []string
	for _, p := range pages[:min(len(pages), 10)] {
		names = append(names, fmt.Sprint(p))
	}
	if len(pages) > 10 {
		return fmt.Sprintf("pages %s and %d more", strings.Join(names, ", "), len(pages)-10)
	}
	return "pages " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
