package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/review"
)

// The limits of previews of a change of the terms (our own).
const (
	effectWait  = 700 * time.Millisecond // that a page waits before it shows how far it is
	effectLife  = 30 * time.Minute       // of a preview, from its begin
	effectsEach = 3                      // of one person
	effectsAll  = 24
)

// effectShow shows the page that a preview belongs to: with the effect, or with why
// there is none.
type effectShow func(c echo.Context, a asker, e *termEffect, problem said) error

// effectJob finds out in the background what a change of the terms would do. It is in
// memory, for its person alone, and nothing is lost with it but the look ahead.
type effectJob struct {
	id, person uuid.UUID
	begun      time.Time
	stop       context.CancelFunc
	show       effectShow
	ended      chan struct{} // closed once effect or err is known
	effect     termbase.Effect
	err        error

	mu        sync.Mutex
	done, all int
}

// far is how far it is.
func (j *effectJob) far() (done, all int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.done, j.all
}

// going tells whether it is worked on.
func (j *effectJob) going() bool {
	select {
	case <-j.ended:
		return false
	default:
		return true
	}
}

// effectJobs are the previews of everybody, oldest first.
type effectJobs struct {
	mu   sync.Mutex
	held []*effectJob
}

// of lists the previews of a person.
func (t *effectJobs) of(person uuid.UUID) []*effectJob {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []*effectJob
	for _, j := range t.held {
		if j.person == person {
			out = append(out, j)
		}
	}
	return out
}

// add holds a preview; the oldest ones that are too many, or too old, end.
func (t *effectJobs) add(made *effectJob) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = append(t.held, made)
	own := 0
	for i := len(t.held) - 1; i >= 0; i-- {
		j := t.held[i]
		if j.person == made.person {
			own++
		}
		if made.begun.Sub(j.begun) > effectLife || j.person == made.person && own > effectsEach || len(t.held)-i > effectsAll {
			j.stop()
			t.held = append(t.held[:i], t.held[i+1:]...)
		}
	}
}

// drop forgets a preview.
func (t *effectJobs) drop(made *effectJob) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, j := range t.held {
		if j == made {
			t.held = append(t.held[:i], t.held[i+1:]...)
			return
		}
	}
}

// preview finds out what a change would do and shows it: at once where that is quick,
// else on a page of its own that says how far it is. It looks through the clauses, so
// it waits its turn with the searches.
func (s *Server) preview(c echo.Context, a asker, change termbase.Change, show effectShow) error {
	if s.effects == nil {
		return show(c, a, &termEffect{}, said{})
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(c.Request().Context()), effectLife)
	j := &effectJob{id: uuid.New(), person: a.person.ID, begun: s.now(), stop: stop, show: show, ended: make(chan struct{})}
	s.previews.add(j)
	go func() {
		defer stop()
		defer close(j.ended)
		leave, err := s.seeking.enter(ctx)
		if err != nil {
			j.err = err
			return
		}
		defer leave()
		j.effect, j.err = s.effects.Effect(ctx, change, func(done, all int) {
			j.mu.Lock()
			j.done, j.all = done, all
			j.mu.Unlock()
		})
	}()
	wait := time.NewTimer(s.previewWait)
	defer wait.Stop()
	select {
	case <-j.ended:
		s.previews.drop(j)
		return s.showPreview(c, a, j)
	case <-c.Request().Context().Done():
		stop()
		s.previews.drop(j)
		return c.Request().Context().Err()
	case <-wait.C:
	}
	return c.Redirect(http.StatusSeeOther, "/terms/effects/"+j.id.String())
}

// showPreview shows what came of a preview that has ended.
func (s *Server) showPreview(c echo.Context, a asker, j *effectJob) error {
	if errors.Is(j.err, context.Canceled) {
		return j.show(c, a, nil, said{Text: a.words.say("effect.stopped")})
	}
	if _, refused := corpus.RefusalOf(j.err); refused {
		return j.show(c, a, nil, a.words.refusal(j.err))
	}
	if j.err != nil {
		return fmt.Errorf("find out what the terms change: %w", j.err)
	}
	e, err := s.named(c.Request().Context(), j.effect)
	if err != nil {
		return err
	}
	return j.show(c, a, e, said{})
}

// effectJobPage says how far a preview is.
type effectJobPage struct {
	Shell
	Job runEvent
}

// previewOf is the preview of a path, of the person alone.
func (s *Server) previewOf(c echo.Context, a asker) (*effectJob, error) {
	id, err := pathID(c)
	if err != nil {
		return nil, err
	}
	for _, j := range s.previews.of(a.person.ID) {
		if j.id == id {
			return j, nil
		}
	}
	return nil, fmt.Errorf("preview %s: %w", id, corpus.ErrNotFound)
}

// effectPage shows how far a preview is, and what came of it once it has ended.
func (s *Server) effectPage(c echo.Context, a asker) error {
	j, err := s.previewOf(c, a)
	if err != nil {
		return err
	}
	if !j.going() {
		return s.showPreview(c, a, j)
	}
	p := &effectJobPage{Job: j.event()}
	p.Shell = s.shell(c, a, a.words.say("term.effect"))
	p.Refresh = exportRefresh
	return s.show(c, a, http.StatusOK, "effectjob", p)
}

// event is a preview as pages hear of runs.
func (j *effectJob) event() runEvent {
	done, all := j.far()
	return runEvent{ID: j.id, State: review.RunWorking, Clauses: all, Done: done}
}

// endEffect stops a preview; its page then has the form again, as it was.
func (s *Server) endEffect(c echo.Context, a asker) error {
	j, err := s.previewOf(c, a)
	if err != nil {
		return err
	}
	j.stop()
	select { // what looks at its context ends within milliseconds
	case <-j.ended:
	case <-time.After(time.Second):
	}
	return c.Redirect(http.StatusSeeOther, "/terms/effects/"+j.id.String())
}
