package web

import (
	"path/filepath"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
)

// TestFormsSeen counts how texts write a term, in every language, by the real index;
// forms in the part of a text that is not shown are not counted.
func TestFormsSeen(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	ix, err := index.Open(t.Context(), filepath.Join(t.TempDir(), "index"), lex, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	var door lexicon.Concept
	for _, c := range lex.Concepts() {
		if c.ID == "fire-door" {
			door = c
		}
	}
	if len(door.Forms["ru"]) == 0 {
		t.Fatal("the shipped terms have no fire door in Russian")
	}
	s := newSite(t, func(c *Config) { c.Search, c.Read, c.Concepts = ix, lex, []lexicon.Concept{door} })
	for id, rights := range map[corpus.StandardID]corpus.Rights{"ru-forms-2020": corpus.RightsFull, "ru-hidden-2020": corpus.RightsTitles} {
		doc := document(id, "RU", "ru", rights, "Противопожарные двери следует закрывать.", "Ширина противопожарной двери не менее 0,9 м.", "У противопожарной двери не складывают груз.")
		doc.Standard.Designation = string(id)
		if _, err := s.db.Save(t.Context(), doc, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ix.Follow(t.Context(), s.db, nil); err != nil {
		t.Fatal(err)
	}
	b := s.signedIn("reader")
	b.holds("/terms/entry?id=fire-door", []string{"forms=1"}, []string{"противопожарной двери"})
	body := b.get("/terms/entry?id=fire-door&forms=1").body
	for _, want := range []string{"противопожарной двери</bdi></a> <span class=\"dim\">2</span>", "противопожарные двери</bdi></a> <span class=\"dim\">1</span>", "language=ru", "Counted in 6 clauses"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}
