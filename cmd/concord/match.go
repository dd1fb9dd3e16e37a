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
	"concord/review"
)

var matchCommand = command{
	name: "match", args: "",
	summary: "propose equivalent clauses of two standards, or of a whole dossier, with reasons",
	example: "concord match --source cn-gb-50016-2014 --target ru-sp-1-13130-2020 --limit 3\nconcord match --source ... --target ... --dossier 0197... (keeps the proposals for review)\nconcord match --dossier 0197... (all standards of one side against the other's)\nconcord match --since-last --dossier 0197... (after an import: what is new or changed, in both directions)\nconcord match --from CN --to SA (in every open dossier of both parties)",
	run:     runMatch,
}

func runMatch(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	endpoint := e.embeddings(fs)
	source := fs.String("source", "", "`id` of the standard whose clauses are looked at")
	target := fs.String("target", "", "`ids` of the standards to look in, separated by commas")
	limit := fs.Int("limit", 0, "how many proposals per clause at most; without it 10, of a whole dossier 3")
	least := fs.Float64("least", keptConfidence, "lowest confidence, 0 to 1")
	dossier := fs.String("dossier", "", "`id` or name of the dossier to keep the proposals in; alone, the dossier to match")
	from := fs.String("from", "", "`party` whose standards are looked at, such as CN; with --to, in the dossiers of both")
	to := fs.String("to", "", "`party` in whose standards is looked")
	sinceLast := fs.Bool("since-last", false, "with --dossier: only clauses that are new or changed since it was last matched, in both directions")
	resume := fs.String("resume", "", "`id` of a run that was interrupted, stopped or failed, to go on with")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	job := matchJob{dossier: *dossier, resume: *resume, what: review.RunRequest{Kind: review.RunWhole, From: review.Party(strings.ToUpper(*from)), To: review.Party(strings.ToUpper(*to)), Most: *limit, Least: *least}}
	ways := 0 // exactly one is given
	pair := *source != "" && *target != "" && *from == "" && *to == ""
	whole := *dossier != "" && *source == "" && *target == "" && *from == "" && *to == ""
	parties := *from != "" && *to != "" && *source == "" && *target == ""
	for _, given := range []bool{pair, whole, parties, *resume != ""} {
		if given {
			ways++
		}
	}
	if len(rest) > 0 || ways != 1 || *limit < 0 || *sinceLast && !whole {
		return usage("give --source and --target, or --dossier alone (with --since-last or not), or --from and --to, or --resume, and a --limit of at least 1")
	}
	if *sinceLast {
		job.what.Kind = review.RunNew
	}
	if parties {
		job.what.Kind = review.RunParties
	}
	embedder, err := endpoint()
	if err != nil {
		return err
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	p.embedder = embedder
	if err := p.embedBefore(ctx, e); err != nil {
		return err
	}
	if !pair {
		return p.matchJob(ctx, e, job, c.JSON)
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

// keptConfidence is review.RunLeast.
const keptConfidence = review.RunLeast

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

// matchJob is a run that the command line asks for.
type matchJob struct {
	dossier, resume string
	what            review.RunRequest
}

// matchJob works on one run, or on one for each dossier of two parties, and keeps
// it as the server's runs are kept.
func (p *program) matchJob(ctx context.Context, e env, job matchJob, asJSON bool) error {
	if err := p.store.InterruptRuns(ctx, false, runSilent); err != nil {
		return err
	}
	if job.resume != "" {
		id, err := uuid.Parse(job.resume)
		if err != nil {
			return usage("--resume needs the id of a run, as concord match says when it is interrupted")
		}
		run, err := p.store.ResumeRun(ctx, id, "cli", review.RunCommand)
		if err != nil {
			return err
		}
		run, err = p.matchHere(ctx, e, run, p.loaderOf(run))
		if err != nil {
			return err
		}
		return e.kept(run.Added, run.Refreshed, asJSON)
	}
	dossiers, err := p.jobDossiers(ctx, job)
	if err != nil {
		return err
	}
	added, refreshed := 0, 0
	for _, id := range dossiers {
		run, err := p.store.AddRun(ctx, id, job.what, "cli", review.RunCommand)
		if err != nil {
			return err
		}
		if run, err = p.matchHere(ctx, e, run, p.loaderOf(run)); err != nil {
			return err
		}
		added, refreshed = added+run.Added, refreshed+run.Refreshed
	}
	return e.kept(added, refreshed, asJSON)
}

// jobDossiers are the dossiers of a job: the one it names, or the open ones that
// hold both parties.
func (p *program) jobDossiers(ctx context.Context, job matchJob) ([]uuid.UUID, error) {
	if job.dossier != "" {
		id, err := p.findDossier(ctx, job.dossier)
		return []uuid.UUID{id}, err
	}
	all, err := p.store.Dossiers(ctx)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, d := range review.Between(all, job.what.From, job.what.To) {
		ids = append(ids, d.ID)
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("no open dossier has a side of %s and one of %s, make one on the page /dossiers/new: %w", job.what.From, job.what.To, corpus.ErrNotFound)
	}
	return ids, nil
}

// loaderOf loads a matcher over the standards of a run alone.
func (p *program) loaderOf(run review.Run) func(context.Context) (*matcher.Matcher, error) {
	return func(ctx context.Context) (*matcher.Matcher, error) {
		return p.loadMatcher(ctx, slices.Concat(run.Sources, run.Targets)...)
	}
}

// matchHere works on a run in this process, with a bar, and says how to go on when
// it is interrupted.
func (p *program) matchHere(ctx context.Context, e env, run review.Run, load func(context.Context) (*matcher.Matcher, error)) (review.Run, error) {
	bar := e.startProgress("matching")
	done, err := p.work(ctx, run, load, func(now review.Run) { bar.at(now.Done, now.Clauses) })
	bar.end("%d of %d clauses, %d proposals new, %d brought up to date", done.Done, done.Clauses, done.Added, done.Refreshed)
	if err != nil && done.State.Resumable() {
		fmt.Fprintf(e.stderr, "what was kept stays; go on with: concord match --resume %s\n", done.ID)
	}
	return done, err
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
