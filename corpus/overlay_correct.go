package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// EffectNone is said by a person of what was read as an effect and is none.
const EffectNone EffectAct = "none"

// EffectActs lists the acts in the order pages count and offer them.
var EffectActs = []EffectAct{EffectReplaced, EffectAdded, EffectDeleted, EffectReworded, EffectChoice}

// EffectRead names one effect among those of a clause of an overlay; without an
// act it is none that was read.
type EffectRead struct {
	Act    EffectAct `json:"act,omitempty"`
	Number string    `json:"number,omitempty"`
}

// EffectCorrection is what a person says that a clause of an overlay does, instead
// of what was read. It is bound to the wording of that clause: another one is read
// anew.
type EffectCorrection struct {
	By     ClauseID   `json:"by"`     // of the overlay
	Digest Digest     `json:"digest"` // of its wording
	Read   EffectRead `json:"read"`
	Said   EffectRead `json:"said"` // EffectNone: it does nothing
}

// Check says what is wrong with a correction of an overlay's clauses, or completes
// it: the number as this program writes numbers. Errors: ErrInvalid, ErrNotFound.
func (x EffectCorrection) Check(overlay []Clause) (EffectCorrection, error) {
	i := slices.IndexFunc(overlay, func(c Clause) bool { return c.ID == x.By })
	switch {
	case i < 0:
		return x, Refuse(ErrNotFound, "effect-clause", "the overlay has no clause {clause}", "clause", x.By)
	case overlay[i].Digest() != x.Digest:
		return x, Refuse(ErrConflict, "stale-clause", "clause {clause} changed since you read it", "clause", x.By)
	case x.Said.Act == EffectNone && x.Read.Act != "":
		x.Said.Number = ""
		return x, nil
	case !slices.Contains(EffectActs, x.Said.Act):
		return x, Refuse(ErrInvalid, "no-choice", "\"{value}\" is no kind of effect", "value", string(x.Said.Act))
	}
	text := strings.TrimSpace(x.Said.Number)
	switch n, rest, ok := LeadingNumber(text); {
	case len(text) > 60 || !strings.ContainsAny(asciiDigits(text), "0123456789"):
		return x, Refuse(ErrInvalid, "effect-number", "\"{value}\" is no number of a clause", "value", firstRunes(text, 60))
	case ok && strings.TrimSpace(rest) == "":
		x.Said.Number = n.String()
	default:
		x.Said.Number = strings.ToUpper(asciiDigits(text))
	}
	if x.Said == x.Read {
		return x, Refuse(ErrInvalid, "effect-same", "this is how it was read")
	}
	return x, nil
}

// firstRunes is the beginning of a text that may be too long to be said whole.
func firstRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// correct puts what people said in the place of what was read, and behind it what
// was not read.
func (w *effectReading) correct(corrections []EffectCorrection) {
	for _, x := range corrections {
		own := slices.IndexFunc(w.own, func(c Clause) bool { return c.ID == x.By && c.Digest() == x.Digest })
		if own < 0 {
			continue
		}
		was := x.Read
		if was.Act == "" && len(w.found) < maxEffects {
			w.found = append(w.found, w.effect(own, Effect{Act: x.Said.Act, Number: x.Said.Number, Why: whyOf(x.Said.Act, w.own[own]), Was: &was, rest: w.own[own].Text}))
			continue
		}
		var left []Effect
		for _, e := range w.found {
			switch {
			case e.By != x.By || e.Was != nil || e.Act != was.Act || e.Number != was.Number:
				left = append(left, e)
			case x.Said.Act != EffectNone:
				e.Act, e.Number, e.Was = x.Said.Act, x.Said.Number, &was
				if e.Act == EffectReworded && e.Why == "" {
					e.Why = whyOf(e.Act, w.own[own])
				}
				left = append(left, w.effect(own, e))
			}
		}
		w.found = left
	}
}

// whyOf are the words that reword a clause where a person says that they do.
func whyOf(act EffectAct, c Clause) string {
	if act == EffectReworded {
		return c.Text
	}
	return ""
}

// Amendment is one change that an overlay makes to a clause of its base: what a
// decision on the clause was made knowing, or not.
type Amendment struct {
	By     ClauseID  `json:"by"` // of the overlay
	Act    EffectAct `json:"act"`
	Digest Digest    `json:"digest"` // of what it does: what does otherwise is another one
}

// amends tells whether an effect changes what a clause of the base asks. A new
// clause and a nation's choice leave its text as it was decided on.
func (e Effect) amends() bool {
	return e.Base != "" && (e.Act == EffectReplaced || e.Act == EffectDeleted || e.Act == EffectReworded)
}

// Amendment is the effect as the change of a clause, and whether it changes one.
func (e Effect) Amendment() (Amendment, bool) {
	if !e.amends() {
		return Amendment{}, false
	}
	parts := []string{string(e.By.Standard()), string(e.Act)}
	switch e.Act {
	case EffectReplaced:
		parts = append(parts, foldSpace(e.New.Heading), foldSpace(e.New.Text))
	case EffectReworded:
		parts = append(parts, foldSpace(e.Why))
	}
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return Amendment{e.By, e.Act, Digest(hex.EncodeToString(h.Sum(nil))[:32])}, true
}

// Laid is an overlay with its clauses and what people corrected of its effects.
type Laid struct {
	Over
	Clauses     []Clause
	Corrections []EffectCorrection
}

// MaxOverlays bounds of how many overlays the effects on one base are worked out.
const MaxOverlays = 24

// Worked tells whether an overlay's effects on a base are worked out: in the base's
// own language alone.
func (o Over) Worked(base Standard) bool { return o.Standard.Language.Base() == base.Language.Base() }

// Effects works out what the overlay does to its base.
func (l Laid) Effects(base []Clause) []Effect {
	return Effects(l.Overlay.Kind, base, l.Clauses, l.Corrections...)
}

// Amendments are the changes that overlays of a base, in the order they apply, make
// to its clauses: each once.
func Amendments(base []Clause, over []Laid) map[ClauseID][]Amendment {
	out := map[ClauseID][]Amendment{}
	for _, l := range over {
		for _, e := range l.Effects(base) {
			a, is := e.Amendment()
			if is && !slices.ContainsFunc(out[e.Base], func(have Amendment) bool { return have.Digest == a.Digest }) {
				out[e.Base] = append(out[e.Base], a)
			}
		}
	}
	return out
}

// EffectReading names how this program reads effects: what was worked out under
// another name is to be worked out anew. A change of the code beside the table of
// orders changes its first word.
func EffectReading() string {
	h := sha256.New()
	for _, f := range effectForms {
		h.Write([]byte(string(f.act) + f.form.String() + "\x00"))
	}
	for _, f := range overlayForms {
		h.Write([]byte(string(f.kind) + f.form.String() + "\x00"))
	}
	return "1 " + hex.EncodeToString(h.Sum(nil))[:16]
}
