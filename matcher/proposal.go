// Package matcher compares clauses: it finds candidates, scores them, names the
// relation and says why, and it measures itself on crosswalks made by people.
//
// It never decides (that is the review package), never reads files and never
// asks an index or a database. Its one surprise: a score is nothing but the sum
// of the effects of its reasons, so the explanation cannot disagree with it.
package matcher

import (
	"context"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Candidate is a clause worth comparing, with the score of the finder that
// found it. Scores of different finders are not comparable.
type Candidate struct {
	Clause corpus.ClauseID
	Score  float64
}

// Finder proposes candidates for a clause among the clauses of the given
// standards, best first, ties by id. It never returns the clause itself.
type Finder interface {
	Similar(ctx context.Context, c corpus.Clause, among []corpus.StandardID, limit int) ([]Candidate, error)
}

// Reason is one signal's part in a score, with the places in both texts that
// show it.
type Reason struct {
	Signal string         `json:"signal"`           // "concepts", "quantities", ...
	Value  float64        `json:"value"`            // of the signal, mostly 0 to 1
	Effect float64        `json:"effect"`           // what it adds to the score
	Source []lexicon.Span `json:"source,omitempty"` // spans in the source's wording
	Target []lexicon.Span `json:"target,omitempty"` // spans in the target's wording
	// LearnedFrom is how many pairs of clauses the knowledge behind the signal was
	// learned from, where it comes from a table of translations.
	LearnedFrom int `json:"learnedFrom,omitempty"`
}

// Alignment pairs a place in the source with one in the target: the same
// concept, the same word, the same citation.
type Alignment struct {
	Kind    string            `json:"kind"` // concept, word, citation
	Concept lexicon.ConceptID `json:"concept,omitempty"`
	Source  lexicon.Span      `json:"source"`
	Target  lexicon.Span      `json:"target"`
}

// Aspect is what a difference is about.
type Aspect string

// The aspects, in the order the difference table shows them.
const (
	AspectQuantity   Aspect = "quantity"
	AspectObligation Aspect = "obligation"
	AspectCondition  Aspect = "condition"
	AspectCitation   Aspect = "citation"
	AspectTerm       Aspect = "term"
)

// Finding is the result of comparing one aspect.
type Finding string

// The findings. A stricter means side A limits more than side B does.
const (
	FindingEqual         Finding = "equal"
	FindingAStricter     Finding = "a-stricter"
	FindingBStricter     Finding = "b-stricter"
	FindingOnlyA         Finding = "only-a"
	FindingOnlyB         Finding = "only-b"
	FindingNotComparable Finding = "not-comparable"
)

// Difference is one row of the difference table: what side A says, what side B
// says, who is stricter and by how much.
type Difference struct {
	Aspect  Aspect            `json:"aspect"`
	Concept lexicon.ConceptID `json:"concept,omitempty"` // what it is about
	A       string            `json:"a,omitempty"`       // as printed
	B       string            `json:"b,omitempty"`
	Finding Finding           `json:"finding"`
	Factor  float64           `json:"factor,omitempty"` // B over A in SI units, 0 when it does not apply
	Delta   float64           `json:"delta,omitempty"`  // B minus A in SI units
	Unit    string            `json:"unit,omitempty"`   // SI unit of Delta
	// Exception marks a condition that excepts something from the rule.
	Exception bool `json:"exception,omitempty"`
	// Threshold marks quantities that say when the clause binds ("over 24 m")
	// and not what it asks: the side that binds in more cases is the stricter.
	Threshold bool           `json:"threshold,omitempty"`
	SpansA    []lexicon.Span `json:"spansA,omitempty"`
	SpansB    []lexicon.Span `json:"spansB,omitempty"`
	count     bool           // of things, without a unit
	unread    bool           // the other side has the values, though not as such a quantity: likelier misread than different
}

// Proposal is what the matcher says about one pair, or about two sets of clauses
// that were compared as one text a side, bound to the exact texts it read and to
// the model that said it. All places are bytes of a side's wording.
type Proposal struct {
	Source       corpus.ClauseID    `json:"source"`
	Target       corpus.ClauseID    `json:"target"`
	SourceDigest corpus.Digest      `json:"sourceDigest"`
	TargetDigest corpus.Digest      `json:"targetDigest"`
	SourceParts  []Part             `json:"sourceParts,omitempty"` // of a side of several clauses, in their order; see Join
	TargetParts  []Part             `json:"targetParts,omitempty"`
	Score        float64            `json:"score"`      // sum of the reasons' effects
	Confidence   float64            `json:"confidence"` // chance that reviewers keep the pair, 0 to 1
	Relation     corpus.Relation    `json:"relation"`
	AToB         corpus.Recognition `json:"aToB"` // does meeting the source satisfy the target?
	BToA         corpus.Recognition `json:"bToA"`
	Reasons      []Reason           `json:"reasons"`
	Differences  []Difference       `json:"differences"`
	Alignments   []Alignment        `json:"alignments"`
	Model        string             `json:"model"` // name and version of the weights
}
