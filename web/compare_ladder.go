package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"concord/corpus"
	"concord/review"
)

// chapter is one chapter of a standard, or several neighbours folded into one
// where there are too many to draw.
type chapter struct {
	Key       string // of its first clause
	Label     string
	Heading   string // as far as rights allow
	Language  corpus.Language
	Normative int // clauses
}

// Short is the chapter in a list to choose from.
func (ch chapter) Short() string {
	return shortened(strings.TrimSpace(ch.Label+" "+ch.Heading), 48)
}

// mostChapters is how many chapters of a side the ladder draws (UX.md 8).
const mostChapters = 30

// chaptersOf cuts a standard into its topmost parts, or the parts below where
// there is but one, and says which part every clause stands in.
func chaptersOf(clauses []corpus.Clause, std corpus.Standard) ([]chapter, map[corpus.ClauseID]int) {
	list, of := partsOf(clauses, std, 1)
	if len(list) == 1 && len(clauses) > 1 {
		list, of = partsOf(clauses, std, 2)
	}
	if len(list) <= mostChapters {
		return list, of
	}
	return folded(list, of)
}

// partsOf cuts at one depth of the outline; what stands above it is a part of
// its own.
func partsOf(clauses []corpus.Clause, std corpus.Standard, depth int) ([]chapter, map[corpus.ClauseID]int) {
	var list []chapter
	of, levels := map[corpus.ClauseID]int{}, map[corpus.ClauseID]int{}
	for _, c := range clauses {
		level := 1
		if above, known := levels[c.Parent]; known {
			level = above + 1
		}
		levels[c.ID] = level
		if level <= depth {
			of[c.ID] = len(list)
			ch := chapter{Key: c.ID.Key(), Label: cmp.Or(c.Label, c.ID.Key()), Heading: c.Heading, Language: c.Language}
			if ch.Heading == "" {
				ch.Heading = clip(std.Rights.Shown(c).Text, 90)
			}
			list = append(list, ch)
		} else {
			of[c.ID] = of[c.Parent]
		}
		if c.Kind.Normative() {
			list[of[c.ID]].Normative++
		}
	}
	return list, of
}

// folded joins neighbours, the same number each, until few enough are left.
func folded(list []chapter, of map[corpus.ClauseID]int) ([]chapter, map[corpus.ClauseID]int) {
	size := (len(list) + mostChapters - 1) / mostChapters
	var out []chapter
	for i := 0; i < len(list); i += size {
		ch, last := list[i], list[min(i+size, len(list))-1]
		for _, more := range list[i+1 : min(i+size, len(list))] {
			ch.Normative += more.Normative
		}
		if last.Key != ch.Key {
			ch.Label += " – " + last.Label
			ch.Heading = strings.TrimSuffix(ch.Heading, "…") + "…"
		}
		out = append(out, ch)
	}
	for id, i := range of {
		of[id] = i / size
	}
	return out, of
}

// ladder is the picture of a pair, chapter by chapter, and the table that says
// the same.
type ladder struct {
	Width, Height int
	Heads         []ladderHead
	Boxes         []ladderBox
	Bands         []ladderBand
	Stubs         []ladderStub
	Kinds         []string // of bands there are, for the legend
}

// ladderHead names the side that a column of chapters is of: the picture keeps its A on
// the left on pages that are read from the right.
type ladderHead struct {
	X, Y int
	Text string
}

// ladderBox is a chapter. Numbers are in units of the picture.
type ladderBox struct {
	Chapter  chapter
	Side     string // a or b
	X, Y     int
	W, H     int
	TextX    int
	TextY    int
	Text     string // shortened to the box
	Dir      string
	Whole    string // not shortened
	Href     string
	ends     float64 // how many clauses its ends stand for
	nextEnd  float64 // where the next end begins, in clauses
	firstEnd float64 // where the ends begin, in units of the picture
}

// ladderBand joins two chapters: as thick at each end as clauses of that side
// are related.
type ladderBand struct {
	A, B     chapter
	a, b     int
	Kind     string // of bandKinds
	Relation corpus.Relation
	ClausesA int
	ClausesB int
	Matches  int
	Path     string
	Href     string
}

// ladderStub is what a chapter has without a counterpart.
type ladderStub struct {
	Chapter chapter
	Side    string
	Letter  string
	box     int
	Kind    string // absent, open
	Clauses int
	X, Y    string
	W, H    string
	Href    string
}

// bandKinds says how a relation is drawn: solid for equal, striped one way or
// the other where one side asks more, dotted for overlap. What is not agreed is
// drawn hollow.
var bandKinds = map[corpus.Relation]string{
	corpus.RelationIdentical: "equal", corpus.RelationEquivalent: "equal", corpus.RelationSuperset: "superset",
	corpus.RelationSubset: "subset", corpus.RelationOverlap: "overlap",
}

// bandOrder is the order of bands between the same two chapters.
var bandOrder = []string{"equal", "superset", "subset", "overlap", "onesided"}

// The measures of the picture, in its own units, which are pixels when the page
// is wide enough.
const (
	ladderWidth = 1000
	boxWidth    = 300
	boxLeast    = 26 // height of a chapter without clauses
	boxGap      = 7
	headHeight  = 26
	stubWidth   = 34
	mostUnits   = 900 // height of all ends of a side
	mostUnit    = 9   // height of one clause
)

// ladder draws the pair. The chapters of both sides stand in their order; the
// filters do not apply, for the picture is what filters are chosen from.
func (c *comparedPair) ladder() *ladder {
	l := &ladder{Width: ladderWidth}
	l.Bands = c.bands()
	l.Stubs = c.stubs()
	ends := [2][]float64{make([]float64, len(c.a.chapters)), make([]float64, len(c.b.chapters))}
	for _, b := range l.Bands {
		ends[0][b.a] += float64(b.ClausesA)
		ends[1][b.b] += float64(b.ClausesB)
		if !contains(l.Kinds, b.Kind) {
			l.Kinds = append(l.Kinds, b.Kind)
		}
	}
	for _, st := range l.Stubs {
		ends[sideIndex(st.Side)][st.box] += float64(st.Clauses)
	}
	corpus.SortRows(l.Kinds, func(x, y string) int {
		return cmp.Compare(slices.Index(bandOrder, x), slices.Index(bandOrder, y))
	})
	unit := unitHeight(ends)
	first := c.boxes(l, c.a, "a", 0, ends[0], unit)
	second := c.boxes(l, c.b, "b", ladderWidth-boxWidth, ends[1], unit)
	l.draw(first, second, unit)
	return l
}

// sideIndex is 0 for a and 1 for b.
func sideIndex(side string) int {
	if side == "b" {
		return 1
	}
	return 0
}

// unitHeight is how thick one clause is drawn.
func unitHeight(ends [2][]float64) float64 {
	most := 1.0
	for _, side := range ends {
		sum := 0.0
		for _, n := range side {
			sum += n
		}
		most = max(most, sum)
	}
	return min(mostUnit, mostUnits/most)
}

// boxes puts a side's chapters one under the other and returns the place of the
// first in Boxes.
func (c *comparedPair) boxes(l *ladder, d *comparedSide, side string, x int, ends []float64, unit float64) int {
	l.Heads = append(l.Heads, ladderHead{x + 10, headHeight - 8, strings.ToUpper(side) + " " + shortened(d.standard.Designation, 34)})
	first, y := len(l.Boxes), headHeight
	for i, ch := range d.chapters {
		high := max(boxLeast, int(ends[i]*unit+0.999))
		b := ladderBox{Chapter: ch, Side: side, X: x, Y: y, W: boxWidth, H: high, ends: ends[i], Dir: direction(ch.Language)}
		b.firstEnd = float64(y) + (float64(high)-ends[i]*unit)/2
		b.TextX, b.TextY = x+10, y+high/2+5
		if b.Dir == "rtl" {
			b.TextX = x + boxWidth - 10
		}
		b.Whole = strings.TrimSpace(ch.Label + " " + ch.Heading)
		b.Text = shortened(b.Whole, 36)
		b.Href = c.query.GapsOf(side, ch.Key)
		l.Boxes = append(l.Boxes, b)
		y += high + boxGap
	}
	l.Height = max(l.Height, y)
	return first
}

// shortened cuts a line to a width counted in Latin letters; Han characters and
// their like take two.
func shortened(text string, most int) string {
	width := 0
	for i, r := range text {
		w := 1
		if r >= 0x2e80 && r < 0xff61 {
			w = 2
		}
		if width+w > most {
			return strings.TrimSpace(text[:i]) + "…"
		}
		width += w
	}
	return text
}

// draw places bands and stubs; boxes of A begin at first, those of B at second.
func (l *ladder) draw(first, second int, unit float64) {
	for i := range l.Bands {
		b := &l.Bands[i]
		ya, ha := l.Boxes[first+b.a].take(b.ClausesA, unit)
		yb, hb := l.Boxes[second+b.b].take(b.ClausesB, unit)
		b.Path = bandPath(boxWidth, ladderWidth-boxWidth, ya, ha, yb, hb)
	}
	for i := range l.Stubs {
		st := &l.Stubs[i]
		box, x := &l.Boxes[first+st.box], boxWidth
		if st.Side == "b" {
			box, x = &l.Boxes[second+st.box], ladderWidth-boxWidth-stubWidth
		}
		y, h := box.take(st.Clauses, unit)
		st.X, st.Y, st.W, st.H = strconv.Itoa(x), coordinate(y), strconv.Itoa(stubWidth), coordinate(h)
	}
}

// take reserves the next so many clauses of a box's edge.
func (b *ladderBox) take(clauses int, unit float64) (y, height float64) {
	y, height = b.firstEnd+b.nextEnd*unit, float64(clauses)*unit
	b.nextEnd += float64(clauses)
	return y, height
}

// bandPath is a band from the edge at x1 to the edge at x2 as SVG path data.
func bandPath(x1, x2 int, y1, h1, y2, h2 float64) string {
	mid := (x1 + x2) / 2
	return fmt.Sprintf("M%d %s C%d %s %d %s %d %s V%s C%d %s %d %s %d %s Z",
		x1, coordinate(y1), mid, coordinate(y1), mid, coordinate(y2), x2, coordinate(y2), coordinate(y2+h2),
		mid, coordinate(y2+h2), mid, coordinate(y1+h1), x1, coordinate(y1+h1))
}

// coordinate prints a place with one decimal.
func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// bands counts the related clauses between chapters, by relation, in the order
// of A's chapters, then of B's.
func (c *comparedPair) bands() []ladderBand {
	type key struct {
		a, b int
		kind string
	}
	type content struct {
		a, b    map[corpus.ClauseID]bool
		matches map[string]bool
	}
	found := map[key]*content{}
	for _, m := range c.matches {
		kind := bandKind(m)
		for _, x := range m.Sources {
			for _, y := range m.Targets {
				i, knownA := c.a.chapter[x]
				j, knownB := c.b.chapter[y]
				if kind == "" || !knownA || !knownB {
					continue
				}
				k := key{i, j, kind}
				if found[k] == nil {
					found[k] = &content{map[corpus.ClauseID]bool{}, map[corpus.ClauseID]bool{}, map[string]bool{}}
				}
				found[k].a[x], found[k].b[y], found[k].matches[m.ID.String()] = true, true, true
			}
		}
	}
	out := make([]ladderBand, 0, len(found))
	for k, n := range found {
		a, b := c.a.chapters[k.a], c.b.chapters[k.b]
		out = append(out, ladderBand{A: a, B: b, a: k.a, b: k.b, Kind: k.kind, ClausesA: len(n.a), ClausesB: len(n.b), Matches: len(n.matches), Href: c.query.Between(a.Key, b.Key)})
	}
	corpus.SortRows(out, func(x, y ladderBand) int {
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b), cmp.Compare(slices.Index(bandOrder, x.Kind), slices.Index(bandOrder, y.Kind)))
	})
	return out
}

// bandKind is how a match is drawn, "" for not at all. What may not be seen yet,
// or waits for another look, is drawn alike, whatever was answered.
func bandKind(m *comparedMatch) string {
	switch {
	case m.State == review.StateOpinion, m.State == review.StateConfirmed && m.Suspect:
		return "onesided"
	case m.State == review.StateConfirmed && m.Outcome != nil:
		return bandKinds[relationOf(m.Outcome.Verdict)]
	}
	return ""
}

// stubs counts the gaps of every chapter of both sides.
func (c *comparedPair) stubs() []ladderStub {
	var out []ladderStub
	q := c.query
	q.ChapterA, q.ChapterB = "", ""
	whole := *c
	whole.query = q
	for _, side := range []string{"a", "b"} {
		d, letter := c.a, "A"
		if side == "b" {
			d, letter = c.b, "B"
		}
		lists := whole.gapsOf(d, c.all, side == "a")
		for _, kind := range []struct {
			key  string
			rows [][]gapRow
		}{{"absent", [][]gapRow{lists.absent}}, {"open", [][]gapRow{lists.open, lists.untouched}}} {
			n := make([]int, len(d.chapters))
			for _, rows := range kind.rows {
				for _, r := range rows {
					n[d.chapter[r.clause.ID]]++
				}
			}
			for i, count := range n {
				if count > 0 {
					out = append(out, ladderStub{Chapter: d.chapters[i], Side: side, Letter: letter, box: i, Kind: kind.key, Clauses: count, Href: q.GapsOf(side, d.chapters[i].Key)})
				}
			}
		}
	}
	return out
}
