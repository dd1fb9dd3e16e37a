package web

import (
	"context"
	"fmt"
	"net/url"
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
	q := readCompareQuery(c.QueryParams())
	ask, err := askOf(c, a, q.Dossier)
	if err != nil {
		return err
	}
	q.View, q.From, q.All = viewTable, 0, false
	ask.Compare, ask.OneSided, ask.Round = q.Address(), q.OneSided && q.Round == 0, q.Round
	return s.sendExport(c, a, ask, q.Address())
}

// comparedOf reads the comparison whose rows an export has.
func (s *Server) comparedOf(ctx context.Context, a asker, ask exportAsk) (*export.Selection, error) {
	u, err := url.Parse(ask.Compare)
	if err != nil {
		return nil, fmt.Errorf("read the address of a comparison: %w", corpus.ErrInvalid)
	}
	q := readCompareQuery(u.Query())
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	_, hasA := sh[q.A]
	_, hasB := sh[q.B]
	if !hasA || !hasB || q.A == q.B || q.Dossier == uuid.Nil || q.Dossier != ask.Dossier {
		return nil, fmt.Errorf("a document is of two standards in one dossier: %w", corpus.ErrNotFound)
	}
	pair, err := s.readPair(ctx, sh, q, a)
	if err != nil {
		return nil, err
	}
	return pair.selection(), nil
}
