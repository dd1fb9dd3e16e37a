package store_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/translation"
	"concord/review"
	"concord/store"
)

// learnedTable is a table of two entries, learned from n pairs.
func learnedTable(n int) store.LearnedTable {
	return store.LearnedTable{
		Table: translation.Table{Source: "en", Target: "zh", Pairs: n, LeftOut: 1, Entries: []translation.Entry{
			{Source: "wall", Target: "墙体", SourcePrinted: "walls", TargetPrinted: "墙体", Forward: 0.25, Backward: 0.25, Count: 2, SourceCount: 3, TargetCount: 4, Surprise: 5.5, Examples: []int{0}, Under: -1},
			{Source: "door", Target: "门", SourcePrinted: "door", TargetPrinted: "门", Forward: 0.9, Backward: 0.9, Count: 3, SourceCount: 3, TargetCount: 3, Surprise: 7, Under: -1},
		}},
		Origin:  store.Origin{Editions: [][2]corpus.StandardID{{"a", "b"}}, Pairs: map[string]int{"editions": n}, MinCount: 2},
		Clauses: [][2]corpus.ClauseID{{"a/1", "b/1"}},
	}
}

// Versions are counted, come back whole, are used, left and used again, and each
// step leaves an audit row.
func TestTranslations(t *testing.T) {
	db := openAt(t, t.TempDir()+"/concord.db", func() time.Time { return start })
	if _, err := db.Translations(t.Context(), "en", "zh", 0); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("nothing learned: %v", err)
	}
	for i, n := range []int{10, 20, 20} {
		kept, err := db.KeepTranslations(t.Context(), learnedTable(n), "cli")
		if want := []int{1, 2, 2}[i]; err != nil || kept.Table.Number != want || kept.Entries != 2 {
			t.Fatalf("version %d, want %d: %v", kept.Table.Number, want, err)
		}
	}
	got, err := db.Translations(t.Context(), "en", "zh", 2)
	want := learnedTable(20)
	want.Table.Number, want.Made, want.Maker, want.Entries = 2, start, "cli", 2
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	for i, n := range []int{2, 1, 1, 0} {
		before, err := db.TranslationsMark(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := db.UseTranslations(t.Context(), "en", "zh", n, "cli"); err != nil {
			t.Fatal(err)
		}
		if after, err := db.TranslationsMark(t.Context()); err != nil || after > before != (i != 2) {
			t.Errorf("step %d: the mark goes from %d to %d, %v", i, before, after, err)
		}
		used, err := db.TranslationsInUse(t.Context())
		if err != nil || n > 0 && (len(used) != 1 || used[0].Number != n) || n == 0 && len(used) != 0 {
			t.Errorf("in use is %+v, want version %d: %v", used, n, err)
		}
	}
	if err := db.UseTranslations(t.Context(), "en", "zh", 7, "cli"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown version: %v", err)
	}
	all, err := db.TranslationTables(t.Context())
	if err != nil || len(all) != 2 || all[1].Table.Pairs != 20 || all[1].InUse || all[0].Origin.Pairs["editions"] != 10 {
		t.Errorf("versions %+v, %v", all, err)
	}
	rows, err := db.Audit(t.Context(), 0, 0)
	var actions []string
	for _, r := range rows {
		actions = append(actions, r.Action)
	}
	if got := strings.Join(actions, " "); err != nil || got != "translation.learned translation.learned translation.used translation.used translation.used" {
		t.Errorf("audit: %s, %v", got, err)
	}
	sound(t, db)
}

// What a person says holds for every version, and readers say nothing.
func TestTranslationAnswers(t *testing.T) {
	db := open(t)
	p, reader := person(t, db, "li", review.RoleReviewer, "CN"), person(t, db, "wang", review.RoleReader, "CN")
	for i := range 2 {
		kept, err := db.KeepTranslations(t.Context(), learnedTable(10+i), "cli")
		if err != nil {
			t.Fatal(err)
		}
		if err := db.UseTranslations(t.Context(), "en", "zh", kept.Table.Number, "cli"); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			say := func(p review.Person, status translation.Status, word, rendering string) error {
				return db.AnswerTranslations(t.Context(), p, store.TranslationAnswer{Source: "en", Target: "zh", Word: word, Rendering: rendering, Status: status})
			}
			if err := say(reader, translation.Rejected, "door", "门"); !errors.Is(err, corpus.ErrForbidden) {
				t.Errorf("a reader answers: %v", err)
			}
			if err := errors.Join(say(p, translation.Accepted, "wall", "墙体"), say(p, translation.Accepted, "door", "门"), say(p, translation.Rejected, "door", "门")); err != nil {
				t.Fatal(err)
			}
		}
		used, err := db.TranslationsInUse(t.Context())
		if err != nil || len(used) != 1 || len(used[0].Entries) != 1 || used[0].Entries[0].Source != "wall" || used[0].Entries[0].Strength() != 0.5 {
			t.Errorf("version %d in use: %+v, %v", i+1, used, err)
		}
	}
	answers, err := db.TranslationAnswers(t.Context(), "en", "zh")
	if err != nil || len(answers) != 2 || answers[0].Word != "door" || answers[0].Status != translation.Rejected || answers[0].Person != p.ID.String() {
		t.Errorf("answers %+v, %v", answers, err)
	}
	sound(t, db)
}
