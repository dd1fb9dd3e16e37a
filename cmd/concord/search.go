package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"concord/corpus"
	"concord/index"
)

var searchCommand = command{
	name: "search", args: "WORDS...",
	summary: "find clauses by words, terms of any language, numbers or designations",
	example: "concord search --jurisdiction RU,KZ evacuation route width\nconcord search --json '\"fire compartment\" obligation:require'",
	run:     runSearch,
}

// searchRow is one hit as it is printed.
type searchRow struct {
	Clause      corpus.ClauseID `json:"clause"`
	Designation string          `json:"designation"`
	Number      string          `json:"number"`
	Language    corpus.Language `json:"lang"`
	Text        string          `json:"text"`
	Score       float64         `json:"score"`
	FoundBy     []string        `json:"foundBy"`
}

func runSearch(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	var q index.Query
	fs.IntVar(&q.Limit, "limit", 10, "how many clauses at most (1 to 100)")
	fs.BoolVar(&q.Exact, "exact", false, "only these words, no terms of other languages")
	lang := fs.String("lang", "", "only texts of these `languages`, separated by commas")
	jurisdiction := fs.String("jurisdiction", "", "only these jurisdictions, separated by commas")
	domain := fs.String("domain", "", "only these domains, separated by commas")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return usage("say what to look for")
	}
	q.Text = strings.Join(words, " ")
	q.Languages = list[corpus.Language](*lang)
	q.Jurisdictions = list[corpus.Jurisdiction](strings.ToUpper(*jurisdiction))
	q.Domains = list[corpus.Domain](*domain)
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	ix, err := p.openIndex(ctx)
	if errors.Is(err, index.ErrInUse) {
		return fmt.Errorf("%w; search on the server's page or through /api/v1/search, or stop the server", err)
	}
	if err != nil {
		return err
	}
	return errors.Join(p.search(ctx, e, *c, ix, q), ix.Close())
}

// list splits a comma-separated flag.
func list[T ~string](s string) []T {
	var out []T
	for _, part := range strings.Split(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, T(part))
		}
	}
	return out
}

// search asks and prints.
func (p *program) search(ctx context.Context, e env, c config, ix *index.Index, q index.Query) error {
	if _, err := p.followIndex(ctx, e, ix); err != nil {
		return err
	}
	res, err := ix.Search(ctx, q)
	if err != nil {
		return err
	}
	rows, err := p.searchRows(ctx, res)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"total": res.Total, "understood": res.Understood, "learned": res.Learned, "hits": rows, "fuzzy": res.Fuzzy})
	}
	for _, u := range res.Understood {
		fmt.Fprintf(e.stdout, "understood as %s: %s\n", u.Concept, labels(u))
	}
	for _, l := range res.Learned {
		fmt.Fprintf(e.stdout, "learned for %s:", l.Word)
		for _, r := range l.Into {
			fmt.Fprintf(e.stdout, " %s %s (%.2f)", r.Language, r.Text, r.Strength)
		}
		fmt.Fprintln(e.stdout)
	}
	t := newTable(e.stdout, "CLAUSE", "LANG", "FOUND BY", "TEXT")
	for _, r := range rows {
		t.row(r.Designation+" "+r.Number, string(r.Language), strings.Join(r.FoundBy, ", "), short(r.Text, 90))
	}
	if err := t.flush(); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d of %d clauses, %s\n", len(rows), res.Total, res.Took.Round(10_000))
	return nil
}

// labels are a concept's names, ordered by language.
func labels(u index.Understood) string {
	var out []string
	for _, l := range []corpus.Language{"zh", "en", "ru", "fr", "ar", "es"} {
		if name := u.Labels[l]; name != "" {
			out = append(out, string(l)+" "+name)
		}
	}
	return strings.Join(out, " · ")
}

// searchRows reads the hits' texts from the store; rights are applied.
func (p *program) searchRows(ctx context.Context, res index.Results) ([]searchRow, error) {
	ids := make([]corpus.ClauseID, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.Clause
	}
	clauses, err := p.store.Clauses(ctx, ids...)
	if err != nil {
		return nil, err
	}
	holdings, err := p.store.Standards(ctx)
	if err != nil {
		return nil, err
	}
	standards := map[corpus.StandardID]corpus.Standard{}
	for _, h := range holdings {
		standards[h.Standard.ID] = h.Standard
	}
	byID := map[corpus.ClauseID]corpus.Clause{}
	for _, c := range clauses {
		byID[c.ID] = standards[c.Standard].Rights.Shown(c)
	}
	rows := []searchRow{}
	for _, h := range res.Hits {
		c, there := byID[h.Clause]
		if !there {
			continue // removed since the index was written
		}
		rows = append(rows, searchRow{Clause: c.ID, Designation: standards[c.Standard].Designation, Number: c.Number,
			Language: c.Language, Text: c.Wording(), Score: h.Score, FoundBy: append([]string{}, h.By...)})
	}
	return rows, nil
}
