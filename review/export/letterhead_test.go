package export

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
)

// letterParts are the parts of a letterhead as Word writes them: styles with ids in
// another language, a header with a picture and a link, placeholders cut into runs.
func letterParts() map[string]string {
	const w = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
			`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`,
		"_rels/.rels":       `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
		"docProps/core.xml": `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>SECRETARY</dc:creator></cp:coreProperties>`,
		"word/_rels/document.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `styles" Target="styles.xml"/>` +
			`<Relationship Id="rId7" Type="` + rel + `header" Target="header1.xml"/><Relationship Id="rId8" Type="` + rel + `hyperlink" Target="https://evil.example/track" TargetMode="External"/></Relationships>`,
		"word/_rels/header1.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `image" Target="media/logo.png"/></Relationships>`,
		"word/media/logo.png":         "\x89PNG",
		"word/styles.xml":             `<w:styles ` + w + `><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style><w:style w:type="paragraph" w:styleId="ConcordNote"><w:name w:val="mine"/></w:style></w:styles>`,
		"word/header1.xml":            `<w:hdr ` + w + `><w:p><w:r><w:t>Ministry of Works, round {{rou</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>nd}}</w:t></w:r></w:p></w:hdr>`,
		"word/document.xml": `<w:document ` + w + `><w:body><w:p><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr><w:r><w:t>No. {</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>{che</w:t></w:r><w:r><w:t xml:space="preserve">cksum} of </w:t></w:r><w:r><w:t>} </w:t></w:r></w:p>` +
			`<w:p><w:r><w:t>About {</w:t></w:r><w:r><w:t>{ti</w:t></w:r><w:r><w:t>tle}</w:t></w:r><w:r><w:t xml:space="preserve">} on {{date}} &amp; {{parties}}</w:t></w:r></w:p>` +
			`<w:p><w:hyperlink r:id="rId8" w:history="1"><w:r><w:t>our site</w:t></w:r></w:hyperlink></w:p>` +
			`<w:p><w:r><w:t>{{con</w:t></w:r><w:r><w:t>tent}}</w:t></w:r></w:p><w:p><w:r><w:t>Yours</w:t></w:r></w:p>` +
			`<w:sectPr><w:headerReference w:type="default" r:id="rId7"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1000" w:bottom="1440" w:left="1200" w:header="700" w:footer="700" w:gutter="100"/></w:sectPr></w:body></w:document>`,
	}
}

// zipped packs parts; names keep an order so that the same parts give the same bytes.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// partsOf reads a package back.
func partsOf(t *testing.T, body []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range archive.File {
		out[f.Name] = part(t, f)
	}
	return out
}

// A document is written into the letterhead: its own parts stay as they are, its styles
// are used by their names, split placeholders are filled.
func TestLetterhead(t *testing.T) {
	s := everything(t, "zh")
	s.Dossier.Name = `<A> & "B" {{checksum}}`
	s.Round = &Stamp{Number: 2, Name: "Second", Checksum: "c0ffee"}
	given := letterParts()
	given["word/document.xml"] = strings.Replace(given["word/document.xml"], "cksum} of </w:t></w:r><w:r><w:t>} </w:t>", "cksum}</w:t></w:r><w:r><w:t>} end</w:t>", 1)
	s.Options.Template = stationery(t, "", zipped(t, given))
	var first, again bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &again} {
		if err := DOCX(out, s); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same letterhead and the same matches gave two files")
	}
	got := partsOf(t, first.Bytes())
	if len(got) != len(given) {
		t.Errorf("%d parts became %d", len(given), len(got))
	}
	for name, body := range got {
		if strings.HasSuffix(name, "l") || strings.HasSuffix(name, ".rels") {
			if err := wellFormed(body); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, same := range []string{"[Content_Types].xml", "_rels/.rels", "word/media/logo.png", "word/_rels/header1.xml.rels"} {
		if got[same] != given[same] {
			t.Errorf("%s was changed", same)
		}
	}
	main := got["word/document.xml"]
	for part, wants := range map[string][]string{
		"word/document.xml": {
			`<w:t xml:space="preserve">No. c0ffee</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t xml:space="preserve"></w:t></w:r><w:r><w:t xml:space="preserve"></w:t></w:r><w:r><w:t xml:space="preserve"> end</w:t>`,
			`About &lt;A&gt; &amp; &#34;B&#34; {{checksum}}</w:t>`, ` on 2026-03-01 &amp; CN — RU</w:t>`,
			`<w:pStyle w:val="berschrift1"/>`, `<w:tblStyle w:val="ConcordGrid"/>`, `<w:pStyle w:val="ConcordNote2"/>`, `<w:tblW w:w="9606" w:type="dxa"/>`,
			`<w:hyperlink  w:history="1">`, `<w:r><w:t>Yours</w:t></w:r>`, `<w:headerReference w:type="default" r:id="rId7"/><w:pgSz w:w="11906" w:h="16838"/>`},
		"word/header1.xml":             {`<w:t xml:space="preserve">Ministry of Works, round 2 · Second</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"></w:t>`},
		"word/styles.xml":              {`w:styleId="ConcordNote2"`, `<w:basedOn w:val="a"/>`, `w:styleId="ConcordGrid"`},
		"docProps/core.xml":            {`2026-03-01T09:00:00Z`},
		"word/_rels/document.xml.rels": {`Id="rId7"`},
	} {
		for _, want := range wants {
			if !strings.Contains(got[part], want) {
				t.Errorf("%s lacks %s", part, want)
			}
		}
	}
	for _, never := range []string{"evil.example", "SECRETARY", "ConcordHeading1", `<w:pStyle w:val="ConcordTitle"/>`, "HIDDEN", "BLIND"} {
		if strings.Contains(first.String()+strings.Join(slices.Collect(maps.Values(got)), ""), never) {
			t.Errorf("%q came out", never)
		}
	}
	if strings.Contains(main, "content}}") || !strings.Contains(main, "SHA-256 "+s.Options.Template.Checksum) {
		t.Error("the document does not stand where {{content}} stood")
	}
}

// What a letterhead may not be is refused with what to do about it.
func TestLetterheadRefused(t *testing.T) {
	with := func(change func(map[string]string)) []byte {
		parts := letterParts()
		parts["word/document.xml"] = strings.Replace(parts["word/document.xml"], "cksum} of </w:t></w:r><w:r><w:t>} </w:t>", "cksum}</w:t></w:r><w:r><w:t>}</w:t>", 1)
		change(parts)
		return zipped(t, parts)
	}
	replace := func(name, from, to string) []byte {
		return with(func(p map[string]string) {
			if !strings.Contains(p[name], from) {
				t.Fatalf("%s has no %s", name, from)
			}
			p[name] = strings.Replace(p[name], from, to, 1)
		})
	}
	var twice bytes.Buffer
	z := zip.NewWriter(&twice)
	for _, name := range []string{"word/document.xml", "WORD/document.xml"} {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	many := map[string]string{}
	for n := range maxLetterParts + 1 {
		many[fmt.Sprint(n, ".xml")] = "<a/>"
	}
	const external = `Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	cases := map[string]struct {
		body []byte
		rule string
	}{
		"no file":            {nil, "letterhead-zip"},
		"an old .doc":        {[]byte("\xd0\xcf\x11\xe0 old"), "letterhead-zip"},
		"another package":    {zipped(t, map[string]string{"xl/workbook.xml": "<a/>"}), "letterhead-zip"},
		"many parts":         {zipped(t, many), "letterhead-parts"},
		"a bomb":             {with(func(p map[string]string) { p["word/media/big.png"] = strings.Repeat("\x00", maxLetterBytes) }), "letterhead-unpacked"},
		"two of a name":      {twice.Bytes(), "letterhead-name"},
		"a way out":          {with(func(p map[string]string) { p["../../etc/x.xml"] = "<a/>" }), "letterhead-name"},
		"macros":             {with(func(p map[string]string) { p["word/vbaProject.bin"] = "x" }), "letterhead-macro"},
		"a program":          {with(func(p map[string]string) { p["word/media/run.exe"] = "x" }), "letterhead-kind"},
		"a macro document":   {replace("[Content_Types].xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"), "letterhead-macro"},
		"entities":           {replace("word/document.xml", "<w:document", `<!DOCTYPE d [<!ENTITY a "b">]><w:document`), "letterhead-entity"},
		"an entity used":     {replace("word/document.xml", "Yours", "&xxe;"), "letterhead-damaged"},
		"broken markup":      {replace("word/document.xml", "</w:body>", ""), "letterhead-damaged"},
		"deep markup":        {replace("word/document.xml", "<w:r><w:t>Yours</w:t></w:r>", strings.Repeat("<w:r>", maxLetterDepth)+strings.Repeat("</w:r>", maxLetterDepth)), "letterhead-damaged"},
		"an embedded object": {replace("word/document.xml", "<w:t>Yours</w:t>", "<w:object/>"), "letterhead-macro"},
		"another document":   {replace("word/document.xml", "<w:sectPr>", `<w:altChunk r:id="rId1"/><w:sectPr>`), "letterhead-macro"},
		"a field cut apart":  {replace("word/document.xml", "<w:t>Yours</w:t>", `<w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>PICTURE "\\evil\x"</w:instrText>`), "letterhead-field"},
		"a short field":      {replace("word/document.xml", "<w:r><w:t>Yours</w:t></w:r>", `<w:fldSimple w:instr=" DDEAUTO c:\\x "/>`), "letterhead-field"},
		"a linked picture":   {replace("word/_rels/header1.xml.rels", `Target="media/logo.png"`, `Target="https://evil.example/p.png" TargetMode="External"`), "letterhead-external"},
		"an unsaid mode":     {replace("word/_rels/header1.xml.rels", `Target="media/logo.png"`, `Target="file:///etc/passwd"`), "letterhead-external"},
		"a link elsewhere":   {replace("word/document.xml", "<w:r><w:t>Yours</w:t></w:r>", `<w:r><w:pict r:id="rId8"/></w:r>`), "letterhead-external"},
		"a frame":            {replace("word/_rels/document.xml.rels", external+"hyperlink", external+"frame"), "letterhead-macro"},
		"no content":         {replace("word/document.xml", "tent}}", "ten}}"), "letterhead-field-unknown"},
		"nothing":            {replace("word/document.xml", "<w:t>{{con</w:t></w:r><w:r><w:t>tent}}</w:t>", "<w:t>x</w:t>"), "letterhead-content"},
		"twice":              {replace("word/document.xml", "<w:p><w:r><w:t>Yours</w:t></w:r></w:p>", "<w:p><w:r><w:t>{{content}}</w:t></w:r></w:p>"), "letterhead-content"},
		"within words":       {replace("word/document.xml", "Yours", "so {{content}}"), "letterhead-content-place"},
		"in a header":        {replace("word/header1.xml", "Ministry", "{{content}} Ministry"), "letterhead-content-place"},
		"in a table":         {replace("word/document.xml", "<w:p><w:r><w:t>{{con</w:t></w:r><w:r><w:t>tent}}</w:t></w:r></w:p>", "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{{content}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"), "letterhead-content-place"},
		"an open field":      {replace("word/header1.xml", "Ministry", "{{date}"), "letterhead-field-unknown"},
		"another field":      {replace("word/header1.xml", "Ministry", "{{password}}"), "letterhead-field-unknown"},
		"another namespace":  {replace("word/document.xml", "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"), "letterhead-zip"},
		"no styles":          {replace("word/_rels/document.xml.rels", "relationships/styles", "relationships/theme"), "letterhead-zip"},
	}
	for name, c := range cases {
		_, err := ReadLetterhead(c.body)
		if refusal, is := corpus.RefusalOf(err); !is || refusal.Rule != c.rule {
			t.Errorf("%s: %v, want %s", name, err, c.rule)
		}
	}
	if _, err := ReadLetterhead(with(func(map[string]string) {})); err != nil {
		t.Errorf("the letterhead that all these are made from is refused: %v", err)
	}
}

// FuzzReadLetterhead holds that a file of anybody is read or refused, and that what is
// read can be written into.
func FuzzReadLetterhead(f *testing.F) {
	f.Add(letterParts()["word/document.xml"])
	f.Add(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{{content}}</w:t></w:r></w:p></w:body></w:document>`)
	f.Fuzz(func(t *testing.T, main string) {
		parts := letterParts()
		parts["word/document.xml"] = main
		l, err := ReadLetterhead(zipped(t, parts))
		if err != nil {
			if _, is := corpus.RefusalOf(err); !is {
				t.Fatalf("no sentence for people: %v", err)
			}
			return
		}
		var out bytes.Buffer
		d := &docx{report: report{words: phrasesIn("en"), made: when, tables: []table{{title: text{s: "T"}, empty: text{s: "E"}}}}, width: l.width, names: l.names}
		if err := l.write(&out, d, writeString); err != nil {
			t.Fatal(err)
		}
		if err := wellFormed(partsOf(t, out.Bytes())["word/document.xml"]); err != nil {
			t.Fatalf("%v\n%s", err, main)
		}
	})
}

// TestOfficeOpensLetterheads has LibreOffice make a letterhead and open every document
// that is written into it.
func TestOfficeOpensLetterheads(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed, so nothing was opened with it")
	}
	if testing.Short() {
		t.Skip("LibreOffice is slow to start, and -short was asked for")
	}
	dir := t.TempDir()
	convert := func(to string, files ...string) {
		t.Helper()
		cmd := exec.Command(office, append([]string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", to, "--outdir", dir}, files...)...)
		cmd.WaitDelay = time.Minute
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("LibreOffice: %v\n%s", err, out)
		}
	}
	source := filepath.Join(dir, "head.html")
	page := `<!DOCTYPE html><html><body><div title="header"><p>Ministry of Works {{round}}</p></div><h1>{{title}}</h1><p>Between <b>{{par</b>ties}}, {{date}}</p><p>{{content}}</p><p>{{checksum}}</p><div title="footer"><p>{{dossier}}</p></div></body></html>`
	if err := os.WriteFile(source, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	convert("docx:MS Word 2007 XML", source)
	head, err := os.ReadFile(filepath.Join(dir, "head.docx"))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range Formats {
		if DocumentOf(f.Name) == "" || !strings.HasSuffix(f.Extension, ".docx") {
			continue
		}
		for _, lang := range []corpus.Language{"zh", "ar"} {
			s := gatheredFrom(t, wholeSample(), lang)
			s.Options.Template, err = ReadTemplate(review.Template{Name: "N", Version: 1, Letterhead: head})
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := f.Write(&out, s); err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(dir, fmt.Sprintf("%s-%s.docx", f.Name, lang))
			if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, name)
		}
	}
	convert("pdf", files...)
	for _, file := range files {
		if info, err := os.Stat(strings.TrimSuffix(file, ".docx") + ".pdf"); err != nil || info.Size() < 2000 {
			t.Errorf("%s: LibreOffice made no PDF of it: %v", filepath.Base(file), err)
		}
	}
}
