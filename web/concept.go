package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/matcher"
	"concord/review"
)

// Bounds of the page of a concept.
const (
	maxConcepts    = 4   // that one table is about
	maxConceptRows = 300 // clauses; the page says how many it leaves out
)

// conceptQuery is everything the address of the table says.
type conceptQuery struct {
	Concepts []lexicon.ConceptID // a clause names all of them
	Places   []corpus.Jurisdiction
	Bounded  bool // only clauses with a limit
}

// readConceptQuery reads an address; what is too much is cut off.
func readConceptQuery(v url.Values) conceptQuery {
	q := conceptQuery{Places: list[corpus.Jurisdiction](v, "jurisdiction"), Bounded: v.Get("bounded") != ""}
	for _, id := range list[lexicon.ConceptID](v, "c") {
		if len(q.Concepts) < maxConcepts && !slices.Contains(q.Concepts, id) {
			q.Concepts = append(q.Concepts, id)
		}
	}
	return q
}

// values are the query as an address has it.
func (q conceptQuery) values() url.Values {
	v := url.Values{}
	for _, c := range q.Concepts {
		v.Add("c", string(c))
	}
	for _, j := range q.Places {
		v.Add("jurisdiction", string(j))
	}
	if q.Bounded {
		v.Set("bounded", "1")
	}
	return v
}

// at is the address of the query on a path.
func (q conceptQuery) at(path string) string { return withQuery(path, q.values()) }

// Files are the addresses of the same table as files.
func (q conceptQuery) Files() []fileLink { return fileLinks("/concept", q.values()) }

// conceptURL is the address of one concept in all countries.
func conceptURL(id lexicon.ConceptID) string {
	return conceptQuery{Concepts: []lexicon.ConceptID{id}}.at("/concept")
}

// conceptPage is one or a few concepts in the clauses of all countries.
type conceptPage struct {
	Shell
	Query    conceptQuery
	Words    string // what was typed and not understood
	Down     bool   // there is no index
	Reduced  bool
	Names    []conceptHead
	Places   []facetValue
	Rows     []conceptStandard
	Groups   []conceptGroup
	Clauses  int           // in the table
	Left     int           // found beyond maxConceptRows
	Limits   int           // that the table ranks
	Conflict int           // of all groups
	Start    []conceptHead // concepts to begin with, where none is named
}

// Asked tells whether the address names a concept.
func (p *conceptPage) Asked() bool { return len(p.Query.Concepts) > 0 }

// conceptHead is a concept the table is about.
type conceptHead struct {
	ID     lexicon.ConceptID
	Name   string
	Entry  string // id of its term's page, "" where there is none
	Remove string // address without it
	Left   int    // clauses without it, counted where no clause names them all
}

// conceptStandard is the rows of one standard.
type conceptStandard struct {
	Standard corpus.Standard
	Rows     []*conceptRow
}

// Span is how many rows the standard's cell spans.
func (s conceptStandard) Span() int { return len(s.Rows) }

// conceptRow is one clause.
type conceptRow struct {
	Wording
	Body       []Piece // as much of the text as a table shows
	Obligation lexicon.Degree
	Limits     []*conceptLimit
	Conditions []conceptPart
	Chips      []Chip // agreed matches with other clauses of the table
	standard   corpus.Standard
	order      int
}

// conceptLimit is a limit with what the page prints of it.
type conceptLimit struct {
	matcher.Limit
	Language corpus.Language
	What     string // the concept that is limited, in the language of the page
	SIValue  string // normalised, with sign and unit (inOneUnit)
}

// Mark is the shape of the rank, which never stands without its word.
func (l *conceptLimit) Mark() string { return rankMarks[l.Rank] }

// Shown is the limit as it is printed, with the sign of its bound.
func (l *conceptLimit) Shown() string { return bounds.Replace(l.Printed) }

// rankMarks are the shapes of ranks.
var rankMarks = map[matcher.Rank]string{matcher.RankStrictest: "▲", matcher.RankEqual: "=", matcher.RankLaxer: "▽", matcher.RankUnlike: "?"}

// conceptPart is a condition as it stands in the text.
type conceptPart struct {
	Text      string
	Language  corpus.Language
	Exception bool
}

// conceptTable shows a concept in all countries.
func (s *Server) conceptTable(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	q := readConceptQuery(c.QueryParams())
	text := clip(strings.TrimSpace(c.QueryParam("q")), 200)
	p := &conceptPage{Query: q, Down: s.search == nil}
	title := a.words.say("concept.title")
	switch {
	case p.Down:
	case !p.Asked() && text != "":
		ids, err := s.conceptsIn(ctx, text)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			return c.Redirect(http.StatusSeeOther, conceptQuery{Concepts: ids}.at("/concept"))
		}
		p.Words = text
	case p.Asked():
		if err := s.fillConcept(ctx, p, a); err != nil {
			return err
		}
		title = p.name() + " – " + title
	default:
		for _, id := range []lexicon.ConceptID{"door", "evacuation", "purpose", "staircase"} {
			if name := s.label(id, corpus.Language(a.words.tag)); name != "" {
				p.Start = append(p.Start, conceptHead{ID: id, Name: name})
			}
		}
	}
	p.Shell = s.shell(c, a, title)
	return s.show(c, a, http.StatusOK, "concept", p)
}

// name is the concepts of the table in words.
func (p *conceptPage) name() string {
	names := make([]string, len(p.Names))
	for i, n := range p.Names {
		names[i] = n.Name
	}
	return strings.Join(names, " + ")
}

// conceptsIn are the concepts a text is understood as, one for each of its
// words. A text that the search refuses names none.
func (s *Server) conceptsIn(ctx context.Context, text string) ([]lexicon.ConceptID, error) {
	leave, err := s.seeking.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	found, err := s.search.Search(ctx, index.Query{Text: text, Limit: 1})
	if errors.Is(err, corpus.ErrInvalid) || errors.Is(err, corpus.ErrLimit) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("understand %q: %w", text, err)
	}
	var out []lexicon.ConceptID
	seen := map[lexicon.Span]bool{}
	for _, u := range found.Understood {
		if !seen[u.Span] && !slices.Contains(out, u.Concept) && len(out) < maxConcepts {
			seen[u.Span] = true
			out = append(out, u.Concept)
		}
	}
	return out, nil
}

// fillConcept finds the clauses and makes the table.
func (s *Server) fillConcept(ctx context.Context, p *conceptPage, a asker) error {
	p.Reduced = s.search.State() == "reduced" || s.search.State() == "rebuilding"
	terms, _, err := s.termsNow(ctx)
	if err != nil {
		return err
	}
	for i, id := range p.Query.Concepts {
		less := p.Query
		less.Concepts = append(slices.Clone(less.Concepts[:i]), less.Concepts[i+1:]...)
		name := cmp.Or(s.label(id, corpus.Language(a.words.tag)), string(id))
		head := conceptHead{ID: id, Name: name, Remove: less.at("/concept")}
		for i := range terms {
			if r := &terms[i]; !r.Withdrawn && r.concept() == id {
				head.Entry = r.ID
				break
			}
		}
		p.Names = append(p.Names, head)
	}
	ids, err := s.conceptClauses(ctx, p, a)
	if err != nil {
		return err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	clauses, err := s.store.Clauses(ctx, ids...)
	if err != nil {
		return fmt.Errorf("read the clauses that name the concepts: %w", err)
	}
	var rows []*conceptRow
	for _, c := range clauses {
		row := s.conceptRow(c, sh[c.Standard].Standard, p.Query, a)
		if !p.Query.Bounded || len(row.Limits) > 0 {
			rows = append(rows, row)
		}
	}
	p.rank(rows)
	inOneUnit(rows, a.words)
	if err := s.conceptMatches(ctx, p, rows, sh, a); err != nil {
		return err
	}
	p.arrange(rows, a)
	if len(rows) == 0 && len(p.Names) > 1 {
		return s.countFewer(ctx, p)
	}
	return nil
}

// countFewer counts the clauses that name all concepts but one, for each of them.
func (s *Server) countFewer(ctx context.Context, p *conceptPage) error {
	ctx, leave, err := s.searching(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for i := range p.Names {
		less := slices.Delete(slices.Clone(p.Query.Concepts), i, i+1)
		found, err := s.search.Search(ctx, index.Query{Concepts: less, Jurisdictions: p.Query.Places, Limit: 1})
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		p.Names[i].Left = found.Total
	}
	return nil
}

// conceptClauses asks the index, page by page, and counts what each country has.
func (s *Server) conceptClauses(ctx context.Context, p *conceptPage, a asker) ([]corpus.ClauseID, error) {
	ctx, leave, err := s.searching(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	all := index.Query{Concepts: p.Query.Concepts, Limit: 1}
	found, err := s.search.Search(ctx, all)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	for _, v := range found.Facets["jurisdiction"] {
		chosen := slices.Contains(p.Query.Places, corpus.Jurisdiction(v.Value))
		p.Places = append(p.Places, facetValue{v.Value, a.words.place(corpus.Jurisdiction(v.Value)), v.Count, chosen})
	}
	q := index.Query{Concepts: p.Query.Concepts, Jurisdictions: p.Query.Places, Limit: index.MaxPageSize}
	var out []corpus.ClauseID
	for ; q.From < maxConceptRows; q.From += q.Limit {
		found, err := s.search.Search(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		for _, h := range found.Hits {
			out = append(out, h.Clause)
		}
		p.Left = max(0, found.Total-maxConceptRows)
		if len(found.Hits) < q.Limit {
			break
		}
	}
	return out, nil
}

// conceptRow reads one clause. Figures, and who is strictest, go out with the
// whole text alone; conditions as far as the text may be shown.
func (s *Server) conceptRow(c corpus.Clause, std corpus.Standard, q conceptQuery, a asker) *conceptRow {
	r := s.reading(c, std)
	var found []lexicon.Span
	for _, m := range r.Concepts {
		if slices.Contains(q.Concepts, m.Concept) {
			found = append(found, m.Span)
		}
	}
	row := &conceptRow{Wording: wording(c, std, hitLayers(r, found)), Obligation: strongest(r), standard: std, order: c.Order}
	row.Body = row.Text
	reach := reachOf(c, std.Rights)
	if reach.whole() {
		if parts := snippets(c, found, hitLayers(r, found)); len(parts) > 0 {
			row.Body = nil
			for _, part := range parts {
				row.Body = append(row.Body, part...)
			}
		}
		for _, l := range matcher.LimitsOf(r, string(std.ID)) {
			row.Limits = append(row.Limits, s.conceptLimit(l, c.Language, a.words))
		}
	}
	text := c.Wording()
	for _, cond := range r.Conditions {
		if cond.Span.End <= reach.shown && len(row.Conditions) < 3 {
			row.Conditions = append(row.Conditions, conceptPart{clip(text[cond.Span.Start:cond.Span.End], 160), c.Language, cond.Exception})
		}
	}
	return row
}

// conceptLimit is a limit in the words of the page.
func (s *Server) conceptLimit(l matcher.Limit, lang corpus.Language, w *words) *conceptLimit {
	out := &conceptLimit{Limit: l, Language: lang}
	if l.Of != "" {
		out.What = cmp.Or(s.label(l.Of, corpus.Language(w.tag)), string(l.Of))
	}
	return out
}

// limitValue is the value of a limit with its sign, in a unit that is so many times
// smaller than the SI unit.
func limitValue(l matcher.Limit, by float64, unit string, w *words) string {
	value := w.decimal(l.Low * by)
	if l.Low != l.High {
		value += "–" + w.decimal(l.High*by)
	}
	if sign := boundSigns[l.Bound]; sign != "" {
		value = sign + "\u00a0" + value
	}
	if unit != "" && unit != "1" && !strings.HasPrefix(unit, "{") {
		value += "\u00a0" + unit
	}
	return value
}

// inOneUnit says the values of all limits of one thing in one unit, so that they can be
// compared at a glance: that in which the least of them has few zeros.
func inOneUnit(rows []*conceptRow, w *words) {
	type thing struct {
		of lexicon.ConceptID
		si string
	}
	least := map[thing]float64{}
	for _, r := range rows {
		for _, l := range r.Limits {
			value, of := max(math.Abs(l.Low), math.Abs(l.High)), thing{l.Of, l.SI}
			if now, known := least[of]; value > 0 && (!known || value < now) {
				least[of] = value
			}
		}
	}
	for _, r := range rows {
		for _, l := range r.Limits {
			by, unit := handyUnit(least[thing{l.Of, l.SI}], l.SI)
			l.SIValue = limitValue(l.Limit, by, unit, w)
		}
	}
}

// rank says which limits are strictest.
func (p *conceptPage) rank(rows []*conceptRow) {
	var all []*matcher.Limit
	for _, r := range rows {
		for _, l := range r.Limits {
			all = append(all, &l.Limit)
		}
	}
	matcher.RankLimits(all)
	for _, l := range all {
		if l.Rank != matcher.RankAlone {
			p.Limits++
		}
	}
}

// conceptMatches adds the agreed matches between the clauses of the table, and
// the groups they make over more than two countries.
func (s *Server) conceptMatches(ctx context.Context, p *conceptPage, rows []*conceptRow, sh shelf, a asker) error {
	ids := make([]corpus.ClauseID, len(rows))
	in := map[corpus.ClauseID]bool{}
	for i, r := range rows {
		ids[i] = r.ID
		in[r.ID] = true
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := s.store.Equivalents(ctx, ids...)
	if err != nil {
		return fmt.Errorf("find the matches of %d clauses: %w", len(ids), err)
	}
	inside := func(m review.Match) bool {
		return len(m.Targets) > 0 && m.State.Settled() && !slices.ContainsFunc(m.Clauses(), func(id corpus.ClauseID) bool { return !in[id] })
	}
	var agreed []review.Match
	for i := range rows {
		for _, m := range found[rows[i].ID] {
			if m = review.Shown(m, a.person); inside(m) {
				agreed = append(agreed, m)
				if m.State == review.StateConfirmed {
					rows[i].Chips = append(rows[i].Chips, sh.chip(m, rows[i].ID))
				}
			}
		}
	}
	for _, g := range review.Groups(agreed) {
		if one := newConceptGroup(g, sh); len(one.Conflicts) > 0 || one.places() > 2 {
			p.Groups = append(p.Groups, one)
			p.Conflict += len(one.Conflicts)
		}
	}
	return nil
}

// arrange puts the rows under their standards, by country and designation.
func (p *conceptPage) arrange(rows []*conceptRow, a asker) {
	corpus.SortRows(rows, func(x, y *conceptRow) int {
		return cmp.Or(strings.Compare(string(x.standard.Jurisdiction), string(y.standard.Jurisdiction)), strings.Compare(x.standard.Designation, y.standard.Designation),
			strings.Compare(string(x.standard.ID), string(y.standard.ID)), cmp.Compare(x.order, y.order))
	})
	p.Clauses = len(rows)
	for _, r := range rows {
		if n := len(p.Rows); n == 0 || p.Rows[n-1].Standard.ID != r.standard.ID {
			p.Rows = append(p.Rows, conceptStandard{Standard: r.standard})
		}
		last := &p.Rows[len(p.Rows)-1]
		last.Rows = append(last.Rows, r)
	}
}
