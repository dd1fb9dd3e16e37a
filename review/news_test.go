package review

import (
	"errors"
	"testing"
	"time"

	"concord/corpus"
)

// TestNewsUntil: a digest holds what happened before the day or the week began.
func TestNewsUntil(t *testing.T) {
	for often, days := range map[NewsOften][]string{
		NewsDaily:  {"2026-11-27", "2026-11-29", "2026-11-30"},
		NewsWeekly: {"2026-11-23", "2026-11-23", "2026-11-30"},
	} {
		for i, now := range []string{"2026-11-27T22:00:00Z", "2026-11-29T23:59:59Z", "2026-11-30T00:00:00Z"} { // Friday, Sunday, Monday
			at, _ := time.Parse(time.RFC3339, now)
			if got := (NewsChoice{Often: often}).Until(at).Format(time.DateOnly); got != days[i] {
				t.Errorf("%s at %s: until %s, want %s", often, now, got, days[i])
			}
		}
	}
	if now := time.Now(); !(NewsChoice{Often: NewsNever}).Until(now).IsZero() || !(NewsChoice{Often: NewsAlways}).Until(now).After(now) {
		t.Error("never and always")
	}
	if _, err := NewNewsChoice("hourly", NewsKinds); !errors.Is(err, corpus.ErrInvalid) {
		t.Error(err)
	}
	if c, err := NewNewsChoice(NewsAlways, []NewsKind{NewsRun, "x"}); err != nil || len(c.Muted) != len(NewsKinds)-1 || c.Wants(NewsDisputed) || !c.Wants(NewsRun) {
		t.Error(c, err)
	}
}
