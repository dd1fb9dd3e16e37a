package termbase

import (
	"cmp"
	"slices"
	"strings"

	"concord/corpus"
)

// ConflictKind says in what two entries contradict each other.
type ConflictKind string

// The kinds of conflicts. A word may well name two concepts, and a concept have
// two definitions: both are shown to a person and neither is an error.
const (
	// ConflictWord is one word that is a name of two concepts.
	ConflictWord ConflictKind = "word"
	// ConflictDefinition is one word with two different definitions.
	ConflictDefinition ConflictKind = "definition"
	// ConflictStatus is one word that is preferred here and not to be used there.
	ConflictStatus ConflictKind = "status"
)

// Conflict is a word that two or more entries use.
type Conflict struct {
	Kind     ConflictKind    `json:"kind"`
	Language corpus.Language `json:"language"`
	Word     string          `json:"word"`
	Entries  []string        `json:"entries"` // ids, sorted
}

// use is a term of an entry.
type use struct {
	entry      string
	term       Term
	definition string
}

// Conflicts lists the words that several entries use, by language and word. The
// gravest kind is said: a status, then a definition, then the word alone. The
// language counts without its region.
func Conflicts(entries []Entry) []Conflict {
	uses := map[[2]string][]use{}
	for _, e := range entries {
		for _, t := range e.Terms {
			key := [2]string{string(t.Language.Base()), Fold(t.Text)}
			if list := uses[key]; len(list) > 0 && list[len(list)-1].entry == e.ID {
				continue
			}
			uses[key] = append(uses[key], use{e.ID, t, either(e.Definition(t.Language), e.Definition(""))})
		}
	}
	var out []Conflict
	for _, list := range uses {
		if len(list) < 2 {
			continue
		}
		c := Conflict{Kind: kindOf(list), Language: list[0].term.Language.Base(), Word: list[0].term.Text}
		for _, u := range list {
			c.Entries = append(c.Entries, u.entry)
			c.Word = min(c.Word, u.term.Text)
		}
		slices.Sort(c.Entries)
		out = append(out, c)
	}
	corpus.SortRows(out, func(a, b Conflict) int {
		return cmp.Or(cmp.Compare(a.Language, b.Language), strings.Compare(a.Word, b.Word))
	})
	return out
}

func kindOf(list []use) ConflictKind {
	kind := ConflictWord
	for i, a := range list {
		for _, b := range list[i+1:] {
			if a.term.Status.Usable() != b.term.Status.Usable() {
				return ConflictStatus
			}
			if a.definition != "" && b.definition != "" && Fold(a.definition) != Fold(b.definition) {
				kind = ConflictDefinition
			}
		}
	}
	return kind
}

// Usable tells whether a term of this status should be used in new texts.
func (s Status) Usable() bool { return s == Preferred || s == Admitted || s == Proposed }
