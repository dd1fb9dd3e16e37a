package web

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/review/export"
)

// Figures finds the quantities of texts for exports, named in the language of the text.
func Figures(read Reader, label func(lexicon.ConceptID, corpus.Language) string) func(corpus.Clause, corpus.Standard) []export.Figure {
	return func(c corpus.Clause, s corpus.Standard) []export.Figure {
		var out []export.Figure
		for _, q := range read.Read(c, s.Tradition).Quantities {
			f := export.Figure{From: q.Span.Start - c.TextOffset(), To: q.Span.End - c.TextOffset()}
			if q.Measures != "" {
				f.Measures = label(q.Measures, c.Language)
			}
			out = append(out, f)
		}
		return out
	}
}

// writeCatalog sends a standard as an OSCAL catalog, the one format that standards have.
func (s *Server) writeCatalog(c echo.Context, id corpus.StandardID, format string) error {
	if format != "" && format != export.CatalogFormat {
		return fmt.Errorf("%q is not a format of standards, %s is: %w", clip(format, 40), export.CatalogFormat, corpus.ErrInvalid)
	}
	ctx := c.Request().Context()
	std, err := s.store.Standard(ctx, id)
	if err != nil {
		return err
	}
	clauses, err := s.store.ClausesOf(ctx, id)
	if err != nil {
		return fmt.Errorf("read the clauses of %s: %w", id, err)
	}
	var b bytes.Buffer
	o := export.Options{BaseURI: strings.TrimRight(s.base.String(), "/"), Now: s.now(), Version: s.version}
	if s.read != nil {
		o.Figures = Figures(s.read, s.label)
	}
	if err := export.Catalog(&b, std, clauses, o); err != nil {
		return err
	}
	return download(c, "concord-"+string(id)+"-"+day(s.now())+".oscal.json", "application/json", b.Bytes())
}

// catalogExport sends a standard as a catalog.
func (s *Server) catalogExport(c echo.Context, _ asker) error {
	return s.writeCatalog(c, corpus.StandardID(pathPart(c, "id")), export.CatalogFormat)
}
