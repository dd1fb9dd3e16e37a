package web

import (
	"context"
	"fmt"
	"time"

	"concord/review"
)

// week fills in what the person did in the last seven days. Nobody else's is shown to
// anybody (UX.md 4).
func (s *Server) week(ctx context.Context, p *dashboardPage, a asker) error {
	if !a.person.May(review.ActionReview) {
		return nil
	}
	decisions, err := s.store.DecisionsBy(ctx, a.person.ID, weekMost)
	if err != nil {
		return fmt.Errorf("list your decisions: %w", err)
	}
	skips, err := s.store.Skips(ctx, a.person.ID, s.now(), review.MaxSkips)
	if err != nil {
		return fmt.Errorf("list what you skipped: %w", err)
	}
	p.Week = review.WeekOf(decisions, skips, s.now())
	paces, err := s.store.PacesBy(ctx, a.person.ID, weekMost)
	if err != nil {
		return fmt.Errorf("read how long your answers took: %w", err)
	}
	triage, binding := review.Paces(paces, s.now().AddDate(0, 0, -7))
	p.Triage, p.Binding = a.words.paceView(triage), a.words.paceView(binding)
	if p.Week.Paces >= review.FewPaces && p.Triage.N+p.Binding.N == 0 {
		p.Pace = a.words.pace(p.Week.Median)
	}
	return nil
}

// weekMost is how many of the latest decisions a week is counted from.
const weekMost = 5000

// pace is a time between answers in minutes and seconds.
func (w *words) pace(d time.Duration) string {
	d = d.Round(time.Second)
	if d < time.Minute {
		return w.say("dashboard.seconds", "s", int(d/time.Second))
	}
	return w.say("dashboard.minutes", "m", int(d/time.Minute), "s", int(d%time.Minute/time.Second))
}

// goingMost is how many runs the dashboard shows.
const goingMost = 5

// going are the runs that are under way or wait, for those who read them.
func (s *Server) going(ctx context.Context, a asker) ([]runRow, error) {
	if s.runs == nil || !a.person.May(review.ActionRead) {
		return nil, nil
	}
	page, err := s.store.Runs(ctx, review.RunFilter{States: []review.RunState{review.RunWorking, review.RunWaiting}, Limit: goingMost})
	if err != nil {
		return nil, fmt.Errorf("list the runs that go: %w", err)
	}
	if len(page.Runs) == 0 {
		return nil, nil
	}
	dossiers, err := s.store.Dossiers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the dossiers: %w", err)
	}
	return s.runRows(ctx, page.Runs, dossiers)
}

// Shortest is the queue that a short session takes from: the first that has anything.
func (p *dashboardPage) Shortest() *taskCount {
	for _, t := range p.Tasks {
		if t.Count > 0 {
			return &t
		}
	}
	return nil
}

// ShortOf is how many answers a short session has.
func (p *dashboardPage) ShortOf() int { return shortSession }
