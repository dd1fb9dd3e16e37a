package translation

import (
	"cmp"
	"slices"

	"concord/corpus"
)

// Longest phrases: three words, or seven overlapping pairs of characters, which
// are a word of eight.
const (
	maxPhrase = 3
	maxDense  = 7
)

// span is a stretch of a text: its first and last word.
type span struct{ first, last int }

func (s span) single() bool { return s.first == s.last }

// spans calls do for every phrase of a text that begins at a word, shortest
// first, until do says no.
func (t Text) spans(first int, do func(span) bool) {
	limit := maxPhrase
	for last := first; last < len(t); last++ {
		if last > first {
			if !t[last].Joined {
				return
			}
			if t[last].Overlaps {
				limit = maxDense
			}
		}
		if last-first+1 > limit || !do(span{first, last}) {
			return
		}
	}
}

// gram stands for the words of a phrase: a 64-bit hash of their numbers (FNV-1a).
type gram uint64

func gramOf(words []int32) gram {
	h := uint64(14695981039346656037)
	for _, w := range words {
		for range 4 {
			h = (h ^ uint64(w&0xff)) * 1099511628211
			w >>= 8
		}
	}
	return gram(h)
}

// grams counts the pairs that have each phrase of one side.
func grams(c *counted, side func(*countedPair) ([]int32, Text)) map[gram]int32 {
	count := make(map[gram]int32)
	var own []gram
	for i := range c.pairs {
		words, text := side(&c.pairs[i])
		own = own[:0]
		for first := range words {
			text.spans(first, func(s span) bool {
				own = append(own, gramOf(words[s.first:s.last+1]))
				return true
			})
		}
		slices.Sort(own)
		for _, g := range slices.Compact(own) {
			count[g]++
		}
	}
	return count
}

func (c *counted) sourceOf(p *countedPair) ([]int32, Text) { return p.source, c.texts[p.at].Source }
func (c *counted) targetOf(p *countedPair) ([]int32, Text) { return p.target, c.texts[p.at].Target }

// sighting is a place where two phrases render each other.
type sighting struct {
	source, target gram
	pair           int32 // of the counted ones
	s, t           [2]uint16
}

// extractor collects the phrase pairs that the alignments of words allow (Och and
// Ney, The Alignment Template Approach to Statistical Machine Translation, 2004):
// no word of either side is linked to one outside.
type extractor struct {
	c              *counted
	source, target map[gram]int32
	least          int32
	seen           []sighting
}

// phrases finds the phrases of all pairs and makes entries of those that are
// sure enough.
func phrases(c *counted, x *cells, set Settings) []Entry {
	e := &extractor{c: c, source: grams(c, c.sourceOf), target: grams(c, c.targetOf), least: int32(set.MinCount)}
	a := newAligner(c, x)
	for i := range c.pairs {
		e.pair(i, a.align(&c.pairs[i]))
	}
	corpus.SortRows(e.seen, func(x, y sighting) int {
		return cmp.Or(cmp.Compare(x.source, y.source), cmp.Compare(x.target, y.target), cmp.Compare(x.pair, y.pair), cmp.Compare(x.s[0], y.s[0]), cmp.Compare(x.t[0], y.t[0]))
	})
	var out []Entry
	for from := 0; from < len(e.seen); {
		to := from + 1
		for to < len(e.seen) && e.seen[to].source == e.seen[from].source && e.seen[to].target == e.seen[from].target {
			to++
		}
		if entry, ok := e.entry(e.seen[from:to], set); ok {
			out = append(out, entry)
		}
		from = to
	}
	return out
}

// pair collects the phrases of one pair of texts.
func (e *extractor) pair(at int, l *links) {
	p := &e.c.pairs[at]
	source, target := e.c.texts[p.at].Source, e.c.texts[p.at].Target
	for first := range source {
		source.spans(first, func(s span) bool {
			g := gramOf(p.source[s.first : s.last+1])
			if e.source[g] < e.least {
				return false // what is longer is rarer still
			}
			if t, ok := l.consistent(s); ok {
				e.around(at, s, g, t, l, target)
			}
			return true
		})
	}
}

// consistent is the stretch of the target that a stretch of the source is linked
// to, if nothing in it is linked to a word outside.
func (l *links) consistent(s span) (span, bool) {
	t := span{l.target, -1}
	for i := s.first; i <= s.last; i++ {
		for _, j := range l.ofSource[i] {
			t.first, t.last = min(t.first, j), max(t.last, j)
		}
	}
	for j := t.first; j <= t.last; j++ {
		for _, i := range l.ofTarget[j] {
			if i < s.first || i > s.last {
				return t, false
			}
		}
	}
	return t, t.last >= 0
}

// around notes a phrase pair, and those with words around the target that are
// linked to nothing.
func (e *extractor) around(at int, s span, g gram, t span, l *links, target Text) {
	p := &e.c.pairs[at]
	for first := t.first; first >= 0 && (first == t.first || len(l.ofTarget[first]) == 0); first-- {
		target.spans(first, func(wide span) bool {
			if wide.last > t.last && len(l.ofTarget[wide.last]) > 0 {
				return false
			}
			other := gramOf(p.target[wide.first : wide.last+1])
			if e.target[other] < e.least {
				return false
			}
			if wide.last >= t.last && !(s.single() && wide.single()) {
				e.seen = append(e.seen, sighting{g, other, int32(at), [2]uint16{uint16(s.first), uint16(s.last)}, [2]uint16{uint16(wide.first), uint16(wide.last)}})
			}
			return true
		})
	}
}

// A phrase of characters is cut inside a word when it nearly always goes on with the
// same character (our own choice; with the longer phrase nothing is lost).
const goesOn = 0.9

// cut tells whether a phrase of overlapping pairs of characters ends or begins inside
// a word: 消防安全设 of 消防安全设备.
func cut(words []int32, text Text, at [2]uint16, count map[gram]int32) bool {
	first, last := int(at[0]), int(at[1])
	if last == first || !text[last].Overlaps {
		return false
	}
	own := float64(count[gramOf(words[first:last+1])])
	after := last+1 < len(text) && text[last+1].Overlaps && float64(count[gramOf(words[first:last+2])]) >= goesOn*own
	before := first > 0 && text[first].Overlaps && float64(count[gramOf(words[first-1:last+1])]) >= goesOn*own
	return after || before
}

// untranslated tells whether two phrases are printed with the same words: a text in
// one language left in the other, not a rendering.
func untranslated(texts Pair, at sighting) bool {
	source, target := texts.Source[at.s[0]:at.s[1]+1], texts.Target[at.t[0]:at.t[1]+1]
	return len(source) > 1 && slices.EqualFunc(source, target, func(a, b Word) bool { return a.Printed == b.Printed })
}

// entry makes an entry of the places that show it, unless they are too few.
func (e *extractor) entry(seen []sighting, set Settings) (Entry, bool) {
	n := 0
	for i, s := range seen {
		if i == 0 || s.pair != seen[i-1].pair {
			n++
		}
	}
	out := Entry{Count: n, SourceCount: int(e.source[seen[0].source]), TargetCount: int(e.target[seen[0].target]), Under: -1}
	out.Forward, out.Backward = float64(n)/float64(out.SourceCount), float64(n)/float64(out.TargetCount)
	if n < set.MinCount || out.Strength() < set.MinPhrase {
		return out, false
	}
	out.Surprise = surprise(n, out.SourceCount, out.TargetCount, len(e.c.pairs))
	if out.Surprise < set.leastSurprise {
		return out, false
	}
	first := seen[0]
	texts := e.c.texts[e.c.pairs[first.pair].at]
	p := &e.c.pairs[first.pair]
	if cut(p.source, texts.Source, first.s, e.source) || cut(p.target, texts.Target, first.t, e.target) {
		return out, false
	}
	out.left = untranslated(texts, first)
	out.Source = texts.Source.forms(int(first.s[0]), int(first.s[1]))
	out.Target = texts.Target.forms(int(first.t[0]), int(first.t[1]))
	out.SourcePrinted = texts.Source.printed(int(first.s[0]), int(first.s[1]))
	out.TargetPrinted = texts.Target.printed(int(first.t[0]), int(first.t[1]))
	for _, s := range seen {
		if at := e.c.pairs[s.pair].at; !slices.Contains(out.Examples, at) {
			out.Examples = append(out.Examples, at)
		}
	}
	out.Examples = firstExamples(out.Examples)
	return out, out.Source != out.Target
}
