package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
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
	Agreed  int      // matches that would be in them
	Formats []string // names, in the order they are offered
}

// exports counts what can be exported of a dossier.
func (s *Server) exports(ctx context.Context, dossier uuid.UUID) (exportsCard, error) {
	sound := false
	f := review.Filter{Dossier: dossier, Suspect: &sound, Limit: 1}
	for _, state := range review.States {
		if state.Settled() {
			f.States = append(f.States, state)
		}
	}
	page, err := s.store.Matches(ctx, f)
	if err != nil {
		return exportsCard{}, fmt.Errorf("count the agreed matches: %w", err)
	}
	return exportsCard{page.Total, export.Names()}, nil
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
	set, err := s.gather(c.Request().Context(), s.store, id, corpus.Language(a.words.tag))
	if err != nil {
		return err
	}
	if len(set.Items) == 0 {
		return c.Redirect(http.StatusSeeOther, "/dossiers/"+id.String()+"#exports")
	}
	return s.sendExport(c, f, set)
}

// gather reads what is agreed in a dossier. It waits its turn with the searches,
// since both can ask for much at once.
func (s *Server) gather(ctx context.Context, from export.Source, dossier uuid.UUID, in corpus.Language) (export.Set, error) {
	leave, err := s.seeking.enter(ctx)
	if err != nil {
		return export.Set{}, err
	}
	defer leave()
	return export.Gather(ctx, from, dossier, s.exportOptions(in))
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
