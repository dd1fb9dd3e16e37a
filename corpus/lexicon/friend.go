package lexicon

import (
	"slices"
	"strings"

	"concord/corpus"
)

// spot is where the terms of one word meet: the stem, by its number.
type spot struct {
	lang corpus.Language
	stem int32
}

// lonely is a term of one word.
type lonely struct {
	spot
	concept ConceptID
	written string
}

// printed is a word as it is written in a language.
type printed struct {
	lang corpus.Language
	text string
}

// written is a folded word without what its language writes onto the front.
func written(text string, lang corpus.Language) string {
	if lang == "ar" {
		return withoutClitics(text)
	}
	return text
}

// falseFriends notes what a word does not name although its stem does: Spanish
// "salida" (exit) has the stem of "sala" (room). Concepts whose terms share a stem
// in one language alone share it by chance, and there the word as written decides;
// those that share it in two and more are kin (install, installation).
func (lex *Lexicon) falseFriends(terms []lonely) {
	at := map[spot][]lonely{}
	for _, t := range terms {
		at[t.spot] = append(at[t.spot], t)
	}
	type pair struct{ a, b ConceptID }
	shared := map[pair]int{} // languages
	for _, list := range at {
		seen := map[pair]bool{}
		for _, a := range list {
			for _, b := range list {
				if p := (pair{a.concept, b.concept}); a.concept != b.concept && !seen[p] {
					seen[p] = true
					shared[p]++
				}
			}
		}
	}
	lex.friends = map[printed][]ConceptID{}
	for _, list := range at {
		for _, a := range list {
			w := printed{a.lang, a.written}
			if lex.friends[w] != nil || a.written == "" {
				continue
			}
			for _, b := range list {
				chance := !slices.ContainsFunc(list, func(c lonely) bool {
					return c.written == a.written && (c.concept == b.concept || shared[pair{c.concept, b.concept}] > 1)
				})
				if chance && !slices.Contains(lex.friends[w], b.concept) {
					lex.friends[w] = append(lex.friends[w], b.concept)
				}
			}
		}
	}
}

// befriend lets a word name a concept that it did not, since somebody says so.
func (lex *Lexicon) befriend(w printed, id ConceptID) {
	if slices.Contains(lex.friends[w], id) {
		lex.friends[w] = slices.DeleteFunc(slices.Clone(lex.friends[w]), func(not ConceptID) bool { return not == id })
	}
}

// plurals are endings with which a word is still itself, in the languages that
// add them to it.
var plurals = []string{"", "s", "es", "x"}

// termsIn is termsAt without what a word alone names by its stem only.
func (lex *Lexicon) termsIn(f Folded, tokens []token, i int, out []found) []found {
	out = lex.termsAt(tokens, i, out)
	for n := range out {
		if t := &out[n]; t.last == t.first && len(t.concepts) > 1 && !tokens[i].han {
			t.concepts = lex.withoutFriends(tokens[i], f.Text, t.concepts)
		}
	}
	return out
}

// withoutFriends leaves out what the word of a token does not name.
func (lex *Lexicon) withoutFriends(t token, text string, concepts []ConceptID) []ConceptID {
	w := written(text[t.start:t.end], t.lang)
	for _, ending := range plurals {
		stem, ok := strings.CutSuffix(w, ending)
		if not := lex.friends[printed{t.lang, stem}]; ok && not != nil {
			return slices.DeleteFunc(slices.Clone(concepts), func(id ConceptID) bool { return slices.Contains(not, id) })
		}
	}
	return concepts
}
