package translation

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"concord/corpus"
)

// Settings say what is sure enough to be kept.
type Settings struct {
	MinCount    int     // pairs that must show an entry; 0 means 2
	MinStrength float64 // of a word; 0 means 0.1
	MinPhrase   float64 // of a phrase; 0 means 0.3
	// leastSurprise is found out from the pairs.
	leastSurprise float64
}

// Defaults of the settings, and how much is kept. Our own choice: below them,
// what is kept is mostly wrong (docs/quality.md tells how it was measured).
const (
	defaultCount    = 2
	defaultStrength = 0.1
	defaultPhrase   = 0.3
	maxRenderings   = 12 // of one word
	maxEntries      = 100_000
	maxExamples     = 3
)

func (s Settings) complete() Settings {
	return Settings{MinCount: cmp.Or(s.MinCount, defaultCount), MinStrength: cmp.Or(s.MinStrength, defaultStrength), MinPhrase: cmp.Or(s.MinPhrase, defaultPhrase)}
}

// Learn learns a table from pairs of texts. The same pairs give the same table,
// in whatever order they come (but for Entry.Examples, which are places in the
// list).
func Learn(source, target corpus.Language, pairs []Pair, set Settings) Table {
	set = set.complete()
	c := count(pairs)
	out := Table{Source: source.Base(), Target: target.Base(), Pairs: len(c.pairs), LeftOut: c.leftOut}
	if len(c.pairs) == 0 {
		return out
	}
	x := newCells(c, set.MinCount)
	x.train(c)
	set.leastSurprise = x.leastSurprise(len(c.pairs))
	out.Entries = arrange(words(c, x, set), phrases(c, x, set))
	return out
}

// words makes entries of the cells that are sure enough.
func words(c *counted, x *cells, set Settings) []Entry {
	kept := x.strongest(set, c)
	source, target := printedForms(c, c.sourceOf), printedForms(c, c.targetOf)
	examples := x.examples(c, kept)
	out := make([]Entry, 0, len(kept))
	for i, k := range kept {
		s, t := x.source[k], x.target[k]
		forward, backward := x.chances(c, k)
		out = append(out, Entry{
			Source: c.source.words[s], Target: c.target.words[t], SourcePrinted: source[s], TargetPrinted: target[t],
			Forward: forward, Backward: backward, Count: int(x.both[k]), SourceCount: c.source.in[s], TargetCount: c.target.in[t],
			Surprise: x.surprise[k], Examples: examples[i], Under: -1,
		})
	}
	return out
}

// strongest picks the cells to keep: sure enough, no word as its own rendering,
// and of each word the strongest few.
func (x *cells) strongest(set Settings, c *counted) []int32 {
	var kept []int32
	for k := range x.target {
		forward, backward := x.chances(c, int32(k))
		sure := math.Sqrt(forward*backward) >= set.MinStrength && x.surprise[k] >= set.leastSurprise
		if sure && c.source.words[x.source[k]] != c.target.words[x.target[k]] {
			kept = append(kept, int32(k))
		}
	}
	for _, of := range [][]int32{x.source, x.target} {
		corpus.SortRows(kept, func(a, b int32) int {
			return cmp.Or(cmp.Compare(of[a], of[b]), cmp.Compare(x.forward[b]*x.backward[b], x.forward[a]*x.backward[a]), cmp.Compare(a, b))
		})
		n := 0
		kept = slices.DeleteFunc(kept, func() func(int32) bool {
			before := int32(-1)
			return func(k int32) bool {
				if of[k] != before {
					before, n = of[k], 0
				}
				n++
				return n > maxRenderings
			}
		}())
	}
	slices.Sort(kept)
	return kept
}

// examples lists for each kept cell the first pairs that have both words.
func (x *cells) examples(c *counted, kept []int32) [][]int {
	out := make([][]int, len(kept))
	slot := make([]int32, len(c.target.words))
	var met []meeting
	for i := range c.pairs {
		met = x.meetings(&c.pairs[i], slot, met[:0])
		for _, m := range met {
			if k, ok := slices.BinarySearch(kept, m.cell); ok {
				out[k] = firstExamples(append(out[k], c.pairs[i].at))
			}
		}
	}
	return out
}

// firstExamples keeps the first few places, in order.
func firstExamples(at []int) []int {
	slices.Sort(at)
	return slices.Clip(at[:min(len(at), maxExamples)])
}

// printedForms is how each word of a side is printed most often, ties by the
// order of letters.
func printedForms(c *counted, side func(*countedPair) ([]int32, Text)) map[int32]string {
	count := map[int32]map[string]int{}
	for i := range c.pairs {
		words, text := side(&c.pairs[i])
		for k, w := range words {
			if count[w] == nil {
				count[w] = map[string]int{}
			}
			count[w][text[k].Printed]++
		}
	}
	out := make(map[int32]string, len(count))
	for w, forms := range count {
		best := ""
		for form, n := range forms {
			if best == "" || n > forms[best] || n == forms[best] && form < best {
				best = form
			}
		}
		out[w] = best
	}
	return out
}

// A phrase stands for a shorter one inside it when it occurs nearly as often, and
// for a word inside it when it occurs mostly so (our own choice).
const (
	standsForPhrase = 0.8
	standsForWord   = 0.6
)

// arrange joins words and phrases, leaves out phrases that are only parts of
// others, ties words to the phrase they are only a part of, and sorts.
func arrange(words, phrases []Entry) []Entry {
	key := func(e Entry) string { return e.Source + "\x00" + e.Target }
	longer := containers(phrases, standsForPhrase)
	phrases = slices.DeleteFunc(phrases, func(e Entry) bool { _, part := longer[key(e)]; return part })
	words, phrases = withoutLeft(words, phrases, key)
	out := append(words, phrases...)
	for i := range out {
		out[i].round()
	}
	corpus.SortRows(out, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), strings.Compare(a.Source, b.Source), strings.Compare(a.Target, b.Target))
	})
	out = slices.Clip(out[:min(len(out), maxEntries)])
	at := make(map[string]int, len(out))
	for i, e := range out {
		at[key(e)] = i
	}
	over := containers(phrases, standsForWord)
	for i := range out {
		if by, part := over[key(out[i])]; part && !out[i].Phrase() && float64(by.count) >= standsForWord*float64(out[i].Count) {
			if place, there := at[by.key]; there {
				out[i].Under = place
			}
		}
	}
	return out
}

// withoutLeft takes out phrases of a text that was left untranslated, and the words
// that are only parts of one.
func withoutLeft(words, phrases []Entry, key func(Entry) string) (keptWords, keptPhrases []Entry) {
	left := map[string]bool{}
	for _, e := range phrases {
		if e.left {
			left[key(e)] = true
		}
	}
	over := containers(phrases, standsForWord)
	words = slices.DeleteFunc(words, func(e Entry) bool {
		by, part := over[key(e)]
		return part && left[by.key] && float64(by.count) >= standsForWord*float64(e.Count)
	})
	return words, slices.DeleteFunc(phrases, func(e Entry) bool { return e.left })
}

// round keeps the digits that are written, so that a table that is read back is
// the same.
func (e *Entry) round() {
	e.Forward, e.Backward = math.Round(e.Forward*1e6)/1e6, math.Round(e.Backward*1e6)/1e6
	e.Surprise = math.Round(e.Surprise*100) / 100
}

// rank orders entries for a person: sure ones that are seen often first.
func (e Entry) rank() float64 { return e.Strength() * math.Log1p(float64(e.Count)) }

// container is a phrase that another entry is a part of.
type container struct {
	key   string
	count int
}

// containers lists, for the parts of phrases, the commonest phrase that has the
// part on both sides and stands for it.
func containers(phrases []Entry, share float64) map[string]container {
	own := make(map[string]int, len(phrases))
	for _, e := range phrases {
		own[e.Source+"\x00"+e.Target] = e.Count
	}
	out := make(map[string]container)
	for _, e := range phrases {
		key := e.Source + "\x00" + e.Target
		for _, s := range parts(e.Source) {
			for _, t := range parts(e.Target) {
				part := s + "\x00" + t
				n, isPhrase := own[part]
				if part == key || isPhrase && float64(e.Count) < share*float64(n) {
					continue
				}
				if have, ok := out[part]; !ok || e.Count > have.count || e.Count == have.count && key < have.key {
					out[part] = container{key, e.Count}
				}
			}
		}
	}
	return out
}

// parts lists the runs of words of a phrase.
func parts(forms string) []string {
	words := strings.Split(forms, " ")
	var out []string
	for i := range words {
		for j := i; j < len(words); j++ {
			out = append(out, strings.Join(words[i:j+1], " "))
		}
	}
	return out
}
