package matcher

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"text/tabwriter"
)

// Gain says by how much one ranking is better than another on the sources of a
// set, and how sure that is.
type Gain struct {
	MAP  float64 `json:"map@100"` // mean difference of the average precision of a source
	Low  float64 `json:"low"`     // bounds of its 95 % interval
	High float64 `json:"high"`
	P    float64 `json:"p"` // chance of a difference as large if the two were alike
}

// resamples is how often sources are drawn anew, and signs turned: enough for two
// digits of an interval's bounds, and for no p below 1/2001.
const resamples = 2000

// gainOver compares the average precisions of the same sources under two
// rankings. The interval is the percentile bootstrap over sources (Efron and
// Tibshirani 1993, 13.3), p that of the two-sided randomisation test, which turns
// the signs of differences at random (Smucker, Allan and Carterette 2007). Both
// draw from a fixed seed, so the same rankings give the same figures.
func gainOver(better, worse []float64) Gain {
	n := len(better)
	if n == 0 {
		return Gain{P: 1}
	}
	differences, sum := make([]float64, n), 0.0
	for i := range differences {
		differences[i] = better[i] - worse[i]
		sum += differences[i]
	}
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	means, beyond := make([]float64, resamples), 0
	for r := range means {
		drawn, turned := 0.0, 0.0
		for _, d := range differences {
			drawn += differences[rnd.IntN(n)]
			if rnd.IntN(2) == 0 {
				d = -d
			}
			turned += d
		}
		means[r] = drawn / float64(n)
		if math.Abs(turned) >= math.Abs(sum)-1e-12 {
			beyond++
		}
	}
	slices.Sort(means)
	return Gain{
		MAP: round4(sum / float64(n)), Low: round4(means[resamples*25/1000]), High: round4(means[resamples*975/1000-1]),
		P: round4(float64(beyond+1) / (resamples + 1)),
	}
}

// precisions are the average precisions of metrics, source by source.
func precisions(all []Metrics) []float64 {
	out := make([]float64, len(all))
	for i, m := range all {
		out[i] = m.MAP100
	}
	return out
}

// writeGains writes how sure the differences between the rankings are.
func (r Report) writeGains(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	title(tw, "difference in MAP, with its 95 % interval over the sources and p of a randomisation test")
	fmt.Fprintln(tw, "set\tmatcher over bm25\tfrom\tto\tp\tmatcher over finder\tfrom\tto\tp\t")
	for _, s := range r.Sets {
		name := s.Set
		if s.Unconfirmed {
			name += "*"
		}
		a, b := s.OverBM25, s.OverFinder
		fmt.Fprintf(tw, "%s\t%+.3f\t%+.3f\t%+.3f\t%.4f\t%+.3f\t%+.3f\t%+.3f\t%.4f\t\n", name, a.MAP, a.Low, a.High, a.P, b.MAP, b.Low, b.High, b.P)
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}
