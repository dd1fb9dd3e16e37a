package reader

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/corpus"
)

// What cannot be read is refused with one sentence that names the file, the
// place and the cure.
func TestRefusals(t *testing.T) {
	long := strings.Repeat("x", maxLineBytes+1)
	for _, row := range []struct {
		name, file, body string
		kind             error
		says             string
		hint             Hint
	}{
		{"empty", "a.txt", "", corpus.ErrInvalid, "is empty", Hint{}},
		{"blank", "a.txt", " \n\t\n", corpus.ErrInvalid, "is empty", Hint{}},
		{"pdf", "a.txt", "%PDF-1.7\n...", corpus.ErrInvalid, "PDF", Hint{}},
		{"word", "a.md", "PK\x03\x04....", corpus.ErrInvalid, "ZIP", Hint{}},
		{"binary", "a.bin", "abc\x00\x01\x02\xff\x00\x03def\x00ghi\x00\x00", corpus.ErrInvalid, "binary", Hint{}},
		{"unknown XML", "a.xml", "<svg><text>1.1 text</text></svg>", corpus.ErrInvalid, "format is not known", Hint{}},
		{"page without clause", "a.html", "<html><body>some text</body></html>", corpus.ErrInvalid, "no clause", Hint{}},
		{"deep page", "a.html", "<html><body>" + strings.Repeat("<div>", 100_000) + "1.1 text", corpus.ErrLimit, "nested deeper", Hint{}},
		{"tags of a page", "a.html", "<html><p>1.1 text" + strings.Repeat("<br>", maxHTMLTags), corpus.ErrLimit, "elements", Hint{}},
		{"attributes of a page", "a.html", "<html><p" + strings.Repeat(` a=""`, maxXMLAttributes+1) + ">1.1 text", corpus.ErrLimit, "attributes", Hint{}},
		{"no clause", "a.jsonl", "\n\n{}\n", corpus.ErrInvalid, "line 3", Hint{}},
		{"no clause in JSON", "a.json", `{"glossary":[{"title":"x","body":"y"}]}`, corpus.ErrInvalid, "no clause was found", Hint{}},
		{"broken JSON", "a.json", `{"a": [1, 2`, corpus.ErrInvalid, "not valid JSON", Hint{}},
		{"deep JSON", "a.json", strings.Repeat("[", maxJSONDepth+1) + strings.Repeat("]", maxJSONDepth+1), corpus.ErrLimit, "deeper than 512", Hint{}},
		{"deep catalog", "a.json", `{"catalog": {"groups":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + "}}", corpus.ErrLimit, "deeper", Hint{}},
		{"profile", "a.json", `{"profile": {"uuid": "x", "metadata": {}}}`, corpus.ErrInvalid, "OSCAL profile", Hint{}},
		{"mapping", "a.json", `{"mapping-collection": {"uuid": "x"}}`, corpus.ErrInvalid, "mapping collection", Hint{}},
		{"broken lines", "a.jsonl", "{\"text\":\"x\",\"clause\":\"1\"}\nnot json\n{bad}\n", corpus.ErrInvalid, "line 2", Hint{}},
		{"role without a column", "a.csv", "foo,bar\n1,2\n", corpus.ErrInvalid, "no column is said to hold text", Hint{Columns: corpus.Columns{Of: map[string]string{"number": "foo"}}}},
		{"column beyond the last", "a.csv", "foo,bar\n1,2\n", corpus.ErrInvalid, "column C is beyond the last one, B \"bar\"", Hint{Columns: corpus.Columns{Of: map[string]string{"number": "A", "text": "C"}}}},
		{"column for two things", "a.csv", "foo,bar\n1,2\n", corpus.ErrInvalid, "column A \"foo\" is given for number and for text", Hint{Columns: corpus.Columns{Of: map[string]string{"number": "foo", "text": "A"}}}},
		{"language that is none", "a.csv", "foo,bar\n1,2\n", corpus.ErrInvalid, "is not a role", Hint{Columns: corpus.Columns{Of: map[string]string{"text:!": "foo"}}}},
		{"header too far down", "a.csv", "foo,bar\n1,2\n", corpus.ErrInvalid, "line 9 is blank", Hint{Columns: corpus.Columns{Of: map[string]string{"number": "A", "text": "B"}, Header: 9}}},
		{"wrong role", "a.csv", "foo,bar\n1,2\n", corpus.ErrInvalid, "is not a role", Hint{Columns: corpus.Columns{Of: map[string]string{"nummer": "foo"}}}},
		{"wrong header", "a.csv", "foo,bar\n1,2\n", corpus.ErrInvalid, "no header is named", Hint{Columns: corpus.Columns{Of: map[string]string{"number": "baz"}}}},
		{"columns", "a.csv", "number,text" + strings.Repeat(",x", maxColumns) + "\n1,2\n", corpus.ErrLimit, "256 columns", Hint{}},
		{"cell", "a.csv", "number,text\n1," + strings.Repeat("x", maxCellBytes+1) + "\n", corpus.ErrLimit, "32 KB", Hint{}},
		{"rows", "a.csv", "number,text\n" + strings.Repeat("1,2\n", maxRows+2), corpus.ErrLimit, "200000 rows", Hint{}},
		{"long line", "a.txt", "1 Scope\n" + long, corpus.ErrLimit, "line 2", Hint{}},
		{"long line, Markdown", "a.md", "# A\n" + long, corpus.ErrLimit, "line 2", Hint{}},
		{"many lines", "a.txt", strings.Repeat("\n", maxLines+2) + "1.1 text", corpus.ErrLimit, "500000 lines", Hint{}},
		{"many cells", "a.csv", "number,text" + strings.Repeat(",x", 200) + strings.Repeat("\n1,2"+strings.Repeat(",", 199), maxCells/201+2), corpus.ErrLimit, "cells", Hint{}},
		{"many values", "a.json", "[" + strings.Repeat("1,", maxJSONValues+1) + "1]", corpus.ErrLimit, "values", Hint{}},
		{"many objects", "oscal.json", `{"catalog":{"controls":[` + strings.Repeat("{},", maxJSONObjects+1) + "{}]}}", corpus.ErrLimit, "objects", Hint{}},
		{"many records", "a.jsonl", strings.Repeat("{\"clause\":\"1\",\"text\":\"x\"}\n", 3*corpus.MaxClauses+2), corpus.ErrLimit, "clauses", Hint{Designation: "X"}},
		{"deep XML", "a.xml", "<standard>" + strings.Repeat("<sec>", 300) + strings.Repeat("</sec>", 300) + "</standard>", corpus.ErrLimit, "deeper than 256", Hint{}},
		{"many elements", "a.xml", "<standard>" + strings.Repeat("<p/>", maxXMLElements+1) + "</standard>", corpus.ErrLimit, "elements", Hint{}},
		{"many attributes", "a.xml", "<standard" + strings.Repeat(` a=""`, maxXMLAttributes+1) + "/>", corpus.ErrLimit, "attributes", Hint{}},
		{"entity bomb", "a.xml", `<!DOCTYPE standard [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><standard><body><sec><p>&b;</p></sec></body></standard>`, corpus.ErrInvalid, "line 1", Hint{}},
		{"outside entity", "a.xml", `<!DOCTYPE standard [<!ENTITY x SYSTEM "file:///etc/passwd">]><standard><body><sec><p>&x;</p></sec></body></standard>`, corpus.ErrInvalid, "entity", Hint{}},
		{"broken XML", "a.xml", "<standard>\n<body><sec></body></standard>", corpus.ErrInvalid, "line 2, column", Hint{}},
		{"cut XML", "a.xml", "<standard><body>", corpus.ErrInvalid, "cut off", Hint{}},
		{"XML without clause", "a.xml", "<standard/>", corpus.ErrInvalid, "no clause", Hint{}},
		{"YAML catalog with aliases", "a.yaml", "catalog:\n  a: &a [x,x]\n  b: [*a,*a]\n", corpus.ErrInvalid, "aliases", Hint{}},
		{"YAML catalog, deep", "a.yaml", "catalog:\n  a: " + strings.Repeat("[", 100_000), corpus.ErrLimit, "nested too deep", Hint{}},
		{"YAML profile", "a.yaml", "profile:\n  uuid: x\n", corpus.ErrInvalid, "OSCAL profile", Hint{}},
		{"XML profile", "a.xml", "<profile/>", corpus.ErrInvalid, "OSCAL profile", Hint{}},
		{"AsciiDoc of includes", "a.adoc", "= T\n\ninclude::b.adoc[]\n", corpus.ErrInvalid, "b.adoc", Hint{}},
		{"yaml bomb", "a.md", "---\na: &a [x,x]\nb: [*a,*a]\n---\n# T\n1.1 text\n", corpus.ErrInvalid, "anchors", Hint{}},
		{"yaml broken", "a.md", "---\na: [\n---\n# T\n", corpus.ErrInvalid, "front matter", Hint{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Read(row.file, strings.NewReader(row.body), row.hint)
			if !errors.Is(err, row.kind) || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), row.file) {
				t.Fatalf("got %v, want a %v that says %q", err, row.kind, row.says)
			}
			if strings.ContainsAny(err.Error(), "\n") || len(err.Error()) > 600 {
				t.Errorf("not one sentence: %v", err)
			}
			if r, told := corpus.RefusalOf(err); !told || !strings.Contains(err.Error(), corpus.Sentence(r)) || strings.Contains(err.Error(), "{") && !strings.Contains(row.body, "{") {
				t.Errorf("no rule that pages can say: %v", err)
			}
		})
	}
}

// errorWithoutRule is an error about a file that is English alone: of a kind, and no
// refusal.
var errorWithoutRule = regexp.MustCompile(`Errorf\(.*corpus\.Err(Invalid|Limit)\)`)

// Every error about a file has a rule, so that pages say it in their languages.
func TestErrorsHaveRules(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(raw), "\n") {
			if !strings.HasSuffix(name, "_test.go") && errorWithoutRule.MatchString(line) && !strings.Contains(line, "corpus.Refuse(") {
				t.Errorf("%s, line %d: %s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
	if !errorWithoutRule.MatchString(`return fmt.Errorf("the file is empty: %w", corpus.ErrInvalid)`) {
		t.Error("the check finds nothing")
	}
}

// A part of a file, and what is inside a container, keep the rule of what is wrong
// with them and say where it is.
func TestRefusalsOfParts(t *testing.T) {
	_, err := Read("a.zip", bytes.NewReader(packed("x/b.xml", "<standard>\n<body></sec></standard>")), Hint{})
	r, told := corpus.RefusalOf(err)
	if !told || r.Rule != "zip-none" || !strings.Contains(err.Error(), "x/b.xml was left out: line 2, column") || !errors.Is(err, corpus.ErrInvalid) {
		t.Fatalf("got %v", err)
	}
	if inner, nested := corpus.RefusalIn(r.Values[3]); !nested || inner.Rule != "xml-closes" {
		t.Errorf("what is wrong inside is lost: %+v", r)
	}
	docs, err := Read("a.zip", bytes.NewReader(packed("a.txt", "Rules\n\n1 Scope\n\n1.1 Doors shall open.\n", "b.png", "\x89PNG")), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(docs[0].Problems, func(p corpus.Problem) bool { return p.Rule == "left-out" })
	if at < 0 || docs[0].Problems[at].File != "a.zip/b.png" || docs[0].Problems[at].Message != "the file was left out: this is a picture, which cannot be read here; give the text itself" {
		t.Errorf("problems %+v", docs[0].Problems)
	}
	_, err = Read("a.docx", bytes.NewReader(packed("word/document.xml", "<w:document><w:body>")), Hint{})
	if r, told = corpus.RefusalOf(err); !told || r.Rule != "part" || r.Values[1] != "word/document.xml" || !errors.Is(err, corpus.ErrInvalid) || strings.Count(err.Error(), corpus.ErrInvalid.Error()) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestLargeFileIsRefused(t *testing.T) {
	_, err := Read("big.txt", &endless{}, Hint{})
	if !errors.Is(err, corpus.ErrLimit) || !strings.Contains(err.Error(), "64 MB") {
		t.Fatal(err)
	}
}

// endless is a reader without end.
type endless struct{}

func (*endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestTooManyClauses(t *testing.T) {
	var b strings.Builder
	for i := 1; i <= corpus.MaxClauses+1; i++ {
		fmt.Fprintf(&b, "{\"standard\":\"ISO 1:2000\",\"clause\":\"%d\",\"text\":\"text %d\"}\n", i, i)
	}
	docs, err := Read("many.jsonl", strings.NewReader(b.String()), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	if !corpus.Fatal(docs[0].Problems) {
		t.Error("more clauses than allowed pass")
	}
}

// Hints overrule what was detected.
func TestHints(t *testing.T) {
	docs, err := Read("ru-table.csv", strings.NewReader("A;B;C\nx;1.1;Поручни должны быть.\n"), Hint{
		Designation: "ГОСТ Р 99999-2020", Issuer: "I", Jurisdiction: "KZ", Language: "ru", Domain: corpus.DomainPark, Tradition: corpus.TraditionISO,
		Edition: "2021", Title: "T", Rights: corpus.RightsTitles, Columns: corpus.Columns{Of: map[string]string{"number": "B", "text": "C"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := docs[0].Standard
	if s.ID != "kz-gost-r-99999-2020" || s.Issuer != "I" || s.Jurisdiction != "KZ" || s.Language != "ru" || s.Domain != corpus.DomainPark || s.Tradition != corpus.TraditionISO || s.Edition != "2021" || s.Titles[0].Text != "T" || s.Rights != corpus.RightsTitles {
		t.Errorf("%+v", s)
	}
	if c := docs[0].Clauses[0]; c.ID != "kz-gost-r-99999-2020/1.1" || c.Standard != s.ID || c.Language != "ru" {
		t.Errorf("%+v", c)
	}
}

// A designation given for a file of several standards does not make them one.
func TestHintForSeveralStandards(t *testing.T) {
	body := "{\"standard\":\"ISO 1:2000\",\"clause\":\"1\",\"text\":\"a\"}\n{\"standard\":\"ISO 2:2000\",\"clause\":\"1\",\"text\":\"b\"}\n"
	docs, err := Read("two.jsonl", strings.NewReader(body), Hint{Designation: "ISO 3:2000"})
	if err != nil || len(docs) != 2 || docs[0].Standard.ID != "int-iso-1-2000" || docs[1].Standard.ID != "int-iso-2-2000" {
		t.Fatalf("%v %v", docs, err)
	}
	if !strings.Contains(docs[0].Problems[0].Message, "2 standards") {
		t.Errorf("not said: %v", docs[0].Problems)
	}
}

// A panic inside a reader becomes an error at the one door.
func TestPanicBecomesError(t *testing.T) {
	_, err := Read("a.txt", panics{}, Hint{})
	if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "report the file") {
		t.Fatal(err)
	}
}

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("broken") }

// growths are files that are one unit repeated, each a shape that has made some
// reader slow: what it costs must grow with the size.
var growths = []struct{ name, file, unit string }{
	{"unbroken text", "a.txt", "a line without an end that goes on and on in small letters\n"},
	{"same number", "a.txt", "1.1 The same clause comes again.\n\n"},
	{"notes", "a.txt", "NOTE 1 The same note.\n\n"},
	{"contents", "a.md", "# Contents\n\n1 Scope\n\n"},
	{"headings", "a.md", "# Same heading\n\ntext\n\n"},
	{"open marks", "a.md", "*a _b **c [d](e `f $g <h\n"},
	{"figures", "a.txt", "7 Title of a chapter\n"},
	{"same row", "a.csv", "1.1,The same row\n"},
	{"same object", "a.jsonl", "{\"clause\":\"1\",\"text\":\"x\",\"path\":[\"A\"]}\n"},
	{"elements", "a.xml", "<sec><label>1</label><p>x<b>y</b></p></sec>"},
	{"paragraphs", "a.html", "<p>1.1 <b>x</b> y<table><tr><td>(a)</td><td>z</td></tr></table></p>"},
	{"unclosed", "a.html", "<b><i><p>1.1 x"},
	{"items", "a.rst", "* item\n  goes on\n\n2.1 text [1]_\n"},
	{"cells", "a.adoc", "|===\n| a | b\n2+| c\n|===\n== X\n. y footnote:[z]\n"},
	{"open tables", "a.md", "<table><tr><td>x\n"},
}

// grown is a file of n units.
func grown(file, unit string, n int) string {
	body := strings.Repeat(unit, n)
	switch file {
	case "a.html":
		return "<html><body>" + body
	case "a.xml":
		return "<standard><body>" + body + "</body></standard>"
	case "a.csv":
		return "number,text\n" + body
	}
	return body
}

// Reading takes memory in proportion to the size of the file: eight times the
// size may ask for little more than eight times the bytes. What it takes in time
// is BenchmarkGrowth's to say.
func TestMemoryGrowsWithSize(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector")
	}
	asked := func(read func()) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read()
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	const allowed = 14
	growth := func(file, unit string, read func(string, string)) float64 {
		small, large := grown(file, unit, 2_000), grown(file, unit, 16_000)
		read(file, small) // what is built once is built
		return asked(func() { read(file, large) }) / asked(func() { read(file, small) })
	}
	for _, row := range growths {
		t.Run(row.name, func(t *testing.T) {
			x := growth(row.file, row.unit, func(name, body string) { Read(name, strings.NewReader(body), Hint{}) })
			if x > allowed {
				t.Errorf("8 times the size takes %.1f times the memory", x)
			}
		})
	}
	// The control: a reader that copies what it has for every unit is found.
	var kept []byte
	x := growth("a.txt", "unit\n", func(_, body string) {
		kept = nil
		for i := range len(body) / 50 {
			kept = append([]byte(nil), body[:i]...)
		}
	})
	if x <= allowed {
		t.Errorf("a quadratic reader passes with %.1f (%d)", x, len(kept))
	}
}

// How many times longer eight times the size takes (8 is best).
func BenchmarkGrowth(b *testing.B) {
	for _, row := range growths {
		small, large := grown(row.file, row.unit, 2_000), grown(row.file, row.unit, 16_000)
		b.Run(row.name, func(b *testing.B) {
			var took [2]time.Duration
			for range b.N {
				for i, body := range []string{small, large} {
					start := time.Now()
					Read(row.file, strings.NewReader(body), Hint{})
					took[i] += time.Since(start)
				}
			}
			b.ReportMetric(float64(took[1])/float64(took[0]), "x-for-8x")
		})
	}
}

// Whole standards of once, twice, four and eight times a size in every format of text and
// markup: the bytes read in a second stay the same where the cost grows with the size and
// no faster. The numbers run on, so that each clause is one.
func BenchmarkScale(b *testing.B) {
	const words = "A stair of this kind shall have at least %d steps, a handrail on one side and a landing every %d mm; it should be lit."
	format := func(ending string, chapters int) string {
		var out strings.Builder
		heading, clause := "%d Stairs\n\n", "%d.%d "+words+"\n\n"
		switch ending {
		case "md":
			heading = "# %d Stairs\n\n"
		case "adoc":
			heading = "== %d Stairs\n\n"
		case "html":
			out.WriteString("<html><head><title>Stairs</title></head><body>")
			heading, clause = "<h1>%d Stairs</h1>", "<p>%d.%d "+words+"</p>\n"
		case "sts.xml":
			out.WriteString("<standard><body>")
			heading, clause = "<sec><label>%d</label><title>Stairs</title>", "<sec><label>%d.%d</label><p>"+words+"</p></sec>\n"
		case "akn.xml":
			out.WriteString(`<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><body>`)
			heading, clause = "<chapter><num>%d</num><heading>Stairs</heading>", "<section><num>%d.%d</num><content><p>"+words+"</p></content></section>\n"
		case "csv":
			out.WriteString("number,text\n")
			heading, clause = "%d,Stairs\n", "%d.%d,\""+words+"\"\n"
		}
		for c := 1; c <= chapters; c++ {
			fmt.Fprintf(&out, heading, c)
			for n := 1; n <= 40; n++ {
				fmt.Fprintf(&out, clause, c, n, n+3, 1000+c)
			}
			switch ending {
			case "sts.xml":
				out.WriteString("</sec>")
			case "akn.xml":
				out.WriteString("</chapter>")
			}
		}
		out.WriteString(map[string]string{"html": "</body></html>", "sts.xml": "</body></standard>", "akn.xml": "</body></act></akomaNtoso>"}[ending])
		return out.String()
	}
	for _, ending := range []string{"txt", "md", "adoc", "html", "sts.xml", "akn.xml", "csv"} {
		for _, times := range []int{1, 2, 4, 8} {
			text := format(ending, 30*times)
			b.Run(fmt.Sprintf("%s/%dx", ending, times), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					docs, err := Read("a."+ending, strings.NewReader(text), Hint{})
					if err != nil || len(docs[0].Clauses) < 40*30*times {
						b.Fatal(err, docs)
					}
				}
			})
		}
	}
}
