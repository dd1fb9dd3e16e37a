package review

import (
	"slices"
	"time"

	"concord/corpus"
)

// Week is what a person did in seven days, for themselves alone.
type Week struct {
	Decided int // opinions and adjudications
	Undone  int // answers taken back
	Skipped int // what is still skipped
	// Median is the middle time from one answer to the next, of Paces that are no
	// longer than PaceIdle, for who goes away longer has not been reading, and no
	// shorter than a second, for those were given together.
	Median time.Duration
	Paces  int
}

// PaceIdle is the longest time between two answers that counts as work on the second
// (our own); FewPaces is how many times are needed before a median says anything.
const (
	PaceIdle = 10 * time.Minute
	FewPaces = 5
)

// WeekOf counts what a person decided and skipped in the seven days before now.
func WeekOf(decisions []Decision, skips []Skip, now time.Time) Week {
	var w Week
	since := now.AddDate(0, 0, -7)
	var at []time.Time
	for _, d := range decisions {
		switch {
		case d.At.Before(since):
			continue
		case d.Kind == KindWithdrawal:
			w.Undone++
		default:
			w.Decided++
			at = append(at, d.At)
		}
	}
	for _, s := range skips {
		if !s.Created.Before(since) {
			w.Skipped++
		}
	}
	corpus.SortRows(at, time.Time.Compare)
	var paces []time.Duration
	for i := 1; i < len(at); i++ {
		if pace := at[i].Sub(at[i-1]); pace >= time.Second && pace <= PaceIdle {
			paces = append(paces, pace)
		}
	}
	slices.Sort(paces)
	if w.Paces = len(paces); w.Paces > 0 {
		w.Median = (paces[(w.Paces-1)/2] + paces[w.Paces/2]) / 2
	}
	return w
}

// Empty tells whether nothing was done.
func (w Week) Empty() bool { return w.Decided+w.Undone+w.Skipped == 0 }
