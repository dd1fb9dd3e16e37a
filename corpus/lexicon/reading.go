// Package lexicon reads what a clause says, in any language: its words, the
// concepts they name, its quantities, its obligations and the standards it
// cites.
//
// Its knowledge is tables under data, one row a fact, with a source per row. A
// Lexicon is built once and only read afterwards. It compares nothing: that is
// the matcher's work. Its one surprise: spans are byte offsets into
// corpus.Clause.Wording as printed, although words are folded while reading.
package lexicon

import "concord/corpus"

// Span is a stretch of a clause's wording, in bytes, end excluded.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// ConceptID names a concept of the term tables: "fire-compartment".
type ConceptID string

// Word is a content word: its folded and stemmed form, and where it stands.
// Han and Kana text yields overlapping character bigrams.
type Word struct {
	Form string
	Span Span
}

// Mention is a place where the wording names a concept. An ambiguous term gives
// several mentions on the same span. Nested mentions lie inside a longer term
// ("wall" in "fire wall") and say less about what the clause is about.
type Mention struct {
	Concept ConceptID
	Span    Span
	Nested  bool
}

// Bound says which side of a quantity is limited.
type Bound string

// The bounds.
const (
	BoundExact    Bound = "="
	BoundAtLeast  Bound = ">="
	BoundAtMost   Bound = "<="
	BoundMoreThan Bound = ">"
	BoundLessThan Bound = "<"
	BoundRange    Bound = ".." // Low to High
	BoundNone     Bound = ""   // a number without a bound, such as a size in a list
)

// Quantity is a number with its unit and bound, normalised.
type Quantity struct {
	Span      Span
	Printed   string // exactly as printed, number and unit
	Bound     Bound
	Low, High float64    // in the SI unit of Dimension; equal unless a range
	Numbers   [2]float64 // the same two as printed, before conversion
	Unit      string     // UCUM code as printed: "mm", "Cel", "%"; "" for a bare count
	Dimension string     // "length", "area", "time", "temperature", ...; "count" without unit
	Measures  ConceptID  // nearest concept, "" when none is near
}

// Degree is the strength of an obligation.
type Degree string

// The degrees of obligation, strongest first.
const (
	DegreeProhibit   Degree = "prohibit"
	DegreeRequire    Degree = "require"
	DegreeDiscourage Degree = "discourage"
	DegreeRecommend  Degree = "recommend"
	DegreeNeedNot    Degree = "need-not"
	DegreePermit     Degree = "permit"
	DegreeCapability Degree = "capability"
	DegreeExternal   Degree = "external" // a must of law or nature, stated and not set
	DegreeStatement  Degree = "statement"
)

// Obligation is one obligation word, its degree under the drafting tradition,
// and the sentence it rules.
type Obligation struct {
	Span     Span
	Sentence Span
	Degree   Degree
}

// Citation is a standard (and perhaps a clause of it) named in running text.
type Citation struct {
	Span        Span
	Designation string // normalised for comparison: "GB/T 19001-2016"
	Clause      string // normalised number of the cited clause, "" when none
}

// Condition is a stretch that limits whom or when a clause binds, or excepts
// something from it.
type Condition struct {
	Span      Span
	Exception bool
}

// Reading is everything the lexicon understood of one clause. It belongs to the
// wording it was made from; slices are in order of Span.Start.
type Reading struct {
	Language    corpus.Language
	Words       []Word
	Concepts    []Mention
	Quantities  []Quantity
	Obligations []Obligation
	Citations   []Citation
	Conditions  []Condition
	// Numbers are the values of the numbers of the text that were read as no
	// quantity: of clauses, of lists, or with a unit that no table has. Sorted,
	// each once; 0 to 3 are left out, which stand everywhere.
	Numbers []float64
}
