package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

var templateCommand = command{
	name: "template", args: "list | show NAME | set NAME | drop NAME | default",
	summary: "keep how documents are arranged and the letterheads they are written into",
	example: "concord template default > own.txt\nconcord template set \"House style\" --as li --arrangement own.txt --letterhead head.docx\nconcord export --format docx --dossier 0197... --template \"House style\" -o out.docx",
	run:     runTemplate,
}

// templateFlags are what the template command is asked for.
type templateFlags struct {
	dossier, as, arrangement, letterhead, output string
	version                                      int
	without, json                                bool
}

func runTemplate(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	var f templateFlags
	fs.StringVar(&f.dossier, "dossier", "", "`id` or name of the dossier; without it the templates of all dossiers")
	fs.StringVar(&f.as, "as", "", "`login` of the person who writes or drops")
	fs.StringVar(&f.arrangement, "arrangement", "", "`file` with the arrangement, - for standard input; without it the one there is")
	fs.StringVar(&f.letterhead, "letterhead", "", "`file` (.docx) with the letterhead; without it the one there is")
	fs.BoolVar(&f.without, "without-letterhead", false, "take the letterhead out")
	fs.IntVar(&f.version, "version", 0, "`number` of the version to show; without it the last")
	fs.StringVar(&f.output, "o", "", "`file` to write the letterhead to (show)")
	fs.BoolVar(&f.json, "json", false, "write JSON (list, show)")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(words) == 1 && words[0] == "default" {
		_, err := io.WriteString(e.stdout, export.DefaultArrangement())
		return err
	}
	act := ""
	if len(words) > 0 {
		act = words[0]
	}
	if !(act == "list" && len(words) == 1) && !(len(words) == 2 && (act == "show" || act == "set" || act == "drop")) {
		return usage("say one of %s", e.command.args)
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	dossier := uuid.Nil
	if f.dossier != "" {
		if dossier, err = p.findDossier(ctx, f.dossier); err != nil {
			return err
		}
	}
	switch act {
	case "list":
		return p.listTemplates(ctx, e, dossier, f)
	case "show":
		return p.showTemplate(ctx, e, dossier, words[1], f)
	}
	return p.writeTemplate(ctx, e, dossier, words[1], f, act == "drop")
}

// findTemplate finds a template of a dossier, or of all, by name or id.
func (p *program) findTemplate(ctx context.Context, dossier uuid.UUID, name string) (review.Template, error) {
	list, err := p.store.Templates(ctx)
	if err != nil {
		return review.Template{}, err
	}
	for _, t := range review.TemplatesAt(list, dossier) {
		if strings.EqualFold(t.Name, name) || t.ID.String() == name {
			return p.store.Template(ctx, t.ID, 0)
		}
	}
	return review.Template{}, fmt.Errorf("there is no template %q; `concord template list` lists them: %w", name, corpus.ErrNotFound)
}

// templateJSON is a template as --json writes it.
type templateJSON struct {
	ID          uuid.UUID         `json:"id"`
	Name        string            `json:"name"`
	Dossier     *uuid.UUID        `json:"dossier"` // null for all
	Version     int               `json:"version"`
	Documents   []export.Document `json:"documents"`
	Letterhead  string            `json:"letterhead,omitempty"` // name of its file
	At          time.Time         `json:"at"`
	Arrangement string            `json:"arrangement,omitempty"` // of show
}

func newTemplateJSON(t review.Template) templateJSON {
	a, _ := export.ReadArrangement(t.Arrangement) // it was read when it was kept
	out := templateJSON{ID: t.ID, Name: t.Name, Version: t.Version, Documents: a.Kinds(), Letterhead: t.File, At: t.At}
	if !t.ForAll() {
		out.Dossier = &t.Dossier
	}
	if out.Documents == nil {
		out.Documents = []export.Document{}
	}
	return out
}

func (p *program) listTemplates(ctx context.Context, e env, dossier uuid.UUID, f templateFlags) error {
	list, err := p.store.Templates(ctx)
	if err != nil {
		return err
	}
	if f.dossier != "" {
		list = review.TemplatesAt(list, dossier)
	}
	if f.json {
		out := []templateJSON{}
		for _, t := range list {
			out = append(out, newTemplateJSON(t))
		}
		return json.NewEncoder(e.stdout).Encode(out)
	}
	t := newTable(e.stdout, "NAME", "VERSION", "DOSSIER", "DOCUMENTS", "LETTERHEAD", "WRITTEN")
	for _, x := range list {
		j, scope := newTemplateJSON(x), "all"
		if j.Dossier != nil {
			scope = j.Dossier.String()
		}
		t.row(x.Name, strconv.Itoa(x.Version), scope, join(j.Documents, ", "), x.File, x.At.Format(time.DateOnly))
	}
	return t.flush()
}

func (p *program) showTemplate(ctx context.Context, e env, dossier uuid.UUID, name string, f templateFlags) error {
	t, err := p.findTemplate(ctx, dossier, name)
	if err == nil && f.version > 0 {
		t, err = p.store.Template(ctx, t.ID, f.version)
	}
	if err != nil {
		return err
	}
	if f.output != "" {
		if t.Letterhead == nil {
			return fmt.Errorf("version %d has no letterhead: %w", t.Version, corpus.ErrNotFound)
		}
		return writeTo(e, f.output, func(w io.Writer) error { _, err := w.Write(t.Letterhead); return err })
	}
	if f.json {
		j := newTemplateJSON(t)
		j.Arrangement = t.Arrangement
		return json.NewEncoder(e.stdout).Encode(j)
	}
	_, err = io.WriteString(e.stdout, t.Arrangement)
	return err
}

// writeTemplate keeps a version, or drops the template. All flaws of an arrangement are
// told.
func (p *program) writeTemplate(ctx context.Context, e env, dossier uuid.UUID, name string, f templateFlags, drop bool) error {
	if f.as == "" {
		return usage("say with --as LOGIN who writes")
	}
	person, _, err := p.store.PersonByLogin(ctx, f.as)
	if err != nil {
		return err
	}
	t, err := p.findTemplate(ctx, dossier, name)
	if err != nil && drop {
		return err
	}
	if err != nil || t.Dossier != dossier {
		t = review.Template{Name: name, Dossier: dossier}
	}
	if t.Dropped = drop; !drop {
		if err := f.read(e, &t); err != nil {
			return err
		}
		if _, flaws := export.ReadArrangement(t.Arrangement); len(flaws) > 0 {
			for _, flaw := range flaws {
				fmt.Fprintln(e.stderr, corpus.Sentence(flaw.Err, corpus.ErrInvalid))
			}
			return fmt.Errorf("%d lines of the arrangement cannot be read, nothing is kept: %w", len(flaws), corpus.ErrInvalid)
		}
		if _, err := export.ReadTemplate(t); err != nil {
			return err
		}
	}
	saved, err := p.store.SaveTemplate(ctx, t, person)
	if err != nil {
		return err
	}
	if drop {
		fmt.Fprintf(e.stdout, "%s is dropped, its %d versions stay\n", plain(saved.Name), saved.Version)
	} else {
		fmt.Fprintf(e.stdout, "%s is at version %d, checksum %s\n", plain(saved.Name), saved.Version, saved.Checksum())
	}
	return nil
}

// read takes in the files that the flags name.
func (f templateFlags) read(e env, t *review.Template) error {
	if f.arrangement != "" {
		in := e.stdin
		if f.arrangement != "-" {
			file, err := os.Open(f.arrangement)
			if err != nil {
				return err
			}
			defer file.Close()
			in = file
		}
		body, err := io.ReadAll(io.LimitReader(in, review.MaxArrangement+1))
		if err != nil {
			return fmt.Errorf("read %s: %w", f.arrangement, err)
		}
		t.Arrangement = string(body)
	}
	if f.without {
		t.Letterhead, t.File = nil, ""
	}
	if f.letterhead != "" {
		file, err := os.Open(f.letterhead)
		if err != nil {
			return err
		}
		defer file.Close()
		if t.Letterhead, err = io.ReadAll(io.LimitReader(file, review.MaxLetterhead+1)); err != nil {
			return fmt.Errorf("read %s: %w", f.letterhead, err)
		}
		t.File = filepath.Base(f.letterhead)
	}
	return nil
}
