package main

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// proposedPerClause is how many proposals a run keeps for a clause: as many as a
// reviewer sees beside each other without scrolling (our own choice).
const proposedPerClause = 3

// runs matches dossiers in the background, one at a time, while the program
// serves. They live in memory: what a run has kept stays when the program ends,
// and running again goes on from there.
type runs struct {
	program *program
	current func(context.Context) (*matcher.Matcher, error)
	life    context.Context // ends with the program
	working chan struct{}   // holds the one that works
	group   sync.WaitGroup

	mu   sync.Mutex
	held map[uuid.UUID]*matching
}

// matching is one of them.
type matching struct {
	review.Run
	stop context.CancelFunc
}

func newRuns(life context.Context, p *program, current func(context.Context) (*matcher.Matcher, error)) *runs {
	return &runs{program: p, current: current, life: life, working: make(chan struct{}, 1), held: map[uuid.UUID]*matching{}}
}

// StartRun implements web.Runs.
func (r *runs) StartRun(d review.Dossier) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if have := r.held[d.ID]; have != nil && !have.State.Ended() {
		return review.ErrRunning
	}
	if d.Closed {
		return corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
	}
	ctx, stop := context.WithCancel(r.life)
	r.held[d.ID] = &matching{review.Run{Dossier: d.ID, State: review.RunWaiting, Started: r.program.now().UTC()}, stop}
	r.group.Go(func() {
		defer stop()
		r.finish(ctx, d.ID, r.work(ctx, d))
	})
	return nil
}

// Run implements web.Runs.
func (r *runs) Run(dossier uuid.UUID) (review.Run, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	have := r.held[dossier]
	if have == nil {
		return review.Run{}, false
	}
	return have.Run, true
}

// StopRun implements web.Runs.
func (r *runs) StopRun(dossier uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if have := r.held[dossier]; have != nil {
		have.stop()
	}
}

// wait returns when no run works any more; the life must have ended.
func (r *runs) wait() { r.group.Wait() }

// note changes what is known of a run.
func (r *runs) note(dossier uuid.UUID, change func(*review.Run)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.held[dossier].Run)
}

// finish writes down how a run ended.
func (r *runs) finish(ctx context.Context, dossier uuid.UUID, err error) {
	r.note(dossier, func(x *review.Run) {
		x.Ended = r.program.now().UTC().Truncate(time.Second)
		switch {
		case err == nil:
			x.State = review.RunDone
		case ctx.Err() != nil:
			x.State = review.RunStopped
		default:
			x.State, x.Problem = review.RunFailed, err.Error()
		}
	})
	if err != nil && ctx.Err() == nil {
		r.program.log.LogAttrs(ctx, slog.LevelError, "a dossier could not be matched", slog.String("dossier", dossier.String()), slog.Any("cause", err))
	}
}

// work matches the first side's standards against the others', in their order.
func (r *runs) work(ctx context.Context, d review.Dossier) error {
	select {
	case r.working <- struct{}{}:
		defer func() { <-r.working }()
	case <-ctx.Done():
		return ctx.Err()
	}
	r.note(d.ID, func(x *review.Run) { x.State = review.RunWorking })
	targets, err := r.program.toMatch(ctx, d)
	if err != nil {
		return err
	}
	var clauses [][]corpus.Clause // of each source standard
	all := 0
	for _, source := range d.Sides[0].Standards {
		of, err := r.program.bindingClauses(ctx, source)
		if err != nil {
			return err
		}
		clauses, all = append(clauses, of), all+len(of)
	}
	r.note(d.ID, func(x *review.Run) { x.Clauses = all })
	m, err := r.current(ctx)
	if err != nil {
		return err
	}
	before := 0
	for _, of := range clauses {
		proposals, err := proposalsOf(ctx, m, of, targets, proposedPerClause, keptConfidence, func(done, _ int) {
			r.note(d.ID, func(x *review.Run) { x.Done = before + done })
		})
		if err != nil {
			return err
		}
		added, refreshed, err := r.program.store.Propose(ctx, d.ID, proposals)
		if err != nil {
			return err
		}
		before += len(of)
		r.note(d.ID, func(x *review.Run) { x.Done, x.Added, x.Refreshed = before, x.Added+added, x.Refreshed+refreshed })
	}
	return nil
}

// toMatch lists the standards to look in. A dossier without any, or without one to
// look from, is corpus.ErrInvalid; one that is not kept is corpus.ErrNotFound.
func (p *program) toMatch(ctx context.Context, d review.Dossier) ([]corpus.StandardID, error) {
	var targets []corpus.StandardID
	if len(d.Sides) > 0 {
		for _, side := range d.Sides[1:] {
			targets = append(targets, side.Standards...)
		}
	}
	if len(targets) == 0 || len(d.Sides[0].Standards) == 0 {
		return nil, review.ErrOneSided
	}
	for _, id := range slices.Concat(d.Sides[0].Standards, targets) {
		if _, err := p.store.Standard(ctx, id); err != nil {
			return nil, err
		}
	}
	return targets, nil
}
