package matcher

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"concord/matcher/sparse"
)

// TestGlanceIsTheComparison holds the score of a sketch against that of a comparison of
// all that both clauses say: they are the same to the last bit, within one language and
// across, with all that a clause can have.
func TestGlanceIsTheComparison(t *testing.T) {
	m := testMatcher(t)
	clauses := newGenerator(t, 5).standards("kept", 1100) // three standards in three languages
	for i := range clauses {
		if i%3 == 0 {
			clauses[i].Text += " ISO 9001:2015 applies, as do IEC 61140 and at most 20 mm. Fire door, fire door."
		}
	}
	clauses[4].Text, clauses[4].Heading, clauses[4].Path = "", "", nil // nothing at all
	if err := m.Load(nil, clauses); err != nil {
		t.Fatal(err)
	}
	scores := make(map[float64]bool)
	for _, c := range append(newGenerator(t, 6).standards("new", 3), clauses[0], clauses[1], clauses[4], clauses[600]) {
		s := m.scene("asked", nil)
		a := m.ask(s, c)
		for place := 0; place < len(clauses); place += 7 {
			v, _ := m.target(s, a.view, place)
			want := m.total(newComparison(a.view, v, nil, -1, -1, nil), true)
			if got := m.glanceAt(s, a, place); got != want {
				t.Fatalf("%s and %s: %v by the sketch, %v compared", c.ID, s.col.rows.id(place), got, want)
			}
			scores[want] = true
		}
	}
	if len(scores) < 500 {
		t.Errorf("only %d different scores", len(scores))
	}
}

// TestSketchesAreChecked: bytes that are no sketches are refused, at once or by the first
// look at them, and nothing that is taken makes a look leave its lists.
func TestSketchesAreChecked(t *testing.T) {
	m := testMatcher(t)
	clauses := newGenerator(t, 5).standards("kept", 4)
	if err := m.Load(nil, clauses); err != nil {
		t.Fatal(err)
	}
	col := m.corpus.Load()
	written := func(s *sketches) []byte {
		var out bytes.Buffer
		w := sparse.NewWriter(&out)
		s.write(w)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	path := filepath.Join(t.TempDir(), "sketches")
	read := func(s *sketches) bool {
		t.Helper()
		if err := os.WriteFile(path, written(s), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := sparse.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		col.file, col.sketches = p, readSketches(p, len(clauses), col.whole.numbers.count)
		return p.End() == nil
	}
	good := *col.sketches
	if !read(&good) {
		t.Fatal("what was written is refused")
	}
	if !bytes.Equal(written(&good), written(col.sketches)) {
		t.Fatal("what was read is written otherwise")
	}
	s := m.scene("asked", nil)
	a := m.ask(s, newGenerator(t, 6).standards("new", 1)[0])
	refused := 0
	for at := range good.list[0].Len() {
		bad, block := good, bytes.Clone(good.list[0].All())
		block[at] ^= []byte{1, 0x80, 0x7f}[at%3]
		bad.list = []sparse.List[byte]{sparse.ListOf(block)}
		if !read(&bad) {
			t.Fatalf("byte %d: refused unseen", at)
		}
		for place := range clauses {
			if score := m.glanceAt(s, a, place); math.IsNaN(score) {
				t.Fatalf("byte %d: no score", at)
			}
		}
		if errors.Is(col.damaged(), sparse.ErrDamaged) {
			refused++
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
	for name, spoil := range map[string]func(s *sketches){
		"a clause less": func(s *sketches) { s.starts = s.starts[1:] },
		"a length less": func(s *sketches) { s.norms = sparse.ListOf(s.norms.All()[1:]) },
		"no names":      func(s *sketches) { s.names = interned[string]{} },
	} {
		bad := good
		spoil(&bad)
		if read(&bad) {
			t.Errorf("%s: taken", name)
		}
	}
	for name, spoil := range map[string]func(s *sketches){
		"a start behind the end": func(s *sketches) { s.starts = append([]uint32{}, s.starts...); s.starts[3] = 1 << 30 },
		"no amounts":             func(s *sketches) { s.amounts = interned[amount]{} },
		"no values":              func(s *sketches) { s.values = interned[float32]{} },
	} {
		bad := good
		spoil(&bad)
		if !read(&bad) {
			t.Errorf("%s: refused unseen", name)
		}
		for place := range clauses {
			m.glanceAt(s, a, place)
		}
		if !errors.Is(col.damaged(), sparse.ErrDamaged) {
			t.Errorf("%s: nothing was said", name)
		}
	}
}
