package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/review"
)

// clausesPerPage is how many clauses of a standard one page shows.
const clausesPerPage = 300

// maxChipClauses bounds for how many clauses coverage by chapter is counted.
const maxChipClauses = 5000

// standardPage is a standard with its clauses.
type standardPage struct {
	Shell
	Standard  corpus.Standard
	Name      corpus.Title
	Others    []corpus.Title // titles in other languages
	Mark      editionMark
	Editions  []editionRow
	Years     []otherEdition
	Layers    layersOf
	Fields    []fieldRow // that the person may set, nil for none
	Said      bool       // they just did
	Fixed     bool       // an effect was just corrected
	Clauses   int
	Normative int
	Against   corpus.StandardID
	Choices   []againstChoice
	Counts    counts
	Only      string // filter: "", "gaps", "disputed", "limits"
	Query     string // words that the shown wording has
	Lost      string // a number that was asked for and is not there
	Sort      string // "" for the order of the text
	Sorts     []listOption
	Files     []fileLink
	Outline   []*outlineEntry
	Open      []string // keys of the chapters whose sections show, see openOf
	Rows      []clauseRow
	FirstRow  int // of Total rows, counted from 1
	LastRow   int
	Total     int
	Prev      string
	Next      string
}

// againstChoice is a standard that coverage can be counted against.
type againstChoice struct {
	ID   corpus.StandardID
	Name string
}

// counts is what has become of a set of normative clauses.
type counts struct {
	Normative, Confirmed, Absent, Opinion, Disputed, Rejected, Proposed, Suspect int
}

// Open is the number of clauses about which nothing is known.
func (n counts) Open() int {
	return max(0, n.Normative-n.Confirmed-n.Absent-n.Opinion-n.Disputed-n.Rejected-n.Proposed)
}

// Percent is the share of clauses that are settled one way or the other.
func (n counts) Percent() int { return percent(n.Confirmed+n.Absent, n.Normative) }

// Started tells whether anybody has answered anything.
func (n counts) Started() bool { return n.Confirmed+n.Absent+n.Opinion+n.Disputed+n.Rejected > 0 }

// Heat is the class h0 to h9 of the share.
func (n counts) Heat() string { return heat(n.Percent()) }

func (n *counts) add(state review.State, suspect bool) {
	n.Normative++
	if suspect {
		n.Suspect++
	}
	switch state {
	case review.StateConfirmed:
		n.Confirmed++
	case review.StateAbsent:
		n.Absent++
	case review.StateOpinion:
		n.Opinion++
	case review.StateDisputed:
		n.Disputed++
	case review.StateRejected:
		n.Rejected++
	case review.StateProposed:
		n.Proposed++
	}
}

// percent rounds down, so that 100 % means all.
func percent(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return part * 100 / whole
}

// heat is one of ten classes for a share in percent.
func heat(percent int) string { return "h" + strconv.Itoa(min(9, max(0, percent/10))) }

// outlineEntry is a chapter or section in the outline.
type outlineEntry struct {
	ID       corpus.ClauseID
	Label    string
	Heading  string
	Href     string
	Open     bool // its sections show
	Here     bool // it is where the page begins
	Counts   counts
	Children []*outlineEntry
}

// clauseRow is one clause on a standard's page.
type clauseRow struct {
	Wording
	Depth      int
	Chips      []Chip
	Obligation lexicon.Degree
	Terms      []conceptName
	Limits     []shownLimit
	Gap        bool // normative and without anything settled
}

// standardOf is the standard that a path names, with its clauses.
func (s *Server) standardOf(c echo.Context) (corpus.Holding, []corpus.Clause, error) {
	ctx, id := c.Request().Context(), pathPart(c, "id")
	h, err := s.store.Standard(ctx, corpus.StandardID(id))
	if err != nil {
		return h, nil, fmt.Errorf("find the standard %s: %w", clip(id, 100), err)
	}
	clauses, err := s.store.ClausesOf(ctx, h.Standard.ID)
	if err != nil {
		return h, nil, fmt.Errorf("read the clauses of %s: %w", h.Standard.ID, err)
	}
	return h, clauses, nil
}

// standard shows one standard.
func (s *Server) standard(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	h, clauses, err := s.standardOf(c)
	if err != nil {
		return err
	}
	sh, all, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	p := s.standardQuery(c, h)
	if number := clip(strings.TrimSpace(c.QueryParam("goto")), 60); number != "" {
		if place, there := p.placeOf(number, clauses, s.aPage(clausesPerPage)); there {
			return c.Redirect(http.StatusSeeOther, place)
		}
		p.Lost = number
	}
	p.Name, p.Mark, p.Editions = h.Standard.Title(corpus.Language(a.words.tag)), markOf(h.Standard), editionsOf(corpus.EditionsOf(all), h.Standard)
	p.Said, p.Fixed = c.QueryParam("done") == "said", c.QueryParam("done") == "effect"
	p.Years = otherEditions(all, h.Standard)
	if p.Layers, err = s.layers(ctx, corpus.OverlaysOf(all), h.Standard, clauses); err != nil {
		return err
	}
	if a.person.May(review.ActionImport) {
		p.Fields = laterFields(h.Standard)
	}
	for _, t := range h.Standard.Titles {
		if t != p.Name {
			p.Others = append(p.Others, t)
		}
	}
	matches, err := s.matchesOf(ctx, clauses)
	if err != nil {
		return err
	}
	s.fillStandard(&p, sh, clauses, matches, a, pageStart(c.QueryParam("from")))
	p.Shell = s.shell(c, a, h.Standard.Designation+" – "+a.words.say("standards.title"))
	if err := s.fixable(ctx, &p.Layers, h.Standard, clauses, a, p.Token); err != nil {
		return err
	}
	return s.show(c, a, http.StatusOK, "standard", &p)
}

// standardQuery is the page with what the address says of its clauses.
func (s *Server) standardQuery(c echo.Context, h corpus.Holding) standardPage {
	p := standardPage{Standard: h.Standard, Clauses: h.Clauses, Normative: h.Normative, Against: corpus.StandardID(clip(c.QueryParam("against"), 200)), Only: onlyOf(c.QueryParam("only")),
		Query: clip(strings.TrimSpace(c.QueryParam("q")), 200), Sorts: clauseSorts}
	if c.QueryParam("sort") == clauseSorts[1].Value {
		p.Sort = clauseSorts[1].Value
	}
	p.Files = fileLinks(standardURL(p.Standard.ID)+"/clauses", p.values())
	p.Open = openOf(c.QueryParam("open"))
	return p
}

// onlyOf keeps a known filter.
func onlyOf(word string) string {
	switch word {
	case "gaps", "disputed", "limits":
		return word
	}
	return ""
}

// pageStart reads where a page begins.
func pageStart(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// matchesOf are the matches that touch the clauses.
func (s *Server) matchesOf(ctx context.Context, clauses []corpus.Clause) (map[corpus.ClauseID][]review.Match, error) {
	if len(clauses) > maxChipClauses {
		clauses = clauses[:maxChipClauses]
	}
	if len(clauses) == 0 {
		return nil, nil
	}
	ids := make([]corpus.ClauseID, len(clauses))
	for i, c := range clauses {
		ids[i] = c.ID
	}
	out, err := s.store.Equivalents(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("find the matches of %d clauses: %w", len(ids), err)
	}
	return out, nil
}

// fillStandard fills in the outline, the counts and the page's clauses.
func (s *Server) fillStandard(p *standardPage, sh shelf, clauses []corpus.Clause, matches map[corpus.ClauseID][]review.Match, a asker, from int) {
	p.Choices = choices(sh, clauses, matches)
	p.Outline = outline(clauses, p.Standard.Rights, matches, p.Against, &p.Counts)
	depth := depths(clauses)
	kept := s.keptClauses(p, clauses, matches)
	p.Total = len(kept)
	if from >= p.Total {
		from = 0
	}
	size := s.aPage(clausesPerPage)
	from = from / size * size
	to := min(from+size, p.Total)
	for _, c := range kept[from:to] {
		p.Rows = append(p.Rows, s.clauseRow(p, sh, c, matches[c.ID], a, depth[c.ID]))
	}
	if p.Total > 0 {
		p.FirstRow, p.LastRow = from+1, to
	}
	if from > 0 {
		p.Prev = p.page(max(0, from-size))
	}
	if to < p.Total {
		p.Next = p.page(to)
	}
	pageOf := map[corpus.ClauseID]int{}
	for i, c := range kept {
		pageOf[c.ID] = i / size * size
	}
	p.link(p.Outline, pageOf, from)
	p.unfold(kept[from:to])
}

// link gives the outline's entries their addresses: an anchor on this page, or
// the page they are on.
func (p *standardPage) link(entries []*outlineEntry, pageOf map[corpus.ClauseID]int, from int) {
	for _, e := range entries {
		if start, found := pageOf[e.ID]; found {
			e.Href = "#c-" + e.ID.Key()
			if start != from {
				e.Href = p.page(start) + e.Href
			}
		}
		p.link(e.Children, pageOf, from)
	}
}

// values are the state of the list of clauses, without its page.
func (p standardPage) values() url.Values {
	return filterOf(map[string]string{"against": string(p.Against), "only": p.Only, "q": p.Query, "sort": p.Sort, "open": strings.Join(p.Open, ",")})
}

// page is the address of a page of this standard with its filters.
func (p standardPage) page(from int) string {
	v := p.values()
	if from > 0 {
		v.Set("from", strconv.Itoa(from))
	}
	return withQuery(standardURL(p.Standard.ID), v)
}

// Filter is the address of this standard with another filter.
func (p standardPage) Filter(only string) string {
	p.Only = only
	return p.page(0)
}

// keeps tells whether a clause passes the filter. Headings stay, so that what
// remains keeps its place, except when only disputes or limits are asked for.
func (s *Server) keeps(p *standardPage, c corpus.Clause, matches []review.Match) bool {
	state, _ := best(matches, c.ID, p.Against)
	switch p.Only {
	case "gaps":
		return c.Kind.Normative() && state != review.StateConfirmed && state != review.StateAbsent
	case "disputed":
		return state == review.StateDisputed
	case "limits":
		return c.Kind.Normative() && len(s.reading(c, p.Standard).Quantities) > 0
	}
	return true
}

// clauseRow makes the view of one clause with its matches.
func (s *Server) clauseRow(p *standardPage, sh shelf, c corpus.Clause, matches []review.Match, a asker, depth int) clauseRow {
	r := s.reading(c, p.Standard)
	state, _ := best(matches, c.ID, p.Against)
	row := clauseRow{
		Wording: wording(c, p.Standard, readingLayers(r)), Depth: min(depth, 4), Obligation: strongest(r),
		Chips: sh.chips(matches, c.ID, a.person, false),
		Gap:   c.Kind.Normative() && state != review.StateConfirmed && state != review.StateAbsent,
	}
	if row.Cut == "" {
		row.Limits, row.Terms = s.normalised(r, c, a.words), s.concepts(a, r, c.Language, termsOfRow)
	}
	return row
}

// termsOfRow is how many terms stand under a clause on its standard's page.
const termsOfRow = 4

// limits are the bounded quantities of a reading, as printed, at most six.
func limits(r lexicon.Reading) []string {
	var out []string
	for _, q := range r.Quantities {
		if q.Bound != lexicon.BoundNone && len(out) < 6 && !contains(out, q.Printed) {
			out = append(out, q.Printed)
		}
	}
	return out
}

// depths says how deep each clause stands under its parents.
func depths(clauses []corpus.Clause) map[corpus.ClauseID]int {
	out := make(map[corpus.ClauseID]int, len(clauses))
	for _, c := range clauses {
		if c.Parent != "" {
			out[c.ID] = out[c.Parent] + 1
		}
	}
	return out
}

// choices are the standards that any clause has a match with.
func choices(sh shelf, clauses []corpus.Clause, matches map[corpus.ClauseID][]review.Match) []againstChoice {
	seen := map[corpus.StandardID]bool{}
	var out []againstChoice
	for _, c := range clauses {
		for _, m := range matches[c.ID] {
			other := m.Against
			if !slices.Contains(m.Sources, c.ID) && len(m.Sources) > 0 {
				other = m.Sources[0].Standard()
			}
			if !seen[other] {
				seen[other] = true
				out = append(out, againstChoice{other, sh.name(other)})
			}
		}
	}
	corpus.SortRows(out, func(x, y againstChoice) int { return cmp.Compare(x.Name, y.Name) })
	return out
}

// outline builds two levels of chapters with the counts of everything under
// them; all is given the counts of the whole standard. A chapter without a
// heading is named by its text, as far as rights allow.
func outline(clauses []corpus.Clause, rights corpus.Rights, matches map[corpus.ClauseID][]review.Match, against corpus.StandardID, all *counts) []*outlineEntry {
	entries := map[corpus.ClauseID]*outlineEntry{}
	above := map[corpus.ClauseID][]*outlineEntry{}
	var top []*outlineEntry
	for _, c := range clauses {
		chain := above[c.Parent]
		if len(chain) < 2 && (c.Kind == corpus.KindHeading || c.Heading != "") {
			e := &outlineEntry{ID: c.ID, Label: c.Label, Heading: c.Heading}
			if e.Heading == "" {
				e.Heading = clip(rights.Shown(c).Text, 90)
			}
			entries[c.ID] = e
			if len(chain) == 0 {
				top = append(top, e)
			} else {
				chain[len(chain)-1].Children = append(chain[len(chain)-1].Children, e)
			}
			chain = append(slices.Clone(chain), e)
		}
		above[c.ID] = chain
		if !c.Kind.Normative() {
			continue
		}
		state, suspect := best(matches[c.ID], c.ID, against)
		all.add(state, suspect)
		for _, e := range chain {
			e.Counts.add(state, suspect)
		}
	}
	return top
}

// clausePage is one clause at its permanent address.
type clausePage struct {
	Shell
	Others     []othersRow // what others say of it
	Collector  *collectorBox
	Editions   []editionRow
	Layers     layersOf
	Beside     *besideClause // the clause of one of them, to be read side by side
	Standard   corpus.Standard
	Name       corpus.Title
	Clause     Wording
	Obligation lexicon.Degree
	Concepts   []conceptName
	Limits     []shownLimit
	Citations  []string
	Chips      []Chip
	Proposals  []Chip
	Children   []Ref
	Units      []Wording // tables, figures and formulas that stand in it
	UnitOf     *unitOf   // of such a one
	Prev, Next *Ref
	Parent     *Ref
	Digest     corpus.Digest
	Address    string // absolute, to be copied
	History    []decisionRow
}

// conceptName is a concept a clause names.
type conceptName struct {
	ID    lexicon.ConceptID
	Own   string // in the language of the clause
	Label string // in the language of the page
}

// clause shows one clause with everything known about it.
func (s *Server) clause(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	own := pathPart(c, "id")
	std, err := s.store.Standard(ctx, corpus.StandardID(own))
	if err != nil {
		return fmt.Errorf("find the standard %s: %w", clip(own, 100), err)
	}
	clauses, err := s.store.ClausesOf(ctx, std.Standard.ID)
	if err != nil {
		return fmt.Errorf("read the clauses of %s: %w", std.Standard.ID, err)
	}
	id := corpus.NewClauseID(std.Standard.ID, pathPart(c, "key"))
	at := slices.IndexFunc(clauses, func(c corpus.Clause) bool { return c.ID == id })
	if at < 0 {
		return fmt.Errorf("clause %s: %w", clip(string(id), 200), corpus.ErrNotFound)
	}
	sh, all, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	matches, err := s.store.Equivalents(ctx, id)
	if err != nil {
		return fmt.Errorf("find the matches of %s: %w", id, err)
	}
	p := s.clauseView(a, sh, std.Standard, clauses, at, matches[id])
	if p.History, err = s.historyOf(ctx, matches[id], a); err != nil {
		return err
	}
	if p.Others, err = s.othersOf(ctx, id); err != nil {
		return err
	}
	if p.Layers, err = s.layers(ctx, corpus.OverlaysOf(all), std.Standard, clauses); err != nil {
		return err
	}
	p.Layers = p.Layers.about(id)
	if err := s.fillEditions(ctx, &p, all, clauses, at, corpus.StandardID(c.QueryParam("beside"))); err != nil {
		return err
	}
	p.Shell = s.shell(c, a, p.Clause.Label+" – "+std.Standard.Designation)
	if p.Collector, err = s.collector(ctx, a, p.Shell.Token, id); err != nil {
		return err
	}
	return s.show(c, a, http.StatusOK, "clause", &p)
}

// clauseView gathers what a clause's page shows of the clause itself.
func (s *Server) clauseView(a asker, sh shelf, std corpus.Standard, clauses []corpus.Clause, at int, matches []review.Match) clausePage {
	cl := clauses[at]
	r := s.reading(cl, std)
	p := clausePage{
		Standard: std, Name: std.Title(corpus.Language(a.words.tag)), Clause: wording(cl, std, append(readingLayers(r), unitLinks(clauses, at)...)),
		Obligation: strongest(r), Digest: cl.Digest(), Address: s.base.String() + clauseURL(cl.ID),
		Chips: sh.chips(matches, cl.ID, a.person, false),
	}
	for _, m := range matches {
		if m.State == review.StateProposed {
			p.Proposals = append(p.Proposals, sh.chip(review.Shown(m, a.person), cl.ID))
		}
	}
	if p.Clause.Cut == "" {
		p.Limits, p.Concepts, p.Citations = s.normalised(r, cl, a.words), s.concepts(a, r, cl.Language, 20), citations(r)
	}
	ref := func(i int) *Ref { return &sh.refs([]corpus.ClauseID{clauses[i].ID})[0] }
	if at > 0 {
		p.Prev = ref(at - 1)
	}
	if at+1 < len(clauses) {
		p.Next = ref(at + 1)
	}
	if cl.Parent != "" {
		p.Parent = &sh.refs([]corpus.ClauseID{cl.Parent})[0]
	}
	for _, other := range clauses {
		if other.Parent == cl.ID && other.Unit() == "" {
			p.Children = append(p.Children, sh.refs([]corpus.ClauseID{other.ID})[0])
		}
	}
	s.unitView(&p, sh, clauses, at)
	return p
}

// concepts names what a reading mentions, once each, at most twenty.
func (s *Server) concepts(a asker, r lexicon.Reading, own corpus.Language, most int) []conceptName {
	seen := map[lexicon.ConceptID]bool{}
	var out []conceptName
	for _, m := range r.Concepts {
		if seen[m.Concept] || len(out) == most {
			continue
		}
		seen[m.Concept] = true
		n := conceptName{ID: m.Concept, Own: s.label(m.Concept, own.Base()), Label: s.label(m.Concept, corpus.Language(a.words.tag))}
		if n.Own != "" {
			out = append(out, n)
		}
	}
	return out
}

// citations are the standards a reading cites, once each.
func citations(r lexicon.Reading) []string {
	var out []string
	for _, c := range r.Citations {
		if !contains(out, c.Designation) {
			out = append(out, c.Designation)
		}
	}
	return out
}
