package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// Health is how the program is, for those who run it.
type Health struct {
	// Database and WAL are bytes of the database and of what waits beside it.
	Database, WAL int64
	// Free and Disk are bytes of the disk that the data folder lies on; 0 where they are
	// not known.
	Free, Disk int64
	ReadOnly   bool // writes are refused since the disk failed
	AuditRows  int64
	// Index is how the search index is: its generation, clauses, and how far behind the
	// database it is, in marks.
	IndexNumber, IndexClauses int
	IndexBehind               int64
	// Reading tells that a process that reads files is up; Running and Waiting count runs.
	Reading          bool
	Running, Waiting int
	// Memory is what the program holds, Started when it began.
	Memory  int64
	Started time.Time
	// Versions of the program, its schema, SQLite and Go.
	Version, Engine, Language string
	Schema                    int
	Folder                    string // of backups
}

// Keeper looks after the program while it runs. What is under way already is
// corpus.ErrConflict.
type Keeper interface {
	Health(ctx context.Context) (Health, error)
	// BackUp writes a backup into the folder of backups, tries to restore it, and drops
	// those that the settings do not keep.
	BackUp(ctx context.Context, actor string) (review.Backup, error)
	// TryBackup restores a backup that was noted in a folder of its own and checks it.
	TryBackup(ctx context.Context, file, actor string) (review.Backup, error)
	// RebuildIndex begins to build the search index anew beside the one that answers.
	RebuildIndex(ctx context.Context, actor string) error
	// Sign signs a proof of the audit with the server's key.
	Sign(p review.Proof) (review.Proof, error)
}

// Backups reads what backups there are, and the settings.
type Backups interface {
	Backups(ctx context.Context) ([]review.Backup, error)
	Settings(ctx context.Context) (review.Settings, error)
	SaveSettings(ctx context.Context, s review.Settings, actor string) error
}

// healthPage shows how the program is.
type healthPage struct {
	Shell
	Health  Health
	Able    bool // there is a keeper
	Backups []review.Backup
	Last    review.Backup // the newest
	Tried   review.Backup // the newest whose trial restore found nothing
	Hours   int           // between backups by itself, 0 for none
	Problem said
	Done    string
}

// maxBackupRows is how many backups the page lists.
const maxBackupRows = 50

// Percent is how much of the disk is free.
func (h Health) Percent() int {
	if h.Disk == 0 {
		return 0
	}
	return int(h.Free * 100 / h.Disk)
}

// Scarce tells that the disk is soon full: less than a tenth, or than five times the
// database.
func (h Health) Scarce() bool {
	return h.Disk > 0 && (h.Percent() < 10 || h.Free < 5*h.Database)
}

// adminHealth shows it.
func (s *Server) adminHealth(c echo.Context, a asker) error {
	p := healthPage{}
	switch done := c.QueryParam("done"); done {
	case "backup", "tried", "index":
		p.Done = done
	}
	return s.showHealth(c, a, http.StatusOK, p)
}

func (s *Server) showHealth(c echo.Context, a asker, status int, p healthPage) error {
	ctx := c.Request().Context()
	var err error
	if p.Able = s.keeper != nil; p.Able {
		if p.Health, err = s.keeper.Health(ctx); err != nil {
			return fmt.Errorf("look how the program is: %w", err)
		}
	}
	all, err := s.store.Backups(ctx)
	if err != nil {
		return fmt.Errorf("list the backups: %w", err)
	}
	for i, b := range all {
		if i == 0 {
			p.Last = b
		}
		if p.Tried.File == "" && !b.Tested.IsZero() && b.Problems == 0 {
			p.Tried = b
		}
	}
	p.Backups, p.Hours = all[:min(len(all), maxBackupRows)], s.settings(ctx).BackupHours
	p.Shell = s.shell(c, a, a.words.say("health.title"))
	return s.show(c, a, status, "health", &p)
}

// careFor has the program do something to itself.
func (s *Server) careFor(c echo.Context, a asker) error {
	if s.keeper == nil {
		return fmt.Errorf("nobody looks after this server: %w", corpus.ErrNotFound)
	}
	ctx, actor := c.Request().Context(), a.person.ID.String()
	var err error
	do := c.FormValue("do")
	switch do {
	case "backup":
		_, err = s.keeper.BackUp(ctx, actor)
	case "tried":
		_, err = s.keeper.TryBackup(ctx, clip(c.FormValue("file"), 200), actor)
	case "index":
		err = s.keeper.RebuildIndex(ctx, actor)
	default:
		err = corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a choice for {field}", "value", clip(do, 20), "field", "do")
	}
	if errors.Is(err, corpus.ErrConflict) {
		err = corpus.Refuse(corpus.ErrConflict, "care-busy", "this is under way already, look again in a moment")
	}
	if _, refused := corpus.RefusalOf(err); refused {
		return s.showHealth(c, a, s.classify(err).status, healthPage{Problem: a.words.refusal(err)})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", do, err)
	}
	return c.Redirect(http.StatusSeeOther, "/admin/health?done="+do)
}

// size prints bytes in the unit that people read, by powers of 1024 (IEC 80000-13).
func (w *words) size(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	v, at := float64(n), 0
	for v >= 1024 && at < len(units)-1 {
		v, at = v/1024, at+1
	}
	text := w.number(int(n)) + " B"
	if at > 0 {
		text = w.decimal(float64(int(v*10+0.5))/10) + " " + units[at]
	}
	if corpus.Language(w.tag).RightToLeft() { // number and unit keep their order
		text = "\u2066" + text + "\u2069"
	}
	return text
}
