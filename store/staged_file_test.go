package store_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"concord/corpus"
	"concord/corpus/staging"
	"concord/store"
)

// A file waits with its import as it was sent, once for all documents of it, with the
// pictures of its pages, and goes with the last of them.
func TestStagedFile(t *testing.T) {
	db := open(t)
	sent := bytes.Repeat([]byte("0123456789abcdef"), 150_000) // three pieces
	first := stage(t, db, "a.pdf", document("cn-gb-1-2020", "CN", "zh", 2))
	second, err := db.Stage(t.Context(), "a.pdf", first.Digest, "cli", document("cn-gb-2-2020", "CN", "zh", 2))
	if err != nil || second.Digest != first.Digest || second.ID == first.ID {
		t.Fatalf("two documents of one file: %+v %v", second, err)
	}
	kept := func(i staging.Import) staging.Kept {
		t.Helper()
		out, err := db.StagedKept(t.Context(), i.ID)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if _, err := db.StagedFile(t.Context(), first.ID); !errors.Is(err, corpus.ErrNotFound) || kept(first).Bytes != 0 {
		t.Errorf("before anything is kept: %v", err)
	}
	if err := db.KeepStagedPages(t.Context(), first.ID, map[int][]byte{1: []byte("PNG")}); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a picture of no file: %v", err)
	}
	for range 2 { // kept once
		if err := db.KeepStagedFile(t.Context(), first.ID, bytes.NewReader(sent)); err != nil {
			t.Fatal(err)
		}
	}
	for _, i := range []staging.Import{first, second} {
		file, err := db.StagedFile(t.Context(), i.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(file)
		if err != nil || !bytes.Equal(got, sent) || kept(i).Bytes != len(sent) {
			t.Errorf("%d bytes come back of %d, %v", len(got), len(sent), err)
		}
	}
	if err := db.KeepStagedPages(t.Context(), first.ID, map[int][]byte{2: []byte("two"), 7: []byte("seven")}); err != nil {
		t.Fatal(err)
	}
	if err := db.KeepStagedPages(t.Context(), first.ID, map[int][]byte{2: []byte("two again")}); err != nil {
		t.Fatal(err)
	}
	if got, err := db.StagedPage(t.Context(), second.ID, 2); err != nil || string(got) != "two again" || !slices.Equal(kept(second).Pages, []int{2, 7}) {
		t.Errorf("page 2 is %q, %v; kept %+v", got, err, kept(second))
	}
	if _, err := db.StagedPage(t.Context(), first.ID, 3); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a page without a picture: %v", err)
	}
	many := map[int][]byte{}
	for n := range staging.MaxPictures + 5 {
		many[100+n] = []byte("x")
	}
	if err := db.KeepStagedPages(t.Context(), first.ID, many); err != nil || len(kept(first).Pages) != staging.MaxPictures {
		t.Errorf("%d pictures are kept, %v", len(kept(first).Pages), err)
	}
	if err := db.KeepStagedPages(t.Context(), first.ID, map[int][]byte{1: make([]byte, staging.MaxPictureBytes+1)}); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("a picture without end: %v", err)
	}
	settle := func(i staging.Import) {
		t.Helper()
		if err := db.DiscardStaged(t.Context(), i.ID, i.Version, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	settle(first)
	if kept(first).Bytes != 0 || kept(second).Bytes != len(sent) {
		t.Errorf("after the first is settled: %+v, %+v", kept(first), kept(second))
	}
	settle(second)
	if kept(second).Bytes != 0 || rowsOf(t, db, "staged_files")+rowsOf(t, db, "staged_pages") != 0 {
		t.Errorf("after both are settled %+v is kept", kept(second))
	}
	if err := db.KeepStagedFile(t.Context(), first.ID, bytes.NewReader(sent)); err != nil || rowsOf(t, db, "staged_files") != 0 {
		t.Errorf("a file of a settled import is kept: %v", err)
	}
}

func rowsOf(t *testing.T, db *store.DB, table string) int64 {
	t.Helper()
	counts, err := db.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return counts[table]
}

// A file that does not fit is not kept, and its import waits all the same.
func TestStagedFileWithoutRoom(t *testing.T) {
	db := open(t)
	i := stage(t, db, "a.pdf", document("cn-gb-1-2020", "CN", "zh", 2))
	if err := db.KeepStagedFile(t.Context(), i.ID, io.LimitReader(zeros{}, staging.MaxStagedFiles+1)); err != nil {
		t.Fatal(err)
	}
	if kept, err := db.StagedKept(t.Context(), i.ID); err != nil || kept.Bytes != 0 || rowsOf(t, db, "staged_files") != 0 {
		t.Errorf("kept %+v, %v", kept, err)
	}
	torn := errors.New("torn")
	if err := db.KeepStagedFile(t.Context(), i.ID, io.MultiReader(bytes.NewReader(make([]byte, 3<<20)), failing{torn})); !errors.Is(err, torn) || rowsOf(t, db, "staged_files") != 0 {
		t.Errorf("a file that tears: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
