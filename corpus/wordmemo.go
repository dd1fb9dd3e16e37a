package corpus

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// WordMemo remembers what was worked out of the words of texts, since most words come
// again and again. It has a fixed number of places: a word that comes to a place that
// is taken puts out the one that was there, so that it stays as large as it was made
// whatever is read. Get and Put may be called from any goroutine. A nil WordMemo remembers
// nothing.
type WordMemo[V any] struct {
	seed   maphash.Seed
	places []atomic.Pointer[remembered[V]]
}

// remembered is a word, of a language, with what was worked out.
type remembered[V any] struct {
	lang  Language
	word  string
	value V
}

// maxRemembered is the longest word that is remembered, in bytes.
const maxRemembered = 96

// NewWordMemo makes a memo with so many places, a power of two.
func NewWordMemo[V any](places int) *WordMemo[V] {
	return &WordMemo[V]{maphash.MakeSeed(), make([]atomic.Pointer[remembered[V]], places)}
}

// place is where a word of a language belongs.
func (m *WordMemo[V]) place(lang Language, word string) *atomic.Pointer[remembered[V]] {
	const spread = 0x9e3779b97f4a7c15
	h := maphash.String(m.seed, word) + spread*maphash.String(m.seed, string(lang))
	return &m.places[h&uint64(len(m.places)-1)]
}

// Get is what is remembered of a word, or nil. It must not be changed.
func (m *WordMemo[V]) Get(lang Language, word string) *V {
	if m == nil {
		return nil
	}
	if r := m.place(lang, word).Load(); r != nil && r.word == word && r.lang == lang {
		return &r.value
	}
	return nil
}

// Put remembers what work makes of a word, which it hands on to it as a string of its
// own, so that a value may hold parts of it without holding the text it stood in.
func (m *WordMemo[V]) Put(lang Language, word string, work func(word string) V) *V {
	if m == nil || len(word) > maxRemembered {
		value := work(word)
		return &value
	}
	word = strings.Clone(word)
	r := &remembered[V]{lang, word, work(word)}
	m.place(lang, word).Store(r)
	return &r.value
}
