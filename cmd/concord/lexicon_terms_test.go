package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLexiconTerms brings terms in from a file, sees what they change, and brings
// them out again.
func TestLexiconTerms(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	std := write("en.jsonl", `{"standard":"X 1:2020","lang":"en","clause":"1","text":"The zqxv of the stairs shall be firm."}`+"\n"+`{"standard":"X 1:2020","lang":"en","clause":"2","text":"The roof shall be dry."}`+"\n")
	must(t, "import", "--data", data, std)
	if code, _, _ := concord(t, "search", "--data", data, "зъюх"); code == exitOK {
		t.Log("the word is not known yet; the search still answers")
	}
	terms := write("own.csv", "concept-id,lang,term,status\nrail,en,zqxv,preferred\nrail,ru,зъюх,forbidden\nbad,,x,\n")
	for _, dry := range []bool{true, false} {
		args := []string{"lexicon", "import", "--data", data, "--json", "--licence", "CC0", terms}
		if dry {
			args = append(args, "--dry-run")
		}
		code, out, errs := concord(t, args...)
		var got struct{ Files []termImport }
		if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitPartly || len(got.Files) != 1 {
			t.Fatalf("exit %d %v %s %s", code, err, out, errs)
		}
		f := got.Files[0]
		if f.Added != 1 || f.Terms != 2 || len(f.Problems) != 1 || f.Problems[0].Line != 4 || f.Effect == nil || f.Effect.Reread != 1 {
			t.Errorf("dry %v: %s", dry, out)
		}
		list := must(t, "lexicon", "list", "--data", data, "ЗЪЮХ")
		if strings.Contains(list, "rail") == dry {
			t.Errorf("dry %v: the list is\n%s", dry, list)
		}
	}
	if out := must(t, "search", "--data", data, "--json", "зъюх"); !strings.Contains(out, "x-1-2020/1") || strings.Contains(out, "x-1-2020/2") {
		t.Errorf("a forbidden Russian form does not find the English clause: %s", out)
	}
	tbx := filepath.Join(dir, "out.tbx")
	must(t, "lexicon", "export", "--data", data, "--format", "tbx", "-o", tbx)
	if body, err := os.ReadFile(tbx); err != nil || !strings.Contains(string(body), "<term>зъюх</term>") || !strings.Contains(string(body), "CC0") {
		t.Errorf("%v %s", err, body)
	}
	if out := must(t, "lexicon", "import", "--data", data, "--json", tbx); !strings.Contains(out, `"same": 1`) {
		t.Errorf("what was exported is not the same when it comes back: %s", out)
	}
	if out := must(t, "lexicon", "withdraw", "--data", data, "rail"); !strings.Contains(out, "1 clauses are read anew") {
		t.Errorf("withdraw: %s", out)
	}
	if out := must(t, "search", "--data", data, "--json", "зъюх"); strings.Contains(out, "x-1-2020/1") {
		t.Errorf("a withdrawn term is still understood: %s", out)
	}
}

func TestLexiconTermsRefuses(t *testing.T) {
	data := t.TempDir()
	for _, tt := range []struct {
		args []string
		code int
	}{
		{[]string{"import"}, exitUsage},
		{[]string{"import", "--format", "doc", "x"}, exitUsage},
		{[]string{"import", "--data", data, filepath.Join(data, "none.csv")}, exitPartly},
		{[]string{"export", "--format", "cedict"}, exitUsage},
		{[]string{"export", "--data", filepath.Join(data, "nowhere")}, exitMissing},
		{[]string{"withdraw"}, exitUsage},
		{[]string{"withdraw", "--data", data, "nothing"}, exitMissing},
	} {
		if code, _, errs := concord(t, append([]string{"lexicon"}, tt.args...)...); code != tt.code {
			t.Errorf("%v: exit %d, want %d: %s", tt.args, code, tt.code, errs)
		}
	}
}
