package web

import (
	"context"
	"slices"
	"strings"

	"concord/corpus"
)

// apiStandards lists standards by id.
func (s *Server) apiStandards(c call) (any, error) {
	limit, err := limitOf(c.query, 50, apiMostPage)
	if err != nil {
		return nil, err
	}
	after, err := placeOf("standard", c.query.Get("cursor"))
	if err != nil {
		return nil, err
	}
	holdings, err := s.store.Standards(c.ctx)
	if err != nil {
		return nil, err
	}
	corpus.Sort(holdings, func(a, b corpus.Holding) int { return strings.Compare(string(a.Standard.ID), string(b.Standard.ID)) })
	near := newAround(holdings)
	out := apiList[apiStandard]{Items: []apiStandard{}}
	for _, h := range holdings {
		if string(h.Standard.ID) <= after || !c.wants(h.Standard) {
			continue
		}
		if len(out.Items) == limit {
			out.Next = cursorOf("standard", string(out.Items[limit-1].ID))
			break
		}
		out.Items = append(out.Items, newAPIStandard(h, near))
	}
	return out, nil
}

// wants applies the filters of a list of standards.
func (c call) wants(s corpus.Standard) bool {
	fits := func(name string, values ...string) bool {
		want := c.query[name]
		return len(want) == 0 || slices.ContainsFunc(want, func(w string) bool {
			return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(w, v) })
		})
	}
	return fits("jurisdiction", string(s.Jurisdiction)) && fits("domain", string(s.Domain)) && fits("language", string(s.Language), string(s.Language.Base()))
}

func (s *Server) apiStandard(c call) (any, error) {
	h, err := s.store.Standard(c.ctx, c.standardID())
	if err != nil {
		return nil, err
	}
	_, all, err := s.shelf(c.ctx)
	if err != nil {
		return nil, err
	}
	return newAPIStandard(h, newAround(all)), nil
}

// standardsOf reads the standards of clauses: of a page, and not all that are kept.
func (s *Server) standardsOf(ctx context.Context, clauses []corpus.Clause) (map[corpus.StandardID]corpus.Standard, error) {
	ids := make([]corpus.StandardID, len(clauses))
	for i, c := range clauses {
		ids[i] = c.Standard
	}
	slices.Sort(ids)
	return s.store.StandardsOf(ctx, slices.Compact(ids)...)
}

func (s *Server) standardsByID(ctx context.Context) (map[corpus.StandardID]corpus.Standard, error) {
	holdings, err := s.store.Standards(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[corpus.StandardID]corpus.Standard, len(holdings))
	for _, h := range holdings {
		out[h.Standard.ID] = h.Standard
	}
	return out, nil
}
