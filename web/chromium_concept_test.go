package web

import (
	"fmt"
	"testing"

	"concord/corpus"
	"concord/review"
)

// TestConceptInChromium opens the table of a concept with limits, an agreed
// match and a text that is held back in part, as TestPagesInChromium does.
func TestConceptInChromium(t *testing.T) {
	s := conceptSite(t)
	s.both(s.matches[0], review.Verdict(corpus.RelationSubset), "B asks more", plainNo, plainYes)
	source := axe(t)
	b := s.openTab(t, "lina")
	for _, language := range languagesToLook(false, s.server.words) {
		for _, look := range []struct {
			width int
			theme string
		}{{1366, "light"}, {1366, "dark"}, {320, "light"}} {
			b.look(look.width, look.theme, language)
			b.open("/concept?c=door&c=width")
			name := fmt.Sprintf("concept %s %s %d", language, look.theme, look.width)
			b.healthy(name, look.width)
			if source != "" {
				for _, v := range b.judge(source) {
					t.Errorf("%s: axe: %s", name, v)
				}
			}
			b.shoot(name)
		}
	}
}
