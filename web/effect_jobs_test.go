package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus/termbase"
)

// slowEffects are told when the test says so.
type slowEffects struct {
	known
	go_ chan struct{}
}

func (k slowEffects) Effect(ctx context.Context, c termbase.Change, told func(done, all int)) (termbase.Effect, error) {
	told(10, 40)
	select {
	case <-k.go_:
		return k.known.Effect(ctx, c, told)
	case <-ctx.Done():
		return termbase.Effect{}, ctx.Err()
	}
}

// TestPreviewInTheBackground: a preview that takes long has a page that says how far it
// is, without a script too; stopped or done, the form comes back as it was written, and
// only what was shown with its effect is saved.
func TestPreviewInTheBackground(t *testing.T) {
	asked := &[]termbase.Change{}
	slow := slowEffects{known{asked}, make(chan struct{})}
	s := newSite(t, func(c *Config) { c.Effects = slow })
	s.addTerms()
	s.server.previewWait = time.Millisecond
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	written := url.Values{"id": {"new-one"}, "do": {"preview"}, "term": {"guard <rail>"}, "lang": {"en"}, "status": {"preferred"}, "term_note": {""}, "note": {"half a note"}}
	begin := func() string {
		t.Helper()
		got := lina.submit("/terms/new", "/terms/save", written)
		at := got.header.Get("Location")
		if got.status != http.StatusSeeOther || !strings.HasPrefix(at, "/terms/effects/") {
			t.Fatalf("%d %s %.300s", got.status, at, got.body)
		}
		return at
	}
	at := begin()
	lina.holds(at, []string{`<progress max="40" value="10"`, "10 of 40 clauses and matches", `http-equiv="refresh"`, `action="` + at + `/end"`, `data-run="` + strings.TrimPrefix(at, "/terms/effects/") + `"`}, []string{`value="save"`})
	if got := ivan.get(at); got.status != http.StatusNotFound {
		t.Errorf("somebody else sees it: %d", got.status)
	}
	if got := ivan.submit("/help", at+"/end", url.Values{}); got.status != http.StatusNotFound {
		t.Errorf("somebody else stops it: %d", got.status)
	}
	if got := lina.submit(at, at+"/end", url.Values{}); got.status != http.StatusSeeOther || got.header.Get("Location") != at {
		t.Fatal(got.status, got.header)
	}
	lina.holds(at, []string{"was stopped", `value="guard &lt;rail&gt;"`, "half a note</textarea>"}, []string{`value="save"`, "<progress"})
	if len(*asked) != 0 {
		t.Error("a stopped preview goes on")
	}
	at = begin()
	close(slow.go_)
	for range 200 { // it ends in the background
		if !strings.Contains(lina.get(at).body, "<progress") {
			break
		}
		time.Sleep(time.Millisecond)
	}
	done := lina.get(at).body
	if !strings.Contains(done, `name="do" value="save"`) || !strings.Contains(done, "407") || !strings.Contains(done, "half a note</textarea>") {
		t.Fatalf("%.900s", done)
	}
	form := formFields(t, done, "/terms/save")
	for _, name := range []string{"id", "term", "lang", "status", "term_note", "note"} {
		form[name] = written[name]
	}
	form.Set("do", "save")
	if got := lina.post("/terms/save", form); got.status != http.StatusSeeOther || !strings.Contains(got.header.Get("Location"), "saved=1") {
		t.Errorf("%d %.300s", got.status, got.body)
	}
}

// TestPreviewsAreFew: of one person the oldest ends when there are too many, and those of
// others stay.
func TestPreviewsAreFew(t *testing.T) {
	var jobs effectJobs
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	stopped := map[uuid.UUID]bool{}
	make1 := func(person uuid.UUID) *effectJob {
		j := &effectJob{id: uuid.New(), person: person, begun: at, ended: make(chan struct{})}
		j.stop = func() { stopped[j.id] = true }
		jobs.add(j)
		return j
	}
	lina, ivan := uuid.New(), uuid.New()
	other, first := make1(ivan), make1(lina)
	for range effectsEach {
		make1(lina)
	}
	if len(jobs.of(lina)) != effectsEach || !stopped[first.id] || stopped[other.id] || len(jobs.of(ivan)) != 1 {
		t.Errorf("%d of lina, %d of ivan", len(jobs.of(lina)), len(jobs.of(ivan)))
	}
	at = at.Add(effectLife + time.Second)
	make1(ivan)
	if !stopped[other.id] || len(jobs.of(lina)) != 0 {
		t.Error("old ones stay")
	}
}
