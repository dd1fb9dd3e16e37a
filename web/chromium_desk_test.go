package web

import (
	"fmt"
	"strings"
	"testing"

	"concord/review"
)

// TestDeskByKey: G shows the guideline, answers by key bring the place in the queue with
// them, and the time that is kept leaves out a hidden page and idle minutes.
func TestDeskByKey(t *testing.T) {
	s := newSite(t)
	s.manyPairs(8)
	if err := s.db.SaveGuideline(t.Context(), s.dossier.ID, "Signs first.", 0, s.people["admin"]); err != nil {
		t.Fatal(err)
	}
	tab := s.openTab(t, "lina")
	tab.look(1366, "light", "en")
	tab.open("/review/next?task=first&dossier=" + s.dossier.ID.String())
	tab.wait(benched)
	tab.press("KeyG", "п") // a Russian layout
	if !ask[bool](tab, "document.querySelector('#guideline').open && location.pathname.startsWith('/matches/')") {
		t.Error("G does not open the guideline")
	}
	tab.press("KeyG", "g")
	if ask[bool](tab, "document.querySelector('#guideline').open") {
		t.Error("G does not close it again")
	}
	place := "document.querySelector('#item .place').textContent + document.querySelector('.queuebar progress').value"
	if got := ask[string](tab, place); got != "Review 1 of 8:0" {
		t.Errorf("it begins with %q", got)
	}
	first := ask[string](tab, item)
	ask[bool](tab, `(() => {
		let now = performance.now(), hidden = false;
		performance.now = () => now;
		Object.defineProperty(document, 'hidden', { get: () => hidden });
		const at = (after, where) => { now += after; document.querySelector(where).dispatchEvent(new PointerEvent('pointermove', { bubbles: true })); };
		const shown = (after, is) => { now += after; hidden = !is; document.dispatchEvent(new Event('visibilitychange')); };
		at(10000, '.texts'); at(5000, '.differs'); at(3000, '.fields');
		at(130000, '.fields'); // gone away
		shown(2000, false); shown(50000, true);
		now += 1000;
		window.pass = (ms) => { now += ms; };
		return true; })()`)
	tab.press("Digit2", "2")
	tab.press("Enter", "Enter")
	tab.wait(fmt.Sprintf("(%s) !== %q && %s", item, first, calm))
	kept, err := s.db.PacesBy(t.Context(), s.people["lina"].ID, 10)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v %v", kept, err)
	}
	a := kept[0].Active
	if a[0] != 3000 || a[2] < 3000 || a[2] > 3100 || a[1] < 15000 || a[1] > 40000 {
		t.Errorf("3 s on the differences, 3 on the answer, a good 15 on the texts: %v", a)
	}
	if got := ask[string](tab, place); got != "Review 2 of 8:1" {
		t.Errorf("then comes %q", got)
	}
	if said := ask[string](tab, "document.querySelector('#status').textContent"); !strings.Contains(said, "Saved") || !strings.Contains(said, "2 of 8 · ") {
		t.Errorf("said: %q", said)
	}
	// the time of the next one begins anew
	ask[bool](tab, "(pass(2000), true)")
	second := ask[string](tab, item)
	tab.press("Digit2", "2")
	tab.press("Enter", "Enter")
	tab.wait(fmt.Sprintf("(%s) !== %q && %s", item, second, calm))
	if kept, err = s.db.PacesBy(t.Context(), s.people["lina"].ID, 10); err != nil || len(kept) != 2 || kept[0].Active == a && kept[1].Active == a || kept[0].Active != [3]int{0, 2000, 0} && kept[1].Active != [3]int{0, 2000, 0} {
		t.Errorf("%v %v", kept, err)
	}
	// without a guideline G is the help
	s.dossier, _ = s.newPairs("h", "Help", review.PolicyOneReviewer, 2, nil)
	tab.open("/review/next?task=first&dossier=" + s.dossier.ID.String())
	tab.wait(benched)
	tab.press("KeyG", "g")
	tab.wait("location.pathname === '/help'")
}
