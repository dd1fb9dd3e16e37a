package review

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// PositionPriority is how much a party cares about a position.
type PositionPriority string

// The priorities (our own), the weightiest first.
const (
	PriorityHigh   PositionPriority = "high"
	PriorityNormal PositionPriority = "normal"
	PriorityLow    PositionPriority = "low"
)

// PositionPriorities lists every priority, the weightiest first.
var PositionPriorities = []PositionPriority{PriorityHigh, PriorityNormal, PriorityLow}

// Position is what a party wants of a match, or of its whole dossier: a private
// note of that party's negotiators and reviewers. It is no opinion, no rule reads
// it, and only PositionsShown lets it out. Every change is another version.
type Position struct {
	Dossier  uuid.UUID
	Match    uuid.UUID // uuid.Nil where it is about the whole dossier
	Party    Party
	Version  int    // from 1; as an argument the version it replaces, 0 for none
	Want     string // what the party asks for
	Fallback string // what it would settle for
	RedLine  string // what it never accepts
	Priority PositionPriority
	Settled  bool // nothing is left to be won
	Person   uuid.UUID
	At       time.Time
	// Sources and Targets are the clauses of the match, set by whoever lists it; none
	// where it is about the dossier, or its match is there no more.
	Sources, Targets []corpus.ClauseID
}

// Empty tells whether a position says nothing: it was taken back.
func (x Position) Empty() bool { return x.Want == "" && x.Fallback == "" && x.RedLine == "" }

// SameWords tells whether two versions say the same.
func (x Position) SameWords(y Position) bool {
	return x.Want == y.Want && x.Fallback == y.Fallback && x.RedLine == y.RedLine && x.Priority == y.Priority && x.Settled == y.Settled
}

// PositionsShown leaves of positions of one dossier what a person may see: those of
// their own party, when their role keeps positions and the party takes part. It is
// the only gate of positions (UX.md 7.5: seen by that party alone, held by the
// server). Adjudicators stand above the parties, and administrators run the system:
// neither sees any.
func PositionsShown(list []Position, d Dossier, p Person) []Position {
	if MayHold(d, p) != nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(list), func(x Position) bool { return x.Party != p.Party || x.Dossier != d.ID })
}

// MayHold says why a person has no part in a party's positions on a dossier, or nil.
func MayHold(d Dossier, p Person) error {
	if !p.May(ActionPosition) {
		return corpus.Refuse(corpus.ErrForbidden, "position-role", "your role keeps no positions")
	}
	if !d.TakesPart(p.Party) {
		return corpus.Refuse(corpus.ErrForbidden, "party-outside", "your party \"{party}\" takes no part in the dossier {dossier}", "party", p.Party, "dossier", d.Name)
	}
	return nil
}

// NextPosition is the version that follows the one that is kept (the zero Position
// for none) when a person writes ask. Of ask the words, priority, status and the
// version it replaces count. Errors: corpus.ErrForbidden, corpus.ErrInvalid,
// corpus.ErrLimit, and corpus.ErrConflict when somebody of the party was faster.
func NextPosition(d Dossier, kept, ask Position, p Person, now time.Time) (Position, error) {
	if err := MayHold(d, p); err != nil {
		return ask, err
	}
	for _, text := range []*string{&ask.Want, &ask.Fallback, &ask.RedLine} {
		if *text = strings.TrimSpace(strings.ToValidUTF8(*text, "\uFFFD")); utf8.RuneCountInString(*text) > MaxNoteRunes {
			return ask, corpus.Refuse(corpus.ErrLimit, "text-long", "a text has more than {most} characters", "most", MaxNoteRunes)
		}
	}
	switch {
	case d.Closed:
		return ask, corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
	case !slices.Contains(PositionPriorities, ask.Priority):
		return ask, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a priority", "value", fmt.Sprintf("%.60s", string(ask.Priority)))
	case ask.Version != kept.Version:
		return ask, corpus.Refuse(corpus.ErrConflict, "position-stale", "somebody of your party changed this position since you read it")
	case kept.Version == 0 && ask.Empty():
		return ask, corpus.Refuse(corpus.ErrInvalid, "position-empty", "write what you want, a fallback or a red line")
	}
	ask.Dossier, ask.Party, ask.Person, ask.At = d.ID, p.Party, p.ID, now
	ask.Version++
	return ask, nil
}
