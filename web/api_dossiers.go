package web

import (
	"context"

	"github.com/google/uuid"

	"concord/review"
)

func (s *Server) apiDossiers(c call) (any, error) {
	dossiers, err := s.store.Dossiers(c.ctx)
	if err != nil {
		return nil, err
	}
	items, err := s.toldDossiers(c.ctx, dossiers...)
	return apiList[apiDossier]{Items: items}, err
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
	told, err := s.toldDossiers(c.ctx, d)
	if err != nil {
		return nil, err
	}
	return told[0], nil
}

// toldDossiers tells dossiers with what is reserved against the whole of them.
func (s *Server) toldDossiers(ctx context.Context, dossiers ...review.Dossier) ([]apiDossier, error) {
	ids := make([]uuid.UUID, len(dossiers))
	for i, d := range dossiers {
		ids[i] = d.ID
	}
	reserved, err := s.records.ReservedOnAll(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := []apiDossier{}
	for _, d := range dossiers {
		out = append(out, newAPIDossier(d, reserved))
	}
	return out, nil
}
