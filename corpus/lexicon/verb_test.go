package lexicon

import (
	"slices"
	"testing"

	"concord/corpus"
)

// TestVerbForms: participles, infinitives with "zu" or "te" and forms of the third
// person lead to the verb of a term; words that only look like them lead to nothing.
func TestVerbForms(t *testing.T) {
	lex := theLexicon(t)
	cases := []struct {
		lang corpus.Language
		word string
		want ConceptID // "" for no concept at all
	}{
		{"de", "umgesetzt", "implement"}, {"de", "umzusetzen", "implement"}, {"de", "umgesetzten", "implement"},
		{"de", "genutzt", "use"}, {"de", "verwendet", "use"}, {"de", "eingesetzte", "use"}, {"de", "ermittelt", "determine"},
		{"de", "dokumentierte", "document"}, {"de", "gilt", "apply"}, {"de", "Systeme", "system"}, {"de", "System", "system"}, {"de", "Probleme", "problem"},
		{"nl", "gebruikt", "use"}, {"nl", "aansluit", "connect"},
		{"de", "Gezumt", ""}, {"de", "Gebet", ""}, {"de", "Zuber", ""}, {"nl", "tegel", ""}, {"fr", "gerisques", ""},
	}
	for _, c := range cases {
		var got []ConceptID
		for _, m := range lex.Read(corpus.Clause{Text: c.word, Language: c.lang}, "").Concepts {
			got = append(got, m.Concept)
		}
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s %s names %v, want %q", c.lang, c.word, got, c.want)
		}
	}
}
