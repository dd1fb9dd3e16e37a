package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"concord/corpus"
	"concord/review"
)

// Bounds of what is near to a designation (our own): characters looked at, changes of
// one character, standards told.
const (
	nearLongest = 40
	nearChanges = 3
	nearMost    = 5
)

// nearest are the standards whose designations are almost what was typed, the nearest
// first. What has no digit is no designation.
func nearest(text string, all []corpus.Holding) []againstChoice {
	wanted := []rune(lookText(bare(text)))
	if len(wanted) < 3 || len(wanted) > nearLongest || !slices.ContainsFunc(wanted, unicode.IsDigit) {
		return nil
	}
	type near struct {
		againstChoice
		changes int
	}
	var found []near
	for _, h := range all {
		kept := lookText(bare(h.Standard.Designation))
		changes := apart(wanted, []rune(kept))
		if without, _, dated := cutYear(h.Standard.Designation); dated { // typed without its year
			changes = min(changes, apart(wanted, []rune(lookText(bare(without)))))
		}
		if changes <= min(nearChanges, len(wanted)/3) {
			found = append(found, near{againstChoice{h.Standard.ID, h.Standard.Designation}, changes})
		}
	}
	corpus.SortRows(found, func(x, y near) int { return cmp.Or(cmp.Compare(x.changes, y.changes), strings.Compare(x.Name, y.Name)) })
	var out []againstChoice
	for _, f := range found[:min(nearMost, len(found))] {
		out = append(out, f.againstChoice)
	}
	return out
}

// cutYear is a designation without its year of four digits at the end.
func cutYear(designation string) (without, year string, ok bool) {
	at := strings.LastIndexAny(designation, "-–—:")
	if at < 0 {
		return designation, "", false
	}
	year = strings.TrimLeft(designation[at:], "-–—:")
	return designation[:at], year, len(year) == 4 && strings.Trim(year, "0123456789") == ""
}

// apart is how many characters must be put in, left out or changed to make one text
// of the other (Levenshtein, 1965).
func apart(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// chipOrder is the order of states beside a hit: agreed, then opinions, then that
// there is none (UX.md 5).
var chipOrder = []review.State{review.StateConfirmed, review.StateOpinion, review.StateDisputed, review.StateAbsent, review.StateRejected, review.StateProposed}

// inOrder brings chips into the order of their states.
func inOrder(chips []Chip) []Chip {
	corpus.SortRows(chips, func(x, y Chip) int {
		return cmp.Compare(slices.Index(chipOrder, x.State), slices.Index(chipOrder, y.State))
	})
	return chips
}
