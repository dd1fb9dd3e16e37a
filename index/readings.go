package index

import (
	"sync"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// readings keeps what the lexicon understood of the texts it read last: queries,
// and the clauses that were shown, which a search marks anew. They are kept by
// the text itself, so none can be stale, and a caller who may see less of a
// clause asks with less text.
type readings struct {
	mu    sync.Mutex
	kept  map[readText]lexicon.Reading
	taken int // bytes of text
}

// readText is a text with all that its reading depends on.
type readText struct {
	text     string
	language corpus.Language
	body     int // where a clause's heading ends, -1 for what is no clause
}

// maxReadBytes bounds what is kept, in bytes of text; a reading takes about ten
// times its text. A text that would fill an eighth is not kept.
const maxReadBytes = 2 << 20

// of is the reading of a text, made when it is not kept. It must not be changed.
func (rs *readings) of(t readText, read func() lexicon.Reading) lexicon.Reading {
	rs.mu.Lock()
	have, kept := rs.kept[t]
	rs.mu.Unlock()
	if kept {
		return have
	}
	made := read()
	if len(t.text) <= maxReadBytes/8 {
		rs.keep(t, made)
	}
	return made
}

// keep puts a reading in, and takes out any others until there is room.
func (rs *readings) keep(t readText, made lexicon.Reading) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if _, kept := rs.kept[t]; kept {
		return // somebody else made it meanwhile
	}
	for other := range rs.kept {
		if rs.taken+len(t.text) <= maxReadBytes {
			break
		}
		delete(rs.kept, other)
		rs.taken -= len(other.text)
	}
	if rs.kept == nil {
		rs.kept = map[readText]lexicon.Reading{}
	}
	rs.kept[t] = made
	rs.taken += len(t.text)
}

// readText reads a text that is no clause. An empty language is guessed.
func (ix *Index) readText(text string, l corpus.Language) lexicon.Reading {
	return ix.readings.of(readText{text, l, -1}, func() lexicon.Reading { return ix.lex.ReadText(text, l) })
}

// readClause reads a clause as one of no tradition.
func (ix *Index) readClause(c corpus.Clause) lexicon.Reading {
	return ix.readings.of(readText{c.Wording(), c.Language, c.TextOffset()}, func() lexicon.Reading { return ix.lex.Read(c, corpus.TraditionUnknown) })
}
