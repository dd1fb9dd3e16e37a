package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"concord/corpus/translation"
)

// A table changed by hand is refused by the database, and one changed behind its
// back by whoever reads it and by Check.
func TestChangedTranslations(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "concord.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	table := translation.Table{Source: "en", Target: "zh", Pairs: 3}
	if _, err := db.KeepTranslations(t.Context(), LearnedTable{Table: table}, "cli"); err != nil {
		t.Fatal(err)
	}
	const change = "UPDATE translation_tables SET body = replace(body, '3', '4')"
	if _, err := db.writer.Exec(change); err == nil || !strings.Contains(err.Error(), "never changed") {
		t.Errorf("changing: %v", err)
	}
	if _, err := db.writer.Exec("DELETE FROM translation_tables"); err == nil {
		t.Error("a table is deleted")
	}
	if r, err := db.Check(t.Context()); err != nil || !r.Sound() {
		t.Fatalf("before: %v, %v", r.Problems, err)
	}
	if _, err := db.writer.Exec("DROP TRIGGER translation_tables_stand; " + change); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Translations(t.Context(), "en", "zh", 1); !errors.Is(err, ErrDamaged) {
		t.Errorf("reading: %v", err)
	}
	if r, err := db.Check(t.Context()); err != nil || !strings.Contains(strings.Join(r.Problems, "\n"), "do not fit their checksum") {
		t.Errorf("after: %v, %v", r.Problems, err)
	}
}
