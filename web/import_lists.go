package web

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus/staging"
)

// allStates is the filter that leaves no import out.
const allStates staging.State = "all"

// stagedState is the filter of an address: what waits where it names none.
func stagedState(asked staging.State) staging.State {
	if asked == allStates || slices.Contains(staging.States, asked) {
		return asked
	}
	return staging.Staged
}

// problemLevel is the worst that was found in an import.
func problemLevel(i *importRow) string {
	switch {
	case i.Errors > 0:
		return "errors"
	case i.Warnings > 0:
		return "warnings"
	}
	return "none"
}

// importList is the list of imports in the state of the address, the last first where
// nothing else is asked.
func (s *Server) importList(c echo.Context, asked staging.State, a asker) (listing, []importRow, error) {
	ctx := c.Request().Context()
	state := stagedState(asked)
	wanted := state
	if wanted == allStates {
		wanted = ""
	}
	who, err := s.names(ctx)
	if err != nil {
		return listing{}, nil, err
	}
	var all []importRow
	for before := uuid.Nil; len(all) <= maxListRows; {
		part, err := s.store.StagedList(ctx, wanted, before, stagedAtOnce)
		if err != nil {
			return listing{}, nil, fmt.Errorf("list the imports: %w", err)
		}
		for _, i := range part {
			all = append(all, importRow{i, who.actor(i.By)})
		}
		if len(part) < stagedAtOnce {
			break
		}
		before = part[len(part)-1].ID
	}
	d := listOf[*importRow]{
		words: func(i *importRow) string { return i.Designation + " " + i.Title + " " + i.File },
		filters: []listFilter[*importRow]{
			{name: "problems", key: "import.problems", value: problemLevel, label: a.words.under("imports.worst."), all: []string{"errors", "warnings", "none"}},
			{name: "by", key: "audit.who", value: func(i *importRow) string { return i.Who }},
		},
		sorts: []listSort[*importRow]{
			{"newest", "list.newest", nil},
			{"oldest", "list.oldest", func(x, y *importRow) int { return x.At.Compare(y.At) }},
			{"designation", "field.designation", byText(func(i *importRow) string { return i.Designation })},
			{"file", "imports.file", byText(func(i *importRow) string { return i.File })},
			{"clauses", "standards.clauses", func(x, y *importRow) int { return cmp.Compare(y.Clauses, x.Clauses) }},
		},
	}
	v := c.QueryParams()
	v.Set("state", string(state))
	l, rows := listed(d, "/imports", v, all, "state")
	return l, rows, nil
}

// stagedAtOnce is how many imports are asked for at once.
const stagedAtOnce = 200

// importColumns are the columns of the list of imports as a file.
var importColumns = []listColumn{
	{"field.designation", 24}, {"standards.name", 50}, {"imports.file", 40}, {"imports.state", 14}, {"standards.clauses", 10}, {"imports.worst.errors", 8},
	{"imports.worst.warnings", 10}, {"imports.corrections", 12}, {"imports.when", 18}, {"audit.who", 24},
}

// importsExport gives the list of imports as a file.
func (s *Server) importsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.importList(c, staging.State(c.QueryParam("state")), a)
	if err != nil {
		return err
	}
	out := listFile{name: "imports", title: a.words.say("imports.title"), columns: importColumns}
	for _, i := range rows {
		out.rows = append(out.rows, []string{
			i.Designation, i.Title, i.File, a.words.say("imports.state." + string(i.State)), itoa(i.Clauses), itoa(i.Errors), itoa(i.Warnings), itoa(i.Corrections), moment(i.At), i.Who,
		})
	}
	return s.sendList(c, a, out)
}
