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
		{Text: "", Language: "ru"},
	})
	if en := got["en"]; en.Content != 5 || en.Understood != 3 || len(en.Unknown) != 1 || en.Unknown[0] != (Count{"zqxv", 2}) {
		t.Errorf("English: %+v", en)
	}
	if zh := got["zh"]; zh.Content != 4 || zh.Understood != 2 || zh.Share() != 0.5 || len(zh.Unknown) != 1 {
		t.Errorf("Chinese: %+v", zh)
	}
	if ru := got["ru"]; ru.Clauses != 1 || ru.Share() != 0 {
		t.Errorf("Russian: %+v", ru)
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
	got := lex.Coverage(clauses)
	for _, lang := range []corpus.Language{"zh", "en", "ru", "fr", "ar", "es"} {
		c := got[lang]
		t.Logf("%s: %d clauses, %d tokens, %.1f %% understood, missing %v", lang, c.Clauses, c.Content, 100*c.Share(), c.Unknown[:min(12, len(c.Unknown))])
		if c.Content > 0 && c.Share() == 0 {
			t.Errorf("nothing of %s is understood", lang)
		}
	}
}
