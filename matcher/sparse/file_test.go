package sparse

import (
	"bytes"
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"
)

// written is an index of two shards as a file has it.
func written(t *testing.T) (*Index, []string, []byte) {
	t.Helper()
	bags, names := generated(11, ShardDocs+500, 300, 3, 2, 8)
	ix := built(t, bags, names)
	var file bytes.Buffer
	w := NewWriter(&file)
	ix.Write(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return ix, names, file.Bytes()
}

// readBack opens a file; the name of a place is that of the document there.
func readBack(like *Index, names []string, file []byte) (*Index, *Pages, error) {
	p := newPages(file)
	ix := Read(p, len(names), func(place int) string { return names[like.order[place]] })
	return ix, p, p.End()
}

// askAll asks for every term.
func askAll(ix *Index) (out [][]Hit) {
	for id := range uint32(300) {
		out = append(out, ix.Search([]Term{{id, 1}, {(id + 1) % 300, 2}}, ix.All(), 10), ix.Search([]Term{{id, 1}}, ix.Prefix("G01/"), 10))
	}
	return out
}

func TestWrittenIndexFindsTheSame(t *testing.T) {
	ix, names, file := written(t)
	again, _, err := readBack(ix, names, file)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewSource(1))
	for range 20 {
		query := []Term{{uint32(rng.Intn(300)), 1}, {uint32(rng.Intn(300)), 2}, {uint32(rng.Intn(300)), 3}}
		for _, prefix := range []string{"", "G01/"} {
			want, got := ix.Search(query, ix.Prefix(prefix), 20), again.Search(query, again.Prefix(prefix), 20)
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Fatalf("query %v in %q: %v, want %v", query, prefix, got, want)
			}
		}
	}
}

// TestDamageIsFoundBeforeItCounts flips bytes, cuts the file and lengthens it: it is
// refused at once, or by whoever asks for what is damaged, and what was found without a
// word of damage is right.
func TestDamageIsFoundBeforeItCounts(t *testing.T) {
	ix, names, file := written(t)
	want := askAll(ix)
	rng := rand.New(rand.NewSource(2))
	atOnce, later := 0, 0
	for i := range 60 {
		bad := slices.Clone(file)
		switch i % 6 {
		case 0:
			bad = bad[:rng.Intn(len(bad))]
		case 1:
			bad = append(bad, 0)
		default:
			bad[rng.Intn(len(bad))] ^= 1 << rng.Intn(8)
		}
		again, pages, err := readBack(ix, names, bad)
		if err != nil {
			if atOnce++; !errors.Is(err, ErrDamaged) {
				t.Fatalf("damage %d: %v", i, err)
			}
			continue
		}
		if i%6 < 2 {
			t.Fatalf("damage %d: a file of another length was taken", i)
		}
		for id, hits := range askAll(again) {
			if pages.Damaged() != nil {
				break
			}
			if !slices.Equal(hits, want[id]) {
				t.Fatalf("damage %d: search %d finds something else and says nothing", i, id)
			}
		}
		if later++; !errors.Is(pages.Damaged(), ErrDamaged) {
			t.Errorf("damage %d: every list was looked at and nothing was said", i)
		}
	}
	if atOnce == 0 || later == 0 {
		t.Errorf("%d files were refused at once, %d later", atOnce, later)
	}
	if again, pages, err := readBack(ix, names, file); err != nil || len(askAll(again)) == 0 || pages.Damaged() != nil {
		t.Errorf("the whole file is refused: %v, %v", err, pages.Damaged())
	}
}

// TestTamperedFileIsSafe makes the checksums right again, so that what is inside is
// checked, too: then a file may be taken, but no search of it may fail.
func TestTamperedFileIsSafe(t *testing.T) {
	ix, names, file := written(t)
	rng := rand.New(rand.NewSource(2))
	refused, found := 0, 0
	for range 60 {
		body := slices.Clone(newPages(file).data)
		at := rng.Intn(len(body))
		if rng.Intn(2) == 0 { // where lengths, numbers and slots stand
			at = rng.Intn(600_000)
		}
		body[at] ^= 1 << rng.Intn(8)
		var sums pageSums
		sums.add(body)
		again, pages, err := readBack(ix, names, append(body, sums.tail()...))
		if err != nil {
			refused++
			continue
		}
		askAll(again)
		if pages.Damaged() != nil {
			found++
		}
	}
	if refused == 0 || found == 0 {
		t.Errorf("of files with right checksums %d were refused, %d when they were searched", refused, found)
	}
}

// TestOpen: a file is mapped and searched after it was removed; one that is damaged is
// removed by whoever finds out.
func TestOpen(t *testing.T) {
	ix, names, file := written(t)
	path := filepath.Join(t.TempDir(), "postings")
	open := func(file []byte) (*Index, *Pages) {
		t.Helper()
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		return Read(p, len(names), func(place int) string { return names[ix.order[place]] }), p
	}
	again, pages := open(file)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(askAll(again), askAll(ix)) || pages.Damaged() != nil {
		t.Error("a file that was removed finds something else")
	}
	file[len(file)/2] ^= 1
	again, pages = open(file)
	if err := pages.End(); err != nil {
		t.Fatal(err)
	}
	askAll(again)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) || pages.Damaged() == nil {
		t.Errorf("the damaged file is still there: %v", err)
	}
	for name, size := range map[string]int{"an empty file": 0, "a short one": 7} {
		if err := os.WriteFile(path, file[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := Open(path)
		if err == nil {
			err = p.Err()
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	runtime.KeepAlive(pages)
}
