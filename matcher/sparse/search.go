package sparse

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Hit is a document found, numbered as it was added.
type Hit struct {
	Doc   int
	Score float64
}

// maxScore is the greatest quantised score: 15 bits, so that four scores in a
// word can be compared with a threshold in one addition without carrying from
// one into the next.
const maxScore = 1<<15 - 1

// Search finds the k best documents within the ranges, best first, ties by
// document number within the index's order. Documents that share no term with
// the query are not found. The ranges must be those of Among, Prefix or All.
func (ix *Index) Search(query []Term, ranges []Range, k int) []Hit {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	q, ok := ix.prepare(query)
	if !ok || k <= 0 {
		return nil
	}
	top := heap{k: k}
	for i := range ix.shards {
		ix.shards[i].search(uint32(i), q, ranges, s, &top)
	}
	return ix.hits(q, &top)
}

// SearchWide is Search on every processor, for one query that somebody waits for:
// the shards are searched side by side, and the best of each are put together.
func (ix *Index) SearchWide(query []Term, ranges []Range, k int) []Hit {
	q, ok := ix.prepare(query)
	if !ok || k <= 0 {
		return nil
	}
	tops := make([]heap, len(ix.shards))
	each(len(tops), func(i int) {
		s := scratches.Get().(*scratch)
		defer scratches.Put(s)
		tops[i].k = k
		ix.shards[i].search(uint32(i), q, ranges, s, &tops[i])
	})
	var all heap
	for _, top := range tops {
		all.entries = append(all.entries, top.entries...)
	}
	hits := ix.hits(q, &all)
	return hits[:min(k, len(hits))]
}

// SearchAll answers many queries at once, shard by shard, which keeps a shard's
// postings in the cache and is faster than one Search after another over a
// large index. The answers are those of Search.
func (ix *Index) SearchAll(queries [][]Term, ranges []Range, k int) [][]Hit {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	prepared := make([]query, len(queries))
	tops := make([]heap, len(queries))
	for i, q := range queries {
		prepared[i], _ = ix.prepare(q)
		tops[i].k = k
	}
	out := make([][]Hit, len(queries))
	if k <= 0 {
		return out
	}
	for i := range ix.shards {
		for j := range prepared {
			ix.shards[i].search(uint32(i), prepared[j], ranges, s, &tops[j])
		}
	}
	for i := range out {
		out[i] = ix.hits(prepared[i], &tops[i])
	}
	return out
}

// query is a query in whole numbers: adding (weight*impact+128)>>8 for every
// shared term gives the score in units of step.
type query struct {
	ids     []uint32 // sorted
	slots   [][]slot // of each term
	first   []int    // number of its first slot
	weights []uint32
	step    float64
}

// prepare scales the query so that no document's sum can pass maxScore.
func (ix *Index) prepare(terms []Term) (query, bool) {
	known := make([]Term, 0, len(terms))
	for _, t := range terms {
		if len(ix.slotsOf(t.ID)) > 0 && usable(t.Weight) {
			known = append(known, t)
		}
	}
	known = addUp(known)
	var q query
	total := 0.0
	for _, t := range known {
		total += float64(t.Weight) * float64(ix.scale[t.ID]) * 255
	}
	room := float64(maxScore - 2*len(known)) // each term may round up by less than two
	if len(known) == 0 || total <= 0 || room <= 0 {
		return q, false
	}
	q = query{make([]uint32, len(known)), make([][]slot, len(known)), make([]int, len(known)), make([]uint32, len(known)), total / room}
	for i, t := range known {
		w := float64(t.Weight) * float64(ix.scale[t.ID]) * 256 / q.step
		q.ids[i], q.slots[i], q.first[i], q.weights[i] = t.ID, ix.slotsOf(t.ID), int(ix.first[t.ID]), uint32(math.Round(w))
	}
	return q, true
}

// scratch holds the scores of one shard. It is all zero between searches. Each
// document has a number of its own and not a lane of a word: the postings of a
// common term lie close together, and adding to one word again and again would wait
// each time for the addition before.
type scratch [ShardDocs]uint16

// four are the scores from a place on in one word; compilers make one load of it.
func four(s []uint16) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<16 | uint64(s[2])<<32 | uint64(s[3])<<48
}

// scratches spares a search the allocation of its scores.
var scratches = sync.Pool{New: func() any { return new(scratch) }}

// search adds the query's best places in this shard, which has the given number,
// and the ranges to top.
func (s *shard) search(number uint32, q query, ranges []Range, scores *scratch, top *heap) {
	for _, r := range ranges {
		lo, hi := max(r.Lo-s.base, 0), min(r.Hi-s.base, s.size)
		if lo >= hi {
			continue
		}
		if s.score(number, q, lo, hi, scores) {
			scores.collect(s.base, lo, hi, top)
		}
	}
}

// score adds up the postings between lo and hi; false when there were none.
func (s *shard) score(number uint32, q query, lo, hi int, scores *scratch) bool {
	any := false
	for i, slots := range q.slots {
		at, here := slices.BinarySearchFunc(slots, number, func(x slot, n uint32) int { return cmp.Compare(x.shard, n) })
		if !here {
			continue
		}
		if !s.sound(slots[at], q.first[i]+at) {
			continue
		}
		docs, impact := s.postings(slots[at], lo, hi)
		any = any || len(docs) > 0
		add(scores, docs, impact, q.weights[i])
	}
	return any
}

// postings are those of a slot with places between lo and hi.
func (s *shard) postings(of slot, lo, hi int) ([]uint16, []uint8) {
	docs := s.docs.Part(int(of.start), int(of.end))
	from, to := 0, len(docs)
	if lo > 0 {
		from, _ = slices.BinarySearch(docs, uint16(lo))
	}
	if hi < s.size {
		to, _ = slices.BinarySearch(docs, uint16(hi))
	}
	return docs[from:to], s.impact.Part(int(of.start)+from, int(of.start)+to)
}

// add is the inner loop: it scatters one term's contributions.
func add(scores *scratch, docs []uint16, impact []uint8, weight uint32) {
	impact = impact[:len(docs)]
	for i, d := range docs {
		scores[d] += uint16((weight*uint32(impact[i]) + 128) >> 8)
	}
}

// collect moves every score over the threshold to top and clears the scores.
// Words are looked at eight at a time: most eights hold no score at all, and most
// of the others none that reaches the threshold.
func (scores *scratch) collect(base, lo, hi int, top *heap) {
	lift := top.lift()
	for d := lo &^ 31; d < hi; d += 32 {
		here := scores[d : d+32 : d+32]
		block := [8]uint64{four(here), four(here[4:]), four(here[8:]), four(here[12:]), four(here[16:]), four(here[20:]), four(here[24:]), four(here[28:])}
		if block[0]|block[1]|block[2]|block[3]|block[4]|block[5]|block[6]|block[7] == 0 {
			continue
		}
		reach := (block[0] + lift) | (block[1] + lift) | (block[2] + lift) | (block[3] + lift) |
			(block[4] + lift) | (block[5] + lift) | (block[6] + lift) | (block[7] + lift)
		if reach&tops != 0 {
			for i, x := range block {
				if x != 0 {
					top.offer(base+d+i*4, x)
				}
			}
			lift = top.lift()
		}
		clear(here)
	}
}

// The lanes of a word: a one in each, and the top bit of each.
const (
	ones = 0x0001000100010001
	tops = 0x8000800080008000
)

// lift is what sets the top bit of a lane when it is added to a 15-bit score that
// reaches the threshold, in all four lanes.
func (h *heap) lift() uint64 { return (0x8000 - uint64(h.threshold())) * ones }

// offer looks at four scores that stand in one word, all compared at once.
func (h *heap) offer(place int, x uint64) {
	if (x+h.lift())&tops == 0 {
		return
	}
	for lane := range 4 {
		if score := uint16(x >> (16 * lane)); score >= h.threshold() {
			h.push(place+lane, score)
		}
	}
}

// entry is a place with its score.
type entry struct {
	place int
	score uint16
}

// heap keeps the k best entries, the worst on top. Places arrive in ascending
// order, so an equal score never displaces an earlier one.
type heap struct {
	k       int
	entries []entry
}

// threshold is the least score that still gets in.
func (h *heap) threshold() uint16 {
	if len(h.entries) < h.k {
		return 1
	}
	return h.entries[0].score + 1
}

// worse tells whether a comes after b in the ranking.
func worse(a, b entry) bool {
	return a.score < b.score || a.score == b.score && a.place > b.place
}

// push takes an entry that reaches the threshold.
func (h *heap) push(place int, score uint16) {
	e := entry{place, score}
	if len(h.entries) < h.k {
		h.entries = append(h.entries, e)
		h.up(len(h.entries) - 1)
		return
	}
	h.entries[0] = e
	h.down()
}

// up restores the heap after a new last entry.
func (h *heap) up(i int) {
	for i > 0 && worse(h.entries[i], h.entries[(i-1)/2]) {
		h.entries[i], h.entries[(i-1)/2] = h.entries[(i-1)/2], h.entries[i]
		i = (i - 1) / 2
	}
}

// down restores the heap after a new first entry.
func (h *heap) down() {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(h.entries) {
			return
		}
		if child+1 < len(h.entries) && worse(h.entries[child+1], h.entries[child]) {
			child++
		}
		if !worse(h.entries[child], h.entries[i]) {
			return
		}
		h.entries[i], h.entries[child] = h.entries[child], h.entries[i]
		i = child
	}
}

// hits turns the heap into the answer.
func (ix *Index) hits(q query, top *heap) []Hit {
	slices.SortFunc(top.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.place, b.place))
	})
	out := make([]Hit, len(top.entries))
	for i, e := range top.entries {
		doc := e.place
		if ix.order != nil {
			doc = int(ix.order[doc])
		}
		out[i] = Hit{Doc: doc, Score: float64(e.score) * q.step}
	}
	return out
}
