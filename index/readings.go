package index

import (
	"fmt"

	index "github.com/blevesearch/bleve_index_api"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// readText is a text with all that its reading depends on. What the lexicon
// understood of the texts it read last is kept by it: queries, and the clauses
// that were shown, which a search marks anew. A caller who may see less of a
// clause asks with less text.
type readText struct {
	text     string
	language corpus.Language
	body     int // where a clause's heading ends, -1 for what is no clause
}

// Bounds of what is kept: readings in bytes of text, of which a reading takes
// about ten times; what clauses say in bytes with their keys.
const (
	maxReadBytes = 2 << 20
	maxSaidBytes = 16 << 20
	saidOverhead = 100
)

// read is the reading of a text, worked out when it is not kept. It must not be
// changed.
func (ix *Index) read(t readText, read func() lexicon.Reading) lexicon.Reading {
	if have, there := ix.readings.get(t); there {
		return have
	}
	made := read()
	made.Concepts = ix.lex.Closest(t.text, made.Language, made.Concepts)
	ix.readings.put(t, made, len(t.text), maxReadBytes)
	return made
}

// readText reads a text that is no clause. An empty language is guessed.
func (ix *Index) readText(text string, l corpus.Language) lexicon.Reading {
	return ix.read(readText{text, l, -1}, func() lexicon.Reading { return ix.lex.ReadText(text, l) })
}

// readClause reads a clause as one of no tradition.
func (ix *Index) readClause(c corpus.Clause) lexicon.Reading {
	return ix.read(readText{c.Wording(), c.Language, c.TextOffset()}, func() lexicon.Reading { return ix.lex.Read(c, corpus.TraditionUnknown) })
}

// saidKey is a clause of a state, by its number in it.
type saidKey struct {
	state index.IndexReader
	doc   uint32
}

// saidBy is what a clause says, as it is stored (see said), "" for one that says
// nothing.
func (ix *Index) saidBy(s state, h found) (string, error) {
	key := saidKey{s.reader, h.doc}
	if have, there := ix.said.get(key); there {
		return have, nil
	}
	doc, err := s.reader.Document(h.id)
	if err != nil {
		return "", fmt.Errorf("read what %s says: %w", h.id, err)
	}
	stored := ""
	if doc != nil {
		doc.VisitFields(func(f index.Field) {
			if f.Name() == fieldSaid {
				stored = string(f.Value())
			}
		})
	}
	ix.said.put(key, stored, len(stored)+saidOverhead, maxSaidBytes)
	return stored, nil
}
