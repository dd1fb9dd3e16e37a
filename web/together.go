package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// setForm offers clauses that can be put together with those of a match.
type setForm struct {
	A, B   []setRow
	ByHand bool // a person made the match
	Drop   bool // the person who looks may withdraw it
}

// setRow is one clause that may be added to a side.
type setRow struct {
	Ref
	Words string // beginning of its text, as far as rights allow
}

// setBox is a row with the name of its field.
type setBox struct {
	Side string // "a" or "b"
	setRow
}

// setMost is how many candidates of each side are offered.
const setMost = 12

// setForm finds what can be added: the other targets proposed for the first
// source, and the other sources proposed for the first target, surest first. list are
// the matches of the first source.
func (s *Server) setForm(ctx context.Context, m review.Match, list []review.Match, d review.Dossier, sh shelf, a asker) (setForm, error) {
	var f setForm
	if len(m.Targets) == 0 {
		return f, nil
	}
	if f.ByHand = m.IsSet() || m.Proposal == nil; f.ByHand && len(m.Decisions) == 0 {
		maker, err := s.store.Maker(ctx, m.ID)
		if err != nil {
			return f, fmt.Errorf("find who made the match: %w", err)
		}
		f.Drop = review.MayDrop(m, d, a.person, maker) == nil
	}
	if d.Closed || !a.person.May(review.ActionReview) || !d.TakesPart(a.person.Party) {
		return f, nil
	}
	var err error
	if f.B, err = s.candidates(ctx, m, list, false, sh); err != nil {
		return f, err
	}
	page, err := s.store.Matches(ctx, review.Filter{Dossier: m.Dossier, Clause: m.Targets[0], Order: review.OrderConfidence, Limit: queueSize})
	if err != nil {
		return f, fmt.Errorf("find what may be put together: %w", err)
	}
	f.A, err = s.candidates(ctx, m, page.Matches, true, sh)
	return f, err
}

// candidates are the clauses that other matches of one clause set against it, within
// the two standards of m: their sources or their targets.
func (s *Server) candidates(ctx context.Context, m review.Match, list []review.Match, sources bool, sh shelf) ([]setRow, error) {
	var ids []corpus.ClauseID
	for _, other := range list {
		if other.Gone() || other.Against != m.Against || other.Sources[0].Standard() != m.Sources[0].Standard() {
			continue
		}
		side := other.Targets
		if sources {
			side = other.Sources
		}
		for _, id := range side {
			if !slices.Contains(m.Clauses(), id) && !slices.Contains(ids, id) && len(ids) < setMost {
				ids = append(ids, id)
			}
		}
	}
	clauses, err := s.store.Clauses(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what may be put together: %w", err)
	}
	var out []setRow
	for _, c := range clauses {
		out = append(out, setRow{sh.refs([]corpus.ClauseID{c.ID})[0], beginning(wording(c, sh[c.Standard].Standard, nil))})
	}
	return out, nil
}

// pathMatch is the match of a path with its dossier.
func (s *Server) pathMatch(c echo.Context) (review.Match, review.Dossier, error) {
	id, err := pathID(c)
	if err != nil {
		return review.Match{}, review.Dossier{}, err
	}
	m, d, err := s.store.Match(c.Request().Context(), id)
	if err != nil {
		return m, d, fmt.Errorf("find the match: %w", err)
	}
	return m, d, nil
}

// putTogether makes a match of a match's clauses and those that were ticked.
func (s *Server) putTogether(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	m, _, err := s.pathMatch(c)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	made, err := review.Together(m, clauseIDs(form["a"]), clauseIDs(form["b"]))
	if err != nil {
		return err
	}
	if err := s.inOrder(ctx, made.Sources, made.Targets); err != nil {
		return err
	}
	if made.Proposal, err = s.Comparison(ctx, made); err != nil {
		return err
	}
	made, err = s.store.NewMatch(ctx, made, a.person)
	if err != nil {
		return fmt.Errorf("put the clauses together: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/matches/"+made.ID.String()+"?task="+string(review.TaskFirst)+"&dossier="+made.Dossier.String())
}

// clauseIDs are ids as a form sent them, no more than a side may have and one, so
// that too many are refused.
func clauseIDs(sent []string) []corpus.ClauseID {
	var out []corpus.ClauseID
	for _, id := range sent[:min(len(sent), review.MaxTogether+1)] {
		out = append(out, corpus.ClauseID(id))
	}
	return out
}

// inOrder sorts each side as its document goes.
func (s *Server) inOrder(ctx context.Context, sides ...[]corpus.ClauseID) error {
	for _, ids := range sides {
		list, err := s.store.Clauses(ctx, ids...)
		if err != nil {
			return fmt.Errorf("read the clauses: %w", err)
		}
		at := map[corpus.ClauseID]int{}
		for _, c := range list {
			at[c.ID] = c.Order
		}
		corpus.SortRows(ids, func(x, y corpus.ClauseID) int { return cmp.Compare(at[x], at[y]) })
	}
	return nil
}

// dropMatch withdraws a match that the person made and nobody answered.
func (s *Server) dropMatch(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, err := s.store.DropMatch(c.Request().Context(), id, a.person)
	if err != nil {
		return fmt.Errorf("withdraw the match: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+m.Dossier.String())
}

// within moves the layers of a side's wording to one of its clauses and leaves out
// those that stand in another or go over its end.
func within(part matcher.Part, layers []layer) []layer {
	var out []layer
	for _, l := range layers {
		if _, at, here := matcher.PartAt([]matcher.Part{part}, l.span); here {
			l.span = at
			out = append(out, l)
		}
	}
	return out
}
