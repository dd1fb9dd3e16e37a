package matcher

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/translation"
	"concord/matcher/sparse"
)

// Translations learned from elsewhere (parallel editions, terms, agreed matches)
// are further evidence across languages: weighted words of the other language in
// the search for candidates, which makes it a probabilistic structured query
// (Darwish and Oard, Probabilistic Structured Query Methods, 2003), and a signal.
// They differ from the table that a pairing learns, which knows nothing but the
// two standards at hand. Without tables nothing of this happens.

// NewLearned is New with tables of translations. Of two tables of the same
// languages the later one counts. The tables are read and not kept; the proposals'
// model names their versions.
func NewLearned(lex *lexicon.Lexicon, model Model, tables ...translation.Table) *Matcher {
	m := New(lex, model)
	m.known.dictionaries = m.known.newDictionaries(tables)
	for _, t := range tables {
		m.model.Version += fmt.Sprintf(" + %s-%s %d", t.Source, t.Target, t.Number)
	}
	return m
}

// dictionaries are the tables by the languages they lead from and to.
type dictionaries map[[2]corpus.Language]*dictionary

// dictionary is a table in one direction.
type dictionary struct {
	words map[termID][]translated // by word, strongest first
	pairs int                     // clause pairs it was learned from
}

// translated is a word of the other language with how surely it is meant.
type translated struct {
	id       termID
	strength float32
}

// newDictionaries takes the single words of each table both ways, in the forms that
// facts have. Phrases are for people: their words are in the table by themselves.
func (k *concepts) newDictionaries(tables []translation.Table) dictionaries {
	out := make(dictionaries)
	for _, t := range tables {
		for _, way := range []translation.Table{t, t.Flipped()} {
			d := &dictionary{words: make(map[termID][]translated), pairs: t.Pairs}
			for _, e := range way.Entries {
				if !e.Phrase() {
					id := wordsOf(way.Source).followed(k.form(e.Source, way.Source))
					to := wordsOf(way.Target).followed(k.form(e.Target, way.Target))
					d.words[id] = append(d.words[id], translated{to, float32(e.Strength())})
				}
			}
			for id, list := range d.words {
				corpus.SortRows(list, func(a, b translated) int {
					return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(a.id, b.id))
				})
				d.words[id] = strongestEach(list)
			}
			out[[2]corpus.Language{way.Source, way.Target}] = d
		}
	}
	return out
}

// strongestEach keeps the first of the words that are one: inflections may be.
func strongestEach(list []translated) []translated {
	out := list[:0]
	for _, x := range list {
		if !slices.ContainsFunc(out, func(y translated) bool { return y.id == x.id }) {
			out = append(out, x)
		}
	}
	return out
}

// fillOutside lists the words that stand outside of the termbase's terms: for the
// others there is better evidence, and a learned translation must not outvote it.
func (f *facts) fillOutside() {
	if len(f.known.dictionaries) == 0 {
		return
	}
	next, end := 0, 0
	for _, w := range f.words { // both lists are in order of their places
		for next < len(f.reading.Concepts) && f.reading.Concepts[next].Span.Start <= int(w.start) {
			end = max(end, f.reading.Concepts[next].Span.End)
			next++
		}
		if int(w.end) > end {
			f.outside = append(f.outside, w.id)
		}
	}
	slices.Sort(f.outside)
	f.outside = slices.Clip(slices.Compact(f.outside))
}

// isOutside tells whether a word stands outside of terms somewhere.
func (f *facts) isOutside(word termID) bool {
	_, found := slices.BinarySearch(f.outside, word)
	return found
}

// maxTranslations is how many translations of a word a query takes.
const maxTranslations = 5

// translatedQuery is a clause's words in every language there is a table for.
func (col *collection) translatedQuery(v *view) []sparse.Term {
	var out []sparse.Term
	for _, lang := range v.known.dictionaries.from(v.lang) {
		d := v.known.dictionaries[[2]corpus.Language{v.lang, lang}]
		for _, t := range v.words.terms {
			if !v.isOutside(t.id) {
				continue
			}
			list := d.words[t.id]
			for _, x := range list[:min(len(list), maxTranslations)] {
				if number, ok := col.whole.numbers.find(x.id); ok {
					out = append(out, sparse.Term{ID: number, Weight: float32(float64(t.w*x.strength) / v.words.norm)})
				}
			}
		}
	}
	return out
}

// from lists the languages that tables lead to, in order.
func (d dictionaries) from(lang corpus.Language) []corpus.Language {
	var out []corpus.Language
	for _, key := range sortedPairs(d) {
		if key[0] == lang {
			out = append(out, key[1])
		}
	}
	return out
}

func sortedPairs(d dictionaries) [][2]corpus.Language {
	keys := make([][2]corpus.Language, 0, len(d))
	for key := range d {
		keys = append(keys, key)
	}
	corpus.SortRows(keys, func(a, b [2]corpus.Language) int { return slices.Compare(a[:], b[:]) })
	return keys
}

// dictionary is the table between the two sides, nil when there is none.
func (c *comparison) dictionary() *dictionary {
	if !c.across || len(c.a.known.dictionaries) == 0 {
		return nil
	}
	return c.a.known.dictionaries[[2]corpus.Language{c.a.lang, c.b.lang}]
}

// translatedValue is how much of each side's words the table of translations
// finds on the other, by the strongest translation that is there: the geometric
// mean of both shares. Two words that both stand in terms only count as concepts
// and not once more.
func translatedValue(c *comparison) float64 {
	d := c.dictionary()
	if d == nil {
		return 0
	}
	other := make([]float32, len(c.b.words.terms))
	var got float64
	for _, t := range c.a.words.terms {
		best := float32(0)
		own := c.a.isOutside(t.id)
		for _, x := range d.words[t.id] {
			if at, ok := c.b.words.find(x.id); ok && (own || c.b.isOutside(x.id)) {
				best, other[at] = max(best, x.strength), max(other[at], x.strength)
			}
		}
		got += float64(t.w * best)
	}
	var back float64
	for i, t := range c.b.words.terms {
		back += float64(t.w * other[i])
	}
	return math.Sqrt(ratio(got, c.a.words.mass) * ratio(back, c.b.words.mass))
}

// find looks a term up.
func (v vector) find(id termID) (int, bool) {
	return slices.BinarySearchFunc(v.terms, id, func(t weighted, id termID) int { return cmp.Compare(t.id, id) })
}

// translatedWords are the places of the words that translate each other.
func translatedWords(c *comparison) (source, target []lexicon.Span) {
	d := c.dictionary()
	if d == nil {
		return nil, nil
	}
	shown := [2]map[termID]bool{{}, {}}
	for _, t := range c.a.words.terms {
		for _, x := range d.words[t.id] {
			if _, there := c.b.words.find(x.id); there && x.strength >= shownAssociation && (c.a.isOutside(t.id) || c.b.isOutside(x.id)) {
				shown[0][t.id], shown[1][x.id] = true, true
			}
		}
	}
	pick := func(spots []spot, shown map[termID]bool) (out []lexicon.Span) {
		for _, s := range spots {
			if shown[s.id] {
				out = append(out, s.span())
			}
		}
		return joinSpans(out)
	}
	return pick(c.a.facts.words, shown[0]), pick(c.b.facts.words, shown[1])
}

// translatedFrom is how many pairs of clauses the table was learned from.
func translatedFrom(c *comparison) int {
	if d := c.dictionary(); d != nil {
		return d.pairs
	}
	return 0
}
