package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// comparedPair is everything known about two standards, turned so that A is the
// source, and cut into the views' rows under the filters of the address.
type comparedPair struct {
	s        *Server
	asker    asker
	query    compareQuery
	shelf    shelf
	a, b     *comparedSide
	dossiers []review.Dossier
	forth    compareDirection
	back     compareDirection
	agreed   int
	waiting  int

	all         []*comparedMatch // in every answered state
	matches     []*comparedMatch // agreed and, when asked for, one-sided
	table       []*comparedMatch
	conflicts   []*comparedMatch
	limits      []limitLine
	obligations []limitLine
	gapsA       gapLists
	gapsB       gapLists
	uncompared  int // matches left uncompared by maxCompared
	compared    int
	units       map[unitKey]float64
	round       *comparedRound // nil for what stands now
}

// comparedSide is one standard with its present clauses.
type comparedSide struct {
	standard corpus.Standard
	name     corpus.Title
	clauses  []corpus.Clause
	byID     map[corpus.ClauseID]corpus.Clause // also of clauses that left, when a match has them
	chapters []chapter
	chapter  map[corpus.ClauseID]int // place in chapters
}

// view is the side as the page shows it.
func (d *comparedSide) view(letter string, direction compareDirection) compareSide {
	return compareSide{Letter: letter, Standard: d.standard, Name: d.name, Chapters: d.chapters, Direction: direction}
}

// keepKnown forgets chapters that the sides do not have: an address from before an
// edition that numbers anew would hide everything and say that there is no gap.
func (c *comparedPair) keepKnown() {
	c.query.ChapterA, c.query.ChapterB = c.a.known(c.query.ChapterA), c.b.known(c.query.ChapterB)
}

// known is the key of a chapter, "" for one that the side does not have.
func (d *comparedSide) known(key string) string {
	for i := range d.chapters {
		if d.chapters[i].Key == key {
			return key
		}
	}
	return ""
}

// in tells whether a clause stands in a chapter, "" for any.
func (d *comparedSide) in(id corpus.ClauseID, key string) bool {
	if key == "" {
		return true
	}
	i, known := d.chapter[id]
	return known && d.chapters[i].Key == key
}

// anyIn tells whether one of the clauses stands in a chapter, "" for any.
func (d *comparedSide) anyIn(ids []corpus.ClauseID, key string) bool {
	return key == "" || slices.ContainsFunc(ids, func(id corpus.ClauseID) bool { return d.in(id, key) })
}

// order is where the first of the clauses stands in its standard; clauses of no
// standard stand last.
func (d *comparedSide) order(ids []corpus.ClauseID) int {
	if len(ids) == 0 {
		return int(^uint(0) >> 1)
	}
	return d.byID[ids[0]].Order
}

// comparedMatch is one match as the person may see it, turned so that its
// sources stand in A.
type comparedMatch struct {
	matchFields
	made *comparison // of the present texts; made when first asked for
}

// agreedNow tells whether the match is agreed on the present texts: what was
// agreed on a text that has changed waits for another look.
func (m *comparedMatch) agreedNow() bool { return m.State.Settled() && !m.Suspect }

// readPair reads both standards and everything between them that somebody has
// answered.
func (s *Server) readPair(ctx context.Context, sh shelf, q compareQuery, a asker) (*comparedPair, error) {
	c := &comparedPair{s: s, asker: a, query: q, shelf: sh, units: map[unitKey]float64{}}
	var err error
	if c.a, err = s.readSide(ctx, sh, q.A, a); err != nil {
		return nil, err
	}
	if c.b, err = s.readSide(ctx, sh, q.B, a); err != nil {
		return nil, err
	}
	if c.dossiers, err = s.dossiersOf(ctx, q.A, q.B); err != nil {
		return nil, err
	}
	if q.Round > 0 {
		if err := c.readRound(ctx); err != nil {
			return nil, err
		}
		c.keepKnown()
		c.sort(c.all)
		c.count(c.all)
		c.divide(c.all)
		c.recount()
		return c, nil
	}
	c.keepKnown()
	found, err := s.answeredBetween(ctx, q)
	if err != nil {
		return nil, err
	}
	all := make([]*comparedMatch, 0, len(found))
	for _, m := range found {
		all = append(all, &comparedMatch{matchFields: matchFields(turned(review.Shown(m, a.person), q.A))})
	}
	if err := c.addRemoved(ctx, all); err != nil {
		return nil, err
	}
	c.all = all
	c.sort(all)
	c.count(all)
	c.divide(all)
	return c, nil
}

// readSide reads one standard.
func (s *Server) readSide(ctx context.Context, sh shelf, id corpus.StandardID, a asker) (*comparedSide, error) {
	std := sh[id].Standard
	clauses, err := s.store.ClausesOf(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read the clauses of %s: %w", id, err)
	}
	d := &comparedSide{standard: std, name: std.Title(corpus.Language(a.words.tag)), clauses: clauses, byID: byClauseID(clauses)}
	d.chapters, d.chapter = chaptersOf(clauses, std)
	return d, nil
}

// dossiersOf are the dossiers in which two standards face each other.
func (s *Server) dossiersOf(ctx context.Context, a, b corpus.StandardID) ([]review.Dossier, error) {
	all, err := s.store.Dossiers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the dossiers: %w", err)
	}
	side := func(d review.Dossier, id corpus.StandardID) int {
		return slices.IndexFunc(d.Sides, func(s review.Side) bool { return slices.Contains(s.Standards, id) })
	}
	var out []review.Dossier
	for _, d := range all {
		if x, y := side(d, a), side(d, b); x >= 0 && y >= 0 && x != y {
			out = append(out, d)
		}
	}
	return out, nil
}

// answeredStates are all states but the proposed one: what nobody has answered
// never stands in a comparison.
var answeredStates = slices.DeleteFunc(slices.Clone(review.States), func(s review.State) bool { return s == review.StateProposed })

// answeredBetween reads the answered matches of a pair, whichever of the two is
// the source.
func (s *Server) answeredBetween(ctx context.Context, q compareQuery) ([]review.Match, error) {
	var out []review.Match
	for _, ends := range [][2]corpus.StandardID{{q.A, q.B}, {q.B, q.A}} {
		f := review.Filter{Dossier: q.Dossier, Standard: ends[0], Against: ends[1], States: answeredStates, Order: review.OrderChapter, Limit: review.MaxPage}
		for {
			page, err := s.store.Matches(ctx, f)
			if err != nil {
				return nil, fmt.Errorf("list the matches of %s and %s: %w", q.A, q.B, err)
			}
			out = append(out, page.Matches...)
			if page.Next == "" {
				break
			}
			f.Cursor = page.Next
		}
	}
	return out, nil
}

// addRemoved reads clauses that left their standard but stand in a match.
func (c *comparedPair) addRemoved(ctx context.Context, all []*comparedMatch) error {
	var missing []corpus.ClauseID
	for _, m := range all {
		for _, id := range review.Match(m.matchFields).Clauses() {
			if _, there := c.sideOf(id).byID[id]; !there {
				missing = append(missing, id)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	list, err := c.s.store.Clauses(ctx, missing...)
	if err != nil {
		return fmt.Errorf("read clauses that left their standard: %w", err)
	}
	for _, cl := range list {
		c.sideOf(cl.ID).byID[cl.ID] = cl
	}
	return nil
}

// sideOf is the side a clause belongs to.
func (c *comparedPair) sideOf(id corpus.ClauseID) *comparedSide {
	if id.Standard() == c.query.A {
		return c.a
	}
	return c.b
}

// sort puts matches in the reading order of A, then of B.
func (c *comparedPair) sort(all []*comparedMatch) {
	corpus.SortRows(all, func(x, y *comparedMatch) int {
		return cmp.Or(cmp.Compare(c.a.order(x.Sources), c.a.order(y.Sources)), cmp.Compare(c.b.order(x.Targets), c.b.order(y.Targets)), cmp.Compare(x.ID.String(), y.ID.String()))
	})
}

// divide gives every match its view, under the filters.
func (c *comparedPair) divide(all []*comparedMatch) {
	q := c.query
	for _, m := range all {
		switch {
		case m.State == review.StateDisputed:
			if c.inChapters(m) {
				c.conflicts = append(c.conflicts, m)
			}
			continue
		case m.State == review.StateOpinion:
			if c.waiting++; !q.OneSided {
				continue
			}
		case m.State == review.StateRejected:
			continue // an agreed "these two are not related" relates nothing
		case m.agreedNow():
			c.agreed++
		}
		c.matches = append(c.matches, m)
		if !c.inChapters(m) || !c.inStatus(m) {
			continue
		}
		rows := c.differences(m)
		limits, obligations := c.limitRows(m, rows)
		c.limits, c.obligations = append(c.limits, limits...), append(c.obligations, obligations...)
		if q.Stricter == "" || rows.finds(q.Stricter) {
			c.table = append(c.table, m)
		}
	}
	c.number()
	c.gapsA = c.gapsOf(c.a, all, true)
	c.gapsB = c.gapsOf(c.b, all, false)
}

// number gives the rows of limits and obligations the number that their match
// has in the table without the filter by side.
func (c *comparedPair) number() {
	no, n := map[uuid.UUID]int{}, 0
	for _, m := range c.matches {
		if c.inChapters(m) {
			n++
			no[m.ID] = n
		}
	}
	for _, rows := range [][]limitLine{c.limits, c.obligations} {
		for i := range rows {
			rows[i].No = no[rows[i].match]
		}
	}
}

// inStatus tells whether a match passes the filter by status.
func (c *comparedPair) inStatus(m *comparedMatch) bool {
	switch c.query.Status {
	case "agreed":
		return m.agreedNow()
	case "suspect":
		return m.State.Settled() && m.Suspect
	case "opinion":
		return m.State == review.StateOpinion
	}
	return true
}

// inChapters tells whether a match passes the filter by chapter.
func (c *comparedPair) inChapters(m *comparedMatch) bool {
	return c.a.anyIn(m.Sources, c.query.ChapterA) && c.b.anyIn(m.Targets, c.query.ChapterB)
}

// turned reads a match from the side of a standard: its clauses become the
// sources, and everything said one way is said the other way round.
func turned(m review.Match, source corpus.StandardID) review.Match {
	own := m.Against
	if len(m.Sources) > 0 {
		own = m.Sources[0].Standard()
	}
	if own == source {
		return m
	}
	m.Sources, m.Targets, m.Against = m.Targets, m.Sources, own
	if m.Outcome != nil {
		o := *m.Outcome
		o.Verdict, o.AToB, o.BToA = turnedVerdict(o.Verdict), o.BToA, o.AToB
		m.Outcome = &o
	}
	decisions := slices.Clone(m.Decisions)
	for i, d := range decisions {
		decisions[i].Verdict, decisions[i].AToB, decisions[i].BToA = turnedVerdict(d.Verdict), d.BToA, d.AToB
	}
	m.Decisions = decisions
	if m.Proposal != nil {
		p := turnedProposal(*m.Proposal)
		m.Proposal = &p
	}
	return m
}

// turnedVerdict is a verdict read from the other side.
func turnedVerdict(v review.Verdict) review.Verdict {
	if r, isRelation := v.Relation(); isRelation {
		return review.Verdict(r.Inverse())
	}
	return v
}

// turnedProposal is a proposal read from the other side.
func turnedProposal(p matcher.Proposal) matcher.Proposal {
	p.Source, p.Target, p.SourceDigest, p.TargetDigest = p.Target, p.Source, p.TargetDigest, p.SourceDigest
	p.SourceParts, p.TargetParts = p.TargetParts, p.SourceParts
	p.Relation, p.AToB, p.BToA = p.Relation.Inverse(), p.BToA, p.AToB
	reasons := make([]matcher.Reason, len(p.Reasons))
	for i, r := range p.Reasons {
		r.Source, r.Target = r.Target, r.Source
		reasons[i] = r
	}
	rows := make([]matcher.Difference, len(p.Differences))
	for i, d := range p.Differences {
		rows[i] = turnedDifference(d)
	}
	aligned := make([]matcher.Alignment, len(p.Alignments))
	for i, al := range p.Alignments {
		al.Source, al.Target = al.Target, al.Source
		aligned[i] = al
	}
	p.Reasons, p.Differences, p.Alignments = reasons, rows, aligned
	return p
}

// turnedFindings are the findings that name a side.
var turnedFindings = map[matcher.Finding]matcher.Finding{
	matcher.FindingAStricter: matcher.FindingBStricter, matcher.FindingBStricter: matcher.FindingAStricter,
	matcher.FindingOnlyA: matcher.FindingOnlyB, matcher.FindingOnlyB: matcher.FindingOnlyA,
}

// turnedDifference is a row read from the other side.
func turnedDifference(d matcher.Difference) matcher.Difference {
	d.A, d.B, d.SpansA, d.SpansB = d.B, d.A, d.SpansB, d.SpansA
	if other := turnedFindings[d.Finding]; other != "" {
		d.Finding = other
	}
	if d.Factor != 0 {
		d.Factor = 1 / d.Factor
	}
	d.Delta = -d.Delta
	return d
}

// compareDirection is what has become of the normative clauses of one side: may
// the other side accept what meets them? Every clause counts once, by the best
// answer of its matches. Only what is agreed on the present texts counts as
// answered; the rest is open.
type compareDirection struct {
	Normative  int
	Accepted   int // without conditions
	Conditions int
	Not        int
	Absent     int // reviewed: no counterpart
	// Of the open clauses, best first, each once:
	Suspect   int // agreed on a text that has changed since
	Disputed  int
	Opinion   int
	Rejected  int // only pairs that are agreed to be unrelated
	Untouched int
}

// Open is the number of clauses about which nothing is agreed.
func (d compareDirection) Open() int {
	return d.Normative - d.Accepted - d.Conditions - d.Not - d.Absent
}

// Share is a number of clauses in percent of all, rounded down.
func (d compareDirection) Share(n int) int { return percent(n, d.Normative) }

// Parts are the kinds of answers in the order of the head.
func (d compareDirection) Parts() []directionPart {
	return []directionPart{
		{"accepted", d.Accepted, d.Share(d.Accepted)}, {"conditions", d.Conditions, d.Share(d.Conditions)}, {"not", d.Not, d.Share(d.Not)},
		{"absent", d.Absent, d.Share(d.Absent)}, {"open", d.Open(), d.Share(d.Open())},
	}
}

// directionPart is one figure of a direction.
type directionPart struct {
	Key     string // of compare.part.<key>
	Count   int
	Percent int
}

// The standings rank what has become of a clause, best first; the zero value is a
// clause nobody has answered on.
const (
	standUntouched = iota
	standRejected
	standOpinion
	standDisputed
	standSuspect
	standAbsent
	standNot
	standConditions
	standAccepted
)

// answerStandings ranks agreed recognition.
var answerStandings = map[corpus.Answer]int{corpus.AnswerYes: standAccepted, corpus.AnswerConditions: standConditions, corpus.AnswerNo: standNot}

// standing is what a match says about the clauses of one side.
func standing(m *comparedMatch, ofA bool) int {
	switch {
	case m.Suspect:
		return standSuspect
	case m.State == review.StateDisputed:
		return standDisputed
	case m.State == review.StateOpinion:
		return standOpinion
	case m.State == review.StateAbsent:
		return standAbsent
	case m.State == review.StateConfirmed && m.Outcome != nil:
		if ofA {
			return answerStandings[m.Outcome.AToB.Answer]
		}
		return answerStandings[m.Outcome.BToA.Answer]
	}
	return standRejected
}

// count fills in both directions.
func (c *comparedPair) count(all []*comparedMatch) {
	c.forth = c.a.direction(all, true)
	c.back = c.b.direction(all, false)
}

// standings is the best standing of every clause of a side that a match touches.
func standings(all []*comparedMatch, ofA bool) map[corpus.ClauseID]int {
	out := map[corpus.ClauseID]int{}
	for _, m := range all {
		ids := m.Targets
		if ofA {
			ids = m.Sources
		}
		for _, id := range ids {
			out[id] = max(out[id], standing(m, ofA))
		}
	}
	return out
}

// direction counts the present normative clauses of a side.
func (d *comparedSide) direction(all []*comparedMatch, ofA bool) compareDirection {
	stands := standings(all, ofA)
	var n [standAccepted + 1]int
	var out compareDirection
	for _, cl := range d.clauses {
		if cl.Kind.Normative() {
			out.Normative++
			n[stands[cl.ID]]++
		}
	}
	out.Accepted, out.Conditions, out.Not, out.Absent = n[standAccepted], n[standConditions], n[standNot], n[standAbsent]
	out.Suspect, out.Disputed, out.Opinion, out.Rejected, out.Untouched = n[standSuspect], n[standDisputed], n[standOpinion], n[standRejected], n[standUntouched]
	return out
}
