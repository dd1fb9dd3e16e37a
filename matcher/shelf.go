package matcher

import (
	"slices"
	"sync"
	"sync/atomic"

	"concord/corpus/embedding"
)

// How many clauses' readings a collection keeps, 4 to 9 KB each, beside those of its
// pairings: at most, unless a pairing needs more; and where candidates are compared by
// their readings, for want of sketches that have what translations or vectors of a model
// outside look at. Our own choice: a small corpus is kept whole.
const (
	leastShelved = 8_000
	mostShelved  = 120_000
)

// room is how many a collection of this matcher begins with.
func (m *Matcher) room() int {
	if len(m.known.dictionaries) > 0 || len(m.embeddings.Vectors) > 0 {
		return mostShelved
	}
	return leastShelved
}

// shelf keeps what the clauses read last say, without their bags, so that a clause that
// is proposed again, or is in the next pairing, is not read again. The one that came
// first goes first, unless it was asked for since.
type shelf struct {
	kept []atomic.Pointer[kept] // by place, nil for what is not there
	room int                    // how many may be there

	mu    sync.Mutex
	order []int32 // places in the order they came, a ring once it is full
	hand  int
}

// kept is a clause on the shelf.
type kept struct {
	facts *facts
	asked atomic.Bool // since the hand came by
}

// get is what is kept at a place, or nil.
func (s *shelf) get(place int) *facts {
	k := s.kept[place].Load()
	if k == nil {
		return nil
	}
	if !k.asked.Load() {
		k.asked.Store(true)
	}
	return k.facts
}

// wait puts facts there that nobody has asked for yet, if few do.
func (s *shelf) wait(place int, f *facts) {
	if len(s.order) < s.room {
		s.put(place, f)
	}
}

// extend makes room for so many clauses, such as those of a pairing: the next source
// standard among the same targets finds them read.
func (s *shelf) extend(room int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if room > s.room { // the ring is cut where the hand is
		s.room, s.order, s.hand = room, slices.Concat(s.order[s.hand:], s.order[:s.hand]), 0
	}
}

// put puts facts there, unless some are.
func (s *shelf) put(place int, f *facts) {
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
	s.kept[place].Store(&kept{facts: f.folded()})
}

// factsAt reads the clause at a place.
func (m *Matcher) factsAt(col *collection, place int) *facts {
	c := col.clauses[place]
	return m.factsOf(c, col.traditions[c.Standard])
}

// at is what the clause at a place says, from the shelf or read anew.
func (m *Matcher) at(col *collection, place int) *facts {
	if f := col.shelf.get(place); f != nil {
		return f.unfolded()
	}
	f := m.factsAt(col, place)
	f.meaning = col.embedded.of(f)
	col.shelf.put(place, f)
	return f
}

// meaningAt is the vector of the clause at a place.
func (m *Matcher) meaningAt(col *collection, place int) embedding.Vector {
	if f := col.shelf.get(place); f != nil {
		return f.meaning
	}
	return m.at(col, place).meaning
}
