package sparse

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// pageSize is how many bytes of a file have a checksum of their own.
const pageSize = 1 << 14

// tailSize is what follows the checksums of the pages: how many bytes they are of, and
// the checksum of all that stands behind those.
const tailSize = 12

// Pages are a file that a Writer wrote, as the operating system maps it into memory: it
// takes none of the program's own, and is opened at once, since a page is checked when
// it is first looked at. Lists are taken from front to back (Get, Lazy); afterwards many
// goroutines may look at them. The bytes are those of the machine that wrote them.
type Pages struct {
	path    string // "" for no file
	data    []byte // without the checksums
	sums    []byte
	seen    []atomic.Bool
	damaged atomic.Bool
	next    int // first byte of the next list
	err     error
}

// Open maps a file. It must not be written any more, but it may be removed. What is
// taken from it must not be used after the Pages are gone (runtime.KeepAlive).
func Open(path string) (*Pages, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	if info.Size() == 0 || info.Size() > math.MaxInt {
		return nil, fmt.Errorf("read postings: it has %d bytes: %w", info.Size(), ErrDamaged)
	}
	whole, unmap, err := mapped(f, int(info.Size()))
	if err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	p := newPages(whole)
	p.path = path
	runtime.SetFinalizer(p, func(*Pages) { unmap(whole) }) // AddCleanup would be compiled once more for it
	return p, nil
}

// newPages are pages of bytes in memory.
func newPages(whole []byte) *Pages {
	p := &Pages{}
	end := len(whole) - tailSize
	if end < 0 {
		p.fail("it ends too early")
		return p
	}
	size := binary.LittleEndian.Uint64(whole[end:])
	pages := (size + pageSize - 1) / pageSize
	if size > uint64(end) || size+4*pages != uint64(end) || binary.LittleEndian.Uint32(whole[end+8:]) != crc32.Checksum(whole[size:end+8], castagnoli) {
		p.fail("its checksums are not those that were written")
		return p
	}
	p.data, p.sums, p.seen = whole[:size:size], whole[size:end], make([]atomic.Bool, pages)
	return p
}

// check tells whether the pages of some bytes are as they were written.
//
//go:noinline
func (p *Pages) check(from, to int) bool {
	for page := from / pageSize; page*pageSize < to; page++ {
		if p.seen[page].Load() {
			continue
		}
		if crc32.Checksum(p.data[page*pageSize:min(len(p.data), (page+1)*pageSize)], castagnoli) != binary.LittleEndian.Uint32(p.sums[4*page:]) {
			p.Damage()
			return false
		}
		p.seen[page].Store(true)
	}
	return true
}

// Damage notes that what stands in the file cannot be. Nothing that was worked out with
// it may be believed, and the file, which is a cache, is removed, so that the next start
// does not take it.
func (p *Pages) Damage() {
	if p != nil && !p.damaged.Swap(true) && p.path != "" {
		_ = os.Remove(p.path)
	}
}

// Damaged is ErrDamaged once anything was found that cannot be.
func (p *Pages) Damaged() error {
	if p == nil || !p.damaged.Load() {
		return nil
	}
	return fmt.Errorf("read postings: a page is not as it was written: %w", ErrDamaged)
}

func (p *Pages) fail(why string) {
	if p.err == nil {
		p.err = fmt.Errorf("read postings: %s: %w", why, ErrDamaged)
	}
}

// Fail notes that what was read cannot be when bad is true.
func (p *Pages) Fail(bad bool) {
	if bad {
		p.fail("a part does not fit the others")
	}
}

// Err is the first error of those who take lists.
func (p *Pages) Err() error { return p.err }

// End is Err, and an error when there is more than was taken.
func (p *Pages) End() error {
	p.Fail(p.next != len(p.data))
	return p.err
}

// Number takes one number, 0 after an error.
func (p *Pages) Number() int {
	if p.err == nil && (len(p.data)-p.next < 8 || !p.check(p.next, p.next+8)) {
		p.fail("it ends too early or is not as it was written")
	}
	if p.err != nil {
		return 0
	}
	n := binary.LittleEndian.Uint64(p.data[p.next:])
	p.next += 8
	if n > math.MaxInt32*64 {
		p.Fail(true)
		return 0
	}
	return int(n)
}

// list takes the bytes of a list whose elements have so many.
func (p *Pages) list(wide int) (at, n int) {
	n = p.Number()
	if p.err == nil && n > (len(p.data)-p.next)/wide {
		p.Fail(true)
	}
	if p.err != nil {
		return 0, 0
	}
	at = p.next
	p.next = min(len(p.data), at+aligned(n*wide))
	return at, n
}

// aligned is where a list after so many bytes begins, so that its numbers lie as the
// machine has them.
func aligned(n int) int { return (n + 7) &^ 7 }

// List is a list in memory, or one in a file, of numbers or what is made of them.
type List[T any] struct {
	all   []T
	pages *Pages // nil for one in memory
	at    int    // its first byte
}

// ListOf is a list in memory.
func ListOf[T any](all []T) List[T] { return List[T]{all: all} }

// Lazy takes a list, by one of few types, whose pages are checked when they are looked at.
func Lazy[T any](p *Pages) List[T] {
	var one T
	at, n := p.list(int(unsafe.Sizeof(one)))
	if n == 0 {
		return List[T]{}
	}
	return List[T]{unsafe.Slice((*T)(unsafe.Pointer(&p.data[at])), n), p, at}
}

// Get takes a list that is checked now; nil after an error.
func Get[T any](p *Pages) []T {
	var one T
	at, n := p.whole(int(unsafe.Sizeof(one)))
	return unsafe.Slice((*T)(at), n)
}

// whole is list, checked.
func (p *Pages) whole(wide int) (unsafe.Pointer, int) {
	at, n := p.list(wide)
	if n == 0 {
		return nil, 0
	}
	if !p.check(at, at+n*wide) {
		p.Fail(true)
		return nil, 0
	}
	return unsafe.Pointer(&p.data[at]), n
}

// Len is how many elements there are.
func (l *List[T]) Len() int { return len(l.all) }

// Part is a part of the list; zeros where the file is damaged, see Pages.Damaged. It is
// asked for in many places and is not where time goes.
//
//go:noinline
func (l *List[T]) Part(from, to int) []T {
	part := l.all[from:to]
	if l.pages != nil && len(part) > 0 {
		var one T
		wide := int(unsafe.Sizeof(one))
		if !l.pages.check(l.at+wide*from, l.at+wide*to) {
			return make([]T, len(part))
		}
	}
	return part
}

// Damage is that of the list's file.
func (l *List[T]) Damage() { l.pages.Damage() }

// All is the whole list.
func (l *List[T]) All() []T { return l.Part(0, len(l.all)) }

// bytesOf are the bytes of numbers.
func bytesOf[T any](list []T) []byte {
	if len(list) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), len(list)*int(unsafe.Sizeof(list[0])))
}

// Seen is a set of places whose part of a file somebody has found sound.
type Seen []atomic.Uint32

// NewSeen has room for so many places.
func NewSeen(n int) Seen { return make(Seen, (n+31)/32) }

// Has tells whether a place is in the set.
func (s Seen) Has(n int) bool { return s[n/32].Load()>>(n%32)&1 == 1 }

// Add adds a place.
func (s Seen) Add(n int) { s[n/32].Or(1 << (n % 32)) }
