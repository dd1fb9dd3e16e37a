package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
)

// editionRow is an edition of a standard's text in another language.
type editionRow struct {
	Standard corpus.Standard
	Mark     editionMark
	By       corpus.ParallelBy
	Clause   corpus.ClauseID // of the same number as the clause of the page, "" for none
	Here     bool            // shown beside the clause of the page
}

// editionMark is what a language edition counts as, and whether somebody said so.
type editionMark struct {
	Kind corpus.Authenticity
	Said bool
}

func markOf(s corpus.Standard) editionMark {
	kind, said := corpus.AuthenticityOf(s)
	return editionMark{kind, said}
}

// editionsOf lists the parallel editions of a standard.
func editionsOf(e *corpus.Editions, s corpus.Standard) []editionRow {
	var out []editionRow
	for _, p := range e.Parallel(s) {
		out = append(out, editionRow{Standard: p.Standard, Mark: markOf(p.Standard), By: p.By})
	}
	return out
}

// besideClause is the clause of a parallel edition next to that of the page.
type besideClause struct {
	Standard corpus.Standard
	Clause   Wording
}

// maxParallel bounds of how many editions the clause of the same number is looked up.
const maxParallel = 12

// parallelClauses names the clauses of the same number in parallel editions, and
// returns them by standard.
func (s *Server) parallelClauses(ctx context.Context, rows []editionRow, c corpus.Clause) (map[corpus.StandardID]corpus.Clause, error) {
	out := map[corpus.StandardID]corpus.Clause{}
	rows = rows[:min(len(rows), maxParallel)]
	if c.Number == "" || len(rows) == 0 {
		return out, nil
	}
	ids := []corpus.StandardID{c.Standard}
	for _, row := range rows {
		ids = append(ids, row.Standard.ID)
	}
	found, err := s.store.Numbered(ctx, c.Number, ids...)
	if err != nil {
		return nil, fmt.Errorf("find the clauses %s: %w", c.Number, err)
	}
	of := map[corpus.StandardID][]corpus.Clause{}
	for _, other := range found {
		of[other.Standard] = append(of[other.Standard], other)
	}
	if corpus.ByNumber(of[c.Standard])[c.Number].ID != c.ID {
		return out, nil
	}
	for i := range rows {
		id := rows[i].Standard.ID
		if other, there := corpus.ByNumber(of[id])[c.Number]; there {
			rows[i].Clause, out[id] = other.ID, other
		}
	}
	return out, nil
}

// fillEditions adds the parallel editions to a clause's page, and the one that is
// to be read beside it.
func (s *Server) fillEditions(ctx context.Context, p *clausePage, all []corpus.Holding, clauses []corpus.Clause, at int, beside corpus.StandardID) error {
	p.Editions = editionsOf(corpus.EditionsOf(all), p.Standard)
	found, err := s.parallelClauses(ctx, p.Editions, clauses[at])
	if err != nil {
		return err
	}
	for i := range p.Editions {
		e := &p.Editions[i]
		if c, there := found[e.Standard.ID]; there && e.Standard.ID == beside {
			e.Here = true
			p.Beside = &besideClause{e.Standard, wording(c, e.Standard, readingLayers(s.reading(c, e.Standard)))}
		}
	}
	return nil
}

// restate sets what is said of a kept standard.
func (s *Server) restate(c echo.Context, a asker) error {
	id := corpus.StandardID(pathPart(c, "id"))
	err := s.store.Restate(c.Request().Context(), id, func(std corpus.Standard) (corpus.Standard, error) {
		set := changedFields(c, std)
		return staging.Restated(std, set)
	}, a.person.ID.String())
	if err != nil {
		return fmt.Errorf("restate the standard %s: %w", clip(string(id), 100), err)
	}
	return c.Redirect(http.StatusSeeOther, standardURL(id)+"?done=said")
}

// laterFields are the fields that may be set on a kept standard, as they are.
func laterFields(std corpus.Standard) []fieldRow {
	var out []fieldRow
	for _, f := range staging.Fields {
		if f.Later {
			out = append(out, newFieldRow(f, strings.TrimSpace(f.Get(std))))
		}
	}
	return out
}

// apiParallel is an edition of the same text in another language; Clause is that
// of the same number, where a single clause is asked for.
type apiParallel struct {
	Standard     corpus.StandardID   `json:"standard"`
	Clause       corpus.ClauseID     `json:"clause,omitempty"`
	Designation  string              `json:"designation"`
	Language     corpus.Language     `json:"language"`
	Authenticity corpus.Authenticity `json:"authenticity,omitempty"`
	Stated       bool                `json:"authenticityStated"`
	By           corpus.ParallelBy   `json:"by"`
}

func newAPIParallels(rows []editionRow) []apiParallel {
	var out []apiParallel
	for _, r := range rows {
		out = append(out, apiParallel{Standard: r.Standard.ID, Clause: r.Clause, Designation: r.Standard.Designation, Language: r.Standard.Language,
			Authenticity: r.Mark.Kind, Stated: r.Mark.Said, By: r.By})
	}
	return out
}
