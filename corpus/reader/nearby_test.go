package reader

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/corpus"
)

// keysOf are the keys and texts of what a ZIP file of named files is read as.
func keysOf(t *testing.T, files ...string) (string, []*corpus.Document) {
	t.Helper()
	docs, err := Read("set.zip", bytes.NewReader(packed(files...)), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, doc := range docs {
		lines = append(lines, "# "+string(doc.Standard.ID))
		for _, c := range doc.Clauses {
			lines = append(lines, c.ID.Key()+" | "+c.Heading+" | "+strings.ReplaceAll(c.Text, "\n", " / "))
		}
	}
	return strings.Join(lines, "\n"), docs
}

const railCatalog = `{"catalog":{"uuid":"1","metadata":{"title":"Rail Controls","version":"1"},"groups":[
{"id":"a","title":"Rails","controls":[
 {"id":"a-1","title":"Height","params":[{"id":"a-1_p","label":"height"}],"parts":[{"id":"a-1_s","name":"statement","prose":"The rail is {{ insert: param, a-1_p }} high."},{"name":"guidance","prose":"Measure it."}],
  "controls":[{"id":"a-1.1","title":"Schools","parts":[{"name":"statement","prose":"Schools have a second rail."}]}]},
 {"id":"a-2","title":"Colour","parts":[{"id":"a-2_s","name":"statement","prose":"The rail is seen."}]}]},
{"id":"b","title":"Ramps","controls":[{"id":"b-1","title":"Kerb","parts":[{"name":"statement","prose":"A ramp has a kerb."}]}]}]}}`

const railProfile = `{"profile":{"uuid":"2","metadata":{"title":"Rail Baseline","version":"1"},
"imports":[{"href":"#c","include-controls":[{"with-ids":["a-1.1","a-2"]},{"matching":[{"pattern":"b-*"}]}]}],
"modify":{"set-parameters":[{"param-id":"a-1_p","values":["900 mm"]}],
"alters":[{"control-id":"a-2","adds":[{"position":"after","by-id":"a-2_s","parts":[{"name":"item","prose":"It is yellow."}]}]}]},
"back-matter":{"resources":[{"uuid":"c","rlinks":[{"href":"../cat/rails.json"}]}]}}}`

// A profile is read as the catalog it selects, from the catalog beside it, and
// refused with its name where that is missing.
func TestProfiles(t *testing.T) {
	got, _ := keysOf(t, "cat/rails.json", railCatalog, "profiles/base.json", railProfile)
	_, got, found := strings.Cut(got, "rail-baseline")
	want := "\nA | Rails | \nA-1.1 | Schools | Schools have a second rail.\nA-2 | Colour | The rail is seen. / It is yellow.\nB | Ramps | \nB-1 | Kerb | A ramp has a kerb."
	if !found || !strings.EqualFold(got, want) {
		t.Errorf("the profile is %s\nwant %s", got, want)
	}
	all := strings.Replace(railProfile, `"include-controls":[{"with-ids":["a-1.1","a-2"]},{"matching":[{"pattern":"b-*"}]}]`, `"include-all":{},"exclude-controls":[{"with-ids":["a-1.1","b-1"]}]`, 1)
	got, _ = keysOf(t, "rails.json", railCatalog, "base.json", strings.Replace(all, "after", "starting", 1))
	if _, got, _ = strings.Cut(got, "rail-baseline"); !strings.Contains(got, "The rail is 900 mm high.") || strings.Contains(got, "School") || strings.Contains(got, "Ramps") {
		t.Errorf("the profile of all is %s", got)
	}
	xml := `<profile xmlns="http://csrc.nist.gov/ns/oscal/1.0"><metadata><title>Rail Baseline</title></metadata>
<import href="rails.json"><include-controls with-child-controls="yes"><with-id>a-1</with-id></include-controls></import>
<modify><alter control-id="a-1"><remove by-name="guidance"/><add position="ending"><part name="item"><p>It is firm.</p></part></add></alter></modify></profile>`
	got, _ = keysOf(t, "base.xml", xml, "rails.json", railCatalog)
	if part, _, _ := strings.Cut(got, "# int-rail-controls"); !strings.Contains(part, "It is firm.") || !strings.Contains(part, "second rail") || strings.Contains(part, "Measure") || strings.Contains(part, "seen") {
		t.Errorf("the profile in XML is %s", got)
	}
	yaml := "profile:\n  metadata:\n    title: Rail Baseline\n  imports:\n    - href: rails.json\n      include-controls:\n        - with-ids: [a-2]\n"
	if got, _ = keysOf(t, "base.yaml", yaml, "rails.json", railCatalog); strings.Count(got, "The rail is seen.") != 2 {
		t.Errorf("the profile in YAML is %s", got)
	}
	circle := strings.ReplaceAll(railProfile, "../cat/rails.json", "base.json")
	for name, raw := range map[string][]byte{"base.json": []byte(railProfile), "circle.zip": packed("base.json", circle)} {
		_, err := Read(name, bytes.NewReader(raw), Hint{})
		if err == nil || !errors.Is(err, corpus.ErrInvalid) && !errors.Is(err, corpus.ErrLimit) || !strings.Contains(err.Error(), "profile") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A real profile takes its controls out of the real catalog.
func TestRealProfile(t *testing.T) {
	catalog, err := os.ReadFile(filepath.Join(realDir, "oscal-ism/ISM_catalog.json"))
	if err != nil {
		t.Skip("the real files are not on this machine")
	}
	profile, err := os.ReadFile(filepath.Join(realDir, "oscal-ism/ISM_E8_ML1-baseline_profile.json"))
	if err != nil {
		t.Fatal(err)
	}
	_, docs := keysOf(t, "ISM_E8_ML1-baseline_profile.json", string(profile), "ISM_catalog.json", string(catalog))
	if len(docs) != 2 {
		t.Fatalf("%d documents", len(docs))
	}
	controls := 0
	for _, c := range docs[0].Clauses {
		if c.Kind == corpus.KindProvision {
			controls++
		}
	}
	if want := strings.Count(string(profile), `"ism-`); controls != want {
		t.Errorf("%d controls of the %d that the profile names", controls, want)
	}
}

// Files that include others are one document when these are beside them.
func TestIncludes(t *testing.T) {
	got, docs := keysOf(t, "rails.adoc", "= Rails\n:docnumber: 1\n:prefix: X\n:copyright-year: 2030\n:sectnums:\n\ninclude::parts/scope.adoc[leveloffset=+1]\n\n== Rules\n\ninclude::parts/rules.adoc[]\n\ninclude::lost.adoc[]\n",
		"parts/scope.adoc", "= Scope\n\nThis covers rails.\n", "parts/rules.adoc", "Rails shall be fixed.\n")
	if want := "1 | Scope | This covers rails.\n2 | Rules | Rails shall be fixed."; len(docs) != 1 || !strings.HasSuffix(got, want) {
		t.Errorf("AsciiDoc is read as %s", got)
	}
	if said := docs[0].Problems; !strings.Contains(saidOf(said), "lost.adoc") || strings.Contains(saidOf(said), "scope") {
		t.Errorf("the missing file: %v", said)
	}
	got, docs = keysOf(t, "index.rst", "Rails\n=====\n\n.. toctree::\n   :maxdepth: 2\n\n   1\n   Rules <two>\n\n.. include:: end.txt\n", "1.rst", "1 Scope\n-------\n\n1.1 This covers rails.\n", "two.rst", "2 Rules\n-------\n\n2.1 Rails shall be fixed.\n", "end.txt", "2.2 Rails shall be seen.\n")
	if want := "2.2 |  | Rails shall be seen."; len(docs) != 1 || !strings.HasSuffix(got, want) || !strings.Contains(got, "1.1 |  | This covers rails.") {
		t.Errorf("reStructuredText is read as %s", got)
	}
	if _, err := Read("circle.zip", bytes.NewReader(packed("a.rst", ".. include:: b.rst\n", "b.rst", ".. include:: a.rst\n")), Hint{}); err == nil {
		t.Error("files that include one another for ever were read")
	}
	if _, err := Read("bomb.zip", bytes.NewReader(packed("a.rst", strings.Repeat(".. include:: b.rst\n", 400), "b.rst", strings.Repeat(".. include:: c.rst\n", 400), "c.rst", strings.Repeat("text\n", 4000))), Hint{}); !errors.Is(err, corpus.ErrLimit) && !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("a bomb of includes: %v", err)
	}
}

func saidOf(problems []corpus.Problem) string {
	var said []string
	for _, p := range problems {
		said = append(said, p.Message)
	}
	return strings.Join(said, "; ")
}
