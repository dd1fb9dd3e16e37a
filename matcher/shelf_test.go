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
	if s.get(0).facts != all[0].fold() || s.get(0).facts == all[1].fold() || s.get(3) != nil {
		t.Fatal("not what was put there")
	}
	s.put(4, all[4]) // 0 was asked for, 1 goes
	if got := s.there(); !slices.Equal(got, []int{0, 2, 4}) {
		t.Errorf("kept %v, want 0, 2, 4", got)
	}
	if s.put(4, &facts{}); s.get(4).facts != all[4].fold() {
		t.Error("the second reading of a clause took the place of the first")
	}
	s.put(5, all[5])
	s.put(6, all[6]) // nobody asked for 0 again
	if got := s.there(); !slices.Equal(got, []int{4, 5, 6}) {
		t.Errorf("kept %v, want 4, 5, 6", got)
	}
}

// TestUnfolded: what the shelf gives back is what was read.
func TestUnfolded(t *testing.T) {
	m := testMatcher(t)
	clauses := newGenerator(t, 5).standards("kept", 3000) // in six languages
	clauses[1].Text = "Die Brandschutztür muss nach DIN EN 1634-1 höchstens 5 cm Spalt haben, siehe 4.2."
	clauses[2].Text, clauses[2].Heading = "", ""
	clauses[3].Text += " At most 0.25 mA, 3 to 5 °C and 1/3 of the area unless it is dry, see 12, 17.5 and IEC 61140:2016, 5.2."
	dictionary := strangeTable(m, clauses[0], clauses[1200])
	for name, m := range map[string]*Matcher{"plain": m, "with a table": NewLearned(m.lex, m.model, dictionary)} {
		if err := m.Load(nil, clauses); err != nil {
			t.Fatal(err)
		}
		col := m.corpus.Load()
		conditions, outside := 0, 0
		for place := range col.size {
			if id := col.rows.id(place); place%97 > 0 && !slices.ContainsFunc(clauses[:4], func(c corpus.Clause) bool { return c.ID == id }) {
				continue
			}
			f := m.factsAt(col, place)
			if got := m.unfolded(col, place, f.fold()); !reflect.DeepEqual(got, f) {
				t.Fatalf("%s, %s:\n%+v\nwant\n%+v", name, f.clause.ID, got, f)
			}
			if size := len(f.fold()); size > 2000 {
				t.Errorf("%s is folded into %d bytes", f.clause.ID, size)
			}
			conditions, outside = conditions+len(f.reading.Conditions), outside+len(f.outside)
			if place > 0 && len(f.words) > 0 && reflect.DeepEqual(m.unfolded(col, place-1, f.fold()), f) {
				t.Errorf("%s is what another clause's sketch makes of it", f.clause.ID)
			}
		}
		if conditions == 0 || outside == 0 != (name == "plain") {
			t.Errorf("%s: %d conditions, %d words outside of terms", name, conditions, outside)
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
