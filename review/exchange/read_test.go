package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/xuri/excelize/v2"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

// shared finds a file of the shared folder, or skips with a notice.
func shared(t *testing.T, path string) []byte {
	t.Helper()
	for _, up := range []string{"../../../shared/", "../../../../shared/"} {
		if body, err := os.ReadFile(filepath.FromSlash(up + path)); err == nil {
			return body
		}
	}
	t.Skipf("%s is not beside this checkout", path)
	return nil
}

func read(t *testing.T, body string) exchange.Set {
	t.Helper()
	s, err := exchange.Read("file", []byte(body), exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBSI reads the mapping collection that Germany publishes, whole, and writes
// it as the official schema wants it, which the original is not.
func TestBSI(t *testing.T) {
	body := shared(t, "real/oscal-bsi/ISO27001-AnnexA-to-GS++-mapping_collection.json")
	s := read(t, string(body))
	targets := 0
	relations := map[review.Verdict]int{}
	for _, r := range s.Statements {
		targets += len(r.Targets)
		relations[r.Verdict]++
	}
	if len(s.Statements) != 96 || targets != 365 || relations["subset"] != 75 || relations["equivalent"] != 16 || relations["overlap"] != 5 {
		t.Errorf("%d statements with %d targets, %v", len(s.Statements), targets, relations)
	}
	if s.Title != "ISO/IEC 27001:2022 Annex A to GS++ Mapping" || s.Method != "human semantic" || s.Format != "oscal" {
		t.Errorf("the provenance is %+v", s.ImportedSet)
	}
	if len(s.Problems) != 2 {
		t.Errorf("the problems are %v, want the two fields that OSCAL does not have", s.Problems)
	}
	for name, text := range map[string][]byte{"written again": written(t, s), "as published": body} {
		if err := validOSCAL(t, text); (err == nil) != (name == "written again") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"BSI Methodik Grundschutz++", "BSI Stand der Technik Kernel"} {
		found := 0
		for _, r := range s.Statements {
			if review.NamesStandard(r.Targets[0].Standard, corpus.Standard{ID: "de-x", Designation: name}) {
				found++
			}
		}
		if found == 0 {
			t.Errorf("no statement is about %s", name)
		}
	}
}

// validOSCAL validates against the official schema.
func validOSCAL(t *testing.T, text []byte) error {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(shared(t, "reference/schemas/oscal_mapping_schema.json")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("oscal.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("oscal.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(value)
}

// TestExamples reads the examples of other makers' files.
func TestExamples(t *testing.T) {
	sssom := read(t, string(shared(t, "reference/examples/mapping.sssom.tsv")))
	var got []string
	for _, r := range sssom.Statements {
		got = append(got, fmt.Sprint(r.Place, " ", r.Sources[0].Clause, " ", r.Verdict, " ", len(r.Targets), " ", r.Confidence))
	}
	want := "line 28 5.3.1 overlap 1 0.71|line 29 5.3.1 subset 1 0.9|line 30 5.3.2 none 1 1|line 31 5.3.4 no-counterpart 0 0.8"
	if strings.Join(got, "|") != want {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "|"), want)
	}
	gb := corpus.Standard{ID: "cn-gb-t-99001-2024", Designation: "GB/T 99001-2024"}
	if !review.NamesStandard(sssom.Statements[0].Sources[0].Standard, gb) {
		t.Errorf("%q does not name %s", sssom.Statements[0].Sources[0].Standard, gb.ID)
	}
	if len(sssom.Problems) != 1 || !strings.Contains(sssom.Problems[0].String(), "line 29") {
		t.Errorf("the problems are %v: two rows say different things of one pair", sssom.Problems)
	}
	oscal := read(t, string(shared(t, "reference/examples/oscal-mapping.json")))
	if len(oscal.Statements) != 2 || oscal.Statements[0].Confidence != 0.9 || !review.NamesStandard(oscal.Statements[0].Sources[0].Standard, gb) {
		t.Errorf("read %+v", oscal.Statements)
	}
	if err := validOSCAL(t, written(t, oscal)); err != nil {
		t.Error(err)
	}
}

const sssomHead = "#curie_map:\n#  a: https://x.example/std/a/\n#  b: https://x.example/std/b/\n#mapping_set_id: https://x.example/m\n#license: https://x.example/l\n"

// TestBadInput: each fault is named with its place, and what is right is taken.
func TestBadInput(t *testing.T) {
	row := func(lines ...string) string {
		return sssomHead + "subject_id\tpredicate_id\tobject_id\tmapping_justification\n" + strings.Join(lines, "\n") + "\n"
	}
	good := "a:1\tskos:exactMatch\tb:1\tsemapv:ManualMappingCuration"
	oscal := func(relationship string) string {
		return `{"mapping-collection":{"uuid":"u","metadata":{"title":"t"},"provenance":{"method":"manual"},"mappings":{"uuid":"m","source-resource":{"href":"a.json"},"target-resource":{"href":"b.json"},"maps":[{"uuid":"one","relationship":` + relationship + `,"sources":[{"id-ref":"1"}],"targets":[{"id-ref":"2"}]}]}}}`
	}
	cases := map[string]struct {
		body    string
		rows    int
		problem string // one of them
	}{
		"all is well":          {row(good), 1, ""},
		"predicate":            {row(good, "a:2\tskos:exactlyMatch\tb:2\tsemapv:ManualMappingCuration"), 1, `file: line 8: the relation "skos:exactlyMatch" is none that this format has; the row is left out`},
		"justification":        {row("a:2\tskos:exactMatch\tb:2\tsemapv:LLMBasedMatching"), 1, `line 7: the justification "semapv:LLMBasedMatching"`},
		"no object":            {row("a:2\tskos:exactMatch\t\tsemapv:ManualMappingCuration"), 0, "line 7: one of its sides names nothing"},
		"contradiction":        {row(good, "b:1\tskos:broadMatch\ta:1\tsemapv:MappingReview"), 2, `line 8: it says "superset" of`},
		"cycle":                {row("a:1\tskos:broadMatch\tb:1\tx:y", "b:1\tskos:broadMatch\ta:2\tx:y", "a:2\tskos:exactMatch\ta:1\tx:y"), 3, "it closes a circle with line 8, line 9"},
		"no cycle":             {row("a:1\tskos:broadMatch\tb:1\tsemapv:MappingReview", "b:1\tskos:broadMatch\ta:2\tsemapv:MappingReview", "a:1\tskos:broadMatch\ta:2\tsemapv:MappingReview"), 3, ""},
		"unknown column":       {sssomHead + "subject_id\tpredicate_id\tobject_id\tmapping_justification\tstatus\n" + good + "\tx\n", 1, `line 6: the column "status" is neither a slot nor`},
		"OSCAL relationship":   {oscal(`"broader-than"`), 0, `map one: the relation "broader-than" is none that this format has`},
		"OSCAL as an object":   {oscal(`{"type":"subset-of"}`), 1, `provenance: method is "manual", read as "human"`},
		"STRM relationship":    {"Focal Document Element,Reference Document Element,Relationship\nA,B,equal\nA,C,broader\n", 1, `line 3: the relation "broader" is none that this format has`},
		"STRM in other words":  {"FDE#;Target ID #;STRM Relationship;Strength of Relationship\nA;B;subset_of;70\n", 1, `line 2: the strength "70"`},
		"CISO Assistant table": {"source_node_id,target_node_id,relationship,rationale\na,b,intersect,semantic\n", 1, ""},
		"own CSV":              {"match,verdict,a_standard,a_clauses,b_standard,b_clauses\n1,unsure,A,1,B,2\n2,subset,A,1,B,2 + 3\n", 1, `line 2: the relation "unsure" is none that this format has`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := read(t, c.body)
			var all []string
			for _, p := range s.Problems {
				all = append(all, p.String())
			}
			text := strings.Join(all, "\n")
			if len(s.Statements) != c.rows || !strings.Contains(text, c.problem) || c.problem == "" && text != "" {
				t.Errorf("%d statements, want %d; problems:\n%s", len(s.Statements), c.rows, text)
			}
		})
	}
}

// TestRefused: files that are none of the formats, or over a limit.
func TestRefused(t *testing.T) {
	cases := map[string]struct {
		body string
		kind error
		says string
	}{
		"nothing":     {"", corpus.ErrInvalid, "none of the heads"},
		"a text":      {"This is a letter.\nIt maps nothing.\n", corpus.ErrInvalid, "none of the heads"},
		"bytes":       {"\xff\xfe\x00a", corpus.ErrInvalid, "UTF-8"},
		"other JSON":  {`{"catalog":{}}`, corpus.ErrInvalid, "no OSCAL mapping collection"},
		"broken JSON": {"{\"mapping-collection\":\n{\"uuid\": 1}}", corpus.ErrInvalid, "line 2"},
		"deep JSON":   {`{"mapping-collection":` + strings.Repeat("[", 600), corpus.ErrLimit, "nested"},
		"aliases":     {"#a: &x [1]\n#b: *x\nsubject_id\n", corpus.ErrInvalid, "anchors"},
		"a long cell": {sssomHead + "subject_id\tpredicate_id\tobject_id\n" + strings.Repeat("x", 33<<10) + "\ty\tz\n", corpus.ErrLimit, "line 7"},
		"a long head": {strings.Repeat("#"+strings.Repeat("x", 1000)+"\n", 300), corpus.ErrLimit, "head"},
		"a long line": {"#a: b\n#" + strings.Repeat("x", 9<<10) + "\n", corpus.ErrLimit, "line 2"},
		"brackets":    {"#" + strings.Repeat("[", 300) + "\n", corpus.ErrLimit, "brackets"},
		"no column":   {sssomHead + "subject_id\tobject_id\n", corpus.ErrInvalid, "line 6: the column predicate_id"},
		"many rows":   {"Focal Document Element,Reference Document Element,Relationship\n" + strings.Repeat("a,b,equal\n", 200_001), corpus.ErrLimit, "200000 rows"},
		"no workbook": {"PK\x03\x04 and no more", corpus.ErrInvalid, "workbook"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.Read("f", []byte(c.body), exchange.Options{})
			if !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("got %v, want %v with %q", err, c.kind, c.says)
			}
		})
	}
}

// TestWorkbook reads set relations from a sheet behind another one, with the head
// on its third row and a formula in a cell.
func TestWorkbook(t *testing.T) {
	book := excelize.NewFile()
	for _, err := range []error{
		book.SetCellValue("Sheet1", "A1", "General information"),
		func() error { _, err := book.NewSheet("Relationships"); return err }(),
		book.SetSheetRow("Relationships", "A3", &[]any{"Focal Document Element", "Reference Document Element", "Relationship", "Comments"}),
		book.SetSheetRow("Relationships", "A4", &[]any{"AC-1", "A.5.1", "Superset Of", "why"}),
		book.SetCellFormula("Relationships", "D4", "=1+1"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	s, err := exchange.Read("x.xlsx", out.Bytes(), exchange.Options{Source: "NIST SP 800-53", Target: "iso", Names: map[string]string{"iso": "iso-27001-2022"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Statements) != 1 {
		t.Fatalf("%+v", s)
	}
	r := s.Statements[0]
	if r.Place != "line 4" || r.Verdict != "superset" || r.Sources[0] != (review.Ref{Standard: "NIST SP 800-53", Clause: "AC-1"}) || r.Targets[0].Standard != "iso-27001-2022" {
		t.Errorf("read %+v", r)
	}
}

// FuzzRead: whatever comes, reading ends with a set or an error, and what was read
// can be written and read again as the same statements.
func FuzzRead(f *testing.F) {
	f.Add(sssomHead + "subject_id\tpredicate_id\tobject_id\tmapping_justification\na:1\tskos:exactMatch\tb:1\tx\n")
	f.Add("Focal Document Element,Reference Document Element,Relationship\nA,B,equal\n")
	f.Add(`{"mapping-collection":{"uuid":"u","mappings":[{"maps":[{"uuid":"1","relationship":"equal-to","sources":[{"id-ref":"1"}],"targets":[{"id-ref":"2"}]}]}]}}`)
	f.Add("match,verdict,a_standard,a_clauses,b_standard,b_clauses\n2,subset,A,1,B,2 + 3\n")
	f.Add(turtleOfOthers)
	f.Add(`{"@context":{"@vocab":"http://www.w3.org/2004/02/skos/core#"},"@id":"http://a/1","exactMatch":[{"@id":"http://b/1"},{"@list":["x",1]}]}`)
	f.Add(`{"resourceType":"ConceptMap","group":[{"source":"a","element":[{"code":"1","noMap":true,"target":[{"code":"2","equivalence":"wider"}]}]}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		s, err := exchange.Read("f", []byte(body), exchange.Options{})
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := s.Write(&out); err != nil {
			t.Fatal(err)
		}
		again, err := exchange.Read("f", out.Bytes(), exchange.Options{})
		if err != nil || len(again.Statements) != len(s.Statements) {
			t.Fatalf("%d statements became %d: %v\n%q", len(s.Statements), len(again.Statements), err, out.String())
		}
	})
}
