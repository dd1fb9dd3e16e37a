package matcher

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher/sparse"
)

// gist is what the postings and the first look at a candidate take of a clause: little
// beside what a clause says, and all that is needed of one that is not proposed.
type gist struct {
	lang       corpus.Language // base language of the wording
	degree     lexicon.Degree
	quantities []lexicon.Quantity // dimension, bound and values alone
	cited      []string           // standards
	bags       []bag              // as in rankings
	order      []uint32           // its words as they follow each other, by place in their bag
}

// gist is that of the facts.
func (f *facts) gist() gist {
	g := gist{lang: f.lang, degree: f.degree, bags: make([]bag, len(rankings)), order: make([]uint32, len(f.words))}
	for _, q := range f.reading.Quantities {
		g.quantities = append(g.quantities, lexicon.Quantity{Dimension: q.Dimension, Bound: q.Bound, Low: q.Low, High: q.High})
	}
	for _, c := range f.reading.Citations {
		if c.Designation != "" && !slices.Contains(g.cited, c.Designation) {
			g.cited = append(g.cited, c.Designation)
		}
	}
	for k := range rankings {
		g.bags[k] = rankings[k].bag(f)
	}
	for i, w := range f.words {
		at, _ := f.wordBag.find(w.id)
		g.order[i] = uint32(at)
	}
	return g
}

// appendPhrases adds the gist's pairs of words, each once.
func (g gist) appendPhrases(to []uint64) []uint64 {
	start := len(to)
	for i := 1; i < len(g.order); i++ {
		if before, id := g.bags[wordRanking][g.order[i-1]].id, g.bags[wordRanking][g.order[i]].id; before != id {
			to = append(to, uint64(phraseOf(before, id)))
		}
	}
	slices.Sort(to[start:])
	return to[:start+len(slices.Compact(to[start:]))]
}

// Gists is where the gists of a corpus come from and go to, so that after an import
// only what is new is read.
type Gists struct {
	From    io.Reader // what an earlier load wrote to To; nil for none
	Size    int64     // of From, bytes
	To      io.Writer // nil for nowhere
	Program string    // names the program exactly, since another one may read texts otherwise
}

// gistsVersion is what a file of gists begins with; another layout is another number.
const gistsVersion = 3

// LoadKnown is Load, but a text whose gist an earlier load wrote down, by the same
// program with the same concepts, is not read again. Gists of another program or
// lexicon are ErrStale and damaged ones sparse.ErrDamaged: then the corpus stays as
// it was, and LoadKnown without them is what helps.
func (m *Matcher) LoadKnown(standards []corpus.Standard, clauses Clauses, known Gists) error {
	col, err := arrange(standards, clauses, true)
	if err != nil {
		return err
	}
	books := books{mark: m.markOf(known.Program, nil)}
	if known.From != nil {
		if err := books.open(known.From, known.Size); err != nil {
			return err
		}
	}
	if known.To != nil {
		books.begin(known.To)
	}
	if err := m.study(col, &books); err != nil {
		return fmt.Errorf("build the matcher's corpus: %w", err)
	}
	col.embedded = m.newEmbedded(col)
	m.corpus.Store(col)
	return nil
}

// gistKey says which text a gist is of. Gists are in the order of the clauses: by
// standard, then digest.
type gistKey struct{ standard, digest, tradition string }

// gistKey is that of the clause at a place.
func (col *collection) gistKey(place int) gistKey {
	standard := col.standardAt(place)
	return gistKey{string(standard), col.digests[place], string(col.traditions[standard])}
}

// before is the order.
func (k gistKey) before(o gistKey) bool {
	return k.standard < o.standard || k.standard == o.standard && k.digest < o.digest
}

// books are the old gists while they are read, and the new ones while they are
// written, both from front to back. Terms are numbered as they first come, with the
// id behind a number that is new, so that most take two or three bytes.
type books struct {
	mark []byte

	from  *sparse.Reader // nil for none
	rest  []byte         // of the block that is read
	ids   []termID       // by number
	key   gistKey        // of the gist that comes next
	done  bool           // no gist comes any more
	at    gist           // of the text last found
	found gistKey        // which that is

	to    *sparse.Writer // nil for nowhere
	block []byte
	known uint32 // numbers written with their ids
}

// open begins to read.
func (b *books) open(from io.Reader, size int64) error {
	b.from = sparse.NewReader(from, size)
	if version := b.from.Number(); b.from.Err() == nil && version != gistsVersion {
		return ErrStale
	}
	if mark := b.from.Bytes(); b.from.Err() == nil && string(mark) != string(b.mark) {
		return ErrStale
	}
	b.advance()
	return b.from.Err()
}

// advance reads the key of the next gist.
func (b *books) advance() {
	if len(b.rest) == 0 && b.from.Err() == nil {
		b.rest = b.from.Bytes()
	}
	if b.done = len(b.rest) == 0; b.done {
		return
	}
	b.key = gistKey{b.text(), b.text(), b.text()}
	b.done = b.from.Err() != nil
}

// find is the gist of a text, of which there may be none. Texts are asked for in
// their order.
func (b *books) find(key gistKey) (gist, bool) {
	if b.from == nil {
		return gist{}, false
	}
	for !b.done && (b.key.before(key) || b.key == key && b.found != key) {
		b.found, b.at = b.key, b.gist()
		b.advance()
	}
	return b.at, b.found == key && b.from.Err() == nil
}

// gist reads the rest of a gist.
func (b *books) gist() gist {
	g := gist{lang: corpus.Language(b.text()), degree: lexicon.Degree(b.text()), bags: make([]bag, len(rankings))}
	g.quantities = make([]lexicon.Quantity, b.length(18))
	for i := range g.quantities {
		q := &g.quantities[i]
		q.Dimension, q.Bound = b.text(), lexicon.Bound(b.text())
		q.Low, q.High = math.Float64frombits(b.fixed()), math.Float64frombits(b.fixed())
	}
	g.cited = make([]string, b.length(1))
	for i := range g.cited {
		g.cited[i] = b.text()
	}
	for k := range g.bags {
		g.bags[k] = make(bag, b.length(1))
		for i := range g.bags[k] {
			n := b.number()
			e := entry{b.term(n >> 1), 1}
			if n&1 == 1 {
				e.n = math.Float32frombits(uint32(b.number()))
			}
			g.bags[k][i] = e
		}
	}
	g.order = make([]uint32, b.length(1))
	for i := range g.order {
		at := b.number()
		if at >= uint64(len(g.bags[wordRanking])) {
			b.from.Fail(true)
			return gist{bags: g.bags}
		}
		g.order[i] = uint32(at)
	}
	return g
}

// number reads a number, 0 after an error.
func (b *books) number() uint64 {
	n, size := binary.Uvarint(b.rest)
	if size <= 0 {
		b.from.Fail(true)
		b.rest = nil
		return 0
	}
	b.rest = b.rest[size:]
	return n
}

// length reads how many things follow that take so many bytes each at least.
func (b *books) length(each int) int {
	n := b.number()
	if n > uint64(len(b.rest)/each) {
		b.from.Fail(true)
		return 0
	}
	return int(n)
}

// text reads a string.
func (b *books) text() string {
	n := b.length(1)
	s := string(b.rest[:n])
	b.rest = b.rest[n:]
	return s
}

// fixed reads eight bytes, 0 after an error.
func (b *books) fixed() uint64 {
	if len(b.rest) < 8 {
		b.from.Fail(true)
		b.rest = nil
		return 0
	}
	n := binary.LittleEndian.Uint64(b.rest)
	b.rest = b.rest[8:]
	return n
}

// term is the id of a number, which follows where the number is new.
func (b *books) term(n uint64) termID {
	switch known := uint64(len(b.ids)); {
	case n < known:
		return b.ids[n]
	case n > known:
		b.from.Fail(true)
		return 0
	}
	id := termID(b.fixed())
	b.ids = append(b.ids, id)
	return id
}

// begin begins to write.
func (b *books) begin(to io.Writer) {
	b.to = sparse.NewWriter(to)
	b.to.Number(gistsVersion)
	sparse.Put(b.to, b.mark)
}

// write puts down a gist, whose terms the vocabulary numbered in this order.
func (b *books) write(key gistKey, g gist, numbers *numbers) {
	if b.to == nil {
		return
	}
	text := func(s string) { b.block = append(appendNumber(b.block, uint64(len(s))), s...) }
	for _, s := range []string{key.standard, key.digest, key.tradition, string(g.lang), string(g.degree)} {
		text(s)
	}
	b.block = appendNumber(b.block, uint64(len(g.quantities)))
	for _, q := range g.quantities {
		text(q.Dimension)
		text(string(q.Bound))
		b.block = binary.LittleEndian.AppendUint64(b.block, math.Float64bits(q.Low))
		b.block = binary.LittleEndian.AppendUint64(b.block, math.Float64bits(q.High))
	}
	b.block = appendNumber(b.block, uint64(len(g.cited)))
	for _, designation := range g.cited {
		text(designation)
	}
	for _, bag := range g.bags {
		b.block = appendNumber(b.block, uint64(len(bag)))
		for _, e := range bag {
			n, _ := numbers.find(e.id)
			head := uint64(n) << 1
			if e.n != 1 {
				head |= 1 // its count follows
			}
			b.block = appendNumber(b.block, head)
			if n == b.known {
				b.block = binary.LittleEndian.AppendUint64(b.block, uint64(e.id))
				b.known++
			}
			if e.n != 1 {
				b.block = appendNumber(b.block, uint64(math.Float32bits(e.n)))
			}
		}
	}
	b.block = appendNumber(b.block, uint64(len(g.order)))
	for _, at := range g.order {
		b.block = appendNumber(b.block, uint64(at))
	}
}

// flush hands on what was written since the last time.
func (b *books) flush() {
	if b.to != nil && len(b.block) > 0 {
		sparse.Put(b.to, b.block)
		b.block = b.block[:0]
	}
}

// close ends both: the rest of the old gists is read, too, since only its end says
// whether they were whole.
func (b *books) close() error {
	for b.from != nil && !b.done {
		b.gist()
		b.advance()
	}
	if b.from != nil {
		if err := b.from.Close(); err != nil {
			return err
		}
	}
	if b.to == nil {
		return nil
	}
	sparse.Put[uint8](b.to, nil)
	return b.to.Close()
}

// appendNumber is binary.AppendUvarint, which would be copied to each of many places.
//
//go:noinline
func appendNumber(b []byte, n uint64) []byte { return binary.AppendUvarint(b, n) }
