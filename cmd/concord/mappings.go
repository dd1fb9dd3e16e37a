package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/review/exchange"
)

var mappingsCommand = command{
	name: "import-mappings", args: "[FILE...]",
	summary: "keep mappings that others made, beside our own",
	example: "concord import-mappings --as decisions their.sssom.tsv\nconcord import-mappings --name \"ISO27001-AnnexA-catalog.json=iso-27001-2022\" collection.json\nconcord import-mappings (lists what is kept)\nconcord import-mappings --set 0197... --pending (what its rows wait for)\nconcord import-mappings --set 0197... -o their.sssom.tsv (writes it again)",
	run:     runMappings,
}

// mappingRow is what became of one file.
type mappingRow struct {
	review.ImportedSet
	Done     string `json:"done"` // saved, unchanged, failed
	Proposed int    `json:"proposed,omitempty"`
	Refused  string `json:"refused,omitempty"`
}

// MarshalJSON tells of a file that failed its name and why alone: it has no id, no rows
// and no date that a script could take for those of a set.
func (r mappingRow) MarshalJSON() ([]byte, error) {
	if r.Refused != "" {
		return json.Marshal(map[string]string{"file": r.File, "done": r.Done, "refused": r.Refused})
	}
	type kept mappingRow
	return json.Marshal(kept(r))
}

// mappingFlags are the flags of the command.
type mappingFlags struct {
	as, dossier, set, output string
	pending                  bool
	options                  exchange.Options
}

func runMappings(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	f := mappingFlags{options: exchange.Options{Names: map[string]string{}}}
	fs.StringVar(&f.as, "as", string(review.ImportedDecisions), "proposals, or decisions: what others decided before; neither is an opinion of ours")
	fs.StringVar(&f.dossier, "dossier", "", "`id` or name of the dossier they are meant for; pairs of proposals enter its queue")
	fs.StringVar(&f.options.Source, "source", "", "`name` of the source standard where the file names none")
	fs.StringVar(&f.options.Target, "target", "", "`name` of the target standard where the file names none")
	fs.Func("name", "what a name in the file means: `NAME=ID`, may be given several times", func(s string) error {
		name, id, found := cutLast(s, "=")
		if !found || name == "" || id == "" {
			return fmt.Errorf("write NAME=ID")
		}
		f.options.Names[name] = id
		return nil
	})
	fs.StringVar(&f.set, "set", "", "`id` of a set that is kept: show its rows")
	fs.BoolVar(&f.pending, "pending", false, "with --set: only the rows that name something unknown")
	fs.StringVar(&f.output, "o", "", "with --set: `file` to write the set to, in its own format")
	files, err := parse(fs, args)
	if err != nil {
		return err
	}
	if !slices.Contains(review.ImportedKinds, review.ImportedAs(f.as)) {
		return usage("--as is one of %s", join(review.ImportedKinds, ", "))
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	switch {
	case f.set != "" && len(files) > 0:
		return usage("name files to import, or a set to show")
	case f.set != "":
		return p.showMapping(ctx, e, *c, f)
	case len(files) == 0:
		return p.listMappings(ctx, e, *c)
	}
	return p.importMappings(ctx, e, *c, f, files)
}

// cutLast cuts around the last place of a separator.
func cutLast(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

// importMappings reads and keeps files, one after the other.
func (p *program) importMappings(ctx context.Context, e env, c config, f mappingFlags, files []string) error {
	dossier := uuid.Nil
	if f.dossier != "" {
		var err error
		if dossier, err = p.findDossier(ctx, f.dossier); err != nil {
			return err
		}
	}
	var rows []mappingRow
	for _, path := range files {
		row, err := p.importMapping(ctx, path, review.ImportedAs(f.as), dossier, f.options)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			row = mappingRow{ImportedSet: review.ImportedSet{File: path}, Done: doneFailed, Refused: corpus.Sentence(err)}
		}
		rows = append(rows, row)
	}
	return reportMappings(e, c, rows)
}

// importMapping reads and keeps one file.
func (p *program) importMapping(ctx context.Context, path string, as review.ImportedAs, dossier uuid.UUID, o exchange.Options) (mappingRow, error) {
	body, err := readLimited(path, exchange.MaxBytes)
	if err != nil {
		return mappingRow{}, err
	}
	set, err := exchange.Read(path, body, o)
	if err != nil {
		return mappingRow{}, err
	}
	set.As, set.Dossier = as, dossier
	kept, known, err := p.store.SaveImported(ctx, set.ImportedSet, set.Statements, body, "cli")
	if err != nil {
		return mappingRow{}, err
	}
	row := mappingRow{ImportedSet: kept, Done: doneSaved}
	if known {
		row.Done = doneUnchanged
	}
	if as == review.ImportedProposals && dossier != uuid.Nil {
		row.Proposed, err = p.proposeImported(ctx, dossier, kept.ID)
	}
	return row, err
}

// readLimited reads a file that has at most so many bytes.
func readLimited(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(body)) > most {
		err = fmt.Errorf("%s has more than %d MB: %w", path, most>>20, corpus.ErrLimit)
	}
	return body, err
}

// proposeImported brings the pairs of a set into the queue of a dossier, each with
// our own comparison of the two texts: what others propose is a candidate, our
// matcher says how the clauses compare. Sets of clauses are shown, not proposed.
func (p *program) proposeImported(ctx context.Context, dossier, set uuid.UUID) (int, error) {
	d, err := p.store.Dossier(ctx, dossier)
	if err != nil {
		return 0, err
	}
	side := map[corpus.StandardID]int{}
	var standards []corpus.StandardID
	for n, s := range d.Sides {
		for _, id := range s.Standards {
			side[id] = n + 1
			standards = append(standards, id)
		}
	}
	m, err := p.loadMatcher(ctx, standards...)
	if err != nil {
		return 0, err
	}
	total := 0
	for after := 0; ; {
		rows, err := p.store.ImportedRows(ctx, set, false, after, 0)
		if err != nil || len(rows) == 0 {
			return total, err
		}
		var proposals []matcher.Proposal
		for _, r := range rows {
			after = r.Number
			if r.Pending || len(r.Sources) != 1 || len(r.Targets) != 1 || r.Verdict.Rejects() {
				continue
			}
			a, b := r.Sources[0].Found, r.Targets[0].Found
			from, to := side[a.Standard()], side[b.Standard()]
			if from == 0 || to == 0 || from == to {
				continue
			}
			if from != 1 && to == 1 {
				a, b = b, a
			}
			clauses, err := p.store.Clauses(ctx, a, b)
			if err != nil || len(clauses) != 2 {
				return total, err
			}
			proposals = append(proposals, m.Compare(clauses[0], clauses[1]))
		}
		added, _, err := p.store.Propose(ctx, dossier, proposals)
		if total += added; err != nil {
			return total, err
		}
	}
}

// reportMappings prints what became of the files; problems go to the errors.
func reportMappings(e env, c config, rows []mappingRow) error {
	failed := slices.ContainsFunc(rows, func(r mappingRow) bool { return r.Done == doneFailed })
	if c.JSON {
		if err := printJSON(e.stdout, struct {
			Sets []mappingRow `json:"sets"`
		}{rows}); err != nil {
			return err
		}
	} else {
		t := newTable(e.stdout, "FILE", "FORMAT", "SET", "ROWS", "PENDING", "PROPOSED", "PROBLEMS", "DONE")
		for _, r := range rows {
			t.row(r.File, r.Format, idOrDash(r.ID), strconv.Itoa(r.Rows), strconv.Itoa(r.Pending), strconv.Itoa(r.Proposed), strconv.Itoa(len(r.Problems)), r.Done)
		}
		if err := t.flush(); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if r.Refused != "" {
			fmt.Fprintf(e.stderr, "failed: %s\n", plain(r.Refused))
		}
		for _, problem := range r.Problems {
			fmt.Fprintf(e.stderr, "%s: %s\n", problem.Severity, plain(problem.String()))
		}
	}
	if failed {
		return errPartly
	}
	return nil
}

func idOrDash(id uuid.UUID) string {
	if id == uuid.Nil {
		return "-"
	}
	return id.String()
}

// listMappings lists the sets that are kept.
func (p *program) listMappings(ctx context.Context, e env, c config) error {
	sets, err := p.store.Imported(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, struct {
			Sets []review.ImportedSet `json:"sets"`
		}{sets})
	}
	t := newTable(e.stdout, "SET", "SOURCE", "AS", "FORMAT", "ROWS", "PENDING", "PROBLEMS", "LICENCE")
	for _, s := range sets {
		t.row(s.ID.String(), short(s.Source(), 50), string(s.As), s.Format, strconv.Itoa(s.Rows), strconv.Itoa(s.Pending), strconv.Itoa(len(s.Problems)), short(s.License, 50))
	}
	return t.flush()
}

// showMapping prints the rows of a set, or writes it again.
func (p *program) showMapping(ctx context.Context, e env, c config, f mappingFlags) error {
	id, err := uuid.Parse(f.set)
	if err != nil {
		return usage("%q is no id of a set; `concord import-mappings` lists them", f.set)
	}
	set, err := p.store.ImportedSet(ctx, id)
	if err != nil {
		return err
	}
	if f.output != "" {
		return p.writeMapping(ctx, e, set, f.output)
	}
	var rows []review.ImportedRow
	for after := 0; ; {
		page, err := p.store.ImportedRows(ctx, id, f.pending, after, 0)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		rows, after = append(rows, page...), page[len(page)-1].Number
	}
	if c.JSON {
		return printJSON(e.stdout, struct {
			Set  review.ImportedSet   `json:"set"`
			Rows []review.ImportedRow `json:"rows"`
		}{set, rows})
	}
	t := newTable(e.stdout, "PLACE", "SAYS", "SOURCES", "TARGETS", "WAITS FOR")
	for _, r := range rows {
		t.row(r.Place, string(r.Verdict), refNames(r.Sources), refNames(r.Targets), waitsFor(r))
	}
	return t.flush()
}

// refNames are clauses by our ids, or in the file's words.
func refNames(refs []review.Ref) string {
	var out []string
	for _, r := range refs {
		if r.Found != "" {
			out = append(out, string(r.Found))
		} else {
			out = append(out, strings.TrimSpace(r.Standard+" "+r.Clause))
		}
	}
	return short(strings.Join(out, " + "), 80)
}

// waitsFor are the names that nothing here has.
func waitsFor(r review.ImportedRow) string {
	if !r.Pending {
		return ""
	}
	out := slices.DeleteFunc(r.Refs(), func(f review.Ref) bool { return f.Found != "" })
	if len(out) == 0 {
		out = []review.Ref{{Standard: r.Against}}
	}
	return refNames(out)
}

// writeMapping writes a set from the file that is kept, in the canonical form of
// its format.
func (p *program) writeMapping(ctx context.Context, e env, set review.ImportedSet, path string) error {
	body, err := p.store.ImportedFile(ctx, set.ID)
	if err != nil {
		return err
	}
	read, err := exchange.Read(set.File, body, exchange.Options{})
	if err != nil {
		return err
	}
	return writeTo(e, path, read.Write)
}
