package web

import (
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
	Score        float64         `json:"score"` // sum of the reasons' effects
	Confidence   float64         `json:"confidence"`
	Relation     corpus.Relation `json:"relation"`
	AToB         apiRecognition  `json:"aToB"`
	BToA         apiRecognition  `json:"bToA"`
	Reasons      []apiReason     `json:"reasons"`
	Differences  []apiDifference `json:"differences"`
	Alignments   []apiAlignment  `json:"alignments"`
	Model        string          `json:"model"`
}

// apiReason is one signal's part in a score.
type apiReason struct {
	Signal string    `json:"signal"`
	Value  float64   `json:"value"`
	Effect float64   `json:"effect"`
	Source []apiSpan `json:"source"`
	Target []apiSpan `json:"target"`
}

// apiDifference is one row of the table of differences. A and B are as printed;
// they, Factor, Delta and Unit are left out where a text may not be shown whole.
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

// apiText is a clause with its standard, whose rights decide how many bytes of
// the wording may be shown.
type apiText struct {
	clause   corpus.Clause
	standard corpus.Standard
	shown    int // bytes; the mark that ends an excerpt is not one of them
}

func newAPIText(c corpus.Clause, s corpus.Standard) apiText {
	full, shown := c.Wording(), s.Rights.Shown(c).Wording()
	n := 0
	for n < len(full) && n < len(shown) && full[n] == shown[n] {
		n++
	}
	return apiText{clause: c, standard: s, shown: n}
}

// whole tells whether the wording may be shown to its end.
func (t apiText) whole() bool { return t.shown == len(t.clause.Wording()) }

// within keeps the spans that lie in what may be shown.
func (t apiText) within(spans []lexicon.Span) []apiSpan {
	out := []apiSpan{}
	for _, span := range spans {
		if span.End <= t.shown {
			out = append(out, apiSpan(span))
		}
	}
	return out
}

// newAPIProposal is a proposal within the rights of both texts: of a text that
// may not be shown whole it tells relation and reasons, but neither printed
// limits nor conditions, which would quote it.
func newAPIProposal(p matcher.Proposal, a, b apiText) apiProposal {
	out := apiProposal{
		Source: p.Source, Target: newAPIClause(b.clause, b.standard), SourceDigest: p.SourceDigest, Score: p.Score, Confidence: p.Confidence,
		Relation: p.Relation, AToB: apiRecognition(p.AToB), BToA: apiRecognition(p.BToA), Model: p.Model,
		Reasons: []apiReason{}, Differences: []apiDifference{}, Alignments: []apiAlignment{},
	}
	if !a.whole() || !b.whole() {
		out.AToB.Conditions, out.BToA.Conditions = nil, nil
	}
	for _, r := range p.Reasons {
		out.Reasons = append(out.Reasons, apiReason{Signal: r.Signal, Value: r.Value, Effect: r.Effect, Source: a.within(r.Source), Target: b.within(r.Target)})
	}
	for _, d := range p.Differences {
		out.Differences = append(out.Differences, newAPIDifference(d, a, b))
	}
	for _, al := range p.Alignments {
		if al.Source.End <= a.shown && al.Target.End <= b.shown {
			out.Alignments = append(out.Alignments, apiAlignment{Kind: al.Kind, Concept: al.Concept, Source: apiSpan(al.Source), Target: apiSpan(al.Target)})
		}
	}
	return out
}

// newAPIDifference is one row within the rights of both texts. A factor or a
// difference together with one side's figure would give the other's away.
func newAPIDifference(d matcher.Difference, a, b apiText) apiDifference {
	out := apiDifference{Aspect: d.Aspect, Concept: d.Concept, Finding: d.Finding, SpansA: a.within(d.SpansA), SpansB: b.within(d.SpansB)}
	if a.whole() {
		out.A = d.A
	}
	if b.whole() {
		out.B = d.B
	}
	if a.whole() && b.whole() {
		out.Factor, out.Delta, out.Unit = d.Factor, d.Delta, d.Unit
	}
	return out
}
