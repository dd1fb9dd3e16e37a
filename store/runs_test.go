package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// TestRunQueue holds the bound of the queue, its order, what is left behind and
// who may keep a run's end.
func TestRunQueue(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	db, err := Open(ctx, filepath.Join(t.TempDir(), "c.db"), Options{Now: func() time.Time { now = now.Add(time.Second); return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i, id := range []corpus.StandardID{"a-1", "b-1"} {
		c := corpus.Clause{ID: corpus.NewClauseID(id, "1"), Standard: id, Label: "1", Kind: corpus.KindRequirement, Language: "en", Text: fmt.Sprintf("Doors shall be %d m wide.", i)}
		d := &corpus.Document{Standard: corpus.Standard{ID: id, Designation: string(id), Jurisdiction: "CN", Language: "en", Rights: corpus.RightsFull, Status: corpus.StatusInForce}, Clauses: []corpus.Clause{c}}
		if _, err := db.Save(ctx, d, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	what := review.RunRequest{Kind: review.RunWhole, Least: review.RunLeast}
	var asked []review.Run
	dossier := func(i int) uuid.UUID {
		t.Helper()
		d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: fmt.Sprint("D", i), Policy: review.PolicyOneReviewer, Sides: []review.Side{
			{Party: "CN", Standards: []corpus.StandardID{"a-1"}}, {Party: "RU", Standards: []corpus.StandardID{"b-1"}}}}
		if err := db.SaveDossier(ctx, d, "cli"); err != nil {
			t.Fatal(err)
		}
		return d.ID
	}
	for i := range review.MaxWaitingRuns {
		r, err := db.AddRun(ctx, dossier(i), what, "cli", review.RunServer)
		if err != nil {
			t.Fatal(err)
		}
		asked = append(asked, r)
	}
	last := dossier(99)
	if _, err := db.AddRun(ctx, last, what, "cli", review.RunServer); !errors.Is(err, review.ErrQueueFull) {
		t.Errorf("a queue without an end: %v", err)
	}
	if _, err := db.AddRun(ctx, asked[0].Dossier, what, "cli", review.RunCommand); !errors.Is(err, review.ErrRunning) {
		t.Errorf("twice: %v", err)
	}
	first, err := db.NextRun(ctx)
	if err != nil || first.ID != asked[0].ID || first.State != review.RunWorking {
		t.Fatalf("%v %+v", err, first)
	}
	here, err := db.AddRun(ctx, last, what, "cli", review.RunCommand)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.InterruptRuns(ctx, false, time.Hour); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[uuid.UUID]review.RunState{first.ID: review.RunWorking, here.ID: review.RunWorking} {
		if r, _ := db.Run(ctx, id); r.State != want {
			t.Errorf("nothing was left behind, but %s", r.State)
		}
	}
	if err := db.InterruptRuns(ctx, true, time.Hour); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[uuid.UUID]review.RunState{first.ID: review.RunInterrupted, here.ID: review.RunWorking, asked[1].ID: review.RunWaiting} {
		if r, _ := db.Run(ctx, id); r.State != want {
			t.Errorf("%s instead of %s", r.State, want)
		}
	}
	first.State, first.Done = review.RunDone, 1
	if err := db.SaveRun(ctx, first); !errors.Is(err, review.ErrRunEnded) {
		t.Errorf("done after it was interrupted: %v", err)
	}
	if r, _ := db.Run(ctx, first.ID); r.State != review.RunInterrupted || r.Done != 1 {
		t.Errorf("%+v", r)
	}
	now = now.Add(2 * time.Hour)
	if err := db.InterruptRuns(ctx, false, time.Hour); err != nil {
		t.Fatal(err)
	}
	if r, _ := db.Run(ctx, here.ID); r.State != review.RunInterrupted {
		t.Errorf("a silent command line: %s", r.State)
	}
	page, err := db.Runs(ctx, review.RunFilter{States: []review.RunState{review.RunWaiting}, Order: review.RunsOldest, Offset: 1, Limit: 2})
	if err != nil || page.Total != review.MaxWaitingRuns-1 || len(page.Runs) != 2 || page.Runs[0].ID != asked[2].ID {
		t.Errorf("%v %+v", err, page)
	}
	if report, err := db.Check(ctx); err != nil || !report.Sound() {
		t.Errorf("%v %v", err, report.Problems)
	}
}
