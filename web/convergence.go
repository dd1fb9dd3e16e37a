package web

import (
	"cmp"
	"context"
	"fmt"
	"net/url"

	"concord/corpus"
	"concord/review"
)

// convergenceRow is how far two jurisdictions have come in one domain, both
// directions together.
type convergenceRow struct {
	A, B        corpus.Jurisdiction
	Domain      corpus.Domain
	Forth, Back review.Coverage
	Percent     int // accepted either way, of the normative clauses of both
	Normative   int
	Decided     int // with an agreed counterpart or agreed to have none
	Done        int // Decided of Normative in percent
	Href        string
}

// Open counts the clauses nobody has agreed on yet.
func (r convergenceRow) Open() int { return r.Normative - r.Decided }

// converge pairs the two directions of counts by jurisdiction. Convergence is
// (accepted from A to B + accepted from B to A) / (clauses of A + clauses of B): a
// mean weighted by clauses, so that a short standard that accepts everything does
// not hide a long one that accepts nothing.
func converge(list []review.Coverage, domain corpus.Domain) []convergenceRow {
	back := map[[2]string]review.Coverage{}
	for _, c := range list {
		back[[2]string{c.From, c.To}] = c
	}
	var out []convergenceRow
	for _, c := range list {
		other, both := back[[2]string{c.To, c.From}]
		if c.From == c.To || both && c.From > c.To {
			continue
		}
		r := convergenceRow{A: corpus.Jurisdiction(c.From), B: corpus.Jurisdiction(c.To), Domain: domain, Forth: c, Back: other,
			Normative: c.Normative + other.Normative, Decided: c.Confirmed + c.Absent + other.Confirmed + other.Absent}
		if r.Normative == 0 {
			continue
		}
		r.Percent, r.Done = percent(c.Accepted+other.Accepted, r.Normative), percent(r.Decided, r.Normative)
		r.Href = "/coverage?domain=" + url.QueryEscape(string(domain)) + "&from=" + url.QueryEscape(c.From) + "&to=" + url.QueryEscape(c.To)
		out = append(out, r)
	}
	return out
}

// closestFirst orders rows by the share that is decided, then by how little is
// left, then by name.
func closestFirst(x, y convergenceRow) int {
	return cmp.Or(cmp.Compare(y.Decided*x.Normative, x.Decided*y.Normative), cmp.Compare(x.Open(), y.Open()),
		cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B), cmp.Compare(x.Domain, y.Domain))
}

// convergence counts each pair of jurisdictions in each domain, or only what the
// page is about.
func (s *Server) convergence(ctx context.Context, p *coveragePage) error {
	domains := corpus.Domains
	if p.Filter.Domain != "" {
		domains = []corpus.Domain{p.Filter.Domain}
	}
	for _, domain := range domains {
		narrow := p.Filter.CoverageFilter
		narrow.Domain, narrow.Binding = domain, true // what must be looked at again is not done
		list, err := s.store.CoverageOf(ctx, "jurisdiction", narrow)
		if err != nil {
			return fmt.Errorf("count the convergence: %w", err)
		}
		for _, r := range converge(list, domain) {
			if p.From == "" && p.To == "" || r.A == p.From && r.B == p.To || r.A == p.To && r.B == p.From {
				p.Convergence = append(p.Convergence, r)
			}
		}
	}
	corpus.SortRows(p.Convergence, closestFirst)
	return nil
}
