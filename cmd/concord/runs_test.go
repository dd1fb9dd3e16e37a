package main

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// ended waits for the end of a run.
func (r *runs) ended(t *testing.T, dossier uuid.UUID) review.Run {
	t.Helper()
	for range 600 {
		if run, any := r.Run(dossier); any && run.State.Ended() {
			return run
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the run does not end")
	return review.Run{}
}

// TestRuns matches a dossier in the background: the first time everything is new,
// the second time nothing, what was decided stays, and it can be stopped.
func TestRuns(t *testing.T) {
	data := t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	p, err := quiet().openProgram(t.Context(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	life, end := context.WithCancel(t.Context())
	r := newRuns(life, p, func(ctx context.Context) (*matcher.Matcher, error) {
		return p.loadMatcher(ctx, "cn-gb-55019-2021", "ru-sp-59-13330-2020")
	})
	defer func() { end(); r.wait() }()
	d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Anew", Policy: review.PolicyOneReviewer, Created: p.now(), Sides: []review.Side{
		{Party: "CN", Standards: []corpus.StandardID{"cn-gb-55019-2021"}}, {Party: "RU", Standards: []corpus.StandardID{"ru-sp-59-13330-2020"}}}}
	if err := p.store.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	if _, any := r.Run(d.ID); any {
		t.Error("a run that nobody started")
	}
	if err := r.StartRun(d); err != nil {
		t.Fatal(err)
	}
	first := r.ended(t, d.ID)
	if first.State != review.RunDone || first.Clauses == 0 || first.Done != first.Clauses || first.Added == 0 || first.Problem != "" {
		t.Fatalf("%+v", first)
	}
	page, err := p.store.Matches(t.Context(), review.Filter{Dossier: d.ID})
	if err != nil || page.Total != first.Added {
		t.Fatalf("%v: %d matches, %d added", err, page.Total, first.Added)
	}
	if err := r.StartRun(d); err != nil {
		t.Fatal(err)
	}
	if again := r.ended(t, d.ID); again.Added != 0 || again.State != review.RunDone {
		t.Errorf("again: %+v", again)
	}

	// one that waits for another is stopped without having done anything
	r.working <- struct{}{}
	if err := r.StartRun(d); err != nil {
		t.Fatal(err)
	}
	if err := r.StartRun(d); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("started twice: %v", err)
	}
	if run, _ := r.Run(d.ID); run.State != review.RunWaiting {
		t.Errorf("%+v", run)
	}
	r.StopRun(d.ID)
	if run := r.ended(t, d.ID); run.State != review.RunStopped || run.Done != 0 {
		t.Errorf("stopped: %+v", run)
	}
	<-r.working

	d.Sides[1].Standards = []corpus.StandardID{"nowhere"}
	if err := r.StartRun(d); err != nil {
		t.Fatal(err)
	}
	if run := r.ended(t, d.ID); run.State != review.RunFailed || run.Problem == "" {
		t.Errorf("a standard that is not there: %+v", run)
	}
	d.Closed = true
	if err := r.StartRun(d); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("closed: %v", err)
	}
}

// TestMatchDossier does on the command line what a run does, and says what is
// wrong with the command.
func TestMatchDossier(t *testing.T) {
	data := t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	p, err := quiet().openProgram(t.Context(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Anew", Policy: review.PolicyOneReviewer, Created: p.now(), Sides: []review.Side{
		{Party: "CN", Standards: []corpus.StandardID{"cn-gb-50016-2014"}}, {Party: "RU", Standards: []corpus.StandardID{"ru-sp-1-13130-2020"}}}}
	if err := p.store.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	p.close()
	var first, again struct{ Added, Refreshed int }
	for _, into := range []any{&first, &again} {
		if err := json.Unmarshal([]byte(must(t, "match", "--data", data, "--dossier", "Anew", "--json")), into); err != nil {
			t.Fatal(err)
		}
	}
	if first.Added == 0 || again.Added != 0 {
		t.Errorf("first %+v, again %+v", first, again)
	}
}
