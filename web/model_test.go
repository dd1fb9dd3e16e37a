package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// someLearner gives what a test says, and keeps versions in the store.
type someLearner struct {
	s    *site
	from []review.LearnedFrom
	next matcher.Fit
	fail error
}

func (l *someLearner) Evidence(context.Context) ([]review.LearnedFrom, error) { return l.from, nil }
func (l *someLearner) Unfit(context.Context) (error, error)                   { return nil, nil }
func (l *someLearner) FitModel(ctx context.Context, actor string) (review.LearnedModel, error) {
	if l.fail != nil {
		return review.LearnedModel{}, l.fail
	}
	return l.s.db.KeepModel(ctx, review.LearnedModel{Dossiers: l.from, Fit: l.next}, actor)
}

// fitOf is a fit whose order went from one half to a figure.
func fitOf(after float64) matcher.Fit {
	n := matcher.FitNeed{Agreed: 31, Rejected: 17}
	return matcher.Fit{Base: "concord-base 2", Body: "base\tx\ty\n", FitNeed: n, Whole: n, HeldOut: "folds", Parts: 5, Weights: true, Curve: true,
		Ranking:   matcher.Measured{Of: 31, Before: 0.5, After: after, Low: -0.01, High: 0.25},
		Confident: matcher.Measured{Of: 300, Before: 0.1234, After: 0.0321, Low: -0.1, High: -0.05},
		Languages: []matcher.FitLanguages{{Languages: "en-zh", FitNeed: n, Own: true, Share: 0.3243}, {Languages: "ar-ru"}}}
}

// The page says how much is missing, fits, shows figures before anything is
// switched on, refuses a worse version with its figures, and goes back.
func TestModelPage(t *testing.T) {
	s := newSite(t)
	ask := func(status int, got answer) string {
		t.Helper()
		if got.status != status {
			t.Errorf("status %d, want %d: %.200s", got.status, status, got.body)
		}
		return got.body
	}
	admin := s.signedIn("admin")
	page := ask(http.StatusOK, admin.get("/admin/model"))
	if !strings.Contains(page, "concord model fit") || strings.Contains(page, "/admin/model/fit") {
		t.Error("a server that does not fit offers it")
	}
	l := &someLearner{s: s, from: []review.LearnedFrom{{Dossier: s.dossier.ID, Name: s.dossier.Name, FitNeed: matcher.FitNeed{Agreed: 30, Rejected: 4}}}}
	s.server.learn = l
	page = ask(http.StatusOK, admin.get("/admin/model"))
	for _, want := range []string{"still missing: 6", "30 agreed, 4 rejected", "No version was fitted yet", "the model that the program comes with"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, `action="/admin/model/fit"`) {
		t.Error("too few decisions, and it can be fitted")
	}
	l.from[0].Agreed, l.from[0].Rejected = 31, 17
	if page = ask(http.StatusOK, admin.get("/admin/model")); !strings.Contains(page, `action="/admin/model/fit"`) {
		t.Error("it cannot be fitted")
	}
	l.next = fitOf(0.6)
	ask(http.StatusSeeOther, admin.submit("/help", "/admin/model/fit", url.Values{}))
	l.next = fitOf(0.4)
	ask(http.StatusSeeOther, admin.submit("/help", "/admin/model/fit", url.Values{}))
	page = ask(http.StatusOK, admin.get("/admin/model"))
	for _, want := range []string{"Version 1", "Version 2", "0.1234", "0.1000", "is worse than the shipped model", "en-zh", "parts left out in turn (5)", s.people["admin"].Name} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	used := func(want int) {
		t.Helper()
		if n, err := s.db.UsedModel(t.Context()); err != nil || n != want {
			t.Errorf("version %d is used, want %d: %v", n, want, err)
		}
	}
	used(0)
	version := func(n, anyway string) url.Values { return url.Values{"version": {n}, "anyway": {anyway}} }
	ask(http.StatusSeeOther, admin.submit("/help", "/admin/model/use", version("1", "")))
	used(1)
	page = ask(http.StatusUnprocessableEntity, admin.submit("/help", "/admin/model/use", version("2", "")))
	if !strings.Contains(page, "0.4 with it, 0.5 without") || !strings.Contains(page, `name="anyway"`) {
		t.Error("the refusal does not show its figures, or no way on")
	}
	used(1)
	ask(http.StatusSeeOther, admin.submit("/help", "/admin/model/use", version("2", "1")))
	used(2)
	ask(http.StatusSeeOther, admin.submit("/help", "/admin/model/use", version("0", "")))
	used(0)
	ask(http.StatusBadRequest, admin.submit("/help", "/admin/model/use", version("x", "")))
	ask(http.StatusNotFound, admin.submit("/help", "/admin/model/use", version("9", "")))
	l.fail = matcher.TooFew(matcher.FitNeed{Agreed: 1})
	if page = ask(http.StatusUnprocessableEntity, admin.submit("/help", "/admin/model/fit", url.Values{})); !strings.Contains(page, "A fit needs 40 settled pairs") {
		t.Error("the refusal is not shown")
	}
	l.fail = corpus.Refuse(corpus.ErrConflict, "model-busy", "busy")
	if page = ask(http.StatusUnprocessableEntity, admin.submit("/help", "/admin/model/fit", url.Values{})); !strings.Contains(page, "being fitted already") {
		t.Error("a second fit is not refused in words")
	}
	lina := s.signedIn("lina")
	ask(http.StatusForbidden, lina.submit("/help", "/admin/model/use", version("1", "")))
	ask(http.StatusForbidden, lina.submit("/help", "/admin/model/fit", url.Values{}))
	used(0)
}

// TestModelPageInChromium looks at the page with a version in use and a worse one.
func TestModelPageInChromium(t *testing.T) {
	s := newSite(t)
	need := matcher.FitNeed{Agreed: 31, Rejected: 17}
	l := &someLearner{s: s, from: []review.LearnedFrom{{Dossier: s.dossier.ID, Name: s.dossier.Name, FitNeed: need}}}
	for _, after := range []float64{0.6, 0.4} {
		l.next = fitOf(after)
		l.next.Weights, l.next.Curve = after > 0.5, after > 0.5
		if _, err := l.FitModel(t.Context(), s.people["admin"].ID.String()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.db.UseModel(t.Context(), 1, false, "cli"); err != nil {
		t.Fatal(err)
	}
	s.server.learn = l
	s.lookAt(t, "model", map[string][]string{"admin": {"/admin/model"}})
}
