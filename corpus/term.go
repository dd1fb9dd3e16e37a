package corpus

// Name is what something is called in one language.
type Name struct {
	Language Language `json:"lang"`
	Text     string   `json:"text"`
}

// Term is an entry of a document's terms and definitions that names its concept in
// more than one language, as GB standards print the English term beside the
// Chinese one (GB/T 1.1-2020, 8.7) and acts of bilingual countries that of their
// other version. A termbase can take it as a candidate; the clause holds the
// definition.
type Term struct {
	Clause ClauseID `json:"clause"`
	Names  []Name   `json:"names"` // the text's own language first, no name twice
}
