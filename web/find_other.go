package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/index"
	"concord/review"
)

// findOther is the search for another clause to set against the sources of a match.
type findOther struct {
	May  bool   // the person may set another there
	Text string // what was searched for, "" for nothing
	Down bool   // there is no index, or it does not answer
	Said said   // why the search refused the words
	Rows []foundOther
}

// foundOther is a clause that was found.
type foundOther struct {
	Ref
	Words   string
	Differs []diffRow
	Match   uuid.UUID // that sets it against the sources already, uuid.Nil for none
	Add     bool      // it may be added to the targets as well
}

// There tells whether a match sets it against the sources already.
func (r foundOther) There() bool { return r.Match != uuid.Nil }

// foundMost is how many clauses a search for another shows.
const foundMost = 10

// seek searches for another clause and shows the match with the answer that is being
// written as it was sent. Nothing is recorded; what the page had seen stays what is
// answered on, so that a text that changed meanwhile is told with the answer.
func (s *Server) seek(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	return s.writeOn(c, a, id, nil)
}

// writeOn shows a match with the answer that is being written as it was sent, and
// why what was asked for on the way was refused, nil where it was done.
func (s *Server) writeOn(c echo.Context, a asker, id uuid.UUID, refused error) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	m, d, err := s.store.Match(ctx, id)
	if err != nil {
		return fmt.Errorf("find the match: %w", err)
	}
	p, err := s.workbench(ctx, m, d, a)
	if err != nil {
		return err
	}
	if err := s.placeInQueue(c, p, a); err != nil {
		return err
	}
	if p.Find, err = s.findOther(ctx, m, d, form.Get("find"), a); err != nil {
		return err
	}
	sent := readAnswer(form, m.ID)
	p.Form.refill(sent)
	if p.Form.Spent = spent(form); sent.Version > 0 {
		p.Form.Version, p.Form.Seen = sent.Version, sent.Seen
	}
	status := http.StatusOK
	if refused != nil {
		status, p.Detail = http.StatusConflict, a.words.refusal(refused)
	}
	return s.showWorkbench(c, a, status, p)
}

// asksForAnother tells whether an answer was sent from the field of the search by the
// Enter key, which without a script presses the first button of the form: the words
// were not searched for yet.
func asksForAnother(form url.Values) bool {
	text := strings.TrimSpace(clip(form.Get("find"), 200))
	return form.Has("go") && text != "" && text != form.Get("sought")
}

// findOther searches the standards of the dossier's other sides.
func (s *Server) findOther(ctx context.Context, m review.Match, d review.Dossier, text string, a asker) (findOther, error) {
	f := findOther{May: !d.Closed && a.person.May(review.ActionReview) && d.TakesPart(a.person.Party) && len(m.Sources) > 0, Text: strings.TrimSpace(clip(text, 200))}
	if !f.May || f.Text == "" {
		return f, nil
	}
	q := index.Query{Text: f.Text, Limit: foundMost}
	for _, side := range d.Sides {
		if !slices.Contains(side.Standards, m.Sources[0].Standard()) {
			q.Standards = append(q.Standards, side.Standards...)
		}
	}
	if f.Down = s.search == nil; f.Down {
		return f, nil
	}
	limited, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	found, err := s.search.Search(limited, q)
	if err != nil {
		f.Down = !errors.Is(err, corpus.ErrInvalid) && !errors.Is(err, corpus.ErrLimit)
		f.Said = a.words.refusal(err)
		return f, nil
	}
	return f, s.foundOthers(ctx, &f, m, found.Hits, q.Standards, a)
}

// foundOthers makes the rows of what was found.
func (s *Server) foundOthers(ctx context.Context, f *findOther, m review.Match, hits []index.Hit, in []corpus.StandardID, a asker) error {
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	page, err := s.store.Matches(ctx, review.Filter{Dossier: m.Dossier, Clause: m.Sources[0], Order: review.OrderConfidence, Limit: review.MaxPage})
	if err != nil {
		return fmt.Errorf("find the matches of the clause: %w", err)
	}
	ids := slices.Clone(m.Sources)
	for _, h := range hits {
		ids = append(ids, h.Clause)
	}
	texts, err := s.clausesByID(ctx, ids...)
	if err != nil {
		return fmt.Errorf("read what was found: %w", err)
	}
	for _, h := range hits {
		c, kept := texts[h.Clause]
		if !kept || !slices.Contains(in, c.Standard) || slices.Contains(m.Targets, c.ID) || len(f.Rows) == foundMost {
			continue
		}
		row := foundOther{Ref: sh.refs([]corpus.ClauseID{c.ID})[0], Words: beginning(wording(c, sh[c.Standard].Standard, nil))}
		row.Add = len(m.Targets) > 0 && c.Standard == m.Against && len(m.Targets) < review.MaxTogether
		for _, other := range page.Matches {
			if !other.Control && slices.Equal(other.Sources, m.Sources) && slices.Equal(other.Targets, []corpus.ClauseID{c.ID}) {
				row.Match = other.ID
			}
		}
		other := review.Match{Dossier: m.Dossier, Sources: m.Sources, Targets: []corpus.ClauseID{c.ID}, Against: c.Standard}
		if other.Proposal = s.proposalOf(other, texts); other.Proposal != nil {
			row.Differs = s.candidateDiffers(other, texts, sh, a)
		}
		f.Rows = append(f.Rows, row)
	}
	return nil
}

// replace sets another clause against the sources of a match: in a match of its own,
// which is made unless there is one.
func (s *Server) replace(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	m, _, err := s.pathMatch(c)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	made, err := review.Replaced(m, corpus.ClauseID(clip(form.Get("b"), 400)))
	if err != nil {
		return err
	}
	if made, err = s.store.NewMatch(ctx, made, a.person); err != nil {
		return fmt.Errorf("set another clause there: %w", err)
	}
	q, in := readQueue(form)
	if !in {
		q = queue{task: review.TaskFirst, dossier: made.Dossier}
	}
	return c.Redirect(http.StatusSeeOther, q.match(made.ID))
}
