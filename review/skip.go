package review

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// SkipReason is why somebody passes over a match in a queue.
type SkipReason string

// The reasons (UX.md 7.3), in the order of their keys.
const (
	SkipLater      SkipReason = "later"
	SkipField      SkipReason = "field"      // not the person's field
	SkipUnreadable SkipReason = "unreadable" // the text cannot be read
	SkipColleague  SkipReason = "colleague"  // a colleague shall look
)

// SkipReasons are all reasons.
var SkipReasons = []SkipReason{SkipLater, SkipField, SkipUnreadable, SkipColleague}

// skipTimes is how long a match stays out of the person's queues (our own);
// reasons that are not here keep it out for good.
var skipTimes = map[SkipReason]time.Duration{SkipLater: 4 * time.Hour, SkipColleague: 7 * 24 * time.Hour}

// Noted tells whether the person's side is told.
func (r SkipReason) Noted() bool { return r == SkipUnreadable || r == SkipColleague }

// Skip is a match that somebody passed over. It is no decision: the match stays
// as it is, others are offered it, and the person may answer it at any time.
type Skip struct {
	Person  uuid.UUID
	Match   uuid.UUID
	Reason  SkipReason
	Created time.Time
	Until   time.Time // when it comes back; zero for never
}

// MaxSkips is how many skips one person may have (our own).
const MaxSkips = 5000

// NewSkip makes a skip; corpus.ErrInvalid for a reason that is none.
func NewSkip(person, match uuid.UUID, reason SkipReason, now time.Time) (Skip, error) {
	if !slices.Contains(SkipReasons, reason) {
		text := []rune(string(reason))
		return Skip{}, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is no reason to skip", "value", string(text[:min(len(text), 60)]))
	}
	s := Skip{Person: person, Match: match, Reason: reason, Created: now}
	if wait, ends := skipTimes[reason]; ends {
		s.Until = now.Add(wait)
	}
	return s, nil
}
