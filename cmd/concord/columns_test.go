package main

import (
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
