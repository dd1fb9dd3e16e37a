package web

import (
	"bytes"
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
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
	"concord/review/export"
)

// misreadPlace is a side of a row of the table of differences that can be marked
// as read wrongly.
type misreadPlace struct {
	Letter  string // A or B
	Options []misreadOption
}

// misreadOption is one kind of misreading with what its button sends.
type misreadOption struct {
	Kind  review.MisreadingKind
	Value string
}

// misreadMark is a standing mark as a row shows it. Who made it is not told: it
// would say who has looked at the match.
type misreadMark struct {
	ID   uuid.UUID
	Kind review.MisreadingKind
	Here bool // made on this match, so that its row is struck out
	Own  bool
}

// misreadings adds to the rows what was marked, and what can be. Places outside of
// what the rights show are not there to be marked.
func (b bench) misreadings(p *workbenchPage, m review.Match) {
	if b.made == nil {
		return
	}
	source, target := b.made.Sides()
	may := b.a.person.May(review.ActionReview) && !p.Dossier.Closed && (p.Dossier.TakesPart(b.a.person.Party) || b.a.person.May(review.ActionAdjudicate))
	for _, rows := range [][]diffRow{p.Differs, p.Same} {
		for i := range rows {
			row, made, shown := &rows[i], b.made.Differences[rows[i].at], b.proposal.Differences[rows[i].at]
			row.Match, row.Writing = m.ID, p.Can
			for _, r := range m.Misread(made, b.made) {
				row.Marks = append(row.Marks, misreadMark{r.ID, r.Kind, r.Match == m.ID, r.Person == b.a.person.ID})
				row.Struck = row.Struck || r.Match == m.ID
			}
			if !may {
				continue
			}
			row.places("A", source, shown.SpansA, made.SpansA)
			row.places("B", target, shown.SpansB, made.SpansB)
		}
	}
}

// places offers the first place of one side for marking, when it is shown, as a
// place of the clause it stands in.
func (r *diffRow) places(letter string, side []matcher.Part, shown, made []lexicon.Span) {
	if len(made) == 0 || len(shown) == 0 || shown[0] != made[0] {
		return
	}
	part, place, whole := matcher.PartAt(side, made[0])
	if !whole {
		return
	}
	at := misreadPlace{Letter: letter}
	for _, kind := range review.MisreadingKinds {
		at.Options = append(at.Options, misreadOption{kind, fmt.Sprintf("%s %s %d %d %s", kind, r.Aspect, place.Start, place.End, part.Clause)})
	}
	r.Places = append(r.Places, at)
}

// readMark reads what a button sent, with the digest the person saw.
func readMark(v url.Values) (review.Misreading, error) {
	bad := corpus.Refuse(corpus.ErrInvalid, "misread-place", "this is no place of the comparison of these texts")
	parts := strings.SplitN(v.Get("mark"), " ", 5)
	if len(parts) != 5 {
		return review.Misreading{}, bad
	}
	start, err1 := strconv.Atoi(parts[2])
	end, err2 := strconv.Atoi(parts[3])
	if err := errors.Join(err1, err2); err != nil {
		return review.Misreading{}, bad
	}
	r := review.Misreading{Kind: review.MisreadingKind(clip(parts[0], 40)), Aspect: matcher.Aspect(parts[1]), Start: start, End: end, Clause: corpus.ClauseID(parts[4])}
	for _, sent := range v["seen"] {
		if seen, ok := readSeen(sent); ok && seen.Clause == r.Clause {
			r.Digest = seen.Digest
		}
	}
	return r, nil
}

// misread marks a place of a match as read wrongly.
func (s *Server) misread(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	ask, err := readMark(c.Request().PostForm)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	m, _, err := s.store.Match(ctx, id)
	if err != nil {
		return fmt.Errorf("find the match: %w", err)
	}
	clauses, err := s.clausesOf(ctx, m)
	if err != nil {
		return err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	on := s.proposalOf(m, clauses)
	if !whollyShown(ask, clauses, sh) {
		on = nil // what may not be shown cannot be asked for by its place
	}
	_, err = s.store.Misread(ctx, id, a.person, func(m review.Match, d review.Dossier) (review.Misreading, error) {
		return review.Misread(m, d, a.person, on, ask)
	})
	return s.marked(c, a, id, err)
}

// marked goes back to a match whose row was marked, or whose mark was taken back. An
// answer that was being written goes along, also where the mark was refused.
func (s *Server) marked(c echo.Context, a asker, id uuid.UUID, err error) error {
	if err == nil && !c.Request().PostForm.Has("version") {
		return s.backToMatch(c, id)
	}
	if err != nil && (!c.Request().PostForm.Has("version") || !errors.Is(err, corpus.ErrConflict)) {
		return fmt.Errorf("mark what was read wrongly: %w", err)
	}
	return s.writeOn(c, a, id, err)
}

// whollyShown tells whether the place of a mark lies within what the rights of its
// text show.
func whollyShown(r review.Misreading, clauses map[corpus.ClauseID]corpus.Clause, sh shelf) bool {
	c, there := clauses[r.Clause]
	if !there {
		return false
	}
	span := []lexicon.Span{{Start: r.Start, End: r.End}}
	return len(reachOf(c, sh[c.Standard].Standard.Rights).within(span)) == 1
}

// backToMatch goes back to a match in the queue of the form.
func (s *Server) backToMatch(c echo.Context, id uuid.UUID) error {
	q, _ := readQueue(c.Request().PostForm)
	return c.Redirect(http.StatusSeeOther, q.match(id)+"#dh")
}

// withdrawMisreading takes one's own mark back.
func (s *Server) withdrawMisreading(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	r, err := s.store.WithdrawMisreading(c.Request().Context(), id, a.person)
	if err != nil {
		return fmt.Errorf("take the mark back: %w", err)
	}
	if c.FormValue("list") != "" {
		return c.Redirect(http.StatusSeeOther, "/misreadings")
	}
	return s.marked(c, a, r.Match, nil)
}

// misreadingsPage lists what people say was read wrongly.
type misreadingsPage struct {
	Shell
	List  listing
	Rows  []misreadingRow
	Names bool // who marked is told
}

// misreadingRow is one mark.
type misreadingRow struct {
	review.Misreading
	Ref Ref
	Who string
	Own bool
}

// misreadings shows the list to everybody who reads; names are for administrators.
func (s *Server) misreadings(c echo.Context, a asker) error {
	l, rows, err := s.misreadingList(c, a)
	if err != nil {
		return err
	}
	p := &misreadingsPage{Rows: pageOf(s, &l, rows), Names: a.person.May(review.ActionManage)}
	p.List = l
	for i := range p.Rows {
		p.Rows[i].Read = bounds.Replace(p.Rows[i].Read)
	}
	p.Shell = s.shell(c, a, a.words.say("misreading.title"))
	return s.show(c, a, http.StatusOK, "misreadings", p)
}

// misreadingList is the list of marks in the state of the address, the latest first
// where nothing else is asked.
func (s *Server) misreadingList(c echo.Context, a asker) (listing, []misreadingRow, error) {
	ctx := c.Request().Context()
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return listing{}, nil, err
	}
	n, err := s.names(ctx)
	if err != nil {
		return listing{}, nil, err
	}
	var all []misreadingRow
	var f review.MisreadingFilter
	for len(all) <= maxListRows {
		part, err := s.misreadingsShown(ctx, f, sh)
		if err != nil {
			return listing{}, nil, err
		}
		for _, r := range part {
			all = append(all, misreadingRow{r, sh.refs([]corpus.ClauseID{r.Clause})[0], n.of(r.Person), r.Person == a.person.ID})
		}
		if len(part) < review.MaxMisreadings {
			break
		}
		f.Before = part[len(part)-1].ID
	}
	about := func(r *misreadingRow) string { return r.Ref.Designation + " " + r.Ref.Key }
	d := listOf[*misreadingRow]{
		words: func(r *misreadingRow) string { return about(r) + " " + r.Read },
		filters: []listFilter[*misreadingRow]{
			{name: "standard", key: "misreading.standard", value: func(r *misreadingRow) string { return string(r.Clause.Standard()) }, label: func(id string) string { return sh.name(corpus.StandardID(id)) }},
			{name: "kind", key: "misreading.kind", value: func(r *misreadingRow) string { return string(r.Kind) }, label: a.words.under("misreading.kind."), all: asText(review.MisreadingKinds)},
		},
		sorts: []listSort[*misreadingRow]{
			{"newest", "list.newest", nil},
			{"oldest", "list.oldest", func(x, y *misreadingRow) int { return x.At.Compare(y.At) }},
			{"clause", "misreading.clause", byText(about)},
		},
	}
	l, rows := listed(d, "/misreadings", c.QueryParams(), all)
	return l, rows, nil
}

// misreadingsShown lists marks; what was read is left out where the rights of its
// text, or of a text that is gone, do not show it.
func (s *Server) misreadingsShown(ctx context.Context, f review.MisreadingFilter, sh shelf) ([]review.Misreading, error) {
	list, err := s.store.Misreadings(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list what was read wrongly: %w", err)
	}
	var ids []corpus.ClauseID
	for _, r := range list {
		ids = append(ids, r.Clause)
	}
	slices.Sort(ids)
	clauses, err := s.clausesByID(ctx, slices.Compact(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read the clauses of the marks: %w", err)
	}
	for i, r := range list {
		full := sh[r.Clause.Standard()].Standard.Rights == corpus.RightsFull
		if !full && (!r.Standing || !whollyShown(r, clauses, sh)) {
			list[i].Read = ""
		}
	}
	return list, nil
}

// misreadingsExport sends the list for those who mend the reading.
func (s *Server) misreadingsExport(c echo.Context, a asker) error {
	format, media, err := listFormat(c)
	if err != nil {
		return err
	}
	_, rows, err := s.misreadingList(c, a)
	if err != nil {
		return err
	}
	var list []review.Misreading
	for _, r := range rows {
		list = append(list, r.Misreading)
	}
	if err := fits(len(list)); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := export.WriteSheet(&b, format, export.Misreadings(list)); err != nil {
		return err
	}
	return download(c, "concord-misreadings-"+day(s.now())+"."+format, media, b.Bytes())
}
