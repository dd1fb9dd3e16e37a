package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
)

// diffRow is one row of the table of what differs.
type diffRow struct {
	Aspect   matcher.Aspect
	What     string // the concept it is about, in the language of the page
	A, B     string // as printed
	LangA    corpus.Language
	LangB    corpus.Language
	Finding  matcher.Finding
	Factor   string
	Delta    string
	AtA, AtB string // anchors in both texts, "" for none
	Hidden   bool   // the rights of a standard keep its words back
	at       int    // number of the difference
	Struck   bool   // somebody marked it on this match as read wrongly
	Marks    []misreadMark
	Places   []misreadPlace // what can be marked
	Match    uuid.UUID      // whose row it is, where marks are shown
	Writing  bool           // an answer is being written beside it, which a mark takes along
}

// bounds prints the signs of limits as people write them.
var bounds = strings.NewReplacer(">=", "≥", "<=", "≤")

// termsRow sums up the terms of both sides.
type termsRow struct {
	Aligned      int
	OnlyA, OnlyB []string
}

// Any tells whether there is anything to say about terms.
func (t termsRow) Any() bool { return t.Aligned+len(t.OnlyA)+len(t.OnlyB) > 0 }

// whyRow is one reason of a proposal.
type whyRow struct {
	Signal string
	From   int // pairs of clauses it was learned from, 0 where it was not
	Value  float64
	Effect float64
	A, B   []string // the words that show it
	Bar    bar
}

// bar is a bar to the right for an effect that speaks for the pair and to the
// left for one that speaks against; numbers are attributes of an SVG that is
// 100 wide.
type bar struct {
	X, Width int
	Against  bool
}

// compare fills in everything the proposal says.
func (b bench) compare(p *workbenchPage) {
	pr := b.proposal
	if pr == nil {
		return
	}
	p.Compared, p.Relation, p.Model = true, pr.Relation, pr.Model
	p.Score, p.Percent = pr.Score, int(pr.Confidence*100+0.5)
	p.Sure = sure(pr.Confidence)
	p.Terms.Aligned = len(shownAlignments(pr))
	for i, d := range pr.Differences {
		if d.Aspect == matcher.AspectTerm {
			p.Terms.add(d)
			continue
		}
		row := b.diffRow(p, d, i)
		if d.Finding == matcher.FindingEqual {
			p.Same = append(p.Same, row)
		} else {
			p.Differs = append(p.Differs, row)
		}
	}
	p.Whys = b.whys()
}

// sureFrom is where high and medium confidence begin. On crosswalks made by people
// nine of ten proposals from 0.6 on were right, and every fourth from 0.2 on
// (docs/quality.md, Confidence).
var sureFrom = []struct {
	word string
	from float64
}{{"high", 0.6}, {"medium", 0.2}, {"low", 0}}

// sure puts a confidence, the chance that a proposal is right, into one of three
// words.
func sure(confidence float64) string {
	word, _, _ := sureBand(confidence)
	return word
}

// sureBand is the word of a confidence, with where its band begins and ends.
func sureBand(confidence float64) (word string, from, to float64) {
	to = 2 // above every confidence
	for _, band := range sureFrom {
		if confidence >= band.from {
			return band.word, band.from, to
		}
		to = band.from
	}
	return "low", 0, to
}

// fewSettled is the number of settled suggestions below which their share says
// little (our own, as fewAnswers).
const fewSettled = 30

// record says what became of suggestions as sure as this one, where enough are
// settled: a calibrated share beside the word (UX.md 7.2).
func (s *Server) record(ctx context.Context, p *workbenchPage, confidence float64) error {
	if !p.Compared || !p.Explained {
		return nil
	}
	_, from, to := sureBand(confidence)
	kept, n, err := s.store.Kept(ctx, from, to)
	if err != nil {
		return fmt.Errorf("count what became of suggestions: %w", err)
	}
	if n >= fewSettled {
		p.Record = &keptShare{kept, n}
	}
	return nil
}

// keptShare is how many of the settled suggestions were kept.
type keptShare struct{ Kept, N int }

// mostTerms bounds how many terms of one side the table lists.
const mostTerms = 12

// add adds a term that only one side has.
func (t *termsRow) add(d matcher.Difference) {
	switch {
	case d.Finding == matcher.FindingOnlyA && d.A != "" && len(t.OnlyA) < mostTerms:
		t.OnlyA = append(t.OnlyA, d.A)
	case d.Finding == matcher.FindingOnlyB && d.B != "" && len(t.OnlyB) < mostTerms:
		t.OnlyB = append(t.OnlyB, d.B)
	}
}

// diffRow makes a row of the table.
func (b bench) diffRow(p *workbenchPage, d matcher.Difference, i int) diffRow {
	row := diffRow{
		at: i, Aspect: d.Aspect, A: bounds.Replace(d.A), B: bounds.Replace(d.B), Finding: d.Finding,
		LangA: p.A.Standard.Language, LangB: p.B.Standard.Language,
		Hidden: d.A != b.made.Differences[i].A || d.B != b.made.Differences[i].B,
	}
	if d.Concept != "" {
		row.What = b.s.label(d.Concept, corpus.Language(b.a.words.tag))
	}
	if d.Factor > 0 && d.Finding != matcher.FindingEqual {
		row.Factor = b.a.words.decimal(d.Factor)
	}
	if d.Delta != 0 && d.Finding != matcher.FindingEqual {
		row.Delta = b.a.words.decimal(d.Delta)
		if d.Delta > 0 {
			row.Delta = "+" + row.Delta
		}
		if d.Unit != "" {
			row.Delta += " " + d.Unit
		}
	}
	if row.A != "" {
		row.AtA = b.atA[i]
	}
	if row.B != "" {
		row.AtB = b.atB[i]
	}
	return row
}

// whys are the reasons with bars, drawn against the strongest.
func (b bench) whys() []whyRow {
	most := 0.0
	for _, r := range b.proposal.Reasons {
		most = max(most, abs(r.Effect))
	}
	var out []whyRow
	for _, r := range b.proposal.Reasons {
		row := whyRow{
			Signal: r.Signal, From: r.LearnedFrom, Value: r.Value, Effect: r.Effect, Bar: newBar(r.Effect, most),
			A: b.quoted(b.proposal.Source, r.Source), B: b.quoted(b.proposal.Target, r.Target),
		}
		out = append(out, row)
	}
	return out
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}

// newBar draws an effect from the middle, half the width for the strongest.
func newBar(effect, most float64) bar {
	if most == 0 {
		return bar{X: 50}
	}
	width := int(abs(effect)/most*50 + 0.5)
	if effect < 0 {
		return bar{X: 50 - width, Width: width, Against: true}
	}
	return bar{X: 50, Width: width}
}

// quoted are the words at a reason's places, at most eight.
func (b bench) quoted(id corpus.ClauseID, spans []lexicon.Span) []string {
	text := b.clauses[id].Wording()
	var out []string
	for _, sp := range spans {
		from, to := runeStart(text, sp.Start), runeStart(text, sp.End)
		if from >= to {
			continue
		}
		word := strings.TrimSpace(clip(text[from:to], 90))
		if word != "" && !contains(out, word) && len(out) < 8 {
			out = append(out, word)
		}
	}
	return out
}
