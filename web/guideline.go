package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// guidelineView is a dossier's guideline as pages show it.
type guidelineView struct {
	Text       string
	Version    int
	At         time.Time
	Max        int
	Paragraphs []Piece // the text with its hidden characters shown
}

// guidelineOf reads the guideline of a dossier.
func (s *Server) guidelineOf(ctx context.Context, d review.Dossier) (guidelineView, error) {
	g, err := s.store.Guideline(ctx, d.ID)
	if err != nil {
		return guidelineView{}, fmt.Errorf("read the guideline of the dossier: %w", err)
	}
	return guidelineView{g.Text, g.Version, g.At, review.MaxGuideline, plain(g.Text)}, nil
}

// saveGuideline keeps another version of a dossier's guideline.
func (s *Server) saveGuideline(c echo.Context, a asker) error {
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	seen, err := strconv.Atoi(c.FormValue("version"))
	if err != nil {
		return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a version", "value", clip(c.FormValue("version"), 30))
	}
	if err := s.store.SaveGuideline(c.Request().Context(), d.ID, c.FormValue("text"), seen, a.person); err != nil {
		return fmt.Errorf("keep the guideline: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+d.ID.String()+"?guided=1#guideline")
}
