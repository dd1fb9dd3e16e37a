package main

import (
	"cmp"
	"context"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/reader"
	"concord/corpus/termbase"
	"concord/corpus/translation"
	"concord/store"
)

// Bounds of a harvest (our own): how many candidates one brings, and how surely two
// words must render each other to be one.
const (
	maxHarvest   = 5000
	leastLearned = 0.3
)

// Harvest looks for pairs of forms that may be names of one thing, surest first: in
// definitions that print their term in two languages, in the same definition of two
// parallel editions, and among the learned translations in use. Pairs that the terms
// know already are left out. It reads every standard once.
func (p *program) Harvest(ctx context.Context) ([]termbase.Candidate, error) {
	h := harvest{p: p, seen: map[[4]string]bool{}, definitions: map[corpus.StandardID][]corpus.Clause{}, whole: map[corpus.StandardID]bool{}}
	holdings, err := p.store.Standards(ctx)
	if err != nil {
		return nil, err
	}
	for _, held := range holdings {
		h.whole[held.Standard.ID] = held.Standard.Rights == corpus.RightsFull
		if err := h.definitionsOf(ctx, held.Standard); err != nil {
			return nil, err
		}
	}
	editions := corpus.EditionsOf(holdings)
	for _, held := range holdings {
		for _, other := range editions.Parallel(held.Standard) {
			if held.Standard.ID < other.Standard.ID {
				h.parallel(held.Standard.ID, other.Standard.ID)
			}
		}
	}
	if err := h.learned(ctx); err != nil {
		return nil, err
	}
	return h.found[:min(len(h.found), maxHarvest)], nil
}

// harvest gathers candidates.
type harvest struct {
	p           *program
	found       []termbase.Candidate
	seen        map[[4]string]bool
	definitions map[corpus.StandardID][]corpus.Clause
	whole       map[corpus.StandardID]bool // standards whose texts are shown whole
}

// add takes in a pair that nobody knows yet.
func (h *harvest) add(a, b termbase.Term, from termbase.CandidateFrom, inA, inB corpus.ClauseID) {
	c, ok := termbase.NewCandidate(a, b, from, inA, inB)
	if !ok || h.seen[c.Key()] {
		return
	}
	h.seen[c.Key()] = true
	lex := h.p.terms.now.Load()
	names := lex.Named(c.Rendering, c.Target)
	if !slices.ContainsFunc(lex.Named(c.Word, c.Source), func(id lexicon.ConceptID) bool { return slices.Contains(names, id) }) {
		h.found = append(h.found, c)
	}
}

// definitionsOf takes in the definitions of a standard that print two languages.
func (h *harvest) definitionsOf(ctx context.Context, s corpus.Standard) error {
	clauses, err := h.p.store.ClausesOf(ctx, s.ID)
	if err != nil {
		return err
	}
	doc := &corpus.Document{Standard: s}
	for _, c := range clauses {
		if c = s.Rights.Shown(c); c.Kind == corpus.KindDefinition {
			c.Language = cmp.Or(c.Language, s.Language)
			doc.Clauses = append(doc.Clauses, c)
		}
	}
	h.definitions[s.ID] = doc.Clauses
	for _, t := range reader.NamedTerms(doc) {
		for i, a := range t.Names {
			for _, b := range t.Names[i+1:] {
				h.add(termbase.Term{Language: a.Language, Text: a.Text}, termbase.Term{Language: b.Language, Text: b.Text}, termbase.FromDefinition, t.Clause, t.Clause)
			}
		}
	}
	for _, c := range doc.Clauses {
		if own, english, ok := bilingual(termLine(c)); ok {
			h.add(termbase.Term{Language: c.Language, Text: own}, termbase.Term{Language: "en", Text: english}, termbase.FromDefinition, c.ID, c.ID)
		}
	}
	return nil
}

// parallel pairs the definitions of two editions by number.
func (h *harvest) parallel(a, b corpus.StandardID) {
	others := corpus.ByNumber(h.definitions[b])
	for _, x := range h.definitions[a] {
		y, there := others[x.Number]
		if there && x.Number != "" && x.Heading != "" && y.Heading != "" {
			h.add(termbase.Term{Language: x.Language, Text: x.Heading}, termbase.Term{Language: y.Language, Text: y.Heading}, termbase.FromEditions, x.ID, y.ID)
		}
	}
}

// learned takes in the learned translations in use that nobody answered, the strongest
// first.
func (h *harvest) learned(ctx context.Context) error {
	tables, err := h.p.store.TranslationTables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if !t.InUse {
			continue
		}
		l, err := h.p.store.Translations(ctx, t.Table.Source, t.Table.Target, t.Table.Number)
		if err != nil {
			return err
		}
		answers, err := h.p.store.TranslationAnswers(ctx, t.Table.Source, t.Table.Target)
		if err != nil {
			return err
		}
		status := store.StatusOf(answers)
		entries := slices.DeleteFunc(l.Table.Entries, func(e translation.Entry) bool {
			return e.Under >= 0 || e.Strength() < leastLearned || status(e.Source, e.Target) == translation.Rejected
		})
		corpus.SortRows(entries, func(a, b translation.Entry) int { return cmp.Compare(b.Strength(), a.Strength()) })
		for _, e := range entries {
			var in [2]corpus.ClauseID
			if len(e.Examples) > 0 {
				in = l.Clauses[e.Examples[0]]
			}
			if !h.whole[in[0].Standard()] || !h.whole[in[1].Standard()] {
				continue // its words are those of a text that is not shown
			}
			h.add(termbase.Term{Language: t.Table.Source, Text: e.SourcePrinted}, termbase.Term{Language: t.Table.Target, Text: e.TargetPrinted}, termbase.FromLearned, in[0], in[1])
		}
	}
	return nil
}
