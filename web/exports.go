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
	"concord/corpus/lexicon"
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

// askOf reads how the address of an export asks for one: "template" is the id of one
// that stands at the dossier, "onesided" adds what is not agreed.
func askOf(c echo.Context, a asker, dossier uuid.UUID) (exportAsk, error) {
	ask := exportAsk{Dossier: dossier, Format: pathPart(c, "format"), Language: corpus.Language(a.words.tag), OneSided: c.QueryParam("onesided") != ""}
	var err error
	ask.Template, err = templateID(c.QueryParam("template"))
	return ask, err
}

// templateID reads the id of a template, uuid.Nil for none.
func templateID(text string) (uuid.UUID, error) {
	if text == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return id, noTemplate(text)
	}
	return id, nil
}

func noTemplate(name string) error {
	return fmt.Errorf("template %q: %w", clip(name, 40), corpus.ErrNotFound)
}

// documentOptions are what every document of this server is made with.
func (s *Server) documentOptions(in corpus.Language) export.Options {
	return export.Options{
		BaseURI: strings.TrimRight(s.base.String(), "/"), Now: s.now(), Version: s.version, Language: in, Sentence: sentencesOf(s.words, s.label),
		Label: func(concept string, in corpus.Language) string { return s.label(lexicon.ConceptID(concept), in) },
	}
}

// openExport opens what is asked for, as somebody may see it.
func (s *Server) openExport(ctx context.Context, from export.Source, a asker, ask exportAsk, step func(int) error) (*export.Opened, export.Format, error) {
	f, err := export.ByName(ask.Format)
	if err != nil {
		return nil, f, err
	}
	if ask.OneSided && !f.Marks {
		return nil, f, corpus.Refuse(corpus.ErrInvalid, "export-onesided", "{format} cannot mark what is not agreed; {known} can", "format", f.Name, "known", strings.Join(markedFormats(), ", "))
	}
	o := s.documentOptions(ask.Language)
	o.OneSided, o.Step = ask.OneSided, step
	if ask.Template != uuid.Nil {
		t, err := s.store.Template(ctx, ask.Template, 0)
		if err != nil {
			return nil, f, err
		}
		if t.Dropped || len(review.TemplatesAt([]review.Template{t}, ask.Dossier)) == 0 {
			return nil, f, noTemplate(ask.Template.String())
		}
		if o.Template, err = export.TemplateFor(t, f); err != nil {
			return nil, f, err
		}
	}
	if ask.Compare != "" {
		if o.Only, err = s.comparedOf(ctx, a, ask); err != nil {
			return nil, f, err
		}
	}
	if ask.Round == 0 {
		p, err := export.Open(ctx, from, ask.Dossier, o)
		return p, f, err
	}
	frozen, err := s.store.Round(ctx, ask.Dossier, ask.Round)
	if err != nil {
		return nil, f, fmt.Errorf("find the round: %w", err)
	}
	p, err := export.OpenRound(ctx, from, frozen, o)
	return p, f, err
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
	ask, err := askOf(c, a, id)
	if err != nil {
		return err
	}
	return s.sendExport(c, a, ask, "/dossiers/"+id.String()+"#exports")
}

// sendExport sends an export as a download, or offers to write it in the background
// where it is long; where there is nothing in it, it goes to another address. It waits
// its turn with the searches, since both can ask for much at once.
func (s *Server) sendExport(c echo.Context, a asker, ask exportAsk, empty string) error {
	ctx := c.Request().Context()
	leave, err := s.seeking.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	p, f, err := s.openExport(ctx, s.store, a, ask, nil)
	switch {
	case err != nil:
		return err
	case p.Rows == 0 && empty != "":
		return c.Redirect(http.StatusSeeOther, empty)
	case p.Rows > s.exportRows && s.jobs != nil:
		return s.offerExport(c, a, ask, p)
	}
	return writeExport(c, p, f)
}

// writeExport writes an export into memory and then out, so that a failure gives an
// error and never half a file.
func writeExport(c echo.Context, p *export.Opened, f export.Format) error {
	var b bytes.Buffer
	if err := p.Write(c.Request().Context(), &b, f); err != nil {
		return err
	}
	asFile(c, exportName(p, f))
	return c.Blob(http.StatusOK, f.MediaType, b.Bytes())
}

// exportName is what a download is called.
func exportName(p *export.Opened, f export.Format) string {
	return "concord-" + p.Dossier.Name + "-" + day(p.Options.Now) + f.Extension
}

// asFile says of an answer that it is a document to be kept.
func asFile(c echo.Context, name string) {
	h := c.Response().Header()
	h.Set("Content-Disposition", attachment(name))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
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
