package exchange_test

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python is an interpreter that has the packages sssom and compliance-trestle, or
// the test is skipped with a notice. CONCORD_PYTHON names one:
//
//	python3 -m venv /tmp/tools && /tmp/tools/bin/pip install sssom compliance-trestle
//	CONCORD_PYTHON=/tmp/tools/bin/python go test ./review/exchange -run TestRealTools
func python(t *testing.T) string {
	t.Helper()
	name := cmp.Or(os.Getenv("CONCORD_PYTHON"), "python3")
	if out, err := exec.Command(name, "-c", "import sssom, trestle.oscal.mapping").CombinedOutput(); err != nil {
		t.Skipf("%s has no sssom and compliance-trestle, CONCORD_PYTHON may name another one: %v %.200s", name, err, out)
	}
	return name
}

// The programs of the two worlds, as their documentation calls them.
const (
	sssomProgram   = "import sys\nfrom sssom.parsers import parse_sssom_table\nfrom sssom.validators import validate\nfrom sssom.constants import SchemaValidationType as T\nvalidate(parse_sssom_table(sys.argv[1]), [T.JsonSchema, T.PrefixMapCompleteness])\n"
	trestleProgram = "import sys, pathlib\nfrom trestle.oscal.mapping import MappingCollection\nMappingCollection.oscal_read(pathlib.Path(sys.argv[1]))\n"
)

// TestRealTools: sssom-py and compliance-trestle take what we write, of generated
// dossiers and of the BSI's collection written again, and refuse what is broken.
func TestRealTools(t *testing.T) {
	name, dir := python(t), t.TempDir()
	run := func(program, file string, body []byte) error {
		path := filepath.Join(dir, file)
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(name, "-c", program, path).CombinedOutput()
		if err != nil {
			t.Logf("%s: %.300s", file, lastLines(string(out)))
		}
		return err
	}
	for seed := range uint64(3) {
		set := gather(t, generated(seed))
		for format, file := range map[string]string{"sssom": "x.sssom.tsv", "sssom-1.0": "x10.sssom.tsv", "oscal": "x.json"} {
			program := sssomProgram
			if format == "oscal" {
				program = trestleProgram
			}
			if err := run(program, file, exported(t, format, set)); err != nil {
				t.Errorf("seed %d: the tool refuses our %s: %v", seed, format, err)
			}
		}
	}
	good := string(exported(t, "sssom", gather(t, generated(1))))
	if run(sssomProgram, "broken.sssom.tsv", []byte(strings.ReplaceAll(good, "semapv:ManualMappingCuration", "semapv:Nonsense"))) == nil {
		t.Error("sssom-py takes a justification that is none: the check finds nothing")
	}
	bsi := shared(t, "real/oscal-bsi/ISO27001-AnnexA-to-GS++-mapping_collection.json")
	if run(trestleProgram, "published.json", bsi) == nil {
		t.Error("trestle takes fields that OSCAL does not have: the check finds nothing")
	}
	if err := run(trestleProgram, "again.json", written(t, read(t, string(bsi)))); err != nil {
		t.Errorf("trestle refuses the collection as we write it: %v", err)
	}
}

func lastLines(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " | ")
}
