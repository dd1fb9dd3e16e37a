package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
)

// maxDrawn is how many pages one form asks pictures of: those that one view shows.
const maxDrawn = 2*sourceAround + 1

// pictures puts pictures on the pages of a view that have one, unless the text is
// wished, and says of which pages they can be asked for; query is that of the view.
func (v *sourceView) pictures(i staging.Import, kept staging.Kept, query url.Values) {
	if !v.Printed() || kept.Bytes == 0 {
		return
	}
	place := url.Values{}
	for _, name := range []string{"clause", "at", "from", "problem"} {
		if query.Has(name) {
			place.Set(name, query.Get(name))
		}
	}
	asText, path := query.Get("view") == "text", "/imports/"+i.ID.String()
	v.Back = withQuery(path, place)
	place.Set("view", "text")
	without := withQuery(path, place)
	for n := range v.Sheets {
		sh := &v.Sheets[n]
		switch drawn := slices.Contains(kept.Pages, sh.Page); {
		case drawn && asText:
			v.Other = v.Back
		case drawn:
			sh.Picture = fmt.Sprintf("/imports/%s/pages/%d", i.ID, sh.Page)
			v.Pictured, v.Other = true, without
		case !strings.HasSuffix(strings.ToLower(i.File), ".zip"):
			v.Draw = append(v.Draw, sh.Page)
		}
	}
}

// keptFile adds what is kept of the file to the screen.
func (s *Server) keptFile(ctx context.Context, c echo.Context, p *importPage) error {
	if !p.Open {
		return nil
	}
	kept, err := s.store.StagedKept(ctx, p.Import.ID)
	if err != nil {
		return fmt.Errorf("look for the file: %w", err)
	}
	if kept.Bytes > 0 {
		p.FileSize = fmt.Sprintf("%.1f MB", max(0.1, float64(kept.Bytes)/(1<<20)))
	}
	if p.Source != nil {
		p.Source.pictures(p.Import, kept, c.QueryParams())
	}
	return nil
}

// drawPages makes pictures of pages and goes back to the view that asked.
func (s *Server) drawPages(c echo.Context, a asker) error {
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	if s.importer == nil {
		return corpus.Refuse(corpus.ErrInvalid, "import-off", "this server does not read files")
	}
	var pages []int
	for _, text := range c.Request().PostForm["page"] {
		if n, err := strconv.Atoi(text); err == nil && n > 0 && len(pages) < maxDrawn {
			pages = append(pages, n)
		}
	}
	if len(pages) == 0 {
		return corpus.Refuse(corpus.ErrInvalid, "page-none", "say which page is to be drawn")
	}
	leave, err := s.readers.enter(c.Request().Context())
	if err != nil {
		return err
	}
	defer leave()
	if err := s.importer.Draw(c.Request().Context(), i, pages); err != nil {
		return fmt.Errorf("draw pages of %s: %w", i.ID, err)
	}
	back := "/imports/" + i.ID.String()
	if to := c.FormValue("back"); strings.HasPrefix(to, back+"?") {
		back = to
	}
	return c.Redirect(http.StatusSeeOther, back+"#source")
}

// importPage sends the picture of a page: to who may import alone, and to no cache
// that others share.
func (s *Server) importPage(c echo.Context, a asker) error {
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	page, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return fmt.Errorf("page %q: %w", clip(c.Param("number"), 20), corpus.ErrNotFound)
	}
	body, err := s.store.StagedPage(c.Request().Context(), i.ID, page)
	if err != nil {
		return fmt.Errorf("find the picture: %w", err)
	}
	return c.Blob(http.StatusOK, "image/png", body)
}

// importFile sends the file as it was sent, to be saved and not to be shown.
func (s *Server) importFile(c echo.Context, a asker) error {
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	file, err := s.store.StagedFile(c.Request().Context(), i.ID)
	if err != nil {
		return fmt.Errorf("find the file: %w", err)
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", attachment(i.File))
	h.Set("Content-Type", "application/octet-stream")
	c.Response().WriteHeader(http.StatusOK)
	_, err = io.Copy(c.Response(), file)
	return err
}
