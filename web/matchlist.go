package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// matchOrders are the orders of a list of matches; the first is the default.
var matchOrders = []review.Order{review.OrderChapter, review.OrderConfidence, review.OrderUncertain, review.OrderEffect, review.OrderRecent}

// matchesPerPage is how many matches a page of a list has.
const matchesPerPage = 50

// matchQuery is the state of a list of matches as its address has it. The records
// sort and page it, so that it may be of any length.
type matchQuery struct {
	path    string
	dossier uuid.UUID // of the path, uuid.Nil for all
	task    review.Task
	speed   review.Speed // of first opinions
	state   review.State
	suspect bool
	from    corpus.StandardID
	to      corpus.StandardID
	verdict review.Verdict
	order   review.Order
	at      string // cursor of the page
}

// readMatchQuery reads an address; what makes no sense is left out.
func readMatchQuery(path string, v url.Values) matchQuery {
	q := matchQuery{path: path, state: review.State(v.Get("state")), suspect: v.Get("suspect") != "", from: corpus.StandardID(clip(v.Get("from"), 200)), to: corpus.StandardID(clip(v.Get("to"), 200)),
		verdict: review.Verdict(v.Get("verdict")), order: review.Order(v.Get("sort")), at: clip(v.Get("at"), 500)}
	if !slices.Contains(review.States, q.state) {
		q.state = ""
	}
	if !slices.Contains(review.Verdicts, q.verdict) {
		q.verdict = ""
	}
	if !slices.Contains(matchOrders, q.order) {
		q.order = matchOrders[0]
	}
	return q
}

// values are the state without the page.
func (q matchQuery) values() url.Values {
	suspect, order := "", string(q.order)
	dossier := "" // of a queue alone: else the path names it
	if q.task != review.TaskNone && q.dossier != uuid.Nil {
		dossier = q.dossier.String()
	}
	if q.suspect {
		suspect = "1"
	}
	if q.order == matchOrders[0] {
		order = ""
	}
	return filterOf(map[string]string{"task": string(q.task), "speed": string(q.speed), "dossier": dossier, "state": string(q.state), "suspect": suspect, "from": string(q.from), "to": string(q.to), "verdict": string(q.verdict), "sort": order})
}

// filter is what the records are asked for.
func (q matchQuery) filter(a asker) review.Filter {
	f := review.Filter{Dossier: q.dossier, Standard: q.from, Against: q.to, Verdict: q.verdict, Order: q.order, Cursor: q.at}
	if q.state != "" {
		f.States = []review.State{q.state}
	}
	if q.suspect {
		yes := true
		f.Suspect = &yes
	}
	if q.task != review.TaskNone {
		f.Task, f.Speed, f.Of = q.task, q.speed, &a.person
	}
	return f
}

// stateLink is a state that a list of matches can be narrowed to.
type stateLink struct {
	State   review.State // "" for all, or for the suspect ones
	Suspect bool
	URL     string
	Here    bool
}

// stateLinks are the states with the rest of the list as it is.
func (q matchQuery) stateLinks() []stateLink {
	link := func(state review.State, suspect bool) stateLink {
		other := q
		other.state, other.suspect = state, suspect
		return stateLink{state, suspect, withQuery(q.path, other.values()), state == q.state && suspect == q.suspect}
	}
	out := []stateLink{link("", false)}
	for _, state := range review.States {
		out = append(out, link(state, false))
	}
	return append(out, link("", true))
}

// listing is the form and the pages of the list; from and to are the standards of
// its sides.
func (q matchQuery) listing(w *words, sh shelf, from, to []corpus.StandardID) listing {
	l := listing{Path: q.path, Sort: string(q.order), Files: fileLinks(q.path, q.values()), values: q.values()}
	name := func(id string) string { return sh.name(corpus.StandardID(id)) }
	l.Filters = []listChoice{
		choiceOf("from", "list.side-a", string(q.from), asText(from), name, true),
		choiceOf("to", "list.side-b", string(q.to), asText(to), name, true),
		choiceOf("verdict", "dossier.relation", string(q.verdict), asText(review.Verdicts), w.under("verdict."), false),
	}
	for _, order := range matchOrders {
		l.Sorts = append(l.Sorts, listOption{string(order), "order." + string(order)})
	}
	for name, value := range map[string]string{"state": string(q.state), "task": string(q.task), "speed": string(q.speed), "dossier": q.values().Get("dossier")} {
		if value != "" {
			l.Keep = append(l.Keep, listOption{name, value})
		}
	}
	if q.suspect {
		l.Keep = append(l.Keep, listOption{"suspect", "1"})
	}
	corpus.SortRows(l.Keep, func(x, y listOption) int { return strings.Compare(x.Value, y.Value) })
	if q.at != "" {
		l.Start = withQuery(q.path, q.values())
	}
	return l
}

// matchPage reads one page of a list of matches into its listing.
func (s *Server) matchPage(ctx context.Context, q matchQuery, l *listing, sh shelf, a asker) ([]matchRow, error) {
	f := q.filter(a)
	f.Limit = s.aPage(matchesPerPage)
	page, err := s.store.Matches(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list the matches: %w", err)
	}
	l.Total, l.All = page.Total, page.Total
	if page.Next != "" {
		v := q.values()
		v.Set("at", page.Next)
		l.Next = withQuery(q.path, v)
	}
	return s.matchRows(ctx, page.Matches, sh, a)
}

// matchRows are matches as a person may see them.
func (s *Server) matchRows(ctx context.Context, list []review.Match, sh shelf, a asker) ([]matchRow, error) {
	all, err := s.store.Dossiers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the dossiers: %w", err)
	}
	dossiers := map[uuid.UUID]review.Dossier{}
	for _, d := range all {
		dossiers[d.ID] = d
	}
	var rows []matchRow
	for _, m := range list {
		rows = append(rows, newMatchRow(m, dossiers[m.Dossier], sh, a))
	}
	return rows, nil
}

// matchColumns are the columns of a list of matches as a file.
var matchColumns = []listColumn{
	{"list.side-a", 34}, {"list.side-b", 34}, {"dossier.state", 20}, {"state.suspect", 12}, {"dossier.relation", 24}, {"list.forth", 18}, {"list.back", 18}, {"list.address", 60},
}

// sendMatches sends all matches of a list as a file, each as its page shows it.
func (s *Server) sendMatches(c echo.Context, q matchQuery, a asker, name, title string) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	ctx := c.Request().Context()
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	out := listFile{name: name, title: title, columns: matchColumns}
	f := q.filter(a)
	f.Cursor, f.Limit = "", review.MaxPage
	for {
		page, err := s.store.Matches(ctx, f)
		if err != nil {
			return fmt.Errorf("list the matches: %w", err)
		}
		if err := fits(page.Total); err != nil {
			return err
		}
		rows, err := s.matchRows(ctx, page.Matches, sh, a)
		if err != nil {
			return err
		}
		for _, r := range rows {
			out.rows = append(out.rows, s.matchCells(r, a.words))
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return s.sendList(c, a, out)
		}
	}
}

// matchCells are the cells of a match.
func (s *Server) matchCells(r matchRow, w *words) []string {
	to := refNames(r.To, " + ")
	if len(r.To) == 0 {
		to = r.Against + " " + w.say("chip.none")
	}
	suspect, relation, forth, back := "", "", "", ""
	if r.Suspect {
		suspect = "⚠"
	}
	if r.Relation != "" {
		relation = w.say("relation." + string(r.Relation))
	}
	if r.Outcome != nil {
		forth, back = w.answer(r.Outcome.AToB.Answer), w.answer(r.Outcome.BToA.Answer)
	}
	return []string{refNames(r.From, " + "), to, w.say("state." + string(r.State)), suspect, relation, forth, back, s.base.String() + "/matches/" + r.ID.String()}
}

// answer is the answer of a recognition in words, "" for none.
func (w *words) answer(a corpus.Answer) string {
	if a == "" {
		return ""
	}
	return w.say("answer." + string(a))
}

// matchesExport sends the matches of a dossier that its page selects.
func (s *Server) matchesExport(c echo.Context, a asker) error {
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	q := readMatchQuery("", c.QueryParams())
	q.dossier = d.ID
	return s.sendMatches(c, q, a, "matches", d.Name)
}

// waitingPage is what waits for a person in one of their queues.
type waitingPage struct {
	Shell
	Word  string // of the queue, for the messages
	Tasks []stateTask
	List  listing
	Rows  []matchRow
}

// stateTask is a queue to choose.
type stateTask struct {
	Word string
	URL  string
	Here bool
}

// readWaiting reads the address of a queue as a list; the first queue where it names
// none.
func (s *Server) readWaiting(c echo.Context) (matchQuery, error) {
	q := readMatchQuery("/review/list", c.QueryParams())
	q.task = review.Task(c.QueryParam("task"))
	if !slices.Contains(review.Tasks, q.task) {
		q.task = review.Tasks[0]
	}
	q.speed = speedOf(q.task, c.QueryParams())
	q.dossier, _ = uuid.Parse(c.QueryParam("dossier")) // anything else means all dossiers
	return q, nil
}

// waitingList lists what waits in a queue, in the queue's orders.
func (s *Server) waitingList(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	q, err := s.readWaiting(c)
	if err != nil {
		return err
	}
	sh, all, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	var ids []corpus.StandardID
	for _, h := range all {
		ids = append(ids, h.Standard.ID)
	}
	p := &waitingPage{Word: queueWord(q.task, q.speed), List: q.listing(a.words, sh, ids, ids)}
	if p.Rows, err = s.matchPage(ctx, q, &p.List, sh, a); err != nil {
		return err
	}
	tasks, _, _, err := s.tasks(ctx, a)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		other := matchQuery{task: t.Task, speed: t.Speed, dossier: q.dossier, order: q.order}
		p.Tasks = append(p.Tasks, stateTask{t.Word(), withQuery(q.path, other.values()), t.Task == q.task && t.Speed == q.speed})
	}
	p.Shell = s.shell(c, a, a.words.say("task."+queueWord(q.task, q.speed))+" – "+a.words.say("review.title"))
	return s.show(c, a, http.StatusOK, "waiting", p)
}

// waitingExport sends what waits in a queue.
func (s *Server) waitingExport(c echo.Context, a asker) error {
	q, err := s.readWaiting(c)
	if err != nil {
		return err
	}
	return s.sendMatches(c, q, a, "waiting", a.words.say("task."+queueWord(q.task, q.speed)))
}
