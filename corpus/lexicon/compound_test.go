package lexicon

import (
	"slices"
	"testing"

	"concord/corpus"
)

// A compound is understood through its parts, an unknown one through its end; a
// word that only ends like a term, and one of another language, is not taken
// apart.
func TestCompounds(t *testing.T) {
	lex := theLexicon(t)
	for _, row := range []struct {
		lang  corpus.Language
		text  string
		names []ConceptID
		spans []string
	}{
		{"de", "Die Kellerwände sind zu prüfen.", []ConceptID{"basement", "wall"}, []string{"Keller", "wände"}},
		{"de", "Das Gebäudedach trägt Stahlstützen.", []ConceptID{"building", "roof", "steel", "column"}, []string{"Gebäude", "dach", "Stahl", "stützen"}},
		{"nl", "De gebouwgrens ligt vast.", []ConceptID{"building", "boundary"}, []string{"gebouw", "grens"}},
		{"de", "Der Quarzbeton ist neu.", []ConceptID{"concrete"}, []string{"beton"}},
	} {
		r := lex.Read(corpus.Clause{Text: row.text, Language: row.lang}, "")
		for i, want := range row.names {
			at := slices.IndexFunc(r.Concepts, func(m Mention) bool {
				return m.Concept == want && row.text[m.Span.Start:m.Span.End] == row.spans[i]
			})
			if at < 0 {
				t.Errorf("%q: %s at %q is not among %v", row.text, want, row.spans[i], r.Concepts)
			}
		}
	}
	for lang, word := range map[corpus.Language]string{"de": "xyzwqvbn", "en": "buildingroof", "nl": "kwetterend"} {
		if r := lex.Read(corpus.Clause{Text: word, Language: lang}, ""); len(r.Concepts) != 0 {
			t.Errorf("%q of %s is taken for %v", word, lang, r.Concepts)
		}
	}
}

// Japanese terms of Han characters are found in Japanese texts and not in Chinese
// ones, where the same characters may mean something else.
func TestJapaneseTermsStayJapanese(t *testing.T) {
	lex := theLexicon(t)
	has := func(lang corpus.Language, text string, want ConceptID) bool {
		return slices.ContainsFunc(lex.Read(corpus.Clause{Text: text, Language: lang}, "").Concepts, func(m Mention) bool { return m.Concept == want })
	}
	if !has("ja", "工程表を作成する。", "schedule") {
		t.Error("工程表 is not found in Japanese")
	}
	if has("zh", "工程表应附于报告。", "schedule") {
		t.Error("工程表 is read as Japanese in a Chinese text")
	}
}
