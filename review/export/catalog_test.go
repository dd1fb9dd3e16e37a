package export

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/reader"
)

// told lists what a document says: labels, headings and texts, in reading order.
func told(clauses []corpus.Clause) []string {
	var out []string
	for _, c := range clauses {
		if c.Label != "" || c.Wording() != "" {
			out = append(out, fmt.Sprintf("%s|%s|%s", c.Label, c.Heading, c.Text))
		}
	}
	return out
}

var loaded = sync.OnceValues(lexicon.Load)

// printed finds quantities as the program does.
func printed(t *testing.T) func(corpus.Clause, corpus.Standard) []Figure {
	l, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return func(c corpus.Clause, s corpus.Standard) (out []Figure) {
		for _, q := range l.Read(c, s.Tradition).Quantities {
			out = append(out, Figure{q.Span.Start - c.TextOffset(), q.Span.End - c.TextOffset(), string(q.Measures)})
		}
		return out
	}
}

// cataloged is a standard as a catalog.
func cataloged(t *testing.T, d *corpus.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := Catalog(&b, corpus.Holding{Standard: d.Standard}, d.Clauses, Options{Now: when, Version: "test", Figures: printed(t)}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// numbered is a document in which every clause has a number, as most standards have.
func numbered(rights corpus.Rights) *corpus.Document {
	d := &corpus.Document{Standard: corpus.Standard{ID: "cn-a", Designation: "GB 1-2020", Edition: "2020", Language: "zh", Jurisdiction: "CN", Issuer: "住建部", Rights: rights,
		Titles: []corpus.Title{{Language: "zh", Text: "疏散 <b>"}}, Demonstration: true}}
	add := func(key, parent, heading, text string, kind corpus.Kind) {
		c := corpus.Clause{ID: corpus.NewClauseID("cn-a", key), Standard: "cn-a", Order: len(d.Clauses), Label: key, Number: key, Kind: kind, Heading: heading, Text: text, Language: "zh"}
		if parent != "" {
			c.Parent = corpus.NewClauseID("cn-a", parent)
		}
		d.Clauses = append(d.Clauses, c)
	}
	add("5", "", "疏散", "", corpus.KindHeading)
	add("5.1", "5", "Doors", "", corpus.KindHeading)
	add("5.1.1", "5.1", "", "宽度不应小于 0.8 m，a < b & c > d。", corpus.KindRequirement)
	add("5.1.2", "5.1", "Head *bold* [x](y)", "a) one_two_three `code` $x_{1}$\nb) {{ insert: param, p }} ~~gone~~ \\ end #1", corpus.KindRequirement)
	add("5.2", "5", "Stairs", "", corpus.KindHeading)
	add("5.2.1", "5.2", "", "Text.", corpus.KindRequirement)
	add("A", "", "Annex", "", corpus.KindHeading)
	add("A.1", "A", "", "附录", corpus.KindInformative)
	return d
}

// TestCatalogsAreReadBack: what our own reader makes of a catalog has the labels and
// texts of the standard, in their order.
func TestCatalogsAreReadBack(t *testing.T) {
	d := numbered(corpus.RightsFull)
	body := cataloged(t, d)
	docs, err := reader.Read("x.json", strings.NewReader(body), reader.Hint{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := told(docs[0].Clauses), told(d.Clauses); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), body)
	}
	if s := docs[0].Standard; s.Designation != d.Standard.Designation || s.Edition != "2020" || s.Language != "zh" || s.Issuer != "住建部" || s.Jurisdiction != "CN" {
		t.Errorf("the standard is read as %+v", s)
	}
	for _, has := range []string{`"id": "c5.1.1_prm_1"`, `"label": "`, `"0.8 m"`, "宽度不应小于 {{ insert: param, c5.1.1_prm_1 }}，a"} {
		if !strings.Contains(body, has) {
			t.Errorf("the quantity is no parameter, there is no %s in\n%s", has, body)
		}
	}
	// Negative control: another text is noticed.
	docs, _ = reader.Read("x.json", strings.NewReader(strings.Replace(body, "0.8 m", "0.9 m", 1)), reader.Hint{})
	if slices.Equal(told(docs[0].Clauses), told(d.Clauses)) {
		t.Error("another text is not noticed")
	}
}

// TestCatalogsOfRealShapes writes and reads back whatever the readers make of the
// files that they are tested with.
func TestCatalogsOfRealShapes(t *testing.T) {
	files, err := filepath.Glob("../../corpus/reader/testdata/in/*")
	if err != nil {
		t.Fatal(err)
	}
	whole, clauses, lost := 0, 0, 0
	for _, path := range files {
		if strings.HasSuffix(path, ".pdf") {
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		docs, err := reader.Read(filepath.Base(path), bytes.NewReader(raw), reader.Hint{Jurisdiction: "CN", Language: "en"})
		if err != nil {
			continue
		}
		for _, d := range docs {
			if len(d.Clauses) == 0 {
				continue
			}
			d.Standard.Rights = corpus.RightsFull
			back, err := reader.Read("x.json", strings.NewReader(cataloged(t, d)), reader.Hint{})
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			want, got := told(d.Clauses), told(back[0].Clauses)
			missing := slices.DeleteFunc(slices.Clone(want), func(line string) bool { return slices.Contains(got, line) })
			clauses, lost = clauses+len(want), lost+len(missing)
			if slices.Equal(want, got) {
				whole++
			} else if testing.Verbose() && len(missing) > 0 {
				t.Logf("%s: %d of %d, first %.200q", filepath.Base(path), len(missing), len(want), missing[0])
			}
		}
	}
	t.Logf("%d documents whole; %d of %d clauses are not read back the same", whole, lost, clauses)
	if whole < 39 || lost > 1 { // a star alone is no label to the reader
		t.Errorf("%d documents whole; %d of %d clauses are not read back the same", whole, lost, clauses)
	}
}

// TestCatalogsKeepRights: nothing of a text leaves beyond its rights.
func TestCatalogsKeepRights(t *testing.T) {
	for rights, shows := range map[corpus.Rights]bool{corpus.RightsFull: true, corpus.RightsTitles: false} {
		if body := cataloged(t, numbered(rights)); strings.Contains(body, "0.8 m") != shows || !strings.Contains(body, "Doors") || !strings.Contains(body, `"5.1.1"`) {
			t.Errorf("rights %s: %s", rights, body)
		}
	}
}

// TestCatalogsKeepToTheSchema validates against the official schema, which is not part
// of the repository, also with payloads in every text.
func TestCatalogsKeepToTheSchema(t *testing.T) {
	check := oscalSchema(t, "oscal_complete_schema.json")
	documents := []*corpus.Document{numbered(corpus.RightsFull), numbered(corpus.RightsTitles)}
	for _, p := range payloads {
		d := numbered(corpus.RightsFull)
		s := &d.Standard
		s.Designation, s.Edition, s.Issuer, s.Notice, s.Titles[0].Text = p, p, p, p, p
		for n := range d.Clauses {
			d.Clauses[n].Label, d.Clauses[n].Heading, d.Clauses[n].Text = p, p, p
		}
		documents = append(documents, d)
	}
	for _, d := range documents {
		if body := cataloged(t, d); check(body) != nil {
			t.Errorf("%q: %v\n%s", d.Standard.Designation, check(body), body)
		}
	}
	if check(`{"catalog": {"uuid": "x"}}`) == nil || check(strings.Replace(cataloged(t, documents[0]), `"prose"`, `"prosa"`, 1)) == nil {
		t.Error("the check finds nothing: a broken catalog passes")
	}
}

// oscalSchema is a schema of OSCAL beside the checkout, or the test is skipped.
func oscalSchema(t *testing.T, name string) func(text string) error {
	t.Helper()
	for _, up := range []string{"../../../", "../../../../"} {
		f, err := os.Open(up + "shared/reference/schemas/" + name)
		if err != nil {
			continue
		}
		defer f.Close()
		schema, err := jsonschema.UnmarshalJSON(f)
		if err != nil {
			t.Fatal(err)
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("oscal.json", schema); err != nil {
			t.Fatal(err)
		}
		compiled, err := compiler.Compile("oscal.json")
		if err != nil {
			t.Fatal(err)
		}
		return func(text string) error {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				return err
			}
			return compiled.Validate(value)
		}
	}
	t.Skip("the official schema is not beside this checkout")
	return nil
}
