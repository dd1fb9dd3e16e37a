package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/review"
)

// searchPage is the search with its answer.
type searchPage struct {
	Shell
	Query      string
	Asked      bool // a query or a filter was sent
	Exact      bool
	Fuzzy      bool
	Problem    said // the search's own sentence when it refuses the query
	Down       bool // there is no index
	Total      int
	Standards  int // of this page's hits
	Took       string
	Understood []understoodChip
	Learned    []learnedChip
	Off        []offChip
	Meant      string // the query as it may have been meant, "" for none
	MeantAt    string // its address
	Ranges     []askedChip
	Filters    []filterChip
	Orders     []orderLink
	Order      index.Order
	Files      []fileLink
	Program    string          // the same search in the interface
	Named      []againstChoice // standards the query names
	Nearest    []againstChoice // standards named almost so, where nothing was found
	Facets     []facet
	// Least and Most are the ends of the range that values lie in, as written.
	Least, Most string
	Hits        []hitRow
	From, To    int
	Prev, Next  string
	Reduced     bool
	Without     []lexicon.ConceptID
	Unlearned   []string
	Unfiltered  string // address of the search without filters, "" where it has none
	Saved       []savedRow
	Keep        string // what would be saved, "" when nothing is asked
	Kept        bool   // it is saved
	Done        string // what was done to the saved searches
	MaxName     int
	Collector   *collectorBox
}

// understoodChip is a concept the query was understood as.
type understoodChip struct {
	ID     lexicon.ConceptID
	Names  []conceptIn
	Remove string // address of the search without it
}

// conceptIn is a concept's name in one language.
type conceptIn struct {
	Language corpus.Language
	Name     string
}

// facet is one filter with its values.
type facet struct {
	Field  string // of the form and of the words facet.<field>
	Values []facetValue
}

// facetValue is a value with how many clauses have it.
type facetValue struct {
	Value   string
	Label   string
	Count   int
	Checked bool
}

// hitRow is one clause that was found.
type hitRow struct {
	Wording
	Standard   corpus.Standard
	Snippets   [][]Piece
	Obligation lexicon.Degree
	By         []string
	Chips      []Chip
	Values     []string // in the range that was asked for, in the unit of the query
	// Untouched are the jurisdictions that the clause faces in a dossier and has no
	// match with.
	Untouched []corpus.Jurisdiction
}

// hitsPerPage is how many clauses a page of the search shows; at most 20 are
// highlighted (RELIABILITY.md 4.6).
const hitsPerPage = 20

// searchTime bounds one search.
const searchTime = 5 * time.Second

// searching waits for its turn to search, and bounds the time for it; leave ends both.
func (s *Server) searching(ctx context.Context) (bounded context.Context, leave func(), err error) {
	out, err := s.seeking.enter(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	return ctx, func() { cancel(); out() }, nil
}

// searchPage answers a search.
func (s *Server) searchPage(c echo.Context, a asker) error {
	q := readQuery(c.QueryParams())
	q.Limit, q.Choices = s.aPage(hitsPerPage), true
	p := searchPage{Query: q.Text, Order: q.Order, Exact: q.Exact, Without: q.Without, Unlearned: q.Unlearned, Asked: asks(q), Least: q.Least, Most: q.Most, Done: savedDone(c), MaxName: review.MaxSavedName}
	if p.Asked {
		p.Keep = savedQuery(c.QueryParams())
	}
	var err error
	if p.Saved, err = s.savedSearches(c, a, p.Keep); err != nil {
		return err
	}
	p.Kept = slices.ContainsFunc(p.Saved, func(r savedRow) bool { return r.This })
	if s.search == nil {
		p.Down = true
		p.Shell = s.shell(c, a, a.words.say("search.title"))
		return s.show(c, a, http.StatusOK, "search", &p)
	}
	status := http.StatusOK
	p.Off = offChips(nil, q, a.words)
	if p.Asked {
		err = s.runSearch(c.Request().Context(), &p, q, a)
		switch {
		case errors.Is(err, corpus.ErrInvalid), errors.Is(err, corpus.ErrLimit):
			p.Problem, status = a.words.refusal(err), http.StatusBadRequest
			p.Facets = s.facets(nil, q, a) // what was chosen can be taken back
		case err != nil:
			return err
		}
	}
	title := a.words.say("search.title")
	if q.Text != "" {
		title = clip(q.Text, 80) + " – " + title
	}
	p.Reduced = s.search.State() == "reduced" || s.search.State() == "rebuilding"
	p.Shell = s.shell(c, a, title)
	if p.Collector, err = s.collector(c.Request().Context(), a, p.Shell.Token, ""); err != nil {
		return err
	}
	return s.show(c, a, status, "search", &p)
}

// maxValues bounds how many values of one filter are read from an address.
const maxValues = 50

// readQuery reads a query from the address. Filters that are not known simply
// find nothing; the index refuses what is too long.
func readQuery(v url.Values) index.Query {
	q := index.Query{Text: strings.TrimSpace(v.Get("q")), Exact: v.Get("exact") != "", Limit: hitsPerPage, From: pageStart(v.Get("from"))}
	if v.Get("order") == string(index.OrderStandard) {
		q.Order = index.OrderStandard
	}
	q.Without = list[lexicon.ConceptID](v, "without")
	q.Unlearned = list[string](v, "unlearned")
	q.Jurisdictions = list[corpus.Jurisdiction](v, "jurisdiction")
	q.Languages = list[corpus.Language](v, "language")
	q.Domains = list[corpus.Domain](v, "domain")
	q.Issuers = list[string](v, "issuer")
	q.Standards = list[corpus.StandardID](v, "standard")
	q.Obligations = list[lexicon.Degree](v, "obligation")
	q.Statuses = list[corpus.Status](v, "status")
	q.Quantities, q.States = list[string](v, index.FacetQuantity), list[string](v, index.FacetState)
	q.Least, q.Most = strings.TrimSpace(clip(v.Get("least"), 200)), strings.TrimSpace(clip(v.Get("most"), 200))
	return q
}

// list reads the values of one field.
func list[T ~string](v url.Values, field string) []T {
	var out []T
	for _, text := range v[field] {
		if text != "" && len(text) <= 200 && len(out) < maxValues {
			out = append(out, T(text))
		}
	}
	return out
}

// asks tells whether a query asks for anything.
func asks(q index.Query) bool {
	return q.Text != "" || len(q.Jurisdictions)+len(q.Languages)+len(q.Domains)+len(q.Issuers)+len(q.Standards)+len(q.Obligations)+len(q.Statuses)+len(q.Quantities)+len(q.States)+len(q.Least)+len(q.Most) > 0
}

// address is the search page of a query, a filter or a page changed.
func address(q index.Query) string { return "/search?" + searchValues(q).Encode() }

// searchValues are the parameters of a query's address.
func searchValues(q index.Query) url.Values {
	v := url.Values{}
	set := func(field, value string) {
		if value != "" {
			v.Add(field, value)
		}
	}
	set("q", q.Text)
	if q.Exact {
		set("exact", "1")
	}
	for _, w := range q.Without {
		set("without", string(w))
	}
	for _, w := range q.Unlearned {
		set("unlearned", w)
	}
	for _, field := range append(slices.Clone(facetFields), "standard") {
		for _, value := range chosen(q, field) {
			set(field, value)
		}
	}
	set("least", q.Least)
	set("most", q.Most)
	set("order", string(q.Order))
	if q.From > 0 {
		set("from", strconv.Itoa(q.From))
	}
	return v
}

// facetFields are the filters in the order of the page.
var facetFields = []string{"jurisdiction", "language", "domain", "issuer", "obligation", "status", index.FacetQuantity, index.FacetState}

// chosen are the values of a filter that a query has.
func chosen(q index.Query, field string) []string {
	switch field {
	case "jurisdiction":
		return asText(q.Jurisdictions)
	case "language":
		return asText(q.Languages)
	case "domain":
		return asText(q.Domains)
	case "issuer":
		return q.Issuers
	case "obligation":
		return asText(q.Obligations)
	case "status":
		return asText(q.Statuses)
	case index.FacetQuantity:
		return q.Quantities
	case index.FacetState:
		return q.States
	case "standard":
		return asText(q.Standards)
	}
	return nil
}

func asText[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// runSearch asks the index and gathers what the page shows of the answer.
func (s *Server) runSearch(ctx context.Context, p *searchPage, q index.Query, a asker) error {
	ctx, leave, err := s.searching(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := s.statesOf(ctx, &q); err != nil {
		return err
	}
	found, err := s.search.Search(ctx, q)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	sh, all, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	p.Total, p.Fuzzy, p.Took = found.Total, found.Fuzzy, took(found.Took, a.words)
	p.Understood = understood(found.Understood, q)
	p.Learned = learnedChips(found.Learned, q)
	p.Off = offChips(found.Off, q, a.words)
	if found.Meant != "" {
		meant := q
		meant.Text, meant.From = found.Meant, 0
		p.Meant, p.MeantAt = found.Meant, address(meant)
	}
	p.Ranges = askedChips(found.Asked, q)
	p.Named = named(found.Cited, all)
	p.Filters = filterChips(found, q, sh, a.words)
	p.Orders = orderLinks(q)
	p.Files = searchFiles(q)
	p.Program = "curl -H 'Authorization: Bearer KEY' '" + s.base.String() + programPath(q) + "'"
	p.Facets = s.facets(found.Facets, q, a)
	if p.Hits, err = s.hits(ctx, found.Hits, q, sh, a); err != nil {
		return err
	}
	p.turnPages(q)
	if p.Total == 0 {
		p.Nearest = nearest(q.Text, all)
		if free := unfiltered(q); address(free) != address(q) {
			p.Unfiltered = address(free)
		}
	}
	return nil
}

// took prints how long a search took, to a hundredth of a second.
func took(d time.Duration, w *words) string {
	return w.decimal(max(0.01, float64(d.Round(10*time.Millisecond))/float64(time.Second)))
}

// turnPages sets where the page stands among all hits.
func (p *searchPage) turnPages(q index.Query) {
	if len(p.Hits) == 0 {
		return
	}
	seen := map[corpus.StandardID]bool{}
	for _, h := range p.Hits {
		seen[h.Standard.ID] = true
	}
	p.Standards, p.From, p.To = len(seen), q.From+1, q.From+len(p.Hits)
	if q.From > 0 {
		before := q
		before.From = max(0, q.From-q.Limit)
		p.Prev = address(before)
	}
	if p.To < p.Total && q.From+2*q.Limit <= index.MaxOffset {
		after := q
		after.From = q.From + q.Limit
		p.Next = address(after)
	}
}

// understood makes chips of the concepts a query names.
func understood(list []index.Understood, q index.Query) []understoodChip {
	var out []understoodChip
	for _, u := range list {
		without := q
		without.Without = append(slices.Clone(q.Without), u.Concept)
		without.From = 0
		chip := understoodChip{ID: u.Concept, Remove: address(without)}
		langs := make([]corpus.Language, 0, len(u.Labels))
		for l := range u.Labels {
			langs = append(langs, l)
		}
		slices.Sort(langs)
		for _, l := range langs {
			chip.Names = append(chip.Names, conceptIn{l, u.Labels[l]})
		}
		out = append(out, chip)
	}
	return out
}

// named are the standards kept here that a query names, at most five.
func named(cited []index.Cited, all []corpus.Holding) []againstChoice {
	var out []againstChoice
	for _, c := range cited {
		want := c.Designation
		for _, h := range all {
			if len(out) < 5 && (sameDesignation(h.Standard.Designation, want) || corpus.SameDesignation(h.Standard.Designation, want) || string(h.Standard.ID) == want) {
				out = append(out, againstChoice{h.Standard.ID, h.Standard.Designation})
			}
		}
	}
	return out
}

// sameDesignation compares designations without blanks, dashes and case.
func sameDesignation(a, b string) bool { return bare(a) == bare(b) }

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '-', '–', '—', '_':
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// facets makes the filters: what the answer has, and what was chosen although
// the answer does not have it any more.
func (s *Server) facets(counted map[string][]index.Count, q index.Query, a asker) []facet {
	var out []facet
	for _, field := range facetFields {
		picked := chosen(q, field)
		f := facet{Field: field}
		for _, v := range counted[field] {
			f.Values = append(f.Values, facetValue{v.Value, facetLabel(field, v.Value, a.words), v.Count, contains(picked, v.Value)})
		}
		for _, value := range picked {
			if !slices.ContainsFunc(f.Values, func(v facetValue) bool { return v.Value == value }) {
				f.Values = append(f.Values, facetValue{value, facetLabel(field, value, a.words), 0, true})
			}
		}
		if len(f.Values) > 0 || field == index.FacetQuantity && q.Least+q.Most != "" {
			out = append(out, f)
		}
	}
	return out
}

// facetLabel names a value of a filter.
func facetLabel(field, value string, w *words) string {
	switch field {
	case "jurisdiction":
		return w.place(corpus.Jurisdiction(value))
	case "language":
		return w.tongue(corpus.Language(value))
	}
	if key := field + "." + value; w.has(key) {
		return w.say(key)
	}
	return value
}

// hits reads the clauses that were found and marks what was found in them.
func (s *Server) hits(ctx context.Context, found []index.Hit, q index.Query, sh shelf, a asker) ([]hitRow, error) {
	if len(found) == 0 {
		return nil, nil
	}
	ids := make([]corpus.ClauseID, len(found))
	by := map[corpus.ClauseID][]string{}
	for i, h := range found {
		ids[i], by[h.Clause] = h.Clause, h.By
	}
	clauses, err := s.store.Clauses(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read the clauses that were found: %w", err)
	}
	matches, err := s.store.Equivalents(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("find their matches: %w", err)
	}
	faced, err := s.facing(ctx, sh, found)
	if err != nil {
		return nil, err
	}
	var out []hitRow
	for _, c := range clauses {
		std := sh[c.Standard].Standard
		r := s.reading(c, std)
		row := hitRow{Standard: std, Obligation: strongest(r), By: by[c.ID], Chips: inOrder(sh.chips(matches[c.ID], c.ID, a.person, false))}
		if c.Kind.Normative() {
			row.Untouched = untouched(faced[c.Standard], matches[c.ID], sh)
		}
		spans := s.search.Highlight(q, c)
		row.Wording = wording(c, std, hitLayers(r, spans))
		row.Snippets = [][]Piece{row.Text}
		if row.Cut == "" {
			row.Values = metTexts(s.search.Met(q, r), a.words) // figures go out with the text alone
			row.Snippets = snippets(c, spans, hitLayers(r, spans))
		}
		out = append(out, row)
	}
	return out, nil
}

// hitLayers marks what was found, and keeps numbers whole.
func hitLayers(r lexicon.Reading, found []lexicon.Span) []layer {
	var out []layer
	for _, q := range r.Quantities {
		out = append(out, layer{span: q.Span, keep: true})
	}
	for _, f := range found {
		out = append(out, layer{span: f, class: "hit"})
	}
	return out
}

// Sizes of snippets, in characters.
const (
	wholeRunes   = 320 // a text up to here is shown whole
	aroundRunes  = 70  // shown on either side of what was found
	mostSnippets = 3
)

// snippets are the parts of a clause's text around what was found; a short text
// is one snippet. They are for texts that may be shown whole.
func snippets(c corpus.Clause, found []lexicon.Span, layers []layer) [][]Piece {
	from, text := c.TextOffset(), c.Wording()
	if from >= len(text) {
		return nil
	}
	if utf8.RuneCountInString(text[from:]) <= wholeRunes {
		return [][]Piece{pieces(text[from:], shifted(layers, from, len(text)))}
	}
	var out [][]Piece
	for _, w := range windows(text, from, found) {
		body := pieces(text[w.Start:w.End], shifted(layers, w.Start, w.End))
		if w.Start > from {
			body = append([]Piece{{Text: "… "}}, body...)
		}
		if w.End < len(text) {
			body = append(body, Piece{Text: " …"})
		}
		out = append(out, body)
	}
	return out
}

// windows are up to mostSnippets stretches around spans, merged where they
// touch; without spans the beginning of the text.
func windows(text string, from int, found []lexicon.Span) []lexicon.Span {
	var out []lexicon.Span
	for _, f := range found {
		if f.End <= from || f.Start >= len(text) || f.Start >= f.End {
			continue
		}
		w := lexicon.Span{Start: stepBack(text, from, max(f.Start, from)), End: stepOn(text, min(f.End, len(text)))}
		if n := len(out); n > 0 && w.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, w.End)
			continue
		}
		if len(out) == mostSnippets {
			break
		}
		out = append(out, w)
	}
	if len(out) == 0 {
		end := from
		for range wholeRunes {
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
		}
		out = append(out, lexicon.Span{Start: from, End: end})
	}
	return out
}

func stepBack(text string, from, at int) int {
	at = runeStart(text, at)
	for range aroundRunes {
		if at <= from {
			return from
		}
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

func stepOn(text string, at int) int {
	at = runeStart(text, at)
	for range aroundRunes {
		if at >= len(text) {
			return len(text)
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// dashboardPage is where people start.
type dashboardPage struct {
	Shell
	Tasks    []taskCount
	Filter   coverageForm
	Matrix   matrix
	Dossiers []dossierRow
	Recent   []decisionRow
	Stock    stock
	Waiting  int // of all tasks
	Again    int // suspect ones among them
	Agree    *agreementRow
	Week     review.Week
	Triage   paceView // of active time, this week
	Binding  paceView
	Pace     string                // the median of the week, "" while it says little
	Going    []runRow              // runs that are under way
	Controls *review.ControlResult // the person's own
	Files    []fileLink            // of the coverage
	Digest   *newsDigest           // nil when nothing is to be told
}

// taskCount is a queue with its length.
type taskCount struct {
	Task  review.Task
	Speed review.Speed // of first opinions, where the person has some of each
	Count int
}

// Word is what the messages call the queue.
func (t taskCount) Word() string { return queueWord(t.Task, t.Speed) }

// Address is the queue as parameters of an address.
func (t taskCount) Address() template.URL {
	return template.URL(queue{task: t.Task, speed: t.Speed}.values().Encode())
}

// stock is what is kept, for a dashboard that has nothing else to say yet.
type stock struct{ Standards, Clauses, Places int }

// dashboard shows what waits, how far everything is, and what was done last.
func (s *Server) dashboard(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	p := dashboardPage{}
	sh, all, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	p.Stock = count(all)
	p.Filter = coverageFormOf(c, "/", all)
	covered, err := s.store.CoverageOf(ctx, "jurisdiction", p.Filter.CoverageFilter)
	if err != nil {
		return fmt.Errorf("count the coverage: %w", err)
	}
	p.Matrix = newMatrix(covered, p.Filter.Details())
	p.Files = fileLinks("/coverage", p.Filter.values())
	if err := s.ownWork(ctx, &p, sh, a); err != nil {
		return err
	}
	p.Shell = s.shell(c, a, a.words.say("dashboard.title"))
	return s.show(c, a, http.StatusOK, "dashboard", &p)
}

// count sums up what is kept.
func count(all []corpus.Holding) stock {
	places := map[corpus.Jurisdiction]bool{}
	out := stock{Standards: len(all)}
	for _, h := range all {
		out.Clauses += h.Clauses
		places[h.Standard.Jurisdiction] = true
	}
	out.Places = len(places)
	return out
}

// ownWork fills in what concerns the person: queues, dossiers, last decisions.
func (s *Server) ownWork(ctx context.Context, p *dashboardPage, sh shelf, a asker) error {
	var err error
	if a.person.May(review.ActionReview) {
		if p.Tasks, p.Waiting, p.Again, err = s.tasks(ctx, a); err != nil {
			return err
		}
		if p.Recent, err = s.myDecisions(ctx, sh, a, 6); err != nil {
			return err
		}
	}
	if p.Agree, err = s.ownAgreement(ctx, a); err != nil {
		return err
	}
	if err = s.week(ctx, p, a); err != nil {
		return err
	}
	if p.Controls, err = s.ownControls(ctx, a); err != nil {
		return err
	}
	if p.Going, err = s.going(ctx, a); err != nil {
		return err
	}
	if p.Digest, err = s.digest(ctx, a); err != nil {
		return err
	}
	p.Dossiers, err = s.dossierRows(ctx, a, 8)
	return err
}

// tasks are the person's queues in the order of review.Tasks, empty ones too. First
// opinions are two queues where some of them settle a match alone and others bind.
func (s *Server) tasks(ctx context.Context, a asker) (out []taskCount, waiting, again int, err error) {
	counted, err := s.store.TaskCounts(ctx, a.person)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("count what waits: %w", err)
	}
	for _, task := range review.Tasks {
		if task == review.TaskAdjudicate && !a.person.May(review.ActionAdjudicate) {
			continue
		}
		out = append(out, taskCount{Task: task, Count: counted[task]})
		waiting += counted[task]
	}
	triage, err := s.store.TriageCount(ctx, a.person)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("count what waits: %w", err)
	}
	if first := slices.IndexFunc(out, func(t taskCount) bool { return t.Task == review.TaskFirst }); first >= 0 && triage > 0 && triage < out[first].Count {
		out[first].Speed = review.SpeedBinding
		out[first].Count -= triage
		out = append(out, taskCount{review.TaskFirst, review.SpeedTriage, triage})
	}
	return out, waiting, counted[review.TaskAgain], nil
}
