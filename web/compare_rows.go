package web

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

// compareRow is one match in the table or among the conflicts.
type compareRow struct {
	No       int
	Match    uuid.UUID
	State    review.State
	Suspect  bool
	Relation corpus.Relation // "" where there is none or it may not be seen
	Own      bool            // the answer is the reader's own and not agreed
	Blind    bool            // answered, but the answer may not be seen yet
	Lines    []compareLine
	Span     int // lines of the table
	Differs  []limitLine
	More     int // differences that Differs leaves out
	Compared bool
	Forth    corpus.Recognition
	Back     corpus.Recognition
	Search   []string // that were done, of a match without counterpart
	Against  string   // designation of the side without clauses
	Day      time.Time
	Answers  []review.Decision // of conflicts
}

// compareLine is one line of a match's group. A side with fewer clauses lets its
// last one span the rest; a span of 0 means that the cell above reaches here.
type compareLine struct {
	A, B         *Wording // nil where the side has no clause
	SpanA, SpanB int
}

// mostDiffers is how many differences a row of the table lists.
const mostDiffers = 6

// rows makes the rows of a page whose first row is number from, counted from 0.
func (c *comparedPair) rows(list []*comparedMatch, from int) []compareRow {
	out := make([]compareRow, len(list))
	for i, m := range list {
		out[i] = c.row(m)
		out[i].No = from + i + 1
	}
	return out
}

// row makes one row.
func (c *comparedPair) row(m *comparedMatch) compareRow {
	row := compareRow{Match: m.ID, State: m.State, Suspect: m.Suspect, Against: c.shelf.name(m.Against)}
	if len(m.Sources) == 0 {
		row.Against = c.a.standard.Designation
	}
	made := c.differences(m)
	row.Lines = sideBySide(c.wordings(c.a, m.Sources, made.layers(true)), c.wordings(c.b, m.Targets, made.layers(false)))
	row.Span = len(row.Lines)
	row.Compared = made.shown != nil
	for i := range made.rows() {
		if d := c.limitLine(m, made, i); d.Finding != matcher.FindingEqual && d.Aspect != matcher.AspectTerm {
			if len(row.Differs) == mostDiffers {
				row.More++
				continue
			}
			row.Differs = append(row.Differs, d)
		}
	}
	row.answer(m, c.asker.person)
	return row
}

// answer fills in what was said of a match.
func (row *compareRow) answer(m *comparedMatch, p review.Person) {
	if m.State == review.StateDisputed {
		row.Answers = review.Match(m.matchFields).Opinions()
		return
	}
	if o := m.Outcome; o != nil {
		row.Relation = relationOf(o.Verdict)
		row.Forth, row.Back = o.AToB, o.BToA
		for _, d := range m.Decisions {
			if slices.Contains(o.By, d.ID) {
				row.said(d)
			}
		}
		return
	}
	row.Blind = true
	for _, d := range review.Match(m.matchFields).Opinions() {
		if d.Person == p.ID { // review.Shown lets nothing else through
			row.Relation = relationOf(d.Verdict)
			row.Forth, row.Back, row.Own, row.Blind = d.AToB, d.BToA, true, false
			row.said(d)
		}
	}
}

// relationOf is the relation a verdict states, "" when it states none.
func relationOf(v review.Verdict) corpus.Relation {
	r, isRelation := v.Relation()
	if !isRelation {
		return ""
	}
	return r
}

// said notes the search and the day of a decision.
func (row *compareRow) said(d review.Decision) {
	if d.Search != "" && !contains(row.Search, d.Search) {
		row.Search = append(row.Search, d.Search)
	}
	if d.At.After(row.Day) {
		row.Day = d.At
	}
}

// sideBySide lays two lists of clauses beside each other.
func sideBySide(a, b []Wording) []compareLine {
	n := max(1, len(a), len(b))
	out := make([]compareLine, n)
	side := func(list []Wording, put func(i, span int, w *Wording)) {
		if len(list) == 0 {
			put(0, n, nil)
		}
		for i := range list {
			span := 1
			if i == len(list)-1 {
				span = n - i
			}
			put(i, span, &list[i])
		}
	}
	side(a, func(i, span int, w *Wording) { out[i].A, out[i].SpanA = w, span })
	side(b, func(i, span int, w *Wording) { out[i].B, out[i].SpanB = w, span })
	return out
}

// wordings are the texts of one side of a match, with the marks of a reading and
// those of the comparison, which are given per clause.
func (c *comparedPair) wordings(d *comparedSide, ids []corpus.ClauseID, marks map[corpus.ClauseID][]layer) []Wording {
	var out []Wording
	for _, id := range ids {
		cl, found := d.byID[id]
		if !found {
			cl = corpus.Clause{ID: id, Standard: id.Standard(), Label: id.Key(), Language: d.standard.Language}
		}
		out = append(out, wording(cl, d.standard, append(readingLayers(c.s.reading(cl, d.standard)), marks[id]...)))
	}
	return out
}

// comparison is what the matcher says about the present texts of a match. Sets
// of clauses are compared as one text a side, since it is the set that the
// people agreed on.
type comparison struct {
	made  *matcher.Proposal // as the matcher made it, nil without a comparison
	shown *matcher.Proposal // within the rights of all texts
	a, b  joinedText
}

// joinedText is the text of one side of a match.
type joinedText struct {
	clause corpus.Clause
	reach  reach
	parts  []matcher.Part
}

// rows are the differences that may be shown.
func (x *comparison) rows() []matcher.Difference {
	if x.shown == nil {
		return nil
	}
	return x.shown.Differences
}

// finds tells whether a limit or an obligation differs to the advantage of a
// side (see stricterSides).
func (x *comparison) finds(side string) bool {
	return slices.ContainsFunc(x.rows(), func(d matcher.Difference) bool {
		return (d.Aspect == matcher.AspectQuantity || d.Aspect == matcher.AspectObligation) && findingSide(d.Finding) == side
	})
}

// findingSide is the value of stricterSides that a finding belongs to.
func findingSide(f matcher.Finding) string {
	switch f {
	case matcher.FindingAStricter:
		return "a"
	case matcher.FindingBStricter:
		return "b"
	case matcher.FindingEqual:
		return "equal"
	}
	return "unlike"
}

// layers are the marks of the differences on each clause of a side, without
// anchors, for a page shows many matches.
func (x *comparison) layers(isA bool) map[corpus.ClauseID][]layer {
	text := x.b
	if isA {
		text = x.a
	}
	out := map[corpus.ClauseID][]layer{}
	for _, d := range x.rows() {
		spans, class := d.SpansB, differenceClass(d, isA)
		if isA {
			spans = d.SpansA
		}
		for _, span := range spans {
			for _, part := range text.parts {
				out[part.Clause] = append(out[part.Clause], shifted([]layer{{span: span, class: class}}, part.At.Start, part.At.End)...)
			}
		}
	}
	return out
}

// at is the clause of a joined text that a place stands in, its first when
// nobody says where.
func (t joinedText) at(spans []lexicon.Span) corpus.ClauseID {
	for _, part := range t.parts {
		if len(spans) > 0 && spans[0].Start >= part.At.Start && spans[0].Start < part.At.End {
			return part.Clause
		}
	}
	if len(t.parts) == 0 {
		return ""
	}
	return t.parts[0].Clause
}

// maxCompared bounds how many matches without a kept comparison of the present
// texts one page compares.
const maxCompared = 2000

// differences compares the texts of a match, once.
func (c *comparedPair) differences(m *comparedMatch) *comparison {
	if m.made != nil {
		return m.made
	}
	source, target := c.a.inTurn(m.Sources), c.b.inTurn(m.Targets)
	x := &comparison{a: c.a.joined(source), b: c.b.joined(target)}
	m.made = x
	switch {
	case len(m.Sources) == 0 || len(m.Targets) == 0:
		return x
	case m.Proposal != nil && m.Proposal.Reads(c.digest):
		x.made = m.Proposal
	case c.s.compare == nil || c.compared == maxCompared:
		c.uncompared++
		return x
	default:
		c.compared++
		made := matcher.CompareSides(c.s.compare.Compare, source, target)
		x.made = &made
	}
	shown := proposalShown(*x.made, x.a.reach, x.b.reach)
	x.shown = &shown
	return x
}

// digest is the digest of a text as it was read for the page.
func (c *comparedPair) digest(id corpus.ClauseID) corpus.Digest {
	if cl, there := c.a.byID[id]; there {
		return cl.Digest()
	}
	return c.b.byID[id].Digest()
}

// inTurn are the clauses with these ids, an empty one for each that is gone.
func (d *comparedSide) inTurn(ids []corpus.ClauseID) []corpus.Clause {
	out := make([]corpus.Clause, len(ids))
	for i, id := range ids {
		out[i] = d.byID[id]
	}
	return out
}

// joined is the text of clauses as one, with what of it may be shown.
func (d *comparedSide) joined(clauses []corpus.Clause) joinedText {
	if len(clauses) == 0 {
		return joinedText{}
	}
	one, parts := matcher.Join(clauses)
	return joinedText{one, reachOf(one, d.standard.Rights), parts}
}
