package web

import (
	"testing"

	"concord/corpus/termbase"
	"concord/review"
)

// TestCandidateKeys: the queue of candidates goes by the person's own keys, by their
// place and in any layout, and by none where they are turned off.
func TestCandidateKeys(t *testing.T) {
	s := newSite(t)
	var list []termbase.Candidate
	for _, word := range []string{"baluster", "rail", "lift", "ramp"} {
		list = append(list, s.candidateOf("栏"+word, word, termbase.FromDefinition))
	}
	if _, err := s.db.KeepCandidates(t.Context(), list, "cli"); err != nil {
		t.Fatal(err)
	}
	lina := s.people["lina"].ID
	if err := s.db.ChangeKeys(t.Context(), lina, func(own review.KeySet) (review.KeySet, error) { return own.With("relation-identical", "KeyJ") }); err != nil {
		t.Fatal(err)
	}
	b := s.openTab(t, "lina")
	b.look(1366, "light", "ru")
	shown := func(word string) {
		t.Helper()
		b.wait("document.readyState === 'complete' && (document.querySelector('#candidate h2')?.innerText ?? '').includes('" + word + "')")
	}
	answered := func(want int) {
		t.Helper()
		if said, err := s.db.CandidatesSaid(t.Context(), lina); err != nil || len(said) != want {
			t.Errorf("%d answers, %d were given: %v", len(said), want, err)
		}
	}
	b.open("/terms/candidates")
	shown("baluster")
	b.press("Digit1", "1") // it has another key now
	b.press("KeyJ", "Process")
	shown("rail")
	answered(1)
	b.press("Digit2", "٢")
	shown("lift")
	b.press("KeyU", "г")
	shown("rail")
	answered(1)
	b.cookie(cookieKeys, "off")
	b.open("/terms/candidates")
	shown("rail")
	b.press("KeyJ", "j")
	b.press("Digit0", "0")
	b.press("KeyK", "k")
	b.open("/terms/candidates")
	shown("rail")
	answered(1)
}
