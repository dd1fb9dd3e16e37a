package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/review"
)

// queue is a list of matches that a person works through, as it stands in the
// address of every page of it.
type queue struct {
	task    review.Task
	speed   review.Speed // of first opinions
	dossier uuid.UUID
	order   review.Order
	at      string    // cursor of the page of the list we are in
	since   time.Time // when a short session began, zero for none
}

// orders are the orders a queue may have; the first is the default.
var orders = []review.Order{review.OrderChapter, review.OrderConfidence, review.OrderUncertain, review.OrderEffect}

// queueSize is how many matches of a queue are read at once.
const queueSize = 50

// readQueue reads a queue from an address or a form; ok tells whether there is
// one at all.
func readQueue(v url.Values) (q queue, ok bool) {
	q = queue{task: review.Task(v.Get("task")), order: review.Order(v.Get("order")), at: clip(v.Get("at"), 500)}
	if !slices.Contains(orders, q.order) {
		q.order = orders[0]
	}
	q.speed = speedOf(q.task, v)
	q.dossier, _ = uuid.Parse(v.Get("dossier"))           // anything else means all dossiers
	q.since, _ = time.Parse(time.RFC3339, v.Get("since")) // anything else is no short session
	return q, slices.Contains(review.Tasks, q.task)
}

// speedOf is the speed that an address names for first opinions; other tasks, and what
// makes no sense, are of any speed.
func speedOf(task review.Task, v url.Values) review.Speed {
	at := review.Speed(v.Get("speed"))
	if task != review.TaskFirst || !slices.Contains(review.Speeds, at) {
		return review.SpeedAny
	}
	return at
}

// queueWord is what the messages call a queue: by its speed where it has one.
func queueWord(task review.Task, at review.Speed) string {
	if at != review.SpeedAny {
		return string(at)
	}
	return string(task)
}

// values are the queue as parameters of an address.
func (q queue) values() url.Values {
	v := url.Values{}
	if q.task == "" {
		return v
	}
	v.Set("task", string(q.task))
	if q.speed != review.SpeedAny {
		v.Set("speed", string(q.speed))
	}
	if q.dossier != uuid.Nil {
		v.Set("dossier", q.dossier.String())
	}
	if q.order != orders[0] && q.order != "" {
		v.Set("order", string(q.order))
	}
	if q.at != "" {
		v.Set("at", q.at)
	}
	if !q.since.IsZero() {
		v.Set("since", q.since.UTC().Format(time.RFC3339))
	}
	return v
}

// shortSession is how many answers a short session has (UX.md 4).
const shortSession = 20

// shortDone counts what a person has answered since their short session began.
func (s *Server) shortDone(ctx context.Context, q queue, a asker) (int, error) {
	list, err := s.store.DecisionsBy(ctx, a.person.ID, 4*shortSession)
	if err != nil {
		return 0, fmt.Errorf("count what you answered: %w", err)
	}
	n := 0
	for _, d := range list {
		if d.Kind != review.KindWithdrawal && !d.At.Before(q.since) {
			n++
		}
	}
	return n, nil
}

// match is the address of a match inside the queue.
func (q queue) match(id uuid.UUID) string {
	return withQuery("/matches/"+id.String(), q.values())
}

func withQuery(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// position is where a match stands in a queue.
type position struct {
	Left       int  // matches in the queue
	Place      int  // of the match in the whole queue, 0 when it is not in it any more
	Whole      int  // what is done of the queue, and what is left
	Done       int  // review.Page.Done
	Measured   bool // Done is counted for this task
	Prev, Next string
	NextPlace  int  // of Next, 0 where it is not known
	Held       bool // somebody else has it too
	Short      int  // which item of a short session it is, 0 outside of one
	ShortOf    int
}

// Percent is how much of the queue is done; it is not 100 before all is.
func (p position) Percent() int { return 100 * p.Done / max(1, p.Whole) }

// PrevPlace is the place of Prev.
func (p position) PrevPlace() int { return p.Place - 1 }

// find reads the page of the queue a match is on. A match that is not in it any
// more, because it was answered, is followed by the first. What somebody else has
// open is passed over.
func (s *Server) find(ctx context.Context, q queue, id uuid.UUID, a asker) (position, error) {
	f := q.filter(a)
	f.Placed = true
	page, err := s.queueOf(ctx, f)
	if err != nil {
		return position{}, err
	}
	at := slices.IndexFunc(page.Matches, func(m review.Match) bool { return m.ID == id })
	pos := position{Left: page.Total, Whole: page.Done + page.Total, Done: page.Done, Measured: measured(q.task)}
	first := page.Done + page.Before + 1 // the place of the first of the page
	if at >= 0 {
		pos.Place = first + at
	}
	switch {
	case at > 0:
		pos.Prev = q.match(page.Matches[at-1].ID)
	case page.Last != uuid.Nil: // the last of the page before
		back := q
		back.at = page.Back
		pos.Prev = back.match(page.Last)
	}
	_, pos.Held = s.leases.others(id, a.person.ID)
	s.leases.take(a.person.ID, id)
	var ids []uuid.UUID
	for _, m := range page.Matches[at+1:] {
		if m.ID != id {
			ids = append(ids, m.ID)
		}
	}
	// The next is leased too, for pages without a script lead to it.
	free := s.leases.claim(a.person.ID, ids, 1)
	switch {
	case len(free) > 0:
		next := ids[free[0]]
		pos.Next = q.match(next)
		pos.NextPlace = first + slices.IndexFunc(page.Matches, func(m review.Match) bool { return m.ID == next })
	case page.Next != "":
		further := q
		further.at = page.Next
		pos.Next = withQuery("/review/next", further.values())
	}
	if q.since.IsZero() {
		return pos, nil
	}
	done, err := s.shortDone(ctx, q, a)
	if pos.Short, pos.ShortOf = min(done+1, shortSession), shortSession; done+1 >= shortSession {
		pos.Next = shortEnd
	}
	return pos, err
}

// queueBar is how much of the queue of a form is done now: the page that is shown was
// made ready before.
func (s *Server) queueBar(c echo.Context, a asker, form url.Values) (position, error) {
	q, in := readQueue(form)
	pos := position{Measured: in && measured(q.task)}
	if !pos.Measured {
		return pos, nil
	}
	f := q.filter(a)
	f.Cursor, f.Limit, f.Placed = "", 1, true
	page, err := s.queueOf(c.Request().Context(), f)
	pos.Done, pos.Whole = page.Done, page.Done+page.Total
	return pos, err
}

// measured tells whether it is counted what is done of a task.
func measured(task review.Task) bool { return task == review.TaskFirst || task == review.TaskSecond }

// queued reads one page of a queue, without some of its matches.
func (s *Server) queued(ctx context.Context, q queue, a asker, without ...uuid.UUID) (review.Page, error) {
	f := q.filter(a)
	f.Without = without
	return s.queueOf(ctx, f)
}

// filter selects the page of a person's queue that its address names.
func (q queue) filter(a asker) review.Filter {
	return review.Filter{Dossier: q.dossier, Task: q.task, Speed: q.speed, Of: &a.person, Order: q.order, Cursor: q.at, Limit: queueSize}
}

// queueOf reads the ids of one page of a queue.
func (s *Server) queueOf(ctx context.Context, f review.Filter) (review.Page, error) {
	f.Bare = true
	page, err := s.store.Matches(ctx, f)
	if err != nil {
		return page, fmt.Errorf("read the queue: %w", err)
	}
	return page, nil
}

// queuesPage lists what waits for the person.
type queuesPage struct {
	Shell
	Tasks    []taskCount
	Dossiers []dossierRow
	Dossier  string // chosen, "" for all
	Orders   []review.Order
	Order    review.Order
	Done     bool // a queue has just been emptied
	Short    bool // a short session has just ended
	Waiting  int
	Recent   []decisionRow
	Skipped  int
}

// queues shows the person's queues.
func (s *Server) queues(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	s.leases.leave(a.person.ID) // who chooses a queue is in none
	q, _ := readQueue(c.QueryParams())
	if !c.QueryParams().Has("order") {
		q.order = a.order
	}
	p := queuesPage{Orders: orders, Order: q.order, Done: c.QueryParam("done") != "", Short: c.QueryParam("done") == "short"}
	if q.dossier != uuid.Nil {
		p.Dossier = q.dossier.String()
	}
	var err error
	if p.Tasks, p.Waiting, _, err = s.tasks(ctx, a); err != nil {
		return err
	}
	if p.Dossiers, err = s.dossierRows(ctx, a, 50); err != nil {
		return err
	}
	p.Dossiers = slices.DeleteFunc(p.Dossiers, func(d dossierRow) bool { return d.Closed })
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	if p.Recent, err = s.myDecisions(ctx, sh, a, 10); err != nil {
		return err
	}
	skips, err := s.store.Skips(ctx, a.person.ID, s.now(), skippedShown)
	if err != nil {
		return err
	}
	p.Skipped = len(skips)
	p.Shell = s.shell(c, a, a.words.say("review.title"))
	return s.show(c, a, http.StatusOK, "queues", &p)
}

// shortEnd is where a short session ends.
const shortEnd = "/review?done=short"

// next goes to the first match of a queue that nobody else has, or back to the
// queues when it is empty. With n it tells a script what comes next.
func (s *Server) next(c echo.Context, a asker) error {
	q, ok := readQueue(c.QueryParams())
	if !ok {
		return c.Redirect(http.StatusSeeOther, "/review")
	}
	if c.QueryParam("short") != "" {
		q.since = s.now()
	}
	left := shortSession
	if !q.since.IsZero() {
		done, err := s.shortDone(c.Request().Context(), q, a)
		if err != nil {
			return err
		}
		left -= done
	}
	if c.QueryParam("n") != "" {
		return s.preload(c, q, a, left-1)
	}
	if left <= 0 {
		return c.Redirect(http.StatusSeeOther, shortEnd)
	}
	behind, _ := uuid.Parse(c.QueryParam("behind")) // anything else means from the beginning
	offers, err := s.ahead(c.Request().Context(), q, a, behind, nil, 1)
	if err != nil {
		return err
	}
	if len(offers) == 0 {
		return c.Redirect(http.StatusSeeOther, "/review?done=1")
	}
	return c.Redirect(http.StatusSeeOther, offers[0].queue.match(offers[0].match))
}

// decisionsPage lists one's own decisions.
type decisionsPage struct {
	Shell
	List    listing
	Rows    []decisionRow
	Skipped []skippedRow
}

// decisions shows the person's own decisions, latest first.
func (s *Server) decisions(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	l, rows, err := s.decisionList(c, sh, a)
	if err != nil {
		return err
	}
	p := decisionsPage{Rows: pageOf(s, &l, rows)}
	p.List = l
	if p.Skipped, err = s.mySkips(ctx, sh, a); err != nil {
		return err
	}
	p.Shell = s.shell(c, a, a.words.say("decisions.title"))
	return s.show(c, a, http.StatusOK, "decisions", &p)
}

// myDecisions are a person's last decisions, each with the clauses it was made
// on. Undo is offered where this list knows of no reason against it; the rule
// has the last word.
func (s *Server) myDecisions(ctx context.Context, sh shelf, a asker, most int) ([]decisionRow, error) {
	list, err := s.store.DecisionsBy(ctx, a.person.ID, most)
	if err != nil {
		return nil, fmt.Errorf("list your decisions: %w", err)
	}
	undone, later := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	var out []decisionRow
	for _, d := range list {
		row := decisionRow{Decision: d, Name: a.person.Name, Own: true, Undone: undone[d.ID], Refs: sh.seenRefs(d)}
		if d.Kind == review.KindWithdrawal {
			undone[d.Withdraws] = true
		}
		row.Undo = !later[d.Match] && d.Kind != review.KindWithdrawal
		later[d.Match] = true
		out = append(out, row)
	}
	return out, nil
}
