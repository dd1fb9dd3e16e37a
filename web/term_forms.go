package web

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
)

// maxFormClauses is how many clauses of one language are read for the forms in them;
// the page says how many there are.
const maxFormClauses = 2 * index.MaxPageSize

// seenForms are the written forms that texts of one language have of a term.
type seenForms struct {
	Language    corpus.Language
	Forms       []seenForm // the commonest first
	Read, Found int        // clauses that were read, and that the index finds
}

// seenForm is one written form.
type seenForm struct {
	Text   string
	Times  int
	Search string // address of the search for it
}

// formsSeen asks the index which clauses name the concept of an entry and counts how
// they write it, language by language. Words of a text that may not be shown are not
// counted.
func (s *Server) formsSeen(ctx context.Context, row termRow) ([]seenForms, error) {
	concept := s.conceptRead(row)
	ctx, leave, err := s.searching(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.search.Search(ctx, index.Query{Concepts: []lexicon.ConceptID{concept}, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("find the clauses of a term: %w", err)
	}
	var out []seenForms
	for _, v := range all.Facets["language"] {
		one := seenForms{Language: corpus.Language(v.Value), Found: v.Count}
		q := index.Query{Concepts: []lexicon.ConceptID{concept}, Languages: []corpus.Language{one.Language}, Limit: index.MaxPageSize, Order: index.OrderStandard}
		times := map[string]int{}
		for ; q.From < maxFormClauses; q.From += q.Limit {
			found, err := s.search.Search(ctx, q)
			if err != nil {
				return nil, fmt.Errorf("find the clauses of a term: %w", err)
			}
			var ids []corpus.ClauseID
			for _, h := range found.Hits {
				ids = append(ids, h.Clause)
			}
			clauses, err := s.store.Clauses(ctx, ids...)
			if err != nil {
				return nil, fmt.Errorf("read the clauses of a term: %w", err)
			}
			one.Found = found.Total
			one.Read += len(clauses)
			for _, c := range clauses {
				std, text := sh[c.Standard].Standard, c.Wording()
				reach := reachOf(c, std.Rights)
				for _, m := range s.reading(c, std).Concepts {
					if m.Concept == concept && m.Span.End <= reach.shown {
						times[strings.ToLower(strings.Join(strings.Fields(text[m.Span.Start:m.Span.End]), " "))]++
					}
				}
			}
			if len(found.Hits) < q.Limit {
				break
			}
		}
		for key, n := range times {
			v := url.Values{"q": {key}, "language": {string(one.Language)}, "exact": {"1"}}
			one.Forms = append(one.Forms, seenForm{key, n, withQuery("/search", v)})
		}
		corpus.SortRows(one.Forms, func(a, b seenForm) int { return cmp.Or(b.Times-a.Times, strings.Compare(a.Text, b.Text)) })
		if one.Read > 0 {
			out = append(out, one)
		}
	}
	return out, nil
}

// conceptRead is the concept that texts are read with where they have the terms of an
// entry: a user's entry may be the name of a shipped concept.
func (s *Server) conceptRead(row termRow) lexicon.ConceptID {
	own, times := row.concept(), map[lexicon.ConceptID]int{}
	best := own
	if s.read == nil { // a server that reads no texts
		return own
	}
	for _, t := range row.Terms {
		for _, m := range s.read.Read(corpus.Clause{Text: t.Text, Language: t.Language}, "").Concepts {
			if m.Span.End-m.Span.Start != len(t.Text) {
				continue
			}
			if m.Concept == own {
				return own
			}
			times[m.Concept]++
			if best == own || times[m.Concept] > times[best] || times[m.Concept] == times[best] && m.Concept < best {
				best = m.Concept
			}
		}
	}
	return best
}

// languagesFirst brings the language of the page, if there, to the front.
func languagesFirst(list []seenForms, in corpus.Language) {
	if at := slices.IndexFunc(list, func(x seenForms) bool { return x.Language.Base() == in }); at > 0 {
		x := list[at]
		copy(list[1:at+1], list[:at])
		list[0] = x
	}
}
