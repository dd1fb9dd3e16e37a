package matcher

import "math"

// Metrics are the figures of one ranking method over a set, each the mean over
// the sources with at least one pair ("judged"). All relations count as right
// alike (binary judgements).
//
//   - recall@k: the share of a source's pairs found among the first k.
//   - MRR@10: one over the rank of the first right target, 0 when it is not
//     among the first ten.
//   - MAP@100: the mean, over a source's pairs, of the precision at the rank
//     where each was found; a pair not among the first hundred counts 0.
//   - nDCG@10: the sum of 1/log2(1+rank) over right targets among the first
//     ten, divided by the greatest sum possible for that source.
type Metrics struct {
	Recall1  float64 `json:"recall@1"`
	Recall5  float64 `json:"recall@5"`
	Recall10 float64 `json:"recall@10"`
	Recall50 float64 `json:"recall@50"`
	MRR10    float64 `json:"mrr@10"`
	MAP100   float64 `json:"map@100"`
	NDCG10   float64 `json:"ndcg@10"`
}

// depth is how deep a ranking is judged.
const depth = 100

// judge computes the metrics of one ranking: right[i] says whether the target
// at rank i+1 is right, pairs is how many right targets there are.
func judge(right []bool, pairs int) Metrics {
	if pairs == 0 {
		return Metrics{}
	}
	var m Metrics
	found, precision, gain := 0, 0.0, 0.0
	for i, ok := range right[:min(len(right), depth)] {
		if !ok {
			continue
		}
		rank := i + 1
		found++
		precision += float64(found) / float64(rank)
		if rank <= 10 {
			gain += 1 / math.Log2(1+float64(rank))
			if m.MRR10 == 0 {
				m.MRR10 = 1 / float64(rank)
			}
		}
	}
	n := float64(pairs)
	m.MAP100 = precision / n
	m.NDCG10 = gain / idealGain(min(pairs, 10))
	m.Recall1, m.Recall5 = float64(count(right, 1))/n, float64(count(right, 5))/n
	m.Recall10, m.Recall50 = float64(count(right, 10))/n, float64(count(right, 50))/n
	return m
}

// idealGain is the discounted gain of n right targets in front.
func idealGain(n int) float64 {
	sum := 0.0
	for rank := 1; rank <= n; rank++ {
		sum += 1 / math.Log2(1+float64(rank))
	}
	return sum
}

// count counts the right ones among the first k.
func count(right []bool, k int) int {
	n := 0
	for _, ok := range right[:min(k, len(right))] {
		if ok {
			n++
		}
	}
	return n
}

// values lists the figures in the order of the struct, for sums and tables.
func (m *Metrics) values() []*float64 {
	return []*float64{&m.Recall1, &m.Recall5, &m.Recall10, &m.Recall50, &m.MRR10, &m.MAP100, &m.NDCG10}
}

// mean averages metrics; of nothing it is zero.
func mean(all []Metrics) Metrics {
	var out Metrics
	for _, m := range all {
		for i, v := range m.values() {
			*out.values()[i] += *v / float64(len(all))
		}
	}
	return out
}

// round4 keeps four digits.
func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// rounded keeps four digits, so that golden files and reports do not change
// with the last bits of a sum.
func (m Metrics) rounded() Metrics {
	for _, v := range m.values() {
		*v = round4(*v)
	}
	return m
}
