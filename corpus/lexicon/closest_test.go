package lexicon

import (
	"slices"
	"testing"

	"concord/corpus"
)

// TestClosest holds which senses of a stem a text has: those written as it is.
// Without Closest each of these texts has all senses of its stem.
func TestClosest(t *testing.T) {
	lex, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang      corpus.Language
		text      string
		has, lost ConceptID
	}{
		{"en", "the treatment plant of the estate", "factory", "greening"},
		{"en", "treatment plants of the estate", "factory", "greening"}, // a plural is no other word
		{"en", "the planting of the verges", "greening", "factory"},
		{"ar", "عرض الدرج", "staircase", "extent-degree"}, // the article is no part of the form
	} {
		r := lex.ReadText(c.text, c.lang)
		names := func(list []Mention, id ConceptID) bool {
			return slices.ContainsFunc(list, func(m Mention) bool { return m.Concept == id })
		}
		if !names(r.Concepts, c.has) || !names(r.Concepts, c.lost) {
			t.Fatalf("%q has not both senses to choose from: %v", c.text, r.Concepts)
		}
		kept := slices.Clone(r.Concepts)
		if got := lex.Closest(c.text, c.lang, r.Concepts); !names(got, c.has) || names(got, c.lost) {
			t.Errorf("%q: %v, want %s without %s", c.text, got, c.has, c.lost)
		}
		if !slices.Equal(kept, r.Concepts) {
			t.Errorf("%q: the reading itself was changed", c.text)
		}
	}
	// What cannot be told apart stays: a form two senses share, and scripts without endings.
	for _, c := range []struct {
		lang corpus.Language
		text string
	}{{"es", "la puerta de salida"}, {"zh", "回车场"}, {"ar", "المسافة"}} {
		r := lex.ReadText(c.text, c.lang)
		if got := lex.Closest(c.text, c.lang, r.Concepts); len(r.Concepts) == 0 || !slices.Equal(got, r.Concepts) {
			t.Errorf("%q: %v of %v", c.text, got, r.Concepts)
		}
	}
}

// TestClosestOfUsers holds that a form of the users' own counts as one of the
// shipped ones does.
func TestClosestOfUsers(t *testing.T) {
	base, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	lex := base.With([]Concept{{ID: "t-1", Domain: "park", Source: "own", Forms: map[corpus.Language][]string{"en": {"plant"}}}})
	const text = "a plant of the park"
	got := lex.Closest(text, "en", lex.ReadText(text, "en").Concepts)
	if !slices.ContainsFunc(got, func(m Mention) bool { return m.Concept == "t-1" }) || slices.ContainsFunc(got, func(m Mention) bool { return m.Concept == "greening" }) {
		t.Errorf("%v", got)
	}
}
