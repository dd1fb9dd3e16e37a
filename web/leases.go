package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// leases remember who has which match of a queue on the desk, so that two people
// who work at the same time are not handed the same one. They are known to this
// process alone and give no right: whose answer counts is ruled by the version
// of the match.
type leases struct {
	now func() time.Time

	mu   sync.Mutex
	of   map[uuid.UUID]lease // by match
	turn int64
}

// lease is one match on one person's desk.
type lease struct {
	person uuid.UUID
	until  time.Time
	turn   int64 // a greater one was taken later
	// settled leases are not renewed.
	settled bool
}

// Limits of leases (UX.md 7.4). A person has one match before them, five whose
// answers may be on their way, and three ahead.
const (
	leaseTime   = 10 * time.Minute
	settleTime  = 3 * time.Second
	leasesEach  = 10
	leasesInAll = 5000
)

func newLeases(now func() time.Time) *leases {
	return &leases{now: now, of: map[uuid.UUID]lease{}}
}

// take leases those matches that nobody else has, renews all others of the
// person, and drops the oldest beyond leasesEach. When there are leasesInAll the
// rest goes without: nothing but speed depends on it.
func (l *leases) take(person uuid.UUID, matches ...uuid.UUID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lease(person, matches)
}

// claim leases the first n matches of a list that nobody else has, and returns
// their places in it. Between looking and taking nobody comes in.
func (l *leases) claim(person uuid.UUID, list []uuid.UUID, n int) []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	var places []int
	var ids []uuid.UUID
	for i, id := range list {
		had, taken := l.of[id]
		if len(ids) < n && (!taken || had.person == person || !had.until.After(now)) {
			places, ids = append(places, i), append(ids, id)
		}
	}
	l.lease(person, ids)
	return places
}

// lease is take for who holds the lock.
func (l *leases) lease(person uuid.UUID, matches []uuid.UUID) {
	now := l.now()
	var own []uuid.UUID
	for id, had := range l.of {
		switch {
		case !had.until.After(now):
			delete(l.of, id)
		case had.person == person && !slices.Contains(matches, id):
			own = append(own, id)
		}
	}
	corpus.SortRows(own, func(x, y uuid.UUID) int { return cmp.Compare(l.of[x].turn, l.of[y].turn) })
	matches = matches[:min(len(matches), leasesEach)]
	for _, id := range own {
		if len(own)+len(matches) > leasesEach {
			delete(l.of, id)
			own = own[1:]
			continue
		}
		if had := l.of[id]; !had.settled {
			l.of[id] = lease{person: person, until: now.Add(leaseTime), turn: had.turn}
		}
	}
	for _, id := range matches {
		had, taken := l.of[id]
		if !taken && len(l.of) < leasesInAll || taken && had.person == person {
			l.turn++
			l.of[id] = lease{person: person, until: now.Add(leaseTime), turn: l.turn}
		}
	}
}

// others tells when the lease that somebody else has on a match ends; ok is false
// when nobody else has one.
func (l *leases) others(match, person uuid.UUID) (until time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	had, taken := l.of[match]
	if !taken || had.person == person || !had.until.After(l.now()) {
		return time.Time{}, false
	}
	return had.until, true
}

// release ends the lease of a person on a match.
func (l *leases) release(match, person uuid.UUID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[match].person == person {
		delete(l.of, match)
	}
}

// settle ends the lease of a person on a match that was just answered, a little
// later: who looked for the next match before the answer was there must not take
// it now.
func (l *leases) settle(match, person uuid.UUID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if had := l.of[match]; had.person == person {
		had.until, had.settled = l.now().Add(settleTime), true
		l.of[match] = had
	}
}

// leave ends all leases of a person.
func (l *leases) leave(person uuid.UUID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, had := range l.of {
		if had.person == person {
			delete(l.of, id)
		}
	}
}

// taken lists the matches that others than a person have.
func (l *leases) taken(person uuid.UUID) []uuid.UUID {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	var out []uuid.UUID
	for id, had := range l.of {
		if had.person != person && had.until.After(now) {
			out = append(out, id)
		}
	}
	return out
}

// offer is a match that comes next, with the place in the queue it was found at.
type offer struct {
	match uuid.UUID
	queue queue
	until time.Time // when somebody else's lease ends; zero when it is free
}

// ahead finds up to n matches of a queue behind one, or from the beginning, and
// leases them. It passes over those that others have, and over passed. When all
// are with others, it gives the one whose lease ends first: nothing of a queue is
// ever out of reach.
func (s *Server) ahead(ctx context.Context, q queue, a asker, behind uuid.UUID, passed []uuid.UUID, n int) ([]offer, error) {
	for range 3 { // others may take all that were found before they are claimed
		free, err := s.freeAhead(ctx, q, a, behind, slices.Concat(passed, s.leases.taken(a.person.ID)), n)
		if err != nil {
			return nil, err
		}
		if len(free) == 0 {
			break
		}
		ids := make([]uuid.UUID, len(free))
		for i, o := range free {
			ids[i] = o.match
		}
		var got []offer
		for _, i := range s.leases.claim(a.person.ID, ids, n) {
			got = append(got, free[i])
		}
		if len(got) > 0 {
			return got, nil
		}
	}
	return s.heldAhead(ctx, q, a, append(slices.Clone(passed), behind))
}

// freeAhead finds what comes next: at least n, if there are as many. It looks
// through the page of the queue we are in, the one after it, and from the
// beginning once more.
func (s *Server) freeAhead(ctx context.Context, q queue, a asker, behind uuid.UUID, without []uuid.UUID, n int) ([]offer, error) {
	var free []offer
	seen := map[uuid.UUID]bool{behind: true}
	look := func(from queue, list []review.Match) {
		for _, m := range list {
			if !seen[m.ID] {
				free = append(free, offer{match: m.ID, queue: from})
				seen[m.ID] = true
			}
		}
	}
	page, err := s.queued(ctx, q, a, without...)
	if err != nil {
		return nil, err
	}
	here := max(0, slices.IndexFunc(page.Matches, func(m review.Match) bool { return m.ID == behind }))
	before := page.Matches[:here]
	look(q, page.Matches[here:])
	starts := []string{""}
	if page.Next != "" {
		starts = []string{page.Next, ""}
	}
	for _, start := range starts {
		if len(free) >= n || start == "" && q.at == "" {
			break
		}
		further := q
		further.at = start
		if page, err = s.queued(ctx, further, a, without...); err != nil {
			return nil, err
		}
		look(further, page.Matches)
	}
	look(q, before)
	return free, nil
}

// heldAhead is the match on others' desks that they took first.
func (s *Server) heldAhead(ctx context.Context, q queue, a asker, without []uuid.UUID) ([]offer, error) {
	q.at = ""
	page, err := s.queued(ctx, q, a, without...)
	if err != nil || len(page.Matches) == 0 {
		return nil, err
	}
	var held []offer
	for _, m := range page.Matches {
		until, _ := s.leases.others(m.ID, a.person.ID)
		held = append(held, offer{m.ID, q, until})
	}
	return []offer{slices.MinFunc(held, func(x, y offer) int { return x.until.Compare(y.until) })}, nil
}

// maxAhead is how many matches a page may keep ready.
const maxAhead = 3

// preload tells a script which pages come next, so that it can keep them ready.
// They are leased to the person. Of a short session no more come than most, without
// those whose answers are on their way.
func (s *Server) preload(c echo.Context, q queue, a asker, most int) error {
	v := c.QueryParams()
	n, err := strconv.Atoi(v.Get("n"))
	if err != nil || n < 1 || n > maxAhead || len(v["passed"]) > leasesEach {
		return corpus.Refuse(corpus.ErrInvalid, "ahead-many", "between 1 and {most} matches can be kept ready", "most", maxAhead)
	}
	behind, _ := uuid.Parse(v.Get("behind")) // anything else means from the beginning
	var passed []uuid.UUID
	for _, text := range v["passed"] {
		if id, err := uuid.Parse(text); err == nil {
			passed = append(passed, id)
		}
	}
	if !q.since.IsZero() {
		n = min(n, most-len(passed))
	}
	var offers []offer
	if n > 0 {
		if offers, err = s.ahead(c.Request().Context(), q, a, behind, passed, n); err != nil {
			return err
		}
	}
	type item struct {
		Match string `json:"match"`
		Href  string `json:"href"`
	}
	out := struct {
		Items []item `json:"items"`
	}{[]item{}}
	for _, o := range offers {
		out.Items = append(out.Items, item{o.match.String(), o.queue.match(o.match)})
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, out)
}
