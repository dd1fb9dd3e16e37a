package sparse

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand"
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

// readBack reads a file; the name of a place is that of the document there.
func readBack(like *Index, names []string, file []byte) (*Index, error) {
	r := NewReader(bytes.NewReader(file), int64(len(file)))
	ix := Read(r, len(names), func(place int) string { return names[like.order[place]] })
	return ix, r.Close()
}

func TestWrittenIndexFindsTheSame(t *testing.T) {
	ix, names, file := written(t)
	again, err := readBack(ix, names, file)
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

// TestDamagedFileIsRefused flips bytes, cuts the file and lengthens it, and then
// makes the checksum right again, so that what is inside is checked, too: then a
// file may be read, but no search of it may fail.
func TestDamagedFileIsRefused(t *testing.T) {
	ix, names, file := written(t)
	rng := rand.New(rand.NewSource(2))
	for i := range 40 {
		bad := slices.Clone(file)
		switch i % 4 {
		case 0:
			bad = bad[:rng.Intn(len(bad))]
		case 1:
			bad = append(bad, 0)
		default:
			bad[rng.Intn(len(bad))] ^= 1 << rng.Intn(8)
		}
		if _, err := readBack(ix, names, bad); !errors.Is(err, ErrDamaged) {
			t.Fatalf("damage %d: %v", i, err)
		}
	}
	refused := 0
	for range 60 {
		bad := slices.Clone(file)
		at := rng.Intn(len(bad) - 4)
		if rng.Intn(2) == 0 { // where lengths, numbers and slots stand
			at = rng.Intn(600_000)
		}
		bad[at] ^= 1 << rng.Intn(8)
		body := bad[:len(bad)-4]
		binary.LittleEndian.PutUint32(bad[len(body):], crc32.Checksum(body, castagnoli))
		again, err := readBack(ix, names, bad)
		if err != nil {
			refused++
			continue
		}
		for id := range uint32(300) {
			again.Search([]Term{{id, 1}, {(id + 1) % 300, 2}}, again.All(), 10)
			again.Search([]Term{{id, 1}}, again.Prefix("G01/"), 10)
		}
	}
	if refused == 0 {
		t.Error("no file with a right checksum was refused")
	}
}
