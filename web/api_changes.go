package web

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// apiChange is one entry of the feed of changes: what changed, and how it stands
// now, as everybody with a key may see it. Exactly one of the last fields is set,
// unless the thing is removed.
type apiChange struct {
	Seq      int64           `json:"seq"`
	Kind     review.FeedKind `json:"kind"`
	ID       string          `json:"id"`
	Removed  bool            `json:"removed,omitempty"` // a clause that left its standard
	Standard *apiStandard    `json:"standard,omitempty"`
	Clause   *apiClause      `json:"clause,omitempty"`
	Dossier  *apiDossier     `json:"dossier,omitempty"`
	Match    *apiMatch       `json:"match,omitempty"`
	Round    *apiRound       `json:"round,omitempty"`
}

// apiChangePage is a page of the feed; After is where the next one begins.
type apiChangePage struct {
	Items []apiChange `json:"items"`
	After int64       `json:"after"`
	More  bool        `json:"more"`
}

// apiChanges is the feed: every change after a number, without a gap. A blind
// opinion moves its match, whose entry says so and no more.
func (s *Server) apiChanges(c call) (any, error) {
	limit, err := limitOf(c.query, 100, apiMostPage)
	if err != nil {
		return nil, err
	}
	after, err := c.after()
	if err != nil {
		return nil, err
	}
	entries, err := s.records.Feed(c.ctx, after, limit)
	if err != nil {
		return nil, err
	}
	now, err := s.standNow(c.ctx, entries)
	if err != nil {
		return nil, err
	}
	out := apiChangePage{Items: []apiChange{}, After: after, More: len(entries) == limit}
	for _, e := range entries {
		out.After = e.Seq
		out.Items = append(out.Items, now.change(e))
	}
	return out, nil
}

// feedState is how the things stand that a page of the feed names.
type feedState struct {
	standards map[string]apiStandard
	clauses   map[string]apiClause
	dossiers  map[string]apiDossier
	matches   map[string]apiMatch
	rounds    map[string]apiRound
}

// standNow reads the things of a page, each kind at once.
func (s *Server) standNow(ctx context.Context, entries []review.FeedEntry) (feedState, error) {
	f := feedState{map[string]apiStandard{}, map[string]apiClause{}, map[string]apiDossier{}, map[string]apiMatch{}, map[string]apiRound{}}
	named := map[review.FeedKind][]string{}
	for _, e := range entries {
		if !e.Removed {
			named[e.Kind] = append(named[e.Kind], e.Object)
		}
	}
	for _, read := range []func(context.Context, feedState, map[review.FeedKind][]string) error{s.standardsNow, s.dossiersNow, s.matchesNow, s.roundsNow} {
		if err := read(ctx, f, named); err != nil {
			return f, err
		}
	}
	return f, nil
}

// standardsNow reads standards and clauses. What follows from other standards, such
// as parallel editions, is not told: it changes without the standard.
func (s *Server) standardsNow(ctx context.Context, f feedState, named map[review.FeedKind][]string) error {
	if len(named[review.FeedStandard])+len(named[review.FeedClause]) == 0 {
		return nil
	}
	holdings, err := s.store.Standards(ctx)
	if err != nil {
		return err
	}
	standards := map[corpus.StandardID]corpus.Standard{}
	for _, h := range holdings {
		standards[h.Standard.ID] = h.Standard
		told := newAPIStandard(h, newAround(nil))
		told.Overlay = nil
		f.standards[string(h.Standard.ID)] = told
	}
	clauses, err := s.store.Clauses(ctx, distinct(typed[corpus.ClauseID](named[review.FeedClause]))...)
	for _, c := range clauses {
		f.clauses[string(c.ID)] = newAPIClause(c, standards[c.Standard])
	}
	return err
}

// dossiersNow reads dossiers.
func (s *Server) dossiersNow(ctx context.Context, f feedState, named map[review.FeedKind][]string) error {
	if len(named[review.FeedDossier]) == 0 {
		return nil
	}
	dossiers, err := s.store.Dossiers(ctx)
	if err != nil {
		return err
	}
	told, err := s.toldDossiers(ctx, dossiers...)
	for _, d := range told {
		f.dossiers[d.ID.String()] = d
	}
	return err
}

// matchesNow reads matches.
func (s *Server) matchesNow(ctx context.Context, f feedState, named map[review.FeedKind][]string) error {
	var ids []uuid.UUID
	for _, text := range distinct(named[review.FeedMatch]) {
		id, err := uuid.Parse(text)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	matches, err := s.records.MatchesByID(ctx, ids...)
	for _, m := range matches {
		f.matches[m.ID.String()] = newAPIMatch(m)
	}
	return err
}

// roundsNow reads rounds.
func (s *Server) roundsNow(ctx context.Context, f feedState, named map[review.FeedKind][]string) error {
	for _, name := range distinct(named[review.FeedRound]) {
		dossier, number, _ := strings.Cut(name, "/")
		id, err := uuid.Parse(dossier)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(number)
		if err != nil {
			return err
		}
		r, err := s.store.Round(ctx, id, n)
		if err != nil {
			return err
		}
		f.rounds[name] = newAPIRound(r)
	}
	return nil
}

// change is an entry with how its thing stands.
func (f feedState) change(e review.FeedEntry) apiChange {
	out := apiChange{Seq: e.Seq, Kind: e.Kind, ID: e.Object, Removed: e.Removed}
	if e.Removed {
		return out
	}
	switch e.Kind {
	case review.FeedStandard:
		out.Standard = found(f.standards, e.Object)
	case review.FeedClause:
		out.Clause = found(f.clauses, e.Object)
	case review.FeedDossier:
		out.Dossier = found(f.dossiers, e.Object)
	case review.FeedMatch:
		out.Match = found(f.matches, e.Object)
	case review.FeedRound:
		out.Round = found(f.rounds, e.Object)
	}
	return out
}

// found is the value of a key, nil when there is none.
func found[T any](values map[string]T, key string) *T {
	if v, there := values[key]; there {
		return &v
	}
	return nil
}
