package matcher

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"concord/corpus"
	"concord/matcher/sparse"
)

// ErrStale says that saved postings are of other texts, terms or another program.
var ErrStale = errors.New("the saved postings are of other texts, terms or another program")

// savedVersion is what a file of postings begins with; another layout is another
// number.
const savedVersion = 3

// Save writes what Load worked out of the corpus, all that a later LoadSaved needs
// beside the texts. program names the program exactly, since another one may read
// texts otherwise.
func (m *Matcher) Save(to io.Writer, program string) error {
	col := m.corpus.Load()
	if col.whole == nil {
		return fmt.Errorf("save postings: %w: no corpus is loaded", corpus.ErrInvalid)
	}
	w := sparse.NewWriter(to)
	w.Number(savedVersion)
	sparse.Put(w, m.markOf(program, col.texts))
	var languages []byte
	for _, l := range col.languages {
		languages = append(append(languages, l...), 0)
	}
	sparse.Put(w, languages)
	sparse.Put(w, col.langs)
	whole := col.whole
	ids, in := make([]uint64, len(whole.numbers.ids)), make([]uint32, len(whole.in))
	for i, id := range whole.numbers.ids {
		ids[i] = uint64(id)
	}
	for i, n := range whole.in {
		in[i] = uint32(n)
	}
	sparse.Put(w, ids)
	sparse.Put(w, whole.numbers.of)
	sparse.Put(w, in)
	sparse.Put(w, whole.phrases.heads)
	sparse.Put(w, whole.phrases.at)
	sparse.Put(w, whole.phrases.bytes)
	col.sketches.write(w)
	for _, ix := range col.rankings {
		ix.Write(w)
	}
	return w.Close()
}

// LoadSaved is Load without reading the texts: it takes what Save wrote of the same
// clauses, size bytes. Another mark is ErrStale, a file that does not hold together
// is sparse.ErrDamaged; then the corpus stays as it was and Load is what helps.
func (m *Matcher) LoadSaved(standards []corpus.Standard, clauses []corpus.Clause, from io.Reader, size int64, program string) error {
	col, err := arrange(standards, clauses)
	if err != nil {
		return err
	}
	r := sparse.NewReader(from, size)
	if version := r.Number(); r.Err() == nil && version != savedVersion {
		return ErrStale
	}
	if mark := sparse.Get[uint8](r); r.Err() == nil && !bytes.Equal(mark, m.markOf(program, col.texts)) {
		return ErrStale
	}
	col.digests, col.shelf.room = nil, shelved
	col.read(r)
	if err := r.Close(); err != nil {
		return err
	}
	col.embedded = m.newEmbedded(col)
	m.corpus.Store(col)
	return nil
}

// read reads what follows the mark and notes in r what is wrong.
func (col *collection) read(r *sparse.Reader) {
	n := len(col.clauses)
	for name := range bytes.SplitSeq(sparse.Get[uint8](r), []byte{0}) {
		col.languages = append(col.languages, corpus.Language(name))
	}
	col.languages = col.languages[:len(col.languages)-1] // each ends with a 0
	col.langs = sparse.Get[uint8](r)
	r.Fail(len(col.langs) != n)
	for _, l := range col.langs {
		r.Fail(int(l) >= len(col.languages))
	}
	ids := sparse.Get[uint64](r)
	whole := &vocabulary{clauses: n, numbers: numbers{ids: make([]termID, len(ids)), of: sparse.Get[uint32](r)}}
	for i, id := range ids {
		whole.numbers.ids[i] = termID(id)
	}
	in := sparse.Get[uint32](r)
	whole.in, whole.numbers.count = make([]int32, len(in)), len(in)
	for i, n := range in {
		whole.in[i] = int32(n)
	}
	whole.phrases = tally{heads: sparse.Get[uint64](r), at: sparse.Get[uint32](r), bytes: sparse.Get[uint8](r)}
	r.Fail(!whole.numbers.sound() || !whole.phrases.sound())
	whole.phrases.index()
	whole.weigh()
	col.whole, col.stats = whole, &statistics{whole: whole, clauses: n}
	col.sketches = readSketches(r, n, whole.numbers.count)
	name := func(place int) string { return string(col.clauses[place].Standard) }
	for range rankings {
		col.rankings = append(col.rankings, sparse.Read(r, n, name))
	}
}

// markOf fingerprints all that the postings come from: the program, the concepts of
// the lexicon, which users add to, and the clauses with their wordings, by the
// fingerprint that arrange made of them.
func (m *Matcher) markOf(program string, texts []byte) []byte {
	h := sha256.New()
	w := bufio.NewWriterSize(h, 1<<16)
	part(w, program)
	for _, c := range m.lex.Concepts() {
		part(w, string(c.ID), c.Domain, string(c.Broader))
		for _, lang := range sortedKeys(c.Forms) {
			part(w, string(lang))
			part(w, c.Forms[lang]...)
		}
	}
	part(w, string(texts))
	_ = w.Flush() // a hash takes everything
	return h.Sum(nil)
}

// part writes strings so that no two lists give the same bytes.
func part(w *bufio.Writer, list ...string) {
	var space [binary.MaxVarintLen64]byte
	_, _ = w.Write(binary.AppendUvarint(space[:0], uint64(len(list))))
	for _, s := range list {
		_, _ = w.Write(binary.AppendUvarint(space[:0], uint64(len(s))))
		_, _ = w.WriteString(s)
	}
}
