package reader

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// role is what a column of a table holds.
type role string

// The roles a column can have; Hint.Columns uses the same words.
const (
	roleStandard      role = "standard"
	roleNumber        role = "number"
	roleTitle         role = "title"
	roleText          role = "text"
	roleChapter       role = "chapter"
	roleChapterNumber role = "chapter-number"
	roleSection       role = "section"
	roleSectionNumber role = "section-number"
	roleNote          role = "note"
	roleLanguage      role = "language"
	roleJurisdiction  role = "jurisdiction"
	roleIssuer        role = "issuer"
	roleDomain        role = "domain"
	roleKind          role = "kind"
)

// roles in the order in which headers are matched.
var roles = []role{roleNumber, roleText, roleTitle, roleChapterNumber, roleSectionNumber, roleChapter, roleSection, roleNote, roleStandard, roleLanguage, roleJurisdiction, roleIssuer, roleDomain, roleKind}

// headerNames are the headers that name each role, in small letters without
// punctuation, in the languages tables come in; the first in a list is the best.
var headerNames = map[role][]string{
	roleNumber: {"clause number", "clause no", "clause id", "number", "req id", "requirement id", "requirement number", "control id", "control number", "article number", "clause", "article", "art", "no", "nr", "nb", "#", "id", "identifier", "ref", "reference", "paragraph", "para", "control",
		"条款号", "条文号", "条号", "条款编号", "编号", "條號", "編號", "序号", "条款", "章节号", "номер пункта", "номер", "пункт", "№", "п/п", "статья", "тармақ", "нөмірі",
		"numéro", "n°", "numéro d article", "critère", "número", "nº", "num", "apartado", "artículo", "numeral", "رقم البند", "رقم المادة", "رقم المتطلب", "رقم", "الرقم", "البند", "المادة", "nummer", "ziffer", "paragraf", "số hiệu", "số", "điều", "khoản", "nomor", "pasal", "madde", "番号", "項番", "번호", "nº do requisito"},
	roleText: {"requirement text", "clause text", "req description", "requirement description", "text", "requirement", "requirements", "description", "statement", "provision", "content", "wording", "body", "control text", "control description", "shall statement",
		"条文内容", "条款内容", "條文內容", "内容", "條文", "条文", "要求", "正文", "文本", "描述", "规定", "内容要求", "текст", "текст пункта", "требование", "требования", "содержание", "описание", "формулировка", "мәтін", "талап",
		"texte", "exigence", "exigences", "contenu", "libellé", "texto", "requisito", "requisitos", "contenido", "descripción", "exigencia", "نص البند", "النص", "نص المادة", "المتطلب", "المتطلبات", "الوصف", "المحتوى", "anforderung", "anforderungen", "beschreibung", "nội dung", "yêu cầu", "mô tả", "teks", "persyaratan", "uraian", "説明", "要件", "内容文", "내용", "요구사항", "metin", "gereklilik", "descrição", "testo", "beschrijving", "tekst"},
	roleTitle: {"clause title", "requirement name", "control name", "control title", "title", "heading", "name", "subject", "标题", "條文名稱", "名称", "条名", "题目", "заголовок", "наименование", "название", "атауы",
		"titre", "intitulé", "título", "denominación", "nombre", "العنوان", "عنوان البند", "الاسم", "titel", "bezeichnung", "überschrift", "tiêu đề", "tên", "judul", "başlık", "タイトル", "제목"},
	roleChapterNumber: {"chapter id", "chapter number", "chapter no", "章号", "номер главы", "numéro de chapitre", "número de capítulo", "رقم الفصل"},
	roleSectionNumber: {"section id", "section number", "section no", "节号", "номер раздела", "numéro de section", "número de sección", "رقم القسم"},
	roleChapter:       {"chapter name", "chapter title", "chapter", "part", "category", "family", "group", "area", "topic", "章名", "章", "类别", "分类", "глава", "раздел", "категория", "chapitre", "thème", "thématique", "catégorie", "capítulo", "categoría", "الفصل", "الباب", "kapitel", "chương", "bab", "bölüm"},
	roleSection:       {"section name", "section title", "section", "subcategory", "subchapter", "节名", "节", "подраздел", "sous section", "sección", "القسم", "abschnitt", "mục", "bagian"},
	roleNote:          {"note", "notes", "remark", "remarks", "comment", "comments", "guidance", "备注", "注", "说明", "примечание", "примечания", "комментарий", "remarque", "remarques", "nota", "notas", "observaciones", "ملاحظة", "ملاحظات", "anmerkung", "bemerkung", "ghi chú", "catatan"},
	roleStandard:      {"standard", "document", "designation", "标准", "标准号", "стандарт", "документ", "norme", "norma", "المواصفة", "tiêu chuẩn"},
	roleLanguage:      {"lang", "language", "语言", "язык", "langue", "idioma", "اللغة"},
	roleJurisdiction:  {"country", "jurisdiction", "国家", "страна", "pays", "país", "الدولة"},
	roleIssuer:        {"issuer", "publisher", "authority", "发布机构", "издатель", "éditeur", "emisor", "جهة الإصدار"},
	roleKind:          {"kind", "type", "status", "requirement type", "obligation", "normative", "normative informative", "性质", "类型", "条款性质", "вид", "тип", "статус", "обязательность", "nature", "type d exigence", "caractère", "statut", "tipo", "carácter", "obligatoriedad", "النوع", "الصفة", "الإلزام"},
	roleDomain:        {"domain", "field", "领域", "область", "domaine", "dominio", "المجال"},
}

// grid is a table with a header.
type grid struct {
	header  []string
	folded  []string // headers as in the table of names
	rows    [][]string
	lines   []int // line of each row
	line    int   // of the header
	strict  bool  // only headers name columns, no letters
	columns map[role]int
}

// foldHeader brings a header into the form of the table of names.
func foldHeader(h string) string {
	h = strings.ToLower(strings.TrimSpace(strings.Trim(h, "\ufeff*` ")))
	h = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ':' || r == '：' || r == '\'' || r == '’' || r == '(' || r == ')' {
			return ' '
		}
		return r
	}, h)
	return strings.Join(strings.Fields(h), " ")
}

// mapColumns finds the role of every header, the hint's choices first. A role
// goes to the header whose name stands first in its list; a header has one role.
func (g *grid) mapColumns(hint corpus.Columns) error {
	g.columns, g.folded = map[role]int{}, make([]string, len(g.header))
	for i, h := range g.header {
		g.folded[i] = foldHeader(h)
	}
	taken := map[int]bool{}
	if err := g.said(hint, taken); err != nil {
		return err
	}
	if !hint.Only {
		g.guess(taken)
	}
	_, number := g.columns[roleNumber]
	switch text := g.anyText(); {
	case number && text:
		return nil
	case len(hint.Of) == 0:
		return corpus.Refuse(corpus.ErrInvalid, "columns-unknown", "line {line}: the columns of number and text were not recognised among the headers {headers}; say which they are, as in --columns \"number=A,text=C\"", "line", g.line, "headers", headerList(g.header))
	case !number:
		return g.lacks(roleNumber)
	}
	return g.lacks(roleText)
}

func (g *grid) lacks(r role) error {
	return corpus.Refuse(corpus.ErrInvalid, "columns-lack", "line {line}: no column is said to hold {holds}, and a clause needs one; the headers are {headers}", "line", g.line, "holds", string(r), "headers", headerList(g.header))
}

// said takes the columns that a person named.
func (g *grid) said(hint corpus.Columns, taken map[int]bool) error {
	by := map[int]string{}
	for _, name := range sortedKeys(hint.Of) {
		r := role(strings.ToLower(strings.TrimSpace(name)))
		if !isRole(r) {
			return corpus.Refuse(corpus.ErrInvalid, "columns-role", "\"{name}\" is not a role that a column can have; use {roles}", "name", shorten(name, 40), "roles", roleList())
		}
		col, err := g.find(hint.Of[name])
		if err != nil {
			return err
		}
		if by[col] != "" {
			return corpus.Refuse(corpus.ErrInvalid, "columns-twice", "the column {column} is given for {holds} and for {also}; a column holds one thing", "column", g.called(col), "holds", by[col], "also", string(r))
		}
		g.columns[r], taken[col], by[col] = col, true, string(r)
	}
	return nil
}

// guess finds the roles that nobody gave.
func (g *grid) guess(taken map[int]bool) {
	g.tongues(taken)
	for _, r := range roles {
		if _, given := g.columns[r]; given || r == roleText && g.anyText() {
			continue
		}
		if col := g.best(headerNames[r], taken); col >= 0 {
			g.columns[r], taken[col] = col, true
		}
	}
	g.loosely(taken)
	g.mend()
	if !g.anyText() {
		if col, ok := g.columns[roleTitle]; ok { // titles alone: those of a paid standard
			g.columns[roleText] = col
			delete(g.columns, roleTitle)
		}
	}
}

// loosely finds the columns of number, text and title that no header names by itself
// among those that hold a name within more words: "Содержание обязательного требования",
// "条款标题". A number must look like one, and a text is longer than the numbers are.
func (g *grid) loosely(taken map[int]bool) {
	for _, r := range []role{roleNumber, roleText, roleTitle} {
		if _, given := g.columns[r]; given || r == roleText && g.anyText() {
			continue
		}
		for _, name := range headerNames[r] {
			col := slices.IndexFunc(g.folded, func(h string) bool { return holdsName(h, name) })
			if col < 0 || taken[col] || g.looksNumbered(col) != (r == roleNumber) {
				continue
			}
			g.columns[r], taken[col] = col, true
			break
		}
	}
}

// holdsName tells whether a header holds a name as words of its own; in Han text, which
// has no words, at its end.
func holdsName(header, name string) bool {
	switch n := utf8.RuneCountInString(name); {
	case strings.IndexFunc(name, isHan) >= 0:
		return n >= 2 && header != name && strings.HasSuffix(header, name)
	default:
		return n >= 5 && strings.Contains(" "+header+" ", " "+name+" ")
	}
}

// anyText tells whether a column holds texts, in whatever language.
func (g *grid) anyText() bool {
	for r := range g.columns {
		if base, _ := r.parted(); base == roleText {
			return true
		}
	}
	return false
}

// mend lets a section's number be the clause's when no other number is there.
func (g *grid) mend() {
	if _, ok := g.columns[roleNumber]; ok {
		return
	}
	for _, r := range []role{roleSectionNumber, roleSection, roleChapterNumber} {
		if col, ok := g.columns[r]; ok && g.looksNumbered(col) {
			g.columns[roleNumber] = col
			delete(g.columns, r)
			return
		}
	}
}

// looksNumbered tells whether most cells of a column open with a number.
func (g *grid) looksNumbered(col int) bool {
	good, n := 0, 0
	for i, row := range g.rows {
		if i == 50 {
			break
		}
		n++
		if value := cell(row, col); len(value) < 40 && strings.IndexFunc(value, unicode.IsDigit) >= 0 {
			good++
		}
	}
	return n > 0 && good*10 >= n*6
}

func (g *grid) best(names []string, taken map[int]bool) int {
	for _, name := range names {
		for col, h := range g.folded {
			if !taken[col] && h == name {
				return col
			}
		}
	}
	return -1
}

// find is the column of a header as printed, in any case, or of the letters that
// spreadsheets give it.
func (g *grid) find(name string) (int, error) {
	letters, alone := strings.CutPrefix(name, "$")
	for col, h := range g.header {
		if !alone && (h == name || foldHeader(h) == foldHeader(name)) {
			return col, nil
		}
	}
	col := corpus.ColumnNumber(strings.TrimSpace(letters))
	switch {
	case g.strict || col < 0 || len(letters) > 3:
		return 0, corpus.Refuse(corpus.ErrInvalid, "columns-header", "no header is named \"{name}\"; the headers are {headers}, and letters as in A name columns too", "name", shorten(name, 40), "headers", headerList(g.header))
	case col >= g.width():
		return 0, corpus.Refuse(corpus.ErrInvalid, "columns-beyond", "the column {column} is beyond the last one, {last}; choose A to {last}", "column", letters, "last", g.called(g.width()-1))
	}
	return col, nil
}

// width is how many columns there are: a header may lack cells that rows have.
func (g *grid) width() int {
	n := len(g.header)
	for _, row := range g.rows[:min(len(g.rows), headerRows)] {
		n = max(n, len(row))
	}
	return n
}

// called is a column as people find it: its letters and its header.
func (g *grid) called(col int) string {
	if h := cell(g.header, col); h != "" {
		return corpus.ColumnLetters(col) + " " + quote(shorten(h, 40))
	}
	return corpus.ColumnLetters(col)
}

func isRole(r role) bool {
	base, tongue := r.parted()
	if tongue != "" {
		return (base == roleText || base == roleTitle) && languageTag(tongue) != ""
	}
	return slices.Contains(roles, r)
}

func roleList() string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

func headerList(header []string) string {
	var quoted []string
	for i, h := range header {
		if i == 12 {
			quoted = append(quoted, "…")
			break
		}
		quoted = append(quoted, quote(shorten(h, 40)))
	}
	return strings.Join(quoted, ", ")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func cell(row []string, col int) string {
	if col < 0 || col >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[col])
}

// at is the cell of a role, "" when the table has no such column.
func (g *grid) at(row []string, r role) string {
	col, ok := g.columns[r]
	if !ok {
		return ""
	}
	return cell(row, col)
}

// gridClause is a row of a requirement table inside a text.
type gridClause struct {
	number      corpus.Number
	title, text string
	line        int
}

// clauses lists the rows that are clauses.
func (g *grid) clauses() []gridClause {
	var out []gridClause
	for i, row := range g.rows {
		n := parseNumber(g.at(row, roleNumber))
		text := g.at(row, roleText)
		if n.IsZero() || text == "" && g.at(row, roleTitle) == "" {
			continue
		}
		out = append(out, gridClause{number: n, title: g.at(row, roleTitle), text: text, line: g.lines[i]})
	}
	return out
}

// isRequirementTable tells whether a table in a text lists clauses: its header
// names number and text, most rows have a number with a figure in it, and the
// texts are sentences rather than values.
func (g *grid) isRequirementTable() bool {
	if len(g.rows) == 0 || g.mapColumns(corpus.Columns{}) != nil || !g.looksNumbered(g.columns[roleNumber]) {
		return false
	}
	long, dotted := 0, 0
	for _, row := range g.rows {
		text := g.at(row, roleText)
		if n := utf8.RuneCountInString(text); n >= 40 || n >= 12 && strings.IndexFunc(text, isHan) >= 0 {
			long++
		}
		if n := parseNumber(g.at(row, roleNumber)); n.Depth() > 1 || strings.Contains(n.String(), "-") {
			dotted++
		}
	}
	return long*3 >= len(g.rows)*2 && dotted*3 >= len(g.rows)*2
}
