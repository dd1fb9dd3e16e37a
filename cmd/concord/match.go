package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
)

var matchCommand = command{
	name: "match", args: "",
	summary: "propose equivalent clauses of two standards, with reasons",
	example: "concord match --source cn-gb-50016-2014 --target ru-sp-1-13130-2020 --limit 3\nconcord match --source ... --target ... --dossier 0197... (keeps the proposals for review)",
	run:     runMatch,
}

func runMatch(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	source := fs.String("source", "", "`id` of the standard whose clauses are looked at")
	target := fs.String("target", "", "`ids` of the standards to look in, separated by commas")
	limit := fs.Int("limit", 10, "how many proposals per clause at most")
	least := fs.Float64("least", keptConfidence, "lowest confidence, 0 to 1")
	dossier := fs.String("dossier", "", "`id` of the dossier to keep the proposals in")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || *source == "" || *target == "" || *limit < 1 {
		return usage("give --source and --target, and a --limit of at least 1")
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
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
	proposals, err := p.matchStandard(ctx, e, m, corpus.StandardID(*source), targets, *limit, *least)
	if err != nil {
		return err
	}
	if *dossier != "" {
		return p.keepProposals(ctx, e, *dossier, proposals)
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

// keepProposals puts proposals into a dossier.
func (p *program) keepProposals(ctx context.Context, e env, dossier string, proposals []matcher.Proposal) error {
	id, err := uuid.Parse(dossier)
	if err != nil {
		return usage("%q is not the id of a dossier", dossier)
	}
	added, refreshed, err := p.store.Propose(ctx, id, proposals)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d proposals are new in the dossier, %d were brought up to date\n", added, refreshed)
	return nil
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
