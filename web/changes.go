package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
)

// changesPage is what a standard changed in another edition of itself, clause by
// clause.
type changesPage struct {
	Shell
	Standard corpus.Standard // the later edition
	From     corpus.Standard
	Counts   []changeCount
	Stay     int
	Rows     []changeRow
	More     int
	Held     bool // not all of a text may be shown
}

// otherEdition is another edition of a standard in the same language, with the address
// of what changed between them.
type otherEdition struct {
	corpus.Standard
	Changes string
}

// otherEditions are the other editions of a standard, the latest first.
func otherEditions(all []corpus.Holding, std corpus.Standard) []otherEdition {
	var out []otherEdition
	for _, h := range all {
		k := h.Standard
		if k.ID == std.ID || k.Jurisdiction != std.Jurisdiction || k.Language != std.Language || k.Edition == std.Edition || !staging.SameWork(k.Designation, std.Designation) {
			continue
		}
		old, now := k, std
		if k.Edition > std.Edition {
			old, now = std, k
		}
		out = append(out, otherEdition{k, standardURL(now.ID) + "/changes?" + url.Values{"from": {string(old.ID)}}.Encode()})
	}
	corpus.SortRows(out, func(x, y otherEdition) int {
		return cmp.Or(strings.Compare(y.Edition, x.Edition), strings.Compare(string(x.ID), string(y.ID)))
	})
	return out
}

// changes shows what changed from the edition that the address names. Which clauses
// changed is told of whole texts; of their words what rights show.
func (s *Server) changes(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	h, now, err := s.standardOf(c)
	if err != nil {
		return err
	}
	from := corpus.StandardID(clip(c.QueryParam("from"), 200))
	old, err := s.store.Standard(ctx, from)
	if err != nil {
		return fmt.Errorf("find the other edition: %w", err)
	}
	before, err := s.store.ClausesOf(ctx, from)
	if err != nil {
		return fmt.Errorf("read the other edition: %w", err)
	}
	list, stay := staging.Compare(before, now)
	for i, change := range list {
		if change.New != nil {
			shown := h.Standard.Rights.Shown(*change.New)
			list[i].New = &shown
		}
	}
	d := differencePage{Against: old.Standard} // under whose rights the old words are shown
	d.list(list)
	p := &changesPage{Standard: h.Standard, From: old.Standard, Counts: d.Counts, Stay: stay, Rows: d.Rows, More: d.More,
		Held: old.Standard.Rights != corpus.RightsFull || h.Standard.Rights != corpus.RightsFull}
	p.Shell = s.shell(c, a, h.Standard.Designation+" – "+a.words.say("edition.changes"))
	return s.show(c, a, http.StatusOK, "changes", p)
}
