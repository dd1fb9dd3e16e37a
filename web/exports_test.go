package web

import (
	"archive/zip"
	"bytes"
	"context"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/review"
	"concord/review/export"
)

// agree lets both sides agree on a match.
func (s *site) agree(m review.Match, verdict string) {
	s.t.Helper()
	for _, login := range []string{"lina", "ivan"} {
		s.signedIn(login).decideOn(s.reload(m), "", url.Values{"verdict": {verdict}, "note": {"agreed in round one"}})
	}
	if got := s.reload(m); !got.State.Settled() {
		s.t.Fatalf("the match is %s after both sides answered %s", got.State, verdict)
	}
}

func TestDownloads(t *testing.T) {
	s := newSite(t)
	s.agree(s.matches[1], "equivalent")
	b := s.signedIn("reader")
	page := b.get("/dossiers/" + s.dossier.ID.String())
	for _, f := range export.Formats {
		path := "/dossiers/" + s.dossier.ID.String() + "/export/" + f.Name
		if !strings.Contains(page.body, `href="`+path+`"`) {
			t.Errorf("the dossier's page does not offer %s", f.Name)
		}
		got := b.get(path)
		if got.status != http.StatusOK || got.header.Get("Content-Type") != f.MediaType {
			t.Errorf("%s: %d %s", f.Name, got.status, got.header.Get("Content-Type"))
		}
		kind, params, err := mime.ParseMediaType(got.header.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || params["filename"] != "concord-Doors-2026-03-01"+f.Extension {
			t.Errorf("%s: %s (%v)", f.Name, got.header.Get("Content-Disposition"), err)
		}
		text := unpacked(t, got.body)
		if strings.Contains(text, s.matches[0].ID.String()) || strings.Contains(text, "Li Na") {
			t.Errorf("%s holds an open match, or names a person", f.Name)
		}
		if got.body == "" {
			t.Errorf("%s is empty", f.Name)
		}
	}
	if strings.Contains(page.body, "⟦") {
		t.Error("the page asks for words that are not there")
	}
}

// unpacked is a download as text, the parts of an archive one after the other.
func unpacked(t *testing.T, body string) string {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		return body
	}
	var all bytes.Buffer
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := all.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func TestDownloadsWithoutAgreement(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("reader")
	page := b.get("/dossiers/" + s.dossier.ID.String())
	if !strings.Contains(page.body, "Nothing is agreed yet") || strings.Contains(page.body, s.dossier.ID.String()+"/export/") {
		t.Error("the page offers files although nothing is agreed")
	}
	for _, f := range export.Formats {
		got := b.get("/dossiers/" + s.dossier.ID.String() + "/export/" + f.Name)
		if got.status != http.StatusSeeOther || !strings.HasSuffix(got.header.Get("Location"), "#exports") {
			t.Errorf("%s: %d to %q", f.Name, got.status, got.header.Get("Location"))
		}
	}
}

func TestDownloadsThatAreNotThere(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("reader")
	for path, want := range map[string]int{
		"/dossiers/" + s.dossier.ID.String() + "/export/pdf": http.StatusBadRequest,
		"/dossiers/" + uuid.NewString() + "/export/csv":      http.StatusNotFound,
		"/dossiers/x/export/csv":                             http.StatusNotFound,
	} {
		if got := b.get(path); got.status != want {
			t.Errorf("%s: %d, want %d", path, got.status, want)
		}
	}
	if got := s.browser().get("/dossiers/" + s.dossier.ID.String() + "/export/csv"); got.status != http.StatusSeeOther {
		t.Errorf("somebody not signed in gets %d", got.status)
	}
}

func TestAttachment(t *testing.T) {
	for name, want := range map[string]string{
		"concord-Doors-2026-03-01.csv":                 `attachment; filename="concord-Doors-2026-03-01.csv"`,
		"concord-消防-2026-03-01.sssom.tsv":              `attachment; filename="concord-__-2026-03-01.sssom.tsv"; filename*=UTF-8''concord-%E6%B6%88%E9%98%B2-2026-03-01.sssom.tsv`,
		"concord-a\r\nSet-Cookie: x\"; y-1.csv":        `attachment; filename="concord-a-Set-Cookie-x-y-1.csv"`,
		"concord-../../etc/passwd-1.csv":               `attachment; filename="concord-..-..-etc-passwd-1.csv"`,
		"concord-\u202egnp.exe-1.csv":                  `attachment; filename="concord-gnp.exe-1.csv"`,
		"concord-China – Russia: 100 %-2026-03-01.csv": `attachment; filename="concord-China-Russia-100-2026-03-01.csv"`,
		"concord-a\xffb-1.csv":                         `attachment; filename="concord-a-b-1.csv"`,
	} {
		got := attachment(name)
		if got != want {
			t.Errorf("%q gives %s, want %s", name, got, want)
		}
		if _, _, err := mime.ParseMediaType(got); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	long := fileName("concord-" + strings.Repeat("防火", 200) + "-2026-03-01.sssom.tsv")
	if n := len(long); n > 255 || !strings.HasSuffix(long, "-2026-03-01.sssom.tsv") {
		t.Errorf("a long name has %d bytes: %s", n, long)
	}
}

// TestDownloadsRespectRights: the texts of a paid standard stay inside.
func TestDownloadsRespectRights(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	doc := document("sp-1-2020", "RU", "ru", "titles", "Ширина двери должна быть не менее 0,9 м.", "Следует предусматривать не менее двух выходов.", "Длина коридора не более 40 м.", "скрыто")
	if _, err := s.db.Save(ctx, doc, "cli"); err != nil {
		t.Fatal(err)
	}
	s.agree(s.matches[0], "subset")
	b := s.signedIn("reader")
	for _, f := range export.Formats {
		text := unpacked(t, b.get("/dossiers/"+s.dossier.ID.String()+"/export/"+f.Name).body)
		for _, never := range []string{"Ширина двери", "0.9 m", "1.125"} {
			if strings.Contains(text, never) {
				t.Errorf("%s holds %q of a standard that allows titles only", f.Name, never)
			}
		}
	}
}
