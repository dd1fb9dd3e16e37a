package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"concord/review"
)

// TestActiveTime: what the page measured is kept beside the decision, for its person
// alone; without it, or when it makes no sense, nothing is kept.
func TestActiveTime(t *testing.T) {
	s := newSite(t)
	_, binding := s.newPairs("b", "Binding", review.PolicyBothParties, 7, nil)
	_, triage := s.newPairs("t", "Triage", review.PolicyOneReviewer, 12, nil)
	lina := s.signedIn("lina")
	answer := func(m review.Match, spent string) {
		t.Helper()
		if got := lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}, "spent": {spent}}); got.status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", got.status, got.body)
		}
		s.clock.move(11 * time.Minute) // so that no time between answers counts
	}
	for i := range 5 {
		answer(triage[i], fmt.Sprintf("%d 3000 1000", 8000+1000*i)) // 12 to 16 s, the middle 14
	}
	for i := range 4 {
		answer(binding[i], fmt.Sprintf("100000 %d 10000", 60000+20000*i))
	}
	lina.holds("/", []string{"Triage, active time per answer: 14 s (median, n 5)", "Only you see this."}, []string{"Binding, active time"})
	answer(binding[4], "100000 80000 10000")
	lina.holds("/", []string{"14 s (median, n 5)", "Binding, active time per answer: 3 min 10 s (median, n 5)"}, nil)
	for i, bad := range []string{"", "1 2", "0 0 0", "-1 2 3", "1e3 2 3", "99999999 1 1", "x y z"} {
		answer(triage[5+i], bad)
	}
	if kept, err := s.db.PacesBy(t.Context(), s.people["lina"].ID, 100); err != nil || len(kept) != 10 {
		t.Errorf("%d are kept: %v", len(kept), err)
	}
	for _, login := range []string{"ivan", "admin", "reader"} {
		b := s.signedIn(login)
		for _, path := range []string{"/", "/people", "/dossiers/" + triage[0].Dossier.String() + "/agreement", "/profile/data"} {
			if body := b.get(path).body; strings.Contains(body, "ctive time per answer") || strings.Contains(body, "8000") {
				t.Errorf("%s sees somebody's time on %s", login, path)
			}
		}
	}
	var own struct {
		ActiveTimes []struct {
			ActiveMs [3]int
			Person   string
		}
		Decisions []review.Decision
	}
	if err := json.Unmarshal([]byte(lina.get("/profile/data").body), &own); err != nil || len(own.ActiveTimes) != 10 || own.ActiveTimes[9].ActiveMs != [3]int{8000, 3000, 1000} {
		t.Errorf("one's own data: %+v %v", own.ActiveTimes, err)
	}
	// a week later they are no part of this week
	s.clock.move(8 * 24 * time.Hour)
	s.signedIn("lina").holds("/", nil, []string{"active time per answer"})
}

// TestActiveTimeComesBack: an answer that lacks something keeps the time until then.
func TestActiveTimeComesBack(t *testing.T) {
	s := newSite(t)
	lina := s.signedIn("lina")
	got := lina.decideOn(s.matches[1], "", url.Values{"spent": {"1 2 3"}})
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `name="spent" value="1 2 3"`) {
		t.Errorf("%d %s", got.status, between(got.body, `name="spent"`, ">"))
	}
	if got := lina.decideOn(s.matches[1], "", url.Values{"spent": {`"><b>`}}); !strings.Contains(got.body, `name="spent" value=""`) {
		t.Error("what is no time comes back")
	}
	if kept, err := s.db.PacesBy(t.Context(), s.people["lina"].ID, 100); err != nil || len(kept) != 0 {
		t.Errorf("an answer that was not saved has a time: %v %v", kept, err)
	}
}

// TestActiveTimeOfAGroup: a figure of a group stands on the page of agreement from five
// people on.
func TestActiveTimeOfAGroup(t *testing.T) {
	s := newSite(t)
	d, matches := s.newPairs("g", "Group", review.PolicyTwoReviewers, 30, nil)
	page := "/dossiers/" + d.ID.String() + "/agreement"
	for i, login := range s.crowd(5) {
		s.signedIn("reader").holds(page, nil, []string{"Active time per answer"})
		b := s.signedIn(login)
		for j := range 5 {
			if got := b.decideOn(matches[5*i+j], "", url.Values{"verdict": {"equivalent"}, "spent": {fmt.Sprintf("0 %d 0", 1000*(20+i))}}); got.status != http.StatusSeeOther {
				t.Fatal(got.status)
			}
		}
	}
	s.signedIn("reader").holds(page, []string{"Active time per answer: 22 s, the middle of the medians of 5 people"}, nil)
}
