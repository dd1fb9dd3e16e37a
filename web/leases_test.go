package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// TestLeases holds the leases against a clock that the test moves.
func TestLeases(t *testing.T) {
	c := &clock{at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	l := newLeases(c.now)
	a, b := uuid.New(), uuid.New()
	m := make([]uuid.UUID, leasesEach+3)
	for i := range m {
		m[i] = uuid.New()
	}
	has := func(match, other uuid.UUID) bool { _, ok := l.others(match, other); return ok }
	l.take(a, m[0], m[1])
	if !has(m[0], b) || has(m[0], a) || has(m[2], b) {
		t.Fatal("a lease holds for others, not for oneself, and for its match alone")
	}
	l.take(b, m[0])
	if has(m[0], a) {
		t.Error("a lease was taken away")
	}
	c.move(leaseTime - time.Second)
	l.take(a, m[2]) // activity renews the others
	c.move(leaseTime - time.Second)
	if !has(m[0], b) || !has(m[2], b) {
		t.Error("a lease ended although its person is active")
	}
	c.move(time.Second)
	if has(m[0], b) || has(m[2], b) || len(l.taken(b)) != 0 {
		t.Error("a lease did not end")
	}
	l.take(b, m[0])
	if !has(m[0], a) {
		t.Error("an ended lease keeps others out")
	}
	l.release(m[0], a)
	if !has(m[0], a) {
		t.Error("somebody released the lease of somebody else")
	}
	if got := l.claim(a, m[:4], 2); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("claimed %v of four with the first taken, want 1 and 2", got)
	}
	l.leave(a)
	l.release(m[0], b)
	if has(m[0], a) {
		t.Error("a released lease holds")
	}
	for _, id := range m {
		l.take(a, id)
	}
	if n := len(l.taken(b)); n != leasesEach || has(m[2], b) || !has(m[3], b) || !has(m[len(m)-1], b) {
		t.Errorf("%d leases of one person, want the last %d", n, leasesEach)
	}
	l.leave(a)
	if len(l.of) != 0 {
		t.Error("leases stay when their person leaves")
	}
	for range leasesInAll/leasesEach + 5 {
		p := uuid.New()
		for range leasesEach {
			l.take(p, uuid.New())
		}
	}
	if len(l.of) != leasesInAll {
		t.Errorf("%d leases in all, want %d", len(l.of), leasesInAll)
	}
	c.move(leaseTime)
	if l.take(a, m[0]); len(l.of) != 1 {
		t.Errorf("%d leases are remembered after all but one ended", len(l.of))
	}
}

// first follows /review/next and returns the match it leads to.
func (b *browser) first(query string) string {
	b.t.Helper()
	got := b.get("/review/next?" + query)
	to := got.header.Get("Location")
	id, _, _ := strings.Cut(strings.TrimPrefix(to, "/matches/"), "?")
	if got.status != http.StatusSeeOther || !strings.HasPrefix(to, "/matches/") {
		b.t.Fatalf("next leads to %q with %d", to, got.status)
	}
	return id
}

// ready are the matches that the server lets a script keep ready.
func (b *browser) ready(query string) []string {
	b.t.Helper()
	got := b.get("/review/next?" + query)
	var out struct {
		Items []struct{ Match, Href string }
	}
	if err := json.Unmarshal([]byte(got.body), &out); err != nil || got.status != http.StatusOK {
		b.t.Fatalf("%d %.200s", got.status, got.body)
	}
	var ids []string
	for _, x := range out.Items {
		if !strings.HasPrefix(x.Href, "/matches/"+x.Match+"?") {
			b.t.Errorf("%s is at %s", x.Match, x.Href)
		}
		ids = append(ids, x.Match)
	}
	return ids
}

// TestTwoReviewersOfOneQueue lets two people work through one queue at once:
// neither is handed what the other has, and nothing is out of reach.
func TestTwoReviewersOfOneQueue(t *testing.T) {
	s := newSite(t)
	s.manyPairs(9)
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	q := "task=first&order=chapter&dossier=" + s.dossier.ID.String()
	before := s.fingerprint(t.Context())
	one := lina.first(q)
	three := lina.ready(q + "&n=3&behind=" + one)
	if len(three) != 3 || slices.Contains(three, one) {
		t.Fatalf("kept ready behind %s: %v", one, three)
	}
	his := ivan.first(q)
	more := ivan.ready(q + "&n=3&behind=" + his)
	for _, id := range append(more, his) {
		if id == one || slices.Contains(three, id) {
			t.Errorf("%s was handed to two people", id)
		}
	}
	if again := lina.ready(q + "&n=3&behind=" + one); !slices.Equal(again, three) {
		t.Errorf("asked again, %v became %v", three, again)
	}
	if passed := lina.ready(q + "&n=3&behind=" + one + "&passed=" + three[0]); slices.Contains(passed, three[0]) {
		t.Error("a match that is passed over was given")
	}
	// Everything is with Li Na, so Ivan gets one of hers and is told so.
	for _, m := range s.matchesOf() {
		s.server.leases.leave(s.people["ivan"].ID)
		s.server.leases.take(s.people["lina"].ID, m)
	}
	held := ivan.first(q)
	if page := ivan.get("/matches/" + held + "?" + q); !strings.Contains(page.body, "Somebody else has this one") || !strings.Contains(page.body, `id="confirm"`) {
		t.Error("the page does not say that somebody else has the match, or cannot be answered")
	}
	if page := lina.get("/matches/" + held + "?" + q); strings.Contains(page.body, "Somebody else has this one") {
		t.Error("who has the match is told that somebody else has it")
	}
	if after := s.fingerprint(t.Context()); after != before {
		t.Error("looking changed the database")
	}
	// A lease is no right: Ivan answers what Li Na has.
	page := ivan.get("/matches/" + held + "?" + q)
	form := formFields(t, page.body, "/matches/"+held+"/decide")
	form.Set("verdict", "equivalent")
	if got := ivan.post("/matches/"+held+"/decide", form); got.status != http.StatusSeeOther {
		t.Errorf("answering a leased match: %d %.300s", got.status, got.body)
	}
	s.clock.move(leaseTime)
	if id := ivan.first(q); id == held {
		t.Error("an answered match is offered")
	} else if _, taken := s.server.leases.others(uuid.MustParse(id), s.people["lina"].ID); !taken {
		t.Error("after the leases ended nobody may have a match")
	}
}

// TestLeasesEnd looks at each way a lease ends.
func TestLeasesEnd(t *testing.T) {
	s := newSite(t)
	s.manyPairs(3)
	q := "task=first&order=chapter&dossier=" + s.dossier.ID.String()
	lina := s.people["lina"].ID
	held := func() int { return len(s.server.leases.taken(s.people["ivan"].ID)) }
	b := s.signedIn("lina")
	id := b.first(q)
	if held() == 0 {
		t.Fatal("nothing is leased")
	}
	page := b.get("/matches/" + id + "?" + q)
	if form := formFields(t, page.body, "/matches/"+id+"/decide"); b.post("/matches/"+id+"/decide", with(form, "verdict", "equivalent")).status != http.StatusSeeOther {
		t.Fatal("the answer was refused")
	}
	s.clock.move(settleTime - time.Second)
	b.first(q) // activity does not renew it
	if !slices.Contains(s.server.leases.taken(uuid.Nil), uuid.MustParse(id)) {
		t.Error("an answered match can be taken by who looked before it was answered")
	}
	s.clock.move(time.Second)
	if slices.Contains(s.server.leases.taken(uuid.Nil), uuid.MustParse(id)) {
		t.Error("an answered match is still leased")
	}
	b.get("/review")
	if held() != 0 {
		t.Error("who goes back to the queues keeps their leases")
	}
	b.first(q)
	b.submit("/help", "/sign-out", url.Values{})
	if held() != 0 {
		t.Error("who signs out keeps their leases")
	}
	b = s.signedIn("lina")
	b.first(q)
	admin := s.signedIn("admin")
	at := "/admin/people/" + lina.String()
	if got := admin.submit(at, at+"/close", url.Values{"old": {password}, "do": {"close"}}); got.status != http.StatusSeeOther || held() != 0 {
		t.Errorf("%d: somebody who was removed keeps %d leases", got.status, held())
	}
	for _, bad := range []string{"n=0", "n=4", "n=x", "n=3" + strings.Repeat("&passed="+uuid.NewString(), leasesEach+1)} {
		if got := s.signedIn("ivan").get("/review/next?" + q + "&" + bad); got.status != http.StatusBadRequest {
			t.Errorf("%.20s: %d", bad, got.status)
		}
	}
}

func with(v url.Values, name, value string) url.Values { v.Set(name, value); return v }

// matchesOf are the matches of the dossier.
func (s *site) matchesOf() []uuid.UUID {
	s.t.Helper()
	page, err := s.db.Matches(s.t.Context(), review.Filter{Dossier: s.dossier.ID})
	if err != nil {
		s.t.Fatal(err)
	}
	var out []uuid.UUID
	for _, m := range page.Matches {
		out = append(out, m.ID)
	}
	return out
}
