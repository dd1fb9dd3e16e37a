package web

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
	"concord/store"
)

// someRun is a runner that tests steer; what it starts is kept as the server's.
type someRun struct {
	db *store.DB

	mu      sync.Mutex
	now     review.Run // laid over the kept one
	changed chan struct{}
}

func newSomeRun() *someRun { return &someRun{changed: make(chan struct{})} }

func (r *someRun) StartRun(ctx context.Context, d uuid.UUID, what review.RunRequest, actor string) (review.Run, error) {
	return r.db.AddRun(ctx, d, what, actor, review.RunServer)
}
func (r *someRun) ResumeRun(ctx context.Context, id uuid.UUID, actor string) (review.Run, error) {
	return r.db.ResumeRun(ctx, id, actor, review.RunServer)
}
func (r *someRun) StopRun(ctx context.Context, id uuid.UUID, actor string) error {
	defer r.set(review.Run{})
	return r.db.StopRun(ctx, id, actor)
}
func (r *someRun) LiveRuns(ctx context.Context) ([]review.Run, error) {
	page, err := r.db.Runs(ctx, review.RunFilter{States: []review.RunState{review.RunWaiting, review.RunWorking}, Order: review.RunsOldest})
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, run := range page.Runs {
		if run.ID == r.now.ID {
			page.Runs[i] = r.now
		}
	}
	return page.Runs, err
}
func (r *someRun) Changed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

// set is a step of the run.
func (r *someRun) set(now review.Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = now
	close(r.changed)
	r.changed = make(chan struct{})
}

// runSite is a site whose runs a test steers.
func runSite(t *testing.T) (*site, *someRun) {
	r := newSomeRun()
	s := newSite(t, func(c *Config) { c.Runs = r })
	r.db = s.db
	return s, r
}

// begun starts a run and has it work.
func (r *someRun) begun(t *testing.T, d uuid.UUID) review.Run {
	t.Helper()
	if _, err := r.StartRun(t.Context(), d, review.RunRequest{Kind: review.RunWhole, Least: review.RunLeast}, "cli"); err != nil {
		t.Fatal(err)
	}
	run, err := r.db.NextRun(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	run.Clauses, run.Done = 300, 120
	r.set(run)
	return run
}

func TestRuns(t *testing.T) {
	s, r := runSite(t)
	page := "/dossiers/" + s.dossier.ID.String()
	admin, lina := s.signedIn("admin"), s.signedIn("lina")
	if got := admin.get(page); !strings.Contains(got.body, `action="`+page+`/run"`) {
		t.Fatal("an admin cannot have the dossier matched")
	}
	if got := lina.get(page); strings.Contains(got.body, page+"/run") {
		t.Error("a reviewer is offered to match, or sees a run that there is not")
	}
	if got := lina.submit(page, page+"/run", url.Values{}); got.status != http.StatusForbidden {
		t.Errorf("a reviewer starts a run: %d", got.status)
	}
	if got := admin.submit(page, page+"/run", url.Values{"kind": {"standards"}, "source": {"gb-1-2020"}, "target": {"gb-1-2020"}}); got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity {
		t.Errorf("a standard against itself: %d", got.status)
	}
	if got := admin.submit(page, page+"/run", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatalf("start: %d", got.status)
	}
	if got := admin.submit(page, page+"/run", url.Values{}); got.status != http.StatusConflict {
		t.Errorf("start twice: %d", got.status)
	}
	run, err := s.db.NextRun(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	run.Clauses, run.Done = 300, 120
	r.set(run)
	own := "/runs/" + run.ID.String()
	for login, may := range map[string]bool{"admin": true, "lina": false} {
		for _, at := range []string{page, own, "/runs?state=working"} {
			got := s.signedIn(login).get(at)
			if !strings.Contains(got.body, `max="300" value="120"`) || !strings.Contains(got.body, "120 of 300 clauses") {
				t.Errorf("%s does not see at %s how far it is", login, at)
			}
			if at != "/runs?state=working" && strings.Contains(got.body, own+"/stop") != may {
				t.Errorf("%s may stop at %s: not %v", login, at, may)
			}
		}
	}
	if got := lina.get("/runs?state=done"); strings.Contains(got.body, own) {
		t.Error("the filter of states lets others through")
	}
	var state liveState
	if err := json.Unmarshal([]byte(lina.get("/runs/live").body), &state); err != nil || len(state.Runs) != 1 || state.Runs[0].Done != 120 {
		t.Errorf("%v %+v", err, state)
	}
	if got := admin.submit(page, own+"/stop", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("stop: %d", got.status)
	}
	if got := admin.submit(page, own+"/stop", url.Values{}); got.status != http.StatusConflict {
		t.Errorf("stop twice: %d", got.status)
	}
	if got := admin.get(page); !strings.Contains(got.body, own+"/resume") {
		t.Error("a stopped run cannot go on")
	}
	if got := admin.submit(page, own+"/resume", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("resume: %d", got.status)
	}
	run.State, run.Added, run.Refreshed, run.Problem = review.RunFailed, 7, 2, "<b>disk"
	if err := s.db.SaveRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{page, own} {
		if got := admin.get(at); !strings.Contains(got.body, "The matching failed.") || !strings.Contains(got.body, "7 proposals new, 2 brought up to date") || !strings.Contains(got.body, "&lt;b&gt;disk") {
			t.Errorf("%s does not say how it ended", at)
		}
	}
	if got := lina.get(own); got.status != http.StatusOK || strings.Contains(got.body, "disk") {
		t.Error("the program's own words go to everybody")
	}
	without := newSite(t)
	if got := without.signedIn("admin").submit("/dossiers", "/dossiers/"+without.dossier.ID.String()+"/run", url.Values{}); got.status != http.StatusNotFound {
		t.Errorf("a server that does not match: %d", got.status)
	}
}

// TestPartiesRun starts in the dossiers of two parties, and offers a new one where
// there is none.
func TestPartiesRun(t *testing.T) {
	s, _ := runSite(t)
	admin := s.signedIn("admin")
	if got := admin.submit("/runs", "/runs", url.Values{"from": {"ru"}, "to": {"CN"}}); got.header.Get("Location") != "/runs" {
		t.Errorf("%d %s", got.status, got.header.Get("Location"))
	}
	page, err := s.db.Runs(t.Context(), review.RunFilter{Kind: review.RunParties})
	if err != nil || page.Total != 1 || page.Runs[0].Sources[0] != "sp-1-2020" || page.Runs[0].Targets[0] != "gb-1-2020" {
		t.Errorf("%v %+v", err, page)
	}
	got := admin.submit("/runs", "/runs", url.Values{"from": {"CN"}, "to": {"SA"}})
	form := admin.get(got.header.Get("Location")).body
	if !strings.Contains(form, `value="CN"`) || !strings.Contains(form, `value="SA"`) || strings.Count(form, " checked> <span><bdi") != 1 {
		t.Errorf("the form of a new dossier is not filled in: %s", got.header.Get("Location"))
	}
}

// listen opens the stream of a person.
func (b *browser) listen(t *testing.T, ctx context.Context) (*http.Response, *bufio.Scanner) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.site.http.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := b.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res, bufio.NewScanner(res.Body)
}

// next is the next event of a stream, false at its end.
func next(lines *bufio.Scanner) (liveState, bool) {
	var state liveState
	for lines.Scan() {
		if data, is := strings.CutPrefix(lines.Text(), "data: "); is {
			return state, json.Unmarshal([]byte(data), &state) == nil
		}
	}
	return state, false
}

// TestEvents reads a run to its end, refuses who may not and who listens too
// often, and ends with the session.
func TestEvents(t *testing.T) {
	s, r := runSite(t)
	lina := s.signedIn("lina")
	res, lines := lina.listen(t, t.Context())
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	if state, ok := next(lines); !ok || len(state.Runs) != 0 {
		t.Fatalf("the first event: %+v", state)
	}
	run := r.begun(t, s.dossier.ID)
	run.Problem = "secret"
	for _, done := range []int{150, 300} {
		run.Done = done
		r.set(run)
		for {
			state, ok := next(lines)
			if !ok {
				t.Fatal("the stream ended")
			}
			if len(state.Runs) == 1 && state.Runs[0].Done == done && state.Runs[0].ID == run.ID {
				break
			}
		}
	}
	run.State = review.RunDone
	if err := s.db.SaveRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	r.set(review.Run{})
	if state, ok := next(lines); !ok || len(state.Runs) != 0 {
		t.Errorf("at the end: %+v %v", state, ok)
	}
	if got := s.browser().get("/events"); got.status != http.StatusSeeOther && got.status != http.StatusUnauthorized {
		t.Errorf("a stranger listens: %d", got.status)
	}
	for range streamsEach - 1 {
		if res, _ := lina.listen(t, t.Context()); res.StatusCode != http.StatusOK {
			t.Fatalf("too few may listen: %d", res.StatusCode)
		}
	}
	if res, _ := lina.listen(t, t.Context()); res.StatusCode != http.StatusBadRequest {
		t.Errorf("one too many: %d", res.StatusCode)
	}
	if res, _ := s.signedIn("admin").listen(t, t.Context()); res.StatusCode != http.StatusOK {
		t.Errorf("somebody else is kept out: %d", res.StatusCode)
	}
	if got := lina.submit("/help", "/sign-out", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatalf("sign out: %d", got.status)
	}
	ended := make(chan bool)
	go func() { _, more := next(lines); ended <- more }()
	select {
	case more := <-ended:
		if more {
			t.Error("an event after signing out")
		}
	case <-time.After(10 * time.Second):
		t.Error("the stream outlives the session")
	}
}

// TestShutdownEndsStreams stops a server that somebody listens to.
func TestShutdownEndsStreams(t *testing.T) {
	s, _ := runSite(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- s.server.serveOn(ctx, listener) }()
	lina := s.signedIn("lina")
	req, err := http.NewRequest(http.MethodGet, "http://"+listener.Addr().String()+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := url.Parse(s.http.URL)
	for _, c := range lina.http.Jar.Cookies(at) {
		req.AddCookie(c)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, ok := next(bufio.NewScanner(res.Body)); res.StatusCode != http.StatusOK || !ok {
		t.Fatalf("nobody listens: %d", res.StatusCode)
	}
	began := time.Now()
	cancel()
	if err := <-stopped; err != nil || time.Since(began) > shutdownGrace/2 {
		t.Errorf("%v after %s", err, time.Since(began))
	}
}
