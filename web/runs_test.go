package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/review"
)

// someRun is a runner that tests steer.
type someRun struct {
	run     review.Run
	any     bool
	started int
	stopped int
}

func (r *someRun) StartRun(d review.Dossier) error {
	if r.any && !r.run.State.Ended() {
		return review.ErrRunning
	}
	r.any, r.started = true, r.started+1
	r.run = review.Run{Dossier: d.ID, State: review.RunWaiting}
	return nil
}
func (r *someRun) Run(uuid.UUID) (review.Run, bool) { return r.run, r.any }
func (r *someRun) StopRun(uuid.UUID)                { r.stopped++ }

func TestRuns(t *testing.T) {
	r := &someRun{}
	s := newSite(t, func(c *Config) { c.Runs = r })
	page := "/dossiers/" + s.dossier.ID.String()
	admin, lina := s.signedIn("admin"), s.signedIn("lina")
	if got := admin.get(page); !strings.Contains(got.body, `action="`+page+`/run"`) {
		t.Fatal("an admin cannot have the dossier matched")
	}
	if got := lina.get(page); strings.Contains(got.body, page+"/run") {
		t.Error("a reviewer is offered to match, or sees a run that there is not")
	}
	if got := lina.get(page + "/run"); got.status != http.StatusNotFound {
		t.Errorf("no run: %d", got.status)
	}
	if got := lina.submit(page, page+"/run", url.Values{}); got.status != http.StatusForbidden || r.started != 0 {
		t.Errorf("a reviewer starts a run: %d", got.status)
	}
	if got := admin.submit(page, page+"/run", url.Values{}); got.status != http.StatusSeeOther || r.started != 1 {
		t.Fatalf("start: %d", got.status)
	}
	if got := admin.submit(page, page+"/run", url.Values{}); got.status != http.StatusConflict || r.started != 1 {
		t.Errorf("start twice: %d", got.status)
	}
	r.run.State, r.run.Clauses, r.run.Done = review.RunWorking, 300, 120
	for login, may := range map[string]bool{"admin": true, "lina": false} {
		got := s.signedIn(login).get(page)
		if !strings.Contains(got.body, `max="300" value="120"`) || !strings.Contains(got.body, "120 of 300 clauses") {
			t.Errorf("%s does not see how far it is", login)
		}
		if strings.Contains(got.body, page+"/run/stop") != may {
			t.Errorf("%s may stop: not %v", login, may)
		}
	}
	var state review.Run
	if err := json.Unmarshal([]byte(lina.get(page+"/run").body), &state); err != nil || state.Done != 120 || state.State != review.RunWorking {
		t.Errorf("%v %+v", err, state)
	}
	if got := admin.submit(page, page+"/run/stop", url.Values{}); got.status != http.StatusSeeOther || r.stopped != 1 {
		t.Errorf("stop: %d", got.status)
	}
	r.run.State, r.run.Added, r.run.Refreshed, r.run.Problem = review.RunFailed, 7, 2, "<b>disk"
	if got := admin.get(page); !strings.Contains(got.body, "The matching failed.") || !strings.Contains(got.body, "7 proposals new, 2 brought up to date") || !strings.Contains(got.body, "&lt;b&gt;disk") {
		t.Error("the page does not say how it ended")
	}
	if got := lina.get(page + "/run"); strings.Contains(got.body, "disk") {
		t.Error("the program's own words go to everybody")
	}
	without := newSite(t)
	if got := without.signedIn("admin").submit("/dossiers", "/dossiers/"+without.dossier.ID.String()+"/run", url.Values{}); got.status != http.StatusNotFound {
		t.Errorf("a server that does not match: %d", got.status)
	}
}
