package reader

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"concord/corpus"
)

// headerRows is how far down a sheet its header is looked for, below titles.
const headerRows = 20

// The limits of what is kept of a table to show how it was read.
const (
	keptSheets  = 20
	keptRows    = headerRows + 5
	keptColumns = 60
	keptRunes   = 120
)

// parted is a role without the language it is in, and that language.
func (r role) parted() (base role, tongue string) {
	before, after, _ := strings.Cut(string(r), ":")
	return role(before), after
}

// tongueNames are what headers call the languages of the pages, in small letters.
var tongueNames = map[string][]string{
	"zh": {"中文", "汉语", "中国語", "chinese", "китайский", "chinois", "chino", "الصينية", "zh", "cn"},
	"en": {"英文", "英语", "english", "английский", "anglais", "inglés", "الإنجليزية", "en", "eng"},
	"ru": {"俄文", "俄语", "russian", "русский", "russe", "ruso", "الروسية", "ru", "rus"},
	"fr": {"法文", "法语", "french", "français", "французский", "francés", "الفرنسية", "fr", "fra"},
	"ar": {"阿拉伯文", "阿拉伯语", "arabic", "العربية", "арабский", "arabe", "árabe", "ar", "ara"},
	"es": {"西班牙文", "西班牙语", "spanish", "español", "испанский", "espagnol", "الإسبانية", "es", "spa"},
}

// tongueOf is the language that a header names, and what else it says.
func tongueOf(folded string) (tongue, rest string) {
	for _, tag := range sortedKeys(tongueNames) {
		for _, name := range tongueNames[tag] {
			if folded == name {
				return tag, ""
			}
			if rest, found := strings.CutPrefix(folded, name); found && (rest[0] == ' ' || isHan([]rune(name)[0])) {
				return tag, strings.TrimSpace(rest)
			}
			if rest, found := strings.CutSuffix(folded, name); found && (strings.HasSuffix(rest, " ") || isHan([]rune(name)[0])) {
				return tag, strings.TrimSpace(rest)
			}
		}
	}
	return "", ""
}

// tongues finds columns that hold the texts, or titles, in one language each: where
// two or more do, or one beside a column of texts.
func (g *grid) tongues(taken map[int]bool) {
	if g.anyText() {
		return
	}
	found, texts := map[role]int{}, 0
	for col, h := range g.folded {
		tongue, rest := tongueOf(h)
		rest = strings.Trim(rest, "（）() /|")
		base := roleText
		switch {
		case tongue == "" || taken[col]:
			continue
		case rest == "" || slices.Contains(headerNames[roleText], rest):
		case slices.Contains(headerNames[roleTitle], rest):
			base = roleTitle
		default:
			continue
		}
		if r := base + ":" + role(tongue); found[r] == 0 {
			if found[r] = col + 1; base == roleText {
				texts++
			}
		}
	}
	plain := g.best(headerNames[roleText], taken)
	if texts == 0 || texts == 1 && plain < 0 {
		if texts == 1 {
			for r, col := range found {
				if base, _ := r.parted(); base == roleText {
					g.columns[roleText], taken[col-1] = col-1, true
				}
			}
		}
		return
	}
	for r, col := range found {
		g.columns[r], taken[col-1] = col-1, true
	}
	if plain >= 0 {
		g.columns[roleText], taken[plain] = plain, true
	}
}

// inTongues are the languages that have a column of texts, in the order of columns.
func (g *grid) inTongues() []string {
	var out []string
	for r := range g.columns {
		if base, tongue := r.parted(); base == roleText && tongue != "" {
			out = append(out, tongue)
		}
	}
	slices.SortFunc(out, func(x, y string) int {
		return g.columns[roleText+":"+role(x)] - g.columns[roleText+":"+role(y)]
	})
	return out
}

// kindNames are what tables call the kinds of clauses, in small letters.
var kindNames = map[corpus.Kind][]string{
	corpus.KindRequirement:    {"requirement", "mandatory", "shall", "must", "obligatory", "binding", "强制", "强制性", "要求", "обязательное", "обязательный", "требование", "exigence", "obligatoire", "requisito", "obligatorio", "إلزامي", "متطلب"},
	corpus.KindRecommendation: {"recommendation", "recommended", "should", "advisory", "推荐", "推荐性", "宜", "рекомендация", "рекомендуемое", "рекомендательное", "recommandation", "recommandé", "recomendación", "recomendado", "توصية"},
	corpus.KindPermission:     {"permission", "may", "optional", "可", "允许", "допускается", "разрешение", "permission", "facultatif", "permiso", "opcional", "إذن", "اختياري"},
	corpus.KindProvision:      {"normative", "规范性", "规范", "нормативное", "нормативный", "normatif", "normativo", "معياري"},
	corpus.KindInformative:    {"informative", "information", "资料性", "资料", "справочное", "справочный", "информационное", "informatif", "informativo", "إعلامي"},
	corpus.KindNote:           {"note", "注", "примечание", "nota", "ملاحظة"},
	corpus.KindDefinition:     {"definition", "term", "定义", "术语", "определение", "термин", "définition", "terme", "definición", "término", "تعريف", "مصطلح"},
	corpus.KindExample:        {"example", "示例", "пример", "exemple", "ejemplo", "مثال"},
	corpus.KindStatement:      {"statement", "说明", "положение"},
	corpus.KindHeading:        {"heading", "title", "标题", "заголовок", "titre", "título", "عنوان"},
}

// kindInCell is the kind that a cell names, "" for none.
func kindInCell(cell string) corpus.Kind {
	if cell = foldHeader(cell); cell == "" {
		return ""
	}
	for kind, names := range kindNames {
		if slices.Contains(names, cell) {
			return kind
		}
	}
	return ""
}

// tableRead is a table while its sheets are read.
type tableRead struct {
	assembler *assembler
	hint      Hint
	sheets    []corpus.TableSheet
	names     []string // of all sheets
	refused   error    // why the first that could not be read was not
	read      int
}

// sheet reads the rows of one sheet, if it can be and is wished.
func (t *tableRead) sheet(name string, rows [][]string, lines []int) error {
	if len(rows) == 0 {
		return nil
	}
	t.names = append(t.names, name)
	g, err := newGrid(rows, lines, t.hint.Columns)
	seen := g.seen(name, rows, lines)
	if wanted := t.hint.Columns.Sheet; wanted == "" || wanted == name {
		if seen.Read = err == nil; err != nil && t.refused == nil {
			t.refused = inSheet(name, err)
		}
	}
	if len(t.sheets) < keptSheets {
		t.sheets = append(t.sheets, seen)
	}
	if !seen.Read {
		return nil
	}
	t.read++
	for i, row := range g.rows {
		for _, r := range g.records(row, g.lines[i]) {
			if err := t.assembler.add(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// inSheet names the sheet of an error.
func inSheet(name string, err error) error {
	if name == "" {
		return err
	}
	return sheetError{name, err}
}

// sheetError is an error of one sheet.
type sheetError struct {
	name string
	error
}

func (e sheetError) Error() string {
	return "sheet " + quote(shorten(e.name, 40)) + ": " + e.error.Error()
}
func (e sheetError) Unwrap() error { return e.error }

// finish gives the documents. A table whose columns nobody knows is one without
// clauses, for a person to say what they hold.
func (t *tableRead) finish() ([]*corpus.Document, error) {
	wanted := t.hint.Columns.Sheet
	if wanted != "" && !slices.Contains(t.names, wanted) {
		return nil, corpus.Refuse(corpus.ErrInvalid, "columns-sheet", "there is no sheet \"{name}\"; the sheets are {sheets}", "name", shorten(wanted, 40), "sheets", headerList(t.names))
	}
	docs := t.assembler.finish()
	if t.read == 0 && t.refused != nil {
		if !t.hint.Columns.IsZero() || t.hint.beside != nil && len(t.hint.Known) == 0 {
			return nil, t.refused
		}
		doc := &corpus.Document{Standard: corpus.Standard{Designation: t.hint.Designation}}
		doc.Problems = append(doc.Problems, corpus.Say(corpus.SeverityError, "", "columns-unknown", "the columns of number and text were not recognised among the headers {headers}", "say which they are, as in --columns \"number=A,text=C\", or choose them on the page of the import",
			"headers", headerList(t.sheets[0].HeaderRow())))
		docs = []*corpus.Document{doc}
	}
	for _, doc := range docs {
		doc.Table = &corpus.Table{Columns: t.hint.Columns, Sheets: t.sheets}
	}
	return docs, nil
}

// newGrid finds the header of a sheet and what its columns hold: where the hint says,
// where headers are named as the hint or the table of names has them, else the first
// of the rows that have the most cells. The error says why it cannot be read.
func newGrid(rows [][]string, lines []int, hint corpus.Columns) (*grid, error) {
	at := func(i int, strict bool) *grid {
		return &grid{header: rows[i], rows: rows[i+1:], lines: lines[i+1:], line: lines[i], strict: strict}
	}
	top := min(len(rows), headerRows)
	if hint.Header > 0 {
		i := slices.Index(lines, hint.Header)
		if i < 0 || i >= keptRows {
			return at(0, false), corpus.Refuse(corpus.ErrInvalid, "columns-row", "line {line} is blank or too far down for a header; choose one of the first {most} lines", "line", hint.Header, "most", headerRows)
		}
		g := at(i, false)
		return g, g.mapColumns(hint)
	}
	for _, columns := range []corpus.Columns{hint, {}} {
		for i := range top {
			if at(i, true).mapColumns(columns) == nil {
				g := at(i, false)
				return g, g.mapColumns(hint)
			}
		}
	}
	full, best := 0, 0
	for i := range top {
		full = max(full, filled(rows[i]))
	}
	for best < top && filled(rows[best])*3 < full*2 {
		best++
	}
	g := at(best, false)
	return g, g.mapColumns(hint)
}

// filled counts the cells of a row that hold something.
func filled(row []string) int {
	n := 0
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// seen is a sheet as pages show it.
func (g *grid) seen(name string, rows [][]string, lines []int) corpus.TableSheet {
	out := corpus.TableSheet{Name: name, Header: g.line, Of: map[string]int{}}
	for r, col := range g.columns {
		out.Of[string(r)] = col
	}
	for i := range min(len(rows), keptRows) {
		row := make([]string, min(len(rows[i]), keptColumns))
		for n := range row {
			row[n] = shorten(strings.TrimSpace(rows[i][n]), keptRunes)
		}
		out.Top, out.Lines = append(out.Top, row), append(out.Lines, lines[i])
	}
	return out
}

// tableOf completes what is kept of a table: whose it is, by which headers it is
// known again, and what a person said of it.
func tableOf(doc *corpus.Document, hint Hint) {
	t := doc.Table
	if t == nil {
		return
	}
	t.Publisher = first(doc.Standard.Issuer, string(doc.Standard.Jurisdiction))
	sum := sha256.New()
	for _, s := range t.Sheets {
		if s.Read || len(t.Sheets) == 1 || unread(doc) {
			for _, h := range s.HeaderRow() {
				sum.Write([]byte(foldHeader(h) + "\x00"))
			}
			sum.Write([]byte(strconv.Itoa(len(s.HeaderRow()))))
			break
		}
	}
	t.Key = hex.EncodeToString(sum.Sum(nil))[:32]
	t.Given = map[string]string{}
	for name, v := range map[string]string{"designation": hint.Designation, "title": hint.Title, "issuer": hint.Issuer, "edition": hint.Edition, "jurisdiction": string(hint.Jurisdiction),
		"language": string(hint.Language), "domain": string(hint.Domain), "tradition": string(hint.Tradition), "rights": string(hint.Rights)} {
		if v != "" {
			t.Given[name] = v
		}
	}
}

// unread tells whether a document is a table whose columns nobody knows.
func unread(doc *corpus.Document) bool {
	return doc.Table != nil && !slices.ContainsFunc(doc.Table.Sheets, func(s corpus.TableSheet) bool { return s.Read })
}
