package lexicon

import (
	"testing"

	"concord/corpus"
)

func TestCoverage(t *testing.T) {
	lex := theLexicon(t)
	got := lex.Coverage([]corpus.Clause{
		{Text: "The external walls of the zqxv building. Zqxv 25.", Language: "en"},
		{Text: "外墙的鑫龘。", Language: "zh"},
		{Text: "外墙的鑫龘。", Language: "zh-CN"},
		{Text: "", Language: "ru"},
		{Text: "El muro debe medir 25 mm según ISO 9001:2015.", Language: "es"},
	}, 5)
	if en := got["en"]; en.Content != 5 || en.Understood != 3 || len(en.Unknown) != 1 || en.Unknown[0] != (Count{"zqxv", "zqxv", 2}) {
		t.Errorf("English: %+v", en)
	}
	if zh := got["zh"]; zh.Clauses != 1 || zh.Content != 4 || zh.Understood != 2 || zh.Share() != 0.5 || len(zh.Unknown) != 1 {
		t.Errorf("Chinese: %+v", zh)
	}
	if ru := got["ru"]; ru.Clauses != 1 || ru.Share() != 0 {
		t.Errorf("Russian: %+v", ru)
	}
	// The quantity, the obligation and the citation are read by other tables.
	if es := got["es"]; es.Content > 3 || es.Understood == 0 {
		t.Errorf("Spanish: %+v", es)
	}
	// Kana that are endings and particles, and the parts of an address, are no content.
	if ja := lex.Coverage([]corpus.Clause{{Text: "壁がゑゐゑゐ。", Language: "ja"}}, 5)["ja"]; ja.Content != 1 || ja.Understood != 1 {
		t.Errorf("Japanese: %+v", ja)
	}
	if it := lex.Coverage([]corpus.Clause{{Text: "muro (https://zqxv.example/wqxv) zqxv", Language: "it"}}, 5)["it"]; it.Content != 2 || it.Understood != 1 {
		t.Errorf("Italian: %+v", it)
	}
	if got := lex.Coverage([]corpus.Clause{{Text: "zqxv wqxv", Language: "en"}}, 1)["en"]; len(got.Unknown) != 1 {
		t.Errorf("asked for one unknown word: %+v", got)
	}
}

// TestCoverageOfRealClauses logs the shares and the words that are missing
// most, for those who fill the term tables.
func TestCoverageOfRealClauses(t *testing.T) {
	if testing.Short() {
		t.Skip("a report, not a check")
	}
	lex := theLexicon(t)
	clauses := evalClauses(t, "dora-en-es", "asvs403-zh-ru", "asvs403-en-ar", "tw-building-zh-en", "rgaa-raweb-fr-en", "gold-cn-uk-building-dev")
	got := lex.Coverage(clauses, 12)
	for _, lang := range []corpus.Language{"zh", "en", "ru", "fr", "ar", "es"} {
		c := got[lang]
		t.Logf("%s: %d clauses, %d tokens, %.1f %% understood, missing %v", lang, c.Clauses, c.Content, 100*c.Share(), c.Unknown)
		if c.Content > 0 && c.Share() == 0 {
			t.Errorf("nothing of %s is understood", lang)
		}
	}
}
