package matcher

import (
	"math"

	"concord/corpus/lexicon"
)

// comparison is one pair being compared. What several signals need is computed
// once; signals only read it.
type comparison struct {
	a, b   *view
	across bool // the two sides are in different languages
	pair   *pairing
	si, ti int // places of the two clauses in the pairing, -1 without one

	words, concepts, tokens, grams, heads, phrases overlap
	renderedA, renderedB                           float64 // share of each side's words that the other renders
	early                                          float64 // score of the early signals, once they are added up
}

// newComparison computes the overlaps. w holds the marks of the source's words
// in the learned table; nil without a table.
func newComparison(a, b *view, pair *pairing, si, ti int, w *workspace) *comparison {
	c := &comparison{a: a, b: b, across: a.lang != b.lang, pair: pair, si: si, ti: ti}
	c.concepts, c.tokens = compare(a.concepts, b.concepts), compare(a.tokens, b.tokens)
	c.heads = compare(a.heads, b.heads)
	if !c.across {
		c.words, c.phrases = compare(a.words, b.words), compare(a.phrases, b.phrases)
		return c
	}
	c.grams = compare(a.grams, b.grams)
	if w != nil && pair.table.forward != nil {
		c.renderedB = softOverlap(b.words.terms, b.local, pair.table.backward, w.source)
		w.markTarget(b, true)
		c.renderedA = softOverlap(a.words.terms, a.local, pair.table.forward, w.target)
		w.markTarget(b, false)
	}
	return c
}

// signal is one named reason for or against a pair: a pure function of the
// comparison. spans, where there is one, gives the places that show it.
type signal struct {
	name  string
	late  bool // needs the other signals' scores of the pairing's other clauses
	value func(c *comparison) float64
	spans func(c *comparison) (source, target []lexicon.Span)
	from  func(c *comparison) int // pairs of clauses that what it knows was learned from
}

// signals lists every signal in the order pages show them. Values lie between 0
// and 1 unless a line says otherwise.
var signals = []signal{
	{name: "words", value: func(c *comparison) float64 { return c.words.cosine }, spans: sharedWords},
	{name: "phrases", value: func(c *comparison) float64 { return c.phrases.cosine }},
	{name: "concepts", value: func(c *comparison) float64 { return c.concepts.cosine }, spans: sharedConcepts},
	{name: "learned", value: func(c *comparison) float64 { return math.Sqrt(c.renderedA * c.renderedB) }, spans: renderedWords},
	{name: "translated", value: translatedValue, spans: translatedWords, from: translatedFrom},
	{name: "names", value: func(c *comparison) float64 { return c.tokens.cosine }, spans: sharedTokens},
	{name: "cognates", value: func(c *comparison) float64 { return c.grams.cosine }},
	{name: "embeddings", value: embeddingsValue},
	{name: "headings", value: func(c *comparison) float64 { return c.heads.cosine }},
	{name: "quantities", value: quantitiesValue, spans: quantitySpans},   // -1 to 1
	{name: "obligation", value: obligationValue, spans: obligationSpans}, // -1 to 1
	{name: "citations", value: citationsValue, spans: citationSpans},
	{name: "surroundings", value: surroundingsValue},
	{name: "sections", late: true, value: sectionsValue},
	{name: "language", late: true, value: levelValue},
	{name: "rivals", late: true, value: rivalsValue}, // -1 to 0
}

// total adds up the effects of the signals, or of the early ones alone.
func (m *Matcher) total(c *comparison, late bool) float64 {
	sum, weights := 0.0, m.weightsOf(c)
	for i := range signals {
		s := &signals[i]
		if s.late && !late {
			continue
		}
		if w := weights[i][side(c.across)]; w != 0 {
			v := s.value(c)
			sum += w * v
		}
		if !s.late {
			c.early = sum
		}
	}
	return sum
}

// side is the column of weights: 0 within one language, 1 across languages.
func side(across bool) int {
	if across {
		return 1
	}
	return 0
}

// reasons is total with the reasons written down: the same loop over the same
// functions, so score and explanation cannot disagree.
func (m *Matcher) reasons(c *comparison) (float64, []Reason) {
	sum, weights := 0.0, m.weightsOf(c)
	var out []Reason
	for i := range signals {
		s := &signals[i]
		w := weights[i][side(c.across)]
		if w == 0 {
			continue
		}
		r := Reason{Signal: s.name, Value: s.value(c)}
		r.Effect = w * r.Value
		sum += r.Effect
		if !s.late {
			c.early = sum
		}
		if r.Value == 0 {
			continue
		}
		if s.spans != nil {
			r.Source, r.Target = s.spans(c)
		}
		if s.from != nil {
			r.LearnedFrom = s.from(c)
		}
		out = append(out, r)
	}
	return sum, out
}
