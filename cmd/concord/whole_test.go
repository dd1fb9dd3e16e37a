package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"concord/corpus/reader"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain lets the test binary be the program: it probes its index and reads
// files in a child process of itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == probeCommand.name || os.Args[1] == workerCommand.name) {
		if os.Getenv(wickedEnv) != "" {
			reader.Formats = append(wickedFormats, reader.Formats...)
		}
		e := env{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}
		os.Exit(run(context.Background(), e, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// concord runs a command as a shell would and returns what it printed.
func concord(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	e := env{stdout: &out, stderr: &errs, stdin: strings.NewReader(""), getenv: func(string) string { return "" }}
	code = run(context.Background(), e, args)
	return code, out.String(), errs.String()
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := concord(t, args...)
	if code != exitOK {
		t.Fatalf("concord %s: exit %d\n%s", strings.Join(args, " "), code, errs)
	}
	return out
}

// What differs from run to run is named by kind in golden files.
var changing = []struct {
	is   *regexp.Regexp
	name string
}{
	{regexp.MustCompile(`/welcome/[A-Za-z0-9_-]{43}`), "/welcome/SECRET"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(-\d+-\d+)?`), "UUID"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "TIME"},
	{regexp.MustCompile(`,\d{4}-\d\d-\d\d,`), ",DATE,"},
	{regexp.MustCompile(`"?mapping_date: "?\d{4}-\d\d-\d\d"?`), "mapping_date: DATE"},
}

// golden compares a text with a file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	for _, c := range changing {
		got = c.is.ReplaceAllString(got, c.name)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at the difference and run the test with -update when it is meant:\n%s", path, firstDifference(string(want), got))
	}
}

// firstDifference shows the first line in which two texts differ.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "", ""
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return "- " + a + "\n+ " + b
		}
	}
	return ""
}

// TestTheWholeWay goes from files to agreed matches and their export, through
// the commands as a user would type them.
func TestTheWholeWay(t *testing.T) {
	data := t.TempDir()
	golden(t, "demo.golden", must(t, "demo", "--no-serve", "--data", data))
	again := must(t, "demo", "--no-serve", "--data", data)
	if !strings.Contains(again, "standards") {
		t.Errorf("the demo, run again, printed %q", again)
	}
	for _, format := range []string{"csv", "sssom"} {
		out := must(t, "export", "--data", data, "--format", format, "--dossier", "Accessibility: China – Russia")
		golden(t, "export."+format+".golden", out)
	}
	templatesByCommand(t, data, "Accessibility: China – Russia", "admin")
	out := must(t, "search", "--data", data, "--json", "--limit", "5", "ширина эвакуационного выхода")
	var found struct {
		Total int
		Hits  []struct{ Clause, Lang string }
	}
	if err := json.Unmarshal([]byte(out), &found); err != nil || found.Total == 0 {
		t.Fatalf("search printed %s, %v", out, err)
	}
	if check := must(t, "check", "--data", data); !strings.Contains(check, "all is well") {
		t.Errorf("check printed %s", check)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	must(t, "backup", "--data", data, copied)
	if info, err := os.Stat(copied); err != nil || info.Size() == 0 {
		t.Errorf("the backup is not there: %v", err)
	}
	if code, _, _ := concord(t, "backup", "--data", data, copied); code == exitOK {
		t.Error("a backup overwrote a file")
	}
}

// TestAStandardChanges imports a second text of a standard and sees it staged,
// then accepted, and the decisions on what changed become suspect.
func TestAStandardChanges(t *testing.T) {
	data, files := t.TempDir(), t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	body, err := os.ReadFile(filepath.Join("..", "..", "corpus", "samples", "standards", "cn-gb-55019-2021.md"))
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(files, "new.md")
	text := regexp.MustCompile(`不应小于|不小于|不应大于`).ReplaceAllString(string(body), "严禁小于")
	if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := concord(t, "import", "--data", data, changed)
	if code != exitOK || !strings.Contains(out, "concord staged accept") {
		t.Fatalf("exit %d: %s %s", code, out, errs)
	}
	if again := must(t, "import", "--data", data, changed); again != out {
		t.Errorf("looking at a difference changed something: %s", again)
	}
	out = must(t, "import", "--data", data, "--accept", changed)
	if !strings.Contains(out, "suspect") || strings.Contains(out, " 0 decisions became suspect") {
		t.Errorf("accepting printed %s", out)
	}
	if out := must(t, "import", "--data", data, changed); !strings.Contains(out, "unchanged") {
		t.Errorf("importing the same text again printed %s", out)
	}
	must(t, "check", "--data", data)
}

const chineseText = "建筑防火规范\n\n5.3.1 每个防火分区的安全出口不应少于两个。\n\n5.3.2 疏散门的净宽度不应小于0.80m。\n"

// TestBadInput imports files that are wrong in every way we know: each gets one
// sentence that names the file, and the good ones beside it are kept.
func TestBadInput(t *testing.T) {
	encoded := func(enc interface {
		String(string) (string, error)
	}, s string) []byte {
		out, err := enc.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(out)
	}
	russian := "СП 999.13330.2020\n\n5.1 Ширина эвакуационного выхода должна быть не менее 0,8 м.\n\n5.2 Двери должны открываться по направлению выхода.\n"
	cases := []struct {
		name string
		body []byte
		good bool
		says string
	}{
		{"utf8.txt", []byte(chineseText), true, ""},
		{"gb18030.txt", encoded(simplifiedchinese.GB18030.NewEncoder(), chineseText), true, "GB18030"},
		{"cp1251.txt", encoded(charmap.Windows1251.NewEncoder(), russian), true, "1251"},
		{"utf16.txt", encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), chineseText), true, "UTF-16"},
		{"empty.txt", nil, false, "empty"},
		{"binary.bin", []byte("\x00\x01\x02\xff\xfe\x00\x80binary\x00\x00"), false, "binary.bin"},
		{"prose.txt", []byte("There is nothing numbered here, only a sentence or two.\n"), false, "clause"},
		{"broken.json", []byte(`{"catalog": {"uuid": `), false, "broken.json"},
		{"twice.txt", []byte("5.1 One text about doors that open.\n\n5.1 Another text about windows that close.\n"), true, "5.1"},
		{"headers.csv", []byte("foo,bar\n1,2\n"), false, "column"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder, data := t.TempDir(), t.TempDir()
			good := filepath.Join(folder, "a-good-one.txt")
			if err := os.WriteFile(good, []byte(strings.ReplaceAll(chineseText, "5.3", "7.1")), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, c.name), c.body, 0o600); err != nil {
				t.Fatal(err)
			}
			code, out, errs := concord(t, "import", "--data", data, "--jurisdiction", "CN", "--json", folder)
			var report struct {
				Saved, Failed int
				Documents     []struct {
					File, Done string
					Problems   []struct{ Message, File, Place, Cure string }
				}
			}
			if err := json.Unmarshal([]byte(out), &report); err != nil {
				t.Fatalf("%v: %s %s", err, out, errs)
			}
			wantCode, wantSaved := exitPartly, 1
			if c.good {
				wantCode, wantSaved = exitOK, 2
			}
			if code != wantCode || report.Saved != wantSaved {
				t.Errorf("exit %d, saved %d: %s", code, report.Saved, out)
			}
			if !strings.Contains(out, c.says) {
				t.Errorf("nothing says %q: %s", c.says, out)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	empty := t.TempDir()
	cases := []struct {
		name string
		args []string
		want int
	}{
		{"help", []string{"help"}, exitOK},
		{"help of a command", []string{"help", "import"}, exitOK},
		{"no command", []string{"nonsense"}, exitUsage},
		{"an unknown flag", []string{"search", "--colour", "x"}, exitUsage},
		{"nothing to look for", []string{"search", "--data", empty}, exitUsage},
		{"no database", []string{"search", "--data", empty, "door"}, exitMissing},
		{"no such folder", []string{"evaluate", filepath.Join(empty, "none")}, exitMissing},
		{"no such file", []string{"import", "--data", empty, filepath.Join(empty, "none.txt")}, exitMissing},
		{"an unknown format", []string{"export", "--data", empty, "--format", "doc"}, exitUsage},
		{"a reviewer without a party", []string{"user", "--data", empty, "add", "li"}, exitUsage},
		{"a key for too long", []string{"key", "--data", empty, "new", "x", "--days", "366"}, exitUsage},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, _, errs := concord(t, c.args...)
			if code != c.want {
				t.Errorf("exit %d, want %d: %s", code, c.want, errs)
			}
			if code != exitOK && !strings.Contains(errs, "concord") {
				t.Errorf("the message is %q", errs)
			}
		})
	}
}

func TestEveryCommandHasHelpWithAnExample(t *testing.T) {
	for _, c := range commands() {
		if c.hidden {
			continue
		}
		code, _, errs := concord(t, c.name, "-h")
		if code != exitOK || !strings.Contains(errs, "Example:") || !strings.Contains(errs, "concord "+c.name) {
			t.Errorf("%s -h: exit %d, %s", c.name, code, errs)
		}
	}
}

func TestPeopleAndKeys(t *testing.T) {
	data := t.TempDir()
	out := must(t, "user", "--data", data, "add", "li.na", "--name", "Li Na", "--party", "CN", "--langs", "zh,en")
	if !strings.Contains(out, "/welcome/") {
		t.Errorf("no link: %s", out)
	}
	if code, _, _ := concord(t, "user", "--data", data, "add", "li.na", "--party", "CN"); code != exitFailed {
		t.Errorf("a login twice: exit %d", code)
	}
	must(t, "user", "--data", data, "disable", "li.na")
	if out := must(t, "user", "--data", data, "list"); !strings.Contains(out, "disabled") {
		t.Errorf("the list: %s", out)
	}
	var key struct{ ID, Key string }
	if err := json.Unmarshal([]byte(must(t, "key", "--data", data, "--json", "new", "portal")), &key); err != nil || !strings.HasPrefix(key.Key, "cnk_") {
		t.Fatalf("key %+v, %v", key, err)
	}
	if out := must(t, "key", "--data", data, "list"); strings.Contains(out, key.Key) || !strings.Contains(out, key.ID) {
		t.Errorf("the list shows the secret or not the key: %s", out)
	}
	must(t, "key", "--data", data, "end", key.ID)
}
