package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// steadyRun is a runner that tests may steer while pages look.
type steadyRun struct {
	mu  sync.Mutex
	run review.Run
}

func (r *steadyRun) StartRun(review.Dossier) error { return review.ErrRunning }
func (r *steadyRun) StopRun(uuid.UUID)             {}
func (r *steadyRun) Run(uuid.UUID) (review.Run, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.run, true
}
func (r *steadyRun) set(change func(*review.Run)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.run)
}

// listen opens a stream and hands its events over.
func (b *browser) listen(ctx context.Context, path string) (*http.Response, <-chan review.Run) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.site.http.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	events := make(chan review.Run, 100)
	go func() {
		defer close(events)
		defer res.Body.Close()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if data, is := strings.CutPrefix(lines.Text(), "data: "); is {
				var run review.Run
				if json.Unmarshal([]byte(data), &run) == nil {
					events <- run
				}
			}
		}
	}()
	return res, events
}

func TestRunTellsEvents(t *testing.T) {
	r := &steadyRun{run: review.Run{State: review.RunWorking, Clauses: 300, Problem: "words of the program"}}
	s := newSite(t, func(c *Config) { c.Runs = r })
	path := "/dossiers/" + s.dossier.ID.String() + "/run"
	res, events := s.signedIn("lina").listen(t.Context(), path)
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") || res.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	if first := <-events; first.Clauses != 300 || first.Problem != "" {
		t.Errorf("the first event is %+v", first)
	}
	r.set(func(x *review.Run) { x.Done = 120 })
	if second := <-events; second.Done != 120 {
		t.Errorf("the second event is %+v", second)
	}
	r.set(func(x *review.Run) { x.State = review.RunDone })
	if last := <-events; last.State != review.RunDone {
		t.Errorf("the last event is %+v", last)
	}
	if _, more := <-events; more {
		t.Error("the stream goes on behind the end of the run")
	}
	if got := s.browser().get(path, "Accept", "text/event-stream"); got.status == http.StatusOK {
		t.Error("a stranger is told")
	}
}

// TestStreamsAreBounded opens more than a person may: the next is refused, a place
// that is left can be taken again, and others are not kept out.
func TestStreamsAreBounded(t *testing.T) {
	r := &steadyRun{run: review.Run{State: review.RunWorking, Clauses: 3}}
	s := newSite(t, func(c *Config) { c.Runs = r })
	path := "/dossiers/" + s.dossier.ID.String() + "/run"
	lina := s.signedIn("lina")
	var leave []context.CancelFunc
	for range streamsOfOne {
		ctx, cancel := context.WithCancel(t.Context())
		leave = append(leave, cancel)
		_, events := lina.listen(ctx, path)
		<-events
	}
	if got := lina.get(path, "Accept", "text/event-stream"); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("one stream too many: %d", got.status)
	}
	if got := lina.get(path); got.status != http.StatusOK {
		t.Errorf("asking the old way: %d", got.status)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if res, _ := s.signedIn("ivan").listen(ctx, path); res.StatusCode != http.StatusOK {
		t.Errorf("somebody else: %d", res.StatusCode)
	}
	cancel()
	leave[0]()
	for end := time.Now().Add(10 * time.Second); ; {
		ctx, cancel := context.WithCancel(t.Context())
		res, _ := lina.listen(ctx, path)
		cancel()
		if res.StatusCode == http.StatusOK {
			break
		}
		if time.Now().After(end) {
			t.Fatal("a place that was left is never free again")
		}
		time.Sleep(20 * time.Millisecond)
	}
	for _, x := range leave[1:] {
		x()
	}
}

// TestStreamsEndWithTheServer stops a server that somebody listens to.
func TestStreamsEndWithTheServer(t *testing.T) {
	r := &steadyRun{run: review.Run{State: review.RunWorking, Clauses: 3}}
	s := newSite(t, func(c *Config) { c.Runs = r })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.server.serveOn(ctx, listener) }()
	s.http.URL = fmt.Sprintf("http://%s", listener.Addr())
	_, events := s.signedIn("lina").listen(t.Context(), "/dossiers/"+s.dossier.ID.String()+"/run")
	<-events
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(shutdownGrace / 2):
		t.Error("the server waits for a stream")
	}
	if _, more := <-events; more {
		t.Error("the stream goes on")
	}
}

// TestRunBarMovesByEvents looks at the bar in a browser: it moves and the page comes
// anew at the end, without the page ever asking.
func TestRunBarMovesByEvents(t *testing.T) {
	r := &steadyRun{run: review.Run{State: review.RunWorking, Clauses: 300, Done: 10}}
	s := newSite(t, func(c *Config) { c.Runs = r })
	var mu sync.Mutex
	asked := 0
	inner := s.http.Config.Handler
	s.http.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if strings.HasSuffix(q.URL.Path, "/run") && !wantsStream(q) {
			mu.Lock()
			asked++
			mu.Unlock()
		}
		inner.ServeHTTP(w, q)
	})
	b := s.openTab(t, "admin")
	b.look(1366, "light", "en")
	b.open("/dossiers/" + s.dossier.ID.String())
	b.wait("document.querySelector('#run progress').value === 10")
	r.set(func(x *review.Run) { x.Done = 250 })
	b.wait("document.querySelector('#run progress').value === 250 && document.querySelector('#run').textContent.includes('250')")
	r.set(func(x *review.Run) { x.State = review.RunDone })
	b.wait("!document.querySelector('#run progress') && document.readyState === 'complete'")
	mu.Lock()
	defer mu.Unlock()
	if asked != 0 {
		t.Errorf("the page asked %d times", asked)
	}
}
