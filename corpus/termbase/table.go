package termbase

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
)

// columns are the columns of the tables that are written: one row for each term,
// which the files of EuroVoc and GEMET have as well, and a row without a term for
// a definition in a language that has none.
var columns = []string{"concept-id", "lang", "term", "status", "definition", "domain", "note", "term-note", "file", "licence", "by", "day"}

// headings are the names under which columns are known, in lower case.
var headings = map[string]string{
	"concept-id": "concept-id", "id": "concept-id", "concept": "concept-id", "conceptid": "concept-id", "entry": "concept-id", "编号": "concept-id",
	"lang": "lang", "language": "lang", "term": "term", "label": "term", "status": "status", "definition": "definition", "def": "definition",
	"domain": "domain", "subject": "domain", "subject field": "domain", "field": "domain", "note": "note", "remark": "note", "comment": "note",
	"term-note": "term-note", "file": "file", "origin": "file", "licence": "licence", "license": "licence", "by": "by", "author": "by", "day": "day", "date": "day",
	"source": "source", "target": "target",
}

// grid is the rows of a table with a header. Row i stands in line lines[i].
type grid struct {
	rows  [][]string
	lines []int
}

func isCSV(name string, head []byte) bool {
	return strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".txt") && bytes.ContainsAny(head, ",;")
}

func isTSV(name string, head []byte) bool {
	first, _, _ := bytes.Cut(head, []byte("\n"))
	return strings.HasSuffix(name, ".tsv") || strings.HasSuffix(name, ".tab") || strings.HasSuffix(name, ".txt") && bytes.ContainsRune(first, '\t')
}

func isXLSX(name string, head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// readCSV reads a table parted by commas, or by semicolons where the header has
// more of those, as spreadsheets of many countries write it.
func readCSV(in *input) error {
	first, _, _ := bytes.Cut(in.data, []byte("\n"))
	comma := ','
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		comma = ';'
	}
	return readParted(in, comma)
}

// readTSV reads a table parted by tabs. Quotes mean nothing unless a cell begins
// with one and the whole file can be read so.
func readTSV(in *input) error {
	if bytes.Contains(in.data, []byte("\t\"")) || bytes.HasPrefix(in.data, []byte("\"")) {
		quoted := *in
		quoted.file, quoted.made = &File{Format: in.file.Format}, map[string]int{}
		if err := readParted(&quoted, '\t'); err == nil && len(quoted.file.Problems) == 0 {
			*in = quoted
			return nil
		}
	}
	var g grid
	lines(in.data, func(n int, text string) bool {
		if text != "" {
			g.rows, g.lines = append(g.rows, strings.Split(text, "\t")), append(g.lines, n)
		}
		return true
	})
	return in.table(g)
}

func readParted(in *input, comma rune) error {
	r := csv.NewReader(bytes.NewReader(in.data))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, false
	var g grid
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return in.table(g)
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			in.problem(bad.StartLine, "a quotation mark is not closed or stands in the middle; write it twice inside a quoted cell")
			continue
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", in.name, err)
		}
		n, _ := r.FieldPos(0)
		g.rows, g.lines = append(g.rows, row), append(g.lines, n)
	}
}

// readXLSX reads the first sheet of a workbook that unpacks to a bounded size.
func readXLSX(in *input) error {
	book, err := excelize.OpenReader(bytes.NewReader(in.data), excelize.Options{UnzipSizeLimit: 2 * maxFile, UnzipXMLSizeLimit: maxFile})
	if err != nil {
		return corpus.Refuse(corpus.ErrInvalid, "term-file-xlsx", "{file} cannot be read as a workbook; save it anew as .xlsx without a password", "file", in.name)
	}
	defer book.Close()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil
	}
	rows, err := book.GetRows(sheets[0])
	if err != nil {
		return corpus.Refuse(corpus.ErrInvalid, "term-file-xlsx", "{file} cannot be read as a workbook; save it anew as .xlsx without a password", "file", in.name)
	}
	var g grid
	for i, row := range rows {
		if len(row) > 0 {
			g.rows, g.lines = append(g.rows, row), append(g.lines, i+1)
		}
	}
	return in.table(g)
}

// layout says what is in which column.
type layout struct {
	of    map[string]int          // columns by name
	wide  map[corpus.Language]int // columns of terms by language
	langs []corpus.Language       // of wide, in their order
}

// layoutOf reads the header.
func (in *input) layoutOf(header []string) (layout, error) {
	l := layout{map[string]int{}, map[corpus.Language]int{}, nil}
	for i, cell := range header {
		name := strings.ToLower(line(cell))
		if known, ok := headings[name]; ok {
			l.of[known] = i
			continue
		}
		if tag := Tag(name); validTag(tag) {
			l.wide[tag] = i
			l.langs = append(l.langs, tag)
		}
	}
	_, source := l.of["source"]
	_, target := l.of["target"]
	if source && target {
		if len(in.hint.Languages) != 2 {
			return l, corpus.Refuse(corpus.ErrInvalid, "term-file-pair", "{file} has the columns source and target; say their languages (for instance --lang zh,en)", "file", in.name)
		}
		l.wide[in.hint.Languages[0]], l.wide[in.hint.Languages[1]] = l.of["source"], l.of["target"]
		l.langs = append(l.langs, in.hint.Languages...)
	}
	_, long := l.of["term"]
	_, lang := l.of["lang"]
	_, defined := l.of["definition"]
	if !(lang && (long || defined)) && len(l.wide) == 0 {
		return l, corpus.Refuse(corpus.ErrInvalid, "term-file-header", "{file} needs a first line with the columns concept-id, lang and term, or with language tags such as zh and en", "file", in.name)
	}
	return l, nil
}

// table reads a grid: one term per row, or one concept per row with a column for
// each language, in which variants are parted by |.
func (in *input) table(g grid) error {
	if len(g.rows) == 0 {
		return nil
	}
	l, err := in.layoutOf(g.rows[0])
	if err != nil {
		return err
	}
	_, long := l.of["lang"]
	for i, row := range g.rows[1:] {
		n := g.lines[i+1]
		cell := func(name string) string {
			if at, ok := l.of[name]; ok && at < len(row) {
				return unguard(row[at])
			}
			return ""
		}
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		e := Entry{ID: line(cell("concept-id")), Domain: cell("domain"), Note: cell("note"), Origin: Origin{cell("file"), cell("licence"), cell("by"), cell("day")}}
		if long {
			err = in.longRow(&e, cell)
		} else {
			err = wideRow(&e, l, row, cell)
		}
		if err != nil {
			in.problem(n, "%v", err)
			continue
		}
		if e.ID == "" {
			e.ID = fmt.Sprintf("%s#%d", in.name, n)
		}
		in.add(e)
	}
	return nil
}

// longRow reads a row of one term.
func (in *input) longRow(e *Entry, cell func(string) string) error {
	lang, term := Tag(cell("lang")), line(cell("term"))
	if lang != "" && !validTag(lang) {
		return fmt.Errorf("%.40q is no language tag; write one such as zh, en or zh-Hant", cell("lang"))
	}
	if term == "" && cell("definition") == "" {
		return errors.New("the row has neither a term nor a definition; fill in one of them or delete the row")
	}
	if lang == "" && term != "" {
		return errors.New("the row has no language; fill in the column lang")
	}
	status, ok := StatusOf(cell("status"))
	if !ok {
		return fmt.Errorf("%.40q is no status; write preferred, admitted, deprecated or forbidden", cell("status"))
	}
	if term != "" {
		e.Terms = append(e.Terms, Term{lang, term, status, cell("term-note")})
	}
	e.define(lang, prose(cell("definition")))
	return nil
}

// wideRow reads a row of one concept.
func wideRow(e *Entry, l layout, row []string, cell func(string) string) error {
	status, ok := StatusOf(cell("status"))
	if !ok {
		return fmt.Errorf("%.40q is no status; write preferred, admitted, deprecated or forbidden", cell("status"))
	}
	for _, lang := range l.langs {
		at := l.wide[lang]
		if at >= len(row) {
			continue
		}
		for _, term := range strings.Split(unguard(row[at]), "|") {
			if line(term) != "" {
				e.Terms = append(e.Terms, Term{lang, line(term), status, ""})
			}
		}
	}
	if len(e.Terms) == 0 {
		return errors.New("the row has no term; fill in a column of a language or delete the row")
	}
	e.define("", prose(cell("definition")))
	return nil
}

// longRows are entries as rows under columns.
func longRows(entries []Entry) [][]string {
	out := [][]string{columns}
	for _, e := range sortedEntries(entries) {
		said := map[corpus.Language]bool{}
		for i, t := range e.Terms {
			row := []string{e.ID, string(t.Language), t.Text, string(t.Status), "", e.Domain, e.Note, t.Note, e.Origin.File, e.Origin.Licence, e.Origin.By, e.Origin.Day}
			if i == 0 || e.Terms[i-1].Language != t.Language {
				row[4], said[t.Language] = e.Definition(t.Language), true
			}
			out = append(out, row)
		}
		for _, d := range e.Definitions {
			if !said[d.Language] {
				out = append(out, []string{e.ID, string(d.Language), "", "", d.Text, e.Domain, e.Note, "", e.Origin.File, e.Origin.Licence, e.Origin.By, e.Origin.Day})
			}
		}
	}
	return out
}

// risky begins a cell that a spreadsheet would take for a formula (ASVS 5.0
// V1.2.10).
const risky = "=+-@＝＋－＠"

// guard puts an apostrophe before what a spreadsheet would take for a formula,
// and before an apostrophe that unguard would take away.
func guard(s string) string {
	if s != "" && strings.ContainsAny(string([]rune(s)[0]), risky) || guarded(s) {
		return "'" + s
	}
	return s
}

// unguard takes away what guard put there.
func unguard(s string) string {
	if guarded(s) {
		return s[1:]
	}
	return s
}

func guarded(s string) bool {
	r := []rune(strings.TrimLeft(s, "'"))
	return strings.HasPrefix(s, "'") && len(r) > 0 && strings.ContainsRune(risky, r[0])
}

func writeCSV(w io.Writer, entries []Entry) error { return writeParted(w, ',', entries) }
func writeTSV(w io.Writer, entries []Entry) error { return writeParted(w, '\t', entries) }

func writeParted(w io.Writer, comma rune, entries []Entry) error {
	out := csv.NewWriter(w)
	out.Comma = comma
	for _, row := range longRows(entries) {
		for i := range row {
			row[i] = guard(row[i])
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func writeXLSX(w io.Writer, entries []Entry) error {
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Terms"
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	stream, err := book.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	for i, row := range longRows(entries) {
		cells := make([]any, len(row))
		for j, c := range row {
			cells[j] = guard(c)
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = stream.SetRow(at, cells)
		}
		if err != nil {
			return fmt.Errorf("write the workbook: %w", err)
		}
	}
	if err := stream.Flush(); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := book.Write(w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

func isCEDICT(name string, head []byte) bool {
	first := slices.IndexFunc(strings.Split(string(head), "\n"), func(l string) bool { return l != "" && !strings.HasPrefix(l, "#") })
	if first < 0 {
		return false
	}
	_, ok := cedictLine(strings.TrimSuffix(strings.Split(string(head), "\n")[first], "\r"))
	return ok
}

// readCEDICT reads "傳統 传统 [chuan2 tong3] /tradition/traditional/"
// (cc-cedict.org/wiki/format:syntax). The two scripts and the glosses are terms,
// the reading is the note; glosses that only point elsewhere are left out.
func readCEDICT(in *input) error {
	lines(in.data, func(n int, text string) bool {
		if text == "" || strings.HasPrefix(text, "#") {
			return true
		}
		e, ok := cedictLine(text)
		if !ok {
			in.problem(n, "the line is not like 傳統 传统 [chuan2 tong3] /tradition/; mend or delete it")
			return true
		}
		if len(e.Terms) > 2 || len(e.Terms) == 2 && e.Terms[1].Language == "en" {
			in.add(e)
		}
		return true
	})
	return nil
}

func cedictLine(text string) (Entry, bool) {
	head, rest, ok := strings.Cut(text, " [")
	traditional, simplified, two := strings.Cut(head, " ")
	reading, glosses, closed := strings.Cut(rest, "] /")
	if !ok || !two || !closed || traditional == "" || simplified == "" || !strings.HasSuffix(glosses, "/") {
		return Entry{}, false
	}
	reading = strings.Trim(reading, "[]")
	e := Entry{ID: simplified + " [" + reading + "]", Note: reading}
	e.Terms = append(e.Terms, Term{"zh-Hans", simplified, "", ""})
	if traditional != simplified {
		e.ID += " " + traditional // 面 is a face, and written 麵 flour: one reading, two words
		e.Terms = append(e.Terms, Term{"zh-Hant", traditional, "", ""})
	}
	for _, gloss := range strings.FieldsFunc(glosses, func(r rune) bool { return r == '/' || r == ';' }) {
		if gloss = glossTerm(line(gloss)); gloss != "" {
			e.Terms = append(e.Terms, Term{"en", gloss, "", ""})
		}
	}
	return e, true
}

// pointers stand in glosses that name no meaning; so do Chinese characters, which
// name the word that is pointed to.
var pointers = []string{"CL:", "variant of", "surname ", "see ", "also written", "also called", "abbr. ", "used in ", "also pr.", "Taiwan pr.", "classifier for ", "same as "}

// glossTerm is a gloss without what explains it.
func glossTerm(gloss string) string {
	for _, p := range pointers {
		if strings.HasPrefix(gloss, p) || p == "variant of" && strings.Contains(gloss, p) {
			return ""
		}
	}
	depth := 0
	gloss = strings.Map(func(r rune) rune {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			return r
		}
		return -1
	}, gloss)
	if strings.ContainsFunc(gloss, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return ""
	}
	return strings.TrimPrefix(line(gloss), "to ")
}
