package reader

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"concord/corpus"
)

// unitText is one small chapter in one language: a clause with a table over two
// parts, a note to it, a figure, a formula and what its symbols mean; then a clause
// that begins with the words of a caption and is none.
type unitText struct {
	lang                   corpus.Language
	title, clause          string
	table, tableTitle      string
	goesOn                 string // the caption of the table's second part
	rows                   [][]string
	note, figure, figTitle string
	formula, number        string
	where, sentence        string
}

var unitTexts = []unitText{
	{"en", "Ways out", "The clear width shall be as in Table 5.1, see Figure 5.1.", "Table 5.1", "Clear widths", "Table 5.1 (continued)",
		[][]string{{"Place", "Width"}, {"Stair", "not less than 1100 mm"}, {"Ramp", "not less than 1200 mm"}},
		"NOTE Measured at rest.", "Figure 5.1", "Section of a stair", "w = n × k", "(5.1-1)", "where k is the width of one person.",
		"Table 5.1 shows the clear widths that shall be kept in new buildings."},
	{"zh", "疏散", "疏散净宽度应符合表5.1的规定，见图5.1。", "表5.1", "疏散净宽度", "续表5.1",
		[][]string{{"部位", "净宽度"}, {"楼梯", "不应小于1100mm"}, {"坡道", "不应小于1200mm"}},
		"注：在静止状态下测量。", "图5.1", "楼梯剖面", "w = n × k", "（5.1-1）", "式中：k——每人的宽度。",
		"表5.1中的净宽度应用于新建建筑。"},
	{"ru", "Выходы", "Ширина в свету должна соответствовать таблице 5.1 и рисунку 5.1.", "Таблица 5.1", "Ширина в свету", "Продолжение таблицы 5.1",
		[][]string{{"Место", "Ширина"}, {"Лестница", "не менее 1100 мм"}, {"Пандус", "не менее 1200 мм"}},
		"Примечание — Измеряют в покое.", "Рисунок 5.1", "Разрез лестницы", "w = n × k", "(5.1-1)", "где k — ширина одного человека.",
		"Таблица 5.1 содержит значения ширины, которые должны соблюдаться."},
	{"ar", "المخارج", "يجب أن يكون العرض الصافي وفق الجدول 5.1 والشكل 5.1 معا.", "الجدول 5.1", "العرض الصافي", "تابع الجدول 5.1",
		[][]string{{"المكان", "العرض"}, {"الدرج", "لا يقل عن 1100 مم"}, {"المنحدر", "لا يقل عن 1200 مم"}},
		"ملاحظة: يقاس في وضع السكون.", "الشكل 5.1", "مقطع الدرج", "w = n × k", "(5.1-1)", "حيث k عرض الشخص الواحد.",
		"الجدول 5.1 يبين العرض الصافي الذي يجب الالتزام به."},
}

// parted are the rows of the two parts of the table, each with the header.
func (u unitText) parted() (a, b [][]string) {
	return u.rows[:2], [][]string{u.rows[0], u.rows[2]}
}

// loose is a table without caption, which stays in its clause.
var loose = [][]string{{"A", "one kN"}, {"B", "two kN"}}

// cells writes rows with words around each cell and row.
func cells(rows [][]string, row, cell string) string {
	var b strings.Builder
	for _, r := range rows {
		var in strings.Builder
		for _, c := range r {
			fmt.Fprintf(&in, cell, c)
		}
		fmt.Fprintf(&b, row, in.String())
	}
	return b.String()
}

func (u unitText) caption() string { return u.table + " — " + u.tableTitle }

// lines are the paragraphs, with tables put by a function.
func (u unitText) lines(paragraph func(string) string, table func(caption string, rows [][]string) string) string {
	a, b := u.parted()
	return paragraph("5.1 "+u.clause) + table(u.caption(), a) + table(u.goesOn, b) + paragraph(u.note) +
		paragraph(u.figure+" — "+u.figTitle) + paragraph(u.formula+" "+u.number) + paragraph(u.where) +
		paragraph("5.2 "+u.sentence) + table("", loose)
}

func (u unitText) markdown() string {
	p := func(s string) string { return s + "\n\n" }
	return "# 5 " + u.title + "\n\n" + u.lines(p, func(caption string, rows [][]string) string {
		head := cells(rows[:1], "|%s\n", " %s |") + "|---|---|\n"
		return p(caption) + head + cells(rows[1:], "|%s\n", " %s |") + "\n"
	})
}

func (u unitText) asciidoc() string {
	p := func(s string) string { return s + "\n\n" }
	return "= " + u.title + "\n\n" + u.lines(p, func(caption string, rows [][]string) string {
		return p(caption) + "|===\n" + cells(rows, "%s\n", "| %s ") + "|===\n\n"
	})
}

func (u unitText) rst() string {
	p := func(s string) string { return s + "\n\n" }
	title := "5 " + u.title
	return title + "\n" + strings.Repeat("=", 2*len(title)) + "\n\n" + u.lines(p, func(caption string, rows [][]string) string {
		body := cells(rows, "   * %s", "- %s\n     ")
		return ".. list-table:: " + caption + "\n\n" + body + "\n"
	})
}

func (u unitText) html() string {
	p := func(s string) string { return "<p>" + s + "</p>" }
	return "<html><body><h1>5 " + u.title + "</h1>" + u.lines(p, func(caption string, rows [][]string) string {
		if caption != "" {
			caption = "<caption>" + caption + "</caption>"
		}
		return "<table>" + caption + cells(rows, "<tr>%s</tr>", "<td>%s</td>") + "</table>"
	}) + "</body></html>"
}

func (u unitText) docx() []byte {
	p := func(s string) string {
		return `<w:p><w:r><w:t xml:space="preserve">` + s + `</w:t></w:r></w:p>`
	}
	body := p("5 "+u.title) + u.lines(p, func(caption string, rows [][]string) string {
		return p(caption) + "<w:tbl>" + cells(rows, "<w:tr>%s</w:tr>", "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>") + "</w:tbl>"
	})
	return packed("[Content_Types].xml", "<Types/>", "word/document.xml",
		`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+body+`</w:body></w:document>`)
}

func (u unitText) sts() string {
	a, b := u.parted()
	table := func(label, title, note string, rows [][]string) string {
		return "<table-wrap><label>" + label + "</label><caption><title>" + title + "</title></caption><table>" + cells(rows, "<tr>%s</tr>", "<td>%s</td>") + "</table>" + note + "</table-wrap>"
	}
	return `<standard><front><std-meta><content-language>` + string(u.lang) + `</content-language></std-meta></front><body><sec><label>5</label><title>` + u.title + `</title><sec><label>5.1</label><p>` + u.clause + "</p>" +
		table(u.table, u.tableTitle, "", a) + table(u.goesOn, "", "<table-wrap-foot><non-normative-note><p>"+u.note+"</p></non-normative-note></table-wrap-foot>", b) +
		"<fig><label>" + u.figure + "</label><caption><title>" + u.figTitle + "</title></caption></fig><disp-formula><label>" + u.number + "</label>" + u.formula + "</disp-formula><p>" + u.where + "</p></sec>" +
		"<sec><label>5.2</label><p>" + u.sentence + "</p><table>" + cells(loose, "<tr>%s</tr>", "<td>%s</td>") + "</table></sec></sec></body></standard>"
}

// metanorma counts tables, figures and formulas by itself and has none that go on.
func (u unitText) metanorma() string {
	return `<iso-standard><bibdata><language>` + string(u.lang) + `</language></bibdata><sections><clause><title>` + u.title + `</title><clause><p>` + u.clause + "</p><table><name>" + u.tableTitle + "</name><tbody>" +
		cells(u.rows, "<tr>%s</tr>", "<td>%s</td>") + "</tbody><note><p>" + u.note + "</p></note></table><figure><name>" + u.figTitle + "</name></figure><formula><stem>" + u.formula + "</stem></formula><p>" + u.where + "</p></clause>" +
		"<clause><p>" + u.sentence + "</p></clause></clause></sections></iso-standard>"
}

func (u unitText) akoma() string {
	p := func(s string) string { return "<p>" + s + "</p>" }
	a, b := u.parted()
	table := func(caption string, rows [][]string, note string) string {
		return "<table>" + caption + cells(rows, "<tr>%s</tr>", "<td><p>%s</p></td>") + note + "</table>"
	}
	return "<akomaNtoso><act><body><chapter><num>5</num><heading>" + u.title + "</heading><section><num>5.1</num><content>" + p(u.clause) + p(u.caption()) + table("", a, "") + table("<caption>"+u.goesOn+"</caption>", b, "<authorialNote>"+p(u.note)+"</authorialNote>") +
		p(u.figure+" — "+u.figTitle) + p(u.formula+" "+u.number) + p(u.where) + "</content></section><section><num>5.2</num><content>" + p(u.sentence) + table("", loose, "") + "</content></section></chapter></body></act></akomaNtoso>"
}

func (u unitText) formex() string {
	p := func(s string) string { return "<P>" + s + "</P>" }
	a, b := u.parted()
	table := func(caption, note string, rows [][]string) string {
		if caption != "" {
			caption = "<TITLE><TI>" + p(caption) + "</TI></TITLE>"
		}
		return "<TBL>" + caption + "<CORPUS>" + cells(rows, "<ROW>%s</ROW>", "<CELL>%s</CELL>") + "</CORPUS>" + note + "</TBL>"
	}
	return "<ACT><BIB.INSTANCE><LG.DOC>" + strings.ToUpper(string(u.lang)) + "</LG.DOC></BIB.INSTANCE><ENACTING.TERMS><ARTICLE><TI.ART>Article 5</TI.ART><STI.ART>" + u.title + "</STI.ART><ALINEA>" + p(u.clause) + table(u.caption(), "", a) + table(u.goesOn, "<NOTE>"+p(u.note)+"</NOTE>", b) +
		p(u.figure+" — "+u.figTitle) + p(u.formula+" "+u.number) + p(u.where) + "</ALINEA></ARTICLE><ARTICLE><TI.ART>Article 6</TI.ART><ALINEA>" + p(u.sentence) + table("", "", loose) + "</ALINEA></ARTICLE></ENACTING.TERMS></ACT>"
}

// pdf prints the chapter on two pages, the table over both.
func (u unitText) pdf() []byte {
	font, y := map[corpus.Language]string{"en": "said", "ru": "said", "zh": "han", "ar": "said"}[u.lang], 80.0
	var pages [][]markAt
	var page []markAt
	turn := func(s string) string { return s }
	if u.lang == "ar" {
		turn = visual
	}
	put := func(x float64, s string) { page = append(page, markAt{x, y, 10, font, turn(s)}) }
	paragraph := func(s string) string { put(60, s); y += 30; return "" }
	paragraph("5 " + u.title)
	u.lines(paragraph, func(caption string, rows [][]string) string {
		if caption == u.goesOn {
			pages, page, y = append(pages, page), nil, 80
		}
		if caption != "" {
			put(60, caption)
			y += 14
		}
		for _, r := range rows {
			for k, c := range r {
				x := 60 + 220*float64(k)
				if u.lang == "ar" {
					x = 60 + 220*float64(len(r)-1-k)
				}
				put(x, c)
			}
			y += 14
		}
		y += 30
		return ""
	})
	return pdfFile{pages: append(pages, page)}.bytes()
}

// visual is Arabic text as a PDF prints it, from left to right: letters turned,
// figures and Latin words not.
func visual(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		return s
	}
	runes := []rune(s)
	slices.Reverse(runes)
	ltr := func(r rune) bool { return r < 0x80 && r != ' ' && !strings.ContainsRune("()=", r) }
	for i := 0; i < len(runes); i++ {
		j := i
		for j < len(runes) && ltr(runes[j]) {
			j++
		}
		slices.Reverse(runes[i:j])
		i = max(i, j)
	}
	return string(runes)
}

// The same chapter in every format that can tell gives the same units, in each of
// four languages.
func TestUnitsInEveryFormat(t *testing.T) {
	for _, format := range []struct {
		ending string
		write  func(unitText) []byte
	}{
		{"md", func(u unitText) []byte { return []byte(u.markdown()) }},
		{"adoc", func(u unitText) []byte { return []byte(u.asciidoc()) }},
		{"rst", func(u unitText) []byte { return []byte(u.rst()) }},
		{"html", func(u unitText) []byte { return []byte(u.html()) }},
		{"docx", unitText.docx},
		{"pdf", unitText.pdf},
		{"sts.xml", func(u unitText) []byte { return []byte(u.sts()) }},
		{"metanorma.xml", func(u unitText) []byte { return []byte(u.metanorma()) }},
		{"akoma.xml", func(u unitText) []byte { return []byte(u.akoma()) }},
		{"formex.xml", func(u unitText) []byte { return []byte(u.formex()) }},
	} {
		t.Run(format.ending, func(t *testing.T) {
			var trees strings.Builder
			for _, u := range unitTexts {
				docs, err := Read("units."+format.ending, bytes.NewReader(format.write(u)), Hint{Designation: "T 1", Jurisdiction: "XX", Language: u.lang})
				if err != nil {
					t.Fatal(u.lang, err)
				}
				if format.ending != "metanorma.xml" {
					holdsUnits(t, u, docs[0])
				}
				trees.WriteString(tree(docs))
			}
			path := filepath.Join("testdata", "golden", "units."+format.ending+".tree")
			if *update {
				if err := os.WriteFile(path, []byte(trees.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := trees.String(); got != string(want) {
				t.Errorf("the trees differ; look at them with go test -run Units -update and git diff\n%s", got)
			}
		})
	}
}

// holdsUnits checks what a chapter must have become.
func holdsUnits(t *testing.T, u unitText, doc *corpus.Document) {
	t.Helper()
	found := map[corpus.NumberKind][]corpus.Clause{}
	parents := map[corpus.ClauseID]corpus.Clause{}
	for _, c := range doc.Clauses {
		parents[c.ID] = c
		if kind := c.ID.Unit(); kind != "" && c.Kind != corpus.KindNote {
			found[kind] = append(found[kind], c)
		}
	}
	one := func(kind corpus.NumberKind, label, heading, text string) corpus.Clause {
		t.Helper()
		if len(found[kind]) != 1 {
			t.Fatalf("%s: %d of %s: %+v", u.lang, len(found[kind]), kind, found[kind])
		}
		c := found[kind][0]
		if c.Label != label || c.Heading != heading || c.Text != text || string(c.Kind) != string(kind) {
			t.Errorf("%s: [%s] %s | %s | %q, want [%s] %s | %q", u.lang, c.Label, c.Kind, c.Heading, c.Text, label, heading, text)
		}
		return c
	}
	var rows []string
	for _, r := range u.rows {
		rows = append(rows, strings.Join(r, " | "))
	}
	table := one(corpus.NumberTable, u.table, u.tableTitle, strings.Join(rows, "\n"))
	one(corpus.NumberFigure, u.figure, u.figTitle, "")
	one(corpus.NumberFormula, u.number, "", u.formula)
	clause := parents[table.Parent]
	if w := clause.Wording(); !strings.Contains(w, u.clause) || !strings.Contains(w, u.where) || strings.Contains(w, "1100") || strings.Contains(w, u.formula) {
		t.Errorf("%s: the clause is %q", u.lang, w)
	}
	kept := false
	for _, c := range doc.Clauses {
		if c.Kind == corpus.KindNote && c.Parent != table.ID {
			t.Errorf("%s: the note stands below %q", u.lang, c.Parent)
		}
		kept = kept || strings.Contains(c.Text, u.sentence) && strings.Contains(c.Text, "B | two kN") && c.ID.Unit() == ""
	}
	if !kept {
		t.Errorf("%s: the sentence about the table, or the table without caption, is not in a clause", u.lang)
	}
}
