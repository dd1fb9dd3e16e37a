package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// templatesByCommand writes a template by commands, makes documents with it, and drops
// it.
func templatesByCommand(t *testing.T, data, dossier, login string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "own.txt")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[report]\nsections = gaps-a\ntitle = Ours {parties}\n[letter]\n")
	code, _, errs := concord(t, "template", "set", "House", "--data", data, "--as", login, "--arrangement", file)
	if code != exitFailed || !strings.Contains(errs, "line 4: [letter] is no document") || !strings.Contains(errs, "nothing is kept") {
		t.Errorf("a flaw: exit %d\n%s", code, errs)
	}
	write("[report]\nsections = gaps-a\ntitle = Ours {parties}\n")
	if out := must(t, "template", "set", "House", "--data", data, "--as", login, "--arrangement", file); !strings.Contains(out, "House is at version 1") {
		t.Error(out)
	}
	if out := must(t, "template", "list", "--data", data, "--json"); !strings.Contains(out, `"documents":["report"]`) {
		t.Error(out)
	}
	if out := must(t, "template", "show", "house", "--data", data); out != "[report]\nsections = gaps-a\ntitle = Ours {parties}\n" {
		t.Error(out)
	}
	out := must(t, "export", "--data", data, "--format", "html", "--dossier", dossier, "--template", "House")
	if !strings.Contains(out, "<h1 lang=\"\" dir=\"auto\">Ours ") || !strings.Contains(out, "House · 1 · SHA-256 ") || strings.Contains(out, "Comparison of key technical indicators") {
		t.Errorf("the template was not followed: %.300s", out)
	}
	for name, c := range map[string]struct {
		args []string
		code int
	}{
		"a format for programs":   {[]string{"export", "--data", data, "--format", "csv", "--dossier", dossier, "--template", "House"}, exitFailed},
		"no such template":        {[]string{"export", "--data", data, "--format", "html", "--dossier", dossier, "--template", "Nobody's"}, exitMissing},
		"one-sided as OSCAL":      {[]string{"export", "--data", data, "--format", "oscal", "--dossier", dossier, "--one-sided"}, exitUsage},
		"nobody writes":           {[]string{"template", "set", "House", "--data", data, "--arrangement", file}, exitUsage},
		"no act":                  {[]string{"template", "--data", data}, exitUsage},
		"a letterhead that is no": {[]string{"template", "set", "House", "--data", data, "--as", login, "--letterhead", file}, exitFailed},
		"dropping nothing":        {[]string{"template", "drop", "Nobody's", "--data", data, "--as", login}, exitMissing},
	} {
		if code, _, errs := concord(t, c.args...); code != c.code {
			t.Errorf("%s: exit %d\n%s", name, code, errs)
		}
	}
	must(t, "template", "drop", "House", "--data", data, "--as", login)
	if out := must(t, "template", "list", "--data", data); strings.Contains(out, "House") {
		t.Error("a dropped template is listed")
	}
	must(t, "export", "--data", data, "--format", "csv", "--dossier", dossier, "--one-sided")
}
