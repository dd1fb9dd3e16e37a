package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// ended waits for the end of a run.
func (p *program) ended(t *testing.T, id uuid.UUID) review.Run {
	t.Helper()
	for range 1200 {
		run, err := p.store.Run(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if run.State.Ended() {
			return run
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the run does not end")
	return review.Run{}
}

// runDossier is the sample with a dossier of two standards that nothing was
// proposed for.
func runDossier(t *testing.T, sources, targets []corpus.StandardID) (*program, review.Dossier) {
	t.Helper()
	data := t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	p, err := quiet().openProgram(t.Context(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.close() })
	d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Anew", Policy: review.PolicyOneReviewer, Created: p.now(), Sides: []review.Side{
		{Party: "CN", Standards: sources}, {Party: "RU", Standards: targets}}}
	if err := p.store.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	return p, d
}

var wholeRun = review.RunRequest{Kind: review.RunWhole, Least: review.RunLeast}

// TestRuns matches a dossier in the background: the first time everything is new,
// the second time nothing, it can be stopped, and what a server left under way is
// interrupted and goes on.
func TestRuns(t *testing.T) {
	p, d := runDossier(t, []corpus.StandardID{"cn-gb-55019-2021"}, []corpus.StandardID{"ru-sp-59-13330-2020"})
	life, end := context.WithCancel(t.Context())
	hold := make(chan struct{}, 1) // holds a run up while it is full
	current := func(ctx context.Context) (*matcher.Matcher, error) {
		select {
		case hold <- struct{}{}:
			defer func() { <-hold }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return p.loadMatcher(ctx, "cn-gb-55019-2021", "ru-sp-59-13330-2020")
	}
	r, err := newRuns(life, p, current)
	if err != nil {
		t.Fatal(err)
	}
	begin := func() review.Run {
		t.Helper()
		run, err := r.StartRun(t.Context(), d.ID, wholeRun, "cli")
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	first := p.ended(t, begin().ID)
	if first.State != review.RunDone || first.Clauses == 0 || first.Done != first.Clauses || first.Added == 0 || first.Problem != "" || first.Step != 1 || first.Model == "" {
		t.Fatalf("%+v", first)
	}
	page, err := p.store.Matches(t.Context(), review.Filter{Dossier: d.ID})
	if err != nil || page.Total != first.Added {
		t.Fatalf("%v: %d matches, %d added", err, page.Total, first.Added)
	}
	if again := p.ended(t, begin().ID); again.Added != 0 || again.Refreshed != 0 || again.State != review.RunDone {
		t.Errorf("again: %+v", again)
	}

	hold <- struct{}{}
	stuck := begin()
	if _, err := r.StartRun(t.Context(), d.ID, wholeRun, "cli"); !errors.Is(err, review.ErrRunning) {
		t.Errorf("started twice: %v", err)
	}
	if err := r.StopRun(t.Context(), stuck.ID, "cli"); err != nil {
		t.Fatal(err)
	}
	if run := p.ended(t, stuck.ID); run.State != review.RunStopped || run.Done != 0 {
		t.Errorf("stopped: %+v", run)
	}
	if err := r.StopRun(t.Context(), stuck.ID, "cli"); !errors.Is(err, review.ErrRunEnded) {
		t.Errorf("stopped twice: %v", err)
	}

	// the program ends under a run; another program has it go on
	left := begin()
	for {
		if run, _ := p.store.Run(t.Context(), left.ID); run.State == review.RunWorking {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	end()
	r.wait()
	if run := p.ended(t, left.ID); run.State != review.RunInterrupted {
		t.Errorf("ended under it: %+v", run)
	}
	<-hold
	life, end = context.WithCancel(t.Context())
	if r, err = newRuns(life, p, current); err != nil {
		t.Fatal(err)
	}
	defer func() { end(); r.wait() }()
	if _, err := r.ResumeRun(t.Context(), left.ID, "cli"); err != nil {
		t.Fatal(err)
	}
	if run := p.ended(t, left.ID); run.State != review.RunDone || run.Done != first.Clauses || run.Added != 0 {
		t.Errorf("resumed: %+v", run)
	}
	if _, err := r.ResumeRun(t.Context(), left.ID, "cli"); !errors.Is(err, review.ErrRunWhole) {
		t.Errorf("nothing is left: %v", err)
	}
	d.Closed = true
	if err := p.store.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.StartRun(t.Context(), d.ID, wholeRun, "cli"); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("closed: %v", err)
	}
	report, err := p.store.Check(t.Context())
	if err != nil || !report.Sound() {
		t.Errorf("%v %v", err, report.Problems)
	}
}

// TestResumeStandsWhereItStood interrupts a run of two sources after the first: the
// second alone is looked at again, and what comes out is what a whole run gives.
func TestResumeStandsWhereItStood(t *testing.T) {
	sources := []corpus.StandardID{"cn-gb-55019-2021", "cn-gb-50016-2014"}
	targets := []corpus.StandardID{"ru-sp-59-13330-2020", "ru-sp-1-13130-2020"}
	p, d := runDossier(t, sources, targets)
	run, err := p.store.AddRun(t.Context(), d.ID, wholeRun, "cli", review.RunCommand)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cut := context.WithCancel(t.Context())
	run, err = p.work(ctx, run, p.loaderOf(run), func(now review.Run) {
		if now.Step == 1 {
			cut()
		}
	})
	if err == nil || run.State != review.RunInterrupted || run.Step != 1 || run.Done == 0 || run.Done >= run.Clauses {
		t.Fatalf("%v %+v", err, run)
	}
	half, all := run.Done, run.Clauses
	if run, err = p.store.ResumeRun(t.Context(), run.ID, "cli", review.RunCommand); err != nil {
		t.Fatal(err)
	}
	least := all
	run, err = p.work(t.Context(), run, p.loaderOf(run), func(now review.Run) { least = min(least, now.Done) })
	if err != nil || run.State != review.RunDone || run.Done != all || run.Clauses != all || least < half {
		t.Fatalf("%v %+v, from %d of %d", err, run, least, half)
	}
	again, err := p.store.AddRun(t.Context(), d.ID, wholeRun, "cli", review.RunCommand)
	if err != nil {
		t.Fatal(err)
	}
	if again, err = p.work(t.Context(), again, p.loaderOf(again), func(review.Run) {}); err != nil || again.Added != 0 || again.Refreshed != 0 {
		t.Errorf("%v: a whole run finds more than the resumed one: %+v", err, again)
	}
}

// TestSinceLast changes clauses of both sides after a run: a run of what is new
// proposes for them what a whole run proposes, and looks at little else.
func TestSinceLast(t *testing.T) {
	source, target := corpus.StandardID("cn-gb-50016-2014"), corpus.StandardID("ru-sp-1-13130-2020")
	p, d := runDossier(t, []corpus.StandardID{source}, []corpus.StandardID{target})
	do := func(kind review.RunKind) review.Run {
		t.Helper()
		run, err := p.store.AddRun(t.Context(), d.ID, review.RunRequest{Kind: kind, Least: review.RunLeast}, "cli", review.RunCommand)
		if err != nil {
			t.Fatal(err)
		}
		if run, err = p.work(t.Context(), run, p.loaderOf(run), func(review.Run) {}); err != nil {
			t.Fatal(err)
		}
		return run
	}
	first := do(review.RunNew)
	if first.Since != 0 || first.Added == 0 {
		t.Fatalf("the first run of what is new looks at everything: %+v", first)
	}
	if nothing := do(review.RunNew); nothing.Clauses != 0 || nothing.Added+nothing.Refreshed != 0 {
		t.Fatalf("nothing changed: %+v", nothing)
	}
	fresh := map[corpus.ClauseID]bool{}
	change := func(id corpus.StandardID) {
		t.Helper()
		h, err := p.store.Standard(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		clauses, err := p.store.ClausesOf(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for i := range clauses {
			if clauses[i].Kind.Normative() && n < 2 {
				// the words of the last clause beside its own: other counterparts
				clauses[i].Text += " " + clauses[len(clauses)-1].Text
				fresh[clauses[i].ID] = true
				n++
			}
		}
		if _, err := p.store.Save(t.Context(), &corpus.Document{Standard: h.Standard, Clauses: clauses}, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	change(source)
	change(target)
	part := do(review.RunNew)
	if part.Since == 0 || part.Clauses == 0 || part.Added+part.Refreshed == 0 {
		t.Fatalf("%+v", part)
	}
	m, err := p.loaderOf(part)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	clauses, err := p.bindingClauses(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := proposalsOf(t.Context(), m, clauses, []corpus.StandardID{target}, review.RunMost, review.RunLeast, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	whole = slices.DeleteFunc(whole, func(x matcher.Proposal) bool { return !fresh[x.Source] && !fresh[x.Target] })
	back := 0
	for _, x := range whole {
		if fresh[x.Target] && !fresh[x.Source] {
			back++
		}
	}
	if len(whole) == 0 || back == 0 {
		t.Fatalf("%d proposals for changed clauses, %d by the target: the test shows nothing", len(whole), back)
	}
	if added, refreshed, err := p.store.Propose(t.Context(), d.ID, whole); err != nil || added != 0 || refreshed != 0 {
		t.Errorf("%v: a whole run finds %d more and %d others for the changed clauses", err, added, refreshed)
	}
	t.Logf("%d of %d clauses looked at, %d proposals, %d of them by the target", part.Clauses, len(clauses), len(whole), back)
}

// TestMatchDossier does on the command line what a run does, and says what is
// wrong with the command.
func TestMatchDossier(t *testing.T) {
	p, _ := runDossier(t, []corpus.StandardID{"cn-gb-50016-2014"}, []corpus.StandardID{"ru-sp-1-13130-2020"})
	data := p.config.Data
	p.close()
	var first, again, since struct{ Added, Refreshed int }
	for _, step := range []struct {
		into any
		args []string
	}{{&first, nil}, {&again, nil}, {&since, []string{"--since-last"}}} {
		if err := json.Unmarshal([]byte(must(t, append([]string{"match", "--data", data, "--dossier", "Anew", "--json"}, step.args...)...)), step.into); err != nil {
			t.Fatal(err)
		}
	}
	if first.Added == 0 || again.Added != 0 || since.Added != 0 || since.Refreshed != 0 {
		t.Errorf("first %+v, again %+v, since the last %+v", first, again, since)
	}
}
