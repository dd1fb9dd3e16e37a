package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
)

// TestStandardWithdrawnWhileReviewing: who has the page open when a standard is withdrawn
// is told before the answer counts, keeps what was written, and may confirm it.
func TestStandardWithdrawnWhileReviewing(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[1]
	at := "/matches/" + m.ID.String()
	lina.holds(at, nil, []string{"was withdrawn"})
	form := formFields(t, lina.get(at).body, at+"/decide")
	form["verdict"], form["note"] = []string{"equivalent"}, []string{wrote}
	err := s.db.Restate(t.Context(), m.Sources[0].Standard(), func(std corpus.Standard) (corpus.Standard, error) {
		std.Status, std.ReplacedBy = corpus.StatusWithdrawn, []string{`GB 1-2030 "new"`}
		return std, nil
	}, "cli")
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{"text/html", "application/json"} {
		got := lina.post(at+"/decide", form, "Accept", header)
		if got.status != http.StatusUnprocessableEntity || len(s.reload(m).Decisions) != 0 {
			t.Fatalf("%s: %d, %d decisions", header, got.status, len(s.reload(m).Decisions))
		}
		if header == "text/html" && (!strings.Contains(got.body, "The doors differ: &lt;b&gt;see&lt;/b&gt; page 5.") || !strings.Contains(got.body, "came back into use, while you were answering") || !strings.Contains(got.body, "GB 1-2030 &#34;new&#34;</bdi>")) {
			t.Errorf("%.1500s", got.body)
		} else if header == "text/html" {
			form.Set("withdrawn", formFields(t, got.body, at+"/decide").Get("withdrawn"))
			if form.Get("withdrawn") != "1" {
				t.Error("the page that is shown again would be refused again")
			}
			form.Set("withdrawn", "0")
		}
	}
	form.Set("withdrawn", "1")
	if got := lina.post(at+"/decide", form); got.status != http.StatusSeeOther || len(s.reload(m).Decisions) != 1 {
		t.Errorf("confirmed again: %d", got.status)
	}
}

// TestBackAndAnswerOtherwise: who goes back to a form that was sent and sends another
// answer in it is shown what stands; the first answer neither changes silently nor
// counts twice, and the second may then be given.
func TestBackAndAnswerOtherwise(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[1]
	at := "/matches/" + m.ID.String()
	form := formFields(t, lina.get(at).body, at+"/decide")
	for i, verdict := range []string{"equivalent", "subset"} {
		form["verdict"] = []string{verdict}
		got := lina.post(at+"/decide", form)
		if want := []int{http.StatusSeeOther, http.StatusConflict}[i]; got.status != want {
			t.Errorf("%s: %d, want %d", verdict, got.status, want)
		}
		if list := s.reload(m).Decisions; len(list) != 1 || list[0].Verdict != "equivalent" {
			t.Fatalf("%s: %d decisions", verdict, len(list))
		}
	}
	if got := lina.decideOn(m, "", url.Values{"verdict": {"subset"}}); got.status != http.StatusSeeOther || s.reload(m).Opinions()[0].Verdict != "subset" {
		t.Errorf("%d", got.status)
	}
}

// TestClockJumps: a clock that goes back keeps the order of answers, and one that goes
// forward ends the session with a page that says so; nothing is lost or counted twice.
func TestClockJumps(t *testing.T) {
	s := newSite(t)
	lina, ivan, m := s.signedIn("lina"), s.signedIn("ivan"), s.matches[1]
	at := "/matches/" + m.ID.String()
	if got := lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	s.clock.move(-48 * time.Hour)
	if got := ivan.decideOn(m, "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
		t.Fatalf("two days back: %d %.300s", got.status, got.body)
	}
	now := s.reload(m)
	if len(now.Decisions) != 2 || now.State != review.StateConfirmed || now.Decisions[0].Person != s.people["lina"].ID {
		t.Errorf("%d decisions, %s", len(now.Decisions), now.State)
	}
	lina.holds(at, []string{"confirmed"}, nil)
	form := formFields(t, ivan.get("/matches/"+s.matches[2].ID.String()).body, "/matches/"+s.matches[2].ID.String()+"/decide")
	form["verdict"], form["note"] = []string{"equivalent"}, []string{wrote}
	s.clock.move(365 * 24 * time.Hour)
	got := ivan.post("/matches/"+s.matches[2].ID.String()+"/decide", form)
	if got.status != http.StatusUnauthorized || !strings.Contains(got.body, "The doors differ") || len(s.reload(s.matches[2]).Decisions) != 0 {
		t.Errorf("a year ahead: %d %.300s", got.status, got.body)
	}
	if r, err := s.db.Check(t.Context()); err != nil || len(r.Problems) > 0 {
		t.Errorf("%v %v", r.Problems, err)
	}
}
