package web

import (
	"slices"
	"strings"

	"concord/corpus"
)

// maxOpen bounds how many chapters of an outline an address opens.
const maxOpen = 100

// openOf reads which chapters of an outline show their sections: their keys, parted by
// commas. The address keeps them, since nothing is kept in the browser.
func openOf(text string) []string {
	var out []string
	for _, key := range strings.Split(clip(text, 2000), ",") {
		if key != "" && len(out) < maxOpen && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

// unfold opens the chapters that the address names, and that of the page's first
// clause, which is marked.
func (p *standardPage) unfold(rows []corpus.Clause) {
	shown := map[corpus.ClauseID]bool{}
	for _, c := range rows {
		shown[c.ID] = true
	}
	marked := false
	for _, e := range p.Outline {
		here := shown[e.ID]
		for _, child := range e.Children {
			here = here || shown[child.ID]
		}
		e.Open = slices.Contains(p.Open, e.ID.Key())
		if here && !marked {
			e.Open, e.Here, marked = e.Open || p.Prev != "", p.Prev != "", true
		}
	}
}
