package index

import (
	"cmp"
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2/search/query"
)

// foundBy says for each hit of a page by what it was found.
func (ix *Index) foundBy(ctx context.Context, p plan, states []state, page []found, hits []Hit) error {
	ways := ix.ways(p)
	for n, s := range states {
		var here []int // of the page, by their numbers in the state
		for i, h := range page {
			if h.state == n {
				here = append(here, i)
			}
		}
		if len(here) == 0 {
			continue
		}
		slices.SortFunc(here, func(a, b int) int { return cmp.Compare(page[a].doc, page[b].doc) })
		docs := make([]uint32, len(here))
		for i, h := range here {
			docs[i] = page[h].doc
		}
		for _, way := range ways {
			by := make([]bool, len(docs))
			for _, q := range way.any {
				if err := ix.lists.mark(ctx, s, q, docs, by); err != nil {
					return err
				}
			}
			for i, h := range here {
				if by[i] && !(way.otherwise && hits[h].By != nil) {
					hits[h].By = append(hits[h].By, way.name)
				}
			}
		}
	}
	return nil
}

// way is one manner of being found.
type way struct {
	name      string
	any       []query.Query
	otherwise bool // said where no way before it found the clause
}

// ways are the manners a plan can find by, in the order they are shown.
func (ix *Index) ways(p plan) []way {
	related, parts := way{name: "related", otherwise: true}, way{name: "part", otherwise: true}
	word, concept, learned, number, citation := way{name: "word"}, way{name: "term"}, way{name: "learned"}, way{name: "number"}, way{name: "citation"}
	for _, u := range p.units {
		for _, l := range p.fields(u.text) {
			word.any = append(word.any, p.wordQuery(u, l, textField(l), p.near(u)), p.wordQuery(u, l, headingField(l), p.near(u)))
		}
		word.any = append(word.any, neutralQuery(tokenName+fold(u.text)), neutralQuery(tokenNumber+fold(u.text)))
		for _, id := range u.concepts {
			concept.any = append(concept.any, neutralQuery(tokenConcept+string(id)))
			for _, e := range ix.conceptEvidence(nil, 0, id) {
				related.any = append(related.any, e.query)
			}
		}
		for _, id := range slices.Concat(slices.Concat(ix.saidWays(p, u)...)...) {
			parts.any = append(parts.any, neutralQuery(tokenConcept+string(id)))
		}
	}
	for _, known := range p.learned {
		for _, e := range p.renderedBy(0, known.Into) {
			learned.any = append(learned.any, e.query)
		}
	}
	for _, t := range p.phrases {
		word.any = append(word.any, p.phraseQuery(t))
	}
	for _, a := range p.values() {
		number.any = append(number.any, a.query())
	}
	for _, token := range p.numbers {
		number.any = append(number.any, neutralQuery(token))
	}
	for _, token := range p.cited {
		citation.any = append(citation.any, neutralQuery(token))
	}
	return slices.DeleteFunc([]way{word, concept, learned, number, citation, parts, related}, func(w way) bool { return len(w.any) == 0 })
}
