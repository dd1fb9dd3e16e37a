package matcher

import (
	"reflect"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"concord/corpus"
)

func newShelf(places, room int) *shelf {
	return &shelf{kept: make([]atomic.Pointer[kept], places), room: room}
}

// there lists the places that are kept, without asking for them.
func (s *shelf) there() (out []int) {
	for place := range s.kept {
		if s.kept[place].Load() != nil {
			out = append(out, place)
		}
	}
	return out
}

func TestShelfKeepsWhatIsAskedFor(t *testing.T) {
	s := newShelf(9, 3)
	all := make([]*facts, 9)
	for i := range all {
		all[i] = &facts{lang: corpus.Language(strconv.Itoa(i))}
	}
	for place := range 3 {
		s.wait(place, all[place])
	}
	s.wait(3, all[3]) // there is no room for what nobody asks for
	if got := s.there(); !slices.Equal(got, []int{0, 1, 2}) {
		t.Fatalf("kept %v", got)
	}
	if s.get(0).lang != "0" || s.get(3) != nil {
		t.Fatal("not what was put there")
	}
	s.put(4, all[4]) // 0 was asked for, 1 goes
	if got := s.there(); !slices.Equal(got, []int{0, 2, 4}) {
		t.Errorf("kept %v, want 0, 2, 4", got)
	}
	if s.put(4, &facts{}); s.get(4).lang != "4" {
		t.Error("the second reading of a clause took the place of the first")
	}
	s.put(5, all[5])
	s.put(6, all[6]) // nobody asked for 0 again
	if got := s.there(); !slices.Equal(got, []int{4, 5, 6}) {
		t.Errorf("kept %v, want 4, 5, 6", got)
	}
	s.extend(4)
	s.extend(2)
	s.put(7, all[7])
	if got := s.there(); !slices.Equal(got, []int{4, 5, 6, 7}) {
		t.Errorf("with more room kept %v, want 4 to 7", got)
	}
	s.put(8, all[8])
	if got := s.there(); len(got) != 4 || got[3] != 8 {
		t.Errorf("a full shelf with more room keeps %v", got)
	}
}

// TestUnfolded: what the shelf gives back is what was read.
func TestUnfolded(t *testing.T) {
	m := testMatcher(t)
	clauses := newGenerator(t, 5).standards("kept", 3000) // in six languages
	clauses[1].Text = "Die Brandschutztür muss nach DIN EN 1634-1 höchstens 5 cm Spalt haben, siehe 4.2."
	clauses[2].Text, clauses[2].Heading = "", ""
	for i := 0; i < len(clauses); i += 97 {
		clauses = append(clauses, clauses[i])
	}
	for _, c := range append(clauses[:3:3], clauses[3000:]...) {
		f := m.factsOf(c, corpus.TraditionUnknown)
		if got := f.folded().unfolded(); !reflect.DeepEqual(got, f) {
			t.Fatalf("%s:\n%+v\nwant\n%+v", c.ID, got, f)
		}
	}
}

func TestShelfFromManySides(t *testing.T) {
	s := newShelf(50, 7)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 500 {
				place := (i*7 + worker*13) % 50
				if s.get(place) == nil {
					s.put(place, &facts{})
				}
			}
		})
	}
	all.Wait()
	if n := len(s.there()); n != 7 || len(s.order) != 7 {
		t.Errorf("%d kept, %d in order, want 7", n, len(s.order))
	}
}
