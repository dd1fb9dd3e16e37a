package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"concord/corpus"
	"concord/index"
	"concord/review"
)

// careOf makes a keeper over a small database, with a clock that the test moves.
func careOf(t *testing.T) (*keeper, *time.Time) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	must(t, "user", "--data", data, "add", "li.na", "--role", "reviewer", "--party", "CN")
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	e := env{stdout: os.Stdout, stderr: os.Stderr, getenv: func(string) string { return "" }}
	p, err := e.openProgram(t.Context(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	p.now, p.log = func() time.Time { return at }, slog.New(slog.DiscardHandler)
	ix, err := index.Open(t.Context(), p.config.indexFolder(), p.lexicon, index.Options{Database: p.indexed(), Log: p.log, Now: p.now})
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRuns(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{program: p, ix: ix, children: newChildReader(p.config), runs: r, started: at, ctx: context.Background()}
	t.Cleanup(func() { k.work.Wait(); r.wait(); ix.Close(); p.close() })
	return k, &at
}

// TestBackupIsTried writes backups: each is restored and checked at once, a damaged or
// missing one is told, the settings say how many stay, and the sound one is never
// dropped.
func TestBackupIsTried(t *testing.T) {
	k, at := careOf(t)
	ctx := t.Context()
	first, err := k.BackUp(ctx, "cli")
	if err != nil {
		t.Fatal(err)
	}
	path := func(b review.Backup) string { return filepath.Join(k.config.backupFolder(), b.File) }
	if info, err := os.Stat(path(first)); err != nil || info.Size() != first.Bytes || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if first.Tested.IsZero() || first.Problems != 0 || first.Rows < 1 {
		t.Errorf("not tried: %+v", first)
	}
	body, err := os.ReadFile(path(first))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func() error{
		"cut":     func() error { return os.Truncate(path(first), int64(len(body)/2)) },
		"nothing": func() error { return os.Truncate(path(first), 0) },
		"gone":    func() error { return os.Remove(path(first)) },
		"another": func() error { return os.WriteFile(path(first), []byte("hello"), 0o600) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if got, err := k.TryBackup(ctx, first.File, "cli"); err != nil || got.Problems == 0 {
			t.Errorf("%s: %d problems, %v", name, got.Problems, err)
		}
		if err := os.WriteFile(path(first), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := k.TryBackup(ctx, first.File, "cli"); err != nil || got.Problems != 0 {
		t.Errorf("whole again: %+v, %v", got, err)
	}
	if _, err := k.TryBackup(ctx, "../concord.db", "cli"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a file that is no backup: %v", err)
	}
	left, err := os.ReadDir(k.config.backupFolder())
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are left in the folder of backups, %v", len(left), err)
	}
	set := review.Settings{BackupHours: 6, BackupKeep: 2}
	if err := k.store.SaveSettings(ctx, set, "cli"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		want  int // backups then
	}{{6*time.Hour - time.Second, 1}, {time.Second, 2}, {time.Minute, 2}, {6 * time.Hour, 2}} {
		*at = at.Add(step.after)
		if err := k.backUpIfDue(ctx); err != nil {
			t.Fatal(err)
		}
		if all, err := k.store.Backups(ctx); err != nil || len(all) != step.want {
			t.Errorf("after %s: %d backups, %v", step.after, len(all), err)
		}
	}
	if _, err := os.Stat(path(first)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the oldest backup was not dropped: %v", err)
	}
	k.copying.Lock()
	if _, err := k.BackUp(ctx, "cli"); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("two at once: %v", err)
	}
	k.copying.Unlock()
	if report, err := k.store.Check(ctx); err != nil || !report.Sound() {
		t.Errorf("%v %v", report.Problems, err)
	}
}

// TestTheSoundBackupStays keeps the newest sound one, however many newer ones are not.
func TestTheSoundBackupStays(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	all := []review.Backup{{File: "4", Tested: day, Problems: 1}, {File: "3"}, {File: "2", Tested: day}, {File: "1", Tested: day}}
	for keep, want := range map[int]int{0: 0, 1: 2, 2: 1, 3: 1, 4: 0} {
		old := review.Settings{BackupKeep: keep}.Old(all)
		if len(old) != want {
			t.Errorf("of 4, keeping %d: %d go", keep, len(old))
		}
		for _, b := range old {
			if b.File == "2" {
				t.Errorf("keeping %d: the newest sound one goes", keep)
			}
		}
	}
}

// TestHealthAndRebuild measures the program and has the index built anew.
func TestHealthAndRebuild(t *testing.T) {
	k, _ := careOf(t)
	before, err := k.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if before.Database < 4096 || before.Schema < 21 || before.Engine == "" || before.AuditRows < 1 || before.Reading || before.Memory < 1<<20 {
		t.Errorf("%+v", before)
	}
	if err := k.RebuildIndex(t.Context(), "cli"); err != nil {
		t.Fatal(err)
	}
	k.work.Wait()
	after, err := k.Health(t.Context())
	if err != nil || after.IndexNumber <= before.IndexNumber {
		t.Errorf("generation %d, then %d, %v", before.IndexNumber, after.IndexNumber, err)
	}
	if after.AuditRows != before.AuditRows+1 {
		t.Error("the audit does not say who had the index built anew")
	}
	k.building.Lock()
	defer k.building.Unlock()
	if err := k.RebuildIndex(t.Context(), "cli"); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("two at once: %v", err)
	}
}
