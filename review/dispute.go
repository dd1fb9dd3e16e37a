package review

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// Explanation says when reviewers of a dossier see why a match is suggested, with
// scores and what other candidates are worth: reasons that are read first anchor
// the answer (UX.md 7.2).
type Explanation string

// The modes.
const (
	ExplainUsual  Explanation = ""       // beside first opinions, after second ones are given
	ExplainBeside Explanation = "beside" // always
	ExplainAfter  Explanation = "after"  // after one's own answer
	ExplainNever  Explanation = "never"
)

// Explanations lists every mode.
var Explanations = []Explanation{ExplainUsual, ExplainBeside, ExplainAfter, ExplainNever}

// Explains tells whether reasons are shown to somebody of whom a match asks a
// task. Who decides a dispute has both answers to go by, and is shown them.
func (d Dossier) Explains(task Task) bool {
	switch d.Explain {
	case ExplainNever:
		return false
	case ExplainBeside:
		return true
	case ExplainAfter:
		return task != TaskFirst && task != TaskSecond && task != TaskAgain
	}
	return task != TaskSecond
}

// The time to talk in a new dossier (UX.md 7.5), and the longest (our own).
const (
	UsualTalkDays = 5
	MaxTalkDays   = 60
)

// checkTalk says what is wrong with how disputes are to be held, or nil.
func (d Dossier) checkTalk() error {
	if d.TalkDays < 0 || d.TalkDays > MaxTalkDays {
		return corpus.Refuse(corpus.ErrInvalid, "talk-days", "both sides may talk for 0 to {most} days", "most", MaxTalkDays)
	}
	if !slices.Contains(Explanations, d.Explain) {
		return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a time to explain", "value", string(d.Explain))
	}
	return nil
}

// TalkUntil is until when both sides of a dispute may talk or change their answers
// before an adjudicator decides: the dossier's days after the last answer. It is
// zero where nothing is waited for.
func (m Match) TalkUntil(d Dossier) time.Time {
	if m.State != StateDisputed || m.Suspect || d.TalkDays <= 0 || len(m.Decisions) == 0 {
		return time.Time{}
	}
	return m.Decisions[len(m.Decisions)-1].At.Add(time.Duration(d.TalkDays) * 24 * time.Hour)
}

// HidesNames tells whether a person may not see who answered a match: who did not
// answer it, while it is disputed, in a dossier that wants it so.
func (d Dossier) HidesNames(m Match, person uuid.UUID) bool {
	return d.Nameless && m.State == StateDisputed && !slices.ContainsFunc(m.Decisions, func(x Decision) bool { return x.Person == person })
}
