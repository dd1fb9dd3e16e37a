package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"concord/corpus"
	"concord/index"
	"concord/review"
	"concord/web"
)

// keeper looks after a running server: how it is, backups, the index. It stands behind
// the page of health and writes backups by itself when the settings say so.
type keeper struct {
	*program
	ix       *index.Index
	children *childReader
	runs     *runs
	started  time.Time

	building sync.Mutex // one building of the index at a time
	signing  sync.Mutex // the key of the audit is made once
	copying  sync.Mutex // one backup or trial at a time
	work     sync.WaitGroup
	ctx      context.Context // of the server, for what goes on behind a request
}

// Health measures the program. What cannot be measured stays zero; only the database
// must answer.
func (k *keeper) Health(ctx context.Context) (web.Health, error) {
	v, err := k.store.Vitals(ctx)
	if err != nil {
		return web.Health{}, err
	}
	last, err := k.store.LastMark(ctx)
	if err != nil {
		return web.Health{}, err
	}
	live, err := k.runs.LiveRuns(ctx)
	if err != nil {
		return web.Health{}, err
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	h := web.Health{
		Database: v.Bytes, WAL: v.WAL, ReadOnly: k.store.ReadOnly(), AuditRows: v.AuditRows, Schema: v.Schema, Engine: v.Engine,
		IndexNumber: k.ix.Number(), IndexBehind: max(0, last-k.ix.Mark()), Reading: k.children.up(), Memory: int64(memory.Sys - memory.HeapReleased),
		Started: k.started, Version: version, Language: runtime.Version(), Folder: k.config.backupFolder(),
	}
	h.IndexClauses, _ = k.ix.Count() // a closed index has none
	h.Free, h.Disk = diskSpace(k.config.Data)
	for _, r := range live {
		if r.State == review.RunWorking {
			h.Running++
		} else {
			h.Waiting++
		}
	}
	return h, nil
}

// up tells whether the process that reads files runs. One that is reading now does.
func (r *childReader) up() bool {
	if !r.mu.TryLock() {
		return true
	}
	defer r.mu.Unlock()
	return r.child != nil
}

// errCareBusy says that the same is under way already.
var errCareBusy = fmt.Errorf("this is under way already: %w", corpus.ErrConflict)

// BackUp writes a backup, tries to restore it, and drops what no longer stays.
func (k *keeper) BackUp(ctx context.Context, actor string) (review.Backup, error) {
	if !k.copying.TryLock() {
		return review.Backup{}, errCareBusy
	}
	defer k.copying.Unlock()
	folder := k.config.backupFolder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return review.Backup{}, fmt.Errorf("make the folder of backups: %w", err)
	}
	at := k.now().UTC()
	b := review.Backup{File: "concord-" + at.Format("20060102-150405.000") + ".db", At: at}
	path := filepath.Join(folder, b.File)
	if err := k.store.Backup(ctx, path); err != nil {
		return b, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return b, fmt.Errorf("measure the backup: %w", err)
	}
	b.Bytes = info.Size()
	if err := k.store.NoteBackup(ctx, b, "made", actor); err != nil {
		return b, err
	}
	if b, err = k.try(ctx, b, actor); err != nil {
		return b, err
	}
	return b, k.dropOld(ctx)
}

// TryBackup tries to restore a backup that was noted.
func (k *keeper) TryBackup(ctx context.Context, file, actor string) (review.Backup, error) {
	if !k.copying.TryLock() {
		return review.Backup{}, errCareBusy
	}
	defer k.copying.Unlock()
	all, err := k.store.Backups(ctx)
	if err != nil {
		return review.Backup{}, err
	}
	i := slices.IndexFunc(all, func(b review.Backup) bool { return b.File == file })
	if i < 0 {
		return review.Backup{}, corpus.Refuse(corpus.ErrNotFound, "backup-gone", "there is no backup {file} any more", "file", file)
	}
	return k.try(ctx, all[i], actor)
}

// try restores a backup apart and notes what was found. A file that is gone, or cannot
// be opened, is a problem of the backup.
func (k *keeper) try(ctx context.Context, b review.Backup, actor string) (review.Backup, error) {
	report, err := k.store.TryRestore(ctx, filepath.Join(k.config.backupFolder(), b.File))
	if ctx.Err() != nil {
		return b, ctx.Err()
	}
	had := b.Rows
	b.Tested, b.Problems = k.now().UTC(), len(report.Problems)
	if err == nil {
		b.Rows = report.AuditRows
	}
	if err == nil && had > 0 && had != b.Rows { // sound, and not the one that was written
		b.Rows, b.Problems = had, b.Problems+1
	}
	if err != nil {
		k.log.Error("a backup cannot be restored", "file", b.File, "cause", err)
		b.Problems++
	}
	return b, k.store.NoteBackup(ctx, b, "tried", actor)
}

// dropOld removes the backups that the settings do not keep.
func (k *keeper) dropOld(ctx context.Context) error {
	set, err := k.store.Settings(ctx)
	if err != nil {
		return err
	}
	all, err := k.store.Backups(ctx)
	if err != nil {
		return err
	}
	for _, b := range set.Old(all) {
		if err := os.Remove(filepath.Join(k.config.backupFolder(), b.File)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("drop an old backup: %w", err)
		}
		if err := k.store.ForgetBackup(ctx, b.File, "system"); err != nil {
			return err
		}
	}
	return nil
}

// RebuildIndex begins to build the index anew; searches go on with the old one.
func (k *keeper) RebuildIndex(ctx context.Context, actor string) error {
	if !k.building.TryLock() {
		return errCareBusy
	}
	if err := k.store.NoteDone(ctx, "index.rebuild", "index", actor); err != nil {
		k.building.Unlock()
		return err
	}
	k.work.Go(func() {
		defer k.building.Unlock()
		if err := k.ix.Rebuild(k.ctx, k.store, nil); err != nil && k.ctx.Err() == nil {
			k.log.Error("the search index was not built anew", "cause", err)
		}
	})
	return nil
}

// backUpByItself writes backups when they are due, until the context ends.
func (k *keeper) backUpByItself(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := k.backUpIfDue(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, errCareBusy) {
			k.log.Error("the backup was not written", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// backUpIfDue writes one backup when the settings want one by now.
func (k *keeper) backUpIfDue(ctx context.Context) error {
	set, err := k.store.Settings(ctx)
	if err != nil || set.BackupHours == 0 {
		return err
	}
	all, err := k.store.Backups(ctx)
	if err != nil {
		return err
	}
	if len(all) > 0 && !set.Due(all[0].At, k.now()) {
		return nil
	}
	_, err = k.BackUp(ctx, "system")
	return err
}
