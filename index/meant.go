package index

import (
	"context"
	"errors"

	"concord/corpus"
)

// mostMistyped bounds how many words of a query are looked up by near spellings.
const mostMistyped = 3

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
	for i := len(p.units) - 1; i >= 0 && looked < mostMistyped; i-- { // from behind, so that places before stay
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
	for field, chosen := range map[string]bool{
		"jurisdiction": q.Jurisdictions != nil, "language": q.Languages != nil, "domain": q.Domains != nil, "issuer": q.Issuers != nil,
		"obligation": q.Obligations != nil, "status": q.Statuses != nil, FacetQuantity: q.Quantities != nil, FacetState: q.States != nil,
	} {
		if !chosen {
			continue
		}
		p.query = q
		switch field {
		case "jurisdiction":
			p.query.Jurisdictions = nil
		case "language":
			p.query.Languages = nil
		case "domain":
			p.query.Domains = nil
		case "issuer":
			p.query.Issuers = nil
		case "obligation":
			p.query.Obligations = nil
		case "status":
			p.query.Statuses = nil
		case FacetQuantity:
			p.query.Quantities = nil
		case FacetState:
			p.query.States = nil
		}
		counts, err := ix.count(ctx, &p)
		if err != nil {
			return err
		}
		into[field] = counts.facets()[field]
	}
	return nil
}
