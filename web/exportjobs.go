package web

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// The limits of exports that are written in the background (our own).
const (
	exportRows  = 2000           // of a document that is made while its person waits (UX.md 8)
	exportKeep  = 24 * time.Hour // that a file waits for its person
	exportsEach = 20             // of one person or key, with the files that wait
	exportsAll  = 200
	exportBytes = 1 << 30 // of one file
	exportTries = 2       // a job that a second server finds unfinished is not begun a third time
	exportLook  = time.Minute
)

// exportState is where a job stands.
type exportState string

// The states of jobs. The last three have ended.
const (
	exportWaiting exportState = "waiting"
	exportWorking exportState = "working"
	exportDone    exportState = "done"
	exportFailed  exportState = "failed"
	exportStopped exportState = "stopped"
)

// Ended tells whether nothing becomes of a job any more.
func (s exportState) Ended() bool { return s != exportWaiting && s != exportWorking }

// exportAsk is what somebody wants exported. It is all that a job needs, so that it
// can be done anew.
type exportAsk struct {
	Dossier  uuid.UUID       `json:"dossier"`
	Round    int             `json:"round,omitempty"` // 0 for what is agreed now
	Format   string          `json:"format"`
	Language corpus.Language `json:"language"`
	Template uuid.UUID       `json:"template,omitzero"`
	OneSided bool            `json:"onesided,omitempty"`
	Compare  string          `json:"compare,omitempty"` // address of the comparison whose rows it has, "" for all
}

// exportJob is a document that is written in the background, or waits for its
// person.
type exportJob struct {
	ID      uuid.UUID   `json:"id"`
	By      string      `json:"by"` // a person's id, or "key:" and a key's
	Ask     exportAsk   `json:"ask"`
	Again   string      `json:"again,omitempty"` // what a caller names the request by, to send it twice
	State   exportState `json:"state"`
	Created time.Time   `json:"created"`
	Ended   time.Time   `json:"ended,omitzero"`
	Tries   int         `json:"tries"`
	Rows    int         `json:"rows"` // 0 while they are not counted
	Done    int         `json:"done"`
	Size    int64       `json:"size"`
	Name    string      `json:"name"`  // of the dossier
	File    string      `json:"file"`  // what a download calls it
	Media   string      `json:"media"` // its type
	Problem string      `json:"problem,omitempty"`
	// Rights are those that the file was written under; others end its use.
	Rights map[corpus.StandardID]corpus.Rights `json:"rights,omitempty"`

	stop context.CancelFunc // while it is worked on
}

// Expires is when the file, and what is known of it, goes.
func (j exportJob) Expires() time.Time { return j.Ended.Add(exportKeep) }

// Ready tells whether there is a file.
func (j exportJob) Ready() bool { return j.State == exportDone }

// exportShelf holds the jobs of everybody. Each is a file of its own in a folder, and
// beside it what was written; one is worked on at a time. Nobody but who asked gets
// either: who reads from it says who they are.
type exportShelf struct {
	folder string
	now    func() time.Time
	log    *slog.Logger
	// write makes a document and tells how far it is. It fills in what is learned of it.
	write func(ctx context.Context, job exportJob, w io.Writer, told func(func(*exportJob)) error) error
	tell  func(exportJob) // that a job ended by itself
	wake  chan struct{}

	mu   sync.Mutex
	jobs map[uuid.UUID]*exportJob
}

// newExportShelf opens a folder. Jobs that another server left under way wait to be
// done anew; of what has no job that can be read, nothing stays.
func newExportShelf(folder string, now func() time.Time, log *slog.Logger) (*exportShelf, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for exports: %w", err)
	}
	t := &exportShelf{folder: folder, now: now, log: log, wake: make(chan struct{}, 1), jobs: map[uuid.UUID]*exportJob{}}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("read the folder for exports: %w", err)
	}
	for _, e := range entries {
		name, kind, _ := strings.Cut(e.Name(), ".")
		id, err := uuid.Parse(name)
		if err != nil || kind != "json" {
			continue
		}
		j := &exportJob{}
		body, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err == nil {
			err = json.Unmarshal(body, j)
		}
		if err != nil || j.ID != id {
			continue
		}
		if !j.State.Ended() {
			j.State, j.Done = exportWaiting, 0
			if j.Tries >= exportTries {
				j.State, j.Ended, j.Problem = exportFailed, now(), "the program ended while this was written, twice"
			}
		} else if _, err := os.Stat(t.path(id, "out")); err != nil && j.Ready() {
			continue
		}
		t.jobs[id] = j
		t.keep(j)
	}
	for _, e := range entries {
		name, kind, _ := strings.Cut(e.Name(), ".")
		id, err := uuid.Parse(name)
		if err != nil {
			continue
		}
		if j := t.jobs[id]; j == nil || kind == "part" || kind == "out" && !j.Ready() {
			_ = os.Remove(filepath.Join(folder, e.Name()))
		}
	}
	return t, nil
}

// path is a file of a job.
func (t *exportShelf) path(id uuid.UUID, kind string) string {
	return filepath.Join(t.folder, id.String()+"."+kind)
}

// keep writes a job down. Where that fails, it is forgotten with the program.
func (t *exportShelf) keep(j *exportJob) {
	body, err := json.Marshal(j)
	if err == nil {
		err = os.WriteFile(t.path(j.ID, "new"), body, 0o600)
	}
	if err == nil {
		err = os.Rename(t.path(j.ID, "new"), t.path(j.ID, "json"))
	}
	if err != nil {
		t.log.Warn("an export is not written down", "job", j.ID, "cause", err)
	}
}

// forget drops a job and its files.
func (t *exportShelf) forget(id uuid.UUID) {
	delete(t.jobs, id)
	for _, kind := range []string{"out", "part", "json"} {
		_ = os.Remove(t.path(id, kind))
	}
}

// sweep drops what has waited its time.
func (t *exportShelf) sweep() {
	for id, j := range maps.Clone(t.jobs) {
		if j.State.Ended() && !t.now().Before(j.Expires()) {
			t.forget(id)
		}
	}
}

// add has something exported. What the same asker waits for already, or asked for by
// the same name, is not begun again; corpus.ErrConflict when the name was given to
// something else.
func (t *exportShelf) add(by string, ask exportAsk, dossier, again string) (exportJob, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep()
	own := 0
	for _, j := range t.jobs {
		if j.By != by {
			continue
		}
		own++
		switch {
		case again != "" && j.Again == again && j.Ask != ask:
			return exportJob{}, corpus.Refuse(corpus.ErrConflict, "export-again", "this idempotency key was used for another export")
		case again != "" && j.Again == again, again == "" && j.Again == "" && j.Ask == ask && !j.State.Ended():
			return *j, nil
		}
	}
	if own >= exportsEach || len(t.jobs) >= exportsAll {
		return exportJob{}, corpus.Refuse(corpus.ErrLimit, "export-many", "{most} exports wait already: fetch or delete some first", "most", own)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return exportJob{}, err
	}
	j := &exportJob{ID: id, By: by, Ask: ask, Again: again, State: exportWaiting, Created: t.now().UTC(), Name: dossier}
	t.jobs[id] = j
	t.keep(j)
	select {
	case t.wake <- struct{}{}:
	default:
	}
	return *j, nil
}

// of lists the jobs of somebody, newest first.
func (t *exportShelf) of(by string) []exportJob {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep()
	var out []exportJob
	for _, j := range t.jobs {
		if j.By == by {
			out = append(out, *j)
		}
	}
	corpus.SortRows(out, func(a, b exportJob) int { return strings.Compare(b.ID.String(), a.ID.String()) })
	return out
}

// one is a job of somebody; corpus.ErrNotFound for those of others, as for none.
func (t *exportShelf) one(by string, id uuid.UUID) (exportJob, error) {
	jobs := t.of(by)
	at := slices.IndexFunc(jobs, func(j exportJob) bool { return j.ID == id })
	if at < 0 {
		return exportJob{}, fmt.Errorf("there is no export %s: %w", id, corpus.ErrNotFound)
	}
	return jobs[at], nil
}

// end stops a job of somebody, or drops one that has ended. What may says against it,
// of the job as it is then, is the answer; nil for whatever it is.
func (t *exportShelf) end(by string, id uuid.UUID, may func(exportJob) error) (exportJob, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	j := t.jobs[id]
	if j == nil || j.By != by {
		return exportJob{}, fmt.Errorf("there is no export %s: %w", id, corpus.ErrNotFound)
	}
	if may != nil {
		if err := may(*j); err != nil {
			return exportJob{}, err
		}
	}
	if j.State.Ended() {
		t.forget(id)
		return *j, nil
	}
	j.State, j.Ended = exportStopped, t.now().UTC()
	if j.stop != nil {
		j.stop()
	}
	t.keep(j)
	return *j, nil
}

// run works on what waits, one after the other, until life ends.
func (t *exportShelf) run(life context.Context) {
	tick := time.NewTicker(exportLook)
	defer tick.Stop()
	for life.Err() == nil {
		if t.next(life) {
			continue
		}
		select {
		case <-life.Done():
		case <-t.wake:
		case <-tick.C:
			t.mu.Lock()
			t.sweep()
			t.mu.Unlock()
		}
	}
}

// next works on the oldest job that waits, and tells whether there was one.
func (t *exportShelf) next(life context.Context) bool {
	ctx, stop := context.WithCancel(life)
	defer stop()
	t.mu.Lock()
	var j *exportJob
	for _, other := range t.jobs {
		if other.State == exportWaiting && (j == nil || other.ID.String() < j.ID.String()) {
			j = other
		}
	}
	if j == nil {
		t.mu.Unlock()
		return false
	}
	j.State, j.stop = exportWorking, stop
	j.Tries++
	t.keep(j)
	job := *j
	t.mu.Unlock()
	size, err := t.written(ctx, job)
	t.mu.Lock()
	defer func() {
		job := *j
		t.mu.Unlock()
		if t.tell != nil && (job.State == exportDone || job.State == exportFailed) {
			t.tell(job)
		}
	}()
	j.stop = nil
	if j.State != exportWorking { // stopped meanwhile
		_ = os.Remove(t.path(j.ID, "part"))
		return true
	}
	switch {
	case err == nil:
		if err = os.Rename(t.path(j.ID, "part"), t.path(j.ID, "out")); err == nil {
			j.State, j.Size, j.Done = exportDone, size, j.Rows
		}
	case life.Err() != nil: // it goes on with the next server
		j.State, j.Done, j.Tries = exportWaiting, 0, j.Tries-1
	}
	if err != nil && life.Err() == nil {
		j.State, j.Problem = exportFailed, sentence(err)
		if !slices.ContainsFunc([]error{corpus.ErrLimit, corpus.ErrNotFound, corpus.ErrForbidden, corpus.ErrInvalid}, func(kind error) bool { return errors.Is(err, kind) }) {
			t.log.Error("an export failed", "job", j.ID, "cause", err)
			j.Problem = "" // it is of the program and not of what was asked
		}
	}
	if j.State.Ended() {
		j.Ended = t.now().UTC()
	}
	if !j.Ready() {
		_ = os.Remove(t.path(j.ID, "part"))
	}
	t.keep(j)
	return true
}

// written writes the document of a job into its file.
func (t *exportShelf) written(ctx context.Context, job exportJob) (int64, error) {
	f, err := os.OpenFile(t.path(job.ID, "part"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	counted := &countedWriter{ctx: ctx, to: f}
	out := bufio.NewWriterSize(counted, 64<<10)
	err = t.write(ctx, job, out, func(learned func(*exportJob)) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		if j := t.jobs[job.ID]; j != nil {
			learned(j)
		}
		return ctx.Err()
	})
	if err == nil {
		err = out.Flush()
	}
	return counted.n, errors.Join(err, f.Close())
}

// countedWriter ends with its context, and when a file grows too large.
type countedWriter struct {
	ctx context.Context
	to  io.Writer
	n   int64
}

func (w *countedWriter) Write(p []byte) (int, error) {
	if w.n += int64(len(p)); w.n > exportBytes {
		return 0, corpus.Refuse(corpus.ErrLimit, "export-large", "the document has more than {most} MB: export less of it", "most", exportBytes>>20)
	}
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.to.Write(p)
}
