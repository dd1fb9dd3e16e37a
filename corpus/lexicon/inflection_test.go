package lexicon

import (
	"slices"
	"testing"

	"concord/corpus"
)

// TestInflections: plurals, feminines and possessed nouns whose stem Snowball makes
// another one of lead to the term, as do words typed without the accent of their
// ending; words that only end like them lead to nothing.
func TestInflections(t *testing.T) {
	lex := theLexicon(t)
	cases := []struct {
		lang corpus.Language
		word string
		want ConceptID // "" for no concept at all
	}{
		{"fr", "débits", "flow-rate"}, {"fr", "parois", "wall"}, {"fr", "conflits", "conflict-contradict"}, {"fr", "securite", "safety"}, {"fr", "étés", ""},
		{"es", "ciudades", "city"}, {"es", "evacuacion", "evacuation"}, {"es", "chimeneas", "chimney"}, {"es", "crímenes", "crime"}, {"es", "diapason", ""}, {"es", "mies", ""},
		{"ru", "площадок", "site-land"}, {"ru", "участки", "plot"}, {"ru", "владельца", "owner"}, {"ru", "отсеков", ""}, {"ru", "лоток", ""},
		{"ar", "مدتها", "period"}, {"ar", "مدته", "period"}, {"ar", "فوقها", ""},
	}
	for _, c := range cases {
		var got []ConceptID
		for _, m := range lex.ReadText(c.word, c.lang).Concepts {
			got = append(got, m.Concept)
		}
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s %s names %v, want %q", c.lang, c.word, got, c.want)
		}
	}
	for _, pair := range [][2]string{{"участок", "участки"}, {"площадка", "площадок"}, {"владелец", "владельца"}, {"срок", "сроки"}, {"закон", "законов"}, {"уровень", "уровня"}} {
		if a, b := lex.stem(pair[0], "ru"), lex.stem(pair[1], "ru"); a != b {
			t.Errorf("%s and %s have the stems %s and %s", pair[0], pair[1], a, b)
		}
	}
	if a, b := lex.stem("ток", "ru"), lex.stem("сток", "ru"); a == b {
		t.Errorf("two words have the stem %s", a)
	}
}
