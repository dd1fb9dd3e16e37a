package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/review"
)

// newsRow is one thing that a person is told.
type newsRow struct {
	review.News
	Name string // of the dossier
	A, B []Ref  // of a match that is still there
	Href string
}

// About is what it is of in one line.
func (r newsRow) About() string {
	if len(r.A) == 0 {
		return r.Name
	}
	return r.pair() + " · " + r.Name
}

// pair is the match it is of, "" for none.
func (r newsRow) pair() string {
	if len(r.A) == 0 {
		return ""
	}
	return refNames(r.A, " ") + " ↔ " + refNames(r.B, " ")
}

// state is that of the filter.
func (r newsRow) state() string {
	if r.Seen.IsZero() {
		return newsNew
	}
	return newsSeen
}

// newsDigest is what a person has not seen, gathered by dossier as they chose.
type newsDigest struct {
	Often review.NewsOften
	Rows  []digestRow
	UpTo  int64 // number of the latest in it
}

// digestRow is what happened in a dossier.
type digestRow struct {
	Dossier uuid.UUID
	Name    string
	Kinds   []digestCount
}

// digestCount is how often a kind happened, with where the list of it is.
type digestCount struct {
	Kind  review.NewsKind
	Count int
	Href  string
}

// newsPage lists what a person is told.
type newsPage struct {
	Shell
	List   listing
	Rows   []newsRow
	Digest *newsDigest
	Choice review.NewsChoice
	Kinds  []review.NewsKind
	Oftens []review.NewsOften
	UpTo   int64  // number of the latest that is unseen, 0 for none
	Notice string // what was just done: "seen" or "choice"
}

// newsAddress is where one reads on.
func newsAddress(n review.News) string {
	switch {
	case n.Kind.OfMatch():
		return "/matches/" + n.Object.String()
	case n.Kind == review.NewsRun:
		return "/runs/" + n.Object.String()
	case n.Kind == review.NewsExport:
		return "/exports/" + n.Object.String()
	}
	return "/dossiers/" + n.Dossier.String()
}

// digest gathers what a person has not seen, nil when there is nothing to bring now.
func (s *Server) digest(ctx context.Context, a asker) (*newsDigest, error) {
	choice, err := s.store.NewsChoice(ctx, a.person.ID)
	if err != nil {
		return nil, err
	}
	all, err := s.store.News(ctx, a.person.ID, maxListRows)
	if err != nil {
		return nil, err
	}
	until := choice.Until(s.now())
	all = slices.DeleteFunc(all, func(n review.News) bool { return !toBring(n, until) })
	if len(all) == 0 {
		return nil, nil
	}
	rows, err := s.newsRows(ctx, all, nil)
	if err != nil {
		return nil, err
	}
	out := digestOf(choice, until, rows)
	out.Rows = out.Rows[:min(len(out.Rows), digestShort)]
	return out, nil
}

// digestShort is of how many dossiers the overview brings news, above the work that
// waits; the page of news has them all.
const digestShort = 3

// toBring tells whether something was not seen and happened before a time.
func toBring(n review.News, until time.Time) bool { return n.Seen.IsZero() && n.At.Before(until) }

// digestOf gathers what is to be brought by dossier, nil for nothing.
func digestOf(choice review.NewsChoice, until time.Time, rows []newsRow) *newsDigest {
	out := &newsDigest{Often: choice.Often}
	for _, r := range rows {
		if !toBring(r.News, until) {
			continue
		}
		out.UpTo = max(out.UpTo, r.Seq)
		at := slices.IndexFunc(out.Rows, func(d digestRow) bool { return d.Dossier == r.Dossier })
		if at < 0 {
			at = len(out.Rows)
			out.Rows = append(out.Rows, digestRow{Dossier: r.Dossier, Name: r.Name})
			for _, kind := range review.NewsKinds {
				out.Rows[at].Kinds = append(out.Rows[at].Kinds, digestCount{Kind: kind, Href: "/news?state=new&kind=" + string(kind) + "&dossier=" + r.Dossier.String()})
			}
		}
		out.Rows[at].Kinds[slices.Index(review.NewsKinds, r.Kind)].Count++
	}
	for i := range out.Rows {
		out.Rows[i].Kinds = slices.DeleteFunc(out.Rows[i].Kinds, func(k digestCount) bool { return k.Count == 0 })
	}
	if len(out.Rows) == 0 {
		return nil
	}
	return out
}

// newsRows names what happened; the clauses of matches where a shelf is given.
func (s *Server) newsRows(ctx context.Context, list []review.News, sh shelf) ([]newsRow, error) {
	dossiers, err := s.store.Dossiers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the dossiers: %w", err)
	}
	names := map[uuid.UUID]string{}
	for _, d := range dossiers {
		names[d.ID] = d.Name
	}
	out := make([]newsRow, len(list))
	at := map[uuid.UUID][]int{}
	for i, n := range list {
		out[i] = newsRow{News: n, Name: names[n.Dossier], Href: newsAddress(n)}
		if n.Kind.OfMatch() {
			at[n.Object] = append(at[n.Object], i)
		}
	}
	if sh == nil {
		return out, nil
	}
	ids := make([]uuid.UUID, 0, len(at))
	for id := range at {
		ids = append(ids, id)
	}
	for some := range slices.Chunk(ids, review.MaxPage) {
		page, err := s.store.Matches(ctx, review.Filter{Only: some, Limit: review.MaxPage})
		if err != nil {
			return nil, fmt.Errorf("read the matches of news: %w", err)
		}
		for _, m := range page.Matches {
			for _, i := range at[m.ID] {
				out[i].A, out[i].B = sh.refs(m.Sources), sh.refs(m.Targets)
			}
			delete(at, m.ID)
		}
	}
	for id, rows := range at { // withdrawn since: the dossier is what is left of them
		for _, i := range rows {
			out[i].Href = "/dossiers/" + out[i].Dossier.String()
		}
		delete(at, id)
	}
	return out, nil
}

// States of news in the filter.
const (
	newsNew  = "new"
	newsSeen = "seen"
)

// allNews is everything that a person is told, as many as a list holds.
func (s *Server) allNews(ctx context.Context, a asker) ([]newsRow, error) {
	all, err := s.store.News(ctx, a.person.ID, maxListRows+1)
	if err != nil {
		return nil, err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	return s.newsRows(ctx, all, sh)
}

// newsList is the list of what a person is told in the state of the address.
func newsList(c echo.Context, a asker, rows []newsRow) (listing, []newsRow) {
	names, kinds := map[string]string{}, []string{}
	for _, r := range rows {
		names[r.Dossier.String()] = r.Name
	}
	for _, k := range review.NewsKinds {
		kinds = append(kinds, string(k))
	}
	d := listOf[*newsRow]{
		words: (*newsRow).About,
		filters: []listFilter[*newsRow]{
			{name: "state", key: "imports.state", label: a.words.under("news.state."), all: []string{newsNew, newsSeen}, value: func(r *newsRow) string { return r.state() }},
			{name: "kind", key: "news.what", value: func(r *newsRow) string { return string(r.Kind) }, label: a.words.under("news.kind."), all: kinds},
			{name: "dossier", key: "news.dossier", value: func(r *newsRow) string { return r.Dossier.String() }, label: func(v string) string { return names[v] }},
		},
		sorts: []listSort[*newsRow]{
			{"newest", "list.newest", nil},
			{"oldest", "list.oldest", func(x, y *newsRow) int { return cmp.Compare(x.Seq, y.Seq) }},
			{"work", "list.work-first", func(x, y *newsRow) int {
				return cmp.Compare(slices.Index(review.NewsKinds, x.Kind), slices.Index(review.NewsKinds, y.Kind))
			}},
		},
	}
	return listed(d, "/news", c.QueryParams(), rows)
}

// newsPage shows what a person is told. Looking at it marks nothing, since a GET
// changes nothing: that is a button.
func (s *Server) newsPage(c echo.Context, a asker) error {
	all, err := s.allNews(c.Request().Context(), a)
	if err != nil {
		return err
	}
	l, rows := newsList(c, a, all)
	p := &newsPage{Kinds: review.NewsKinds, Oftens: review.NewsOftens, Notice: c.QueryParam("done")}
	for _, r := range rows {
		if r.Seen.IsZero() && !l.Any() {
			p.UpTo = max(p.UpTo, r.Seq)
		}
	}
	p.Rows = pageOf(s, &l, rows)
	p.List = l
	if p.Choice, err = s.store.NewsChoice(c.Request().Context(), a.person.ID); err != nil {
		return err
	}
	p.Digest = digestOf(p.Choice, p.Choice.Until(s.now()), all)
	p.Shell = s.shell(c, a, a.words.say("news.title"))
	return s.show(c, a, http.StatusOK, "news", p)
}

// newsColumns are the columns of news as a file.
var newsColumns = []listColumn{{"audit.at", 18}, {"news.what", 32}, {"news.dossier", 30}, {"search.file.matches", 60}, {"imports.state", 12}, {"list.address", 44}}

// newsExport gives what a person is told as a file.
func (s *Server) newsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	all, err := s.allNews(c.Request().Context(), a)
	if err != nil {
		return err
	}
	_, rows := newsList(c, a, all)
	out := listFile{name: "news", title: a.words.say("news.title"), columns: newsColumns}
	for _, r := range rows {
		out.rows = append(out.rows, []string{moment(r.At), a.words.say("news.kind." + string(r.Kind)), r.Name, r.pair(), a.words.say("news.state." + r.state()), s.base.String() + r.Href})
	}
	return s.sendList(c, a, out)
}

// seeNews marks one as seen, or all that the page knew of.
func (s *Server) seeNews(c echo.Context, a asker) error {
	only, _ := strconv.ParseInt(c.FormValue("only"), 10, 64) // anything else is not one
	upTo, _ := strconv.ParseInt(c.FormValue("upto"), 10, 64) // anything else is none
	if only > 0 || upTo > 0 {
		if err := s.store.SeeNews(c.Request().Context(), a.person.ID, upTo, max(0, only)); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, ownPath(either(c.FormValue("back"), "/news?done=seen")))
}

// chooseNews keeps what a person wants to be told.
func (s *Server) chooseNews(c echo.Context, a asker) error {
	var wanted []review.NewsKind
	for _, kind := range c.Request().PostForm["kind"] {
		wanted = append(wanted, review.NewsKind(clip(kind, 40)))
	}
	choice, err := review.NewNewsChoice(review.NewsOften(c.FormValue("often")), wanted)
	if err != nil {
		return err
	}
	if err := s.store.ChooseNews(c.Request().Context(), a.person.ID, choice); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/news?done=choice#choice")
}

// tellExport tells a person that what they asked for is written, or failed.
func (s *Server) tellExport(j exportJob) {
	id, err := uuid.Parse(j.By)
	if err != nil {
		return // a key's: programs ask
	}
	if err := s.store.Tell(context.Background(), id, review.News{Kind: review.NewsExport, Object: j.ID, Dossier: j.Ask.Dossier}); err != nil {
		s.log.Warn("that an export ended is not told", "job", j.ID, "cause", err)
	}
}
