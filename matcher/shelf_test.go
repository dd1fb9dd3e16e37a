package matcher

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func newShelf(places, room int) *shelf {
	return &shelf{views: make([]atomic.Pointer[kept], places), room: room}
}

// there lists the places that are kept, without asking for them.
func (s *shelf) there() (out []int) {
	for place := range s.views {
		if s.views[place].Load() != nil {
			out = append(out, place)
		}
	}
	return out
}

func TestShelfKeepsWhatIsAskedFor(t *testing.T) {
	s := newShelf(9, 3)
	all := make([]*facts, 9)
	for i := range all {
		all[i] = &facts{}
	}
	for place := range 3 {
		s.wait(place, all[place])
	}
	s.wait(3, all[3]) // there is no room for what nobody asks for
	if got := s.there(); !slices.Equal(got, []int{0, 1, 2}) {
		t.Fatalf("kept %v", got)
	}
	if s.get(0).facts != all[0] || s.get(3) != nil {
		t.Fatal("not what was put there")
	}
	s.put(4, all[4]) // 0 was asked for, 1 goes
	if got := s.there(); !slices.Equal(got, []int{0, 2, 4}) {
		t.Errorf("kept %v, want 0, 2, 4", got)
	}
	if again := s.put(4, &facts{}); again.facts != all[4] {
		t.Error("the second to read a clause did not get the first reading")
	}
	s.put(5, all[5])
	s.put(6, all[6]) // nobody asked for 0 again
	if got := s.there(); !slices.Equal(got, []int{4, 5, 6}) {
		t.Errorf("kept %v, want 4, 5, 6", got)
	}
}

func TestShelfFromManySides(t *testing.T) {
	s := newShelf(50, 7)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 500 {
				place := (i*7 + worker*13) % 50
				if s.get(place) == nil && s.put(place, &facts{}) == nil {
					t.Error("nothing was put there")
				}
			}
		})
	}
	all.Wait()
	if n := len(s.there()); n != 7 || len(s.order) != 7 {
		t.Errorf("%d kept, %d in order, want 7", n, len(s.order))
	}
}
