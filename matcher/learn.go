package matcher

import (
	"cmp"
	"math"
	"slices"

	"concord/corpus"
)

// A table of word associations between two standards, learned from the clauses
// that already look alike: nobody labels anything. It is IBM Model 1 (Brown et
// al., The Mathematics of Statistical Machine Translation, 1993) trained in
// both directions on the most confident pairs, and an association is the
// geometric mean of both probabilities, so that a word is tied only to words
// that are tied to it.

// association ties a word to one of the other side, numbered locally.
type association struct {
	other    int32
	strength float32
}

// learned is the table in both directions.
type learned struct {
	forward  [][]association // source word -> target words, strongest first
	backward [][]association
}

// trainingPair is two clauses that belong together, with the confidence in it.
type trainingPair struct {
	source, target []int32 // local word numbers, each once, ascending
	weight         float64
}

// Settings of the training. Our own choice, on the coarse side: more rounds or
// a longer list change the figures in the third digit only.
const (
	emRounds        = 4
	maxLearnWords   = 48 // of one clause: its rarest
	maxAssociations = 12
	minAssociation  = 0.03
)

// learn trains both directions and joins them. Pairs must come in an order that
// depends on their words alone, since sums of floating-point numbers do.
func learn(pairs []trainingPair, sourceWords, targetWords int) learned {
	flipped := make([]trainingPair, len(pairs))
	for i, p := range pairs {
		flipped[i] = trainingPair{p.target, p.source, p.weight}
	}
	var tables [2]*renderings
	parallel(2, func(i int) {
		if i == 0 {
			tables[0] = model1(pairs, sourceWords, targetWords)
		} else {
			tables[1] = model1(flipped, targetWords, sourceWords)
		}
	})
	return join(pairs, tables[0], tables[1])
}

// join ties the words that render each other in both directions. Both tables
// have a cell for the same pairs of words, and the pairs of clauses say which
// cells belong together.
func join(pairs []trainingPair, forward, backward *renderings) learned {
	l := learned{make([][]association, forward.words()), make([][]association, backward.words())}
	done := make([]bool, len(forward.p))
	for i, pair := range pairs {
		for j, s := range pair.source {
			for k, t := range pair.target {
				at := forward.places[i][j*len(pair.target)+k]
				if done[at] {
					continue
				}
				done[at] = true
				strength := math.Sqrt(forward.p[at] * backward.p[backward.places[i][k*len(pair.source)+j]])
				if strength >= minAssociation {
					l.forward[s] = append(l.forward[s], association{t, float32(strength)})
					l.backward[t] = append(l.backward[t], association{s, float32(strength)})
				}
			}
		}
	}
	for _, table := range [][][]association{l.forward, l.backward} {
		for i, list := range table {
			sortAssociations(list)
			table[i] = slices.Clip(list[:min(len(list), maxAssociations)])
		}
	}
	return l
}

// add merges the table of another target language in.
func (l *learned) add(other learned) {
	if l.forward == nil {
		*l = other
		return
	}
	merge := func(into, from [][]association) {
		for i, list := range from {
			into[i] = append(into[i], list...)
			sortAssociations(into[i])
		}
	}
	merge(l.forward, other.forward)
	merge(l.backward, other.backward)
}

// sortAssociations puts the strongest first.
func sortAssociations(list []association) {
	corpus.SortRows(list, func(a, b association) int {
		return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(a.other, b.other))
	})
}

// renderings are the probabilities p(other word | word): the cells of word w
// stand from starts[w] to starts[w+1], one for every other word that occurs
// together with it in some pair.
type renderings struct {
	starts []int32
	other  []int32
	p      []float64
	count  []float64
	places [][]int32 // by pair: the cell of every word (row) and other word (column)
}

func (r *renderings) words() int { return len(r.starts) - 1 }

// model1 estimates p(target word | source word) over the pairs. Every clause
// also has an empty word, which takes what has no counterpart.
func model1(pairs []trainingPair, words, others int) *renderings {
	r := together(pairs, words, others)
	empty := &renderings{p: make([]float64, others), count: make([]float64, others)}
	for range emRounds {
		r.expect(pairs, empty)
		r.maximise(empty)
	}
	return r
}

// together makes a cell for every two words that occur in one pair, all with
// the same probability.
func together(pairs []trainingPair, words, others int) *renderings {
	r := &renderings{starts: make([]int32, 1, words+1), places: make([][]int32, len(pairs))}
	in := make([][][2]int32, words) // by word: pair and row
	for i, p := range pairs {
		r.places[i] = make([]int32, len(p.source)*len(p.target))
		for j, s := range p.source {
			in[s] = append(in[s], [2]int32{int32(i), int32(j)})
		}
	}
	seen, at := make([]int32, others), make([]int32, others)
	for s := range in {
		for _, where := range in[s] {
			p := pairs[where[0]]
			row := r.places[where[0]][int(where[1])*len(p.target):]
			for k, t := range p.target {
				if seen[t] != int32(s)+1 {
					seen[t], at[t] = int32(s)+1, int32(len(r.other))
					r.other = append(r.other, t)
				}
				row[k] = at[t]
			}
		}
		r.starts = append(r.starts, int32(len(r.other)))
	}
	r.p, r.count = make([]float64, len(r.other)), make([]float64, len(r.other))
	for i := range r.p {
		r.p[i] = 1
	}
	return r
}

// expect shares every target word of every pair out among the source words and
// the empty word, whose cells are those of the other words.
func (r *renderings) expect(pairs []trainingPair, empty *renderings) {
	for i, p := range pairs {
		n := len(p.target)
		for k, t := range p.target {
			total := empty.p[t]
			for at := k; at < len(r.places[i]); at += n {
				total += r.p[r.places[i][at]]
			}
			if total <= 0 {
				continue
			}
			share := p.weight / total
			for at := k; at < len(r.places[i]); at += n {
				c := r.places[i][at]
				r.count[c] += share * r.p[c]
			}
			empty.count[t] += share * empty.p[t]
		}
	}
	if first(empty.p) { // the empty word starts from how common each word is
		for _, p := range pairs {
			for _, t := range p.target {
				empty.count[t] += p.weight
			}
		}
	}
}

// first tells whether the empty word has no probabilities yet.
func first(p []float64) bool {
	for _, x := range p {
		if x > 0 {
			return false
		}
	}
	return true
}

// smoothing keeps a word seen in one pair from being certain of its rendering.
const smoothing = 0.4

// maximise turns counts into probabilities.
func (r *renderings) maximise(empty *renderings) {
	for w := range r.words() {
		counts := r.count[r.starts[w]:r.starts[w+1]]
		total := smoothing
		for _, c := range counts {
			total += c
		}
		for i, c := range counts {
			r.p[int(r.starts[w])+i] = c / total
			counts[i] = 0
		}
	}
	total := 0.0
	for _, c := range empty.count {
		total += c
	}
	for t, c := range empty.count {
		empty.p[t], empty.count[t] = ratio(c, total), 0
	}
}

// sortedKeys lists a map's keys in order, so that sums come out the same.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// softOverlap is how much of a clause's words the other clause renders. marks
// says which local words the other clause has; weights are those of the words.
func softOverlap(words []weighted, local []int32, table [][]association, marks []bool) (share float64) {
	var got, all float64
	for i, w := range words {
		all += float64(w.w)
		if n := local[i]; n >= 0 {
			got += float64(w.w) * float64(bestMarked(table[n], marks))
		}
	}
	return ratio(got, all)
}

// bestMarked is the strength of the strongest association that is there.
func bestMarked(list []association, marks []bool) float32 {
	for _, a := range list {
		if marks[a.other] {
			return a.strength
		}
	}
	return 0
}
