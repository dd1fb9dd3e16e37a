package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
	"concord/store"
)

// stage keeps a document apart or ends the test.
func stage(t testing.TB, db *store.DB, file string, doc *corpus.Document) staging.Import {
	t.Helper()
	i, err := db.Stage(t.Context(), file, "digest of "+file, "cli", doc)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// actions counts the audit rows of imports by action.
func actions(t *testing.T, db *store.DB) map[string]int {
	t.Helper()
	rows, err := db.Audit(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.Action]++
	}
	return out
}

func merge(key string) func(*staging.Import) error {
	return func(i *staging.Import) error {
		return i.Correct(staging.Operation{Act: staging.Merge, Clause: key, Join: "\n"})
	}
}

func TestStageRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	db, err := store.Open(t.Context(), path, store.Options{Now: func() time.Time { return start }})
	if err != nil {
		t.Fatal(err)
	}
	doc := document("cn-gb-1-2020", "CN", "zh", 3, "<script>alert(1)</script>", "x\u202ey")
	doc.Problems = []corpus.Problem{{Severity: corpus.SeverityWarning, Place: "clause 5.1", Message: "look"}}
	i := stage(t, db, "a/b/стандарт.txt", doc)
	if again := stage(t, db, "a/b/стандарт.txt", doc); again.ID != i.ID {
		t.Error("the same file waits twice")
	}
	if _, err := db.CorrectStaged(t.Context(), i.ID, 1, merge("5.3")); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openAt(t, path, time.Now)
	got, err := db.Staged(t.Context(), i.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Document, doc) {
		t.Errorf("the document as read came back as %+v", got.Document)
	}
	if got.File != "стандарт.txt" || got.State != staging.Staged || got.By != "cli" || !got.At.Equal(start) || got.Version != 2 || got.Clauses != 2 || got.Warnings != 1 || len(got.Operations) != 1 {
		t.Errorf("%+v", got)
	}
	s, err := got.Corrected()
	if err != nil || len(s.Document().Clauses) != 2 {
		t.Errorf("%v, %+v", err, s)
	}
	list, err := db.StagedList(t.Context(), staging.Staged, uuid.Nil, 10)
	if err != nil || len(list) != 1 || list[0].ID != i.ID || list[0].Corrections != 1 || list[0].Document != nil {
		t.Errorf("%v, %+v", err, list)
	}
}

// Nothing that waits is among the standards, the clauses or the changes.
func TestStagedIsNowhereElse(t *testing.T) {
	db := open(t)
	i := stage(t, db, "a.txt", document("cn-gb-1-2020", "CN", "zh", 3))
	nowhere := func() {
		t.Helper()
		holdings, err := db.Standards(t.Context())
		if err != nil || len(holdings) != 0 {
			t.Errorf("standards: %v %v", holdings, err)
		}
		changes, err := db.Changes(t.Context(), 0, 10)
		if err != nil || len(changes) != 0 {
			t.Errorf("an index would hear of %v %v", changes, err)
		}
		found, err := db.Clauses(t.Context(), "cn-gb-1-2020/5.1")
		if err != nil || len(found) != 0 {
			t.Errorf("clauses: %v %v", found, err)
		}
	}
	nowhere()
	if err := db.DiscardStaged(t.Context(), i.ID, 1, "cli"); err != nil {
		t.Fatal(err)
	}
	nowhere()
	got, err := db.Staged(t.Context(), i.ID)
	if err != nil || got.State != staging.Discarded || got.Document != nil || got.SettledBy != "cli" {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := got.Corrected(); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a dropped text: %v", err)
	}
	again := stage(t, db, "a.txt", document("cn-gb-1-2020", "CN", "zh", 3))
	if again.ID == i.ID {
		t.Fatal("a discarded file cannot be staged again")
	}
	doc := document("cn-gb-1-2020", "CN", "zh", 3)
	if _, err := db.AcceptStaged(t.Context(), again.ID, 1, "cli", doc); err != nil {
		t.Fatal(err)
	}
	if changes, err := db.Changes(t.Context(), 0, 10); err != nil || len(changes) != 3 {
		t.Errorf("accepted: an index hears of %d changes, %v", len(changes), err)
	}
	if got := actions(t, db); got["import.staged"] != 2 || got["import.discarded"] != 1 || got["import.accepted"] != 1 || got["standard.saved"] != 1 {
		t.Errorf("audit %v", got)
	}
	if r, err := db.Check(t.Context()); err != nil || !r.Sound() || r.Counts["staged"] != 2 || r.Counts["staged_documents"] != 1 {
		t.Errorf("%+v %v", r, err)
	}
}

// Accepting goes the way of Save: decisions on changed texts become suspect, and
// Affected said so before.
func TestAcceptMakesSuspect(t *testing.T) {
	s, _, _ := agreed(t, open(t))
	clauses, err := s.db.ClausesOf(t.Context(), s.dossier.Sides[0].Standards[0])
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.db.Standard(t.Context(), s.dossier.Sides[0].Standards[0])
	if err != nil {
		t.Fatal(err)
	}
	doc := &corpus.Document{Standard: h.Standard, Clauses: clauses}
	doc.Clauses[0].Text += " And more."
	doc.Clauses[2].Text += " And more."
	affected, err := s.db.Affected(t.Context(), doc)
	want := []staging.Affected{{Dossier: s.dossier.ID, Name: s.dossier.Name, Suspect: 2}}
	if err != nil || !reflect.DeepEqual(affected, want) {
		t.Fatalf("%+v %v, want %+v", affected, err, want)
	}
	i := stage(t, s.db, "new.txt", doc)
	diff, err := s.db.AcceptStaged(t.Context(), i.ID, 1, "cli", doc)
	if err != nil || diff.Suspect != 2 || len(diff.Changed) != 2 {
		t.Errorf("%+v %v", diff, err)
	}
	if m, _, err := s.db.Match(t.Context(), s.matches[0].ID); err != nil || !m.Suspect {
		t.Errorf("the match is not suspect: %v", err)
	}
	if after, err := s.db.Affected(t.Context(), doc); err != nil || len(after) != 0 {
		t.Errorf("accepted, and it would still change %+v %v", after, err)
	}
}

// Twenty people accept, discard and correct the same import at once: one of them
// settles it, once.
func TestSettleOnce(t *testing.T) {
	db := open(t)
	for _, change := range []string{"accept", "mixed"} {
		doc := document("cn-gb-1-2020", "CN", "zh", 5)
		i := stage(t, db, change, doc)
		var done, conflicts atomic.Int32
		var wg sync.WaitGroup
		for n := range 20 {
			wg.Go(func() {
				var err error
				switch {
				case change == "accept" || n%3 == 0:
					_, err = db.AcceptStaged(context.Background(), i.ID, 1, fmt.Sprint("p", n), doc)
				case n%3 == 1:
					err = db.DiscardStaged(context.Background(), i.ID, 1, fmt.Sprint("p", n))
				default:
					_, err = db.CorrectStaged(context.Background(), i.ID, 1, merge("5.2"))
				}
				switch {
				case err == nil:
					done.Add(1)
				case errors.Is(err, corpus.ErrConflict):
					conflicts.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 || conflicts.Load() != 19 {
			t.Errorf("%s: %d succeeded, %d were too late", change, done.Load(), conflicts.Load())
		}
	}
}

// A refused acceptance saves nothing, and the import waits on.
func TestAcceptAllOrNothing(t *testing.T) {
	db := open(t)
	doc := document("cn-gb-1-2020", "CN", "zh", 2)
	i := stage(t, db, "a", doc)
	bad := document("cn-gb-1-2020", "CN", "zh", 2)
	bad.Clauses[1].ID = bad.Clauses[0].ID
	if _, err := db.AcceptStaged(t.Context(), i.ID, 1, "cli", bad); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("an unsound document: %v", err)
	}
	if _, err := db.AcceptStaged(t.Context(), i.ID, 7, "cli", doc); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("another version: %v", err)
	}
	if _, err := db.AcceptStaged(t.Context(), newID(t), 1, "cli", doc); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown import: %v", err)
	}
	if _, err := db.CorrectStaged(t.Context(), i.ID, 1, merge("9.9")); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a correction of no clause: %v", err)
	}
	got, err := db.Staged(t.Context(), i.ID)
	if err != nil || got.State != staging.Staged || got.Version != 1 || len(got.Operations) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	if all, err := db.Standards(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("something was saved: %v %v", all, err)
	}
}

func TestStageLimits(t *testing.T) {
	db := open(t)
	large := document("cn-gb-9-2020", "CN", "zh", 70)
	for i := range large.Clauses {
		large.Clauses[i].Text = strings.Repeat("a", corpus.MaxClauseBytes)
	}
	if _, err := db.Stage(t.Context(), "large", "d", "cli", large); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("70 MB: %v", err)
	}
	small := document("cn-gb-1-2020", "CN", "zh", 1)
	var first staging.Import
	for n := range staging.MaxStaged {
		i := stage(t, db, fmt.Sprint("f", n), small)
		if n == 0 {
			first = i
		}
	}
	if _, err := db.Stage(t.Context(), "more", "more", "cli", small); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("one more than %d: %v", staging.MaxStaged, err)
	}
	if err := db.DiscardStaged(t.Context(), first.ID, 1, "cli"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Stage(t.Context(), "more", "more", "cli", small); err != nil {
		t.Errorf("after one was discarded: %v", err)
	}
	counts, err := db.StagedCounts(t.Context())
	if err != nil || counts[staging.Staged] != staging.MaxStaged || counts[staging.Discarded] != 1 {
		t.Errorf("%v %v", counts, err)
	}
}

func TestEarlierCorrections(t *testing.T) {
	db := open(t)
	if _, err := db.EarlierCorrections(t.Context(), "GB 50016-2018"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("there are none: %v", err)
	}
	doc := document("cn-gb-50016-2014", "CN", "zh", 3)
	doc.Standard.Designation = "GB 50016-2014"
	i := stage(t, db, "a", doc)
	i, err := db.CorrectStaged(t.Context(), i.ID, 1, merge("5.2"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := i.Corrected()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.AcceptStaged(t.Context(), i.ID, i.Version, "cli", s.Document()); err != nil {
		t.Fatal(err)
	}
	got, err := db.EarlierCorrections(t.Context(), "GB 50016-2018")
	if err != nil || got.ID != i.ID || len(got.Operations) != 1 {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := db.EarlierCorrections(t.Context(), "GB 50017-2014"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("another standard's: %v", err)
	}
}
