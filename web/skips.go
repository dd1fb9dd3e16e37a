package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/review"
)

// skippedShown is how many of a person's skips are listed.
const skippedShown = review.MaxPage

// skippedRow is a match that the person passed over.
type skippedRow struct {
	review.Skip
	Refs []Ref
}

// notedSkip is what the reader's side is to know: who, and why.
type notedSkip struct {
	Name   string
	Reason review.SkipReason
}

// skip passes over a match and goes on in the queue.
func (s *Server) skip(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	made, err := review.NewSkip(a.person.ID, id, review.SkipReason(form.Get("reason")), s.now())
	if err != nil {
		return err
	}
	if err := s.store.SaveSkip(c.Request().Context(), made); err != nil {
		return fmt.Errorf("skip the match: %w", err)
	}
	s.leases.release(id, a.person.ID)
	if wantsJSON(c.Request()) {
		return c.JSON(http.StatusOK, map[string]any{"match": id, "message": a.words.say("skip." + string(made.Reason))})
	}
	q, in := readQueue(form)
	if !in {
		return c.Redirect(http.StatusSeeOther, "/decisions#skipped")
	}
	v := q.values()
	v.Set("behind", id.String())
	return c.Redirect(http.StatusSeeOther, withQuery("/review/next", v))
}

// unskip puts a match back into the person's queues.
func (s *Server) unskip(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := s.store.DropSkip(c.Request().Context(), a.person.ID, id); err != nil {
		return fmt.Errorf("put the match back: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/decisions#skipped")
}

// mySkips are the person's skips with the clauses they are about.
func (s *Server) mySkips(ctx context.Context, sh shelf, a asker) ([]skippedRow, error) {
	skips, err := s.store.Skips(ctx, a.person.ID, s.now(), skippedShown)
	if err != nil || len(skips) == 0 {
		return nil, err
	}
	ids := make([]uuid.UUID, len(skips))
	for i, k := range skips {
		ids[i] = k.Match
	}
	page, err := s.store.Matches(ctx, review.Filter{Only: ids, Limit: review.MaxPage})
	if err != nil {
		return nil, fmt.Errorf("read what was skipped: %w", err)
	}
	refs := map[uuid.UUID][]Ref{}
	for _, m := range page.Matches {
		refs[m.ID] = sh.refs(m.Clauses())
	}
	var out []skippedRow
	for _, k := range skips {
		out = append(out, skippedRow{k, refs[k.Match]})
	}
	return out, nil
}

// notedSkips are the skips of a match that the person's side is to know of,
// without the person's own.
func (s *Server) notedSkips(ctx context.Context, m review.Match, a asker) ([]notedSkip, error) {
	if !a.person.May(review.ActionReview) {
		return nil, nil
	}
	list, err := s.store.NotedSkips(ctx, m.ID, a.person.Party, s.now())
	if err != nil {
		return nil, fmt.Errorf("read who passed over the match: %w", err)
	}
	n, err := s.namesFor(ctx, len(list))
	if err != nil {
		return nil, err
	}
	var out []notedSkip
	for _, k := range list {
		if k.Person != a.person.ID {
			out = append(out, notedSkip{n.of(k.Person), k.Reason})
		}
	}
	return out, nil
}
