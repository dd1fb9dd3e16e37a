package store_test

import (
	"errors"
	"testing"

	"concord/corpus"
	"concord/corpus/termbase"
)

func rail(text string) termbase.Entry {
	return termbase.Entry{ID: "rail", Terms: []termbase.Term{{Language: "en", Text: text, Status: termbase.Preferred}}, Origin: termbase.Origin{File: "own"}}
}

func TestTerms(t *testing.T) {
	db, ctx := open(t), t.Context()
	if err := db.SaveTerm(ctx, rail("guardrail"), 0, termbase.Shifts{}, "li"); err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func() error{
		"a second entry of the same id": func() error { return db.SaveTerm(ctx, rail("other"), 0, termbase.Shifts{}, "li") },
		"an old version":                func() error { return db.SaveTerm(ctx, rail("other"), 7, termbase.Shifts{}, "li") },
		"withdrawing an old version":    func() error { return db.WithdrawTerm(ctx, "rail", 2, termbase.Shifts{}, "li") },
	} {
		if err := do(); !errors.Is(err, corpus.ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.SaveTerm(ctx, termbase.Entry{ID: "none"}, 0, termbase.Shifts{}, "li"); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("an entry without terms: %v", err)
	}
	if err := db.WithdrawTerm(ctx, "none", 0, termbase.Shifts{}, "li"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("withdrawing what is not there: %v", err)
	}
	if err := db.SaveTerm(ctx, rail("balustrade"), 1, termbase.Shifts{}, "wang"); err != nil {
		t.Fatal(err)
	}
	if err := db.WithdrawTerm(ctx, "rail", 2, termbase.Shifts{}, "li"); err != nil {
		t.Fatal(err)
	}
	old, err := db.TermVersions(ctx, "rail")
	if err != nil || len(old) != 3 || !old[0].Withdrawn || old[0].Terms[0].Text != "balustrade" || old[1].By != "wang" || old[2].Terms[0].Text != "guardrail" {
		t.Errorf("%v %+v", err, old)
	}
	entries, err := db.Audit(ctx, 0, 0)
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
	}
	if err != nil || len(actions) != 3 || actions[0] != "term.added" || actions[1] != "term.changed" || actions[2] != "term.withdrawn" {
		t.Errorf("%v %v", err, actions)
	}
	if _, err := db.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
}

func TestImportTerms(t *testing.T) {
	db, ctx := open(t), t.Context()
	entry := func(id, file, text string) termbase.Entry {
		e := rail(text)
		e.ID, e.Origin.File = id, file
		if text == "door" {
			e.Origin.Licence = "CC0"
		}
		return e.Clean()
	}
	steps := []struct {
		name    string
		entries []termbase.Entry
		want    [4]int // added, changed, same, withdrawn
	}{
		{"first", []termbase.Entry{entry("1", "a.csv", "door"), entry("2", "a.csv", "roof")}, [4]int{2, 0, 0, 0}},
		{"again", []termbase.Entry{entry("1", "a.csv", "door"), entry("2", "a.csv", "roofing")}, [4]int{0, 1, 1, 0}},
		{"another file with the same id", []termbase.Entry{entry("1", "b.csv", "lift")}, [4]int{1, 0, 0, 0}},
		{"that file again", []termbase.Entry{entry("1", "b.csv", "lift")}, [4]int{0, 0, 1, 0}},
	}
	for _, s := range steps {
		p, err := db.ImportTerms(ctx, s.entries[0].Origin.File, s.entries, termbase.Shifts{}, "cli")
		if got := [4]int{len(p.Added), len(p.Changed), p.Same, p.Withdrawn}; err != nil || got != s.want {
			t.Errorf("%s: %v, want %v, %v", s.name, got, s.want, err)
		}
	}
	silent := entry("1", "a.csv", "door")
	silent.Origin.Licence = ""
	if p, err := db.ImportTerms(ctx, "a.csv", []termbase.Entry{silent}, termbase.Shifts{}, "cli"); err != nil || p.Same != 1 {
		t.Errorf("a licence was lost because the file came again without one: %+v %v", p, err)
	}
	if err := db.WithdrawTerm(ctx, "1", 1, termbase.Shifts{}, "cli"); err != nil {
		t.Fatal(err)
	}
	if p, err := db.ImportTerms(ctx, "a.csv", steps[0].entries[:1], termbase.Shifts{}, "cli"); err != nil || p.Withdrawn != 1 {
		t.Errorf("a withdrawn entry came back: %+v %v", p, err)
	}
	kept, err := db.Terms(ctx)
	if err != nil || len(kept) != 3 || kept[0].ID != "1" || !kept[0].Withdrawn || kept[2].ID != "b.csv#1" {
		t.Errorf("%v %+v", err, kept)
	}
	if n, err := db.TermRevision(ctx); err != nil || n != 5 {
		t.Errorf("revision %d %v", n, err)
	}
	if _, err := db.ImportTerms(ctx, "c", []termbase.Entry{{ID: "x"}}, termbase.Shifts{}, "cli"); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("an invalid entry: %v", err)
	}
}

func BenchmarkImportTerms(b *testing.B) {
	entries := make([]termbase.Entry, 50_000)
	for i := range entries {
		entries[i] = rail("guardrail")
		entries[i].ID = "c" + string(rune('a'+i%26)) + string(rune(0x4E00+i/26))
	}
	for b.Loop() {
		db := open(b)
		if _, err := db.ImportTerms(b.Context(), "x", entries, termbase.Shifts{}, "cli"); err != nil {
			b.Fatal(err)
		}
	}
}
