package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/review"
)

// TestImportMappings goes the whole way: a mapping of others is kept, waits, is
// found when its standard arrives, enters a queue as proposals, and is written
// again; nothing of it is agreed.
func TestImportMappings(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	exported := filepath.Join(dir, "ours.sssom.tsv")
	must(t, "export", "--data", data, "--dossier", "Accessibility: China – Russia", "--format", "sssom", "-o", exported)
	waiting := filepath.Join(dir, "theirs.csv")
	write(t, waiting, "Focal Document Element,Reference Document Element,Relationship\ncn-gb-50763-2012/3.2.1,sp-x-2020/1,equal\ncn-gb-50763-2012/3.2.1,sp-x-2020/2,broader\n")
	before := must(t, "check", "--data", data)

	out, _, code := callJSON(t, data, exported, waiting)
	if code != exitOK || len(out.Sets) != 2 || out.Sets[0].Done != doneSaved || out.Sets[0].Rows == 0 || out.Sets[0].Pending != 0 {
		t.Fatalf("code %d, %+v", code, out)
	}
	if theirs := out.Sets[1]; theirs.Rows != 1 || theirs.Pending != 1 || len(theirs.Problems) != 1 || theirs.Problems[0].Place != "line 3" {
		t.Errorf("theirs are %+v", theirs)
	}
	again := filepath.Join(dir, "again.sssom.tsv")
	must(t, "import-mappings", "--data", data, "--set", out.Sets[0].ID.String(), "-o", again)
	if read(t, again) != read(t, exported) {
		t.Error("the set is not written as it came")
	}
	if shown := must(t, "import-mappings", "--data", data, "--set", out.Sets[1].ID.String(), "--pending"); !strings.Contains(shown, "sp-x-2020 1") {
		t.Errorf("what is pending: %s", shown)
	}
	if listed := must(t, "import-mappings", "--data", data); !strings.Contains(listed, "theirs.csv") {
		t.Errorf("the list: %s", listed)
	}
	if after := must(t, "check", "--data", data); !strings.Contains(after, "all is well") || agreedLine(before) != agreedLine(after) {
		t.Errorf("check says %s, before %s", after, before)
	}

	broken := filepath.Join(dir, "broken.json")
	write(t, broken, "{")
	if out, errs, code := callJSON(t, data, broken, exported); code != exitPartly || out.Sets[0].Done != doneFailed || out.Sets[1].Done != doneUnchanged || !strings.Contains(errs, "line 1") {
		t.Errorf("a broken file beside a good one: %d, %+v, %s", code, out, errs)
	}

	// A workbook that came short is named with what cures it, and its row says no more.
	book := filepath.Join(dir, "book.xlsx")
	must(t, "export", "--data", data, "--dossier", "Accessibility: China – Russia", "--format", "xlsx", "-o", book)
	short := filepath.Join(dir, "short.xlsx")
	write(t, short, read(t, book)[:2000])
	code, said, errs := concord(t, "import-mappings", "--json", "--data", data, short)
	if code != exitPartly || !strings.Contains(errs, "short.xlsx: it is no whole workbook") || !strings.Contains(errs, "save it again") || strings.Contains(said, "0001-01-01") || strings.Contains(said, `"id"`) || !strings.Contains(said, `"done": "failed"`) {
		t.Errorf("a workbook that came short: %d, %s, %s", code, said, errs)
	}
	if _, _, errs := concord(t, "import-mappings", "--json", "--data", data, book); strings.Contains(errs, "no whole workbook") {
		t.Errorf("a whole one is called short: %s", errs)
	}
}

// agreedLine is the line of a check that tells matches.
func agreedLine(check string) string {
	_, rest, _ := strings.Cut(check, "follow each other, ")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// TestImportedProposals: pairs of proposals enter the queue as proposals of our
// own comparison, open for two opinions.
func TestImportedProposals(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	p, err := quiet().openProgram(t.Context(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.findDossier(t.Context(), "Accessibility: China – Russia")
	if err != nil {
		t.Fatal(err)
	}
	dossier, err := p.store.Dossier(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.store.ClausesOf(t.Context(), dossier.Sides[0].Standards[0])
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.store.ClausesOf(t.Context(), dossier.Sides[1].Standards[0])
	if err != nil {
		t.Fatal(err)
	}
	last := func(n int) string { return string(b[len(b)-n].ID) }
	// Turned round, and one pair that is denied: it is no candidate.
	file := filepath.Join(dir, "p.csv")
	write(t, file, "Focal Document Element,Reference Document Element,Relationship\n"+last(1)+","+string(a[1].ID)+",equal\n"+string(a[2].ID)+","+last(1)+",not related to\n")
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	out, _, _ := callJSON(t, data, "--as", "proposals", "--dossier", d.String(), file)
	if len(out.Sets) != 1 || out.Sets[0].Proposed != 1 {
		t.Fatalf("%+v", out)
	}
	if p, err = quiet().openProgram(t.Context(), config{Data: data}, false); err != nil {
		t.Fatal(err)
	}
	defer p.close()
	page, err := p.store.Matches(t.Context(), review.Filter{Dossier: d, Clause: b[len(b)-1].ID})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, m := range page.Matches {
		if m.Sources[0] == a[1].ID {
			found = true
			if m.State != review.StateProposed || m.Proposal == nil || len(m.Decisions) > 0 {
				t.Errorf("the match is %+v", m)
			}
		}
	}
	if !found {
		t.Error("the pair did not enter the queue")
	}
}

func callJSON(t *testing.T, data string, args ...string) (out struct{ Sets []mappingRow }, errs string, code int) {
	t.Helper()
	code, text, errs := concord(t, append([]string{"import-mappings", "--data", data, "--json"}, args...)...)
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v: %s %s", err, text, errs)
	}
	return out, errs, code
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
