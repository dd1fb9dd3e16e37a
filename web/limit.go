package web

import (
	"context"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// limiter allows so many events per key and window. It remembers the times of
// events, so the limit holds over every window and not only over full minutes.
type limiter struct {
	most   int
	window time.Duration
	now    func() time.Time

	mu     sync.Mutex
	events map[string][]time.Time
}

// maxKeys bounds what a limiter remembers; when it is reached, old keys go.
const maxKeys = 20_000

func newLimiter(most int, window time.Duration, now func() time.Time) *limiter {
	return &limiter{most: most, window: window, now: now, events: map[string][]time.Time{}}
}

// allow counts an event, or says how long to wait until the next is allowed.
// A refused event is not counted.
func (l *limiter) allow(key string) (wait time.Duration, ok bool) { return l.allowMany(key, 1) }

// allowMany is allow for n events at once, all or none; n is at most what the
// window allows.
func (l *limiter) allowMany(key string, n int) (wait time.Duration, ok bool) {
	return l.allowOf(key, n, l.most)
}

// allowOf is allowMany for a key that has a limit of its own.
func (l *limiter) allowOf(key string, n, most int) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	recent := l.recent(key, now)
	if over := len(recent) + n - most; over > 0 {
		return recent[min(over, len(recent))-1].Add(l.window).Sub(now), false
	}
	if len(l.events) >= maxKeys {
		l.sweep(now)
	}
	for range n {
		recent = append(recent, now)
	}
	l.events[key] = recent
	return 0, true
}

// recent are the events of a key inside the window.
func (l *limiter) recent(key string, now time.Time) []time.Time {
	all := l.events[key]
	for len(all) > 0 && !all[0].Add(l.window).After(now) {
		all = all[1:]
	}
	return all
}

// sweep forgets keys without recent events; if all are recent, it forgets all:
// a flood of addresses must not fill the memory.
func (l *limiter) sweep(now time.Time) {
	for key := range l.events {
		if len(l.recent(key, now)) == 0 {
			delete(l.events, key)
		}
	}
	if len(l.events) >= maxKeys {
		clear(l.events)
	}
}

// gate lets so many through at a time and so many wait; the rest are told that
// the server is busy.
type gate struct {
	inside  chan struct{}
	waiting chan struct{}
}

func newGate(inside, waiting int) *gate {
	return &gate{inside: make(chan struct{}, inside), waiting: make(chan struct{}, inside+waiting)}
}

// enter waits for a place and returns how to leave it; errBusy when too many
// wait already, or the context's error.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.waiting <- struct{}{}:
	default:
		return nil, errBusy
	}
	select {
	case g.inside <- struct{}{}:
		return func() { <-g.inside; <-g.waiting }, nil
	case <-ctx.Done():
		<-g.waiting
		return nil, ctx.Err()
	}
}

// pagesWaiting is how many pages of the desk wait for their turn at most (our own):
// each of some hundred reviewers has one open, and asks for three more.
const pagesWaiting = 1000

// takingTurns computes a page in its turn; see turn.
func (s *Server) takingTurns(h handler) handler {
	return func(c echo.Context, a asker) error {
		leave, err := s.turn(c)
		if err != nil {
			return err
		}
		defer leave()
		return h(c, a)
	}
}

// turn waits until a page of the desk may be computed: so many at a time as there are
// processors, in the order they were asked for. Answers do not wait for it, so that
// no decision stands behind the pages of everybody else. The turn ends when the page
// begins to go out, or is left: a slow connection holds nobody up.
func (s *Server) turn(c echo.Context) (leave func(), err error) {
	if leave, err = s.pages.enter(c.Request().Context()); err != nil {
		return nil, err
	}
	leave = sync.OnceFunc(leave)
	c.Response().Before(leave)
	return leave, nil
}
