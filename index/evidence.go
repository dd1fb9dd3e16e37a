package index

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// enough is the share of a query's weight that a clause must have (our own
// choice between all, which misses what another language says otherwise, and
// any; the order still puts first what has it all). One of four is little: with
// more, clauses that have the one thing that matters stayed away.
const enough = 0.25

// With a range of values it must have more of the words, since the value alone
// says little; what measures the asked thing itself gets a weight on top.
const (
	enoughOfValue = 0.6
	worthMeasured = 3
	worthQuality  = 0.3 // "height" in "guardrail height >= 1 m": texts say "1 m high" as well
)

// quality tells whether a unit names what a range of values is of: a concept that
// is measured in the dimension and not in any.
func (p plan) quality(u unit) bool {
	return slices.ContainsFunc(p.asked, func(a Asked) bool {
		return slices.ContainsFunc(u.concepts, func(id lexicon.ConceptID) bool {
			return p.lex.Names(id, a.Dimension)
		})
	})
}

// rank gathers the evidence for every unit, and weighs the units.
func (ix *Index) rank(ctx context.Context, p plan) (*rankQuery, error) {
	count, err := ix.counter(ctx)
	if err != nil {
		return nil, err
	}
	q := &rankQuery{lists: &ix.lists, evidence: []evidence{{neutralQuery(tokenHeading), slotHeading, 0}}}
	share := enough
	if len(p.asked) > 0 {
		share = enoughOfValue
	}
	for _, u := range p.units {
		a := asked{slot: q.slot(), weight: ix.weight(count, u)}
		if len(p.units) > 1 && p.quality(u) {
			a.weight *= worthQuality
		}
		q.evidence = append(q.evidence, p.unitEvidence(ix, a.slot, u)...)
		p.addLearned(q, &a, u)
		q.asked = append(q.asked, a)
		q.least += share * a.weight
	}
	ix.addParts(q, count, p)
	for _, r := range p.asked {
		a := asked{slot: q.slot(), weight: worthMeasured}
		for _, id := range r.Measures {
			q.evidence = append(q.evidence, evidence{neutralQuery(measuredToken(r.Dimension, id)), a.slot, 1})
		}
		q.asked = append(q.asked, a)
	}
	return q, errors.Join(count.err, count.close())
}

// What evidence is worth beside the word or concept itself (own choices).
const (
	worthConcept = 0.97 // a concept; the query's own words come first
	worthHeading = 0.9  // a word in a heading, perhaps of a chapter
	worthPath    = 0.85 // a concept in the headings above the clause
	worthNarrow  = 0.8  // a narrower concept
	worthKin     = 0.6  // a concept that texts name for it
	worthBroad   = 0.5  // the broader concept
)

// unitEvidence looks for a unit as words in every field of its script, as its
// concepts and their kin, and as a name, number or citation.
func (p plan) unitEvidence(ix *Index, slot int, u unit) []evidence {
	var out []evidence
	for _, l := range p.fields(u.text) {
		out = append(out, evidence{p.wordQuery(u, l, textField(l), p.near(u)), slot, 1}, evidence{p.wordQuery(u, l, headingField(l), p.near(u)), slot, worthHeading})
	}
	for _, id := range u.concepts {
		out = ix.conceptEvidence(out, slot, id)
	}
	tokens := u.tokens
	if !u.prefix {
		tokens = append(slices.Clone(tokens), tokenName+fold(u.text), tokenNumber+fold(u.text), standardTokens(u.text)[0])
	}
	for _, token := range tokens {
		out = append(out, evidence{neutralQuery(token), slot, 1})
	}
	return out
}

// conceptEvidence looks for a concept, its broader and its narrower ones and its
// kin, and for it in the headings above a clause.
func (ix *Index) conceptEvidence(out []evidence, slot int, id lexicon.ConceptID) []evidence {
	out = append(out, evidence{neutralQuery(tokenConcept + string(id)), slot, worthConcept}, evidence{neutralQuery(tokenPath + string(id)), slot, worthPath})
	if c, _ := ix.lex.Concept(id); c.Broader != "" {
		out = append(out, evidence{neutralQuery(tokenConcept + string(c.Broader)), slot, worthBroad})
	}
	for _, narrow := range ix.narrower[id] {
		out = append(out, evidence{neutralQuery(tokenConcept + string(narrow)), slot, worthNarrow})
	}
	for _, kin := range ix.kin[id] {
		out = append(out, evidence{neutralQuery(tokenConcept + string(kin)), slot, worthKin})
	}
	return out
}

// namesAsked is how many of a concept's names in a language are looked into for
// the concepts inside them; the preferred ones come first.
const namesAsked = 3

// addParts lets a unit's term be found by the concepts inside it: those of its
// wording, and those of its names in the languages of the texts, since what is
// an exit and a sign in one language is evacuation, a lamp and a direction in
// another. One concept alone is no way of saying a term. Where the query names
// such a part beside the term ("minimum cover of the concrete"), a clause that
// has the term has the part.
func (ix *Index) addParts(q *rankQuery, count *counter, p plan) {
	slots := map[lexicon.ConceptID]int{}
	for i, u := range p.units {
		ways := ix.saidWays(p, u)
		for _, way := range ways {
			if len(way) < 2 {
				continue
			}
			parts := make([]part, len(way))
			for n, any := range way {
				parts[n] = ix.part(q, count, any, slots)
			}
			q.asked[i].say(parts)
		}
		for k, other := range p.units {
			names := func(way [][]lexicon.ConceptID) bool { return len(way) >= 2 && namesAny(way, other.concepts) }
			if k == i || !slices.ContainsFunc(ways, names) {
				continue
			}
			for _, id := range u.concepts {
				q.evidence = append(q.evidence, evidence{neutralQuery(tokenConcept + string(id)), q.asked[k].slot, worthImplied})
			}
		}
	}
}

// saidWays are the ways of saying a unit's term by the concepts inside it.
func (ix *Index) saidWays(p plan, u unit) [][][]lexicon.ConceptID {
	ways := [][][]lexicon.ConceptID{inside(u.parts)}
	for _, id := range u.concepts {
		ways = ix.insideNames(ways, id, p.present)
	}
	return ways
}

// part makes a slot of a stretch that names any of some concepts.
func (ix *Index) part(q *rankQuery, count *counter, any []lexicon.ConceptID, slots map[lexicon.ConceptID]int) part {
	slot, known := slots[any[0]]
	if !known {
		slot = q.slot()
		slots[any[0]] = slot
	}
	p := part{slot: slot}
	for _, id := range any {
		if !known {
			q.evidence = append(q.evidence, evidence{neutralQuery(tokenConcept + string(id)), slot, 1})
		}
		p.share = max(p.share, ix.conceptWeight(count, id))
	}
	return p
}

// namesAny tells whether a way of saying a term names one of some concepts.
func namesAny(way [][]lexicon.ConceptID, ids []lexicon.ConceptID) bool {
	return slices.ContainsFunc(slices.Concat(way...), func(id lexicon.ConceptID) bool { return slices.Contains(ids, id) })
}

// inside groups mentions by the stretches they name: the longest that do not
// overlap, each with all its concepts.
func inside(mentions []lexicon.Mention) [][]lexicon.ConceptID {
	sorted := slices.Clone(mentions)
	slices.SortStableFunc(sorted, func(a, b lexicon.Mention) int {
		return cmp.Or(b.Span.End-b.Span.Start-a.Span.End+a.Span.Start, a.Span.Start-b.Span.Start)
	})
	var out [][]lexicon.ConceptID
	var spans []lexicon.Span
	for _, m := range sorted {
		if i := slices.Index(spans, m.Span); i >= 0 {
			out[i] = append(out[i], m.Concept)
		} else if !slices.ContainsFunc(spans, func(s lexicon.Span) bool { return s.Start < m.Span.End && m.Span.Start < s.End }) {
			spans = append(spans, m.Span)
			out = append(out, []lexicon.ConceptID{m.Concept})
		}
	}
	return out
}

// insideNames adds the concepts inside each of a concept's first names in some
// languages to the ways of saying it, without those that are there already.
func (ix *Index) insideNames(ways [][][]lexicon.ConceptID, id lexicon.ConceptID, languages []corpus.Language) [][][]lexicon.ConceptID {
	c, _ := ix.lex.Concept(id)
	for _, l := range languages {
		forms := c.Forms[l]
		for _, name := range forms[:min(namesAsked, len(forms))] {
			within := slices.DeleteFunc(slices.Clone(ix.readText(name, l).Concepts), func(m lexicon.Mention) bool { return m.Span.End-m.Span.Start == len(name) })
			way := inside(within)
			same := func(other [][]lexicon.ConceptID) bool { return slices.EqualFunc(other, way, slices.Equal) }
			if !slices.ContainsFunc(ways, same) {
				ways = append(ways, way)
			}
		}
	}
	return ways
}

// Weights of units (own choices): a word that names no concept is taken to be in
// one clause of so many, and counts less, since no text of another language can
// have it; nothing counts as rarer than one in so many; the general vocabulary
// (maximum, ensure, location) counts less than the terms of a trade.
const (
	unnamed     = 100
	worthWord   = 0.6
	rarest      = 300
	worthCommon = 0.4
)

// weight is how rare a unit is: its concept in all texts, since the texts that
// name it in other languages answer as well.
func (ix *Index) weight(count *counter, u unit) float64 {
	switch {
	case len(u.concepts) > 0:
		w := 0.0
		for i, id := range u.concepts {
			if c := ix.conceptWeight(count, id); i == 0 || c < w {
				w = c
			}
		}
		return w
	case len(u.tokens) > 0:
		var n uint64
		for _, token := range u.tokens {
			n = max(n, count.of(fieldNeutral, token))
		}
		return rarity(max(n, count.all/rarest), count.all)
	}
	return worthWord * rarity(count.all/unnamed, count.all)
}

// conceptWeight is how rare a concept is.
func (ix *Index) conceptWeight(count *counter, id lexicon.ConceptID) float64 {
	w := rarity(max(count.of(fieldNeutral, tokenConcept+string(id)), count.all/rarest), count.all)
	if c, _ := ix.lex.Concept(id); c.Domain == "general" {
		w *= worthCommon
	}
	return w
}
