package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"concord/corpus/lexicon"
	"concord/matcher"
)

var evaluateCommand = command{
	name: "evaluate", args: "FOLDER...",
	summary: "measure matching on crosswalks made by people, beside BM25, or search on judged queries",
	example: "concord evaluate ../shared/eval\nconcord evaluate --samples\nconcord evaluate --search\nconcord evaluate --search our-searches.tsv\nconcord evaluate --learn ../shared/eval ../shared/eval\nconcord evaluate --json crosswalks/fire-cn-ru > before.json\nconcord evaluate --before before.json --report quality.html crosswalks/fire-cn-ru",
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
	page := fs.String("report", "", "also write the figures with plots as one HTML page to this `file`")
	before := fs.String("before", "", "also compare with an earlier run, a `file` of --json")
	endpoint := e.embeddings(fs)
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
	opts := matcher.Options{Lexicon: lex, Model: model, Limit: *limit, Fit: *fit}
	if source, err := endpoint(); err != nil {
		return err
	} else if source != nil {
		if opts.Embeddings, err = e.embedSets(ctx, source, sets); err != nil {
			return err
		}
	}
	report, err := e.evaluate(ctx, sets, opts)
	if err != nil {
		return err
	}
	if *before != "" {
		earlier, err := earlierReport(*before)
		if err != nil {
			return err
		}
		report.Since(earlier)
	}
	if *page != "" {
		about := []string{fmt.Sprintf("concord %s, model %s, %s", version, model.ID(), time.Now().Format(time.DateOnly)), "concord evaluate " + strings.Join(folders, " ")}
		if err := writeTo(e, *page, func(w io.Writer) error { return report.WriteHTML(w, about) }); err != nil {
			return err
		}
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

// earlierReport reads an earlier run from a file; errors name it.
func earlierReport(file string) (matcher.Report, error) {
	f, err := os.Open(file)
	if err != nil {
		return matcher.Report{}, fmt.Errorf("read the earlier run: %w", err)
	}
	defer f.Close()
	report, err := matcher.ReadReport(f)
	if err != nil {
		return matcher.Report{}, fmt.Errorf("%s: %w", file, err)
	}
	return report, nil
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
