package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
)

// TestCompareRound: a round shows what it froze, on every tab and in every document,
// whatever has become of texts and matches since.
func TestCompareRound(t *testing.T) {
	s := newSite(t)
	s.agree(s.matches[1], "equivalent")
	doors := "/dossiers/" + s.dossier.ID.String()
	freeze := func(name string) {
		t.Helper()
		if got := s.signedIn("lina").submit(doors+"/rounds", doors+"/rounds", url.Values{"name": {name}}); got.status != http.StatusSeeOther {
			t.Fatalf("no round: %d", got.status)
		}
	}
	freeze("First <b>")
	first, err := s.db.Round(t.Context(), s.dossier.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	doc := document("gb-1-2020", "CN", "zh", corpus.RightsFull, "疏散门的净宽度不应小于 0.8 m。", "安全出口不应少于 7 个。", "疏散走道的长度不应大于 40 m。", "应设置应急照明。")
	if _, err := s.db.Save(t.Context(), doc, "cli"); err != nil {
		t.Fatal(err)
	}
	s.agree(s.matches[2], "subset")
	freeze("Second")
	const before, after = "不应少于 2 个", "不应少于 7 个"
	b := s.signedIn("reader")
	here := "/compare?a=gb-1-2020&b=sp-1-2020&dossier=" + s.dossier.ID.String()
	plain := func(body string) string { // without the marks in texts
		for _, tag := range []string{"mark", "span", "u"} {
			for at := strings.Index(body, "<"+tag); at >= 0; at = strings.Index(body, "<"+tag) {
				end := strings.Index(body[at:], ">")
				body = body[:at] + body[at+end+1:]
			}
			body = strings.ReplaceAll(body, "</"+tag+">", "")
		}
		return body
	}
	now, then, later := plain(b.get(here).body), plain(b.get(here+"&round=1").body), plain(b.get(here+"&round=2").body)
	third := s.matches[2].ID.String()
	for name, c := range map[string]struct {
		body       string
		has, hasNo []string
	}{
		"now":    {now, []string{after, "m-" + third, `<option value="1">`, `<option value="2">`, "rounds?from=2#changes", "onesided"}, []string{first.Checksum, "Read-only"}},
		"first":  {then, []string{before, first.Checksum, "Read-only", `<option value="1" selected>`, "First &lt;b&gt;", "Texts here that have changed since: 1."}, []string{after, "m-" + third, "Difference to", `name="onesided"`, `name="status"`}},
		"second": {later, []string{"m-" + third, "rounds?from=1&amp;to=2#changes", "Difference to round 1"}, []string{first.Checksum, "m-" + s.matches[1].ID.String(), "have changed since"}},
	} {
		for _, w := range c.has {
			if !strings.Contains(c.body, w) {
				t.Errorf("%s has no %s", name, w)
			}
		}
		for _, w := range c.hasNo {
			if strings.Contains(c.body, w) {
				t.Errorf("%s has %s", name, w)
			}
		}
		if strings.Contains(c.body, "⟦") {
			t.Errorf("%s asks for words that are not there", name)
		}
	}
	for _, v := range compareViews {
		got := b.get(here + "&round=1&view=" + string(v))
		if got.status != http.StatusOK || strings.Count(got.body, first.Checksum) < 2 || !strings.Contains(got.body, "round=1") {
			t.Errorf("%s: %d, or the round's checksum is not in its head and note", v, got.status)
		}
		if strings.Contains(plain(got.body), after) {
			t.Errorf("%s has a text of now", v)
		}
	}
	for _, view := range []string{"gaps-a", "gaps-b"} { // of what was open a round knows nothing
		if body := b.get(here + "&round=1&view=" + view).body; strings.Contains(body, `class="gapgroup"`) {
			t.Errorf("%s lists clauses that the round does not hold", view)
		}
	}
	for _, format := range []string{"csv", "html"} {
		got := b.get(strings.Replace(here, "/compare?", "/compare/export/"+format+"?", 1) + "&round=1")
		if got.status != http.StatusOK || !strings.Contains(got.body, before) || strings.Contains(got.body, after) || !strings.Contains(got.body, first.Checksum) {
			t.Errorf("%s: %d, or it is not of the round", format, got.status)
		}
	}
	if !strings.Contains(then, "/compare/export/csv?a=gb-1-2020&amp;b=sp-1-2020&amp;dossier="+s.dossier.ID.String()+"&amp;round=1") {
		t.Error("the page does not offer documents of the round")
	}
	// Both directions count the clauses that there were.
	if !strings.Contains(then, "1 / 4") {
		t.Error("the head does not count one of four")
	}
	if got := b.get(here + "&round=9"); got.status != http.StatusNotFound {
		t.Errorf("a round that there is not: %d", got.status)
	}
	// Rights are those of now.
	doc.Standard.Rights = corpus.RightsTitles
	if _, err := s.db.Save(t.Context(), doc, "cli"); err != nil {
		t.Fatal(err)
	}
	if body := plain(b.get(here + "&round=1").body); strings.Contains(body, before) {
		t.Error("a round shows a text that may not be shown any more")
	}
}
