package web

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// TestRunInChromium moves a run's bar by the server's events alone, without a
// question of the page; where there are no events, the page asks.
func TestRunInChromium(t *testing.T) {
	s, r := runSite(t)
	run := r.begun(t, s.dossier.ID)
	b := s.openTab(t, "admin")
	b.look(1366, "light", "en")
	const asked = "performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/runs/live')).length"
	b.open("/runs/" + run.ID.String())
	ask[bool](b, "window.stays = true")
	for _, done := range []int{200, 290} {
		run.Done = done
		r.set(run)
		b.wait("document.querySelector('[data-run] progress').value === " + strconv.Itoa(done))
	}
	if n := ask[int](b, asked); n != 0 {
		t.Errorf("the page asked %d times although events came", n)
	}
	if !ask[bool](b, "window.stays === true && document.querySelector('[data-run] span').textContent === '290 of 300 clauses'") {
		t.Error("the page came anew, or does not say how far the run is")
	}
	// no place for one more stream: the page asks instead
	var leave []func()
	b.open("/help") // its stream ends
	until := time.Now().Add(10 * time.Second)
	for len(leave) < streamsAll {
		out, err := s.server.streams.enter(uuid.New())
		if err != nil {
			if time.Now().After(until) {
				t.Fatal("the stream of the page that was left does not end")
			}
			time.Sleep(20 * time.Millisecond)
			continue
		}
		leave = append(leave, out)
	}
	b.open("/runs/" + run.ID.String())
	run.Done = 295
	r.set(run)
	b.wait("document.querySelector('[data-run] progress').value === 295 && " + asked + " > 0")
	for _, out := range leave {
		out()
	}
	run.State, run.Done = review.RunDone, 300
	if err := s.db.SaveRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	r.set(review.Run{})
	b.wait("!document.querySelector('[data-run]') && document.body.innerText.includes('Matched.')")
}
