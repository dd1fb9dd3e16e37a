package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
)

// TestSavedPostings starts a server's matcher again and again: the file of postings
// is taken as it is, written anew for other texts, written anew with a warning when
// it is damaged, and done without where it cannot be written.
func TestSavedPostings(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	model, err := matcher.DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	p := &program{config: config{Data: t.TempDir()}, log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	var clauses []corpus.Clause
	for i := range 30 {
		id := corpus.NewClauseID(corpus.StandardID([]string{"a", "b"}[i%2]), fmt.Sprint(i))
		clauses = append(clauses, corpus.Clause{ID: id, Standard: id.Standard(), Kind: corpus.KindRequirement, Language: "en", Text: fmt.Sprintf("Doors of escape routes shall be at least %d mm wide.", 800+10*i)})
	}
	path := p.config.postingsFile()
	start := func() os.FileInfo {
		t.Helper()
		log.Reset()
		m := matcher.New(lex, model)
		if err := p.loadSaved(m, nil, clauses); err != nil {
			t.Fatal(err)
		}
		if found, err := m.Match(t.Context(), clauses[3], nil, 3); err != nil || len(found) != 3 {
			t.Fatalf("%d found, %v", len(found), err)
		}
		info, _ := os.Stat(path)
		return info
	}
	first := start()
	if first == nil || first.Mode().Perm() != 0o600 {
		t.Fatalf("nothing is saved for its owner alone: %v", first)
	}
	if again := start(); !os.SameFile(first, again) || log.Len() > 0 {
		t.Errorf("the file was not taken as it is: %s", &log)
	}
	clauses[3].Text += " They shall open outwards."
	changed := start()
	if os.SameFile(first, changed) || log.Len() > 0 {
		t.Errorf("the file of other texts stayed: %s", &log)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file[len(file)/2] ^= 1
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if mended := start(); os.SameFile(changed, mended) || !strings.Contains(log.String(), "damaged") {
		t.Errorf("the damaged file stayed, or nothing was said: %s", &log)
	}
	if start(); log.Len() > 0 {
		t.Errorf("the file is not whole again: %s", &log)
	}
	gists := p.config.gistsFile()
	if file, err = os.ReadFile(gists); err != nil {
		t.Fatal(err)
	}
	file[len(file)/2] ^= 1
	if err := os.WriteFile(gists, file, 0o600); err != nil {
		t.Fatal(err)
	}
	clauses[3].Text += " They shall close by themselves."
	if start(); !strings.Contains(log.String(), "damaged") {
		t.Errorf("nothing was said of damaged gists: %s", &log)
	}
	clauses[3].Text += " They shall have no locks."
	if start(); log.Len() > 0 {
		t.Errorf("the gists are not whole again: %s", &log)
	}
	for _, path := range []string{path, gists} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(path+"/in the way", 0o700); err != nil {
			t.Fatal(err)
		}
		if start(); !strings.Contains(log.String(), "not saved") || !strings.Contains(log.String(), path) {
			t.Errorf("nothing was said of a file that cannot be written: %s", &log)
		}
	}
	left, err := os.ReadDir(path + "/..")
	if err != nil || len(left) != 2 {
		t.Errorf("unfinished files stay: %v, %v", left, err)
	}
}
