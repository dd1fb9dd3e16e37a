package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"concord/review"
	"concord/review/export"
)

var exportLink = regexp.MustCompile(`href="(/compare/export/([a-z0-9.-]+)\?[^"]*)"`)

// The documents of a comparison hold what its table shows under the filters, say so, and
// nothing else.
func TestCompareExports(t *testing.T) {
	s := newComparedSite(t)
	b := s.signedIn("ivan")
	files := func(query string) map[string]string {
		page := b.get(comparedHere + query)
		out := map[string]string{}
		for _, m := range exportLink.FindAllStringSubmatch(page.body, -1) {
			got := b.get(html.UnescapeString(m[1]))
			if got.status == http.StatusSeeOther || strings.Contains(got.body, "<main") {
				continue // nothing is agreed under the filter: back to the page
			}
			if got.status != http.StatusOK {
				t.Fatalf("%s: %d", m[1], got.status)
			}
			out[m[2]] = unpacked(t, got.body)
		}
		return out
	}
	agreed, waiting := "", s.matches[2].ID.String()
	for _, m := range s.matches {
		if now := s.reload(m); now.State == review.StateConfirmed && !now.Suspect {
			agreed = m.ID.String()
		}
	}
	whole := files("")
	if len(whole) != len(export.Formats) {
		t.Errorf("%d formats are offered", len(whole))
	}
	if !strings.Contains(whole["csv"], agreed) || strings.Contains(whole["csv"], waiting) || !strings.Contains(whole["csv"], "GB-1-2020 ↔ SP-1-2020") {
		t.Errorf("the whole pair: %s", whole["csv"])
	}
	one := files("&status=opinion")
	if len(one) != 4 || !strings.Contains(one["csv"], waiting) || strings.Contains(one["csv"], agreed) || !strings.Contains(one["html"], "one opinion") || strings.Contains(one["csv"]+one["html"], blindNote) {
		t.Errorf("one-sided lines alone: %v\n%s", len(one), one["csv"])
	}
	for _, filter := range []string{"&status=agreed", "&stricter=b", "&stricter=a"} {
		shown := files(filter)["csv"]
		table := b.get(comparedHere + filter).body
		for _, m := range s.matches {
			id := m.ID.String()
			if strings.Contains(table, `id="m-`+id+`"`) && s.reload(m).State == review.StateConfirmed && !s.reload(m).Suspect != strings.Contains(shown, id) {
				t.Errorf("%s: match %s stands in one of page and document", filter, id)
			}
		}
	}
	if got := b.get("/compare/export/csv?a=gb-1-2020&b=sp-1-2020"); got.status != http.StatusNotFound {
		t.Errorf("of no dossier: %d", got.status)
	}
	heat := b.get(comparedHere + "&view=heat")
	if heat.status != http.StatusOK || !strings.Contains(heat.body, "<th scope=\"col\" class=\"num\">∅</th>") || !strings.Contains(heat.body, `class="num h9"`) {
		t.Errorf("no map of the chapters: %d", heat.status)
	}
}
