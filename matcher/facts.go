package matcher

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/embedding"
	"concord/corpus/lexicon"
)

// termID stands for a string of one of the families below: a 64-bit hash, so
// that facts can be made for any clause at any time without a shared table.
type termID uint64

// The families of terms; a term of one never equals a term of another.
const (
	familyWord    = "w:" // a stem, with its language
	familyConcept = "c:" // a concept
	familyToken   = "t:" // a Latin word, acronym or number, the same in any language
	familyGram    = "g:" // three letters of a word written in Latin letters
	familySection = "s:" // a heading, letter for letter
)

// idOf hashes a term (FNV-1a, 64 bits).
func idOf(family, term string) termID {
	return termID(14695981039346656037).followed(family).followed(term)
}

// followed is the id of the string of which this is the id, followed by another one.
func (id termID) followed(by string) termID {
	for i := range len(by) {
		id = (id ^ termID(by[i])) * 1099511628211
	}
	return id
}

// wordsOf is the id that the ids of all words of a language begin with.
func wordsOf(lang corpus.Language) termID { return idOf(familyWord, string(lang)).followed(":") }

// spot is a term where it stands in the wording.
type spot struct {
	id         termID
	start, end int32
}

func newSpot(id termID, s lexicon.Span) spot { return spot{id, int32(s.Start), int32(s.End)} }

// span is the spot's place.
func (s spot) span() lexicon.Span { return lexicon.Span{Start: int(s.start), End: int(s.end)} }

// entry is a term of a bag with how much of it there is.
type entry struct {
	id termID
	n  float32
}

// bag is a bag of terms in order of id, each once.
type bag []entry

// newBag counts spots.
func newBag(spots []spot) bag {
	ids := make([]termID, len(spots))
	for i, s := range spots {
		ids[i] = s.id
	}
	return bagOf(ids)
}

// bagOf counts ids, which it sorts: as numbers, which is less work than sorting entries.
func bagOf(ids []termID) bag {
	slices.Sort(ids)
	different := 0
	for i, id := range ids {
		if i == 0 || id != ids[i-1] {
			different++
		}
	}
	out := make(bag, 0, different)
	for i, id := range ids {
		if i > 0 && id == ids[i-1] {
			out[len(out)-1].n++
			continue
		}
		out = append(out, entry{id, 1})
	}
	return out
}

// find is where a term stands in the bag.
func (b bag) find(id termID) (int, bool) {
	return slices.BinarySearchFunc(b, id, func(e entry, id termID) int { return cmp.Compare(e.id, id) })
}

// has tells whether a term is in the bag.
func (b bag) has(id termID) bool {
	_, found := b.find(id)
	return found
}

// sorted sorts the entries and adds up equal ids, in place; by amount, too, so
// that sums do not depend on how the sort works.
func (b bag) sorted() bag {
	slices.SortFunc(b, func(x, y entry) int {
		if x.id != y.id {
			return cmp.Compare(x.id, y.id)
		}
		return cmp.Compare(x.n, y.n)
	})
	out := b[:0]
	for _, e := range b {
		if n := len(out); n > 0 && out[n-1].id == e.id {
			out[n-1].n += e.n
			continue
		}
		out = append(out, e)
	}
	return fit(out)
}

// fit moves a slice that stays in memory to an array of its own size when much
// of the old one is empty.
func fit[T any](s []T) []T {
	if cap(s)-len(s) <= len(s)/8 {
		return s
	}
	return append(make([]T, 0, len(s)), s...)
}

// facts are what the signals compare: a clause's reading as bags of terms, with
// the places they stand at. Facts depend on the clause alone and are never
// written after they are made.
type facts struct {
	clause  corpus.Clause
	reading lexicon.Reading
	lang    corpus.Language // base language of the wording

	words    []spot // stems of content words
	mentions []spot // of concepts
	tokens   []spot
	outside  []termID // words that no term covers somewhere, ascending; only where there are translations

	wordBag    bag
	conceptBag bag // with broader concepts at a part of the weight
	tokenBag   bag
	gramBag    bag
	headBag    bag // words and concepts of heading and path
	sections   []termID
	meaning    embedding.Vector // of a model outside; none unless there are embeddings
	phraseBag  bag              // pairs of neighbouring content words
	known      *concepts        // shared by all facts
	degree     lexicon.Degree   // strongest obligation, "" when there is none
	digest     string           // of wording, path and language
	text       corpus.Digest    // of the wording
}

// What a broader concept, and a concept nested in a longer term, count for
// beside the concept itself. Our own choice: a neighbour is a hint, no proof.
const (
	broaderShare = 0.35
	nestedShare  = 0.5
)

// factsOf reads a clause.
func (m *Matcher) factsOf(c corpus.Clause, tradition corpus.Tradition) *facts {
	f := &facts{clause: c, reading: m.lex.Read(c, tradition), lang: c.Language.Base(), known: m.known}
	if f.reading.Language != "" {
		f.lang = f.reading.Language.Base()
	}
	m.fillWords(f)
	f.nameQuantities()
	m.fillHeads(f)
	f.reading.Words = nil // they live on as spots
	f.words, f.reading.Concepts = fit(f.words), fit(f.reading.Concepts)
	f.fill()
	return f
}

// fill fills all that follows from the clause, its reading, words and headings: what is
// worked out again of facts that were folded.
func (f *facts) fill() {
	f.text = f.clause.Digest()
	f.digest = digestWith(f.text, f.clause)
	f.degree = strongest(f.reading.Obligations)
	f.fillOutside()
	f.fillTokens(f.clause.Wording())
	f.fillBags()
	f.fillSections()
	f.tokens = fit(f.tokens)
}

// concepts is what the matcher asks of the lexicon's concepts again and again.
type concepts struct {
	broader      map[lexicon.ConceptID]lexicon.ConceptID
	general      map[lexicon.ConceptID]bool // of general language, not of a field
	terms        map[lexicon.ConceptID]conceptTerm
	ids          []lexicon.ConceptID // by number, the first for none
	words        *corpus.WordMemo[crossing]
	fits         func(id lexicon.ConceptID, dimension string) bool
	dictionaries dictionaries
	named        map[corpus.Language]int // how many concepts have a term in the language
}

// A language is without terms when fewer concepts than namedFrom have one in it. Its
// words are told by their first clippedTo letters, which brings inflections together
// where no table knows them, at the price of some words that begin alike (McNamee,
// Nicholas and Mayfield, Addressing Morphological Variation in Alphabetic Languages,
// 2009). docs/quality.md has what it gains.
const (
	namedFrom = 500
	clippedTo = 5
)

// form is the word's form under which its inflections meet.
func (k *concepts) form(word string, lang corpus.Language) string {
	if k.named[lang] >= namedFrom {
		return word
	}
	letters := 0
	for i := range word {
		if letters == clippedTo {
			return word[:i]
		}
		letters++
	}
	return word
}

// conceptTerm is a concept as a term of bags.
type conceptTerm struct {
	number      int    // place in concepts.ids
	id, broader termID // broader is 0 where there is none
	general     bool
}

// newConcepts looks every concept up once.
func newConcepts(lex *lexicon.Lexicon) *concepts {
	k := &concepts{broader: make(map[lexicon.ConceptID]lexicon.ConceptID), general: make(map[lexicon.ConceptID]bool), fits: lex.Fits}
	k.terms, k.words = make(map[lexicon.ConceptID]conceptTerm), corpus.NewWordMemo[crossing](rememberedCrossings)
	k.named, k.ids = make(map[corpus.Language]int), []lexicon.ConceptID{""}
	for _, c := range lex.Concepts() {
		for l := range c.Forms {
			k.named[l]++
		}
		term := conceptTerm{number: len(k.ids), id: idOf(familyConcept, string(c.ID)), general: c.Domain == "general"}
		k.ids = append(k.ids, c.ID)
		if c.Broader != "" {
			term.broader = idOf(familyConcept, string(c.Broader))
		}
		k.terms[c.ID] = term
		if c.Broader != "" {
			k.broader[c.ID] = c.Broader
		}
		if c.Domain == "general" {
			k.general[c.ID] = true
		}
	}
	return k
}

func (m *Matcher) fillWords(f *facts) {
	words := wordsOf(f.lang)
	f.words = make([]spot, 0, len(f.reading.Words))
	for _, w := range f.reading.Words {
		f.words = append(f.words, newSpot(words.followed(m.known.form(w.Form, f.lang)), w.Span))
	}
}

// fillBags fills what follows from the places of terms.
func (f *facts) fillBags() {
	phrases := make([]termID, 0, len(f.words))
	for i := 1; i < len(f.words); i++ {
		if before, id := f.words[i-1].id, f.words[i].id; before != id {
			phrases = append(phrases, phraseOf(before, id))
		}
	}
	f.wordBag, f.phraseBag, f.tokenBag = newBag(f.words), bagOf(phrases), newBag(f.tokens)
	f.fillConcepts()
}

// phraseOf is the id of a pair of neighbouring words.
func phraseOf(before, id termID) termID { return before*31 + id }

func (f *facts) fillConcepts() {
	b := make(bag, 0, 2*len(f.reading.Concepts))
	f.mentions = make([]spot, 0, len(f.reading.Concepts))
	for _, c := range f.reading.Concepts {
		term := f.known.terms[c.Concept]
		f.mentions = append(f.mentions, newSpot(term.id, c.Span))
		b = term.enter(b, c.Nested)
	}
	f.conceptBag = b.sorted()
}

// enter adds a mention of the concept with its broader concept.
func (t conceptTerm) enter(b bag, nested bool) bag {
	share := float32(1)
	if nested {
		share = nestedShare
	}
	b = append(b, entry{t.id, share})
	if t.broader != 0 {
		b = append(b, entry{t.broader, share * broaderShare})
	}
	return b
}

// crossing is what a word has that reads the same in any language.
type crossing struct {
	named bool
	token termID   // where it is named
	grams []termID // its pieces
}

// rememberedCrossings is how many words are remembered with their tokens and grams,
// some 8 MB at most, so that they are written in Latin letters and cut to pieces once.
const rememberedCrossings = 1 << 15

// crossing is that of a word as it is printed.
func (k *concepts) crossing(word string) *crossing {
	if known := k.words.Get("", word); known != nil {
		return known
	}
	return k.words.Put("", word, newCrossing)
}

func newCrossing(word string) crossing {
	var x crossing
	latin := latinise(word)
	if latin == "" {
		return x
	}
	if latin == strings.ToLower(word) || isLatin(word) {
		if token := tokenForm(latin); token != "" {
			x.named, x.token = true, idOf(familyToken, token)
		}
	}
	x.grams = appendGrams(nil, latin)
	return x
}

// fillTokens finds what reads the same in any language: words in Latin letters,
// acronyms, numbers, and the numbers of cited clauses. In Cyrillic text the
// letters are written in Latin for the grams, so that names and borrowed words
// meet.
func (f *facts) fillTokens(wording string) {
	grams := make([]termID, 0, len(wording))
	eachWord(wording, func(word string, span lexicon.Span) {
		x := f.known.crossing(word)
		if x.named {
			f.tokens = append(f.tokens, newSpot(x.token, span))
		}
		grams = append(grams, x.grams...)
	})
	for _, c := range f.reading.Citations {
		if c.Clause != "" {
			f.tokens = append(f.tokens, newSpot(idOf(familyToken, "§"+c.Clause), c.Span))
		}
		if c.Designation != "" {
			f.tokens = append(f.tokens, newSpot(idOf(familyToken, "std "+c.Designation), c.Span))
		}
	}
	for _, q := range f.reading.Quantities {
		if q.Dimension != "count" {
			f.tokens = append(f.tokens, newSpot(idOf(familyToken, quantityKey(q)), q.Span))
		}
	}
	slices.SortStableFunc(f.tokens, func(a, b spot) int { return cmp.Compare(a.start, b.start) })
	f.gramBag = bagOf(grams)
}

// fillSections notes the sections the clause stands in: the outermost heading, the
// whole path, and its own heading.
func (f *facts) fillSections() {
	if len(f.clause.Path) > 0 {
		f.sections = append(f.sections, idOf(familySection, f.clause.Path[0]))
	}
	if len(f.clause.Path) > 1 {
		f.sections = append(f.sections, idOf(familySection, strings.Join(f.clause.Path, "\x00")))
	}
	if title := headline(f.clause); title != "" {
		f.sections = append(f.sections, idOf(familySection, title))
	}
}

// fillHeads reads heading and path.
func (m *Matcher) fillHeads(f *facts) {
	heads := slices.Clone(f.clause.Path)
	if title := headline(f.clause); title != "" {
		heads = append(heads, title)
	}
	if len(heads) == 0 {
		return
	}
	r := m.lex.ReadText(strings.Join(heads, "\n"), f.lang)
	var b bag
	for _, w := range r.Words {
		b = append(b, entry{wordsOf(f.lang).followed(m.known.form(w.Form, f.lang)), 1})
	}
	for _, c := range r.Concepts {
		b = m.known.terms[c.Concept].enter(b, c.Nested)
	}
	f.headBag = b.sorted()
}

// headline is the clause's heading, or else a short first line of its text that
// is no sentence: many texts print the article's title there.
func headline(c corpus.Clause) string {
	if c.Heading != "" {
		return c.Heading
	}
	line, rest, found := strings.Cut(c.Text, "\n")
	line = strings.TrimSpace(line)
	last, _ := utf8.DecodeLastRuneInString(line)
	if !found || strings.TrimSpace(rest) == "" || utf8.RuneCountInString(line) > 100 || strings.ContainsRune(".:;,。：；，؛،", last) {
		return ""
	}
	return line
}

// eachWord calls do for every run of letters and digits of one script, so that a name
// is found in "HTTPを" and "API를". A point or comma between digits belongs to the number.
func eachWord(text string, do func(word string, span lexicon.Span)) {
	start, script := -1, spaced
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && start >= 0
		if !inside && start >= 0 && (r == '.' || r == ',') && digitAt(text, i-1) && digitAt(text, i+1) {
			inside = true
		}
		now := unspacedOf(r)
		if inside && start >= 0 && now != script {
			do(text[start:i], lexicon.Span{Start: start, End: i})
			start = -1
		}
		script = now
		switch {
		case inside && r >= firstHan && unicode.Is(unicode.Han, r):
			if start >= 0 {
				do(text[start:i], lexicon.Span{Start: start, End: i})
			}
			start = -1
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			do(text[start:i], lexicon.Span{Start: start, End: i})
			start = -1
		}
	}
	if start >= 0 {
		do(text[start:], lexicon.Span{Start: start, End: len(text)})
	}
}

// unspaced is a script that puts no space between words, or none before particles.
type unspaced int8

const (
	spaced unspaced = iota
	southEast
	hiragana
	katakana
	hangul
)

// unspacedOf is the script of a letter or mark, by Unicode's blocks.
func unspacedOf(r rune) unspaced {
	switch {
	case r < 0x0e00:
		return spaced
	case r < 0x0f00, r >= 0x1000 && r < 0x10a0, r >= 0x1780 && r < 0x1800:
		return southEast // Thai, Lao, Burmese, Khmer
	case r >= 0x3040 && r < 0x30a0:
		return hiragana
	case r >= 0x30a0 && r < 0x3100:
		return katakana
	case r >= 0xac00 && r < 0xd7b0:
		return hangul
	}
	return spaced
}

// firstHan is the first character of unicode.Han, a table that takes long to search.
const firstHan = '⺀'

func digitAt(text string, i int) bool {
	return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9'
}

// tokenForm drops a plural s, and tokens of one letter.
func tokenForm(latin string) string {
	if len(latin) == 1 && !digitAt(latin, 0) {
		return ""
	}
	if len(latin) > 3 && latin[len(latin)-1] == 's' && latin[len(latin)-2] != 's' {
		return latin[:len(latin)-1]
	}
	return latin
}

// skeleton evens out spellings that differ between languages for one word.
var skeleton = strings.NewReplacer("ph", "f", "th", "t", "qu", "k", "ck", "k", "ch", "k", "c", "k", "q", "k", "y", "i", "z", "s", "x", "ks", "w", "v")

// appendGrams adds the three-letter pieces of a word of four letters and more.
func appendGrams(grams []termID, latin string) []termID {
	if len(latin) < 4 || digitAt(latin, 0) {
		return grams
	}
	s := "^" + skeleton.Replace(latin) + "$"
	for i := 0; i+3 <= len(s); i++ {
		grams = append(grams, idOf(familyGram, s[i:i+3]))
	}
	return grams
}

// ranks orders degrees of obligation by how much they bind.
var ranks = map[lexicon.Degree]int{
	lexicon.DegreeProhibit: 9, lexicon.DegreeRequire: 8, lexicon.DegreeDiscourage: 6, lexicon.DegreeRecommend: 5,
	lexicon.DegreePermit: 4, lexicon.DegreeNeedNot: 3, lexicon.DegreeCapability: 2, lexicon.DegreeExternal: 1, lexicon.DegreeStatement: 0,
}

// strongest is the most binding degree, "" when nothing obliges.
func strongest(all []lexicon.Obligation) lexicon.Degree {
	var out lexicon.Degree
	for _, o := range all {
		if out == "" || ranks[o.Degree] > ranks[out] {
			out = o.Degree
		}
	}
	return out
}

// nameQuantities corrects what a quantity measures where the nearest concept is
// a word of general language such as "minimum": better the name of a quantity
// ("width") or the nearest term of a field before it, as far back as the
// quantity before, or nothing. People are named by words of general language, so
// that a count of them keeps its name.
func (f *facts) nameQuantities() {
	from := 0
	for i := range f.reading.Quantities {
		q := &f.reading.Quantities[i]
		if q.Dimension != "persons" && (q.Measures == "" || f.known.general[q.Measures] && !quantityNames[q.Measures]) {
			q.Measures = f.nameBetween(from, q.Span.Start, q.Dimension)
		}
		from = q.Span.End
	}
}

// nameBetween is the last name of a quantity in a stretch of the wording, or
// else the last term of a field, of those that can be measured in the dimension;
// "" when there is neither.
func (f *facts) nameBetween(from, to int, dimension string) lexicon.ConceptID {
	var name, term lexicon.ConceptID
	for _, m := range f.reading.Concepts {
		switch {
		case m.Span.Start < from || m.Span.End > to || !f.known.fits(m.Concept, dimension):
		case quantityNames[m.Concept]:
			name = m.Concept
		case !f.known.general[m.Concept] && !m.Nested:
			term = m.Concept
		}
	}
	if name != "" {
		return name
	}
	return term
}
