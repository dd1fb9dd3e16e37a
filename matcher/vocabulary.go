package matcher

import (
	"math/bits"
	"slices"

	"concord/matcher/sparse"
)

// vocabulary numbers the terms of a whole corpus and says in how many of its
// clauses each occurs.
type vocabulary struct {
	numbers numbers
	in      []int32   // clauses that have the term, by number
	rare    []float32 // idf, by number
	ids     []termID  // by number
	phrases tally     // pairs of words, which have no numbers
	clauses int
}

// numbered is the number of a term, which is counted once more unless it is counted
// elsewhere.
func (v *vocabulary) numbered(id termID, count bool) uint32 {
	n := v.numbers.add(id)
	if int(n) == len(v.in) {
		v.in = append(v.in, 0)
	}
	if count {
		v.in[n]++
	}
	return n
}

// idf is that of statistics.
func (v *vocabulary) idf(id termID) float32 {
	if n, ok := v.numbers.find(id); ok {
		return v.rare[n]
	}
	return v.phraseIDF(id)
}

// phraseIDF is that of a pair of words, which has no number.
func (v *vocabulary) phraseIDF(id termID) float32 {
	return max(0.05, idfOf(v.phrases.count(id), v.clauses))
}

// weigh works out the rarities once the terms are counted, and lists them.
func (v *vocabulary) weigh() {
	if v.ids == nil {
		v.ids = v.numbers.byNumber()
	}
	v.rare = make([]float32, len(v.in))
	for i, n := range v.in {
		v.rare[i] = max(0.05, idfOf(n, v.clauses))
	}
}

// numbers is a table from ids to numbers, counted from 0 as they came. It is a
// table of open places, since ids are hashes already: a million of them are read
// from a file as they are, which a map could not be.
type numbers struct {
	ids   []termID // 0 for an open place; a power of two, at least half of them open
	of    []uint32
	count int
}

// start is where the search for an id begins.
func (t *numbers) start(id termID) int {
	return int((uint64(id) * 0x9e3779b97f4a7c15) >> 32 & uint64(len(t.ids)-1))
}

// find looks an id up.
func (t *numbers) find(id termID) (uint32, bool) {
	if len(t.ids) == 0 {
		return 0, false
	}
	for i := t.start(id); ; i = (i + 1) & (len(t.ids) - 1) {
		switch t.ids[i] {
		case id:
			return t.of[i], id != 0
		case 0:
			return 0, false
		}
	}
}

// add gives an id its number.
func (t *numbers) add(id termID) uint32 {
	if n, ok := t.find(id); ok || id == 0 {
		return n
	}
	if 2*(t.count+1) > len(t.ids) {
		old := *t
		t.ids, t.of = make([]termID, max(64, 2*len(old.ids))), make([]uint32, max(64, 2*len(old.ids)))
		for i, id := range old.ids {
			if id != 0 {
				t.put(id, old.of[i])
			}
		}
	}
	t.put(id, uint32(t.count))
	t.count++
	return uint32(t.count - 1)
}

func (t *numbers) put(id termID, n uint32) {
	i := t.start(id)
	for t.ids[i] != 0 {
		i = (i + 1) & (len(t.ids) - 1)
	}
	t.ids[i], t.of[i] = id, n
}

// byNumber lists the ids.
func (t *numbers) byNumber() []termID {
	out := make([]termID, t.count)
	for i, id := range t.ids {
		if id != 0 {
			out[t.of[i]] = id
		}
	}
	return out
}

// sound tells whether a table that was read from a file can be searched.
func (t *numbers) sound() bool {
	n := len(t.ids)
	if n != len(t.of) || n&(n-1) != 0 || 2*t.count > n {
		return false
	}
	used := 0
	for i, id := range t.ids {
		if id != 0 {
			used++
			if int(t.of[i]) >= t.count {
				return false
			}
		}
	}
	return used == t.count
}

// tally says how often each of very many ids came, by their first bits: sorted, in blocks
// that begin with an id of their own and go on in differences, about four bytes an id.
// Two ids have the same first bits once in many, and are then one that came as often as
// both: of those that never came, at a million clauses, one in some 300,000 seems to have.
type tally struct {
	heads []uint64          // first id of each block
	at    []uint32          // where the block begins in bytes
	bytes sparse.List[byte] // twice the difference to the id before, plus one where its count follows, which else is 1; varints
	first []uint32          // of the first bits of an id: the first block that does not begin with less; made by index
	shift int               // bits of an id that are not among them
}

// tallyShift is how many last bits of an id do not count.
const tallyShift = 20

// tallyBlock is how many ids a block has.
const tallyBlock = 16

// tallyEntry is how many bytes an id takes at most: its difference and its count.
const tallyEntry = 7 + 5

// newTally counts ids, which it shortens and sorts.
func newTally(ids []uint64) tally {
	for i := range ids {
		ids[i] >>= tallyShift
	}
	slices.Sort(ids)
	var t tally
	var list []byte
	var last uint64
	for i, n := 0, 0; i < len(ids); n++ {
		end := i + 1
		for end < len(ids) && ids[end] == ids[i] {
			end++
		}
		if n%tallyBlock == 0 {
			t.heads, t.at = append(t.heads, ids[i]), append(t.at, uint32(len(list)))
			last = ids[i]
		}
		if difference := (ids[i] - last) << 1; end-i == 1 {
			list = appendNumber(list, difference)
		} else {
			list = appendNumber(list, difference|1)
			list = appendNumber(list, uint64(end-i))
		}
		last, i = ids[i], end
	}
	t.heads, t.at, t.bytes = slices.Clip(t.heads), slices.Clip(t.at), sparse.ListOf(slices.Clip(list))
	t.index()
	return t
}

// index notes where the search for an id begins. Ids are hashes, so that a block or two
// begin with the same bits.
func (t *tally) index() {
	width := bits.Len(uint(len(t.heads)))
	t.first, t.shift = make([]uint32, 1<<width), 64-tallyShift-width
	block := 0
	for i := range t.first {
		for block < len(t.heads) && t.heads[block]>>t.shift < uint64(i) {
			block++
		}
		t.first[i] = uint32(block)
	}
}

// count is how often an id came.
func (t *tally) count(id termID) int32 {
	sought := uint64(id) >> tallyShift
	next := int(t.first[sought>>t.shift])
	for next < len(t.heads) && t.heads[next] <= sought {
		next++
	}
	if next == 0 {
		return 0
	}
	from := int(t.at[next-1])
	now, rest := t.heads[next-1], t.bytes.Part(from, min(from+tallyBlock*tallyEntry, t.bytes.Len()))
	for range tallyBlock {
		head, size := uvarint(rest)
		if size == 0 {
			return 0
		}
		now, rest = now+head>>1, rest[size:]
		n := uint64(1)
		if head&1 == 1 {
			n, size = uvarint(rest)
			rest = rest[size:]
		}
		switch {
		case now == sought:
			return int32(n)
		case now > sought:
			return 0
		}
	}
	return 0
}

// uvarint is binary.Uvarint for numbers that this program wrote, with size 0 for a
// number without an end: looking pairs of words up is mostly this.
func uvarint(b []byte) (n uint64, size int) {
	for i, x := range b {
		n |= uint64(x&0x7f) << (7 * i)
		if x < 0x80 {
			return n, i + 1
		}
	}
	return 0, 0
}

// sound tells whether a tally that was read from a file can be searched.
func (t *tally) sound() bool {
	return len(t.heads) == len(t.at) && slices.IsSorted(t.heads) && slices.IsSorted(t.at) && (len(t.at) == 0 || int(t.at[len(t.at)-1]) <= t.bytes.Len())
}
