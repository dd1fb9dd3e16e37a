package translation

import (
	"math"
	"slices"
)

// cells are the pairs of words worth a probability: those that meet in enough
// pairs, and more often than by accident. The cells of source word s stand from
// starts[s] to starts[s+1], in order of the target word.
type cells struct {
	starts   []int32
	target   []int32
	source   []int32
	both     []int32   // pairs that have both words
	surprise []float64 // as in Entry
	tested   int       // pairs of words that meet often enough, with or without a cell
	forward  []float64 // p(target | source)
	backward []float64 // p(source | target)
	// chances of each word under the empty word of the other side
	emptySource, emptyTarget []float64
}

// leastAssociation is the G² below which two words get no cell: 3.84 is a chance
// of one in twenty. It keeps the memory to a few per cent of all pairs of words.
const leastAssociation = 3.84

// newCells counts which words meet.
func newCells(c *counted, least int) *cells {
	x := &cells{starts: make([]int32, 1, len(c.source.words)+1)}
	in := make([][]int32, len(c.source.words)) // pairs by source word
	for i, p := range c.pairs {
		for _, s := range p.sourceKinds {
			in[s] = append(in[s], int32(i))
		}
	}
	meets := make([]int32, len(c.target.words))
	for s := range in {
		for _, i := range in[s] {
			for _, t := range c.pairs[i].targetKinds {
				meets[t]++
			}
		}
		x.row(c, s, in[s], meets, least)
		x.starts = append(x.starts, int32(len(x.target)))
	}
	x.forward, x.backward = filled(len(x.target), 1), filled(len(x.target), 1)
	return x
}

// row adds the cells of one source word and empties the counts again.
func (x *cells) row(c *counted, s int, in []int32, meets []int32, least int) {
	from := len(x.target)
	for _, i := range in {
		for _, t := range c.pairs[i].targetKinds {
			n := meets[t]
			meets[t] = 0
			if int(n) < least {
				continue
			}
			x.tested++
			if association(int(n), c.source.in[s], c.target.in[t], len(c.pairs)) < leastAssociation {
				continue
			}
			x.source, x.target, x.both = append(x.source, int32(s)), append(x.target, t), append(x.both, n)
		}
	}
	sortRow(x.target[from:], x.both[from:])
	for k := from; k < len(x.target); k++ {
		x.surprise = append(x.surprise, surprise(int(x.both[k]), c.source.in[s], c.target.in[x.target[k]], len(c.pairs)))
	}
}

func filled(n int, v float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// meeting is a cell of a pair with the places of its words among the pair's.
type meeting struct{ cell, source, target int32 }

// meetings lists the cells that occur in a pair. slot is a scratch list by target
// word, all 0, and is left so.
func (x *cells) meetings(p *countedPair, slot []int32, out []meeting) []meeting {
	for k, t := range p.targetKinds {
		slot[t] = int32(k) + 1
	}
	for i, s := range p.sourceKinds {
		for c := x.starts[s]; c < x.starts[s+1]; c++ {
			if k := slot[x.target[c]]; k > 0 {
				out = append(out, meeting{c, int32(i), k - 1})
			}
		}
	}
	for _, t := range p.targetKinds {
		slot[t] = 0
	}
	return out
}

// Settings of the training. Our own choice, on the coarse side.
const (
	rounds    = 5
	smoothing = 0.4 // keeps a word seen in few pairs from being certain (Moore, Improving IBM Word-Alignment Model 1, 2004)
)

// train estimates both directions by IBM Model 1 (Brown and others, The
// Mathematics of Statistical Machine Translation, 1993). Every text also has an
// empty word, which takes what the other side does not say.
func (x *cells) train(c *counted) {
	x.emptySource, x.emptyTarget = c.target.shares(), c.source.shares()
	slot := make([]int32, len(c.target.words))
	var met []meeting
	for range rounds {
		forward, backward := make([]float64, len(x.target)), make([]float64, len(x.target))
		nextSource, nextTarget := make([]float64, len(x.emptySource)), make([]float64, len(x.emptyTarget))
		for i := range c.pairs {
			p := &c.pairs[i]
			met = x.meetings(p, slot, met[:0])
			share(p.targetKinds, met, func(m meeting) int32 { return m.target }, x.forward, x.emptySource, p.weight, forward, nextSource)
			share(p.sourceKinds, met, func(m meeting) int32 { return m.source }, x.backward, x.emptyTarget, p.weight, backward, nextTarget)
		}
		normalise(forward, x.source, len(c.source.words))
		normalise(backward, x.target, len(c.target.words))
		x.forward, x.backward = forward, backward
		x.emptySource, x.emptyTarget = sharesOf(nextSource), sharesOf(nextTarget)
	}
}

// share deals every word of one side out among the words of the other that it
// meets, and the empty word, by the present probabilities.
func share(kinds []int32, met []meeting, place func(meeting) int32, p, empty []float64, weight float64, counts, emptyCounts []float64) {
	totals := make([]float64, len(kinds))
	for k, w := range kinds {
		totals[k] = empty[w]
	}
	for _, m := range met {
		totals[place(m)] += p[m.cell]
	}
	for _, m := range met {
		if t := totals[place(m)]; t > 0 {
			counts[m.cell] += weight * p[m.cell] / t
		}
	}
	for k, w := range kinds {
		if totals[k] > 0 {
			emptyCounts[w] += weight * empty[w] / totals[k]
		}
	}
}

// normalise turns counts into probabilities, given the word each belongs to.
func normalise(counts []float64, of []int32, words int) {
	totals := filled(words, smoothing)
	for c, n := range counts {
		totals[of[c]] += n
	}
	for c := range counts {
		counts[c] /= totals[of[c]]
	}
}

// sharesOf turns counts into shares of their sum.
func sharesOf(counts []float64) []float64 {
	total := 0.0
	for _, n := range counts {
		total += n
	}
	if total > 0 {
		for i := range counts {
			counts[i] /= total
		}
	}
	return counts
}

// falseShare is the share of the entries that may meet by accident.
const falseShare = 0.05

// leastSurprise is the least surprise of an entry, so that of those above it no
// more than falseShare are expected to be accidents (Benjamini and Hochberg,
// Controlling the False Discovery Rate, 1995, over all pairs of words that meet);
// and at least that of two words which occur in one pair only, the same one
// (Johnson and others 2007, 3.3).
func (x *cells) leastSurprise(pairs int) float64 {
	sorted := slices.Clone(x.surprise)
	slices.Sort(sorted)
	least := math.Inf(1)
	for k := 1; k <= len(sorted); k++ {
		if s := sorted[len(sorted)-k]; s >= math.Log(float64(x.tested))-math.Log(falseShare*float64(k)) {
			least = s
		}
	}
	return max(least, math.Log(float64(max(pairs, 1)))+0.01)
}

// chances are the probabilities of a cell, each no more than the share of the
// pairs with the one word that have the other, too: words without a cell are left
// out of the training, so that its probabilities alone are too high.
func (x *cells) chances(c *counted, k int32) (forward, backward float64) {
	both := float64(x.both[k])
	return min(x.forward[k], both/float64(c.source.in[x.source[k]])), min(x.backward[k], both/float64(c.target.in[x.target[k]]))
}
