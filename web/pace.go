package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"

	"github.com/google/uuid"

	"concord/review"
)

// savePace keeps how long the page says an answer took. The answer is saved already,
// so that nothing stands in its way; what makes no sense, or was not measured, is not
// kept.
func (s *Server) savePace(ctx context.Context, a asker, dossier uuid.UUID, made []review.Decision, form url.Values) {
	active, ok := review.ReadActive(form.Get("spent"))
	if !ok {
		return
	}
	p := review.Pace{Decision: made[0].ID, Person: a.person.ID, Dossier: dossier, At: made[0].At, Answers: len(made), Active: active}
	if err := s.store.SavePace(ctx, p); err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "the time of an answer is not kept", slog.Any("error", err))
	}
}

// spent is the active time that a form brought, to go on counting from; "" for none.
func spent(form url.Values) string {
	active, ok := review.ReadActive(form.Get("spent"))
	if !ok {
		return ""
	}
	return fmt.Sprint(active[0], active[1], active[2])
}

// paceView is a median with its time in words, "" where there is too little of it.
type paceView struct {
	Time string
	N    int
}

func (w *words) paceView(m review.MedianPace) paceView {
	if !m.Says() {
		return paceView{}
	}
	return paceView{w.pace(m.Median), m.N}
}

// groupDays is how far back the figure of a group looks (our own).
const groupDays = 90

// groupPace is how long answers take in a dossier, of a group large enough that it is
// nobody's own figure.
func (s *Server) groupPace(ctx context.Context, dossier uuid.UUID, a asker) (paceView, error) {
	list, err := s.store.PacesOf(ctx, dossier, s.now().AddDate(0, 0, -groupDays))
	if err != nil {
		return paceView{}, fmt.Errorf("read how long answers took: %w", err)
	}
	return a.words.paceView(review.GroupPace(list)), nil
}
