package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/reader"
)

var lexiconCommand = command{
	name: "lexicon", args: "coverage PATH... | learn | learned list | use NUMBER | off | rollback | accept|reject|undo WORD TRANSLATION | " + termArgs,
	summary: "measure what the terms understand, bring terms in and out, and learn translations from the texts",
	example: "concord lexicon coverage standards/\nconcord lexicon coverage --unknown 50 gost.txt\nconcord lexicon coverage --json standards/ > coverage.json\nconcord lexicon learn --pair zh-en\nconcord lexicon learned reject --pair zh-en --as li 墙体 roof\n" + termExample,
	run:     runLexicon,
}

// maxUnknown is the most unknown words that are listed per language.
const maxUnknown = 10_000

func runLexicon(ctx context.Context, e env, args []string) error {
	if len(args) > 0 && slices.Contains(lexiconActions, args[0]) {
		return runLearned(ctx, e, args)
	}
	if isTermCommand(args) {
		return runTerms(ctx, e, args)
	}
	fs := e.flags()
	c := &config{}
	c.json(fs)
	unknown := fs.Int("unknown", 0, "list so many of the commonest unknown `words` per language")
	hint := reader.Hint{}
	hintFlags(fs, &hint)
	words, err := parse(fs, args)
	switch {
	case err != nil:
		return err
	case len(words) == 0 || words[0] != "coverage":
		return usage("say what to do: coverage PATH..., learn, learned, or " + termArgs)
	case len(words) == 1:
		return usage("name the files or folders to measure")
	case *unknown < 0 || *unknown > maxUnknown:
		return usage("the number of unknown words is 0 to %d", maxUnknown)
	}
	files, err := collect(words[1:])
	if err != nil {
		return err
	}
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	children := newChildReader(*c)
	defer children.Close()
	clauses, failed := e.readClauses(ctx, source{openFile, children.Read}, files, hint)
	if len(clauses) == 0 {
		return fmt.Errorf("no clause was found in %s: %w", strings.Join(words[1:], ", "), corpus.ErrNotFound)
	}
	if err := printCoverage(e.stdout, *c, lex.Coverage(clauses, *unknown), *unknown > 0); err != nil {
		return err
	}
	if failed > 0 {
		return errPartly
	}
	return nil
}

// readClauses reads the clauses of files without keeping them. A file that is no
// document is named on the side and counted, and stops nothing else.
func (e env) readClauses(ctx context.Context, from source, files []string, hint reader.Hint) (clauses []corpus.Clause, failed int) {
	bar := e.startProgress("reading")
	for i, name := range files {
		docs, err := from.file(ctx, name, hint)
		if err != nil {
			failed++
			fmt.Fprintf(e.stderr, "%s is left out: %s\n", name, plain(short(err.Error(), 200)))
		}
		for _, doc := range docs {
			for _, c := range doc.Clauses {
				if c.Language == "" {
					c.Language = doc.Standard.Language
				}
				clauses = append(clauses, c)
			}
		}
		bar.at(i+1, len(files))
		if ctx.Err() != nil {
			break
		}
	}
	bar.end("%d clauses of %d files", len(clauses), len(files))
	return clauses, failed
}

// printCoverage prints a share per language; as JSON {"zh":0.83}, or with the
// unknown words an object per language.
func printCoverage(w io.Writer, c config, covers map[corpus.Language]lexicon.Coverage, unknown bool) error {
	type full struct {
		Share float64 `json:"share"`
		lexicon.Coverage
	}
	shares, fulls, langs := map[corpus.Language]float64{}, map[corpus.Language]full{}, []corpus.Language{}
	for lang, cover := range covers {
		share := math.Round(cover.Share()*1e4) / 1e4
		shares[lang], fulls[lang], langs = share, full{share, cover}, append(langs, lang)
	}
	switch {
	case c.JSON && unknown:
		return printJSON(w, fulls)
	case c.JSON:
		return printJSON(w, shares)
	}
	slices.Sort(langs)
	t := newTable(w, "LANG", "CLAUSES", "CONTENT WORDS", "UNDERSTOOD")
	for _, lang := range langs {
		cover := covers[lang]
		t.row(string(lang), fmt.Sprint(cover.Clauses), fmt.Sprint(cover.Content), fmt.Sprintf("%.1f %%", 100*cover.Share()))
	}
	if err := t.flush(); err != nil || !unknown {
		return err
	}
	for _, lang := range langs {
		var words []string
		for _, u := range covers[lang].Unknown {
			words = append(words, fmt.Sprintf("%s %d", u.Printed, u.Times))
		}
		if _, err := fmt.Fprintf(w, "\nunknown in %s: %s\n", lang, strings.Join(words, ", ")); err != nil {
			return err
		}
	}
	return nil
}
