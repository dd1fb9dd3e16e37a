package web

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

// side is one side of a match.
type side struct {
	Standard corpus.Standard
	Name     corpus.Title
	Clauses  []sideClause
	Degree   lexicon.Degree
	Amended  []effectRow // what amendments do to the clauses
}

// sideClause is one clause with what stands around it.
type sideClause struct {
	Wording
	Before, After []Wording
	Prev          *Ref // when the neighbours are not shown inline
	Glossed       bool // the text is in another language than the page
	Gloss         []glossRow
	Aid           *aidText // nil where no edition of the text is in a language to read
}

// bench is what the parts of a workbench are made from. They read proposal; made
// is there to tell what rights keep back.
type bench struct {
	s        *Server
	a        asker
	shelf    shelf
	clauses  map[corpus.ClauseID]corpus.Clause // also a side of several as one
	made     *matcher.Proposal                 // as the matcher made it, nil without a comparison
	proposal *matcher.Proposal                 // as the person may see it
	atA, atB map[int]string                    // anchors of the differences, by their number
}

// newBench puts a comparison on the bench, within the rights of both texts.
func newBench(s *Server, a asker, sh shelf, m review.Match, clauses map[corpus.ClauseID]corpus.Clause, made *matcher.Proposal) bench {
	b := bench{s: s, a: a, shelf: sh, clauses: maps.Clone(clauses), made: made}
	if made == nil {
		return b
	}
	clauses = b.clauses
	for _, side := range [][]corpus.ClauseID{m.Sources, m.Targets} {
		one, _ := matcher.Join(inTurn(side, clauses))
		clauses[one.ID] = one
	}
	of := func(id corpus.ClauseID) reach { return reachOf(clauses[id], sh[id.Standard()].Standard.Rights) }
	shown := proposalShown(*made, of(made.Source), of(made.Target))
	b.proposal, b.atA, b.atB = &shown, anchors(&shown, true), anchors(&shown, false)
	return b
}

// sides fills in both texts.
func (b bench) sides(ctx context.Context, p *workbenchPage, m review.Match) error {
	over := corpus.OverlaysOf(slices.Collect(maps.Values(b.shelf)))
	var err error
	if len(m.Sources) > 0 {
		if p.A, err = b.side(ctx, over, m.Sources[0].Standard(), m.Sources, true); err != nil {
			return err
		}
	}
	against := m.Against
	if len(m.Targets) > 0 {
		against = m.Targets[0].Standard()
	}
	p.B, err = b.side(ctx, over, against, m.Targets, false)
	return err
}

// inlineNeighbours is the largest standard of which all clauses are read to
// show what stands around one.
const inlineNeighbours = 3000

// side makes one side with its marked texts and neighbours.
func (b bench) side(ctx context.Context, over *corpus.Overlays, id corpus.StandardID, ids []corpus.ClauseID, isA bool) (side, error) {
	h := b.shelf[id]
	if h.Standard.ID == "" {
		h.Standard = corpus.Standard{ID: id, Designation: string(id), Language: "und"}
	}
	out := side{Standard: h.Standard, Name: h.Standard.Title(corpus.Language(b.a.words.tag))}
	var around []corpus.Clause
	if h.Clauses > 0 && h.Clauses <= inlineNeighbours && len(ids) > 0 {
		var err error
		if around, err = b.s.store.Around(ctx, id, ids...); err != nil {
			return out, fmt.Errorf("read what stands around %s: %w", ids[0], err)
		}
	}
	for _, id := range ids {
		c, found := b.clauses[id]
		if !found {
			c = corpus.Clause{ID: id, Standard: id.Standard(), Label: id.Key(), Language: h.Standard.Language}
		}
		r := b.s.reading(c, h.Standard)
		sc := sideClause{Wording: wording(c, h.Standard, append(readingLayers(r), b.layers(id, isA)...))}
		sc.Before, sc.After = neighbours(around, c, h.Standard)
		sc.Glossed, sc.Gloss = c.Language.Base() != corpus.Language(b.a.words.tag).Base(), b.s.gloss(c, h.Standard, b.a)
		if sc.Glossed {
			var err error
			if sc.Aid, err = b.s.aid(ctx, c, h.Standard, b.a); err != nil {
				return out, err
			}
		}
		if out.Degree == "" {
			out.Degree = strongest(r)
		}
		out.Clauses = append(out.Clauses, sc)
	}
	var err error
	out.Amended, err = b.s.amending(ctx, over, h.Standard, ids)
	return out, err
}

// layers are the marks of the comparison on one clause: aligned terms with
// their numbers, and the places of differences.
func (b bench) layers(id corpus.ClauseID, isA bool) []layer {
	p := b.proposal
	if p == nil {
		return nil
	}
	parts, target := p.Sides()
	if !isA {
		parts = target
	}
	here := slices.IndexFunc(parts, func(part matcher.Part) bool { return part.Clause == id })
	if here < 0 {
		return nil
	}
	var out []layer
	for i, al := range shownAlignments(p) {
		span := al.Target
		if isA {
			span = al.Source
		}
		out = append(out, layer{span: span, class: "al", n: i + 1})
	}
	at := b.atB
	if isA {
		at = b.atA
	}
	for i, d := range p.Differences {
		spans := d.SpansB
		if isA {
			spans = d.SpansA
		}
		for j, span := range spans {
			l := layer{span: span, class: differenceClass(d, isA)}
			if j == 0 {
				l.id = at[i]
			}
			out = append(out, l)
		}
	}
	return within(parts[here], out)
}

// anchors names the first place of every difference on one side. Differences
// that begin at the same place share one name, for a place has only one.
func anchors(p *matcher.Proposal, isA bool) map[int]string {
	letter := "b"
	if isA {
		letter = "a"
	}
	byStart, out := map[int]string{}, map[int]string{}
	for i, d := range p.Differences {
		spans := d.SpansB
		if isA {
			spans = d.SpansA
		}
		if len(spans) == 0 {
			continue
		}
		start := spans[0].Start
		if byStart[start] == "" {
			byStart[start] = fmt.Sprintf("d-%s-%d", letter, i)
		}
		out[i] = byStart[start]
	}
	return out
}

// shownAlignments are the alignments that get a number: concepts, words and
// citations once each, at most 24, in the order given.
func shownAlignments(p *matcher.Proposal) []matcher.Alignment {
	var out []matcher.Alignment
	for _, al := range p.Alignments {
		overlaps := slices.ContainsFunc(out, func(have matcher.Alignment) bool {
			return overlap(have.Source, al.Source) || overlap(have.Target, al.Target)
		})
		if !overlaps && len(out) < 24 {
			out = append(out, al)
		}
	}
	return out
}

func overlap(a, b lexicon.Span) bool { return a.Start < b.End && b.Start < a.End }

// differenceClass is how the place of a difference is marked.
func differenceClass(d matcher.Difference, isA bool) string {
	only := matcher.FindingOnlyB
	if isA {
		only = matcher.FindingOnlyA
	}
	switch {
	case d.Finding == matcher.FindingEqual:
		return ""
	case d.Aspect == matcher.AspectTerm && d.Finding == only:
		return "only"
	case d.Aspect == matcher.AspectTerm:
		return ""
	}
	return "diff"
}

// neighbours are up to two clauses before and after one, and nothing when the
// standard's clauses were not read.
func neighbours(all []corpus.Clause, c corpus.Clause, std corpus.Standard) (before, after []Wording) {
	at := slices.IndexFunc(all, func(x corpus.Clause) bool { return x.ID == c.ID })
	if at < 0 {
		return nil, nil
	}
	for i := max(0, at-2); i < at; i++ {
		before = append(before, wording(all[i], std, nil))
	}
	for i := at + 1; i < min(len(all), at+3); i++ {
		after = append(after, wording(all[i], std, nil))
	}
	return before, after
}
