package web

import (
	"context"
	"maps"
	"slices"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// apiFeature is one signal's part in the score of a comparison, without its places.
type apiFeature struct {
	Signal string  `json:"signal"`
	Value  float64 `json:"value"`
	Effect float64 `json:"effect"`
}

func newAPIFeatures(p *matcher.Proposal) []apiFeature {
	if p == nil {
		return nil
	}
	var out []apiFeature
	for _, r := range p.Reasons {
		out = append(out, apiFeature{r.Signal, r.Value, r.Effect})
	}
	return out
}

// apiPart is a clause of a side that was compared, with the place of its wording in
// that of the side.
type apiPart struct {
	Clause corpus.ClauseID `json:"clause"`
	Digest corpus.Digest   `json:"digest"`
	Span   apiSpan         `json:"span"`
}

// apiComparison is what the two texts of a match say about each other, within the
// rights of both. Nobody agreed to it.
type apiComparison struct {
	Source []apiPart `json:"source"`
	Target []apiPart `json:"target"`
	apiJudgement
}

// comparisonOf is the kept comparison of a match, nil where there is none of its
// present texts: places in other texts would mark nothing.
func (s *Server) comparisonOf(ctx context.Context, m review.Match) (*apiComparison, error) {
	if !m.Compared() {
		return nil, nil
	}
	clauses, err := s.clausesOf(ctx, m)
	if err != nil {
		return nil, err
	}
	standards, err := s.standardsOf(ctx, slices.Collect(maps.Values(clauses)))
	if err != nil {
		return nil, err
	}
	source, target := m.Proposal.Sides()
	a, from := joined(m.Sources, clauses, source)
	b, to := joined(m.Targets, clauses, target)
	return &apiComparison{from, to, newAPIJudgement(*m.Proposal, reachOf(a, standards[a.Standard].Rights), reachOf(b, standards[b.Standard].Rights))}, nil
}

// joined is a side as it was compared, as one text, with its parts.
func joined(ids []corpus.ClauseID, clauses map[corpus.ClauseID]corpus.Clause, parts []matcher.Part) (corpus.Clause, []apiPart) {
	one, _ := matcher.Join(inTurn(ids, clauses))
	out := []apiPart{}
	for _, p := range parts {
		out = append(out, apiPart{p.Clause, p.Digest, apiSpan{p.At.Start, min(p.At.End, len(one.Wording()))}})
	}
	return one, out
}
