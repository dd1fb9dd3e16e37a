package web

import (
	"fmt"
	"testing"

	"concord/corpus"
)

// focused is what has the focus, in a word that tests can tell.
const focused = "document.activeElement.id || (document.activeElement.closest('li, article')?.id ?? '') || document.activeElement.textContent.trim()"

// TestKeysOfListsInChromium walks hits and clauses by keys alone, in three layouts;
// with single keys off, or with Alt+Shift wanted, they do nothing.
func TestKeysOfListsInChromium(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Search = finder{hits: []corpus.ClauseID{"gb-1-2020/5.1", "sp-1-2020/5.4", "iso-9-2020/5.1"}}
	})
	b := s.openTab(t, "lina")
	b.look(1366, "light", "en")
	b.open("/search?q=door")
	hit := func(n int) string {
		return fmt.Sprintf("document.querySelectorAll('.hits > li')[%d].contains(document.activeElement) && document.activeElement.tagName === 'A'", n)
	}
	b.press("Slash", "/")
	b.wait("document.activeElement.id === 'q'")
	b.press("ArrowDown", "ArrowDown")
	b.wait(hit(0))
	b.press("ArrowDown", "ArrowDown")
	b.wait(hit(1))
	b.press("ArrowUp", "ArrowUp")
	b.press("ArrowUp", "ArrowUp")
	b.wait("document.activeElement.id === 'q'")
	b.press("KeyA", "a") // a letter of what is typed, and no tick
	if n := ask[int](b, "document.querySelectorAll('.tick input:checked').length"); n != 0 {
		t.Error("a letter in the search field ticks a hit")
	}
	b.press("ArrowDown", "ArrowDown")
	for _, layout := range []string{"a", "ф", "ش"} {
		before := ask[bool](b, "document.querySelector('.tick input').checked")
		b.press("KeyA", layout)
		b.wait(fmt.Sprintf("document.querySelector('.tick input').checked === %v", !before))
		b.wait(hit(0))
	}
	b.press("KeyC", "с")
	b.wait("location.pathname === '/compare' && location.search === '?a=gb-1-2020'")

	b.open("/standards/gb-1-2020")
	b.press("BracketRight", "]")
	b.press("BracketRight", "ъ")
	b.wait("!!document.activeElement.closest('article')")
	first := ask[string](b, focused)
	b.press("BracketRight", "د")
	b.wait(fmt.Sprintf("(%s) !== %q", focused, first))
	b.press("BracketLeft", "[")
	b.wait(fmt.Sprintf("(%s) === %q", focused, first))
	b.press("KeyG", "п")
	b.wait("document.activeElement.id === 'goto'")
	for _, c := range []string{"5", ".", "4"} {
		b.press("", c)
	}
	b.press("Enter", "Enter")
	b.wait("location.hash === '#c-5.4'")

	for _, mode := range []string{"off", "alt"} {
		b.open("/search?q=door")
		ask[bool](b, fmt.Sprintf("document.documentElement.dataset.keys = '%s'; document.querySelector('.hits h2 a').focus(); true", mode))
		b.press("KeyA", "a")
		if ask[int](b, "document.querySelectorAll('.tick input:checked').length") != 0 {
			t.Errorf("single keys are %s, and A ticks", mode)
		}
	}
	if bad := ask[[]string](b, "bad"); len(bad) > 0 {
		t.Error(bad)
	}
}
