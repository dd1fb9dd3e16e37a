package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

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
	return refNames(r.A, " ") + " ↔ " + refNames(r.B, " ") + " · " + r.Name
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

// digest gathers what a person has not seen, nil when there is nothing to bring now,
// with their choice.
func (s *Server) digest(ctx context.Context, a asker) (*newsDigest, review.NewsChoice, error) {
	choice, err := s.store.NewsChoice(ctx, a.person.ID)
	if err != nil {
		return nil, choice, err
	}
	all, err := s.store.News(ctx, a.person.ID, maxListRows)
	if err != nil {
		return nil, choice, err
	}
	until := choice.Until(s.now())
	all = slices.DeleteFunc(all, func(n review.News) bool { return !n.Seen.IsZero() || !n.At.Before(until) })
	if len(all) == 0 {
		return nil, choice, nil
	}
	rows, err := s.newsRows(ctx, all, nil)
	if err != nil {
		return nil, choice, err
	}
	out := &newsDigest{Often: choice.Often}
	for _, r := range rows {
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
	return out, choice, nil
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

// newsList is the list of what a person is told in the state of the address.
func (s *Server) newsList(c echo.Context, a asker) (listing, []newsRow, error) {
	ctx := c.Request().Context()
	all, err := s.store.News(ctx, a.person.ID, maxListRows+1)
	if err != nil {
		return listing{}, nil, err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return listing{}, nil, err
	}
	rows, err := s.newsRows(ctx, all, sh)
	if err != nil {
		return listing{}, nil, err
	}
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
			{name: "state", key: "imports.state", label: a.words.under("news.state."), all: []string{newsNew, newsSeen}, value: func(r *newsRow) string {
				if r.Seen.IsZero() {
					return newsNew
				}
				return newsSeen
			}},
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
	l, rows := listed(d, "/news", c.QueryParams(), rows)
	return l, rows, nil
}

// newsPage shows what a person is told. Looking at it marks nothing, since a GET
// changes nothing: that is a button.
func (s *Server) newsPage(c echo.Context, a asker) error {
	l, rows, err := s.newsList(c, a)
	if err != nil {
		return err
	}
	p := &newsPage{Kinds: review.NewsKinds, Oftens: review.NewsOftens, Notice: c.QueryParam("done")}
	for _, r := range rows {
		if r.Seen.IsZero() && !l.Any() {
			p.UpTo = max(p.UpTo, r.Seq)
		}
	}
	p.Rows = pageOf(s, &l, rows)
	p.List = l
	if p.Digest, p.Choice, err = s.digest(c.Request().Context(), a); err != nil {
		return err
	}
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
	_, rows, err := s.newsList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "news", title: a.words.say("news.title"), columns: newsColumns}
	for _, r := range rows {
		state, pair := newsNew, ""
		if !r.Seen.IsZero() {
			state = newsSeen
		}
		if len(r.A) > 0 {
			pair = refNames(r.A, " ") + " ↔ " + refNames(r.B, " ")
		}
		out.rows = append(out.rows, []string{moment(r.At), a.words.say("news.kind." + string(r.Kind)), r.Name, pair, a.words.say("news.state." + state), s.base.String() + r.Href})
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
