package web

import (
	"sync"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// leaseLife is how long an item that somebody opened is passed over in the queues
// of others (UX.md 7.4); opening it again renews it, an answer ends it.
const leaseLife = 10 * time.Minute

// maxLeases bounds what is remembered; above, nothing is leased until some end.
const maxLeases = 20_000

// leases keep two people from being handed the same item at the same time. They
// are a courtesy and no right: who comes to a leased item all the same may answer
// it, and the version of the match decides. Only memory holds them.
type leases struct {
	now func() time.Time

	mu  sync.Mutex
	all map[uuid.UUID]lease
}

type lease struct {
	person uuid.UUID
	until  time.Time
}

func newLeases(now func() time.Time) *leases {
	return &leases{now: now, all: map[uuid.UUID]lease{}}
}

// take leases an item to a person, unless somebody else has it.
func (l *leases) take(match, person uuid.UUID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if have, there := l.all[match]; there && have.person != person && have.until.After(now) {
		return
	}
	if _, there := l.all[match]; !there && len(l.all) >= maxLeases {
		for id, have := range l.all {
			if !have.until.After(now) {
				delete(l.all, id)
			}
		}
		if len(l.all) >= maxLeases {
			return
		}
	}
	l.all[match] = lease{person, now.Add(leaseLife)}
}

// end ends a person's lease, once they have answered.
func (l *leases) end(match, person uuid.UUID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all[match].person == person {
		delete(l.all, match)
	}
}

// elsewhere tells whether somebody else has the item open.
func (l *leases) elsewhere(match, person uuid.UUID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	have, there := l.all[match]
	return there && have.person != person && have.until.After(l.now())
}

// first is the place of the first item that nobody else has open, from a place on;
// where others have all of them it is that place: better twice than not at all.
// ok is false where there is no item.
func (l *leases) first(list []review.Match, from int, person uuid.UUID) (at int, ok bool) {
	for i := from; i < len(list); i++ {
		if !l.elsewhere(list[i].ID, person) {
			return i, true
		}
	}
	return from, from < len(list)
}
