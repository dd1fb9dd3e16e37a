package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

const skos = "http://www.w3.org/2004/02/skos/core#"

// TestReadJSKOS reads mappings as others write them: lists, lines, one object;
// schemes by notation or address; concepts by notation or the end of an address.
func TestReadJSKOS(t *testing.T) {
	one := `{"type":["` + skos + `broadMatch"],"fromScheme":{"notation":["DDC"]},"from":{"memberSet":[{"notation":["612.112"],"prefLabel":{"de":"Leukozyten"}}]},` +
		`"toScheme":{"uri":"http://example.org/gnd"},"to":{"memberList":[{"uri":"http://d-nb.info/gnd/4074195-3"}]},"mappingRelevance":0.5,"creator":[{"prefLabel":{"de":"Team"}}],"note":{"de":["geprüft"]},"OTHER":{"kept":1}}`
	gap := `{"fromScheme":{"notation":["DDC"]},"from":{"memberSet":[{"notation":["1"]}]},"toScheme":{"notation":["GND"]},"to":{"memberSet":[]}}`
	for name, body := range map[string]string{"list": "[" + one + ",\n" + gap + "]", "lines": one + "\n" + gap + "\n", "list after blanks": " \n[ " + one + "," + gap + " ]",
		"with its context first": "[" + strings.Replace(one, "{", `{"@context":"https://gbv.github.io/jskos/context.json",`, 1) + "," + gap + "]"} {
		got, err := exchange.Read("x.ndjson", []byte(body), exchange.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Format != "jskos" || len(got.Statements) != 2 || len(got.Problems) != 0 {
			t.Fatalf("%s: %s, %d statements, %v", name, got.Format, len(got.Statements), got.Problems)
		}
		r := got.Statements[0]
		if r.Verdict != review.Verdict(corpus.RelationSubset) || r.Confidence != 0.5 || r.Author != "Team" || r.Note != "geprüft" ||
			fmt.Sprint(r.Sources, r.Targets) != "[{DDC 612.112 612.112 Leukozyten }] [{http://example.org/gnd 4074195-3  }]" {
			t.Errorf("%s: %+v", name, r)
		}
		if g := got.Statements[1]; g.Verdict != review.VerdictNoCounterpart || g.Against != "GND" {
			t.Errorf("%s: the gap is %+v", name, g)
		}
		if !strings.Contains(string(written(t, got)), `"OTHER":{"kept":1}`) {
			t.Errorf("%s: a field of somebody else's is lost", name)
		}
	}
}

// TestReadJSKOSNamesWhatItLeavesOut: each case has one bad mapping among good
// ones.
func TestReadJSKOSNamesWhatItLeavesOut(t *testing.T) {
	side := `{"memberSet":[{"notation":["1"]}]}`
	good := `{"type":["` + skos + `exactMatch"],"from":` + side + `,"to":` + side + `}`
	for name, c := range map[string]struct{ bad, want string }{
		"choice":           {`{"type":["` + skos + `exactMatch"],"from":` + side + `,"to":{"memberChoice":[{"notation":["1"]},{"notation":["2"]}]}}`, "choose"},
		"no type":          {`{"from":` + side + `,"to":` + side + `}`, "says no relation"},
		"somebody's type":  {`{"type":["http://example.org/exactMatch"],"from":` + side + `,"to":` + side + `}`, "says no relation"},
		"from nothing":     {`{"type":["` + skos + `exactMatch"],"from":{"memberSet":[]},"to":` + side + `}`, "from nothing"},
		"wrong kind":       {`{"from":"x","to":` + side + `}`, "no mapping"},
		"verdict and type": {`{"VERDICT":"subset","type":["http://example.org/x"],"from":` + side + `,"to":` + side + `}`, "says no relation"},
	} {
		got, err := exchange.Read("x", []byte(good+"\n"+c.bad+"\n"+good), exchange.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(got.Statements) != 2 || len(got.Problems) != 1 || got.Problems[0].Place != "mapping 2" || !strings.Contains(got.Problems[0].Message, c.want) {
			t.Errorf("%s: %d statements, %v", name, len(got.Statements), got.Problems)
		}
	}
	if _, err := exchange.Read("x", []byte(good+"\n{\"from\": oops"), exchange.Options{}); err == nil || !strings.Contains(err.Error(), "line 2") && !strings.Contains(err.Error(), "mapping 2") {
		t.Errorf("a broken line gives %v", err)
	}
}

// TestJSKOSVerdictNeedsItsType: our word counts only where the relation of SKOS
// says the same, since others may have changed the one and not the other.
func TestJSKOSVerdictNeedsItsType(t *testing.T) {
	side := `{"memberSet":[{"notation":["1"]}]}`
	for kind, want := range map[string]review.Verdict{"exactMatch": review.Verdict(corpus.RelationIdentical), "narrowMatch": review.Verdict(corpus.RelationSuperset)} {
		got, err := exchange.Read("x", []byte(`{"VERDICT":"identical","type":["`+skos+kind+`"],"from":`+side+`,"to":`+side+`}`), exchange.Options{})
		if err != nil || len(got.Statements) != 1 || got.Statements[0].Verdict != want {
			t.Errorf("%s: %+v, %v", kind, got.Statements, err)
		}
	}
}
