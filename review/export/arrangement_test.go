package export

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// stationery reads a template that must be right.
func stationery(t *testing.T, arrangement string, letterhead []byte) *Stationery {
	t.Helper()
	s, err := ReadTemplate(review.Template{ID: uuid.New(), Name: "House style", Version: 3, Arrangement: arrangement, Letterhead: letterhead})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// reportOf is the report of a kind of document before it is written.
func reportOf(s Set, d Document) report {
	if d != DocumentReport && d != DocumentWorkbook {
		s = s.settled()
	}
	return map[Document]func() report{DocumentReport: s.document, DocumentWorkbook: s.workbook, DocumentGB: s.formGB, DocumentGOST: s.formGOST, DocumentMRA: s.annexMRA}[d]()
}

// everything is a sample with reservations and a line that is not agreed.
func everything(t *testing.T, lang corpus.Language) Set {
	t.Helper()
	w := sample()
	m := w.match(2, "equivalent")
	m.ID, m.State, m.Outcome = uuid.NewSHA1(uuid.Nil, []byte("waits")), review.StateOpinion, nil
	m.Decisions[0].Note = "BLIND"
	w.matches = append(w.matches, m)
	w.reserved = []review.Reservation{{ID: uuid.New(), Dossier: w.dossier.ID, Party: "CN", Text: "until 2027", At: when}}
	s, err := Gather(t.Context(), w, w.dossier.ID, Options{Now: when, Version: "test", Language: lang, OneSided: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The sections and columns that an arrangement may name are those that are written.
func TestLayoutsAreWhatIsWritten(t *testing.T) {
	s := everything(t, "en")
	s.Round = &Stamp{Unmatched: []review.Unmatched{}}
	for _, d := range Documents {
		got := map[string]string{}
		for _, tab := range reportOf(s, d).tables {
			var keys []string
			for _, c := range tab.columns {
				keys = append(keys, c.key)
			}
			got[tab.key] = strings.TrimSpace(strings.Join(keys, " "))
		}
		for _, l := range layouts[d] {
			if written, there := got[l.section]; !there || l.columns != "" && written != l.columns {
				t.Errorf("[%s.%s] is %q, written is %q (there: %v)", d, l.section, l.columns, written, there)
			}
			delete(got, l.section)
		}
		if len(got) > 0 {
			t.Errorf("%s: no arrangement can name %v", d, got)
		}
	}
}

func TestReadArrangement(t *testing.T) {
	good := "# ours\n[report]\nsections = gaps-a, comparison\ntitle.zh = 对照表\nintro.en = First {dossier}\nintro.en = Second\n\n[report.comparison]\ncolumns = b, a\ncolumn.a.en = Ours\nwidth.a = 40\n"
	if a, flaws := ReadArrangement(good); len(flaws) > 0 || !slices.Equal(a.Kinds(), []Document{DocumentReport}) {
		t.Fatalf("%v %v", flaws, a.Kinds())
	}
	cases := map[string]struct{ text, rule string }{
		"words alone":       {"[report]\nhello", "template-line 2"},
		"no heading":        {"title = x", "template-headless 1"},
		"no such document":  {"[letter]\ntitle = x", "template-document 1"},
		"an open heading":   {"[report", "template-document 1"},
		"no such section":   {"[report.annex]", "template-section 1"},
		"no such in a list": {"[gb]\nsections = numbers, scope", "template-section 2"},
		"listed twice":      {"[gb]\nsections = numbers, numbers", "template-listed 2"},
		"an empty list":     {"[gb]\nsections =", "template-section 2"},
		"no such key":       {"[report]\ncolour = red", "template-key 2"},
		"key of a section":  {"[report]\ncolumns = a", "template-key 2"},
		"intro of a table":  {"[report.comparison]\nintro = a", "template-key 2"},
		"no such language":  {"[report]\ntitle.xx = a", "template-language 2"},
		"no such column":    {"[report.comparison]\ncolumns = a, factor", "template-column 2"},
		"head of no column": {"[report.comparison]\ncolumn.zz = a", "template-column 2"},
		"width":             {"[report.comparison]\nwidth.a = NaN", "template-width 2"},
		"wide":              {"[report.comparison]\nwidth.a = 151", "template-width 2"},
		"twice":             {"[report]\ntitle.en = a\n#\ntitle.en = b", "template-twice 4"},
		"kept columns":      {"[report.record]\ncolumns = no", "template-kept 2"},
		"placeholder":       {"[report]\ntitle = {decision}", "template-placeholder 2"},
		"placeholder open":  {"[report]\ntitle = Report {dossier of the round", "template-placeholder 2"},
		"long":              {"[report]\ntitle = " + strings.Repeat("я", maxWords+1), "template-words-long 2"},
		"paragraphs":        {"[report]\n" + strings.Repeat("intro = x\n", maxParagraphs+1), fmt.Sprintf("template-paragraphs %d", maxParagraphs+2)},
	}
	for name, c := range cases {
		_, flaws := ReadArrangement(c.text)
		if len(flaws) != 1 {
			t.Errorf("%s: %v", name, flaws)
			continue
		}
		refusal, is := corpus.RefusalOf(flaws[0].Err)
		if !is || fmt.Sprint(refusal.Rule, " ", flaws[0].Line) != c.rule || strings.Contains(refusal.Error(), "{") && !strings.HasPrefix(name, "placeholder") {
			t.Errorf("%s: %v on line %d", name, flaws[0].Err, flaws[0].Line)
		}
	}
	if _, flaws := ReadArrangement(strings.Repeat("x\n", 500)); len(flaws) != maxFlaws {
		t.Errorf("%d flaws are told", len(flaws))
	}
}

// hostileArrangement tries to take everything away that a document must carry.
func hostileArrangement(d Document) string {
	var b strings.Builder
	own := slices.DeleteFunc(sectionsOf(d), func(s string) bool { return slices.Contains(keptSections, s) })
	fmt.Fprintf(&b, "[%s]\nsections = %s\ntitle = <b>=1+1</b> {dossier}\nintro = <script>alert(1)</script>\nclosing = =HYPERLINK(\"x\")\n", d, own[0])
	for _, section := range sectionsOf(d) {
		fmt.Fprintf(&b, "[%s.%s]\ntitle = @SUM(1) %s\nnote = -\n", d, section, section)
		if columns := columnsOf(d, section); len(columns) > 0 {
			last := slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return slices.Contains(keptColumns, c) })
			fmt.Fprintf(&b, "columns = %s\n", last[len(last)-1])
		}
	}
	return b.String()
}

// No template takes away what a document must carry, or opens a text that may not be
// shown, or comes out as markup or a formula.
func TestTemplatesKeepWhatMustStand(t *testing.T) {
	for _, f := range Formats {
		d := DocumentOf(f.Name)
		if d == "" {
			continue
		}
		s := everything(t, "en")
		s.Round = &Stamp{Number: 2, Name: "Second", Checksum: strings.Repeat("c0ffee", 10)}
		s.Options.Only = &Selection{Said: "chapter 5 alone"}
		s.Options.Template = stationery(t, hostileArrangement(d), nil)
		var out bytes.Buffer
		if err := f.Write(&out, s); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		got := out.String()
		if f.Extension != ".html" && !strings.HasSuffix(f.Extension, ".html") {
			got = unpacked(t, out.Bytes())
		}
		must := []string{"House style · 3 · SHA-256 " + s.Options.Template.Checksum, s.Round.Checksum, "2026-03-01 09:00:00 UTC", "chapter 5 alone", "until 2027", "Demonstration"}
		switch d {
		case DocumentReport, DocumentWorkbook:
			must = append(must, mark)
		}
		if d == DocumentGB {
			must[5] = "演示"
		} else if d == DocumentGOST {
			must[5] = "Демонстрация"
		}
		must = append(must, "cn-a/5.1@aa")
		for _, i := range s.pairs() {
			must = append(must, i.agreedBy()[0].ID.String())
		}
		for _, want := range must {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the template took %q away", f.Name, want)
			}
		}
		for _, never := range []string{"<script>", "<b>=1", "HIDDEN", "BLIND", "text ru-b", "<f>"} {
			if strings.Contains(got, never) {
				t.Errorf("%s: %q came out", f.Name, never)
			}
		}
	}
}

// unpacked is every part of a package one behind the other.
func unpacked(t *testing.T, body []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range archive.File {
		p := part(t, f)
		if err := wellFormed(p); err != nil && (strings.HasSuffix(f.Name, ".xml") || strings.HasSuffix(f.Name, ".rels")) {
			t.Errorf("%s: %v", f.Name, err)
		}
		out.WriteString(p)
	}
	return out.String()
}

// What an arrangement says is what the document shows, for every kind.
func TestArrangedDocuments(t *testing.T) {
	s := everything(t, "zh")
	for d, text := range map[Document]string{
		DocumentReport:   "[report]\nsections = indicators, comparison\ntitle.zh = 条款对照 {parties}\ntitle.en = WRONG\nintro = 序 {date}\nclosing.zh = 完\n[report.comparison]\ntitle.zh = 甲\ncolumns = b, a\ncolumn.a.zh = 中方 {a}\nwidth.a = 99\n",
		DocumentWorkbook: "[workbook]\nsections = gaps-a, comparison\n[workbook.comparison]\ntitle = a/b: " + strings.Repeat("长", 40) + "\ncolumns = text-b, text-a, relation\n",
		DocumentGB:       "[gb]\nsections = differences\n[gb.differences]\ntitle = {a} ↔ {b}\n",
		DocumentGOST:     "[gost]\nsections = db\nintro.ru = Введение\n",
		DocumentMRA:      "[mra]\nsections = signatures, section-1\n",
	} {
		s.Options.Template = stationery(t, text, nil)
		r := s.arranged(d, reportOf(s, d))
		var keys []string
		for _, tab := range r.tables {
			keys = append(keys, tab.key)
		}
		want := map[Document]string{
			DocumentReport: "indicators comparison closing reservations record about", DocumentWorkbook: "gaps-a comparison reservations about",
			DocumentGB: "differences reservations record about", DocumentGOST: "db reservations record about", DocumentMRA: "signatures section-1 reservations record about"}[d]
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
		at := func(key string) table { return r.tables[slices.Index(keys, key)] }
		columns := func(tab table) string {
			var out []string
			for _, c := range tab.columns {
				out = append(out, c.key)
			}
			return strings.Join(out, " ")
		}
		switch d {
		case DocumentReport:
			c := at("comparison")
			if r.title.s != "条款对照 CN — RU" || r.intro[0].s != "序 2026-03-01" || at("closing").texts[0].s != "完" || c.title.s != "甲" ||
				columns(c) != "no state b a" || c.columns[3].title.s != "中方 CN" || c.columns[3].width != 99 || len(c.rows[0]) != 4 {
				t.Errorf("%+v %s", r.title, columns(c))
			}
		case DocumentWorkbook:
			if c := at("comparison"); columns(c) != "no state text-b text-a relation match decisions versions" || c.ids != 3 || len([]rune(c.name)) > maxSheetName || strings.ContainsAny(c.name, "/:") {
				t.Errorf("%s %q", columns(c), c.name)
			}
		case DocumentGB:
			if got := at("differences").title.s; got != "GB 1-2020 ↔ СП 2" {
				t.Error(got)
			}
		}
	}
}

// A line that is not agreed is marked wherever it stands, and nobody's answer is told;
// without the switch there is none.
func TestOneSidedLines(t *testing.T) {
	s := everything(t, "en")
	if len(s.Waiting) != 1 {
		t.Fatalf("%d lines wait", len(s.Waiting))
	}
	for _, f := range Formats {
		var out bytes.Buffer
		if err := f.Write(&out, s); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		if slices.Contains([]string{"docx", "xlsx", "gb", "gost", "mra"}, f.Name) {
			got = unpacked(t, out.Bytes())
		}
		id := s.Waiting[0].Match.ID.String()
		if strings.Contains(got, id) != f.Marks || strings.Contains(got, "BLIND") {
			t.Errorf("%s: the waiting line is there: %v, it can be marked: %v", f.Name, strings.Contains(got, id), f.Marks)
		}
		if f.Marks && !strings.Contains(got, map[bool]string{true: "opinion", false: mark}[f.Name == "csv"]) {
			t.Errorf("%s: no mark", f.Name)
		}
	}
	if plain := gatheredFrom(t, wholeSample(), "en"); len(plain.Waiting) != 0 {
		t.Error("lines wait without the switch")
	}
}

// The arrangement that people begin from changes nothing but the line that names it.
func TestDefaultArrangementChangesNothing(t *testing.T) {
	s := everything(t, "zh")
	named := s
	named.Options.Template = stationery(t, "", nil)
	written := s
	written.Options.Template = stationery(t, DefaultArrangement(), nil)
	if got := written.Options.Template.arrangement.Kinds(); !slices.Equal(got, Documents) {
		t.Fatalf("it speaks of %v", got)
	}
	written.Options.Template.Checksum = named.Options.Template.Checksum
	for _, f := range Formats {
		if DocumentOf(f.Name) == "" {
			continue
		}
		var a, b bytes.Buffer
		if err := f.Write(&a, named); err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&b, written); err != nil {
			t.Fatal(err)
		}
		one, two := a.String(), b.String()
		if !strings.HasSuffix(f.Extension, "html") {
			one, two = unpacked(t, a.Bytes()), unpacked(t, b.Bytes())
		}
		if one != two {
			t.Errorf("%s differs", f.Name)
		}
	}
	p := written.Preview(DocumentReport, 1)
	if len(p.Tables) == 0 || len(p.Tables[0].Rows) != 1 || p.Tables[0].Left == 0 || p.Title.S == "" {
		t.Errorf("%+v", p)
	}
	if empty := written.Preview("letter", 1); len(empty.Tables) > 0 {
		t.Error("a preview of nothing")
	}
}
