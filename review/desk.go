package review

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
)

// Records keeps matches. Every method is one transaction.
type Records interface {
	// Match loads a match with its decisions, its dossier and the present
	// digests of its clauses; corpus.ErrNotFound when there is none.
	Match(ctx context.Context, id uuid.UUID) (Match, Dossier, error)
	// Amend loads a match, lets change decide what becomes of it, and writes
	// the decisions that were added, the audit rows, the new version and state
	// in the same transaction. An error of change, or an unchanged version,
	// writes nothing. The match as it stands afterwards comes back in any case.
	Amend(ctx context.Context, id uuid.UUID, actor Person, change func(Match, Dossier) (Match, error)) (Match, error)
	// Absent finds or makes the match without targets that asks whether the
	// sources have a counterpart in a standard.
	Absent(ctx context.Context, dossier uuid.UUID, sources []corpus.ClauseID, against corpus.StandardID) (Match, error)
}

// Desk is where people decide: it puts Decide inside a transaction of Records.
type Desk struct {
	Records Records
	Compare Comparer // nil asks the kept comparison alone
	Now     func() time.Time
}

// Comparer compares the present texts of a match whose kept comparison is of
// others, or missing: nil when they cannot be compared.
type Comparer interface {
	Comparison(ctx context.Context, m Match) (*matcher.Proposal, error)
}

// Answer is what a person sends: the answer itself and what it was based on.
type Answer struct {
	Match       uuid.UUID
	Version     int // of the match the person saw; 0 skips the check
	Kind        DecisionKind
	Verdict     Verdict
	AToB, BToA  corpus.Recognition
	Reasons     []string
	Note        string
	Search      string
	Seen        []Seen
	Idempotency string // "" when the client sends none
}

// MaxNoteRunes bounds a note, a search description and each condition.
const MaxNoteRunes = 4000

// errReplay ends an Amend whose decision was made before under the same key.
var errReplay = errors.New("answered before")

// Decide records an answer and returns the match as it stands afterwards, with
// the decision made. No counterpart, said of a pair, is recorded on the match
// without targets for the same sources and standard. Errors: corpus.ErrConflict
// with the match as it is now when somebody else was faster or a text changed
// (ErrStale, ErrSettled), ErrGuard when something is missing from the answer,
// corpus.ErrForbidden when the person may not, corpus.ErrNotFound.
func (d *Desk) Decide(ctx context.Context, p Person, a Answer) (Match, Decision, error) {
	if err := a.check(); err != nil {
		return Match{}, Decision{}, err
	}
	if a.Verdict == VerdictNoCounterpart {
		m, _, err := d.Records.Match(ctx, a.Match)
		if err != nil {
			return Match{}, Decision{}, err
		}
		if len(m.Targets) > 0 && !m.Control {
			return d.absent(ctx, p, a, m)
		}
	}
	return d.amend(ctx, p, a.Match, a)
}

// absent turns "no counterpart" on a pair into an answer on the match without
// targets, seen with the same source texts.
func (d *Desk) absent(ctx context.Context, p Person, a Answer, pair Match) (Match, Decision, error) {
	m, err := d.Records.Absent(ctx, pair.Dossier, pair.Sources, pair.Against)
	if err != nil {
		return Match{}, Decision{}, err
	}
	a.Match, a.Version = m.ID, 0
	return d.amend(ctx, p, m.ID, a)
}

// amend runs the rule inside the store's transaction.
func (d *Desk) amend(ctx context.Context, p Person, id uuid.UUID, a Answer) (Match, Decision, error) {
	var made Decision
	on, err := d.comparison(ctx, id)
	if err != nil {
		return Match{}, Decision{}, err
	}
	m, err := d.Records.Amend(ctx, id, p, func(m Match, dossier Dossier) (Match, error) {
		if before, replayed := m.replay(p, a.Idempotency); replayed {
			if !before.says(a) { // a page that was sent came back and was filled in otherwise
				return m, corpus.Refuse(corpus.ErrConflict, "answer-again", "another answer of yours was saved from this page: read what stands, then answer anew")
			}
			made = before
			return m, errReplay
		}
		if a.Version != 0 && a.Version != m.Version {
			return m, corpus.Refuse(corpus.ErrConflict, "version", "you saw version {seen}, it is now version {now}", "seen", a.Version, "now", m.Version)
		}
		if on != nil && on.Reads(m.digest) {
			m.Proposal = on
		}
		decision, err := d.decision(a, m)
		if err != nil {
			return m, err
		}
		made = decision
		return Decide(m, dossier, p, decision)
	})
	if errors.Is(err, errReplay) {
		err = nil
	}
	if err != nil {
		return m, Decision{}, err
	}
	return m, m.kept(made), nil
}

// comparison compares the texts of a match where the kept one is not of them, so
// that the guard asks what the person saw; nil where the kept one stands. It is
// made outside of the transaction and holds only for the texts it read.
func (d *Desk) comparison(ctx context.Context, id uuid.UUID) (*matcher.Proposal, error) {
	if d.Compare == nil {
		return nil, nil
	}
	m, _, err := d.Records.Match(ctx, id)
	if err != nil || len(m.Targets) == 0 || m.Gone() || m.Compared() {
		return nil, err
	}
	return d.Compare.Comparison(ctx, m)
}

// kept is a decision as the match has it, with what Decide and the store added.
func (m Match) kept(made Decision) Decision {
	for _, d := range m.Decisions {
		if d.ID == made.ID {
			return d
		}
	}
	return made
}

// decision is the answer as it will be kept.
func (d *Desk) decision(a Answer, m Match) (Decision, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Decision{}, fmt.Errorf("make a decision id: %w", err)
	}
	model := ""
	if m.Proposal != nil {
		model = m.Proposal.Model
	}
	return Decision{
		ID: id, Match: m.ID, Kind: a.Kind, Verdict: a.Verdict, AToB: a.AToB, BToA: a.BToA,
		Reasons: a.Reasons, Note: a.Note, Search: a.Search, Seen: a.Seen, Model: model,
		At: d.Now().UTC(), Idempotency: a.Idempotency,
	}, nil
}

// Undo withdraws a person's last decision on a match. It is itself a decision;
// nothing is deleted. Errors as of Decide.
func (d *Desk) Undo(ctx context.Context, p Person, match, decision uuid.UUID) (Match, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Match{}, fmt.Errorf("make a decision id: %w", err)
	}
	return d.Records.Amend(ctx, match, p, func(m Match, dossier Dossier) (Match, error) {
		return Decide(m, dossier, p, Decision{ID: id, Kind: KindWithdrawal, Withdraws: decision, At: d.Now().UTC()})
	})
}

// says tells whether a decision is what an answer says, but for what the records clean.
func (d Decision) says(a Answer) bool {
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	return d.Kind == a.Kind && d.Verdict == a.Verdict && d.AToB.Answer == a.AToB.Answer && d.BToA.Answer == a.BToA.Answer &&
		len(d.Reasons) == len(a.Reasons) && words(d.Note) == words(a.Note)
}

// replay finds the decision made before under the same idempotency key.
func (m Match) replay(p Person, key string) (Decision, bool) {
	if key == "" {
		return Decision{}, false
	}
	for _, d := range m.Decisions {
		if d.Person == p.ID && d.Idempotency == key {
			return d, true
		}
	}
	return Decision{}, false
}

// check bounds what a client may send.
func (a Answer) check() error {
	texts := append([]string{a.Note, a.Search}, append(a.AToB.Conditions, a.BToA.Conditions...)...)
	for _, s := range texts {
		if len([]rune(s)) > MaxNoteRunes {
			return corpus.Refuse(corpus.ErrLimit, "text-long", "a text has more than {most} characters", "most", MaxNoteRunes)
		}
	}
	if len(a.AToB.Conditions)+len(a.BToA.Conditions) > 40 || len(a.Reasons) > len(ReasonCodes) || len(a.Idempotency) > 100 {
		return corpus.Refuse(corpus.ErrLimit, "parts-many", "the answer has too many parts")
	}
	for _, r := range a.Reasons {
		if !contains(ReasonCodes, r) {
			return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a reason code", "value", r)
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}
