package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A table whose headers say nothing is read by letters, in the child process, and
// what is wrong names file and column; without them it waits or fails with the cure.
func TestImportColumns(t *testing.T) {
	data, files := t.TempDir(), t.TempDir()
	file := writeIn(t, files, "a.csv", "x1,x2,x3\n5.1,Doors,The width shall be at least 0.8 m.\n5.2,Stairs,Rails shall stand on both sides.\n")
	flags := []string{"import", "--data", data, "--json", "--standard=ISO 88:2020", "--lang=en", domainFlag}
	run := func(more ...string) (int, string) {
		code, out, errs := concord(t, append(append([]string{}, flags...), more...)...)
		return code, out + errs
	}
	if code, out := run(file); code == exitOK || !strings.Contains(out, `--columns \"number=A,text=C\"`) {
		t.Errorf("without columns: %d %s", code, out)
	}
	for columns, says := range map[string]string{
		"number=A,text=F": `the column F is beyond the last one, C \"x3\"`, "number=A,text=A": "is given for number and for text", "number=A": "no column is said to hold text",
		"number=A,body=C": "is not a role", "number=A,text=none such": `no header is named \"none such\"`,
	} {
		if code, out := run("--columns", columns, file); code == exitOK || !strings.Contains(out, says) || !strings.Contains(out, "a.csv") {
			t.Errorf("%s: %d, it does not say %q: %s", columns, code, says, out)
		}
	}
	for _, bad := range []string{"number", "number=A,number=B", "=A"} {
		if code, _ := run("--columns", bad, file); code == exitOK {
			t.Errorf("%q was taken", bad)
		}
	}
	code, out, errs := concord(t, append(append([]string{}, flags...), "--columns", "number=A,title=B,text=x3", file)...)
	if code != exitOK || readReport(t, out).Saved != 1 || !strings.Contains(out, `"clauses": 2`) {
		t.Fatalf("%d %s %s", code, out, errs)
	}
}

// Columns that the command line said are known for the next table of the publisher
// with the same headers, also in a container; another table is none of them.
func TestImportRemembersColumns(t *testing.T) {
	data, files := t.TempDir(), t.TempDir()
	run := func(args ...string) (int, string) {
		code, out, errs := concord(t, append([]string{"import", "--data", data, "--json", "--lang=en", "--jurisdiction=INT", domainFlag}, args...)...)
		return code, out + errs
	}
	first := writeIn(t, files, "a.csv", "x1,x2,x3\n5.1,Doors,The width shall be at least 0.8 m.\n5.2,Stairs,Rails shall stand on both sides.\n")
	next := writeIn(t, files, "b.csv", "x1,x2,x3\n6.1,Signs,Signs shall glow in the dark.\n6.2,Ramps,Ramps shall be level.\n")
	other := writeIn(t, files, "c.csv", "y1,y2,y3\n6.1,Signs,Signs shall glow in the dark.\n6.2,Ramps,Ramps shall be level.\n")
	if code, out := run("--standard=ISO 89:2020", next); code == exitOK {
		t.Fatalf("nothing was said of the columns: %s", out)
	}
	if code, out := run("--standard=ISO 88:2020", "--columns", "number=A,text=F", first); code == exitOK {
		t.Fatalf("columns that do not fit: %s", out)
	}
	if code, out := run("--standard=ISO 89:2020", next); code == exitOK {
		t.Fatalf("columns that do not fit were remembered: %s", out)
	}
	if code, out := run("--standard=ISO 88:2020", "--columns", "number=A,title=B,text=C", first); code != exitOK {
		t.Fatalf("%d %s", code, out)
	}
	if code, out := run("--standard=ISO 89:2020", next); code != exitOK || !strings.Contains(out, "as in the last table of") {
		t.Errorf("the next table: %d %s", code, out)
	}
	if code, out := run("--standard=ISO 90:2020", other); code == exitOK {
		t.Errorf("a table with other headers: %s", out)
	}
}

// An OSCAL profile whose catalog is kept already is read from that, and says so.
func TestImportProfileOfKeptCatalog(t *testing.T) {
	data, files, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	catalog := writeIn(t, files, "base.json", `{"catalog":{"uuid":"1","metadata":{"title":"Controls of doors","version":"1"},"groups":[{"id":"d","title":"Doors","controls":[`+
		`{"id":"d-1","title":"Lock","parts":[{"name":"statement","prose":"Doors shall lock."}]},`+
		`{"id":"d-2","title":"Glow","props":[{"name":"label","value":"D-2"}],"parts":[{"name":"statement","prose":"Doors shall glow."}],"controls":[{"id":"d-2.1","title":"At night","props":[{"name":"label","value":"D-2(1)"}],"parts":[{"name":"statement","prose":"Doors shall glow at night."}]}]}]}]}}`)
	profile := writeIn(t, elsewhere, "low.json", `{"profile":{"uuid":"2","metadata":{"title":"Low doors","version":"1"},"imports":[{"href":"../catalogs/base.json","include-controls":[{"with-ids":["d-2.1"]}]}]}}`)
	run := func(path string) (int, string) {
		code, out, errs := concord(t, "import", "--data", data, "--json", "--lang=en", "--jurisdiction=INT", domainFlag, path)
		return code, out + errs
	}
	if code, out := run(profile); code == exitOK || !strings.Contains(out, "not beside it") {
		t.Errorf("before its catalog: %d %s", code, out)
	}
	if code, out := run(catalog); code != exitOK {
		t.Fatalf("%d %s", code, out)
	}
	code, out := run(profile)
	if code != exitOK || !strings.Contains(out, "Controls of doors, which is kept") {
		t.Errorf("by itself: %d %s", code, out)
	}
	if !strings.Contains(out, `"clauses": 2`) { // the group and the one enhancement
		t.Errorf("what it selects: %s", out)
	}
}

// An OSCAL profile is read with the catalogs that are imported with it, from whatever
// folder; one that misses its catalog names it.
func TestImportProfileOfFolder(t *testing.T) {
	data, files := t.TempDir(), t.TempDir()
	for _, dir := range []string{"catalogs", "profiles"} {
		if err := os.Mkdir(filepath.Join(files, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	writeIn(t, filepath.Join(files, "catalogs"), "base.json", `{"catalog":{"uuid":"1","metadata":{"title":"Controls of doors","version":"1"},"groups":[{"id":"d","title":"Doors","controls":[`+
		`{"id":"d-1","title":"Lock","parts":[{"name":"statement","prose":"Doors shall lock."}]},{"id":"d-2","title":"Glow","parts":[{"name":"statement","prose":"Doors shall glow."}]}]}]}}`)
	profile := writeIn(t, filepath.Join(files, "profiles"), "low.json", `{"profile":{"uuid":"2","metadata":{"title":"Low doors","version":"1"},"imports":[{"href":"../catalogs/base.json","include-controls":[{"with-ids":["d-2"]}]}]}}`)
	run := func(path string) (int, string) {
		code, out, errs := concord(t, "import", "--data", data, "--json", "--lang=en", "--jurisdiction=INT", domainFlag, path)
		return code, out + errs
	}
	if code, out := run(profile); code == exitOK || !strings.Contains(out, "base.json") || !strings.Contains(out, "low.json") || !strings.Contains(out, "not beside it") {
		t.Errorf("by itself: %d %s", code, out)
	}
	code, out, errs := concord(t, "import", "--data", data, "--json", "--lang=en", "--jurisdiction=INT", domainFlag, files)
	if code != exitOK || !strings.Contains(out, `"saved": 2`) || !strings.Contains(out, filepath.ToSlash(profile)) {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	var report struct {
		Documents []struct {
			File    string
			Clauses int
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	clauses := map[string]int{}
	for _, d := range report.Documents {
		clauses[filepath.Base(d.File)] = d.Clauses
	}
	if len(clauses) != 2 || clauses["base.json"] != clauses["low.json"]+1 || clauses["low.json"] == 0 {
		t.Errorf("clauses by file: %v", clauses)
	}
}
