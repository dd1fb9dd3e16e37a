package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"concord/corpus/reader"
)

// Two files of one text agree, two of different texts do not, and nothing is kept.
func TestImportCompares(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	a := write("a.txt", "1 Scope\n\n1.1 These rules apply to doors of public buildings.\n\n1.2 Doors shall close by themselves.\n")
	b := write("b.md", "# 1 Scope\n\n1.1 These rules apply to doors of public buildings.\n\n1.2 Doors shall close by themselves.\n")
	other := write("c.txt", "7 Power\n\n7.1 Cables shall be marked at both ends.\n\n7.2 Plugs shall be earthed.\n")
	agree := func(files ...string) (g reader.Agreement) {
		code, stdout, stderr := concord(t, append([]string{"import", "--compare", "--json", "--data", filepath.Join(dir, "data")}, files...)...)
		if code != 0 {
			t.Fatalf("code %d: %s", code, stderr)
		}
		if err := json.Unmarshal([]byte(stdout), &g); err != nil {
			t.Fatalf("%q: %v", stdout, err)
		}
		return g
	}
	if g := agree(a, b); g.Labels != 1 || g.Text != 1 || g.A != 3 || g.B != 3 {
		t.Errorf("the same text agrees by %+v", g)
	}
	if g := agree(a, other); g.Labels != 0 {
		t.Errorf("another text agrees by %+v", g)
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err == nil {
		t.Error("comparing made a data folder")
	}
	if code, _, stderr := concord(t, "import", "--compare", a); code == exitOK || stderr == "" {
		t.Errorf("one file is compared: %d %q", code, stderr)
	}
}
