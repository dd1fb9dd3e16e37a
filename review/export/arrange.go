package export

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"concord/corpus"
	"concord/review"
)

// Stationery is a template as documents are made with it.
type Stationery struct {
	Name     string
	Version  int
	Checksum string

	arrangement Arrangement
	letterhead  *Letterhead
}

// ReadTemplate reads what a template says; what is wrong with it is a corpus.Refusal,
// the first one where there are several (ReadArrangement has all).
func ReadTemplate(t review.Template) (*Stationery, error) {
	out := &Stationery{Name: t.Name, Version: t.Version, Checksum: t.Checksum()}
	a, flaws := ReadArrangement(t.Arrangement)
	if len(flaws) > 0 {
		return nil, flaws[0].Err
	}
	out.arrangement = a
	if t.Letterhead != nil {
		l, err := ReadLetterhead(t.Letterhead)
		if err != nil {
			return nil, err
		}
		out.letterhead = l
	}
	return out, nil
}

// TemplateFor reads a template for a format; corpus.ErrInvalid for a format that is for
// programs, which no template changes. Other errors as of ReadTemplate.
func TemplateFor(t review.Template, f Format) (*Stationery, error) {
	if DocumentOf(f.Name) == "" {
		var known []string
		for _, f := range Formats {
			if DocumentOf(f.Name) != "" {
				known = append(known, f.Name)
			}
		}
		return nil, corpus.Refuse(corpus.ErrInvalid, "template-format", "{format} is no document that a template can change; templates are for {known}", "format", f.Name, "known", strings.Join(known, ", "))
	}
	return ReadTemplate(t)
}

// line names the template in one line.
func (s *Stationery) line() string {
	return fmt.Sprintf("%s · %d · SHA-256 %s", oneLine(s.Name), s.Version, s.Checksum)
}

// arranged is a report as the Set's template arranges it. What a document must carry is
// never taken away: keptSections, keptColumns, the notice on its first page.
func (s Set) arranged(d Document, r report) report {
	values := s.values(r.words)
	if r.head != nil {
		r.values = values
	}
	if s.Options.Template == nil {
		return r
	}
	p := s.Options.Template.arrangement.parts[d]
	if p == nil {
		return r
	}
	if t, said := in(p.titles, r.lang); said {
		r.title = fill(t, values)
	}
	r.tables = slices.Clone(r.tables)
	for n, t := range r.tables {
		if a := p.tables[t.key]; a != nil {
			r.tables[n] = a.table(t, r, values, d == DocumentWorkbook)
		}
	}
	if d == DocumentWorkbook {
		r.tables = differentNames(r.tables)
	}
	r.tables = p.chosen(d, r.tables)
	intro, closing := paragraphs(p.intro, r.lang, values), paragraphs(p.closing, r.lang, values)
	if d == DocumentWorkbook {
		for n, t := range r.tables {
			if t.key == "about" {
				r.tables[n].rows = slices.Concat(t.rows, rowsOf(r.words, "intro", intro), rowsOf(r.words, "closing", closing))
			}
		}
		return r
	}
	if r.intro = intro; len(closing) > 0 {
		at := slices.IndexFunc(r.tables, func(t table) bool { return slices.Contains(keptSections, t.key) })
		r.tables = append(append(r.tables[:at:at], table{key: "closing", texts: closing}), r.tables[at:]...)
	}
	return r
}

// rowsOf puts paragraphs into a row of particulars, none where there are none.
func rowsOf(w phrases, key string, list []text) [][]cell {
	if len(list) == 0 {
		return nil
	}
	return [][]cell{{of(w.text("about." + key)), of(list...)}}
}

// paragraphs are those for a language; where none is in it, those for all.
func paragraphs(list []phrase, lang corpus.Language, values map[string]string) []text {
	chosen := lang
	if !slices.ContainsFunc(list, func(p phrase) bool { return p.lang == lang }) {
		chosen = ""
	}
	var out []text
	for _, p := range list {
		if p.lang == chosen {
			out = append(out, of(fill(text{s: p.s, lang: p.lang}, values)).texts...)
		}
	}
	return out
}

// chosen are the sections as the arrangement orders them, with those that stand in every
// document behind them, or where they are when nothing is moved. The annexes of national
// forms are lettered in their own order, so that they are chosen and not moved.
func (p *documentPart) chosen(d Document, tables []table) []table {
	if p.sections == nil {
		return tables
	}
	var out, own, kept []table
	for _, t := range tables {
		if slices.Contains(keptSections, t.key) {
			kept, out = append(kept, t), append(out, t)
		} else if slices.Contains(p.sections, t.key) {
			own, out = append(own, t), append(out, t)
		}
	}
	order := func(x, y int) bool {
		return slices.Index(p.sections, own[x].key) < slices.Index(p.sections, own[y].key)
	}
	if d == DocumentGB || d == DocumentGOST || sort.SliceIsSorted(own, order) {
		return out
	}
	sort.SliceStable(own, order)
	return append(own, kept...)
}

// table is a section as it is arranged.
func (a *arranged) table(t table, r report, values map[string]string, workbook bool) table {
	if len(t.about) > 1 {
		own := map[string]string{}
		for k, v := range values {
			own[k] = v
		}
		own["{a}"], own["{b}"] = t.about[0], t.about[1]
		values = own
	}
	if title, said := in(a.titles, r.lang); said {
		t.title = fill(title, values)
		if workbook {
			t.name = sheetName(t.title.s, t.name)
		}
	}
	if note, said := in(a.notes, r.lang); said {
		t.note = fill(note, values)
	}
	columns := slices.Clone(t.columns)
	for n, c := range columns {
		if head, said := in(a.heads[c.key], r.lang); said {
			columns[n].title = fill(head, values)
		}
		columns[n].width = a.width(c)
	}
	t.columns = columns
	if a.columns == nil {
		return t
	}
	return t.with(a.columns)
}

// with is a table with the columns that are named, in that order. "no" and "state" stand
// first where they are not named, ids last.
func (t table) with(names []string) table {
	var first, last, order []int
	for n, c := range t.columns {
		switch at := slices.Index(names, c.key); {
		case n >= len(t.columns)-t.ids:
			last = append(last, n)
		case at < 0 && slices.Contains(keptColumns, c.key):
			first = append(first, n)
		}
	}
	for _, name := range names {
		if n := slices.IndexFunc(t.columns, func(c column) bool { return c.key == name }); n >= 0 && n < len(t.columns)-t.ids {
			order = append(order, n)
		}
	}
	order = slices.Concat(first, order, last)
	out := t
	out.columns, out.rows = nil, nil
	for _, n := range order {
		out.columns = append(out.columns, t.columns[n])
	}
	out.order = order
	for _, row := range t.rows {
		out.rows = append(out.rows, out.ordered(row))
	}
	return out
}

// ordered are the cells of a row as they stand in the columns.
func (t table) ordered(row []cell) []cell {
	if t.order == nil {
		return row
	}
	cells := make([]cell, 0, len(t.order))
	for _, n := range t.order {
		cells = append(cells, row[n])
	}
	return cells
}

// maxSheetName is how long the name of a sheet may be in a workbook.
const maxSheetName = 31

// sheetName makes a name that every spreadsheet program takes, or leaves the one there
// is.
func sheetName(s, otherwise string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, oneLine(s))
	s = strings.Trim(strings.Join(strings.Fields(s), " "), "' ")
	for utf8.RuneCountInString(s) > maxSheetName || len(s) > 0 && utf16Len(s) > maxSheetName {
		_, size := utf8.DecodeLastRuneInString(s)
		s = strings.TrimRight(s[:len(s)-size], "' ")
	}
	if s == "" {
		return otherwise
	}
	return s
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// differentNames numbers sheets whose names are the same, in any case of letters.
func differentNames(tables []table) []table {
	seen := map[string]bool{}
	for n, t := range tables {
		name := t.name
		for k := 2; seen[strings.ToLower(name)]; k++ {
			end := fmt.Sprintf(" %d", k)
			runes := []rune(t.name)
			name = string(runes[:min(len(runes), maxSheetName-len(end))]) + end
		}
		seen[strings.ToLower(name)] = true
		tables[n].name = name
	}
	return tables
}
