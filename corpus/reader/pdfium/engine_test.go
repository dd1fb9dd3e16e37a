package pdfium

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// moduleSum is of the module that is packed; whoever changes it names its origin and
// sum anew. It is webassembly/pdfium.wasm in github.com/klippa-app/go-pdfium v1.20.0
// (f651270c675cac90702b762f4b95d2b34e365cdb374065e40af016f4f0f304ea), of which
// wasm-metadce (Binaryen 132, with the features the module names and no other option)
// left what the functions below reach: a fifth less.
const moduleSum = "5056891899577dec8827a8d5f6362bd06f42df81caf1c086606b59aad554aab8"

// The functions of PDFium that are asked for; the module has no others.
var needed = strings.Fields(`malloc free FPDF_InitLibrary FPDF_LoadMemDocument FPDF_GetLastError FPDF_GetPageCount
	FPDF_GetSecurityHandlerRevision FPDF_GetMetaText FPDF_LoadPage FPDF_ClosePage FPDF_GetPageWidthF FPDF_GetPageHeightF
	FPDF_GetPageBoundingBox FPDFPage_GetRotation FPDFBookmark_GetFirstChild FPDFBookmark_GetNextSibling
	FPDFBookmark_GetTitle FPDFBookmark_GetDest FPDFDest_GetDestPageIndex FPDFText_LoadPage FPDFText_ClosePage
	FPDFText_CountChars FPDFText_GetUnicode FPDFText_GetTextObject FPDFText_GetLooseCharBox FPDFText_GetCharOrigin
	FPDFText_IsGenerated FPDFText_HasUnicodeMapError FPDFText_GetFontWeight FPDFText_GetFontSize FPDFText_GetMatrix
	FPDFTextObj_GetFont FPDFFont_GetBaseFontName FPDFBitmap_Create FPDFBitmap_Destroy FPDFBitmap_FillRect
	FPDFBitmap_GetBuffer FPDFBitmap_GetStride FPDF_RenderPageBitmap _initialize`)

func TestModuleHasWhatIsNeeded(t *testing.T) {
	exported := engine(t).compiled.ExportedFunctions()
	for _, name := range needed {
		if exported[name] == nil {
			t.Errorf("the module has no %s", name)
		}
		delete(exported, name)
	}
	for name := range exported {
		t.Errorf("the module has %s, which nobody asks for", name)
	}
}

func TestModuleIsTheOneNamed(t *testing.T) {
	module, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(module)); sum != moduleSum {
		t.Errorf("the module's SHA-256 is %s", sum)
	}
}

func engine(t *testing.T) *Engine {
	t.Helper()
	cache := ""
	if dir, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(dir, "concord-test") // that of the reader's tests
	}
	e, err := New(context.Background(), cache)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close(context.Background()) })
	return e
}

// small is a page of 200 by 100 points with one word 20 points from the left and
// 30 from above. It has no table of references; PDFium makes one.
const small = `%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 51>>stream
BT /F 1 Tf 12 0 0 12 20 70 Tm (Stairs) Tj ET       
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>> endobj
trailer <</Root 1 0 R>>
`

func TestPage(t *testing.T) {
	d, err := engine(t).Open(context.Background(), []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	p, err := d.Page(0, 100)
	if err != nil || len(p.Chars) != 6 || p.Width != 200 || p.Height != 100 {
		t.Fatalf("%+v, %v", p, err)
	}
	// The type is 1 point in a matrix of 12: what counts is what is printed.
	if c := p.Chars[0]; c.Rune != 'S' || c.Size < 11.9 || c.Size > 12.1 || !c.Bold || c.X0 < 19 || c.X0 > 21 || c.Base < 29.9 || c.Base > 30.1 || c.Sideways || c.Unmapped {
		t.Errorf("the first character is %+v", c)
	}
	if p, err := d.Page(0, 3); err != nil || len(p.Chars) != 3 || !p.Cut {
		t.Errorf("of three characters %+v, %v", p, err)
	}
	if _, err := d.Page(7, 100); !errors.Is(err, ErrDamaged) {
		t.Errorf("a page that is not there: %v", err)
	}
}

func TestDamaged(t *testing.T) {
	e := engine(t)
	for _, text := range []string{"", "no PDF", "%PDF-1.4\n", strings.ReplaceAll(small, "obj", "xyz")} {
		if _, err := e.Open(context.Background(), []byte(text)); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrFailed) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

// After the end of its context a document answers nothing, and others do.
func TestContextEnds(t *testing.T) {
	e := engine(t)
	ctx, cancel := context.WithCancel(context.Background())
	d, err := e.Open(ctx, []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	cancel()
	if _, err := d.Page(0, 100); !errors.Is(err, ErrFailed) {
		t.Errorf("the page was read after the end: %v", err)
	}
	other, err := e.Open(context.Background(), []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if n, err := other.Pages(); n != 1 || err != nil {
		t.Errorf("%d pages, %v", n, err)
	}
}

// A cache that another version or an accident left is not used.
func TestCacheIsDamaged(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "occupied")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(context.Background(), file); err == nil {
		t.Error("a file was taken for a folder")
	}
}

func TestNamesBold(t *testing.T) {
	for font, want := range map[string]weight{"ABCDEF+Arial-BoldMT": 1, "SimHei": 1, "Helvetica": 0, "TimesNewRomanPSMT": 0, "NotoSans-Black": 1, "ABCDEF+NotoSerif-Regular": -1, "Roboto-Light": -1} {
		if got := weightNamed(font); got != want {
			t.Errorf("%s has weight %d, want %d", font, got, want)
		}
	}
}

// A page is drawn as it is seen: upright where it is turned, grey without colours, and
// bounded.
func TestPicture(t *testing.T) {
	e := engine(t)
	draw := func(text string, width int) (image.Image, error) {
		d, err := e.Open(context.Background(), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		return d.Picture(0, width)
	}
	ink := func(p image.Image) (box image.Rectangle) {
		for y := range p.Bounds().Dy() {
			for x := range p.Bounds().Dx() {
				if r, _, _, _ := p.At(x, y).RGBA(); r < 0x8000 {
					box = box.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
		return box
	}
	p, err := draw(small, 400)
	if _, grey := p.(*image.Gray); err != nil || !grey || p.Bounds() != image.Rect(0, 0, 400, 200) {
		t.Fatalf("%T %v, %v", p, p.Bounds(), err)
	}
	// The word stands 20 points from the left on a line 30 from above, at two pixels a point.
	if box := ink(p); box.Min.X < 38 || box.Min.X > 46 || box.Max.Y < 58 || box.Max.Y > 66 || box.Min.Y < 36 || box.Max.X > 140 {
		t.Errorf("the ink is in %v", box)
	}
	turned, err := draw(strings.Replace(small, "/Type/Page/", "/Type/Page/Rotate 90/", 1), 200)
	if err != nil || turned.Bounds() != image.Rect(0, 0, 200, 400) || ink(turned).Dy() < ink(turned).Dx() {
		t.Errorf("turned: %v, %v", turned, err)
	}
	red, err := draw(strings.Replace(small, "BT /F 1 Tf", "1 0 0 rg BT /F 1 Tf", 1), 400)
	if _, grey := red.(*image.Gray); err != nil || grey {
		t.Errorf("a red word is drawn as %T, %v", red, err)
	}
	if _, err := draw(small, 100_000); !errors.Is(err, ErrFailed) {
		t.Errorf("a picture without end: %v", err)
	}
}
