package web

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus/reader"
	"concord/corpus/staging"
)

// printedPDF is a PDF of two pages with numbered clauses.
func printedPDF() string {
	page := func(lines ...string) string {
		body := "BT /F 11 Tf 60 740 Td 16 TL\n"
		for _, l := range lines {
			body += "(" + l + ") Tj T*\n"
		}
		return body + "ET"
	}
	first := page("5 Doors", "5.1 The clear width of a door shall be at least 0.8 m in all parts of the building.", "5.2 Doors on escape routes shall open in the direction of travel of those who leave.", "5.3 Doors shall be marked.")
	second := page("6 Stairs", "6.1 The clear width of stairs shall be at least 1.2 m where more than fifty people use them.", "6.2 Stairs shall have handrails on both sides from the first step to the last one.")
	out := "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>> endobj\n"
	for n, body := range []string{first, second} {
		out += fmt.Sprintf("%d 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 7 0 R>>>>>> endobj\n", 3+n, 5+n)
		out += fmt.Sprintf("%d 0 obj <</Length %d>>stream\n%s\nendstream endobj\n", 5+n, len(body), body)
	}
	return out + "7 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\ntrailer <</Root 1 0 R>>\n"
}

// bringPDF sends printedPDF as admin.
func (s *site) bringPDF() staging.Import {
	s.t.Helper()
	if dir, err := os.UserCacheDir(); err == nil {
		reader.KeepCompiled(filepath.Join(dir, "concord-test"))
	}
	b := s.signedIn("admin")
	if got := b.bringIn(map[string]string{"二.pdf": printedPDF()}, "designation", "ISO 88:2020", "jurisdiction", "INT", "language", "en"); got.status != http.StatusOK {
		s.t.Fatalf("sent: %d %s", got.status, got.body)
	}
	list, err := s.db.StagedList(context.Background(), staging.Staged, uuid.Nil, 1)
	if err != nil || len(list) != 1 || list[0].File != "二.pdf" {
		s.t.Fatalf("waiting: %+v %v", list, err)
	}
	return list[0]
}

// The pages of a printed document are drawn when they are asked for, kept with the
// import and shown with the open clause marked on them; who may not import gets none.
func TestImportPages(t *testing.T) {
	s := newSite(t)
	i := s.bringPDF()
	b, base := s.signedIn("admin"), "/imports/"+i.ID.String()
	view := base + "?clause=5.2"
	b.holds(view, []string{`action="` + base + `/pages"`, "Show these pages as pictures", "the file as it was sent"}, []string{"<image", "Show the text instead"})
	if got := b.get(base + "/pages/1"); got.status != http.StatusNotFound {
		t.Errorf("before it is drawn: %d", got.status)
	}
	form := formFields(t, b.get(view).body, base+"/pages")
	got := b.post(base+"/pages", form)
	if to := got.header.Get("Location"); got.status != http.StatusSeeOther || !strings.HasPrefix(to, view) {
		t.Fatalf("drawn: %d to %s", got.status, to)
	}
	b.holds(view, []string{`<image href="` + base + `/pages/1" width="595`, `class=" here"`, "<title>5.2 Doors on escape routes", "Show the text instead"}, []string{"Show these pages as pictures"})
	b.holds(view+"&view=text", []string{">5.2 Doors on escape routes", "Show the pictures instead"}, []string{"<image"})
	picture := b.get(base + "/pages/1")
	if picture.status != http.StatusOK || picture.header.Get("Content-Type") != "image/png" || picture.header.Get("Cache-Control") != "no-store" || picture.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the picture: %d %v", picture.status, picture.header)
	}
	drawn, err := png.Decode(strings.NewReader(picture.body))
	if err != nil {
		t.Fatal(err)
	}
	// The mark of the open clause lies on ink, and beside it is paper.
	scale := float64(drawn.Bounds().Dx()) / 595
	dark := func(x0, y0, x1, y1 float64) (n int) {
		for y := int(y0 * scale); y < int(y1*scale); y++ {
			for x := int(x0 * scale); x < int(x1*scale); x++ {
				if r, _, _, _ := drawn.At(x, y).RGBA(); r < 0x8000 {
					n++
				}
			}
		}
		return n
	}
	if text, paper := dark(60, 842-740+24, 300, 842-740+36), dark(60, 300, 300, 500); text < 100 || paper != 0 {
		t.Errorf("%d dark pixels where the clause stands, %d where nothing does", text, paper)
	}
	for _, who := range []string{"reader", "lina", "judge"} {
		other := s.signedIn(who)
		for _, path := range []string{"/pages/1", "/file"} {
			if got := other.get(base + path); got.status != http.StatusForbidden {
				t.Errorf("%s gets %s: %d", who, path, got.status)
			}
		}
	}
	for _, path := range []string{"/pages/1", "/file"} {
		if got := s.browser().get(base + path); got.status == http.StatusOK {
			t.Errorf("a stranger gets %s", path)
		}
	}
	for name, want := range map[string]int{"0": http.StatusBadRequest, "x": http.StatusBadRequest, "": http.StatusBadRequest} {
		form["page"] = []string{name}
		if got := b.post(base+"/pages", form); got.status != want {
			t.Errorf("page %q: %d", name, got.status)
		}
	}
	form["page"], form["back"] = []string{"1"}, []string{"https://evil.example/"}
	if got := b.post(base+"/pages", form); got.header.Get("Location") != base+"#source" {
		t.Errorf("it leads to %s", got.header.Get("Location"))
	}
}

// The file comes back byte by byte, to be saved; it goes with its import.
func TestImportFile(t *testing.T) {
	s := newSite(t)
	i := s.bringPDF()
	b, base := s.signedIn("carrier"), "/imports/"+i.ID.String()
	got := b.get(base + "/file")
	if got.status != http.StatusOK || !bytes.Equal([]byte(got.body), []byte(printedPDF())) {
		t.Fatalf("the file: %d, %d bytes", got.status, len(got.body))
	}
	if h := got.header; h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") || !strings.Contains(h.Get("Content-Disposition"), url.PathEscape("二")) || h.Get("Cache-Control") != "no-store" {
		t.Errorf("its headers: %v", h)
	}
	now, err := s.db.Staged(context.Background(), i.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.DiscardStaged(context.Background(), i.ID, now.Version, "cli"); err != nil {
		t.Fatal(err)
	}
	if got := b.get(base + "/file"); got.status != http.StatusNotFound {
		t.Errorf("of a discarded import: %d", got.status)
	}
	b.holds(base, nil, []string{base + "/file"})
}

// What is no PDF is not drawn.
func TestNoPagesOfText(t *testing.T) {
	s := newSite(t)
	b, base := s.signedIn("admin"), "/imports/"+s.staged.ID.String()
	b.holds(base, []string{base + "/file"}, []string{base + "/pages"})
	if got := b.submit(base, base+"/pages", url.Values{"page": {"1"}}); got.status != http.StatusBadRequest {
		t.Errorf("a text was drawn: %d %s", got.status, got.header.Get("Location"))
	}
}
