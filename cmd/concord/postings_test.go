package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
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
		if err := p.loadSaved(m, nil, matcher.InOrder(clauses)); err != nil {
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
	if err := errors.Join(os.Remove(path), os.WriteFile(path, file[:len(file)/2], 0o600)); err != nil {
		t.Fatal(err)
	}
	if mended := start(); os.SameFile(changed, mended) || !strings.Contains(log.String(), "damaged") {
		t.Errorf("the file that was cut stayed, or nothing was said: %s", &log)
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

// TestDamageFoundWhileServing: the server's matcher is made anew when its file turns out
// damaged, and who asked gets the answer.
func TestDamageFoundWhileServing(t *testing.T) {
	targets := []corpus.StandardID{"ru-sp-59-13330-2020"}
	p, _ := runDossier(t, []corpus.StandardID{"cn-gb-55019-2021"}, targets)
	var log bytes.Buffer
	p.log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	live := &liveMatcher{program: p}
	sound, err := live.current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	clauses, err := p.bindingClauses(t.Context(), "cn-gb-55019-2021")
	if err != nil {
		t.Fatal(err)
	}
	want, err := live.Match(t.Context(), clauses[3], targets, 3)
	if err != nil || len(want) == 0 || log.Len() > 0 {
		t.Fatal(err, len(want), &log)
	}
	path := filepath.Join(t.TempDir(), "postings")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sound.Save(f, "this"), f.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first, err := p.store.Clauses(t.Context(), want[0].Target)
	if err != nil || len(first) != 1 {
		t.Fatal(err, len(first))
	}
	file[bytes.Index(file, []byte(first[0].Text))] ^= 1
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sound.Reopen(path, "this"); err != nil {
		t.Fatal(err)
	}
	got, err := live.Match(t.Context(), clauses[3], targets, 3)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v: %v, want %v", err, got, want)
	}
	if now, err := live.current(t.Context()); err != nil || now == sound || !strings.Contains(log.String(), "made anew") {
		t.Errorf("the damaged matcher stayed (%v), or nothing was said: %s", err, &log)
	}
}
