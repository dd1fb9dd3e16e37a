package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// opener is a word that opens a clause number in a drafting tradition.
type opener struct {
	word  string
	lang  Language
	kind  NumberKind
	rank  string
	tight bool // the number may follow without a blank: 附录A, 表5.3.1
}

// openers is the table of the words that open numbers, one row a word. The
// words are those of the table of clause numbering by tradition (ISO/IEC
// Directives 2, GB/T 1.1, GOST 1.5, national drafting rules, laws); longer words
// stand before shorter ones that begin alike.
var openers = []opener{
	// articles of laws, and clauses named as such
	{"Article", "en", NumberClause, "article", false},
	{"Art.", "fr", NumberClause, "article", true},
	{"Art", "fr", NumberClause, "article", false},
	{"Artículo", "es", NumberClause, "article", false},
	{"Articulo", "es", NumberClause, "article", false},
	{"Artículo.", "es", NumberClause, "article", false},
	{"Artigo", "pt", NumberClause, "article", false},
	{"Articolo", "it", NumberClause, "article", false},
	{"Artikel", "de", NumberClause, "article", false},
	{"Статья", "ru", NumberClause, "article", false},
	{"ст.", "ru", NumberClause, "article", true},
	{"Điều", "vi", NumberClause, "article", false},
	{"Pasal", "id", NumberClause, "article", false},
	{"Madde", "tr", NumberClause, "article", false},
	{"المادة", "ar", NumberClause, "article", false},
	{"مادة", "ar", NumberClause, "article", false},
	{"ماده", "fa", NumberClause, "article", false},
	{"มาตรา", "th", NumberClause, "article", true},
	{"ข้อ", "th", NumberClause, "article", true},
	{"البند", "ar", NumberClause, "", false},
	{"بند", "ar", NumberClause, "", false},
	{"الفقرة", "ar", NumberClause, "", false},
	{"Clause", "en", NumberClause, "article", false},
	{"Regulation", "en", NumberClause, "article", false},
	{"Rule", "en", NumberClause, "article", false},
	{"Sec.", "en", NumberClause, "article", false},
	{"пункт", "ru", NumberClause, "", false},
	{"пп.", "ru", NumberClause, "", true},
	{"п.", "ru", NumberClause, "", true},
	{"apartado", "es", NumberClause, "", false},
	{"numeral", "es", NumberClause, "", false},
	{"subpasal", "id", NumberClause, "", false},
	// annexes
	{"Annex", "en", NumberAnnex, "annex", false},
	{"Appendix", "en", NumberAnnex, "annex", false},
	{"Annexe", "fr", NumberAnnex, "annex", false},
	{"Anexo", "es", NumberAnnex, "annex", false},
	{"Anejo", "es", NumberAnnex, "annex", false},
	{"Apéndice", "es", NumberAnnex, "annex", false},
	{"Allegato", "it", NumberAnnex, "annex", false},
	{"Anhang", "de", NumberAnnex, "annex", false},
	{"Anlage", "de", NumberAnnex, "annex", false},
	{"Bijlage", "nl", NumberAnnex, "annex", false},
	{"Приложение", "ru", NumberAnnex, "annex", false},
	{"Қосымша", "kk", NumberAnnex, "annex", false},
	{"Lampiran", "id", NumberAnnex, "annex", false},
	{"Phụ lục", "vi", NumberAnnex, "annex", false},
	{"Ek", "tr", NumberAnnex, "annex", false},
	{"الملحق", "ar", NumberAnnex, "annex", false},
	{"ملحق", "ar", NumberAnnex, "annex", false},
	{"پیوست", "fa", NumberAnnex, "annex", false},
	{"ภาคผนวก", "th", NumberAnnex, "annex", false},
	{"附录", "zh", NumberAnnex, "annex", true},
	{"附錄", "zh", NumberAnnex, "annex", true},
	{"附件", "zh", NumberAnnex, "annex", true},
	{"附属書", "ja", NumberAnnex, "annex", true},
	{"부속서", "ko", NumberAnnex, "annex", true},
	// divisions that group clauses
	{"Part", "en", NumberDivision, "part", false},
	{"Title", "en", NumberDivision, "title", false},
	{"Chapter", "en", NumberDivision, "chapter", false},
	{"Section", "en", NumberDivision, "section", false},
	{"Subpart", "en", NumberDivision, "section", false},
	{"Partie", "fr", NumberDivision, "part", false},
	{"Parte", "it", NumberDivision, "part", false},
	{"Titolo", "it", NumberDivision, "title", false},
	{"Capo", "it", NumberDivision, "chapter", false},
	{"Sezione", "it", NumberDivision, "section", false},
	{"Secção", "pt", NumberDivision, "section", false},
	{"Seção", "pt", NumberDivision, "section", false},
	{"Titel", "de", NumberDivision, "title", false},
	{"Hoofdstuk", "nl", NumberDivision, "chapter", false},
	{"Afdeling", "nl", NumberDivision, "section", false},
	{"Dział", "pl", NumberDivision, "title", false},
	{"Rozdział", "pl", NumberDivision, "chapter", false},
	{"Titre", "fr", NumberDivision, "title", false},
	{"Chapitre", "fr", NumberDivision, "chapter", false},
	{"Título", "es", NumberDivision, "title", false},
	{"Capítulo", "es", NumberDivision, "chapter", false},
	{"Sección", "es", NumberDivision, "section", false},
	{"Teil", "de", NumberDivision, "part", false},
	{"Kapitel", "de", NumberDivision, "chapter", false},
	{"Abschnitt", "de", NumberDivision, "section", false},
	{"Часть", "ru", NumberDivision, "part", false},
	{"Раздел", "ru", NumberDivision, "title", false},
	{"Глава", "ru", NumberDivision, "chapter", false},
	{"Параграф", "ru", NumberDivision, "section", false},
	{"Phần", "vi", NumberDivision, "part", false},
	{"Chương", "vi", NumberDivision, "chapter", false},
	{"Mục", "vi", NumberDivision, "section", false},
	{"Bab", "id", NumberDivision, "chapter", false},
	{"Bagian", "id", NumberDivision, "section", false},
	{"Kısım", "tr", NumberDivision, "part", false},
	{"Bölüm", "tr", NumberDivision, "chapter", false},
	{"الباب", "ar", NumberDivision, "title", false},
	{"الفصل", "ar", NumberDivision, "chapter", false},
	{"القسم", "ar", NumberDivision, "section", false},
	{"الجزء", "ar", NumberDivision, "part", false},
	{"بخش", "fa", NumberDivision, "part", false},
	{"فصل", "fa", NumberDivision, "chapter", false},
	{"ภาค", "th", NumberDivision, "part", false},
	{"ลักษณะ", "th", NumberDivision, "title", false},
	{"หมวด", "th", NumberDivision, "chapter", false},
	{"บทที่", "th", NumberDivision, "chapter", false},
	{"ส่วนที่", "th", NumberDivision, "section", false},
	// tables and figures
	{"Table", "en", NumberTable, "", false},
	{"Tableau", "fr", NumberTable, "", false},
	{"Tabla", "es", NumberTable, "", false},
	{"Tabelle", "de", NumberTable, "", false},
	{"Tabel", "id", NumberTable, "", false},
	{"Таблица", "ru", NumberTable, "", false},
	{"кесте", "kk", NumberTable, "", false},
	{"Bảng", "vi", NumberTable, "", false},
	{"الجدول", "ar", NumberTable, "", false},
	{"جدول", "ar", NumberTable, "", false},
	{"表", "zh", NumberTable, "", true},
	{"표", "ko", NumberTable, "", true},
	{"ตารางที่", "th", NumberTable, "", false},
	{"ตาราง", "th", NumberTable, "", false},
	{"Figure", "en", NumberFigure, "", false},
	{"Fig.", "en", NumberFigure, "", false},
	{"Figura", "es", NumberFigure, "", false},
	{"Bild", "de", NumberFigure, "", false},
	{"Gambar", "id", NumberFigure, "", false},
	{"Abbildung", "de", NumberFigure, "", false},
	{"Рисунок", "ru", NumberFigure, "", false},
	{"Рис.", "ru", NumberFigure, "", false},
	{"Hình", "vi", NumberFigure, "", false},
	{"الشكل", "ar", NumberFigure, "", false},
	{"شكل", "ar", NumberFigure, "", false},
	{"شکل", "fa", NumberFigure, "", false},
	{"รูปที่", "th", NumberFigure, "", false},
	{"图", "zh", NumberFigure, "", true},
	{"圖", "zh", NumberFigure, "", true},
	{"図", "ja", NumberFigure, "", true},
	{"그림", "ko", NumberFigure, "", true},
}

// openerIndex is the table by first letter, so that the many lines that open
// with no such word cost little. It is computed once and only read afterwards.
var openerIndex = buildOpenerIndex()

func buildOpenerIndex() map[rune][]opener {
	index := map[rune][]opener{}
	for _, o := range openers {
		r, _ := utf8.DecodeRuneInString(o.word)
		index[unicode.ToLower(r)] = append(index[unicode.ToLower(r)], o)
	}
	return index
}

// openersOf are the openers that begin with the first letter of s.
func openersOf(s string) []opener {
	first, _ := utf8.DecodeRuneInString(s)
	return openerIndex[unicode.ToLower(first)]
}

// ordinalMark is a pair of words around a number: 第…条.
type ordinalMark struct {
	open, close string
	kind        NumberKind
	rank        string
}

var ordinalMarks = []ordinalMark{
	{"第", "编", NumberDivision, "part"},
	{"第", "編", NumberDivision, "part"},
	{"第", "章", NumberDivision, "chapter"},
	{"第", "节", NumberDivision, "section"},
	{"第", "節", NumberDivision, "section"},
	{"第", "条", NumberClause, "article"},
	{"第", "條", NumberClause, "article"},
	{"제", "장", NumberDivision, "chapter"},
	{"제", "절", NumberDivision, "section"},
	{"제", "조", NumberClause, "article"},
	{"", "бап", NumberClause, "article"},
	{"", "тарау", NumberDivision, "chapter"},
	{"", "бөлім", NumberDivision, "part"},
	{"", "қосымшасы", NumberAnnex, "annex"},
	{"", "қосымша", NumberAnnex, "annex"},
	{"", "кесте", NumberTable, ""},
	{"", "сурет", NumberFigure, ""},
	{"", "modda", NumberClause, "article"},
	{"", "bob", NumberDivision, "chapter"},
	{"", "luku", NumberDivision, "chapter"},
	{"", "kap.", NumberDivision, "chapter"},
}

// statusWords are what annex headings print about their force, by whether the
// annex binds (ISO/IEC Directives 2, 20.3; GB/T 1.1-2020, 9.11; GOST 1.5-2001,
// 3.12; the rest by analogy). Рекомендуемое annexes bind nobody.
var statusWords = []struct {
	word      string
	normative bool
}{
	{"non normative", false}, {"non-mandatory", false}, {"nonmandatory", false},
	{"informative", false}, {"normative", true}, {"mandatory", true}, {"advisory", false},
	{"资料性", false}, {"規范性", true}, {"规范性", true}, {"資料性", false}, {"規範性", true}, {"参考", false}, {"參考", false},
	{"справочное", false}, {"рекомендуемое", false}, {"обязательное", true},
	{"анықтамалық", false}, {"ұсынылатын", false}, {"міндетті", true},
	{"informativo", false}, {"normativo", true}, {"informativa", false}, {"normativa", true},
	{"informatif", false}, {"normatif", true}, {"informativ", false}, {"normativ", true},
	{"tham khảo", false}, {"quy định", true},
	{"إعلامي", false}, {"اعلامي", false}, {"إعلامية", false}, {"استرشادي", false}, {"للاسترشاد", false}, {"إلزامي", true}, {"معياري", true}, {"تنظيمي", true},
	{"規定", true}, {"bilgi", false}, {"ақпараттық", false}, {"ให้ไว้เป็นข้อมูล", false}, {"(ข้อกำหนด", true}, {"explanatory material", false}, {"informational references", false},
	{"الزامی", true}, {"آگاهی\u200cدهنده", false}, {"آگاهی دهنده", false}, {"اطلاعاتی", false},
	{"(규정", true}, {"（규정", true}, {"(참고", false}, {"（참고", false},
}

// AnnexStatus reads whether an annex's heading says that it binds. known is
// false when the heading says nothing; such an annex binds.
func AnnexStatus(heading string) (normative, known bool) {
	h := strings.ToLower(heading)
	for _, s := range statusWords {
		if strings.Contains(h, s.word) {
			return s.normative, true
		}
	}
	return true, false
}

// ParseRange reads a range of clauses: "5.3.1–5.3.4", "第5.3.1条～第5.3.4条",
// "пп. 5.3.1–5.3.4". A single number is no range.
func ParseRange(s string) (from, to Number, ok bool) {
	for _, mark := range []string{"～", "~", "–", "—", " - ", " to ", "至"} {
		a, b, found := strings.Cut(s, mark)
		if !found {
			continue
		}
		from, to = ParseNumber(a), ParseNumber(b)
		if !from.IsZero() && !to.IsZero() && CompareNumbers(from, to) < 0 {
			return from, to, true
		}
	}
	return Number{}, Number{}, false
}
