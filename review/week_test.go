package review

import (
	"testing"
	"time"
)

func TestWeekOf(t *testing.T) {
	now := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration, kind DecisionKind) Decision { return Decision{Kind: kind, At: now.Add(-d)} }
	opinion := func(d time.Duration) Decision { return ago(d, KindOpinion) }
	for name, c := range map[string]struct {
		decisions []Decision
		skips     []Skip
		want      Week
	}{
		"nothing":             {nil, nil, Week{}},
		"one":                 {[]Decision{opinion(time.Hour)}, nil, Week{Decided: 1}},
		"two, latest first":   {[]Decision{opinion(time.Minute), opinion(2 * time.Minute)}, nil, Week{Decided: 2, Median: time.Minute, Paces: 1}},
		"the middle of two":   {[]Decision{opinion(0), opinion(time.Minute), opinion(4 * time.Minute)}, nil, Week{Decided: 3, Median: 2 * time.Minute, Paces: 2}},
		"a pause":             {[]Decision{opinion(0), opinion(PaceIdle), opinion(2*PaceIdle + 1)}, nil, Week{Decided: 3, Median: PaceIdle, Paces: 1}},
		"a family":            {[]Decision{opinion(time.Minute), opinion(time.Minute), opinion(2 * time.Minute)}, nil, Week{Decided: 3, Median: time.Minute, Paces: 1}},
		"faster than people":  {[]Decision{opinion(0), opinion(time.Second - 1), opinion(2*time.Second - 1)}, nil, Week{Decided: 3, Median: time.Second, Paces: 1}},
		"taken back":          {[]Decision{ago(0, KindWithdrawal), opinion(time.Minute)}, nil, Week{Decided: 1, Undone: 1}},
		"adjudicated":         {[]Decision{ago(0, KindAdjudication)}, nil, Week{Decided: 1}},
		"older than the week": {[]Decision{opinion(7 * 24 * time.Hour), opinion(7*24*time.Hour + 1)}, []Skip{{Created: now.AddDate(0, 0, -8)}}, Week{Decided: 1}},
		"skipped":             {nil, []Skip{{Created: now}}, Week{Skipped: 1}},
	} {
		if got := WeekOf(c.decisions, c.skips, now); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
