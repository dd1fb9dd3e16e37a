package web

import (
	"fmt"
	"strings"
	"testing"
)

// TestMisreadByKeyboard marks a row with keys alone and takes the mark back; the
// marked page and the list are looked at in every language, light and dark, wide
// and narrow.
func TestMisreadByKeyboard(t *testing.T) {
	s := newSite(t)
	m := s.matches[0]
	path := "/matches/" + m.ID.String() + "?task=first"
	b := s.openTab(t, "lina")
	b.look(1366, "light", "en")
	b.open(path)
	b.wait("!!document.querySelector('#bench')")
	const answered = "JSON.stringify([...document.querySelectorAll('#decide input:checked, #decide textarea')].map(x => [x.name, x.value]).filter(x => x[1]))"
	ask[bool](b, "(document.querySelector('#decide [name=verdict][value=overlap]').click(), document.querySelector('#decide [name=a_conditions]').value = 'a lobby', document.querySelector('#note').value = 'as drawn', true)")
	before := ask[string](b, answered)
	if !strings.Contains(before, "a lobby") || !strings.Contains(before, `"verdict","overlap"`) {
		t.Fatalf("the answer being written: %s", before)
	}
	b.press("KeyM", "ь") // as a Russian layout writes it
	b.wait("document.querySelector('details.misread').open && document.activeElement.name === 'mark'")
	b.press("Enter", "Enter")
	b.wait("!!document.querySelector('.struck .misreadmark')")
	if n := len(s.reload(m).Misreadings); n != 1 {
		t.Fatalf("%d marks", n)
	}
	if after := ask[string](b, answered); after != before {
		t.Errorf("the answer being written was %s, after the mark %s", before, after)
	}
	source := axe(t)
	for _, language := range languagesToLook(source != "", s.server.words) {
		for _, look := range []struct {
			width int
			theme string
		}{{1366, "light"}, {1366, "dark"}, {320, "light"}} {
			b.look(look.width, look.theme, language)
			for _, path := range []string{path, "/misreadings"} {
				b.open(path)
				ask[bool](b, "document.querySelectorAll('details.misread').forEach(d => { d.open = true; }), true")
				name := fmt.Sprintf("marked %s %s %s %d", path[:8], language, look.theme, look.width)
				b.healthy(name, look.width)
				if source != "" && (look.theme == "dark" || look.width == 320 || language == "en") {
					for _, v := range b.judge(source) {
						t.Errorf("%s: axe: %s", name, v)
					}
				}
				b.shoot(name)
			}
		}
	}
	b.open(path)
	ask[bool](b, "document.querySelector('.misreadmark button').focus(), true")
	b.press("Enter", "Enter")
	b.wait("document.readyState === 'complete' && !document.querySelector('.struck')")
	if n := len(s.reload(m).Misreadings); n != 0 {
		t.Errorf("%d marks after it was taken back", n)
	}
}

// TestSetInChromium looks at a page that offers a set and at the set itself.
func TestSetInChromium(t *testing.T) {
	s := newSite(t)
	s.moreCandidates()
	set := s.set(s.signedIn("lina"))
	b, source := s.openTab(t, "lina"), axe(t)
	for _, language := range languagesToLook(source != "", s.server.words) {
		for _, look := range []struct {
			width int
			theme string
		}{{1366, "light"}, {1366, "dark"}, {320, "light"}} {
			b.look(look.width, look.theme, language)
			for _, m := range []struct{ name, id string }{{"offer", s.matches[0].ID.String()}, {"set", set.ID.String()}} {
				b.open("/matches/" + m.id + "?task=first")
				ask[bool](b, "document.querySelector('#others').open = true")
				name := fmt.Sprintf("%s %s %s %d", m.name, language, look.theme, look.width)
				b.healthy(name, look.width)
				if source != "" && (look.theme == "dark" || look.width == 320 || language == "en") {
					for _, v := range b.judge(source) {
						t.Errorf("%s: axe: %s", name, v)
					}
				}
				b.shoot(name)
			}
		}
	}
}
