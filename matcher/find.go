package matcher

import (
	"slices"

	"concord/matcher/sparse"
)

// findDepth is how deep each ranking is asked for a number of candidates, so
// that what is middling in several rankings can still win in their sum.
func findDepth(limit int) int { return max(100, 2*limit) }

// find ranks the clauses in the ranges by the weighted sum of the rankings'
// cosines. pair, where it is known, adds the learned renderings of the words and
// the surroundings of source, which is below 0 for a clause of another text.
func (m *Matcher) find(col *collection, v *view, ranges []sparse.Range, pair *pairing, source, limit int) []scored {
	sums := make(map[int]float64)
	add := func(ix *sparse.Index, query []sparse.Term, signal int) {
		for _, h := range ix.Search(query, ranges, findDepth(limit)) {
			if w := m.weights[signal][side(col.facts[h.Doc].lang != v.lang)]; w > 0 {
				sums[h.Doc] += w * h.Score
			}
		}
	}
	for i, r := range rankings {
		if len(col.rankings) == 0 {
			break
		}
		add(col.rankings[i], col.terms(v.rankingVector(i)), signalAt(r.signal))
	}
	if pair != nil && pair.table.forward != nil {
		add(col.rankings[wordRanking], col.translated(v, pair.table.forward, pair.targetWords), signalAt("learned"))
	}
	if pair != nil {
		surroundings, level := m.weights[signalAt("surroundings")], m.weights[signalAt("language")]
		for doc := range sums {
			lang := col.facts[doc].lang
			i := side(lang != v.lang)
			sums[doc] += surroundings[i]*pair.surroundings.between(source, pair.targetAt[doc]) + level[i]*pair.levels[lang]
		}
	}
	m.findEmbedded(col, v, ranges, findDepth(limit), sums)
	if query := col.translatedQuery(v); len(query) > 0 {
		add(col.rankings[wordRanking], query, signalAt("translated"))
	}
	out := make([]scored, 0, len(sums))
	for doc, score := range sums {
		out = append(out, scored{doc, score})
	}
	slices.SortFunc(out, byScore)
	return out[:min(limit, len(out))]
}

// rankingVector is the view's vector for a ranking.
func (v *view) rankingVector(i int) vector {
	return [...]vector{v.words, v.concepts, v.tokens, v.grams, v.heads}[i]
}

// signalAt is a signal's place in the list.
func signalAt(name string) int {
	return slices.IndexFunc(signals, func(s signal) bool { return s.name == name })
}

// translated is the query's words in the other standards' words.
func (col *collection) translated(v *view, table [][]association, other []termID) []sparse.Term {
	var out []sparse.Term
	for i, n := range v.local {
		if n < 0 {
			continue
		}
		for _, a := range table[n] {
			if number, ok := col.number[other[a.other]]; ok {
				out = append(out, sparse.Term{ID: number, Weight: float32(float64(v.words.terms[i].w*a.strength) / v.words.norm)})
			}
		}
	}
	return out
}
