package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

// mayTemplate is the policy of writing templates; at which dossiers is held by
// review.MayTemplate.
var mayTemplate = may(review.ActionTemplate)

// templateBytes is how much the form of a template may send.
const templateBytes = review.MaxLetterhead + review.MaxArrangement + formBytes

// templatesView lists the templates.
type templatesView struct {
	Shell
	Groups []templateGroup
	May    bool
}

// templateGroup are the templates of a dossier; the first group is of all.
type templateGroup struct {
	Dossier *review.Dossier // nil for all
	Rows    []templateRow
	May     bool
}

// templateRow is a template in a list, with what it changes.
type templateRow struct {
	review.Template
	Kinds []export.Document
	Who   string
}

// templateRows lists templates with the names of people.
func (s *Server) templateRows(ctx context.Context, list []review.Template) ([]templateRow, error) {
	n, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	var out []templateRow
	for _, t := range list {
		a, _ := export.ReadArrangement(t.Arrangement)
		out = append(out, templateRow{t, a.Kinds(), n.of(t.Person)})
	}
	return out, nil
}

// templateList shows all templates.
func (s *Server) templateList(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	list, err := s.store.Templates(ctx)
	if err != nil {
		return fmt.Errorf("list the templates: %w", err)
	}
	rows, err := s.templateRows(ctx, list)
	if err != nil {
		return err
	}
	dossiers, err := s.store.Dossiers(ctx)
	if err != nil {
		return fmt.Errorf("list the dossiers: %w", err)
	}
	p := &templatesView{May: a.person.May(review.ActionTemplate)}
	add := func(d *review.Dossier, id uuid.UUID) {
		g := templateGroup{Dossier: d, May: review.MayTemplate(d, a.person) == nil}
		for _, r := range rows {
			if r.Dossier == id {
				g.Rows = append(g.Rows, r)
			}
		}
		if d == nil || g.May || len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	add(nil, uuid.Nil)
	for i, d := range dossiers {
		add(&dossiers[i], d.ID)
	}
	p.Shell = s.shell(c, a, a.words.say("doctemplates.title"))
	return s.show(c, a, http.StatusOK, "doctemplates", p)
}

// templateView is one template: its form for those who may write it, what its documents
// would look like, and its versions.
type templateView struct {
	Shell
	Form     review.Template // Version is that of the page, 0 for a new one
	Dossier  *review.Dossier // nil for all
	May      bool
	Old      bool // an older version is looked at
	Saved    bool
	Problem  said
	Flaws    []templateFlaw
	Kind     export.Document // of the preview
	Kinds    []export.Document
	On       review.Dossier   // that the preview is of
	Dossiers []review.Dossier // that it may be of
	Preview  *export.Preview
	Versions []templateRow
	MaxName  int
}

// sampleArrangement shows how an arrangement is written; the help under the form says
// the rest.
const sampleArrangement = `[report]
sections = indicators, comparison
title.zh = {parties} 条款对照
intro.en = Agreed in round {round}, checksum {checksum}.

[report.comparison]
title.en = Requirements side by side
columns = a, b, relation
column.a.en = Text of {a}
width.a = 40`

// Sample is an arrangement to learn from.
func (*templateView) Sample() string { return sampleArrangement }

// templateFlaw is what is wrong with a line.
type templateFlaw struct {
	Line int
	Said said
}

// newTemplate shows the form for a new template.
func (s *Server) newTemplate(c echo.Context, a asker) error {
	p := &templateView{Form: review.Template{Arrangement: export.DefaultArrangement()}}
	if id, err := uuid.Parse(c.QueryParam("dossier")); err == nil {
		p.Form.Dossier = id
	}
	return s.showTemplate(c, a, http.StatusOK, p)
}

// pathTemplate is the version of a template that the address names, the last one
// where it names none.
func (s *Server) pathTemplate(c echo.Context) (review.Template, error) {
	id, err := pathID(c)
	if err != nil {
		return review.Template{}, err
	}
	version, _ := strconv.Atoi(c.QueryParam("version")) // anything else is the last one
	return s.store.Template(c.Request().Context(), id, max(0, version))
}

// templatePage shows a version of a template, the last one unless the address names
// another.
func (s *Server) templatePage(c echo.Context, a asker) error {
	t, err := s.pathTemplate(c)
	if err != nil {
		return err
	}
	p := &templateView{Form: t, Saved: c.QueryParam("done") != "", Kind: export.Document(c.QueryParam("kind"))}
	if on, err := uuid.Parse(c.QueryParam("on")); err == nil {
		p.On.ID = on
	}
	return s.showTemplate(c, a, http.StatusOK, p)
}

// showTemplate fills in what surrounds a template and shows it.
func (s *Server) showTemplate(c echo.Context, a asker, status int, p *templateView) error {
	ctx := c.Request().Context()
	all, err := s.store.Dossiers(ctx)
	if err != nil {
		return fmt.Errorf("list the dossiers: %w", err)
	}
	for i, d := range all {
		if d.ID == p.Form.Dossier {
			p.Dossier = &all[i]
		}
	}
	if p.Dossier == nil && p.Form.Dossier != uuid.Nil {
		return fmt.Errorf("dossier %s: %w", p.Form.Dossier, corpus.ErrNotFound)
	}
	if p.Form.ID != uuid.Nil {
		versions, err := s.store.TemplateVersions(ctx, p.Form.ID)
		if err != nil {
			return err
		}
		p.Old = p.Form.Version != versions[0].Version && p.Problem.Text == ""
		if p.Versions, err = s.templateRows(ctx, versions); err != nil {
			return err
		}
	}
	p.May = review.MayTemplate(p.Dossier, a.person) == nil
	if p.Form.ID == uuid.Nil && !p.May {
		return review.MayTemplate(p.Dossier, a.person)
	}
	p.MaxName, p.Kinds, p.Dossiers = review.MaxTemplateName, export.Documents, all
	if p.Dossier != nil {
		p.Dossiers = []review.Dossier{*p.Dossier}
	}
	p.look(a, s.previewed(ctx, a, p))
	title := p.Form.Name
	if title == "" {
		title = a.words.say("doctemplates.new")
	}
	p.Shell = s.shell(c, a, title+" – "+a.words.say("doctemplates.title"))
	return s.show(c, a, status, "doctemplate", p)
}

// look keeps why there is no preview, unless something else is said already.
func (p *templateView) look(a asker, err error) {
	if err != nil && p.Problem.Text == "" && len(p.Flaws) == 0 {
		p.Problem = a.words.refusal(err)
	}
}

// previewRows is how many rows of a table a preview shows.
const previewRows = 3

// previewed makes the preview of the page's arrangement on one of its dossiers.
func (s *Server) previewed(ctx context.Context, a asker, p *templateView) error {
	arrangement, flaws := export.ReadArrangement(p.Form.Arrangement)
	p.Flaws = nil
	for _, f := range flaws {
		p.Flaws = append(p.Flaws, templateFlaw{f.Line, a.words.refusal(f.Err)})
	}
	if kinds := arrangement.Kinds(); !slices.Contains(export.Documents, p.Kind) {
		p.Kind = export.DocumentReport
		if len(kinds) > 0 {
			p.Kind = kinds[0]
		}
	}
	if len(flaws) > 0 || len(p.Dossiers) == 0 {
		return nil
	}
	at := max(0, slices.IndexFunc(p.Dossiers, func(d review.Dossier) bool { return d.ID == p.On.ID }))
	p.On = p.Dossiers[at]
	look, err := export.ReadTemplate(review.Template{Name: p.Form.Name, Version: p.Form.Version, Arrangement: p.Form.Arrangement})
	if err != nil {
		return err
	}
	leave, err := s.seeking.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	set, err := export.Gather(ctx, s.store, p.On.ID, s.documentOptions(corpus.Language(a.words.tag)))
	if err != nil {
		return err
	}
	set.Options.Template = look
	preview := set.Preview(p.Kind, previewRows)
	p.Preview = &preview
	return nil
}

// readTemplate reads the form of a template; what is not sent anew stays as kept.
func (s *Server) readTemplate(c echo.Context) (review.Template, error) {
	ctx := c.Request().Context()
	t := review.Template{Name: c.FormValue("name"), Arrangement: c.FormValue("arrangement")}
	if id, err := uuid.Parse(c.FormValue("id")); err == nil {
		kept, err := s.store.Template(ctx, id, 0)
		if err != nil {
			return t, err
		}
		t.ID, t.Dossier = kept.ID, kept.Dossier
		if c.FormValue("without") == "" {
			t.Letterhead, t.File = kept.Letterhead, kept.File
		}
		if t.Version, err = strconv.Atoi(c.FormValue("version")); err != nil {
			return t, fmt.Errorf("version %q: %w", clip(c.FormValue("version"), 20), corpus.ErrInvalid)
		}
	} else if id, err := uuid.Parse(c.FormValue("dossier")); err == nil {
		t.Dossier = id
	}
	head, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("take the letterhead: %w", err)
	}
	f, err := head.Open()
	if err != nil {
		return t, fmt.Errorf("open the letterhead: %w", err)
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, review.MaxLetterhead+1))
	if err != nil {
		return t, fmt.Errorf("read the letterhead: %w", err)
	}
	if len(body) > 0 {
		t.Letterhead, t.File = body, head.Filename
	}
	return t, nil
}

// saveTemplate keeps a version, or shows what it would give.
func (s *Server) saveTemplate(c echo.Context, a asker) error {
	t, err := s.readTemplate(c)
	if err != nil {
		return err
	}
	p := &templateView{Form: t, Kind: export.Document(c.FormValue("kind"))}
	if on, err := uuid.Parse(c.FormValue("on")); err == nil {
		p.On.ID = on
	}
	if c.FormValue("do") == "preview" {
		return s.showTemplate(c, a, http.StatusOK, p)
	}
	if _, err := export.ReadTemplate(t); err != nil && len(t.Letterhead) <= review.MaxLetterhead && len(t.Arrangement) <= review.MaxArrangement {
		p.Problem = a.words.refusal(err)
		return s.showTemplate(c, a, http.StatusUnprocessableEntity, p)
	}
	saved, err := s.store.SaveTemplate(c.Request().Context(), t, a.person)
	if _, refused := corpus.RefusalOf(err); refused && !errors.Is(err, corpus.ErrForbidden) {
		p.Problem = a.words.refusal(err)
		status := http.StatusUnprocessableEntity
		if errors.Is(err, corpus.ErrConflict) {
			status = http.StatusConflict
		}
		return s.showTemplate(c, a, status, p)
	}
	if err != nil {
		return fmt.Errorf("keep the template: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/templates/"+saved.ID.String()+"?done=1")
}

// restoreTemplate writes an older version anew; 0 is the program's own arrangement.
func (s *Server) restoreTemplate(c echo.Context, a asker) error {
	return s.rewriteTemplate(c, a, func(ctx context.Context, now review.Template) (review.Template, error) {
		version, err := strconv.Atoi(c.FormValue("version"))
		if err != nil || version < 0 {
			return now, fmt.Errorf("version %q: %w", clip(c.FormValue("version"), 20), corpus.ErrInvalid)
		}
		if version == 0 {
			now.Arrangement = export.DefaultArrangement()
			return now, nil
		}
		old, err := s.store.Template(ctx, now.ID, version)
		old.Version, old.Dropped = now.Version, false
		return old, err
	}, "?done=1")
}

// dropTemplate takes a template out of the lists; its versions stay.
func (s *Server) dropTemplate(c echo.Context, a asker) error {
	return s.rewriteTemplate(c, a, func(_ context.Context, now review.Template) (review.Template, error) {
		now.Dropped = true
		return now, nil
	}, "")
}

// rewriteTemplate changes the last version of a template into another.
func (s *Server) rewriteTemplate(c echo.Context, a asker, change func(context.Context, review.Template) (review.Template, error), then string) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	now, err := s.store.Template(ctx, id, 0)
	if err != nil {
		return err
	}
	next, err := change(ctx, now)
	if err != nil {
		return err
	}
	if _, err := s.store.SaveTemplate(ctx, next, a.person); err != nil {
		return fmt.Errorf("keep the template: %w", err)
	}
	if then == "" {
		return c.Redirect(http.StatusSeeOther, "/templates")
	}
	return c.Redirect(http.StatusSeeOther, "/templates/"+id.String()+then)
}

// templateLetterhead sends the letterhead of a version as it came.
func (s *Server) templateLetterhead(c echo.Context, _ asker) error {
	t, err := s.pathTemplate(c)
	if err != nil {
		return err
	}
	if t.Letterhead == nil {
		return fmt.Errorf("version %d has no letterhead: %w", t.Version, corpus.ErrNotFound)
	}
	docx, err := export.ByName("docx")
	if err != nil {
		return err
	}
	return download(c, t.Name+"-"+strconv.Itoa(t.Version)+docx.Extension, docx.MediaType, t.Letterhead)
}
