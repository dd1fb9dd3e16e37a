package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/termbase"
)

// termForm is an entry while it is written.
type termForm struct {
	Shell
	Entry    termbase.Entry // with empty rows behind its terms and definitions
	Version  int            // 0 for a new one
	Statuses []termbase.Status
	Seen     string // proves that what is sent was shown with its effect
	Effect   *termEffect
	Problem  said
}

// Empty rows that a form offers behind those that are filled in.
const (
	spareTerms       = 3
	spareDefinitions = 1
)

// termFormPage shows the form for a new entry, or for one that is there.
func (s *Server) termFormPage(c echo.Context, a asker) error {
	p := termForm{}
	if id := c.QueryParam("id"); id != "" {
		versions, err := s.store.TermVersions(c.Request().Context(), id)
		if err != nil {
			return err
		}
		p.Entry, p.Version = versions[0].Entry, versions[0].Version
	}
	return s.showTermForm(c, a, http.StatusOK, p)
}

func (s *Server) showTermForm(c echo.Context, a asker, status int, p termForm) error {
	p.Statuses = termbase.Statuses
	p.Entry.Terms = append(p.Entry.Terms[:len(p.Entry.Terms):len(p.Entry.Terms)], make([]termbase.Term, spareTerms)...)
	p.Entry.Definitions = append(p.Entry.Definitions[:len(p.Entry.Definitions):len(p.Entry.Definitions)], make([]termbase.Definition, spareDefinitions)...)
	title := "terms.new"
	if p.Version > 0 {
		title = "term.edit"
	}
	p.Shell = s.shell(c, a, a.words.say(title))
	return s.show(c, a, status, "term-form", &p)
}

// readTermForm reads an entry from a form; rows are told apart by their order.
func readTermForm(v url.Values) (termbase.Entry, int) {
	at := func(name string, i int) string {
		if list := v[name]; i < len(list) {
			return list[i]
		}
		return ""
	}
	e := termbase.Entry{ID: v.Get("id"), Domain: v.Get("domain"), Note: v.Get("note"), Origin: termbase.Origin{File: v.Get("file"), Licence: v.Get("licence"), By: v.Get("by"), Day: v.Get("day")}}
	for i := range v["term"] {
		e.Terms = append(e.Terms, termbase.Term{Language: corpus.Language(at("lang", i)), Text: at("term", i), Status: termbase.Status(at("status", i)), Note: at("term_note", i)})
	}
	for i := range v["definition"] {
		e.Definitions = append(e.Definitions, termbase.Definition{Language: corpus.Language(at("definition_lang", i)), Text: at("definition", i)})
	}
	version, err := strconv.Atoi(v.Get("version"))
	if err != nil || version < 0 {
		version = 0
	}
	return e.Clean(), version
}

// seenMark names a change as it was shown with its effect: what is saved is what
// was seen.
func seenMark(what string, e termbase.Entry, version int) string {
	body, err := json.Marshal(e)
	if err != nil { // an entry is plain text
		return ""
	}
	sum := sha256.Sum256([]byte(what + "\x00" + strconv.Itoa(version) + "\x00" + string(body)))
	return hex.EncodeToString(sum[:16])
}

// saveTerm shows what an entry would change, and saves it when that was shown.
func (s *Server) saveTerm(c echo.Context, a asker) error {
	v := c.Request().PostForm
	e, version := readTermForm(v)
	if version == 0 {
		if e.ID == "" {
			e.ID = newTermID(s.now())
		}
		e.Origin.By, e.Origin.Day = a.person.Name, s.now().UTC().Format(time.DateOnly)
		e = e.Clean()
	}
	p := termForm{Entry: e, Version: version, Seen: seenMark("save", e, version)}
	if err := e.Validate(); err != nil {
		p.Problem, p.Seen = a.words.refusal(err), ""
		return s.showTermForm(c, a, http.StatusUnprocessableEntity, p)
	}
	if v.Get("seen") == p.Seen && v.Get("do") == "save" {
		shifts, err := s.shifts(c.Request().Context(), termbase.Change{Put: []termbase.Entry{e}})
		if err == nil {
			err = s.store.SaveTerm(c.Request().Context(), e, version, shifts, a.person.ID.String())
		}
		if err == nil {
			return c.Redirect(http.StatusSeeOther, termURL(e.ID)+"&saved=1")
		}
		if !errors.Is(err, corpus.ErrConflict) && !errors.Is(err, corpus.ErrInvalid) {
			return err
		}
		p.Problem = a.words.refusal(err)
		return s.showTermForm(c, a, http.StatusConflict, p)
	}
	return s.preview(c, a, termbase.Change{Put: []termbase.Entry{e}}, func(c echo.Context, a asker, effect *termEffect, problem said) error {
		p := p
		if p.Effect, p.Problem = effect, problem; effect == nil {
			p.Seen = "" // what nobody saw is not saved
		}
		return s.showTermForm(c, a, http.StatusOK, p)
	})
}

// newTermID names an entry that nobody named, by the time.
func newTermID(now time.Time) string { return "term-" + strconv.FormatInt(now.UnixMilli(), 36) }

// withdrawTerm shows what a withdrawal would change, and makes it when that was
// shown.
func (s *Server) withdrawTerm(c echo.Context, a asker) error {
	v, ctx := c.Request().PostForm, c.Request().Context()
	p, err := s.termPageOf(c, a, v.Get("id"))
	if err != nil {
		return err
	}
	if p.Shipped {
		return corpus.Refuse(corpus.ErrForbidden, "term-shipped", "the entry {id} comes with the program and stays as it is", "id", p.Entry.ID)
	}
	p.Seen = seenMark("withdraw", p.Entry.Entry, p.Entry.Version)
	if v.Get("seen") == p.Seen {
		shifts, err := s.shifts(ctx, termbase.Change{Withdraw: []string{p.Entry.ID}})
		if err != nil {
			return err
		}
		if err := s.store.WithdrawTerm(ctx, p.Entry.ID, p.Entry.Version, shifts, a.person.ID.String()); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, termURL(p.Entry.ID)+"&saved=1")
	}
	return s.preview(c, a, termbase.Change{Withdraw: []string{p.Entry.ID}}, func(c echo.Context, a asker, effect *termEffect, problem said) error {
		if effect == nil {
			return c.Redirect(http.StatusSeeOther, termURL(p.Entry.ID))
		}
		p, err := s.termPageOf(c, a, p.Entry.ID)
		if err != nil {
			return err
		}
		p.Seen, p.Effect = seenMark("withdraw", p.Entry.Entry, p.Entry.Version), effect
		return s.show(c, a, http.StatusOK, "term", &p)
	})
}

// termUploads keeps files that were read and shown, until somebody takes them in.
type termUploads struct {
	held map[string]termUpload
}

// termUpload is one file that was read.
type termUpload struct {
	person  string
	name    string
	entries []termbase.Entry
	until   time.Time
}

// Limits of uploads (our own): how large a file is, how many wait and how long.
const (
	termFileBytes  = 16 << 20
	maxTermUploads = 8
	termUploadLife = 30 * time.Minute
)

// termImportPage is the page of an import: its form, and what a file would bring.
type termImportPage struct {
	Shell
	Formats  []string
	Problem  said
	Name     string
	Format   string
	Upload   string // names the file that was read
	Entries  int
	Terms    int
	Plan     termbase.Plan
	Problems []termbase.Problem
	Left     int
	Effect   *termEffect
	Done     bool
}

// maxTermProblems is how many problems of a file a page lists.
const maxTermProblems = 100

func (s *Server) termImportForm(c echo.Context, a asker) error {
	return s.showTermImport(c, a, http.StatusOK, termImportPage{})
}

func (s *Server) showTermImport(c echo.Context, a asker, status int, p termImportPage) error {
	p.Formats = termbase.Names(false)
	p.Shell = s.shell(c, a, a.words.say("terms.import"))
	return s.show(c, a, status, "terms-import", &p)
}

// readTermFile reads an uploaded file and shows what it would bring; nothing is
// kept yet.
func (s *Server) readTermFile(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	head, err := c.FormFile("file")
	if err != nil {
		return s.showTermImport(c, a, http.StatusUnprocessableEntity, termImportPage{Problem: a.words.refusal(corpus.Refuse(corpus.ErrInvalid, "term-no-file", "no file came; choose one"))})
	}
	f, err := head.Open()
	if err != nil {
		return fmt.Errorf("open the upload: %w", err)
	}
	defer f.Close()
	hint := termbase.Hint{Licence: clip(c.FormValue("licence"), 300), By: a.person.Name, Day: s.now().UTC().Format(time.DateOnly)}
	for _, tag := range strings.FieldsFunc(c.FormValue("pair"), func(r rune) bool { return r == ' ' || r == ',' }) {
		hint.Languages = append(hint.Languages, termbase.Tag(tag))
	}
	file, err := termbase.Read(head.Filename, f, hint)
	if errors.Is(err, corpus.ErrInvalid) {
		return s.showTermImport(c, a, http.StatusUnprocessableEntity, termImportPage{Problem: a.words.refusal(err)})
	}
	if err != nil {
		return err
	}
	kept, err := s.store.Terms(ctx)
	if err != nil {
		return err
	}
	p := termImportPage{Name: head.Filename, Format: file.Format, Entries: len(file.Entries), Plan: termbase.PlanImport(kept, file.Entries), Problems: file.Problems, Left: file.Left}
	if n := len(p.Problems); n > maxTermProblems {
		p.Problems, p.Left = p.Problems[:maxTermProblems], p.Left+n-maxTermProblems
	}
	for _, e := range file.Entries {
		p.Terms += len(e.Terms)
	}
	return s.preview(c, a, termbase.Change{Put: p.Plan.Entries()}, func(c echo.Context, a asker, effect *termEffect, problem said) error {
		if effect == nil {
			return s.showTermImport(c, a, http.StatusOK, termImportPage{Problem: problem})
		}
		p := p
		p.Effect = effect
		p.Upload = s.holdTerms(termUpload{a.person.ID.String(), head.Filename, file.Entries, s.now().Add(termUploadLife)})
		return s.showTermImport(c, a, http.StatusOK, p)
	})
}

// holdTerms keeps a file for a while; where too many wait, the oldest goes.
func (s *Server) holdTerms(u termUpload) string {
	s.terms.mu.Lock()
	defer s.terms.mu.Unlock()
	held := s.terms.uploads.held
	for len(held) >= maxTermUploads {
		oldest := ""
		for key, one := range held {
			if oldest == "" || one.until.Before(held[oldest].until) {
				oldest = key
			}
		}
		delete(held, oldest)
	}
	key := randomText(16)
	held[key] = u
	return key
}

// acceptTerms takes in a file that was shown.
func (s *Server) acceptTerms(c echo.Context, a asker) error {
	s.terms.mu.Lock()
	key := c.FormValue("upload")
	u, ok := s.terms.uploads.held[key]
	mine := ok && u.person == a.person.ID.String() && s.now().Before(u.until)
	if mine {
		delete(s.terms.uploads.held, key)
	}
	s.terms.mu.Unlock()
	if !mine {
		return s.showTermImport(c, a, http.StatusUnprocessableEntity, termImportPage{Problem: a.words.refusal(corpus.Refuse(corpus.ErrInvalid, "term-upload-gone", "the file is not held any more; choose it again"))})
	}
	ctx := c.Request().Context()
	kept, err := s.store.Terms(ctx)
	if err != nil {
		return err
	}
	shifts, err := s.shifts(ctx, termbase.Change{Put: termbase.PlanImport(kept, u.entries).Entries()})
	if err != nil {
		return err
	}
	plan, err := s.store.ImportTerms(ctx, u.name, u.entries, shifts, a.person.ID.String())
	if err != nil {
		return err
	}
	return s.showTermImport(c, a, http.StatusOK, termImportPage{Done: true, Name: u.name, Plan: plan})
}
