package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/termbase"
	"concord/review/export"
	"concord/web"
)

var exportCommand = command{
	name: "export", args: "",
	summary: "write the agreed matches of a dossier, or the terms",
	example: "concord export --format sssom --dossier 0197... -o cn-ru.sssom.tsv\nconcord export --format oscal --round 2 (where there is one dossier alone)\nconcord export --format tbx (the terms)\nconcord export --format oscal-catalog --standard cn-gb-50010-2010 -o catalog.json\nconcord export (lists the dossiers)",
	run:     runExport,
}

func runExport(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	format := fs.String("format", "", "one of "+strings.Join(export.Names(), ", ")+"; tbx for the terms; "+export.CatalogFormat+" for a standard")
	standard := fs.String("standard", "", "`id` of the standard of a catalog")
	lang := fs.String("lang", "en", "`language` of headings in documents: "+join(export.Languages(), ", "))
	dossier := fs.String("dossier", "", "`id` or name of the dossier; without it that of the only one, or with no --format a list")
	round := fs.Int("round", 0, "`number` of a frozen round; without it what is agreed now")
	template := fs.String("template", "", "`name` of a template that says how the document looks")
	oneSided := fs.Bool("one-sided", false, "with what one person or side has answered, marked")
	output := fs.String("o", "", "`file` to write; standard output when empty")
	base := fs.String("base", e.setting("CONCORD_URL", ""), "`address` that clause addresses begin with (CONCORD_URL)")
	license := fs.String("license", "", "`address` of the licence of the mapping")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usage("what is %q?", rest[0])
	}
	if *format == "tbx" {
		if *dossier != "" || *round != 0 {
			return usage("TBX holds terms, which belong to no dossier: leave --dossier and --round out")
		}
		tbx, err := termbase.ByName("tbx")
		if err != nil {
			return err
		}
		return e.exportTerms(ctx, *c, tbx, *output, false)
	}
	if (*format == export.CatalogFormat) != (*standard != "") {
		return usage("%s is of a --standard, and the other formats are of a --dossier", export.CatalogFormat)
	}
	if *standard != "" {
		return e.exportCatalog(ctx, *c, corpus.StandardID(*standard), *output, export.Options{BaseURI: *base, Version: version})
	}
	f, err := export.ByName(cmp.Or(*format, "csv"))
	if err != nil {
		return fmt.Errorf("%w; tbx holds the terms: %w", err, errUsage)
	}
	if c.JSON && (*format != "" || *dossier != "") && *output == "" {
		return usage("--json lists the dossiers, or says what was written into the file that -o names; standard output holds the file otherwise")
	}
	if !slices.Contains(export.Languages(), corpus.Language(*lang)) {
		return usage("documents have no headings in %q, only in %s", *lang, join(export.Languages(), ", "))
	}
	if *oneSided && (!f.Marks || *round > 0) {
		return usage("only what is agreed stands in rounds and in formats that cannot mark what is not (%s)", f.Name)
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	if *dossier == "" && *format == "" {
		return p.listDossiers(ctx, e, *c)
	}
	id, err := p.chosenDossier(ctx, *dossier)
	if err != nil {
		return err
	}
	var stationery *export.Stationery
	if *template != "" {
		t, err := p.findTemplate(ctx, id, *template)
		if err != nil {
			return err
		}
		if stationery, err = export.TemplateFor(t, f); err != nil {
			return err
		}
	}
	sentence, err := web.Sentences(p.label)
	if err != nil {
		return err
	}
	set, err := p.openExport(ctx, id, *round, export.Options{
		Template: stationery, OneSided: *oneSided,
		BaseURI: *base, License: *license, Now: p.now(), Version: version, Language: corpus.Language(*lang), Label: p.conceptName, Sentence: sentence,
	})
	if err != nil {
		return err
	}
	if err := writeTo(e, *output, func(w io.Writer) error { return set.Write(ctx, w, f) }); err != nil || !c.JSON {
		return err
	}
	return printJSON(e.stdout, writtenFile{*output, f.Name, id, *round, set.Rows})
}

// writtenFile says what was exported, for scripts.
type writtenFile struct {
	File    string    `json:"file"`
	Format  string    `json:"format"`
	Dossier uuid.UUID `json:"dossier"`
	Round   int       `json:"round,omitempty"` // 0 for what is agreed now
	Rows    int       `json:"rows"`
}

// openExport opens what is agreed in a dossier: now, or in a round of it. Its lines
// are read while they are written.
func (p *program) openExport(ctx context.Context, dossier uuid.UUID, round int, o export.Options) (*export.Opened, error) {
	if round == 0 {
		return export.Open(ctx, p.store, dossier, o)
	}
	f, err := p.store.Round(ctx, dossier, round)
	if err != nil {
		return nil, err
	}
	return export.OpenRound(ctx, p.store, f, o)
}

// conceptName is label for those who know concepts by their ids alone.
func (p *program) conceptName(id string, in corpus.Language) string {
	return p.label(lexicon.ConceptID(id), in)
}

// join is strings.Join for texts of any type.
func join[T ~string](list []T, between string) string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return strings.Join(out, between)
}

// findDossier finds a dossier by id or by name.
func (p *program) findDossier(ctx context.Context, name string) (uuid.UUID, error) {
	if id, err := uuid.Parse(name); err == nil {
		return id, nil
	}
	dossiers, err := p.store.Dossiers(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	for _, d := range dossiers {
		if strings.EqualFold(d.Name, name) {
			return d.ID, nil
		}
	}
	return uuid.Nil, fmt.Errorf("there is no dossier %q; `concord export` lists them: %w", name, corpus.ErrNotFound)
}

// chosenDossier finds the dossier of a name; without one there must be one alone.
func (p *program) chosenDossier(ctx context.Context, name string) (uuid.UUID, error) {
	if name != "" {
		return p.findDossier(ctx, name)
	}
	dossiers, err := p.store.Dossiers(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	if len(dossiers) != 1 {
		return uuid.Nil, usage("there are %d dossiers, choose one with --dossier; `concord export` lists them", len(dossiers))
	}
	return dossiers[0].ID, nil
}

// exportCatalog writes a standard as an OSCAL catalog.
func (e env) exportCatalog(ctx context.Context, c config, id corpus.StandardID, output string, o export.Options) error {
	p, err := e.openProgram(ctx, c, false)
	if err != nil {
		return err
	}
	defer p.close()
	std, err := p.oneStandard(ctx, id)
	if err != nil {
		return err
	}
	clauses, err := p.store.ClausesOf(ctx, id)
	if err != nil {
		return err
	}
	o.Now, o.Figures = p.now(), web.Figures(p.lexicon, p.label)
	return writeTo(e, output, func(w io.Writer) error { return export.Catalog(w, std, clauses, o) })
}

// exportTerms writes the terms of users in use, and those of the program where shipped
// is set. Without any it says how to get some: an empty file would tell nobody.
func (e env) exportTerms(ctx context.Context, c config, f termbase.Format, output string, shipped bool) error {
	p, err := e.openProgram(ctx, c, false)
	if err != nil {
		return err
	}
	defer p.close()
	kept, err := p.store.Terms(ctx)
	if err != nil {
		return err
	}
	set, err := p.store.Settings(ctx)
	if err != nil {
		return err
	}
	waiting, err := p.store.TermsWaiting(ctx, set.TwoPreferred)
	if err != nil {
		return err
	}
	entries := termbase.InUse(kept)
	for i, entry := range entries {
		entries[i] = entry.Counted(waiting, termbase.Admitted)
	}
	if shipped {
		for _, concept := range p.terms.shipped.Concepts() {
			entries = append(entries, termbase.Shipped(concept))
		}
	}
	if len(entries) == 0 { // a file of TBX without any would break its schema
		return fmt.Errorf("there are no terms of users to export; `concord lexicon export --shipped` writes those that the program brings: %w", corpus.ErrNotFound)
	}
	return writeTo(e, output, func(w io.Writer) error { return f.Write(w, entries) })
}

func (p *program) listDossiers(ctx context.Context, e env, c config) error {
	dossiers, err := p.store.Dossiers(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"dossiers": dossiers})
	}
	t := newTable(e.stdout, "DOSSIER", "NAME", "POLICY")
	for _, d := range dossiers {
		t.row(d.ID.String(), d.Name, string(d.Policy))
	}
	return t.flush()
}

// writeTo writes to standard output, or to a file that appears only when it is
// whole.
func writeTo(e env, path string, write func(io.Writer) error) error {
	if path == "" {
		return write(e.stdout)
	}
	return writeWhole(path, write)
}

// writeWhole writes a file that appears only when it is whole and on the disk.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".concord-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		_ = f.Close()
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
