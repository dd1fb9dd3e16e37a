package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/review"
)

// apiSearch answers a search.
func (s *Server) apiSearch(c call) (any, error) {
	if s.search == nil {
		return nil, errNoSearch
	}
	q, err := c.searchQuery()
	if err != nil {
		return nil, err
	}
	if err := s.keptHere(c); err != nil {
		return nil, err
	}
	if err := s.statesOf(c.ctx, &q); err != nil {
		return nil, err
	}
	res, err := s.search.Search(c.ctx, q)
	if err != nil {
		return nil, err
	}
	out := apiSearch{Total: res.Total, Items: []apiHit{}, Facets: map[string][]apiCount{}, Understood: []apiUnderstood{}, Learned: []apiLearned{}, Fuzzy: res.Fuzzy, Index: s.search.State()}
	for name, counts := range res.Facets {
		out.Facets[name] = []apiCount{}
		for _, n := range counts {
			out.Facets[name] = append(out.Facets[name], apiCount{n.Value, n.Count})
		}
	}
	for _, u := range res.Understood {
		out.Understood = append(out.Understood, newAPIUnderstood(u))
	}
	for _, l := range res.Learned {
		out.Learned = append(out.Learned, newAPILearned(l))
	}
	if out.Items, err = s.apiHits(c.ctx, q, res.Hits); err != nil {
		return nil, err
	}
	if next := q.From + q.Limit; next < res.Total && next+q.Limit <= index.MaxOffset {
		out.Next = cursorOf(c.searchList(), strconv.Itoa(next))
	}
	return out, nil
}

// searchQuery reads a search from the parameters.
func (c call) searchQuery() (index.Query, error) {
	q := index.Query{Text: c.query.Get("q"), Issuers: c.query["issuer"],
		Languages: typed[corpus.Language](c.query["lang"]), Jurisdictions: typed[corpus.Jurisdiction](c.query["jurisdiction"]),
		Domains: typed[corpus.Domain](c.query["domain"]), Standards: typed[corpus.StandardID](c.query["standard"]),
		Obligations: typed[lexicon.Degree](c.query["obligation"]), Statuses: typed[corpus.Status](c.query["status"]),
		Without: typed[lexicon.ConceptID](c.query["without"]), Unlearned: c.query["unlearned"], Order: index.Order(c.query.Get("order")),
		Quantities: c.query[index.FacetQuantity], States: c.query[index.FacetState], Least: c.query.Get("least"), Most: c.query.Get("most")}
	var err error
	if q.Limit, err = limitOf(c.query, 20, index.MaxPageSize); err != nil {
		return q, err
	}
	if q.Exact, err = yesOrNo(c.query, "exact"); err != nil {
		return q, err
	}
	if err := oneOf("order", c.query["order"], []index.Order{index.OrderStandard}); err != nil {
		return q, err
	}
	if err := oneOf("obligation", c.query["obligation"], apiDegrees); err != nil {
		return q, err
	}
	if err := oneOf("status", c.query["status"], apiStatuses); err != nil {
		return q, err
	}
	if err := oneOf(index.FacetState, c.query[index.FacetState], clauseStands); err != nil {
		return q, err
	}
	place, err := placeOf(c.searchList(), c.query.Get("cursor"))
	if err != nil || place == "" {
		return q, err
	}
	if q.From, err = strconv.Atoi(place); err != nil {
		return q, fmt.Errorf("the cursor is not from this list: %w", corpus.ErrInvalid)
	}
	return q, nil
}

// keptHere refuses filters that no kept standard has, and fields there are none of, by
// name and with those there are: a program, or one who cannot see a list, would take an
// empty answer for the whole truth.
func (s *Server) keptHere(c call) error {
	if len(c.query["lang"])+len(c.query["jurisdiction"])+len(c.query["domain"])+len(c.query["standard"]) == 0 {
		return nil
	}
	standards, err := s.standardsByID(c.ctx)
	if err != nil {
		return err
	}
	languages, places, domains, ids := url.Values{}, url.Values{}, url.Values{}, url.Values{}
	for _, d := range corpus.Domains {
		domains[string(d)] = nil
	}
	for id, standard := range standards {
		base, _, _ := strings.Cut(string(standard.Language), "-")
		languages[base], languages[string(standard.Language)], places[string(standard.Jurisdiction)], ids[string(id)] = nil, nil, nil, nil
		domains[string(standard.Domain)] = nil
	}
	return cmp.Or(among("language", c.query["lang"], languages), among("jurisdiction", c.query["jurisdiction"], places),
		among("domain", c.query["domain"], domains), among("id", c.query["standard"], ids))
}

// mostNamed is how many values a refusal names at most.
const mostNamed = 50

// among refuses a value that is no name of those that are kept.
func among(what string, given []string, kept url.Values) error {
	for _, v := range given {
		if kept.Has(v) {
			continue
		}
		there := sortedNames(kept)
		if len(there) > mostNamed {
			there = append(there[:mostNamed], "...")
		}
		return fmt.Errorf("no standard here has the %s %q, there are %s: %w", what, clip(v, 40), orNone(there), corpus.ErrInvalid)
	}
	return nil
}

// What the filters of a search may be.
var (
	apiDegrees = []lexicon.Degree{lexicon.DegreeProhibit, lexicon.DegreeRequire, lexicon.DegreeDiscourage, lexicon.DegreeRecommend, lexicon.DegreeNeedNot,
		lexicon.DegreePermit, lexicon.DegreeCapability, lexicon.DegreeExternal, lexicon.DegreeStatement}
	apiStatuses = []corpus.Status{corpus.StatusInForce, corpus.StatusSuperseded, corpus.StatusWithdrawn, corpus.StatusDraft}
	apiOrders   = []review.Order{review.OrderChapter, review.OrderConfidence, review.OrderUncertain, review.OrderEffect, review.OrderRecent}
)

// searchList names the list that a search answers: a cursor is of one search
// and not of another.
func (c call) searchList() string {
	q := maps.Clone(c.query)
	delete(q, "cursor")
	delete(q, "limit")
	sum := sha256.Sum256([]byte(q.Encode()))
	return "search " + hex.EncodeToString(sum[:6])
}

// apiHits reads the texts of a page of hits; highlights are of what is shown.
func (s *Server) apiHits(ctx context.Context, q index.Query, hits []index.Hit) ([]apiHit, error) {
	ids := make([]corpus.ClauseID, len(hits))
	for i, h := range hits {
		ids[i] = h.Clause
	}
	clauses, err := s.store.Clauses(ctx, ids...)
	if err != nil {
		return nil, err
	}
	standards, err := s.standardsOf(ctx, clauses)
	if err != nil {
		return nil, err
	}
	byID := map[corpus.ClauseID]corpus.Clause{}
	for _, c := range clauses {
		byID[c.ID] = c
	}
	out := []apiHit{}
	for i, h := range hits {
		clause, there := byID[h.Clause]
		if !there {
			continue // removed since the index was written
		}
		hit := apiHit{Clause: newAPIClause(clause, standards[clause.Standard]), Score: h.Score, FoundBy: h.By, Highlights: []apiSpan{}}
		if hit.FoundBy == nil {
			hit.FoundBy = []string{}
		}
		if i < apiMostMarked {
			hit.Highlights = newAPISpans(s.search.Highlight(q, standards[clause.Standard].Rights.Shown(clause)))
		}
		out = append(out, hit)
	}
	return out, nil
}
