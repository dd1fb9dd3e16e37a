package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// apiEquivalents answers the matches of one clause, agreed ones first.
func (s *Server) apiEquivalents(c call) (any, error) {
	if err := oneOf("state", c.query["state"], review.States); err != nil {
		return nil, err
	}
	clause, _, err := s.oneClause(c)
	if err != nil {
		return nil, err
	}
	found, err := s.store.Equivalents(c.ctx, clause.ID)
	if err != nil {
		return nil, err
	}
	out := equivalentsOf(clause.ID, found[clause.ID])
	out.Matches = slices.DeleteFunc(out.Matches, func(m apiMatch) bool {
		return len(c.query["state"]) > 0 && !slices.Contains(c.query["state"], string(m.State))
	})
	return out, nil
}

func equivalentsOf(id corpus.ClauseID, matches []review.Match) apiEquivalents {
	out := apiEquivalents{Clause: id, Matches: []apiMatch{}}
	for _, m := range matches {
		out.Matches = append(out.Matches, newAPIMatch(m))
	}
	return out
}

// apiEquivalentsBulk answers the matches of up to apiMostBulk clauses.
func (s *Server) apiEquivalentsBulk(c call) (any, error) {
	ids, err := c.bulk()
	if err != nil {
		return nil, err
	}
	found, err := s.store.Equivalents(c.ctx, ids...)
	if err != nil {
		return nil, err
	}
	kept, err := s.withoutMatches(c.ctx, ids, found)
	if err != nil {
		return nil, err
	}
	out := apiList[apiEquivalents]{Items: []apiEquivalents{}}
	for _, id := range ids {
		e := equivalentsOf(id, found[id])
		e.Unknown = len(e.Matches) == 0 && !kept[id]
		out.Items = append(out.Items, e)
	}
	return out, nil
}

// withoutMatches tells which of the clauses without a match are kept at all.
func (s *Server) withoutMatches(ctx context.Context, ids []corpus.ClauseID, found map[corpus.ClauseID][]review.Match) (map[corpus.ClauseID]bool, error) {
	var bare []corpus.ClauseID
	for _, id := range ids {
		if len(found[id]) == 0 {
			bare = append(bare, id)
		}
	}
	clauses, err := s.store.Clauses(ctx, bare...)
	if err != nil {
		return nil, err
	}
	kept := map[corpus.ClauseID]bool{}
	for _, clause := range clauses {
		kept[clause.ID] = true
	}
	return kept, nil
}

// apiMatches lists matches.
func (s *Server) apiMatches(c call) (any, error) {
	f, err := c.matchFilter()
	if err != nil {
		return nil, err
	}
	page, err := s.store.Matches(c.ctx, f)
	if err != nil {
		return nil, err
	}
	out := apiList[apiMatch]{Items: []apiMatch{}, Next: page.Next}
	for _, m := range page.Matches {
		out.Items = append(out.Items, newAPIMatch(m))
	}
	return out, nil
}

// matchFilter reads the filters of a list of matches.
func (c call) matchFilter() (review.Filter, error) {
	q := c.query
	f := review.Filter{Standard: corpus.StandardID(q.Get("standard")), Against: corpus.StandardID(q.Get("against")), Clause: corpus.ClauseID(q.Get("clause")),
		States: typed[review.State](q["state"]), Verdict: review.Verdict(q.Get("verdict")), Order: review.Order(q.Get("order")), Cursor: q.Get("cursor")}
	var err error
	if f.Limit, err = limitOf(q, 50, review.MaxPage); err != nil {
		return f, err
	}
	if err := oneOf("state", q["state"], review.States); err != nil {
		return f, err
	}
	if err := oneOf("order", given(q["order"]), apiOrders); err != nil {
		return f, err
	}
	if err := oneOf("verdict", given(q["verdict"]), review.Verdicts); err != nil {
		return f, err
	}
	if v := q.Get("suspect"); v != "" {
		yes, err := yesOrNo(q, "suspect")
		if err != nil {
			return f, err
		}
		f.Suspect = &yes
	}
	if v := q.Get("dossier"); v != "" {
		if f.Dossier, err = uuid.Parse(v); err != nil {
			return f, fmt.Errorf("dossier is the id of a dossier: %w", corpus.ErrInvalid)
		}
	}
	return f, nil
}

func (s *Server) apiMatch(c call) (any, error) {
	id, err := c.pathID("match")
	if err != nil {
		return nil, err
	}
	m, _, err := s.store.Match(c.ctx, id)
	if err != nil {
		return nil, err
	}
	out := newAPIMatch(m)
	out.Compared, err = s.comparisonOf(c.ctx, m)
	return out, err
}

// apiDecisions is the feed: every decision after a sequence number that may be
// seen by now. One that was blind when the feed passed it is told when its
// match is settled: read the match, or begin the feed again.
func (s *Server) apiDecisions(c call) (any, error) {
	limit, err := limitOf(c.query, 100, apiMostPage)
	if err != nil {
		return nil, err
	}
	after, err := c.after()
	if err != nil {
		return nil, err
	}
	decisions, err := s.records.Decisions(c.ctx, after, limit)
	if err != nil {
		return nil, err
	}
	visible, err := s.visible(c.ctx, decisions)
	if err != nil {
		return nil, err
	}
	out := apiFeed{Items: []apiDecision{}, After: after, More: len(decisions) == limit}
	for _, d := range decisions {
		out.After = d.Seq
		if visible[d.ID] {
			out.Items = append(out.Items, newAPIDecision(d))
		}
	}
	return out, nil
}

// after is the number behind which a feed goes on.
func (c call) after() (int64, error) {
	v := c.query.Get("after")
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("after is the number that the page before ended with: %w", corpus.ErrInvalid)
	}
	return n, nil
}

// visible says which decisions somebody who is nobody may see.
func (s *Server) visible(ctx context.Context, decisions []review.Decision) (map[uuid.UUID]bool, error) {
	var ids []uuid.UUID
	for _, d := range decisions {
		if !slices.Contains(ids, d.Match) {
			ids = append(ids, d.Match)
		}
	}
	matches, err := s.records.MatchesByID(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]bool{}
	for _, m := range matches {
		for _, d := range review.Shown(m, review.Person{}).Decisions {
			out[d.ID] = true
		}
	}
	return out, nil
}
