package export

import (
	"context"
	"fmt"
	"io"
	"slices"

	"concord/corpus"
	"concord/review"
)

// Rows hands the items of a Set over one by one, so that whoever writes them need not
// hold them, and ends with the first error of either side.
type Rows func(each func(Item) error) error

// held are items that were read already.
func held(lists ...[]Item) Rows {
	return func(each func(Item) error) error {
		for _, list := range lists {
			for _, i := range list {
				if err := each(i); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// atOnce writes a Set that holds its items by what writes them one by one.
func atOnce(w io.Writer, s Set, lines func(io.Writer, Set, Rows) error) error {
	s.used = s.usedStandards() // the items are handed over and not kept
	return lines(w, s, held(s.Items, s.Waiting))
}

// Opened is a Set whose items are read while it is written, a page of matches at a
// time. It knows everything that stands around them.
type Opened struct {
	Set
	Rows     int // items that there will be
	source   Source
	reserved []review.Reservation
}

// settledStates are the states of what is agreed.
var settledStates = []review.State{review.StateConfirmed, review.StateRejected, review.StateAbsent}

// Write writes the Set in a format: item by item where the format can, else when all
// are read. What Options.Step returns ends it.
func (p *Opened) Write(ctx context.Context, w io.Writer, f Format) error {
	if f.Lines == nil {
		s, err := p.all(ctx)
		if err != nil {
			return err
		}
		return f.Write(w, s)
	}
	return f.Lines(w, p.Set, func(each func(Item) error) error {
		return p.read(ctx, f.Marks, each)
	})
}

// read hands every item over, those that wait last and only where they are wanted.
func (p *Opened) read(ctx context.Context, waiting bool, each func(i Item) error) error {
	states := [][]review.State{settledStates}
	if p.Options.OneSided && waiting {
		states = append(states, []review.State{review.StateOpinion})
	}
	n := 0
	for _, some := range states {
		err := p.matches(ctx, some, func(matches []review.Match) error {
			items, err := p.page(ctx, matches)
			if n += len(items); err == nil && p.Options.Step != nil {
				err = p.Options.Step(n)
			}
			if err != nil {
				return fmt.Errorf("export: %w", err)
			}
			for _, i := range items {
				if err := each(i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// put adds an item to those agreed on, or to those that wait for an answer.
func (s *Set) put(i Item) {
	if i.waits() {
		s.Waiting = append(s.Waiting, i)
	} else {
		s.Items = append(s.Items, i)
	}
}

// all reads every item.
func (p *Opened) all(ctx context.Context) (Set, error) {
	s := p.Set
	err := p.read(ctx, true, func(i Item) error {
		s.put(i)
		return nil
	})
	return s, err
}

// count counts the items and notes which standards have clauses among them, which
// heads of files name before the first item.
func (p *Opened) count(ctx context.Context) error {
	states := settledStates
	if p.Options.OneSided {
		states = append(slices.Clone(states), review.StateOpinion)
	}
	p.used = []corpus.StandardID{}
	err := p.matches(ctx, states, func(matches []review.Match) error {
		p.Rows += len(matches)
		for _, m := range matches {
			if m.State == review.StateOpinion {
				continue
			}
			for _, id := range m.Clauses() {
				if !slices.Contains(p.used, id.Standard()) {
					p.used = append(p.used, id.Standard())
				}
			}
		}
		return nil
	})
	slices.Sort(p.used)
	return err
}

// matches hands over the chosen matches in some states on texts that stand, in pages.
func (p *Opened) matches(ctx context.Context, states []review.State, each func([]review.Match) error) error {
	sound := false
	f := review.Filter{Dossier: p.Dossier.ID, States: states, Suspect: &sound, Order: review.OrderChapter, Limit: review.MaxPage}
	for {
		page, err := p.source.Matches(ctx, f)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		matches := slices.DeleteFunc(slices.Clone(page.Matches), func(m review.Match) bool {
			// one that waits without targets asks whether there is a counterpart: no line of any table
			return p.Options.Only != nil && !p.Options.Only.Matches[m.ID] || m.State == review.StateOpinion && len(m.Targets) == 0
		})
		if err := each(matches); err != nil || page.Next == "" {
			return err
		}
		f.Cursor = page.Next
	}
}

// page makes the items of a page of matches.
func (p *Opened) page(ctx context.Context, matches []review.Match) ([]Item, error) {
	items, err := p.items(ctx, p.source, matches)
	for n := range items {
		i := &items[n]
		if i.waits() {
			i.Match.Outcome, i.Match.Decisions = &review.Outcome{}, nil
			continue
		}
		i.Reserved = slices.DeleteFunc(review.Reserved(p.reserved, []review.Match{i.Match}), review.Reservation.Whole)
	}
	return items, err
}
