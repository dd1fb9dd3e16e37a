// Package sparse finds the k best documents for a weighted bag of terms,
// exactly, over postings held in memory or in a file mapped into it.
//
// It knows nothing about clauses or languages: documents and queries are lists
// of numbered terms with weights, and the score of a document is the sum over
// the shared terms of query weight times document weight. Documents are kept
// together by group (a jurisdiction, a standard), so that a search among some
// groups touches only their postings. An Index is built once and only read
// afterwards, from as many goroutines as wanted.
//
// Its one surprise: weights are quantised (a byte per posting, 15 bits per
// score), so scores are right to about one part in ten thousand of the best
// score possible for the query; the ranking is exact for those quantised
// scores, and equal scores are ordered by document number.
package sparse

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// Term is a numbered term with its weight. In a document the weight is the
// term's impact (for BM25 the saturated, length-normalised term frequency), in
// a query what the term is worth (its inverse document frequency). Weights that
// are not positive and finite count as absent. Numbers should begin at 0: an index
// has a place for each up to the greatest.
type Term struct {
	ID     uint32
	Weight float32
}

// Limits of one index.
const (
	// ShardDocs is how many documents one shard holds, so that a document's
	// place in it fits 16 bits and the scores of a shard stay in the cache.
	ShardDocs = 1 << 16
	// MaxDocs is the most documents an index takes.
	MaxDocs = 1 << 26
)

// ErrTooLarge says that more documents were added than an index takes.
var ErrTooLarge = errors.New("too many documents for one index")

// Builder collects documents.
type Builder struct {
	groups []string
	starts []int // of each document's terms in terms
	terms  []Term
}

// Add puts a document into a group and returns its number, counted from 0 in
// the order of adding. Terms given twice are added up.
func (b *Builder) Add(group string, terms []Term) int {
	b.groups = append(b.groups, group)
	b.starts = append(b.starts, len(b.terms))
	start := len(b.terms)
	for _, t := range terms {
		if usable(t.Weight) {
			b.terms = append(b.terms, t)
		}
	}
	b.terms = b.terms[:start+len(addUp(b.terms[start:]))]
	return len(b.groups) - 1
}

// usable tells whether a weight counts.
func usable(w float32) bool { return w > 0 && !math.IsInf(float64(w), 0) }

// Index is the built, immutable index.
type Index struct {
	docs   int
	order  []int32 // place in the index -> document number as added; nil where they are the same
	groups []group // in order of name
	scale  []float32
	first  []uint32 // of each term: its first slot; one more than there are terms
	slots  []slot   // of each term, in order of shard
	shards []shard
}

// slot says where a term's postings stand in one shard. All slots of a term lie
// together, so that looking a query up costs one jump in memory for each term
// and not one for each term and shard.
type slot struct{ shard, start, end uint32 }

// group is a run of places.
type group struct {
	name string
	Range
}

// Range is a run of places in the index, end excluded.
type Range struct{ Lo, Hi int }

// shard holds the postings of up to ShardDocs places, term after term.
type shard struct {
	base   int          // first place
	size   int          // how many places
	docs   List[uint16] // place - base, ascending within a term
	impact List[uint8]  // 1..255 in units of the term's scale
	seen   Seen         // slots of the index that were looked at; nil for one that was built
}

// Build sorts the documents by group (keeping the order of adding within one)
// and writes the postings. The builder can be thrown away afterwards.
func (b *Builder) Build() (*Index, error) {
	if len(b.groups) > MaxDocs {
		return nil, fmt.Errorf("build postings for %d documents: %w", len(b.groups), ErrTooLarge)
	}
	order := b.sorted()
	bags := func(place int, _ []Term) []Term { return b.bag(int(order[place])) }
	ix := build(len(order), func(place int) string { return b.groups[order[place]] }, bags)
	ix.order = order
	return ix, nil
}

// Make builds an index of so many documents that are in order of their groups
// already, without holding their terms: bag is asked for those of a document two
// times, from several goroutines, and may use the space it is given. It must give
// each term once, with a weight that counts.
func Make(docs int, group func(doc int) string, bag func(doc int, space []Term) []Term) (*Index, error) {
	if docs > MaxDocs {
		return nil, fmt.Errorf("build postings for %d documents: %w", docs, ErrTooLarge)
	}
	return build(docs, group, bag), nil
}

// build writes the postings shard by shard, several at a time.
func build(docs int, group func(place int) string, bag func(place int, space []Term) []Term) *Index {
	ix := &Index{docs: docs, groups: runs(docs, group)}
	ix.shards = make([]shard, (docs+ShardDocs-1)/ShardDocs)
	scales := make([][]float32, len(ix.shards))
	each(len(ix.shards), func(i int) {
		s := &ix.shards[i]
		s.base = i * ShardDocs
		s.size = min(ShardDocs, docs-s.base)
		scales[i] = s.scales(bag)
	})
	for _, of := range scales {
		if len(of) > len(ix.scale) {
			ix.scale = append(ix.scale, make([]float32, len(of)-len(ix.scale))...)
		}
		for id, w := range of {
			ix.scale[id] = max(ix.scale[id], w)
		}
	}
	for id := range ix.scale {
		ix.scale[id] /= 255
	}
	starts := make([][]uint32, len(ix.shards))
	each(len(ix.shards), func(i int) { starts[i] = ix.shards[i].fill(ix.scale, bag) })
	ix.place(starts)
	return ix
}

// each does something for 0 to n-1, on every processor.
func each(n int, do func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}

// scales gives each term its greatest weight in the shard.
func (s *shard) scales(bag func(int, []Term) []Term) []float32 {
	var out []float32
	var space []Term
	for place := range s.size {
		space = bag(s.base+place, space[:0])
		for _, t := range space {
			if int(t.ID) >= len(out) {
				out = append(out, make([]float32, int(t.ID)+1-len(out))...)
			}
			out[t.ID] = max(out[t.ID], t.Weight)
		}
	}
	return out
}

// fill writes the postings of a shard and returns where those of each term end:
// they are counted first, so that each goes to its place at once.
func (s *shard) fill(scale []float32, bag func(int, []Term) []Term) []uint32 {
	ends := make([]uint32, len(scale))
	var space []Term
	for place := range s.size {
		space = bag(s.base+place, space[:0])
		for _, t := range space {
			ends[t.ID]++
		}
	}
	total := uint32(0)
	for id, n := range ends {
		ends[id] = total
		total += n
	}
	docs, impact := make([]uint16, total), make([]uint8, total)
	for place := range s.size {
		space = bag(s.base+place, space[:0])
		for _, t := range space {
			at := ends[t.ID]
			docs[at], impact[at] = uint16(place), quantise(t.Weight, scale[t.ID])
			ends[t.ID]++
		}
	}
	s.docs, s.impact = ListOf(docs), ListOf(impact)
	return ends
}

// place puts the slots of each term together.
func (ix *Index) place(ends [][]uint32) {
	ix.first = make([]uint32, len(ix.scale)+1)
	for id := range ix.scale {
		ix.first[id] = uint32(len(ix.slots))
		for n, of := range ends {
			start := uint32(0)
			if id > 0 {
				start = of[id-1]
			}
			if start < of[id] {
				ix.slots = append(ix.slots, slot{uint32(n), start, of[id]})
			}
		}
	}
	ix.first[len(ix.scale)] = uint32(len(ix.slots))
	ix.slots = slices.Clip(ix.slots)
}

// slotsOf are the slots of a term, none for one that is not there.
func (ix *Index) slotsOf(id uint32) []slot {
	if int(id) >= len(ix.scale) {
		return nil
	}
	return ix.slots[ix.first[id]:ix.first[id+1]]
}

// sorted lists the documents by group, then by number.
func (b *Builder) sorted() []int32 {
	order := make([]int32, len(b.groups))
	for i := range order {
		order[i] = int32(i)
	}
	sort.SliceStable(order, func(i, j int) bool { return b.groups[order[i]] < b.groups[order[j]] }) // slices would compile its own once more
	return order
}

// bag is a document's terms, sorted, doubles added up.
func (b *Builder) bag(doc int) []Term {
	end := len(b.terms)
	if doc+1 < len(b.starts) {
		end = b.starts[doc+1]
	}
	return b.terms[b.starts[doc]:end]
}

// strictly orders ids so that equal neighbours count as unsorted.
func strictly(x, y uint32) int {
	if x > y {
		return 1
	}
	return -1
}

// addUp sorts terms by id and adds up the weights of equal ids, in place.
func addUp(terms []Term) []Term {
	if slices.IsSortedFunc(terms, func(x, y Term) int { return strictly(x.ID, y.ID) }) {
		return terms
	}
	slices.SortStableFunc(terms, func(x, y Term) int { return cmp.Compare(x.ID, y.ID) })
	out := terms[:0]
	for _, t := range terms {
		if n := len(out); n > 0 && out[n-1].ID == t.ID {
			out[n-1].Weight += t.Weight
			continue
		}
		out = append(out, t)
	}
	return out
}

// runs lists the groups with their places.
func runs(places int, name func(place int) string) []group {
	var out []group
	for place := range places {
		name := name(place)
		if n := len(out); n > 0 && out[n-1].name == name {
			out[n-1].Hi = place + 1
			continue
		}
		out = append(out, group{name: name, Range: Range{Lo: place, Hi: place + 1}})
	}
	return out
}

// quantise turns a weight into 1..255 steps of a scale.
func quantise(w, scale float32) uint8 {
	return uint8(min(255, max(1, math.Round(float64(w/scale)))))
}

// Len is how many documents the index holds.
func (ix *Index) Len() int { return ix.docs }

// Postings is how many postings the index holds.
func (ix *Index) Postings() int {
	n := 0
	for _, s := range ix.shards {
		n += s.docs.Len()
	}
	return n
}

// Bytes is about how much memory the postings take, the operating system's included.
func (ix *Index) Bytes() int {
	n := 4*len(ix.order) + 8*len(ix.scale) + 12*len(ix.slots)
	for _, s := range ix.shards {
		n += 3 * s.docs.Len()
	}
	return n
}

// Among gives the places of the named groups, in order and joined where they
// touch; a name that is not there adds nothing.
func (ix *Index) Among(names ...string) []Range {
	var out []Range
	for _, name := range names {
		i, found := slices.BinarySearchFunc(ix.groups, name, func(g group, name string) int { return cmp.Compare(g.name, name) })
		if found {
			out = append(out, ix.groups[i].Range)
		}
	}
	return join(out)
}

// Prefix gives the places of all groups whose name begins with prefix:
// "CN/" for a jurisdiction when groups are named "CN/cn-gb-50016-2014".
func (ix *Index) Prefix(prefix string) []Range {
	var out []Range
	for _, g := range ix.groups {
		if len(g.name) >= len(prefix) && g.name[:len(prefix)] == prefix {
			out = append(out, g.Range)
		}
	}
	return join(out)
}

// All is the whole index as a range.
func (ix *Index) All() []Range {
	if ix.docs == 0 {
		return nil
	}
	return []Range{{0, ix.docs}}
}

// join sorts ranges and merges those that touch or overlap.
func join(ranges []Range) []Range {
	sort.SliceStable(ranges, func(i, j int) bool { return ranges[i].Lo < ranges[j].Lo })
	out := ranges[:0]
	for _, r := range ranges {
		if n := len(out); n > 0 && r.Lo <= out[n-1].Hi {
			out[n-1].Hi = max(out[n-1].Hi, r.Hi)
			continue
		}
		out = append(out, r)
	}
	return out
}
