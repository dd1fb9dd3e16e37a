package sparse

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"sync/atomic"
)

// ErrDamaged says that a file is no index that can be trusted.
var ErrDamaged = errors.New("the file is damaged")

// number is what lists of a file are made of.
type number interface {
	uint8 | uint16 | uint32 | uint64
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes lists of numbers one after the other, and a checksum at the end. The
// first error stays and is that of Close.
type Writer struct {
	to  *bufio.Writer
	sum uint32
	err error
}

// NewWriter makes a writer.
func NewWriter(to io.Writer) *Writer { return &Writer{to: bufio.NewWriterSize(to, 1<<16)} }

func (w *Writer) write(b []byte) {
	if w.err == nil {
		w.sum = crc32.Update(w.sum, castagnoli, b)
		_, w.err = w.to.Write(b)
	}
}

// Number writes one number.
func (w *Writer) Number(n int) { w.write(binary.LittleEndian.AppendUint64(nil, uint64(n))) }

// Close writes the checksum.
func (w *Writer) Close() error {
	w.write(binary.LittleEndian.AppendUint32(nil, w.sum))
	if w.err == nil {
		w.err = w.to.Flush()
	}
	if w.err != nil {
		return fmt.Errorf("write postings: %w", w.err)
	}
	return nil
}

// piece is how many numbers are turned into bytes, or back, at once.
const piece = 1 << 15

// Put writes a list with its length.
func Put[N number](w *Writer, list []N) {
	w.Number(len(list))
	space := make([]byte, 0, 8*piece)
	for len(list) > 0 {
		n := min(len(list), piece)
		if w.err == nil {
			space, w.err = binary.Append(space[:0], binary.LittleEndian, list[:n])
		}
		w.write(space)
		list = list[n:]
	}
}

// Reader reads what a Writer wrote, from a file of a known size, so that no length
// in a damaged file asks for more memory than the file could fill.
type Reader struct {
	from *bufio.Reader
	left int64
	sum  uint32
	err  error
}

// NewReader makes a reader of so many bytes.
func NewReader(from io.Reader, size int64) *Reader {
	return &Reader{from: bufio.NewReaderSize(from, 1<<16), left: size}
}

func (r *Reader) read(into []byte) {
	if r.err != nil {
		return
	}
	if int64(len(into)) > r.left {
		r.err = fmt.Errorf("it ends too early: %w", ErrDamaged)
		return
	}
	if _, err := io.ReadFull(r.from, into); err != nil {
		r.err = fmt.Errorf("it ends too early (%w): %w", err, ErrDamaged)
		return
	}
	r.left -= int64(len(into))
	r.sum = crc32.Update(r.sum, castagnoli, into)
}

// Number reads one number, 0 after an error.
func (r *Reader) Number() int {
	var b [8]byte
	r.read(b[:])
	n := binary.LittleEndian.Uint64(b[:])
	if r.err != nil || n > math.MaxInt32*64 {
		r.Fail(r.err == nil)
		return 0
	}
	return int(n)
}

// Fail notes that what was read cannot be when bad is true.
func (r *Reader) Fail(bad bool) {
	if bad && r.err == nil {
		r.err = fmt.Errorf("a part does not fit the others: %w", ErrDamaged)
	}
}

// Err is the first error.
func (r *Reader) Err() error { return r.err }

// Close checks the checksum and that nothing follows.
func (r *Reader) Close() error {
	want := r.sum
	var b [4]byte
	r.read(b[:])
	r.Fail(binary.LittleEndian.Uint32(b[:]) != want || r.left != 0)
	if r.err != nil {
		return fmt.Errorf("read postings: %w", r.err)
	}
	return nil
}

// Get reads a list; nil after an error.
func Get[N number](r *Reader) []N {
	var one N
	wide := binary.Size(one)
	n := r.Number()
	if int64(n)*int64(wide) > r.left {
		r.Fail(true)
		return nil
	}
	out := make([]N, n)
	if bytes, ok := any(out).([]uint8); ok {
		r.read(bytes)
		return out
	}
	space := make([]byte, wide*min(n, piece))
	for start := 0; start < n && r.err == nil; start += piece {
		part := out[start:min(start+piece, n)]
		r.read(space[:wide*len(part)])
		decode(part, space)
	}
	return out
}

// decode turns bytes into numbers.
func decode[N number](into []N, from []byte) {
	switch list := any(into).(type) {
	case []uint16:
		for i := range list {
			list[i] = binary.LittleEndian.Uint16(from[2*i:])
		}
	case []uint32:
		for i := range list {
			list[i] = binary.LittleEndian.Uint32(from[4*i:])
		}
	case []uint64:
		for i := range list {
			list[i] = binary.LittleEndian.Uint64(from[8*i:])
		}
	}
}

// Write writes the index without the names of its groups.
func (ix *Index) Write(w *Writer) {
	scale, order := make([]uint32, len(ix.scale)), make([]uint32, len(ix.order))
	for i, s := range ix.scale {
		scale[i] = math.Float32bits(s)
	}
	for i, doc := range ix.order {
		order[i] = uint32(doc)
	}
	slots := make([]uint32, 0, 3*len(ix.slots))
	for _, s := range ix.slots {
		slots = append(slots, s.shard, s.start, s.end)
	}
	Put(w, order)
	Put(w, scale)
	Put(w, ix.first)
	Put(w, slots)
	for _, s := range ix.shards {
		Put(w, s.docs)
		Put(w, s.impact)
	}
}

// sound tells whether slots lie within the shard, each with its places in order.
func (s *shard) sound(slots []slot) bool {
	for _, x := range slots {
		if x.start > x.end || int(x.end) > len(s.docs) {
			return false
		}
		docs := s.docs[x.start:x.end]
		for i := 1; i < len(docs); i++ {
			if docs[i] <= docs[i-1] {
				return false
			}
		}
	}
	return true
}

// Read reads an index that Write wrote, of so many documents, whose groups are those
// given for each place. Everything that a search relies on is checked, so that a
// file that was tampered with is refused (Reader.Err) and no search leaves its
// lists.
func Read(r *Reader, docs int, name func(place int) string) *Index {
	ix := &Index{}
	order, scale := Get[uint32](r), Get[uint32](r)
	ix.first = Get[uint32](r)
	slots := Get[uint32](r)
	r.Fail(len(order) != docs || len(ix.first) != len(scale)+1 || len(slots)%3 != 0)
	if r.err != nil {
		return nil
	}
	ix.order, ix.scale, ix.slots = make([]int32, docs), make([]float32, len(scale)), make([]slot, len(slots)/3)
	for i, doc := range order {
		r.Fail(int(doc) >= docs)
		ix.order[i] = int32(doc)
	}
	for i, bits := range scale {
		ix.scale[i] = math.Float32frombits(bits)
		r.Fail(ix.scale[i] != 0 && !usable(ix.scale[i]))
	}
	ix.shards = make([]shard, (docs+ShardDocs-1)/ShardDocs)
	for i := range ix.shards {
		s := &ix.shards[i]
		s.base = i * ShardDocs
		s.size = min(ShardDocs, docs-s.base)
		s.docs, s.impact = Get[uint16](r), Get[uint8](r)
		r.Fail(len(s.docs) != len(s.impact))
		if s.size < ShardDocs {
			for _, doc := range s.docs {
				r.Fail(int(doc) >= s.size)
			}
		}
	}
	bad := make([]atomic.Bool, len(ix.shards))
	by := make([][]slot, len(ix.shards))
	for i := range ix.slots {
		x := slot{slots[3*i], slots[3*i+1], slots[3*i+2]}
		ix.slots[i] = x
		if int(x.shard) >= len(by) {
			r.Fail(true)
			break
		}
		by[x.shard] = append(by[x.shard], x)
	}
	each(len(by), func(i int) { bad[i].Store(!ix.shards[i].sound(by[i])) })
	for i := range bad {
		r.Fail(bad[i].Load())
	}
	for i, first := range ix.first {
		r.Fail(int(first) > len(ix.slots) || i > 0 && first < ix.first[i-1])
	}
	if r.err != nil {
		return nil
	}
	ix.groups = runs(docs, name)
	return ix
}
