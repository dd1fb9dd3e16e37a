package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"concord/index"
	"concord/store"
)

var backupCommand = command{
	name: "backup", args: "FILE",
	summary: "write a whole copy of the database while everybody works on",
	example: "concord backup /backups/concord-2026-11-23.db\nconcord backup --try /backups/concord-2026-11-23.db",
	run:     runBackup,
}

func runBackup(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	try := fs.Bool("try", false, "restore the file in a folder of its own and check all of it, instead of writing it")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return usage("name one file")
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	if *try {
		report, err := p.store.TryRestore(ctx, words[0])
		if err != nil {
			return err
		}
		if err := printCheck(e, report, report.Problems); err != nil || report.Sound() {
			return err
		}
		return fmt.Errorf("%d problems were found in %s", len(report.Problems), words[0])
	}
	bar := e.startProgress("backup")
	if err := p.store.Backup(ctx, words[0]); err != nil {
		return err
	}
	bar.end("written to %s and checked", words[0])
	return nil
}

var checkCommand = command{
	name: "check", args: "",
	summary: "check the database, the audit chain and the index",
	example: "concord check --data concord-data",
	run:     runCheck,
}

func runCheck(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	if _, err := parse(fs, args); err != nil {
		return err
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	report, err := p.store.Check(ctx)
	if err != nil {
		return err
	}
	if err := p.checkTerms(ctx, &report); err != nil {
		return err
	}
	problems := append(report.Problems, p.checkIndex(ctx)...)
	if c.JSON {
		err = printJSON(e.stdout, map[string]any{"sound": len(problems) == 0, "problems": problems, "auditRows": report.AuditRows,
			"matches": report.Matches, "counts": report.Counts, "pragmas": report.Pragmas})
	} else {
		err = printCheck(e, report, problems)
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("%d problems were found; `concord index rebuild` mends the index, a backup the database", len(problems))
	}
	return nil
}

// checkIndex says what is wrong with the index: that it had to be begun anew,
// or that it holds another number of clauses than the store. One that a server
// has open is the server's to check.
func (p *program) checkIndex(ctx context.Context) []string {
	ix, err := p.openIndex(ctx)
	if errors.Is(err, index.ErrInUse) {
		return nil
	}
	if err != nil {
		return []string{"the index cannot be opened: " + err.Error()}
	}
	defer ix.Close()
	if ix.State() != index.StateComplete {
		return []string{"the index was damaged and is empty now"}
	}
	last, err := p.store.LastMark(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	if last != ix.Mark() {
		return []string{fmt.Sprintf("the index is at mark %d, the store at %d; `concord index` brings it up to date", ix.Mark(), last)}
	}
	return p.countIndex(ctx, ix)
}

// countIndex compares the number of clauses.
func (p *program) countIndex(ctx context.Context, ix *index.Index) []string {
	holdings, err := p.store.Standards(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	kept := 0
	for _, h := range holdings {
		kept += h.Clauses
	}
	have, err := ix.Count()
	if err != nil {
		return []string{err.Error()}
	}
	if have != kept {
		return []string{fmt.Sprintf("the index holds %d clauses, the store %d", have, kept)}
	}
	return nil
}

// printCheck prints the counts and what is wrong.
func printCheck(e env, report store.Report, problems []string) error {
	t := newTable(e.stdout, "ROWS OF", "COUNT")
	for _, name := range slices.Sorted(maps.Keys(report.Counts)) {
		t.row(name, fmt.Sprint(report.Counts[name]))
	}
	if err := t.flush(); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d audit rows follow each other, %d matches have the state their decisions give\n", report.AuditRows, report.Matches)
	for _, line := range problems {
		fmt.Fprintln(e.stdout, "wrong: "+plain(line))
	}
	if len(problems) == 0 {
		fmt.Fprintln(e.stdout, "all is well")
	}
	return nil
}
