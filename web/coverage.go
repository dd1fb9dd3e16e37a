package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// matrix is coverage as a table: one row and one column per jurisdiction. It is
// not symmetrical: a row's clauses are recognised by a column's side, or not.
type matrix struct {
	Names []string
	Rows  []matrixRow
}

type matrixRow struct {
	From  string
	Cells []matrixCell
}

// matrixCell is one direction between two jurisdictions.
type matrixCell struct {
	review.Coverage
	Same    bool // a jurisdiction with itself
	Known   bool // some dossier holds both
	Started bool // somebody has answered something
	Percent int  // of the normative clauses that are accepted
	Heat    string
	Href    string
}

// Unanswered counts the clauses on which nobody has answered: a proposal is no look.
func (c matrixCell) Unanswered() int { return c.NotLookedAt() + c.Proposed }

// newMatrix makes the table from counts of ordered pairs; base is the address
// of the page with details, to which from and to are added.
func newMatrix(list []review.Coverage, base string) matrix {
	cells := map[[2]string]review.Coverage{}
	var m matrix
	for _, c := range list {
		if c.From == c.To {
			continue
		}
		cells[[2]string{c.From, c.To}] = c
		for _, name := range []string{c.From, c.To} {
			if !contains(m.Names, name) {
				m.Names = append(m.Names, name)
			}
		}
	}
	slices.Sort(m.Names)
	for _, from := range m.Names {
		row := matrixRow{From: from}
		for _, to := range m.Names {
			c, known := cells[[2]string{from, to}]
			row.Cells = append(row.Cells, newCell(from, to, c, known, base))
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// newCell makes one cell.
func newCell(from, to string, c review.Coverage, known bool, base string) matrixCell {
	cell := matrixCell{Coverage: c, Same: from == to, Known: known && c.Normative > 0}
	cell.From, cell.To = from, to
	cell.Started = c.Opinion+c.Confirmed+c.Disputed+c.Rejected+c.Absent > 0
	cell.Percent = percent(c.Accepted, c.Normative)
	cell.Heat = heat(cell.Percent)
	cell.Href = base + "&from=" + url.QueryEscape(from) + "&to=" + url.QueryEscape(to)
	return cell
}

// coveragePage is coverage standard by standard.
type coveragePage struct {
	Shell
	From, To corpus.Jurisdiction
	Filter   coverageForm
	List     listing
	Forth    []coverageRow
	Back     []coverageRow
	// Convergence is by pair and domain, closest to done first.
	Convergence []convergenceRow
}

// coverageRow is one direction between two standards.
type coverageRow struct {
	matrixCell
	FromName, ToName string
	back             bool // from the second jurisdiction to the first
}

// Standing is whether anybody has answered anything, as the list filters by it.
func (r coverageRow) Standing() string {
	if r.Started {
		return "started"
	}
	return "not-started"
}

// of is the list of directions in the state of the address.
func (p *coveragePage) of(c echo.Context, w *words) []coverageRow {
	for i := range p.Back {
		p.Back[i].back = true
	}
	d := listOf[*coverageRow]{
		words:   func(r *coverageRow) string { return r.FromName + " " + r.ToName },
		filters: []listFilter[*coverageRow]{{name: "standing", key: "dossier.state", value: (*coverageRow).Standing, label: w.under("coverage."), all: []string{"started", "not-started"}}},
		sorts: []listSort[*coverageRow]{
			{"name", "standards.designation", nil},
			{"accepted", "coverage.accepted", func(x, y *coverageRow) int { return cmp.Compare(y.Accepted*x.Normative, x.Accepted*y.Normative) }},
			{"open", "state.none", func(x, y *coverageRow) int { return cmp.Compare(y.NotLookedAt(), x.NotLookedAt()) }},
			{"suspect", "state.suspect", func(x, y *coverageRow) int { return cmp.Compare(y.Suspect, x.Suspect) }},
		},
	}
	var rows []coverageRow
	p.List, rows = listed(d, "/coverage", c.QueryParams(), slices.Concat(p.Forth, p.Back), append([]string{"from", "to"}, coverageNames...)...)
	var forth, back []coverageRow // one direction stays behind the other
	for _, r := range rows {
		if r.back {
			back = append(back, r)
		} else {
			forth = append(forth, r)
		}
	}
	return append(forth, back...)
}

// coverage shows both directions between two jurisdictions, standard by
// standard.
func (s *Server) coverage(c echo.Context, a asker) error {
	p, err := s.coverageList(c)
	if err != nil {
		return err
	}
	if err := s.convergence(c.Request().Context(), &p); err != nil {
		return err
	}
	rows := p.of(c, a.words)
	p.Forth, p.Back = nil, nil
	for _, r := range pageOf(s, &p.List, rows) {
		if r.back {
			p.Back = append(p.Back, r)
		} else {
			p.Forth = append(p.Forth, r)
		}
	}
	p.Shell = s.shell(c, a, a.words.say("coverage.title"))
	return s.show(c, a, http.StatusOK, "coverage", &p)
}

// coverageList counts both directions under the filter of the address.
func (s *Server) coverageList(c echo.Context) (coveragePage, error) {
	ctx := c.Request().Context()
	p := coveragePage{
		From: corpus.Jurisdiction(clip(c.QueryParam("from"), 20)), To: corpus.Jurisdiction(clip(c.QueryParam("to"), 20)),
	}
	sh, all, err := s.shelf(ctx)
	if err != nil {
		return p, err
	}
	p.Filter = coverageFormOf(c, "/coverage", all)
	list, err := s.store.CoverageOf(ctx, "standard", p.Filter.CoverageFilter)
	if err != nil {
		return p, fmt.Errorf("count the coverage by standard: %w", err)
	}
	for _, cov := range list {
		row := coverageRow{
			matrixCell: newCell(cov.From, cov.To, cov, true, ""), FromName: sh.name(corpus.StandardID(cov.From)), ToName: sh.name(corpus.StandardID(cov.To)),
		}
		row.Href = standardURL(corpus.StandardID(cov.From)) + "?against=" + url.QueryEscape(cov.To)
		from, to := sh[corpus.StandardID(cov.From)].Standard.Jurisdiction, sh[corpus.StandardID(cov.To)].Standard.Jurisdiction
		switch {
		case from == p.From && to == p.To || p.From == "" && p.To == "":
			p.Forth = append(p.Forth, row)
		case from == p.To && to == p.From:
			p.Back = append(p.Back, row)
		}
	}
	for _, rows := range [][]coverageRow{p.Forth, p.Back} {
		corpus.SortRows(rows, func(x, y coverageRow) int {
			return cmp.Or(cmp.Compare(x.FromName, y.FromName), cmp.Compare(x.ToName, y.ToName))
		})
	}
	return p, nil
}

// coverageColumns are the columns of coverage as a file.
var coverageColumns = []listColumn{
	{"coverage.from", 24}, {"coverage.to", 24}, {"coverage.accepted", 10}, {"standards.normative", 10}, {"state.confirmed", 10}, {"state.opinion", 10},
	{"state.disputed", 10}, {"state.rejected", 10}, {"state.no-counterpart", 12}, {"state.proposed", 10}, {"state.none", 12}, {"state.suspect", 10},
}

// coverageExport gives the table of standards as a file, one direction behind the
// other.
func (s *Server) coverageExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	p, err := s.coverageList(c)
	if err != nil {
		return err
	}
	out := listFile{name: "coverage", title: a.words.say("coverage.title"), columns: coverageColumns}
	for _, r := range p.of(c, a.words) {
		cells := []string{r.FromName, r.ToName}
		for _, n := range []int{r.Accepted, r.Normative, r.Confirmed, r.Opinion, r.Disputed, r.Rejected, r.Absent, r.Proposed, r.NotLookedAt(), r.Suspect} {
			cells = append(cells, strconv.Itoa(n))
		}
		out.rows = append(out.rows, cells)
	}
	return s.sendList(c, a, out)
}
