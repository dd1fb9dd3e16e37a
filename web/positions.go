package web

import (
	"cmp"
	"context"
	"errors"
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

// mayHold is the policy of positions; which party's they are is held by
// review.PositionsShown, where the records are read.
var mayHold = may(review.ActionPosition)

// positionsPage lists the positions of one's own party on a dossier.
type positionsPage struct {
	Shell
	Dossier review.Dossier
	List    listing
	Rows    []positionRow
	Whole   bool // one about the whole is among them
}

// positionRow is one position with the clauses it is about.
type positionRow struct {
	review.Position
	A, B []Ref
	Who  string
}

// Whole tells whether it is about the dossier.
func (r positionRow) Whole() bool { return r.Match == uuid.Nil }

// Address is where it is written.
func (r positionRow) Address() string {
	v := url.Values{}
	if !r.Whole() {
		v.Set("match", r.Match.String())
	}
	return positionAddress(r.Dossier, v)
}

// positionAddress is the page where a position is written.
func positionAddress(dossier uuid.UUID, v url.Values) string {
	return withQuery("/dossiers/"+dossier.String()+"/position", v)
}

// positionStatuses are the two states of a position, as filters and forms name them.
var positionStatuses = []string{"open", "settled"}

// Status is which of positionStatuses it has.
func (r positionRow) Status() string {
	if r.Settled {
		return positionStatuses[1]
	}
	return positionStatuses[0]
}

// positionList is the list of a party's positions in the state of the
// address; whole tells whether one of all is about the dossier.
func (s *Server) positionList(c echo.Context, d review.Dossier, a asker) (l listing, rows []positionRow, whole bool, err error) {
	all, err := s.positionRows(c.Request().Context(), d, a)
	if err != nil {
		return l, nil, false, err
	}
	weight := func(r *positionRow) int { return slices.Index(review.PositionPriorities, r.Priority) }
	list := listOf[*positionRow]{
		words: func(r *positionRow) string {
			return strings.Join([]string{refNames(r.A, " "), refNames(r.B, " "), r.Want, r.Fallback, r.RedLine}, " ")
		},
		filters: []listFilter[*positionRow]{
			{name: "status", key: "position.status", value: (*positionRow).Status, label: a.words.under("position.status."), all: positionStatuses},
			{name: "priority", key: "position.priority", value: func(r *positionRow) string { return string(r.Priority) }, label: a.words.under("position.priority."), all: asText(review.PositionPriorities)},
		},
		sorts: []listSort[*positionRow]{
			{"clause", "position.sort.clause", nil},
			{"priority", "position.sort.priority", func(x, y *positionRow) int { return cmp.Compare(weight(x), weight(y)) }},
			{"changed", "position.sort.changed", func(x, y *positionRow) int { return y.At.Compare(x.At) }},
		},
	}
	l, rows = listed(list, "/dossiers/"+d.ID.String()+"/positions", c.QueryParams(), all)
	return l, rows, slices.ContainsFunc(all, positionRow.Whole), nil
}

// held reads the dossier of the address for somebody who keeps positions on it.
func (s *Server) held(c echo.Context, a asker) (review.Dossier, error) {
	d, err := s.pathDossier(c)
	if err != nil {
		return d, err
	}
	return d, review.MayHold(d, a.person)
}

// positionRows lists what the asker may see of a dossier's positions.
func (s *Server) positionRows(ctx context.Context, d review.Dossier, a asker) ([]positionRow, error) {
	list, err := s.store.Positions(ctx, d.ID, a.person)
	if err != nil {
		return nil, fmt.Errorf("list the positions: %w", err)
	}
	return s.positionsNamed(ctx, list)
}

// positionsNamed adds the names of clauses and people.
func (s *Server) positionsNamed(ctx context.Context, list []review.Position) ([]positionRow, error) {
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	n, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	var out []positionRow
	for _, x := range list {
		out = append(out, positionRow{x, sh.refs(x.Sources), sh.refs(x.Targets), n.of(x.Person)})
	}
	return out, nil
}

// positions shows the list.
func (s *Server) positions(c echo.Context, a asker) error {
	d, err := s.held(c, a)
	if err != nil {
		return err
	}
	l, rows, whole, err := s.positionList(c, d, a)
	if err != nil {
		return err
	}
	p := &positionsPage{Dossier: d, Whole: whole}
	p.Rows = pageOf(s, &l, rows)
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("position.title")+" – "+d.Name)
	return s.show(c, a, http.StatusOK, "positions", p)
}

// positionColumns are the columns of the file.
var positionColumns = []listColumn{
	{"position.a", 34}, {"position.b", 34}, {"position.want", 50}, {"position.fallback", 50}, {"position.red-line", 50}, {"position.priority", 14},
	{"position.status", 14}, {"audit.version", 8}, {"position.changed", 18}, {"audit.who", 24},
}

// positionsExport sends the list, with its filter, to its own party.
func (s *Server) positionsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	d, err := s.held(c, a)
	if err != nil {
		return err
	}
	_, rows, _, err := s.positionList(c, d, a)
	if err != nil {
		return err
	}
	out := listFile{name: "positions-" + string(a.person.Party), title: a.words.say("position.title"), columns: positionColumns}
	for _, r := range rows {
		about := refNames(r.A, " + ")
		if r.Whole() {
			about = a.words.say("position.whole")
		}
		out.rows = append(out.rows, []string{about, refNames(r.B, " + "), r.Want, r.Fallback, r.RedLine, a.words.say("position.priority." + string(r.Priority)),
			a.words.say("position.status." + r.Status()), itoa(r.Version), moment(r.At), r.Who})
	}
	return s.sendList(c, a, out)
}

// positionPage is the form of one position, with its earlier versions.
type positionPage struct {
	Shell
	Dossier    review.Dossier
	Priorities []review.PositionPriority
	Statuses   []string
	About      positionRow   // what it is about, without words
	Form       positionRow   // what is in the fields; its version is the one it replaces
	Now        *positionRow  // what is kept, where somebody was faster
	Earlier    []positionRow // the latest first, without the present one
	Problem    said
	Done       bool
	MaxText    int
}

// position shows the form.
func (s *Server) position(c echo.Context, a asker) error {
	match, _ := uuid.Parse(c.QueryParam("match")) // none is the dossier; a wrong one is found missing
	if asked := c.QueryParam("match"); asked != "" && match == uuid.Nil {
		return fmt.Errorf("no match has the id %q: %w", clip(asked, 60), corpus.ErrNotFound)
	}
	return s.showPosition(c, a, http.StatusOK, match, &positionPage{Done: c.QueryParam("done") != ""}, nil)
}

// showPosition gathers and shows the form; typed is what a person wrote, or nil for
// what is kept.
func (s *Server) showPosition(c echo.Context, a asker, status int, match uuid.UUID, p *positionPage, typed *review.Position) error {
	ctx := c.Request().Context()
	var err error
	if p.Dossier, err = s.held(c, a); err != nil {
		return err
	}
	list, err := s.store.PositionVersions(ctx, p.Dossier.ID, match, a.person)
	if err != nil {
		return fmt.Errorf("read the position: %w", err)
	}
	versions, err := s.positionsNamed(ctx, list)
	if err != nil {
		return err
	}
	if err := s.positionAbout(ctx, p, match, len(versions) > 0); err != nil {
		return err
	}
	p.Form.Priority = review.PriorityNormal
	if len(versions) > 0 {
		p.Form, p.Earlier = versions[0], versions[1:]
	}
	if typed != nil {
		if typed.Version != p.Form.Version {
			now := p.Form
			p.Now = &now
		}
		kept := p.Form.Version
		p.Form = positionRow{Position: *typed}
		p.Form.Version = kept // who saves again has seen what is kept now
	}
	p.Priorities, p.Statuses, p.MaxText = review.PositionPriorities, positionStatuses, review.MaxNoteRunes
	p.Shell = s.shell(c, a, a.words.say("position.title")+" – "+p.Dossier.Name)
	return s.show(c, a, status, "position", p)
}

// positionAbout sets what the position is about. A match that is there no more can
// still be looked at where something was written of it.
func (s *Server) positionAbout(ctx context.Context, p *positionPage, match uuid.UUID, written bool) error {
	p.About.Dossier, p.About.Match = p.Dossier.ID, match
	if match == uuid.Nil {
		return nil
	}
	m, _, err := s.store.Match(ctx, match)
	switch {
	case isNotFound(err) && written:
		return nil
	case err != nil:
		return fmt.Errorf("find the match: %w", err)
	case m.Dossier != p.Dossier.ID:
		return fmt.Errorf("match %s is of another dossier: %w", match, corpus.ErrNotFound)
	}
	sh, _, err := s.shelf(ctx)
	p.About.A, p.About.B = sh.refs(m.Sources), sh.refs(m.Targets)
	return err
}

// savePosition keeps what a form says, or gives it back with what is wrong.
func (s *Server) savePosition(c echo.Context, a asker) error {
	d, err := s.held(c, a)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	ask := review.Position{Dossier: d.ID, Want: form.Get("want"), Fallback: form.Get("fallback"), RedLine: form.Get("red_line"),
		Priority: review.PositionPriority(form.Get("priority")), Settled: form.Get("status") == positionStatuses[1]}
	ask.Version, _ = strconv.Atoi(form.Get("version")) // anything else replaces nothing
	if ask.Match, err = matchField(c); err != nil {
		return err
	}
	_, err = s.store.SavePosition(c.Request().Context(), ask, a.person)
	if _, refused := corpus.RefusalOf(err); refused && !errors.Is(err, corpus.ErrForbidden) {
		status := http.StatusUnprocessableEntity
		if errors.Is(err, corpus.ErrConflict) {
			status = http.StatusConflict
		}
		return s.showPosition(c, a, status, ask.Match, &positionPage{Problem: a.words.refusal(err)}, &ask)
	}
	if err != nil {
		return fmt.Errorf("keep the position: %w", err)
	}
	back := url.Values{"done": {"1"}}
	if ask.Match != uuid.Nil {
		back.Set("match", ask.Match.String())
	}
	return c.Redirect(http.StatusSeeOther, positionAddress(d.ID, back))
}

// positionOn is one's own party's position on a match, empty where there is none,
// for the workbench; nil for who keeps no positions on the dossier.
func (s *Server) positionOn(ctx context.Context, m review.Match, d review.Dossier, a asker) (*positionRow, error) {
	if review.MayHold(d, a.person) != nil {
		return nil, nil
	}
	list, err := s.store.PositionVersions(ctx, d.ID, m.ID, a.person)
	if err != nil {
		return nil, fmt.Errorf("read the position: %w", err)
	}
	empty := review.Position{Dossier: d.ID, Match: m.ID}
	if len(list) == 0 || list[0].Empty() {
		return &positionRow{Position: empty}, nil
	}
	return &positionRow{Position: list[0]}, nil
}
