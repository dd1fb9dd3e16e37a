package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// standardsPage is the list of standards.
type standardsPage struct {
	Shell
	List listing
	Rows []standardRow
}

// standardRow is one standard in a list.
type standardRow struct {
	corpus.Holding
	Title corpus.Title
}

// standards lists what is kept.
func (s *Server) standards(c echo.Context, a asker) error {
	l, rows, err := s.standardList(c, a)
	if err != nil {
		return err
	}
	p := &standardsPage{Rows: pageOf(s, &l, rows)}
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("standards.title"))
	return s.show(c, a, http.StatusOK, "standards", p)
}

// standardList is the list of standards in the state of the address.
func (s *Server) standardList(c echo.Context, a asker) (listing, []standardRow, error) {
	_, all, err := s.shelf(c.Request().Context())
	if err != nil {
		return listing{}, nil, err
	}
	var rows []standardRow
	for _, h := range all {
		rows = append(rows, standardRow{Holding: h, Title: h.Standard.Title(corpus.Language(a.words.tag))})
	}
	place := func(v string) string { return a.words.place(corpus.Jurisdiction(v)) }
	tongue := func(v string) string { return a.words.tongue(corpus.Language(v)) }
	d := listOf[*standardRow]{
		words: func(r *standardRow) string {
			hay := []string{r.Standard.Designation, string(r.Standard.ID), r.Standard.Issuer}
			for _, t := range r.Standard.Titles {
				hay = append(hay, t.Text)
			}
			return strings.Join(hay, " ")
		},
		filters: []listFilter[*standardRow]{
			{name: "domain", key: "facet.domain", value: func(r *standardRow) string { return string(r.Standard.Domain) }, label: a.words.under("domain."), all: asText(corpus.Domains)},
			{name: "place", key: "facet.jurisdiction", value: func(r *standardRow) string { return string(r.Standard.Jurisdiction) }, label: place},
			{name: "language", key: "facet.language", value: func(r *standardRow) string { return string(r.Standard.Language) }, label: tongue},
			{name: "status", key: "facet.status", value: func(r *standardRow) string { return string(r.Standard.Status) }, label: a.words.under("status.")},
		},
		sorts: []listSort[*standardRow]{
			{"kept", "list.kept", nil},
			{"designation", "standards.designation", byText(func(r *standardRow) string { return r.Standard.Designation })},
			{"name", "standards.name", byText(func(r *standardRow) string { return r.Title.Text })},
			{"place", "facet.jurisdiction", byText(func(r *standardRow) string { return place(string(r.Standard.Jurisdiction)) })},
			{"clauses", "standards.clauses", func(x, y *standardRow) int { return cmp.Compare(y.Clauses, x.Clauses) }},
		},
	}
	l, rows := listed(d, "/standards", c.QueryParams(), rows)
	return l, rows, nil
}

// standardColumns are the columns of the list of standards as a file.
var standardColumns = []listColumn{
	{"standards.designation", 24}, {"standards.name", 60}, {"facet.jurisdiction", 18}, {"facet.language", 14}, {"facet.domain", 20},
	{"facet.status", 14}, {"facet.issuer", 20}, {"standards.clauses", 10}, {"standards.normative", 10},
}

// standardsExport gives the list as a file.
func (s *Server) standardsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.standardList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "standards", title: a.words.say("standards.title"), columns: standardColumns}
	for _, r := range rows {
		std := r.Standard
		status := ""
		if std.Status != "" {
			status = a.words.say("status." + string(std.Status))
		}
		out.rows = append(out.rows, []string{
			std.Designation, r.Title.Text, a.words.place(std.Jurisdiction), a.words.tongue(std.Language), a.words.domain(std.Domain),
			status, std.Issuer, strconv.Itoa(r.Clauses), strconv.Itoa(r.Normative),
		})
	}
	return s.sendList(c, a, out)
}

// clauseSorts are the orders of a standard's clauses: of its text, and what asks for
// work first.
var clauseSorts = []listOption{{"text", "list.text-order"}, {"state", "list.work-first"}}

// clauseUrgency is the order of states that ask for work first.
var clauseUrgency = []review.State{review.StateDisputed, review.StateRejected, "", review.StateProposed, review.StateOpinion, review.StateConfirmed, review.StateAbsent}

// keptClauses are the clauses that pass the filters of a standard's page, in its
// order. Words are looked for in what is shown alone.
func (s *Server) keptClauses(p *standardPage, clauses []corpus.Clause, matches map[corpus.ClauseID][]review.Match) []corpus.Clause {
	words := strings.Fields(lookText(p.Query))
	var kept []corpus.Clause
	for _, c := range clauses {
		if !s.keeps(p, c, matches[c.ID]) {
			continue
		}
		if len(words) > 0 && !hasAll(lookText(c.Number+" "+p.Standard.Rights.Shown(c).Wording()), words) {
			continue
		}
		kept = append(kept, c)
	}
	if p.Sort == "" {
		return kept
	}
	urgency := func(c corpus.Clause) int {
		if !c.Kind.Normative() {
			return len(clauseUrgency)
		}
		state, _ := best(matches[c.ID], c.ID, p.Against)
		return slices.Index(clauseUrgency, state)
	}
	corpus.SortRows(kept, func(x, y corpus.Clause) int { return cmp.Compare(urgency(x), urgency(y)) })
	return kept
}

// clauseColumns are the columns of a standard's clauses as a file.
var clauseColumns = []listColumn{
	{"search.file.clause", 12}, {"list.clause-kind", 16}, {"search.file.text", 90}, {"facet.obligation", 16}, {"clause.limits", 30}, {"dossier.state", 18}, {"search.file.matches", 44}, {"list.address", 50},
}

// clausesExport gives the clauses of a standard that its page selects as a file: as
// much of each text as the page shows.
func (s *Server) clausesExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	ctx := c.Request().Context()
	h, clauses, err := s.standardOf(c)
	if err != nil {
		return err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	matches, err := s.matchesOf(ctx, clauses)
	if err != nil {
		return err
	}
	p := s.standardQuery(c, h)
	kept := s.keptClauses(&p, clauses, matches)
	if err := fits(len(kept)); err != nil {
		return err
	}
	out := listFile{name: string(h.Standard.ID), title: h.Standard.Designation, columns: clauseColumns}
	for _, clause := range kept {
		out.rows = append(out.rows, s.clauseCells(s.clauseRow(&p, sh, clause, matches[clause.ID], a, 0), matches[clause.ID], p.Against, a.words))
	}
	return s.sendList(c, a, out)
}

// clauseCells are the cells of a clause.
func (s *Server) clauseCells(r clauseRow, matches []review.Match, against corpus.StandardID, w *words) []string {
	degree, state := "", ""
	if r.Obligation != "" {
		degree = w.say("degree." + string(r.Obligation))
	}
	if at, _ := best(matches, r.ID, against); at != "" {
		state = w.say("state." + string(at))
	} else if r.Gap {
		state = w.say("state.none")
	}
	var chips []string
	for _, c := range r.Chips {
		chips = append(chips, c.inWords(w))
	}
	return []string{
		r.Label, w.say("kind." + string(r.Kind)), textOf(r.Heading, r.Text), degree, strings.Join(limitTexts(r.Limits), "; "), state, strings.Join(chips, "; "), s.base.String() + clauseURL(r.ID),
	}
}

// limitTexts print limits, each with its value where the print does not say it.
func limitTexts(list []shownLimit) []string {
	var out []string
	for _, l := range list {
		if l.SI != "" {
			l.Printed += " (" + l.SI + ")"
		}
		out = append(out, l.Printed)
	}
	return out
}

// placeOf is the address of the clause with a number as people type it: as it is
// printed or as its key, with or without a full stop, in the digits of any script.
func (p standardPage) placeOf(number string, clauses []corpus.Clause, size int) (string, bool) {
	usual := func(text string) string {
		return strings.TrimRight(lookText(strings.Join(strings.Fields(text), "")), ".")
	}
	wanted := usual(number)
	whole := p
	whole.Only, whole.Query, whole.Sort = "", "", ""
	for i, c := range clauses {
		if wanted != "" && (usual(c.Number) == wanted || usual(c.ID.Key()) == wanted || usual(c.Label) == wanted) {
			return whole.page(i/size*size) + "#c-" + url.PathEscape(c.ID.Key()), true
		}
	}
	return "", false
}

// domain names a domain; "" for a standard of which nobody said it.
func (w *words) domain(d corpus.Domain) string {
	if d == "" {
		return ""
	}
	return w.say("domain." + string(d))
}
