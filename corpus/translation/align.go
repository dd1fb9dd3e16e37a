package translation

import (
	"math"
	"slices"
)

// aligner says which words of a pair render each other: the best word of each
// direction, joined by growing from what both directions agree on (grow-diag,
// Koehn, Och and Marcu, Statistical Phrase-Based Translation, 2003).
type aligner struct {
	c    *counted
	x    *cells
	slot []int32
	met  []meeting
}

func newAligner(c *counted, x *cells) *aligner {
	return &aligner{c: c, x: x, slot: make([]int32, len(c.target.words))}
}

// links are the words of a pair that render each other.
type links struct {
	source, target int     // words of each side
	on             []bool  // by source, then target
	ofSource       [][]int // by word of the source: those of the target
	ofTarget       [][]int
}

func (l *links) set(i, j int) {
	if at := i*l.target + j; !l.on[at] {
		l.on[at] = true
		l.ofSource[i], l.ofTarget[j] = append(l.ofSource[i], j), append(l.ofTarget[j], i)
	}
}

// slope is how fast a word loses against the same word nearer to where the other
// stands, as shares of both lengths (after the diagonal preference of Dyer,
// Chahuneau and Smith, A Simple, Fast, and Effective Reparameterization of IBM
// Model 2, 2013).
const slope = 4.0

// align links the words of a pair.
func (a *aligner) align(p *countedPair) *links {
	a.met = a.x.meetings(p, a.slot, a.met[:0])
	return grow(a.best(p))
}

// best is the word of the other side that each word of the target, and of the
// source, is rendered by; -1 for the empty word.
func (a *aligner) best(p *countedPair) (forward, backward []int) {
	sourceAt, targetAt := places(p.source, p.sourceKinds), places(p.target, p.targetKinds)
	m, n := len(p.source), len(p.target)
	forward, backward = make([]int, n), make([]int, m)
	top, topBack := make([]float64, n), make([]float64, m)
	for j, t := range p.target {
		forward[j], top[j] = -1, a.x.emptySource[t]
	}
	for i, s := range p.source {
		backward[i], topBack[i] = -1, a.x.emptyTarget[s]
	}
	for _, x := range a.met {
		for _, i := range sourceAt[x.source] {
			for _, j := range targetAt[x.target] {
				near := math.Exp(-slope * math.Abs(float64(i)/float64(m)-float64(j)/float64(n)))
				if v := a.x.forward[x.cell] * near; v > top[j] {
					forward[j], top[j] = i, v
				}
				if v := a.x.backward[x.cell] * near; v > topBack[i] {
					backward[i], topBack[i] = j, v
				}
			}
		}
	}
	return forward, backward
}

// places lists where each kind of word, which are in order, stands in a text.
func places(words, kinds []int32) [][]int {
	out := make([][]int, len(kinds))
	for i, w := range words {
		k, _ := slices.BinarySearch(kinds, w)
		out[k] = append(out[k], i)
	}
	return out
}

// grow joins two directions: what both say, then what one says beside it while
// one of the words has no link yet.
func grow(forward, backward []int) *links {
	l := &links{source: len(backward), target: len(forward)}
	l.on = make([]bool, l.source*l.target)
	l.ofSource, l.ofTarget = make([][]int, l.source), make([][]int, l.target)
	var rest [][2]int
	for j, i := range forward {
		switch {
		case i >= 0 && backward[i] == j:
			l.set(i, j)
		case i >= 0:
			rest = append(rest, [2]int{i, j})
		}
	}
	for i, j := range backward {
		if j >= 0 && forward[j] != i {
			rest = append(rest, [2]int{i, j})
		}
	}
	for added := true; added; {
		added = false
		for _, x := range rest {
			i, j := x[0], x[1]
			if !l.on[i*l.target+j] && (len(l.ofSource[i]) == 0 || len(l.ofTarget[j]) == 0) && l.beside(i, j) {
				l.set(i, j)
				added = true
			}
		}
	}
	return l
}

// beside tells whether a place next to this one is linked.
func (l *links) beside(i, j int) bool {
	for di := -1; di <= 1; di++ {
		for dj := -1; dj <= 1; dj++ {
			x, y := i+di, j+dj
			if (di != 0 || dj != 0) && x >= 0 && x < l.source && y >= 0 && y < l.target && l.on[x*l.target+y] {
				return true
			}
		}
	}
	return false
}
