package export

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"concord/corpus"
	"concord/review"
)

// Rows are the items of a Set one by one, so that whoever writes them need not hold
// them. An error is the last thing they yield.
type Rows = iter.Seq2[Item, error]

// held are items that were read already.
func held(lists ...[]Item) Rows {
	return func(yield func(Item, error) bool) {
		for _, list := range lists {
			for _, i := range list {
				if !yield(i, nil) {
					return
				}
			}
		}
	}
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
	return f.Lines(w, p.Set, func(yield func(Item, error) bool) {
		states := [][]review.State{settledStates}
		if p.Options.OneSided && f.Marks {
			states = append(states, []review.State{review.StateOpinion})
		}
		n := 0
		for _, some := range states {
			for items, err := range p.pages(ctx, some) {
				if err == nil {
					n += len(items)
					err = p.step(n)
				}
				if err != nil {
					yield(Item{}, fmt.Errorf("export: %w", err))
					return
				}
				for _, i := range items {
					if !yield(i, nil) {
						return
					}
				}
			}
		}
	})
}

// step tells how many items are read.
func (p *Opened) step(n int) error {
	if p.Options.Step == nil {
		return nil
	}
	return p.Options.Step(n)
}

// all reads every item.
func (p *Opened) all(ctx context.Context) (Set, error) {
	s := p.Set
	n := 0
	read := func(list *[]Item, states ...review.State) error {
		for items, err := range p.pages(ctx, states) {
			if err == nil {
				n += len(items)
				err = p.step(n)
			}
			if err != nil {
				return fmt.Errorf("export: %w", err)
			}
			*list = append(*list, items...)
		}
		return nil
	}
	if err := read(&s.Items, settledStates...); err != nil {
		return Set{}, err
	}
	if s.Options.OneSided {
		return s, read(&s.Waiting, review.StateOpinion)
	}
	return s, nil
}

// count counts the items and notes which standards have clauses among them, which
// heads of files name before the first item.
func (p *Opened) count(ctx context.Context) error {
	states := settledStates
	if p.Options.OneSided {
		states = append(slices.Clone(states), review.StateOpinion)
	}
	used := []corpus.StandardID{}
	for matches, err := range p.matches(ctx, states) {
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		p.Rows += len(matches)
		for _, m := range matches {
			if m.State == review.StateOpinion {
				continue
			}
			for _, id := range m.Clauses() {
				if !slices.Contains(used, id.Standard()) {
					used = append(used, id.Standard())
				}
			}
		}
	}
	slices.Sort(used)
	p.used = used
	return nil
}

// matches are the chosen matches in some states on texts that stand, in pages.
func (p *Opened) matches(ctx context.Context, states []review.State) iter.Seq2[[]review.Match, error] {
	return func(yield func([]review.Match, error) bool) {
		sound := false
		f := review.Filter{Dossier: p.Dossier.ID, States: states, Suspect: &sound, Order: review.OrderChapter, Limit: review.MaxPage}
		for {
			page, err := p.source.Matches(ctx, f)
			if err != nil {
				yield(nil, err)
				return
			}
			matches := slices.DeleteFunc(slices.Clone(page.Matches), func(m review.Match) bool {
				// one that waits without targets asks whether there is a counterpart: no line of any table
				return p.Options.Only != nil && !p.Options.Only.Matches[m.ID] || m.State == review.StateOpinion && len(m.Targets) == 0
			})
			if !yield(matches, nil) || page.Next == "" {
				return
			}
			f.Cursor = page.Next
		}
	}
}

// pages are the items of matches in some states.
func (p *Opened) pages(ctx context.Context, states []review.State) iter.Seq2[[]Item, error] {
	return func(yield func([]Item, error) bool) {
		for matches, err := range p.matches(ctx, states) {
			var items []Item
			if err == nil {
				items, err = p.items(ctx, p.source, matches)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for n := range items {
				i := &items[n]
				if i.waits() {
					i.Match.Outcome, i.Match.Decisions = &review.Outcome{}, nil
					continue
				}
				i.Reserved = slices.DeleteFunc(review.Reserved(p.reserved, []review.Match{i.Match}), review.Reservation.Whole)
			}
			if !yield(items, nil) {
				return
			}
		}
	}
}
