package matcher

import (
	"sync"
	"sync/atomic"

	"concord/corpus/embedding"
)

// shelved is how many clauses' readings a collection keeps, half a kilobyte each. Our
// own choice: up to so many are kept whole.
const shelved = 120_000

// shelf keeps what the clauses read last say, folded, so that a clause that is proposed
// again, or is in the next pairing, is not read again. The one that came first goes
// first, unless it was asked for since.
type shelf struct {
	kept []atomic.Pointer[kept] // by place, nil for what is not there
	room int                    // how many may be there

	mu    sync.Mutex
	order []int32 // places in the order they came, a ring once it is full
	hand  int
}

// kept is a clause on the shelf.
type kept struct {
	facts   string // folded
	meaning embedding.Vector
	asked   atomic.Bool // since the hand came by
}

// get is what is kept at a place, or nil.
func (s *shelf) get(place int) *kept {
	k := s.kept[place].Load()
	if k == nil {
		return nil
	}
	if !k.asked.Load() {
		k.asked.Store(true)
	}
	return k
}

// wait puts facts there that nobody has asked for yet, if few do.
func (s *shelf) wait(place int, f *facts) {
	if len(s.order) < s.room {
		s.put(place, f)
	}
}

// put puts facts there, unless some are. They are folded before anybody has to wait.
func (s *shelf) put(place int, f *facts) {
	if s.kept[place].Load() != nil {
		return
	}
	k := &kept{facts: f.fold(), meaning: f.meaning}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept[place].Load() != nil {
		return
	}
	if len(s.order) < s.room {
		s.order = append(s.order, int32(place))
	} else {
		for s.kept[s.order[s.hand]].Load().asked.Swap(false) {
			s.hand = (s.hand + 1) % len(s.order)
		}
		s.kept[s.order[s.hand]].Store(nil)
		s.order[s.hand] = int32(place)
		s.hand = (s.hand + 1) % len(s.order)
	}
	s.kept[place].Store(k)
}

// factsAt reads the clause at a place.
func (m *Matcher) factsAt(col *collection, place int) *facts {
	c := col.clause(place)
	return m.factsOf(c, col.traditions[c.Standard])
}

// at is what the clause at a place says, from the shelf or read anew.
func (m *Matcher) at(col *collection, place int) *facts {
	if k := col.shelf.get(place); k != nil {
		f := m.unfolded(col, place, k.facts)
		f.meaning = k.meaning
		return f
	}
	f := m.factsAt(col, place)
	f.meaning = col.embedded.of(f.text, f.lang)
	col.shelf.put(place, f)
	return f
}

// meaningAt is the vector of the clause at a place.
func (m *Matcher) meaningAt(col *collection, place int) embedding.Vector {
	if k := col.shelf.get(place); k != nil {
		return k.meaning
	}
	return m.at(col, place).meaning
}
