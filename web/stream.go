package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Limits of streams of events (our own): what a page shows needs one, a browser
// opens few to one host, and every stream holds a connection.
const (
	streamsOfOne  = 4
	streamsOfAll  = 200
	streamLife    = 55 * time.Second // then the browser comes again, and is asked who it is
	streamLook    = 250 * time.Millisecond
	streamSilence = 15 * time.Second // after which a comment keeps the connection open
)

// streams counts the open streams of events and ends them with the server.
type streams struct {
	mu      sync.Mutex
	of      map[uuid.UUID]int
	all     int
	closing chan struct{}
	once    sync.Once
}

func newStreams() *streams {
	return &streams{of: map[uuid.UUID]int{}, closing: make(chan struct{})}
}

// open takes a place, and answers false where there is none left.
func (x *streams) open(person uuid.UUID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.all >= streamsOfAll || x.of[person] >= streamsOfOne {
		return false
	}
	x.all++
	x.of[person]++
	return true
}

// leave gives a place back.
func (x *streams) leave(person uuid.UUID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.all--
	if x.of[person]--; x.of[person] == 0 {
		delete(x.of, person)
	}
}

// close ends every stream, so that the server can stop.
func (x *streams) close() { x.once.Do(func() { close(x.closing) }) }

// wantsStream tells whether a request asks for events and not for one answer.
func wantsStream(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// stream sends what look finds as server-sent events (HTML Living Standard, 9.2):
// at once, and again whenever it has changed. Every event is the whole state, so
// that a browser that missed some has lost nothing. The stream ends when look says
// so, when the browser leaves, with the server, and after streamLife. Where there
// is no place left the answer is 429, and the page asks the old way.
func (s *Server) stream(c echo.Context, a asker, look func() (state any, ended bool)) error {
	if !s.streams.open(a.person.ID) {
		c.Response().Header().Set("Retry-After", "5")
		return c.NoContent(http.StatusTooManyRequests)
	}
	defer s.streams.leave(a.person.ID)
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy in front must not collect them
	c.Response().WriteHeader(http.StatusOK)
	out := http.NewResponseController(c.Response())
	send := func(text string) error {
		_ = out.SetWriteDeadline(time.Now().Add(streamSilence)) // without it the server's own holds
		if _, err := c.Response().Write([]byte(text)); err != nil {
			return err
		}
		return out.Flush()
	}
	last, quiet := "", time.Now()
	tick, life := time.NewTicker(streamLook), time.NewTimer(streamLife)
	defer tick.Stop()
	defer life.Stop()
	for {
		state, ended := look()
		body, err := json.Marshal(state)
		if err != nil {
			return fmt.Errorf("write an event: %w", err)
		}
		text := ""
		switch now := string(body); {
		case now != last:
			last, text = now, "data: "+now+"\n\n"
		case time.Since(quiet) > streamSilence:
			text = ": still here\n\n"
		}
		if text != "" {
			if send(text) != nil {
				return nil // the browser has gone
			}
			quiet = time.Now()
		}
		if ended {
			return nil
		}
		select {
		case <-tick.C:
		case <-life.C:
			return nil
		case <-s.streams.closing:
			return nil
		case <-c.Request().Context().Done():
			return nil
		}
	}
}
