package review

import (
	"slices"

	"github.com/google/uuid"

	"concord/corpus"
)

// MaxTogether is how many clauses one side of a set may have that somebody puts
// together on a page (our own; nobody reads more side by side).
const MaxTogether = 20

// Together is a match of the clauses of another and more: what is asked of the
// sources is met only by several targets together, or the other way round. It
// belongs to the dossier of m and is yet to be kept; m itself stays as it is.
// Errors: corpus.ErrInvalid when nothing is added or m asks for a counterpart,
// corpus.ErrLimit for more than MaxTogether on a side. That all clauses of a side
// are of one standard, and that the person may, is checked where it is kept.
func Together(m Match, sources, targets []corpus.ClauseID) (Match, error) {
	out := Match{Dossier: m.Dossier, Sources: union(m.Sources, sources), Targets: union(m.Targets, targets), Against: m.Against}
	switch {
	case len(m.Targets) == 0:
		return m, corpus.Refuse(corpus.ErrInvalid, "set-absent", "this match asks whether there is a counterpart and has no clause to add to")
	case len(out.Sources)+len(out.Targets) == len(m.Sources)+len(m.Targets):
		return m, corpus.Refuse(corpus.ErrInvalid, "set-nothing", "tick a clause to add")
	case len(out.Sources) > MaxTogether || len(out.Targets) > MaxTogether:
		return m, corpus.Refuse(corpus.ErrLimit, "set-large", "at most {most} clauses stand together on one side", "most", MaxTogether)
	}
	return out, nil
}

// Replaced is a match of m's sources with another clause as their only target; m itself
// stays as it is. Errors: corpus.ErrInvalid when no clause is named, or the one that is
// the target already.
func Replaced(m Match, target corpus.ClauseID) (Match, error) {
	if target.Key() == "" {
		return m, corpus.Refuse(corpus.ErrInvalid, "replace-nothing", "choose the clause that is to stand there")
	}
	if len(m.Targets) == 1 && m.Targets[0] == target {
		return m, corpus.Refuse(corpus.ErrInvalid, "replace-same", "this clause is the one that stands there")
	}
	return Match{Dossier: m.Dossier, Sources: slices.Clone(m.Sources), Targets: []corpus.ClauseID{target}, Against: target.Standard()}, nil
}

// union are the clauses of both lists, once each, in the order given.
func union(a, b []corpus.ClauseID) []corpus.ClauseID {
	out := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// Outdated tells whether a set is to be compared: on the texts that stand now it
// never was or, in a run that compares anew, nobody has answered it. What was
// answered keeps what it was answered on until a text changes, as a pair does; a set
// that lost a clause, or asks for a counterpart, cannot be compared. Digests must be
// set.
func (m Match) Outdated(anew bool) bool {
	switch {
	case !m.IsSet() || len(m.Targets) == 0 || m.Gone():
		return false
	case !m.Compared():
		return m.Proposal == nil || m.Suspect || len(m.Decisions) == 0
	}
	return anew && len(m.Decisions) == 0
}

// MayDrop says why a match may not be withdrawn by a person, or nil. Only who made
// it by hand may, while nobody has answered; maker is uuid.Nil for a proposed one.
func MayDrop(m Match, d Dossier, p Person, maker uuid.UUID) error {
	switch {
	case d.Closed:
		return corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
	case maker == uuid.Nil || m.Proposal != nil && !m.IsSet():
		return corpus.Refuse(corpus.ErrConflict, "set-proposed", "the program proposes this match, so it stays")
	case maker != p.ID || !p.May(ActionReview):
		return corpus.Refuse(corpus.ErrForbidden, "set-own", "only who made a match can withdraw it")
	case len(m.Decisions) > 0:
		return corpus.Refuse(corpus.ErrConflict, "set-decided", "somebody has answered this match already")
	}
	return nil
}
