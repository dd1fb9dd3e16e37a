package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/staging"
)

// report is what import and staged print with --json.
type report struct {
	Saved, Staged, Failed int
	Documents             []struct {
		Import, File, Standard, Done string
		Problems                     []struct{ Severity, Message string }
	}
	Imports []struct {
		ID, File, State, Standard, Done, Problem string
		Errors, Warnings, Clauses                int
		Difference                               struct{ New, Changed, Gone []string }
	}
}

func readReport(t *testing.T, text string) report {
	t.Helper()
	var r report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return r
}

func writeIn(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	cleanText  = "5.3.1 每个防火分区的安全出口不应少于两个。\n\n5.3.2 疏散门的净宽度不应小于0.80m。\n"
	doubtful   = "5.1 One text about doors that open.\n\n5.1 Another text about windows that close.\n"
	nextText   = "5.3.1 每个防火分区的安全出口不应少于三个。\n\n5.3.2 疏散门的净宽度不应小于0.80m。\n\n5.3.3 疏散走道应设置应急照明。\n"
	gbFlag     = "--standard=GB 50016-2014"
	domainFlag = "--domain=engineering"
)

// TestStageAndAccept goes from a file that waits to clauses that are found.
func TestStageAndAccept(t *testing.T) {
	data, files := t.TempDir(), t.TempDir()
	file := writeIn(t, files, "a.txt", cleanText)
	r := readReport(t, must(t, "import", "--data", data, "--stage", "--json", gbFlag, domainFlag, file))
	if r.Staged != 1 || r.Saved != 0 || r.Documents[0].Done != "staged" || r.Documents[0].Import == "" {
		t.Fatalf("staging printed %+v", r)
	}
	id := r.Documents[0].Import
	if out := must(t, "search", "--data", data, "--json", "疏散门"); !strings.Contains(out, `"total": 0`) {
		t.Errorf("what waits is found: %s", out)
	}
	if out := must(t, "staged", "--data", data, "--state", "discarded", "--json"); !strings.Contains(out, `"imports": []`) {
		t.Errorf("an empty list is no list: %s", out)
	}
	listed := readReport(t, must(t, "staged", "--data", data, "--json"))
	if len(listed.Imports) != 1 || listed.Imports[0].ID != id || listed.Imports[0].File != "a.txt" || listed.Imports[0].Clauses != 2 {
		t.Errorf("the list is %+v", listed)
	}
	if out := must(t, "staged", "--data", data, "show", id); !strings.Contains(out, "2 new") {
		t.Errorf("show printed %s", out)
	}
	must(t, "staged", "--data", data, "accept", id)
	if out := must(t, "search", "--data", data, "--json", "疏散门"); !strings.Contains(out, "cn-gb-50016-2014/5.3.2") {
		t.Errorf("accepted, and not found: %s", out)
	}
	if code, out, _ := concord(t, "staged", "--data", data, "accept", id); code == exitOK || !strings.Contains(out, "already") {
		t.Errorf("accepted twice: exit %d, %s", code, out)
	}
	next := writeIn(t, files, "b.txt", nextText)
	out := must(t, "import", "--data", data, gbFlag, domainFlag, next)
	if !strings.Contains(out, "1 new, 1 changed, 0 gone") {
		t.Errorf("a second text printed %s", out)
	}
	waits := readReport(t, must(t, "staged", "--data", data, "--json"))
	if len(waits.Imports) != 1 {
		t.Fatalf("%+v", waits)
	}
	must(t, "staged", "--data", data, "discard", waits.Imports[0].ID)
	if out := must(t, "search", "--data", data, "--json", "应急照明"); strings.Contains(out, "5.3.3") {
		t.Errorf("discarded, and found: %s", out)
	}
	if check := must(t, "check", "--data", data); !strings.Contains(check, "all is well") {
		t.Error(check)
	}
}

// TestAcceptTakesWhatHasNoProblem: one is saved, one with a warning and one with an
// error wait, and one that cannot be read fails.
func TestAcceptTakesWhatHasNoProblem(t *testing.T) {
	data, files := t.TempDir(), t.TempDir()
	good := writeIn(t, files, "GB 50016-2014.md", "---\ndesignation: GB 50016-2014\njurisdiction: CN\nlanguage: zh\ndomain: engineering\n---\n\n"+cleanText)
	twice := writeIn(t, files, "twice.txt", doubtful)
	empty := writeIn(t, files, "empty.txt", "")
	code, out, errs := concord(t, "import", "--data", data, "--accept", "--json", "--jurisdiction", "CN", good, twice, empty)
	r := readReport(t, out)
	if code != exitPartly || r.Saved != 1 || r.Staged != 1 || r.Failed != 1 {
		t.Fatalf("exit %d, %s %s", code, out, errs)
	}
	for i, want := range []string{"saved", "staged", "failed"} {
		if r.Documents[i].Done != want {
			t.Errorf("%s is %s, want %s", r.Documents[i].File, r.Documents[i].Done, want)
		}
	}
	// the control: without --accept the same file is saved, warnings and all
	if r := readReport(t, must(t, "import", "--data", t.TempDir(), "--json", "--jurisdiction", "CN", twice)); r.Saved != 1 {
		t.Errorf("without --accept: %+v", r)
	}
	if code, _, _ := concord(t, "import", "--data", data, "--accept", "--stage", good); code != exitUsage {
		t.Errorf("--accept and --stage together: exit %d", code)
	}
}

// TestPagesReadInAChild is the way of a file that is sent to the pages: it is read by
// a child, one that kills it is a sentence, and the next is read all the same.
func TestPagesReadInAChild(t *testing.T) {
	e := env{stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }}
	p, err := e.openProgram(t.Context(), config{Data: t.TempDir()}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	children := newChildReader(p.config)
	children.env = []string{wickedEnv + "=1"}
	defer children.Close()
	im := importer{p, children.Read, children.Draw}
	if _, err := im.Stage(t.Context(), "bad.panic", strings.NewReader("x"), staging.Hint{}, "cli"); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("a file that kills the reader: %v", err)
	}
	list, err := im.Stage(t.Context(), "a.txt", strings.NewReader(cleanText), staging.Hint{Designation: "GB 50016-2014", Domain: corpus.DomainEngineering}, "cli")
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	sum := sha256.Sum256([]byte(cleanText))
	if i := list[0]; i.Digest != hex.EncodeToString(sum[:]) || i.Standard != "cn-gb-50016-2014" || i.Clauses != 2 {
		t.Errorf("%+v", i)
	}
	i, err := p.store.Staged(t.Context(), list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	diff, err := im.Accept(t.Context(), i, "cli")
	if err != nil || len(diff.New) != 2 {
		t.Errorf("%+v %v", diff, err)
	}
	if c, err := p.store.ClausesOf(t.Context(), "cn-gb-50016-2014"); err != nil || c[0].Kind != corpus.KindRequirement {
		t.Errorf("the lexicon did not tell a requirement: %+v %v", c, err)
	}
}

// TestStageABundle: each document of a container waits for itself, and one bad file
// in it stops none of the others.
func TestStageABundle(t *testing.T) {
	data, files := t.TempDir(), t.TempDir()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, f := range []struct{ name, body string }{{"GB 1-2020.txt", cleanText}, {"GB 2-2020.txt", nextText}} {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := writeIn(t, files, "several.zip", packed.String())
	for range 2 { // the second time, nothing is added
		r := readReport(t, must(t, "import", "--data", data, "--stage", "--json", "--jurisdiction", "CN", file))
		if r.Staged != 2 {
			t.Errorf("%+v", r)
		}
	}
	if r := readReport(t, must(t, "staged", "--data", data, "--json", "--state", "all")); len(r.Imports) != 2 {
		t.Errorf("%d imports wait", len(r.Imports))
	}
}
