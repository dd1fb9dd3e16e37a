package matcher

import (
	"math"
	"math/bits"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// fold is what was read of a clause, in about half a kilobyte: the reading and the
// places of the words. What the words are, and the headings, stands in the clause's
// sketch, and all else follows (facts.fill).
func (f *facts) fold() string {
	var s scribe
	f.inscribe(&s)
	return string(s.out)
}

// unfolded is what was folded of the clause at a place, as it was.
func (m *Matcher) unfolded(col *collection, place int, from string) *facts {
	c := col.clause(place)
	if col.damaged() != nil {
		return m.factsOf(c, corpus.TraditionUnknown) // what was folded may be of another text
	}
	f := &facts{clause: c, known: m.known}
	f.inscribe(&scribe{reading: true, in: from})
	words, heads := col.sketches.words(place, col.whole.ids)
	for i := range min(len(words), len(f.words)) {
		f.words[i].id = words[i]
	}
	f.headBag = heads
	f.fill()
	return f
}

// inscribe writes facts down or reads them.
func (f *facts) inscribe(s *scribe) {
	r := &f.reading
	f.lang, r.Language = corpus.Language(s.text(string(f.lang))), corpus.Language(s.text(string(r.Language)))
	f.words = list(s, f.words)
	for i := range f.words {
		at := f.words[i].span()
		s.span(&at)
		f.words[i] = newSpot(f.words[i].id, at)
	}
	concept := func(c *lexicon.ConceptID) { *c = f.known.ids[s.number(f.known.terms[*c].number)] }
	r.Concepts = list(s, r.Concepts)
	for i := range r.Concepts {
		c := &r.Concepts[i]
		concept(&c.Concept)
		s.span(&c.Span)
		s.flag(&c.Nested)
	}
	r.Quantities = list(s, r.Quantities)
	for i := range r.Quantities {
		q := &r.Quantities[i]
		s.span(&q.Span)
		q.Printed, q.Bound = s.text(q.Printed), lexicon.Bound(s.text(string(q.Bound)))
		for _, x := range []*float64{&q.Low, &q.High, &q.Numbers[0], &q.Numbers[1]} {
			s.float(x)
		}
		q.Unit, q.Dimension = s.text(q.Unit), s.text(q.Dimension)
		concept(&q.Measures)
	}
	r.Obligations = list(s, r.Obligations)
	for i := range r.Obligations {
		o := &r.Obligations[i]
		s.span(&o.Span)
		s.span(&o.Sentence)
		o.Degree = lexicon.Degree(s.text(string(o.Degree)))
	}
	r.Citations = list(s, r.Citations)
	for i := range r.Citations {
		c := &r.Citations[i]
		s.span(&c.Span)
		c.Designation, c.Clause = s.text(c.Designation), s.text(c.Clause)
	}
	r.Conditions = list(s, r.Conditions)
	for i := range r.Conditions {
		s.span(&r.Conditions[i].Span)
		s.flag(&r.Conditions[i].Exception)
	}
	r.Numbers = list(s, r.Numbers)
	for i := range r.Numbers {
		s.float(&r.Numbers[i])
	}
}

// scribe writes values down one after the other, or reads them: one list of them does
// both, so that writing and reading cannot disagree.
type scribe struct {
	reading bool
	out     []byte
	in      string // what is left to read
	last    int    // where the last span began
}

// number writes a number, or reads one and does not look at that given.
func (s *scribe) number(n int) int {
	x := uint64(n)<<1 ^ uint64(n>>63) // small ones of either sign are short
	if !s.reading {
		s.out = appendNumber(s.out, x)
		return n
	}
	x = 0
	for shift := 0; ; shift += 7 {
		b := s.in[0]
		s.in = s.in[1:]
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return int(x>>1) ^ -int(x&1)
		}
	}
}

func (s *scribe) text(t string) string {
	n := s.number(len(t))
	if !s.reading {
		s.out = append(s.out, t...)
		return t
	}
	t, s.in = s.in[:n], s.in[n:]
	return t
}

// float is short for numbers that have few digits.
func (s *scribe) float(x *float64) {
	n := s.number(int(bits.Reverse64(math.Float64bits(*x))))
	*x = math.Float64frombits(bits.Reverse64(uint64(n)))
}

func (s *scribe) flag(is *bool) {
	n := 0
	if *is {
		n = 1
	}
	*is = s.number(n) == 1
}

func (s *scribe) span(at *lexicon.Span) {
	start := s.last + s.number(at.Start-s.last)
	*at = lexicon.Span{Start: start, End: start + s.number(at.End-at.Start)}
	s.last = start
}

// list is one to be written, or one as long as was written; nil stays nil.
func list[T any](s *scribe, of []T) []T {
	n := -1
	if of != nil {
		n = len(of)
	}
	if n = s.number(n); s.reading && n >= 0 {
		return make([]T, n)
	}
	return of
}
