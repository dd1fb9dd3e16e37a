package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

// compareExport are the documents of what the page shows, from one dossier.
type compareExport struct {
	Dossier review.Dossier
	Links   []compareExportLink
}

// compareExportLink is one of them.
type compareExportLink struct{ Format, Href string }

// exports are the documents of the page's pair under its filters, for the dossier that
// is asked for or each that holds both.
func (c *comparedPair) exports() []compareExport {
	var out []compareExport
	for _, d := range c.dossiers {
		if c.query.Dossier != uuid.Nil && d.ID != c.query.Dossier {
			continue
		}
		q := c.query
		q.Dossier, q.View, q.From, q.All = d.ID, viewTable, 0, false
		e := compareExport{Dossier: d}
		for _, f := range export.Formats {
			if q.OneSided && !f.Marks {
				continue
			}
			_, query, _ := strings.Cut(q.Address(), "?")
			e.Links = append(e.Links, compareExportLink{f.Name, "/compare/export/" + f.Name + "?" + query})
		}
		out = append(out, e)
	}
	return out
}

// selection is what the pair shows under its filters: the rows of the table and, where
// nothing is filtered that gaps do not have, what is agreed to have no counterpart.
func (c *comparedPair) selection() *export.Selection {
	s := &export.Selection{Matches: map[uuid.UUID]bool{}, Standards: []corpus.StandardID{c.query.A, c.query.B}, Said: c.said()}
	for _, m := range c.table {
		s.Matches[m.ID] = true
	}
	if c.query.Stricter == "" && c.query.Status == "" {
		for _, list := range []gapLists{c.gapsA, c.gapsB} {
			for _, row := range list.absent {
				for _, m := range row.matches {
					s.Matches[m.ID] = true
				}
			}
		}
	}
	return s
}

// compareExport sends what a comparison shows as a document.
func (s *Server) compareExport(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	f, err := export.ByName(pathPart(c, "format"))
	if err != nil {
		return err
	}
	q := readCompareQuery(c.QueryParams())
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	_, hasA := sh[q.A]
	_, hasB := sh[q.B]
	if !hasA || !hasB || q.A == q.B || q.Dossier == uuid.Nil {
		return fmt.Errorf("a document is of two standards in one dossier: %w", corpus.ErrNotFound)
	}
	ask, err := s.readExporting(c, a, q.Dossier, f)
	if err != nil {
		return err
	}
	q.View = viewTable
	pair, err := s.readPair(ctx, sh, q, a)
	if err != nil {
		return err
	}
	ask.oneSided, ask.only = q.OneSided, pair.selection()
	set, err := s.gather(ctx, s.store, q.Dossier, ask)
	if err != nil {
		return err
	}
	if len(set.Items)+len(set.Waiting) == 0 {
		return c.Redirect(http.StatusSeeOther, q.Address())
	}
	return s.sendExport(c, f, set)
}
