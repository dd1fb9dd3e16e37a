package translation

import "math"

// surprise is -ln of the chance that at least both of n pairs have source and
// target together when source pairs have the one and target pairs the other by
// accident: Fisher's exact test, one-sided, as Johnson, Martin, Foster and Kuhn
// (Improving Translation Quality by Discarding Most of the Phrasetable, 2007)
// prune phrases with.
func surprise(both, source, target, n int) float64 {
	if both <= 0 || source > n || target > n || both > source || both > target {
		return 0
	}
	// The terms fall from the first one on once both is above what is expected;
	// they are added up relative to it.
	first := hypergeometric(both, source, target, n)
	sum, term := 1.0, 1.0
	for k := both; k < min(source, target); k++ {
		term *= float64(source-k) * float64(target-k) / (float64(k+1) * float64(n-source-target+k+1))
		sum += term
		if term < 1e-12*sum {
			break
		}
	}
	return max(0, -(first + math.Log(sum)))
}

// hypergeometric is the logarithm of the chance of exactly k.
func hypergeometric(k, source, target, n int) float64 {
	return choose(source, k) + choose(n-source, target-k) - choose(n, target)
}

// choose is the logarithm of the binomial coefficient.
func choose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	return factorial(n) - factorial(k) - factorial(n-k)
}

// factorial is the logarithm of n!.
func factorial(n int) float64 {
	v, _ := math.Lgamma(float64(n) + 1)
	return v
}

// association is the log-likelihood ratio G² of the same four counts (Dunning,
// Accurate Methods for the Statistics of Surprise and Coincidence, 1993); 0 when
// the two meet no more often than by accident.
func association(both, source, target, n int) float64 {
	if float64(both)*float64(n) <= float64(source)*float64(target) {
		return 0
	}
	part := func(k, row, column int) float64 {
		if k <= 0 {
			return 0
		}
		return float64(k) * math.Log(float64(k)*float64(n)/(float64(row)*float64(column)))
	}
	return 2 * (part(both, source, target) + part(source-both, source, n-target) +
		part(target-both, n-source, target) + part(n-source-target+both, n-source, n-target))
}
