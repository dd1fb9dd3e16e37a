package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/review/export"
)

var compareCommand = command{
	name: "compare", args: "A B",
	summary: "compare two clauses by their texts, or two standards by what is agreed",
	example: "concord compare cn-gb-50016-2014/5.5.18 ru-sp-1-13130-2020/4.3.3 (two clauses: relation, recognition each way, differences)\nconcord compare --json cn-gb-50016-2014 ru-sp-1-13130-2020 (two standards: counts both ways and the agreed matches)",
	run:     runCompare,
}

func runCompare(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	names, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(names) != 2 || names[0] == names[1] || strings.Contains(names[0], "/") != strings.Contains(names[1], "/") {
		return usage("name two clauses, or two standards, by their ids")
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	if strings.Contains(names[0], "/") {
		return p.compareClauses(ctx, e, *c, corpus.ClauseID(names[0]), corpus.ClauseID(names[1]))
	}
	return p.compareStandards(ctx, e, *c, corpus.StandardID(names[0]), corpus.StandardID(names[1]))
}

// compareClauses compares two clauses now; nobody agreed to what it says. What quotes a
// text that may not be shown whole is left out.
func (p *program) compareClauses(ctx context.Context, e env, c config, ids ...corpus.ClauseID) error {
	clauses, err := p.store.Clauses(ctx, ids...)
	if err != nil {
		return err
	}
	for n, id := range ids {
		if n >= len(clauses) || clauses[n].ID != id {
			return fmt.Errorf("there is no clause %s; `concord search` finds clauses: %w", id, corpus.ErrNotFound)
		}
	}
	standards, err := p.store.StandardsOf(ctx, ids[0].Standard(), ids[1].Standard())
	if err != nil {
		return err
	}
	m, err := p.loadMatcher(ctx, ids[0].Standard(), ids[1].Standard())
	if err != nil {
		return err
	}
	made := m.Compare(clauses[0], clauses[1])
	withinRights(&made, standards, clauses)
	if c.JSON {
		return printJSON(e.stdout, &made)
	}
	fmt.Fprintf(e.stdout, "%s %s %s, computed with %s and agreed by nobody\n", ids[0], made.Relation, ids[1], made.Model)
	fmt.Fprintf(e.stdout, "A to B: %s\nB to A: %s\n", plain(recognized(made.AToB)), plain(recognized(made.BToA)))
	fmt.Fprintf(e.stdout, "reasons: %s\n", strongest(made.Reasons, 5))
	t := newTable(e.stdout, "ASPECT", "A", "B", "FINDING")
	for i := range made.Differences {
		d := &made.Differences[i]
		t.row(string(d.Aspect), short(d.A, 40), short(d.B, 40), string(d.Finding))
	}
	return t.flush()
}

// withinRights takes out of a comparison what would quote a text that may not be shown
// whole: conditions hold words of both.
func withinRights(made *matcher.Proposal, standards map[corpus.StandardID]corpus.Standard, clauses []corpus.Clause) {
	var whole [2]bool
	for n, c := range clauses {
		whole[n] = standards[c.Standard].Rights.Shown(c).Wording() == c.Wording()
	}
	if whole[0] && whole[1] {
		return
	}
	for i := range made.Differences {
		made.Differences[i] = export.Within(made.Differences[i], whole[0], whole[1])
	}
	made.AToB, made.BToA = corpus.Recognition{Answer: made.AToB.Answer}, corpus.Recognition{Answer: made.BToA.Answer}
}

// recognized is one direction with its conditions.
func recognized(r corpus.Recognition) string {
	return strings.Join(append([]string{answered(r)}, r.Conditions...), "; ")
}

// comparedStandards is what is agreed between two standards, as it is printed.
type comparedStandards struct {
	A       corpus.StandardID `json:"a"`
	B       corpus.StandardID `json:"b"`
	AToB    standardCounts    `json:"aToB"` // of the normative clauses of A
	BToA    standardCounts    `json:"bToA"`
	Matches []comparedMatch   `json:"matches"`
}

// standardCounts says what became of the normative clauses of one side.
type standardCounts struct {
	Normative   int `json:"normative"`
	Confirmed   int `json:"confirmed"`
	Accepted    int `json:"accepted"`
	Absent      int `json:"noCounterpart"`
	Rejected    int `json:"rejected"`
	Disputed    int `json:"disputed"`
	Opinion     int `json:"opinion"`
	Proposed    int `json:"proposed"`
	NotLookedAt int `json:"notLookedAt"`
}

// comparedMatch is one agreed match, read from A to B.
type comparedMatch struct {
	Match   uuid.UUID          `json:"match"`
	Dossier uuid.UUID          `json:"dossier"`
	Sources []corpus.ClauseID  `json:"sources"`
	Targets []corpus.ClauseID  `json:"targets"`
	Verdict review.Verdict     `json:"verdict"`
	AToB    corpus.Recognition `json:"aToB"`
	BToA    corpus.Recognition `json:"bToA"`
	// Reserved are what parties declared against it.
	Reserved []string `json:"reservations,omitempty"`
}

// oneStandard is a kept standard; one that is not there is an error that says which are.
func (p *program) oneStandard(ctx context.Context, id corpus.StandardID) (corpus.Holding, error) {
	std, err := p.store.Standard(ctx, id)
	if !errors.Is(err, corpus.ErrNotFound) {
		return std, err
	}
	list, listed := p.store.Standards(ctx)
	if listed != nil || len(list) == 0 {
		return std, err
	}
	var ids []string
	for _, h := range list[:min(len(list), 50)] {
		ids = append(ids, string(h.Standard.ID))
	}
	if more := len(list) - len(ids); more > 0 {
		ids = append(ids, fmt.Sprintf("and %d more", more))
	}
	return std, fmt.Errorf("there is no standard %q, there are %s: %w", id, strings.Join(ids, ", "), corpus.ErrNotFound)
}

// compareStandards gathers what is agreed between two standards in all dossiers in
// which they face each other.
func (p *program) compareStandards(ctx context.Context, e env, c config, a, b corpus.StandardID) error {
	for _, id := range []corpus.StandardID{a, b} {
		if _, err := p.oneStandard(ctx, id); err != nil {
			return err
		}
	}
	dossiers, err := p.store.Dossiers(ctx)
	if err != nil {
		return err
	}
	out, faced := comparedStandards{A: a, B: b, Matches: []comparedMatch{}}, false
	for _, d := range dossiers {
		if side := sideOf(d, a); side < 0 || sideOf(d, b) < 0 || side == sideOf(d, b) {
			continue
		}
		faced = true
		set, err := export.Gather(ctx, p.store, d.ID, export.Options{Now: p.now()})
		if err != nil {
			return err
		}
		for _, i := range set.Items {
			if m, between := comparedOf(i, a, b); between {
				out.Matches = append(out.Matches, m)
			}
		}
		for _, row := range set.Coverage {
			out.AToB.add(row, a, b)
			out.BToA.add(row, b, a)
		}
	}
	if !faced {
		return fmt.Errorf("no dossier has %s and %s on different sides; `concord match --source %s --target %s` proposes equivalents: %w", a, b, a, b, corpus.ErrNotFound)
	}
	if c.JSON {
		return printJSON(e.stdout, out)
	}
	return out.print(e)
}

// sideOf is the side of a dossier that brings a standard, -1 for none.
func sideOf(d review.Dossier, id corpus.StandardID) int {
	return slices.IndexFunc(d.Sides, func(s review.Side) bool { return slices.Contains(s.Standards, id) })
}

// comparedOf is an agreed match read from A to B, if it is between the two.
func comparedOf(i export.Item, a, b corpus.StandardID) (comparedMatch, bool) {
	m, o := i.Match, i.Match.Outcome
	out := comparedMatch{Match: m.ID, Dossier: m.Dossier, Sources: m.Sources, Targets: m.Targets, Verdict: o.Verdict, AToB: o.AToB, BToA: o.BToA}
	for _, r := range i.Reserved {
		out.Reserved = append(out.Reserved, string(r.Party)+": "+r.Text)
	}
	from, to := m.Sources[0].Standard(), m.Against
	switch {
	case from == a && to == b:
		return out, true
	case from != b || to != a:
		return out, false
	case len(m.Targets) == 0: // a gap of B
		out.Sources, out.Targets = []corpus.ClauseID{}, m.Sources
		return out, true
	}
	out.Sources, out.Targets, out.AToB, out.BToA = m.Targets, m.Sources, o.BToA, o.AToB
	if r, states := o.Verdict.Relation(); states {
		out.Verdict = review.Verdict(r.Inverse())
	}
	return out, true
}

// add takes in a row of a dossier's counts. Dossiers that look at the same clauses
// are not added up: the one that came further counts.
func (n *standardCounts) add(c review.Coverage, from, to corpus.StandardID) {
	if c.From != string(from) || c.To != string(to) || n.Normative > 0 && n.Confirmed+n.Absent+n.Rejected >= c.Confirmed+c.Absent+c.Rejected {
		return
	}
	*n = standardCounts{c.Normative, c.Confirmed, c.Accepted, c.Absent, c.Rejected, c.Disputed, c.Opinion, c.Proposed, c.NotLookedAt()}
}

// print writes counts and matches as tables.
func (s comparedStandards) print(e env) error {
	t := newTable(e.stdout, "CLAUSES OF", "NORMATIVE", "CONFIRMED", "ACCEPTED BY THE OTHER", "NO COUNTERPART", "REJECTED", "DISPUTED", "OPINION", "PROPOSED", "NOT LOOKED AT")
	for _, side := range []struct {
		id corpus.StandardID
		n  standardCounts
	}{{s.A, s.AToB}, {s.B, s.BToA}} {
		row := []string{string(side.id)}
		for _, n := range []int{side.n.Normative, side.n.Confirmed, side.n.Accepted, side.n.Absent, side.n.Rejected, side.n.Disputed, side.n.Opinion, side.n.Proposed, side.n.NotLookedAt} {
			row = append(row, strconv.Itoa(n))
		}
		t.row(row...)
	}
	if err := t.flush(); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout)
	t = newTable(e.stdout, "A", "RELATION", "B", "A TO B", "B TO A", "MATCH")
	for _, m := range s.Matches {
		t.row(join(m.Sources, " + "), string(m.Verdict), join(m.Targets, " + "), answered(m.AToB), answered(m.BToA), m.Match.String())
	}
	return t.flush()
}
