package web

import (
	"slices"

	"concord/corpus/lexicon"
	"concord/index"
)

// askedChip is a range of values that the query asks for.
type askedChip struct {
	Text   string
	Remove string // address of the search without it
}

// askedChips makes chips of the ranges a query asks for.
func askedChips(list []index.Asked, q index.Query) []askedChip {
	var out []askedChip
	for _, r := range list {
		text := r.Printed
		if sign := boundSigns[r.Bound]; sign != "" {
			text = sign + "\u00a0" + text
		}
		out = append(out, askedChip{text, address(withoutSpan(q, r.Span))})
	}
	return out
}

// boundSigns are the bounds as signs; a range has none.
var boundSigns = map[lexicon.Bound]string{
	lexicon.BoundAtLeast: "≥", lexicon.BoundAtMost: "≤", lexicon.BoundMoreThan: ">", lexicon.BoundLessThan: "<", lexicon.BoundExact: "=",
}

// metTexts print a clause's values that were asked for, each once.
func metTexts(list []index.Met, w *words) []string {
	var out []string
	for _, m := range list {
		text := w.decimal(m.Low)
		if m.High != m.Low {
			text += "–" + w.decimal(m.High)
		}
		text += "\u00a0" + m.Unit
		if sign := boundSigns[m.Bound]; sign != "" {
			text = sign + "\u00a0" + text
		}
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
