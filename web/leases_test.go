package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

func TestLeases(t *testing.T) {
	at := &clock{at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	l := newLeases(at.now)
	a, b := uuid.New(), uuid.New()
	one, two := uuid.New(), uuid.New()
	list := []review.Match{{ID: one}, {ID: two}}
	l.take(one, a)
	if l.elsewhere(one, a) || !l.elsewhere(one, b) || l.elsewhere(two, b) {
		t.Error("a lease is the other's, or nobody's")
	}
	if i, ok := l.first(list, 0, b); !ok || i != 1 {
		t.Errorf("b is handed item %d", i)
	}
	l.take(one, b) // b comes all the same
	if l.elsewhere(one, a) {
		t.Error("who comes later takes the lease over")
	}
	l.take(two, a)
	if i, ok := l.first(list, 0, b); !ok || i != 0 {
		t.Errorf("where others have all, b is handed item %d, %v", i, ok)
	}
	if _, ok := l.first(list, 2, b); ok {
		t.Error("there is an item behind the last")
	}
	at.move(9 * time.Minute)
	l.take(one, a) // renewed
	at.move(2 * time.Minute)
	if !l.elsewhere(one, b) || l.elsewhere(two, b) {
		t.Error("a renewed lease ended, or one that was not renewed goes on")
	}
	l.end(one, b)
	if !l.elsewhere(one, b) {
		t.Error("somebody ended the lease of another")
	}
	l.end(one, a)
	if l.elsewhere(one, b) {
		t.Error("an ended lease goes on")
	}
	for range maxLeases + 10 {
		l.take(uuid.New(), a)
	}
	if len(l.all) > maxLeases {
		t.Errorf("%d leases are remembered", len(l.all))
	}
	at.move(leaseLife)
	late := uuid.New()
	l.take(late, a)
	if !l.elsewhere(late, b) {
		t.Error("leases that ended keep new ones out")
	}
}

// TestTwoReviewersAreHandedDifferentItems walks two people of one party through one
// queue at the same time.
func TestTwoReviewersAreHandedDifferentItems(t *testing.T) {
	s := newSite(t)
	s.manyPairs(6)
	other := s.crowd(1)[0]
	lina, second := s.signedIn("lina"), s.signedIn(other)
	start := "/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String()
	first, _, _ := strings.Cut(lina.get(start).header.Get("Location"), "?")
	lina.get(first + "?" + strings.SplitN(start, "?", 2)[1])
	theirs, _, _ := strings.Cut(second.get(start).header.Get("Location"), "?")
	if first == theirs || !strings.HasPrefix(theirs, "/matches/") {
		t.Fatalf("both are handed %s", first)
	}
	second.get(theirs + "?" + strings.SplitN(start, "?", 2)[1])
	// The next of the first person passes over what the second has open.
	page := lina.get(first + "?" + strings.SplitN(start, "?", 2)[1])
	if strings.Contains(page.body, `rel="next" href="`+theirs) {
		t.Error("the next item is the one somebody else has open")
	}
	// Who comes to it all the same may answer it.
	id := uuid.MustParse(strings.TrimPrefix(theirs, "/matches/"))
	if got := lina.decideOn(review.Match{ID: id}, "?task=first", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
		t.Errorf("a leased item cannot be answered: %d", got.status)
	}
	// The control: once the lease is over, the first is handed to others as well.
	s.clock.move(leaseLife + time.Second)
	if again, _, _ := strings.Cut(second.get(start).header.Get("Location"), "?"); again != first {
		t.Errorf("after ten minutes %s is handed out, want %s", again, first)
	}
}
