package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/corpus"
)

// documentOf is the main part of a DOCX; every part must be well formed.
func documentOf(t *testing.T, f Format, s Set) string {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out, s); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	main := ""
	for _, file := range archive.File {
		body := part(t, file)
		if err := wellFormed(body); err != nil {
			t.Errorf("%s: %s: %v", f.Name, file.Name, err)
		}
		if file.Name == "word/document.xml" {
			main = body
		}
	}
	return main
}

func wellFormed(body string) error {
	dec := xml.NewDecoder(strings.NewReader(body))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestDOCX(t *testing.T) {
	main := documentOf(t, mustBe(t, "docx"), gatheredFrom(t, sample(), "en"))
	golden(t, "document.golden.xml", strings.ReplaceAll(main, "<w:p>", "\n<w:p>"))
	if n := strings.Count(main, "<w:tblHeader/>"); n != 4 {
		t.Errorf("%d tables repeat their heads, want 4: comparison, figures, gaps of A, record", n)
	}
	if !strings.Contains(main, `w:orient="landscape"`) || strings.Contains(main, "<w:bidi/>") {
		t.Error("the page is not landscape, or something is written from right to left")
	}
}

// TestDOCXLanguages holds fonts and directions to the language of each text.
func TestDOCXLanguages(t *testing.T) {
	s := wholeSample()
	for n := range s.clauses {
		if s.clauses[n].Standard == "ru-b" {
			s.clauses[n].Language, s.clauses[n].Text = "ar", "باب ISO 21542 بعرض 0.9 م"
		}
	}
	main := documentOf(t, mustBe(t, "docx"), gatheredFrom(t, s, "ar"))
	for _, want := range []string{
		`<w:bidiVisual/>`, `<w:rFonts w:hint="eastAsia"/>`, `w:eastAsia="zh-CN"`,
		`<w:rtl/><w:lang w:bidi="ar-SA"/></w:rPr><w:t xml:space="preserve">باب </w:t>`,
		`<w:t xml:space="preserve">ISO</w:t>`,
	} {
		if !strings.Contains(main, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
}

func TestDOCXPayloads(t *testing.T) {
	for _, payload := range payloads {
		for _, f := range Formats {
			if strings.HasSuffix(f.Extension, ".docx") {
				main := documentOf(t, f, gatheredFrom(t, hostile(payload), "en"))
				if strings.Contains(main, "<script") || strings.Contains(main, "w:instr=\"DDE") {
					t.Errorf("%s: %q came out as markup", f.Name, payload)
				}
			}
		}
	}
	if wellFormed("<a>\x0b</a>") == nil {
		t.Error("the check finds nothing: a control character passes as well formed")
	}
}

func TestDirected(t *testing.T) {
	cases := []struct {
		s    string
		rtl  bool
		want string
	}{
		{"plain text, 5.3", false, "[plain text, 5.3]"},
		{"", true, ""},
		{"باب", true, "<باب>"},
		{"باب ISO 21542 عرض", true, "<باب >[ISO]< 21542 عرض>"},
		{"see باب here", false, "[see ]<باب>[ here]"},
		{"A فقط", true, "[A]< فقط>"},
		{"≥ 0.9 م", true, "<≥ 0.9 م>"},
		{"بالكامل.", true, "<بالكامل.>"},
		{"بالكامل.", false, "<بالكامل>[.]"},
		{"UAE Fire Code كود", true, "[UAE Fire Code]< كود>"},
		{"(المتوفر \u200e≥ 6 个月\u200e)", true, "<(المتوفر >[\u200e≥ 6 个月\u200e]<)>"},
		{"شَكْل x", false, "<شَكْل>[ x]"},
	}
	for _, c := range cases {
		got, whole := "", ""
		for _, p := range directed(c.s, c.rtl) {
			whole += p.s
			got += map[bool]string{true: "<" + p.s + ">", false: "[" + p.s + "]"}[p.rtl]
		}
		if got != c.want || whole != c.s {
			t.Errorf("directed(%q, %v) = %s, want %s", c.s, c.rtl, got, c.want)
		}
	}
}

// TestOfficeOpensEverything converts workbooks and documents with LibreOffice.
func TestOfficeOpensEverything(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed, so nothing was opened with it")
	}
	if testing.Short() {
		t.Skip("LibreOffice is slow to start, and -short was asked for")
	}
	dir := t.TempDir()
	var files []string
	for _, f := range Formats {
		if !slices.Contains([]string{".docx", ".xlsx", ".html"}, filepath.Ext(f.Extension)) {
			continue
		}
		for _, lang := range []corpus.Language{"zh", "ar"} {
			name := filepath.Join(dir, fmt.Sprintf("%s-%s%s", f.Name, lang, filepath.Ext(f.Extension)))
			var out bytes.Buffer
			if err := f.Write(&out, gatheredFrom(t, wholeSample(), lang)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, name)
		}
	}
	cmd := exec.Command(office, append([]string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", "pdf", "--outdir", dir}, files...)...)
	cmd.WaitDelay = time.Minute
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("LibreOffice: %v\n%s", err, out)
	}
	for _, file := range files {
		if info, err := os.Stat(strings.TrimSuffix(file, filepath.Ext(file)) + ".pdf"); err != nil || info.Size() < 2000 {
			t.Errorf("%s: LibreOffice made no PDF of it: %v\n%s", filepath.Base(file), err, out)
		}
	}
}
