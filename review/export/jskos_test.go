package export

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
)

// jskosLanguages is the pattern of the keys of language maps in JSKOS's schemas.
var jskosLanguages = regexp.MustCompile(`^([a-z]{1,8}(-[a-z0-9]{1,8})*-?|-)$`)

// jskosFaults holds a mapping to the rules of JSKOS's schemas (mapping, bundle,
// item and resource, version 0.6.0).
func jskosFaults(value any, at string) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	object, is := value.(map[string]any)
	if !is {
		return []string{at + ": no object"}
	}
	known := []string{"uri", "identifier", "type", "created", "issued", "partOf", "fromScheme", "from", "toScheme", "to", "justification", "note", "editorialNote", "notation", "prefLabel", "inScheme", "memberSet", "VERDICT"}
	for key, v := range object {
		switch {
		case !slices.Contains(known, key):
			fault("the field %s", key)
		case key == "uri" && !strings.Contains(v.(string), ":"):
			fault("the address %v", v)
		case key == "prefLabel":
			for l, text := range v.(map[string]any) {
				if s, is := text.(string); !is || s == "" || !jskosLanguages.MatchString(l) {
					fault("the label %q: %v", l, text)
				}
			}
		case key == "note" || key == "editorialNote":
			for l, list := range v.(map[string]any) {
				texts, is := list.([]any)
				if !is || slices.Contains(texts, any("")) || !jskosLanguages.MatchString(l) {
					fault("the note %q: %v", l, list)
				}
			}
		case key == "partOf" || key == "inScheme" || key == "memberSet":
			for n, part := range v.([]any) {
				faults = append(faults, jskosFaults(part, fmt.Sprintf("%s.%s[%d]", at, key, n))...)
			}
		case key == "fromScheme" || key == "toScheme" || key == "from" || key == "to":
			faults = append(faults, jskosFaults(v, at+"."+key)...)
		}
	}
	return faults
}

func TestJSKOS(t *testing.T) {
	shelf := sample()
	shelf.standards[0].Designation, shelf.dossier.Name = "", ""
	shelf.standards[1].Language = "zh-Hant"
	for n := range shelf.clauses {
		shelf.clauses[n].Language = []corpus.Language{"zh-Hant", "", "x_y"}[n%3]
	}
	lines := strings.Split(strings.TrimSuffix(written(t, mustBe(t, "jskos"), gatheredFrom(t, shelf, "en")), "\n"), "\n")
	var said []string
	for n, line := range lines {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		if faults := jskosFaults(m, fmt.Sprint(n+1)); faults != nil {
			t.Errorf("%q", faults)
		}
		for _, side := range []string{"from", "to"} {
			if bundle := m[side].(map[string]any); len(bundle) != 1 || bundle["memberSet"] == nil {
				t.Errorf("line %d: the bundle %s is %v", n+1, side, bundle)
			}
		}
		kind := m["type"].([]any)[0].(string)
		said = append(said, fmt.Sprint(kind[strings.Index(kind, "#")+1:], " ", len(m["to"].(map[string]any)["memberSet"].([]any))))
	}
	if want := []string{"exactMatch 1", "exactMatch 1", "narrowMatch 2", "broadMatch 1", "closeMatch 1", "mappingRelation 0"}; !slices.Equal(said, want) {
		t.Errorf("it says %q, want %q", said, want)
	}
}

func TestJSKOSFaultsFinds(t *testing.T) {
	for _, bad := range []string{`{"FIELD": 1, "x": 1}`, `{"prefLabel": {"zh-Hant": "a"}}`, `{"prefLabel": {"en": ""}}`, `{"note": {"en": [""]}}`, `{"to": {"memberSet": [{"uri": "x"}]}}`} {
		var m any
		if err := json.Unmarshal([]byte(bad), &m); err != nil {
			t.Fatal(err)
		}
		if jskosFaults(m, "") == nil {
			t.Errorf("nothing is wrong with %s", bad)
		}
	}
}
