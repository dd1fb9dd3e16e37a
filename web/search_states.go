package web

import (
	"context"
	"fmt"
	"slices"

	"concord/corpus"
	"concord/index"
	"concord/review"
)

// stateNone is where a clause stands that has no match.
const stateNone = "none"

// clauseStands are where a clause may stand, as searches are narrowed by it.
var clauseStands = append(asText(review.States), stateNone)

// statesOf lets a search count and narrow its hits by where they stand.
func (s *Server) statesOf(ctx context.Context, q *index.Query) error {
	of, at, err := s.store.ClauseStates(ctx)
	if err != nil {
		return fmt.Errorf("find where clauses stand: %w", err)
	}
	q.StatesAt = at
	q.StateOf = func(id corpus.ClauseID) string {
		if state := of(id); state != "" {
			return string(state)
		}
		return stateNone
	}
	return nil
}

// facing lists for the standards of hits the jurisdictions that they face in an open
// dossier, in order.
func (s *Server) facing(ctx context.Context, sh shelf, hits []index.Hit) (map[corpus.StandardID][]corpus.Jurisdiction, error) {
	dossiers, err := s.store.Dossiers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the dossiers: %w", err)
	}
	out := map[corpus.StandardID][]corpus.Jurisdiction{}
	for _, h := range hits {
		out[h.Clause.Standard()] = nil
	}
	for _, d := range dossiers {
		if d.Closed {
			continue
		}
		for _, own := range d.Sides {
			for _, id := range own.Standards {
				if _, wanted := out[id]; !wanted {
					continue
				}
				for _, other := range d.Sides {
					if other.Party == own.Party {
						continue
					}
					for _, across := range other.Standards {
						if place := sh[across].Standard.Jurisdiction; place != "" && !slices.Contains(out[id], place) {
							out[id] = append(out[id], place)
						}
					}
				}
			}
		}
	}
	for _, places := range out {
		slices.Sort(places)
	}
	return out, nil
}

// untouched are the jurisdictions among those faced that no match of a clause is with,
// proposed ones too.
func untouched(faced []corpus.Jurisdiction, matches []review.Match, sh shelf) []corpus.Jurisdiction {
	touched := map[corpus.Jurisdiction]bool{}
	for _, m := range matches {
		touched[sh[m.Against].Standard.Jurisdiction] = true
		for _, id := range m.Sources {
			touched[sh[id.Standard()].Standard.Jurisdiction] = true
		}
	}
	var out []corpus.Jurisdiction
	for _, place := range faced {
		if !touched[place] {
			out = append(out, place)
		}
	}
	return out
}
