package index

import (
	"math"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// maxRangeBytes bounds an end of a range as it is written.
const maxRangeBytes = 60

// addRange reads the range of a query's filters, and refuses what is none.
func (ix *Index) addRange(p *plan) error {
	q := &p.query
	for _, name := range q.Quantities {
		if !slices.Contains(valueDimensions, name) {
			return corpus.Refuse(corpus.ErrInvalid, "query-quantity", "{name} is no quantity that can be searched", "name", clipped(name))
		}
	}
	least, hasLeast, err := ix.rangeEnd(q.Least)
	if err != nil {
		return err
	}
	most, hasMost, err := ix.rangeEnd(q.Most)
	if err != nil || !hasLeast && !hasMost {
		return err
	}
	a := Asked{Filter: true, Dimension: least.Dimension, Bound: lexicon.BoundNone, Low: least.Low, High: most.High, Printed: q.Least + "–" + q.Most}
	switch {
	case !hasMost:
		a.Bound, a.High, a.Printed = lexicon.BoundAtLeast, least.Low, q.Least
	case !hasLeast:
		a.Bound, a.Low, a.Printed, a.Dimension = lexicon.BoundAtMost, most.High, q.Most, most.Dimension
	case least.Dimension != most.Dimension:
		return corpus.Refuse(corpus.ErrInvalid, "query-range-two", "{least} and {most} are values of different quantities", "least", q.Least, "most", q.Most)
	case least.Low > most.High:
		return corpus.Refuse(corpus.ErrInvalid, "query-range-turned", "{least} is more than {most}", "least", q.Least, "most", q.Most)
	}
	if len(q.Quantities) > 0 && !slices.Contains(q.Quantities, a.Dimension) {
		return corpus.Refuse(corpus.ErrInvalid, "query-range-other", "the range {range} is of another quantity than the one that is chosen", "range", a.Printed)
	}
	p.narrowed = []Asked{a}
	return nil
}

// values are all ranges of a plan: those of the words, and that of the filters, which
// does not rank.
func (p plan) values() []Asked { return slices.Concat(p.asked, p.narrowed) }

// rangeEnd reads one end of a range, false where it is open. It is a value with a
// unit and nothing else.
func (ix *Index) rangeEnd(text string) (lexicon.Quantity, bool, error) {
	if text = strings.TrimSpace(text); text == "" {
		return lexicon.Quantity{}, false, nil
	}
	if len(text) <= maxRangeBytes {
		found := ix.lex.ReadText(text, "").Quantities
		if len(found) == 1 && slices.Contains(valueDimensions, found[0].Dimension) && !math.IsInf(found[0].Low, 0) && strings.TrimSpace(text[:found[0].Span.Start]+text[found[0].Span.End:]) == "" {
			return found[0], true, nil
		}
	}
	return lexicon.Quantity{}, false, corpus.Refuse(corpus.ErrInvalid, "query-range", "{value} is no value with a unit, as in 900 mm", "value", clipped(text))
}

// clipped is a word of a query as a refusal repeats it.
func clipped(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxRangeBytes)], "")
}
