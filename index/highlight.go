package index

import (
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Highlight finds the places of a clause's wording that answer a query: the
// words of the query by their stems, its concepts in any language, what learned
// translations render its words by, its
// quantities and its citations. Spans are in order and do not overlap. A query
// that Search refuses highlights nothing.
func (ix *Index) Highlight(q Query, c corpus.Clause) []lexicon.Span {
	p, err := ix.plan(q)
	if err != nil {
		return nil
	}
	reading := ix.readClause(c)
	var spans []lexicon.Span
	concepts := map[lexicon.ConceptID]bool{}
	stems := map[string]bool{}
	for _, u := range p.units {
		if len(u.tokens) > 0 {
			continue // a number or a designation is found as a whole, its "dB" alone says nothing
		}
		for _, id := range u.concepts {
			concepts[id] = true
		}
		if scriptOf(u.text) == script(c.Language) {
			for _, w := range ix.readText(u.text, c.Language).Words {
				stems[w.Form] = true
			}
		}
	}
	for _, known := range p.learned {
		for _, r := range known.Into {
			if r.Language == c.Language.Base() {
				for _, w := range ix.readText(r.Text, c.Language).Words {
					stems[w.Form] = true
				}
			}
		}
	}
	for _, m := range reading.Concepts {
		if concepts[m.Concept] {
			spans = append(spans, m.Span)
		}
	}
	for _, w := range reading.Words {
		if stems[w.Form] || p.prefixed(w.Form) {
			spans = append(spans, w.Span)
		}
	}
	for _, quantity := range reading.Quantities {
		if sharesToken(quantityTokens(quantity), p.numbers) || slices.ContainsFunc(p.values(), func(a Asked) bool { return a.meets(quantity) }) {
			spans = append(spans, quantity.Span)
		}
	}
	for _, citation := range reading.Citations {
		if sharesToken(standardTokens(citation.Designation), p.cited) {
			spans = append(spans, citation.Span)
		}
	}
	return merge(append(spans, p.phraseSpans(c)...))
}

// prefixed tells whether a word begins with one of the query's prefixes.
func (p plan) prefixed(word string) bool {
	return slices.ContainsFunc(p.units, func(u unit) bool { return u.prefix && strings.HasPrefix(word, fold(u.text)) })
}

// phraseSpans finds the phrases as written, without regard to case.
func (p plan) phraseSpans(c corpus.Clause) []lexicon.Span {
	wording := c.Wording()
	low := strings.ToLower(wording)
	if len(low) != len(wording) {
		low = wording // lower case moved the offsets: look for the exact letters
	}
	var out []lexicon.Span
	for _, t := range p.phrases {
		needle := strings.ToLower(t.text)
		for at := 0; needle != ""; {
			i := strings.Index(low[at:], needle)
			if i < 0 {
				break
			}
			out = append(out, lexicon.Span{Start: at + i, End: at + i + len(needle)})
			at += i + len(needle)
		}
	}
	return out
}

func sharesToken(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// merge orders spans and joins those that touch or overlap.
func merge(spans []lexicon.Span) []lexicon.Span {
	slices.SortFunc(spans, func(a, b lexicon.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	var out []lexicon.Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
