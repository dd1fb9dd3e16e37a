package staging

import (
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// MaxEffectCorrections bounds how many corrections of its effects an overlay has.
const MaxEffectCorrections = 500

// EffectCorrection is what a person said of an effect of an overlay, kept so that it
// can be taken back.
type EffectCorrection struct {
	ID       uuid.UUID         `json:"id"`
	Standard corpus.StandardID `json:"standard"` // the overlay
	corpus.EffectCorrection
	Person    string    `json:"person"` // an id, or the name of a program
	At        time.Time `json:"at"`
	Withdrawn time.Time `json:"withdrawn,omitzero"`
	UndoneBy  string    `json:"undoneBy,omitempty"`
	Standing  bool      `json:"-"` // counts: not taken back, and of the present wording; set by whoever loads it
}

// Said are the corrections as corpus.Effects takes them.
func Said(list []EffectCorrection) []corpus.EffectCorrection {
	var out []corpus.EffectCorrection
	for _, x := range list {
		if x.Withdrawn.IsZero() {
			out = append(out, x.EffectCorrection)
		}
	}
	return out
}
