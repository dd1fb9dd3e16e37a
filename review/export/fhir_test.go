package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"concord/corpus"
	"concord/review"
)

func TestFHIR(t *testing.T) {
	shelf := wholeSample()
	gap := shelf.match(7, review.VerdictNoCounterpart)
	gap.Sources, gap.Against = []corpus.ClauseID{"ru-b/5.8"}, "cn-a"
	shelf.matches[7] = gap
	var m fhirMap
	text := string(written(t, mustBe(t, "fhir"), gatheredFrom(t, shelf, "en")))
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	// what is put together of pieces is what the whole would be
	var whole bytes.Buffer
	out := json.NewEncoder(&whole)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	if err := out.Encode(m); err != nil || whole.String() != text {
		t.Errorf("%v: it is written\n%s\nand would be\n%s", err, text, whole.String())
	}
	var said []string
	for n, g := range m.Group {
		for _, e := range g.Element {
			if e.NoMap != (len(e.Target) == 0) {
				t.Errorf("%s: noMap and targets exclude each other", e.Code)
			}
			if e.NoMap {
				said = append(said, fmt.Sprint(n, " ", e.Code, " noMap"))
			}
			for _, target := range e.Target {
				if target.Comment == "" {
					t.Errorf("%s does not say what it rests on", e.Code)
				}
				said = append(said, fmt.Sprint(n, " ", e.Code, " ", target.Relationship, " ", target.Code))
			}
		}
	}
	want := []string{"0 5.1 equivalent 5.1", "0 5.2 equivalent 5.2", "0 5.3 source-is-broader-than-target 5.3", "0 5.3 source-is-broader-than-target 5.9",
		"0 5.4 source-is-narrower-than-target 5.4", "0 5.5 related-to 5.5", "0 5.6 not-related-to 5.6", "0 5.7 noMap", "1 5.8 noMap"}
	if !slices.Equal(said, want) {
		t.Errorf("it says\n%q, want\n%q", said, want)
	}
	if m.ResourceType != "ConceptMap" || m.Status != "active" || m.Group[0].Source != m.Group[1].Target {
		t.Errorf("%+v", m)
	}
}
