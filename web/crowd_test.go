package web

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// crowd adds n reviewers of both parties in turn.
func (s *site) crowd(n int) []string {
	s.t.Helper()
	var logins []string
	for i := range n {
		p := review.Person{ID: uuid.Must(uuid.NewV7()), Login: fmt.Sprintf("reviewer%d", i), Name: fmt.Sprintf("Reviewer %d", i), Role: review.RoleReviewer, Party: []review.Party{"CN", "RU"}[i%2], Created: s.clock.now()}
		if err := s.db.SavePerson(context.Background(), p, "cli"); err != nil {
			s.t.Fatal(err)
		}
		s.people[p.Login] = p
		logins = append(logins, p.Login)
	}
	return logins
}

// attempt is one answer sent: what came of it.
type attempt struct {
	match  uuid.UUID
	person uuid.UUID
	status int
	seq    string // of the decision, when it was kept
	body   string
	took   time.Duration
}

// TestHundredReviewersAtOnce lets a hundred people open and answer the same
// matches at the same time over HTTP. Every answer that was acknowledged is kept
// once and under its number, nothing else is kept, no match has more decisions
// than its version says, and whoever came too late is shown the answer of their
// own and the match as it is. Everybody answers within a second: some 60 answers and
// 150 pages a second, where people at their fastest give seven. The times are logged, not
// judged.
func TestHundredReviewersAtOnce(t *testing.T) {
	people, each := 100, 5
	if testing.Short() {
		people, each = 30, 2
	}
	s := newSite(t)
	s.manyPairs(people)
	page, err := s.db.Matches(context.Background(), review.Filter{Dossier: s.dossier.ID, Order: review.OrderChapter, Limit: people})
	if err != nil || len(page.Matches) != people {
		t.Fatalf("%d matches, %v", len(page.Matches), err)
	}
	logins := s.crowd(people)
	browsers := make([]*browser, people)
	for i, login := range logins {
		browsers[i] = s.signedIn(login)
	}
	attempts := make([][]attempt, people)
	var start, done sync.WaitGroup
	start.Add(1)
	for i := range people {
		done.Go(func() {
			rnd := rand.New(rand.NewPCG(1, uint64(i)))
			start.Wait()
			for range each {
				// a third of the matches, so that most are answered by several at once
				m := page.Matches[rnd.IntN(people/3)]
				reads := time.Duration(rnd.IntN(1000)) * time.Millisecond // a very fast reader
				attempts[i] = append(attempts[i], browsers[i].attempt(m, s.people[logins[i]].ID, reads))
			}
		})
	}
	start.Done()
	done.Wait()
	all := slices.Concat(attempts...)
	s.judgeCrowd(all)
	var times []time.Duration
	kept, late := 0, 0
	for _, a := range all {
		if a.status != 0 {
			times = append(times, a.took)
		}
		switch a.status {
		case http.StatusSeeOther:
			kept++
		case http.StatusConflict:
			late++
		}
	}
	if kept < people/6 || late < people/6 {
		t.Errorf("%d answers kept and %d too late of %d: the test proves little", kept, late, len(all))
	}
	slices.Sort(times)
	t.Logf("%d people, %d answers, %d kept, %d too late: median %v, p99 %v from sending to the answer", people, len(all), kept, late, times[len(times)/2].Round(time.Millisecond), times[len(times)*99/100].Round(time.Millisecond))

	// The control: an acknowledgement that the store does not have is noticed.
	lost := s.lost(append(all, attempt{match: all[0].match, person: all[0].person, status: http.StatusSeeOther, seq: "999999"}))
	if len(lost) != 1 {
		t.Errorf("the check misses nothing: %q", lost)
	}
}

// attempt opens a match, reads it for a while and answers it.
func (b *browser) attempt(m review.Match, person uuid.UUID, reads time.Duration) attempt {
	b.t.Helper()
	a := attempt{match: m.ID, person: person}
	page := b.get("/matches/" + m.ID.String())
	action := "/matches/" + m.ID.String() + "/decide"
	if !strings.Contains(page.body, `action="`+action+`"`) { // settled before it was opened
		return a
	}
	form := formFields(b.t, page.body, action)
	form.Set("verdict", "equivalent")
	if person[len(person)-1]%2 == 0 {
		form.Set("verdict", "none")
	}
	time.Sleep(reads)
	began := time.Now()
	got := b.post(action, form)
	a.took, a.status, a.body = time.Since(began), got.status, got.body
	if u, err := url.Parse(got.header.Get("Location")); err == nil {
		a.seq = u.Query().Get("saved")
	}
	return a
}

// judgeCrowd holds what was acknowledged against what is kept.
func (s *site) judgeCrowd(all []attempt) {
	s.t.Helper()
	if lost := s.lost(all); len(lost) > 0 {
		s.t.Errorf("%d acknowledged answers are not kept, first %s", len(lost), lost[0])
	}
	acknowledged := map[uuid.UUID]int{}
	for _, a := range all {
		switch a.status {
		case 0:
		case http.StatusSeeOther:
			acknowledged[a.match]++
		case http.StatusConflict:
			if !strings.Contains(a.body, "Your answer:") || !strings.Contains(a.body, "Now:") {
				s.t.Errorf("who came too late is not shown both answers:\n%.400s", a.body)
			}
		default:
			s.t.Errorf("status %d:\n%.300s", a.status, a.body)
		}
	}
	for id, n := range acknowledged {
		m, _, err := s.db.Match(context.Background(), id)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(m.Decisions) != n {
			s.t.Errorf("match %s has %d decisions, %d were acknowledged", id, len(m.Decisions), n)
		}
	}
}

// lost lists the acknowledged answers that the store does not have under their
// number, match and person.
func (s *site) lost(all []attempt) []string {
	s.t.Helper()
	have := map[string]bool{}
	for after := int64(0); ; {
		page, err := s.db.Decisions(context.Background(), after, 1000)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, d := range page {
			have[fmt.Sprint(d.Seq)+" "+d.Match.String()+" "+d.Person.String()], after = true, d.Seq
		}
	}
	var out []string
	for _, a := range all {
		if key := a.seq + " " + a.match.String() + " " + a.person.String(); a.status == http.StatusSeeOther && !have[key] {
			out = append(out, key)
		}
	}
	return out
}
