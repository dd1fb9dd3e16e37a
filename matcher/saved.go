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

// ErrDamaged says that saved postings are not as they were written.
var ErrDamaged = sparse.ErrDamaged

// savedVersion is what a file of postings begins with; another layout is another
// number.
const savedVersion = 4

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
	col.rows.write(w)
	sparse.Put(w, col.rows.places)
	whole := col.whole
	sparse.Put(w, whole.numbers.ids)
	sparse.Put(w, whole.numbers.of)
	sparse.Put(w, whole.ids)
	sparse.Put(w, whole.in)
	sparse.Put(w, whole.phrases.heads)
	sparse.Put(w, whole.phrases.at)
	sparse.Put(w, whole.phrases.bytes.All())
	col.sketches.write(w)
	for _, ix := range col.rankings {
		ix.Write(w)
	}
	return errors.Join(w.Close(), col.damaged())
}

// LoadSaved is Load without reading the texts or keeping them: it takes what Save wrote
// of the same clauses into the file at a path, which lies in no memory of the program's
// own afterwards. Another mark is ErrStale, a file that does not hold together is
// sparse.ErrDamaged; then the corpus stays as it was and Load is what helps. What is
// found damaged later is the error of whoever asked.
func (m *Matcher) LoadSaved(standards []corpus.Standard, clauses Clauses, path, program string) error {
	file, err := sparse.Open(path)
	if err != nil {
		return err
	}
	col, err := arrange(standards, clauses, false)
	if err != nil {
		return err
	}
	return m.take(col, file, program)
}

// Reopen puts what Save wrote of the corpus into the file at a path in place of what the
// matcher has in memory. Errors are those of LoadSaved.
func (m *Matcher) Reopen(path, program string) error {
	file, err := sparse.Open(path)
	if err != nil {
		return err
	}
	was := m.corpus.Load()
	return m.take(&collection{size: was.size, standards: was.standards, names: was.names, traditions: was.traditions, texts: was.texts, shelf: was.shelf, pairings: make(map[string]*preparing)}, file, program)
}

// take makes a collection the corpus with what a file has of it.
func (m *Matcher) take(col *collection, file *sparse.Pages, program string) error {
	if version := file.Number(); file.Err() == nil && version != savedVersion {
		return ErrStale
	}
	if mark := sparse.Get[byte](file); file.Err() == nil && !bytes.Equal(mark, m.markOf(program, col.texts)) {
		return ErrStale
	}
	if col.read(file); file.End() != nil {
		return file.End()
	}
	if col.embedded = m.newEmbedded(col); col.damaged() != nil {
		return col.damaged()
	}
	m.corpus.Store(col)
	return nil
}

// read takes what follows the mark and notes in the file what is wrong.
func (col *collection) read(p *sparse.Pages) {
	n := col.size
	col.file = p
	for name := range bytes.SplitSeq(sparse.Get[byte](p), []byte{0}) {
		col.languages = append(col.languages, corpus.Language(name))
	}
	col.languages = col.languages[:len(col.languages)-1] // each ends with a 0
	col.langs = sparse.Get[uint8](p)
	p.Fail(len(col.langs) != n)
	for _, l := range col.langs {
		p.Fail(int(l) >= len(col.languages))
	}
	col.rows = readRows(p, n)
	whole := &vocabulary{clauses: n, numbers: numbers{ids: sparse.Get[termID](p), of: sparse.Get[uint32](p)}}
	whole.ids, whole.in = sparse.Get[termID](p), sparse.Get[int32](p)
	whole.numbers.count = len(whole.in)
	whole.phrases = tally{heads: sparse.Get[uint64](p), at: sparse.Get[uint32](p), bytes: sparse.Lazy[byte](p)}
	p.Fail(!whole.numbers.sound() || len(whole.ids) != len(whole.in) || !whole.phrases.sound())
	if p.Err() != nil {
		return
	}
	whole.phrases.index()
	whole.weigh()
	col.whole, col.stats = whole, &statistics{whole: whole, clauses: n}
	col.sketches = readSketches(p, n, whole.numbers.count)
	name := func(place int) string { return string(col.standardAt(place)) }
	for range rankings {
		col.rankings = append(col.rankings, sparse.Read(p, n, name))
	}
}

// markOf fingerprints all that the postings come from: the program, the concepts of
// the lexicon, which users add to, and the clauses with their wordings, by the
// fingerprint that arrange made of them.
func (m *Matcher) markOf(program string, texts []byte) []byte {
	h := sha256.New()
	w := bufio.NewWriterSize(h, 1<<16)
	fingerprint(w, program)
	for _, c := range m.lex.Concepts() {
		fingerprint(w, string(c.ID), c.Domain, string(c.Broader))
		for _, lang := range sortedKeys(c.Forms) {
			fingerprint(w, string(lang))
			fingerprint(w, c.Forms[lang]...)
		}
	}
	fingerprint(w, string(texts))
	_ = w.Flush() // a hash takes everything
	return h.Sum(nil)
}

// fingerprint writes strings so that no two lists give the same bytes.
func fingerprint(w *bufio.Writer, list ...string) {
	var space [binary.MaxVarintLen64]byte
	_, _ = w.Write(binary.AppendUvarint(space[:0], uint64(len(list))))
	for _, s := range list {
		_, _ = w.Write(binary.AppendUvarint(space[:0], uint64(len(s))))
		_, _ = w.WriteString(s)
	}
}
