package matcher

// bm25 measures the baseline.
func (b blinded) bm25() Metrics {
	docs := make([][]string, len(b.targets))
	for i, c := range b.targets {
		docs[i] = bm25Tokens(c)
	}
	ranker := newBM25(docs)
	return b.measure(func(source int) []scored { return ranker.rank(bm25Tokens(b.sources[source])) })
}

// measure averages the metrics of a ranking over the judged sources.
func (b blinded) measure(rank func(source int) []scored) Metrics {
	var all []Metrics
	for i, relevant := range b.relevant {
		if len(relevant) > 0 {
			all = append(all, judge(b.right(rank(i), relevant), len(relevant)))
		}
	}
	return mean(all)
}

// right says for each rank whether its target is a right one. Among targets
// with the very same words and score the right ones are put last: nothing but
// chance could put them first, and an evaluation must not hang on chance.
func (b blinded) right(ranking []scored, relevant map[int]bool) []bool {
	out := make([]bool, len(ranking))
	for i := 0; i < len(ranking); {
		j := i
		for j < len(ranking) && b.same(ranking[i], ranking[j]) {
			j++
		}
		n := 0
		for _, s := range ranking[i:j] {
			if relevant[s.doc] {
				n++
			}
		}
		for k := j - n; k < j; k++ {
			out[k] = true
		}
		i = j
	}
	return out
}

// same tells whether two ranked targets cannot be told apart.
func (b blinded) same(x, y scored) bool {
	return x.score == y.score && b.digests[x.doc] == b.digests[y.doc]
}
