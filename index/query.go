// Package index finds clauses for people: words, phrases, terms of any
// language, numbers and cited standards, with facets.
//
// It is the only door to Bleve, and no exported name shows it. The index is a
// cache: it follows the store's outbox, is checked at every start, and can be
// deleted at any time; the text of a clause never comes from here. Candidates
// for matching do not come from here either (see matcher/sparse). Its one
// surprise: there is one Bleve index per jurisdiction behind an alias, because
// a filter on the country makes a large index slower and a small index of its
// own makes it faster.
package index

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// The limits of a query. They are refused with a sentence at limit + 1.
const (
	MaxQueryRunes = 512
	MaxQueryTerms = 32
	MaxWordRunes  = 64
	MaxPageSize   = 100
	MaxOffset     = 10_000 // From + Limit
	MaxFacetSize  = 50
	minPrefixRune = 3 // of a prefix like abc*; one is enough when it is a Han character
	minFuzzyRunes = 6
)

// Query is what a person asks for. Text is our own small language: words,
// "phrases", -word, prefix*, and field:value with the fields jurisdiction,
// lang, domain, issuer, standard, obligation and status; everything else in it
// is plain text. The other fields filter; within one field any value will do.
type Query struct {
	Text     string
	Language corpus.Language // of the words; "" lets the lexicon guess
	Exact    bool            // only the words themselves, no terms of other languages
	Without  []lexicon.ConceptID
	// Unlearned are the words of the text, folded, whose learned translations are
	// not taken (see Learned).
	Unlearned []string
	// Concepts must all be named by a clause or by a heading above it, each by
	// itself or by a narrower one; at most MaxQueryTerms.
	Concepts []lexicon.ConceptID

	Jurisdictions []corpus.Jurisdiction
	Languages     []corpus.Language
	Domains       []corpus.Domain
	Issuers       []string
	Standards     []corpus.StandardID
	Obligations   []lexicon.Degree
	Statuses      []corpus.Status
	Quantities    []string // dimensions of the lexicon, as "length"
	// Least and Most are the ends of a range that a value of a clause lies in, each
	// with its unit; "" leaves that end open.
	Least, Most string
	// StateOf is a value of a clause that is kept elsewhere and changes while the
	// texts stay: where its matches stand. Hits are counted by it, under FacetState,
	// and narrowed to States. It is called by many at once; nil knows no states.
	StateOf func(corpus.ClauseID) string
	States  []string
	// StatesAt is another number whenever StateOf may say something else; 0 is never
	// the same.
	StatesAt uint64

	// Choices asks for what a person chooses from beside the hits: values of a filter
	// are counted as if that filter were not set, and Results.Meant is looked for.
	Choices bool

	Order Order
	Limit int // 1 to MaxPageSize; 0 means 20
	From  int
}

// Order is how hits are ordered.
type Order string

// The orders of hits.
const (
	OrderRelevance Order = ""         // the best first
	OrderStandard  Order = "standard" // by the standard's and the clause's id; scores are 0
)

// Results is one page of an answer.
type Results struct {
	Hits       []Hit
	Total      int
	Facets     map[string][]Count // by field: jurisdiction, language, domain, issuer, obligation, status, quantity, state
	Understood []Understood
	Off        []Understood // of Query.Without, those that are concepts
	Meant      string       // the query without slips of the keyboard, "" where none are likely
	Learned    []Learned
	Asked      []Asked // ranges of values
	Cited      []Cited // standards that the query names
	Typed      []Typed // filters written into the text
	Fuzzy      bool    // nothing had the words as written, so near spellings were taken
	Took       time.Duration
}

// Hit is a clause that was found, with the ways it was found by: "word",
// "term", "learned", "number", "citation"; where it was by none of these, "part"
// (terms inside a term), or else "related" (a broader or narrower term, kin, or one in
// a heading above). Scores compare only within one answer.
type Hit struct {
	Clause corpus.ClauseID
	Score  float64
	By     []string
}

// Cited is a standard that the query names.
type Cited struct {
	Span        lexicon.Span // in Query.Text
	Designation string       // normalised
}

// Typed is a filter that was written into the text, as in jurisdiction:CN.
type Typed struct {
	Span         lexicon.Span // in Query.Text
	Field, Value string
}

// The facets that are not of one field of the index: dimensions, of which a clause may
// have several, and what Query.StateOf says.
const (
	FacetQuantity = "quantity"
	FacetState    = "state"
)

// Count is one value of a facet.
type Count struct {
	Value string
	Count int
}

// Understood is a concept the query was understood as, with its name in every
// language the index holds texts in.
type Understood struct {
	Concept lexicon.ConceptID
	Span    lexicon.Span // in Query.Text
	Labels  map[corpus.Language]string
}

// term is one element of a parsed query.
type term struct {
	text   string
	span   lexicon.Span // in the text as given
	phrase bool
	not    bool
	prefix bool
}

// parsed is a query after reading our own language: what is left as words, and
// the filters that were written into it.
type parsed struct {
	terms []term
	typed []Typed
}

// queryFields are the fields that may stand before a colon.
var queryFields = map[string]bool{
	"jurisdiction": true, "lang": true, "domain": true, "issuer": true, "standard": true, "obligation": true, "status": true,
}

// parse reads a query, or refuses it with a sentence (corpus.ErrInvalid,
// corpus.ErrLimit). It never fails for odd punctuation: that is plain text.
func parse(text string) (parsed, error) {
	if !utf8.ValidString(text) {
		return parsed{}, corpus.Refuse(corpus.ErrInvalid, "query-text", "the query is not valid text")
	}
	if n := utf8.RuneCountInString(text); n > MaxQueryRunes {
		return parsed{}, corpus.Refuse(corpus.ErrLimit, "query-long", "the query has {has} characters, at most {most} are allowed", "has", n, "most", MaxQueryRunes)
	}
	var p parsed
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			at += size
			continue
		}
		next, err := p.element(text, at)
		if err != nil {
			return parsed{}, err
		}
		at = next
	}
	if len(p.terms) > MaxQueryTerms {
		return parsed{}, corpus.Refuse(corpus.ErrLimit, "query-terms", "the query has {has} terms, at most {most} are allowed", "has", len(p.terms), "most", MaxQueryTerms)
	}
	return p, nil
}

// element reads one element at a byte offset and returns the offset behind it.
func (p *parsed) element(text string, at int) (int, error) {
	not := false
	if text[at] == '-' && at+1 < len(text) && !startsSpace(text[at+1:]) && (at == 0 || startsSpaceBefore(text, at)) {
		not, at = true, at+1
	}
	if open, close, ok := quoteAt(text, at); ok && (not || !quotesNames(text[at:]) || quotedAlone(text)) {
		p.terms = append(p.terms, term{text: text[open:close], span: lexicon.Span{Start: open, End: close}, phrase: true, not: not})
		return close + quoteLen(text, close), nil
	}
	end := at
	for end < len(text) && !startsSpace(text[end:]) {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	word := text[at:end]
	if field, value, ok := strings.Cut(word, ":"); ok && queryFields[strings.ToLower(field)] && value != "" {
		if utf8.RuneCountInString(value) > MaxWordRunes {
			return 0, corpus.Refuse(corpus.ErrLimit, "query-value", "the value of {field}: has more than {most} characters", "field", field, "most", MaxWordRunes)
		}
		p.typed = append(p.typed, Typed{lexicon.Span{Start: at, End: end}, strings.ToLower(field), strings.Trim(value, `"`)})
		return end, nil
	}
	t, err := wordTerm(word, at, not)
	if err != nil {
		return 0, err
	}
	if t.text != "" {
		p.terms = append(p.terms, t)
	}
	return end, nil
}

// wordTerm reads a word with perhaps a star at its end.
func wordTerm(word string, at int, not bool) (term, error) {
	longest := longestRun(word)
	if longest > MaxWordRunes && !hasUnspaced(word) {
		return term{}, corpus.Refuse(corpus.ErrLimit, "query-word", "a word has {has} characters, at most {most} are allowed", "has", longest, "most", MaxWordRunes)
	}
	t := term{text: word, span: lexicon.Span{Start: at, End: at + len(word)}, not: not}
	if len(word) > 1 && word[0] == '/' && word[len(word)-1] == '/' {
		word = strings.ReplaceAll(word, "*", " ") // an expression of another language is plain text
		t.text = word
	}
	if !strings.ContainsRune(word, '*') {
		if strings.IndexFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) < 0 {
			t.text = "" // punctuation alone says nothing
		}
		return t, nil
	}
	stem := strings.TrimSuffix(word, "*")
	if strings.ContainsRune(stem, '*') {
		return term{}, corpus.Refuse(corpus.ErrInvalid, "query-star", "a star may only stand at the end of a word, as in fire*")
	}
	first, _ := utf8.DecodeRuneInString(stem)
	if n := utf8.RuneCountInString(stem); n < minPrefixRune && !unicode.Is(unicode.Han, first) || n == 0 {
		return term{}, corpus.Refuse(corpus.ErrInvalid, "query-prefix", "a prefix needs at least {most} letters before the star", "most", minPrefixRune)
	}
	t.text, t.prefix = stem, true
	return t, nil
}

// quotes pairs opening with closing marks.
var quotes = map[rune]rune{'"': '"', '“': '”', '«': '»', '「': '」', '„': '“'}

// quoteAt finds a quoted stretch at an offset: the offsets of its inside.
func quoteAt(text string, at int) (open, close int, ok bool) {
	r, size := utf8.DecodeRuneInString(text[at:])
	closing, isQuote := quotes[r]
	if !isQuote {
		return 0, 0, false
	}
	n := strings.IndexRune(text[at+size:], closing)
	if n <= 0 {
		return 0, 0, false // an unpaired mark is plain text
	}
	return at + size, at + size + n, true
}

// quotesNames tells whether a text begins with a mark that print puts around names
// in the middle of a sentence ("указатели «Выход» над дверями") in languages whose
// keyboards have the straight mark: there it asks for nothing.
func quotesNames(text string) bool {
	return strings.HasPrefix(text, "«") || strings.HasPrefix(text, "„")
}

// quotedAlone tells whether a query has no words outside of quotation marks, but
// filters and what is to be left out.
func quotedAlone(text string) bool {
	for at := 0; at < len(text); {
		if _, close, ok := quoteAt(text, at); ok {
			at = close + quoteLen(text, close)
			continue
		}
		word := strings.FieldsFunc(text[at:], unicode.IsSpace)
		if len(word) == 0 {
			break
		}
		field, _, filter := strings.Cut(word[0], ":")
		if longestRun(word[0]) > 0 && word[0][0] != '-' && !(filter && queryFields[strings.ToLower(field)]) {
			return false
		}
		at += strings.Index(text[at:], word[0]) + len(word[0])
	}
	return true
}

func quoteLen(text string, at int) int {
	_, size := utf8.DecodeRuneInString(text[at:])
	return size
}

func startsSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}

func startsSpaceBefore(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return unicode.IsSpace(r)
}

// longestRun is the longest stretch of letters and digits, in characters.
func longestRun(s string) int {
	longest, run := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			run++
			longest = max(longest, run)
			continue
		}
		run = 0
	}
	return longest
}

// hasUnspaced tells whether a text is of a script written without spaces.
func hasUnspaced(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	}) >= 0
}

// fold is the form in which neutral words are kept: NFKC, lower case.
func fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }
