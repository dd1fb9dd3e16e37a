package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

var matchCommand = command{
	name: "match", args: "",
	summary: "propose equivalent clauses of two standards, or of a whole dossier, with reasons",
	example: "concord match --source cn-gb-50016-2014 --target ru-sp-1-13130-2020 --limit 3\nconcord match --source ... --target ... --dossier 0197... (keeps the proposals for review)\nconcord match --dossier 0197... (all standards of one side against the other's, again after an import)",
	run:     runMatch,
}

func runMatch(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	source := fs.String("source", "", "`id` of the standard whose clauses are looked at")
	target := fs.String("target", "", "`ids` of the standards to look in, separated by commas")
	limit := fs.Int("limit", 0, "how many proposals per clause at most; without it 10, of a whole dossier 3")
	least := fs.Float64("least", keptConfidence, "lowest confidence, 0 to 1")
	dossier := fs.String("dossier", "", "`id` or name of the dossier to keep the proposals in; alone, the dossier to match")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	whole := *dossier != "" && *source == "" && *target == ""
	if len(rest) > 0 || !whole && (*source == "" || *target == "") || *limit < 0 {
		return usage("give --source and --target, or --dossier alone, and a --limit of at least 1")
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	if whole {
		return p.matchDossier(ctx, e, *dossier, cmp.Or(*limit, proposedPerClause), *least, c.JSON)
	}
	targets := list[corpus.StandardID](*target)
	for _, id := range append([]corpus.StandardID{corpus.StandardID(*source)}, targets...) {
		if _, err := p.store.Standard(ctx, id); err != nil {
			return err
		}
	}
	m, err := p.loadMatcher(ctx, append(targets, corpus.StandardID(*source))...)
	if err != nil {
		return err
	}
	proposals, err := p.matchStandard(ctx, e, m, corpus.StandardID(*source), targets, cmp.Or(*limit, 10), *least)
	if err != nil {
		return err
	}
	if *dossier != "" {
		id, err := p.findDossier(ctx, *dossier)
		if err != nil {
			return err
		}
		added, refreshed, err := p.store.Propose(ctx, id, proposals)
		if err != nil {
			return err
		}
		return e.kept(added, refreshed, c.JSON)
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"proposals": proposals})
	}
	return printProposals(e, proposals)
}

// keptConfidence is the least confidence at which a proposal is worth a
// reviewer's time: one in ten to three in ten of those just above it are right
// (our own choice; the reliability tables in docs/quality.md tell what it means).
const keptConfidence = 0.1

// matchStandard proposes for every normative clause of a standard.
func (p *program) matchStandard(ctx context.Context, e env, m *matcher.Matcher, source corpus.StandardID, targets []corpus.StandardID, limit int, least float64) ([]matcher.Proposal, error) {
	clauses, err := p.bindingClauses(ctx, source)
	if err != nil {
		return nil, err
	}
	bar := e.startProgress("matching " + string(source))
	out, err := proposalsOf(ctx, m, clauses, targets, limit, least, bar.at)
	if err != nil {
		return nil, err
	}
	bar.end("%d clauses, %d proposals", len(clauses), len(out))
	return out, nil
}

// bindingClauses are the normative clauses of a standard.
func (p *program) bindingClauses(ctx context.Context, id corpus.StandardID) ([]corpus.Clause, error) {
	all, err := p.store.ClausesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(c corpus.Clause) bool { return !c.Kind.Normative() }), nil
}

// proposalsOf proposes for clauses, at most so many for each and none below a
// confidence. progress hears how many clauses are done.
func proposalsOf(ctx context.Context, m *matcher.Matcher, clauses []corpus.Clause, targets []corpus.StandardID, limit int, least float64, progress func(done, total int)) ([]matcher.Proposal, error) {
	var out []matcher.Proposal
	err := m.MatchAll(ctx, clauses, targets, limit, progress, func(found []matcher.Proposal) error {
		for _, f := range found {
			if f.Confidence >= least {
				out = append(out, f)
			}
		}
		return nil
	})
	return out, err
}

// matchDossier matches all standards of the first side against those of the
// others and keeps what it proposes, standard by standard.
func (p *program) matchDossier(ctx context.Context, e env, name string, limit int, least float64, asJSON bool) error {
	id, err := p.findDossier(ctx, name)
	if err != nil {
		return err
	}
	d, err := p.store.Dossier(ctx, id)
	if err != nil {
		return err
	}
	targets, err := p.toMatch(ctx, d)
	if err != nil {
		return err
	}
	m, err := p.loadMatcher(ctx, slices.Concat(d.Sides[0].Standards, targets)...)
	if err != nil {
		return err
	}
	added, refreshed, err := p.proposeAll(ctx, e, m, d, targets, limit, least)
	if err != nil {
		return err
	}
	return e.kept(added, refreshed, asJSON)
}

// proposeAll matches each standard of the first side and keeps what it proposes
// before the next.
func (p *program) proposeAll(ctx context.Context, e env, m *matcher.Matcher, d review.Dossier, targets []corpus.StandardID, limit int, least float64) (added, refreshed int, err error) {
	for _, source := range d.Sides[0].Standards {
		proposals, err := p.matchStandard(ctx, e, m, source, targets, limit, least)
		if err != nil {
			return added, refreshed, err
		}
		a, r, err := p.store.Propose(ctx, d.ID, proposals)
		if err != nil {
			return added, refreshed, err
		}
		added, refreshed = added+a, refreshed+r
	}
	return added, refreshed, nil
}

// kept says what proposals did to a dossier.
func (e env) kept(added, refreshed int, asJSON bool) error {
	if asJSON {
		return printJSON(e.stdout, map[string]int{"added": added, "refreshed": refreshed})
	}
	_, err := fmt.Fprintf(e.stdout, "%d proposals are new in the dossier, %d were brought up to date\n", added, refreshed)
	return err
}

// printProposals prints a line per proposal with the two strongest reasons.
func printProposals(e env, proposals []matcher.Proposal) error {
	t := newTable(e.stdout, "SOURCE", "TARGET", "CONFIDENCE", "RELATION", "A→B", "B→A", "REASONS")
	for _, p := range proposals {
		t.row(p.Source.Key(), string(p.Target), fmt.Sprintf("%.2f", p.Confidence), string(p.Relation),
			string(p.AToB.Answer), string(p.BToA.Answer), strongest(p.Reasons, 3))
	}
	return t.flush()
}

// strongest names the reasons with the largest effects, for and against.
func strongest(reasons []matcher.Reason, n int) string {
	sorted := slices.Clone(reasons)
	slices.SortStableFunc(sorted, func(a, b matcher.Reason) int { return cmp.Compare(math.Abs(b.Effect), math.Abs(a.Effect)) })
	var out []string
	for i, r := range sorted {
		if i == n {
			break
		}
		out = append(out, fmt.Sprintf("%s %+.2f", r.Signal, r.Effect))
	}
	return strings.Join(out, ", ")
}
