package web

import (
	"fmt"
	"testing"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// TestSkipAndCandidatesByKey skips with K and a digit, and goes to another
// candidate of the same clause with Shift and a digit.
func TestSkipAndCandidatesByKey(t *testing.T) {
	s := newSite(t)
	s.manyPairs(8)
	a, err := s.db.ClausesOf(t.Context(), "gb-2-2020")
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.db.ClausesOf(t.Context(), "sp-2-2020")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.db.Propose(t.Context(), s.dossier.ID, []matcher.Proposal{proposal(a[1], b[2], limitRow())}); err != nil {
		t.Fatal(err)
	}
	tab := s.openTab(t, "lina")
	tab.look(1366, "light", "en")
	tab.open("/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String())
	tab.wait("!!document.querySelector('#bench')")
	first := ask[string](tab, item)
	if text := ask[string](tab, "document.querySelector('#others li').textContent"); text == "" || !ask[bool](tab, "/≥ 0.8 m.*≥ 0.9 m/.test(document.querySelector('#others').textContent) || /≥ 0.8 m.*≥ 0.9 m/.test(document.querySelector('.difftable').textContent)") {
		t.Errorf("the other candidate does not say how it differs: %s", text)
	}
	ask[bool](tab, `document.dispatchEvent(new KeyboardEvent('keydown', {code: 'Digit1', key: '!', shiftKey: true, bubbles: true})), true`)
	tab.wait(fmt.Sprintf("(%s) !== %q && document.readyState === 'complete'", item, first))
	second := ask[string](tab, item)
	if v := ask[string](tab, "document.querySelector('input[name=verdict]:checked')?.value ?? ''"); v != "" {
		t.Errorf("Shift and a digit chose %q", v)
	}
	tab.press("Digit2", "2")
	if v := ask[string](tab, "document.querySelector('input[name=verdict]:checked')?.value ?? ''"); v != string(corpus.RelationEquivalent) {
		t.Errorf("a digit without K chose %q", v)
	}
	tab.press("KeyK", "л")
	tab.press("Digit4", "٤")
	tab.wait(fmt.Sprintf("(%s) !== %q && !document.querySelector('#waiting').textContent", item, second))
	skips, err := s.db.Skips(t.Context(), s.people["lina"].ID, s.clock.now(), 10)
	if err != nil || len(skips) != 1 || skips[0].Reason != review.SkipColleague {
		t.Errorf("skipped: %v %v", skips, err)
	}
	if n := len(s.verdicts()); n != 0 {
		t.Errorf("%d decisions", n)
	}
	if ask[bool](tab, "!!document.querySelector('#skip[open]')") {
		t.Error("the next item asks why it is skipped")
	}
}
