// Package sparse finds the k best documents for a weighted bag of terms,
// exactly, over postings held in memory.
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
	"slices"
)

// Term is a numbered term with its weight. In a document the weight is the
// term's impact (for BM25 the saturated, length-normalised term frequency), in
// a query what the term is worth (its inverse document frequency). Weights that
// are not positive and finite count as absent.
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
	for _, t := range terms {
		if usable(t.Weight) {
			b.terms = append(b.terms, t)
		}
	}
	return len(b.groups) - 1
}

// usable tells whether a weight counts.
func usable(w float32) bool { return w > 0 && !math.IsInf(float64(w), 0) }

// Index is the built, immutable index.
type Index struct {
	order  []int32 // place in the index -> document number as added
	groups []group // in order of name
	terms  map[uint32]term
	slots  []slot // of each term, in order of shard
	shards []shard
}

// term is what the index knows of a term: the weight that one step of impact
// stands for, and which of the slots are its own.
type term struct {
	scale       float32
	first, last uint32
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
	base   int      // first place
	size   int      // how many places
	docs   []uint16 // place - base, ascending within a term
	impact []uint8  // 1..255 in units of the term's scale
}

// Build sorts the documents by group (keeping the order of adding within one)
// and writes the postings. The builder can be thrown away afterwards.
func (b *Builder) Build() (*Index, error) {
	if len(b.groups) > MaxDocs {
		return nil, fmt.Errorf("build postings for %d documents: %w", len(b.groups), ErrTooLarge)
	}
	ix := &Index{order: b.sorted()}
	ix.groups = b.runs(ix.order)
	scale := b.scales()
	var found []found
	for base := 0; base < len(ix.order); base += ShardDocs {
		end := min(base+ShardDocs, len(ix.order))
		found = b.shard(ix, scale, base, end, found)
	}
	ix.place(scale, found)
	return ix, nil
}

// sorted lists the documents by group, then by number.
func (b *Builder) sorted() []int32 {
	order := make([]int32, len(b.groups))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(b.groups[x], b.groups[y]) })
	return order
}

// scales gives each term the weight that one step of impact stands for.
func (b *Builder) scales() map[uint32]float32 {
	scale := make(map[uint32]float32)
	for doc := range b.groups {
		for _, t := range b.bag(doc) {
			scale[t.ID] = max(scale[t.ID], t.Weight)
		}
	}
	for id := range scale {
		scale[id] /= 255
	}
	return scale
}

// bag is a document's terms, sorted, doubles added up.
func (b *Builder) bag(doc int) []Term {
	end := len(b.terms)
	if doc+1 < len(b.starts) {
		end = b.starts[doc+1]
	}
	terms := b.terms[b.starts[doc]:end]
	if slices.IsSortedFunc(terms, func(x, y Term) int { return strictly(x.ID, y.ID) }) {
		return terms
	}
	return addUp(slices.Clone(terms))
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
func (b *Builder) runs(order []int32) []group {
	var out []group
	for place, doc := range order {
		name := b.groups[doc]
		if n := len(out); n > 0 && out[n-1].name == name {
			out[n-1].Hi = place + 1
			continue
		}
		out = append(out, group{name: name, Range: Range{Lo: place, Hi: place + 1}})
	}
	return out
}

// posting is one term in one place while a shard is built.
type posting struct {
	term   uint32
	doc    uint16
	impact uint8
}

// found is a slot with its term.
type found struct {
	term uint32
	slot slot
}

// shard writes the postings of the places base to end and adds their slots.
func (b *Builder) shard(ix *Index, scale map[uint32]float32, base, end int, slots []found) []found {
	var all []posting
	for place := base; place < end; place++ {
		for _, t := range b.bag(int(ix.order[place])) {
			all = append(all, posting{t.ID, uint16(place - base), quantise(t.Weight, scale[t.ID])})
		}
	}
	slices.SortFunc(all, func(x, y posting) int {
		return cmp.Compare(uint64(x.term)<<16|uint64(x.doc), uint64(y.term)<<16|uint64(y.doc))
	})
	s := shard{base: base, size: end - base, docs: make([]uint16, len(all)), impact: make([]uint8, len(all))}
	for i, p := range all {
		if i == 0 || all[i-1].term != p.term {
			slots = append(slots, found{p.term, slot{shard: uint32(len(ix.shards)), start: uint32(i)}})
		}
		slots[len(slots)-1].slot.end = uint32(i + 1)
		s.docs[i], s.impact[i] = p.doc, p.impact
	}
	ix.shards = append(ix.shards, s)
	return slots
}

// place puts the slots of each term together.
func (ix *Index) place(scale map[uint32]float32, slots []found) {
	slices.SortFunc(slots, func(x, y found) int {
		return cmp.Or(cmp.Compare(x.term, y.term), cmp.Compare(x.slot.shard, y.slot.shard))
	})
	ix.terms = make(map[uint32]term, len(scale))
	ix.slots = make([]slot, len(slots))
	for i, f := range slots {
		t, seen := ix.terms[f.term]
		if !seen {
			t = term{scale: scale[f.term], first: uint32(i)}
		}
		t.last = uint32(i + 1)
		ix.terms[f.term] = t
		ix.slots[i] = f.slot
	}
}

// quantise turns a weight into 1..255 steps of a scale.
func quantise(w, scale float32) uint8 {
	return uint8(min(255, max(1, math.Round(float64(w/scale)))))
}

// Len is how many documents the index holds.
func (ix *Index) Len() int { return len(ix.order) }

// Postings is how many postings the index holds.
func (ix *Index) Postings() int {
	n := 0
	for _, s := range ix.shards {
		n += len(s.docs)
	}
	return n
}

// Bytes is about how much memory the postings take.
func (ix *Index) Bytes() int {
	n := 4*len(ix.order) + 24*len(ix.terms) + 12*len(ix.slots)
	for _, s := range ix.shards {
		n += 3 * len(s.docs)
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
	if len(ix.order) == 0 {
		return nil
	}
	return []Range{{0, len(ix.order)}}
}

// join sorts ranges and merges those that touch or overlap.
func join(ranges []Range) []Range {
	slices.SortFunc(ranges, func(a, b Range) int { return cmp.Compare(a.Lo, b.Lo) })
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
