package matcher

// proposedDepth is how many proposals of a clause are judged for confidence: as
// many as `concord match` shows.
const proposedDepth = 10

// graded is one proposal with what its confidence is made of and whether the set
// has the pair.
type graded struct {
	score, ahead, confidence float64
	alone                    float64 // score of the two texts alone, with Options.Fit
	right                    bool
}

// CalibrationFigures tell whether confidence means what it says: of pairs
// proposed at 0.7 seven of ten should be right. Right is what the set lists.
type CalibrationFigures struct {
	Pairs int     `json:"pairs"`
	Right int     `json:"right"`
	ECE   float64 `json:"ece"`   // expected calibration error over ten bins of equal width
	Brier float64 `json:"brier"` // mean squared error of the confidence
	// Always is the Brier score of giving every pair the share that is right.
	Always    float64   `json:"brier_base_rate"`
	Deciles   []Decile  `json:"deciles"`
	NineInTen Threshold `json:"nine_in_ten"`
}

// Decile is a tenth of the range of confidence.
type Decile struct {
	From       float64 `json:"from"`
	Pairs      int     `json:"pairs"`
	Confidence float64 `json:"confidence"` // mean
	Right      float64 `json:"right"`      // share
}

// Threshold is the least confidence from which nine of ten proposals are right.
// A zero Confidence says that there is none.
type Threshold struct {
	Confidence float64 `json:"confidence"`
	Pairs      int     `json:"pairs"`     // proposals at or above it
	OfAll      float64 `json:"of_all"`    // share of all proposals
	OfRight    float64 `json:"of_right"`  // share of the right ones that remain
	Precision  float64 `json:"precision"` // reached
}

// calibration computes the figures.
func calibration(all []graded) CalibrationFigures {
	f := CalibrationFigures{Pairs: len(all), Deciles: make([]Decile, 10)}
	if len(all) == 0 {
		return f
	}
	right := make([]float64, len(f.Deciles))
	for _, g := range all {
		i := min(int(g.confidence*10), 9)
		d, y := &f.Deciles[i], 0.0
		d.Pairs++
		d.Confidence += g.confidence
		if g.right {
			y = 1
			right[i]++
			f.Right++
		}
		f.Brier += (g.confidence - y) * (g.confidence - y)
	}
	for i := range f.Deciles {
		d := &f.Deciles[i]
		d.From = float64(i) / 10
		if d.Pairs > 0 {
			d.Confidence, d.Right = d.Confidence/float64(d.Pairs), right[i]/float64(d.Pairs)
			f.ECE += float64(d.Pairs) * max(d.Confidence-d.Right, d.Right-d.Confidence)
		}
		d.Confidence, d.Right = four(d.Confidence), four(d.Right)
	}
	n := float64(len(all))
	base := float64(f.Right) / n
	f.ECE, f.Brier, f.Always = four(f.ECE/n), four(f.Brier/n), four(base*(1-base))
	f.NineInTen = threshold(all, 0.9)
	return f
}

// threshold finds the least confidence, in steps of a hundredth, from which the
// wanted share of the proposals is right.
func threshold(all []graded, wanted float64) Threshold {
	var pairs, right [101]int
	for _, g := range all {
		i := int(g.confidence * 100)
		pairs[i]++
		if g.right {
			right[i]++
		}
	}
	for i := 99; i >= 0; i-- {
		pairs[i], right[i] = pairs[i]+pairs[i+1], right[i]+right[i+1]
	}
	var out Threshold
	for i := 1; i <= 100; i++ {
		if pairs[i] > 0 && float64(right[i]) >= wanted*float64(pairs[i]) {
			out = Threshold{Confidence: float64(i) / 100, Pairs: pairs[i], OfAll: four(ratioOf(float64(pairs[i]), pairs[0])),
				OfRight: four(ratioOf(float64(right[i]), right[0])), Precision: four(ratioOf(float64(right[i]), pairs[i]))}
			break
		}
	}
	return out
}
