package web

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
)

// comparedRound is the frozen round that a comparison shows instead of what stands now:
// its matches, texts and counts, under the rights of now. Chapters are named as they are
// now, since a round holds the clauses of its matches alone.
type comparedRound struct {
	Number   int
	Name     string
	Checksum string
	Frozen   review.Round // without matches and clauses
	Moved    int          // texts of the pair that are others now
}

// Before is the number of the round before, 0 for none.
func (r comparedRound) Before() int { return r.Number - 1 }

// roundChoice is a round that a comparison can show.
type roundChoice struct {
	Number int
	Text   string
}

// readRound reads a pair as a round froze it.
func (c *comparedPair) readRound(ctx context.Context) error {
	s, q := c.s, &c.query
	f, err := s.store.Round(ctx, q.Dossier, q.Round)
	if err != nil {
		return fmt.Errorf("find the round: %w", err)
	}
	q.OneSided, q.Status = false, "" // a round holds only what was agreed
	moved, err := export.Moved(ctx, s.store, f.Round)
	if err != nil {
		return fmt.Errorf("compare the texts of the round: %w", err)
	}
	c.round = &comparedRound{Number: f.Round.Number, Name: f.Round.Name, Checksum: f.Checksum, Frozen: f.Round}
	c.round.Frozen.Matches, c.round.Frozen.Clauses = nil, nil
	for _, id := range moved {
		if id.Standard() == q.A || id.Standard() == q.B {
			c.round.Moved++
		}
	}
	for _, d := range []*comparedSide{c.a, c.b} {
		d.freeze(f.Round)
	}
	for _, m := range f.Round.Matches {
		ends := [2]corpus.StandardID{m.Sources[0].Standard(), m.Against}
		if ends == [2]corpus.StandardID{q.A, q.B} || ends == [2]corpus.StandardID{q.B, q.A} {
			c.all = append(c.all, &comparedMatch{matchFields: matchFields(turned(review.Shown(m, c.asker.person), q.A))})
		}
	}
	return nil
}

// freeze gives a side the texts and the standard of a round, with the rights of now.
func (d *comparedSide) freeze(r review.Round) {
	rights := d.standard.Rights
	for _, std := range r.Standards {
		if std.ID == d.standard.ID {
			d.standard = std
			d.standard.Rights = rights
		}
	}
	outline := d.clauses
	then := map[corpus.ClauseID]corpus.Clause{}
	d.clauses, d.byID = nil, map[corpus.ClauseID]corpus.Clause{}
	for _, cl := range r.Clauses {
		if cl.Standard == d.standard.ID {
			then[cl.ID], d.byID[cl.ID] = cl, cl
			d.clauses = append(d.clauses, cl)
		}
	}
	corpus.SortRows(d.clauses, func(a, b corpus.Clause) int { return a.Order - b.Order })
	var all []corpus.Clause
	for _, cl := range outline {
		if frozen, stood := then[cl.ID]; stood {
			cl = frozen
			delete(then, cl.ID)
		}
		all = append(all, cl)
	}
	for _, cl := range d.clauses { // those that have left since
		if _, left := then[cl.ID]; left {
			all = append(all, cl)
		}
	}
	d.chapters, d.chapter = chaptersOf(all, d.standard)
}

// recount gives both directions the number of clauses that there were, and drops the
// gaps of which a round says nothing: what was not agreed.
func (c *comparedPair) recount() {
	for _, way := range []struct {
		to       *compareDirection
		gaps     *gapLists
		from, at corpus.StandardID
	}{{&c.forth, &c.gapsA, c.query.A, c.query.B}, {&c.back, &c.gapsB, c.query.B, c.query.A}} {
		way.gaps.open, way.gaps.untouched = nil, nil
		for _, row := range c.round.Frozen.Coverage {
			if row.From == string(way.from) && row.To == string(way.at) {
				way.to.Untouched += row.Normative - way.to.Normative
				way.to.Normative = row.Normative
			}
		}
	}
}

// said is the round for heads of pages and documents.
func (r comparedRound) said(w *words) string {
	return w.say("compare.round-of", "n", r.Number, "day", day(r.Frozen.At)) + " · " + r.Name + " · SHA-256 " + r.Checksum
}

// chooseRound lists the rounds of the one dossier that a comparison is of, and makes
// it the dossier of the form.
func (s *Server) chooseRound(ctx context.Context, p *comparePage, w *words) error {
	p.Of = p.Query.Dossier
	if p.Of == uuid.Nil && len(p.Dossiers) == 1 {
		p.Of = p.Dossiers[0].ID
	}
	if p.Of == uuid.Nil {
		return nil
	}
	rounds, err := s.store.RoundNames(ctx, p.Of)
	if err != nil {
		return fmt.Errorf("list the rounds: %w", err)
	}
	for _, r := range rounds {
		p.Rounds = append(p.Rounds, roundChoice{r.Number, w.say("compare.round-of", "n", r.Number, "day", day(r.At)) + " · " + r.Name})
		p.LastRound = r.Number
	}
	return nil
}

// Differ is where the difference that the page is about is shown: of its round to the
// one before, or of the last round to now. It is "" where there is none.
func (p *comparePage) Differ() string {
	base := "/dossiers/" + p.Of.String() + "/rounds?from="
	switch n := p.DifferTo(); {
	case n == 0:
		return ""
	case p.Round != nil:
		return base + strconv.Itoa(n) + "&to=" + strconv.Itoa(p.Round.Number) + "#changes"
	default:
		return base + strconv.Itoa(n) + "#changes"
	}
}

// DifferTo is the round that Differ compares with, 0 for none.
func (p *comparePage) DifferTo() int {
	if p.Round != nil {
		return p.Round.Before()
	}
	return p.LastRound
}

// Unfrozen is the address of the same view of what stands now.
func (q compareQuery) Unfrozen() string {
	q.Round = 0
	return q.To(q.View)
}
