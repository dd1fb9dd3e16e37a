package lexicon

import (
	"fmt"
	"reflect"
	"testing"

	"concord/corpus"
)

// own are two concepts of users: one of their own, one that adds to a shipped.
var own = []Concept{
	{ID: "t-1", Domain: "engineering", Source: "own", Forms: map[corpus.Language][]string{"en": {"zqxv barrier", "of", "x"}, "ru": {"зъюх"}, "zh": {"鑫龘栏"}, "ar": {"زقزوقة"}}},
	{ID: "password", Domain: "digital", Source: "own", Forms: map[corpus.Language][]string{"en": {"zqsecret"}}},
}

func conceptsIn(lex *Lexicon, text string, lang corpus.Language) map[ConceptID]bool {
	out := map[ConceptID]bool{}
	for _, m := range lex.ReadText(text, lang).Concepts {
		out[m.Concept] = true
	}
	return out
}

func TestWith(t *testing.T) {
	base, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	before := len(base.ids)
	texts := map[corpus.Language]string{"en": "The zqxv barriers of the building need a zqsecret.", "ru": "Высота зъюха не менее 1 м.", "zh": "鑫龘栏的高度", "ar": "ارتفاع الزقزوقة"}
	with := base.With(own)
	for lang, text := range texts {
		if !conceptsIn(with, text, lang)["t-1"] {
			t.Errorf("%s: the users' concept is not found in %q", lang, text)
		}
		if conceptsIn(base, text, lang)["t-1"] {
			t.Errorf("%s: the shipped lexicon has changed", lang)
		}
	}
	if got := conceptsIn(with, texts["en"], "en"); !got["password"] || conceptsIn(base, texts["en"], "en")["password"] {
		t.Errorf("a form added to a shipped concept: %v", got)
	}
	if got := conceptsIn(with, "x of them", "en"); got["t-1"] {
		t.Error("a function word or a letter names a concept")
	}
	if c, _ := with.Concept("password"); c.Label("en") != "password" || len(base.ids) != before || len(with.ids) != before+1 {
		t.Errorf("%s, %d concepts, %d shipped", c.Label("en"), len(with.ids), len(base.ids))
	}
	again := base.With(own)
	if !reflect.DeepEqual(with.trie, again.trie) || !reflect.DeepEqual(with.concepts, again.concepts) {
		t.Error("the same concepts give another lexicon")
	}
	if base.With(nil) != base {
		t.Error("nothing more gives another lexicon")
	}
}

// manyConcepts are n concepts with terms in four languages.
func manyConcepts(n int) []Concept {
	out := make([]Concept, n)
	for i := range out {
		out[i] = Concept{ID: ConceptID(fmt.Sprintf("t-%06d", i)), Domain: "general", Source: "own", Forms: map[corpus.Language][]string{
			"en": {fmt.Sprintf("protective device type%d", i)}, "ru": {fmt.Sprintf("защитное устройство тип%d", i)}, "zh": {fmt.Sprintf("防护装置%c%c", 0x4E00+i%5000, 0x5E00+i/5000)}, "fr": {fmt.Sprintf("dispositif de protection genre%d", i)}}}
	}
	return out
}

// BenchmarkWith adds 50,000 concepts with 200,000 terms.
func BenchmarkWith(b *testing.B) {
	base, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	more := manyConcepts(50_000)
	b.ReportAllocs()
	for b.Loop() {
		base.With(more)
	}
}
