package main

import (
	"context"
	"fmt"
	"strings"

	"concord/corpus/lexicon"
	"concord/matcher"
)

var evaluateCommand = command{
	name: "evaluate", args: "FOLDER...",
	summary: "measure matching on crosswalks made by people, beside BM25",
	example: "concord evaluate ../shared/eval\nconcord evaluate --json crosswalks/fire-cn-ru > before.json",
	run:     runEvaluate,
}

func runEvaluate(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := &config{}
	c.json(fs)
	limit := fs.Int("limit", 100, "how many candidates are ranked for a clause (50 to 1000)")
	folders, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(folders) == 0 {
		return usage("name folders with source.jsonl, target.jsonl and qrels.tsv, or a folder of such folders")
	}
	if *limit < 50 || *limit > 1000 {
		return usage("the limit is 50 to 1000")
	}
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	model, err := matcher.DefaultModel()
	if err != nil {
		return err
	}
	report, err := e.evaluate(ctx, folders, matcher.Options{Lexicon: lex, Model: model, Limit: *limit})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, report)
	}
	return report.WriteText(e.stdout)
}

// evaluate measures set after set.
func (e env) evaluate(ctx context.Context, folders []string, opts matcher.Options) (matcher.Report, error) {
	var sets []matcher.Set
	for _, folder := range folders {
		found, err := matcher.LoadSets(strings.TrimRight(folder, "/"))
		if err != nil {
			return matcher.Report{}, err
		}
		sets = append(sets, found...)
	}
	bar := e.startProgress("evaluating")
	var results []matcher.SetResult
	for i, set := range sets {
		result, err := matcher.Evaluate(ctx, set, opts)
		if err != nil {
			return matcher.Report{}, fmt.Errorf("evaluate %s: %w", set.Name, err)
		}
		results = append(results, result)
		bar.at(i+1, len(sets))
	}
	bar.end("%d sets", len(results))
	return matcher.NewReport(results), nil
}
