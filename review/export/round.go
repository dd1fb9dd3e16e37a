package export

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// Stamp names the round a Set was made from.
type Stamp struct {
	Number   int
	Name     string
	Checksum string // hex SHA-256 of the round
	Signed   []review.Signature
	Unsigned []review.Party    // whose signature the policy still asks for
	Moved    []corpus.ClauseID // whose texts are not the frozen ones any more
	// Unmatched are the clauses of which nothing was agreed, nil where it is not noted.
	Unmatched []review.Unmatched
}

// line is the stamp for one line of a head.
func (p Stamp) line() string {
	return oneLine(fmt.Sprintf("%d · %s · SHA-256 %s", p.Number, p.Name, p.Checksum))
}

// FromRound makes the Set of a frozen round, with its texts and counts. Rights are
// those of now: a text that may not be shown any more is not shown from a round.
func FromRound(ctx context.Context, now Source, f review.Frozen, o Options) (Set, error) {
	p, err := OpenRound(ctx, now, f, o)
	if err != nil {
		return Set{}, err
	}
	return p.all(ctx)
}

// OpenRound is to FromRound what Open is to Gather.
func OpenRound(ctx context.Context, now Source, f review.Frozen, o Options) (*Opened, error) {
	o.OneSided = false // a round holds only what was agreed
	moved, err := Moved(ctx, now, f.Round)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	holdings, err := now.Standards(ctx)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	p, err := Open(ctx, Thaw(f.Round, holdings), f.Round.Dossier.ID, o)
	if err != nil {
		return nil, err
	}
	p.Round = &Stamp{Number: f.Round.Number, Name: f.Round.Name, Checksum: f.Checksum, Signed: f.Signatures,
		Unsigned: review.Unsigned(f.Round.Dossier, f.Signatures), Moved: moved, Unmatched: f.Round.Unmatched}
	return p, nil
}

// Thaw is a round as a Source: with its own texts and standards, of which the rights
// are those of now.
func Thaw(r review.Round, now []corpus.Holding) Source {
	from := frozen{r, map[corpus.ClauseID]corpus.Clause{}, slices.Clone(r.Standards)}
	for i := range from.standards {
		for _, h := range now {
			if h.Standard.ID == from.standards[i].ID {
				from.standards[i].Rights = h.Standard.Rights
			}
		}
	}
	for _, c := range r.Clauses {
		from.clauses[c.ID] = c
	}
	return from
}

// Amender is an extra ability of a library: what amendments do to clauses now.
type Amender interface {
	Amended(ctx context.Context, ids ...corpus.ClauseID) (map[corpus.ClauseID][]corpus.Amendment, error)
}

// Leaver is a library that knows which clauses have left their standard, though it keeps
// their wordings.
type Leaver interface {
	Left(ctx context.Context, ids ...corpus.ClauseID) ([]corpus.ClauseID, error)
}

// Moved lists the clauses of a round whose wordings in the library are others now,
// that have left their standard, or that amendments change otherwise than when it was
// frozen.
func Moved(ctx context.Context, library corpus.Library, r review.Round) ([]corpus.ClauseID, error) {
	var ids []corpus.ClauseID
	for _, c := range r.Clauses {
		ids = append(ids, c.ID)
	}
	clauses, err := library.Clauses(ctx, ids...)
	if err != nil {
		return nil, err
	}
	present := make(map[corpus.ClauseID]corpus.Digest, len(clauses))
	for _, c := range clauses {
		present[c.ID] = c.Digest()
	}
	if leaver, able := library.(Leaver); able {
		left, err := leaver.Left(ctx, ids...)
		if err != nil {
			return nil, err
		}
		for _, id := range left {
			delete(present, id)
		}
	}
	var amended map[corpus.ClauseID][]corpus.Amendment
	if amender, able := library.(Amender); able {
		if amended, err = amender.Amended(ctx, ids...); err != nil {
			return nil, err
		}
	}
	return r.Moved(present, amended), nil
}

// frozen is a round as a Source.
type frozen struct {
	round     review.Round
	clauses   map[corpus.ClauseID]corpus.Clause
	standards []corpus.Standard
}

func (f frozen) Clauses(_ context.Context, ids ...corpus.ClauseID) ([]corpus.Clause, error) {
	var out []corpus.Clause
	for _, id := range ids {
		if c, there := f.clauses[id]; there {
			out = append(out, c)
		}
	}
	return out, nil
}

func (f frozen) Standards(context.Context) ([]corpus.Holding, error) {
	var out []corpus.Holding
	for _, s := range f.standards {
		out = append(out, corpus.Holding{Standard: s})
	}
	return out, nil
}

func (f frozen) Dossier(context.Context, uuid.UUID) (review.Dossier, error) {
	return f.round.Dossier, nil
}

func (f frozen) Matches(context.Context, review.Filter) (review.Page, error) {
	return review.Page{Matches: f.round.Matches, Total: len(f.round.Matches)}, nil
}

func (f frozen) Reservations(context.Context, uuid.UUID) ([]review.Reservation, error) {
	return f.round.Reservations, nil
}

func (f frozen) CoverageOf(context.Context, string, review.CoverageFilter) ([]review.Coverage, error) {
	return f.round.Coverage, nil
}

func (f frozen) AuditHead(context.Context) (int64, string, error) {
	return f.round.Audit.Seq, f.round.Audit.Hash, nil
}

// notices are the sentences for the first page and every running head.
func (s Set) notices(w phrases) string {
	var out []string
	if s.demonstration() {
		out = append(out, w.say("about.demonstration"))
	}
	if s.Options.OneSided {
		out = append(out, w.say("note.onesided"))
	}
	if s.Round != nil {
		out = append(out, w.say("about.round")+" "+s.Round.line())
		if n := len(s.Round.Moved); n > 0 {
			out = append(out, fmt.Sprintf("%s %d", w.say("about.moved"), n))
		}
	}
	return strings.Join(out, " · ")
}

// aboutRound adds what is known of the round to the table of particulars.
func (s Set) aboutRound(add func(string, cell)) {
	if s.Round == nil {
		return
	}
	add("round", plain(s.Round.line()))
	var signed []text
	for _, g := range s.Round.Signed {
		signed = append(signed, text{s: fmt.Sprintf("%s · %s · %s", g.Party, g.Name, g.At.UTC().Format("2006-01-02 15:04 UTC"))})
	}
	add("signed", of(signed...))
	if len(s.Round.Unsigned) > 0 {
		var parties []text
		for _, p := range s.Round.Unsigned {
			parties = append(parties, text{s: string(p)})
		}
		add("unsigned", of(parties...))
	}
	if len(s.Round.Moved) > 0 {
		var ids []text
		for _, id := range s.Round.Moved {
			ids = append(ids, text{s: string(id)})
		}
		add("moved", of(ids...))
	}
}
