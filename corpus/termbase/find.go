package termbase

import "strings"

// Words is what an entry can be found by, folded: its id, terms, definitions,
// domain, notes and file.
func (e Entry) Words() string {
	parts := []string{e.ID, e.Domain, e.Note, e.Origin.File}
	for _, t := range e.Terms {
		parts = append(parts, t.Text, t.Note)
	}
	for _, d := range e.Definitions {
		parts = append(parts, d.Text)
	}
	return Fold(strings.Join(parts, " "))
}

// Has tells whether an entry has every word of a query, in any language and any
// part of a word.
func (e Entry) Has(query string) bool { return HasWords(e.Words(), query) }

// HasWords is Has on what Words gave.
func HasWords(words, query string) bool {
	for _, w := range strings.Fields(Fold(query)) {
		if !strings.Contains(words, w) {
			return false
		}
	}
	return true
}
