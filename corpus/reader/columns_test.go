package reader

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
)

// bookOf is a file of sheets, each a name and rows with commas between cells.
func bookOf(t *testing.T, sheets ...[2]string) string {
	t.Helper()
	book := excelize.NewFile()
	for n, sheet := range sheets {
		if n == 0 {
			if err := book.SetSheetName("Sheet1", sheet[0]); err != nil {
				t.Fatal(err)
			}
		} else if _, err := book.NewSheet(sheet[0]); err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(sheet[1], "\n") {
			for j, cell := range strings.Split(line, ",") {
				at, _ := excelize.CoordinatesToCellName(j+1, i+1)
				if err := book.SetCellValue(sheet[0], at, cell); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	muteRows  = "Table of a publisher\nx1,x2,x3,x4\n5.1,Doors,The width shall be at least 0.8 m.,normative\n5.2,Stairs,Rails should stand on both sides.,informative"
	otherRows = "x1,x2\n9.1,Signs shall glow."
)

// said are the clauses of a reading, one a line.
func said(docs []*corpus.Document) string {
	var out []string
	for _, doc := range docs {
		for _, c := range doc.Clauses {
			out = append(out, string(doc.Standard.Language)+" "+c.ID.Key()+" ["+c.Heading+"] "+c.Text+" "+string(c.Kind))
		}
	}
	return strings.Join(out, "\n")
}

func TestColumns(t *testing.T) {
	of := func(pairs ...string) map[string]string {
		out := map[string]string{}
		for n := 0; n+1 < len(pairs); n += 2 {
			out[pairs[n]] = pairs[n+1]
		}
		return out
	}
	mute := "en 5.1 [Doors] The width shall be at least 0.8 m. provision\nen 5.2 [Stairs] Rails should stand on both sides. informative"
	letters := of("number", "A", "title", "B", "text", "$C", "kind", "D")
	for name, c := range map[string]struct {
		file, body string
		columns    corpus.Columns
		want       string // "" for nothing read
		header     int
	}{
		"nothing said":             {"a.csv", muteRows, corpus.Columns{}, "", 2},
		"letters":                  {"a.csv", muteRows, corpus.Columns{Of: letters}, mute, 2},
		"letters, of a workbook":   {"a.xlsx", bookOf(t, [2]string{"One", muteRows}), corpus.Columns{Of: letters}, mute, 2},
		"headers":                  {"a.csv", muteRows, corpus.Columns{Of: of("number", "x1", "title", "X2", "text", "x3", "kind", "x4")}, mute, 2},
		"the line of the header":   {"a.csv", muteRows, corpus.Columns{Of: letters, Header: 3}, "en 5.2 [Stairs] Rails should stand on both sides. informative", 3},
		"nothing else is guessed":  {"a.csv", "number,text,title\n5.1,The width shall be at least 0.8 m.,Doors", corpus.Columns{Of: of("number", "$A", "text", "$B"), Only: true}, "en 5.1 [] The width shall be at least 0.8 m. provision", 1},
		"what is not said is":      {"a.csv", "number,text,title\n5.1,The width shall be at least 0.8 m.,Doors", corpus.Columns{Of: of("number", "$A", "text", "$B")}, "en 5.1 [Doors] The width shall be at least 0.8 m. provision", 1},
		"one of two sheets":        {"a.xlsx", bookOf(t, [2]string{"One", muteRows}, [2]string{"Two", otherRows}), corpus.Columns{Of: of("number", "A", "text", "B"), Sheet: "Two"}, "en 9.1 [] Signs shall glow. provision", 1},
		"a header called as one":   {"a.csv", "B,A\n5.1,The width shall be at least 0.8 m.", corpus.Columns{Of: of("number", "B", "text", "A")}, "en 5.1 [] The width shall be at least 0.8 m. provision", 1},
		"a column a language":      {"a.csv", "No.,Text (EN),Текст (RU)\n5.1,The width shall be at least 0.8 m.,Ширина должна быть не менее 0.8 м.\n5.2,Only here.,", corpus.Columns{}, "en 5.1 [] The width shall be at least 0.8 m. provision\nen 5.2 [] Only here. provision\nru 5.1 [] Ширина должна быть не менее 0.8 м. provision", 1},
		"languages, in Chinese":    {"a.csv", "编号,中文标题,中文条文,英文标题,英文条文\n5.1,门,净宽度不应小于0.8m。,Doors,The width shall be at least 0.8 m.", corpus.Columns{}, "zh 5.1 [门] 净宽度不应小于0.8m。 provision\nen 5.1 [Doors] The width shall be at least 0.8 m. provision", 1},
		"languages by their names": {"a.csv", "№,Русский,English\n5.1,Ширина не менее 0.8 м.,The width shall be at least 0.8 m.", corpus.Columns{}, "ru 5.1 [] Ширина не менее 0.8 м. provision\nen 5.1 [] The width shall be at least 0.8 m. provision", 1},
		"languages, said":          {"a.csv", muteRows, corpus.Columns{Of: of("number", "A", "text:fr", "B", "text:en", "C"), Only: true}, "fr 5.1 [] Doors provision\nfr 5.2 [] Stairs provision\nen 5.1 [] The width shall be at least 0.8 m. provision\nen 5.2 [] Rails should stand on both sides. provision", 2},
		"a language alone is text": {"a.csv", "No.,Text EN\n5.1,The width shall be at least 0.8 m.", corpus.Columns{}, "en 5.1 [] The width shall be at least 0.8 m. provision", 1},
	} {
		t.Run(name, func(t *testing.T) {
			docs, err := Read(c.file, strings.NewReader(c.body), Hint{Designation: "ISO 88:2020", Columns: c.columns})
			if err != nil {
				t.Fatal(err)
			}
			if got := said(docs); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			table := docs[0].Table
			at := slices.IndexFunc(table.Sheets, func(s corpus.TableSheet) bool { return s.Read == (c.want != "") })
			if at < 0 || table.Sheets[at].Header != c.header || table.Key == "" || table.Given["designation"] != "ISO 88:2020" || table.Publisher != "ISO" {
				t.Errorf("kept: %+v", table)
			}
			if fatal := corpus.Fatal(docs[0].Problems); fatal != (c.want == "") {
				t.Errorf("problems: %v", docs[0].Problems)
			}
			ids := map[corpus.StandardID]bool{}
			for _, doc := range docs {
				ids[doc.Standard.ID] = true
			}
			if len(ids) != len(docs) {
				t.Errorf("texts in two languages have one id: %v", ids)
			}
		})
	}
}

// The same headers give the same key, others another one.
func TestColumnsKey(t *testing.T) {
	key := func(text string) string {
		t.Helper()
		docs, err := Read("a.csv", strings.NewReader(text), Hint{Designation: "ISO 88:2020"})
		if err != nil {
			t.Fatal(err)
		}
		return docs[0].Table.Key
	}
	one := key(muteRows)
	if key(muteRows+"\n5.3,Signs,Signs shall glow.,note") != one {
		t.Error("other rows make another key")
	}
	if key(strings.Replace(muteRows, "x3", "x9", 1)) == one || key(strings.Replace(muteRows, "x1,x2", "x2,x1", 1)) == one {
		t.Error("other headers have the same key")
	}
}

// Errors name the file, the sheet and the column.
func TestColumnsNamePlaces(t *testing.T) {
	body := bookOf(t, [2]string{"One", muteRows}, [2]string{"Two", otherRows})
	for says, columns := range map[string]corpus.Columns{
		`a.xlsx: there is no sheet "Three"; the sheets are "One", "Two"`:        {Sheet: "Three"},
		`a.xlsx: sheet "Two": the column F is beyond the last one, B "x2"`:      {Sheet: "Two", Of: map[string]string{"number": "A", "text": "F"}},
		`a.xlsx: sheet "One": the column C "x3" is given for note and for text`: {Sheet: "One", Of: map[string]string{"note": "C", "text": "x3"}},
	} {
		_, err := Read("a.xlsx", strings.NewReader(body), Hint{Columns: columns})
		if err == nil || !strings.HasPrefix(err.Error(), says) {
			t.Errorf("got %v, want %s", err, says)
		}
		if _, refused := corpus.RefusalOf(err); !refused {
			t.Errorf("pages cannot say %v", err)
		}
	}
}

// No word of a cell names two kinds, and no header two roles.
func TestKindNames(t *testing.T) {
	seen := map[string]corpus.Kind{}
	for kind, names := range kindNames {
		for _, name := range names {
			if other, twice := seen[name]; twice && other != kind || foldHeader(name) != name {
				t.Errorf("%q is %s and %s, or not folded", name, kind, other)
			}
			seen[name] = kind
		}
	}
}

func TestColumnLetters(t *testing.T) {
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := corpus.ColumnLetters(n); got != want || corpus.ColumnNumber(want) != n {
			t.Errorf("%d is %s, %s is %d", n, got, want, corpus.ColumnNumber(want))
		}
	}
	for _, bad := range []string{"", "a", "1", "A1", strings.Repeat("Z", 40)} {
		if n := corpus.ColumnNumber(bad); n >= 0 && bad != strings.Repeat("Z", 40) {
			t.Errorf("%q is column %d", bad, n)
		}
	}
}
