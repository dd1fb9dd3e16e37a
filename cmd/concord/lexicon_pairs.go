package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/translation"
	"concord/review"
	"concord/store"
)

// The kinds of pairs that translations are learned from.
const (
	fromEditions = "editions" // the same standard in two languages, clause by clause
	fromTerms    = "terms"    // the terms of definitions, in both editions or printed side by side
	fromMatches  = "matches"  // agreed matches that say the same
)

// learnedFrom lists the kinds in the order they are gathered.
var learnedFrom = []string{fromEditions, fromTerms, fromMatches}

// gathered are the pairs of texts in two languages, with the clauses they are from.
type gathered struct {
	pairs   []translation.Pair
	clauses [][2]corpus.ClauseID
	origin  store.Origin
}

// gathering collects pairs by language.
type gathering struct {
	p     *program
	from  []string
	found map[translation.Languages]*gathered
}

// gatherPairs collects the pairs of everything in the store. named are further
// parallel editions that a person names.
func (p *program) gatherPairs(ctx context.Context, from []string, named [][2]corpus.StandardID) (map[translation.Languages]*gathered, error) {
	g := &gathering{p: p, from: from, found: map[translation.Languages]*gathered{}}
	holdings, err := p.store.Standards(ctx)
	if err != nil {
		return nil, err
	}
	standards := make(map[corpus.StandardID]corpus.Standard, len(holdings))
	var ids []corpus.StandardID
	for _, h := range holdings {
		standards[h.Standard.ID] = h.Standard
		ids = append(ids, h.Standard.ID)
	}
	slices.Sort(ids)
	var pairs [][2]corpus.StandardID
	editions := corpus.EditionsOf(holdings)
	for _, a := range ids {
		for _, p := range editions.Parallel(standards[a]) {
			if b := p.Standard.ID; a < b {
				pairs = append(pairs, [2]corpus.StandardID{a, b})
			}
		}
	}
	for _, n := range named {
		for _, id := range n {
			if _, there := standards[id]; !there {
				return nil, fmt.Errorf("--editions names %s, which is not in the store: %w", id, corpus.ErrNotFound)
			}
		}
		if !slices.Contains(pairs, n) && !slices.Contains(pairs, [2]corpus.StandardID{n[1], n[0]}) {
			pairs = append(pairs, n)
		}
	}
	for _, pair := range pairs {
		if err := g.editions(ctx, pair[0], pair[1]); err != nil {
			return nil, err
		}
	}
	if slices.Contains(from, fromTerms) {
		for _, id := range ids {
			if err := g.bilingualTerms(ctx, id); err != nil {
				return nil, err
			}
		}
	}
	if slices.Contains(from, fromMatches) {
		err = g.matches(ctx)
	}
	return g.found, err
}

// add takes in a pair of texts.
func (g *gathering) add(kind string, a, b corpus.Clause, textA, textB string) *gathered {
	key, turned := translation.NewLanguages(a.Language, b.Language)
	if turned {
		a, b, textA, textB = b, a, textB, textA
	}
	x := g.found[key]
	if x == nil {
		x = &gathered{origin: store.Origin{Pairs: map[string]int{}}}
		g.found[key] = x
	}
	x.pairs = append(x.pairs, translation.Pair{
		Source: translation.Read(g.p.lexicon, textA, key[0]), Target: translation.Read(g.p.lexicon, textB, key[1]),
	})
	x.clauses = append(x.clauses, [2]corpus.ClauseID{a.ID, b.ID})
	x.origin.Pairs[kind]++
	return x
}

// editions pairs the clauses of two editions by number.
func (g *gathering) editions(ctx context.Context, a, b corpus.StandardID) error {
	first, err := g.p.store.ClausesOf(ctx, a)
	if err != nil {
		return err
	}
	others, err := g.p.store.ClausesOf(ctx, b)
	if err != nil {
		return err
	}
	own, second := corpus.ByNumber(first), corpus.ByNumber(others)
	var used bool
	for _, x := range first {
		y, there := second[x.Number]
		if !there || own[x.Number].ID != x.ID || y.Language.Base() == x.Language.Base() {
			continue
		}
		var to *gathered
		if slices.Contains(g.from, fromEditions) {
			to = g.add(fromEditions, x, y, x.Wording(), y.Wording())
		}
		if slices.Contains(g.from, fromTerms) && x.Kind == corpus.KindDefinition && x.Heading != "" && y.Heading != "" {
			to = g.add(fromTerms, x, y, x.Heading, y.Heading)
		}
		if to != nil && !used {
			used = true
			pair := [2]corpus.StandardID{a, b}
			if _, turned := translation.NewLanguages(x.Language, y.Language); turned {
				pair = [2]corpus.StandardID{b, a}
			}
			to.origin.Editions = append(to.origin.Editions, pair)
		}
	}
	return nil
}

// bilingualTerms pairs a term with the English one printed behind it, as GB
// standards do in their terms and definitions ("防火分区 fire compartment").
func (g *gathering) bilingualTerms(ctx context.Context, id corpus.StandardID) error {
	all, err := g.p.store.ClausesOf(ctx, id)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Kind != corpus.KindDefinition {
			continue
		}
		own, english, ok := bilingual(termLine(c))
		if ok {
			other := c
			other.Language = "en"
			g.add(fromTerms, c, other, own, english)
		}
	}
	return nil
}

// termLine is the line of a definition that holds its term.
func termLine(c corpus.Clause) string {
	if c.Heading != "" {
		return c.Heading
	}
	line, _, _ := strings.Cut(c.Text, "\n")
	return line
}

// maxTermLine is the longest line that is taken for a term, in characters.
const maxTermLine = 120

// bilingual parts a term in another script from the words in Latin letters at its
// end.
func bilingual(line string) (own, english string, ok bool) {
	if utf8.RuneCountInString(line) > maxTermLine {
		return "", "", false
	}
	last := -1 // where the last letter of another script ends
	for i, r := range line {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			last = i + utf8.RuneLen(r)
		}
	}
	if last < 0 {
		return "", "", false
	}
	own, english = strings.TrimSpace(line[:last]), strings.Trim(line[last:], " \t\u00a0\u3000()（）:：;；,，/")
	letters := strings.IndexFunc(own, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
	return own, english, letters < 0 && utf8.RuneCountInString(english) >= 3 && !strings.ContainsAny(english, ".。;；")
}

// matches pairs the clauses of agreed matches of one to one that say the same,
// decided on the present texts.
func (g *gathering) matches(ctx context.Context) error {
	dossiers, err := g.p.store.Dossiers(ctx)
	if err != nil {
		return err
	}
	settled := false
	for _, d := range dossiers {
		f := review.Filter{Dossier: d.ID, States: []review.State{review.StateConfirmed}, Suspect: &settled, Limit: review.MaxPage}
		for {
			page, err := g.p.store.Matches(ctx, f)
			if err != nil {
				return err
			}
			for _, m := range page.Matches {
				if err := g.match(ctx, m); err != nil {
					return err
				}
			}
			if f.Cursor = page.Next; page.Next == "" {
				break
			}
		}
	}
	return nil
}

// match takes in one agreed match.
func (g *gathering) match(ctx context.Context, m review.Match) error {
	if len(m.Sources) != 1 || len(m.Targets) != 1 || m.Outcome == nil ||
		m.Outcome.Verdict != review.Verdict(corpus.RelationIdentical) && m.Outcome.Verdict != review.Verdict(corpus.RelationEquivalent) {
		return nil
	}
	clauses, err := g.p.store.Clauses(ctx, m.Sources[0], m.Targets[0])
	if err != nil || len(clauses) != 2 || clauses[0].Language.Base() == clauses[1].Language.Base() {
		return err
	}
	to := g.add(fromMatches, clauses[0], clauses[1], clauses[0].Wording(), clauses[1].Wording())
	if id := m.Dossier.String(); !slices.Contains(to.origin.Dossiers, id) {
		to.origin.Dossiers = append(to.origin.Dossiers, id)
	}
	return nil
}
