package matcher

import "concord/corpus"

// Code is a reason why the matcher abstains.
type Code string

// The codes, in the order they are given.
const (
	CodeNothingFound Code = "nothing-found" // no candidate shares anything
	CodeLittleText   Code = "little-text"   // too few words to tell what is asked
	CodeLowScore     Code = "low-score"     // the best candidate shares little
	CodeNoneAhead    Code = "none-ahead"    // several candidates look alike
	CodeRivals       Code = "rivals"        // the best candidate fits other clauses better
)

// Outlook is what the proposals of one clause say together: the chance that any
// of them is right, and why that is small.
type Outlook struct {
	Chance float64 `json:"chance"`
	// None predicts that there is no counterpart: it is likelier than not that
	// no proposal is right.
	None  bool   `json:"none"`
	Codes []Code `json:"codes,omitempty"` // when None
}

// Limits of the codes: own choices, they name a cause and change no figure.
const (
	littleText = 4    // words
	nearAhead  = 0.05 // of a score
	rivalsFrom = -0.1 // value of the signal
)

// Outlook judges the proposals of a clause, as Match gave them, taking them for
// independent of each other.
func (m *Matcher) Outlook(c corpus.Clause, found []Proposal) Outlook {
	out := Outlook{Chance: chance(found)}
	if out.None = out.Chance < m.model.values["counterpart-from"]; !out.None {
		return out
	}
	if len(m.lex.Read(c, corpus.TraditionUnknown).Words) < littleText {
		out.Codes = append(out.Codes, CodeLittleText)
	}
	if len(found) == 0 {
		return Outlook{0, true, append([]Code{CodeNothingFound}, out.Codes...)}
	}
	if found[0].Score < m.model.values["relation-none-below"]*3 {
		out.Codes = append(out.Codes, CodeLowScore)
	}
	if len(found) > 1 && found[0].Score-found[1].Score < nearAhead {
		out.Codes = append(out.Codes, CodeNoneAhead)
	}
	for _, r := range found[0].Reasons {
		if r.Signal == "rivals" && r.Value < rivalsFrom {
			out.Codes = append(out.Codes, CodeRivals)
		}
	}
	return out
}

// chance that any proposal is right.
func chance(found []Proposal) float64 {
	none := 1.0
	for _, p := range found[:min(len(found), proposedDepth)] {
		none *= 1 - p.Confidence
	}
	return 1 - none
}

// CounterpartFigures judge "no counterpart likely" over the sources of which the
// set says whether they have one.
type CounterpartFigures struct {
	Sources int `json:"sources"`
	Without int `json:"without"` // sources that have no counterpart
	Said    int `json:"said"`    // none was predicted
	Right   int `json:"right"`   // and there is none
}

func (f *CounterpartFigures) add(o CounterpartFigures) {
	f.Sources, f.Without, f.Said, f.Right = f.Sources+o.Sources, f.Without+o.Without, f.Said+o.Said, f.Right+o.Right
}
