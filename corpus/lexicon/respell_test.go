package lexicon

import (
	"slices"
	"testing"

	"concord/corpus"
)

// TestRespell: one letter missing, too many, another, or two in the wrong order; not
// two letters, not the first ones, not a word that is right, and no short one.
func TestRespell(t *testing.T) {
	lex := theLexicon(t)
	for _, c := range []struct {
		lang corpus.Language
		word string
		want ConceptID
	}{
		{"en", "guardrial", "guardrail"}, {"en", "guadrail", "guardrail"}, {"en", "guardrrail", "guardrail"}, {"en", "guardreil", "guardrail"},
		{"ru", "эвакуцаия", "evacuation"}, {"fr", "ascensuer", "lift"},
		{"en", "guaadrial", ""}, {"en", "agurdrail", ""}, {"en", "guardrail", ""}, {"en", "wlal", ""},
	} {
		got := lex.Respell(c.word, c.lang)
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s %s may be %v, want %q", c.lang, c.word, got, c.want)
		}
	}
}
