package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// newPairs adds two standards, a dossier and a proposal for each pair of clauses;
// rows gives the differences of the pair of a number, nil for none. Designations
// are made of the key.
func (s *site) newPairs(key, name string, policy review.Policy, n int, rows func(i int) []matcher.Difference) (review.Dossier, []review.Match) {
	s.t.Helper()
	ctx := context.Background()
	var texts, other []string
	for i := range n {
		texts, other = append(texts, fmt.Sprintf("疏散走道应设置第 %d 类标志。", i)), append(other, fmt.Sprintf("Коридор должен иметь знак вида %d.", i))
	}
	from, to := corpus.StandardID("gb-"+key+"-2020"), corpus.StandardID("sp-"+key+"-2020")
	a, b := document(from, "CN", "zh", corpus.RightsFull, texts...), document(to, "RU", "ru", corpus.RightsFull, other...)
	for _, d := range []*corpus.Document{a, b} {
		if _, err := s.db.Save(ctx, d, "cli"); err != nil {
			s.t.Fatal(err)
		}
	}
	dossier := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: name, Domain: corpus.DomainEngineering, Policy: policy, Created: s.clock.now(),
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{from}}, {Party: "RU", Standards: []corpus.StandardID{to}}}}
	if err := s.db.SaveDossier(ctx, dossier, "cli"); err != nil {
		s.t.Fatal(err)
	}
	var list []matcher.Proposal
	for i := 1; i <= n; i++ {
		var differs []matcher.Difference
		if rows != nil {
			differs = rows(i - 1)
		}
		list = append(list, proposal(a.Clauses[i], b.Clauses[i], differs...))
	}
	if _, _, err := s.db.Propose(ctx, dossier.ID, list); err != nil {
		s.t.Fatal(err)
	}
	return dossier, s.allMatches(dossier)
}

// allMatches are the matches of a dossier by chapter.
func (s *site) allMatches(d review.Dossier) []review.Match {
	s.t.Helper()
	filter, out := review.Filter{Dossier: d.ID, Order: review.OrderChapter}, []review.Match(nil)
	for {
		page, err := s.db.Matches(context.Background(), filter)
		if err != nil {
			s.t.Fatal(err)
		}
		out = append(out, page.Matches...)
		if page.Next == "" {
			return out
		}
		filter.Cursor = page.Next
	}
}

// manyPairs adds a dossier with n pairs without a difference, for one reviewer
// to decide.
func (s *site) manyPairs(n int) {
	s.t.Helper()
	s.dossier, _ = s.newPairs("2", "Signs", review.PolicyOneReviewer, n, nil)
}

// verdicts are the standing verdicts of the dossier by source clause.
func (s *site) verdicts() map[corpus.ClauseID]review.Verdict {
	s.t.Helper()
	out := map[corpus.ClauseID]review.Verdict{}
	for _, m := range s.allMatches(s.dossier) {
		if o := m.Outcome; o != nil {
			out[m.Sources[0]] = o.Verdict
		}
	}
	return out
}

// painted notes, for every item that comes up, how long after the last key it
// was painted, in milliseconds.
const painted = `window.paints = []; window.keyAt = 0;
addEventListener('keydown', () => { keyAt = performance.now(); }, true);
new MutationObserver(list => { if (list.some(m => [...m.addedNodes].some(n => n.tagName === 'MAIN'))) { const at = keyAt; requestAnimationFrame(() => setTimeout(() => paints.push(performance.now() - at))); } })
	.observe(document.body, { childList: true }); true`

const item = "document.querySelector('#item')?.textContent ?? ''"

// TestDecisionsByKeyboard decides pairs with keys alone, as they lie on any
// keyboard and in any layout: none is lost, none is decided twice, and no
// pointer is touched. The time from key to next item is logged, not judged.
func TestDecisionsByKeyboard(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 40
	}
	s := newSite(t)
	s.manyPairs(n)
	b := s.openTab(t, "lina")
	b.look(1366, "light", "en")
	b.open("/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String())
	b.wait("!!document.querySelector('#bench')")
	ask[bool](b, painted)
	layouts := [][2]string{{"2", "Enter"}, {"é", "Enter"}, {"٢", "Enter"}} // the digit two in English, French and Arabic
	var times []float64
	for i := range n {
		before := ask[string](b, item)
		if paused := ask[bool](b, "document.querySelector('#pace').hidden"); (i == 5 || i == 30) && paused != (i == 5) {
			t.Errorf("item %d: a note on the pace is shown: %v", i, !paused)
		}
		times = ask[[]float64](b, "paints")
		b.press("Digit2", layouts[i%len(layouts)][0])
		b.press("Enter", "Enter")
		if i < n-1 {
			b.wait(fmt.Sprintf("(%s) !== %q", item, before))
		}
	}
	b.wait("!document.querySelector('#decide') && document.readyState === 'complete'") // the last one is sent as a page
	got := s.verdicts()
	if len(got) != n {
		t.Errorf("%d decisions are kept, %d were made", len(got), n)
	}
	for id, v := range got {
		if v != review.Verdict(corpus.RelationEquivalent) {
			t.Errorf("%s: %s, want equivalent", id, v)
		}
	}
	if moved := ask[int](b, "window.pointer ?? 0"); moved != 0 {
		t.Errorf("%d pointer events", moved)
	}
	if len(times) < n-2 {
		t.Fatalf("only %d items were painted without a page load", len(times))
	}
	slices.Sort(times)
	t.Logf("key to next item painted: median %.0f ms, p95 %.0f ms of %d", times[len(times)/2], times[len(times)*95/100], len(times))
}

// TestAnswersByKeyPosition presses the answers where they lie, in a Russian and
// an Arabic layout, and derives the relation from them.
func TestAnswersByKeyPosition(t *testing.T) {
	s := newSite(t)
	s.manyPairs(2)
	b := s.openTab(t, "lina")
	b.look(1366, "light", "zh")
	b.open("/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String())
	b.wait("!!document.querySelector('#bench')")
	chosen := func(name string) string {
		return ask[string](b, fmt.Sprintf("document.querySelector('input[name=%s]:checked')?.value ?? ''", name))
	}
	b.press("KeyQ", "й") // meeting A satisfies B
	b.press("KeyD", "ي") // meeting B does not satisfy A
	if a, back, v := chosen("a_to_b"), chosen("b_to_a"), chosen("verdict"); a != "yes" || back != "no" || v != "superset" {
		t.Errorf("answers %q and %q give %q, want yes, no, superset", a, back, v)
	}
	// While a Chinese word is being composed, keys are letters.
	ask[bool](b, `document.dispatchEvent(new KeyboardEvent('keydown', {code: 'Digit5', key: '5', isComposing: true, bubbles: true})), true`)
	if v := chosen("verdict"); v != "superset" {
		t.Errorf("a key pressed while composing changed the relation to %q", v)
	}
	// Typing a note is typing.
	b.press("KeyC", "с")
	b.press("Digit5", "5")
	if v := chosen("verdict"); v != "superset" {
		t.Errorf("a key pressed in a note changed the relation to %q", v)
	}
	if text := ask[string](b, "document.querySelector('#note').value"); text != "5" {
		t.Errorf("the note says %q, want 5", text)
	}
}

// TestUndoByKey takes the last decision back.
func TestUndoByKey(t *testing.T) {
	s := newSite(t)
	s.manyPairs(3)
	b := s.openTab(t, "lina")
	b.look(1366, "dark", "ru")
	b.open("/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String())
	b.wait("!!document.querySelector('#bench')")
	first := ask[string](b, item)
	b.press("Digit2", "2")
	b.press("Enter", "Enter")
	b.wait(fmt.Sprintf("(%s) !== %q && !document.querySelector('#waiting').textContent && !document.querySelector('#undo').hidden", item, first))
	if n := len(s.verdicts()); n != 1 {
		t.Fatalf("%d decisions before undo, want 1", n)
	}
	b.press("KeyU", "г")
	b.wait(fmt.Sprintf("(%s) === %q", item, first))
	if n := len(s.verdicts()); n != 0 {
		t.Errorf("%d decisions after undo, want none", n)
	}
}

// TestAnswerComesBackWhenTheServerFails fails the post of a decision: the item
// comes back with the answer filled in, nothing says it was saved, and sending
// it again saves it once.
func TestAnswerComesBackWhenTheServerFails(t *testing.T) {
	s := newSite(t)
	s.manyPairs(3)
	var down atomic.Bool
	inner := s.http.Config.Handler
	s.http.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() && r.Method == http.MethodPost {
			panic(http.ErrAbortHandler) // the connection breaks, as when the server is killed
		}
		inner.ServeHTTP(w, r)
	})
	b := s.openTab(t, "lina")
	b.look(1366, "light", "en")
	b.open("/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String())
	b.wait("!!document.querySelector('#bench')")
	first := ask[string](b, item)
	down.Store(true)
	b.press("Digit4", "4")
	b.press("Enter", "Enter")
	b.wait(fmt.Sprintf("(%s) === %q && document.querySelector('#status').classList.contains('bad')", item, first))
	if v := ask[string](b, "document.querySelector('input[name=verdict]:checked')?.value ?? ''"); v != "subset" {
		t.Errorf("the answer that came back is %q, want subset", v)
	}
	if n := len(s.verdicts()); n != 0 {
		t.Fatalf("%d decisions were kept though the server was down", n)
	}
	down.Store(false)
	b.press("Enter", "Enter")
	b.wait(fmt.Sprintf("(%s) !== %q && !document.querySelector('#waiting').textContent", item, first))
	if got := s.verdicts(); len(got) != 1 {
		t.Errorf("%d decisions after sending again, want 1", len(got))
	}
}

// TestFamilyByKey answers five pairs with the same two texts by three keys and
// takes them back by one.
func TestFamilyByKey(t *testing.T) {
	s := newSite(t)
	s.boilerplate(5)
	b := s.openTab(t, "lina")
	b.look(1366, "light", "zh")
	b.open("/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String())
	b.wait("!!document.querySelector('#family')")
	first := ask[string](b, item)
	b.press("Digit2", "2")
	b.press("KeyB", "и")
	if n := ask[int](b, "document.querySelectorAll('input[name=also]:checked').length"); n != 4 {
		t.Fatalf("%d pairs are ticked, want 4", n)
	}
	b.press("Enter", "Enter")
	b.wait(fmt.Sprintf("(%s) !== %q && document.readyState === 'complete'", item, first))
	if n := s.answered("lina"); n != 5 {
		t.Errorf("%d matches are answered, want 5", n)
	}
	b.press("KeyU", "г")
	b.wait("!!document.querySelector('#family') && document.readyState === 'complete'")
	if n := s.answered("lina"); n != 0 {
		t.Errorf("%d answers stand after one undo", n)
	}
}
