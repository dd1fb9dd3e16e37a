package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

// exportsCard is the part of a dossier's page that offers its exports.
type exportsCard struct {
	Agreed    int      // matches that would be in them
	Waiting   int      // answered and not agreed: in those of Marked when asked for
	Formats   []string // names, in the order they are offered
	Marked    []string // formats that can mark what is not agreed
	Templates []exportTemplate
}

// exportTemplate is a template as exports offer it.
type exportTemplate struct {
	review.Template
	Formats []string
}

// templateLinks are the links of templates below an address of exports.
type templateLinks struct {
	Base      string
	Templates []exportTemplate
}

// Under are the links for what is agreed now in a dossier.
func (e exportsCard) Under(dossier uuid.UUID) templateLinks {
	return templateLinks{"/dossiers/" + dossier.String() + "/export", e.Templates}
}

// Under are the links for a round.
func (p *roundsView) Under(number int) templateLinks {
	return templateLinks{fmt.Sprintf("/dossiers/%s/rounds/%d/export", p.Dossier.ID, number), p.Templates}
}

// exporting says how an export is asked for.
type exporting struct {
	in       corpus.Language
	template *export.Stationery
	oneSided bool
	only     *export.Selection
}

// exportTemplates lists the templates of a dossier with the formats each changes.
func (s *Server) exportTemplates(ctx context.Context, dossier uuid.UUID) ([]exportTemplate, error) {
	list, err := s.store.Templates(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the templates: %w", err)
	}
	var out []exportTemplate
	for _, t := range review.TemplatesAt(list, dossier) {
		a, _ := export.ReadArrangement(t.Arrangement) // it was read when it was kept
		row := exportTemplate{Template: t}
		for _, f := range export.Formats {
			d := export.DocumentOf(f.Name)
			if slices.Contains(a.Kinds(), d) || t.File != "" && strings.HasSuffix(f.Extension, ".docx") {
				row.Formats = append(row.Formats, f.Name)
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// readExporting reads how an address asks for an export: "template" is the id of one
// that stands at the dossier, "onesided" adds what is not agreed.
func (s *Server) readExporting(c echo.Context, a asker, dossier uuid.UUID, f export.Format) (exporting, error) {
	out := exporting{in: corpus.Language(a.words.tag), oneSided: c.QueryParam("onesided") != ""}
	if out.oneSided && !f.Marks {
		return out, corpus.Refuse(corpus.ErrInvalid, "export-onesided", "{format} cannot mark what is not agreed; {known} can", "format", f.Name, "known", strings.Join(markedFormats(), ", "))
	}
	if c.QueryParam("template") == "" {
		return out, nil
	}
	id, err := uuid.Parse(c.QueryParam("template"))
	if err != nil {
		return out, fmt.Errorf("template %q: %w", clip(c.QueryParam("template"), 40), corpus.ErrNotFound)
	}
	t, err := s.store.Template(c.Request().Context(), id, 0)
	if err != nil {
		return out, err
	}
	if t.Dropped || len(review.TemplatesAt([]review.Template{t}, dossier)) == 0 {
		return out, fmt.Errorf("template %s: %w", id, corpus.ErrNotFound)
	}
	out.template, err = export.TemplateFor(t, f)
	return out, err
}

// markedFormats are the formats that can mark what is not agreed.
func markedFormats() []string {
	var out []string
	for _, f := range export.Formats {
		if f.Marks {
			out = append(out, f.Name)
		}
	}
	return out
}

// exports counts what can be exported of a dossier.
func (s *Server) exports(ctx context.Context, dossier uuid.UUID) (exportsCard, error) {
	sound := false
	out := exportsCard{Formats: export.Names(), Marked: markedFormats()}
	var settled []review.State
	for _, state := range review.States {
		if state.Settled() {
			settled = append(settled, state)
		}
	}
	for _, part := range []struct {
		states []review.State
		count  *int
	}{{settled, &out.Agreed}, {[]review.State{review.StateOpinion}, &out.Waiting}} {
		page, err := s.store.Matches(ctx, review.Filter{Dossier: dossier, Suspect: &sound, Limit: 1, States: part.states})
		if err != nil {
			return exportsCard{}, fmt.Errorf("count the agreed matches: %w", err)
		}
		*part.count = page.Total
	}
	var err error
	out.Templates, err = s.exportTemplates(ctx, dossier)
	return out, err
}

// download sends the agreed matches of a dossier in one format, with headings in
// the language of the pages. Where nothing is agreed, the dossier's page says so.
func (s *Server) download(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	f, err := export.ByName(c.Param("format"))
	if err != nil {
		return err
	}
	ask, err := s.readExporting(c, a, id, f)
	if err != nil {
		return err
	}
	set, err := s.gather(c.Request().Context(), s.store, id, ask)
	if err != nil {
		return err
	}
	if len(set.Items)+len(set.Waiting) == 0 {
		return c.Redirect(http.StatusSeeOther, "/dossiers/"+id.String()+"#exports")
	}
	return s.sendExport(c, f, set)
}

// gather reads what is agreed in a dossier. It waits its turn with the searches,
// since both can ask for much at once.
func (s *Server) gather(ctx context.Context, from export.Source, dossier uuid.UUID, ask exporting) (export.Set, error) {
	leave, err := s.seeking.enter(ctx)
	if err != nil {
		return export.Set{}, err
	}
	defer leave()
	return export.Gather(ctx, from, dossier, s.exportOptions(ask))
}

// sendExport sends an export as a download. It is written into memory first, so
// that a failure gives an error and never half a file.
func (s *Server) sendExport(c echo.Context, f export.Format, set export.Set) error {
	var b bytes.Buffer
	if err := f.Write(&b, set); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", attachment("concord-"+set.Dossier.Name+"-"+day(set.Options.Now)+f.Extension))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	return c.Blob(http.StatusOK, f.MediaType, b.Bytes())
}

// download sends a file that a browser keeps and never shows.
func download(c echo.Context, name, media string, body []byte) error {
	h := c.Response().Header()
	h.Set("Content-Disposition", attachment(name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return c.Blob(http.StatusOK, media, body)
}

// maxFileName is how long the name of a download may be, in characters; file
// systems take 255 bytes, and Chinese characters are three each.
const maxFileName = 80

// attachment is a Content-Disposition with the name of a file: in ASCII for old
// programs (RFC 6266) and as it is for all others (RFC 8187).
func attachment(name string) string {
	name = fileName(name)
	ascii := strings.Map(func(r rune) rune {
		if r > '~' || r == '%' {
			return '_'
		}
		return r
	}, name)
	out := `attachment; filename="` + ascii + `"`
	if ascii != name {
		out += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return out
}

// fileName makes a name that every system takes: blanks and what separates
// folders, quotes or hides become hyphens, and the end with its kind stays.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(name, " "))
	name = strings.Join(strings.Fields(name), "-")
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	kind := path.Ext(name)
	for _, f := range export.Formats {
		if strings.HasSuffix(name, f.Extension) && len(f.Extension) > len(kind) {
			kind = f.Extension
		}
	}
	stem := []rune(strings.TrimSuffix(name, kind))
	if over := len(stem) - maxFileName; over > 0 {
		day := max(0, len(stem)-len("-2006-01-02")) // the date stays
		stem = append(stem[:day-over:day-over], stem[day:]...)
	}
	return strings.Trim(string(stem), "-.") + kind
}
