package lexicon

import (
	"fmt"
	"io/fs"
	"sync"

	"concord/corpus"
)

// Lexicon is the knowledge of the tables, ready for reading. It is never
// changed after Load and safe for use by many goroutines.
type Lexicon struct {
	han        han
	affixes    map[corpus.Language]affixes
	stops      map[corpus.Language]map[string]class
	vocabulary vocabulary
	concepts   map[ConceptID]Concept
	ids        []ConceptID
	orphans    []error // broader concepts that do not exist
	trie       trie

	phrases       *phraseBook
	obligations   []obligationRow
	bounds        []boundRow
	references    []referenceKind
	conditions    []conditionRow
	numbers       []numberWord
	units         unitTable
	measured      map[ConceptID][]string // dimensions that a concept can be measured in
	kin           [][2]ConceptID         // rows of data/kin.tsv
	abbreviations map[string]bool

	scratch sync.Pool                   // of *[]token
	recall  *corpus.WordMemo[knownWord] // by language of the text; nil while the tables are loaded
}

// Load builds the lexicon from the tables inside the program. An error names
// the file, the line and the cure, and is corpus.ErrInvalid.
func Load() (*Lexicon, error) { return load(tables) }

// load builds a lexicon from any tables: tests give their own.
func load(fsys fs.FS) (*Lexicon, error) {
	lex := &Lexicon{phrases: newPhraseBook()}
	lex.scratch.New = func() any { s := make([]token, 0, 256); return &s }
	var err error
	if lex.han, err = loadHan(fsys); err != nil {
		return nil, fmt.Errorf("load the lexicon: %w", err)
	}
	if lex.affixes, err = loadAffixes(fsys); err != nil {
		return nil, fmt.Errorf("load the lexicon: %w", err)
	}
	for _, step := range []func(fs.FS) error{
		lex.loadStops, lex.loadConcepts, lex.loadAbbreviations, lex.loadObligations, lex.loadBounds,
		lex.loadReferences, lex.loadConditions, lex.loadNumberWords, lex.loadUnits, lex.loadMeasured, lex.loadKin,
	} {
		if err := step(fsys); err != nil {
			return nil, fmt.Errorf("load the lexicon: %w", err)
		}
	}
	lex.recall = newWordMemo()
	return lex, nil
}

// Read says what a clause says. The tradition decides what obligation words
// mean; an unknown one gives each word its commonest meaning. A clause without
// language gets the one its text looks like. Read never fails: what it does not
// understand is simply not in the reading.
func (lex *Lexicon) Read(c corpus.Clause, tradition corpus.Tradition) Reading {
	return lex.read(text{original: c.Wording(), language: c.Language, tradition: tradition, body: c.TextOffset()})
}

// ReadText reads a text that is no clause, such as a query. An empty language
// is guessed.
func (lex *Lexicon) ReadText(query string, lang corpus.Language) Reading {
	return lex.read(text{original: query, language: lang})
}

// text is a text while it is read: every part of a reading is made from it.
type text struct {
	original  string
	language  corpus.Language
	tradition corpus.Tradition
	body      int // where the heading ends
	folded    Folded
	tokens    []token
	sentences []Span // in the folded text
	hits      []hit
}

func (lex *Lexicon) read(t text) Reading {
	if t.language == "" {
		t.language = lex.Guess(t.original)
	}
	base := t.language.Base()
	t.folded = lex.Fold(t.original, base)
	scratch := lex.scratch.Get().(*[]token)
	t.tokens = lex.tokens(t.folded, t.original, base, (*scratch)[:0])
	t.sentences = lex.sentences(t.folded.Text, t.tokens, nil)
	t.hits = lex.find(t.folded, t.original, t.tokens, t.language)
	r := Reading{Language: t.language}
	r.Words = lex.words(t.folded, t.tokens, base)
	r.Concepts = lex.mentions(t.folded, t.tokens)
	r.Obligations = lex.duties(&t)
	citations, taken := lex.citations(&t)
	r.Citations = citations
	r.Quantities, r.Numbers = lex.quantities(&t, r.Concepts, taken)
	r.Conditions = lex.limits(&t)
	*scratch = t.tokens[:0]
	lex.scratch.Put(scratch)
	return r
}

// Tokens is the words part of a reading alone, for indexes. An empty language
// is guessed.
func (lex *Lexicon) Tokens(text string, lang corpus.Language) []Word {
	if lang == "" {
		lang = lex.Guess(text)
	}
	f := lex.Fold(text, lang)
	return lex.words(f, lex.tokens(f, text, lang.Base(), nil), lang.Base())
}
