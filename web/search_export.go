package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/index"
)

// maxHitsFile is how many of the best hits the file of a search has: what a person
// reads; programs page through the interface.
const maxHitsFile = 500

// hitColumns are the columns of the hits as a file.
var hitColumns = []listColumn{
	{"facet.standard", 24}, {"search.file.clause", 12}, {"facet.jurisdiction", 18}, {"facet.language", 14}, {"facet.obligation", 14},
	{"search.file.text", 90}, {"search.file.values", 24}, {"search.file.matches", 40},
}

// searchFiles are the addresses of a search's files.
func searchFiles(q index.Query) []fileLink {
	q.From = 0
	return fileLinks("/search", searchValues(q))
}

// searchExport gives the best hits of a search as a file: as much of each text as
// the page shows, and the same matches.
func (s *Server) searchExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	if s.search == nil {
		return errNoSearch
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchTime)
	defer cancel()
	leave, err := s.seeking.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	q := readQuery(c.QueryParams())
	q.From, q.Limit = 0, index.MaxPageSize
	if err := s.statesOf(ctx, &q); err != nil {
		return err
	}
	title := a.words.say("search.title")
	if q.Text != "" {
		title = clip(q.Text, 80) + " – " + title
	}
	out := listFile{name: "search", title: title, columns: hitColumns}
	for ; q.From < maxHitsFile; q.From += q.Limit {
		found, err := s.search.Search(ctx, q)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		rows, err := s.hits(ctx, found.Hits, q, sh, a)
		if err != nil {
			return err
		}
		for _, r := range rows {
			out.rows = append(out.rows, hitCells(r, a.words))
		}
		if q.From+q.Limit >= found.Total {
			break
		}
	}
	return s.sendList(c, a, out)
}

// hitCells are the cells of a hit.
func hitCells(r hitRow, w *words) []string {
	degree := ""
	if r.Obligation != "" {
		degree = w.say("degree." + string(r.Obligation))
	}
	var matches []string
	for _, chip := range r.Chips {
		var others []string
		for _, o := range chip.Others {
			others = append(others, o.Designation+" "+o.Key)
		}
		if len(others) == 0 {
			others = []string{w.say("clause.no-counterpart", "name", chip.Against)}
		}
		matches = append(matches, strings.Join(others, " + ")+" ("+w.say("state."+string(chip.State))+")")
	}
	for _, place := range r.Untouched {
		matches = append(matches, w.place(place)+" ("+w.say("state.none")+")")
	}
	return []string{
		r.Standard.Designation, r.Label, w.place(r.Standard.Jurisdiction), w.tongue(r.Language), degree,
		textOf(r.Heading, r.Text), strings.Join(r.Values, "; "), strings.Join(matches, "; "),
	}
}
