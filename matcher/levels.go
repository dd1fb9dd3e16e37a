package matcher

import (
	"slices"

	"concord/corpus"
)

// levels is what is added to scores of targets in a language where scores run
// lower, so that candidates in several languages can stand in one list: a score
// across languages is on another scale than one within a language. It compares
// how high clauses score that are beside the point, not how high the best do, so
// that a standard in which nothing corresponds is not lifted to one in which
// much does. Our own; the thought is that of score normalisation in metasearch
// (Manmatha, Rath and Feng 2001: scores of irrelevant documents have a scale of
// their own).
type levels map[corpus.Language]float64

// Settings of the levels. Our own choice: which candidate is beside the point
// (any from the third to the thirtieth gives the same order but for the third
// digit), how many candidates are looked at, and of how many sources at most.
const (
	besideThePoint = 10
	levelDepth     = 400
	maxLevelled    = 200
)

// newLevels measures the levels of a pairing whose targets are in several
// languages; there are none to even out in any other.
func (m *Matcher) newLevels(col *collection, p *pairing) levels {
	several := slices.ContainsFunc(p.views, func(v *view) bool { return v.lang != p.views[0].lang })
	if !several {
		return nil
	}
	step := 1 + (len(p.sources)-1)/maxLevelled
	measured := make([]map[corpus.Language]float64, (len(p.sources)+step-1)/step)
	parallel(len(measured), func(k int) { measured[k] = m.beside(col, p, k*step) })
	samples := make(map[corpus.Language][]float64)
	for _, level := range measured {
		for lang, score := range level {
			samples[lang] = append(samples[lang], score)
		}
	}
	out, highest := make(levels), 0.0
	for lang, all := range samples {
		out[lang] = median(all)
		highest = max(highest, out[lang])
	}
	for lang := range out {
		out[lang] = highest - out[lang]
	}
	return out
}

// beside is, by language, what the candidate of a source scores that is beside
// the point; nothing for a language with fewer candidates.
func (m *Matcher) beside(col *collection, p *pairing, source int) map[corpus.Language]float64 {
	scores := make(map[corpus.Language][]float64)
	w := p.workspace(p.sources[source])
	for _, x := range m.find(p.scene(col), asked{view: p.sources[source], at: source, self: -1}, levelDepth) {
		n := p.targetAt[x.doc]
		c := newComparison(p.sources[source], p.views[n], p, source, n, w)
		scores[c.b.lang] = append(scores[c.b.lang], m.total(c, false))
	}
	out := make(map[corpus.Language]float64)
	for lang, all := range scores {
		if len(all) >= besideThePoint {
			slices.Sort(all)
			out[lang] = all[len(all)-besideThePoint]
		}
	}
	return out
}

// levelValue is what the target's language is given.
func levelValue(c *comparison) float64 {
	if c.pair == nil {
		return 0
	}
	return c.pair.levels[c.b.lang]
}
