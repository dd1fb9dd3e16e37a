package web

import (
	"fmt"
	"slices"
	"strconv"

	"concord/corpus"
)

// apiClauses lists a standard's clauses in reading order.
func (s *Server) apiClauses(c call) (any, error) {
	limit, err := limitOf(c.query, 100, apiMostPage)
	if err != nil {
		return nil, err
	}
	list := "clauses of " + string(c.standardID())
	place, err := placeOf(list, c.query.Get("cursor"))
	if err != nil {
		return nil, err
	}
	h, err := s.store.Standard(c.ctx, c.standardID())
	if err != nil {
		return nil, err
	}
	clauses, err := s.store.ClausesOf(c.ctx, h.Standard.ID)
	if err != nil {
		return nil, err
	}
	after := -1
	if place != "" {
		if after, err = strconv.Atoi(place); err != nil {
			return nil, fmt.Errorf("the cursor is not from this list: %w", corpus.ErrInvalid)
		}
	}
	out := apiList[apiClause]{Items: []apiClause{}}
	for _, clause := range clauses {
		if clause.Order <= after {
			continue
		}
		if len(out.Items) == limit {
			out.Next = cursorOf(list, strconv.Itoa(after))
			break
		}
		out.Items, after = append(out.Items, newAPIClause(clause, h.Standard)), clause.Order
	}
	return out, nil
}

// oneClause is the clause of the path with its standard.
func (s *Server) oneClause(c call) (corpus.Clause, corpus.Standard, error) {
	id := c.clauseID()
	if c.path != nil && c.part("key") == "" { // of a tool, which names a clause in one word
		return corpus.Clause{}, corpus.Standard{}, fmt.Errorf("%q is no id of a clause, as cn-gb-50016-2014/5.5.18 is one; search finds the ids there are: %w", clip(string(c.standardID()), 100), corpus.ErrInvalid)
	}
	clauses, err := s.store.Clauses(c.ctx, id)
	if err != nil {
		return corpus.Clause{}, corpus.Standard{}, err
	}
	if len(clauses) == 0 {
		return corpus.Clause{}, corpus.Standard{}, fmt.Errorf("there is no clause %s: %w", clip(string(id), 100), corpus.ErrNotFound)
	}
	h, err := s.store.Standard(c.ctx, clauses[0].Standard)
	return clauses[0], h.Standard, err
}

func (s *Server) apiClause(c call) (any, error) {
	clause, standard, err := s.oneClause(c)
	if err != nil {
		return nil, err
	}
	out := newAPIClause(clause, standard)
	near, err := s.near(c.ctx)
	if err != nil {
		return nil, err
	}
	editions := editionsOf(near.editions, standard)
	if _, err := s.parallelClauses(c.ctx, editions, clause); err != nil {
		return nil, err
	}
	editions = slices.DeleteFunc(editions, func(e editionRow) bool { return e.Clause == "" })
	out.Parallel = newAPIParallels(editions)
	if c.linked {
		body, err := s.linkedClause(out)
		if err != nil {
			return nil, err
		}
		return nil, taggedAs(c.echo, mediaLinked, body)
	}
	return out, nil
}

// apiClausesBulk answers up to apiMostBulk clauses; unknown ids are left out.
func (s *Server) apiClausesBulk(c call) (any, error) {
	ids, err := c.bulk()
	if err != nil {
		return nil, err
	}
	clauses, err := s.store.Clauses(c.ctx, ids...)
	if err != nil {
		return nil, err
	}
	standards, err := s.standardsOf(c.ctx, clauses)
	if err != nil {
		return nil, err
	}
	out := apiList[apiClause]{Items: []apiClause{}}
	for _, clause := range clauses {
		out.Items = append(out.Items, newAPIClause(clause, standards[clause.Standard]))
	}
	return out, nil
}
