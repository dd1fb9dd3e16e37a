package matcher

import (
	"sync/atomic"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Matcher compares clauses. It is safe for use by many goroutines; Load may be
// called at any time and replaces the corpus for the calls that follow.
type Matcher struct {
	lex        *lexicon.Lexicon
	model      Model
	weights    [][2]float64 // of signals, in their order
	tuned      map[Languages][][2]float64
	sentences  map[string]string // of conditions, by key
	known      *concepts
	embeddings Embeddings
	corpus     atomic.Pointer[collection]
}

// New makes a matcher without a corpus: Compare works, Match and Similar find
// nothing until Load.
func New(lex *lexicon.Lexicon, model Model) *Matcher {
	m := &Matcher{lex: lex, model: model, sentences: sentences(), known: newConcepts(lex), tuned: make(map[Languages][][2]float64)}
	m.weights = model.weighting().weights
	for _, l := range sortedKeys(model.tuned) {
		m.tuned[l] = model.between(l).weighting().weights
	}
	m.corpus.Store(&collection{})
	return m
}

// Load reads the clauses and makes them the corpus that Match and Similar look
// in. Clauses that cannot bind (headings, notes, commentary) are left out. A
// doubled clause id is corpus.ErrInvalid, and the corpus stays as it was.
func (m *Matcher) Load(standards []corpus.Standard, clauses []corpus.Clause) error {
	col, err := m.newCollection(standards, InOrder(clauses))
	if err != nil {
		return err
	}
	m.corpus.Store(col)
	return nil
}

// Len is how many clauses the corpus has.
func (m *Matcher) Len() int { return m.corpus.Load().size }
