package export

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func TestJSKOS(t *testing.T) {
	text := written(t, mustBe(t, "jskos"), gatheredFrom(t, sample(), "en"))
	golden(t, "mapping.golden.jskos.ndjson", text)
	types := map[string]bool{}
	for line := range strings.Lines(text) {
		var m jskosMapping
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		for _, uri := range []string{m.URI, m.FromScheme.URI, m.ToScheme.URI, m.PartOf[0].URI} {
			if u, err := url.Parse(uri); err != nil || !u.IsAbs() {
				t.Errorf("%q is no address", uri)
			}
		}
		if len(m.From.Members) == 0 || m.To.Members == nil || len(m.Type) != 1 {
			t.Errorf("%s", line)
		}
		if nothing := strings.HasSuffix(m.Type[0], "#mappingRelation"); nothing != (len(m.To.Members) == 0) {
			t.Errorf("only what corresponds to nothing has an empty side: %s", line)
		}
		types[m.Type[0][strings.Index(m.Type[0], "#")+1:]] = true
		for _, member := range append(m.From.Members, m.To.Members...) {
			if strings.HasSuffix(member.URI, "5.6") {
				t.Errorf("a rejected pair is related: %s", line)
			}
		}
	}
	for _, want := range []string{"exactMatch", "broadMatch", "narrowMatch", "closeMatch", "mappingRelation"} {
		if !types[want] {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	for _, payload := range payloads {
		for line := range strings.Lines(written(t, mustBe(t, "jskos"), gatheredFrom(t, hostile(payload), "en"))) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%q: %s", payload, line)
			}
		}
	}
}

// urn is the form that CISO Assistant asks of its addresses.
var urn = regexp.MustCompile(`^urn:[a-z0-9]+:risk:(library|framework|req_node|req_mapping_set):[a-z0-9%._~:-]+$`)

func TestCISO(t *testing.T) {
	text := written(t, mustBe(t, "ciso"), gatheredFrom(t, sample(), "en"))
	golden(t, "mapping.golden.ciso.yaml", text)
	var lib cisoLibrary
	if err := yaml.UnmarshalWithOptions([]byte(text), &lib, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	sets := lib.Objects.Sets
	if len(sets) != 2 || sets[0].Source != sets[1].Target || sets[0].Target != sets[1].Source {
		t.Fatalf("one set each way is wanted: %+v", sets)
	}
	inverse := map[string]string{"equal": "equal", "intersect": "intersect", "subset": "superset", "superset": "subset"}
	for n, m := range sets[0].Mappings {
		back := sets[1].Mappings[n]
		if back.Source != m.Target || back.Target != m.Source || back.Relationship != inverse[m.Relationship] || m.Strength < 1 || m.Strength > 10 {
			t.Errorf("%+v is not the reverse of %+v", back, m)
		}
		for _, u := range []string{m.Source, m.Target, sets[0].URN, sets[0].Source, lib.URN} {
			if !urn.MatchString(u) {
				t.Errorf("%q is no URN", u)
			}
		}
		if strings.HasSuffix(m.Source, ":5.6") || strings.HasSuffix(m.Source, ":5.7") {
			t.Errorf("what is related to nothing is mapped: %+v", m)
		}
	}
	if cisoPart("第5.3.1条 A") == cisoPart("第5.3.2条 A") || !urn.MatchString("urn:concord:risk:req_node:"+cisoPart("Приложение А, (1)")) {
		t.Error("parts of addresses are not encoded")
	}
	for _, payload := range payloads {
		var lib cisoLibrary
		if err := yaml.UnmarshalWithOptions([]byte(written(t, mustBe(t, "ciso"), gatheredFrom(t, hostile(payload), "en"))), &lib, yaml.Strict()); err != nil {
			t.Errorf("%q: %v", payload, err)
		}
	}
}
