package matcher

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// curve is a logistic curve: a bias and a slope for each feature.
type curve []float64

// at is the curve's value.
func (c curve) at(features []float64) float64 {
	x := c[0]
	for i, f := range features {
		x += c[i+1] * f
	}
	return logistic(x)
}

// unfitted is the curve over the score that stood in the model before anything
// was fitted: what a fit is compared with.
var unfitted = curve{-2.4, 4}

// example is one proposal to fit to.
type example struct {
	features []float64
	right    bool
	weight   float64
}

// Settings of the fit: Newton's method settles within ten steps, and the ridge
// keeps a family without errors from driving a slope to infinity.
const (
	newtonSteps = 25
	ridge       = 1.0
)

// fitCurve fits a logistic curve by Newton's method (Platt's calibration, over
// one or two features).
func fitCurve(all []example, features int) curve {
	c := make(curve, features+1)
	for range newtonSteps {
		gradient, hessian := make([]float64, len(c)), make([][]float64, len(c))
		for i := range hessian {
			hessian[i] = make([]float64, len(c))
			if i > 0 {
				gradient[i], hessian[i][i] = -ridge*c[i], ridge
			}
		}
		for _, e := range all {
			p, y := c.at(e.features), 0.0
			if e.right {
				y = 1
			}
			x := append([]float64{1}, e.features...)
			for i := range x {
				gradient[i] += e.weight * (y - p) * x[i]
				for j := range x {
					hessian[i][j] += e.weight * p * (1 - p) * x[i] * x[j]
				}
			}
		}
		step, moved := solve(hessian, gradient), 0.0
		for i := range c {
			c[i] += step[i]
			moved = max(moved, math.Abs(step[i]))
		}
		if moved < 1e-9 {
			break
		}
	}
	return c
}

// solve solves a small system of linear equations by elimination; a direction
// without evidence gets no step.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		pivot := i
		for r := i + 1; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[pivot][i]) {
				pivot = r
			}
		}
		a[i], a[pivot], b[i], b[pivot] = a[pivot], a[i], b[pivot], b[i]
		if math.Abs(a[i][i]) < 1e-12 {
			continue
		}
		for r := i + 1; r < n; r++ {
			f := a[r][i] / a[i][i]
			for k := i; k < n; k++ {
				a[r][k] -= f * a[i][k]
			}
			b[r] -= f * b[i]
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		sum := b[i]
		for k := i + 1; k < n; k++ {
			sum -= a[i][k] * x[k]
		}
		if math.Abs(a[i][i]) >= 1e-12 {
			x[i] = sum / a[i][i]
		}
	}
	return x
}

// viewpoint is a way of looking at proposals that has a curve of its own.
type viewpoint struct {
	title    string
	names    []string // of the model's constants
	features func(g graded) []float64
}

var viewpoints = []viewpoint{
	{"proposals of a search (score, and how far ahead)", []string{"confidence-bias", "confidence-score", "confidence-ahead"}, func(g graded) []float64 { return []float64{g.score, bounded(g.ahead)} }},
	{"two texts alone (score)", []string{"confidence-alone-bias", "confidence-alone-score"}, func(g graded) []float64 { return []float64{g.alone} }},
}

// WriteFit fits the curves of the confidence with each family left out in turn,
// writes how far they are off on it, and the constants fitted on all families.
// The results must have been measured with Options.Fit. Families count alike,
// however many pairs they have.
func (r Report) WriteFit(w io.Writer) error {
	families, mark := make(map[string][]graded), make(map[string]string)
	for _, s := range r.Sets {
		if s.Unconfirmed {
			mark[s.Family] = "*"
		}
		families[s.Family] = append(families[s.Family], s.Quality.graded...)
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, v := range viewpoints {
		title(tw, "confidence fitted without the family and measured on it: "+v.title)
		fmt.Fprintln(tw, "family left out\tpairs\tECE unfitted\theld out\tBrier unfitted\theld out\t")
		var sums [4]float64
		for _, name := range sortedKeys(families) {
			held := fitCurve(v.examples(families, name), len(v.names)-1)
			before, after := calibration(v.regraded(families[name], nil)), calibration(v.regraded(families[name], held))
			row := []float64{before.ECE, after.ECE, before.Brier, after.Brier}
			for i, x := range row {
				sums[i] += x / float64(len(families))
			}
			fmt.Fprintf(tw, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t\n", name+mark[name], before.Pairs, row[0], row[1], row[2], row[3])
		}
		fmt.Fprintf(tw, "mean\t\t%.3f\t%.3f\t%.3f\t%.3f\t\n", sums[0], sums[1], sums[2], sums[3])
		for i, x := range fitCurve(v.examples(families, ""), len(v.names)-1) {
			fmt.Fprintf(tw, "value\t%s\t%.2f\t\n", v.names[i], x)
		}
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the fit: %w", err)
	}
	return nil
}

// examples lists the proposals of all families but one, in an order that does
// not change.
func (v viewpoint) examples(families map[string][]graded, but string) []example {
	all, n := 0, 0
	for name, part := range families {
		if name != but {
			all, n = all+len(part), n+1
		}
	}
	var out []example
	for _, name := range sortedKeys(families) {
		if name == but {
			continue
		}
		weight := ratioOf(float64(all)/float64(n), len(families[name]))
		for _, g := range families[name] {
			out = append(out, example{v.features(g), g.right, weight})
		}
	}
	return out
}

// regraded gives proposals the confidence of a curve, nil being the unfitted.
func (v viewpoint) regraded(all []graded, c curve) []graded {
	out := make([]graded, len(all))
	for i, g := range all {
		out[i] = g
		if features := v.features(g); c == nil {
			out[i].confidence = unfitted.at(features[:1])
		} else {
			out[i].confidence = c.at(features)
		}
	}
	return out
}
