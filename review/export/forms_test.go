package export

import (
	"regexp"
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
)

var markup = regexp.MustCompile(`<[^>]*>`)

// plainText is a document's text, one line a paragraph and a bar between cells.
func plainText(document string) string {
	return markup.ReplaceAllString(strings.NewReplacer("</w:p>", "\n", "</w:tc>", "|").Replace(document), "")
}

func TestForms(t *testing.T) {
	shelf := wholeSample()
	shelf.standards = append(shelf.standards, corpus.Standard{ID: "ru-iso", Designation: "ГОСТ Р ИСО 1-2020", Language: "ru", Titles: []corpus.Title{{Language: "ru", Text: "Двери"}},
		Adopts: []corpus.Adoption{{Designation: "ISO 1", Degree: corpus.Identical}}})
	gap := shelf.match(7, review.VerdictNoCounterpart)
	gap.Sources, gap.Against = []corpus.ClauseID{"ru-b/5.8"}, "cn-a"
	shelf.matches[7] = gap
	for name, want := range map[string][]string{
		"gb": {"附录A（资料性）　GB 1-2020 与 СП 2 的章条编号对照", "附录B（资料性）　GB 1-2020 与 СП 2 的技术性差异及其原因", "width in zh — A: ≥ 0.8 m; B: ≥ 0.9 m HIDDEN (B 更严)", "无对应条款", "why"},
		"gost": {"Приложение ДА (справочное)", "Приложение ДБ (справочное). Сопоставление структуры GB 1-2020 со структурой СП 2", "ISO 1\n|5.1, 5.2, 5.4, 5.5\n|5.1, 5.2, 5.4, 5.5\n|IDT\n|ГОСТ Р ИСО 1-2020 Двери",
			"—\n|5.8\n|соответствия нет"},
	} {
		got := plainText(documentOf(t, mustBe(t, name), gatheredFrom(t, shelf, "en")))
		golden(t, name+".golden.txt", got)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s lacks %q", name, w)
			}
		}
		if strings.Contains(got, "5.6") {
			t.Errorf("%s lists a pair that was rejected", name)
		}
	}
}

func TestFormsWithoutAgreement(t *testing.T) {
	s := sample()
	s.matches = nil
	for name, want := range map[string]string{"gb": "尚无已商定的条款。", "gost": "Согласованных пунктов пока нет."} {
		if got := plainText(documentOf(t, mustBe(t, name), gatheredFrom(t, s, "en"))); !strings.Contains(got, want) {
			t.Errorf("%s does not say that nothing is agreed:\n%s", name, got)
		}
	}
}

func TestAnnexLetters(t *testing.T) {
	if annex(annexLetters, 0) != "A" || annex(gostLetters, 1) != "Б" || annex(gostLetters, 7) != "И" || annex(annexLetters, 26) != "27" {
		t.Error("the letters of annexes are wrong: З is skipped, and after the last letter come numbers")
	}
}
