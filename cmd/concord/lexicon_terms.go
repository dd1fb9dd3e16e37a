package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"concord/corpus"
	"concord/corpus/termbase"
)

// termCommands are the words after lexicon that work on the users' terms.
var termCommands = map[string]func(ctx context.Context, e env, c *config, fs *flag.FlagSet, args []string) error{
	"import": runTermImport, "export": runTermExport, "list": runTermList, "withdraw": runTermWithdraw, "conflicts": runTermConflicts,
}

// Help of these commands, a part of the lexicon command's own.
const (
	termArgs    = "import FILE... | export | list [WORD...] | withdraw ID... | conflicts"
	termExample = `concord lexicon import eurovoc.tsv --licence "CC BY 4.0"
concord lexicon import --lang zh,en --dry-run pairs.csv
concord lexicon export --format tbx -o terms.tbx
concord lexicon list --json guardrail
concord lexicon withdraw 1009
concord lexicon conflicts`
)

// runTerms runs one of termCommands.
func runTerms(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	return termCommands[args[0]](ctx, e, c, fs, args[1:])
}

// termImport is what an import did, or would do, with one file.
type termImport struct {
	File     string             `json:"file"`
	Format   string             `json:"format,omitempty"`
	Entries  int                `json:"entries"`
	Terms    int                `json:"terms"`
	Added    int                `json:"added"`
	Changed  int                `json:"changed"`
	Same     int                `json:"same"`
	Stayed   int                `json:"withdrawn"` // withdrawn before, and still
	Problems []termbase.Problem `json:"problems"`
	Left     int                `json:"problemsLeft,omitempty"`
	Error    string             `json:"error,omitempty"`
	Effect   *termbase.Effect   `json:"effect,omitempty"`
}

func runTermImport(ctx context.Context, e env, c *config, fs *flag.FlagSet, args []string) error {
	format := fs.String("format", "", "`format` of the files: "+strings.Join(termbase.Names(false), ", ")+" (found out when not given)")
	langs := fs.String("lang", "", "`languages` of the columns source and target, such as zh,en")
	licence := fs.String("licence", "", "licence of the files, kept with every entry")
	dry := fs.Bool("dry-run", false, "say what would change and keep nothing")
	files, err := parse(fs, args)
	switch {
	case err != nil:
		return err
	case len(files) == 0:
		return usage("name the files to import")
	}
	if *format != "" {
		if _, err := termbase.ByName(*format); err != nil {
			return usage("%s", corpus.Sentence(err, corpus.ErrNotFound))
		}
	}
	p, err := e.openProgram(ctx, *c, true)
	if err != nil {
		return err
	}
	defer p.close()
	hint := termbase.Hint{Format: *format, Languages: list[corpus.Language](*langs), Licence: *licence, By: "cli", Day: p.now().UTC().Format(time.DateOnly)}
	var rows []termImport
	for _, name := range files {
		rows = append(rows, p.importTerms(ctx, name, hint, *dry))
	}
	return reportTerms(e, *c, rows)
}

// importTerms takes one file in; what goes wrong is in the row.
func (p *program) importTerms(ctx context.Context, name string, hint termbase.Hint, dry bool) termImport {
	row := termImport{File: name, Problems: []termbase.Problem{}}
	fail := func(err error) termImport {
		row.Error = corpus.Sentence(err, corpus.ErrInvalid)
		return row
	}
	f, err := os.Open(name)
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	file, err := termbase.Read(name, f, hint)
	if err != nil {
		return fail(err)
	}
	row.Format, row.Entries, row.Left = file.Format, len(file.Entries), file.Left
	row.Problems = append(row.Problems, file.Problems...)
	for _, entry := range file.Entries {
		row.Terms += len(entry.Terms)
	}
	kept, err := p.store.Terms(ctx)
	if err != nil {
		return fail(err)
	}
	plan := termbase.PlanImport(kept, file.Entries)
	effect, err := p.Effect(ctx, termbase.Change{Put: plan.Entries()}, nil)
	if err != nil {
		return fail(err)
	}
	row.Effect = &effect
	if !dry {
		shifts, err := p.Shifts(ctx, termbase.Change{Put: plan.Entries()})
		if err != nil {
			return fail(err)
		}
		if plan, err = p.store.ImportTerms(ctx, name, file.Entries, shifts, "cli"); err != nil {
			return fail(err)
		}
	}
	row.Added, row.Changed, row.Same, row.Stayed = len(plan.Added), len(plan.Changed), plan.Same, plan.Withdrawn
	return row
}

// reportTerms prints what was done with each file; problems stand beside it.
func reportTerms(e env, c config, rows []termImport) error {
	partly := false
	for _, r := range rows {
		partly = partly || r.Error != "" || len(r.Problems) > 0
	}
	if err := printTermImports(e, c, rows); err != nil {
		return err
	}
	if partly {
		return errPartly
	}
	return nil
}

func printTermImports(e env, c config, rows []termImport) error {
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"files": rows})
	}
	for _, r := range rows {
		for _, p := range r.Problems {
			fmt.Fprintln(e.stderr, plain(p.String()))
		}
		if r.Left > 0 {
			fmt.Fprintf(e.stderr, "%s has %d more problems\n", plain(r.File), r.Left)
		}
		if r.Error != "" {
			fmt.Fprintf(e.stderr, "%s is left out: %s\n", plain(r.File), plain(r.Error))
		}
	}
	t := newTable(e.stdout, "FILE", "FORMAT", "ENTRIES", "TERMS", "ADDED", "CHANGED", "SAME", "CLAUSES READ ANEW", "PROPOSALS CHANGED", "OF THEM AGREED", "NOW SUSPECT")
	for _, r := range rows {
		if r.Effect == nil {
			t.row(r.File, r.Format, fmt.Sprint(r.Entries), fmt.Sprint(r.Terms), "-", "-", "-", "-", "-", "-", "-")
			continue
		}
		most := ""
		if r.Effect.Truncated {
			most = "+"
		}
		t.row(r.File, r.Format, fmt.Sprint(r.Entries), fmt.Sprint(r.Terms), fmt.Sprint(r.Added), fmt.Sprint(r.Changed), fmt.Sprint(r.Same),
			fmt.Sprint(r.Effect.Reread), fmt.Sprint(r.Effect.Reranked)+most, fmt.Sprint(r.Effect.Agreed)+most, fmt.Sprint(r.Effect.Suspect))
	}
	return t.flush()
}

func runTermExport(ctx context.Context, e env, c *config, fs *flag.FlagSet, args []string) error {
	format := fs.String("format", "tbx", "`format`: "+strings.Join(termbase.Names(true), ", "))
	output := fs.String("o", "", "`file` to write (standard output when not given)")
	shipped := fs.Bool("shipped", false, "also write the terms that the program brings")
	if rest, err := parse(fs, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usage("lexicon export takes no words, only flags")
	}
	f, err := termbase.ByName(*format)
	if err != nil || f.Write == nil {
		return usage("the formats are %s", strings.Join(termbase.Names(true), ", "))
	}
	return e.exportTerms(ctx, *c, f, *output, *shipped)
}

// maxListed is how many entries are listed.
const maxListed = 1000

func runTermList(ctx context.Context, e env, c *config, fs *flag.FlagSet, args []string) error {
	lang := fs.String("lang", "en", "`language` of the terms that are shown first")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	kept, err := p.store.Terms(ctx)
	if err != nil {
		return err
	}
	found := []termbase.Kept{}
	for _, k := range kept {
		if k.Has(strings.Join(words, " ")) {
			found = append(found, k)
		}
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"entries": found})
	}
	t := newTable(e.stdout, "ID", "TERM", "LANGUAGES", "DOMAIN", "FILE", "STATE")
	for _, k := range found[:min(len(found), maxListed)] {
		state := "in use"
		if k.Withdrawn {
			state = "withdrawn"
		}
		t.row(k.ID, short(k.Label(corpus.Language(*lang)), 60), join(k.Languages(), " "), short(k.Domain, 30), k.Origin.File, state)
	}
	if err := t.flush(); err != nil {
		return err
	}
	if len(found) > maxListed {
		fmt.Fprintf(e.stderr, "%d more entries are not listed; give words that they have\n", len(found)-maxListed)
	}
	return nil
}

func runTermWithdraw(ctx context.Context, e env, c *config, fs *flag.FlagSet, args []string) error {
	ids, err := parse(fs, args)
	switch {
	case err != nil:
		return err
	case len(ids) == 0:
		return usage("name the ids of the entries; `concord lexicon list` shows them")
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	effect, err := p.Effect(ctx, termbase.Change{Withdraw: ids}, nil)
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		var shifts termbase.Shifts
		versions, err := p.store.TermVersions(ctx, id)
		if err == nil {
			shifts, err = p.Shifts(ctx, termbase.Change{Withdraw: []string{id}})
		}
		if err == nil {
			err = p.store.WithdrawTerm(ctx, id, versions[0].Version, shifts, "cli")
		}
		failed = append(failed, err)
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"withdrawn": ids, "effect": effect})
	}
	_, err = fmt.Fprintf(e.stdout, "%d withdrawn; %d clauses are read anew, %d proposals change, %d of them on agreed matches; %d answered matches are suspect now\n", len(ids), effect.Reread, effect.Reranked, effect.Agreed, effect.Suspect)
	return err
}

func runTermConflicts(ctx context.Context, e env, c *config, fs *flag.FlagSet, args []string) error {
	if _, err := parse(fs, args); err != nil {
		return err
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	kept, err := p.store.Terms(ctx)
	if err != nil {
		return err
	}
	conflicts := termbase.Conflicts(termbase.InUse(kept))
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"conflicts": orEmpty(conflicts)})
	}
	t := newTable(e.stdout, "LANG", "WORD", "DIFFERENT", "ENTRIES")
	for _, one := range conflicts {
		t.row(string(one.Language), one.Word, string(one.Kind), strings.Join(one.Entries, ", "))
	}
	return t.flush()
}

// isTermCommand tells whether the arguments of lexicon are one of termCommands.
func isTermCommand(args []string) bool {
	_, ok := termCommands[slices.Concat(args, []string{""})[0]]
	return ok
}
