package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"concord/review/exchange"
)

// cisoLibrary is a library as the tool's converter writes it: names in the order of the
// alphabet, both directions, texts over several lines.
const cisoLibrary = `# a library
convert_library_version: v1
copyright: free
locale: en
name: 'Theirs: first'
objects:
  framework:
    urn: urn:x:risk:framework:other
    requirement_nodes:
    - urn: urn:x:risk:req_node:other:1
      name: relationship
  requirement_mapping_sets:
  - name: A to B
    requirement_mappings:
    - rationale: syntactic
      relationship: equal
      source_requirement_urn: urn:x:risk:req_node:a-1:5.1
      strength_of_relationship: 10
      target_requirement_urn: urn:y:risk:req_node:b-1:_x9644__x5f55_a.1
    - annotation: a text that
        goes on: over lines
      relationship: subset  # of
      source_requirement_urn: "urn:x:risk:req_node:a-1:5.2"
      target_requirement_urn: urn:y:risk:req_node:b-1:4
    source_framework_urn: urn:x:risk:framework:a-1
    target_framework_urn: urn:y:risk:framework:b-1
    urn: urn:x:risk:req_mapping_set:a-b
  - requirement_mappings:
    - relationship: superset
      source_requirement_urn: urn:y:risk:req_node:b-1:4
      target_requirement_urn: urn:x:risk:req_node:a-1:5.2
    - relationship: subset
      source_requirement_urn: urn:y:risk:req_node:b-1:_x9644__x5f55_a.1
      target_requirement_urn: urn:x:risk:req_node:a-1:5.1
  other:
    - relationship: nonsense
provider: Them
publication_date: 2026-01-02
urn: urn:x:risk:library:l
version: 3
`

func TestCISO(t *testing.T) {
	s := read(t, cisoLibrary)
	var got []string
	for _, r := range s.Statements {
		got = append(got, fmt.Sprint(r.Place, " ", r.Sources[0].Standard, " ", r.Sources[0].Clause, " ", r.Verdict, " ", r.Targets[0].Standard, " ", r.Targets[0].Clause))
	}
	// the third set of lines says what was said; the fourth another thing than the first
	want := "line 15 a-1 5.1 identical b-1 附录a.1|line 20 a-1 5.2 subset b-1 4|line 32 b-1 附录a.1 subset a-1 5.1"
	if strings.Join(got, "|") != want {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "|"), want)
	}
	if s.Format != "ciso" || s.Name != "urn:x:risk:library:l" || s.Title != "Theirs: first" || s.License != "free" || s.Version != "3" || s.Date != "2026-01-02" || fmt.Sprint(s.Authors) != "[Them]" {
		t.Errorf("%+v", s.ImportedSet)
	}
	if len(s.Problems) != 2 || !strings.Contains(s.Problems[0].String(), "line 32: it says") {
		t.Errorf("the contradiction is %v", s.Problems)
	}
	if text := string(written(t, s)); text != cisoLibrary {
		t.Errorf("written again:\n%s", text)
	}
	for name, c := range map[string]struct{ from, to, says string }{
		"a word that is none": {"relationship: equal", "relationship: touches", `line 15: the relation "touches" is none that this format has`},
		"no target":           {"      target_requirement_urn: urn:y:risk:req_node:b-1:4\n", "", "line 20: one of its sides names nothing"},
		"a strength":          {"relationship: 10", "relationship: 70", `line 15: the strength "70"`},
	} {
		broken := read(t, strings.Replace(cisoLibrary, c.from, c.to, 1))
		if len(broken.Problems) == 0 || !strings.Contains(fmt.Sprint(broken.Problems), c.says) {
			t.Errorf("%s: %v", name, broken.Problems)
		}
	}
	cut := read(t, cisoLibrary[:strings.Index(cisoLibrary, "      target_requirement_urn: urn:y:risk:req_node:b-1:4")])
	if len(cut.Statements) != 1 || len(cut.Problems) != 1 || !strings.Contains(cut.Problems[0].String(), "line 20: one of its sides names nothing") || !strings.Contains(cut.Problems[0].String(), "get the whole file") {
		t.Errorf("cut off: %d, %v", len(cut.Statements), cut.Problems)
	}
	if _, err := exchange.Read("x", []byte("objects:\n  requirement_mapping_sets:\n  - {urn: x}\n"), exchange.Options{}); err == nil || !strings.Contains(err.Error(), "one value a line") {
		t.Errorf("a library without mappings: %v", err)
	}
}

// TestCutOff: a table that ends within a row says so; one that only lacks its last end,
// or trailing cells, does not.
func TestCutOff(t *testing.T) {
	const said = "the file seems to be cut off"
	sssom := sssomHead + "subject_id\tpredicate_id\tobject_id\tmapping_justification\tcomment\n" + "a:1\tskos:exactMatch\tb:1\tsemapv:MappingReview"
	strm := "Focal Document Element,Reference Document Element,Relationship,Comments\nA,B,equal,x\nC,D,equal"
	own := "match,verdict,a_standard,a_clauses,b_standard,b_clauses,note\n1,subset,A,1,B,2"
	for name, text := range map[string]string{"line 7": sssom, "line 3": strm, "line 2": own} {
		if s := read(t, text); len(s.Problems) != 1 || !strings.Contains(s.Problems[0].String(), name+": the last line has") || !strings.Contains(s.Problems[0].String(), said) {
			t.Errorf("%v", s.Problems)
		}
		for _, whole := range []string{text + "\n", text + strings.Repeat(map[bool]string{true: "\t", false: ","}[text == sssom], 1)} {
			if s := read(t, whole); len(s.Problems) != 0 {
				t.Errorf("%q: %v", whole, s.Problems)
			}
		}
	}
}
