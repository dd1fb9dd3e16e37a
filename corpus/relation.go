package corpus

// Relation is how the requirements of side A (the sources of a match) relate to
// those of side B (its targets), as sets of requirements. Mind that sets of
// requirements and sets of conforming products run opposite ways: when A is a
// subset of B, B demands everything A does and more, and what conforms to B
// conforms to A.
type Relation string

// The relations (NIST IR 8477 set theory, with OSCAL's split of equal into
// equal-to and equivalent-to).
const (
	RelationIdentical  Relation = "identical"  // same wording
	RelationEquivalent Relation = "equivalent" // same requirements, other words
	RelationSubset     Relation = "subset"     // B asks more
	RelationSuperset   Relation = "superset"   // A asks more
	RelationOverlap    Relation = "overlap"    // each asks something the other does not
	RelationNone       Relation = "none"       // nothing in common
)

// Relations lists every relation in the order pages show them.
var Relations = []Relation{RelationIdentical, RelationEquivalent, RelationSuperset, RelationSubset, RelationOverlap, RelationNone}

// Inverse is the same relation read from B to A.
func (r Relation) Inverse() Relation {
	switch r {
	case RelationSubset:
		return RelationSuperset
	case RelationSuperset:
		return RelationSubset
	}
	return r
}

// Answer says whether what meets one side may be accepted by the other.
type Answer string

// The answers. AnswerOpen is the zero value: nobody has said yet.
const (
	AnswerOpen       Answer = ""
	AnswerYes        Answer = "yes"
	AnswerConditions Answer = "conditions"
	AnswerNo         Answer = "no"
)

// Recognition is one direction of recognition: may the other side's authority
// accept what meets this side, and what must be added?
type Recognition struct {
	Answer     Answer   `json:"answer"`
	Conditions []string `json:"conditions,omitempty"` // written out, one sentence each
	// Details is what stands behind each condition, as many as there are
	// conditions, or none.
	Details []Condition `json:"details,omitempty"`
}

// RecognitionOf derives both directions from a relation: first A to B ("does
// meeting A satisfy B?"), then B to A. The table is our own reading of the set
// relations: a superset asks everything the other does, so meeting it suffices.
func RecognitionOf(r Relation) (aToB, bToA Answer) {
	switch r {
	case RelationIdentical, RelationEquivalent:
		return AnswerYes, AnswerYes
	case RelationSubset:
		return AnswerNo, AnswerYes
	case RelationSuperset:
		return AnswerYes, AnswerNo
	case RelationOverlap:
		return AnswerConditions, AnswerConditions
	case RelationNone:
		return AnswerNo, AnswerNo
	}
	return AnswerOpen, AnswerOpen
}

// any relation at all between two non-empty sets.
var anyRelation = []Relation{RelationEquivalent, RelationSubset, RelationSuperset, RelationOverlap, RelationNone}

// composition is the table of A?B, B?C => A?C over non-empty sets, found by
// going through all subsets of a five-element universe.
var composition = map[Relation]map[Relation][]Relation{
	RelationEquivalent: {
		RelationEquivalent: {RelationEquivalent}, RelationSubset: {RelationSubset}, RelationSuperset: {RelationSuperset},
		RelationOverlap: {RelationOverlap}, RelationNone: {RelationNone},
	},
	RelationSubset: {
		RelationEquivalent: {RelationSubset}, RelationSubset: {RelationSubset}, RelationSuperset: anyRelation,
		RelationOverlap: {RelationSubset, RelationOverlap, RelationNone}, RelationNone: {RelationNone},
	},
	RelationSuperset: {
		RelationEquivalent: {RelationSuperset}, RelationSubset: {RelationEquivalent, RelationSubset, RelationSuperset, RelationOverlap},
		RelationSuperset: {RelationSuperset}, RelationOverlap: {RelationSuperset, RelationOverlap},
		RelationNone: {RelationSuperset, RelationOverlap, RelationNone},
	},
	RelationOverlap: {
		RelationEquivalent: {RelationOverlap}, RelationSubset: {RelationSubset, RelationOverlap},
		RelationSuperset: {RelationSuperset, RelationOverlap, RelationNone}, RelationOverlap: anyRelation,
		RelationNone: {RelationSuperset, RelationOverlap, RelationNone},
	},
	RelationNone: {
		RelationEquivalent: {RelationNone}, RelationSubset: {RelationSubset, RelationOverlap, RelationNone},
		RelationSuperset: {RelationNone}, RelationOverlap: {RelationSubset, RelationOverlap, RelationNone},
		RelationNone: anyRelation,
	},
}

// Compose says which relations A to C are possible when A to B and B to C are
// known. Two identical steps stay identical. The answer is a set of
// possibilities and is never confirmed by machine.
func Compose(ab, bc Relation) []Relation {
	if ab == RelationIdentical && bc == RelationIdentical {
		return []Relation{RelationIdentical}
	}
	possible := composition[asSet(ab)][asSet(bc)]
	return append([]Relation(nil), possible...)
}

// asSet folds identical into equivalent: as sets of requirements they are one.
func asSet(r Relation) Relation {
	if r == RelationIdentical {
		return RelationEquivalent
	}
	return r
}
