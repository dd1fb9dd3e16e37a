package web

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/matcher"
	"concord/review"
	"concord/review/export"
)

//go:embed openapi.json
var openAPIDocument []byte

// openAPI is the description of the interface.
func (s *Server) openAPI(c echo.Context, _ asker) error {
	return tagged(c, openAPIDocument)
}

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
	slices.SortFunc(holdings, func(a, b corpus.Holding) int { return strings.Compare(string(a.Standard.ID), string(b.Standard.ID)) })
	out := apiList[apiStandard]{Items: []apiStandard{}}
	for _, h := range holdings {
		if string(h.Standard.ID) <= after || !c.wants(h.Standard) {
			continue
		}
		if len(out.Items) == limit {
			out.Next = cursorOf("standard", string(out.Items[limit-1].ID))
			break
		}
		out.Items = append(out.Items, newAPIStandard(h))
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
	return newAPIStandard(h), nil
}

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
	return newAPIClause(clause, standard), nil
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
	standards, err := s.standardsByID(c.ctx)
	if err != nil {
		return nil, err
	}
	out := apiList[apiClause]{Items: []apiClause{}}
	for _, clause := range clauses {
		out.Items = append(out.Items, newAPIClause(clause, standards[clause.Standard]))
	}
	return out, nil
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
	out := apiList[apiEquivalents]{Items: []apiEquivalents{}}
	for _, id := range ids {
		out.Items = append(out.Items, equivalentsOf(id, found[id]))
	}
	return out, nil
}

// apiProposals asks the matcher now. Of texts that may not be shown whole, the
// proposal tells relation and reasons, and neither limits nor conditions.
func (s *Server) apiProposals(c call) (any, error) {
	limit, err := limitOf(c.query, 10, 50)
	if err != nil {
		return nil, err
	}
	if s.propose == nil {
		return nil, errNoSearch
	}
	clause, standard, err := s.oneClause(c)
	if err != nil {
		return nil, err
	}
	standards, err := s.standardsByID(c.ctx)
	if err != nil {
		return nil, err
	}
	among, err := c.among(standards, standard.ID)
	if err != nil {
		return nil, err
	}
	leave, err := s.seeking.enter(c.ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.propose.Match(c.ctx, clause, among, limit)
	leave()
	if err != nil {
		return nil, err
	}
	return s.proposals(c.ctx, apiText{clause, standard}, found, standards)
}

// proposals reads the texts of the other sides.
func (s *Server) proposals(ctx context.Context, source apiText, found []matcher.Proposal, standards map[corpus.StandardID]corpus.Standard) (apiProposals, error) {
	ids := make([]corpus.ClauseID, len(found))
	for i, p := range found {
		ids[i] = p.Target
	}
	clauses, err := s.store.Clauses(ctx, ids...)
	if err != nil {
		return apiProposals{}, err
	}
	byID := map[corpus.ClauseID]corpus.Clause{}
	for _, c := range clauses {
		byID[c.ID] = c
	}
	out := apiProposals{Clause: source.clause.ID, Items: []apiProposal{}}
	for _, p := range found {
		if target, there := byID[p.Target]; there { // else removed meanwhile
			out.Items = append(out.Items, newAPIProposal(p, source, apiText{target, standards[target.Standard]}))
		}
	}
	return out, nil
}

// among are the standards to look in: those asked for, else all of other
// jurisdictions than the clause's own.
func (c call) among(standards map[corpus.StandardID]corpus.Standard, own corpus.StandardID) ([]corpus.StandardID, error) {
	var out []corpus.StandardID
	for _, id := range c.query["among"] {
		if _, there := standards[corpus.StandardID(id)]; !there {
			return nil, fmt.Errorf("there is no standard %s to look in: %w", clip(id, 80), corpus.ErrInvalid)
		}
		out = append(out, corpus.StandardID(id))
	}
	if len(out) > 0 {
		return out, nil
	}
	for id, s := range standards {
		if s.Jurisdiction != standards[own].Jurisdiction {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out, nil
}

// apiSearch answers a search.
func (s *Server) apiSearch(c call) (any, error) {
	if s.search == nil {
		return nil, errNoSearch
	}
	q, err := c.searchQuery()
	if err != nil {
		return nil, err
	}
	res, err := s.search.Search(c.ctx, q)
	if err != nil {
		return nil, err
	}
	out := apiSearch{Total: res.Total, Items: []apiHit{}, Facets: map[string][]apiCount{}, Understood: []apiUnderstood{}, Fuzzy: res.Fuzzy, Index: s.search.State()}
	for name, counts := range res.Facets {
		out.Facets[name] = []apiCount{}
		for _, n := range counts {
			out.Facets[name] = append(out.Facets[name], apiCount{n.Value, n.Count})
		}
	}
	for _, u := range res.Understood {
		out.Understood = append(out.Understood, newAPIUnderstood(u))
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
		Without: typed[lexicon.ConceptID](c.query["without"])}
	var err error
	if q.Limit, err = limitOf(c.query, 20, index.MaxPageSize); err != nil {
		return q, err
	}
	if q.Exact, err = yesOrNo(c.query, "exact"); err != nil {
		return q, err
	}
	if err := oneOf("obligation", c.query["obligation"], apiDegrees); err != nil {
		return q, err
	}
	if err := oneOf("status", c.query["status"], apiStatuses); err != nil {
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

// What the filters of a search may be.
var (
	apiDegrees = []lexicon.Degree{lexicon.DegreeProhibit, lexicon.DegreeRequire, lexicon.DegreeDiscourage, lexicon.DegreeRecommend, lexicon.DegreeNeedNot,
		lexicon.DegreePermit, lexicon.DegreeCapability, lexicon.DegreeExternal, lexicon.DegreeStatement}
	apiStatuses = []corpus.Status{corpus.StatusInForce, corpus.StatusSuperseded, corpus.StatusWithdrawn, corpus.StatusDraft}
	apiOrders   = []review.Order{review.OrderChapter, review.OrderConfidence, review.OrderUncertain, review.OrderRecent}
)

// oneOf refuses values of a parameter that are none of those there are.
func oneOf[T ~string](name string, values []string, allowed []T) error {
	for _, v := range values {
		if !slices.Contains(allowed, T(v)) {
			return fmt.Errorf("%s is not %q: %w", name, clip(v, 40), corpus.ErrInvalid)
		}
	}
	return nil
}

// searchList names the list that a search answers: a cursor is of one search
// and not of another.
func (c call) searchList() string {
	q := maps.Clone(c.query)
	delete(q, "cursor")
	delete(q, "limit")
	sum := sha256.Sum256([]byte(q.Encode()))
	return "search " + hex.EncodeToString(sum[:6])
}

// yesOrNo reads a parameter that is true or false, false when it is not given.
func yesOrNo(query url.Values, name string) (bool, error) {
	switch query.Get(name) {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, fmt.Errorf("%s is true or false: %w", name, corpus.ErrInvalid)
}

// typed gives strings their type.
func typed[T ~string](values []string) []T {
	var out []T
	for _, v := range values {
		out = append(out, T(v))
	}
	return out
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
	standards, err := s.standardsByID(ctx)
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

// given are the values that say anything.
func given(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// pathID is the uuid in the path; what is none is not there.
func (c call) pathID(what string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.echo.Param("id"))
	if err != nil {
		return uuid.Nil, fmt.Errorf("there is no %s %s: %w", what, clip(c.part("id"), 40), corpus.ErrNotFound)
	}
	return id, nil
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
	return newAPIMatch(m), nil
}

// apiDecisions is the feed: every decision after a sequence number that may be
// seen by now. One that was blind when the feed passed it is told when its
// match is settled: read the match, or begin the feed again.
func (s *Server) apiDecisions(c call) (any, error) {
	limit, err := limitOf(c.query, 100, apiMostPage)
	if err != nil {
		return nil, err
	}
	after := int64(0)
	if v := c.query.Get("after"); v != "" {
		if after, err = strconv.ParseInt(v, 10, 64); err != nil || after < 0 {
			return nil, fmt.Errorf("after is the number of a decision: %w", corpus.ErrInvalid)
		}
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
	set, err := export.Gather(c.Request().Context(), s.records, dossier, export.Options{BaseURI: s.base.String(), Now: s.now(), Version: s.version})
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "concord-" + dossier.String() + f.Extension}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Response().WriteHeader(http.StatusOK)
	return f.Write(c.Response(), set)
}
