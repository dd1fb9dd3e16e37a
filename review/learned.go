package review

import (
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
)

// LearnedModel is one version of the matcher's weights and confidence, fitted to
// what dossiers settled. It is never changed.
type LearnedModel struct {
	Number   int           `json:"version"`
	Made     time.Time     `json:"made"`
	Maker    string        `json:"maker"` // a person's id or "cli"
	Checksum string        `json:"checksum"`
	InUse    bool          `json:"inUse"`
	Dossiers []LearnedFrom `json:"dossiers"`
	Fit      matcher.Fit   `json:"fit"`
}

// LearnedFrom is what one dossier gave: settled pairs of one clause on each side,
// decided on the present texts.
type LearnedFrom struct {
	Dossier uuid.UUID `json:"dossier"`
	Name    string    `json:"name"`
	matcher.FitNeed
}

// Needed adds up what dossiers give.
func Needed(all []LearnedFrom) matcher.FitNeed {
	var n matcher.FitNeed
	for _, d := range all {
		n.Agreed += d.Agreed
		n.Rejected += d.Rejected
	}
	return n
}

// MayUseModel refuses a version that was worse on the decisions it had not seen,
// unless somebody takes it anyway.
func MayUseModel(m LearnedModel, anyway bool) error {
	if !m.Fit.Worse() || anyway {
		return nil
	}
	f := m.Fit
	return corpus.Refuse(corpus.ErrConflict, "model-worse", "version {number} is worse on decisions it had not seen: order {map} with it, {mapWas} without; error of the confidence {ece} with it, {eceWas} without",
		"number", m.Number, "map", f.Ranking.After, "mapWas", f.Ranking.Before, "ece", f.Confident.After, "eceWas", f.Confident.Before)
}
