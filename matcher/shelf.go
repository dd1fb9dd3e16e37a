package matcher

import (
	"sync"
	"sync/atomic"
)

// maxShelved is how many clauses' readings a collection keeps beside the pairings:
// 8 to 20 KB each. Our own choice: what two cores read in half a minute.
const maxShelved = 120_000

// shelf keeps what the clauses read last say, so that a clause that is a candidate
// again is not read again. The one that came first goes first, unless it was asked
// for since.
type shelf struct {
	views []atomic.Pointer[kept] // by place, nil for what is not there
	room  int                    // how many may be there

	mu    sync.Mutex
	order []int32 // places in the order they came, a ring once it is full
	hand  int
}

// kept is a clause on the shelf.
type kept struct {
	facts *facts
	views [2]atomic.Pointer[view] // within one language and across, made when first asked for
	asked atomic.Bool             // since the hand came by
}

// get is what is kept at a place, or nil.
func (s *shelf) get(place int) *kept {
	k := s.views[place].Load()
	if k != nil && !k.asked.Load() {
		k.asked.Store(true)
	}
	return k
}

// wait puts facts there if there is room for more.
func (s *shelf) wait(place int, f *facts) {
	if len(s.order) < s.room {
		s.put(place, f)
	}
}

// put puts facts there. Who comes second with the same ones gets the first.
func (s *shelf) put(place int, f *facts) *kept {
	k := &kept{facts: f}
	s.mu.Lock()
	defer s.mu.Unlock()
	if there := s.views[place].Load(); there != nil {
		return there
	}
	if len(s.order) < s.room {
		s.order = append(s.order, int32(place))
	} else {
		for s.views[s.order[s.hand]].Load().asked.Swap(false) {
			s.hand = (s.hand + 1) % len(s.order)
		}
		s.views[s.order[s.hand]].Store(nil)
		s.order[s.hand] = int32(place)
		s.hand = (s.hand + 1) % len(s.order)
	}
	s.views[place].Store(k)
	return k
}

// factsAt reads the clause at a place.
func (m *Matcher) factsAt(col *collection, place int) *facts {
	c := col.clauses[place]
	return m.factsOf(c, col.traditions[c.Standard])
}

// shelved is what the clause at a place says, from the shelf or read anew.
func (m *Matcher) shelved(col *collection, place int) *kept {
	if k := col.shelf.get(place); k != nil {
		return k
	}
	f := m.factsAt(col, place)
	f.meaning = col.embedded.of(f)
	return col.shelf.put(place, f)
}

// at are the facts at a place.
func (m *Matcher) at(col *collection, place int) *facts { return m.shelved(col, place).facts }

// viewAt is the clause at a place with the weights of the whole collection, light,
// to be compared within one language or across.
func (m *Matcher) viewAt(col *collection, place int, across bool) *view {
	k := m.shelved(col, place)
	slot := &k.views[side(across)]
	v := slot.Load()
	if v == nil {
		v = newLightView(k.facts, col.stats, across)
		slot.Store(v)
	}
	return v
}
