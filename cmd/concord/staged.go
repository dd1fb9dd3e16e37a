package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
)

var stagedCommand = command{
	name: "staged", args: "[list | show ID | accept ID... | discard ID...]",
	summary: "what was imported and waits to be accepted",
	example: "concord staged --state accepted\nconcord staged show 0197...\nconcord staged accept 0197...",
	run:     runStaged,
}

func runStaged(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	state := fs.String("state", string(staging.Staged), "of the list: staged, accepted, discarded or all")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		words = []string{"list"}
	}
	if *state != "all" && !slices.Contains(staging.States, staging.State(*state)) {
		return usage("the states are staged, accepted, discarded and all")
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	switch {
	case len(words) == 1 && words[0] == "list":
		return p.listStaged(ctx, e, *c, *state)
	case len(words) == 2 && words[0] == "show":
		return p.showStaged(ctx, e, *c, words[1])
	case len(words) > 1 && (words[0] == "accept" || words[0] == "discard"):
		return p.settleStaged(ctx, e, *c, words[0], words[1:])
	}
	return usage("one of list, show ID, accept ID..., discard ID...")
}

// staged reads the import of an id.
func (p *program) staged(ctx context.Context, text string) (staging.Import, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return staging.Import{}, fmt.Errorf("%q is no id of an import; `concord staged` lists them: %w", text, corpus.ErrNotFound)
	}
	return p.store.Staged(ctx, id)
}

func (p *program) listStaged(ctx context.Context, e env, c config, state string) error {
	if state == "all" {
		state = ""
	}
	var all []staging.Import
	before := uuid.Nil
	for {
		page, err := p.store.StagedList(ctx, staging.State(state), before, 0)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		all = append(all, page...)
		before = page[len(page)-1].ID
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"imports": orEmpty(all)})
	}
	t := newTable(e.stdout, "ID", "STATE", "FILE", "STANDARD", "CLAUSES", "PROBLEMS", "CORRECTIONS", "WHEN")
	for _, i := range all {
		t.row(i.ID.String(), string(i.State), i.File, string(i.Standard), fmt.Sprint(i.Clauses), countSummary(i.Summary), fmt.Sprint(i.Corrections), i.At.Format(time.RFC3339))
	}
	return t.flush()
}

// countSummary is countProblems of what a list knows.
func countSummary(s staging.Summary) string {
	var list []corpus.Problem
	for range s.Errors {
		list = append(list, corpus.Problem{Severity: corpus.SeverityError})
	}
	for range s.Warnings {
		list = append(list, corpus.Problem{Severity: corpus.SeverityWarning})
	}
	return countProblems(list)
}

// showStaged prints one import: its problems, what it would change, and which
// corrections of an earlier edition did not fit.
func (p *program) showStaged(ctx context.Context, e env, c config, id string) error {
	i, err := p.staged(ctx, id)
	if err != nil {
		return err
	}
	row := importRow{ID: i.ID.String(), File: i.File, Standard: i.Standard, Clauses: i.Clauses, Done: string(i.State)}
	var affected []staging.Affected
	if i.State == staging.Staged {
		doc, err := p.Finished(ctx, i)
		if err != nil {
			return err
		}
		row.Standard, row.Problems = doc.Standard.ID, doc.Problems
		if !corpus.Fatal(doc.Problems) {
			if row.Diff, err = p.store.Compare(ctx, doc); err != nil {
				return err
			}
			if affected, err = p.store.Affected(ctx, doc); err != nil {
				return err
			}
		}
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"import": i, "document": row, "affected": orEmpty(affected),
			"operations": orEmpty(i.Operations), "unfit": orEmpty(i.Unfit)})
	}
	fmt.Fprintf(e.stdout, "%s of %s: %s, %d clauses, %d corrections\n", row.Done, plain(i.File), plain(string(row.Standard)), row.Clauses, i.Corrections)
	if d := row.Diff; i.State == staging.Staged {
		fmt.Fprintf(e.stdout, "accepting it: %d new, %d changed, %d gone, %d the same\n", len(d.New), len(d.Changed), len(d.Gone), len(d.Same))
	}
	for _, a := range affected {
		fmt.Fprintf(e.stdout, "dossier %s: %d decisions would become suspect\n", plain(a.Name), a.Suspect)
	}
	for _, line := range problemLines(row) {
		fmt.Fprintln(e.stdout, plain(line))
	}
	for _, op := range i.Unfit {
		fmt.Fprintf(e.stdout, "does not fit: %s %s\n", op.Act, plain(op.Clause))
	}
	return nil
}

// settled is what became of one import.
type settled struct {
	ID       string             `json:"id"`
	Standard corpus.StandardID  `json:"standard,omitempty"`
	Done     string             `json:"done"` // accepted, discarded, failed
	Diff     corpus.EditionDiff `json:"difference"`
	Problem  string             `json:"problem,omitempty"`
}

// settleStaged accepts or discards imports; what fails is told and stops nothing
// else.
func (p *program) settleStaged(ctx context.Context, e env, c config, what string, ids []string) error {
	var out []settled
	failed := 0
	for _, id := range ids {
		s := settled{ID: id, Done: string(staging.Accepted)}
		i, err := p.staged(ctx, id)
		if err == nil && what == "accept" {
			s.Diff, err = p.Accept(ctx, i, "cli")
		} else if err == nil {
			s.Done, err = string(staging.Discarded), p.store.DiscardStaged(ctx, i.ID, i.Version, "cli")
		}
		s.Standard = i.Standard
		if err != nil {
			s.Done, s.Problem = doneFailed, corpus.Sentence(err)
			failed++
		}
		out = append(out, s)
	}
	if what == "accept" && failed < len(out) {
		if err := p.indexAfterImport(ctx, e); err != nil {
			return err
		}
	}
	if c.JSON {
		if err := printJSON(e.stdout, map[string]any{"imports": out, "failed": failed}); err != nil {
			return err
		}
		return importError(failed, len(out))
	}
	for _, s := range out {
		switch {
		case s.Problem != "":
			fmt.Fprintf(e.stdout, "%s: %s\n", plain(s.ID), plain(s.Problem))
		case s.Done == string(staging.Discarded):
			fmt.Fprintf(e.stdout, "%s: discarded\n", s.ID)
		default:
			d := s.Diff
			fmt.Fprintf(e.stdout, "%s: accepted as %s: %d new, %d changed, %d gone, %d decisions became suspect\n", s.ID, plain(string(s.Standard)), len(d.New), len(d.Changed), len(d.Gone), d.Suspect)
		}
	}
	return importError(failed, len(out))
}

// orEmpty is a list that JSON writes as [] where there is none.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
