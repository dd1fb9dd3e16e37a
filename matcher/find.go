package matcher

import (
	"slices"

	"concord/matcher/sparse"
)

// findDepth is how deep each ranking is asked for a number of candidates, so
// that what is middling in several rankings can still win in their sum.
func findDepth(limit int) int { return max(100, 2*limit) }

// find ranks the clauses of the scene by the weighted sum of the rankings' cosines.
// A pairing, where there is one, adds the learned renderings of the words and the
// surroundings of the source, which has no number when it is a clause of another
// text.
func (m *Matcher) find(s scene, a asked, limit int) []scored {
	col, v := s.col, a.view
	if len(col.rankings) == 0 {
		return nil
	}
	queries := make([]lookup, 0, len(rankings)+2)
	for i, r := range rankings {
		queries = append(queries, lookup{col.rankings[i], col.terms(*v.sketched()[i]), signalAt(r.signal), nil})
	}
	if s.pair != nil && s.pair.table.forward != nil {
		queries = append(queries, lookup{col.rankings[wordRanking], col.translated(v, s.pair.table.forward, s.pair.targetWords), signalAt("learned"), nil})
	}
	early := len(queries)
	if query := col.translatedQuery(v); len(query) > 0 {
		queries = append(queries, lookup{col.rankings[wordRanking], query, signalAt("translated"), nil})
	}
	depth := findDepth(limit)
	if s.alone {
		parallel(len(queries), func(i int) { queries[i].hits = queries[i].in.SearchWide(queries[i].terms, s.ranges, depth) })
	} else {
		for i, q := range queries {
			queries[i].hits = q.in.Search(q.terms, s.ranges, depth)
		}
	}
	sums := make(map[int]float64, 4*depth)
	add := func(q lookup) {
		for _, h := range q.hits {
			if w := m.weights[q.signal][side(col.lang(h.Doc) != v.lang)]; w > 0 {
				sums[h.Doc] += w * h.Score
			}
		}
	}
	for _, q := range queries[:early] {
		add(q)
	}
	if s.pair != nil {
		surroundings, level := m.weights[signalAt("surroundings")], m.weights[signalAt("language")]
		for doc := range sums {
			lang := col.lang(doc)
			i := side(lang != v.lang)
			sums[doc] += surroundings[i]*s.pair.surroundings.between(a.at, s.pair.targetAt[doc]) + level[i]*s.pair.levels[lang]
		}
	}
	m.findEmbedded(col, v, s.ranges, depth, sums)
	for _, q := range queries[early:] {
		add(q)
	}
	out := make([]scored, 0, len(sums))
	for doc, score := range sums {
		out = append(out, scored{doc, score})
	}
	slices.SortFunc(out, byScore)
	return out[:min(limit, len(out))]
}

// In a corpus of more than tellingFrom clauses, groups of letters that more than
// tellingShare of them have are not kept to find clauses by: they are nine tenths of the
// postings of a question and next to nothing of its score. Left out so of small corpora,
// too, the open sets find a right clause among fifty as often within 0.002
// (docs/quality.md, Speed). Comparing candidates leaves nothing out.
const (
	tellingFrom  = 20_000
	tellingShare = 0.05
)

// tells tells whether clauses are found by a term of a ranking.
func (col *collection) tells(k int, number uint32) bool {
	n := col.size
	return rankings[k].signal != "cognates" || n <= tellingFrom || float64(col.whole.in[number]) <= tellingShare*float64(n)
}

// lookup is one way of finding, with the signal that says what it counts.
type lookup struct {
	in     *sparse.Index
	terms  []sparse.Term
	signal int
	hits   []sparse.Hit
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
			if number, ok := col.whole.numbers.find(other[a.other]); ok {
				out = append(out, sparse.Term{ID: number, Weight: float32(float64(v.words.terms[i].w*a.strength) / v.words.norm)})
			}
		}
	}
	return out
}
