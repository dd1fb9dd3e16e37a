package termbase

import (
	"cmp"
	"fmt"
	"hash/fnv"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// conceptMark begins the ids of concepts that come from entries, so that they
// never are the id of a shipped one.
const conceptMark = "t-"

// ConceptID is the id under which the lexicon knows an entry that is no concept
// it ships: readable ids stay readable, all others are a fingerprint.
func ConceptID(entry string) lexicon.ConceptID {
	h := fnv.New64a()
	h.Write([]byte(entry)) // never fails
	return lexicon.ConceptID(fmt.Sprintf("%s%016x", conceptMark, h.Sum64()))
}

// Overlay makes the entries into concepts for lexicon.With, sorted by id. An
// entry whose terms of two languages or more are names of one and the same
// shipped concept adds its terms to that concept; every other one is a concept
// of its own. Terms that are not to be used are still understood; they come last.
func Overlay(shipped *lexicon.Lexicon, entries []Entry) []lexicon.Concept {
	out := make([]lexicon.Concept, 0, len(entries))
	for _, e := range entries {
		out = append(out, conceptOf(shipped, e))
	}
	corpus.SortRows(out, func(a, b lexicon.Concept) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// conceptOf is an entry as the lexicon takes it in.
func conceptOf(shipped *lexicon.Lexicon, e Entry) lexicon.Concept {
	c := lexicon.Concept{ID: ConceptID(e.ID), Domain: domainOf(e.Domain), Source: either(e.Origin.File, "own"), Forms: map[corpus.Language][]string{}}
	if id, same := Same(shipped, e); same {
		c.ID = id
	}
	for _, t := range e.Terms {
		c.Forms[t.Language.Base()] = append(c.Forms[t.Language.Base()], t.Text)
	}
	return c
}

// domainOf is the domain of the lexicon that a subject field names; anything else
// is of general language.
func domainOf(field string) string {
	switch corpus.Domain(field) {
	case corpus.DomainEngineering, corpus.DomainPark, corpus.DomainDigital:
		return field
	}
	return "general"
}

// Same is the shipped concept that an entry means: the only one that its terms
// name in at least two languages.
func Same(shipped *lexicon.Lexicon, e Entry) (lexicon.ConceptID, bool) {
	named := map[lexicon.ConceptID]map[corpus.Language]bool{}
	for _, t := range e.Terms {
		for _, id := range shipped.Named(t.Text, t.Language) {
			if named[id] == nil {
				named[id] = map[corpus.Language]bool{}
			}
			named[id][t.Language.Base()] = true
		}
	}
	var found []lexicon.ConceptID
	for id, langs := range named {
		if len(langs) >= 2 {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// Shipped shows a concept of the program's own tables as an entry, so that both
// can be looked through together.
func Shipped(c lexicon.Concept) Entry {
	e := Entry{ID: string(c.ID), Domain: c.Domain, Origin: Origin{File: c.Source}}
	for lang, forms := range c.Forms {
		for i, form := range forms {
			status := Admitted
			if i == 0 {
				status = Preferred
			}
			e.Terms = append(e.Terms, Term{Language: lang, Text: form, Status: status})
		}
	}
	return e.Clean()
}
