package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

// apiExportAsk is what a program wants exported.
type apiExportAsk struct {
	Dossier  uuid.UUID       `json:"dossier"`
	Format   string          `json:"format,omitempty"`   // csv without
	Round    int             `json:"round,omitempty"`    // what is agreed now without
	Language corpus.Language `json:"language,omitempty"` // of headings; English without
	Template string          `json:"template,omitempty"` // id or name
	OneSided bool            `json:"onesided,omitempty"`
}

// apiExportJob is an export that is written in the background.
type apiExportJob struct {
	ID       uuid.UUID       `json:"id"`
	Dossier  uuid.UUID       `json:"dossier"`
	Format   string          `json:"format"`
	Round    int             `json:"round,omitempty"`
	Language corpus.Language `json:"language"`
	Template string          `json:"template,omitempty"`
	OneSided bool            `json:"onesided"`
	State    string          `json:"state"`
	Rows     int             `json:"rows"` // 0 until they are counted
	Done     int             `json:"done"`
	Size     int64           `json:"size"` // of the file in bytes
	Created  time.Time       `json:"created"`
	Ended    *time.Time      `json:"ended,omitempty"`
	Expires  *time.Time      `json:"expires,omitempty"` // when file and state go
	File     string          `json:"file,omitempty"`    // its address
	Problem  string          `json:"problem,omitempty"`
}

// apiJobs is where jobs have their addresses.
const apiJobs = "/api/v1/exports/"

func newAPIExportJob(j exportJob) apiExportJob {
	out := apiExportJob{ID: j.ID, Dossier: j.Ask.Dossier, Format: j.Ask.Format, Round: j.Ask.Round, Language: j.Ask.Language, OneSided: j.Ask.OneSided,
		State: string(j.State), Rows: j.Rows, Done: j.Done, Size: j.Size, Created: j.Created, Problem: j.Problem}
	if j.Ask.Template != uuid.Nil {
		out.Template = j.Ask.Template.String()
	}
	if j.State.Ended() {
		expires := j.Expires()
		out.Ended, out.Expires = &j.Ended, &expires
	}
	if j.Ready() {
		out.File = apiJobs + j.ID.String() + "/file"
	}
	return out
}

// templateNamed finds a template that stands at a dossier by id or name, uuid.Nil for
// none.
func (s *Server) templateNamed(c call, dossier uuid.UUID, name string) (uuid.UUID, error) {
	if name == "" {
		return uuid.Nil, nil
	}
	list, err := s.store.Templates(c.ctx)
	if err != nil {
		return uuid.Nil, err
	}
	for _, t := range review.TemplatesAt(list, dossier) {
		if strings.EqualFold(t.Name, name) || t.ID.String() == name {
			return t.ID, nil
		}
	}
	return uuid.Nil, noTemplate(name)
}

// readAsk checks what a program wants exported.
func (s *Server) readAsk(c call, in apiExportAsk) (exportAsk, error) {
	ask := exportAsk{Dossier: in.Dossier, Round: in.Round, Format: in.Format, Language: in.Language, OneSided: in.OneSided}
	if ask.Format == "" {
		ask.Format = "csv"
	}
	if ask.Language == "" {
		ask.Language = "en"
	}
	if !slices.Contains(export.Languages(), ask.Language) {
		return ask, fmt.Errorf("documents have no headings in %q, only in %v: %w", clip(string(in.Language), 40), export.Languages(), corpus.ErrInvalid)
	}
	if ask.Round < 0 || ask.Round > 0 && ask.OneSided {
		return ask, fmt.Errorf("a round has a number from 1 and holds only what is agreed: %w", corpus.ErrInvalid)
	}
	var err error
	ask.Template, err = s.templateNamed(c, in.Dossier, in.Template)
	return ask, err
}

// apiExport writes the agreed matches of a dossier as a file, at once.
func (s *Server) apiExport(c call) (any, error) {
	in := apiExportAsk{Format: c.query.Get("format"), Language: corpus.Language(c.query.Get("language")), Template: c.query.Get("template")}
	var err error
	if in.Dossier, err = c.pathID("dossier"); err != nil {
		return nil, err
	}
	if in.OneSided, err = yesOrNo(c.query, "onesided"); err != nil {
		return nil, err
	}
	if n := c.query.Get("round"); n != "" {
		if in.Round, err = strconv.Atoi(n); err != nil || in.Round < 1 {
			return nil, fmt.Errorf("round is a number from 1: %w", corpus.ErrInvalid)
		}
	}
	ask, err := s.readAsk(c, in)
	if err != nil {
		return nil, err
	}
	leave, err := s.seeking.enter(c.ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	p, f, err := s.openExport(c.ctx, s.records, asker{}, ask, nil)
	if err != nil {
		return nil, err
	}
	if p.Rows > s.exportRows && s.jobs != nil { // a GET begins nothing
		return nil, fmt.Errorf("the export has %d rows, and at most %d are written at once: send the same to POST %s, which writes it in the background: %w",
			p.Rows, s.exportRows, strings.TrimSuffix(apiJobs, "/"), corpus.ErrLimit)
	}
	if err := unmet(c.echo.Request(), ""); err != nil {
		return nil, err
	}
	return nil, writeExport(c.echo, p, f)
}

// Idempotency keys (our own limits; the draft of the IETF has the header).
const (
	headerAgain = "Idempotency-Key"
	maxAgain    = 200
	apiPause    = 2 // seconds after which asking for a job again is worth it
)

// apiStartExport has a document written in the background (status 202).
func (s *Server) apiStartExport(c call) (any, error) {
	if s.jobs == nil {
		return nil, errNoExports
	}
	var in apiExportAsk
	if err := c.body(&in, `{"dossier": "..."}`); err != nil {
		return nil, err
	}
	again := c.echo.Request().Header.Get(headerAgain)
	if len(again) > maxAgain {
		return nil, fmt.Errorf("the header %s has at most %d bytes: %w", headerAgain, maxAgain, corpus.ErrInvalid)
	}
	ask, err := s.readAsk(c, in)
	if err != nil {
		return nil, err
	}
	j, err := s.addExport(c.ctx, keyJobs+c.key.ID, ask, again)
	if err != nil {
		return nil, err
	}
	return nil, accepted(c, j)
}

// accepted says that a job goes, where it is, and when to ask again.
func accepted(c call, j exportJob) error {
	h := c.echo.Response().Header()
	h.Set("Location", apiJobs+j.ID.String())
	h.Set("Retry-After", strconv.Itoa(apiPause))
	return c.echo.JSON(http.StatusAccepted, newAPIExportJob(j))
}

// apiJob is the job of a path, of the key alone.
func (s *Server) apiJob(c call) (exportJob, error) {
	id, err := c.pathID("export")
	if err != nil {
		return exportJob{}, err
	}
	if s.jobs == nil {
		return exportJob{}, errNoExports
	}
	return s.jobs.one(keyJobs+c.key.ID, id)
}

// apiExportState tells how far a job is.
func (s *Server) apiExportState(c call) (any, error) {
	j, err := s.apiJob(c)
	if err != nil {
		return nil, err
	}
	if !j.State.Ended() {
		c.echo.Response().Header().Set("Retry-After", strconv.Itoa(apiPause))
	}
	return newAPIExportJob(j), nil
}

// apiExportFile sends what a job wrote, or says that it goes on (status 202).
func (s *Server) apiExportFile(c call) (any, error) {
	j, err := s.apiJob(c)
	switch {
	case err != nil:
		return nil, err
	case !j.State.Ended():
		return nil, accepted(c, j)
	case !j.Ready():
		return nil, fmt.Errorf("the export is %s and has no file: %w", j.State, corpus.ErrNotFound)
	}
	return nil, s.sendJob(c.echo, j, `W/"`+j.ID.String()+`"`) // a file is written once, and may travel compressed
}

// apiEndExport stops a job, or deletes what it wrote. If-Match is held against the job
// as it is while nothing can change it.
func (s *Server) apiEndExport(c call) (any, error) {
	j, err := s.apiJob(c)
	if err != nil {
		return nil, err
	}
	if j, err = s.jobs.end(j.By, j.ID, func(now exportJob) error {
		body, err := answerBody(newAPIExportJob(now))
		if err != nil {
			return err
		}
		return unmet(c.echo.Request(), tagOf(body))
	}); err != nil {
		return nil, err
	}
	return newAPIExportJob(j), nil
}

// apiStandardExport writes a standard as a file.
func (s *Server) apiStandardExport(c call) (any, error) {
	if err := unmet(c.echo.Request(), ""); err != nil {
		return nil, err
	}
	return nil, s.writeCatalog(c.echo, c.standardID(), c.query.Get("format"))
}
