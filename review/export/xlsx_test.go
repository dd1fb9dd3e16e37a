package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the diff:\n%s", path, got)
	}
}

// gatheredFrom is the Set of a shelf in a language.
func gatheredFrom(t *testing.T, s shelf, lang corpus.Language) Set {
	t.Helper()
	label := func(id string, in corpus.Language) string { return id + " in " + string(in) }
	set, err := Gather(context.Background(), s, uuid.Nil, Options{Now: when, Version: "test", Language: lang, Label: label})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// opened is a workbook read back.
func opened(t *testing.T, s Set) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := XLSX(&out, s); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestXLSX(t *testing.T) {
	f := opened(t, gatheredFrom(t, sample(), "zh"))
	if want := []string{"对照表", "指标比对", "差距 A", "差距 B", "说明"}; !slices.Equal(f.GetSheetList(), want) {
		t.Fatalf("the sheets are %q", f.GetSheetList())
	}
	var all strings.Builder
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "== %s\n", sheet)
		for _, row := range rows {
			fmt.Fprintf(&all, "%q\n", row)
		}
	}
	golden(t, "workbook.golden", all.String())
	for _, sheet := range f.GetSheetList()[:4] {
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the head is not frozen: %+v %v", sheet, panes, err)
		}
	}
	filters := 0
	for _, name := range f.GetDefinedName() {
		if name.Name == "_xlnm._FilterDatabase" {
			filters++
		}
	}
	if filters != 4 {
		t.Errorf("%d sheets have filters, want the 4 tables", filters)
	}
}

// TestXLSXFiguresAreNumbers holds that factors can be sorted and everything else
// is a string, also what looks like a number or a date.
func TestXLSXFiguresAreNumbers(t *testing.T) {
	f := opened(t, gatheredFrom(t, wholeSample(), "en"))
	kinds := map[string]excelize.CellType{"Indicators!H2": excelize.CellTypeUnset, "Indicators!I2": excelize.CellTypeUnset,
		"Comparison!A2": excelize.CellTypeInlineString, "Comparison!C2": excelize.CellTypeInlineString, "Comparison!N2": excelize.CellTypeInlineString}
	for at, want := range kinds {
		sheet, cell, _ := strings.Cut(at, "!")
		got, err := f.GetCellType(sheet, cell)
		if err != nil || got != want {
			value, _ := f.GetCellValue(sheet, cell)
			t.Errorf("%s is %q of type %d, want %d (%v)", at, value, got, want, err)
		}
	}
	if v, _ := f.GetCellValue("Indicators", "H2"); v != "1.125" {
		t.Errorf("the factor is %q", v)
	}
}

// wholeSample is the sample with full rights on both sides.
func wholeSample() shelf {
	s := sample()
	s.standards[1].Rights = corpus.RightsFull
	return s
}

// payloads are texts that spreadsheet programs or XML would trip over
// (RELIABILITY.md 4.7 X1 and X3).
var payloads = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1", "|cmd", "=cmd|' /C calc'!A0", `=HYPERLINK("http://x.invalid","y")`,
	"\x0b=1", "\x00=2", "a\x08b", "\ufffe", "\uffff", "<script>alert(1)</script>", "]]>", "&amp;", "_x000D_", "\u202egnp.exe", "a\xed\xa0\x80b", "'=1", "=DDE(\"x\",\"y\")",
}

// hostile is a dossier whose every free text is a payload.
func hostile(payload string) shelf {
	s := wholeSample()
	s.dossier.Name = payload
	s.dossier.Sides[0].Party = review.Party(payload)
	for n := range s.clauses {
		s.clauses[n].Label, s.clauses[n].Heading, s.clauses[n].Text = payload, payload, payload
	}
	for n := range s.standards {
		s.standards[n].Designation, s.standards[n].Edition = payload, payload
		s.standards[n].Titles = []corpus.Title{{Language: "zh", Text: payload}}
	}
	for n := range s.matches {
		o := s.matches[n].Outcome
		o.AToB.Conditions, o.BToA.Conditions = []string{payload}, []string{payload}
		s.matches[n].Decisions[0].Note, s.matches[n].Decisions[0].Search = payload, payload
		for d := range s.matches[n].Proposal.Differences {
			row := &s.matches[n].Proposal.Differences[d]
			row.A, row.B, row.Unit = payload, payload, payload
		}
	}
	return s
}

// TestPayloadsAreInert writes every payload in every place into tables.
func TestPayloadsAreInert(t *testing.T) {
	for _, payload := range payloads {
		t.Run(fmt.Sprintf("%q", payload), func(t *testing.T) {
			s := gatheredFrom(t, hostile(payload), "en")
			f := opened(t, s)
			for _, sheet := range f.GetSheetList() {
				rows, err := f.GetRows(sheet)
				if err != nil {
					t.Fatal(err)
				}
				for r, row := range rows {
					for c := range row {
						at, _ := excelize.CoordinatesToCellName(c+1, r+1)
						if formula, _ := f.GetCellFormula(sheet, at); formula != "" {
							t.Errorf("%s!%s holds the formula %q", sheet, at, formula)
						}
					}
				}
			}
			for _, format := range Formats {
				if format.MediaType == "text/csv; charset=utf-8" {
					inertCSV(t, format, s)
				}
			}
		})
	}
}

// inertCSV reads a table back and asks whether a cell would run.
func inertCSV(t *testing.T, f Format, s Set) {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out, s); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if exchange.Inert(cell) != cell || strings.ContainsFunc(cell, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }) {
				t.Errorf("%s: the cell %q would run or breaks the file", f.Name, cell)
			}
		}
	}
}

func TestXLSXLongTexts(t *testing.T) {
	long := strings.Repeat("長𠀀", 20_000) // three units of UTF-16 each
	s := wholeSample()
	s.clauses[0].Text = long
	f := opened(t, gatheredFrom(t, s, "en"))
	got, err := f.GetCellValue("Comparison", "D2")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(got, cut) || strings.ContainsRune(got, '\ufffd') {
		t.Errorf("a text too long for a cell ends with %q", got[max(0, len(got)-20):])
	}
	if fitting("short") != "short" {
		t.Error("a short text was cut")
	}
}

func TestSameInputSameBytes(t *testing.T) {
	for _, f := range Formats {
		var first, second bytes.Buffer
		if err := f.Write(&first, gatheredFrom(t, sample(), "ru")); err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&second, gatheredFrom(t, sample(), "ru")); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s differs when written twice", f.Name)
		}
	}
}

// TestPhrases holds every language to the same keys, and the program to keys
// that are there.
func TestPhrases(t *testing.T) {
	if want := []corpus.Language{"en", "zh", "ru", "ar", "fr", "es"}; !slices.Equal(Languages(), want) {
		t.Errorf("the languages are %v", Languages())
	}
	for n, line := range strings.Split(strings.TrimRight(wordsFile, "\n"), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != len(Languages())+1 || slices.Contains(cells, "") {
			t.Errorf("words.tsv line %d: %d cells, or an empty one", n+1, len(cells))
		}
	}
	w := phrasesIn("xx")
	if w.lang != "en" || w.say("nothing") != "⟦nothing⟧" {
		t.Error("a language or a key that is not there goes unnoticed")
	}
	var keys []string
	for _, v := range review.Verdicts[:7] {
		keys = append(keys, "relation."+string(v))
	}
	for _, p := range review.Policies {
		keys = append(keys, "policy."+string(p))
	}
	for _, r := range review.ReasonCodes {
		keys = append(keys, "reason."+r)
	}
	for _, key := range keys {
		if strings.HasPrefix(w.say(key), "⟦") {
			t.Errorf("there are no words for %s", key)
		}
	}
	for _, f := range Formats {
		if strings.Contains(written(t, f, gatheredFrom(t, sample(), "ar")), "⟦") {
			t.Errorf("%s asks for words that are not there", f.Name)
		}
	}
}

// TestFacing turns a pair that was made from the second side.
func TestFacing(t *testing.T) {
	s := wholeSample()
	m := &s.matches[2] // superset
	m.Sources, m.Targets = []corpus.ClauseID{"ru-b/5.3"}, []corpus.ClauseID{"cn-a/5.3"}
	m.Against = "cn-a"
	m.Proposal.Source, m.Proposal.Target = "ru-b/5.3", "cn-a/5.3"
	m.Digests = map[corpus.ClauseID]corpus.Digest{"ru-b/5.3": "aa", "cn-a/5.3": "bb"}
	i := gatheredFrom(t, s, "en").pairs()[2]
	if i.Sources[0].ID != "cn-a/5.3" || i.Match.Against != "ru-b" || i.Match.Outcome.Verdict != "subset" {
		t.Errorf("turned to %s against %s, %s", i.Sources[0].ID, i.Match.Against, i.Match.Outcome.Verdict)
	}
	if o := i.Match.Outcome; o.BToA.Answer != corpus.AnswerConditions || o.AToB.Answer != corpus.AnswerOpen {
		t.Errorf("recognition is %+v", o)
	}
	d := i.Differences[0]
	if d.A != ">= 0.9 m HIDDEN" || d.Finding != "a-stricter" || d.Factor != 1/1.125 || d.Delta != -0.1 {
		t.Errorf("the figures are %+v", d)
	}
}

// TestOldComparisonsAreNotPrinted: figures of a text that stands no more.
func TestOldComparisonsAreNotPrinted(t *testing.T) {
	s := wholeSample()
	s.matches[0].Digests["ru-b/5.1"] = "newer"
	set := gatheredFrom(t, s, "en")
	if set.pairs()[0].Differences != nil {
		t.Error("figures of an older text are printed")
	}
	if set.pairs()[1].Differences == nil {
		t.Error("the check finds nothing: figures of the present text are gone too")
	}
}
