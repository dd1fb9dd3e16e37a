package web

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// gapLists are the normative clauses of one side about which no counterpart is
// agreed: reviewed and found to have none, answered on but not agreed, and not
// looked at. A proposal is no look.
type gapLists struct {
	absent, open, untouched []gapRow
}

// gapRow is a clause without an agreed counterpart.
type gapRow struct {
	clause  corpus.Clause
	Wording Wording
	Found   []gapAnswer // what has become of its matches
	matches []*comparedMatch
}

// gapAnswer is one match of such a clause.
type gapAnswer struct {
	Match   uuid.UUID
	State   review.State
	Suspect bool
	Search  []string
	Day     time.Time
}

// gapsView is the page of one side's gaps.
type gapsView struct {
	Letter string
	Other  string // designation of the other side
	Groups []gapGroup
	Counts map[string]int // by the keys of the groups, of all pages
}

// gapGroup is one of the three kinds of gaps.
type gapGroup struct {
	Key  string // absent, open, untouched
	Rows []gapRow
}

// gapsOf sorts a side's clauses under the filter by chapter.
func (c *comparedPair) gapsOf(d *comparedSide, all []*comparedMatch, ofA bool) gapLists {
	chapter := c.query.ChapterB
	if ofA {
		chapter = c.query.ChapterA
	}
	stands := standings(all, ofA)
	touching := map[corpus.ClauseID][]*comparedMatch{}
	for _, m := range all {
		ids := m.Targets
		if ofA {
			ids = m.Sources
		}
		for _, id := range ids {
			touching[id] = append(touching[id], m)
		}
	}
	var out gapLists
	for _, cl := range d.clauses {
		if !cl.Kind.Normative() || !d.in(cl.ID, chapter) {
			continue
		}
		row := gapRow{clause: cl, matches: touching[cl.ID]}
		switch stand := stands[cl.ID]; {
		case stand == standAbsent:
			out.absent = append(out.absent, row)
		case stand == standUntouched:
			out.untouched = append(out.untouched, row)
		case stand < standAbsent:
			out.open = append(out.open, row)
		}
	}
	return out
}

// gapsPage is one page of a side's gaps.
func (c *comparedPair) gapsPage(p *comparePage, lists gapLists, side string) *gapsView {
	d, v := c.a, &gapsView{Letter: "A", Other: c.b.standard.Designation}
	if side == "b" {
		d, v = c.b, &gapsView{Letter: "B", Other: c.a.standard.Designation}
	}
	v.Counts = map[string]int{"absent": len(lists.absent), "open": len(lists.open), "untouched": len(lists.untouched)}
	from, to := p.cut(len(lists.absent)+len(lists.open)+len(lists.untouched), listRows)
	for _, g := range []gapGroup{{"absent", lists.absent}, {"open", lists.open}, {"untouched", lists.untouched}} {
		n := len(g.Rows)
		g.Rows = slices.Clone(g.Rows[min(n, max(0, from)):max(0, min(n, to))])
		from, to = from-n, to-n
		for i := range g.Rows {
			g.Rows[i].fill(c, d)
		}
		if len(g.Rows) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return v
}

// fill makes the parts of a row that a page shows.
func (r *gapRow) fill(c *comparedPair, d *comparedSide) {
	r.Wording = c.wordings(d, []corpus.ClauseID{r.clause.ID}, nil)[0]
	for _, m := range r.matches {
		row := compareRow{}
		row.answer(m, c.asker.person)
		r.Found = append(r.Found, gapAnswer{Match: m.ID, State: m.State, Suspect: m.Suspect, Search: row.Search, Day: row.Day})
	}
}
