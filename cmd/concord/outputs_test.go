package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/matcher"
)

// TestCommandsForScripts: every format goes to standard output and, the same, to a
// file; two standards and two clauses are compared; lists are JSON where asked.
func TestCommandsForScripts(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	var listed struct {
		Dossiers []struct{ ID, Name string }
	}
	object := func(into any, args ...string) {
		t.Helper()
		if out := must(t, append(args, "--json", "--data", data)...); json.Unmarshal([]byte(out), into) != nil {
			t.Errorf("%v prints no JSON: %.200s", args, out)
		}
	}
	object(&listed, "export")
	if len(listed.Dossiers) < 2 {
		t.Fatalf("dossiers %+v", listed)
	}
	if code, _, errs := concord(t, "export", "--data", data, "--format", "tbx"); code != exitMissing || !strings.Contains(errs, "--shipped") {
		t.Errorf("TBX without a term: %d %s", code, errs)
	}
	terms := filepath.Join(dir, "terms.csv")
	write(t, terms, "source,target\n踏步前缘,nosing\n")
	must(t, "lexicon", "import", "--data", data, "--lang", "zh,en", terms)
	const dossier = "Accessibility: China – Russia"
	for _, name := range []string{"csv", "jsonld", "tbx"} { // review/export writes all
		args := []string{"export", "--data", data, "--format", name}
		if name != "tbx" {
			args = append(args, "--dossier", dossier)
		}
		out := must(t, args...)
		file := filepath.Join(dir, "out."+name)
		must(t, append(args, "-o", file)...)
		body, err := os.ReadFile(file)
		if err != nil || len(body) == 0 {
			t.Errorf("%s: %v, %d bytes", name, err, len(body))
		}
		if n, m := len(out), len(body); n < m*9/10 || n > m*11/10 { // the minute may differ
			t.Errorf("%s: %d bytes to standard output, %d to a file", name, n, m)
		}
	}
	if code, _, errs := concord(t, "export", "--data", data, "--format", "csv"); code != exitUsage || !strings.Contains(errs, "--dossier") {
		t.Errorf("one of several dossiers is chosen: %d %s", code, errs)
	}
	catalog := must(t, "export", "--data", data, "--format", "oscal-catalog", "--standard", "cn-gb-50010-2010")
	if !strings.HasPrefix(catalog, "{\n \"catalog\"") {
		t.Errorf("a standard as a catalog: %.200s", catalog)
	}
	for want, args := range map[int][]string{exitUsage: {"--format", "oscal-catalog"}, exitMissing: {"--format", "oscal-catalog", "--standard", "none"}} {
		if code, _, errs := concord(t, append([]string{"export", "--data", data}, args...)...); code != want {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
	if code, _, _ := concord(t, "export", "--data", data, "--format", "csv", "--standard", "cn-gb-50010-2010"); code != exitUsage {
		t.Errorf("a standard as CSV: %d", code)
	}
	if code, _, _ := concord(t, "export", "--data", data, "--format", "tbx", "--dossier", dossier); code != exitUsage {
		t.Errorf("terms of a dossier: %d", code)
	}

	var wrote writtenFile
	file := filepath.Join(dir, "said.csv")
	object(&wrote, "export", "--format", "csv", "--dossier", dossier, "-o", file)
	if body, err := os.ReadFile(file); err != nil || wrote.File != file || wrote.Format != "csv" || wrote.Rows == 0 || strings.Count(string(body), "\r\n") <= wrote.Rows {
		t.Errorf("%+v, %v", wrote, err)
	}
	if code, out, errs := concord(t, "export", "--data", data, "--format", "csv", "--dossier", dossier, "--json"); code != exitUsage || out != "" || !strings.Contains(errs, "-o names") {
		t.Errorf("a file and JSON on standard output: %d %s", code, errs)
	}
	for _, args := range [][]string{{"compare", "none", "cn-gb-55019-2021"}, {"export", "--format", "oscal-catalog", "--standard", "none"}} {
		if code, _, errs := concord(t, append(args, "--data", data)...); code != exitMissing || !strings.Contains(errs, `there is no standard "none", there are ae-fire-life-safety-code, `) {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
	if _, _, errs := concord(t, "export", "--data", data, "--format", "csv", "--dossier", dossier, "--round", "9"); !strings.Contains(errs, "there is no round 9") {
		t.Errorf("a round that is not there: %s", errs)
	}

	var pair comparedStandards
	object(&pair, "compare", "cn-gb-55019-2021", "ru-sp-59-13330-2020")
	if pair.AToB.Normative == 0 || pair.AToB.Confirmed == 0 || pair.BToA.Normative == 0 || len(pair.Matches) == 0 {
		t.Fatalf("%+v", pair)
	}
	var back comparedStandards
	object(&back, "compare", "ru-sp-59-13330-2020", "cn-gb-55019-2021")
	if len(back.Matches) != len(pair.Matches) || back.AToB != pair.BToA {
		t.Errorf("the other way round: %+v, %+v", pair, back)
	}
	for n, m := range pair.Matches {
		b := back.Matches[n]
		if m.Match != b.Match || len(m.Sources) != len(b.Targets) || m.AToB.Answer != b.BToA.Answer {
			t.Errorf("%+v is turned to %+v", m, b)
		}
	}
	var two matcher.Proposal
	i := 0
	for len(pair.Matches[i].Targets) == 0 || len(pair.Matches[i].Sources) == 0 {
		i++
	}
	a, b := string(pair.Matches[i].Sources[0]), string(pair.Matches[i].Targets[0])
	object(&two, "compare", a, b)
	if string(two.Source) != a || two.Relation == "" || len(two.Reasons) == 0 || two.Model == "" {
		t.Errorf("%+v", two)
	}
	if out := must(t, "compare", "--data", data, a, b); !strings.Contains(out, "agreed by nobody") || !strings.Contains(out, "A to B") {
		t.Error(out)
	}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"compare", a}, exitUsage}, {[]string{"compare", a, "cn-gb-55019-2021"}, exitUsage}, {[]string{"compare", a, a}, exitUsage},
		{[]string{"compare", a, "cn-gb-55019-2021/none"}, exitMissing}, {[]string{"compare", "cn-gb-55019-2021", "none"}, exitMissing},
	} {
		if code, _, errs := concord(t, append(c.args, "--data", data)...); code != c.code || errs == "" {
			t.Errorf("%v: %d %s", c.args, code, errs)
		}
	}
	var rounds struct{ Rounds []struct{ Checksum string } }
	object(&rounds, "round", "freeze", "First", "--dossier", dossier, "--as", "cn")
	object(&rounds, "round", "list", "--dossier", dossier)
	if len(rounds.Rounds) == 0 || rounds.Rounds[0].Checksum == "" {
		t.Errorf("%+v", rounds)
	}
	var diff struct{ Changes []any }
	object(&diff, "round", "diff", "1", "--dossier", dossier)
}
