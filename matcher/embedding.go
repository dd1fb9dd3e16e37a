package matcher

import (
	"slices"

	"concord/corpus"
	"concord/corpus/embedding"
	"concord/matcher/sparse"
)

// Embeddings are vectors of wordings from a model outside of this program: one
// more signal and one more way of finding candidates, off unless somebody gives
// them. A clause without a vector has neither; nothing else depends on them. They
// count in a matcher's corpus alone and never in Compare, which must say the same
// whatever else is kept.
type Embeddings struct {
	Model   string // as the endpoint names it; proposals name it too
	Vectors map[corpus.Digest]embedding.Vector
}

// Embed gives the matcher vectors for the next Load. Texts that are not in the
// map are matched without.
func (m *Matcher) Embed(e Embeddings) {
	if len(e.Vectors) == 0 {
		return
	}
	m.embeddings = e
	m.model.Version += " + " + e.Model
}

// enoughForMean is from how many vectors on a language has a mean of its own.
// Our own choice: below, a mean is mostly the few texts themselves.
const enoughForMean = 30

// embedded is what a collection knows of its vectors.
type embedded struct {
	vectors map[corpus.Digest]embedding.Vector
	means   map[corpus.Language]*embedding.Mean
	all     embedding.Mean
}

// newEmbedded gives every clause that has one its vector, as it is seen from the
// mean of its language: what all texts of a language share says nothing of two of
// them, and would tie clauses of one language together.
func (m *Matcher) newEmbedded(col *collection) *embedded {
	if len(m.embeddings.Vectors) == 0 {
		return nil
	}
	e := &embedded{vectors: m.embeddings.Vectors, means: make(map[corpus.Language]*embedding.Mean)}
	for place := range col.size {
		c := col.clause(place)
		v, there := e.vectors[c.Digest()]
		if !there {
			continue
		}
		lang := col.lang(place)
		if e.means[lang] == nil {
			e.means[lang] = &embedding.Mean{}
		}
		e.means[lang].Add(v)
		e.all.Add(v)
	}
	for place := range col.size { // what was read before there were means
		if k := col.shelf.kept[place].Load(); k != nil {
			k.meaning = e.of(col.clause(place).Digest(), col.lang(place))
		}
	}
	return e
}

// of is a clause's vector, the zero one where there is none.
func (e *embedded) of(text corpus.Digest, lang corpus.Language) embedding.Vector {
	if e == nil {
		return embedding.Vector{}
	}
	v, there := e.vectors[text]
	switch mean := e.means[lang]; {
	case !there:
		return embedding.Vector{}
	case mean != nil && mean.Len() >= enoughForMean:
		return mean.From(v)
	case e.all.Len() >= enoughForMean:
		return e.all.From(v)
	}
	return v
}

// embeddingsValue is how far the two clauses' vectors point the same way.
func embeddingsValue(c *comparison) float64 { return max(0, c.a.meaning.Cosine(c.b.meaning)) }

// findEmbedded adds the likest clauses by their vectors to the sums, and their
// likeness to those found otherwise. Every vector in the ranges is looked at, so
// above so many targets as are studied together it is left to the other rankings
// to find.
func (m *Matcher) findEmbedded(col *collection, v *view, ranges []sparse.Range, depth int, sums map[int]float64) {
	if col.embedded == nil || v.meaning.Dimensions() == 0 || size(ranges) > maxPairingTargets {
		return
	}
	weights := m.weights[signalAt("embeddings")]
	var likest []scored
	for _, r := range ranges {
		for doc := r.Lo; doc < r.Hi; doc++ {
			if score := weights[side(col.lang(doc) != v.lang)] * v.meaning.Cosine(m.meaningAt(col, doc)); score > 0 {
				likest = append(likest, scored{doc, score})
			}
		}
	}
	slices.SortFunc(likest, byScore)
	for i, x := range likest {
		if _, found := sums[x.doc]; found || i < depth {
			sums[x.doc] += x.score
		}
	}
}
