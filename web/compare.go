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
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// compareView is one way of looking at a pair of standards.
type compareView string

// The views, which are the values of "view" in the address.
const (
	viewTable      compareView = "table"
	viewLadder     compareView = "ladder"
	viewHeat       compareView = "heat"
	viewGapsA      compareView = "gaps-a"
	viewGapsB      compareView = "gaps-b"
	viewConflicts  compareView = "conflicts"
	viewLimits     compareView = "limits"
	viewObligation compareView = "obligation"
)

// compareViews lists the views in the order of their links.
var compareViews = []compareView{viewTable, viewLadder, viewHeat, viewGapsA, viewGapsB, viewConflicts, viewLimits, viewObligation}

// stricterSides are the values of "stricter" in the address: who limits more,
// that nobody does, or that it cannot be told.
var stricterSides = []string{"a", "b", "equal", "unlike"}

// compareStatuses are the values of "status" in the address: agreed on the present
// texts, agreed on texts that have changed, answered by one person or side.
var compareStatuses = []string{"agreed", "suspect", "opinion"}

// compareQuery is everything the address of a comparison says, so that copying
// the address shares what one sees.
type compareQuery struct {
	A, B     corpus.StandardID
	Dossier  uuid.UUID // uuid.Nil for all
	Round    int       // of the dossier, 0 for what stands now
	View     compareView
	ChapterA string // key of a chapter of A, "" for all
	ChapterB string
	Stricter string // one of stricterSides, "" for all
	Status   string // one of compareStatuses, "" for all
	OneSided bool   // with matches that one person or side has answered
	All      bool   // on one page, for printing
	From     int    // of the rows, counted from 0
}

// readCompareQuery reads an address; what it does not know counts as not said.
func readCompareQuery(v url.Values) compareQuery {
	q := compareQuery{
		A: corpus.StandardID(clip(v.Get("a"), 200)), B: corpus.StandardID(clip(v.Get("b"), 200)), View: compareView(v.Get("view")),
		ChapterA: clip(v.Get("ca"), 200), ChapterB: clip(v.Get("cb"), 200), Stricter: v.Get("stricter"),
		OneSided: v.Get("onesided") != "", All: v.Get("all") != "", From: pageStart(v.Get("from")),
	}
	if id, err := uuid.Parse(v.Get("dossier")); err == nil {
		q.Dossier = id
	}
	if n, err := strconv.Atoi(v.Get("round")); err == nil && n > 0 && q.Dossier != uuid.Nil {
		q.Round = n
	}
	if !slices.Contains(compareViews, q.View) {
		q.View = viewTable
	}
	if !contains(stricterSides, q.Stricter) {
		q.Stricter = ""
	}
	if q.Status = v.Get("status"); !contains(compareStatuses, q.Status) {
		q.Status = ""
	}
	q.OneSided = q.OneSided || q.Status == "opinion"
	return q
}

// Address is where the query is answered.
func (q compareQuery) Address() string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("a", string(q.A))
	set("b", string(q.B))
	if q.Dossier != uuid.Nil {
		set("dossier", q.Dossier.String())
	}
	if q.Round > 0 {
		set("round", strconv.Itoa(q.Round))
	}
	if q.View != viewTable {
		set("view", string(q.View))
	}
	set("ca", q.ChapterA)
	set("cb", q.ChapterB)
	set("stricter", q.Stricter)
	set("status", q.Status)
	if q.OneSided {
		set("onesided", "1")
	}
	if q.All {
		set("all", "1")
	}
	if q.From > 0 {
		set("from", strconv.Itoa(q.From))
	}
	return withQuery("/compare", v)
}

// To is the address of another view with the same filters.
func (q compareQuery) To(v compareView) string {
	q.View, q.From, q.All = v, 0, false
	return q.Address()
}

// At is the address of another page.
func (q compareQuery) At(from int) string {
	q.From = from
	return q.Address()
}

// Whole is the address of everything on one page.
func (q compareQuery) Whole() string {
	q.All, q.From = true, 0
	return q.Address()
}

// Between is the address of the table of two chapters, "" for all of a side.
func (q compareQuery) Between(a, b string) string {
	q.ChapterA, q.ChapterB = a, b
	return q.To(viewTable)
}

// GapsOf is the address of the gaps of one chapter of a side.
func (q compareQuery) GapsOf(side, chapter string) string {
	q.ChapterA, q.ChapterB = "", ""
	if side == "a" {
		q.ChapterA = chapter
		return q.To(viewGapsA)
	}
	q.ChapterB = chapter
	return q.To(viewGapsB)
}

// Unfiltered is the address of the view without any filter.
func (q compareQuery) Unfiltered() string {
	q.ChapterA, q.ChapterB, q.Stricter, q.Status = "", "", "", ""
	return q.To(q.View)
}

// Filtered tells whether a filter hides anything.
func (q compareQuery) Filtered() bool {
	return q.ChapterA != "" || q.ChapterB != "" || q.Stricter != "" || q.Status != ""
}

// Sifts tells whether the view can be filtered by the stricter side.
func (q compareQuery) Sifts() bool {
	return q.View == viewTable || q.View == viewLimits || q.View == viewObligation
}

// swapped are the words of an address that change with the sides.
var swapped = map[string]string{"a": "b", "b": "a", string(viewGapsA): string(viewGapsB), string(viewGapsB): string(viewGapsA)}

// Swap is the address of the same comparison read from the other side.
func (q compareQuery) Swap() string {
	q.A, q.B, q.ChapterA, q.ChapterB, q.From = q.B, q.A, q.ChapterB, q.ChapterA, 0
	if other := swapped[q.Stricter]; other != "" {
		q.Stricter = other
	}
	if other := swapped[string(q.View)]; other != "" {
		q.View = compareView(other)
	}
	return q.Address()
}

// comparePage is two standards side by side, from what was agreed about them.
type comparePage struct {
	Shell
	Query    compareQuery
	Picker   *comparePicker // set when there is no pair to compare
	A, B     compareSide
	Dossiers []review.Dossier // that hold both
	Tabs     []compareTab
	Sides    []string // values of the filter by the stricter side
	RunText  string   // head of every printed page: pair, view, filter, time

	Rows      []compareRow // table and conflicts
	Limits    []limitLine
	Sums      []limitSum
	Gaps      *gapsView
	Ladder    *ladder
	Heat      *heatMap
	Round     *comparedRound // nil for what stands now
	Rounds    []roundChoice  // that can be shown instead
	LastRound int            // 0 for none
	Of        uuid.UUID      // dossier of the rounds
	Freeze    bool           // the person may freeze one
	Statuses  []string       // values of the filter by status
	Exports   []compareExport
	Agreed    int // matches that are agreed, without any filter
	Waiting   int // one-sided matches that the switch would add
	Uncounted int // matches that were not compared, because there are too many
	FirstRow  int // of Total rows, counted from 1
	LastRow   int
	Total     int
	Prev      string
	Next      string
	CanWhole  bool // everything fits on one page to print
}

// compareSide is one of the two standards.
type compareSide struct {
	Letter    string
	Standard  corpus.Standard
	Name      corpus.Title
	Chapters  []chapter
	Direction compareDirection // towards the other side
}

// compareTab is the link of one view.
type compareTab struct {
	View  compareView
	Href  string
	Shown bool
	Count int // -1 where there is nothing to count
	Open  int // of gaps: clauses nothing is agreed about
}

// compare shows two standards side by side.
func (s *Server) comparePage(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	q := readCompareQuery(c.QueryParams())
	sh, all, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	_, hasA := sh[q.A]
	_, hasB := sh[q.B]
	if !hasA || !hasB || q.A == q.B {
		return s.showPicker(c, a, sh, all, q)
	}
	pair, err := s.readPair(ctx, sh, q, a)
	if err != nil {
		return err
	}
	p := s.compared(pair)
	if err := s.chooseRound(ctx, p, a.words); err != nil {
		return err
	}
	for i := range p.Dossiers {
		if d := &p.Dossiers[i]; d.ID == p.Of && p.Round == nil {
			p.Freeze = review.MayFreeze(*d, a.person) == nil
		}
	}
	p.Shell = s.shell(c, a, p.A.Standard.Designation+" ↔ "+p.B.Standard.Designation+" – "+a.words.say("compare.title"))
	return s.show(c, a, http.StatusOK, "compare", p)
}

// compared fills in the page of a pair.
func (s *Server) compared(pair *comparedPair) *comparePage {
	q := pair.query
	p := &comparePage{
		Query: q, A: pair.a.view("A", pair.forth), B: pair.b.view("B", pair.back), Dossiers: pair.dossiers,
		Sides: stricterSides, Statuses: compareStatuses, Round: pair.round, Exports: pair.exports(), Agreed: pair.agreed, Waiting: pair.waiting, Uncounted: pair.uncompared,
	}
	p.Tabs = pair.tabs()
	p.RunText = pair.runText(s.now())
	switch q.View {
	case viewTable:
		from, to := p.cut(len(pair.table), tableRows)
		p.Rows = pair.rows(pair.table[from:to], from)
	case viewConflicts:
		from, to := p.cut(len(pair.conflicts), tableRows)
		p.Rows = pair.rows(pair.conflicts[from:to], from)
	case viewLimits:
		from, to := p.cut(len(pair.limits), listRows)
		p.Limits, p.Sums = pair.limits[from:to], sumsOf(pair.limits)
	case viewObligation:
		from, to := p.cut(len(pair.obligations), listRows)
		p.Limits, p.Sums = pair.obligations[from:to], sumsOf(pair.obligations)
	case viewGapsA:
		p.Gaps = pair.gapsPage(p, pair.gapsA, "a")
	case viewGapsB:
		p.Gaps = pair.gapsPage(p, pair.gapsB, "b")
	case viewLadder:
		p.Ladder = pair.ladder()
	case viewHeat:
		p.Heat = pair.heatMap()
	}
	return p
}

// HasDossier tells whether one dossier is asked for.
func (p *comparePage) HasDossier() bool { return p.Query.Dossier != uuid.Nil }

// runHead is the line that heads every printed page of a table.
type runHead struct {
	Text  string
	Span  int  // columns
	Roles bool // the table names its roles, since it is laid out anew when narrow
}

// Run is the running head of a table of so many columns.
func (p *comparePage) Run(columns int) runHead {
	return runHead{p.RunText, columns, p.Query.View == viewTable || p.Query.View == viewConflicts}
}

// runText says what a printed page shows: the pair, the view, the filters and
// when it was made.
func (c *comparedPair) runText(now time.Time) string {
	parts := append(c.shown(), moment(now)+" UTC")
	for i, part := range parts {
		parts[i] = c.asker.words.print(part) // behind Arabic letters a day would be turned: 28-11-2026
	}
	return strings.Join(parts, " · ")
}

// said is the pair, the view and the filters in the language of the page.
func (c *comparedPair) said() string { return strings.Join(c.shown(), " · ") }

// shown are the pair, the view and the filters in the language of the page, one by one.
func (c *comparedPair) shown() []string {
	w, q := c.asker.words, c.query
	parts := []string{c.a.standard.Designation + " ↔ " + c.b.standard.Designation, w.say("compare.view." + string(q.View))}
	for _, d := range c.dossiers {
		if d.ID == q.Dossier {
			parts = append(parts, d.Name)
		}
	}
	if c.round != nil {
		parts = append(parts, c.round.said(w))
	}
	for _, side := range []struct {
		letter, key string
		of          *comparedSide
	}{{"A", q.ChapterA, c.a}, {"B", q.ChapterB, c.b}} {
		for _, ch := range side.of.chapters {
			if ch.Key == side.key {
				parts = append(parts, w.say("compare.chapter", "side", side.letter)+" "+ch.Label)
			}
		}
	}
	if q.Stricter != "" && q.Sifts() {
		parts = append(parts, w.say("compare.stricter")+": "+w.say("compare.stricter."+q.Stricter))
	}
	if q.Status != "" && q.Sifts() {
		parts = append(parts, w.say("compare.status")+": "+w.say("compare.status."+q.Status))
	}
	if q.OneSided {
		parts = append(parts, w.say("compare.onesided"))
	}
	return parts
}

// How many rows one page of a view shows: full texts take more room than
// figures. A page to be printed as a whole has at most wholeRows.
const (
	tableRows = 50
	listRows  = 200
	wholeRows = 1000
)

// cut chooses the page's rows of so many and links its neighbours.
func (p *comparePage) cut(total, size int) (from, to int) {
	p.Total, p.CanWhole = total, total > size && total <= wholeRows
	if p.Query.All && p.CanWhole {
		size = wholeRows
	}
	if from = p.Query.From; from >= total {
		from = 0
	}
	to = min(from+size, total)
	if total > 0 {
		p.FirstRow, p.LastRow = from+1, to
	}
	if from > 0 {
		p.Prev = p.Query.At(max(0, from-size))
	}
	if to < total {
		p.Next = p.Query.At(to)
	}
	return from, to
}

// tabs are the links of the views with how many rows each has under the
// present filters.
func (c *comparedPair) tabs() []compareTab {
	counts := map[compareView]int{
		viewTable: len(c.table), viewConflicts: len(c.conflicts), viewLimits: len(c.limits), viewObligation: len(c.obligations),
		viewLadder: -1, viewHeat: -1, viewGapsA: len(c.gapsA.absent), viewGapsB: len(c.gapsB.absent),
	}
	var out []compareTab
	for _, v := range compareViews {
		tab := compareTab{View: v, Href: c.query.To(v), Shown: v == c.query.View, Count: counts[v]}
		switch v {
		case viewGapsA:
			tab.Open = len(c.gapsA.open) + len(c.gapsA.untouched)
		case viewGapsB:
			tab.Open = len(c.gapsB.open) + len(c.gapsB.untouched)
		}
		out = append(out, tab)
	}
	return out
}

// Gap tells whether a tab leads to gaps, which have two counts.
func (t compareTab) Gap() bool { return t.View == viewGapsA || t.View == viewGapsB }

// comparePicker chooses a pair.
type comparePicker struct {
	Problem string // key of what is wrong with the address, "" for nothing
	Groups  []pickerGroup
	Pairs   []pickerPair
	Kept    int // standards
}

// pickerGroup is the standards of one country.
type pickerGroup struct {
	Place     corpus.Jurisdiction
	Standards []corpus.Standard
}

// pickerPair is a pair that some dossier holds, with how much is agreed.
type pickerPair struct {
	A, B        corpus.Standard
	Forth, Back review.Coverage
	Href        string
}

// showPicker lets people choose two standards, with what the address says of
// them filled in.
func (s *Server) showPicker(c echo.Context, a asker, sh shelf, all []corpus.Holding, q compareQuery) error {
	k := &comparePicker{Kept: len(all)}
	for _, id := range []corpus.StandardID{q.A, q.B} {
		if _, kept := sh[id]; id != "" && !kept {
			k.Problem = "unknown"
		}
	}
	if q.A != "" && q.A == q.B && k.Problem == "" {
		k.Problem = "same"
	}
	for _, h := range all {
		if n := len(k.Groups); n == 0 || k.Groups[n-1].Place != h.Standard.Jurisdiction {
			k.Groups = append(k.Groups, pickerGroup{Place: h.Standard.Jurisdiction})
		}
		g := &k.Groups[len(k.Groups)-1]
		g.Standards = append(g.Standards, h.Standard)
	}
	var err error
	if k.Pairs, err = s.pickerPairs(c.Request().Context(), sh, q); err != nil {
		return err
	}
	p := &comparePage{Query: q, Picker: k}
	p.Shell = s.shell(c, a, a.words.say("compare.title"))
	return s.show(c, a, http.StatusOK, "compare", p)
}

// pickerPairs are the pairs that face each other in a dossier, once each; when
// one standard is chosen already, only its pairs, with it first.
func (s *Server) pickerPairs(ctx context.Context, sh shelf, q compareQuery) ([]pickerPair, error) {
	list, err := s.store.CoverageOf(ctx, "standard", review.CoverageFilter{Binding: true}) // as the page of the pair counts
	if err != nil {
		return nil, fmt.Errorf("count what is agreed: %w", err)
	}
	chosen := q.A
	if _, kept := sh[chosen]; !kept {
		chosen = q.B
	}
	_, fixed := sh[chosen]
	cells := map[[2]string]review.Coverage{}
	for _, c := range list {
		cells[[2]string{c.From, c.To}] = c
	}
	var out []pickerPair
	for _, c := range list {
		if fixed && c.From != string(chosen) || !fixed && c.From > c.To {
			continue
		}
		out = append(out, pickerPair{
			A: sh[corpus.StandardID(c.From)].Standard, B: sh[corpus.StandardID(c.To)].Standard, Forth: c, Back: cells[[2]string{c.To, c.From}],
			Href: compareQuery{A: corpus.StandardID(c.From), B: corpus.StandardID(c.To), View: viewTable}.Address(),
		})
	}
	corpus.SortRows(out, func(x, y pickerPair) int {
		return cmp.Or(cmp.Compare(x.A.Designation, y.A.Designation), cmp.Compare(x.B.Designation, y.B.Designation))
	})
	return out, nil
}
