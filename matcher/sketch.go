package matcher

import (
	"math"
	"slices"
	"sync"

	"concord/corpus/lexicon"
	"concord/matcher/sparse"
)

// sketches are what the first look at a candidate needs of every clause: its gist,
// with terms, amounts and names as numbers of the collection. A clause takes less than
// a kilobyte so, where all that it says takes twenty, and what is proposed is read
// again from the text.
type sketches struct {
	blocks
	norms   sparse.List[norms]
	values  interned[float32] // of entries that are not 1
	names   interned[string]  // degrees, dimensions, bounds and cited standards
	amounts interned[amount]
	terms   int         // that a sketch of a file may have
	work    sketchSpace // gone once all have come
}

// norms are the lengths of a clause's bags.
type norms [sketchedBags]float64

// sketchSpace is what adding a clause works in, so that none asks for memory of its own.
type sketchSpace struct {
	order, entries []byte
	places, at     []uint64
}

// sketchedBags are those of the rankings, and the pairs of words.
const sketchedBags = 6

// phraseBagAt is the place of the pairs of words among them.
const phraseBagAt = sketchedBags - 1

// amount is as much of a quantity as the first look compares.
type amount struct {
	dimension, bound uint32 // names
	low, high        float64
}

// interned gives values numbers in the order they come.
type interned[K comparable] struct {
	list []K
	of   map[K]uint32 // gone once all have come
}

// number is that of a value, which is given one if it has none. It stands once in the
// program and not at every place.
//
//go:noinline
func (t *interned[K]) number(k K) uint64 {
	if t.of == nil {
		t.of = make(map[K]uint32)
	}
	n, there := t.of[k]
	if !there {
		n = uint32(len(t.list))
		t.of[k], t.list = n, append(t.list, k)
	}
	return uint64(n)
}

// done lets go of what only numbering needs.
func (t *interned[K]) done() { t.list, t.of = slices.Clip(t.list), nil }

// add adds the next clause and counts its terms, but for those that are counted
// elsewhere.
func (s *sketches) add(whole *vocabulary, g gist) {
	s.begin()
	b := s.space
	b = appendNumber(b, s.names.number(string(g.degree)))
	b = appendNumber(b, uint64(len(g.quantities)))
	for _, q := range g.quantities {
		a := amount{uint32(s.names.number(q.Dimension)), uint32(s.names.number(string(q.Bound))), q.Low, q.High}
		b = appendNumber(b, s.amounts.number(a))
	}
	b = appendNumber(b, uint64(len(g.cited)))
	for _, designation := range g.cited {
		b = appendNumber(b, s.names.number(designation))
	}
	order, entries, places, at := s.work.order[:0], s.work.entries, s.work.places, s.work.at
	for k, bag := range g.bags {
		places = places[:0] // the number of a term, and where it stands in the bag
		for i, e := range bag {
			places = append(places, uint64(whole.numbered(e.id, k < countedRankings))<<32|uint64(i))
		}
		slices.Sort(places)
		entries = entries[:0]
		last := uint64(0)
		for _, p := range places {
			head := (p>>32 - last) << 1
			if n := bag[uint32(p)].n; n == 1 {
				entries = appendNumber(entries, head)
			} else {
				entries = appendNumber(entries, head|1)
				entries = appendNumber(entries, s.values.number(n))
			}
			last = p >> 32
		}
		b = append(appendNumber(b, uint64(len(entries))), entries...)
		if k == wordRanking {
			at = append(at[:0], places...) // as many
			for i, p := range places {
				at[uint32(p)] = uint64(i)
			}
			for _, i := range g.order {
				order = appendNumber(order, at[i])
			}
		}
	}
	s.space, s.work = append(b, order...), sketchSpace{order, entries, places, at}
}

// done ends the sketches.
func (s *sketches) done() {
	s.blocks.done()
	s.work = sketchSpace{}
	s.values.done()
	s.names.done()
	s.amounts.done()
}

// sketch reads one sketch from front to back.
type sketch struct {
	*sketches
	rest []byte
}

// blank is the sketch of a clause that says nothing: no degree, amounts, standards or
// terms.
var blank [3 + phraseBagAt]byte

// at is the sketch of the clause at a place; a blank one where the file is damaged.
func (s *sketches) at(place int) sketch {
	rest := s.blocks.at(place)
	if s.seen != nil && !s.seen.Has(place) {
		if !s.soundAt(rest, uint64(s.terms)) {
			s.file.Damage()
			return sketch{s, blank[:]}
		}
		s.seen.Add(place)
	}
	return sketch{s, rest}
}

// norm are the lengths of the bags of the clause at a place.
func (s *sketches) norm(place int) *norms { return &s.norms.Part(place, place+1)[0] }

// number reads a number. Where it is asked for is not where time goes.
//
//go:noinline
func (s *sketch) number() uint64 {
	n, size := uvarint(s.rest)
	s.rest = s.rest[size:]
	return n
}

// bag goes over the bag that comes next, in order of the terms' numbers.
func (s *sketch) bag(entry func(number uint32, n float32)) {
	size := s.number()
	rest := s.rest[:size]
	s.rest = s.rest[size:]
	number := uint32(0)
	for len(rest) > 0 {
		head, size := uvarint(rest)
		rest = rest[size:]
		number += uint32(head >> 1)
		n := float32(1)
		if head&1 == 1 {
			value, size := uvarint(rest)
			rest = rest[size:]
			n = s.values.list[value]
		}
		entry(number, n)
	}
}

// skip passes bags over.
func (s *sketch) skip(bags int) {
	for range bags {
		size := s.number()
		s.rest = s.rest[size:]
	}
}

// head reads what stands before the bags into facts.
func (s *sketch) head(f *facts) {
	f.degree = lexicon.Degree(s.names.list[s.number()])
	f.reading.Quantities, f.reading.Citations = f.reading.Quantities[:0], f.reading.Citations[:0]
	for range s.number() {
		a := s.amounts.list[s.number()]
		f.reading.Quantities = append(f.reading.Quantities, lexicon.Quantity{
			Dimension: s.names.list[a.dimension], Bound: lexicon.Bound(s.names.list[a.bound]), Low: a.low, High: a.high,
		})
	}
	for range s.number() {
		f.reading.Citations = append(f.reading.Citations, lexicon.Citation{Designation: s.names.list[s.number()]})
	}
}

// skipHead passes over what stands before the bags.
func (s *sketch) skipHead() {
	s.number()
	for range 2 {
		for range s.number() {
			s.number()
		}
	}
}

// weigh works out the lengths of all bags, which are sums in the order of ids as
// those of vectors are.
func (s *sketches) weigh(whole *vocabulary) {
	ids := whole.ids
	ranks := ranksOf(ids)
	all := make([]norms, len(s.starts))
	s.norms = sparse.ListOf(all)
	parallel(len(s.list), func(block int) {
		var order []uint64 // of a bag's terms: rank, and place in the next one
		var weights []float32
		var words, phrases []termID
		for place := block * studied; place < min((block+1)*studied, len(s.starts)); place++ {
			x, norms := s.at(place), &all[place]
			x.skipHead()
			words, phrases = words[:0], phrases[:0]
			for k := range phraseBagAt {
				order, weights = order[:0], weights[:0]
				x.bag(func(number uint32, n float32) {
					order = append(order, uint64(ranks[number])<<32|uint64(len(order)))
					weights = append(weights, damp(n)*whole.rare[number])
					if k == wordRanking {
						words = append(words, ids[number])
					}
				})
				slices.Sort(order)
				for _, at := range order {
					w := float64(weights[uint32(at)])
					norms[k] += w * w
				}
			}
			for before := termID(0); len(x.rest) > 0; {
				id := words[x.number()]
				if before != 0 && before != id {
					phrases = append(phrases, phraseOf(before, id))
				}
				before = id
			}
			slices.Sort(phrases)
			for i, end := 0, 0; i < len(phrases); i = end {
				for end = i + 1; end < len(phrases) && phrases[end] == phrases[i]; {
					end++
				}
				w := float64(damp(float32(end-i)) * whole.phraseIDF(phrases[i]))
				norms[phraseBagAt] += w * w
			}
			for k := range norms {
				norms[k] = math.Sqrt(norms[k])
			}
		}
	})
}

// words are the words of the clause at a place as they follow each other, and what its
// headings say.
func (s *sketches) words(place int, ids []termID) (words []termID, heads bag) {
	x := s.at(place)
	x.skipHead()
	var different []termID
	x.bag(func(number uint32, _ float32) { different = append(different, ids[number]) })
	x.skip(phraseBagAt - 2)
	x.bag(func(number uint32, n float32) { heads = append(heads, entry{ids[number], n}) })
	for len(x.rest) > 0 {
		words = append(words, different[x.number()])
	}
	return words, heads.sorted()
}

// ranksOf says at which place of its sorted list each id stands.
func ranksOf(ids []termID) []uint32 {
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	ranks := make([]uint32, len(ids))
	for i, id := range ids {
		rank, _ := slices.BinarySearch(sorted, id)
		ranks[i] = uint32(rank)
	}
	return ranks
}

// sought is a clause that is compared with many sketches: where the numbers of its
// terms, or the ids of its pairs of words, stand in its vectors.
type sought [sketchedBags]positions

// newSought looks the terms of a view up.
func (col *collection) newSought(v *view) *sought {
	var s sought
	for k, vector := range v.sketched() {
		s[k] = newPositions(len(vector.terms))
		for i, t := range vector.terms {
			if k == phraseBagAt {
				s[k].put(uint64(t.id), i)
			} else if n, known := col.whole.numbers.find(t.id); known {
				s[k].put(uint64(n), i)
			}
		}
	}
	return &s
}

// sketched lists the vectors in the order of sketches.
func (v *view) sketched() [sketchedBags]*vector {
	return [...]*vector{&v.words, &v.concepts, &v.tokens, &v.grams, &v.heads, &v.phrases}
}

// positions is a table of open places from keys to places in a list.
type positions struct {
	keys []uint64
	at   []int32 // one more than the place, 0 for an open one
}

func newPositions(n int) positions {
	size := 4
	for size < 4*n {
		size *= 2
	}
	return positions{make([]uint64, size), make([]int32, size)}
}

func (p *positions) start(key uint64) int {
	return int(key * 0x9e3779b97f4a7c15 >> 32 & uint64(len(p.keys)-1))
}

func (p *positions) put(key uint64, place int) {
	i := p.start(key)
	for p.at[i] != 0 {
		i = (i + 1) & (len(p.keys) - 1)
	}
	p.keys[i], p.at[i] = key, int32(place+1)
}

// find is the place of a key, -1 for none.
func (p *positions) find(key uint64) int {
	for i := p.start(key); p.at[i] != 0; i = (i + 1) & (len(p.keys) - 1) {
		if p.keys[i] == key {
			return int(p.at[i]) - 1
		}
	}
	return -1
}

// glance is the space that a first look takes.
type glance struct {
	comparison
	target view
	facts  facts
	shared []float32 // of each of the source's terms: how much of it the target has
	places []int     // of the target's words in the source's, -1 for none
}

var glances = sync.Pool{New: func() any { return new(glance) }}

// glanceAt scores a candidate by its sketch: the score that a comparison of all that
// both clauses say would come to, to the last bit, since the sums are the same.
func (m *Matcher) glanceAt(s scene, a asked, place int) float64 {
	g := glances.Get().(*glance)
	defer glances.Put(g)
	lang := s.col.lang(place)
	g.facts.lang, g.facts.known, g.target.facts = lang, m.known, &g.facts
	if s.col.embedded != nil {
		g.facts.meaning = m.meaningAt(s.col, place)
	}
	g.comparison = comparison{a: a.view, b: &g.target, across: lang != a.view.lang, si: a.at, ti: -1}
	x := s.col.sketches.at(place)
	x.head(&g.facts)
	norms := s.col.sketches.norm(place)
	c := &g.comparison
	if c.across {
		x.skip(1)
	} else {
		c.words.cosine = g.cosine(&x, a, wordRanking, norms)
	}
	c.concepts.cosine = g.cosine(&x, a, 1, norms)
	c.tokens.cosine = g.cosine(&x, a, 2, norms)
	if c.across {
		c.grams.cosine = g.cosine(&x, a, 3, norms)
	} else {
		x.skip(1)
	}
	c.heads.cosine = g.cosine(&x, a, 4, norms)
	if !c.across {
		c.phrases.cosine = g.phrases(&x, a, norms)
	}
	return m.total(c, true)
}

// cosine is that of the bag that comes next with the source's.
func (g *glance) cosine(x *sketch, a asked, k int, norms *norms) float64 {
	v, at := a.view.sketched()[k], &a.sought[k]
	g.room(v)
	if k == wordRanking {
		g.places = g.places[:0]
	}
	x.bag(func(number uint32, n float32) {
		place := at.find(uint64(number))
		if place >= 0 {
			g.shared[place] = n
		}
		if k == wordRanking {
			g.places = append(g.places, place)
		}
	})
	return g.product(v, norms[k])
}

// phrases is the cosine of the pairs of words: those of which the source has both.
func (g *glance) phrases(x *sketch, a asked, norms *norms) float64 {
	v, words := &a.view.phrases, a.view.words.terms
	g.room(v)
	for before := -1; len(x.rest) > 0; {
		word := g.places[x.number()]
		if before >= 0 && word >= 0 && before != word {
			if place := a.sought[phraseBagAt].find(uint64(phraseOf(words[before].id, words[word].id))); place >= 0 {
				g.shared[place]++
			}
		}
		before = word
	}
	return g.product(v, norms[phraseBagAt])
}

// room makes room for the source's terms.
func (g *glance) room(v *vector) {
	if len(v.terms) > len(g.shared) {
		g.shared = make([]float32, 2*len(v.terms))
	}
}

// product is the cosine by what was found shared, which is taken away.
func (g *glance) product(v *vector, norm float64) float64 {
	var dot float64
	shared := g.shared[:len(v.terms)]
	for i, n := range shared {
		if n != 0 {
			shared[i] = 0
			x := &v.terms[i]
			dot += float64(x.w) * float64(damp(n)*x.idf)
		}
	}
	return ratio(dot, v.norm*norm)
}

// write writes the sketches.
func (s *sketches) write(w *sparse.Writer) {
	s.blocks.write(w)
	sparse.Put(w, s.norms.All())
	sparse.Put(w, s.values.list)
	var names []byte
	for _, name := range s.names.list {
		names = append(appendNumber(names, uint64(len(name))), name...)
	}
	sparse.Put(w, names)
	sparse.Put(w, s.amounts.list)
}

// readSketches takes those of n clauses with so many terms and checks all that a look
// at them relies on, but for each sketch, which is checked when it is first looked at.
func readSketches(p *sparse.Pages, n, terms int) *sketches {
	s := &sketches{blocks: readBlocks(p, n), norms: sparse.Lazy[norms](p), terms: terms}
	s.values.list = sparse.Get[float32](p)
	names := sparse.Get[byte](p)
	for len(names) > 0 {
		length, size := uvarint(names)
		if size == 0 || length > uint64(len(names)-size) {
			p.Fail(true)
			break
		}
		names = names[size:]
		s.names.list = append(s.names.list, string(names[:length]))
		names = names[length:]
	}
	s.amounts.list = sparse.Get[amount](p)
	p.Fail(s.norms.Len() != n || len(s.names.list) == 0)
	for _, a := range s.amounts.list {
		p.Fail(int(a.dimension) >= len(s.names.list) || int(a.bound) >= len(s.names.list))
	}
	return s
}

// soundAt tells whether bytes are a sketch.
func (s *sketches) soundAt(rest []byte, terms uint64) bool {
	below := func(limit uint64) (uint64, bool) {
		n, size := uvarint(rest)
		rest = rest[size:]
		return n, size > 0 && n < limit
	}
	_, ok := below(uint64(len(s.names.list)))
	for _, kinds := range []int{len(s.amounts.list), len(s.names.list)} {
		n, good := below(uint64(len(rest)))
		ok = ok && good
		for ; ok && n > 0; n-- {
			_, ok = below(uint64(kinds))
		}
	}
	words := uint64(0)
	for k := range phraseBagAt {
		size, good := below(uint64(len(rest)))
		if !ok || !good || size > uint64(len(rest)) {
			return false
		}
		after := rest[size:]
		rest = rest[:size]
		for number := uint64(0); ok && len(rest) > 0; {
			var head uint64
			head, ok = below(2 * terms)
			if number += head >> 1; number >= terms {
				return false
			}
			if ok && head&1 == 1 {
				_, ok = below(uint64(len(s.values.list)))
			}
			if k == wordRanking {
				words++
			}
		}
		rest = after
	}
	for ok && len(rest) > 0 {
		_, ok = below(words)
	}
	return ok
}
