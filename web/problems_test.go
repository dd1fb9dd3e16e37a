package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"concord/corpus"
)

// Problems are said in the language of the page by their rule, also as they come back
// from the database; what English alone says is marked as English.
func TestProblemsAreSaid(t *testing.T) {
	all := speech(t)
	known := corpus.Say(corpus.SeverityWarning, "page 3, clause 5.2", "number-repeated", "the number is given {count} times; the later ones are kept apart as {key}~2 and so on", "check the numbers in the file", "count", float64(3), "key", "5.2")
	for tag, want := range map[string][3]string{
		"en": {"the number is given 3 times; the later ones are kept apart as 5.2~2 and so on", "check the numbers in the file", "page 3, clause 5.2"},
		"zh": {"该编号出现了 3 次；后面的分别记为 5.2~2 等", "请检查文件中的编号", "第 3 页，条款 5.2"},
		"ru": {"номер повторяется (всего: 3); последующие отличены как 5.2~2 и так далее", "проверьте номера в файле", "страница 3, пункт 5.2"},
	} {
		if got := all[tag].problem(known); got.Text != want[0] || got.Cure != want[1] || got.Where != want[2] || got.Language != "" || got.WhereIn != "" {
			t.Errorf("%s: %+v", tag, got)
		}
	}
	guess := corpus.Say(corpus.SeverityNote, "language", "language-guessed", "the language was taken to be {tongue}", "give --lang if it is another", "tongue", "fr")
	if got := all["fr"].problem(guess); got.Text != "langue supposée : français" && !strings.Contains(strings.ToLower(got.Text), "français") {
		t.Errorf("a language of ours keeps its tag: %q", got.Text)
	}
	for _, p := range []corpus.Problem{{Message: "an older one", Cure: "do it", Place: "row 7 of sheet A"}, {Message: "an older one", Rule: "of-a-later-version", Place: "page 3, row 7"}} {
		if got := all["zh"].problem(p); got.Text != "an older one" || got.Language != "en" || got.Where != p.Place || got.WhereIn != "en" {
			t.Errorf("without words: %+v", got)
		}
	}
	if got := all["en"].problem(corpus.Problem{Message: "x"}); got.Language != "" || got.Where != "" {
		t.Errorf("on an English page: %+v", got)
	}

	s := newSite(t)
	doc := document("gb-9-2020", "CN", "zh", corpus.RightsFull, "疏散门。")
	doc.Problems = []corpus.Problem{corpus.Say(corpus.SeverityNote, "text", "controls", "{count} control characters were removed", "", "count", 1234)}
	i, err := s.db.Stage(context.Background(), "a.txt", "9", "cli", doc)
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]string{"ru": "удалены управляющие знаки: 1234", "en": "control characters were removed: 1,234"} {
		got := s.signedIn("admin").get("/imports/"+i.ID.String(), "Accept-Language", tag)
		if got.status != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("%s: the page does not say %q", tag, want)
		}
	}
}
