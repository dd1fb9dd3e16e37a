package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// modelPage shows what the matcher could learn from, and the versions there are.
type modelPage struct {
	Shell
	Can     bool // this server fits
	From    []review.LearnedFrom
	Need    matcher.FitNeed
	Settled int // needed
	Each    int
	Missing int // settled pairs that are missing
	Rows    []modelRow
	Used    int  // number of the version in use, 0 for the shipped model
	Unfit   said // why the version in use does not count
	Problem said
	Worse   int // the version that was refused for its figures
}

// modelRow is one version with the name of who made it.
type modelRow struct {
	review.LearnedModel
	Who string
}

// fitTime is how long a fit of the pages may take; the command line has no limit.
const fitTime = 100 * time.Second

// modelPage shows the page.
func (s *Server) modelPage(c echo.Context, a asker) error {
	return s.showModel(c, a, http.StatusOK, modelPage{})
}

func (s *Server) showModel(c echo.Context, a asker, status int, p modelPage) error {
	ctx := c.Request().Context()
	all, err := s.store.Models(ctx)
	if err != nil {
		return fmt.Errorf("list the fitted models: %w", err)
	}
	people, err := s.store.People(ctx)
	if err != nil {
		return fmt.Errorf("list the people: %w", err)
	}
	names := make(map[string]string)
	for _, x := range people {
		names[x.ID.String()] = x.Name
	}
	for _, m := range all {
		row := modelRow{m, m.Maker}
		if name, there := names[m.Maker]; there {
			row.Who = name
		}
		if m.InUse {
			p.Used = m.Number
		}
		p.Rows = append(p.Rows, row)
	}
	p.Settled, p.Each = matcher.FitSettled, matcher.FitEach
	if p.Can = s.learn != nil; p.Can {
		if p.From, err = s.learn.Evidence(ctx); err != nil {
			return fmt.Errorf("count what is settled: %w", err)
		}
		p.Need = review.Needed(p.From)
		p.Missing = max(0, p.Settled-p.Need.Agreed-p.Need.Rejected, p.Each-p.Need.Agreed, p.Each-p.Need.Rejected)
		cause, err := s.learn.Unfit(ctx)
		if err != nil {
			return fmt.Errorf("look at the model in use: %w", err)
		}
		if cause != nil {
			p.Unfit = a.words.refusal(cause)
		}
	}
	p.Shell = s.shell(c, a, a.words.say("model.title"))
	return s.show(c, a, status, "model", &p)
}

// fitModel fits a version.
func (s *Server) fitModel(c echo.Context, a asker) error {
	if s.learn == nil {
		return fmt.Errorf("this server does not fit: %w", corpus.ErrNotFound)
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), fitTime)
	defer cancel()
	m, err := s.learn.FitModel(ctx, a.person.ID.String())
	switch {
	case errors.Is(err, context.DeadlineExceeded) && c.Request().Context().Err() == nil:
		err = corpus.Refuse(corpus.ErrLimit, "model-slow", "this is too much for a page; fit on the command line: concord model fit")
		return s.showModel(c, a, http.StatusUnprocessableEntity, modelPage{Problem: a.words.refusal(err)})
	case errors.Is(err, corpus.ErrInvalid), errors.Is(err, corpus.ErrConflict):
		return s.showModel(c, a, http.StatusUnprocessableEntity, modelPage{Problem: a.words.refusal(err)})
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/admin/model#v"+strconv.Itoa(m.Number))
}

// useModel chooses a version, 0 for the shipped model.
func (s *Server) useModel(c echo.Context, a asker) error {
	number, err := strconv.Atoi(c.FormValue("version"))
	if err != nil || number < 0 {
		return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is no version", "value", clip(c.FormValue("version"), 40))
	}
	err = s.store.UseModel(c.Request().Context(), number, c.FormValue("anyway") != "", a.person.ID.String())
	if errors.Is(err, corpus.ErrConflict) {
		return s.showModel(c, a, http.StatusUnprocessableEntity, modelPage{Problem: a.words.refusal(err), Worse: number})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/admin/model")
}
