package web

import (
	"concord/review"
)

// heatMap is how many matches join each chapter of A with each of B: the ladder's
// figures as a table, which stays readable where bands would not.
type heatMap struct {
	Heads []heatHead
	Rows  []heatRow
}

// heatHead is a chapter of B.
type heatHead struct {
	chapter
	Whole string // label and heading
}

// heatRow is a chapter of A.
type heatRow struct {
	Chapter chapter
	Cells   []heatCell
	Absent  int // clauses agreed to have no counterpart
	Gaps    string
}

// heatCell is two chapters.
type heatCell struct {
	Matches int
	Heat    int // 0 to 9, by the fullest cell
	Href    string
	Said    string // the chapters, for those who cannot see where the cell stands
}

// Span is how many columns the table has.
func (h *heatMap) Span() int { return len(h.Heads) + 2 }

// heatMap counts the matches that the page shows; the filters do not apply, as in the
// ladder.
func (c *comparedPair) heatMap() *heatMap {
	type place struct{ a, b int }
	found, most := map[place]map[string]bool{}, 1
	for _, m := range c.matches {
		if bandKind(m) == "" {
			continue
		}
		for _, x := range m.Sources {
			for _, y := range m.Targets {
				i, knownA := c.a.chapter[x]
				j, knownB := c.b.chapter[y]
				if !knownA || !knownB {
					continue
				}
				p := place{i, j}
				if found[p] == nil {
					found[p] = map[string]bool{}
				}
				found[p][m.ID.String()] = true
				most = max(most, len(found[p]))
			}
		}
	}
	absent := map[int]int{}
	for _, m := range c.all {
		if m.State == review.StateAbsent && !m.Suspect && len(m.Sources) > 0 {
			if i, known := c.a.chapter[m.Sources[0]]; known {
				absent[i]++
			}
		}
	}
	out := &heatMap{}
	for _, ch := range c.b.chapters {
		out.Heads = append(out.Heads, heatHead{ch, ch.Label + " " + ch.Heading})
	}
	for i, a := range c.a.chapters {
		row := heatRow{Chapter: a, Absent: absent[i], Gaps: c.query.GapsOf("a", a.Key)}
		for j, b := range c.b.chapters {
			n := len(found[place{i, j}])
			row.Cells = append(row.Cells, heatCell{n, n * 9 / most, c.query.Between(a.Key, b.Key), a.Label + " ↔ " + b.Label})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
