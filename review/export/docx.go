package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"concord/corpus"
)

// DOCX writes the document for word processors: headings, real tables with
// repeated heads, landscape A4, numbered pages, and the fonts and direction of
// each text's own language.
func DOCX(w io.Writer, s Set) error { return writeDOCX(w, s.arranged(DocumentReport, s.document())) }

// docx begins a document.
func (r report) docx() *docx {
	if r.head != nil {
		return &docx{report: r, width: r.head.width, names: r.head.names}
	}
	return &docx{report: r, width: lineWidth}
}

// writeDOCX writes a report as an Office Open XML package (ISO/IEC 29500-1,
// WordprocessingML; the order of elements follows its schema).
func writeDOCX(w io.Writer, r report) error {
	return packDOCX(w, r, writeString)
}

func writeString(w io.Writer, s string) error {
	_, err := io.WriteString(w, s)
	return err
}

// packDOCX puts the parts of a document together, or puts it into its letterhead; its
// main part is written by a function.
func packDOCX(w io.Writer, r report, body func(w io.Writer, s string) error) error {
	d := r.docx()
	if r.head != nil {
		return r.head.write(w, d, body)
	}
	parts := []struct{ name, body string }{
		{"[Content_Types].xml", docxTypes},
		{"_rels/.rels", docxRels},
		{"docProps/core.xml", d.core()},
		{"word/_rels/document.xml.rels", docxDocumentRels},
		{"word/styles.xml", d.styles()},
		{"word/settings.xml", docxSettings},
		{"word/footer1.xml", d.footer()},
		{"word/document.xml", d.body()},
	}
	z := zip.NewWriter(w)
	for _, p := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("write DOCX: %s: %w", p.name, err)
		}
		if err := body(f, xml.Header+p.body); err != nil {
			return fmt.Errorf("write DOCX: %s: %w", p.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write DOCX: %w", err)
	}
	return nil
}

// The parts that are the same in every document.
const (
	wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	docxTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`
	docxRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
	docxDocumentRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/>` +
		`<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>`
	docxSettings = `<w:settings ` + wordSpace + `><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/>` +
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`
)

// The page in twentieths of a point: A4 landscape with margins of 16 mm.
const (
	pageWidth, pageHeight, pageMargin = 16838, 11906, 907
	lineWidth                         = pageWidth - 2*pageMargin
)

// tongue is how texts of a language are marked: the attribute of w:lang that
// holds it and its full tag.
type tongue struct{ tag, eastAsia, bidi string }

// tongues lists the languages whose fonts a word processor chooses by the
// attribute; other languages are plain tags. Latin letters within East Asian
// texts are marked as English, else their words are broken anywhere.
var tongues = map[corpus.Language]tongue{
	"zh": {tag: "en-US", eastAsia: "zh-CN"}, "ja": {tag: "en-US", eastAsia: "ja-JP"}, "ko": {tag: "en-US", eastAsia: "ko-KR"},
	"ar": {bidi: "ar-SA"}, "fa": {bidi: "fa-IR"}, "he": {bidi: "he-IL"}, "ur": {bidi: "ur-PK"}, "th": {tag: "th-TH", bidi: "th-TH"},
	"ru": {tag: "ru-RU"}, "en": {tag: "en-GB"}, "fr": {tag: "fr-FR"}, "es": {tag: "es-ES"}, "kk": {tag: "kk-KZ"}, "de": {tag: "de-DE"},
}

// docx writes the parts of one document.
type docx struct {
	report report
	width  int               // of a line
	names  map[string]string // of styles, nil for our own
	b      strings.Builder
}

// style is the id of a style, "" for that of the whole document.
func (d *docx) style(own string) string {
	if theirs := d.names[own]; theirs != "" {
		return theirs
	}
	return own
}

// write adds markup; only what is ours may pass.
func (d *docx) write(markup ...string) {
	for _, m := range markup {
		d.b.WriteString(m)
	}
}

// escaped is a text as XML holds it.
func escaped(s string) string {
	var b bytes.Buffer
	// a buffer takes everything
	_ = xml.EscapeText(&b, []byte(clean(s)))
	return b.String()
}

// core are the properties of the document.
func (d *docx) core() string {
	when := d.report.made.Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escaped(d.report.title.s) + `</dc:title><dc:creator>Concord</dc:creator><dc:language>` + escaped(string(d.report.lang)) + `</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + when + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + when + `</dcterms:modified></cp:coreProperties>`
}

// styles are the styles of headings, texts and tables.
func (d *docx) styles() string {
	latin, asian := "Arial", "Microsoft YaHei"
	if d.report.serif {
		latin, asian = "Times New Roman", "SimSun"
	}
	base := languageMarks(d.report.lang)
	style := func(id, name, paragraph, run string) string {
		return `<w:style w:type="paragraph" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>` + paragraph + `</w:pPr><w:rPr>` + run + `</w:rPr></w:style>`
	}
	bold := func(size string) string {
		return `<w:b/><w:bCs/><w:sz w:val="` + size + `"/><w:szCs w:val="` + size + `"/>`
	}
	return `<w:styles ` + wordSpace + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="` + latin + `" w:hAnsi="` + latin + `" w:eastAsia="` + asian + `" w:cs="` + latin + `"/><w:sz w:val="18"/><w:szCs w:val="20"/>` + base + `</w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:after="40" w:line="252" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		style("Title", "Title", `<w:keepNext/><w:spacing w:after="160"/>`, bold("32")) +
		style("Heading1", "heading 1", `<w:keepNext/><w:keepLines/><w:spacing w:before="280" w:after="80"/><w:outlineLvl w:val="0"/>`, bold("26")) +
		style("Note", "Note", `<w:keepNext/><w:spacing w:after="120"/>`, `<w:color w:val="44505C"/>`) +
		style("Notice", "Notice", `<w:spacing w:after="120"/>`, `<w:b/><w:bCs/><w:color w:val="8A3B00"/>`) +
		style("Head", "Table head", `<w:keepNext/>`, `<w:b/><w:bCs/>`) +
		style("Small", "Table small", ``, `<w:sz w:val="14"/><w:szCs w:val="14"/>`) +
		style("Footer", "footer", `<w:tabs><w:tab w:val="right" w:pos="`+strconv.Itoa(lineWidth)+`"/></w:tabs>`, `<w:color w:val="44505C"/><w:sz w:val="15"/><w:szCs w:val="16"/>`) +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
		`<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>` + borders + `</w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>`
}

// borders are thin lines on all sides.
const borders = `<w:top w:val="single" w:sz="4" w:space="0" w:color="8794A1"/><w:left w:val="single" w:sz="4" w:space="0" w:color="8794A1"/><w:bottom w:val="single" w:sz="4" w:space="0" w:color="8794A1"/>` +
	`<w:right w:val="single" w:sz="4" w:space="0" w:color="8794A1"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="8794A1"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="8794A1"/>`

// footer names the document on every page and counts the pages.
func (d *docx) footer() string {
	f := docx{report: d.report}
	f.write(`<w:ftr `, wordSpace, `><w:p><w:pPr><w:pStyle w:val="Footer"/>`, f.bidi(d.report.lang), `</w:pPr>`)
	f.runs(text{s: shortened(d.report.title.s, 90), lang: d.report.title.lang}, d.report.lang)
	if d.report.notice != "" {
		f.runs(text{s: " · " + d.report.notice, lang: d.report.lang}, d.report.lang)
	}
	f.write(`<w:r><w:tab/></w:r>`)
	before, rest, _ := strings.Cut(d.report.words.say("page"), "{n}")
	between, after, _ := strings.Cut(rest, "{m}")
	for _, part := range []struct{ words, field string }{{before, "PAGE"}, {between, "NUMPAGES"}, {after, ""}} {
		f.runs(text{s: part.words, lang: d.report.lang}, d.report.lang)
		if part.field != "" {
			f.write(`<w:fldSimple w:instr=" `, part.field, ` "><w:r><w:t>1</w:t></w:r></w:fldSimple>`)
		}
	}
	f.write(`</w:p></w:ftr>`)
	return f.b.String()
}

// shortened cuts a text to so many characters.
func shortened(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

// body is the main part.
func (d *docx) body() string {
	d.write(`<w:document `, wordSpace, `><w:body>`)
	d.contents(true)
	d.write(`<w:sectPr><w:footerReference xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" w:type="default" r:id="rId3"/>`)
	d.write(fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d" w:orient="landscape"/><w:pgMar w:top="%[3]d" w:right="%[3]d" w:bottom="%[3]d" w:left="%[3]d" w:header="454" w:footer="454" w:gutter="0"/>`, pageWidth, pageHeight, pageMargin))
	if d.report.lang.RightToLeft() {
		d.write(`<w:bidi/>`)
	}
	d.write(`</w:sectPr></w:body></w:document>`)
	return d.b.String()
}

// content is the document without the parts around it.
func (d *docx) content(titled bool) string {
	d.b.Reset()
	d.contents(titled)
	return d.b.String()
}

// contents writes everything between the page's head and foot.
func (d *docx) contents(titled bool) {
	if titled {
		d.paragraph("Title", d.report.title)
	}
	if d.report.notice != "" {
		d.paragraph("Notice", text{s: d.report.notice, lang: d.report.lang})
	}
	for _, t := range d.report.intro {
		d.paragraph("", t)
	}
	for _, t := range d.report.tables {
		d.section(t)
	}
}

// section writes a heading with what stands under it.
func (d *docx) section(t table) {
	if t.title.s != "" {
		d.paragraph("Heading1", t.title)
	}
	if t.note.s != "" {
		d.paragraph("Note", t.note)
	}
	for _, p := range t.texts {
		d.paragraph("", p)
	}
	switch {
	case len(t.rows) > 0 || t.spooled:
		d.table(t)
	case t.empty.s != "":
		d.paragraph("", t.empty)
	}
}

// table writes a table whose head stands on every page it reaches.
func (d *docx) table(t table) {
	d.write(`<w:tbl><w:tblPr><w:tblStyle w:val="`, escaped(d.style("Grid")), `"/>`)
	if d.report.lang.RightToLeft() {
		d.write(`<w:bidiVisual/>`)
	}
	d.write(`<w:tblW w:w="`, strconv.Itoa(d.width), `" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	widths := t.widths(d.width)
	for _, w := range widths {
		d.write(`<w:gridCol w:w="`, strconv.Itoa(w), `"/>`)
	}
	d.write(`</w:tblGrid>`)
	if !t.landing {
		d.write(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
		for n, c := range t.columns {
			d.cell("Head", widths[n], `<w:shd w:val="clear" w:color="auto" w:fill="E7EBF0"/>`, of(c.title))
		}
		d.write(`</w:tr>`)
	}
	d.rows(t)
	if t.spooled {
		d.write(spooled(t.place()))
	}
	d.write(`</w:tbl>`)
}

// rows writes the rows of a table.
func (d *docx) rows(t table) {
	widths := t.widths(d.width)
	for _, row := range t.rows {
		d.write(`<w:tr><w:trPr>`)
		if !long(row) {
			d.write(`<w:cantSplit/>`)
		}
		d.write(`</w:trPr>`)
		for n, c := range row {
			d.cell(t.style(n), widths[n], "", c)
		}
		d.write(`</w:tr>`)
	}
}

// mostUnbroken is how many characters a cell may have for its row to be kept on
// one page.
const mostUnbroken = 450

func long(row []cell) bool {
	for _, c := range row {
		if len([]rune(c.String())) > mostUnbroken {
			return true
		}
	}
	return false
}

// style is the style of a column's paragraphs: ids are small.
func (t table) style(column int) string {
	if t.small && column > 0 {
		return "Small"
	}
	return ""
}

// widths shares a width out among the columns, without a rest.
func (t table) widths(all int) []int {
	sum := 0.0
	for _, c := range t.columns {
		sum += c.width
	}
	out, left := make([]int, len(t.columns)), all
	for n, c := range t.columns {
		out[n] = int(float64(all) * c.width / sum)
		left -= out[n]
	}
	if len(out) > 0 {
		out[len(out)-1] += left
	}
	return out
}

// cell writes a cell: one paragraph for each text, at least one.
func (d *docx) cell(style string, width int, shade string, c cell) {
	d.write(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(width), `" w:type="dxa"/>`, shade, `</w:tcPr>`)
	if c.number != nil {
		c.texts = []text{{s: d.report.words.number(*c.number)}}
	}
	if len(c.texts) == 0 {
		d.write(`<w:p/>`)
	}
	if style == "" && d.names != nil {
		style = "Cell" // texts of a letterhead are larger
	}
	for _, t := range c.texts {
		d.paragraph(style, t)
	}
	d.write(`</w:tc>`)
}

// paragraph writes a text in the direction of its language, with its line feeds
// as breaks.
func (d *docx) paragraph(style string, t text) {
	d.write(`<w:p><w:pPr>`)
	if style != "" {
		d.write(`<w:pStyle w:val="`, escaped(d.style(style)), `"/>`)
	}
	lang := t.lang
	if lang == "" && strings.ContainsFunc(t.s, rightToLeft) && rightToLeft(firstLetter(t.s)) {
		lang = "ar"
	}
	d.write(d.bidi(lang))
	if lang == "" && d.report.lang.RightToLeft() { // a number or a name stands where the line begins
		d.write(`<w:jc w:val="right"/>`)
	}
	d.write(`</w:pPr>`)
	for n, line := range strings.Split(t.s, "\n") {
		if n > 0 {
			d.write(`<w:r><w:br/></w:r>`)
		}
		d.runs(text{s: line, lang: lang, strong: t.strong}, lang)
	}
	d.write(`</w:p>`)
}

// bidi marks a paragraph that is written from right to left.
func (d *docx) bidi(l corpus.Language) string {
	if l.RightToLeft() {
		return `<w:bidi/>`
	}
	return ""
}

// runs writes a line as runs, a new one where the direction of letters changes,
// because a word processor chooses fonts and direction by the run.
func (d *docx) runs(t text, paragraph corpus.Language) {
	for _, piece := range directed(t.s, paragraph.RightToLeft()) {
		lang := t.lang
		switch {
		case piece.rtl && !lang.RightToLeft():
			lang = "ar"
		case !piece.rtl && lang.RightToLeft():
			lang = ""
		}
		d.write(`<w:r><w:rPr>`)
		if lang.Base() == "zh" || lang.Base() == "ja" {
			d.write(`<w:rFonts w:hint="eastAsia"/>`)
		}
		if t.strong {
			d.write(`<w:b/><w:bCs/>`)
		}
		if piece.rtl {
			d.write(`<w:rtl/>`)
		}
		d.write(languageMarks(lang), `</w:rPr><w:t xml:space="preserve">`, escaped(piece.s), `</w:t></w:r>`)
	}
}

// languageMarks is the w:lang of a language, "" for one that nobody told us.
func languageMarks(l corpus.Language) string {
	if l == "" {
		return ""
	}
	t, known := tongues[l.Base()]
	if !known {
		t = tongue{tag: string(l)}
	}
	out := `<w:lang`
	for _, a := range []struct{ name, value string }{{"val", t.tag}, {"eastAsia", t.eastAsia}, {"bidi", t.bidi}} {
		if a.value != "" {
			out += ` w:` + a.name + `="` + escaped(a.value) + `"`
		}
	}
	return out + `/>`
}
