package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

// errNoExports says that this server writes nothing in the background.
var errNoExports = fmt.Errorf("this server writes no documents in the background: %w", corpus.ErrNotFound)

// keyJobs begins the names of those who ask by a key.
const keyJobs = "key:"

// exportPage is the page of one job, or of one that is offered.
type exportPage struct {
	Shell
	Job   *exportJob // nil while it is only offered
	Ask   exportAsk
	Name  string // of the dossier
	Rows  int
	Hours int // that a file waits
	Going bool
}

// HasTemplate tells whether a template is asked for.
func (p *exportPage) HasTemplate() bool { return p.Ask.Template != uuid.Nil }

// offerExport lets somebody have a long document written in the background.
func (s *Server) offerExport(c echo.Context, a asker, ask exportAsk, p *export.Opened) error {
	page := &exportPage{Ask: ask, Name: p.Dossier.Name, Rows: p.Rows, Hours: int(exportKeep.Hours())}
	page.Shell = s.shell(c, a, a.words.say("exports.one"))
	return s.show(c, a, http.StatusOK, "exportjob", page)
}

// startExport has a document written in the background.
func (s *Server) startExport(c echo.Context, a asker) error {
	if s.jobs == nil {
		return errNoExports
	}
	ask := exportAsk{Format: c.FormValue("format"), Language: corpus.Language(a.words.tag), OneSided: c.FormValue("onesided") != "", Compare: clip(c.FormValue("compare"), 4000)}
	var err error
	if ask.Dossier, err = uuid.Parse(c.FormValue("dossier")); err != nil {
		return fmt.Errorf("a document is of a dossier: %w", corpus.ErrInvalid)
	}
	if n := c.FormValue("round"); n != "" {
		if ask.Round, err = strconv.Atoi(n); err != nil || ask.Round < 0 {
			return fmt.Errorf("round %q: %w", clip(n, 20), corpus.ErrNotFound)
		}
	}
	if ask.Template, err = templateID(c.FormValue("template")); err != nil {
		return err
	}
	j, err := s.addExport(c.Request().Context(), a.person.ID.String(), ask, "")
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/exports/"+j.ID.String())
}

// addExport begins a job once what it names is there.
func (s *Server) addExport(ctx context.Context, by string, ask exportAsk, again string) (exportJob, error) {
	bare := ask
	bare.Compare = "" // which takes long to read, and is told by the job
	p, _, err := s.openExport(ctx, nothing{s.store}, asker{}, bare, nil)
	if err != nil {
		return exportJob{}, err
	}
	return s.jobs.add(by, ask, p.Dossier.Name, again)
}

// nothing is a Source whose dossiers hold no match yet, to see whether an export can
// be opened.
type nothing struct{ export.Source }

func (nothing) Matches(context.Context, review.Filter) (review.Page, error) {
	return review.Page{}, nil
}

// exportAsker is who asked for a job, as they may see things now.
func (s *Server) exportAsker(ctx context.Context, job exportJob) (asker, error) {
	a := asker{words: s.words[string(job.Ask.Language)]}
	if a.words == nil {
		a.words = s.words["en"]
	}
	if id, isKey := strings.CutPrefix(job.By, keyJobs); isKey {
		key, err := s.records.KeyByID(ctx, id)
		if err == nil && !key.Allows(review.ScopeExport, s.now()) {
			err = errScope
		}
		return a, err
	}
	id, err := uuid.Parse(job.By)
	if err != nil {
		return a, err
	}
	if a.person, err = s.store.Person(ctx, id); err != nil {
		return a, err
	}
	if a.signedIn = true; !may(review.ActionRead).allows(a) {
		return a, corpus.Refuse(corpus.ErrForbidden, "role", "your role does not allow this")
	}
	return a, nil
}

// writeJob writes the document of a job.
func (s *Server) writeJob(ctx context.Context, job exportJob, w io.Writer, told func(func(*exportJob)) error) error {
	a, err := s.exportAsker(ctx, job)
	if err != nil {
		return err
	}
	p, f, err := s.openExport(ctx, s.store, a, job.Ask, func(n int) error { return told(func(j *exportJob) { j.Done = n }) })
	if err != nil {
		return err
	}
	rights := map[corpus.StandardID]corpus.Rights{}
	for _, side := range p.Dossier.Sides {
		for _, id := range side.Standards {
			rights[id] = p.Standards[id].Rights
		}
	}
	if err := told(func(j *exportJob) { j.Rows, j.File, j.Media, j.Rights = p.Rows, exportName(p, f), f.MediaType, rights }); err != nil {
		return err
	}
	return p.Write(ctx, w, f)
}

// exportOf is the job of a path, of the person alone.
func (s *Server) exportOf(c echo.Context, a asker) (exportJob, error) {
	id, err := pathID(c)
	if err != nil {
		return exportJob{}, err
	}
	if s.jobs == nil {
		return exportJob{}, errNoExports
	}
	return s.jobs.one(a.person.ID.String(), id)
}

// exportJobPage shows how far a document is.
func (s *Server) exportJobPage(c echo.Context, a asker) error {
	j, err := s.exportOf(c, a)
	if err != nil {
		return err
	}
	p := &exportPage{Job: &j, Ask: j.Ask, Name: j.Name, Rows: j.Rows, Going: !j.State.Ended()}
	p.Shell = s.shell(c, a, a.words.say("exports.one"))
	if p.Going {
		p.Refresh = exportRefresh
	}
	return s.show(c, a, http.StatusOK, "exportjob", p)
}

// exportRefresh is in how many seconds the page of a job comes anew without scripts.
const exportRefresh = 3

// endExport stops a job, or deletes what it wrote.
func (s *Server) endExport(c echo.Context, a asker) error {
	j, err := s.exportOf(c, a)
	if err != nil {
		return err
	}
	ended := j.State.Ended()
	if _, err := s.jobs.end(j.By, j.ID, nil); err != nil {
		return err
	}
	if ended {
		return c.Redirect(http.StatusSeeOther, "/runs#exports")
	}
	return c.Redirect(http.StatusSeeOther, "/exports/"+j.ID.String())
}

// exportFile sends the document of a job.
func (s *Server) exportFile(c echo.Context, a asker) error {
	j, err := s.exportOf(c, a)
	if err != nil {
		return err
	}
	if !j.Ready() {
		return c.Redirect(http.StatusSeeOther, "/exports/"+j.ID.String())
	}
	return s.sendJob(c, j, "")
}

// exportSending is how long a slow reader may take for a document.
const exportSending = 30 * time.Minute

// sendJob sends what a job wrote, while the rights of its texts are what they were,
// with a tag for programs, "" for people.
func (s *Server) sendJob(c echo.Context, j exportJob, tag string) error {
	sh, _, err := s.shelf(c.Request().Context())
	if err != nil {
		return err
	}
	for id, was := range j.Rights {
		if sh[id].Standard.Rights != was {
			return corpus.Refuse(corpus.ErrConflict, "export-rights", "the rights of the texts of {standard} changed since this document was written: export it anew", "standard", id)
		}
	}
	if tag != "" {
		if err := unmet(c.Request(), tag); err != nil {
			return err
		}
		if sameTag(c, tag) {
			return c.NoContent(http.StatusNotModified)
		}
	}
	f, err := os.Open(s.jobs.path(j.ID, "out"))
	if err != nil {
		return fmt.Errorf("export %s: %w: %w", j.ID, corpus.ErrNotFound, err)
	}
	defer f.Close()
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(exportSending))
	asFile(c, j.File)
	return c.Stream(http.StatusOK, j.Media, f)
}

// liveExports are the jobs of somebody that go, as pages hear of runs.
func (s *Server) liveExports(a asker) []runEvent {
	var out []runEvent
	if s.jobs == nil {
		return out
	}
	for _, j := range s.jobs.of(a.person.ID.String()) {
		if !j.State.Ended() {
			out = append(out, runEvent{ID: j.ID, Dossier: j.Ask.Dossier, State: review.RunState(j.State), Clauses: j.Rows, Done: j.Done})
		}
	}
	return out
}
