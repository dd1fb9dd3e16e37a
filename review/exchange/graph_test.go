package exchange_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

// TestOwnGraphsAreUnderstood: our own SKOS, in both syntaxes, and our own ConceptMaps are
// read as what the dossier agreed on, of 60 generated dossiers: every agreed pair of one
// clause with one other, and nothing that Turtle says and JSON-LD does not.
func TestOwnGraphsAreUnderstood(t *testing.T) {
	pairs, turned := 0, 0
	for seed := range uint64(60) {
		s := generated(seed)
		set := gather(t, s)
		var single, none []string
		for _, i := range set.Items {
			v := i.Match.Outcome.Verdict
			if v == review.Verdict(corpus.RelationIdentical) {
				v = review.Verdict(corpus.RelationEquivalent)
			}
			switch a, b := i.Match.Sources, i.Match.Targets; {
			case v == review.Verdict(corpus.RelationNone):
			case len(b) == 0:
				none = append(none, line(v, a, nil))
			case len(a) == 1 && len(b) == 1:
				if !first(set, a[0].Standard()) {
					rel, _ := v.Relation()
					a, b, v = b, a, review.Verdict(rel.Inverse())
				}
				single = append(single, line(v, a, b))
			}
		}
		got := map[string][]string{}
		for _, format := range []string{"skos", "jsonld", "fhir"} {
			body := exported(t, format, set)
			read, err := exchange.Read("x", body, exchange.Options{})
			if err != nil {
				if len(single) > 0 {
					t.Fatalf("seed %d, %s: %v", seed, format, err)
				}
				continue
			}
			read.Problems = slices.DeleteFunc(read.Problems, func(p corpus.Problem) bool { // generated dossiers contradict themselves
				return strings.Contains(p.Cure, "makers") || strings.Contains(p.Message, "circle")
			})
			if read.Format != format || len(read.Problems) > 0 {
				t.Fatalf("seed %d: %s is read as %s with %v", seed, format, read.Format, read.Problems)
			}
			got[format] = understood(t, read, s)
			for _, want := range single {
				if !slices.Contains(got[format], want) {
					t.Fatalf("seed %d, %s lacks %s:\n%s", seed, format, want, strings.Join(got[format], "\n"))
				}
			}
			if string(written(t, read)) != string(body) {
				t.Errorf("seed %d: %s is written as something else", seed, format)
			}
		}
		if broken := strings.Replace(string(exported(t, "skos", set)), "skos:broadMatch", "skos:narrowMatch", 1); strings.Contains(broken, "skos:narrowMatch") && broken != string(exported(t, "skos", set)) {
			if read, err := exchange.Read("x", []byte(broken), exchange.Options{}); err == nil && slices.Equal(understood(t, read, s), got["skos"]) {
				t.Errorf("seed %d: a relation turned round is understood as it was", seed)
			} else if err == nil {
				turned++
			}
		}
		if !slices.Equal(got["skos"], got["jsonld"]) {
			t.Fatalf("seed %d: Turtle\n%s\nJSON-LD\n%s", seed, strings.Join(got["skos"], "\n"), strings.Join(got["jsonld"], "\n"))
		}
		for _, want := range none { // a ConceptMap has no gap beside a target
			clause := strings.Fields(want)[1]
			if strings.Count(want, "/") == 1 && got["fhir"] != nil && !strings.Contains(strings.Join(got["fhir"], "\n"), clause) {
				t.Fatalf("seed %d: fhir lacks %s:\n%s", seed, want, strings.Join(got["fhir"], "\n"))
			}
		}
		pairs += len(single)
	}
	if pairs < 100 || turned < 5 {
		t.Errorf("only %d pairs were looked at, and %d turned round", pairs, turned)
	}
}

const turtleOfOthers = `# a mapping of ours
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
@prefix dct: <http://purl.org/dc/terms/> .
@prefix : <http://a.example/std#> .
@base <http://b.example/norm/> .
<http://a.example/map> dct:title "Doors"@en, 'Türen'@de ; dct:creator [ a <http://x/P> ; <http://x/name> "N. N." , ( 1 2.5 true ) ] .
:std a skos:ConceptScheme ; dct:identifier "STD 1:2020" .
:c5.1 a skos:Concept ; skos:inScheme :std ; skos:notation "5.1" ;
  skos:prefLabel """Width of
doors \u00e9 "clear\""""@en ; skos:exactMatch <c7> , <c8> ; .
:c5\.2 skos:inScheme :std ; skos:broadMatch <http://b.example/norm/c9> . # the target asks less
<http://b.example/norm/c9> skos:narrowMatch :c5.2 ; skos:notation "9" .
_:b skos:exactMatch :c5.1 . [] skos:note "nothing" . [ skos:note 'x' ] .
:c5.3 skos:closeMatch "a text" ; skos:relatedMatch <c10> .
`

// TestReadSKOS reads SKOS as others write it: prefixes and bases of both kinds, lists of
// objects, long texts, blank nodes, relations said from both ends; and the same as
// JSON-LD with a context of its own.
func TestReadSKOS(t *testing.T) {
	jsonld := `{"@context":{"skos":"http://www.w3.org/2004/02/skos/core#","exactMatch":{"@id":"skos:exactMatch","@type":"@id"},"a":"http://a.example/std#","title":"http://purl.org/dc/terms/title"},
	 "@graph":[{"@id":"http://a.example/map","title":[{"@value":"Doors","@language":"en"}]},
	  {"@id":"a:c5.1","@type":"skos:Concept","skos:notation":"5.1","skos:prefLabel":{"@value":"Width of\ndoors é \"clear\"","@language":"en"},
	   "skos:inScheme":{"@id":"a:std","@type":["skos:ConceptScheme"],"http://purl.org/dc/terms/identifier":"STD 1:2020"},"exactMatch":["http://b.example/norm/c7",{"@id":"http://b.example/norm/c8"}]},
	  {"@id":"a:c5.2","skos:inScheme":{"@id":"a:std"},"skos:broadMatch":{"@id":"http://b.example/norm/c9","skos:notation":"9","skos:narrowMatch":{"@id":"a:c5.2"}}},
	  {"@id":"a:c5.3","skos:closeMatch":{"@value":"a text"},"skos:relatedMatch":{"@set":[{"@id":"http://b.example/norm/c10"}]}}]}`
	triples := "<http://a.example/std#c1> <http://www.w3.org/2004/02/skos/core#exactMatch> <http://b.example/c2> .\n"
	for name, body := range map[string]string{"turtle": turtleOfOthers, "json-ld": jsonld} {
		got := read(t, body)
		var all []string
		for _, r := range got.Statements {
			all = append(all, fmt.Sprint(r.Verdict, " ", r.Sources[0].Standard, " ", r.Sources[0].Clause, " ", r.Targets[0].Clause))
		}
		slices.Sort(all)
		want := []string{"equivalent STD 1:2020 5.1 c7", "equivalent STD 1:2020 5.1 c8", "overlap  c5.3 c10", "subset STD 1:2020 c5.2 9"}
		if !slices.Equal(all, want) {
			t.Errorf("%s: %q, want %q", name, all, want)
		}
		if got.Title != "Doors" || len(got.Problems) != 1 || !strings.Contains(got.Problems[0].Message, `"a text", which is no address`) {
			t.Errorf("%s: %q, %v", name, got.Title, got.Problems)
		}
		for _, r := range got.Statements {
			if r.Sources[0].Clause == "5.1" && r.Sources[0].Label != `5.1 Width of doors é "clear"` {
				t.Errorf("%s: the label is %q", name, r.Sources[0].Label)
			}
		}
		if string(written(t, got)) != body {
			t.Errorf("%s is written as something else", name)
		}
	}
	if got := read(t, triples); len(got.Statements) != 1 || got.Statements[0].Place != "line 1" {
		t.Errorf("N-Triples: %+v", got.Statements)
	}
	elsewhere := read(t, `{"@context":"https://example.org/context.jsonld","@id":"http://a/1","http://www.w3.org/2004/02/skos/core#exactMatch":{"@id":"http://b/1"}}`)
	if len(elsewhere.Statements) != 1 || len(elsewhere.Problems) != 1 || !strings.Contains(elsewhere.Problems[0].Message, "not fetched") {
		t.Errorf("a context elsewhere: %+v %v", elsewhere.Statements, elsewhere.Problems)
	}
}

// TestReadFHIR reads ConceptMaps of R5 and R4.
func TestReadFHIR(t *testing.T) {
	body := `{"resourceType":"ConceptMap","url":"http://x/map","name":"Doors","version":"2","publisher":"P","group":[{"source":"http://a.example/std|2020","target":"http://b.example/norm","element":[
	 {"code":"5.1","display":"Width","target":[{"code":"7","relationship":"source-is-narrower-than-target","comment":"checked"},{"code":"8","equivalence":"narrower"}]},
	 {"code":"5.2","noMap":true},{"code":"5.3","target":[{"equivalence":"unmatched"}]},
	 {"code":"5.4","target":[{"code":"9","relationship":"touches"}]},{"target":[{"code":"9","relationship":"equivalent"}]}]}]}`
	got := read(t, body)
	var all []string
	for _, r := range got.Statements {
		all = append(all, fmt.Sprint(r.Place, ": ", r.Verdict, " ", r.Sources, r.Targets, r.Against, r.Note))
	}
	want := []string{
		"group 1, element 1, target 1: subset [{http://a.example/std 5.1 Width }] [{http://b.example/norm 7 7 }] checked",
		"group 1, element 1, target 2: superset [{http://a.example/std 5.1 Width }] [{http://b.example/norm 8 8 }] ",
		"group 1, element 2: no-counterpart [{http://a.example/std 5.2 5.2 }] [] http://b.example/norm ",
		"group 1, element 3: no-counterpart [{http://a.example/std 5.3 5.3 }] [] http://b.example/norm ",
	}
	clean := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, "]", "] ")), " ") }
	if len(all) != len(want) {
		t.Fatalf("%q", all)
	}
	for n := range want {
		if clean(all[n]) != clean(want[n]) {
			t.Errorf("%q, want %q", clean(all[n]), clean(want[n]))
		}
	}
	if len(got.Problems) != 2 || !strings.Contains(fmt.Sprint(got.Problems), `group 1, element 4: the relation "touches"`) || !strings.Contains(fmt.Sprint(got.Problems), "group 1, element 5: one of its sides names nothing") {
		t.Errorf("%v", got.Problems)
	}
	if got.Title != "Doors" || got.Version != "2" || got.Name != "http://x/map" || got.Authors[0] != "P" {
		t.Errorf("%+v", got.ImportedSet)
	}
}

// TestGraphsRefused: what is wrong with a file of RDF or FHIR is named with its place.
func TestGraphsRefused(t *testing.T) {
	head := "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
	for name, c := range map[string]struct {
		body, says string
		kind       error
	}{
		"a prefix that is not declared": {head + "<http://a/1> sks:exactMatch <http://b/1> .", `line 2: it is not Turtle, the prefix "sks" is not declared`, corpus.ErrInvalid},
		"no dot":                        {head + "<http://a/1> skos:exactMatch <http://b/1>\n<http://a/2> skos:exactMatch <http://b/1> .", "line 3: it is not Turtle, here comes no '.'", corpus.ErrInvalid},
		"a text without end":            {head + "<http://a/1> skos:note \"x\n .", "line 2: it is not Turtle, a text has no end", corpus.ErrInvalid},
		"an address without end":        {head + "<http://a/1> skos:exactMatch <http://b/1 .\n", "an address has no end", corpus.ErrInvalid},
		"cut off":                       {head + "<http://a/1> skos:exactMatch", "it ends within a statement", corpus.ErrInvalid},
		"an escape":                     {head + `<http://a/1> skos:note "\q" .`, `is no escape`, corpus.ErrInvalid},
		"no mapping":                    {head + `<http://a/1> skos:note "x" .`, "no mapping property of SKOS", corpus.ErrInvalid},
		"deep":                          {head + "<http://a/1> skos:note " + strings.Repeat("(", 600), "nested more than 512", corpus.ErrLimit},
		"another resource":              {`{"resourceType":"Patient"}`, "a Patient and no ConceptMap", corpus.ErrInvalid},
		"an empty ConceptMap":           {`{"resourceType":"ConceptMap"}`, "maps nothing", corpus.ErrInvalid},
		"no code":                       {`{"resourceType":"ConceptMap","group":[{"element":[{"code":7}]}]}`, "line 1: group.element.code is a JSON number", corpus.ErrInvalid},
		"JSON-LD without mappings":      {`{"@id":"http://a/1"}`, "no mapping property of SKOS", corpus.ErrInvalid},
		"deep JSON-LD":                  {`{"@graph":` + strings.Repeat("[", 600), "nested more than", corpus.ErrLimit},
	} {
		_, err := exchange.Read("f", []byte(c.body), exchange.Options{})
		if !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
