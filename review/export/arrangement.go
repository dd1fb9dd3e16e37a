package export

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// Document is a kind of document that an arrangement speaks of: the name of a part of
// its text, "[report]".
type Document string

// The kinds of document.
const (
	DocumentReport   Document = "report"   // docx and html: bilingual table, figures, gaps
	DocumentWorkbook Document = "workbook" // xlsx
	DocumentGB       Document = "gb"
	DocumentGOST     Document = "gost"
	DocumentMRA      Document = "mra" // mra and mra-html
)

// DocumentOf is the kind of document that a format writes; "" for formats that are for
// programs, which no template changes.
func DocumentOf(format string) Document {
	return map[string]Document{"docx": DocumentReport, "html": DocumentReport, "xlsx": DocumentWorkbook, "gb": DocumentGB, "gost": DocumentGOST,
		"mra": DocumentMRA, "mra-html": DocumentMRA}[format]
}

// Documents lists the kinds in the order they are explained in.
var Documents = []Document{DocumentReport, DocumentWorkbook, DocumentGB, DocumentGOST, DocumentMRA}

// kept are the sections that stand in every document, whatever an arrangement says:
// what the lines rest on, what parties reserve, and what the document is.
var keptSections = []string{"reservations", "record", "about"}

// keptColumns are the columns that stand in every table that has them: those that lead
// from a line to its decisions and texts, and the mark of what is not agreed yet.
var keptColumns = []string{"no", "state", "match", "decisions", "versions"}

// layouts are the sections of every kind of document with the columns that an
// arrangement may choose from. A test holds them to what is written.
var layouts = map[Document][]struct {
	section string
	columns string
}{
	DocumentReport: {
		{"comparison", "no state a b relation a-to-b b-to-a reasons"},
		{"indicators", "no parameter clause-a value-a clause-b value-b stricter factor delta unit remark"},
		{"gaps-a", "no standard clause text against search decided"}, {"gaps-b", "no standard clause text against search decided"},
		{"open", "no standard clause against"}, {"reservations", ""}, {"record", ""}, {"about", ""},
	},
	DocumentWorkbook: {
		{"comparison", "no state standard-a clause-a text-a standard-b clause-b text-b relation a-to-b conditions-a-to-b b-to-a conditions-b-to-a reasons decided match decisions versions"},
		{"indicators", "no parameter clause-a value-a clause-b value-b stricter factor delta unit remark"},
		{"gaps-a", "no standard clause text against search decided match decisions versions"}, {"gaps-b", "no standard clause text against search decided match decisions versions"},
		{"open", "no standard clause against"}, {"reservations", ""}, {"about", ""},
	},
	DocumentGB:   {{"numbers", "a b remark"}, {"differences", "a b differences reasons"}, {"reservations", ""}, {"record", ""}, {"about", ""}},
	DocumentGOST: {{"da", "standard a b degree adopting"}, {"db", "a b differences reasons"}, {"reservations", ""}, {"record", ""}, {"about", ""}},
	DocumentMRA: {
		{"scope", ""}, {"section-1", "a b"}, {"recognition", "standard-a standard-b direction accepted conditional refused open gaps"},
		{"requirements", "no a b relation a-to-b b-to-a reasons"},
		{"gaps-a", "no standard clause text against search decided"}, {"gaps-b", "no standard clause text against search decided"},
		{"bodies", "party body address identification activities"}, {"authorities", "party authority address basis"}, {"procedures", "party criteria suspension notification"},
		{"provisions", "no direction provision lines"}, {"signatures", "party signatory place-date signature"}, {"reservations", ""}, {"record", ""}, {"about", ""},
	},
}

// sectionsOf are the names of a kind's sections.
func sectionsOf(d Document) []string {
	var out []string
	for _, l := range layouts[d] {
		out = append(out, l.section)
	}
	return out
}

// columnsOf are the names of a section's columns, nil where they cannot be chosen.
func columnsOf(d Document, section string) []string {
	for _, l := range layouts[d] {
		if l.section == section {
			return strings.Fields(l.columns)
		}
	}
	return nil
}

// placeholders are what the words of an arrangement may name.
var placeholders = []string{"{dossier}", "{parties}", "{a}", "{b}", "{round}", "{checksum}", "{date}"}

// Arrangement says how the documents of a dossier are arranged: which sections in
// which order, which columns, and the words of titles, heads and paragraphs in each
// language. It is read from text (ReadArrangement) and holds no program.
type Arrangement struct {
	parts map[Document]*documentPart
}

// documentPart is what is said of one kind of document.
type documentPart struct {
	words
	sections []string // nil for all
	intro    []phrase
	closing  []phrase
	tables   map[string]*arranged
}

// arranged is what is said of one section.
type arranged struct {
	words
	notes   map[corpus.Language]string
	columns []string // nil for all
	heads   map[string]map[corpus.Language]string
	widths  map[string]float64
}

// words are titles by language; "" is for every language without one.
type words struct {
	titles map[corpus.Language]string
}

// phrase is a paragraph for documents in one language, "" for all.
type phrase struct {
	lang corpus.Language
	s    string
}

// Flaw is what is wrong with a line of an arrangement.
type Flaw struct {
	Line int
	Err  error // a corpus.Refusal that says what to do
}

// Limits of an arrangement (our own); its length is held by review.MaxArrangement.
const (
	maxWords      = 2000 // characters of one value
	maxFlaws      = 50
	maxParagraphs = 40 // of an introduction, and of a closing
)

// ReadArrangement reads an arrangement. A line is "[document]", "[document.section]",
// "key = value", empty, or a remark after "#". Keys are:
//
//	sections = a, b            which sections, in this order
//	title.LANG = words         of the document or the section
//	intro.LANG, closing.LANG   a paragraph before or after the tables; more lines, more paragraphs
//	note.LANG                  the sentence under a section's title
//	columns = a, b             which columns, in this order
//	column.NAME.LANG = words   the head of a column
//	width.NAME = number        its width in characters, 3 to 150
//
// LANG is one of Languages, or left out for every language without words of its own.
// Words may name {dossier}, {parties}, {a}, {b}, {round}, {checksum} and {date}. All
// flaws come back together, each with the number of its line.
func ReadArrangement(body string) (Arrangement, []Flaw) {
	r := arranging{out: Arrangement{parts: map[Document]*documentPart{}}, seen: map[string]int{}}
	for n, line := range strings.Split(body, "\n") {
		r.line = n + 1
		if line = strings.TrimSpace(clean(line)); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := r.read(line); err != nil {
			if r.flaws = append(r.flaws, Flaw{r.line, err}); len(r.flaws) >= maxFlaws {
				break
			}
		}
	}
	return r.out, r.flaws
}

// arranging reads an arrangement line by line.
type arranging struct {
	out     Arrangement
	flaws   []Flaw
	seen    map[string]int // keys with the lines they stand on
	line    int
	at      Document
	section string // "" for the document itself
	lost    bool   // under a heading that names nothing
}

func (r *arranging) read(line string) error {
	if strings.HasPrefix(line, "[") {
		return r.heading(line)
	}
	key, value, found := strings.Cut(line, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	switch {
	case !found || key == "":
		return corpus.Refuse(corpus.ErrInvalid, "template-line", "line {line}: {text} is neither a heading such as [report] nor a key and its value such as title.en = Comparison", "line", r.line, "text", shortened(line, 60))
	case r.lost:
		return nil // the heading was told of
	case r.at == "":
		return corpus.Refuse(corpus.ErrInvalid, "template-headless", "line {line}: {key} stands under no heading; write one such as [report] above it", "line", r.line, "key", shortened(key, 40))
	case utf8.RuneCountInString(value) > maxWords:
		return corpus.Refuse(corpus.ErrInvalid, "template-words-long", "line {line}: {key} has more than {most} characters; divide it", "line", r.line, "key", shortened(key, 40), "most", maxWords)
	}
	for _, hole := range hole.FindAllString(value, -1) {
		if !slices.Contains(placeholders, hole) {
			return corpus.Refuse(corpus.ErrInvalid, "template-placeholder", "line {line}: {hole} names nothing; words may name {known}", "line", r.line, "hole", shortened(hole, 40), "known", strings.Join(placeholders, " "))
		}
	}
	return r.set(key, value)
}

// hole is a placeholder, also one that nobody closed: it would be printed as it stands.
var hole = regexp.MustCompile(`\{[^{}\s]*\}?`)

// heading reads "[document]" or "[document.section]".
func (r *arranging) heading(line string) error {
	r.lost = true
	name, closed := strings.CutSuffix(strings.TrimPrefix(line, "["), "]")
	document, section, within := strings.Cut(strings.TrimSpace(name), ".")
	d := Document(document)
	if !closed || layouts[d] == nil {
		return corpus.Refuse(corpus.ErrInvalid, "template-document", "line {line}: {name} is no document; the documents are {known}", "line", r.line, "name", shortened(line, 40), "known", join(Documents, ", "))
	}
	if within && !slices.Contains(sectionsOf(d), section) {
		return r.noSectionOf(d, section)
	}
	r.at, r.section, r.lost = d, section, false
	return nil
}

// part is what is said of the present document, made when first asked for.
func (r *arranging) part() *documentPart {
	p := r.out.parts[r.at]
	if p == nil {
		p = &documentPart{words: words{map[corpus.Language]string{}}, tables: map[string]*arranged{}}
		r.out.parts[r.at] = p
	}
	return p
}

// table is what is said of the present section.
func (r *arranging) table() *arranged {
	p := r.part()
	if p.tables[r.section] == nil {
		p.tables[r.section] = &arranged{words: words{map[corpus.Language]string{}}, notes: map[corpus.Language]string{}, heads: map[string]map[corpus.Language]string{}, widths: map[string]float64{}}
	}
	return p.tables[r.section]
}

// set keeps one key.
func (r *arranging) set(key, value string) error {
	names := strings.Split(key, ".")
	many := r.section == "" && (names[0] == "intro" || names[0] == "closing")
	whole := string(r.at) + "." + r.section + " " + key
	if before := r.seen[whole]; before > 0 && !many {
		return corpus.Refuse(corpus.ErrInvalid, "template-twice", "line {line}: {key} stands on line {before} already; keep one of them", "line", r.line, "key", shortened(key, 40), "before", before)
	}
	r.seen[whole] = r.line
	if r.section == "" {
		return r.setDocument(key, names, value)
	}
	return r.setSection(key, names, value)
}

// Keys of a document and of a section, as refusals name them.
const (
	documentKeys = "sections, title, intro, closing"
	sectionKeys  = "title, note, columns, column.NAME, width.NAME"
)

func (r *arranging) unknown(key, known string) error {
	return corpus.Refuse(corpus.ErrInvalid, "template-key", "line {line}: {key} is no key here; the keys are {known}", "line", r.line, "key", shortened(key, 40), "known", known)
}

func (r *arranging) setDocument(key string, names []string, value string) error {
	p := r.part()
	if key == "sections" {
		list, err := r.list(value, sectionsOf(r.at), r.noSection)
		p.sections = list
		return err
	}
	if len(names) > 2 {
		return r.unknown(key, documentKeys)
	}
	lang, err := r.language(names[1:])
	if err != nil {
		return err
	}
	switch names[0] {
	case "title":
		p.titles[lang] = value
	case "intro":
		return r.paragraph(&p.intro, phrase{lang, value})
	case "closing":
		return r.paragraph(&p.closing, phrase{lang, value})
	default:
		return r.unknown(key, documentKeys)
	}
	return nil
}

// paragraph adds one to an introduction or a closing.
func (r *arranging) paragraph(to *[]phrase, p phrase) error {
	if len(*to) >= maxParagraphs {
		return corpus.Refuse(corpus.ErrInvalid, "template-paragraphs", "line {line}: there are more than {most} paragraphs; put some together", "line", r.line, "most", maxParagraphs)
	}
	*to = append(*to, p)
	return nil
}

func (r *arranging) setSection(key string, names []string, value string) error {
	t, known := r.table(), columnsOf(r.at, r.section)
	switch {
	case key == "columns" && len(known) == 0:
		return corpus.Refuse(corpus.ErrInvalid, "template-kept", "line {line}: the columns of {section} are the same in every document; take the line out", "line", r.line, "section", r.section)
	case key == "columns":
		list, err := r.list(value, known, r.noColumn)
		t.columns = list
		return err
	case names[0] == "title" && len(names) <= 2, names[0] == "note" && len(names) <= 2:
		lang, err := r.language(names[1:])
		if err != nil {
			return err
		}
		if names[0] == "title" {
			t.titles[lang] = value
		} else {
			t.notes[lang] = value
		}
		return nil
	case (names[0] != "column" || len(names) < 2 || len(names) > 3) && (names[0] != "width" || len(names) != 2):
		return r.unknown(key, sectionKeys)
	case !slices.Contains(known, names[1]):
		return r.noColumn(names[1])
	case names[0] == "width":
		w, err := strconv.ParseFloat(value, 64)
		if err != nil || !(w >= 3 && w <= 150) {
			return corpus.Refuse(corpus.ErrInvalid, "template-width", "line {line}: {value} is no width; write a number of characters from 3 to 150", "line", r.line, "value", shortened(value, 40))
		}
		t.widths[names[1]] = w
		return nil
	}
	lang, err := r.language(names[2:])
	if err != nil {
		return err
	}
	if t.heads[names[1]] == nil {
		t.heads[names[1]] = map[corpus.Language]string{}
	}
	t.heads[names[1]][lang] = value
	return nil
}

func (r *arranging) noSection(name string) error { return r.noSectionOf(r.at, name) }

func (r *arranging) noSectionOf(d Document, name string) error {
	return corpus.Refuse(corpus.ErrInvalid, "template-section", "line {line}: {name} is no section of {document}; its sections are {known}", "line", r.line,
		"name", shortened(name, 40), "document", d, "known", strings.Join(sectionsOf(d), ", "))
}

func (r *arranging) noColumn(name string) error {
	return corpus.Refuse(corpus.ErrInvalid, "template-column", "line {line}: {name} is no column of {document}; its columns are {known}", "line", r.line,
		"name", shortened(name, 40), "document", string(r.at)+"."+r.section, "known", strings.Join(columnsOf(r.at, r.section), ", "))
}

// list reads names with commas between them, each known and said once.
func (r *arranging) list(value string, known []string, unknown func(string) error) ([]string, error) {
	out := []string{}
	for _, name := range strings.Split(value, ",") {
		name = strings.TrimSpace(name)
		switch {
		case !slices.Contains(known, name):
			return nil, unknown(name)
		case slices.Contains(out, name):
			return nil, corpus.Refuse(corpus.ErrInvalid, "template-listed", "line {line}: {name} is listed twice; take one of them out", "line", r.line, "name", name)
		}
		out = append(out, name)
	}
	return out, nil
}

// language reads the end of a key, "" for every language.
func (r *arranging) language(rest []string) (corpus.Language, error) {
	if len(rest) == 0 {
		return "", nil
	}
	if !slices.Contains(Languages(), corpus.Language(rest[0])) {
		return "", corpus.Refuse(corpus.ErrInvalid, "template-language", "line {line}: documents have no headings in {name}; the languages are {known}", "line", r.line, "name", shortened(rest[0], 40), "known", join(Languages(), ", "))
	}
	return corpus.Language(rest[0]), nil
}

func join[T ~string](list []T, between string) string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return strings.Join(out, between)
}

// Kinds lists the documents that the arrangement speaks of, in the order of Documents.
func (a Arrangement) Kinds() []Document {
	said := slices.Collect(maps.Keys(a.parts))
	return slices.DeleteFunc(slices.Clone(Documents), func(d Document) bool { return !slices.Contains(said, d) })
}

// in chooses words for a language, those for every language where there are none.
func in(by map[corpus.Language]string, l corpus.Language) (text, bool) {
	if s, said := by[l]; said {
		return text{s: s, lang: l}, true
	}
	s, said := by[""]
	return text{s: s}, said
}

// width is that of a column, its own where none is said.
func (a *arranged) width(c column) float64 {
	if w, said := a.widths[c.key]; said {
		return w
	}
	return c.width
}

// fill puts values into the places of a text.
func fill(t text, values map[string]string) text {
	t.s = hole.ReplaceAllStringFunc(t.s, func(h string) string {
		if v, known := values[h]; known {
			return v
		}
		return h
	})
	return t
}

// values are what the words of an arrangement, and a letterhead, may name.
func (s Set) values(w phrases) map[string]string {
	out := map[string]string{"{dossier}": oneLine(s.Dossier.Name), "{date}": s.Options.Now.UTC().Format("2006-01-02"), "{round}": w.say("about.no-round"), "{checksum}": "—", "{a}": "", "{b}": ""}
	var parties []string
	for n, side := range s.Dossier.Sides {
		party := oneLine(string(side.Party))
		parties = append(parties, party)
		if n < 2 {
			out[[]string{"{a}", "{b}"}[n]] = party
		}
	}
	out["{parties}"] = strings.Join(parties, " — ")
	if s.Round != nil {
		out["{round}"], out["{checksum}"] = oneLine(fmt.Sprintf("%d · %s", s.Round.Number, s.Round.Name)), s.Round.Checksum
	}
	return out
}
