package web

import (
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/review/export"
)

func (s *Server) apiDossiers(c call) (any, error) {
	dossiers, err := s.store.Dossiers(c.ctx)
	if err != nil {
		return nil, err
	}
	out := apiList[apiDossier]{Items: []apiDossier{}}
	for _, d := range dossiers {
		out.Items = append(out.Items, newAPIDossier(d))
	}
	return out, nil
}

func (s *Server) apiDossier(c call) (any, error) {
	id, err := c.pathID("dossier")
	if err != nil {
		return nil, err
	}
	d, err := s.store.Dossier(c.ctx, id)
	if err != nil {
		return nil, err
	}
	return newAPIDossier(d), nil
}

// apiExport writes the agreed matches of a dossier as a file.
func (s *Server) apiExport(c call) (any, error) {
	id, err := c.pathID("dossier")
	if err != nil {
		return nil, err
	}
	name := c.query.Get("format")
	if name == "" {
		name = "csv"
	}
	return nil, s.writeExport(c.echo, id, name)
}

// writeExport sends an export as a download.
func (s *Server) writeExport(c echo.Context, dossier uuid.UUID, format string) error {
	f, err := export.ByName(format)
	if err != nil {
		return err
	}
	set, err := s.gather(c.Request().Context(), s.records, dossier, exporting{})
	if err != nil {
		return err
	}
	return s.sendExport(c, f, set)
}
