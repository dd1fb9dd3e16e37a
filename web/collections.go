package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// collectionsPage lists somebody's collections.
type collectionsPage struct {
	Shell
	List    listing
	Rows    []review.Collection
	Dropped bool
}

// collectionPage is one collection with its clauses as far as rights show them.
type collectionPage struct {
	Shell
	Collection review.Collection
	List       listing
	Rows       []collectedRow
	MaxName    int
	Done       string
}

// collectedRow is one clause of a collection.
type collectedRow struct {
	Ref
	Wording  Wording
	Standard corpus.Standard
	Gone     bool // it has left its standard
}

// collectorBox is the form that gathers clauses: on a page of hits those that are
// ticked, on a clause's page the clause.
type collectorBox struct {
	Token   string
	Clause  corpus.ClauseID // "" where clauses are ticked
	Choices []review.Collection
	MaxName int
}

// collector makes the form for who is signed in.
func (s *Server) collector(ctx context.Context, a asker, token string, clause corpus.ClauseID) (*collectorBox, error) {
	choices, err := s.store.Collections(ctx, a.person.ID)
	if err != nil {
		return nil, fmt.Errorf("list your collections: %w", err)
	}
	return &collectorBox{token, clause, choices, review.MaxSavedName}, nil
}

// collections lists somebody's own.
func (s *Server) collections(c echo.Context, a asker) error {
	l, rows, err := s.collectionList(c, a)
	if err != nil {
		return err
	}
	p := &collectionsPage{Rows: pageOf(s, &l, rows), Dropped: c.QueryParam("done") == "dropped"}
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("collection.title"))
	return s.show(c, a, http.StatusOK, "collections", p)
}

// collection shows one.
func (s *Server) collection(c echo.Context, a asker) error {
	p, err := s.collected(c, a)
	if err != nil {
		return err
	}
	if done := c.QueryParam("done"); slices.Contains([]string{"kept", "named", "taken"}, done) {
		p.Done = done
	}
	l, rows := collectedList(c, p, a.words)
	p.Rows, p.MaxName = pageOf(s, &l, rows), review.MaxSavedName
	p.List = l
	p.Shell = s.shell(c, a, p.Collection.Name+" – "+a.words.say("collection.title"))
	return s.show(c, a, http.StatusOK, "collection", p)
}

// collected reads a collection with its clauses, cut to what rights show.
func (s *Server) collected(c echo.Context, a asker) (*collectionPage, error) {
	id, err := pathID(c)
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	x, err := s.store.Collection(ctx, a.person.ID, id)
	if err != nil {
		return nil, fmt.Errorf("find the collection: %w", err)
	}
	byID, err := s.clausesByID(ctx, x.Clauses...)
	if err != nil {
		return nil, fmt.Errorf("read the clauses of the collection: %w", err)
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	p := &collectionPage{Collection: x}
	for i, ref := range sh.refs(x.Clauses) {
		std := sh[x.Clauses[i].Standard()].Standard
		clause, there := byID[x.Clauses[i]]
		row := collectedRow{Ref: ref, Standard: std, Gone: !there}
		if there {
			row.Wording = wording(clause, std, nil)
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

// collect adds clauses to a collection, or to a new one of the name given.
func (s *Server) collect(c echo.Context, a asker) error {
	form := c.Request().PostForm
	var clauses []corpus.ClauseID
	for _, id := range form["clause"] {
		if len(clauses) <= review.MaxCollected {
			clauses = append(clauses, corpus.ClauseID(clip(id, 400)))
		}
	}
	if len(clauses) == 0 {
		return corpus.Refuse(corpus.ErrInvalid, "collection-nothing", "tick at least one clause")
	}
	name := strings.TrimSpace(form.Get("name"))
	id, err := uuid.Parse(form.Get("collection"))
	if name != "" || err != nil {
		id = uuid.Must(uuid.NewV7())
	}
	_, err = s.store.ChangeCollection(c.Request().Context(), a.person.ID, id, func(x review.Collection) (review.Collection, error) {
		if name != "" {
			x.Name = name
		}
		return x.With(clauses...)
	})
	if err != nil {
		return fmt.Errorf("keep the clauses: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/collections/"+id.String()+"?done=kept")
}

// changeCollection names a collection anew, or takes a clause out of it.
func (s *Server) changeCollection(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if _, err := s.store.Collection(ctx, a.person.ID, id); err != nil { // a new id would make a new one
		return fmt.Errorf("find the collection: %w", err)
	}
	form := c.Request().PostForm
	done := "named"
	if form.Has("take") {
		done = "taken"
	}
	_, err = s.store.ChangeCollection(ctx, a.person.ID, id, func(x review.Collection) (review.Collection, error) {
		if form.Has("take") {
			return x.Without(corpus.ClauseID(form.Get("take"))), nil
		}
		x.Name = form.Get("name")
		return x, nil
	})
	if err != nil {
		return fmt.Errorf("change the collection: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/collections/"+id.String()+"?done="+done)
}

// dropCollection forgets one; the clauses stay where they are.
func (s *Server) dropCollection(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := s.store.DropCollection(c.Request().Context(), a.person.ID, id); err != nil {
		return fmt.Errorf("drop the collection: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/collections?done=dropped")
}

// collectionColumns are the columns of the file, keys of words, with their widths.
var collectionColumns = []listColumn{{"facet.jurisdiction", 14}, {"concept.standard", 22}, {"concept.clause", 12}, {"facet.language", 12}, {"concept.text", 90}}

// collectionExport sends a collection as a file: of each clause what the page
// shows, never more.
func (s *Server) collectionExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	p, err := s.collected(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: p.Collection.Name, title: p.Collection.Name, columns: collectionColumns}
	_, rows := collectedList(c, p, a.words)
	for _, r := range rows {
		out.rows = append(out.rows, []string{
			a.words.place(r.Standard.Jurisdiction), r.Designation, r.Key, a.words.tongue(r.Standard.Language), textOf(r.Wording.Heading, r.Wording.Text),
		})
	}
	return s.sendList(c, a, out)
}
