package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/termbase"
)

// termListExport gives the list of terms that the page selects as a file for
// spreadsheets; whole entries leave in the formats of termbases.
func (s *Server) termListExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	rows, _, err := s.termsNow(c.Request().Context())
	if err != nil {
		return err
	}
	q, in := readTermQuery(c.QueryParams()), corpus.Language(a.words.tag)
	found := q.of(rows, in)
	if err := fits(len(found)); err != nil {
		return err
	}
	out := listFile{name: "terms", title: a.words.say("terms.title"), columns: []listColumn{{"terms.id", 30}}}
	var columns []corpus.Language
	for _, l := range termColumns(q.Language, in) {
		if key := "tongue." + string(l.Base()); a.words.has(key) {
			columns = append(columns, l)
			out.columns = append(out.columns, listColumn{key, 36})
		}
	}
	out.columns = append(out.columns, listColumn{"facet.domain", 24}, listColumn{"terms.from", 24})
	for _, r := range found {
		cells := []string{r.ID}
		for _, l := range columns {
			var terms []string
			for _, t := range r.Under(l) {
				text := t.Text
				if t.Status != termbase.Preferred {
					text += " (" + a.words.say("term.status."+string(t.Status)) + ")"
				}
				terms = append(terms, text)
			}
			cells = append(cells, strings.Join(terms, "; "))
		}
		out.rows = append(out.rows, append(cells, r.Domain, termOrigin(r, a.words)))
	}
	return s.sendList(c, a, out)
}

// termOrigin is where an entry comes from, as the list says it.
func termOrigin(r termRow, w *words) string {
	switch {
	case r.Shipped:
		return w.say("terms.from.shipped")
	case r.Withdrawn:
		return w.say("terms.from.withdrawn")
	}
	return r.Origin.File
}

// termConflictsPage lists words that several entries use.
type termConflictsPage struct {
	Shell
	List listing
	Rows []conflictRow // with their entries side by side
}

// conflictList is the list of conflicts in the state of the address.
func (s *Server) conflictList(c echo.Context, a asker) (listing, []termbase.Conflict, error) {
	_, all, err := s.termsNow(c.Request().Context())
	if err != nil {
		return listing{}, nil, err
	}
	d := listOf[*termbase.Conflict]{
		words: func(x *termbase.Conflict) string { return x.Word + " " + strings.Join(x.Entries, " ") },
		filters: []listFilter[*termbase.Conflict]{
			{name: "lang", key: "facet.language", value: func(x *termbase.Conflict) string { return string(x.Language) }, label: func(v string) string { return a.words.tongue(corpus.Language(v)) }},
			{name: "kind", key: "conflict.what", value: func(x *termbase.Conflict) string { return string(x.Kind) }, label: a.words.under("conflict.")},
		},
		sorts: []listSort[*termbase.Conflict]{
			{"kept", "list.kept", nil},
			{"word", "term.term", byText(func(x *termbase.Conflict) string { return x.Word })},
		},
	}
	l, rows := listed(d, "/terms/conflicts", c.QueryParams(), all)
	return l, rows, nil
}

// termConflicts shows the list of conflicts.
func (s *Server) termConflicts(c echo.Context, a asker) error {
	l, rows, err := s.conflictList(c, a)
	if err != nil {
		return err
	}
	entries, _, err := s.termsNow(c.Request().Context())
	if err != nil {
		return err
	}
	p := &termConflictsPage{Rows: besides(pageOf(s, &l, rows), entries)}
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("terms.conflicts"))
	return s.show(c, a, http.StatusOK, "terms-conflicts", p)
}

// conflictColumns are the columns of the list of conflicts as a file.
var conflictColumns = []listColumn{{"term.term", 36}, {"facet.language", 16}, {"conflict.what", 40}, {"terms.id", 60}}

// conflictsExport gives the list of conflicts as a file.
func (s *Server) conflictsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.conflictList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "term-conflicts", title: a.words.say("terms.conflicts"), columns: conflictColumns}
	for _, x := range rows {
		out.rows = append(out.rows, []string{x.Word, a.words.tongue(x.Language), a.words.say("conflict." + string(x.Kind)), strings.Join(x.Entries, "; ")})
	}
	return s.sendList(c, a, out)
}
