package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/matcher"
)

// conceptExport sends the same table as a file.
func (s *Server) conceptExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	p := &conceptPage{Query: readConceptQuery(c.QueryParams())}
	if !p.Asked() || s.search == nil {
		return c.Redirect(http.StatusSeeOther, "/concept")
	}
	if err := s.fillConcept(c.Request().Context(), p, a); err != nil {
		return err
	}
	return s.sendList(c, a, p.file(a.words))
}

// conceptColumns are the columns of the file, keys of words, with their widths.
var conceptColumns = []listColumn{
	{"facet.jurisdiction", 14}, {"concept.standard", 20}, {"concept.clause", 12}, {"concept.text", 60}, {"concept.printed", 24}, {"concept.value", 24},
	{"concept.rank", 18}, {"facet.obligation", 16}, {"concept.condition", 36}, {"concept.agreed", 36},
}

// file is the table of the page as a file has it: of each clause what the page
// shows, never more.
func (p *conceptPage) file(w *words) listFile {
	out := listFile{name: p.name(), title: p.name(), columns: conceptColumns}
	for _, std := range p.Rows {
		for _, r := range std.Rows {
			var printed, values, ranks, conditions, agreed []string
			for _, l := range r.Limits {
				what := ""
				if l.What != "" {
					what = l.What + ": "
				}
				printed, values = append(printed, what+l.Shown()), append(values, l.SIValue)
				ranks = append(ranks, l.rankText(w))
			}
			for _, c := range r.Conditions {
				conditions = append(conditions, c.Text)
			}
			for _, c := range r.Chips {
				agreed = append(agreed, c.inWords(w))
			}
			obligation := ""
			if r.Obligation != "" {
				obligation = w.say("degree." + string(r.Obligation))
			}
			lines := func(list []string) string { return strings.Join(list, "\n") }
			out.rows = append(out.rows, []string{
				w.place(std.Standard.Jurisdiction), std.Standard.Designation, r.Label, textOf(r.Heading, r.Body), lines(printed), lines(values), lines(ranks),
				obligation, lines(conditions), lines(agreed),
			})
		}
	}
	return out
}

// rankText is the rank in words, "–" for none.
func (l *conceptLimit) rankText(w *words) string {
	switch {
	case l.Threshold:
		return w.say("compare.threshold")
	case l.Rank == matcher.RankAlone:
		return "–"
	}
	return w.say("concept.rank." + string(l.Rank))
}

// inWords is a chip as a line of text.
func (c Chip) inWords(w *words) string {
	parts := []string{string(c.Place), c.Against}
	for _, o := range c.Others {
		parts = append(parts, o.Key)
	}
	if c.Relation != "" {
		parts = append(parts, "("+w.say("relation."+string(c.Relation))+")")
	}
	if c.Suspect {
		parts = append(parts, "⚠ "+w.say("state.suspect"))
	}
	return strings.Join(parts, " ")
}

// textOf is pieces as one text, a heading on a line of its own.
func textOf(parts ...[]Piece) string {
	var out []string
	for _, list := range parts {
		var b strings.Builder
		for _, p := range list {
			if !p.Ghost {
				b.WriteString(p.Text)
			}
		}
		if b.Len() > 0 {
			out = append(out, b.String())
		}
	}
	return strings.Join(out, "\n")
}
