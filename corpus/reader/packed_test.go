package reader

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
)

// pack makes a ZIP container of a folder, so that the parts of fixtures can be
// read and edited as text.
func pack(t testing.TB, dir string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		w, err := z.Create(filepath.ToSlash(name))
		if err == nil {
			_, err = w.Write(raw)
		}
		return err
	})
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// packed makes a container of names and texts, in pairs.
func packed(parts ...string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i+1 < len(parts); i += 2 {
		w, _ := z.Create(parts[i])
		io.WriteString(w, parts[i+1])
	}
	z.Close()
	return out.Bytes()
}

func TestGoldenContainers(t *testing.T) {
	dirs, err := filepath.Glob("testdata/packed/*")
	if err != nil || len(dirs) < 3 {
		t.Fatalf("%d fixtures: %v", len(dirs), err)
	}
	for _, dir := range dirs {
		golden(t, filepath.Base(dir), pack(t, dir))
	}
	golden(t, "sheets.xlsx", workbook(t))
}

// golden compares the tree of a container with the one that is kept.
func golden(t *testing.T, name string, raw []byte) {
	t.Run(name, func(t *testing.T) {
		docs, err := Read(name, bytes.NewReader(raw), Hint{})
		if err != nil {
			t.Fatal(err)
		}
		got := tree(docs)
		path := filepath.Join("testdata", "golden", name+".tree")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("the tree differs; look at it with go test -run Golden -update and git diff\n%s", got)
		}
	})
}

// workbook makes a workbook with a title above the header, a hidden sheet
// and a sheet that is no table of clauses.
func workbook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	f.SetSheetName("Sheet1", "条文")
	for i, row := range [][]any{
		{"扶手设计标准"}, {},
		{"章名", "条款号", "条文内容", "备注"},
		{"总则", "1.0.1", "本标准适用于公共楼梯。", ""},
		{"基本规定", "3.1.1", "扶手高度不应小于0.90m。", "儿童扶手可另设"},
		{"基本规定", "3.1.2", "=不是公式", ""},
	} {
		f.SetSheetRow("条文", fmt.Sprintf("A%d", i+1), &row)
	}
	f.NewSheet("secret")
	f.SetSheetRow("secret", "A1", &[]any{"条款号", "条文内容"})
	f.SetSheetRow("secret", "A2", &[]any{"9.9.9", "不可见的条文。"})
	f.SetSheetVisible("secret", false)
	f.NewSheet("notes")
	f.SetSheetRow("notes", "A1", &[]any{"who", "when"})
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Containers that bomb, lie or lead astray are refused with one sentence.
func TestContainerRefusals(t *testing.T) {
	zeros := strings.Repeat("0", 40<<20)
	lies := packed("word/document.xml", strings.Repeat("a", 100_000))
	copy(lies[bytes.LastIndex(lies, []byte("PK\x01\x02"))+24:], []byte{1, 0, 0, 0}) // the directory says one byte
	body := func(s string) string { return `<w:document xmlns:w="w"><w:body>` + s + `</w:body></w:document>` }
	for _, row := range []struct {
		name, file string
		raw        []byte
		kind       error
		says       string
	}{
		{"no document", "a.zip", packed("a.png", "\x89PNG"), corpus.ErrInvalid, "picture"},
		{"nothing", "a.zip", packed("a/", ""), corpus.ErrInvalid, "no document"},
		{"broken", "a.docx", []byte("PK\x03\x04...."), corpus.ErrInvalid, "ZIP container is broken"},
		{"leads out", "a.zip", packed("../../etc/passwd.txt", "1.1 text"), corpus.ErrInvalid, "not allowed"},
		{"absolute", "a.zip", packed("/etc/passwd.txt", "1.1 text"), corpus.ErrInvalid, ""},
		{"backslash", "a.zip", packed(`..\a.txt`, "1.1 text"), corpus.ErrInvalid, ""},
		{"same name in another case", "a.zip", packed("a.txt", "1.1 text", "A.txt", "1.1 text"), corpus.ErrInvalid, "twice"},
		{"bomb", "a.docx", packed("word/document.xml", zeros), corpus.ErrLimit, "100 times"},
		{"bomb in many parts", "a.xlsx", packed("xl/workbook.xml", "<workbook/>", "xl/a", zeros), corpus.ErrLimit, "100 times"},
		{"bomb in a bundle", "a.zip", packed("a.txt", zeros), corpus.ErrLimit, "unpacks to more than"},
		{"container in a container", "a.zip", packed("b.zip", string(packed("a.txt", "1.1 text\n1.2 text"))), corpus.ErrInvalid, "inside a container"},
		{"lying size", "a.docx", lies, corpus.ErrInvalid, "word/document.xml"},
		{"Word without body", "a.docx", packed("word/document.xml", "<w/>"), corpus.ErrInvalid, "no body"},
		{"Word, broken XML", "a.docx", packed("word/document.xml", "<w:document><w:body>"), corpus.ErrInvalid, "cut off"},
		{"Word, deep", "a.docx", packed("word/document.xml", body(strings.Repeat("<w:tbl><w:tr><w:tc>", 200)+strings.Repeat("</w:tc></w:tr></w:tbl>", 200))), corpus.ErrLimit, "deeper than 256"},
		{"Word, empty", "a.docx", packed("word/document.xml", body("<w:p/>")), corpus.ErrInvalid, "no clause"},
		{"Excel, broken", "a.xlsx", packed("xl/workbook.xml", "<workbook"), corpus.ErrInvalid, "workbook"},
		{"EPUB without pages", "a.epub", packed("META-INF/container.xml", `<container><rootfiles><rootfile full-path="x.opf"/></rootfiles></container>`, "x.opf", "<package/>"), corpus.ErrInvalid, "no clause"},
		{"EPUB that leads out", "a.epub", packed("META-INF/container.xml", `<container><rootfiles><rootfile full-path="../../x.opf"/></rootfiles></container>`), corpus.ErrInvalid, "has no"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Read(row.file, bytes.NewReader(row.raw), Hint{})
			if !errors.Is(err, row.kind) || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), row.file) {
				t.Fatalf("got %v, want a %v that says %q", err, row.kind, row.says)
			}
			if strings.Contains(err.Error(), "\n") || len(err.Error()) > 600 || strings.Contains(err.Error(), "reader failed") {
				t.Errorf("not one calm sentence: %v", err)
			}
		})
	}
	many := make([]string, 0, 2*maxEntries+2)
	for i := range maxEntries + 1 {
		many = append(many, fmt.Sprintf("%d.txt", i), "")
	}
	if _, err := Read("a.zip", bytes.NewReader(packed(many...)), Hint{}); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("too many entries: %v", err)
	}
}

// Word's numbers as its formats print them.
func TestFormatCount(t *testing.T) {
	for _, row := range []struct {
		format string
		n      int
		want   string
	}{
		{"decimal", 12, "12"}, {"decimalZero", 7, "07"}, {"upperRoman", 14, "XIV"}, {"lowerRoman", 9, "ix"}, {"upperLetter", 27, "AA"}, {"lowerLetter", 3, "c"},
		{"russianLower", 8, "з"}, {"russianLower", 9, "и"}, {"arabicAbjad", 3, "ج"}, {"decimalEnclosedCircle", 3, "③"},
		{"chineseCounting", 10, "十"}, {"chineseCountingThousand", 23, "二十三"}, {"chineseCounting", 105, "一百零五"}, {"chineseCounting", 112, "一百一十二"}, {"chineseCounting", 120, "一百二十"},
		{"unknown", 5, "5"}, {"upperRoman", 0, "0"}, {"lowerLetter", 0, "0"},
	} {
		if got := formatCount(row.format, row.n); got != row.want {
			t.Errorf("%s %d: got %s, want %s", row.format, row.n, got, row.want)
		}
	}
}

func FuzzContainer(f *testing.F) {
	dirs, _ := filepath.Glob("testdata/packed/*")
	for _, dir := range dirs {
		f.Add(pack(f, dir))
	}
	f.Add(workbook(f))
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.zip", raw, Hint{}) })
}

// FuzzWord mutates the parts of a Word document instead of the packed bytes.
func FuzzWord(f *testing.F) {
	part := func(name string) string {
		raw, _ := os.ReadFile("testdata/packed/rules.docx/word/" + name)
		return string(raw)
	}
	f.Add(part("document.xml"), part("numbering.xml"), part("styles.xml"), part("footnotes.xml"))
	f.Fuzz(func(t *testing.T, document, numbering, styles, footnotes string) {
		check(t, "a.docx", packed("word/document.xml", document, "word/numbering.xml", numbering, "word/styles.xml", styles, "word/footnotes.xml", footnotes), Hint{})
	})
}

// Word's numbering as standards use it: articles that count on through chapters,
// numbers of terms on lines of their own, a list with a level of its own.
func TestWordNumbering(t *testing.T) {
	const ns = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	p := func(id, level int, text string) string {
		return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, id, text)
	}
	level := func(i int, format, text, more string) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/>%s<w:lvlText w:val="%s"/></w:lvl>`, i, format, more, text)
	}
	numbering := `<w:numbering ` + ns + `><w:abstractNum w:abstractNumId="0">` + level(0, "decimal", "Chapter %1", "") + level(1, "decimal", "Article %2", `<w:lvlRestart w:val="0"/>`) + `</w:abstractNum><w:abstractNum w:abstractNumId="1">` +
		level(0, "decimal", "%1", "") + level(1, "decimal", "%1.%2", "") + `</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1">` + level(1, "lowerLetter", "%2)", "") + `</w:lvlOverride></w:num></w:numbering>`
	keys := func(body string) string {
		docs, err := Read("a.docx", bytes.NewReader(packed("word/document.xml", `<w:document `+ns+`><w:body>`+body+`</w:body></w:document>`, "word/numbering.xml", numbering)), Hint{})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, c := range docs[0].Clauses {
			out = append(out, c.ID.Key()+" "+c.Wording())
		}
		return strings.Join(out, "|")
	}
	if got := keys(p(1, 0, "Doors") + p(1, 1, "Doors shall open.") + p(1, 1, "Locks shall open.") + p(1, 0, "Stairs") + p(1, 1, "Stairs shall be dry.")); !strings.Contains(got, "|3 Stairs shall be dry.") {
		t.Errorf("articles do not count on: %s", got)
	}
	if got := keys(p(2, 1, "Doors shall open.") + p(2, 1, "") + `<w:p><w:r><w:t>bar for the hand</w:t></w:r></w:p>`); !strings.Contains(got, "1.2 bar for the hand") {
		t.Errorf("a number on a line of its own is lost: %s", got)
	}
	if got := keys(p(2, 1, "Doors shall be:") + p(3, 1, "dry;")); !strings.Contains(got, "b) dry;") {
		t.Errorf("a level of its own is not used: %s", got)
	}
}

// Older presentations of Metanorma print the number in the title; it is no word of it.
func TestMetanormaNumbersInTitles(t *testing.T) {
	docs, err := Read("a.xml", strings.NewReader(`<iso-standard><sections><clause><title>1<tab/>Scope</title><clause inline-header="true"><title>1.1</title><p>Doors shall open.</p></clause><clause><title>2020<tab/>vision</title><p>Signs shall be seen.</p></clause></clause></sections></iso-standard>`), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Scope", "Doors shall open.", "vision"} {
		if got := docs[0].Clauses[i]; !strings.HasPrefix(got.Wording(), want) && i < 2 || i == 2 && !strings.Contains(got.Heading, "2020") {
			t.Errorf("%s is %q", got.ID, got.Wording())
		}
	}
}
