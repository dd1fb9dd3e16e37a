package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// drawControl lets the store draw the control that is due after an answer. It
// stands behind the answer and never in its way: the answer is saved already.
func (s *Server) drawControl(ctx context.Context, a asker, match uuid.UUID, form url.Values) {
	q, _ := readQueue(form)
	if err := s.store.DrawControl(ctx, a.person, match, q.order); err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "no control item is drawn", slog.Any("error", err))
	}
}

// ownControls is how the person did on controls until the end of the day before,
// so that no figure changes with an answer; nil before there is anything to say.
func (s *Server) ownControls(ctx context.Context, a asker) (*review.ControlResult, error) {
	if !a.person.May(review.ActionReview) {
		return nil, nil
	}
	r, err := s.store.ControlResult(ctx, a.person.ID, s.now().UTC().Truncate(24*time.Hour))
	if err != nil {
		return nil, fmt.Errorf("count your control items: %w", err)
	}
	if r.N == 0 {
		return nil, nil
	}
	return &r, nil
}

// controlShares are the shares a dossier may choose.
func controlShares() []int {
	out := make([]int, review.MaxControls+1)
	for i := range out {
		out[i] = i
	}
	return out
}

// withSettings is a dossier with what a form says of its reviewing.
func withSettings(d review.Dossier, form url.Values) (review.Dossier, error) {
	var err error
	if d.Controls, err = strconv.Atoi(form.Get("controls")); err != nil {
		return d, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a share", "value", clip(form.Get("controls"), 30))
	}
	if d.TalkDays, err = strconv.Atoi(form.Get("talk")); err != nil {
		return d, corpus.Refuse(corpus.ErrInvalid, "talk-days", "both sides may talk for 0 to {most} days", "most", review.MaxTalkDays)
	}
	if d.Policy, err = policyOf(form, d.Policy); err != nil {
		return d, err
	}
	d.Explain, d.Nameless = review.Explanation(form.Get("explain")), form.Get("nameless") != ""
	return d, d.Check()
}

// settingsForm is how a dossier is reviewed, to be changed.
type settingsForm struct {
	Dossier review.Dossier
	Shares  []int
	Usual   int
	Single  bool // one answer is enough, so that nothing is known by two
	Modes   []review.Explanation
	MaxTalk int
	// Policies can be chosen while nobody has answered; then they stand.
	Policies []review.Policy
	Stands   bool
}

func newSettings(d review.Dossier, answered bool) settingsForm {
	return settingsForm{Dossier: d, Policies: review.Policies, Stands: answered, Shares: controlShares(), Usual: review.UsualControls, Single: d.Policy == review.PolicyOneReviewer, Modes: review.Explanations, MaxTalk: review.MaxTalkDays}
}
