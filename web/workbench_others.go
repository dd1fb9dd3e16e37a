package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// otherRow is another candidate for the same source.
type otherRow struct {
	matchRow
	Percent int
	Suggest corpus.Relation
	Words   string // beginning of the target's text, as far as rights allow
	Lang    corpus.Language
	Digit   int       // with Shift it leads there, 0 for none
	Differs []diffRow // what its own comparison found, at most otherDiffers
}

// Candidates have so many keys, and show so many differences on their line.
const (
	otherDigits  = 5
	otherDiffers = 3
)

// candidateDiffers are the differences that a candidate's kept comparison found, as far as
// the rights of both texts allow; none when it was made on other texts.
func (s *Server) candidateDiffers(m review.Match, texts map[corpus.ClauseID]corpus.Clause, sh shelf, a asker) []diffRow {
	made := m.Proposal
	if !compared(made, texts) {
		return nil
	}
	b := newBench(s, a, sh, m, texts, made)
	sides := &workbenchPage{A: side{Standard: sh[made.Source.Standard()].Standard}, B: side{Standard: sh[made.Target.Standard()].Standard}}
	var out []diffRow
	for i, d := range b.proposal.Differences {
		if d.Finding != matcher.FindingEqual && d.Aspect != matcher.AspectTerm && len(out) < otherDiffers {
			out = append(out, b.diffRow(sides, d, i))
		}
	}
	return out
}

// ofSource are the matches of the first source in the dossier, surest first.
func (s *Server) ofSource(ctx context.Context, m review.Match) ([]review.Match, error) {
	if len(m.Sources) == 0 {
		return nil, nil
	}
	page, err := s.store.Matches(ctx, review.Filter{Dossier: m.Dossier, Clause: m.Sources[0], Order: review.OrderConfidence, Limit: queueSize})
	if err != nil {
		return nil, fmt.Errorf("find other candidates: %w", err)
	}
	return page.Matches, nil
}

// others are the other ones of the matches of the first source, at most eight; with
// what they are worth where that is explained.
func (s *Server) others(ctx context.Context, m review.Match, list []review.Match, sh shelf, a asker, explained bool) ([]otherRow, error) {
	list = list[:min(len(list), 9)]
	var ids []corpus.ClauseID
	for _, other := range list {
		ids = append(ids, other.Clauses()...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	texts, err := s.clausesByID(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read other candidates: %w", err)
	}
	var out []otherRow
	for _, other := range list {
		if other.ID == m.ID || slices.Equal(other.Clauses(), m.Clauses()) && other.Against == m.Against {
			continue // itself, also where a control poses it
		}
		row := otherRow{matchRow: newMatchRow(other, review.Dossier{Closed: true}, sh, a)}
		if other.Proposal != nil && explained {
			row.Percent, row.Suggest = int(other.Proposal.Confidence*100+0.5), other.Proposal.Relation
		}
		if len(other.Targets) > 0 {
			c := texts[other.Targets[0]]
			w := wording(c, sh[c.Standard].Standard, nil)
			row.Lang, row.Words = c.Language, beginning(w)
		}
		row.Differs = s.candidateDiffers(other, texts, sh, a)
		if len(out) < otherDigits {
			row.Digit = len(out) + 1
		}
		out = append(out, row)
	}
	return out, nil
}

// beginning is the first words of a shown text.
func beginning(w Wording) string {
	var b strings.Builder
	for _, p := range append(slices.Clone(w.Heading), w.Text...) {
		b.WriteString(p.Text)
		if b.Len() > 400 {
			break
		}
	}
	text := []rune(b.String())
	if len(text) > 110 {
		return string(text[:110]) + "…"
	}
	return string(text)
}
