package lexicon

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// phraseKind says which table a phrase belongs to.
type phraseKind uint8

const (
	phraseObligation phraseKind = iota
	phraseBound
	phraseReference
	phraseCondition
	phraseUnit
	phraseNumber
	phraseKinds
)

// phraseRef is a row of the table of its kind.
type phraseRef struct {
	kind phraseKind
	row  int
}

// phraseBook finds fixed phrases in tokens. Unlike terms, phrases are compared
// as printed (folded), because an ending can turn a must into a may. In a
// pattern
//
//	(a|b|)   is a choice, an empty one meaning nothing
//	word~    stands for every inflection of the word
//	-ending  stands for every word with the ending
//	…        stands for a few words of the same sentence, without punctuation
//	^        is the beginning of a sentence
//	$        at the end of a pattern, that of a sentence
//	!        before a pattern: not where it is printed with a capital amid a sentence
type phraseBook struct {
	surface  vocabulary
	stems    vocabulary
	endings  map[corpus.Language][]ending
	edges    edges
	ends     map[int32][]phraseRef
	careful  map[int32]bool // nodes of patterns with "!"
	roots    map[corpus.Language]int32
	nodes    int32
	patterns int
}

type ending struct {
	text string
	id   int32
}

// Edge ids beside those of words: what no token has.
const (
	idGap    int32 = -2
	idStart  int32 = -3
	idEnd    int32 = -4
	idStem   int32 = 0x400000  // added to a stem's id
	idEnding int32 = 0x8000000 // added to an ending's number
)

// maxGap is how many tokens "…" stands for: Han characters are many to a word.
const (
	maxGap      = 8
	maxGapDense = 32
)

func newPhraseBook() *phraseBook {
	return &phraseBook{endings: map[corpus.Language][]ending{}, ends: map[int32][]phraseRef{}, careful: map[int32]bool{}, roots: map[corpus.Language]int32{}}
}

// addPhrase enters a pattern of a language. It tells whether there was anything
// to enter.
func (lex *Lexicon) addPhrase(lang corpus.Language, pattern string, ref phraseRef) bool {
	pattern, careful := strings.CutPrefix(pattern, "!")
	some := false
	for _, variant := range choices(pattern) {
		seq := lex.phraseSequence(lang, variant)
		if len(seq) == 0 {
			continue
		}
		some = true
		lex.phrases.enter(lang, seq, ref, careful)
	}
	return some
}

func (b *phraseBook) enter(lang corpus.Language, seq []int32, ref phraseRef, careful bool) {
	node, ok := b.roots[lang]
	if !ok {
		b.nodes++
		node = b.nodes
		b.roots[lang] = node
	}
	for _, id := range seq {
		next, ok := b.edges.next(node, id)
		if !ok {
			b.nodes++
			next = b.nodes
			b.edges.add(node, id, next)
		}
		node = next
	}
	b.patterns++
	if careful {
		b.careful[node] = true
	}
	for _, have := range b.ends[node] {
		if have == ref {
			return
		}
	}
	b.ends[node] = append(b.ends[node], ref)
}

// choices writes out the (a|b) groups of a pattern, which may nest.
func choices(pattern string) []string {
	open := strings.IndexByte(pattern, '(')
	if open < 0 {
		return []string{pattern}
	}
	depth, from := 0, open+1
	var inner []string
	for i := open; i < len(pattern); i++ {
		switch pattern[i] {
		case '(':
			depth++
		case '|':
			if depth == 1 {
				inner, from = append(inner, pattern[from:i]), i+1
			}
		case ')':
			if depth--; depth > 0 {
				continue
			}
			inner = append(inner, pattern[from:i])
			var out []string
			for _, one := range inner {
				for _, middle := range choices(one) {
					for _, rest := range choices(pattern[i+1:]) {
						out = append(out, pattern[:open]+middle+rest)
					}
				}
			}
			return out
		}
	}
	return []string{pattern}
}

func (lex *Lexicon) phraseSequence(lang corpus.Language, pattern string) []int32 {
	var seq []int32
	pattern, ends := strings.CutSuffix(pattern, "$")
	rest, anchored := strings.CutPrefix(pattern, "^")
	if anchored {
		seq = append(seq, idStart)
	}
	words := 0
	for i, part := range strings.Split(rest, "…") {
		if i > 0 {
			seq = append(seq, idGap)
		}
		f := lex.Fold(part, lang)
		for _, t := range split(f.Text, lang.Base(), nil) {
			words++
			seq = append(seq, lex.phraseWord(lang, f.Text, t))
		}
	}
	if words == 0 {
		return nil
	}
	if ends {
		seq = append(seq, idEnd)
	}
	return seq
}

func (lex *Lexicon) phraseWord(lang corpus.Language, text string, t token) int32 {
	word := text[t.start:t.end]
	base := lang.Base()
	if t.script == scriptDense {
		r, _ := utf8.DecodeRuneInString(word)
		return denseID(r)
	}
	if t.end < len(text) && text[t.end] == '~' {
		stem := lex.stem(word, languageOf(t.script, base))
		return idStem + lex.phrases.stems.add(base, stem)
	}
	if t.start > 0 && text[t.start-1] == '-' && (t.start == 1 || text[t.start-2] == ' ') {
		return idEnding + lex.phrases.ending(base, word)
	}
	return lex.phrases.surface.add(base, word)
}

func (b *phraseBook) ending(lang corpus.Language, text string) int32 {
	for _, e := range b.endings[lang] {
		if e.text == text {
			return e.id
		}
	}
	id := int32(len(b.endings[lang]) + 1)
	list := append(b.endings[lang], ending{text, id})
	sort.SliceStable(list, func(i, j int) bool { return len(list[i].text) > len(list[j].text) })
	b.endings[lang] = list
	return id
}

// hit is a phrase found: tokens first to last, and the rows it stands for.
type hit struct {
	first, last int
	refs        []phraseRef
}

// phraseIDs are a token's ids in the phrase book.
type phraseIDs struct{ surface, stem, ending int32 }

// idsOf looks up the ids of a word with its stem.
func (b *phraseBook) idsOf(word, form string, lang corpus.Language) phraseIDs {
	ids := phraseIDs{surface: b.surface.find(lang, word), stem: b.stems.find(lang, form)}
	for _, e := range b.endings[lang] {
		if len(word) > len(e.text) && strings.HasSuffix(word, e.text) {
			ids.ending = e.id
			break
		}
	}
	return ids
}

// finder is one search for phrases over the tokens of a text.
type finder struct {
	book   *phraseBook
	text   string // folded
	tokens []token
	hits   []hit
}

// find lists every phrase in the text, in order of its first token, longer ones
// first. The language's own rows and those of its base are both used.
func (lex *Lexicon) find(f Folded, original string, tokens []token, lang corpus.Language) []hit {
	b := lex.phrases
	fd := finder{book: b, text: f.Text, tokens: tokens}
	roots := []int32{b.roots[lang.Base()]}
	if lang != lang.Base() {
		roots = append(roots, b.roots[lang])
	}
	for i := range tokens {
		before := len(fd.hits)
		for _, node := range roots {
			if node == 0 {
				continue
			}
			if tokens[i].opens {
				if next, ok := b.edges.next(node, idStart); ok {
					fd.walk(i, i, next, false, original, f)
				}
			}
			fd.walk(i, i, node, false, original, f)
		}
		new := fd.hits[before:]
		sort.SliceStable(new, func(a, b int) bool { return new[a].last > new[b].last })
	}
	return fd.hits
}

// walk follows the phrases from a node; gap allows to pass over tokens first.
func (fd *finder) walk(first, j int, node int32, gap bool, original string, f Folded) bool {
	some := false
	for k := j; k < len(fd.tokens); k++ {
		t := &fd.tokens[k]
		if k > first && t.brk {
			return some
		}
		limit := j + 1
		if gap {
			limit = j + maxGap
			if t.script == scriptDense {
				limit = j + maxGapDense
			}
		}
		if k >= limit {
			return some
		}
		ids := t.phrase
		for _, id := range [3]int32{ids.surface, idStem + ids.stem, idEnding + ids.ending} {
			if id == 0 || id == idStem || id == idEnding {
				continue
			}
			if next, ok := fd.book.edges.next(node, id); ok && fd.reach(first, k, next, original, f) {
				some = true
			}
		}
		if some {
			return true
		}
	}
	return some
}

// reach records what ends at a node and goes on from it.
func (fd *finder) reach(first, k int, node int32, original string, f Folded) bool {
	some := false
	if refs := fd.book.ends[node]; refs != nil && !(fd.book.careful[node] && namelike(fd.tokens[first], original, f)) {
		fd.hits = append(fd.hits, hit{first, k, refs})
		some = true
	}
	if next, ok := fd.book.edges.next(node, idEnd); ok && (k+1 == len(fd.tokens) || fd.tokens[k+1].sentence != fd.tokens[k].sentence) {
		fd.hits = append(fd.hits, hit{first, k, fd.book.ends[next]})
		some = true
	}
	if next, ok := fd.book.edges.next(node, idGap); ok && fd.walk(first, k+1, next, true, original, f) {
		some = true
	}
	return fd.walk(first, k+1, node, false, original, f) || some
}

// namelike tells whether a word amid a sentence is printed with a capital, as
// the month of May is.
func namelike(t token, original string, f Folded) bool {
	s := f.Span(t.start, t.end)
	word := original[s.Start:s.End]
	r, size := utf8.DecodeRuneInString(word)
	return !t.opens && unicode.IsUpper(r) && strings.ToLower(word[size:]) == word[size:]
}

// ofKind are the longest hits of a kind, from left to right, never overlapping.
// A row that keep refuses does not count.
func ofKind(hits []hit, kind phraseKind, keep func(phraseRef) bool) []hit {
	var out []hit
	next := 0
	for _, h := range hits {
		if h.first < next {
			continue
		}
		var refs []phraseRef
		for _, r := range h.refs {
			if r.kind == kind && (keep == nil || keep(r)) {
				refs = append(refs, r)
			}
		}
		if refs == nil {
			continue
		}
		out = append(out, hit{h.first, h.last, refs})
		next = h.last + 1
	}
	return out
}
