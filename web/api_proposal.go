package web

import (
	"context"
	"fmt"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
)

// apiProposals are what the matcher proposes for one clause, best first.
type apiProposals struct {
	Clause corpus.ClauseID `json:"clause"`
	Items  []apiProposal   `json:"items"`
}

// apiProposal is what the matcher says about one pair. The asked clause is side
// A; Target, with its text, is side B. Spans are of what may be shown of either.
type apiProposal struct {
	Source       corpus.ClauseID `json:"source"`
	Target       apiClause       `json:"target"`
	SourceDigest corpus.Digest   `json:"sourceDigest"`
	apiJudgement
}

// apiJudgement is what the matcher says of two texts, clauses or sets of clauses,
// within the rights of both.
type apiJudgement struct {
	Score       float64         `json:"score"` // sum of the reasons' effects
	Confidence  float64         `json:"confidence"`
	Relation    corpus.Relation `json:"relation"`
	AToB        apiRecognition  `json:"aToB"`
	BToA        apiRecognition  `json:"bToA"`
	Reasons     []apiReason     `json:"reasons"`
	Differences []apiDifference `json:"differences"`
	Alignments  []apiAlignment  `json:"alignments"`
	Model       string          `json:"model"`
}

func newAPIJudgement(p matcher.Proposal, a, b reach) apiJudgement {
	p = proposalShown(p, a, b)
	return apiJudgement{Score: p.Score, Confidence: p.Confidence, Relation: p.Relation, AToB: newAPIRecognition(p.AToB), BToA: newAPIRecognition(p.BToA),
		Reasons: newAPIReasons(&p), Differences: newAPIDifferences(&p), Alignments: newAPIAlignments(&p), Model: p.Model}
}

// apiReason is one signal's part in a score.
type apiReason struct {
	Signal string    `json:"signal"`
	Value  float64   `json:"value"`
	Effect float64   `json:"effect"`
	Source []apiSpan `json:"source"`
	Target []apiSpan `json:"target"`
	From   int       `json:"learnedFrom,omitempty"`
}

// apiDifference is one row of the table of differences. A and B are as printed;
// they, Factor, Delta and Unit are left out where they would quote what may not
// be shown.
type apiDifference struct {
	Aspect  matcher.Aspect    `json:"aspect"`
	Concept lexicon.ConceptID `json:"concept,omitempty"`
	A       string            `json:"a,omitempty"`
	B       string            `json:"b,omitempty"`
	Finding matcher.Finding   `json:"finding"`
	Factor  float64           `json:"factor,omitempty"`
	Delta   float64           `json:"delta,omitempty"`
	Unit    string            `json:"unit,omitempty"`
	SpansA  []apiSpan         `json:"spansA"`
	SpansB  []apiSpan         `json:"spansB"`
}

// apiAlignment pairs a place of one side with one of the other.
type apiAlignment struct {
	Kind    string            `json:"kind"`
	Concept lexicon.ConceptID `json:"concept,omitempty"`
	Source  apiSpan           `json:"source"`
	Target  apiSpan           `json:"target"`
}

// apiText is a clause with its standard.
type apiText struct {
	clause   corpus.Clause
	standard corpus.Standard
}

// reach is how far the wording may be shown.
func (t apiText) reach() reach { return reachOf(t.clause, t.standard.Rights) }

// newAPIProposal is a proposal within the rights of both texts.
func newAPIProposal(p matcher.Proposal, a, b apiText) apiProposal {
	return apiProposal{p.Source, newAPIClause(b.clause, b.standard), p.SourceDigest, newAPIJudgement(p, a.reach(), b.reach())}
}

func newAPIReasons(p *matcher.Proposal) []apiReason {
	out := []apiReason{}
	for _, r := range p.Reasons {
		out = append(out, apiReason{Signal: r.Signal, Value: r.Value, Effect: r.Effect, Source: newAPISpans(r.Source), Target: newAPISpans(r.Target), From: r.LearnedFrom})
	}
	return out
}

func newAPIDifferences(p *matcher.Proposal) []apiDifference {
	out := []apiDifference{}
	for _, d := range p.Differences {
		out = append(out, apiDifference{
			Aspect: d.Aspect, Concept: d.Concept, A: d.A, B: d.B, Finding: d.Finding, Factor: d.Factor, Delta: d.Delta, Unit: d.Unit,
			SpansA: newAPISpans(d.SpansA), SpansB: newAPISpans(d.SpansB),
		})
	}
	return out
}

func newAPIAlignments(p *matcher.Proposal) []apiAlignment {
	out := []apiAlignment{}
	for _, al := range p.Alignments {
		out = append(out, apiAlignment{Kind: al.Kind, Concept: al.Concept, Source: apiSpan(al.Source), Target: apiSpan(al.Target)})
	}
	return out
}

// apiProposals asks the matcher now; what it says leaves through proposalShown.
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
	byID, err := s.clausesByID(ctx, ids...)
	if err != nil {
		return apiProposals{}, err
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
