package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
	"concord/store"
)

func TestFilesBelongToTheOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with blank & 100% #1.db")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	db := openAt(t, path, time.Now)
	save(t, db, document("cn-a", "CN", "zh", 2))
	names, err := filepath.Glob(filepath.Dir(path) + "/*")
	if err != nil || len(names) != 3 {
		t.Fatalf("database, log and index of the log should lie there: %q, %v", names, err)
	}
	for _, name := range names {
		if !strings.HasPrefix(name, path) {
			t.Errorf("%s has another name than %s", name, path)
		}
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has %v, %v", filepath.Base(name), info.Mode(), err)
		}
	}
}

// What is not ours, or too new, is refused in words and left as it is.
func TestOpenRefuses(t *testing.T) {
	cases := []struct {
		name string
		make func(t *testing.T, path string)
		want error
	}{
		{"a newer schema", func(t *testing.T, path string) {
			db, err := store.Open(t.Context(), path, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			r := raw(t, path)
			runSQL(t, r, "PRAGMA user_version = 99")
			r.Close()
		}, store.ErrNewer},
		{"another program's database", func(t *testing.T, path string) {
			r := raw(t, path)
			runSQL(t, r, "CREATE TABLE notes (id INTEGER); PRAGMA user_version = 1")
			r.Close()
		}, store.ErrForeign},
		{"a text", func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, store.ErrForeign},
		{"a folder that is missing", func(t *testing.T, path string) {
			if err := os.Remove(filepath.Dir(path)); err != nil {
				t.Fatal(err)
			}
		}, os.ErrNotExist},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sub", "concord.db")
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			c.make(t, path)
			before, _ := os.ReadFile(path)
			db, err := store.Open(t.Context(), path, store.Options{})
			if err == nil {
				db.Close()
			}
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			after, _ := os.ReadFile(path)
			if !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
	t.Run("a folder instead of a file", func(t *testing.T) {
		if db, err := store.Open(t.Context(), t.TempDir(), store.Options{}); err == nil {
			db.Close()
			t.Error("a folder was opened")
		}
	})
}

// Opening again changes nothing and finds everything.
func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "concord.db")
	var generation string
	for i := range 3 {
		db, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			generation = db.Generation()
			newScene(t, db, review.PolicyOneReviewer, 4)
		}
		if n, err := db.Counts(t.Context()); err != nil || n["matches"] != 4 || db.Generation() != generation {
			t.Errorf("opening %d: %v, generation %s, %v", i, n, db.Generation(), err)
		}
		sound(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Backups made while people answer pass every check and hold every decision
// acknowledged before they began.
func TestBackupWhileWriting(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 40)
	var acknowledged sync.Map
	var slowest atomic.Int64
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for i := range 6 {
		p := person(t, db, fmt.Sprintf("p%d", i), review.RoleReviewer, []review.Party{"CN", "RU"}[i%2])
		wg.Go(func() {
			for n := i; ctx.Err() == nil; n++ {
				m, _, err := db.Match(context.Background(), s.matches[n%len(s.matches)].ID)
				if err != nil {
					t.Error(err)
					return
				}
				begun := time.Now()
				_, made, err := s.desk.Decide(context.Background(), p, opinion(m, review.VerdictUnsure))
				if errors.Is(err, corpus.ErrConflict) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				acknowledged.Store(made.ID, true)
				for took := int64(time.Since(begun)); ; {
					was := slowest.Load()
					if took <= was || slowest.CompareAndSwap(was, took) {
						break
					}
				}
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	generations := map[string]bool{db.Generation(): true}
	for i := range 5 {
		time.Sleep(30 * time.Millisecond)
		var before []any
		acknowledged.Range(func(id, _ any) bool { before = append(before, id); return true })
		path := filepath.Join(t.TempDir(), fmt.Sprintf("backup %d.db", i))
		if err := db.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the backup has %v, %v", info.Mode(), err)
		}
		restored := openAt(t, path, time.Now)
		sound(t, restored)
		generations[restored.Generation()] = true
		kept := map[any]bool{}
		for after := int64(0); ; {
			part, err := restored.Decisions(t.Context(), after, 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(part) == 0 {
				break
			}
			for _, d := range part {
				kept[d.ID] = true
				after = d.Seq
			}
		}
		for _, id := range before {
			if !kept[id] {
				t.Errorf("backup %d lacks decision %v", i, id)
			}
		}
		t.Logf("backup %d: %d decisions, %d acknowledged before", i, len(kept), len(before))
		if len(before) == 0 {
			t.Error("nothing was acknowledged before, so nothing was shown")
		}
	}
	stop()
	wg.Wait()
	t.Logf("slowest answer meanwhile %v", time.Duration(slowest.Load()))
	if len(generations) != 6 {
		t.Errorf("each backup is a database of its own, got %d generations", len(generations))
	}
}

func TestBackupRefuses(t *testing.T) {
	db := open(t)
	save(t, db, document("cn-a", "CN", "zh", 2))
	dir := t.TempDir()
	path := filepath.Join(dir, "backup.db")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), path); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("an existing file gives %v", err)
	}
	if body, err := os.ReadFile(path); err != nil || string(body) != "precious" {
		t.Errorf("the existing file is now %q, %v", body, err)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "none", "backup.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing folder gives %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Backup(ended, filepath.Join(dir, "second.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context gives %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("something was left behind: %v, %v", left, err)
	}
}

// A file that was damaged is reported, not served as if it were whole.
func TestCheckFindsDamage(t *testing.T) {
	path := auditScene(t)
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	const tries = 20
	for i := range tries {
		damaged := bytes.Clone(body)
		page := 1 + i*(len(body)/4096-1)/tries
		for at := page * 4096; at < page*4096+64; at++ {
			damaged[at] ^= 0xff
		}
		copied := filepath.Join(t.TempDir(), "concord.db")
		if err := os.WriteFile(copied, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if damageFound(t, copied) {
			found++
		} else {
			t.Errorf("damage to page %d was not found", page+1)
		}
	}
	t.Logf("%d of %d damaged files found", found, tries)
}

// damageFound opens and checks a file.
func damageFound(t *testing.T, path string) bool {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		return true
	}
	defer db.Close()
	r, err := db.Check(t.Context())
	return err != nil || !r.Sound()
}
