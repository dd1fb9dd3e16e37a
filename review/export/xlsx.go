package export

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
)

// XLSX writes a workbook with one table a sheet: comparison, figures, both gap
// lists, and what the workbook is. Texts are always string cells, which no
// spreadsheet program evaluates.
func XLSX(w io.Writer, s Set) error {
	return atOnce(w, s, xlsxLines)
}

// xlsxLines is XLSX of items that come one by one.
func xlsxLines(w io.Writer, s Set, rows Rows) error {
	r, p, err := s.gone(DocumentWorkbook, Set.workbook, rows, keepRows)
	if err != nil {
		return err
	}
	defer p.close()
	f := excelize.NewFile()
	defer f.Close()
	book := workbook{file: f, styles: map[excelize.Alignment]int{}, report: r, kept: p}
	for n, t := range s.opening(r.tables) {
		if err := book.sheet(n, t); err != nil {
			return fmt.Errorf("write XLSX: sheet %s: %w", t.name, err)
		}
	}
	if err := book.properties(s); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	if err := writeBook(w, f); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}

// writeBook writes a workbook with its parts by name: sheets whose rows went out one by
// one stand in any order otherwise, and the same Set would be another file.
func writeBook(w io.Writer, f *excelize.File) error {
	var packed bytes.Buffer
	if err := f.Write(&packed); err != nil {
		return err
	}
	parts, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		return err
	}
	corpus.SortRows(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

// opening puts what a workbook is before its tables where its round no longer matches
// the texts, since a workbook has no other first page.
func (s Set) opening(tables []table) []table {
	at := slices.IndexFunc(tables, func(t table) bool { return t.key == "about" })
	if s.Round == nil || len(s.Round.Moved) == 0 || at < 0 {
		return tables
	}
	return slices.Concat(tables[at:at+1], tables[:at], tables[at+1:])
}

// workbook is the report with one column for everything that people filter by.
func (s Set) workbook() report {
	r := s.newReport()
	r.tables = append([]table{s.wideComparison(r.words), s.indicators(r.words), s.gapList(r.words, false, true), s.gapList(r.words, true, true)}, append(s.unmatched(r.words), s.reservations(r.words)...)...)
	r.tables = append(r.tables, s.about(r.words))
	return r
}

// wideComparison is the bilingual table with a column for each thing said.
func (s Set) wideComparison(w phrases) table {
	t := w.sheet("comparison", s.comparisonNote(), "empty.comparison")
	t.ids = 3
	t.columns = w.columns("no", 6, "state", 12, "standard-a", 17, "clause-a", 9, "text-a", 46, "standard-b", 17, "clause-b", 9, "text-b", 46, "relation", 13,
		"a-to-b", 12, "conditions-a-to-b", 23, "b-to-a", 12, "conditions-b-to-a", 23, "reasons", 28, "decided", 12, "match", 38, "decisions", 38, "versions", 44)
	for n, i := range s.lines() {
		o := i.Match.Outcome
		match, decisions, versions := i.provenance()
		t.rows = append(t.rows, []cell{
			i.number(s.before.pairs + s.before.waiting + n + 1), of(i.state(w)), of(s.designation(i.Sources)), of(clauseLabels(i.Sources)), of(wordings(i.Sources)...),
			of(s.designation(i.Targets)), of(clauseLabels(i.Targets)), of(wordings(i.Targets)...), of(i.related(w)),
			of(i.answer(w, o.AToB)), of(w.conditions(o.AToB)...), of(i.answer(w, o.BToA)), of(w.conditions(o.BToA)...),
			of(i.remarks(w)...), plain(i.date()), plain(match), plain(decisions), plain(versions),
		})
	}
	return s.stated(t)
}

// answer is the answer of a line, nothing while it is not agreed.
func (i Item) answer(w phrases, r corpus.Recognition) text {
	if i.waits() {
		return text{}
	}
	return w.answer(r)
}

// workbook writes tables into a file.
type workbook struct {
	file   *excelize.File
	styles map[excelize.Alignment]int // of cells, made once each
	report report
	kept   *spool // of the report's tables, nil where it holds all rows
}

// sheet writes one table with its head frozen and filters on every column. Its rows go
// out one by one and are not held; what stands around them is said first.
func (b *workbook) sheet(n int, t table) error {
	if n == 0 {
		if err := b.file.SetSheetName("Sheet1", t.name); err != nil {
			return err
		}
	} else if _, err := b.file.NewSheet(t.name); err != nil {
		return err
	}
	if !t.landing {
		if err := b.filters(t); err != nil {
			return err
		}
	}
	if err := b.layout(t); err != nil { // after the filter, which forgets the page
		return err
	}
	out, err := b.file.NewStreamWriter(t.name)
	if err != nil {
		return err
	}
	at := 1
	if !t.landing {
		if err := b.head(out, t); err != nil {
			return err
		}
		at = 2
	}
	if b.kept.count(t) == 0 { // over the columns, the first of which is narrow
		said, err := b.cell(of(t.empty))
		if err != nil {
			return err
		}
		if said.StyleID, err = b.style(excelize.Alignment{Vertical: "top", Horizontal: map[bool]string{true: "right"}[b.report.lang.RightToLeft()], ReadingOrder: order(b.report.lang)}); err != nil {
			return err
		}
		if err := put(out, at, 18, []any{said}); err != nil {
			return err
		}
	}
	err = b.kept.each(t, func(row []cell) error {
		at++
		return b.row(out, t, at-1, row)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// row writes a row as high as its longest cell, since not every program finds
// the height of wrapped texts by itself.
func (b *workbook) row(out *excelize.StreamWriter, t table, n int, row []cell) error {
	lines := 1
	cells := make([]any, len(row))
	for col, c := range row {
		var err error
		if cells[col], err = b.cell(c); err != nil {
			return err
		}
		if col < len(t.columns) {
			lines = max(lines, linesOf(c.String(), t.columns[col].width))
		}
	}
	return put(out, n, min(excelize.MaxRowHeight, 15*float64(lines)+3), cells)
}

// put writes a row of some height.
func put(out *excelize.StreamWriter, n int, height float64, cells []any) error {
	at, err := excelize.CoordinatesToCellName(1, n)
	if err != nil {
		return err
	}
	return out.SetRow(at, cells, excelize.RowOpts{Height: height})
}

// linesOf guesses how many lines a text takes in a column of so many characters;
// characters of East Asian scripts are two wide.
func linesOf(s string, width float64) int {
	lines := 0
	for _, paragraph := range strings.Split(s, "\n") {
		w := 0.0
		for _, r := range paragraph {
			w++
			if r >= 0x1100 {
				w++
			}
		}
		lines += max(1, int(math.Ceil(w*1.08/width)))
	}
	return lines
}

// printed is how many columns a printed page has: neither ids nor, beside them, the day
// of the decision.
func (t table) printed() int {
	n := len(t.columns) - t.ids
	if n > 1 && t.columns[n-1].key == "decided" {
		n--
	}
	return n
}

// Sizes of paper by their numbers in a workbook (ISO/IEC 29500-1, 18.3.1.63), and how
// many characters of its body text a line of A4 landscape has that can still be read
// when they are made to fit: at 70 in a hundred.
const (
	paperA3, paperA4 = 8, 9
	lineA4           = 210
)

// paper is the smallest size on which the printed columns can be read.
func (t table) paper() int {
	wide := 0.0
	for _, c := range t.columns[:t.printed()] {
		wide += c.width
	}
	if wide > lineA4 {
		return paperA3
	}
	return paperA4
}

// layout sets widths, direction and the printed page: landscape, one page wide, the
// head repeated.
func (b *workbook) layout(t table) error {
	for n, c := range t.columns {
		name, err := excelize.ColumnNumberToName(n + 1)
		if err != nil {
			return err
		}
		if err := b.file.SetColWidth(t.name, name, name, c.width); err != nil {
			return err
		}
	}
	landscape, paper, wide, tall, fit := "landscape", t.paper(), 1, 0, true
	if err := b.file.SetPageLayout(t.name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	side, edge, head := 0.4, 0.7, 0.3 // in inches
	if err := b.file.SetPageMargins(t.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &edge, Bottom: &edge, Header: &head, Footer: &head}); err != nil {
		return err
	}
	if err := b.file.SetSheetProps(t.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	rtl := b.report.lang.RightToLeft()
	if err := b.file.SetSheetView(t.name, 0, &excelize.ViewOptions{RightToLeft: &rtl}); err != nil {
		return err
	}
	return b.file.SetHeaderFooter(t.name, &excelize.HeaderFooterOptions{OddHeader: "&L" + footerText(b.report.title.s) + "&R" + footerText(t.title.s), OddFooter: "&L" + footerText(b.report.notice) + "&R&P / &N"})
}

// footerText keeps a text from being read as codes of headers and footers, and
// within their limit of 255 characters.
func footerText(s string) string {
	runes := []rune(oneLine(s))
	s = strings.ReplaceAll(string(runes[:min(len(runes), 90)]), "&", "&&")
	if strings.ContainsFunc(s, rightToLeft) {
		return rlm + s + rlm
	}
	return s
}

// rlm is the right-to-left mark, which is not seen.
const rlm = "\u200f"

// beginning puts the mark before a right-to-left text that begins with something
// else, such as a sign or a Latin letter: LibreOffice writes cells of one line
// from left to right whatever their reading order says.
func beginning(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s == "" || rightToLeft(first) {
		return s
	}
	return rlm + s
}

// head writes the titles of the columns.
func (b *workbook) head(out *excelize.StreamWriter, t table) error {
	style, err := b.file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true, Family: "Calibri", Size: 11}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7EBF0"}}, Border: grid,
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center", ReadingOrder: order(b.report.lang)},
	})
	if err != nil {
		return err
	}
	lines := 1
	var cells []any
	for _, c := range t.columns {
		cells = append(cells, excelize.Cell{StyleID: style, Value: c.title.s})
		lines = max(lines, linesOf(c.title.s, c.width*0.85))
	}
	return put(out, 1, 15*float64(lines)+3, cells)
}

// filters freezes the head, and sets the filters and what is printed.
func (b *workbook) filters(t table) error {
	last, err := excelize.ColumnNumberToName(len(t.columns))
	if err != nil {
		return err
	}
	end := max(2, b.kept.count(t)+1)
	if err := b.file.SetPanes(t.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := b.file.AutoFilter(t.name, fmt.Sprintf("A1:%s%d", last, end), nil); err != nil {
		return err
	}
	printed, err := excelize.ColumnNumberToName(t.printed())
	if err != nil {
		return err
	}
	area := fmt.Sprintf("'%s'!$A$1:$%s$%d", t.name, printed, end)
	if err := b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: area, Scope: t.name}); err != nil {
		return err
	}
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + t.name + "'!$1:$1", Scope: t.name})
}

// grid is the thin line around every cell.
var grid = []excelize.Border{
	{Type: "left", Color: "B8C0CA", Style: 1}, {Type: "right", Color: "B8C0CA", Style: 1},
	{Type: "top", Color: "B8C0CA", Style: 1}, {Type: "bottom", Color: "B8C0CA", Style: 1},
}

// order is the reading order of a cell: 1 from left to right, 2 from right to
// left.
func order(l corpus.Language) uint64 {
	if l.RightToLeft() {
		return 2
	}
	return 1
}

// cell is a cell with the reading order of its language.
func (b *workbook) cell(c cell) (excelize.Cell, error) {
	a := excelize.Alignment{WrapText: true, Vertical: "top"}
	var value any
	if c.number != nil {
		value = rounded(*c.number)
	} else {
		a.ReadingOrder = 0 // by the first letter, where nobody told the language
		if len(c.texts) > 0 && c.texts[0].lang != "" {
			a.ReadingOrder = order(c.texts[0].lang)
		}
		s := fitting(c.String())
		if a.ReadingOrder == 2 {
			a.Horizontal = "right"
			s = beginning(s)
		}
		value = s
	}
	style, err := b.style(a)
	return excelize.Cell{StyleID: style, Value: value}, err
}

// style makes a style of cells once.
func (b *workbook) style(a excelize.Alignment) (int, error) {
	if id, made := b.styles[a]; made {
		return id, nil
	}
	id, err := b.file.NewStyle(&excelize.Style{Alignment: &a, Border: grid})
	b.styles[a] = id
	return id, err
}

// cut ends a text that a cell cannot hold.
const cut = " […]"

// fitting cuts a text to what a cell holds (32,767 units of UTF-16) and marks
// the cut; the CSV has the whole text.
func fitting(s string) string {
	units := utf16.Encode([]rune(s))
	if len(units) <= excelize.TotalCellChars {
		return s
	}
	units = units[:excelize.TotalCellChars-len(cut)]
	if last := units[len(units)-1]; last >= 0xD800 && last < 0xDC00 {
		units = units[:len(units)-1]
	}
	return string(utf16.Decode(units)) + cut
}

// properties names the workbook.
func (b *workbook) properties(s Set) error {
	when := s.Options.Now.UTC().Format("2006-01-02T15:04:05Z")
	return b.file.SetDocProps(&excelize.DocProperties{
		Title: oneLine(s.Dossier.Name), Creator: "Concord " + s.Options.Version, LastModifiedBy: "Concord", Description: b.report.notice,
		Language: string(b.report.lang), Created: when, Modified: when,
	})
}
