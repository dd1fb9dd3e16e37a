package matcher

import (
	"cmp"
	"slices"

	"concord/corpus"
	"concord/matcher/sparse"
)

// blocks are byte strings of clauses one after the other, in blocks of so many clauses
// as are studied together, so that adding one moves few of the others. They lie in
// memory or in a file.
type blocks struct {
	list   []sparse.List[byte]
	starts []uint32      // of each clause in its block
	space  []byte        // of the block that is made; gone once all have come
	seen   sparse.Seen   // clauses of a file whose bytes were found sound; nil in memory
	file   *sparse.Pages // nil in memory
}

// begin notes that the bytes of the next clause begin, which are added to the space.
func (b *blocks) begin() {
	if len(b.starts)%studied == 0 {
		b.clip()
	}
	b.starts = append(b.starts, uint32(len(b.space)))
}

// clip ends a block.
func (b *blocks) clip() {
	if len(b.space) > 0 {
		b.list = append(b.list, sparse.ListOf(slices.Clone(b.space)))
		b.space = b.space[:0]
	}
}

// done ends the blocks.
func (b *blocks) done() {
	b.clip()
	b.space, b.starts = nil, slices.Clip(b.starts)
}

// at are the bytes at a place; nil where the file is damaged.
//
//go:noinline
func (b *blocks) at(place int) []byte {
	if place/studied >= len(b.list) {
		return nil // the last clauses have none
	}
	block := &b.list[place/studied]
	from, to := int(b.starts[place]), block.Len()
	if place+1 < len(b.starts) && (place+1)%studied != 0 {
		to = int(b.starts[place+1])
	}
	if from > to || to > block.Len() {
		b.file.Damage()
		return nil
	}
	return block.Part(from, to)
}

func (b *blocks) write(w *sparse.Writer) {
	sparse.Put(w, b.starts)
	for i := range b.list {
		sparse.Put(w, b.list[i].All())
	}
}

// readBlocks takes those of n clauses.
//
//go:noinline
func readBlocks(p *sparse.Pages, n int) blocks {
	b := blocks{starts: sparse.Get[uint32](p), seen: sparse.NewSeen(n), file: p}
	p.Fail(len(b.starts) != n)
	for range (n + studied - 1) / studied {
		b.list = append(b.list, sparse.Lazy[byte](p))
	}
	return b
}

// rows are the clauses of a corpus, one after the other, by standard, then digest of
// wording, then id. What the matcher is blind to (number, label, place in the document)
// is left out.
type rows struct {
	blocks
	places []uint32 // one more than the place of a clause, where the hash of its id says or behind; 0 for an open one
}

// add adds the next clause.
func (r *rows) add(c *corpus.Clause) {
	r.begin()
	for _, s := range [...]string{string(c.ID), string(c.Kind), string(c.Language), c.Heading, c.Text} {
		r.text(s)
	}
	for _, p := range c.Path {
		r.text(p)
	}
}

//go:noinline
func (r *rows) text(s string) {
	r.space = append(appendNumber(r.space, uint64(len(s))), s...)
}

// clause is that at a place but for its standard; an empty one where the file is damaged.
func (r *rows) clause(place int) corpus.Clause {
	rest := r.at(place)
	var fields [5]string
	for i := range fields {
		fields[i], rest = r.cut(rest)
	}
	c := corpus.Clause{ID: corpus.ClauseID(fields[0]), Kind: corpus.Kind(fields[1]), Language: corpus.Language(fields[2]), Heading: fields[3], Text: fields[4]}
	for len(rest) > 0 {
		var p string
		p, rest = r.cut(rest)
		c.Path = append(c.Path, p)
	}
	return c
}

// cut takes a string away.
//
//go:noinline
func (r *rows) cut(rest []byte) (string, []byte) {
	n, size := uvarint(rest)
	if size == 0 || n > uint64(len(rest)-size) {
		r.file.Damage()
		return "", nil
	}
	end := size + int(n)
	return string(rest[size:end]), rest[end:]
}

// id is that of the clause at a place.
func (r *rows) id(place int) corpus.ClauseID {
	id, _ := r.cut(r.at(place))
	return corpus.ClauseID(id)
}

// find is where an id stands, and whether it does; else where it would be put.
func (r *rows) find(id corpus.ClauseID) (place, open int, there bool) {
	if len(r.places) == 0 {
		return 0, 0, false
	}
	mask := len(r.places) - 1
	for open = int(idOf("", string(id))>>32) & mask; r.places[open] != 0; open = (open + 1) & mask {
		if place = int(r.places[open]) - 1; r.id(place) == id {
			return place, open, true
		}
	}
	return 0, open, false
}

// index notes where each id stands. Clauses whose id another one has are told to twice.
func (r *rows) index(twice func(place int)) {
	size := 4
	for size < 2*len(r.starts) {
		size *= 2
	}
	r.places = make([]uint32, size)
	for place := range r.starts {
		at, open, there := r.find(r.id(place))
		if there {
			twice(at)
			continue
		}
		r.places[open] = uint32(place + 1)
	}
}

// readRows takes those of n clauses.
//
//go:noinline
func readRows(p *sparse.Pages, n int) rows {
	r := rows{blocks: readBlocks(p, n), places: sparse.Get[uint32](p)}
	size, used := len(r.places), 0
	for _, place := range r.places {
		p.Fail(int(place) > n)
		if place != 0 {
			used++
		}
	}
	p.Fail(size&(size-1) != 0 || used != n || 2*used > size)
	return r
}

// Clauses are those of a corpus, standard by standard in the order of their ids, so that
// a large corpus need not be in memory as a whole.
type Clauses func(yield func([]corpus.Clause, error) bool)

// InOrder gives clauses standard by standard.
//
//go:noinline
func InOrder(clauses []corpus.Clause) Clauses {
	return func(yield func([]corpus.Clause, error) bool) {
		order := make([]int32, len(clauses))
		for i := range order {
			order[i] = int32(i)
		}
		corpus.SortRows(order, func(a, b int32) int {
			return cmp.Or(cmp.Compare(clauses[a].Standard, clauses[b].Standard), cmp.Compare(a, b))
		})
		var part []corpus.Clause
		for i, at := range order {
			part = append(part, clauses[at])
			if i+1 == len(order) || clauses[order[i+1]].Standard != clauses[at].Standard {
				if !yield(part, nil) {
					return
				}
				part = part[:0]
			}
		}
	}
}
