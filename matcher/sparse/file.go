package sparse

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// ErrDamaged says that a file is no index that can be trusted.
var ErrDamaged = errors.New("the file is damaged")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes lists of numbers one after the other, and behind them a checksum of each
// page. The first error stays and is that of Close.
type Writer struct {
	to   *bufio.Writer
	sums pageSums
	err  error
}

// NewWriter makes a writer.
func NewWriter(to io.Writer) *Writer { return &Writer{to: bufio.NewWriterSize(to, 1<<16)} }

func (w *Writer) write(b []byte) {
	if w.err == nil {
		w.sums.add(b)
		_, w.err = w.to.Write(b)
	}
}

// Number writes one number.
func (w *Writer) Number(n int) { w.write(binary.LittleEndian.AppendUint64(nil, uint64(n))) }

// Close writes the checksums.
func (w *Writer) Close() error {
	if w.err == nil {
		_, w.err = w.to.Write(w.sums.tail())
	}
	if w.err == nil {
		w.err = w.to.Flush()
	}
	if w.err != nil {
		return fmt.Errorf("write postings: %w", w.err)
	}
	return nil
}

// Put writes a list with its length.
func Put[T any](w *Writer, list []T) { w.list(len(list), bytesOf(list)) }

// list writes a list of so many elements.
func (w *Writer) list(n int, bytes []byte) {
	w.Number(n)
	w.write(bytes)
	w.write(make([]byte, aligned(len(bytes))-len(bytes)))
}

// pageSums are the checksums of pages that are written or read one after the other.
type pageSums struct {
	size uint64
	sum  uint32 // of the page that has begun
	all  []byte
}

func (s *pageSums) add(b []byte) {
	for len(b) > 0 {
		n := min(len(b), pageSize-int(s.size%pageSize))
		s.sum = crc32.Update(s.sum, castagnoli, b[:n])
		if s.size += uint64(n); s.size%pageSize == 0 {
			s.all, s.sum = binary.LittleEndian.AppendUint32(s.all, s.sum), 0
		}
		b = b[n:]
	}
}

// tail is what stands behind so many bytes.
func (s *pageSums) tail() []byte {
	if s.size%pageSize != 0 {
		s.all = binary.LittleEndian.AppendUint32(s.all, s.sum)
	}
	tail := binary.LittleEndian.AppendUint64(s.all, s.size)
	return binary.LittleEndian.AppendUint32(tail, crc32.Checksum(tail, castagnoli))
}

// Reader reads what a Writer wrote from front to back, from a file of a known size, so
// that no length in a damaged file asks for more memory than the file could fill.
type Reader struct {
	from *bufio.Reader
	left int64
	sums pageSums
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
	r.sums.add(into)
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

// Close checks the checksums and that nothing follows.
func (r *Reader) Close() error {
	want := r.sums.tail()
	got := make([]byte, len(want))
	r.read(got)
	r.Fail(!bytes.Equal(got, want) || r.left != 0)
	if r.err != nil {
		return fmt.Errorf("read postings: %w", r.err)
	}
	return nil
}

// Bytes reads a list of bytes; nil after an error.
func (r *Reader) Bytes() []byte {
	n := r.Number()
	if int64(n) > r.left {
		r.Fail(true)
		return nil
	}
	out := make([]byte, aligned(n))
	r.read(out)
	return out[:n]
}

// Write writes the index without the names of its groups.
func (ix *Index) Write(w *Writer) {
	Put(w, ix.order)
	Put(w, ix.scale)
	Put(w, ix.first)
	Put(w, ix.slots)
	for i := range ix.shards {
		s := &ix.shards[i]
		Put(w, s.docs.All())
		Put(w, s.impact.All())
	}
}

// sound tells whether a slot lies within the shard with its places in order. n is its
// number: a slot in a file is looked at once, when it is first asked for.
func (s *shard) sound(x slot, n int) bool {
	if s.seen == nil || s.seen.Has(n) {
		return true
	}
	good := x.start <= x.end && int(x.end) <= s.docs.Len()
	if good {
		docs := s.docs.Part(int(x.start), int(x.end))
		for i, doc := range docs {
			good = good && int(doc) < s.size && (i == 0 || docs[i-1] < doc)
		}
	}
	if !good {
		s.docs.Damage()
		return false
	}
	s.seen.Add(n)
	return true
}

// Read takes an index that Write wrote, of so many documents, whose groups are those
// given for each place. What a search relies on is checked, now or when it is first
// looked at, so that a file that was tampered with is refused (Pages.Err,
// Pages.Damaged) and no search leaves its lists.
func Read(p *Pages, docs int, name func(place int) string) *Index {
	ix := &Index{order: Get[int32](p), scale: Get[float32](p), first: Get[uint32](p), slots: Get[slot](p)}
	p.Fail(len(ix.order) != 0 && len(ix.order) != docs || len(ix.first) != len(ix.scale)+1)
	for _, doc := range ix.order {
		p.Fail(uint32(doc) >= uint32(docs))
	}
	for _, scale := range ix.scale {
		p.Fail(scale != 0 && !usable(scale))
	}
	for i, first := range ix.first {
		p.Fail(int(first) > len(ix.slots) || i > 0 && first < ix.first[i-1])
	}
	seen := NewSeen(len(ix.slots))
	ix.shards = make([]shard, (docs+ShardDocs-1)/ShardDocs)
	for i := range ix.shards {
		base := i * ShardDocs
		ix.shards[i] = shard{base: base, size: min(ShardDocs, docs-base), docs: Lazy[uint16](p), impact: Lazy[uint8](p), seen: seen}
		p.Fail(ix.shards[i].docs.Len() != ix.shards[i].impact.Len())
	}
	if p.err != nil {
		return nil
	}
	ix.docs, ix.groups = docs, runs(docs, name)
	return ix
}
