package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// runCard is the part of a dossier's page that has it matched.
type runCard struct {
	review.Run
	Any     bool // there was a run
	Going   bool
	May     bool // the person may start and stop
	Sources []standardChoice
	Targets []standardChoice
}

// runCard says how matching a dossier stands, for those who may start it, and for
// everybody while it goes.
func (s *Server) runCard(ctx context.Context, d review.Dossier, sh shelf, a asker) (*runCard, error) {
	if s.runs == nil {
		return nil, nil
	}
	page, err := s.store.Runs(ctx, review.RunFilter{Dossier: d.ID, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("find the last run: %w", err)
	}
	card := &runCard{May: a.person.May(review.ActionManage) && !d.Closed}
	if err := s.freshen(ctx, page.Runs); err != nil {
		return nil, err
	}
	if len(page.Runs) > 0 {
		card.Run = page.Runs[0]
		card.Any, card.Going = true, !card.State.Ended()
	}
	if !card.May && !card.Going {
		return nil, nil
	}
	for i, side := range d.Sides {
		for _, id := range side.Standards {
			choice := standardChoice{Standard: sh.standard(id)}
			if i == 0 {
				card.Sources = append(card.Sources, choice)
			} else {
				card.Targets = append(card.Targets, choice)
			}
		}
	}
	return card, nil
}

// freshen gives runs the progress that the server knows of them.
func (s *Server) freshen(ctx context.Context, list []review.Run) error {
	going := func(r review.Run) bool { return !r.State.Ended() }
	if s.runs == nil || !slices.ContainsFunc(list, going) {
		return nil
	}
	live, err := s.runs.LiveRuns(ctx)
	if err != nil {
		return fmt.Errorf("list the runs that go: %w", err)
	}
	for i, r := range list {
		if !going(r) {
			continue
		}
		if at := slices.IndexFunc(live, func(l review.Run) bool { return l.ID == r.ID }); at >= 0 {
			list[i] = live[at]
		} else if list[i], err = s.store.Run(ctx, r.ID); err != nil { // it ended in between
			return err
		}
	}
	return nil
}

// errNoRuns says that this server does not match.
var errNoRuns = fmt.Errorf("this server does not match dossiers: %w", corpus.ErrNotFound)

// startRun has a dossier matched in the background.
func (s *Server) startRun(c echo.Context, a asker) error {
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	if s.runs == nil {
		return errNoRuns
	}
	what := review.RunRequest{Kind: review.RunKind(c.FormValue("kind")), Source: corpus.StandardID(c.FormValue("source")), Target: corpus.StandardID(c.FormValue("target")), Least: review.RunLeast}
	if what.Kind == "" {
		what.Kind = review.RunWhole
	}
	if _, err := s.runs.StartRun(c.Request().Context(), d.ID, what, a.person.ID.String()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+d.ID.String()+"#run")
}

// startParties has every open dossier of two parties matched; without one, it
// offers to make it.
func (s *Server) startParties(c echo.Context, a asker) error {
	if s.runs == nil {
		return errNoRuns
	}
	ctx := c.Request().Context()
	party := func(name string) review.Party {
		return review.Party(strings.ToUpper(clip(strings.TrimSpace(c.FormValue(name)), 40)))
	}
	from, to := party("from"), party("to")
	if from == "" || to == "" || from == to {
		return corpus.Refuse(corpus.ErrInvalid, "run-parties", "choose two different parties")
	}
	all, err := s.store.Dossiers(ctx)
	if err != nil {
		return fmt.Errorf("list the dossiers: %w", err)
	}
	between := review.Between(all, from, to)
	if len(between) == 0 {
		return c.Redirect(http.StatusSeeOther, "/dossiers/new?"+url.Values{"party1": {string(from)}, "party2": {string(to)}}.Encode())
	}
	for _, d := range between {
		what := review.RunRequest{Kind: review.RunParties, From: from, To: to, Least: review.RunLeast}
		if _, err := s.runs.StartRun(ctx, d.ID, what, a.person.ID.String()); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, "/runs")
}

// stopRun ends a run.
func (s *Server) stopRun(c echo.Context, a asker) error {
	return s.onRun(c, func(ctx context.Context, id uuid.UUID) error { return s.runs.StopRun(ctx, id, a.person.ID.String()) })
}

// resumeRun has a run go on.
func (s *Server) resumeRun(c echo.Context, a asker) error {
	return s.onRun(c, func(ctx context.Context, id uuid.UUID) error {
		_, err := s.runs.ResumeRun(ctx, id, a.person.ID.String())
		return err
	})
}

// onRun does something with the run of a path and shows it.
func (s *Server) onRun(c echo.Context, do func(context.Context, uuid.UUID) error) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if s.runs == nil {
		return errNoRuns
	}
	if err := do(c.Request().Context(), id); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/runs/"+id.String())
}

// runsPage is the list of runs.
type runsPage struct {
	Shell
	Rows          []runRow
	Total         int
	Query         runQuery
	States        []runStateLink
	Kinds         []review.RunKind
	Orders        []review.RunOrder
	Dossiers      []review.Dossier
	Parties       []review.Party
	Before, After string // addresses of other pages, "" for none
	Files         []fileLink
	May           bool
	Exports       []exportJob // of the person
}

// runRow is one run of the list, or on its own page.
type runRow struct {
	review.Run
	Who, Name string // of the person and the dossier
}

// runQuery is the state of the list, as it stands in the address.
type runQuery struct {
	State   review.RunState
	Kind    review.RunKind
	Order   review.RunOrder
	Dossier uuid.UUID
	From    int
}

// runStateLink is a filter.
type runStateLink struct {
	State review.RunState // "" for all
	URL   string
}

// runQueryOf reads the address; what makes no sense is left out.
func runQueryOf(v url.Values) runQuery {
	q := runQuery{State: review.RunState(v.Get("state")), Kind: review.RunKind(v.Get("kind")), Order: review.RunOrder(v.Get("order")), From: min(pageStart(v.Get("from")), 1_000_000)}
	if !slices.Contains(review.RunStates, q.State) {
		q.State = ""
	}
	if !slices.Contains(review.RunKinds, q.Kind) {
		q.Kind = ""
	}
	if !slices.Contains(review.RunOrders, q.Order) {
		q.Order = review.RunsNewest
	}
	if id, err := uuid.Parse(v.Get("dossier")); err == nil {
		q.Dossier = id
	}
	return q
}

// filter is what a page of the query selects.
func (q runQuery) filter() review.RunFilter {
	f := review.RunFilter{Kind: q.Kind, Dossier: q.Dossier, Order: q.Order, Offset: q.From}
	if q.State != "" {
		f.States = []review.RunState{q.State}
	}
	return f
}

// values are the query without its page, as an address has them.
func (q runQuery) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("state", string(q.State))
	set("kind", string(q.Kind))
	if q.Order != review.RunsNewest {
		set("order", string(q.Order))
	}
	if q.Dossier != uuid.Nil {
		set("dossier", q.Dossier.String())
	}
	return v
}

// url is the address of the query.
func (q runQuery) url() string {
	v := q.values()
	if q.From > 0 {
		v.Set("from", strconv.Itoa(q.From))
	}
	return withQuery("/runs", v)
}

// runsAPage is how many runs stand on a page.
const runsAPage = 50

// runList shows what was matched and what is being matched.
func (s *Server) runList(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	q, size := runQueryOf(c.QueryParams()), s.aPage(runsAPage)
	f := q.filter()
	f.Limit = size
	page, err := s.store.Runs(ctx, f)
	if err != nil {
		return fmt.Errorf("list the runs: %w", err)
	}
	p := runsPage{Query: q, Files: fileLinks("/runs", q.values()), Total: page.Total, Kinds: review.RunKinds, Orders: review.RunOrders, May: a.person.May(review.ActionManage) && s.runs != nil}
	if p.Dossiers, err = s.store.Dossiers(ctx); err != nil {
		return fmt.Errorf("list the dossiers: %w", err)
	}
	for _, d := range p.Dossiers {
		for _, party := range d.Parties() {
			if !slices.Contains(p.Parties, party) {
				p.Parties = append(p.Parties, party)
			}
		}
	}
	slices.Sort(p.Parties)
	if p.Rows, err = s.runRows(ctx, page.Runs, p.Dossiers); err != nil {
		return err
	}
	for _, st := range append([]review.RunState{""}, review.RunStates...) {
		other := q
		other.State, other.From = st, 0
		p.States = append(p.States, runStateLink{st, other.url()})
	}
	if other := q; q.From > 0 {
		other.From = max(0, q.From-size)
		p.Before = other.url()
	}
	if other := q; q.From+size < page.Total {
		other.From = q.From + size
		p.After = other.url()
	}
	if s.jobs != nil {
		p.Exports = s.jobs.of(a.person.ID.String())
	}
	p.Shell = s.shell(c, a, a.words.say("runs.title"))
	return s.show(c, a, http.StatusOK, "runs", &p)
}

// runColumns are the columns of the list's file.
var runColumns = []listColumn{
	{"audit.dossier", 30}, {"runs.kind", 24}, {"imports.state", 14}, {"standards.clauses", 16}, {"runs.added", 10}, {"runs.refreshed", 16},
	{"audit.at", 22}, {"audit.who", 24}, {"runs.model", 20},
}

// runsExport sends all runs that the filter of the list selects.
func (s *Server) runsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	ctx := c.Request().Context()
	f := runQueryOf(c.QueryParams()).filter()
	f.Offset, f.Limit = 0, runsAPage
	var list []review.Run
	for {
		page, err := s.store.Runs(ctx, f)
		if err != nil {
			return fmt.Errorf("list the runs: %w", err)
		}
		list = append(list, page.Runs...)
		if f.Offset += len(page.Runs); len(page.Runs) == 0 || f.Offset >= page.Total || len(list) > maxListRows {
			break
		}
	}
	dossiers, err := s.store.Dossiers(ctx)
	if err != nil {
		return fmt.Errorf("list the dossiers: %w", err)
	}
	rows, err := s.runRows(ctx, list, dossiers)
	if err != nil {
		return err
	}
	out := listFile{name: "runs", title: a.words.say("runs.title"), columns: runColumns}
	for _, r := range rows {
		out.rows = append(out.rows, []string{
			r.Name, a.words.say("runs.kind." + string(r.Kind)), a.words.say("runs.state." + string(r.State)), fmt.Sprintf("%d / %d", r.Done, r.Clauses),
			strconv.Itoa(r.Added), strconv.Itoa(r.Refreshed), moment(r.Created), r.Who, r.Model,
		})
	}
	return s.sendList(c, a, out)
}

// runRows names people and dossiers of runs.
func (s *Server) runRows(ctx context.Context, list []review.Run, dossiers []review.Dossier) ([]runRow, error) {
	who, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.freshen(ctx, list); err != nil {
		return nil, err
	}
	var rows []runRow
	for _, r := range list {
		row := runRow{Run: r, Who: who.actor(r.By)}
		for _, d := range dossiers {
			if d.ID == r.Dossier {
				row.Name = d.Name
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// runPage is the page of one run.
type runPage struct {
	Shell
	runRow
	Going, May       bool
	From, To         []corpus.Standard
	Finished, Length int // sources
}

// runDetail shows what a run did.
func (s *Server) runDetail(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	r, err := s.store.Run(ctx, id)
	if err != nil {
		return fmt.Errorf("find the run: %w", err)
	}
	d, err := s.store.Dossier(ctx, r.Dossier)
	if err != nil {
		return fmt.Errorf("find the run's dossier: %w", err)
	}
	rows, err := s.runRows(ctx, []review.Run{r}, []review.Dossier{d})
	if err != nil {
		return err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	p := runPage{runRow: rows[0], May: a.person.May(review.ActionManage) && !d.Closed && s.runs != nil}
	p.Going, p.Finished, p.Length = !p.State.Ended(), p.Step, len(r.Sources)
	if !a.person.May(review.ActionManage) {
		p.Problem = "" // in words of the program, for those who keep it
	}
	for _, id := range r.Sources {
		p.From = append(p.From, sh.standard(id))
	}
	for _, id := range r.Targets {
		p.To = append(p.To, sh.standard(id))
	}
	p.Shell = s.shell(c, a, a.words.say("runs.one"))
	return s.show(c, a, http.StatusOK, "run", &p)
}
