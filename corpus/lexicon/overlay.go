package lexicon

import (
	"maps"
	"slices"
	"sort"

	"concord/corpus"
)

// With is a lexicon that knows more concepts than this one, which stays as it
// is: what the two have in common is shared and what grows is copied. A concept
// whose id is known adds its forms to the known one; the forms that were there
// come first. The same concepts in the same order give the same lexicon. A form
// of function words or of a single letter alone is not looked for in texts.
func (lex *Lexicon) With(more []Concept) *Lexicon {
	if len(more) == 0 {
		return lex
	}
	out := &Lexicon{
		han: lex.han, affixes: lex.affixes, stops: lex.stops, orphans: lex.orphans, phrases: lex.phrases, obligations: lex.obligations,
		bounds: lex.bounds, references: lex.references, conditions: lex.conditions, numbers: lex.numbers, units: lex.units,
		measured: lex.measured, abbreviations: lex.abbreviations, kin: lex.kin,
	}
	out.scratch.New = func() any { s := make([]token, 0, 256); return &s }
	out.vocabulary = lex.vocabulary.clone()
	out.trie = lex.trie.clone()
	out.concepts, out.ids = maps.Clone(lex.concepts), slices.Clone(lex.ids)
	for _, c := range more {
		out.join(c)
	}
	sort.Slice(out.ids, func(i, j int) bool { return out.ids[i] < out.ids[j] })
	out.enter(more, tellsSomething)
	out.recall = newWordMemo()
	return out
}

// join takes over one concept.
func (lex *Lexicon) join(c Concept) {
	have, known := lex.concepts[c.ID]
	if !known {
		lex.ids = append(lex.ids, c.ID)
		have = Concept{ID: c.ID, Domain: c.Domain, Broader: c.Broader, Source: c.Source}
	}
	forms := make(map[corpus.Language][]string, len(have.Forms))
	for lang, list := range have.Forms {
		forms[lang] = slices.Clip(list)
	}
	have.Forms = forms
	have.addForms(c)
	lex.concepts[c.ID] = have
}

// tellsSomething tells whether a form has a word that is no function word, of
// two letters or more or in a script that writes words with one character.
func tellsSomething(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool {
		return !t.stop && t.script != scriptDigit && (t.script == scriptDense || !tooShort(t))
	})
}

// clone is a copy that can grow.
func (v *vocabulary) clone() vocabulary {
	out := vocabulary{ids: make(map[corpus.Language]map[string]int32, len(v.ids)), size: v.size}
	for lang, words := range v.ids {
		out.ids[lang] = maps.Clone(words)
	}
	return out
}

// clone is a copy that can grow. The lists at its ends are clipped, so that a longer
// one is always another one.
func (t *trie) clone() trie {
	out := trie{edges: edges{slices.Clone(t.edges.keys), slices.Clone(t.edges.nodes), t.edges.count}, ends: make([][]ConceptID, len(t.ends)), nodes: t.nodes}
	for node, ids := range t.ends {
		out.ends[node] = slices.Clip(ids)
	}
	return out
}

// Named lists the concepts that a whole term names in a language, in order of id.
func (lex *Lexicon) Named(term string, lang corpus.Language) []ConceptID {
	f := lex.Fold(term, lang)
	tokens := lex.tokens(f, term, lang.Base(), nil)
	if len(tokens) == 0 {
		return nil
	}
	var out []ConceptID
	for _, t := range lex.termsAt(tokens, 0, nil) {
		if t.last == len(tokens)-1 {
			out = append(out, t.concepts...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
