package index

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2/search/query"

	"concord/corpus/lexicon"
)

// Bounds of respelling: words of a query that are looked up, and what one may name.
const (
	maxRespelt  = 3
	maxMeanings = 4
)

// respell gives the words of a longer query that neither the terms nor the texts know
// the concepts they may be misspelt from. A query of one word is left to the near
// spellings of the texts, which are taken when nothing else is found.
func (ix *Index) respell(ctx context.Context, p *plan) error {
	if p.query.Exact || len(p.units) < 2 {
		return nil
	}
	var count *counter
	asked := 0
	for i := range p.units {
		u := &p.units[i]
		if len(u.concepts)+len(u.tokens)+len(u.learned) > 0 || !fuzzyUnit(*u) || asked == maxRespelt {
			continue
		}
		asked++
		if count == nil {
			var err error
			if count, err = ix.counter(ctx); err != nil {
				return err
			}
		}
		if ix.written(count, *p, *u) {
			continue
		}
		found := ix.lex.Respell(u.text, p.language)
		found = slices.DeleteFunc(found, func(id lexicon.ConceptID) bool { return slices.Contains(p.query.Without, id) })
		for _, id := range found[:min(maxMeanings, len(found))] {
			u.concepts, u.respelt = append(u.concepts, id), true
			p.found = append(p.found, ix.understood(lexicon.Mention{Concept: id, Span: u.span}, p.present))
		}
	}
	if count == nil {
		return nil
	}
	return errors.Join(count.err, count.close())
}

// written tells whether a text has a unit's word.
func (ix *Index) written(count *counter, p plan, u unit) bool {
	for _, l := range p.fields(u.text) {
		for _, field := range []string{textField(l), headingField(l)} {
			if count.any(p.wordQuery(u, l, field, false)) {
				return true
			}
		}
	}
	return count.any(neutralQuery(tokenName + fold(u.text)))
}

// any tells whether a clause of the whole index answers a query; the first failure
// stays in err.
func (c *counter) any(q query.Query) bool {
	for _, s := range c.states {
		l, err := c.lists.of(c.ctx, s.reader, s.mapping, q)
		if err != nil {
			c.err = errors.Join(c.err, fmt.Errorf("search: %w", err))
			return false
		}
		if len(l.docs) > 0 {
			return true
		}
	}
	return false
}
