package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
	"concord/review"
)

// The limits of one sending of files.
const (
	uploadBytes = 80 << 20 // all of it; one file may have what the reader allows, 64 MB
	uploadFiles = 20
	uploadTime  = 30 * time.Minute // until everything is read
	uploadSpool = 1 << 20          // of it in memory, the rest in a temporary file
)

// importsPage is the list of imports with the form that sends files.
type importsPage struct {
	Shell
	List    listing
	Rows    []importRow
	State   staging.State // filter
	States  []stateCount
	Results []uploadResult
	Problem said
	Able    bool // files can be read here
	Hint    staging.Hint
	Fields  []fieldRow
	MB, Max int
}

// importRow is one import of the list.
type importRow struct {
	staging.Import
	Who string
}

// stateCount is a filter with how many there are.
type stateCount struct {
	State staging.State
	N     int
}

// uploadResult is what became of one file that was sent.
type uploadResult struct {
	File    string
	Imports []staging.Import
	Problem said // "" when it was read
}

// imports lists what was read.
func (s *Server) imports(c echo.Context, a asker) error {
	return s.showImports(c, a, http.StatusOK, &importsPage{State: staging.State(c.QueryParam("state"))})
}

// showImports completes and shows the list.
func (s *Server) showImports(c echo.Context, a asker, status int, p *importsPage) error {
	ctx := c.Request().Context()
	counts, err := s.store.StagedCounts(ctx)
	if err != nil {
		return fmt.Errorf("count the imports: %w", err)
	}
	l, rows, err := s.importList(c, p.State, a)
	if err != nil {
		return err
	}
	p.State, p.Rows = stagedState(p.State), pageOf(s, &l, rows)
	p.List = l
	all := 0
	for _, st := range staging.States {
		p.States = append(p.States, stateCount{st, counts[st]})
		all += counts[st]
	}
	p.States = append(p.States, stateCount{"all", all})
	p.Able, p.MB, p.Max = s.importer != nil, uploadBytes>>20, uploadFiles
	for _, f := range staging.Fields {
		if slices.Contains(hintFields, f.Name) {
			p.Fields = append(p.Fields, newFieldRow(f, ""))
		}
	}
	p.Shell = s.shell(c, a, a.words.say("imports.title"))
	return s.show(c, a, status, "imports", p)
}

// hintFields are the fields that a person may give before a file is read.
var hintFields = []string{"designation", "jurisdiction", "language", "domain", "tradition", "rights"}

// hint reads what a person knows about the files.
func hint(c echo.Context) (staging.Hint, error) {
	values := map[string]string{}
	for _, f := range staging.Fields {
		v := strings.TrimSpace(c.FormValue(f.Name))
		if !slices.Contains(hintFields, f.Name) || v == "" {
			continue
		}
		if v = f.Usual(v); !f.Fits(v) {
			return staging.Hint{}, corpus.Refuse(corpus.ErrInvalid, "correct-field", "{value} cannot stand in the field {field}", "value", clip(v, 60), "field", staging.FieldName(f.Name))
		}
		values[f.Name] = v
	}
	return staging.Hint{Designation: values["designation"], Jurisdiction: corpus.Jurisdiction(values["jurisdiction"]), Language: corpus.Language(values["language"]),
		Domain: corpus.Domain(values["domain"]), Tradition: corpus.Tradition(values["tradition"]), Rights: corpus.Rights(values["rights"])}, nil
}

// upload reads the files of a form and keeps each document apart. A file that
// cannot be read is told beside the others and stops none of them.
func (s *Server) upload(c echo.Context, a asker) error {
	p := &importsPage{}
	refuse := func(err error) error {
		p.Problem = a.words.refusal(err)
		return s.showImports(c, a, http.StatusBadRequest, p)
	}
	if s.importer == nil {
		return refuse(corpus.Refuse(corpus.ErrInvalid, "import-off", "this server does not read files"))
	}
	known, err := hint(c)
	if err != nil {
		return refuse(err)
	}
	var files []*multipart.FileHeader
	if form := c.Request().MultipartForm; form != nil {
		files = form.File["files"]
	}
	switch {
	case len(files) == 0:
		return refuse(corpus.Refuse(corpus.ErrInvalid, "import-none", "choose at least one file"))
	case len(files) > uploadFiles:
		return refuse(corpus.Refuse(corpus.ErrLimit, "import-many", "send at most {most} files at once, or a ZIP of them", "most", uploadFiles))
	case len(files) > 1:
		known.Designation = "" // it would make one of several
	}
	leave, err := s.readers.enter(c.Request().Context())
	if err != nil {
		return err
	}
	defer leave()
	status := http.StatusUnprocessableEntity
	for i, f := range files {
		known.Beside = besideOf(files, i)
		r, err := s.readOne(c.Request().Context(), a, f, known)
		if err != nil {
			return err
		}
		if r.Problem.Text == "" {
			status = http.StatusOK
		}
		p.Results = append(p.Results, r)
	}
	return s.showImports(c, a, status, p)
}

// besideOf are the files of a form without one of them.
func besideOf(files []*multipart.FileHeader, but int) []staging.Beside {
	var out []staging.Beside
	for i, f := range files {
		if i != but {
			out = append(out, staging.Beside{Name: staging.FileName(f.Filename), Open: func() (io.ReadCloser, error) { return f.Open() }})
		}
	}
	return out
}

// readOne reads one file that was sent. The error is for what is not the file's
// fault.
func (s *Server) readOne(ctx context.Context, a asker, f *multipart.FileHeader, known staging.Hint) (uploadResult, error) {
	out := uploadResult{File: staging.FileName(f.Filename)}
	body, err := f.Open()
	if err != nil {
		return out, fmt.Errorf("open what was sent: %w", err)
	}
	defer body.Close()
	out.Imports, err = s.importer.Stage(ctx, out.File, io.Reader(body), known, a.person.ID.String())
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return out, ctx.Err()
	case errors.Is(err, corpus.ErrInvalid), errors.Is(err, corpus.ErrLimit):
		out.Problem = a.words.refusal(err)
	default:
		return out, fmt.Errorf("read %q: %w", out.File, err)
	}
	return out, nil
}

// spool takes the files of a form in. It gives slow senders and slow files more
// time than other requests have.
func spool(c echo.Context) error {
	until := time.Now().Add(uploadTime)
	deadline := http.NewResponseController(c.Response())
	for _, set := range []func(time.Time) error{deadline.SetReadDeadline, deadline.SetWriteDeadline} {
		if err := set(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return fmt.Errorf("give the files more time: %w", err)
		}
	}
	err := c.Request().ParseMultipartForm(uploadSpool)
	if errors.Is(err, http.ErrNotMultipart) {
		return nil // a form without files
	}
	if err != nil {
		return badForm(err)
	}
	return nil
}

// pathImport reads the import of an address.
func (s *Server) pathImport(c echo.Context) (staging.Import, error) {
	id, err := pathID(c)
	if err != nil {
		return staging.Import{}, err
	}
	i, err := s.store.Staged(c.Request().Context(), id)
	if err != nil {
		return i, fmt.Errorf("find the import: %w", err)
	}
	return i, nil
}

// mayImport is the policy of everything about imports.
var mayImport = may(review.ActionImport)
