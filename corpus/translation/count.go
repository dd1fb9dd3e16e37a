package translation

import (
	"cmp"
	"slices"
	"strings"

	"concord/corpus"
)

// Limits of what is learned from.
const (
	// MaxPairs is the most pairs of texts one table is learned from.
	MaxPairs = 200_000
	// maxWords is the longest text, in words; longer ones align badly and take
	// time with the square of their length.
	maxWords = 400
	// maxRatio is how many times the usual ratio of lengths two texts may part
	// before they are taken for a wrong pair; short texts may.
	maxRatio  = 4
	shortText = 8
)

// vocabulary numbers the words of one side.
type vocabulary struct {
	number map[string]int32
	words  []string
	in     []int // pairs that have the word
}

func (v *vocabulary) add(form string) int32 {
	n, ok := v.number[form]
	if !ok {
		n = int32(len(v.words))
		v.number[form] = n
		v.words, v.in = append(v.words, form), append(v.in, 0)
	}
	return n
}

// shares is how common each word is.
func (v *vocabulary) shares() []float64 {
	out := make([]float64, len(v.in))
	for i, n := range v.in {
		out[i] = float64(n)
	}
	return sharesOf(out)
}

// countedPair is a pair with numbered words.
type countedPair struct {
	source, target           []int32 // in the order of the text
	sourceKinds, targetKinds []int32 // each word once, ascending
	weight                   float64
	at                       int // place in the list learned from
}

// counted is what is learned from, in an order that hangs on the words alone:
// sums of floating-point numbers depend on the order.
type counted struct {
	source, target vocabulary
	pairs          []countedPair
	texts          []Pair
	leftOut        int
}

func count(pairs []Pair) *counted {
	c := &counted{texts: pairs}
	c.source.number, c.target.number = map[string]int32{}, map[string]int32{}
	for _, i := range c.usable(pairs) {
		p := countedPair{at: i, weight: cmp.Or(pairs[i].Weight, 1)}
		p.source, p.sourceKinds = c.source.read(pairs[i].Source)
		p.target, p.targetKinds = c.target.read(pairs[i].Target)
		c.pairs = append(c.pairs, p)
	}
	return c
}

// usable lists the places of the pairs to learn from, in order of their words. The
// same texts twice say no more than once: boilerplate proves nothing.
func (c *counted) usable(pairs []Pair) []int {
	source, target := 0, 0
	for _, p := range pairs {
		source, target = source+len(p.Source), target+len(p.Target)
	}
	var out []int
	keys := make([]string, len(pairs))
	for i, p := range pairs {
		if !fits(len(p.Source), len(p.Target), float64(source)/float64(max(target, 1))) || len(out) >= MaxPairs {
			c.leftOut++
			continue
		}
		keys[i] = p.Source.forms(0, len(p.Source)-1) + "\x00" + p.Target.forms(0, len(p.Target)-1)
		out = append(out, i)
	}
	corpus.SortRows(out, func(a, b int) int {
		return cmp.Or(strings.Compare(keys[a], keys[b]), cmp.Compare(pairs[a].Weight, pairs[b].Weight))
	})
	n := len(out)
	out = slices.CompactFunc(out, func(a, b int) bool { return keys[a] == keys[b] })
	c.leftOut += n - len(out)
	return out
}

// fits tells whether two lengths can be those of a translation.
func fits(source, target int, usual float64) bool {
	if source == 0 || target == 0 || source > maxWords || target > maxWords {
		return false
	}
	if source <= shortText && target <= shortText {
		return true
	}
	ratio := float64(source) / (usual * float64(target))
	return ratio <= maxRatio && ratio >= 1.0/maxRatio
}

// read numbers a text's words.
func (v *vocabulary) read(t Text) (all, kinds []int32) {
	all = make([]int32, len(t))
	for i, w := range t {
		all[i] = v.add(w.Form)
	}
	kinds = slices.Clone(all)
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	for _, n := range kinds {
		v.in[n]++
	}
	return all, kinds
}

// sortRow sorts targets and moves the counts with them.
func sortRow(target, both []int32) {
	order := make([]int, len(target))
	for i := range order {
		order[i] = i
	}
	corpus.SortRows(order, func(a, b int) int { return cmp.Compare(target[a], target[b]) })
	t, n := slices.Clone(target), slices.Clone(both)
	for i, o := range order {
		target[i], both[i] = t[o], n[o]
	}
}
