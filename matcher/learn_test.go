package matcher

import (
	"math/rand"
	"slices"
	"testing"
)

// TestLearnFindsRenderings makes clauses of ten source words each, translated by
// a fixed table into target words 100 higher mod size, with noise, and expects
// the table back.
func TestLearnFindsRenderings(t *testing.T) {
	const words = 60
	rng := rand.New(rand.NewSource(1))
	var pairs []trainingPair
	for range 150 {
		var p trainingPair
		for _, w := range rng.Perm(words)[:10] {
			p.source = append(p.source, int32(w))
			p.target = append(p.target, int32((w+7)%words))
		}
		p.target[0] = int32(rng.Intn(words)) // a word badly rendered
		slices.Sort(p.target)
		p.target = slices.Compact(p.target)
		p.weight = 1
		pairs = append(pairs, p)
	}
	table := learn(pairs, words, words)
	right := 0
	for w, list := range table.forward {
		if len(list) > 0 && list[0].other == int32((w+7)%words) {
			right++
		}
	}
	if right < words*9/10 {
		t.Errorf("%d of %d words have the right rendering first", right, words)
	}
	for w, list := range table.backward {
		for _, a := range list {
			if !slices.ContainsFunc(table.forward[a.other], func(b association) bool { return int(b.other) == w }) && len(table.forward[a.other]) < maxAssociations {
				t.Errorf("%d is tied to %d in one direction only", w, a.other)
			}
		}
	}
}

// TestLearnWithoutEvidence: nothing in common teaches nothing, and odd input
// does no harm.
func TestLearnWithoutEvidence(t *testing.T) {
	for name, pairs := range map[string][]trainingPair{
		"no pairs":      nil,
		"empty clauses": {{weight: 1}, {source: []int32{0}, weight: 1}, {target: []int32{1}, weight: 1}},
	} {
		table := learn(pairs, 2, 2)
		for _, list := range append(table.forward, table.backward...) {
			if len(list) > 0 {
				t.Errorf("%s: learned %v", name, list)
			}
		}
	}
}

func TestSoftOverlap(t *testing.T) {
	words := []weighted{{id: 1, w: 2}, {id: 2, w: 1}, {id: 3, w: 1}}
	table := [][]association{{{5, 0.8}, {6, 0.4}}, {{7, 0.5}}}
	marks := make([]bool, 10)
	marks[6], marks[7] = true, true
	if got, want := softOverlap(words, []int32{0, 1, -1}, table, marks), (2*0.4+0.5)/4; got-want > 1e-6 || want-got > 1e-6 {
		t.Errorf("overlap %g, want %g", got, want)
	}
}

// TestTablesOfTwoLanguages: a word keeps its renderings in both.
func TestTablesOfTwoLanguages(t *testing.T) {
	one := []trainingPair{{[]int32{0}, []int32{0}, 1}, {[]int32{0, 1}, []int32{0, 1}, 1}}
	two := []trainingPair{{[]int32{0}, []int32{2}, 1}, {[]int32{0, 1}, []int32{2, 3}, 1}}
	var table learned
	table.add(learn(one, 2, 4))
	table.add(learn(two, 2, 4))
	var got []int32
	for _, a := range table.forward[0] {
		if a.strength > 0.5 {
			got = append(got, a.other)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, []int32{0, 2}) {
		t.Errorf("word 0 is rendered by %v, want 0 and 2", got)
	}
}
