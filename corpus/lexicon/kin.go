package lexicon

import (
	"io/fs"
	"maps"
	"slices"
)

// sharedNames is in how many languages two concepts must have a name in common to be
// kin: in one it may be chance, as with the bank of a river.
const sharedNames = 2

// loadKin reads the concepts that texts name for each other without one being the
// broader: an accident and an incident, a plot and a site.
func (lex *Lexicon) loadKin(fsys fs.FS) error {
	t, err := readTable(fsys, "data/kin.tsv", "concept", "kin", "source")
	if err != nil {
		return err
	}
	seen := map[[2]ConceptID]bool{}
	for _, r := range t.rows {
		pair := [2]ConceptID{ConceptID(r.cells[0]), ConceptID(r.cells[1])}
		for _, id := range pair {
			if _, known := lex.concepts[id]; !known {
				return r.bad("write two concepts of the term tables", "the concept %q is not known", id)
			}
		}
		if pair[0] == pair[1] || seen[pair] || seen[[2]ConceptID{pair[1], pair[0]}] {
			return r.bad("write two concepts, once", "%q and %q are one concept, or stand here already", pair[0], pair[1])
		}
		if r.cells[2] == "" {
			return r.bad("write own or a vocabulary", "the row has no source")
		}
		seen[pair] = true
		lex.kin = append(lex.kin, pair)
	}
	return nil
}

// Kin lists for each concept those that texts name for it, sorted: the rows of
// data/kin.tsv, and the concepts that have a name in common in at least two languages,
// such as a plate and a sheet. It says what may be meant and not what is the same: a
// search looks for kin behind the concept itself.
func (lex *Lexicon) Kin() map[ConceptID][]ConceptID {
	pairs := map[[2]ConceptID]bool{}
	for _, ids := range lex.trie.ends { // in order of id
		for i, a := range ids {
			for _, b := range ids[i+1:] {
				pairs[[2]ConceptID{a, b}] = true
			}
		}
	}
	maps.DeleteFunc(pairs, func(p [2]ConceptID, _ bool) bool { return !lex.shareNames(p[0], p[1]) })
	for _, pair := range lex.kin {
		pairs[pair] = true
	}
	out := map[ConceptID][]ConceptID{}
	for pair := range pairs {
		out[pair[0]], out[pair[1]] = append(out[pair[0]], pair[1]), append(out[pair[1]], pair[0])
	}
	for id, list := range out {
		slices.Sort(list)
		out[id] = slices.Compact(list)
	}
	return out
}

// shareNames tells whether two concepts have a name in common in enough languages.
func (lex *Lexicon) shareNames(a, b ConceptID) bool {
	in, other := 0, lex.concepts[b].Forms
	for language, forms := range lex.concepts[a].Forms {
		if slices.ContainsFunc(forms, func(form string) bool { return slices.Contains(other[language], form) }) {
			in++
		}
	}
	return in >= sharedNames
}
