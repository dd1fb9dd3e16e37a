package main

import (
	"slices"
	"strings"
	"testing"

	"concord/corpus/termbase"
	"concord/review"
)

// TestTermsMakeSuspect changes an entry that a decided match of the samples uses, from
// the preview to the answer that comes back, with the terms as the program reads them.
func TestTermsMakeSuspect(t *testing.T) {
	data := t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	p, err := quiet().openProgram(t.Context(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	ctx, m := t.Context(), settledPair(t, p)
	clauses, err := p.store.Clauses(ctx, m.Clauses()...)
	if err != nil {
		t.Fatal(err)
	}
	// A name for the first word of the source that no shipped term is needed for.
	lang := clauses[0].Language.Base()
	word := strings.TrimSpace(firstWords(clauses[0].Text))
	entry := termbase.Entry{ID: "made", Terms: []termbase.Term{{Language: lang, Text: word, Status: termbase.Preferred}}, Origin: termbase.Origin{File: "own"}}.Clean()
	version := 0
	save := func(e termbase.Entry) {
		t.Helper()
		change := termbase.Change{Put: []termbase.Entry{e}}
		told, err := p.Effect(ctx, change, nil)
		if err != nil {
			t.Fatal(err)
		}
		shifts, err := p.Shifts(ctx, change)
		if err != nil {
			t.Fatal(err)
		}
		before := suspects(t, p)
		if err := p.store.SaveTerm(ctx, e, version, shifts, "cli"); err != nil {
			t.Fatal(err)
		}
		version++
		if err := p.terms.refresh(ctx, p.store); err != nil {
			t.Fatal(err)
		}
		if now := suspects(t, p); now-before != told.Suspect-told.Restored || told.Suspect > 0 && len(told.Decided) == 0 {
			t.Errorf("version %d: told %d suspect and %d restored, %d were suspect and %d are", version, told.Suspect, told.Restored, before, now)
		}
	}
	suspect := func() bool {
		t.Helper()
		now, _, err := p.store.Match(ctx, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now.Suspect
	}
	check := func(sound bool) {
		t.Helper()
		report, err := p.store.Check(ctx)
		if err == nil {
			err = p.checkTerms(ctx, &report)
		}
		if err != nil || report.Sound() != sound {
			t.Errorf("sound %v: %v %v", report.Sound(), report.Problems, err)
		}
	}
	quietEntry := entry
	quietEntry.Terms = []termbase.Term{{Language: lang, Text: "zqxvzqxv", Status: termbase.Preferred}}
	save(quietEntry) // no text has it
	if suspect() {
		t.Fatalf("a form that no clause has makes %s suspect", m.ID)
	}
	save(entry)
	if !suspect() {
		t.Fatalf("%q in %s makes nothing suspect", word, clauses[0].ID)
	}
	described := entry
	described.Definitions = []termbase.Definition{{Language: "en", Text: "what it is"}}
	described.Terms = slices.Clone(entry.Terms)
	described.Terms[0].Status = termbase.Deprecated
	save(described)
	if !suspect() {
		t.Error("a definition and a status took the doubt away")
	}
	check(true)
	save(quietEntry)
	if suspect() {
		t.Error("the entry is as it was, and the match still suspect")
	}
	check(true)
	save(entry)
	if err := p.store.WithdrawTerm(ctx, "made", version, termbase.Shifts{}, "cli"); err != nil { // without what it does
		t.Fatal(err)
	}
	if err := p.terms.refresh(ctx, p.store); err != nil {
		t.Fatal(err)
	}
	check(false)
}

// firstWords is the beginning of a text that can be a term of several words.
func firstWords(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		if i >= 4 && (r == ' ' || r > 0x2E80) {
			return strings.Trim(string(runes[:i]), " ,.:;()（），。：；")
		}
	}
	return text
}

// settledPair is an agreed match of one clause with one.
func settledPair(t *testing.T, p *program) review.Match {
	t.Helper()
	ids, err := p.store.Dossiers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ids {
		page, err := p.store.Matches(t.Context(), review.Filter{Dossier: d.ID, States: []review.State{review.StateConfirmed}, Limit: review.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Matches {
			if len(m.Sources) == 1 && len(m.Targets) == 1 && !m.Suspect {
				return m
			}
		}
	}
	t.Fatal("the samples have no agreed match")
	return review.Match{}
}

// suspects is how many matches are suspect.
func suspects(t *testing.T, p *program) int {
	t.Helper()
	yes, n := true, 0
	ids, err := p.store.Dossiers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ids {
		page, err := p.store.Matches(t.Context(), review.Filter{Dossier: d.ID, Suspect: &yes, Limit: review.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		n += len(page.Matches)
	}
	return n
}
