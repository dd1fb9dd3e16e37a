package web

import (
	"net/http"
	"strings"
	"testing"

	"concord/corpus"
)

// TestEditionSwitch: a standard leads to its other editions and to what changed
// between them, clause by clause, within the rights of both texts.
func TestEditionSwitch(t *testing.T) {
	s := newSite(t)
	edition := func(id corpus.StandardID, designation, year string, rights corpus.Rights, texts ...string) {
		t.Helper()
		d := document(id, "CN", "zh", rights, texts...)
		d.Standard.Designation, d.Standard.Edition = designation, year
		if _, err := s.db.Save(t.Context(), d, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	edition("cn-gb-70001-2011", "GB 70001-2011", "2011", corpus.RightsFull, "门的净宽度不应小于 0.8 m。", "应设置照明。", "应设置标志。")
	edition("cn-gb-70001-2020", "GB 70001-2020", "2020", corpus.RightsFull, "门的净宽度不应小于 0.9 m。", "应设置照明。")
	edition("cn-gb-70002-2020", "GB 70002-2020", "2020", corpus.RightsFull, "别的标准。")
	lina := s.signedIn("lina")
	const address = "/standards/cn-gb-70001-2020/changes?from=cn-gb-70001-2011"
	for id, other := range map[string]string{"cn-gb-70001-2020": "cn-gb-70001-2011", "cn-gb-70001-2011": "cn-gb-70001-2020"} {
		body := lina.get("/standards/" + id).body
		if !strings.Contains(body, "Other editions") || !strings.Contains(body, `href="/standards/`+other+`"`) || !strings.Contains(body, `href="`+address+`"`) {
			t.Errorf("%s does not lead to %s and to what changed", id, other)
		}
	}
	if body := lina.get("/standards/cn-gb-70002-2020").body; strings.Contains(body, "Other editions") {
		t.Error("another standard is taken for an edition")
	}
	body := lina.get(address).body
	for _, want := range []string{`class="del"`, `class="ins"`, "应设置标志"} {
		if !strings.Contains(body, want) {
			t.Errorf("the changes do not show %s:\n%s", want, mainOf(body))
		}
	}
	if strings.Contains(body, "应设置照明") {
		t.Error("a clause that stays is listed")
	}
	hidden := strings.Repeat("长", corpus.ExcerptRunes) + "秘密"
	edition("cn-gb-70001-2020", "GB 70001-2020", "2020", corpus.RightsExcerpt, hidden, "应设置照明。")
	if body := lina.get(address).body; strings.Contains(body, "秘密") || !strings.Contains(body, "Rights do not allow") {
		t.Error("words of the later text that may not be shown are shown")
	}
	edition("cn-gb-70001-2020", "GB 70001-2020", "2020", corpus.RightsFull, hidden, "应设置照明。")
	if body := lina.get(address).body; !strings.Contains(body, "秘密") {
		t.Error("the test proves nothing: with full rights the words are not there")
	}
	if got := lina.get("/standards/cn-gb-70001-2020/changes?from=nothing"); got.status != http.StatusNotFound {
		t.Errorf("an edition that is not kept: %d", got.status)
	}
}
