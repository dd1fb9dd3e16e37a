package web

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/review"
)

// mappingList is the list of imported sets in the state of the address, the last one
// first where nothing else is asked.
func (s *Server) mappingList(c echo.Context, a asker) (listing, []review.ImportedSet, error) {
	all, err := s.store.Imported(c.Request().Context())
	if err != nil {
		return listing{}, nil, fmt.Errorf("list the imported sets: %w", err)
	}
	d := listOf[*review.ImportedSet]{
		words: func(x *review.ImportedSet) string {
			return x.Source() + " " + strings.Join(x.Authors, " ") + " " + x.File
		},
		filters: []listFilter[*review.ImportedSet]{
			{name: "as", key: "mappings.kind", value: func(x *review.ImportedSet) string { return string(x.As) }, label: a.words.under("mappings.as.")},
			{name: "waits", key: "mappings.pending", value: func(x *review.ImportedSet) string { return yesNo(x.Pending > 0) }, label: a.words.under(""), all: []string{"yes", "no"}},
		},
		sorts: []listSort[*review.ImportedSet]{
			{"newest", "list.newest", nil},
			{"source", "mappings.source", byText((*review.ImportedSet).Source)},
			{"rows", "mappings.rows", func(x, y *review.ImportedSet) int { return cmp.Compare(y.Rows, x.Rows) }},
			{"waits", "mappings.pending", func(x, y *review.ImportedSet) int { return cmp.Compare(y.Pending, x.Pending) }},
		},
	}
	l, rows := listed(d, "/mappings", c.QueryParams(), all)
	return l, rows, nil
}

// yesNo is an answer as a value of a filter, and the key of its word.
func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// setColumns are the columns of imported sets as a file.
var setColumns = []listColumn{
	{"mappings.source", 50}, {"mappings.authors", 30}, {"mappings.kind", 24}, {"mappings.rows", 10}, {"mappings.pending", 10}, {"mappings.problems", 10},
	{"mappings.license", 30}, {"mappings.file", 40}, {"mappings.imported", 18},
}

// mappingsExport gives the list of imported sets as a file.
func (s *Server) mappingsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.mappingList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "mappings", title: a.words.say("mappings.title"), columns: setColumns}
	for _, x := range rows {
		out.rows = append(out.rows, []string{
			x.Source(), strings.Join(x.Authors, "; "), a.words.say("mappings.as." + string(x.As)), itoa(x.Rows), itoa(x.Pending), itoa(len(x.Problems)), x.License, x.File, moment(x.Imported),
		})
	}
	return s.sendList(c, a, out)
}

// othersNamed is the names of one side of a statement in one line.
func othersNamed(refs []othersRef) string {
	var out []string
	for _, r := range refs {
		out = append(out, r.Name)
	}
	return strings.Join(out, " + ")
}

// rowList is the rows of an imported set in the state of the address, in the order of
// its file where nothing else is asked.
func (s *Server) rowList(c echo.Context, a asker) (review.ImportedSet, listing, []othersRow, error) {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return review.ImportedSet{}, listing{}, nil, err
	}
	set, err := s.store.ImportedSet(ctx, id)
	if err != nil {
		return set, listing{}, nil, fmt.Errorf("find the imported set: %w", err)
	}
	var all []othersRow
	for after := 0; ; {
		rows, err := s.store.ImportedRows(ctx, id, false, after, importedAtOnce)
		if err != nil {
			return set, listing{}, nil, fmt.Errorf("read the imported rows: %w", err)
		}
		for _, r := range rows {
			all = append(all, newOthersRow(review.Said{Set: set, Row: r}))
		}
		if len(rows) < importedAtOnce {
			break
		}
		after = rows[len(rows)-1].Number
	}
	sides := func(r *othersRow) string { return othersNamed(r.From) + " ↔ " + othersNamed(r.To) }
	d := listOf[*othersRow]{
		words: func(r *othersRow) string { return sides(r) + " " + r.Row.Note + " " + r.Row.Author },
		filters: []listFilter[*othersRow]{
			{name: "verdict", key: "mappings.says", value: func(r *othersRow) string { return string(r.Row.Verdict) }, label: a.words.under("verdict."), all: asText(review.Verdicts)},
			{name: "pending", key: "mappings.pending", value: func(r *othersRow) string { return yesNo(r.Row.Pending) }, label: a.words.under(""), all: []string{"yes", "no"}},
		},
		sorts: []listSort[*othersRow]{
			{"kept", "list.kept", nil},
			{"from", "list.side-a", byText(func(r *othersRow) string { return othersNamed(r.From) })},
			{"to", "list.side-b", byText(func(r *othersRow) string { return othersNamed(r.To) })},
		},
	}
	l, rows := listed(d, "/mappings/"+id.String(), c.QueryParams(), all)
	return set, l, rows, nil
}

// importedAtOnce is how many imported rows are asked for at once.
const importedAtOnce = 1000

// rowColumns are the columns of imported rows as a file.
var rowColumns = []listColumn{
	{"mappings.place", 14}, {"list.side-a", 40}, {"mappings.says", 24}, {"list.side-b", 40}, {"mappings.authors", 24}, {"workbench.note", 60}, {"mappings.pending", 10},
}

// rowsExport gives the rows of an imported set as a file.
func (s *Server) rowsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	set, _, rows, err := s.rowList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "mapping", title: set.Source(), columns: rowColumns}
	for _, r := range rows {
		out.rows = append(out.rows, []string{
			r.Row.Place, othersNamed(r.From), a.words.say("verdict." + string(r.Row.Verdict)), othersNamed(r.To), r.Row.Author, r.Row.Note, a.words.say(yesNo(r.Row.Pending)),
		})
	}
	return s.sendList(c, a, out)
}
