package review

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// NewsKind is what somebody is told of.
type NewsKind string

// The kinds. Who did it is in none: names of the other side may be hidden.
const (
	NewsDisputed  NewsKind = "disputed"  // a match that they answered
	NewsSettled   NewsKind = "settled"   // by somebody else
	NewsSuspect   NewsKind = "suspect"   // a text or term changed under their answer
	NewsMentioned NewsKind = "mentioned" // by "@login" in a comment that they may read
	NewsAsked     NewsKind = "asked"     // a colleague passed a match over for them
	NewsAssigned  NewsKind = "assigned"  // a dossier in which their party takes part
	NewsRun       NewsKind = "run"       // of the matcher that they asked for has ended
	NewsExport    NewsKind = "export"    // that they asked for has ended
)

// NewsKinds are all kinds, in the order of a digest: what waits for an answer first.
var NewsKinds = []NewsKind{NewsDisputed, NewsSuspect, NewsAsked, NewsMentioned, NewsAssigned, NewsSettled, NewsRun, NewsExport}

// OfMatch tells whether the kind is of a match.
func (k NewsKind) OfMatch() bool {
	return slices.Contains([]NewsKind{NewsDisputed, NewsSettled, NewsSuspect, NewsMentioned, NewsAsked}, k)
}

// News is one thing that a person is told.
type News struct {
	Seq     int64     `json:"seq"`
	Kind    NewsKind  `json:"kind"`
	Object  uuid.UUID `json:"object"` // match, dossier, run or export
	Dossier uuid.UUID `json:"dossier"`
	At      time.Time `json:"at"`
	Seen    time.Time `json:"seen,omitzero"` // zero while it is unseen
}

// NewsOften is how often unseen news are brought before a person: gathered since the
// day or the week began, or at once.
type NewsOften string

// How often.
const (
	NewsAlways NewsOften = "always"
	NewsDaily  NewsOften = "daily"
	NewsWeekly NewsOften = "weekly"
	NewsNever  NewsOften = "never"
)

// NewsOftens are all of them, the first for who chose nothing.
var NewsOftens = []NewsOften{NewsAlways, NewsDaily, NewsWeekly, NewsNever}

// NewsChoice is what a person wants to be told, and how often. The list of news has
// everything but what is muted, whatever is chosen.
type NewsChoice struct {
	Often NewsOften
	Muted []NewsKind
}

// NewNewsChoice reads a choice; corpus.ErrInvalid for what cannot be chosen.
func NewNewsChoice(often NewsOften, wanted []NewsKind) (NewsChoice, error) {
	if !slices.Contains(NewsOftens, often) {
		text := []rune(string(often))
		return NewsChoice{}, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is no choice of how often", "value", string(text[:min(len(text), 60)]))
	}
	c := NewsChoice{Often: often}
	for _, kind := range NewsKinds {
		if !slices.Contains(wanted, kind) {
			c.Muted = append(c.Muted, kind)
		}
	}
	return c, nil
}

// Wants tells whether a kind is told.
func (c NewsChoice) Wants(k NewsKind) bool { return !slices.Contains(c.Muted, k) }

// Until is before which time news must have happened to be brought now: the begin of
// the day or of the week (Monday) in UTC, the zero time for never.
func (c NewsChoice) Until(now time.Time) time.Time {
	now = now.UTC()
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch c.Often {
	case NewsDaily:
		return today
	case NewsWeekly:
		return today.AddDate(0, 0, -int(now.Weekday()+6)%7)
	case NewsNever:
		return time.Time{}
	}
	return now.Add(time.Hour) // clocks of other processes may be ahead
}
