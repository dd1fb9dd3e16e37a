package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/reader"
)

var importCommand = command{
	name: "import", args: "FILE|FOLDER...",
	summary: "read standards from files and keep them",
	example: "concord import --jurisdiction CN --lang zh --domain engineering --tradition gb-construction standards/\nconcord import --stage GB50016-2018.pdf\nconcord import --accept GB50016-2018.txt\nconcord import --compare by-law.xml by-law.pdf",
	run:     runImport,
}

// importRow is what became of one document.
type importRow struct {
	ID       string             `json:"import,omitempty"` // of what waits, or was accepted
	File     string             `json:"file"`
	Standard corpus.StandardID  `json:"standard,omitempty"`
	Clauses  int                `json:"clauses"`
	Done     string             `json:"done"` // saved, staged, unchanged, failed, skipped
	Diff     corpus.EditionDiff `json:"difference"`
	Problems []corpus.Problem   `json:"problems,omitempty"`
	// Parallel are the kept editions of the same text in other languages.
	Parallel []parallelRow `json:"parallel,omitempty"`
}

// parallelRow is an edition of the same text in another language.
type parallelRow struct {
	Standard     corpus.StandardID   `json:"standard"`
	Language     corpus.Language     `json:"language"`
	Authenticity corpus.Authenticity `json:"authenticity,omitempty"` // official or reference
	By           corpus.ParallelBy   `json:"by"`
}

// addParallel names the parallel editions of what was saved.
func (p *program) addParallel(ctx context.Context, rows []importRow) error {
	holdings, err := p.store.Standards(ctx)
	if err != nil {
		return err
	}
	editions := corpus.EditionsOf(holdings)
	for i, r := range rows {
		at := slices.IndexFunc(holdings, func(h corpus.Holding) bool { return h.Standard.ID == r.Standard })
		if at < 0 {
			continue
		}
		for _, other := range editions.Parallel(holdings[at].Standard) {
			kind, _ := corpus.AuthenticityOf(other.Standard)
			rows[i].Parallel = append(rows[i].Parallel, parallelRow{other.Standard.ID, other.Standard.Language, kind, other.By})
		}
	}
	return nil
}

// What became of a document.
const (
	doneSaved     = "saved"
	doneStaged    = "staged"
	doneUnchanged = "unchanged"
	doneFailed    = "failed"
)

func runImport(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	hint := reader.Hint{}
	hintFlags(fs, &hint)
	stage := fs.Bool("stage", false, "keep everything apart until a person accepts it, also what has errors")
	accept := fs.Bool("accept", false, "save what has no errors and no warnings, also a new text of a standard that is kept already; keep the rest apart")
	compare := fs.Bool("compare", false, "keep nothing, but say how far two files of the same text agree")
	paths, err := parse(fs, args)
	if err != nil {
		return err
	}
	if *stage && *accept {
		return usage("say --stage or --accept, not both")
	}
	if *compare {
		return e.compareFiles(ctx, *c, paths, hint)
	}
	if len(paths) == 0 {
		return usage("name the files or folders to import")
	}
	files, err := collect(paths)
	if err != nil {
		return err
	}
	p, err := e.openProgram(ctx, *c, true)
	if err != nil {
		return err
	}
	defer p.close()
	children := newChildReader(*c)
	defer children.Close()
	rows := p.importFiles(ctx, e, source{openFile, children.Read}, files, hint, keeping{*stage, *accept})
	if slices.ContainsFunc(rows, func(r importRow) bool { return r.Done == doneSaved }) {
		if err := p.indexAfterImport(ctx, e); err != nil {
			return err
		}
	}
	if c.JSON { // which alone tells of them
		if err := p.addParallel(ctx, rows); err != nil {
			return err
		}
	}
	return reportImport(e, *c, rows)
}

// compareFiles reads two files and prints how far their clauses agree.
func (e env) compareFiles(ctx context.Context, c config, paths []string, hint reader.Hint) error {
	if len(paths) != 2 {
		return usage("name the two files to compare")
	}
	children := newChildReader(c)
	defer children.Close()
	from := source{openFile, children.Read}
	var docs []*corpus.Document
	for _, path := range paths {
		found, err := from.file(ctx, path, hint)
		if err != nil {
			return err
		}
		if len(found) > 1 {
			return fmt.Errorf("%s holds %d standards; compare files of one: %w", path, len(found), corpus.ErrInvalid)
		}
		if len(found[0].Clauses) == 0 {
			return fmt.Errorf("%s: %s: %w", path, found[0].Problems[0], corpus.ErrInvalid)
		}
		docs = append(docs, found...)
	}
	g := reader.Agree(docs[0], docs[1])
	if c.JSON {
		return printJSON(e.stdout, g)
	}
	_, err := fmt.Fprintf(e.stdout, "labels in common: %.3f of all\nlikeness of the texts under them: %.3f\nnumbered clauses: %d and %d\n", g.Labels, g.Text, g.A, g.B)
	return err
}

// hintFlags are what a person knows better than detection does.
func hintFlags(fs *flag.FlagSet, h *reader.Hint) {
	fs.StringVar(&h.Designation, "standard", "", "`designation` of the standard, as in \"GB 50016-2014\"")
	fs.StringVar(&h.Title, "title", "", "title of the standard")
	fs.StringVar(&h.Issuer, "issuer", "", "who issued it")
	fs.StringVar(&h.Edition, "edition", "", "edition or year")
	fs.Func("jurisdiction", "`code` of where it binds: CN, RU, EU ...", func(s string) error {
		h.Jurisdiction = corpus.Jurisdiction(strings.ToUpper(s))
		return nil
	})
	fs.Func("lang", "`tag` of the text's language: zh, ru, en ...", func(s string) error { h.Language = corpus.Language(s); return nil })
	fs.Func("domain", "engineering, park or digital", func(s string) error {
		h.Domain = corpus.Domain(s)
		if !slices.Contains(corpus.Domains, h.Domain) {
			return fmt.Errorf("the domains are engineering, park and digital")
		}
		return nil
	})
	fs.Func("tradition", "drafting tradition: gb, gb-construction, gost, ru-building, iso, eu-law ...", func(s string) error {
		h.Tradition = corpus.Tradition(s)
		return nil
	})
	fs.Func("rights", "full, excerpt or titles", func(s string) error { h.Rights = corpus.Rights(s); return nil })
	fs.Func("column", "`role=header` of a table, for instance number=Clause; may be repeated", func(s string) error { return addColumn(h, s) })
	fs.Func("columns", "`role=column,...` of a table, by headers or letters: \"number=A,text=C\"; kept for the next table of its publisher with these headers", func(s string) error {
		for _, part := range strings.Split(s, ",") {
			if err := addColumn(h, part); err != nil {
				return err
			}
		}
		return nil
	})
	fs.StringVar(&h.Columns.Sheet, "sheet", "", "`name` of the sheet to read of a workbook")
	fs.IntVar(&h.Columns.Header, "header", 0, "`line` of a table's header, where it is not found")
}

// addColumn takes one role=column of a flag.
func addColumn(h *reader.Hint, s string) error {
	role, column, ok := strings.Cut(s, "=")
	if role, column = strings.TrimSpace(role), strings.TrimSpace(column); !ok || role == "" || column == "" {
		return fmt.Errorf("write role=column, as in text=Requirement or text=C")
	}
	if other, given := h.Columns.Of[role]; given {
		return fmt.Errorf("%s is given twice, as %s and as %s", role, other, column)
	}
	if h.Columns.Of == nil {
		h.Columns.Of = map[string]string{}
	}
	h.Columns.Of[role] = column
	return nil
}

// collect lists the files of the paths, those of a folder in order, hidden ones
// left out.
func collect(paths []string) ([]string, error) {
	var out []string
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if name != path && strings.HasPrefix(d.Name(), ".") {
				if d.IsDir() {
					return filepath.SkipDir
				}
				return nil
			}
			if d.Type().IsRegular() {
				out = append(out, name)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look for files: %w", err)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no file was found in %s: %w", strings.Join(paths, ", "), corpus.ErrNotFound)
	}
	return out, nil
}

// opener opens one of the files to import.
type opener func(name string) (io.ReadCloser, error)

// openFile opens a file of the disk.
func openFile(name string) (io.ReadCloser, error) { return os.Open(name) }

// source is where files come from and how they are read.
type source struct {
	open opener
	read readFunc
}

// file opens and reads one file.
func (s source) file(ctx context.Context, name string, hint reader.Hint) ([]*corpus.Document, error) {
	f, err := s.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return s.read(ctx, name, f, hint)
}

// keeping says what is kept how: everything apart, or everything that has no
// problem saved. With neither, what is new is saved and a new text of what is kept
// already waits.
type keeping struct{ stage, accept bool }

// importFiles reads and keeps file after file; what fails is told in its row and
// stops nothing else.
func (p *program) importFiles(ctx context.Context, e env, from source, files []string, hint reader.Hint, how keeping) []importRow {
	bar := e.startProgress("reading")
	var rows []importRow
	for i, name := range files {
		docs, err := p.readRemembered(ctx, hint, func(hint reader.Hint) ([]*corpus.Document, error) {
			return p.withSiblings(ctx, from, name, files, hint)
		})
		if err != nil {
			rows = append(rows, failedRow(name, err))
		}
		for k, doc := range docs {
			row := p.keep(ctx, from, name, doc, how)
			if k == 0 && row.Done != doneFailed {
				if err := p.rememberColumns(ctx, from, name, doc, hint); err != nil {
					row = withError(row, err)
				}
			}
			rows = append(rows, row)
		}
		bar.at(i+1, len(files))
		if ctx.Err() != nil {
			break
		}
	}
	bar.end("%d files", len(files))
	return rows
}

// failedRow is the row of a file that could not be read.
func failedRow(name string, err error) importRow {
	return importRow{File: name, Done: doneFailed, Problems: []corpus.Problem{{Severity: corpus.SeverityError, Message: corpus.Sentence(err)}}}
}

// keep keeps one document.
func (p *program) keep(ctx context.Context, from source, name string, doc *corpus.Document, how keeping) importRow {
	row := importRow{File: name, Standard: doc.Standard.ID, Clauses: len(doc.Clauses), Problems: doc.Problems, Done: doneFailed}
	if how.stage || how.accept {
		return p.keepApart(ctx, from, row, doc, how.accept)
	}
	if corpus.Fatal(doc.Problems) {
		return row
	}
	read := *doc
	read.Clauses = slices.Clone(doc.Clauses)
	if err := p.apart(ctx, doc); err != nil {
		return withError(row, err)
	}
	row.Standard, row.Problems = doc.Standard.ID, doc.Problems
	refineKinds(p.lexicon, doc)
	diff, err := p.store.Compare(ctx, doc)
	if err != nil {
		return withError(row, err)
	}
	row.Diff = diff
	switch {
	case diff.Known && len(diff.New)+len(diff.Changed)+len(diff.Gone) == 0:
		row.Done = doneUnchanged
	case diff.Known:
		return p.keepApart(ctx, from, row, &read, false)
	default:
		if _, err := p.store.Save(ctx, doc, "cli"); err != nil {
			return withError(row, err)
		}
		row.Done = doneSaved
	}
	return row
}

// keepApart stages one document, and accepts it at once when it is wished and
// nothing is to be looked at. A file that waits already, with corrections, is
// accepted with them.
func (p *program) keepApart(ctx context.Context, from source, row importRow, doc *corpus.Document, accept bool) importRow {
	digest, err := from.digest(row.File)
	if err != nil {
		return withError(row, err)
	}
	i, err := p.store.Stage(ctx, row.File, digest, "cli", doc)
	if err != nil {
		return withError(row, err)
	}
	if err := p.keepFile(ctx, from, row.File, i); err != nil {
		return withError(row, err)
	}
	row.ID, row.Done = i.ID.String(), doneStaged
	if i, err = p.store.Staged(ctx, i.ID); err != nil {
		return withError(row, err)
	}
	finished, err := p.Finished(ctx, i)
	if err != nil {
		return withError(row, err)
	}
	row.Standard, row.Clauses, row.Problems = finished.Standard.ID, len(finished.Clauses), finished.Problems
	if i.Errors > 0 {
		return row
	}
	if row.Diff, err = p.store.Compare(ctx, finished); err != nil {
		return withError(row, err)
	}
	if !accept || i.Warnings > 0 {
		return row
	}
	if row.Diff, err = p.Accept(ctx, i, "cli"); err != nil {
		row.Done = doneFailed
		return withError(row, err)
	}
	row.Done = doneSaved
	return row
}

// apart keeps the texts of one standard in several languages apart: a text in
// another language than the one that is kept gets its language into its id, and
// does not pass for a new edition.
func (p *program) apart(ctx context.Context, doc *corpus.Document) error {
	kept, err := p.store.Standard(ctx, doc.Standard.ID)
	if errors.Is(err, corpus.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	language := doc.Standard.Language.Base()
	if kept.Standard.Language.Base() == language {
		return nil
	}
	id := doc.Standard.ID + "-" + corpus.StandardID(language)
	said := corpus.Say(corpus.SeverityNote, "identity", "kept-beside", "{standard} is kept in {tongue} already, so this text in {other} is kept beside it as {id}", "",
		"standard", string(doc.Standard.ID), "tongue", string(kept.Standard.Language), "other", string(language), "id", string(id))
	said.File = doc.Standard.Source
	doc.Problems = append(doc.Problems, said)
	doc.Rename(id)
	return nil
}

func withError(row importRow, err error) importRow {
	row.Problems = append(row.Problems, corpus.Problem{Severity: corpus.SeverityError, File: row.File, Message: corpus.Sentence(err)})
	return row
}

// refineKinds lets the lexicon tell requirements from recommendations by the
// obligation words and the drafting tradition.
func refineKinds(lex *lexicon.Lexicon, doc *corpus.Document) {
	for i, c := range doc.Clauses {
		if c.Kind == corpus.KindProvision {
			doc.Clauses[i].Kind = lex.Kind(c, lex.Read(c, doc.Standard.Tradition))
		}
	}
}

// reportImport prints the table and makes the exit code.
func reportImport(e env, c config, rows []importRow) error {
	failed, saved, staged := 0, 0, 0
	for _, r := range rows {
		switch r.Done {
		case doneStaged:
			staged++
		case doneFailed:
			failed++
		case doneSaved:
			saved++
		}
	}
	if c.JSON {
		if err := printJSON(e.stdout, map[string]any{"documents": rows, "saved": saved, "staged": staged, "failed": failed}); err != nil {
			return err
		}
		return importError(failed, len(rows))
	}
	t := newTable(e.stdout, "FILE", "STANDARD", "CLAUSES", "PROBLEMS", "DONE")
	for _, r := range rows {
		t.row(r.File, string(r.Standard), fmt.Sprint(r.Clauses), countProblems(r.Problems), r.doneText())
	}
	if err := t.flush(); err != nil {
		return err
	}
	for _, r := range rows {
		for _, line := range problemLines(r) {
			fmt.Fprintln(e.stdout, plain(line))
		}
	}
	return importError(failed, len(rows))
}

func importError(failed, total int) error {
	switch {
	case failed == 0:
		return nil
	case failed < total:
		return errPartly
	}
	return errors.New("nothing was imported")
}

// doneText says what became of a document and what to do next.
func (r importRow) doneText() string {
	d := r.Diff
	switch r.Done {
	case doneStaged:
		change := ""
		if d.Known {
			change = fmt.Sprintf(" (kept already: %d new, %d changed, %d gone, %d decisions would become suspect)", len(d.New), len(d.Changed), len(d.Gone), d.Suspect)
		}
		return fmt.Sprintf("waits%s: look at /imports/%s, or `concord staged accept %s`", change, r.ID, r.ID)
	case doneSaved:
		if d.Known {
			return fmt.Sprintf("saved: %d new, %d changed, %d gone, %d decisions became suspect", len(d.New), len(d.Changed), len(d.Gone), d.Suspect)
		}
	}
	return r.Done
}

// countProblems is "2 errors, 1 warning", or "-" when there are none.
func countProblems(problems []corpus.Problem) string {
	count := map[corpus.Severity]int{}
	for _, p := range problems {
		count[p.Severity]++
	}
	var parts []string
	for _, s := range []corpus.Severity{corpus.SeverityError, corpus.SeverityWarning, corpus.SeverityNote} {
		if n := count[s]; n == 1 {
			parts = append(parts, "1 "+string(s))
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %ss", n, s))
		}
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, ", ")
}

// maxProblemLines bounds how many problems of one document are printed.
const maxProblemLines = 12

// problemLines are the problems of one document as sentences, errors first.
func problemLines(r importRow) []string {
	order := map[corpus.Severity]int{corpus.SeverityError: 0, corpus.SeverityWarning: 1, corpus.SeverityNote: 2}
	sorted := slices.Clone(r.Problems)
	corpus.SortRows(sorted, func(a, b corpus.Problem) int { return order[a.Severity] - order[b.Severity] })
	var out []string
	for i, p := range sorted {
		if i == maxProblemLines {
			out = append(out, fmt.Sprintf("%s: and %d more; --json lists all", r.File, len(sorted)-i))
			break
		}
		if p.File == "" && !strings.HasPrefix(p.Message, r.File) {
			p.File = r.File
		}
		out = append(out, fmt.Sprintf("%s: %s", p.Severity, p))
	}
	return out
}
