package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// How a run shows that it lives (our own choices).
const (
	runBeat   = 2 * time.Second  // between two notes of how far it is
	runSilent = 2 * time.Minute  // of a command line before its run counts as left behind
	runLook   = 2 * time.Second  // between two looks for runs that wait
	runLast   = 10 * time.Second // to write down how it ended, after the program was told to end
)

// runs works on what waits in the store, one at a time, while the program serves.
type runs struct {
	program *program
	current func(context.Context) (*matcher.Matcher, error)
	wake    chan struct{} // holds one: something waits
	group   sync.WaitGroup

	mu      sync.Mutex
	now     review.Run         // being worked on; its ID is nil for none
	stop    context.CancelFunc // ends it
	changed chan struct{}      // closed at the next change
}

// newRuns begins to work until life ends. What the server before left under way is
// interrupted; what waited goes on.
func newRuns(life context.Context, p *program, current func(context.Context) (*matcher.Matcher, error)) (*runs, error) {
	r := &runs{program: p, current: current, wake: make(chan struct{}, 1), changed: make(chan struct{})}
	if err := p.store.InterruptRuns(life, true, runSilent); err != nil {
		return nil, err
	}
	r.group.Go(func() { r.loop(life) })
	return r, nil
}

// loop takes one run after the other.
func (r *runs) loop(life context.Context) {
	tick := time.NewTicker(runLook)
	defer tick.Stop()
	for life.Err() == nil {
		next, err := r.program.store.NextRun(life)
		if err == nil {
			r.one(life, next)
			continue
		}
		if !errors.Is(err, corpus.ErrNotFound) && life.Err() == nil {
			r.program.log.Error("the next run cannot be taken", "cause", err)
		}
		select {
		case <-life.Done():
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// one works on a run to its end.
func (r *runs) one(life context.Context, run review.Run) {
	ctx, stop := context.WithCancel(life)
	defer stop()
	note := func(now review.Run, stop context.CancelFunc) {
		r.mu.Lock()
		r.now, r.stop = now, stop
		r.mu.Unlock()
		r.tell()
	}
	note(run, stop)
	run, err := r.program.work(ctx, run, r.current, func(now review.Run) { note(now, stop) })
	note(review.Run{}, nil)
	if err != nil && ctx.Err() == nil && !errors.Is(err, review.ErrRunEnded) {
		r.program.log.LogAttrs(ctx, slog.LevelError, "a dossier could not be matched", slog.String("dossier", run.Dossier.String()), slog.Any("cause", err))
	}
}

// tell wakes everybody who waits for a change.
func (r *runs) tell() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.changed)
	r.changed = make(chan struct{})
}

// Changed implements web.Runs.
func (r *runs) Changed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

// StartRun implements web.Runs.
func (r *runs) StartRun(ctx context.Context, dossier uuid.UUID, what review.RunRequest, actor string) (review.Run, error) {
	return r.queued(r.program.store.AddRun(ctx, dossier, what, actor, review.RunServer))
}

// ResumeRun implements web.Runs.
func (r *runs) ResumeRun(ctx context.Context, id uuid.UUID, actor string) (review.Run, error) {
	return r.queued(r.program.store.ResumeRun(ctx, id, actor, review.RunServer))
}

// queued says that a run waits.
func (r *runs) queued(run review.Run, err error) (review.Run, error) {
	if err == nil {
		select {
		case r.wake <- struct{}{}:
		default:
		}
		r.tell()
	}
	return run, err
}

// StopRun implements web.Runs.
func (r *runs) StopRun(ctx context.Context, id uuid.UUID, actor string) error {
	if err := r.program.store.StopRun(ctx, id, actor); err != nil {
		return err
	}
	r.mu.Lock()
	if r.now.ID == id && r.stop != nil {
		r.stop()
	}
	r.mu.Unlock()
	r.tell()
	return nil
}

// LiveRuns implements web.Runs.
func (r *runs) LiveRuns(ctx context.Context) ([]review.Run, error) {
	page, err := r.program.store.Runs(ctx, review.RunFilter{States: []review.RunState{review.RunWorking, review.RunWaiting}, Order: review.RunsOldest})
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, run := range page.Runs {
		if run.ID == r.now.ID {
			page.Runs[i] = r.now // further than what is kept
		}
	}
	return page.Runs, nil
}

// wait returns when no run is worked on any more; the life must have ended.
func (r *runs) wait() { r.group.Wait() }

// working is a run while somebody works on it; progress and beats come from
// several goroutines.
type working struct {
	mu     sync.Mutex
	run    review.Run
	report func(review.Run)
}

// change changes the run and reports it.
func (w *working) change(do func(*review.Run)) {
	w.mu.Lock()
	do(&w.run)
	now := w.run
	w.mu.Unlock()
	w.report(now)
}

// get is the run as it is.
func (w *working) get() review.Run {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.run
}

// work does what is left of a run, keeps how far it is and how it ended, and
// returns it so. report hears every step.
func (p *program) work(ctx context.Context, run review.Run, current func(context.Context) (*matcher.Matcher, error), report func(review.Run)) (review.Run, error) {
	w := &working{run: run, report: report}
	ctx, stop := context.WithCancelCause(ctx)
	var beating sync.WaitGroup
	beating.Go(func() { p.beat(ctx, w, stop) })
	err := p.workThrough(ctx, w, current)
	cut := ctx.Err() != nil
	stop(nil)
	beating.Wait()
	out := w.get()
	cause := context.Cause(ctx)
	switch {
	case err == nil:
		out.State = review.RunDone
	case errors.Is(cause, review.ErrRunEnded), errors.Is(err, review.ErrRunEnded): // stopped by somebody; the store knows
		out.State, err = review.RunStopped, review.ErrRunEnded
	case cut:
		out.State = review.RunInterrupted
	default:
		out.State, out.Problem = review.RunFailed, err.Error()
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), runLast)
	defer cancel()
	if failed := p.store.SaveRun(last, out); errors.Is(failed, review.ErrRunEnded) {
		out.State = review.RunStopped
	} else if failed != nil {
		err = errors.Join(err, failed)
	}
	return out, err
}

// beat keeps how far a run is until the context ends, and ends it when somebody
// has stopped it in the store.
func (p *program) beat(ctx context.Context, w *working, stop context.CancelCauseFunc) {
	tick := time.NewTicker(runBeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := p.store.SaveRun(ctx, w.get())
		if errors.Is(err, review.ErrRunEnded) {
			stop(err)
			return
		}
		if err != nil && ctx.Err() == nil {
			p.log.Error("how far a run is cannot be kept", "cause", err)
		}
	}
}

// workThrough matches the sources that are left, in their order, and keeps what
// is proposed before the next. What a source did in part is done again. The sets of
// the dossier are compared last, which is why a whole run is a run of them too.
func (p *program) workThrough(ctx context.Context, w *working, current func(context.Context) (*matcher.Matcher, error)) error {
	run := w.get()
	m, err := current(ctx)
	if err != nil {
		return err
	}
	before := run.Done
	parts, all := make([]portion, len(run.Sources)), run.Done
	fresh, err := p.freshOf(ctx, run)
	if err != nil {
		return err
	}
	for i := run.Step; i < len(run.Sources); i++ {
		if parts[i], err = p.portionOf(ctx, m, run, run.Sources[i], fresh); err != nil {
			return err
		}
		all += len(parts[i].clauses)
	}
	w.change(func(x *review.Run) { x.Clauses, x.Model = all, m.Model() })
	for i := run.Step; i < len(run.Sources); i++ {
		proposals, err := proposalsOf(ctx, m, parts[i].clauses, run.Targets, run.Most, run.Least, func(done, _ int) {
			w.change(func(x *review.Run) { x.Done = before + done })
		})
		added, refreshed := 0, 0
		if err == nil {
			added, refreshed, err = p.store.Propose(ctx, run.Dossier, parts[i].kept(proposals))
		}
		if err == nil {
			before += len(parts[i].clauses)
		}
		w.change(func(x *review.Run) {
			x.Done, x.Added, x.Refreshed = before, x.Added+added, x.Refreshed+refreshed
			if err == nil {
				x.Step = i + 1
			}
		})
		if err != nil {
			return err
		}
		if err := p.store.SaveRun(ctx, w.get()); err != nil {
			return err
		}
	}
	renewed, err := p.compareSets(ctx, run.Dossier, true, func(context.Context) (*matcher.Matcher, error) { return m, nil })
	w.change(func(x *review.Run) { x.Refreshed += renewed })
	return err
}

// portion is what a run looks at of one source.
type portion struct {
	clauses []corpus.Clause
	fresh   map[corpus.ClauseID]bool // of both sides; nil when all count
}

// kept leaves out proposals between clauses of which neither changed.
func (o portion) kept(proposals []matcher.Proposal) []matcher.Proposal {
	if o.fresh == nil {
		return proposals
	}
	return slices.DeleteFunc(proposals, func(p matcher.Proposal) bool { return !o.fresh[p.Source] && !o.fresh[p.Target] })
}

// freshOf lists the clauses of both sides that a run goes on from, nil for all.
func (p *program) freshOf(ctx context.Context, run review.Run) (map[corpus.ClauseID]bool, error) {
	if run.Since == 0 {
		return nil, nil
	}
	fresh := map[corpus.ClauseID]bool{}
	for _, id := range slices.Concat(run.Sources, run.Targets) {
		changed, err := p.store.ChangedSince(ctx, id, run.Since)
		if err != nil {
			return nil, err
		}
		for _, c := range changed {
			fresh[c] = true
		}
	}
	return fresh, nil
}

// backDepth is how many sources of a changed target are looked at again. A source
// whose best counterpart it could be stands among the first few (our own choice).
const backDepth = 60

// portionOf works out what a run looks at of one source: everything, or the
// clauses that changed and those that a changed target may be a counterpart of. When
// as many targets changed as the source has clauses, looking back would cost more
// than looking at all of them.
func (p *program) portionOf(ctx context.Context, m *matcher.Matcher, run review.Run, source corpus.StandardID, fresh map[corpus.ClauseID]bool) (portion, error) {
	clauses, err := p.bindingClauses(ctx, source)
	if err != nil || fresh == nil {
		return portion{clauses: clauses}, err
	}
	var targets []corpus.Clause
	for _, id := range run.Targets {
		of, err := p.store.ClausesOf(ctx, id)
		if err != nil {
			return portion{}, err
		}
		targets = append(targets, slices.DeleteFunc(of, func(c corpus.Clause) bool { return !fresh[c.ID] })...)
	}
	if len(targets) >= len(clauses) {
		return portion{clauses, fresh}, nil
	}
	wanted := map[corpus.ClauseID]bool{}
	err = m.MatchAll(ctx, targets, []corpus.StandardID{source}, backDepth, func(int, int) {}, func(found []matcher.Proposal) error {
		for _, f := range found {
			wanted[f.Target] = true
		}
		return nil
	})
	if err != nil {
		return portion{}, err
	}
	return portion{slices.DeleteFunc(clauses, func(c corpus.Clause) bool { return !fresh[c.ID] && !wanted[c.ID] }), fresh}, nil
}
