package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// The limits of event streams (our own; a browser keeps six connections to a
// server that speaks HTTP/1.1, and a stream holds one).
const (
	streamsEach  = 4   // of one person
	streamsAll   = 256 // of everybody
	streamQuiet  = 15 * time.Second
	streamLook   = 2 * time.Second        // between looks for what other processes do, and at the session
	streamPause  = 300 * time.Millisecond // between two events
	streamWrite  = 10 * time.Second       // for a slow reader to take one event
	streamLength = time.Hour              // then the browser connects anew
)

// runEvent is what pages hear of a run.
type runEvent struct {
	ID        uuid.UUID       `json:"id"`
	Dossier   uuid.UUID       `json:"dossier"`
	State     review.RunState `json:"state"`
	Clauses   int             `json:"clauses"`
	Done      int             `json:"done"`
	Added     int             `json:"added"`
	Refreshed int             `json:"refreshed"`
}

// liveState is everything that goes at this moment. Each event holds all of it, so
// that whoever missed one needs none of those before.
type liveState struct {
	Runs []runEvent `json:"runs"`
}

// live reads the state for pages, with the documents that are written for somebody.
// Who may read sees every dossier; what a run says in the program's own words is left
// out.
func (s *Server) live(ctx context.Context, a asker) (liveState, error) {
	out := liveState{Runs: []runEvent{}}
	list, err := s.runs.LiveRuns(ctx)
	if err != nil {
		return out, fmt.Errorf("list the runs that go: %w", err)
	}
	for _, r := range list {
		out.Runs = append(out.Runs, runEvent{r.ID, r.Dossier, r.State, r.Clauses, r.Done, r.Added, r.Refreshed})
	}
	out.Runs = append(out.Runs, s.liveExports(a)...)
	for _, j := range s.previews.of(a.person.ID) {
		if j.going() {
			out.Runs = append(out.Runs, j.event())
		}
	}
	return out, nil
}

// liveRuns answers the state once, for pages that cannot hear events.
func (s *Server) liveRuns(c echo.Context, a asker) error {
	if s.runs == nil {
		return errNoRuns
	}
	state, err := s.live(c.Request().Context(), a)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, state)
}

// streams counts who listens, and ends when the server does.
type streams struct {
	mu    sync.Mutex
	of    map[uuid.UUID]int
	all   int
	once  sync.Once
	ended chan struct{}
}

func newStreams() *streams {
	return &streams{of: map[uuid.UUID]int{}, ended: make(chan struct{})}
}

// enter counts one more stream of a person, or corpus.ErrLimit.
func (t *streams) enter(person uuid.UUID) (leave func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all >= streamsAll || t.of[person] >= streamsEach {
		return nil, corpus.Refuse(corpus.ErrLimit, "streams", "too many pages listen already")
	}
	t.all++
	t.of[person]++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.all--
		if t.of[person]--; t.of[person] == 0 {
			delete(t.of, person)
		}
	}, nil
}

// end ends every stream.
func (t *streams) end() { t.once.Do(func() { close(t.ended) }) }

// events tells a page how the runs stand, as server-sent events (HTML, 9.2), until
// the page goes, the session ends or the server does.
func (s *Server) events(c echo.Context, a asker) error {
	if s.runs == nil {
		return errNoRuns
	}
	leave, err := s.streams.enter(a.person.ID)
	if err != nil {
		return err
	}
	defer leave()
	w := c.Response()
	t := &stream{to: w, control: http.NewResponseController(w)}
	if err := t.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("keep the stream open: %w", err)
	}
	w.Header().Set(echo.HeaderContentType, "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // proxies pass each event on at once
	w.WriteHeader(http.StatusOK)
	return s.stream(c, t)
}

// stream writes events until somebody ends it. Its status is sent, so that there
// is nobody to tell an error but the log.
func (s *Server) stream(c echo.Context, t *stream) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), streamLength)
	defer cancel()
	look := time.NewTicker(streamLook)
	defer look.Stop()
	for {
		changed := s.runs.Changed() // before reading, so that nothing is missed
		a, err := s.asker(c)
		if err == nil && !may(review.ActionRead).allows(a) {
			return nil // signed out, or no longer allowed
		}
		var state liveState
		if err == nil {
			state, err = s.live(ctx, a)
		}
		if err == nil {
			err = t.tell(state)
		}
		if err != nil {
			if ctx.Err() == nil {
				s.log.WarnContext(ctx, "an event stream ended", "cause", err)
			}
			return nil
		}
		select {
		case <-changed:
		case <-look.C:
		case <-ctx.Done():
			return nil
		case <-s.streams.ended:
			return nil
		}
		select { // changes come by the clause; pages need a few a second
		case <-time.After(streamPause):
		case <-ctx.Done():
			return nil
		case <-s.streams.ended:
			return nil
		}
	}
}

// stream is one listener.
type stream struct {
	to      http.ResponseWriter
	control *http.ResponseController
	last    []byte // state that was told
	spoke   time.Time
}

// tell sends a state that is another than the last, and a sign of life when there
// was nothing for long.
func (t *stream) tell(state liveState) error {
	body, err := json.Marshal(state)
	if err != nil {
		return err
	}
	text := ": still here\n\n"
	switch {
	case !bytes.Equal(body, t.last):
		text = "event: runs\ndata: " + string(body) + "\n\n"
	case time.Since(t.spoke) < streamQuiet:
		return nil
	}
	if err := t.control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := t.to.Write([]byte(text)); err != nil {
		return err
	}
	t.last, t.spoke = body, time.Now()
	return t.control.Flush()
}
