package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// coverageFolder is a folder with a document in English, one in Chinese and a
// file that is no document.
func coverageFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range map[string]string{
		"en.jsonl":  `{"standard":"X 1:2020","lang":"en","clause":"1","text":"The external walls of the zqxv building. Zqxv 25."}` + "\n",
		"zh.jsonl":  `{"standard":"GB 1-2020","lang":"zh","clause":"1","text":"外墙的鑫龘。"}` + "\n",
		"blank.bin": "\x00\x01\x02",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLexiconCoverage(t *testing.T) {
	dir := coverageFolder(t)
	code, out, errs := concord(t, "lexicon", "coverage", "--json", dir)
	if code != exitPartly || !strings.Contains(errs, "blank.bin is left out") {
		t.Errorf("exit %d, %s", code, errs)
	}
	var shares map[string]float64
	if err := json.Unmarshal([]byte(out), &shares); err != nil || shares["en"] != 0.6 || shares["zh"] != 0.5 || len(shares) != 2 {
		t.Errorf("%v: %s", err, out)
	}
	out = must(t, "lexicon", "coverage", "--json", "--unknown", "1", filepath.Join(dir, "en.jsonl"))
	var full map[string]struct {
		Share               float64
		Content, Understood int
		Unknown             []struct {
			Word  string
			Times int
		}
	}
	if err := json.Unmarshal([]byte(out), &full); err != nil || full["en"].Content != 5 || len(full["en"].Unknown) != 1 || full["en"].Unknown[0].Word != "zqxv" || full["en"].Unknown[0].Times != 2 {
		t.Errorf("%v: %s", err, out)
	}
	out = must(t, "lexicon", "coverage", "--unknown", "3", filepath.Join(dir, "zh.jsonl"))
	if !strings.Contains(out, "50.0 %") || !strings.Contains(out, "unknown in zh: 鑫龘 1") {
		t.Errorf("as text: %s", out)
	}
}

func TestLexiconCoverageRefuses(t *testing.T) {
	empty := t.TempDir()
	for _, tt := range []struct {
		args []string
		code int
	}{
		{[]string{"lexicon"}, exitUsage},
		{[]string{"lexicon", "coverage"}, exitUsage},
		{[]string{"lexicon", "cover", empty}, exitUsage},
		{[]string{"lexicon", "coverage", "--unknown", "-1", empty}, exitUsage},
		{[]string{"lexicon", "coverage", empty}, exitMissing},
		{[]string{"lexicon", "coverage", filepath.Join(empty, "none.txt")}, exitMissing},
	} {
		if code, _, errs := concord(t, tt.args...); code != tt.code {
			t.Errorf("%v: exit %d, want %d: %s", tt.args, code, tt.code, errs)
		}
	}
}
