package lexicon

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"concord/corpus"
)

// Concept is one row of the term tables: a thing that standards speak of, with
// the terms that name it in each language.
type Concept struct {
	ID      ConceptID
	Domain  string // "general", "engineering", "park", "digital"
	Broader ConceptID
	Forms   map[corpus.Language][]string // preferred term first
	Source  string                       // where the row comes from, "own" or a vocabulary
}

// Label is the preferred term in a language, or in English, or the id.
func (c Concept) Label(lang corpus.Language) string {
	for _, l := range []corpus.Language{lang, lang.Base(), "en"} {
		if forms := c.Forms[l]; len(forms) > 0 {
			return forms[0]
		}
	}
	return string(c.ID)
}

// domains are the words allowed in the column domain.
var domains = map[string]bool{"general": true, string(corpus.DomainEngineering): true, string(corpus.DomainPark): true, string(corpus.DomainDigital): true}

// loadConcepts reads every term table. Between the columns broader and source
// stands one column for each language, named by its tag. An id may stand once in
// a file; a later file that has it too adds its terms to the concept, which is
// how a language comes in a file of its own. A broader concept that does not
// exist (yet) is left out and remembered: it costs a hint, not the lexicon.
func (lex *Lexicon) loadConcepts(fsys fs.FS) error {
	files, err := readFolder(fsys, "data/terms", "id", "domain", "broader")
	if err != nil {
		return err
	}
	lex.concepts = map[ConceptID]Concept{}
	from := map[ConceptID]row{}
	for _, t := range files {
		if t.header[len(t.header)-1] != "source" {
			return fmt.Errorf("%s: the last column is %q; call it source: %w", t.name, t.header[len(t.header)-1], corpus.ErrInvalid)
		}
		for _, r := range t.rows {
			c, err := conceptOf(t, r)
			if err != nil {
				return err
			}
			first, double := from[c.ID]
			if double && first.file == r.file {
				return r.bad("give it another id or join the rows", "the id %q stands in line %d already", c.ID, first.line)
			}
			from[c.ID] = r
			if double {
				lex.concepts[c.ID].addForms(c)
				continue
			}
			lex.concepts[c.ID] = c
			lex.ids = append(lex.ids, c.ID)
		}
	}
	sort.Slice(lex.ids, func(i, j int) bool { return lex.ids[i] < lex.ids[j] })
	for _, id := range lex.ids {
		c := lex.concepts[id]
		if c.Broader == "" || lex.concepts[c.Broader].ID != "" {
			continue
		}
		lex.orphans = append(lex.orphans, from[id].bad("write the id of a row, or nothing", "the broader concept %q does not exist", c.Broader))
		c.Broader = ""
		lex.concepts[id] = c
	}
	lex.buildTrie()
	return nil
}

func conceptOf(t table, r row) (Concept, error) {
	c := Concept{ID: ConceptID(r.cells[0]), Domain: r.cells[1], Broader: ConceptID(r.cells[2]), Source: r.cells[len(r.cells)-1], Forms: map[corpus.Language][]string{}}
	if !readableID(string(c.ID)) {
		return c, r.bad("use lower-case letters, digits and hyphens", "the id %q is not readable", c.ID)
	}
	if !domains[c.Domain] {
		return c, r.bad("write general, engineering, park or digital", "the domain %q is not known", c.Domain)
	}
	if c.Source == "" {
		return c, r.bad("write own or a vocabulary", "the row has no source")
	}
	for i := 3; i < len(r.cells)-1; i++ {
		lang := corpus.Language(t.header[i])
		for _, form := range strings.Split(r.cells[i], "|") {
			if form == "" || form != strings.TrimSpace(form) {
				return c, r.bad("part variants with | and write no blanks around it", "column %s has an empty variant or one with blanks around it", lang)
			}
			c.Forms[lang] = append(c.Forms[lang], form)
		}
	}
	return c, nil
}

// addForms takes over the terms of the same concept from another file.
func (c Concept) addForms(more Concept) {
	for _, lang := range sortedLanguages(more.Forms) {
		for _, form := range more.Forms[lang] {
			if !slices.Contains(c.Forms[lang], form) {
				c.Forms[lang] = append(c.Forms[lang], form)
			}
		}
	}
}

func readableID(id string) bool {
	for _, r := range id {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') {
			return false
		}
	}
	return id != ""
}

// Concept is the concept of an id.
func (lex *Lexicon) Concept(id ConceptID) (Concept, bool) {
	c, ok := lex.concepts[id]
	return c, ok
}

// Concepts lists every concept in order of id.
func (lex *Lexicon) Concepts() []Concept {
	out := make([]Concept, len(lex.ids))
	for i, id := range lex.ids {
		out[i] = lex.concepts[id]
	}
	return out
}

// trie holds the token sequences of all terms. Nodes are numbered from 1, the
// root. Japanese terms have a root of their
// own, because their Han characters often mean something else in Chinese.
type trie struct {
	edges edges
	ends  [][]ConceptID // by node: concepts whose term ends there, in order of id
	nodes int32
}

const (
	root     int32 = 1
	rootOfJa int32 = 2
)

// rootOf is where the terms of a language begin.
func rootOf(lang corpus.Language) int32 {
	if lang == "ja" {
		return rootOfJa
	}
	return root
}

// endsAt are the concepts whose term ends at a node.
func (t *trie) endsAt(node int32) []ConceptID {
	if int(node) < len(t.ends) {
		return t.ends[node]
	}
	return nil
}

// addForms enters a term and the forms that its inflection gives it where the words
// of a language are not stemmed.
func (t *trie) addForms(sequence []int32, lang corpus.Language, c ConceptID) {
	t.add(sequence, lang, c)
	if lang == "ja" {
		japaneseForms(sequence, func(form []int32) { t.add(form, lang, c) })
	}
}

func (t *trie) add(sequence []int32, lang corpus.Language, c ConceptID) {
	node := root
	if sequence[0] >= firstDense { // a Japanese term may begin with a Latin word
		node = rootOf(lang)
	}
	for _, id := range sequence {
		next, ok := t.edges.next(node, id)
		if !ok {
			t.nodes++
			next = t.nodes
			t.edges.add(node, id, next)
		}
		node = next
	}
	if missing := int(node) + 1 - len(t.ends); missing > 0 {
		t.ends = append(t.ends, make([][]ConceptID, missing)...)
	}
	for _, have := range t.ends[node] {
		if have == c {
			return
		}
	}
	t.ends[node] = append(t.ends[node], c)
}

// buildTrie enters every form of every concept.
func (lex *Lexicon) buildTrie() {
	all := make([]Concept, 0, len(lex.ids))
	for _, id := range lex.ids {
		all = append(all, lex.concepts[id])
	}
	lex.trie = trie{nodes: rootOfJa}
	lex.enter(all, func([]token) bool { return true })
}

// enter puts the forms of concepts that are kept into the trie, read as text would be.
// The forms of each language are read at the same time as those of the others, and
// entered one after the other, so that ids are the same every time.
func (lex *Lexicon) enter(more []Concept, keep func([]token) bool) {
	forms := map[corpus.Language][]string{}
	for _, c := range more {
		for lang, list := range c.Forms {
			forms[lang] = append(forms[lang], list...)
		}
	}
	shapes, words := make(map[corpus.Language][][]token, len(forms)), make(map[corpus.Language]stems, len(forms))
	var wait sync.WaitGroup
	for lang, list := range forms {
		out, known := make([][]token, len(list)), stems{}
		shapes[lang], words[lang] = out, known
		wait.Go(func() { lex.shapes(list, lang, out, known) })
	}
	wait.Wait()
	for _, c := range more {
		for _, lang := range sortedLanguages(c.Forms) {
			for range c.Forms[lang] {
				tokens := shapes[lang][0]
				shapes[lang] = shapes[lang][1:]
				if !keep(tokens) {
					continue
				}
				if seq := lex.sequence(tokens); len(seq) > 0 {
					lex.trie.addForms(seq, lang, c.ID)
				}
			}
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(words)) {
		lex.print(lang, words[lang])
	}
}

// shapes reads the terms of one language into out, and their words into known.
func (lex *Lexicon) shapes(forms []string, lang corpus.Language, out [][]token, known stems) {
	var space []token
	for i, form := range forms {
		f := lex.Fold(form, lang)
		space = split(f.Text, lang.Base(), space[:0])
		out[i] = slices.Clone(space)
		for j := range out[i] {
			t := &out[i][j]
			lex.shape(t, f.Text[t.start:t.end], lang.Base(), known)
		}
	}
}

func sortedLanguages(m map[corpus.Language][]string) []corpus.Language {
	out := make([]corpus.Language, 0, len(m))
	for l := range m {
		out = append(out, l)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// breakID stands in a sequence where the term itself has punctuation
// ("water/cement ratio"): there, and only there, the text must have some too.
const breakID int32 = -1

// sequence is a term as token ids. Articles and prepositions inside it are
// left out when two content words remain, because texts write them or not. Function words
// are entered as printed: no inflection leads to them.
func (lex *Lexicon) sequence(tokens []token) []int32 {
	content := 0
	for _, t := range tokens {
		if !t.stop {
			content++
		}
	}
	out := make([]int32, 0, 2*len(tokens))
	for i := range tokens {
		t := &tokens[i]
		if i > 0 && t.brk {
			out = append(out, breakID)
		}
		switch {
		case t.script == scriptDense:
			r, _ := utf8.DecodeRuneInString(t.form)
			out = append(out, denseID(r))
		case t.script == scriptDigit:
			out = append(out, lex.vocabulary.add("", t.form))
		case t.link && content >= 2 && i > 0 && i < len(tokens)-1:
		case t.stop:
			out = append(out, lex.vocabulary.add(t.lang, stopMark+t.form))
		default:
			out = append(out, lex.vocabulary.add(t.lang, t.form))
		}
	}
	return out
}

// found is a place where the trie has a term: tokens first to last.
type found struct {
	first, last int
	concepts    []ConceptID
}

// maxSkips is how many articles and prepositions may stand between two words of
// a term.
const maxSkips = 3

// termsAt lists the terms that begin at a token, longest last. Articles and
// prepositions of the text may stand inside a term that does not name them.
func (lex *Lexicon) termsAt(tokens []token, i int, out []found) []found {
	before := len(out)
	start := root
	if tokens[i].script == scriptDense {
		start = rootOf(tokens[i].lang)
	}
	out = lex.walk(tokens, i, i, start, maxSkips, out)
	terms := out[before:]
	sort.SliceStable(terms, func(a, b int) bool { return terms[a].last < terms[b].last })
	return out
}

// walk follows the trie from a node over the tokens from j on; where a link
// word can be read or skipped it tries both ways.
func (lex *Lexicon) walk(tokens []token, i, j int, node int32, skips int, out []found) []found {
	for ; j < len(tokens); j++ {
		t := &tokens[j]
		if j > i && t.brk {
			next, ok := lex.trie.edges.next(node, breakID)
			if !ok {
				return out
			}
			node = next
		}
		if t.link && j > i && skips > 0 {
			out = lex.walk(tokens, i, j+1, node, skips-1, out)
		}
		if t.id == 0 {
			return out
		}
		next, ok := lex.trie.edges.next(node, t.id)
		if !ok {
			return out
		}
		node, skips = next, maxSkips
		if ends := lex.trie.endsAt(node); ends != nil {
			out = append(out, found{i, j, ends})
		}
	}
	return out
}

// mentions finds the concepts that tokens name: leftmost-longest terms, and
// inside each the shorter terms that are concepts of their own, marked Nested.
// Inside Han text a nested term needs two characters. A term of several
// concepts is reported once for each, on the same span, in order of id.
func (lex *Lexicon) mentions(f Folded, tokens []token) []Mention {
	var out []Mention
	var at [16]found
	for i := 0; i < len(tokens); {
		terms := lex.termsAt(tokens, i, at[:0])
		if len(terms) == 0 {
			out = lex.appendParts(out, f, tokens[i])
			i++
			continue
		}
		top := terms[len(terms)-1]
		out = appendMentions(out, f, tokens, top, false)
		outer := len(out) - len(top.concepts)
		for k := i; k <= top.last; k++ {
			inner := terms[:len(terms)-1]
			if k > i {
				inner = lex.termsAt(tokens[:top.last+1], k, at[:0])
			}
			for _, in := range inner {
				if (in.last > in.first || !tokens[in.first].han) && !sameConcepts(out[outer:outer+len(top.concepts)], in.concepts) {
					out = appendMentions(out, f, tokens, in, true)
				}
			}
		}
		i = top.last + 1
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].Span.Start < out[b].Span.Start })
	return out
}

// appendParts finds the concepts that the parts of a compound name. The end of
// one whose beginning is not known counts as nested: it is broader than the whole.
func (lex *Lexicon) appendParts(out []Mention, f Folded, t token) []Mention {
	if t.id != 0 || t.stop || joints[t.lang] == nil {
		return out
	}
	word := f.Text[t.start:t.end]
	if t.lang == "ko" && strings.HasPrefix(word, t.form) {
		word = t.form // a particle is no end of a compound
	}
	for _, p := range lex.compound(word, t.lang) {
		span := f.Span(t.start+p.start, t.start+p.end)
		for _, c := range p.concepts {
			out = append(out, Mention{Concept: c, Span: span, Nested: p.alone})
		}
	}
	return out
}

func appendMentions(out []Mention, f Folded, tokens []token, t found, nested bool) []Mention {
	span := f.Span(tokens[t.first].start, tokens[t.last].end)
	for _, c := range t.concepts {
		out = append(out, Mention{Concept: c, Span: span, Nested: nested})
	}
	return out
}

func sameConcepts(outer []Mention, inner []ConceptID) bool {
	for _, in := range inner {
		same := false
		for _, o := range outer {
			same = same || o.Concept == in
		}
		if !same {
			return false
		}
	}
	return true
}

// Translate gives the terms of another language for a word or term: all forms
// of every concept the whole word names, preferred ones first, no doubles.
func (lex *Lexicon) Translate(word string, from, to corpus.Language) []string {
	f := lex.Fold(word, from)
	tokens := lex.tokens(f, word, from.Base(), nil)
	if len(tokens) == 0 {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, t := range lex.termsAt(tokens, 0, nil) {
		if t.last != len(tokens)-1 {
			continue
		}
		for rank := 0; ; rank++ {
			more := false
			for _, id := range t.concepts {
				forms := lex.concepts[id].Forms[to.Base()]
				more = more || rank < len(forms)
				if rank < len(forms) && !seen[forms[rank]] {
					seen[forms[rank]] = true
					out = append(out, forms[rank])
				}
			}
			if !more {
				break
			}
		}
	}
	return out
}
