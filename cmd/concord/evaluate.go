package main

import (
	"context"
	"strings"

	"concord/corpus/lexicon"
	"concord/matcher"
)

var evaluateCommand = command{
	name: "evaluate", args: "FOLDER...",
	summary: "measure matching on crosswalks made by people, beside BM25, or search on judged queries",
	example: "concord evaluate ../shared/eval\nconcord evaluate --samples\nconcord evaluate --search\nconcord evaluate --search our-searches.tsv\nconcord evaluate --learn ../shared/eval ../shared/eval\nconcord evaluate --json crosswalks/fire-cn-ru > before.json",
	run:     runEvaluate,
}

func runEvaluate(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := &config{}
	c.json(fs)
	limit := fs.Int("limit", 100, "how many candidates are ranked for a clause (50 to 1000)")
	withSamples := fs.Bool("samples", false, "also measure on the built-in concordance, which is machine-written")
	fit := fs.Bool("fit", false, "also fit the confidence anew with each family of sets left out, and print how far it is off there")
	learn := fs.String("learn", "", "also measure with translations learned from these `folders` (commas between), never from the family of the set")
	half := fs.Bool("learn-half", false, "also measure with translations learned from the first half of each set, on its other half")
	searches := fs.Bool("search", false, "measure search on the built-in corpus instead, with the judged queries of the files named, else the built-in ones")
	folders, err := parse(fs, args)
	if err != nil {
		return err
	}
	if *searches {
		return e.evaluateSearch(ctx, *c, folders)
	}
	if len(folders) == 0 && !*withSamples {
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
	sets, err := loadSets(folders, *withSamples)
	if err != nil {
		return err
	}
	if *learn != "" || *half {
		return e.evaluateLearning(ctx, sets, *learn, *half, c.JSON, matcher.Options{Lexicon: lex, Model: model, Limit: *limit})
	}
	report, err := e.evaluate(ctx, sets, matcher.Options{Lexicon: lex, Model: model, Limit: *limit, Fit: *fit})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, report)
	}
	if err := report.WriteText(e.stdout); err != nil || !*fit {
		return err
	}
	if err := report.WriteFit(e.stdout); err != nil {
		return err
	}
	return report.WriteWeights(e.stdout, model)
}

// loadSets reads the sets of the folders, and the sample concordance if wanted.
func loadSets(folders []string, withSamples bool) ([]matcher.Set, error) {
	var sets []matcher.Set
	for _, folder := range folders {
		found, err := matcher.LoadSets(strings.TrimRight(folder, "/"))
		if err != nil {
			return nil, err
		}
		sets = append(sets, found...)
	}
	if !withSamples {
		return sets, nil
	}
	found, err := sampleSets()
	return append(sets, found...), err
}

// evaluate measures set after set.
func (e env) evaluate(ctx context.Context, sets []matcher.Set, opts matcher.Options) (matcher.Report, error) {
	bar := e.startProgress("evaluating")
	var results []matcher.SetResult
	for i, set := range sets {
		result, err := matcher.Evaluate(ctx, set, opts)
		if err != nil {
			return matcher.Report{}, err
		}
		results = append(results, result)
		bar.at(i+1, len(sets))
	}
	bar.end("%d sets", len(results))
	return matcher.NewReport(results), nil
}
