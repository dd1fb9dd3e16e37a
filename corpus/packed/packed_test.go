package packed_test

import (
	"bytes"
	"testing"
	"testing/fstest"

	"concord/corpus/packed"
)

func TestPackAndOpen(t *testing.T) {
	folder := fstest.MapFS{
		"data/a.tsv":     {Data: []byte("one\n")},
		"data/deep/b.md": {Data: []byte("两")},
		"top.tsv":        {Data: []byte("three")},
		"left/out.txt":   {Data: []byte("not packed")},
	}
	roots := []string{"data", "top.tsv"}
	archive, err := packed.Pack(folder, roots...)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := packed.Pack(folder, roots...); err != nil || !bytes.Equal(archive, again) {
		t.Errorf("the same files give other bytes: %v", err)
	}
	inside := packed.Open(archive)
	if name, err := packed.Unlike(folder, inside, roots...); name != "" || err != nil {
		t.Errorf("%s %v", name, err)
	}
	if _, err := inside.Open("left/out.txt"); err == nil {
		t.Error("a file that was not named is inside")
	}
	for name, change := range map[string]func(fstest.MapFS){
		"data/a.tsv":     func(f fstest.MapFS) { f["data/a.tsv"] = &fstest.MapFile{Data: []byte("changed")} },
		"data/new.tsv":   func(f fstest.MapFS) { f["data/new.tsv"] = &fstest.MapFile{} },
		"data/deep/b.md": func(f fstest.MapFS) { delete(f, "data/deep/b.md") },
	} {
		other := fstest.MapFS{}
		for k, v := range folder {
			other[k] = v
		}
		change(other)
		if got, err := packed.Unlike(other, inside, roots...); got != name || err != nil {
			t.Errorf("%s changed: %q, %v", name, got, err)
		}
	}
}

func TestBadArchiveHasNoFiles(t *testing.T) {
	if _, err := packed.Open([]byte("\xfd7zXZ no archive")).Open("data"); err == nil {
		t.Error("a file of a broken archive")
	}
	if _, err := packed.Pack(fstest.MapFS{}, "missing"); err == nil {
		t.Error("a folder that is not there was packed")
	}
}
