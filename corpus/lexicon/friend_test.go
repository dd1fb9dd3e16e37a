package lexicon

import (
	"slices"
	"testing"

	"concord/corpus"
)

// TestAWordAsWrittenDecides reads words whose stems name something else as well.
func TestAWordAsWrittenDecides(t *testing.T) {
	lex := theLexicon(t)
	names := func(lex *Lexicon, text string, l corpus.Language, id ConceptID) bool {
		return slices.ContainsFunc(lex.ReadText(text, l).Concepts, func(m Mention) bool { return m.Concept == id })
	}
	for _, c := range []struct {
		language corpus.Language
		text     string
		is, not  ConceptID
	}{
		{"es", "una salida", "exit", "room"}, {"es", "dos salidas", "exit", "room"}, {"es", "la sala", "room", "exit"},
		{"fr", "le chemin", "route", "chimney"}, {"fr", "une cheminée", "chimney", "route"},
		{"ar", "الدورية", "patrol", "storey"}, {"ru", "лес", "forest", "scaffold"},
		{"en", "the installation", "install", "chimney"}, // kin in many languages stay together
	} {
		if !names(lex, c.text, c.language, c.is) || names(lex, c.text, c.language, c.not) {
			t.Errorf("%s: %q is to name %s and not %s: %v", c.language, c.text, c.is, c.not, lex.ReadText(c.text, c.language).Concepts)
		}
	}
	// Who says that a word names it is believed, in that lexicon alone.
	more := lex.With([]Concept{{ID: "room", Forms: map[corpus.Language][]string{"es": {"salida"}}}})
	if !names(more, "una salida", "es", "room") || !names(more, "una salida", "es", "exit") || names(lex, "una salida", "es", "room") {
		t.Error("a user's own form does not count, or counts elsewhere")
	}
}

// TestPrepositionsAreNoTerms reads function words that fold to a term's letters.
func TestPrepositionsAreNoTerms(t *testing.T) {
	lex := theLexicon(t)
	for text, l := range map[string]corpus.Language{"إلى": "ar", "عليه": "ar", "إليه": "ar", "بعد": "ar", "son": "fr", "pouvoir": "fr"} {
		if got := lex.ReadText(text, l).Concepts; len(got) > 0 {
			t.Errorf("%s %q names %v", l, text, got)
		}
	}
	for text, id := range map[string]ConceptID{"النظام الآلي": "automatic", "العلية": "attic", "الأبعاد": "dimension"} {
		if got := lex.ReadText(text, "ar").Concepts; !slices.ContainsFunc(got, func(m Mention) bool { return m.Concept == id }) {
			t.Errorf("%q names %v, not %s", text, got, id)
		}
	}
}
