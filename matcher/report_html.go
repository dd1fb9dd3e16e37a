package matcher

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"concord/corpus"
)

//go:embed report.html
var reportPage string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"f3":     func(x float64) string { return fmt.Sprintf("%.3f", x) },
	"signed": func(x float64) string { return fmt.Sprintf("%+.3f", x) },
	"shade":  func(n, of int) int { return int(math.Round(9 * ratioOf(float64(n), of))) },
}).Parse(reportPage))

// WriteHTML writes the report as one page that needs nothing else: bars of each
// set, the curve of precision over recall, how far confidence can be trusted,
// what relations are mixed up, slices, and what changed since an earlier run.
// about says what was measured and how ("concord 0.1.0, 2026-11-26, ..."). The
// same report and the same words about it give the same bytes.
func (r Report) WriteHTML(w io.Writer, about []string) error {
	page := struct {
		Report
		About     []string
		Bars      barChart
		Pools     []pool
		Relations []corpus.Relation
		Shades    []int // per cent of colour by tenth of a row
	}{Report: r, About: about, Bars: r.bars(), Relations: corpus.Relations, Shades: []int{0, 8, 14, 20, 26, 32, 38, 44, 50, 56}}
	for _, p := range []pool{{Name: "made by people", Quality: r.People}, {Name: "machine-written and unconfirmed", Quality: r.Machine}} {
		if len(p.graded) == 0 {
			continue
		}
		p.Curve, p.Trust = curveOf(p.graded), trustOf(p.Confidence.Deciles)
		for _, kind := range sortedKeys(p.Relation.Confusion) {
			row := confusionRow{Kind: kind}
			for _, relation := range corpus.Relations {
				n := p.Relation.Confusion[kind][relation]
				row.Said, row.All = append(row.Said, n), row.All+n
			}
			p.Confused = append(p.Confused, row)
		}
		page.Pools = append(page.Pools, p)
	}
	if err := reportTemplate.Execute(w, page); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}

// pool is the sets whose pairs were made alike.
type pool struct {
	Name string
	Quality
	Confused []confusionRow
	Curve    recallCurve
	Trust    []dot
}

// confusionRow is what was said of pairs with one stated relation.
type confusionRow struct {
	Kind string
	Said []int // by corpus.Relations
	All  int
}

// barChart is the bars of every set; lengths are in units of the drawing.
type barChart struct {
	Height int
	Sets   []barGroup
}

type barGroup struct {
	Name           string
	Y              int
	BM25, Finder   float64
	Matcher        float64
	WBM25, WFinder float64
	WMatcher       float64
	Low, High      float64 // whisker: BM25 plus the interval of the lead over it
}

// Sizes of the drawings.
const (
	barWidth   = 560 // of a figure of 1
	groupHigh  = 46
	chartSpace = 300 // of a square plot
)

func (r Report) bars() barChart {
	c := barChart{Height: len(r.Sets)*groupHigh + 30}
	for i, s := range r.Sets {
		at := func(x float64) float64 { return math.Round(10*barWidth*min(1, max(0, x))) / 10 }
		c.Sets = append(c.Sets, barGroup{
			Name: s.marked(), Y: i * groupHigh, BM25: s.BM25.MAP100, Finder: s.Retrieval.MAP100, Matcher: s.Matcher.MAP100,
			WBM25: at(s.BM25.MAP100), WFinder: at(s.Retrieval.MAP100), WMatcher: at(s.Matcher.MAP100),
			Low: at(s.BM25.MAP100 + s.OverBM25.Low), High: at(s.BM25.MAP100 + s.OverBM25.High),
		})
	}
	return c
}

// recallCurve is precision over recall as the confidence asked for falls. Recall is
// the share of the right pairs among the proposals looked at.
type recallCurve struct {
	Points string // of an SVG polyline
	Ticks  []tick
}

// tick marks a confidence on the curve.
type tick struct {
	X, Y       float64
	Confidence float64
	Precision  float64
	Recall     float64
}

// maxPoints is how many points a curve is drawn with.
const maxPoints = 400

func curveOf(all []graded) recallCurve {
	sorted := slices.Clone(all)
	corpus.SortRows(sorted, func(a, b graded) int { return cmp.Compare(b.confidence, a.confidence) })
	total := 0
	for _, g := range sorted {
		total += truth(g.right)
	}
	var out recallCurve
	var points []string
	right, next := 0, 0.9
	step := max(1, len(sorted)/maxPoints)
	for i, g := range sorted {
		right += truth(g.right)
		last := i == len(sorted)-1
		if !last && sorted[i+1].confidence == g.confidence {
			continue // a threshold takes all of one confidence or none
		}
		p, q := float64(right)/float64(i+1), ratioOf(float64(right), total)
		x, y := plot(q), chartSpace-plot(p)
		if i%step == 0 || last || len(points) == 0 {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x, y))
		}
		for next > 0.05 && (last || sorted[i+1].confidence < next) {
			out.Ticks = append(out.Ticks, tick{x, y, math.Round(next*10) / 10, p, q})
			points = append(points, fmt.Sprintf("%.1f,%.1f", x, y))
			next -= 0.2
		}
	}
	out.Points = strings.Join(points, " ")
	return out
}

// plot is where a share lies on an axis.
func plot(share float64) float64 { return math.Round(share*chartSpace*10) / 10 }

// dot is a tenth of the confidences: how sure the matcher was, and how often
// right.
type dot struct {
	X, Y, R float64
	Decile
}

func trustOf(deciles []Decile) []dot {
	var out []dot
	for _, d := range deciles {
		if d.Pairs > 0 {
			out = append(out, dot{plot(d.Confidence), chartSpace - plot(d.Right), math.Round(10*(2+1.6*math.Log10(float64(d.Pairs)))) / 10, d})
		}
	}
	return out
}
