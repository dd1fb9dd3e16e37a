package matcher

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"concord/corpus"
	"concord/matcher/sparse"
)

// gist is what the postings take of a clause: little beside what a clause says, and
// all that is needed of one that nobody compares.
type gist struct {
	lang    corpus.Language // base language of the wording
	bags    []bag           // as in rankings
	phrases []termID        // of its phrase bag
}

// gist is that of the facts.
func (f *facts) gist() gist {
	g := gist{lang: f.lang, bags: make([]bag, len(rankings)), phrases: make([]termID, len(f.phraseBag))}
	for k := range rankings {
		g.bags[k] = rankings[k].bag(f)
	}
	for i, e := range f.phraseBag {
		g.phrases[i] = e.id
	}
	return g
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
const gistsVersion = 1

// LoadKnown is Load, but a text whose gist an earlier load wrote down, by the same
// program with the same concepts, is not read again. Gists of another program or
// lexicon are ErrStale and damaged ones sparse.ErrDamaged: then the corpus stays as
// it was, and LoadKnown without them is what helps.
func (m *Matcher) LoadKnown(standards []corpus.Standard, clauses []corpus.Clause, known Gists) error {
	col, err := arrange(standards, clauses)
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
	standard := col.clauses[place].Standard
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
	if mark := sparse.Get[uint8](b.from); b.from.Err() == nil && string(mark) != string(b.mark) {
		return ErrStale
	}
	b.advance()
	return b.from.Err()
}

// advance reads the key of the next gist.
func (b *books) advance() {
	if len(b.rest) == 0 && b.from.Err() == nil {
		b.rest = sparse.Get[uint8](b.from)
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
	g := gist{lang: corpus.Language(b.text()), bags: make([]bag, len(rankings))}
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
	g.phrases = make([]termID, b.length(8))
	for i := range g.phrases {
		g.phrases[i] = b.id()
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

// id reads an id, 0 after an error.
func (b *books) id() termID {
	if len(b.rest) < 8 {
		b.from.Fail(true)
		b.rest = nil
		return 0
	}
	id := termID(binary.LittleEndian.Uint64(b.rest))
	b.rest = b.rest[8:]
	return id
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
	id := b.id()
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
	for _, s := range []string{key.standard, key.digest, key.tradition, string(g.lang)} {
		b.block = append(binary.AppendUvarint(b.block, uint64(len(s))), s...)
	}
	for _, bag := range g.bags {
		b.block = binary.AppendUvarint(b.block, uint64(len(bag)))
		for _, e := range bag {
			n, _ := numbers.find(e.id)
			head := uint64(n) << 1
			if e.n != 1 {
				head |= 1 // its count follows
			}
			b.block = binary.AppendUvarint(b.block, head)
			if n == b.known {
				b.block = binary.LittleEndian.AppendUint64(b.block, uint64(e.id))
				b.known++
			}
			if e.n != 1 {
				b.block = binary.AppendUvarint(b.block, uint64(math.Float32bits(e.n)))
			}
		}
	}
	b.block = binary.AppendUvarint(b.block, uint64(len(g.phrases)))
	for _, id := range g.phrases {
		b.block = binary.LittleEndian.AppendUint64(b.block, uint64(id))
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
