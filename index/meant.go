package index

import (
	"context"
	"errors"

	"concord/corpus"
)

// meant is the query as its person may have meant it: each word that no text has and
// that the termbase does not know, as a word of the termbase that is spelt nearly so;
// "" where there is none, or where that finds nothing. A query of which nothing was
// understood is read again without accents, since keyboards of other languages have
// none. It changes no answer: a person decides.
func (ix *Index) meant(ctx context.Context, p *plan) (string, error) {
	if p.query.Exact || len(p.phrases) > 0 {
		return "", nil
	}
	text, looked := p.query.Text, 0
	among := append([]corpus.Language{ix.readText(text, p.query.Language).Language.Base()}, p.present...)
	for i := len(p.units) - 1; i >= 0 && looked < maxRespelt; i-- { // from behind, so that places before stay
		u := p.units[i]
		if u.prefix || !u.respelt && len(u.concepts)+len(u.tokens)+len(u.learned) > 0 || scriptOf(u.text) == scriptHan {
			continue
		}
		looked++
		near, slips := ix.lex.Nearby(u.text, among)
		if near == "" {
			continue
		}
		if u.respelt { // no text has it
			text = text[:u.span.Start] + near + text[u.span.End:]
			continue
		}
		alone := plan{units: p.units[i : i+1], lex: p.lex, present: p.present}
		there, err := ix.count(ctx, &alone)
		if err != nil {
			return "", err
		}
		if there.total == 0 || slips == 0 && len(p.found) == 0 {
			text = text[:u.span.Start] + near + text[u.span.End:]
		}
	}
	if text == p.query.Text {
		return "", nil
	}
	q := p.query
	q.Text = text
	better, err := ix.planOf(q)
	if err != nil {
		return "", nil // longer than may be asked
	}
	finds, err := ix.count(ctx, &better)
	if err != nil || finds.total == 0 {
		return "", err
	}
	return text, nil
}

// count counts what a plan finds, without ranking it.
func (ix *Index) count(ctx context.Context, p *plan) (*tally, error) {
	main, _, err := ix.build(ctx, *p)
	if err != nil {
		return nil, err
	}
	states, release, err := ix.states(p.query.Jurisdictions)
	if err != nil {
		return nil, err
	}
	_, counts, err := ix.collect(ctx, states, main, p.query, 0)
	return counts, errors.Join(err, release())
}

// otherChoices counts the values of each filter that narrows a query as if that filter
// were not set: a person who chose one country sees what another would add. The other
// filters narrow on.
func (ix *Index) otherChoices(ctx context.Context, p plan, into map[string][]Count) error {
	q := p.query
	for _, filter := range []struct {
		field string
		set   bool
		clear func(*Query)
	}{
		{"jurisdiction", q.Jurisdictions != nil, func(q *Query) { q.Jurisdictions = nil }},
		{"language", q.Languages != nil, func(q *Query) { q.Languages = nil }},
		{"domain", q.Domains != nil, func(q *Query) { q.Domains = nil }},
		{"issuer", q.Issuers != nil, func(q *Query) { q.Issuers = nil }},
		{"obligation", q.Obligations != nil, func(q *Query) { q.Obligations = nil }},
		{"status", q.Statuses != nil, func(q *Query) { q.Statuses = nil }},
		{FacetQuantity, q.Quantities != nil, func(q *Query) { q.Quantities = nil }},
		{FacetState, q.States != nil, func(q *Query) { q.States = nil }},
	} {
		if !filter.set {
			continue
		}
		p.query = q
		filter.clear(&p.query)
		counts, err := ix.count(ctx, &p)
		if err != nil {
			return err
		}
		into[filter.field] = counts.facets()[filter.field]
	}
	return nil
}
