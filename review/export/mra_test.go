package export

import (
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
)

// conditionsBothWays is the sample with a gap of the second side, a condition of
// the way back, and an answer of every kind.
func conditionsBothWays() shelf {
	s := wholeSample()
	gap := s.match(7, review.VerdictNoCounterpart)
	gap.Sources, gap.Against = []corpus.ClauseID{"ru-b/5.8"}, "cn-a"
	s.matches[7] = gap
	s.matches[0].Outcome.AToB = corpus.Recognition{Answer: corpus.AnswerYes}
	s.matches[0].Outcome.BToA = corpus.Recognition{Answer: corpus.AnswerNo}
	s.matches[1].Outcome.BToA = corpus.Recognition{Answer: corpus.AnswerConditions, Conditions: []string{"test again", "add a rail"}}
	return s
}

func TestSectoralAnnex(t *testing.T) {
	got := plainText(documentOf(t, mustBe(t, "mra"), gatheredFrom(t, conditionsBothWays(), "en")))
	golden(t, "mra.golden.txt", got)
	at := 0
	for _, heading := range []string{"Section I. ", "Section II. ", "Section III. ", "Section IV. ", "Section V. ", "Signatures", "Record of decisions", "About this document"} {
		next := strings.Index(got[at:], heading)
		if next < 0 {
			t.Fatalf("%q is not there, or not in its order", heading)
		}
		at += next
	}
	for _, want := range []string{
		"GB 1-2020\n|СП 2\n|A accepted by B\n|1\n|4\n|0\n|0\n|1\n", // the gap of B burdens A to B
		"GB 1-2020\n|СП 2\n|B accepted by A\n|0\n|1\n|1\n|3\n|1\n",
		"|A accepted by B\n|add a rail\n|2, 3, 4, 5\n",
		"|B accepted by A\n|test again\n|2\n",
		"|B accepted by A\n|add a rail\n|2\n",
		"[to be completed]",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the annex lacks %q", want)
		}
	}
	if strings.Contains(got, "5.6") {
		t.Error("the annex lists a pair that was rejected")
	}
}

// TestSectoralAnnexInEveryLanguage looks for keys without words and for English
// that was left in another language, in both files.
func TestSectoralAnnexInEveryLanguage(t *testing.T) {
	for _, lang := range Languages() {
		for _, name := range []string{"mra", "mra-html"} {
			shelf := conditionsBothWays()
			shelf.dossier.Domain = corpus.DomainEngineering
			got := plainText(written(t, mustBe(t, name), gatheredFrom(t, shelf, lang)))
			if strings.Contains(got, "⟦") {
				t.Errorf("%s in %s asks for words that are not there", name, lang)
			}
			if english := strings.Contains(got, "to be completed"); english != (lang == "en") {
				t.Errorf("%s in %s: English blanks %v", name, lang, english)
			}
			if !strings.Contains(got, phrasesIn(lang).say("mra.provisions")) {
				t.Errorf("%s in %s has no Section V in its language", name, lang)
			}
		}
	}
}

func TestSectoralAnnexWithoutAgreement(t *testing.T) {
	s := sample()
	s.matches = nil
	got := plainText(documentOf(t, mustBe(t, "mra"), gatheredFrom(t, s, "en")))
	if !strings.Contains(got, "No pair is agreed yet.") || strings.Contains(got, "|A accepted by B") {
		t.Errorf("the annex does not say that nothing is agreed:\n%s", got)
	}
}

func TestEveryDomainHasAName(t *testing.T) {
	for _, d := range corpus.Domains {
		if strings.Contains(phrasesIn("en").say("domain."+string(d)), "⟦") {
			t.Errorf("the domain %s has no name in documents", d)
		}
	}
}
