package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

var modelCommand = command{
	name: "model", args: "fit | list | show NUMBER | use NUMBER | off",
	summary: "fit the matcher's weights and confidence to what was decided, and choose a version",
	example: "concord model fit --as root (keeps a version with its figures; nothing changes yet)\nconcord model use 1 --as root\nconcord model off (back to the shipped model)",
	run:     runModel,
}

func runModel(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	as := fs.String("as", "", "`login` of the administrator who does it")
	anyway := fs.Bool("anyway", false, "with use: take a version even though its figures are worse")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	want := map[string]int{"fit": 1, "list": 1, "off": 1, "show": 2, "use": 2}
	if len(words) == 0 || want[words[0]] != len(words) {
		return usage("say fit, list, show NUMBER, use NUMBER or off")
	}
	number := 0
	if len(words) == 2 {
		if number, err = strconv.Atoi(words[1]); err != nil || number < 1 {
			return usage("%q is not the number of a version", words[1])
		}
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	switch words[0] {
	case "list":
		return p.listModels(ctx, e, c.JSON)
	case "show":
		m, err := p.store.Model(ctx, number)
		if err != nil {
			return err
		}
		return printModel(e, m, c.JSON)
	}
	actor, err := p.manager(ctx, *as)
	if err != nil {
		return err
	}
	if words[0] == "fit" {
		m, err := (&learner{program: p}).FitModel(ctx, actor)
		if err != nil {
			return err
		}
		return printModel(e, m, c.JSON)
	}
	if err := p.store.UseModel(ctx, number, *anyway, actor); err != nil {
		return err
	}
	model, err := p.model(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"version": number, "model": model.ID()})
	}
	_, err = fmt.Fprintf(e.stdout, "the matcher works with %s now\n", plain(model.ID()))
	return err
}

// manager is the id of an administrator, or the command line where none is named.
func (p *program) manager(ctx context.Context, login string) (string, error) {
	if login == "" {
		return "cli", nil
	}
	person, _, err := p.store.PersonByLogin(ctx, login)
	if err != nil {
		return "", err
	}
	if !person.May(review.ActionManage) {
		return "", fmt.Errorf("the role of %s does not allow to change the matcher's model: %w", login, corpus.ErrForbidden)
	}
	return person.ID.String(), nil
}

// model is the shipped model, or the fitted version in use. A version that was
// fitted on another shipped model does not count, and the log says so.
func (p *program) model(ctx context.Context) (matcher.Model, error) {
	shipped, err := matcher.DefaultModel()
	if err != nil {
		return shipped, err
	}
	number, err := p.store.UsedModel(ctx)
	if err != nil || number == 0 {
		return shipped, err
	}
	m, err := p.store.Model(ctx, number)
	if err != nil {
		return shipped, err
	}
	tuned, err := shipped.Tuned(m.Fit.Body, number)
	if errors.Is(err, corpus.ErrConflict) {
		p.log.Warn("the fitted model does not count", "cause", err)
		return shipped, nil
	}
	return tuned, err
}

// learner fits models, one at a time.
type learner struct {
	program *program
	fitting sync.Mutex
}

// Evidence implements web.Learner.
func (l *learner) Evidence(ctx context.Context) ([]review.LearnedFrom, error) {
	_, from, err := l.program.decided(ctx)
	return from, err
}

// Unfit implements web.Learner.
func (l *learner) Unfit(ctx context.Context) (cause, err error) {
	m, err := l.program.store.Model(ctx, 0)
	if errors.Is(err, corpus.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	shipped, err := matcher.DefaultModel()
	if err != nil {
		return nil, err
	}
	_, cause = shipped.Tuned(m.Fit.Body, m.Number)
	return cause, nil
}

// FitModel implements web.Learner. It looks the decided clauses up with the
// shipped model, so that fits do not build on each other.
func (l *learner) FitModel(ctx context.Context, actor string) (review.LearnedModel, error) {
	if !l.fitting.TryLock() {
		return review.LearnedModel{}, corpus.Refuse(corpus.ErrConflict, "model-busy", "a model is being fitted, wait for it")
	}
	defer l.fitting.Unlock()
	all, from, err := l.program.decided(ctx)
	if err != nil {
		return review.LearnedModel{}, err
	}
	if need := review.Needed(from); !need.Enough() {
		return review.LearnedModel{}, matcher.TooFew(need)
	}
	shipped, err := matcher.DefaultModel()
	if err != nil {
		return review.LearnedModel{}, err
	}
	used := make(map[corpus.StandardID]bool)
	for _, d := range all {
		used[d.Source.Standard] = true
		for _, id := range d.Among {
			used[id] = true
		}
	}
	m, err := l.program.matcherWith(ctx, shipped, slices.Sorted(maps.Keys(used))...)
	if err != nil {
		return review.LearnedModel{}, err
	}
	lessons, err := m.Lessons(ctx, all)
	if err != nil {
		return review.LearnedModel{}, err
	}
	fit, err := matcher.FitDecided(ctx, shipped, lessons)
	if err != nil {
		return review.LearnedModel{}, err
	}
	return l.program.store.KeepModel(ctx, review.LearnedModel{Dossiers: from, Fit: fit}, actor)
}

// decided gathers what every dossier settled, by source clause, and how much that
// is. Matches that are not settled, were decided on other texts or are sets are
// open.
func (p *program) decided(ctx context.Context) ([]matcher.Decided, []review.LearnedFrom, error) {
	dossiers, err := p.store.Dossiers(ctx)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[string]review.Dossier)
	for _, d := range dossiers {
		byID[d.ID.String()] = d
	}
	var all []matcher.Decided
	var from []review.LearnedFrom
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		d := byID[id]
		found, need, err := p.decidedIn(ctx, d)
		if err != nil {
			return nil, nil, err
		}
		if need.Agreed+need.Rejected > 0 {
			all = append(all, found...)
			from = append(from, review.LearnedFrom{Dossier: d.ID, Name: d.Name, FitNeed: need})
		}
	}
	return all, from, nil
}

// decidedIn gathers one dossier.
func (p *program) decidedIn(ctx context.Context, d review.Dossier) ([]matcher.Decided, matcher.FitNeed, error) {
	var need matcher.FitNeed
	d.Closed = false // what a closed one settled counts, too
	run, err := review.PlanRun(d, review.RunRequest{Kind: review.RunWhole}, nil)
	if err != nil {
		return nil, need, nil // it has one side only: nothing was matched
	}
	by := make(map[corpus.ClauseID]*matcher.Decided)
	f := review.Filter{Dossier: d.ID, Limit: review.MaxPage}
	for {
		page, err := p.store.Matches(ctx, f)
		if err != nil {
			return nil, need, err
		}
		for _, m := range page.Matches {
			note(by, m, &need)
		}
		if f.Cursor = page.Next; page.Next == "" {
			break
		}
	}
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(by)), func(id corpus.ClauseID) bool { return len(by[id].Settled) == 0 })
	clauses, err := p.store.Clauses(ctx, ids...)
	if err != nil {
		return nil, need, err
	}
	for _, c := range clauses {
		x := by[c.ID]
		x.Dossier, x.Source, x.Among = d.ID.String(), c, run.Targets
	}
	var out []matcher.Decided
	for _, id := range ids {
		if x := by[id]; x.Dossier != "" {
			out = append(out, *x)
		}
	}
	return out, need, nil
}

// note takes one match in.
func note(by map[corpus.ClauseID]*matcher.Decided, m review.Match, need *matcher.FitNeed) {
	for _, source := range m.Sources {
		d := by[source]
		if d == nil {
			d = &matcher.Decided{Settled: make(map[corpus.ClauseID]bool), Open: make(map[corpus.ClauseID]bool)}
			by[source] = d
		}
		single := len(m.Sources) == 1 && len(m.Targets) == 1 && !m.Suspect && !m.Gone()
		for _, target := range m.Targets {
			switch {
			case single && m.State == review.StateConfirmed:
				d.Settled[target] = true
				need.Agreed++
			case single && m.State == review.StateRejected:
				d.Settled[target] = false
				need.Rejected++
			default:
				d.Open[target] = true
			}
		}
	}
}

// listModels lists every version, and what there is to learn from.
func (p *program) listModels(ctx context.Context, e env, asJSON bool) error {
	all, err := p.store.Models(ctx)
	if err != nil {
		return err
	}
	_, from, err := p.decided(ctx)
	if err != nil {
		return err
	}
	need := review.Needed(from)
	if asJSON {
		return printJSON(e.stdout, map[string]any{"versions": orEmpty(all), "decisions": orEmpty(from),
			"needed": map[string]int{"settled": matcher.FitSettled, "each": matcher.FitEach}, "enough": need.Enough()})
	}
	if len(all) > 0 {
		t := newTable(e.stdout, "VERSION", "IN USE", "MADE", "AGREED", "REJECTED", "DOSSIERS", "MAP", "ECE", "CHECKSUM")
		for _, m := range all {
			use := ""
			if m.InUse {
				use = "yes"
			}
			t.row(strconv.Itoa(m.Number), use, m.Made.Format(time.DateOnly), strconv.Itoa(m.Fit.Agreed), strconv.Itoa(m.Fit.Rejected), strconv.Itoa(len(m.Dossiers)),
				fmt.Sprintf("%.3f to %.3f", m.Fit.Ranking.Before, m.Fit.Ranking.After), fmt.Sprintf("%.3f to %.3f", m.Fit.Confident.Before, m.Fit.Confident.After), m.Checksum[:12])
		}
		if err := t.flush(); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(e.stdout, "to learn from: %d agreed and %d rejected pairs; a fit needs %d, at least %d of each\n", need.Agreed, need.Rejected, matcher.FitSettled, matcher.FitEach)
	return err
}

// printModel shows a version with its figures.
func printModel(e env, m review.LearnedModel, asJSON bool) error {
	if asJSON {
		return printJSON(e.stdout, m)
	}
	f := m.Fit
	state := "not in use"
	if m.InUse {
		state = "in use"
	}
	fmt.Fprintf(e.stdout, "version %d on %s, %s: %d agreed and %d rejected pairs of %d dossiers, made %s, checksum %s\n",
		m.Number, plain(f.Base), state, f.Agreed, f.Rejected, len(m.Dossiers), m.Made.Format(time.DateOnly), m.Checksum[:12])
	t := newTable(e.stdout, "HELD OUT: "+fmt.Sprintf("%d %s", f.Parts, f.HeldOut), "OF", "BEFORE", "AFTER", "DIFFERENCE, 95 %")
	for _, x := range []struct {
		name string
		matcher.Measured
	}{{"order (MAP, more is better)", f.Ranking}, {"confidence (ECE, less is better)", f.Confident}} {
		t.row(x.name, strconv.Itoa(x.Of), fmt.Sprintf("%.4f", x.Before), fmt.Sprintf("%.4f", x.After), fmt.Sprintf("%+.4f (%+.4f to %+.4f)", x.Difference(), x.Low, x.High))
	}
	if err := t.flush(); err != nil {
		return err
	}
	if !f.Weights {
		fmt.Fprintln(e.stdout, "the weights of the order stay as shipped: fitted, they were worse on what they had not seen")
	}
	if !f.Curve {
		fmt.Fprintf(e.stdout, "the confidence stays as shipped: of clauses with nothing open there are only %d agreed and %d rejected pairs\n", f.Whole.Agreed, f.Whole.Rejected)
	}
	for _, l := range f.Languages {
		how := "as all together"
		if l.Own {
			how = fmt.Sprintf("fitted by themselves, %.0f %% their own", 100*l.Share)
		}
		fmt.Fprintf(e.stdout, "%s: %d agreed, %d rejected, %s\n", plain(string(l.Languages)), l.Agreed, l.Rejected, how)
	}
	if f.Worse() {
		fmt.Fprintln(e.stdout, "it is worse than the shipped model on what it had not seen; use refuses it without --anyway")
	}
	return nil
}
