package corpus

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// numberRows follow the table of clause numbering by tradition, a row or more
// for each of its cells.
var numberRows = []struct {
	name, line string
	kind       NumberKind
	want, rest string
}{
	{"iso clause", "5.3.1 Title", NumberClause, "5.3.1", "Title"},
	{"iso annex", "Annex A (normative) Methods", NumberAnnex, "A", "(normative) Methods"},
	{"iso annex clause", "A.8.1 General", NumberClause, "A.8.1", "General"},
	{"iso table", "Table A.1 — Limits", NumberTable, "table-A.1", "Limits"},
	{"iso figure", "Figure 1 — Layout", NumberFigure, "figure-1", "Layout"},
	{"gb clause, full-width blank", "5.3.1　标题", NumberClause, "5.3.1", "标题"},
	{"gb annex", "附录A（资料性） 示例", NumberAnnex, "A", "（资料性） 示例"},
	{"gb table", "表A.1 限值", NumberTable, "table-A.1", "限值"},
	{"gb figure", "图1 布置", NumberFigure, "figure-1", "布置"},
	{"cn engineering article", "第5.3.1条 防火分区", NumberClause, "5.3.1", "防火分区"},
	{"cn engineering, no blank", "5.1.3民用建筑的耐火等级", NumberClause, "5.1.3", "民用建筑的耐火等级"},
	{"cn engineering, inserted", "5.1.3A  除木结构建筑外", NumberClause, "5.1.3A", "除木结构建筑外"},
	{"cn engineering annex clause", "A.0.1 建筑高度的计算", NumberClause, "A.0.1", "建筑高度的计算"},
	{"cn engineering table", "表5.3.1 面积", NumberTable, "table-5.3.1", "面积"},
	{"cn law chapter", "第一章 总则", NumberDivision, "chapter-1", "总则"},
	{"cn law section", "第二节 管理", NumberDivision, "section-2", "管理"},
	{"cn law article", "第二十三条 建设单位应当", NumberClause, "23", "建设单位应当"},
	{"cn law inserted article", "第二十三条之一 建设单位", NumberClause, "23-1", "建设单位"},
	{"cn law hundred", "第一百零五条 本法", NumberClause, "105", "本法"},
	{"cn law annex", "附件1 清单", NumberAnnex, "annex-1", "清单"},
	{"tw law article", "第 97-2 條", NumberClause, "97-2", ""},
	{"tw law chapter", "第 一 章 總則", NumberDivision, "chapter-1", "總則"},
	{"ru clause", "5.3.1 Требования", NumberClause, "5.3.1", "Требования"},
	{"ru cited", "п. 5.3.1", NumberClause, "5.3.1", ""},
	{"ru annex", "Приложение А (справочное) Пример", NumberAnnex, "А", "(справочное) Пример"},
	{"ru annex about adoption", "Приложение ДА (справочное)", NumberAnnex, "ДА", "(справочное)"},
	{"ru annex clause", "ДА.1 Сведения", NumberClause, "ДА.1", "Сведения"},
	{"ru annex by figure", "Приложение № 2 Перечень", NumberAnnex, "annex-2", "Перечень"},
	{"ru table", "Таблица А.1 — Пределы", NumberTable, "table-А.1", "Пределы"},
	{"ru figure", "Рисунок 1 — Схема", NumberFigure, "figure-1", "Схема"},
	{"ru amended", "5.23* Ширина", NumberClause, "5.23", "Ширина"},
	{"ru law", "Статья 12. Порядок", NumberClause, "12", "Порядок"},
	{"ru law chapter", "Глава 3. Надзор", NumberDivision, "chapter-3", "Надзор"},
	{"kk article", "12-бап. Тәртіп", NumberClause, "12", "Тәртіп"},
	{"kk chapter", "2-тарау. Талаптар", NumberDivision, "chapter-2", "Талаптар"},
	{"de paragraph", "§ 5 Beauftragung", NumberClause, "5", "Beauftragung"},
	{"de paragraph with letter", "§ 5a Übergang", NumberClause, "5a", "Übergang"},
	{"de annex", "Anhang A (normativ) Verfahren", NumberAnnex, "A", "(normativ) Verfahren"},
	{"de annex Roman", "Anhang II Arbeiten", NumberAnnex, "annex-2", "Arbeiten"},
	{"de table", "Tabelle 1 Werte", NumberTable, "table-1", "Werte"},
	{"de figure", "Bild 1 Aufbau", NumberFigure, "figure-1", "Aufbau"},
	{"fr article", "Article 5 Portes", NumberClause, "5", "Portes"},
	{"fr first article", "Article premier Objet", NumberClause, "1", "Objet"},
	{"fr first article, short", "Article 1er Objet", NumberClause, "1", "Objet"},
	{"it inserted article", "Art. 3-bis Identità", NumberClause, "3-bis", "Identità"},
	{"it inserted chapter", "CAPO III BIS Accesso", NumberDivision, "chapter-3-bis", "Accesso"},
	{"it inserted article, its paragraph behind it", "Art. 5-ter 1. Le spese", NumberClause, "5-ter", "1. Le spese"},
	{"fr inserted article", "Article 12 quater Portes", NumberClause, "12-quater", "Portes"},
	{"ch inserted article", "Art. 7bis Türen", NumberClause, "7-bis", "Türen"},
	{"de range is no inserted article", "Artikel 5 bis 7", NumberClause, "5", "bis 7"},
	{"de title", "TITEL II Anwendung", NumberDivision, "title-2", "Anwendung"},
	{"it section", "Sezione II Documento", NumberDivision, "section-2", "Documento"},
	{"nl chapter", "HOOFDSTUK 2 Eisen", NumberDivision, "chapter-2", "Eisen"},
	{"fi section", "8 a § Poikkeus", NumberClause, "8a", "Poikkeus"},
	{"sv chapter", "2 kap. Tillsyn", NumberDivision, "chapter-2", "Tillsyn"},
	{"fi chapter", "1 luku Yleistä", NumberDivision, "chapter-1", "Yleistä"},
	{"hu section", "5. § (1) A lámpa", NumberClause, "5", "(1) A lámpa"},
	{"fr code", "Article R4227-4 Tout établissement", NumberClause, "R4227-4", "Tout établissement"},
	{"fr code, spaced", "Art. L. 111-1 Objet", NumberClause, "L111-1", "Objet"},
	{"fr annex", "Annexe A (informative) Exemples", NumberAnnex, "A", "(informative) Exemples"},
	{"fr table", "Tableau 1 Valeurs", NumberTable, "table-1", "Valeurs"},
	{"es article", "Artículo 11. Exigencias", NumberClause, "11", "Exigencias"},
	{"es cited", "apartado 5.3.1", NumberClause, "5.3.1", ""},
	{"es annex", "Anexo A (normativo) Método", NumberAnnex, "A", "(normativo) Método"},
	{"es annex with code", "Anejo SI A  Terminología", NumberAnnex, "SI-A", "Terminología"},
	{"es section with code", "Sección SI 1  Propagación interior", NumberDivision, "section-SI-1", "Propagación interior"},
	{"es table", "Tabla 1.1 Condiciones", NumberTable, "table-1.1", "Condiciones"},
	{"id article", "Pasal 5 Kewajiban", NumberClause, "5", "Kewajiban"},
	{"id annex", "Lampiran A (informatif) Contoh", NumberAnnex, "A", "(informatif) Contoh"},
	{"id table", "Tabel 1 Nilai", NumberTable, "table-1", "Nilai"},
	{"vi article", "Điều 5. Phân loại", NumberClause, "5", "Phân loại"},
	{"vi clause", "Điều 5.3.1 Cửa", NumberClause, "5.3.1", "Cửa"},
	{"vi chapter", "Chương I", NumberDivision, "chapter-1", ""},
	{"vi section", "Mục 3", NumberDivision, "section-3", ""},
	{"vi annex", "Phụ lục A (tham khảo) Ví dụ", NumberAnnex, "A", "(tham khảo) Ví dụ"},
	{"vi table", "Bảng 1 Giá trị", NumberTable, "table-1", "Giá trị"},
	{"ar article", "المادة 5 الأبواب", NumberClause, "5", "الأبواب"},
	{"ar article, Arabic figure", "المادة ٥ الأبواب", NumberClause, "5", "الأبواب"},
	{"ar article, parentheses", "المادة (١٢): الأبواب", NumberClause, "12", "الأبواب"},
	{"fa article", "ماده ۱ـ هدف این آیین\u200cنامه", NumberClause, "1", "هدف این آیین\u200cنامه"},
	{"fa article, hyphen", "ماده ۲- درها", NumberClause, "2", "درها"},
	{"fa chapter in words", "فصل دوم ـ تجهیزات", NumberDivision, "chapter-2", "تجهیزات"},
	{"fa annex, first letter spelled out", "پیوست الف", NumberAnnex, "الف", ""},
	{"fa annex, a letter of its own", "پیوست پ (الزامی)", NumberAnnex, "پ", "(الزامی)"},
	{"fa clause of an annex", "الف-۱-۲ دمای سطح", NumberClause, "الف.1.2", "دمای سطح"},
	{"th article", "ข้อ ๑ กฎกระทรวงนี้", NumberClause, "1", "กฎกระทรวงนี้"},
	{"th section, tight", "มาตรา๕ ผู้ใด", NumberClause, "5", "ผู้ใด"},
	{"th section put in later", "มาตรา ๒๓/๑ อาคาร", NumberClause, "23-1", "อาคาร"},
	{"th section put in in Pali", "มาตรา ๓๙ ทวิ ผู้ใด", NumberClause, "39-ทวิ", "ผู้ใด"},
	{"th chapter", "หมวด ๒ ทางหนีไฟ", NumberDivision, "chapter-2", "ทางหนีไฟ"},
	{"th table", "ตารางที่ ๓ ระยะ", NumberTable, "table-3", "ระยะ"},
	{"ar article in words", "المادة الثانية عشرة: التراخيص", NumberClause, "12", "التراخيص"},
	{"ar slashes", "5/3/1 عرض الباب", NumberClause, "5.3.1", "عرض الباب"},
	{"ar slashes, two", "٥/٣ عرض الباب", NumberClause, "5.3", "عرض الباب"},
	{"ar hyphens", "٥-٣-١ عرض الباب", NumberClause, "5.3.1", "عرض الباب"},
	{"ar annex", "الملحق أ (إعلامي) أمثلة", NumberAnnex, "أ", "(إعلامي) أمثلة"},
	{"ar table", "جدول 1 القيم", NumberTable, "table-1", "القيم"},
	{"ar chapter", "الفصل الثاني: الاشتراطات", NumberDivision, "chapter-2", "الاشتراطات"},
	{"us section", "§ 1926.501(b)(1) Unprotected sides", NumberClause, "1926.501(b)(1)", "Unprotected sides"},
	{"us section, tight", "§36.401 New construction", NumberClause, "36.401", "New construction"},
	{"us cfr", "28 CFR 35.151 New construction", NumberClause, "35.151", "New construction"},
	{"us aci commentary", "R5.3.1 The reason", NumberCommentary, "5.3.1~commentary", "The reason"},
	{"us nfpa explained", "5.3.1* Doors", NumberClause, "5.3.1", "Doors"},
	{"us astm annex", "A1.1 Scope of the annex", NumberClause, "A1.1", "Scope of the annex"},
	{"us appendix", "Appendix B Tables", NumberAnnex, "B", "Tables"},
	{"eu article", "Article 5(2)(a) Duties", NumberClause, "5(2)(a)", "Duties"},
	{"eu annex", "Annex II Information", NumberAnnex, "annex-2", "Information"},
	{"eurocode principle", "6.2.1(2)P Verification", NumberClause, "6.2.1(2)P", "Verification"},
	{"national annex", "NA.2.3 Partial factors", NumberClause, "NA.2.3", "Partial factors"},
	{"control", "V1.1.1 Verify", NumberClause, "V1.1.1", "Verify"},
	{"chapter alone", "5 民用建筑", NumberClause, "5", "民用建筑"},
	{"article before a capital A", "5.3 A door shall", NumberClause, "5.3", "A door shall"},
}

func TestLeadingNumber(t *testing.T) {
	for _, row := range numberRows {
		t.Run(row.name, func(t *testing.T) {
			n, rest, ok := LeadingNumber(row.line)
			if !ok || n.Kind != row.kind || n.String() != row.want || rest != row.rest {
				t.Fatalf("%q gives %v %q %q %v, want %v %q %q", row.line, n.Kind, n.String(), rest, ok, row.kind, row.want, row.rest)
			}
			if n.Label == "" || !strings.HasPrefix(row.line, n.Label) {
				t.Errorf("label %q is not how %q prints it", n.Label, row.line)
			}
		})
	}
}

// What opens a line and is no clause number.
func TestNotANumber(t *testing.T) {
	for _, line := range []string{
		"3.00 h for walls", "1.5 m wide", "12.05.2020 года", "5) item", "(5) item", "a) item", "5% of the area", "2.5×3", "1/2 of the width",
		"Articles of the code", "Particular rules", "Section heads", "第二 类", "Table", "表面应光滑", "图纸应完整", "статьями закона", "1 200 000 000", "3.0 MPa",
		"0.75h", "24.10.2012 № 15", "Partition walls", "Bab el", "DIN EN ISO 9001", "附录", "",
	} {
		if n, _, ok := LeadingNumber(line); ok && n.Depth() > 1 || ok && n.Kind != NumberClause {
			t.Errorf("%q gives %v %q", line, n.Kind, n.String())
		}
	}
}

func TestParseNumber(t *testing.T) {
	for _, row := range []struct{ label, want string }{
		{"5.3.1", "5.3.1"}, {"§ 1", "1"}, {"Article 1", "1"}, {"Điều 1", "1"}, {"SI 1-1.1", "SI-1-1.1"}, {"AC-2(3)", "AC-2(3)"}, {"GC.1.1", "GC.1.1"},
		{"ق2.1.1", "ق2.1.1"}, {"MSTG-STORAGE-1", "MSTG-STORAGE-1"}, {"第 3 條", "3"}, {"a b/c", "a-b-c"}, {"../..", ""}, {"", ""}, {"ISM-0041", "ISM-0041"}, {"5/3/1", "5.3.1"},
	} {
		got := ParseNumber(row.label)
		if got.String() != row.want && !(row.want == "" && got.IsZero()) {
			t.Errorf("ParseNumber(%q) = %q, want %q", row.label, got.String(), row.want)
		}
		if strings.ContainsAny(got.String(), "/ ") {
			t.Errorf("ParseNumber(%q) = %q is not safe in a path", row.label, got.String())
		}
	}
}

func TestCompareNumbers(t *testing.T) {
	order := []string{"4", "5", "5.1", "5.1.3", "5.1.3A", "5.1.4", "5.1.10", "5.2", "10", "A.1", "A.2", "B.1"}
	for i := 1; i < len(order); i++ {
		if CompareNumbers(ParseNumber(order[i-1]), ParseNumber(order[i])) >= 0 {
			t.Errorf("%s should stand before %s", order[i-1], order[i])
		}
		if CompareNumbers(ParseNumber(order[i]), ParseNumber(order[i-1])) <= 0 {
			t.Errorf("%s should stand after %s", order[i], order[i-1])
		}
	}
	if CompareNumbers(ParseNumber("Article 5 quater"), ParseNumber("Article 5 ter")) <= 0 || CompareNumbers(ParseNumber("Article 5 bis"), ParseNumber("Article 6")) >= 0 {
		t.Error("5 bis, 5 ter and 5 quater are out of order")
	}
	if CompareNumbers(ParseNumber("Article R4227-4"), ParseNumber("Article R4227-10")) >= 0 {
		t.Error("R4227-4 should stand before R4227-10")
	}
	if CompareNumbers(ParseNumber("23-1"), ParseNumber("23")) <= 0 || CompareNumbers(ParseNumber("23-1"), ParseNumber("24")) >= 0 {
		t.Error("23-1 should stand between 23 and 24")
	}
}

func TestParseRange(t *testing.T) {
	for _, s := range []string{"5.3.1–5.3.4", "5.3.1~5.3.4", "第5.3.1条～第5.3.4条", "пп. 5.3.1–5.3.4"} {
		from, to, ok := ParseRange(s)
		if !ok || from.String() != "5.3.1" || to.String() != "5.3.4" {
			t.Errorf("ParseRange(%q) = %v %v %v", s, from, to, ok)
		}
	}
	for _, s := range []string{"5.3.1", "5.3.4–5.3.1", ""} {
		if _, _, ok := ParseRange(s); ok {
			t.Errorf("ParseRange(%q) should refuse", s)
		}
	}
}

func TestNumerals(t *testing.T) {
	for s, want := range map[string]int{"三": 3, "十": 10, "十二": 12, "二十三": 23, "一百零五": 105, "一百十三": 113, "二〇": 20, "九千九百九十九": 9999} {
		if got, ok := HanNumber(s); !ok || got != want {
			t.Errorf("HanNumber(%q) = %d %v, want %d", s, got, ok, want)
		}
	}
	for s, want := range map[string]int{"I": 1, "IV": 4, "XIX": 19, "Ⅻ": 12, "MCMXC": 1990} {
		if got, ok := RomanNumber(s); !ok || got != want {
			t.Errorf("RomanNumber(%q) = %d %v, want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"IIII", "IC", "", "iv", "VX"} {
		if _, ok := RomanNumber(s); ok {
			t.Errorf("RomanNumber(%q) should refuse", s)
		}
	}
	if AnnexOrdinal("Ё") != 0 || AnnexOrdinal("К") != 9 || AnnexOrdinal("C") != 3 || AnnexOrdinal("ДБ") <= AnnexOrdinal("Я") {
		t.Error("annex letters are out of order")
	}
}

func TestAnnexStatus(t *testing.T) {
	for heading, want := range map[string]bool{"(informative)": false, "(normative)": true, "（资料性附录）": false, "（规范性）": true, "(справочное)": false, "(обязательное)": true, "(рекомендуемое)": false, "(إعلامي)": false, "(tham khảo)": false, "(informativo)": false} {
		if got, known := AnnexStatus(heading); got != want || !known {
			t.Errorf("AnnexStatus(%q) = %v %v", heading, got, known)
		}
	}
	if normative, known := AnnexStatus("Tables"); !normative || known {
		t.Error("an annex that says nothing binds")
	}
}

func FuzzLeadingNumber(f *testing.F) {
	for _, row := range numberRows {
		f.Add(row.line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		n, rest, ok := LeadingNumber(line)
		if ok && (n.IsZero() || n.Label == "" || !strings.HasSuffix(strings.TrimSpace(line), strings.TrimSpace(rest))) {
			t.Fatalf("%q gives %+v %q", line, n, rest)
		}
		for _, key := range []string{n.String(), ParseNumber(line).String()} {
			if ok && strings.ContainsAny(key, "/ \n\t") || utf8.ValidString(line) && !utf8.ValidString(key) {
				t.Fatalf("%q gives the unsafe key %q", line, key)
			}
		}
	})
}
