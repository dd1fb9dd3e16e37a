package web

import (
	"fmt"
	"testing"

	"concord/review"
)

// TestRemappedSession: keys are changed on the page by pressing them, five pairs are
// decided with them in other scripts, and the old keys do nothing. Turned off, no key
// does anything.
func TestRemappedSession(t *testing.T) {
	s := newSite(t)
	s.manyPairs(8)
	b := s.openTab(t, "lina")
	b.look(1366, "light", "zh")
	give := func(act, code, layout string) {
		b.open("/profile/keys")
		b.wait("document.querySelectorAll('[data-press]').length > 20")
		ask[bool](b, fmt.Sprintf(`(() => { const x = document.querySelector('[data-press="%s"]'); x.focus(); x.click(); return true; })()`, act))
		b.press(code, layout)
	}
	// another act's key and a screen reader's are refused on the page, which stays
	give("confirm", "KeyK", "k")
	b.wait("document.querySelector('#keysaid').textContent.includes('K') && !location.search")
	give("confirm", "CapsLock", "CapsLock")
	b.wait("document.querySelector('#keysaid').textContent.includes('CapsLock') && !location.search")
	for act, code := range map[string][2]string{"confirm": {"KeyJ", "о"}, "relation-equivalent": {"KeyI", "ه"}, "undo": {"KeyZ", "z"}} {
		give(act, code[0], code[1])
		b.wait("location.search === '?done=yes'")
	}
	set, err := s.db.KeySet(t.Context(), s.people["lina"].ID)
	if err != nil || len(set) != 3 || set["confirm"] != "KeyJ" {
		t.Fatalf("%v %v", err, set)
	}
	queue := "/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String()
	chosen := "document.querySelector('input[name=verdict]:checked')?.value ?? ''"
	b.open(queue)
	b.wait("!!document.querySelector('#bench')")
	first := ask[string](b, item)
	// the control: the old keys
	b.press("Digit2", "2")
	b.press("Numpad2", "2")
	if got := ask[string](b, chosen); got != "" {
		t.Errorf("an old key chose %q", got)
	}
	layouts := [][2]string{{"i", "j"}, {"ш", "о"}, {"ه", "ت"}, {"Process", "j"}, {"i", "j"}}
	for i, layout := range layouts {
		now := ask[string](b, item)
		b.press("KeyI", layout[0])
		if got := ask[string](b, chosen); got != "equivalent" {
			t.Fatalf("%d: the new key chose %q", i, got)
		}
		if i == 0 {
			b.press("Enter", "Enter")
			if got := ask[string](b, item); got != first || len(s.verdicts()) != 0 {
				t.Error("the old key confirmed")
			}
		}
		b.press("KeyJ", layout[1])
		b.wait(fmt.Sprintf("(%s) !== %q && !document.querySelector('#waiting').textContent", item, now))
	}
	got := s.verdicts()
	if len(got) != len(layouts) {
		t.Fatalf("%d decisions, want %d", len(got), len(layouts))
	}
	for id, v := range got {
		if v != review.Verdict("equivalent") {
			t.Errorf("%s: %s", id, v)
		}
	}
	here := ask[string](b, item)
	b.press("KeyU", "u")
	b.press("Backspace", "Backspace")
	if ask[string](b, item) != here || len(s.verdicts()) != len(layouts) {
		t.Error("an old key took a decision back")
	}
	b.press("KeyZ", "z")
	b.wait(fmt.Sprintf("(%s) !== %q", item, here))
	if n := len(s.verdicts()); n != len(layouts)-1 {
		t.Errorf("%d decisions after undo", n)
	}
	// off
	b.cookie(cookieKeys, "off")
	b.open(queue)
	b.wait("!!document.querySelector('#bench')")
	b.press("KeyI", "i")
	b.press("KeyJ", "j")
	if ask[string](b, chosen) != "" || len(s.verdicts()) != len(layouts)-1 {
		t.Error("a key works though keys are off")
	}
	if bad := ask[[]string](b, "bad"); len(bad) > 0 {
		t.Error(bad)
	}
}
