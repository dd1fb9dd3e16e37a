package main

import (
	"context"
	"errors"
	"fmt"

	"concord/index"
)

var indexCommand = command{
	name: "index", args: "[follow|rebuild|status]",
	summary: "bring the search index up to date, or build it anew",
	example: "concord index rebuild",
	run:     runIndex,
}

// probeCommand reads one part of the index and ends; the program calls it on
// itself, so that a damaged file ends a child and not the server.
var probeCommand = command{
	name: "index-probe", args: "FOLDER", summary: "read one part of the search index", hidden: true, example: "concord index-probe concord-data/index/gen-000001/cn",
	run: func(ctx context.Context, e env, args []string) error {
		if len(args) != 1 {
			return usage("name one folder")
		}
		return index.Probe(ctx, args[0])
	},
}

func runIndex(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(words) > 1 {
		return usage("one of follow, rebuild and status")
	}
	do := "follow"
	if len(words) == 1 {
		do = words[0]
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	ix, err := p.openIndex(ctx)
	if err != nil {
		return err
	}
	if err := p.indexDo(ctx, e, ix, do); err != nil {
		return errors.Join(err, ix.Close())
	}
	n, err := ix.Count()
	if err != nil {
		return errors.Join(err, ix.Close())
	}
	status := map[string]any{"clauses": n, "mark": ix.Mark(), "state": ix.State()}
	if c.JSON {
		return errors.Join(printJSON(e.stdout, status), ix.Close())
	}
	fmt.Fprintf(e.stdout, "%d clauses, mark %d, %s\n", n, ix.Mark(), ix.State())
	return ix.Close()
}

// indexDo does one of the three things.
func (p *program) indexDo(ctx context.Context, e env, ix *index.Index, do string) error {
	switch do {
	case "status":
		return nil
	case "follow":
		_, err := p.followIndex(ctx, e, ix)
		return err
	case "rebuild":
		bar := e.startProgress("rebuilding")
		total, err := p.store.LastMark(ctx)
		if err != nil {
			return err
		}
		if err := ix.Rebuild(ctx, p.store, func(done int) { bar.at(done, int(total)) }); err != nil {
			return err
		}
		bar.end("done")
		return nil
	}
	return usage("%q is none of follow, rebuild and status", do)
}
